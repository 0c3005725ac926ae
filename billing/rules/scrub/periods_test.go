package scrub_test

import (
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/internal/codes"
	"medbill/models"
)

// periods is an invented fee schedule of two releases: 40010 gets another global period in April, and its code says which it has before.
func periods(t *testing.T) codes.Books {
	s := &shelf{t: t, contents: map[string]codes.Content{}}
	fees := func(ten string) codes.Content {
		return must(codes.NewSchedule([]codes.Fee{
			{Code: "40000", Global: "000"}, {Code: "40010", Global: ten}, {Code: "40090", Global: "090"}, {Code: "40091", Global: "090"},
			{Code: "50001", Global: "XXX"}, {Code: "50002", Global: "MMM"}, {Code: "50003", Global: "YYY"}, {Code: "50004", Global: "ZZZ"}, {Code: "99213", Global: "XXX"},
		}))
	}
	s.put(codes.Fees, "2026-01", "2026-01-01", "", fees("010"))
	s.put(codes.Fees, "2026-04", "2026-04-01", "", fees("000"))
	return s.books()
}

func onDay(d models.Date, l models.ClaimLine) models.ClaimLine { l.ServiceDate = d; return l }

func dated(c models.Claim) models.Claim {
	for i, l := range c.Lines {
		if i == 0 || l.ServiceDate < c.ServiceFrom {
			c.ServiceFrom = l.ServiceDate
		}
		c.ServiceUntil = max(c.ServiceUntil, l.ServiceDate)
	}
	return c
}

// TestWhatAnOperationCoversIsNotBilledApart holds the global periods at their first and last days. CMS Pub. 100-04, chapter 12, 40
func TestWhatAnOperationCoversIsNotBilledApart(t *testing.T) {
	const warns = "warning item[0].modifier"
	visit := func(modifiers ...string) models.ClaimLine { return line("99213", 1, modifiers...) }
	for _, row := range []struct {
		name      string
		line      models.ClaimLine // done on 2026-03-02
		operation models.ClaimLine
		by        models.PractitionerID
		want      string
	}{
		{"a visit on the day of a small operation", visit(), onDay(day, line("40000", 1)), "smith", warns},
		{"one that stands apart", visit("25"), onDay(day, line("40000", 1)), "smith", ""},
		{"the day after it", visit(), onDay("2026-03-01", line("40000", 1)), "smith", ""},
		{"the day before it", visit(), onDay("2026-03-03", line("40000", 1)), "smith", ""},
		{"another provider's visit", visit(), onDay(day, line("40000", 1)), "jones", ""},

		{"the tenth day", visit(), onDay("2026-02-20", line("40010", 1)), "smith", warns},
		{"the tenth day, unrelated", visit("24"), onDay("2026-02-20", line("40010", 1)), "smith", ""},
		{"the tenth day with 25, which says nothing then", visit("25"), onDay("2026-02-20", line("40010", 1)), "smith", warns},
		{"the eleventh day", visit(), onDay("2026-02-19", line("40010", 1)), "smith", ""},
		{"the day before one of ten days", visit(), onDay("2026-03-03", line("40010", 1)), "smith", ""},

		{"the day before a large operation", visit(), onDay("2026-03-03", line("40090", 1)), "smith", warns},
		{"the visit that led to it", visit("57"), onDay("2026-03-03", line("40090", 1)), "smith", ""},
		{"two days before", visit(), onDay("2026-03-04", line("40090", 1)), "smith", ""},
		{"the ninetieth day", visit(), onDay("2025-12-02", line("40090", 1)), "smith", warns},
		{"the ninety-first day", visit(), onDay("2025-12-01", line("40090", 1)), "smith", ""},
		{"the operation alone, care is another's", visit(), onDay("2026-02-20", line("40090", 1, "54")), "smith", ""},
		{"its day, the operation alone", visit(), onDay(day, line("40090", 1, "54")), "smith", warns},
		{"the care after it", visit(), onDay("2026-02-20", line("40090", 1, "55")), "smith", warns},
		{"an assistant's visit", visit(), onDay("2026-02-20", line("40090", 1, "80")), "smith", ""},

		{"another operation within it", line("40091", 1), onDay("2026-02-20", line("40090", 1)), "smith", warns},
		{"one that was planned", line("40091", 1, "58"), onDay("2026-02-20", line("40090", 1)), "smith", ""},
		{"a return to the operating room", line("40091", 1, "78"), onDay("2026-02-20", line("40090", 1)), "smith", ""},
		{"one that has nothing to do with it", line("40091", 1, "79"), onDay("2026-02-20", line("40090", 1)), "smith", ""},
		{"two operations of one day are for the pairs", line("40091", 1), onDay(day, line("40090", 1)), "smith", ""},
		{"a test within it", line("50001", 1), onDay("2026-02-20", line("40090", 1)), "smith", ""},

		{"a service without a period (XXX)", visit(), onDay(day, line("50001", 1)), "smith", ""},
		{"maternity care (MMM)", visit(), onDay(day, line("50002", 1)), "smith", ""},
		{"what the payer decides (YYY)", visit(), onDay(day, line("50003", 1)), "smith", ""},
		{"what is added to another (ZZZ)", visit(), onDay(day, line("50004", 1)), "smith", ""},
	} {
		mine, other := dated(claimOf(nil, row.line)), dated(beside(row.by, row.operation))
		if days := scrub.Window(mine); row.want != "" && !days.Contains(row.operation.ServiceDate) {
			t.Errorf("%s: nobody would read the operation of %s", row.name, row.operation.ServiceDate)
		}
		if got := noticed("scrub.global-period", scrub.Subject{Claim: mine, Others: []models.Claim{other}, Books: periods(t)}); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

// TestTheReleaseOfTheLaterServiceSaysThePeriod holds that a period goes by the schedule of the visit's own day.
func TestTheReleaseOfTheLaterServiceSaysThePeriod(t *testing.T) {
	for last, want := range map[models.Date]string{"2026-03-31": "warning item[1].modifier", "2026-04-01": ""} {
		c := dated(claimOf(nil, onDay("2026-03-28", line("40010", 1)), onDay(last, line("99213", 1))))
		if got := noticed("scrub.global-period", scrub.Subject{Claim: c, Books: periods(t)}); got != want {
			t.Errorf("a visit on %s: %q, want %q", last, got, want)
		}
	}
}

// TestWhatIsPaidBesideAnotherStandsBesideOne holds the services that the fee schedule adds to others.
func TestWhatIsPaidBesideAnotherStandsBesideOne(t *testing.T) {
	alone, beside := claimOf(nil, line("50004", 1)), claimOf(nil, line("50004", 1), line("40000", 1))
	if got := noticed("scrub.add-on", scrub.Subject{Claim: alone, Books: periods(t)}); got != "warning item[0].productOrService" {
		t.Errorf("alone: %q", got)
	}
	if got := noticed("scrub.add-on", scrub.Subject{Claim: beside, Books: periods(t)}); got != "" {
		t.Errorf("beside another: %q", got)
	}
}

// TestAVisitIsDoneWhereItsCodeSays holds codes of visits against the place of service.
func TestAVisitIsDoneWhereItsCodeSays(t *testing.T) {
	const warns = "warning item[0].productOrService"
	for _, row := range []struct{ code, place, want string }{
		{"99213", "11", ""}, {"99213", "22", ""}, {"99213", "02", ""}, {"99213", "10", ""}, {"99213", "19", ""}, {"99213", "23", ""}, {"99213", "21", warns}, {"99215", "31", warns},
		{"99221", "21", ""}, {"99221", "22", ""}, {"99239", "11", warns}, {"99239", "21", ""},
		{"99283", "23", ""}, {"99283", "11", warns},
		{"99304", "31", ""}, {"99304", "32", ""}, {"99304", "11", warns},
		{"99341", "12", ""}, {"99350", "13", ""}, {"99350", "11", warns},
		{"93000", "21", ""}, {"99213", "", ""},
	} {
		if got := noticed("scrub.service-place", scrub.Subject{Claim: placed(row.place, claimOf(nil, line(row.code, 1)))}); got != row.want {
			t.Errorf("%s in %s: %q, want %q", row.code, row.place, got, row.want)
		}
	}
}

// TestAKnownPatientIsNotNew holds the three years to the day.
func TestAKnownPatientIsNotNew(t *testing.T) {
	const warns = "warning item[0].productOrService"
	for _, row := range []struct {
		name  string
		code  string
		seen  models.Date
		by    models.PractitionerID
		other string
		want  string
	}{
		{"seen the day before", "99203", "2026-03-01", "smith", "99213", warns},
		{"seen three years less a day before", "99203", "2023-03-03", "smith", "99213", warns},
		{"seen three years before", "99203", "2023-03-02", "smith", "99213", ""},
		{"seen later", "99203", "2026-03-03", "smith", "99213", ""},
		{"seen on the same day", "99203", "2026-03-02", "smith", "99213", ""},
		{"another provider's patient", "99203", "2026-03-01", "jones", "99213", ""},
		{"a test is no visit", "99203", "2026-03-01", "smith", "93000", ""},
		{"a visit of an established patient", "99213", "2026-03-01", "smith", "99213", ""},
		{"a new patient of the preventive visits", "99385", "2026-03-01", "smith", "99213", warns},
	} {
		mine, other := dated(claimOf(nil, line(row.code, 1))), dated(beside(row.by, onDay(row.seen, line(row.other, 1))))
		if row.want != "" && !scrub.Window(mine).Contains(row.seen) {
			t.Errorf("%s: nobody would read it", row.name)
		}
		if got := noticed("scrub.new-patient", scrub.Subject{Claim: mine, Others: []models.Claim{other}}); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

// TestOnlyANewPatientIsLookedUpForYears holds that most claims read a season of the patient's and no more.
func TestOnlyANewPatientIsLookedUpForYears(t *testing.T) {
	if got := scrub.Window(dated(claimOf(nil, line("99213", 1)))); got != (models.Span{From: "2025-12-02", Until: "2026-03-03"}) {
		t.Errorf("a visit looks at %v", got)
	}
}
