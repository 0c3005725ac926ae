package practice_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/internal/practice"
	"medbill/models"
	"medbill/models/fault"
)

// saturday is a rule that sets a modifier, with the examples that a practice would write.
func saturday(change ...func(*models.PracticeRule)) models.PracticeRule {
	r := models.PracticeRule{
		ID: "saturday", Version: 1, Title: "A visit on a Saturday goes out with the modifier U1.", Text: "Our contract with Acme pays more for it.",
		When: `payer.id == "acme" && line.weekday == "saturday" && line.code >= "99202" && line.code <= "99215"`,
		Each: models.ReachLine, Action: models.RuleModifier, Argument: "U1",
		Examples: []models.RuleExample{
			{Title: "a visit on a Saturday", View: `{"payer":{"id":"acme"},"claim":{"lines":[{"code":"85025","date":"2026-02-28"},{"code":"99213","date":"2026-02-28"}]}}`, Acts: []string{"line 2"}},
			{Title: "on a Friday", View: `{"payer":{"id":"acme"},"claim":{"lines":[{"code":"99213","date":"2026-02-27"}]}}`},
			{Title: "with four modifiers", View: `{"payer":{"id":"acme"},"claim":{"lines":[{"code":"99213","date":"2026-02-28","modifiers":["25","U2","U3","U4"]}]}}`, Acts: []string{"line 1 held"}},
		},
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

func when(condition string) func(*models.PracticeRule) {
	return func(r *models.PracticeRule) { r.When = condition }
}

// refusal gives codes, places and texts of a refusal in one line.
func refusal(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return ""
	}
	var said []string
	for _, i := range f.Issues {
		said = append(said, i.Code+" at "+i.Path+": "+i.Text)
	}
	return strings.Join(said, "; ")
}

// TestARuleIsRefusedWhereItIsWrong holds that whatever is wrong with a rule is said at its place, and a condition's with line and column.
func TestARuleIsRefusedWhereItIsWrong(t *testing.T) {
	example := func(view string, acts ...string) func(*models.PracticeRule) {
		return func(r *models.PracticeRule) {
			r.Examples = append([]models.RuleExample{{Title: "one", View: view, Acts: acts}}, r.Examples...)
		}
	}
	for _, row := range []struct {
		name   string
		change func(*models.PracticeRule)
		want   string
	}{
		{"a right one", nil, ""},
		{"a misspelt variable", when("\n lien.code == 'x'"), "rule.condition at when: Line 2, column 2: there is no such variable"},
		{"a misspelt field", when("line.cod == 'x'"), "rule.condition at when: Line 1, column 5: there is no such field"},
		{"values that do not compare", when("line.code > 5"), "They are (string, int)."},
		{"no CEL", when("line.code ="), "this is no CEL"},
		{"no condition", when(" "), "The condition is empty"},
		{"no yes or no", when("line.code"), "not true or false"},
		{"a pattern that is none", when("line.code.matches('[')"), "pattern"},
		{"a pattern that is a bomb", when("line.code.matches('((a{0,100}){0,100}){0,100}')"), "pattern"},
		{"a pattern that is large", when("line.code.matches('((a{0,30}){0,30})')"), "pattern"},
		{"a loop within loops", when("claim.lines.all(a, claim.lines.all(b, claim.lines.all(c, a.code == c.code)))"), "loop"},
		{"one that nests deep", when(strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100)), "rule.condition at when: "},
		{"a long one", when("line.code == '" + strings.Repeat("x", 2000) + "'"), "more than 2000 characters"},
		{"loops that take long", when("claim.lines.exists(a, claim.lines.exists(b, (a.code + b.code + a.code + b.code).contains('99') && (b.code + a.code).matches('^9+(8|7)*$') && (b.code + a.code).matches('^9+(8|6)*$')))"), "may take too long"},
		{"no reach", func(r *models.PracticeRule) { r.Each = "" }, "value at each"},
		{"a line in a rule on claims", func(r *models.PracticeRule) { r.Each, r.Action, r.Argument = models.ReachClaim, models.RuleHold, "" }, "no such variable"},
		{"a modifier on a claim", func(r *models.PracticeRule) { r.Each, r.When = models.ReachClaim, "true" }, "value at each: A modifier stands on a line"},
		{"a modifier that is none", func(r *models.PracticeRule) { r.Argument = "u1" }, "value at argument"},
		{"a queue that is none", func(r *models.PracticeRule) { r.Action, r.Argument = models.RuleRoute, "Not Here" }, "value at argument"},
		{"an action that is none", func(r *models.PracticeRule) { r.Action = "shout" }, "value at action"},
		{"an argument for nothing", func(r *models.PracticeRule) { r.Action = models.RuleHold }, "value at argument"},
		{"a name that is none", func(r *models.PracticeRule) { r.ID = "Saturday!" }, "value at id"},
		{"no title", func(r *models.PracticeRule) { r.Title = "" }, "value at title"},
		{"no reason", func(r *models.PracticeRule) { r.Text = "" }, "value at text"},
		{"days that are none", func(r *models.PracticeRule) { r.From, r.Until = "2026-02-30", "tomorrow" }, "value at validFrom: The date must name the day, as in 2026-03-02.; value at validUntil"},
		{"days in the wrong order", func(r *models.PracticeRule) { r.From, r.Until = "2026-03-02", "2026-03-01" }, "value at validUntil: The last day is before the first."},
		{"no examples", func(r *models.PracticeRule) { r.Examples = nil }, "rule.example at example: No example shows the rule at work"},
		{"examples on which it never acts", func(r *models.PracticeRule) { r.Examples = r.Examples[1:2] }, "No example shows the rule at work"},
		{"an example that expects something else", example(`{"claim":{"lines":[{"code":"99213"}]}}`, "line 1"), "rule.example at example[0]: The rule acts on nothing, and the example says line 1"},
		{"an example without its title", func(r *models.PracticeRule) { r.Examples[0].Title = "" }, "value at example[0].title"},
		{"an example that is no JSON", example(`{"claim":`), "value at example[0].view: This is no JSON"},
		{"an example with an unknown element", example(`{"claim":{"lnes":[]}}`), "value at example[0].view: An element is none"},
		{"an example with a wrong value", example(`{"claim":{"billed":"12.00"}}`), "value at example[0].view.claim.billed: The element has another type"},
		{"an example with two claims", example(`{} {}`), "value at example[0].view: Something stands after"},
		{"an example at no place", example(`{}`, "everywhere"), "value at example[0].acts"},
		{"a large example", example(`{"payer":{"name":"` + strings.Repeat("x", 20_000) + `"}}`), "value at example[0].view: The claim has more than"},
	} {
		r := saturday()
		if row.change != nil {
			row.change(&r)
		}
		got := refusal(practice.Check(r))
		if (row.want == "") != (got == "") || !strings.Contains(got, row.want) {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

// TestARefusalSaysNothingOfWhatWasSent holds that no word of a condition or an example comes back.
func TestARefusalSaysNothingOfWhatWasSent(t *testing.T) {
	for _, condition := range []string{"CANARY.x", "line.CANARY", "line.code == CANARY(1)", "'CANARY' > 1", "CANARY CANARY", "line.code.matches('CANARY[')", "timestamp('CANARY') > timestamp('CANARY')"} {
		r := saturday(when(condition))
		r.Examples[0].View = `{"CANARY":1}`
		if got := refusal(practice.Check(r)); got == "" || strings.Contains(got, "CANARY") {
			t.Errorf("%s: %q", condition, got)
		}
	}
}

// TestAModifierStandsBesideNoneThatContradicts holds where a rule's modifier goes.
func TestAModifierStandsBesideNoneThatContradicts(t *testing.T) {
	for _, row := range []struct {
		have, one, want string
		ok              bool
	}{
		{"", "25", "25", true},
		{"25", "25", "25", true},
		{"25 59", "GA", "25 59 GA", true},
		{"26", "TC", "26", false},
		{"RT", "50", "RT", false},
		{"LT", "RT", "LT", false},
		{"XS", "59", "XS", false},
		{"25 59 GA U1", "U2", "25 59 GA U1", false},
		{"25 59 GA U1", "GA", "25 59 GA U1", true},
	} {
		got, ok := practice.With(strings.Fields(row.have), row.one)
		if strings.Join(got, " ") != row.want || ok != row.ok {
			t.Errorf("%s with %s: %v %v, want %s %v", row.have, row.one, got, ok, row.want, row.ok)
		}
	}
}

// long is a claim of so many lines.
func long(lines int) practice.View {
	v := practice.View{Claim: practice.Claim{From: "2026-03-02"}}
	for i := range lines {
		v.Claim.Lines = append(v.Claim.Lines, practice.Line{Number: int64(i + 1), Code: "99213", Date: "2026-03-02"})
	}
	return v
}

// TestARuleEnds holds that the dearest conditions that may be saved are broken off on the longest claim, and say so.
func TestARuleEnds(t *testing.T) {
	for _, condition := range []string{
		`claim.lines.exists(a, claim.lines.exists(b, a.code != b.code))`,
		`claim.lines.exists(l, (l.code + line.code).matches("^9(9|8)*$"))`,
	} {
		r := saturday(when(condition))
		r.Examples[0].Acts, r.Examples[1].Acts, r.Examples[2].Acts = nil, nil, nil
		if err := practice.CheckCondition(r); err != nil {
			t.Errorf("%s is refused: %s", condition, refusal(err))
		}
		outcomes := practice.NewBook(r).Run(long(999), practice.Setting)
		if len(outcomes) != 1 || outcomes[0].Problem != practice.TooLong {
			t.Errorf("%s on a long claim comes to %d outcomes, %v", condition, len(outcomes), outcomes[:min(1, len(outcomes))])
		}
	}
}

// TestARuleThatIsNoneAnyMoreHolds holds that what another version of the program saved is not passed over.
func TestARuleThatIsNoneAnyMoreHolds(t *testing.T) {
	for _, reach := range models.RuleReaches {
		r := saturday(when("no.such(thing)"))
		r.Each = reach
		if got := practice.NewBook(r).Run(long(2), practice.Setting); len(got) != 1 || got[0].Problem != practice.Broken {
			t.Errorf("each %s: %v", reach, got)
		}
	}
}

// TestARuleOutOfForceChangesNothing holds it for any days, of lines and of claims.
func TestARuleOutOfForceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) models.Date {
			return models.Date("2026-01-01").AddDays(rapid.IntRange(0, 60).Draw(t, name))
		}
		r := saturday(when("true"))
		r.Each, r.Action, r.Argument = rapid.SampledFrom(models.RuleReaches).Draw(t, "each"), models.RuleHold, ""
		r.From, r.Until = day("from"), day("until")
		v := long(rapid.IntRange(1, 5).Draw(t, "lines"))
		v.Claim.From = string(day("first"))
		var want []int
		for i := range v.Claim.Lines {
			v.Claim.Lines[i].Date = string(day("day"))
			if r.Each == models.ReachLine && r.Span().Contains(models.Date(v.Claim.Lines[i].Date)) {
				want = append(want, i)
			}
		}
		if r.Each == models.ReachClaim && r.Span().Contains(models.Date(v.Claim.From)) {
			want = append(want, practice.Whole)
		}
		var got []int
		for _, o := range practice.NewBook(r).Run(v, practice.Judging) {
			got = append(got, o.Line)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s from %s until %s acts on %v, want %v", r.Each, r.From, r.Until, got, want)
		}
	})
}

// FuzzARuleIsReadOrRefused holds that nothing that is sent as a rule breaks the program, and that what is kept is what it says on its examples.
func FuzzARuleIsReadOrRefused(f *testing.F) {
	f.Add(`line.code == "93000"`, `{"claim":{"lines":[{"code":"93000"}]}}`, "line 1")
	f.Add(`claim.lines.exists(l, l.code.matches("^9") && l.units > 1)`, `{"claim":{"lines":[{"code":"93000","units":1.5}]}}`, "claim")
	f.Add(`days(claim.from, claim.until) > 3`, `{"claim":{"from":"2026-03-02","until":"2026-03-09"}}`, "claim")
	f.Add(`{`, `[]`, "line -1 held")
	f.Fuzz(func(t *testing.T, condition, view, acts string) {
		for _, each := range models.RuleReaches {
			r := saturday(when(condition))
			r.Each, r.Action, r.Argument = each, models.RuleHold, ""
			r.Examples = []models.RuleExample{{Title: "one", View: view, Acts: []string{acts}}}
			if practice.Check(r) == nil && (acts != "claim") == (each == models.ReachClaim) {
				t.Errorf("%q each %s acts on %q", condition, each, acts)
			}
		}
	})
}
