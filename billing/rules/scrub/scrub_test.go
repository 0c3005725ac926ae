package scrub_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/scrub"
	"medbill/models"
)

// clean is a claim nothing is wrong with.
func clean() scrub.Subject {
	return scrub.Subject{
		Claim: models.Claim{
			Type: models.ClaimProfessional,
			ID:   "claim", Number: "C00000001B", PatientID: "canary", CoverageID: "cov", InsurerID: "acme", BillingID: "practice", Rendering: models.Performer{ID: "smith"},
			State: models.ClaimDraft, Position: 1, Part: 1, PlaceOfService: "11", ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-02", Billed: 31000,
			Diagnoses: []models.ClaimDiagnosis{{Sequence: 1, Code: "I10"}, {Sequence: 2, Code: "E78.5"}},
			Lines: []models.ClaimLine{
				{Sequence: 1, ChargeID: "a", System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1, 2}, ServiceDate: "2026-03-02", Billed: 25000},
				{Sequence: 2, ChargeID: "b", System: models.SystemCPT, Code: "93000", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02", Billed: 6000},
			},
		},
		Patient:   models.Patient{ID: "canary", FamilyName: "Zzyzx", GivenName: "Canary", BirthDate: "1980-01-15", Gender: "female", HasAddress: true},
		Coverage:  models.Coverage{ID: "cov", PatientID: "canary", PayerID: "acme", SubscriberID: "CANARY-7781", Active: true, Period: models.Span{From: "2026-01-01"}},
		Insurer:   models.Party{ID: "acme", Name: "Acme"},
		Billing:   models.Party{ID: "practice", Name: "Practice", NPI: "1234567893", Address: models.Address{Street: "1 Canary Way", City: "Zzyzx", State: "CA", PostalCode: "92309-1234"}},
		Renderers: map[models.Performer]models.Party{{ID: "smith"}: {ID: "smith", Name: "Smith", NPI: "1999999984"}},
		Charges:   map[models.ChargeID]models.Charge{"a": {ID: "a", Billed: 25000}, "b": {ID: "b", Billed: 6000}},
		Today:     "2026-03-04",
	}
}

// smiths gives the claim's provider another NPI.
func smiths(s *scrub.Subject, npi string) {
	s.Renderers[models.Performer{ID: "smith"}] = models.Party{ID: "smith", NPI: npi}
}

// another lets somebody else do the second line.
func another(s *scrub.Subject, who models.Performer, npi string) {
	s.Claim.Lines[1].Rendering = who
	s.Renderers[who] = models.Party{ID: string(who.ID), NPI: npi}
}

// asked says what the sender of the second line's charge wanted for it.
func asked(s *scrub.Subject, amount models.Cents) {
	c := s.Charges["b"]
	c.Stated = &amount
	s.Charges["b"] = c
}

func TestCleanClaimHasNoFinding(t *testing.T) {
	if got := scrub.Run(clean()); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestEveryFaultIsFoundWhereItIs(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(s *scrub.Subject)
		rule   string
		path   string
		warns  bool
	}{
		{"no family name", func(s *scrub.Subject) { s.Patient.FamilyName = "" }, "scrub.required", "Claim.patient", false},
		{"no birth date", func(s *scrub.Subject) { s.Patient.BirthDate = "" }, "scrub.required", "Claim.patient", false},
		{"no gender", func(s *scrub.Subject) { s.Patient.Gender = "" }, "scrub.required", "Claim.patient", false},
		{"no address", func(s *scrub.Subject) { s.Patient.HasAddress = false }, "scrub.required", "Claim.patient", true},
		{"no subscriber id", func(s *scrub.Subject) { s.Coverage.SubscriberID = "" }, "scrub.required", "Claim.insurance[0].coverage", false},
		{"no payer", func(s *scrub.Subject) { s.Claim.InsurerID, s.Insurer = "", models.Party{} }, "scrub.required", "Claim.insurer", false},
		{"no billing NPI", func(s *scrub.Subject) { s.Billing.NPI = "" }, "scrub.required", "Claim.provider", false},
		{"no rendering NPI", func(s *scrub.Subject) { smiths(s, "") }, "scrub.required", "Claim.careTeam[0].provider", false},
		{"no NPI of who did a line", func(s *scrub.Subject) { another(s, models.Performer{ID: "jones"}, "") }, "scrub.required", "Claim.item[1].careTeamSequence", false},
		{"a wrong NPI of who did a line", func(s *scrub.Subject) { another(s, models.Performer{NPI: "1999999983"}, "1999999983") }, "scrub.npi", "Claim.item[1].careTeamSequence", false},
		{"its case waits for a person", func(s *scrub.Subject) { s.Hold = "It is unclear who pays." }, "scrub.case", "Claim", false},
		{"another payer than the coverage's", func(s *scrub.Subject) { s.Coverage.PayerID = "beta" }, "scrub.payer", "Claim.insurer", false},
		{"a coverage of another patient", func(s *scrub.Subject) { s.Coverage.PatientID = "other" }, "scrub.payer", "Claim.insurance[0].coverage", false},
		{"another price than its sender asked for", func(s *scrub.Subject) { asked(s, 5999) }, "scrub.stated-price", "Claim.item[1].net", true},
		{"a charge below what its payer allows", func(s *scrub.Subject) { agrees(s, false, 0, 1) }, "scrub.underbilled", "Claim.item[1].net", true},
		{"charges below what their payer allows for all", func(s *scrub.Subject) { agrees(s, true, 0, 1) }, "scrub.underbilled", "Claim.total", true},
		{"no place of service", func(s *scrub.Subject) { s.Claim.PlaceOfService = "" }, "scrub.required", "Claim.item[0].location", false},
		{"no lines", func(s *scrub.Subject) { s.Claim.Lines, s.Claim.Billed = nil, 0 }, "scrub.required", "Claim.item", false},
		{"no service code", func(s *scrub.Subject) { s.Claim.Lines[1].Code = "" }, "scrub.required", "Claim.item[1].productOrService", false},
		{"no day of service", func(s *scrub.Subject) { s.Claim.Lines[1].ServiceDate = "" }, "scrub.required", "Claim.item[1].serviced", false},
		{"a practice without an address", func(s *scrub.Subject) { s.Billing.Address = models.Address{} }, "scrub.billing-address", "Claim.provider", true},
		{"a practice in a post office box", func(s *scrub.Subject) { s.Billing.Address.Street = "Suite 2\nP.O. Box 12" }, "scrub.billing-address", "Claim.provider", true},
		{"a practice in a lock box", func(s *scrub.Subject) { s.Billing.Address.Street = "Lockbox 12" }, "scrub.billing-address", "Claim.provider", true},
		{"a practice without a street", func(s *scrub.Subject) { s.Billing.Address.Street = "" }, "scrub.billing-address", "Claim.provider", true},
		{"a practice without a city", func(s *scrub.Subject) { s.Billing.Address.City = "" }, "scrub.billing-address", "Claim.provider", true},
		{"a state in letters that are none", func(s *scrub.Subject) { s.Billing.Address.State = "XX" }, "scrub.billing-address", "Claim.provider", true},
		{"a state that is written out", func(s *scrub.Subject) { s.Billing.Address.State = "California" }, "scrub.billing-address", "Claim.provider", true},
		{"a ZIP code of five digits", func(s *scrub.Subject) { s.Billing.Address.PostalCode = "92309" }, "scrub.billing-address", "Claim.provider", true},
		{"a ZIP code that is filled up", func(s *scrub.Subject) { s.Billing.Address.PostalCode = "923090000" }, "scrub.billing-address", "Claim.provider", true},
		{"a wrong check digit", func(s *scrub.Subject) { s.Billing.NPI = "1234567890" }, "scrub.npi", "Claim.provider", false},
		{"an NPI that begins with 9", func(s *scrub.Subject) { smiths(s, "9999999995") }, "scrub.npi", "Claim.careTeam[0].provider", false},
		{"an NPI of nine digits", func(s *scrub.Subject) { smiths(s, "199999998") }, "scrub.npi", "Claim.careTeam[0].provider", false},
		{"an NPI with a letter", func(s *scrub.Subject) { smiths(s, "19999999A4") }, "scrub.npi", "Claim.careTeam[0].provider", false},
		{"a long number", func(s *scrub.Subject) { s.Claim.Number = strings.Repeat("1", 21) }, "scrub.limits", "Claim.identifier[0]", false},
		{"no units", func(s *scrub.Subject) { s.Claim.Lines[0].Units = 0 }, "scrub.limits", "Claim.item[0].quantity", false},
		{"ten thousand units", func(s *scrub.Subject) { s.Claim.Lines[0].Units = 10000 * models.OneUnit }, "scrub.limits", "Claim.item[0].quantity", false},
		{"half a unit", func(s *scrub.Subject) { s.Claim.Lines[0].Units = 500 }, "scrub.limits", "Claim.item[0].quantity", false},
		{"five modifiers", func(s *scrub.Subject) { s.Claim.Lines[0].Modifiers = models.Codes{"25", "24", "57", "GT", "95"} }, "scrub.limits", "Claim.item[0].modifier", false},
		{"a modifier twice", func(s *scrub.Subject) { s.Claim.Lines[0].Modifiers = models.Codes{"25", "25"} }, "scrub.limits", "Claim.item[0].modifier[1]", false},
		{"a diagnosis twice", func(s *scrub.Subject) { s.Claim.Diagnoses[0].Code = "E785" }, "scrub.diagnoses", "Claim.diagnosis[1]", false},
		{"a diagnosis without a code", func(s *scrub.Subject) { s.Claim.Diagnoses[1].Code = "" }, "scrub.diagnoses", "Claim.diagnosis[1]", false},
		{"a line without a pointer", func(s *scrub.Subject) { s.Claim.Lines[1].Pointers = nil }, "scrub.pointers", "Claim.item[1].diagnosisSequence", false},
		{"a pointer to nothing", func(s *scrub.Subject) { s.Claim.Lines[1].Pointers = models.Numbers{1, 3} }, "scrub.pointers", "Claim.item[1].diagnosisSequence[1]", false},
		{"a pointer twice", func(s *scrub.Subject) { s.Claim.Lines[1].Pointers = models.Numbers{1, 1} }, "scrub.pointers", "Claim.item[1].diagnosisSequence[1]", false},
		{"a diagnosis nothing points to", func(s *scrub.Subject) { s.Claim.Lines[0].Pointers = models.Numbers{1} }, "scrub.pointers", "Claim.diagnosis[1]", true},
		{"a total of a cent less", func(s *scrub.Subject) { s.Claim.Billed-- }, "scrub.totals", "Claim.total", false},
		{"a line of less than nothing", func(s *scrub.Subject) { s.Claim.Lines[1].Billed, s.Claim.Billed = -1, 24999 }, "scrub.totals", "Claim.item[1].net", false},
		{"a service in the future", func(s *scrub.Subject) { s.Claim.Lines[1].ServiceDate = "2026-03-05" }, "scrub.dates", "Claim.item[1].serviced", false},
		{"a service after death", func(s *scrub.Subject) { s.Patient.DeathDate, s.Claim.Lines[1].ServiceDate = "2026-03-02", "2026-03-03" }, "scrub.dates", "Claim.item[1].serviced", false},
		{"a period that ends first", func(s *scrub.Subject) { s.Claim.ServiceUntil = "2026-03-01" }, "scrub.dates", "Claim.billablePeriod", false},
		{"a coverage that is not active", func(s *scrub.Subject) { s.Coverage.Active = false }, "scrub.coverage", "Claim.insurance[0].coverage", false},
		{"a service before the coverage", func(s *scrub.Subject) { s.Claim.Lines[0].ServiceDate = "2025-12-31" }, "scrub.coverage", "Claim.item[0].serviced", false},
	} {
		s := clean()
		row.change(&s)
		got := scrub.Run(s)
		if len(got) != 1 || got[0].Rule != row.rule || got[0].Path != row.path || scrub.Holds(got) == row.warns {
			t.Errorf("%s: got %+v, want %s at %s", row.name, got, row.rule, row.path)
		}
	}
}

// What is billed every day is no fault: a service for nothing, one that somebody else did, the price that its sender asked for.
func TestWhatIsRightIsNotFound(t *testing.T) {
	for name, change := range map[string]func(s *scrub.Subject){
		"a line of nothing":               func(s *scrub.Subject) { s.Claim.Lines[1].Billed, s.Claim.Billed = 0, 25000 },
		"a line that another one did":     func(s *scrub.Subject) { another(s, models.Performer{ID: "jones"}, "1234567893") },
		"a line of one without a record":  func(s *scrub.Subject) { another(s, models.Performer{NPI: "1234567893"}, "1234567893") },
		"the price that its sender asked": func(s *scrub.Subject) { asked(s, 6000) },
		"a street that is called a box":   func(s *scrub.Subject) { s.Billing.Address.Street = "4 Boxwood Post Road" },
		"a ZIP code without its dash":     func(s *scrub.Subject) { s.Billing.Address.PostalCode = "923091234" },
		"a practice abroad": func(s *scrub.Subject) {
			s.Billing.Address = models.Address{Street: "1 Canary Way", City: "Zzyzx", State: "Bayern", PostalCode: "80331", Country: "DE"}
		},
		"the claim's own provider, named": func(s *scrub.Subject) { s.Claim.Lines[1].Rendering = s.Claim.Rendering },
	} {
		s := clean()
		change(&s)
		if got := scrub.Run(s); len(got) > 0 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestServiceBeforeBirthIsFound(t *testing.T) {
	s := clean()
	s.Patient.BirthDate = "2026-03-03"
	got := scrub.Run(s)
	if len(got) != 2 || got[0].Rule != "scrub.dates" || got[1].Path != "Claim.item[1].serviced" {
		t.Errorf("got %+v", got)
	}
}

func TestTooMuchIsFound(t *testing.T) {
	s := clean()
	for i := range 50 {
		line := s.Claim.Lines[1]
		line.Billed = models.Cents(100 + i)
		s.Claim.Lines = append(s.Claim.Lines, line)
		s.Claim.Billed += line.Billed
	}
	for i := range 11 {
		s.Claim.Diagnoses = append(s.Claim.Diagnoses, models.ClaimDiagnosis{Sequence: i + 3, Code: "A0" + string(rune('A'+i))})
		s.Claim.Lines[2+i].Pointers = models.Numbers{i + 3}
	}
	got := scrub.Run(s)
	if len(got) != 2 || got[0].Path != "Claim.item" || got[1].Path != "Claim.diagnosis" || !scrub.Holds(got) {
		t.Errorf("got %+v", got)
	}
}

func TestSameServiceIsNotBilledTwice(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(s *scrub.Subject, other *models.Claim)
		want   []string
	}{
		{"on another claim", func(*scrub.Subject, *models.Claim) {}, []string{"Claim.item[0].productOrService", "Claim.item[1].productOrService"}},
		{"the claim itself is no other", func(_ *scrub.Subject, o *models.Claim) { o.ID = "claim" }, nil},
		{"a voided claim does not count", func(_ *scrub.Subject, o *models.Claim) { o.State = models.ClaimVoided }, nil},
		{"one that was taken back does not count", func(_ *scrub.Subject, o *models.Claim) { o.State = models.ClaimWithdrawn }, nil},
		{"one that is replaced does not count", func(_ *scrub.Subject, o *models.Claim) { o.State = models.ClaimReplaced }, nil},
		{"a rejected claim may yet be sent", func(_ *scrub.Subject, o *models.Claim) { o.State = models.ClaimRejected }, []string{"Claim.item[0].productOrService", "Claim.item[1].productOrService"}},
		{"the line's own hand counts, not the claim's", func(_ *scrub.Subject, o *models.Claim) {
			o.Rendering.ID, o.Lines[0].Rendering.ID = "jones", "smith"
		}, []string{"Claim.item[0].productOrService"}},
		{"another rendering provider did another service", func(_ *scrub.Subject, o *models.Claim) { o.Rendering.ID = "jones" }, nil},
		{"another patient's does not count", func(_ *scrub.Subject, o *models.Claim) { o.PatientID = "other" }, nil},
		{"another day's does not count", func(_ *scrub.Subject, o *models.Claim) {
			o.Lines[0].ServiceDate, o.Lines[1].ServiceDate = "2026-03-01", "2026-03-01"
		}, nil},
		{"another practice's does not count", func(_ *scrub.Subject, o *models.Claim) { o.BillingID = "other" }, nil},
		{"the same payer does not get the same charges", func(_ *scrub.Subject, o *models.Claim) {
			o.Lines[0].ChargeID, o.Lines[1].ChargeID = "a", "b"
		}, []string{"Claim.item[0].productOrService", "Claim.item[1].productOrService"}},
		{"the next payer gets the same charges", func(_ *scrub.Subject, o *models.Claim) {
			o.Position, o.Lines[0].ChargeID, o.Lines[1].ChargeID = 2, "a", "b"
		}, nil},
		{"a repeat modifier says so", func(s *scrub.Subject, o *models.Claim) {
			s.Claim.Lines[0].Modifiers, s.Claim.Lines[1].Modifiers = models.Codes{"76"}, models.Codes{"XU"}
			o.Lines[0].Modifiers, o.Lines[1].Modifiers = models.Codes{"76"}, models.Codes{"XU"}
		}, nil},
		{"the order of modifiers makes no other service", func(s *scrub.Subject, o *models.Claim) {
			s.Claim.Lines[0].Modifiers, o.Lines[0].Modifiers, o.Lines = models.Codes{"25", "GT"}, models.Codes{"GT", "25"}, o.Lines[:1]
		}, []string{"Claim.item[0].productOrService"}},
		{"twice on one claim", func(s *scrub.Subject, o *models.Claim) {
			o.Lines = nil
			s.Claim.Lines = append(s.Claim.Lines, s.Claim.Lines[1])
			s.Claim.Billed += s.Claim.Lines[1].Billed
		}, []string{"Claim.item[2].productOrService"}},
	} {
		s, other := clean(), clean().Claim
		other.ID, other.State = "other", models.ClaimTransmitted
		other.Lines[0].ChargeID, other.Lines[1].ChargeID = "x", "y"
		row.change(&s, &other)
		s.Others = []models.Claim{other}
		var got []string
		for _, f := range scrub.Run(s) {
			if f.Rule != "scrub.duplicate" {
				t.Errorf("%s: got %+v", row.name, f)
			}
			got = append(got, f.Path)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestOneWrongDigitIsNoNPI(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := clean()
		digits := []byte(s.Billing.NPI)
		at := rapid.IntRange(0, 9).Draw(t, "at")
		digits[at] = '0' + (digits[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		s.Billing.NPI = string(digits)
		if got := scrub.Run(s); len(got) != 1 || got[0].Rule != "scrub.npi" {
			t.Fatalf("%s gives %v", digits, got)
		}
	})
}

func TestFindingsRepeatAndHoldNoValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := clean()
		s.Patient.FamilyName = rapid.SampledFrom([]string{"", "Qqxw"}).Draw(t, "name")
		s.Billing.NPI = rapid.StringMatching(`[0-9]{0,11}`).Draw(t, "npi")
		s.Claim.Lines[0].Pointers = rapid.SliceOfN(rapid.IntRange(-9, 99), 0, 6).Draw(t, "pointers")
		s.Claim.Diagnoses[0].Code = rapid.SampledFrom([]string{"", "E785", "QQXW"}).Draw(t, "code")
		s.Claim.Lines[1].ServiceDate = models.Date(rapid.SampledFrom([]string{"", "1901-01-01", "2999-01-01"}).Draw(t, "day"))
		got := scrub.Run(s)
		if again := scrub.Run(s); !reflect.DeepEqual(got, again) {
			t.Fatalf("got %v\nand %v", got, again)
		}
		for _, f := range got {
			for _, value := range []string{"QQXW", "Qqxw", "1901", "2999", "Zzyzx", "CANARY", s.Billing.NPI} {
				if len(value) > 2 && strings.Contains(f.Text+f.Remedy+f.Path, value) {
					t.Fatalf("%+v shows a value", f)
				}
			}
			if f.Text == "" || f.Remedy == "" || f.Path == "" || !strings.HasSuffix(f.Text, ".") || !strings.HasSuffix(f.Remedy, ".") {
				t.Fatalf("%+v is not a sentence", f)
			}
		}
	})
}

// agrees has the payer allow as much more of each line than it is charged for; of all of them together, where its rates are for the claim.
func agrees(s *scrub.Subject, ofClaim bool, more ...models.Cents) {
	for i, l := range s.Claim.Lines {
		s.Expected.Lines = append(s.Expected.Lines, models.ExpectedLine{Sequence: l.Sequence, Billed: l.Billed, Allowed: l.Billed, Agreed: l.Billed + more[i], IsKnown: true, OfClaim: ofClaim})
	}
}
