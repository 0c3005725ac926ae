package scrub_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/internal/codes"
	"medbill/models"
)

// shelf collects releases for the books of a test.
type shelf struct {
	t        *testing.T
	releases []codes.Release
	contents map[string]codes.Content
}

func (s *shelf) put(table codes.Table, name string, from, until models.Date, content codes.Content) {
	s.t.Helper()
	_, digest, err := codes.Encode(content)
	if err != nil {
		s.t.Fatal(err)
	}
	digest += name // two releases of a test may hold the same
	s.releases = append(s.releases, codes.Release{Table: table, Kind: table.Facts().Kind, Name: name, Span: models.Span{From: from, Until: until}, Complete: true, Digest: digest})
	s.contents[digest] = content
}

func (s *shelf) books() codes.Books { return codes.NewBooks(s.releases, s.contents) }

func must[T any](content T, err error) T {
	if err != nil {
		panic(err)
	}
	return content
}

// tables are small invented tables of two releases.
func tables(t *testing.T) codes.Books {
	s := &shelf{t: t, contents: map[string]codes.Content{}}
	concept := func(code string, billable bool) codes.Concept {
		return codes.Concept{Code: code, Display: "invented " + code, Billable: billable}
	}
	s.put(codes.ICD10CM, "2025", "2024-10-01", "2025-09-30", must(codes.NewConcepts([]codes.Concept{concept("E119", true), concept("Z9X1", true)})))
	s.put(codes.ICD10CM, "2026", "2025-10-01", "2026-09-30", must(codes.NewConcepts([]codes.Concept{
		concept("E10", false), concept("E109", true), concept("E11", false), concept("E119", true), concept("E1100", true), concept("S52501", false), concept("S52501A", true), concept("Z9X2", true), concept("F02", false), concept("F0280", true),
	})))
	one := func(code string) codes.CodeRange { return codes.CodeRange{From: code, Until: code} }
	s.put(codes.Tabular, "2021", "2020-10-01", "", codes.NewNotes([]codes.Note{
		{At: one("E10"), Excludes1: []codes.CodeRange{one("E11")}}, {At: one("F0280"), IsManifests: true},
	}))
	dated := codes.Concept{Code: "Q0001", Display: "dated", Billable: true, Span: models.Span{From: "2026-01-01", Until: "2026-06-30"}}
	s.put(codes.HCPCS, "2026", "2026-01-01", "", must(codes.NewConcepts([]codes.Concept{dated, concept("Q0002", true)})))
	s.put(codes.CPT, "2026", "2026-01-01", "", must(codes.NewConcepts([]codes.Concept{concept("90001", true), concept("90002", true), concept("90003", true), concept("90004", true), concept("99213", true)})))
	s.put(codes.Modifiers, "2026", "2026-01-01", "", must(codes.NewConcepts([]codes.Concept{concept("LT", true), concept("RT", true), concept("TC", true), concept("XS", true)})))
	s.put(codes.Places, "2026", "2026-01-01", "", must(codes.NewConcepts([]codes.Concept{concept("11", true), concept("21", true)})))
	s.put(codes.FeeZIPs, "2026", "2026-01-01", "", codes.NewRecords([]string{"zip", "carrier", "locality", "state", "rural"}, [][]string{{"92309", "01112", "54", "CA", ""}, {"66002", "05202", "00", "EK", ""}}))
	var pairs codes.PairsBuilder
	for _, e := range []codes.PairEdit{
		{Column1: "90001", Column2: "90002", Indicator: '0', Span: models.Span{From: "2020-01-01"}},
		{Column1: "90001", Column2: "90003", Indicator: '1', Span: models.Span{From: "2020-01-01"}},
		{Column1: "90001", Column2: "99213", Indicator: '1', Span: models.Span{From: "2020-01-01"}},
		{Column1: "90001", Column2: "90004", Indicator: '9', Span: models.Span{From: "2020-01-01"}},
		{Column1: "90003", Column2: "90004", Indicator: '0', Span: models.Span{From: "2020-01-01", Until: "2026-03-01"}},
	} {
		if err := pairs.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	s.put(codes.PairsPractitioner, "2026Q1", "2026-01-01", "", must(pairs.Build()))
	s.put(codes.UnitsPractitioner, "2026Q1", "2026-01-01", "", must(codes.NewUnits([]codes.UnitEdit{
		{Code: "90001", Max: 2, Adjudication: '1'}, {Code: "90002", Max: 2, Adjudication: '2'}, {Code: "90003", Max: 2, Adjudication: '3'}, {Code: "90004", Max: 0, Adjudication: '2'},
	})))
	s.put(codes.AddOns, "2026", "2026-01-01", "", must(codes.NewAddOns([]codes.AddOn{
		{Code: "90002", Primary: "90001", Type: '1'}, {Code: "90003", Primary: codes.PrimaryOfPayer, Type: '2'}, {Code: "90004", Primary: "90001", Type: '3'}, {Code: "99292", Primary: "99291", Type: '1'},
	})))
	s.put(codes.Fees, "2026", "2026-01-01", "", must(codes.NewSchedule([]codes.Fee{
		{Code: "90001", Status: 'A', Components: '1', Bilateral: '1'}, {Code: "90002", Status: 'B', Components: '0', Bilateral: '0'},
	})))
	return s.books()
}

const day models.Date = "2026-03-02"

// line gives a line: code, modifiers and units.
func line(code string, units int, modifiers ...string) models.ClaimLine {
	system := models.SystemCPT
	if code[0] > '9' {
		system = models.SystemHCPCS
	}
	return models.ClaimLine{System: system, Code: code, Units: models.UnitsOf(units), Modifiers: modifiers, ServiceDate: day, ChargeID: models.ChargeID(code + strings.Join(modifiers, ""))}
}

// noticed gives what one rule says of a claim: its severity and the place, each once.
func noticed(rule string, s scrub.Subject) string {
	var all []string
	for _, f := range scrub.Run(s) {
		if f.Rule == rule {
			all = append(all, string(f.Severity)+" "+strings.TrimPrefix(f.Path, "Claim."))
		}
	}
	return strings.Join(all, ", ")
}

func claimOf(diagnoses []string, lines ...models.ClaimLine) models.Claim {
	c := models.Claim{Type: models.ClaimProfessional, ID: "mine", CaseID: "Encounter/1", PatientID: "ann", BillingID: "practice", State: models.ClaimDraft, Position: 1, PlaceOfService: "11", Rendering: models.Performer{ID: "smith"}}
	for i, code := range diagnoses {
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: i + 1, Code: code})
	}
	for i, l := range lines {
		l.Sequence = i + 1
		c.Lines = append(c.Lines, l)
	}
	return c
}

// beside is another claim of the patient's that stands, of another visit.
func beside(rendering models.PractitionerID, lines ...models.ClaimLine) models.Claim {
	c := claimOf(nil, lines...)
	c.ID, c.CaseID, c.State, c.Rendering.ID = "other", "Encounter/2", models.ClaimTransmitted, rendering
	for i := range c.Lines {
		c.Lines[i].ChargeID = "other-" + c.Lines[i].ChargeID
	}
	return c
}

// TestEveryTableHasItsLaw holds for each rule that goes by a table what it notices and what it lets pass.
func TestEveryTableHasItsLaw(t *testing.T) {
	on := func(d models.Date, l models.ClaimLine) models.ClaimLine { l.ServiceDate = d; return l }
	well := []string{"E11.9"}
	visit := line("99213", 1)
	for _, row := range []struct {
		name, rule string
		claim      models.Claim
		others     []models.Claim
		want       string
	}{
		{"a code of the day", "scrub.diagnosis-code", claimOf(well, visit), nil, ""},
		{"a code without its dot, in small letters", "scrub.diagnosis-code", claimOf([]string{"e119"}, visit), nil, ""},
		{"a heading", "scrub.diagnosis-code", claimOf([]string{"E11"}, visit), nil, "error diagnosis[0]"},
		{"a code without its seventh character", "scrub.diagnosis-code", claimOf([]string{"S52.501"}, visit), nil, "error diagnosis[0]"},
		{"a code with it", "scrub.diagnosis-code", claimOf([]string{"S52.501A"}, visit), nil, ""},
		{"no code", "scrub.diagnosis-code", claimOf([]string{"E11.9", "E99.9"}, visit), nil, "error diagnosis[1]"},
		{"a code of the next year", "scrub.diagnosis-code", claimOf([]string{"Z9X.2"}, on("2025-09-30", visit)), nil, "error diagnosis[0]"},
		{"a code of the year before", "scrub.diagnosis-code", claimOf([]string{"Z9X.1"}, visit), nil, "error diagnosis[0]"},
		{"a code of the year before in its year", "scrub.diagnosis-code", claimOf([]string{"Z9X.1"}, on("2025-09-30", visit)), nil, ""},
		{"a day before all releases", "scrub.diagnosis-code", claimOf(well, on("2024-09-30", visit)), nil, "error diagnosis[0]"},
		{"a day after all releases", "scrub.diagnosis-code", claimOf(well, on("2026-10-01", visit)), nil, "warning diagnosis"},

		{"diagnoses that exclude each other, by an older list", "scrub.excludes", claimOf([]string{"E10.9", "E11.9"}, visit), nil, "warning diagnosis[1]"},
		{"the other way round", "scrub.excludes", claimOf([]string{"E11.9", "E10.9"}, visit), nil, "warning diagnosis[1]"},
		{"diagnoses that do not", "scrub.excludes", claimOf([]string{"E11.9", "Z9X.2"}, visit), nil, ""},
		{"a manifestation first", "scrub.first-diagnosis", claimOf([]string{"F02.80", "E11.9"}, visit), nil, "warning diagnosis[0]"},
		{"a manifestation second", "scrub.first-diagnosis", claimOf([]string{"E11.9", "F02.80"}, visit), nil, ""},

		{"a HCPCS code in its days", "scrub.service-code", claimOf(well, line("Q0001", 1)), nil, ""},
		{"a HCPCS code before its days", "scrub.service-code", claimOf(well, on("2025-12-31", line("Q0001", 1))), nil, "error item[0].productOrService"},
		{"a HCPCS code after its days", "scrub.service-code", claimOf(well, on("2026-07-01", line("Q0001", 1))), nil, "error item[0].productOrService"},
		{"no HCPCS code", "scrub.service-code", claimOf(well, visit, line("Q9999", 1)), nil, "error item[1].productOrService"},
		{"no CPT code", "scrub.service-code", claimOf(well, line("90099", 1)), nil, "error item[0].productOrService"},

		{"a service that is paid", "scrub.fee-status", claimOf(well, line("90001", 1)), nil, ""},
		{"a service that is paid within another", "scrub.fee-status", claimOf(well, line("90002", 1)), nil, "warning item[0].productOrService"},

		{"a modifier of the set", "scrub.modifier", claimOf(well, line("90001", 1, "LT", "59")), nil, ""},
		{"no modifier", "scrub.modifier", claimOf(well, line("90001", 1, "59", "ZZ")), nil, "error item[0].modifier[1]"},
		{"both components", "scrub.modifier", claimOf(well, line("90001", 1, "26", "TC")), nil, "error item[0].modifier"},
		{"both sides and one", "scrub.modifier", claimOf(well, line("90001", 1, "50", "LT")), nil, "error item[0].modifier"},
		{"25 on a visit", "scrub.modifier", claimOf(well, line("99213", 1, "25")), nil, ""},
		{"25 on another service", "scrub.modifier", claimOf(well, line("90001", 1, "25")), nil, "warning item[0].modifier"},

		{"a component of a service that has some", "scrub.component", claimOf(well, line("90001", 1, "26")), nil, ""},
		{"a component of a service that has none", "scrub.component", claimOf(well, line("90002", 1, "26")), nil, "warning item[0].modifier"},
		{"a service on both sides", "scrub.bilateral", claimOf(well, line("90001", 1, "50")), nil, ""},
		{"a service that has no sides", "scrub.bilateral", claimOf(well, line("90002", 1, "50")), nil, "warning item[0].modifier"},
		{"two units on both sides", "scrub.bilateral", claimOf(well, line("90001", 2, "50")), nil, "warning item[0].quantity"},

		{"anaesthesia in minutes", "scrub.minutes", claimOf(well, inMinutes("00790", 95)), nil, ""},
		{"anaesthesia in units", "scrub.minutes", claimOf(well, line("00790", 7)), nil, "error item[0].quantity"},
		{"something else in minutes", "scrub.minutes", claimOf(well, inMinutes("90001", 45)), nil, "error item[0].quantity"},
		{"a day of pain that is counted", "scrub.minutes", claimOf(well, line("01996", 1)), nil, ""},
		{"minutes are no units", "scrub.mue", claimOf(well, inMinutes("90001", 45)), nil, ""},

		{"a pair that no modifier parts", "scrub.ptp", claimOf(well, line("90001", 1), line("90002", 1, "59")), nil, "error item[1].productOrService"},
		{"the same in the other order", "scrub.ptp", claimOf(well, line("90002", 1), line("90001", 1)), nil, "error item[0].productOrService"},
		{"a pair that a modifier parts, without one", "scrub.ptp", claimOf(well, line("90001", 1), line("90003", 1)), nil, "error item[1].productOrService"},
		{"with one on column 2", "scrub.ptp", claimOf(well, line("90001", 1), line("90003", 1, "59")), nil, ""},
		{"with one on column 1", "scrub.ptp", claimOf(well, line("90001", 1, "XS"), line("90003", 1)), nil, ""},
		{"25 on a visit", "scrub.ptp", claimOf(well, line("90001", 1), line("99213", 1, "25")), nil, ""},
		{"25 on another service", "scrub.ptp", claimOf(well, line("90001", 1), line("90003", 1, "25")), nil, "error item[1].productOrService"},
		{"a pair that does not count any more", "scrub.ptp", claimOf(well, line("90001", 1), line("90004", 1)), nil, ""},
		{"a pair that ended before", "scrub.ptp", claimOf(well, line("90003", 1), line("90004", 1)), nil, ""},
		{"a pair on its last day", "scrub.ptp", claimOf(well, on("2026-03-01", line("90003", 1)), on("2026-03-01", line("90004", 1))), nil, "error item[1].productOrService"},
		{"two days", "scrub.ptp", claimOf(well, line("90001", 1), on("2026-03-03", line("90002", 1))), nil, ""},
		{"column 1 on another claim", "scrub.ptp", claimOf(well, line("90002", 1)), []models.Claim{beside("smith", line("90001", 1))}, "error item[0].productOrService"},
		{"column 2 on another claim", "scrub.ptp", claimOf(well, line("90001", 1)), []models.Claim{beside("smith", line("90002", 1))}, "error item[0].productOrService"},
		{"another provider's claim", "scrub.ptp", claimOf(well, line("90002", 1)), []models.Claim{beside("jones", line("90001", 1))}, ""},

		{"a line within its units (MAI 1)", "scrub.mue", claimOf(well, line("90001", 2)), nil, ""},
		{"a line over its units (MAI 1)", "scrub.mue", claimOf(well, line("90001", 3)), nil, "error item[0].quantity"},
		{"two lines within their units (MAI 1)", "scrub.mue", claimOf(well, line("90001", 2), line("90001", 2, "76")), nil, ""},
		{"two lines over the day's units (MAI 2)", "scrub.mue", claimOf(well, line("90002", 2), line("90002", 1, "76")), nil, "error item[0].quantity"},
		{"two claims over the day's units (MAI 2)", "scrub.mue", claimOf(well, line("90002", 2)), []models.Claim{beside("smith", line("90002", 1))}, "error item[0].quantity"},
		{"another provider's units (MAI 2)", "scrub.mue", claimOf(well, line("90002", 2)), []models.Claim{beside("jones", line("90002", 1))}, ""},
		{"postoperative care is not counted (MAI 2)", "scrub.mue", claimOf(well, line("90002", 2), line("90002", 1, "55")), nil, ""},
		{"units that the record may explain (MAI 3)", "scrub.mue", claimOf(well, line("90003", 3)), nil, "error item[0].quantity"},
		{"none may be asked for", "scrub.mue", claimOf(well, line("90004", 1)), nil, "error item[0].quantity"},

		{"an add-on with its primary (type 1)", "scrub.add-on", claimOf(well, line("90001", 1), line("90002", 1)), nil, ""},
		{"an add-on with its primary on another claim", "scrub.add-on", claimOf(well, line("90002", 1)), []models.Claim{beside("smith", line("90001", 1))}, ""},
		{"an add-on without (type 1)", "scrub.add-on", claimOf(well, line("90002", 1)), nil, "error item[0].productOrService"},
		{"an add-on of the payer's (type 2)", "scrub.add-on", claimOf(well, line("90003", 1)), nil, "warning item[0].productOrService"},
		{"an add-on without a listed one (type 3)", "scrub.add-on", claimOf(well, line("90004", 1)), nil, "warning item[0].productOrService"},
		{"an add-on with a listed one (type 3)", "scrub.add-on", claimOf(well, line("90001", 1), line("90004", 1)), nil, ""},
		{"critical care that a colleague began", "scrub.add-on", claimOf(well, line("99292", 1)), []models.Claim{beside("jones", line("99291", 1))}, ""},
		{"critical care that nobody began", "scrub.add-on", claimOf(well, line("99292", 1)), nil, "error item[0].productOrService"},

		{"a place of the set", "scrub.place-of-service", claimOf(well, visit), nil, ""},
		{"no place", "scrub.place-of-service", placed("98", claimOf(well, visit)), nil, "error facility"},
	} {
		if got := noticed(row.rule, scrub.Subject{Claim: row.claim, Others: row.others, Books: tables(t)}); got != row.want {
			t.Errorf("%s (%s): %q, want %q", row.name, row.rule, got, row.want)
		}
	}
}

func placed(place string, c models.Claim) models.Claim {
	c.PlaceOfService = place
	return c
}

// TestAFindingNamesItsTable holds that whoever reads a finding can look up what it goes by.
func TestAFindingNamesItsTable(t *testing.T) {
	c := claimOf([]string{"E11", "E10.9"}, line("90001", 3), line("90002", 1), line("Q9999", 1))
	for _, f := range scrub.Run(scrub.Subject{Claim: c, Books: tables(t)}) {
		if slices.Contains([]string{"scrub.ptp", "scrub.mue", "scrub.diagnosis-code", "scrub.service-code", "scrub.fee-status"}, f.Rule) && (f.Source == "" || f.Remedy == "") {
			t.Errorf("%+v names no table, or nothing to do", f)
		}
		if strings.Contains(f.Text, "9000") {
			t.Errorf("%q holds a value of the claim", f.Text)
		}
		if f.Rule == "scrub.diagnosis-code" && !strings.Contains(f.Remedy, "E11.9") {
			t.Errorf("%q does not offer E11.9", f.Remedy)
		}
	}
}

// TestWhatCannotBeCheckedIsSaid holds that a rule without its table neither finds nor passes in silence.
func TestWhatCannotBeCheckedIsSaid(t *testing.T) {
	c := claimOf([]string{"E11"}, line("90001", 9))
	bare := scrub.Subject{Claim: c}
	var said []string
	for _, f := range scrub.NotChecked(bare) {
		said = append(said, f.Rule)
		if f.Severity != models.SeverityInformation || !strings.Contains(f.Text, "Not checked (R") {
			t.Errorf("%+v", f)
		}
	}
	for _, rule := range []string{"scrub.diagnosis-code", "scrub.excludes", "scrub.service-code", "scrub.ptp", "scrub.mue", "scrub.add-on", "scrub.modifier", "scrub.place-of-service"} {
		if !slices.Contains(said, rule) || noticed(rule, bare) != "" {
			t.Errorf("%s without its table: said %v, found %q", rule, said, noticed(rule, bare))
		}
	}
	for _, left := range scrub.NotChecked(scrub.Subject{Claim: c, Books: tables(t)}) {
		if strings.Contains(left.Remedy, "codes load") {
			t.Errorf("with all tables is not checked: %+v", left)
		}
	}
}

// inMinutes is a line that counts time.
func inMinutes(code string, minutes int) models.ClaimLine {
	l := line(code, minutes)
	l.Measure = models.InMinutes
	return l
}

// TestAZIPCodeLiesInItsState holds that a ZIP code of another state is told, that a state which the file splits is one, and that a code which it does not
// have says nothing.
func TestAZIPCodeLiesInItsState(t *testing.T) {
	for _, row := range []struct{ state, zip, want string }{
		{"CA", "923090001", ""}, {"NV", "923090001", "warning provider"}, {"KS", "66002-1234", ""}, {"MO", "66002-1234", "warning provider"}, {"NV", "999990001", ""},
	} {
		s := clean()
		s.Books = tables(t)
		s.Billing.Address.State, s.Billing.Address.PostalCode = row.state, row.zip
		if got := noticed("scrub.billing-address", s); got != row.want {
			t.Errorf("%s in %s: %q, want %q", row.zip, row.state, got, row.want)
		}
	}
}
