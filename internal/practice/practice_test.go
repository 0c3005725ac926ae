package practice_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"medbill/internal/practice"
	"medbill/models"
	"medbill/models/fault"
)

// rule is one that warns of what a condition finds, with an example on which it finds nothing.
func rule(condition string, more func(*models.PracticeRule)) models.PracticeRule {
	r := models.PracticeRule{
		ID: "a-rule", Title: "A rule", Text: "Look at this.", Condition: condition, Action: models.RuleWarning,
		Examples: models.List[models.RuleExample]{{Name: "nothing", Claim: json.RawMessage(`{}`)}},
	}
	if more != nil {
		more(&r)
	}
	return r
}

// claim is an invented claim of two lines.
func claim() models.Claim {
	return models.Claim{
		Type: models.ClaimProfessional, InsurerID: "acme", BillingID: "practice", PlaceOfService: "11", ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-02", Billed: 31000,
		Rendering: models.Performer{ID: "doc"}, Diagnoses: []models.ClaimDiagnosis{{Sequence: 1, Code: "I10"}, {Sequence: 2, Code: "E78.5"}},
		Lines: []models.ClaimLine{
			{Sequence: 1, System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02", Billed: 25000},
			{Sequence: 2, System: models.SystemCPT, Code: "93000", Units: models.OneUnit, Pointers: models.Numbers{2}, ServiceDate: "2026-03-02", Billed: 6000},
		},
	}
}

var patient = models.Patient{BirthDate: "1970-03-03", Gender: "female"}

func TestAConditionSeesTheClaim(t *testing.T) {
	for condition, want := range map[string][]int{
		`claim.payer == "acme" && claim.place == "11" && claim.billed == 31000 && claim.type == "professional"`: {0},
		`claim.from < "2026-01-01"`:                                                                        nil,
		`patient.age == 55 && patient.sex == "female"`:                                                     {0},
		`claim.lines.exists(l, l.code == "93000" && !("26" in l.modifiers))`:                               {0},
		`claim.lines.all(l, l.units == 1.0) && size(claim.diagnoses) == 2 && claim.diagnoses[1] == "E785"`: {0},
		`line.code.startsWith("99") && "25" in line.modifiers && line.diagnoses == ["I10"]`:                {1},
		`line.code.matches("^9[0-9]{4}$") && line.provider == "doc" && line.day == claim.from`:             {1, 2},
		`line.billed > 10000 && claim.lines.exists(o, o.number != line.number)`:                            {1},
	} {
		compiled, err := practice.Compile(rule(condition, func(r *models.PracticeRule) {
			r.EachLine = strings.Contains(condition, "line.code") || strings.Contains(condition, "line.billed")
		}))
		if err != nil {
			t.Errorf("%s: %v", condition, err)
			continue
		}
		if got, err := compiled.Finds(practice.Show(claim(), patient)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s finds %v, %v; want %v", condition, got, err, want)
		}
	}
}

// TestABadRuleIsRefusedAtItsPlace holds what is said of a rule before it is kept.
func TestABadRuleIsRefusedAtItsPlace(t *testing.T) {
	example := func(text string, finds ...int) func(*models.PracticeRule) {
		return func(r *models.PracticeRule) {
			r.Examples = models.List[models.RuleExample]{{Name: "one", Claim: json.RawMessage(text), Finds: finds}}
		}
	}
	for _, row := range []struct {
		what string
		rule models.PracticeRule
		path string
		says string
	}{
		{"a name that is none", rule("true", func(r *models.PracticeRule) { r.ID = "A rule" }), "rule", "small letters"},
		{"a misspelt variable", rule("claim.paier == ''", nil), "when", "column 6: what is asked for there has no such name"},
		{"a line in a rule of claims", rule("line.code == ''", nil), "when", "no such variable"},
		{"a number against a text", rule("claim.billed == '1'", nil), "when", "do not go together"},
		{"what says neither yes nor no", rule("claim.billed", nil), "when", "neither yes nor no"},
		{"what is no CEL", rule("claim.billed >", nil), "when", "not how CEL is written"},
		{"a condition that is too long", rule(strings.Repeat("true && ", 600)+"true", nil), "when", "more than 4000"},
		{"no example", rule("true", func(r *models.PracticeRule) { r.Examples = nil }), "example", "1 to 20"},
		{"an example with a misspelt name", rule("false", example(`{"claim":{"paier":"acme"}}`)), "example[0]", "a name or a type is wrong"},
		{"an example that it finds nothing on", rule("claim.payer == 'zenith'", example(`{"claim":{"payer":"acme"}}`, 0)), "example[0]", "finds [] on the example, and it says [0]"},
		{"an example that it cannot be asked of", rule("claim.diagnoses[0] == 'I10'", example(`{}`)), "example[0]", "cannot be asked"},
		{"a modifier that is none", rule("false", func(r *models.PracticeRule) { r.Action, r.Value, r.EachLine = models.RuleSetModifier, "2", true }), "value", "two capital letters"},
		{"a modifier of a claim", rule("false", func(r *models.PracticeRule) { r.Action, r.Value = models.RuleSetModifier, "25" }), "eachLine", "asked of each"},
		{"a queue without a name", rule("false", func(r *models.PracticeRule) { r.Action = models.RuleRoute }), "value", "names a queue"},
		{"a value that nothing takes", rule("false", func(r *models.PracticeRule) { r.Value = "25" }), "value", "Only set-modifier"},
		{"an action that is none", rule("false", func(r *models.PracticeRule) { r.Action = "pay" }), "action", "The action is"},
		{"a day that is none", rule("false", func(r *models.PracticeRule) { r.ValidFrom = "2026" }), "from", ""},
	} {
		err := practice.Check(row.rule)
		f := fault.From(err)
		if err == nil || f.Kind != fault.Invalid || f.Issues[0].Path != row.path || !strings.Contains(f.Issues[0].Text, row.says) {
			t.Errorf("%s: %v at %+v", row.what, err, f)
		}
	}
	if err := practice.Check(rule("claim.billed > 0", nil)); err != nil {
		t.Errorf("a good rule: %v", err)
	}
}

// TestACostlyRuleIsBrokenOff holds that a condition costs no more than it may, however it is written.
func TestACostlyRuleIsBrokenOff(t *testing.T) {
	c := claim()
	for len(c.Lines) < 50 {
		c.Lines = append(c.Lines, c.Lines[1])
	}
	compiled, err := practice.Compile(rule("claim.lines.all(a, claim.lines.all(b, claim.lines.all(c, a.code + b.code + c.code != '')))", nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := compiled.Finds(practice.Show(c, patient)); err == nil || !strings.Contains(err.Error(), "cost") {
		t.Errorf("it is told %v", err)
	}
}

// TestOnlyWhatIsOnActs holds which rules of a book judge and shape a claim.
func TestOnlyWhatIsOnActs(t *testing.T) {
	sets := func(id models.RuleID, state models.RuleState, from models.Date) models.PracticeRule {
		return rule(`line.code == "93000"`, func(r *models.PracticeRule) {
			r.ID, r.State, r.ValidFrom, r.EachLine, r.Action, r.Value = id, state, from, true, models.RuleSetModifier, "59"
		})
	}
	for _, row := range []struct {
		what string
		rule models.PracticeRule
		want models.Codes
	}{
		{"one that is on", sets("a", models.RuleOn, ""), models.Codes{"59"}},
		{"one beside none", rule(`line.code == "93000"`, func(r *models.PracticeRule) {
			r.ID, r.State, r.EachLine, r.Action, r.Value = "a", models.RuleOn, true, models.RuleSetModifier, "XE"
		}), models.Codes{"XE"}},
		{"a draft", sets("a", models.RuleDraft, ""), nil},
		{"one that is off", sets("a", models.RuleOff, ""), nil},
		{"one for later days", sets("a", models.RuleOn, "2026-03-03"), nil},
	} {
		c := claim()
		shaped := practice.NewBook([]models.PracticeRule{row.rule}).Shape(c, patient)
		if !reflect.DeepEqual(shaped.Lines[1].Modifiers, row.want) || c.Lines[1].Modifiers != nil || len(shaped.Lines[0].Modifiers) != 1 {
			t.Errorf("%s puts on %v", row.what, shaped.Lines[1].Modifiers)
		}
	}
	for modifiers, want := range map[string]int{"59": 1, "76": 2, "76 77 RT Q1": 4, "XE": 1} {
		c := claim()
		c.Lines[1].Modifiers = strings.Fields(modifiers)
		xs := rule(`line.code == "93000"`, func(r *models.PracticeRule) {
			r.State, r.EachLine, r.Action, r.Value = models.RuleOn, true, models.RuleSetModifier, "XE"
		})
		if got := practice.NewBook([]models.PracticeRule{xs}).Shape(c, patient).Lines[1].Modifiers; len(got) != want {
			t.Errorf("beside %s it makes %v", modifiers, got)
		}
	}
	broken := practice.NewBook([]models.PracticeRule{rule("no such thing", func(r *models.PracticeRule) { r.State = models.RuleOn })})
	if got := broken.Judge(practice.Show(claim(), patient)); len(got) != 1 || got[0].Err == nil {
		t.Errorf("a rule that does not compile any more says %+v", got)
	}
	var none *practice.Book
	if none.Judge(practice.Show(claim(), patient)) != nil || none.Rule("a") != nil || !reflect.DeepEqual(none.Shape(claim(), patient), claim()) {
		t.Error("no book acts")
	}
}

// BenchmarkTenRules is what ten rules cost a claim.
func BenchmarkTenRules(b *testing.B) {
	var rules []models.PracticeRule
	for i := range 10 {
		rules = append(rules, rule(`line.code.startsWith("99") && !("25" in line.modifiers) && claim.payer == "acme"`, func(r *models.PracticeRule) {
			r.ID, r.State, r.EachLine = models.RuleID(string(rune('a'+i))), models.RuleOn, true
		}))
	}
	book, view := practice.NewBook(rules), practice.Show(claim(), patient)
	for b.Loop() {
		book.Judge(view)
	}
}
