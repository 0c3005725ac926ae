package practice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"medbill/models"
	"medbill/models/fault"
)

const (
	examplesMax = 50
	// viewBytesMax bounds the claim of an example.
	viewBytesMax = 20_000
)

// Check refuses (Invalid) what is no rule, each fault at its place, and (BusinessRule, rule.example) a rule that does something else on
// its examples than they say. There has to be one on which it acts.
func Check(r models.PracticeRule) error {
	issues := slices.Concat(checkWords(r), checkAction(r), checkDays(r))
	program, err := compile(r.Each, r.When)
	if err := fault.Of(fault.Invalid, slices.Concat(issues, fault.IssuesAt("when", err))); err != nil {
		return err
	}
	return tryExamples(compiled{r, program})
}

// CheckCondition refuses what is no rule to try: like Check, but for words and examples, which one may have that is not saved yet.
func CheckCondition(r models.PracticeRule) error {
	_, err := compile(r.Each, r.When)
	return fault.Of(fault.Invalid, slices.Concat(checkAction(r), checkDays(r), fault.IssuesAt("when", err)))
}

func checkWords(r models.PracticeRule) []fault.Issue {
	var issues []fault.Issue
	if !models.IsLabel(r.ID) {
		issues = append(issues, fault.Issue{Code: "value", Path: "id", Text: fmt.Sprintf("A rule is named by 1 to %d small letters, digits and hyphens.", models.LabelCharsMax)})
	}
	issues = append(issues, fault.IssuesAt("title", models.CheckLine(r.Title))...)
	return append(issues, fault.IssuesAt("text", models.CheckText(r.Text))...)
}

func checkAction(r models.PracticeRule) []fault.Issue {
	var issues []fault.Issue
	add := func(path, text string) { issues = append(issues, fault.Issue{Code: "value", Path: path, Text: text}) }
	if !slices.Contains(models.RuleReaches, r.Each) {
		add("each", "A rule looks at each line or at each claim; write line or claim.")
	}
	switch {
	case !slices.Contains(models.RuleActions, r.Action):
		add("action", "The action must be error, hold, warning, set-modifier or route.")
	case r.Action == models.RuleModifier && !isModifier(r.Argument):
		add("argument", "A modifier has two capital letters or digits.")
	case r.Action == models.RuleModifier && r.Each != models.ReachLine:
		add("each", "A modifier stands on a line; write line.")
	case r.Action == models.RuleRoute && !models.IsLabel(r.Argument):
		add("argument", fmt.Sprintf("A queue is coder, biller, frontdesk or manager, or a label of 1 to %d small letters, digits and hyphens.", models.LabelCharsMax))
	case !r.Action.TakesArgument() && r.Argument != "":
		add("argument", "The action takes nothing; leave it out.")
	}
	return issues
}

func checkDays(r models.PracticeRule) []fault.Issue {
	var issues []fault.Issue
	for _, end := range []struct {
		path string
		day  models.Date
	}{{"validFrom", r.From}, {"validUntil", r.Until}} {
		if end.day != "" {
			issues = append(issues, fault.IssuesAt(end.path, models.CheckDay(end.day))...)
		}
	}
	if len(issues) == 0 && r.From != "" && r.Until != "" && r.Until < r.From {
		issues = append(issues, fault.Issue{Code: "value", Path: "validUntil", Text: "The last day is before the first."})
	}
	return issues
}

// tryExamples runs the rule over its examples.
func tryExamples(c compiled) error {
	if len(c.rule.Examples) > examplesMax {
		return fault.At(fault.Invalid, "value", "example", fmt.Sprintf("A rule has at most %d examples.", examplesMax))
	}
	var unread, otherwise []fault.Issue
	acts := false
	for i, e := range c.rule.Examples {
		at := fmt.Sprintf("example[%d]", i)
		unread = append(unread, fault.IssuesAt(at+".title", models.CheckLine(e.Title))...)
		v, err := exampleView(e)
		if err != nil {
			unread = append(unread, viewIssue(at, err))
			continue
		}
		said, want := c.acts(v), slices.Sorted(slices.Values(e.Acts))
		if acts = acts || len(want) > 0; !slices.Equal(said, want) {
			otherwise = append(otherwise, fault.Issue{Code: "rule.example", Path: at, Text: fmt.Sprintf("The rule acts on %s, and the example says %s; correct one of them.", list(said), list(want))})
		}
	}
	if err := fault.Of(fault.Invalid, unread); err != nil {
		return err
	}
	if !acts && len(otherwise) == 0 {
		otherwise = append(otherwise, fault.Issue{Code: "rule.example", Path: "example", Text: "No example shows the rule at work; add a small claim on which it acts."})
	}
	return fault.Of(fault.BusinessRule, otherwise)
}

func exampleView(e models.RuleExample) (View, error) {
	if len(e.View) > viewBytesMax {
		return View{}, errView{"", fmt.Sprintf("The claim has more than %d bytes; a small one shows the same.", viewBytesMax)}
	}
	v, err := readView(e.View)
	for _, place := range e.Acts {
		if err == nil && !isPlace(place) {
			return v, errView{"acts", "Where a rule acts is claim, or line and a number; where its modifier cannot stand, line, a number and held."}
		}
	}
	return v, err
}

func viewIssue(at string, err error) fault.Issue {
	var wrong errView
	if !errors.As(err, &wrong) {
		return fault.Issue{Code: "value", Path: at + ".view", Text: "The claim cannot be read."}
	}
	if wrong.where == "acts" {
		return fault.Issue{Code: "value", Path: at + ".acts", Text: wrong.text}
	}
	return fault.Issue{Code: "value", Path: strings.TrimSuffix(at+".view."+wrong.where, "."), Text: wrong.text}
}

func isPlace(place string) bool {
	n := 0
	_, err := fmt.Sscanf(strings.TrimSuffix(place, " held"), "line %d", &n)
	return place == placeOf(Whole) || err == nil && (place == placeOf(n-1) || place == placeOf(n-1)+held)
}

// held stands behind a line whose modifier cannot be set.
const held = " held"

// placeOf names the claim, or a line by its number, as examples do.
func placeOf(line int) string {
	if line == Whole {
		return "claim"
	}
	return fmt.Sprintf("line %d", line+1)
}

// acts says where a rule acts on a claim; a problem is said as well, as nobody may expect one.
func (c *compiled) acts(v View) []string {
	var places []string
	left := uint64(claimCostMax)
	for _, o := range c.run(v, v.variables(), nil, &left) {
		place := placeOf(o.Line)
		switch {
		case o.Problem != "":
			place += ", where " + string(o.Problem)
		case o.Rule.Action == models.RuleModifier:
			if _, ok := With(v.Claim.Lines[o.Line].Modifiers, o.Rule.Argument); !ok {
				place += held
			}
		}
		places = append(places, place)
	}
	slices.Sort(places)
	return places
}

func list(places []string) string {
	if len(places) == 0 {
		return "nothing"
	}
	return strings.Join(places, ", ")
}
