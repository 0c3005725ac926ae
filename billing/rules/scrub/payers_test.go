package scrub_test

import (
	"strings"
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/internal/payers"
	"medbill/models"
)

// book gives what is known of payers by the lines of files: those that begin with an NPI are enrolments.
func book(t *testing.T, facts string, enrolments ...string) *payers.Book {
	t.Helper()
	var data models.PayerData
	for _, text := range []string{"payer,subject,code,value,from,until\n" + facts, "payer,npi,from,until\n" + strings.Join(enrolments, "\n") + "\n"} {
		if strings.Count(strings.TrimSpace(text), "\n") == 0 {
			continue
		}
		file, err := payers.ReadCSV(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		data = file.Onto("t", data)
	}
	return payers.NewBook(data)
}

// policies are invented facts of two years; what they say changes on 2026-03-02, the day of the claims.
const policies = `acme,filing-limit,,90,,2026-03-01
acme,filing-limit,,100,2026-03-02,
zenith,filing-limit,,12m,,
acme,member-id,,mbi,2026-03-02,
acme,taxonomy,,billing rendering,2026-03-02,
acme,modifier,90001,GP/GO KX,2026-03-02,
acme,modifier,90002,no,2026-03-02,
acme,age,90001,40-64,2026-03-02,
acme,age,90001,18-,,2026-03-01
acme,frequency,90001,1/12m,2026-03-02,
acme,frequency,90002,2/30,2026-03-02,
acme,covered-diagnosis,90001,E11.0-E11.8 I10,2026-03-02,
acme,telehealth,90001,95/02 -/10,2026-03-02,
acme,telehealth,90002,no,2026-03-02,
acme,telehealth,90003,95/11,2026-03-02,
acme,authorization,90001,yes,2026-03-02,
acme,drug,90001,no,2026-03-02,
acme,drug,90002,yes,2026-03-02,
acme,authorization,90002,no,2026-03-02,
*,authorization,90003,yes,,
`

// covered is a claim with one line of a service, for acme's patient who is 45 years old.
func covered(code string, modifiers ...string) scrub.Subject {
	s := clean()
	l := line(code, 1, modifiers...)
	l.Sequence, l.Pointers = 1, models.Numbers{1}
	s.Claim.Lines, s.Claim.Diagnoses = []models.ClaimLine{l}, []models.ClaimDiagnosis{{Sequence: 1, Code: "I10"}, {Sequence: 2, Code: "J45.909"}}
	s.Patient.BirthDate, s.Coverage.SubscriberID = "1980-03-03", "1EG4TE5MK73"
	s.Billing.Taxonomy = "207Q00000X"
	s.Renderers[models.Performer{ID: "smith"}] = models.Party{ID: "smith", NPI: "1999999984", Taxonomy: "207R00000X"}
	return s
}

// earlier is another claim of the patient's to a payer, of one service on a day.
func earlier(insurer models.OrganizationID, code string, on models.Date) models.Claim {
	c := beside("smith", line(code, 1))
	c.InsurerID, c.Lines[0].ServiceDate = insurer, on
	return c
}

// TestWhatAPayerWantsIsHeld holds for each rule that goes by a payer's facts what it notices, what it lets pass, and from which day on.
func TestWhatAPayerWantsIsHeld(t *testing.T) {
	on := func(day models.Date) func(*scrub.Subject) {
		return func(s *scrub.Subject) { s.Claim.Lines[0].ServiceDate, s.Claim.ServiceFrom = day, day }
	}
	today := func(day models.Date) func(*scrub.Subject) { return func(s *scrub.Subject) { s.Today = day } }
	at := func(place string) func(*scrub.Subject) {
		return func(s *scrub.Subject) { s.Claim.PlaceOfService = place }
	}
	pays := func(id models.OrganizationID) func(*scrub.Subject) {
		return func(s *scrub.Subject) { s.Claim.InsurerID = id }
	}
	born := func(day models.Date) func(*scrub.Subject) {
		return func(s *scrub.Subject) { s.Patient.BirthDate = day }
	}
	points := func(to ...int) func(*scrub.Subject) { return func(s *scrub.Subject) { s.Claim.Lines[0].Pointers = to } }
	first := func(code string) func(*scrub.Subject) {
		return func(s *scrub.Subject) { s.Claim.Diagnoses[0].Code = code }
	}
	after := func(claims ...models.Claim) func(*scrub.Subject) {
		return func(s *scrub.Subject) { s.Earlier = claims }
	}
	number := func(text string) func(*scrub.Subject) {
		return func(s *scrub.Subject) { s.Coverage.SubscriberID = text }
	}
	gives := func(d models.Drug) func(*scrub.Subject) { return func(s *scrub.Subject) { s.Claim.Lines[0].Drug = d } }
	both := func(a, b func(*scrub.Subject)) func(*scrub.Subject) { return func(s *scrub.Subject) { a(s); b(s) } }
	for _, row := range []struct {
		name, rule string
		subject    scrub.Subject
		change     func(*scrub.Subject)
		want       string
	}{
		{"a day before four fifths of 100 days", "scrub.timely-filing", covered("90001"), today("2026-05-20"), ""},
		{"four fifths of 100 days", "scrub.timely-filing", covered("90001"), today("2026-05-21"), "warning created"},
		{"the last of 100 days", "scrub.timely-filing", covered("90001"), today("2026-06-10"), "warning created"},
		{"a day late", "scrub.timely-filing", covered("90001"), today("2026-06-11"), "error created"},
		{"a service before the change, by the old limit", "scrub.timely-filing", covered("90001"), both(on("2026-03-01"), today("2026-05-31")), "error created"},
		{"the last day of a calendar year", "scrub.timely-filing", covered("90001"), both(pays("zenith"), today("2027-03-02")), "warning created"},
		{"the day after it", "scrub.timely-filing", covered("90001"), both(pays("zenith"), today("2027-03-03")), "error created"},
		{"a payer of whom nothing is known", "scrub.timely-filing", covered("90001"), both(pays("beta"), today("2036-01-01")), ""},
		{"a claim to the next payer", "scrub.timely-filing", covered("90001"), func(s *scrub.Subject) { s.Claim.Position, s.Today = 2, "2036-01-01" }, ""},

		{"a number of the payer's form", "scrub.member-id", covered("90001"), nil, ""},
		{"a number of another form", "scrub.member-id", covered("90001"), number("1EG4-TE5-MK73"), "error insurance[0].coverage"},
		{"a number of another form before the change", "scrub.member-id", covered("90001"), both(number("W1234"), on("2026-03-01")), ""},
		{"a social security number", "scrub.member-id", covered("90001"), func(s *scrub.Subject) {
			s.Claim.InsurerID, s.Coverage.SubscriberID, s.Patient.SSN = "beta", "999-00-1234", "999001234"
		}, "warning insurance[0].coverage"},
		{"a tax number", "scrub.tax-id", covered("90001"), func(s *scrub.Subject) { s.Billing.TaxID = "12-3456789" }, ""},
		{"a tax number that lacks a digit", "scrub.tax-id", covered("90001"), func(s *scrub.Subject) { s.Billing.TaxID = "12-345678" }, "error provider"},
		{"a tax number with a letter", "scrub.tax-id", covered("90001"), func(s *scrub.Subject) { s.Billing.TaxID = "12345678X" }, "error provider"},

		{"both taxonomies", "scrub.taxonomy", covered("90001"), nil, ""},
		{"none of who bills", "scrub.taxonomy", covered("90001"), func(s *scrub.Subject) { s.Billing.Taxonomy = "" }, "error provider"},
		{"none of who bills, before the change", "scrub.taxonomy", covered("90001"), both(on("2026-03-01"), func(s *scrub.Subject) { s.Billing.Taxonomy = "" }), ""},
		{"none of who did it", "scrub.taxonomy", covered("90001"), func(s *scrub.Subject) { smiths(s, "1999999984") }, "error careTeam[0].provider"},
		{"one that is none, whoever pays", "scrub.taxonomy", covered("90001"), both(pays("beta"), func(s *scrub.Subject) { s.Billing.Taxonomy = "207Q00000" }), "error provider"},

		{"the drug that is wanted", "scrub.drug", covered("90002"), gives(models.Drug{NDC: "00071015523", Unit: models.DrugGram, Quantity: 500}), ""},
		{"no drug where one is wanted", "scrub.drug", covered("90002"), nil, "error item[0].detail"},
		{"no drug the day before", "scrub.drug", covered("90002"), on("2026-03-01"), ""},
		{"a wanted drug without its amount", "scrub.drug", covered("90002"), gives(models.Drug{NDC: "00071015523"}), "error item[0].detail"},
		{"no drug where none is wanted", "scrub.drug", covered("90001"), nil, ""},
		{"a drug without its amount", "scrub.drug", covered("90001"), gives(models.Drug{NDC: "00071015523"}), "warning item[0].detail"},

		{"one modifier of each group", "scrub.required-modifier", covered("90001", "GO", "KX"), nil, ""},
		{"one of a group is missing", "scrub.required-modifier", covered("90001", "GO"), nil, "error item[0].modifier"},
		{"both are missing", "scrub.required-modifier", covered("90001"), nil, "error item[0].modifier, error item[0].modifier"},
		{"both are missing before the change", "scrub.required-modifier", covered("90001"), on("2026-03-01"), ""},
		{"a service at which none is wanted", "scrub.required-modifier", covered("90002"), nil, ""},

		{"the first year", "scrub.covered-age", covered("90001"), born("1986-03-02"), ""},
		{"a day before it", "scrub.covered-age", covered("90001"), born("1986-03-03"), "error item[0].productOrService"},
		{"the last year", "scrub.covered-age", covered("90001"), born("1961-03-03"), ""},
		{"a day after it", "scrub.covered-age", covered("90001"), born("1961-03-02"), "error item[0].productOrService"},
		{"too old, before the change", "scrub.covered-age", covered("90001"), both(born("1961-03-02"), on("2026-03-01")), ""},
		{"a service for every age", "scrub.covered-age", covered("90002"), born("1930-01-01"), ""},

		{"for the first time", "scrub.frequency", covered("90001"), nil, ""},
		{"again within a year", "scrub.frequency", covered("90001"), after(earlier("acme", "90001", "2025-03-03")), "error item[0].productOrService"},
		{"again after a year", "scrub.frequency", covered("90001"), after(earlier("acme", "90001", "2025-03-02")), ""},
		{"again at another payer's cost", "scrub.frequency", covered("90001"), after(earlier("zenith", "90001", "2025-12-01")), ""},
		{"another service", "scrub.frequency", covered("90001"), after(earlier("acme", "90002", "2025-12-01")), ""},
		{"twice of two", "scrub.frequency", covered("90002"), after(earlier("acme", "90002", "2026-03-01")), ""},
		{"three of two", "scrub.frequency", covered("90002"), after(earlier("acme", "90002", "2026-03-01"), earlier("acme", "90002", "2026-02-01")), "error item[0].productOrService"},
		{"three of two, one of them 30 days ago", "scrub.frequency", covered("90002"), after(earlier("acme", "90002", "2026-03-01"), earlier("acme", "90002", "2026-01-31")), ""},
		{"one that comes later", "scrub.frequency", covered("90001"), after(earlier("acme", "90001", "2026-03-03")), ""},
		{"two units at once", "scrub.frequency", covered("90001"), func(s *scrub.Subject) { s.Claim.Lines[0].Units = models.UnitsOf(2) }, "error item[0].productOrService"},
		{"two units at once before the change", "scrub.frequency", covered("90001"), both(on("2026-03-01"), func(s *scrub.Subject) { s.Claim.Lines[0].Units = models.UnitsOf(2) }), ""},
		{"the same charge asked of the payer that is next", "scrub.frequency", covered("90001"), func(s *scrub.Subject) {
			c := earlier("acme", "90001", day)
			c.Position, c.Lines[0].ChargeID, s.Claim.CaseID = 2, s.Claim.Lines[0].ChargeID, c.CaseID
			s.Earlier = []models.Claim{c}
		}, ""},

		{"a diagnosis of the list", "scrub.covered-diagnosis", covered("90001"), nil, ""},
		{"the first of a range", "scrub.covered-diagnosis", covered("90001"), first("E11.00"), ""},
		{"the last of a range, below its end", "scrub.covered-diagnosis", covered("90001"), first("E118"), ""},
		{"the one after a range", "scrub.covered-diagnosis", covered("90001"), first("E11.9"), "error item[0].diagnosisSequence"},
		{"one on the claim that the line does not point to", "scrub.covered-diagnosis", covered("90001"), points(2), "error item[0].diagnosisSequence"},
		{"one of two that it points to", "scrub.covered-diagnosis", covered("90001"), points(2, 1), ""},
		{"none, before the change", "scrub.covered-diagnosis", covered("90001"), both(points(2), on("2026-03-01")), ""},
		{"a service for every diagnosis", "scrub.covered-diagnosis", covered("90002"), points(2), ""},

		{"in the office", "scrub.telehealth", covered("90001"), nil, ""},
		{"at a distance as it is wanted", "scrub.telehealth", covered("90001", "95"), at("02"), ""},
		{"at a distance without the modifier", "scrub.telehealth", covered("90001"), at("02"), "error item[0].modifier"},
		{"at home, where none is wanted", "scrub.telehealth", covered("90001"), at("10"), ""},
		{"the modifier in the office", "scrub.telehealth", covered("90001", "95"), nil, "error item[0].modifier"},
		{"the modifier in the office, as this payer wants it", "scrub.telehealth", covered("90003", "95"), nil, ""},
		{"another modifier", "scrub.telehealth", covered("90001", "93"), at("02"), "error item[0].modifier"},
		{"a service that is not taken", "scrub.telehealth", covered("90002", "95"), at("02"), "error item[0].productOrService"},
		{"a service that is not on the list", "scrub.telehealth", covered("90004", "95"), at("02"), "error item[0].productOrService"},
		{"a service that is not on the list, before there was one", "scrub.telehealth", covered("90004", "95"), both(at("02"), on("2026-03-01")), ""},

		{"a service to be authorized", "scrub.authorization", covered("90001"), nil, "error item[0].productOrService"},
		{"a service that is not", "scrub.authorization", covered("90002"), nil, ""},
		{"a service to be authorized by every payer", "scrub.authorization", covered("90003"), pays("beta"), "error item[0].productOrService"},
	} {
		s := row.subject
		s.Payers = book(t, policies)
		if row.change != nil {
			row.change(&s)
		}
		if got := noticed(row.rule, s); got != row.want {
			t.Errorf("%s (%s): %q, want %q", row.name, row.rule, got, row.want)
		}
	}
}

// TestWhoIsNotEnrolledIsHeld holds who has to be enrolled, and on which days.
func TestWhoIsNotEnrolledIsHeld(t *testing.T) {
	for _, row := range []struct {
		name       string
		enrolments []string
		day        models.Date
		want       string
	}{
		{"nobody's enrolment is known", nil, day, ""},
		{"another payer's is known", []string{"zenith,1234567893,,"}, day, ""},
		{"both", []string{"acme,1234567893,,", "acme,1999999984,2026-03-02,2026-03-02"}, day, ""},
		{"who did it, from tomorrow", []string{"acme,1234567893,,", "acme,1999999984,2026-03-03,"}, day, "error item[0].careTeamSequence"},
		{"who did it, until yesterday", []string{"acme,1234567893,,", "acme,1999999984,,2026-03-01"}, day, "error item[0].careTeamSequence"},
		{"who did it, again from today", []string{"acme,1234567893,,", "acme,1999999984,,2026-02-01", "acme,1999999984,2026-03-02,"}, day, ""},
		{"who did it only", []string{"acme,1999999984,,"}, day, "error provider"},
	} {
		s := covered("90001")
		s.Payers = book(t, "", row.enrolments...)
		if got := noticed("scrub.enrolment", s); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

// TestEarlierClaimsAreAskedForWhereTheyCount holds how far a claim looks back, and that most do not.
func TestEarlierClaimsAreAskedForWhereTheyCount(t *testing.T) {
	for code, want := range map[string]models.Date{"90001": "2025-03-02", "90002": "2026-01-31", "90003": ""} {
		s := covered(code)
		s.Payers = book(t, policies)
		if got := scrub.LooksBack(s); got != want {
			t.Errorf("%s looks back to %q, want %q", code, got, want)
		}
	}
}

// TestWhatAPayerDoesNotSayIsNotChecked holds that a rule without a fact of the payer's for the day says so, and one with a fact does not.
func TestWhatAPayerDoesNotSayIsNotChecked(t *testing.T) {
	later := []string{"scrub.underbilled", "scrub.consent"}
	left := func(s scrub.Subject) string {
		s.Books = tables(t)
		var said []string
		for _, f := range scrub.NotChecked(s) {
			said = append(said, f.Rule)
		}
		return strings.Join(said, " ")
	}
	s := covered("90001", "95")
	s.Payers = book(t, policies, "acme,1234567893,,")
	if got := left(s); got != "scrub.eligibility "+strings.Join(later, " ") {
		t.Errorf("with everything known but of the plan is not checked: %s", got)
	}
	s.Coverage.Checks = []models.CoverageCheck{{InForce: models.Yes}}
	if got := left(s); got != strings.Join(later, " ") {
		t.Errorf("with everything known is not checked: %s", got)
	}
	s.Claim.Lines[0].ServiceDate = "2026-03-01"
	if got := left(s); got != "scrub.underbilled scrub.member-id scrub.taxonomy scrub.required-modifier scrub.drug scrub.frequency scrub.covered-diagnosis scrub.telehealth scrub.consent" {
		t.Errorf("a day before most facts is not checked: %s", got)
	}
	s.Claim.Position = 2
	if got := left(s); !strings.Contains(got, "scrub.timely-filing") {
		t.Errorf("of a claim to the next payer is not checked: %s", got)
	}
	s.Payers = nil
	for _, r := range []string{"scrub.member-id", "scrub.enrolment", "scrub.covered-age", "scrub.covered-diagnosis", "scrub.telehealth"} {
		if got := left(s); !strings.Contains(got, r) || noticed(r, s) != "" {
			t.Errorf("%s without a book: %s", r, got)
		}
	}
}

// TestAFindingNamesTheFact holds that whoever reads a finding can look up whose word it goes by.
func TestAFindingNamesTheFact(t *testing.T) {
	s := covered("90001")
	s.Payers = book(t, policies)
	for _, f := range scrub.Run(s) {
		if f.Rule == "scrub.required-modifier" && f.Source != "payer-facts acme modifier 2026-03-02" {
			t.Errorf("%+v", f)
		}
	}
}
