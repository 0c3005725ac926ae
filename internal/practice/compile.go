package practice

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"

	"medbill/models"
	"medbill/models/fault"
)

// What a condition may be and cost. A unit of CEL's cost is a look at a value, or at ten characters of one.
const (
	// conditionCharsMax is more than a rule that people understand has.
	conditionCharsMax = 2000
	// depthMax and loopsMax bound how deep a condition nests.
	depthMax = 40
	loopsMax = 3
	// regexStepsMax bounds the program that a pattern is compiled to.
	regexStepsMax = 500
	// costMax bounds one run: some five milliseconds. A condition that may cost more on a claim of fifty lines is refused when it is
	// saved; one that does on a longer claim holds that.
	costMax = 100_000
	// claimCostMax bounds a rule on all lines of one claim, and bookCostMax all rules of a stage: some 60 ms, as the case is locked meanwhile.
	claimCostMax = 500_000
	bookCostMax  = 1_000_000
	// textCharsUsual and codesUsual are how long texts and lists are taken to be when a condition is weighed before it runs.
	textCharsUsual = 64
	codesUsual     = 25
)

// environment is what conditions of one reach may name.
func environment(each models.RuleReach) (*cel.Env, error) {
	named := func(name string) *cel.Type { return cel.ObjectType("practice." + name) }
	options := []cel.EnvOption{
		ext.NativeTypes(reflect.TypeFor[Claim](), reflect.TypeFor[Line](), reflect.TypeFor[Patient](), reflect.TypeFor[Payer](), reflect.TypeFor[Provider](),
			ext.ParseStructTag("json")),
		ext.Sets(),
		cel.Variable("claim", named("Claim")), cel.Variable("patient", named("Patient")), cel.Variable("payer", named("Payer")),
		cel.Variable("billing", named("Provider")), cel.Variable("rendering", named("Provider")),
		cel.Function("days", cel.Overload("days_between", []*cel.Type{cel.StringType, cel.StringType}, cel.IntType, cel.BinaryBinding(daysBetween))),
		cel.CrossTypeNumericComparisons(true), cel.EagerlyValidateDeclarations(true),
		cel.ParserRecursionLimit(depthMax), cel.ParserExpressionSizeLimit(conditionCharsMax),
		cel.ASTValidators(cel.ValidateRegexLiterals(), cel.ValidateRegexProgramSizeLimit(regexStepsMax), cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(),
			cel.ValidateHomogeneousAggregateLiterals(), cel.ValidateComprehensionNestingLimit(loopsMax)),
	}
	if each == models.ReachLine {
		options = append(options, cel.Variable("line", named("Line")))
	}
	return cel.NewEnv(options...)
}

// environments are made once: that takes longer than a thousand runs.
var environments = map[models.RuleReach]func() (*cel.Env, error){
	models.ReachClaim: sync.OnceValues(func() (*cel.Env, error) { return environment(models.ReachClaim) }),
	models.ReachLine:  sync.OnceValues(func() (*cel.Env, error) { return environment(models.ReachLine) }),
}

// daysBetween gives the days from one day to a later one.
func daysBetween(from, until ref.Val) ref.Val {
	a, isText := from.(types.String)
	b, isTextToo := until.(types.String)
	if !isText || !isTextToo {
		return types.MaybeNoSuchOverloadErr(from)
	}
	if _, ok := models.ParseDate(string(a)); !ok {
		return types.NewErr("a day is none")
	}
	if _, ok := models.ParseDate(string(b)); !ok {
		return types.NewErr("a day is none")
	}
	return types.Int(models.Date(a).DaysUntil(models.Date(b)))
}

// compile makes a condition ready to run. It refuses (Invalid, rule.condition) what is no condition over a claim, with where and why,
// and what may cost too much.
func compile(each models.RuleReach, condition string) (cel.Program, error) {
	if utf8.RuneCountInString(condition) > conditionCharsMax {
		return nil, refused(fmt.Sprintf("The condition has more than %d characters; make two rules of it.", conditionCharsMax))
	}
	if strings.TrimSpace(condition) == "" {
		return nil, refused("The condition is empty; write when the rule applies.")
	}
	make, known := environments[each]
	if !known {
		return nil, refused("The condition looks at nothing; say each line or claim.")
	}
	env, err := make()
	if err != nil {
		return nil, err
	}
	tree, issues := env.Compile(condition)
	if issues.Err() != nil {
		return nil, fault.Of(fault.Invalid, explained(issues.Errors()))
	}
	if tree.OutputType() != cel.BoolType {
		return nil, refused("The condition is not true or false; it has to compare something.")
	}
	weight, err := env.EstimateCost(tree, sizes{})
	if err != nil || weight.Max > costMax {
		return nil, refused("The condition may take too long on a claim of fifty lines; leave out a loop within a loop, or a long text.")
	}
	program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(costMax))
	if err != nil {
		return nil, refused("The condition cannot be run; simplify it.")
	}
	return program, nil
}

func refused(text string) error {
	return fault.At(fault.Invalid, codeCondition, "when", text)
}

const codeCondition = "rule.condition"

// issuesMax bounds what is said of one condition.
const issuesMax = 10

// explained says where in a condition what is wrong, without its text.
func explained(errors []*common.Error) []fault.Issue {
	var issues []fault.Issue
	for _, e := range errors[:min(len(errors), issuesMax)] {
		where := "The condition: "
		if e.Location != nil && e.Location.Line() > 0 {
			where = fmt.Sprintf("Line %d, column %d: ", e.Location.Line(), e.Location.Column()+1)
		}
		issues = append(issues, fault.Issue{Code: codeCondition, Path: "when", Text: where + meaning(e.Message)})
	}
	return issues
}

// meaning gives what CEL's messages come to, without what they quote.
func meaning(message string) string {
	for _, m := range meanings {
		if strings.Contains(message, m.begins) {
			if _, types, found := strings.Cut(message, "applied to '"); found && m.withTypes {
				return m.text + " They are " + strings.Trim(types, "'") + "."
			}
			return m.text
		}
	}
	return "CEL does not allow this; docs/rules.md shows what a condition may say."
}

var meanings = []struct {
	begins, text string
	withTypes    bool
}{
	{"undeclared reference", "there is no such variable or function here; docs/rules.md names them.", false},
	{"undefined field", "there is no such field; docs/rules.md names them.", false},
	{"no matching overload", "the values do not fit what is done with them.", true},
	{"does not support field selection", "this has no fields.", false},
	{"max recursion depth", "this nests too deep; make two rules of it.", false},
	{"Syntax error", "this is no CEL.", false},
	{"nesting", "there is a loop too many within a loop; three are allowed.", false},
	{"matches", "the pattern is none, or too large.", false},
	{"regex", "the pattern is none, or too large.", false},
	{"type", "the values are not of one type.", false},
}

// sizes is how large the parts of a claim are taken to be when a condition is weighed.
type sizes struct{}

// EstimateSize gives how many items or characters something has at most.
func (sizes) EstimateSize(element cost.AstNode) *cost.SizeEstimate {
	path := element.Path()
	if len(path) == 0 {
		return nil
	}
	switch path[len(path)-1] {
	case "lines":
		return &cost.SizeEstimate{Max: models.ClaimLinesMax}
	case "diagnoses", "modifiers":
		return &cost.SizeEstimate{Max: codesUsual}
	}
	return &cost.SizeEstimate{Max: textCharsUsual}
}

// EstimateCallCost leaves the functions to CEL.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
