package scrub_test

import (
	"slices"
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/internal/codes"
	"medbill/models"
)

// stayed is a claim for three days in hospital that nothing is wrong with.
func stayed() scrub.Subject {
	s := clean()
	smith := models.Performer{ID: "smith"}
	line := func(sequence int, id models.ChargeID, revenue string, units models.Units, billed models.Cents) models.ClaimLine {
		return models.ClaimLine{Sequence: sequence, ChargeID: id, System: models.SystemRevenue, Code: revenue, Revenue: revenue, Units: units, Billed: billed}
	}
	days := models.UnitsOf(3)
	c := &s.Claim
	c.Type, c.PlaceOfService, c.ServiceFrom, c.ServiceUntil, c.Billed = models.ClaimInstitutional, "", "2026-03-02", "2026-03-05", 313550
	c.Lines = []models.ClaimLine{line(1, "a", "0120", days, 270000), line(2, "b", "0450", models.OneUnit, 31000), line(3, "c", "0250", models.OneUnit, 12550)}
	c.Diagnoses = []models.ClaimDiagnosis{
		{Sequence: 1, Code: "J18.9", InHospital: models.InHospital{Roles: models.Codes{models.DiagnosisPrincipal}, OnAdmission: "Y"}},
		{Sequence: 2, Code: "E11.9", InHospital: models.InHospital{Roles: models.Codes{models.DiagnosisOther}, OnAdmission: "N"}},
	}
	c.Stay = models.Stay{
		BillType: "111", Admitted: "2026-03-02T14:00:00-05:00", Discharged: "2026-03-05T10:00:00-05:00", Priority: "1", PointOfOrigin: "1", DischargeStatus: "01",
		Information: []models.StayInformation{{Kind: models.InformationValue, Code: "80", Number: &days}},
		Providers:   []models.StayProvider{{Role: models.RoleAttending, Who: smith}},
	}
	s.Charges, s.Today = nil, "2026-03-06"
	return s
}

// visited is a claim for a visit to the emergency room of a hospital.
func visited() scrub.Subject {
	s := stayed()
	c := &s.Claim
	c.ServiceUntil, c.Stay.BillType, c.Stay.Admitted, c.Stay.Discharged, c.Stay.Information, c.Billed = "2026-03-02", "131", "", "", nil, 43550
	c.Lines = slices.Clone(c.Lines[1:])
	for i := range c.Lines {
		c.Lines[i].ServiceDate, c.Lines[i].Sequence = "2026-03-02", i+1
	}
	c.Lines[0].System, c.Lines[0].Code = models.SystemCPT, "99284"
	for i := range c.Diagnoses {
		c.Diagnoses[i].OnAdmission = ""
	}
	return s
}

func TestAHospitalsCleanClaimHasNoFinding(t *testing.T) {
	for name, s := range map[string]scrub.Subject{"a stay": stayed(), "a visit": visited()} {
		if got := scrub.Run(s); len(got) != 0 {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestWhatIsWrongWithAStayIsFoundWhereItIs(t *testing.T) {
	two, half := models.UnitsOf(2), models.Units(500)
	other := models.Performer{ID: "jones"}
	tell := func(s *scrub.Subject, one models.StayInformation) {
		s.Claim.Stay.Information = append(s.Claim.Stay.Information, one)
	}
	for _, row := range []struct {
		name   string
		change func(s *scrub.Subject)
		rule   string
		path   string
		warns  bool
	}{
		{"no type of bill", func(s *scrub.Subject) { s.Claim.Stay.BillType = "" }, "scrub.institutional", "Claim.subType", false},
		{"a type of bill of four digits", func(s *scrub.Subject) { s.Claim.Stay.BillType = "0111" }, "scrub.institutional", "Claim.subType", false},
		{"still a patient, and the bill says he left", func(s *scrub.Subject) { s.Claim.Stay.DischargeStatus = "30" }, "scrub.institutional", "Claim.subType", false},
		{"a first bill of one who left", func(s *scrub.Subject) {
			s.Claim.Stay.BillType, s.Claim.Stay.Information, s.Claim.Lines[0].Units, s.Claim.Lines[0].Billed = "112", nil, models.UnitsOf(4), 270000
		}, "scrub.institutional", "Claim.subType", false},
		{"nobody attended", func(s *scrub.Subject) { s.Claim.Stay.Providers = nil }, "scrub.institutional", "Claim.careTeam", false},
		{"who attended has no NPI", func(s *scrub.Subject) { smiths(s, "") }, "scrub.institutional", "Claim.careTeam", false},
		{"who operated has a wrong NPI", func(s *scrub.Subject) {
			s.Claim.Stay.Providers = append(s.Claim.Stay.Providers, models.StayProvider{Role: models.RoleOperating, Who: other})
			s.Renderers[other] = models.Party{ID: "jones", NPI: "1999999985"}
		}, "scrub.npi", "Claim.careTeam[1].provider", false},
		{"a line after the statement", func(s *scrub.Subject) { s.Claim.Lines[1].ServiceDate = "2026-03-06" }, "scrub.institutional", "Claim.item[1].serviced", false},
		{"a line before the statement", func(s *scrub.Subject) { s.Claim.Lines[1].ServiceDate = "2026-03-01" }, "scrub.institutional", "Claim.item[1].serviced", false},
		{"a revenue code of three digits", func(s *scrub.Subject) { s.Claim.Lines[1].Revenue = "450" }, "scrub.institutional", "Claim.item[1].revenue", false},
		{"no revenue code", func(s *scrub.Subject) { s.Claim.Lines[1].Revenue = "" }, "scrub.institutional", "Claim.item[1].revenue", false},
		{"no principal diagnosis", func(s *scrub.Subject) { s.Claim.Diagnoses[0].Roles = models.Codes{models.DiagnosisOther} }, "scrub.institutional", "Claim.diagnosis", false},
		{"two principal diagnoses", func(s *scrub.Subject) { s.Claim.Diagnoses[1].Roles = models.Codes{models.DiagnosisPrincipal} }, "scrub.institutional", "Claim.diagnosis", false},
		{"an occurrence without its day", func(s *scrub.Subject) {
			tell(s, models.StayInformation{Kind: models.InformationOccurrence, Code: "11"})
		}, "scrub.institutional", "Claim.supportingInfo[1]", false},
		{"a span that ends before it begins", func(s *scrub.Subject) {
			tell(s, models.StayInformation{Kind: models.InformationSpan, Code: "72", From: "2026-03-02", Until: "2026-03-01"})
		}, "scrub.institutional", "Claim.supportingInfo[1]", false},
		{"a condition of one character", func(s *scrub.Subject) { tell(s, models.StayInformation{Kind: models.InformationCondition, Code: "9"}) }, "scrub.institutional", "Claim.supportingInfo[1].code", false},
		{"a value of nothing", func(s *scrub.Subject) { tell(s, models.StayInformation{Kind: models.InformationValue, Code: "A2"}) }, "scrub.institutional", "Claim.supportingInfo[1]", false},
		{"covered days that are not those of the statement", func(s *scrub.Subject) { s.Claim.Stay.Information[0].Number = &two }, "scrub.institutional", "Claim.supportingInfo", false},
		{"rooms for two of three days", func(s *scrub.Subject) { s.Claim.Lines[0].Units = two }, "scrub.institutional", "Claim.item", true},
		{"half a day", func(s *scrub.Subject) { s.Claim.Stay.Information[0].Number = &half }, "scrub.institutional", "Claim.supportingInfo", false},
		{"no admission", func(s *scrub.Subject) { s.Claim.Stay.Admitted = "" }, "scrub.institutional", "Claim.supportingInfo", false},
		{"an admission without priority", func(s *scrub.Subject) { s.Claim.Stay.Priority = "" }, "scrub.institutional", "Claim.supportingInfo", false},
		{"an admission without origin", func(s *scrub.Subject) { s.Claim.Stay.PointOfOrigin = "" }, "scrub.institutional", "Claim.supportingInfo", true},
		{"no discharge status", func(s *scrub.Subject) { s.Claim.Stay.DischargeStatus = "" }, "scrub.institutional", "Claim.supportingInfo", false},
		{"not said whether it was present", func(s *scrub.Subject) { s.Claim.Diagnoses[1].OnAdmission = "" }, "scrub.institutional", "Claim.diagnosis[1].onAdmission", false},
		{"present in a word", func(s *scrub.Subject) { s.Claim.Diagnoses[1].OnAdmission = "YN" }, "scrub.institutional", "Claim.diagnosis[1].onAdmission", false},
		{"the statement lies in the future", func(s *scrub.Subject) { s.Today = "2026-03-04" }, "scrub.dates", "Claim.billablePeriod.end", false},
		{"the plan is not in force at admission", func(s *scrub.Subject) { s.Coverage.Period.From = "2026-03-03" }, "scrub.coverage", "Claim.billablePeriod.start", false},
	} {
		s := stayed()
		row.change(&s)
		want := models.SeverityError
		if row.warns {
			want = models.SeverityWarning
		}
		found := scrub.Run(s)
		if len(found) != 1 || found[0].Rule != row.rule || found[0].Path != row.path || found[0].Severity != want {
			t.Errorf("%s: got %v, want %s at %s", row.name, found, row.rule, row.path)
		}
	}
}

// TestAStayIsNotHeldForWhatIsRight holds what the rules of a hospital leave alone.
func TestAStayIsNotHeldForWhatIsRight(t *testing.T) {
	three := models.UnitsOf(3)
	for name, change := range map[string]func(s *scrub.Subject){
		"still a patient, on a first bill": func(s *scrub.Subject) {
			four := models.UnitsOf(4)
			s.Claim.Stay.BillType, s.Claim.Stay.DischargeStatus, s.Claim.Stay.Discharged = "112", "30", ""
			s.Claim.Stay.Information[0].Number, s.Claim.Lines[0].Units = &four, four
		},
		"the plan ends while he stays": func(s *scrub.Subject) { s.Coverage.Period.Until = "2026-03-03" },
		"the admitting diagnosis is the principal one again": func(s *scrub.Subject) {
			s.Claim.Diagnoses = append(s.Claim.Diagnoses, models.ClaimDiagnosis{Sequence: 3, Code: "J18.9", InHospital: models.InHospital{Roles: models.Codes{models.DiagnosisAdmitting}}})
		},
		"the same pharmacy twice": func(s *scrub.Subject) {
			again := s.Claim.Lines[2]
			again.Sequence = 4
			s.Claim.Lines, s.Claim.Billed = append(s.Claim.Lines, again), s.Claim.Billed+again.Billed
		},
		"services before the admission": func(s *scrub.Subject) { s.Claim.ServiceFrom = "2026-02-28" },
		"sixty lines": func(s *scrub.Subject) {
			for len(s.Claim.Lines) < 60 {
				more := s.Claim.Lines[2]
				more.Sequence = len(s.Claim.Lines) + 1
				s.Claim.Lines, s.Claim.Billed = append(s.Claim.Lines, more), s.Claim.Billed+more.Billed
			}
		},
		"days that are not covered": func(s *scrub.Subject) {
			one, two := models.UnitsOf(1), models.UnitsOf(2)
			s.Claim.Stay.Information = []models.StayInformation{{Kind: models.InformationValue, Code: "80", Number: &two}, {Kind: models.InformationValue, Code: "81", Number: &one}}
		},
		"what somebody did on the same day": func(s *scrub.Subject) {
			other := clean().Claim
			other.ID, other.State = "other", models.ClaimTransmitted
			other.Lines[0].Code = "99284"
			s.Others = []models.Claim{other}
		},
		"no covered days said": func(s *scrub.Subject) { s.Claim.Stay.Information, s.Claim.Lines[0].Units = nil, three },
	} {
		s := stayed()
		change(&s)
		if got := scrub.Run(s); len(got) != 0 {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestAHospitalsVisitIsCheckedByItsOwnTables(t *testing.T) {
	s := visited()
	s.Claim.Lines[0].System, s.Claim.Lines[0].Code = models.SystemRevenue, "0450"
	if got := scrub.Run(s); len(got) != 1 || got[0].Severity != models.SeverityWarning || got[0].Path != "Claim.item[0].productOrService" {
		t.Errorf("an emergency room without its code: got %v", got)
	}
	var practitioner, hospital codes.PairsBuilder
	err := practitioner.Add(codes.PairEdit{Column1: "90001", Column2: "90002", Indicator: '0', Span: models.Span{From: "2020-01-01"}})
	if err == nil {
		err = hospital.Add(codes.PairEdit{Column1: "90003", Column2: "90004", Indicator: '0', Span: models.Span{From: "2020-01-01"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	shelf := &shelf{t: t, contents: map[string]codes.Content{}}
	shelf.put(codes.PairsPractitioner, "2026Q1", "2026-01-01", "", must(practitioner.Build()))
	shelf.put(codes.PairsHospital, "2026Q1", "2026-01-01", "", must(hospital.Build()))
	for _, row := range []struct{ first, second, treating, house string }{
		{"90001", "90002", "scrub.ptp", ""},
		{"90003", "90004", "", "scrub.ptp"},
	} {
		for _, form := range []models.ClaimType{models.ClaimProfessional, models.ClaimInstitutional} {
			s, want := clean(), row.treating
			if form == models.ClaimInstitutional {
				s, want = visited(), row.house
			}
			s.Books = shelf.books()
			for i, code := range []string{row.first, row.second} {
				s.Claim.Lines[i].System, s.Claim.Lines[i].Code, s.Claim.Lines[i].Modifiers = models.SystemCPT, code, nil
			}
			got := ""
			for _, f := range scrub.Run(s) {
				got = f.Rule
			}
			if got != want {
				t.Errorf("%s beside %s on a %s claim: got %q, want %q", row.first, row.second, form, got, want)
			}
		}
	}
}

func TestTheCodesOfAStayHoldOnTheDayOfDischarge(t *testing.T) {
	concept := func(code string) codes.Concept { return codes.Concept{Code: code, Display: "invented", Billable: true} }
	shelf := &shelf{t: t, contents: map[string]codes.Content{}}
	shelf.put(codes.ICD10CM, "2025", "2024-10-01", "2025-09-30", must(codes.NewConcepts([]codes.Concept{concept("J189"), concept("E119"), concept("Z9X1")})))
	shelf.put(codes.ICD10CM, "2026", "2025-10-01", "2026-09-30", must(codes.NewConcepts([]codes.Concept{concept("J189"), concept("E119"), concept("Z9X2")})))
	shelf.put(codes.ICD10PCS, "2026", "2025-10-01", "2026-09-30", must(codes.NewConcepts([]codes.Concept{concept("0BJ08ZZ")})))
	shelf.put(codes.POAExempt, "2026", "2025-10-01", "", codes.NewSet([]string{"Z9X2"}))
	s := stayed()
	c := &s.Claim
	c.ServiceFrom, c.ServiceUntil, c.Stay.Admitted, c.Stay.Discharged = "2025-09-29", "2025-10-02", "2025-09-29T14:00:00-05:00", "2025-10-02T10:00:00-05:00"
	s.Coverage.Period.From, s.Books = "2025-01-01", shelf.books()
	c.Stay.Procedures = []models.StayProcedure{{Code: "0BJ08ZZ", Day: "2025-09-30"}}
	if days := scrub.DaysOf(*c); !slices.Equal(days, []models.Date{"2025-10-02"}) {
		t.Errorf("the books are opened for %v, want the day of discharge", days)
	}
	for _, row := range []struct{ diagnosis, present, procedure, rule, path string }{
		{"Z9X2", "", "0BJ08ZZ", "", ""},
		{"Z9X2", "1", "0BJ08ZZ", "", ""},
		{"Z9X2", "Y", "0BJ08ZZ", "scrub.institutional", "Claim.diagnosis[1].onAdmission"},
		{"E11.9", "1", "0BJ08ZZ", "scrub.institutional", "Claim.diagnosis[1].onAdmission"},
		{"Z9X1", "Y", "0BJ08ZZ", "scrub.diagnosis-code", "Claim.diagnosis[1]"},
		{"E11.9", "Y", "0BJ08ZY", "scrub.procedure-code", "Claim.procedure[0].procedure"},
	} {
		c.Diagnoses[1].Code, c.Diagnoses[1].OnAdmission, c.Stay.Procedures[0].Code = row.diagnosis, row.present, row.procedure
		got := scrub.Run(s)
		if row.rule == "" && len(got) != 0 || row.rule != "" && (len(got) != 1 || got[0].Rule != row.rule || got[0].Path != row.path) {
			t.Errorf("%+v: got %v", row, got)
		}
	}
}
