package practice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"

	"medbill/models"
	"medbill/models/fault"
)

// What a rule may be. The cost is CEL's own measure: a condition that looks at each line for each other one of fifty costs some 20,000. All
// that is asked of one claim has a limit too, because it is asked while the claim's case is locked.
const (
	conditionCharsMax = 4000
	costMax           = 100_000
	costOfClaimMax    = 500_000 // some 30 ms
	examplesMax       = 20
)

// Rule is a version of a rule that can be asked.
type Rule struct {
	models.PracticeRule
	program cel.Program
}

// environments are those of rules that are asked of a claim, and of each line.
var environments = map[bool]*cel.Env{false: environment(), true: environment(cel.Variable("line", cel.ObjectType("practice.Line")))}

func environment(more ...cel.EnvOption) *cel.Env {
	env, err := cel.NewEnv(append([]cel.EnvOption{
		ext.NativeTypes(reflect.TypeFor[Claim](), reflect.TypeFor[Line](), reflect.TypeFor[Patient](), ext.ParseStructTags(true)),
		ext.Strings(), ext.Sets(),
		cel.Variable("claim", cel.ObjectType("practice.Claim")), cel.Variable("patient", cel.ObjectType("practice.Patient")),
	}, more...)...)
	if err != nil {
		panic("practice: " + err.Error()) // the variables are ours
	}
	return env
}

var (
	shapeID       = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)
	shapeModifier = regexp.MustCompile(`^[A-Z0-9]{2}$`)
)

// Check gives everything that is wrong with a rule (Invalid, at the parameter's name): its form, a condition that does not compile or is no
// yes or no, and examples on which it finds something else than they say.
func Check(r models.PracticeRule) error {
	var issues []fault.Issue
	add := func(path, text string) { issues = append(issues, fault.Issue{Code: "value", Path: path, Text: text}) }
	if !shapeID.MatchString(string(r.ID)) {
		add("rule", "A rule is called by 1 to 40 small letters, digits and hyphens.")
	}
	issues = append(issues, fault.IssuesAt("title", models.CheckLine(r.Title))...)
	issues = append(issues, fault.IssuesAt("text", models.CheckText(r.Text))...)
	switch r.Action {
	case models.RuleSetModifier:
		if !shapeModifier.MatchString(r.Value) {
			add("value", "set-modifier puts on a modifier of two capital letters or digits.")
		}
		if !r.EachLine {
			add("eachLine", "A modifier is put on lines, so the rule is asked of each.")
		}
	case models.RuleRoute:
		if !shapeID.MatchString(r.Value) {
			add("value", "route names a queue of 1 to 40 small letters, digits and hyphens.")
		}
	case models.RuleError, models.RuleWarning, models.RuleHold:
		if r.Value != "" {
			add("value", "Only set-modifier and route have a value.")
		}
	default:
		add("action", "The action is error, warning, hold, set-modifier or route.")
	}
	for name, day := range map[string]models.Date{"from": r.ValidFrom, "until": r.ValidUntil} {
		if day != "" {
			issues = append(issues, fault.IssuesAt(name, models.CheckDay(day))...)
		}
	}
	if len(r.Examples) == 0 || len(r.Examples) > examplesMax {
		add("example", fmt.Sprintf("A rule has 1 to %d examples, which it is tried on.", examplesMax))
	}
	compiled, err := Compile(r)
	if err != nil {
		issues = append(issues, fault.IssuesAt("when", err)...)
	} else if len(issues) == 0 {
		issues = compiled.tryExamples()
	}
	return fault.Of(fault.Invalid, issues)
}

// Compile gives a rule that can be asked. It refuses (Invalid, at the condition) what CEL does, with its place.
func Compile(r models.PracticeRule) (*Rule, error) {
	if len(r.Condition) > conditionCharsMax {
		return nil, fault.New(fault.Invalid, "value", fmt.Sprintf("The condition has more than %d characters; split the rule.", conditionCharsMax))
	}
	env := environments[r.EachLine]
	checked, found := env.Compile(r.Condition)
	if found != nil && found.Err() != nil {
		first := found.Errors()[0]
		return nil, fault.New(fault.Invalid, "value", fmt.Sprintf("At line %d, column %d: %s.", first.Location.Line(), first.Location.Column()+1, meaning(first.Message)))
	}
	if checked.OutputType() != cel.BoolType {
		return nil, fault.New(fault.Invalid, "value", "The condition says neither yes nor no; compare something.")
	}
	program, err := env.Program(checked, cel.CostLimit(costMax), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, fault.New(fault.Invalid, "value", "The condition compiles and cannot be asked; look at its patterns.")
	}
	return &Rule{r, program}, nil
}

// meanings are what CEL says of a condition, by words of it, without the condition's own.
var meanings = []struct{ says, means string }{
	{"undefined field", "what is asked for there has no such name"},
	{"undeclared reference", "there is no such variable or function"},
	{"found no matching overload", "the two sides or the arguments are of types that do not go together"},
	{"Syntax error", "this is not how CEL is written"},
}

// meaning tells what CEL says without repeating what was sent.
func meaning(message string) string {
	for _, m := range meanings {
		if strings.Contains(message, m.says) {
			return m.means
		}
	}
	return "CEL does not take it"
}

var errTooCostly = errors.New("the rules cost more than a claim may")

// Finds gives the numbers of the lines on which the rule holds, or of a rule of claims 0 where it holds; err where it could not be asked.
func (r *Rule) Finds(v View) ([]int, error) {
	left := uint64(costOfClaimMax)
	return r.finds(v, &left)
}

// finds takes what it costs off what is left for the claim.
func (r *Rule) finds(v View, left *uint64) ([]int, error) {
	if !r.EachLine {
		holds, err := r.ask(map[string]any{"claim": v.Claim, "patient": v.Patient}, left)
		if err != nil || !holds {
			return nil, err
		}
		return []int{0}, nil
	}
	var lines []int
	for _, line := range v.Claim.Lines {
		holds, err := r.ask(map[string]any{"claim": v.Claim, "patient": v.Patient, "line": line}, left)
		if err != nil {
			return nil, err
		}
		if holds {
			lines = append(lines, int(line.Number))
		}
	}
	return lines, nil
}

func (r *Rule) ask(about map[string]any, left *uint64) (bool, error) {
	said, details, err := r.program.Eval(about)
	cost := uint64(costMax) // where it was broken off
	if err == nil && details.ActualCost() != nil {
		cost = *details.ActualCost()
	}
	if cost > *left {
		*left = 0
		return false, errTooCostly
	}
	*left -= cost
	if err != nil {
		return false, err
	}
	holds, _ := said.Value().(bool)
	return holds, nil
}

// IsInForce reports whether the rule is for services of a day.
func (r *Rule) IsInForce(day models.Date) bool {
	return models.Span{From: r.ValidFrom, Until: r.ValidUntil}.Contains(day)
}

// tryExamples gives the examples on which the rule finds something else than they say.
func (r *Rule) tryExamples() []fault.Issue {
	var issues []fault.Issue
	for i, e := range r.Examples {
		path := fmt.Sprintf("example[%d]", i)
		var v View
		d := json.NewDecoder(bytes.NewReader(e.Claim))
		d.DisallowUnknownFields()
		if err := d.Decode(&v); err != nil {
			issues = append(issues, fault.Issue{Code: "value", Path: path, Text: "The claim of the example is not one as rules see them: a name or a type is wrong; docs/rules.md has the variables."})
			continue
		}
		for n := range v.Claim.Lines {
			v.Claim.Lines[n].Number = int64(n + 1)
		}
		finds, err := r.Finds(v)
		switch {
		case err != nil:
			issues = append(issues, fault.Issue{Code: "value", Path: path, Text: "The condition cannot be asked of the example: it looks for what is not there, or costs too much."})
		case !slices.Equal(finds, e.Finds):
			issues = append(issues, fault.Issue{Code: "business-rule", Path: path, Text: fmt.Sprintf("The rule finds %v on the example, and it says %v.", finds, e.Finds)})
		}
	}
	return issues
}
