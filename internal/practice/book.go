package practice

import (
	"cmp"
	"errors"
	"strings"
	"sync/atomic"

	"cel.dev/cel-go/cel"

	"medbill/models"
)

// Book is the rules of a practice that are on, compiled. Its rules do not change, and it is safe for concurrent use; nil has no rule.
type Book struct {
	rules []compiled
	steps atomic.Uint64
}

// Steps is how much the rules took since the book was made, in CEL's measure.
func (b *Book) Steps() uint64 { return b.steps.Load() }

// compiled is a rule with its program; without one its condition is none.
type compiled struct {
	rule    models.PracticeRule
	program cel.Program
}

// NewBook compiles rules. One that cannot be compiled stays, and holds every claim that it might apply to: a rule that was saved by
// another version of this program must not fall silent.
func NewBook(rules ...models.PracticeRule) *Book {
	b := &Book{}
	for _, r := range rules {
		program, _ := compile(r.Each, r.When)
		b.rules = append(b.rules, compiled{r, program})
	}
	return b
}

// Stage tells the rules that change a claim from those that judge it as it goes out.
type Stage bool

// The stages.
const (
	Setting Stage = true
	Judging Stage = false
)

// Outcome is a rule that applies to a claim, or to its line of an index from 0, which is Whole for the claim; or one of which nobody knows whether it does, because of a
// Problem.
type Outcome struct {
	Rule    models.PracticeRule
	Line    int
	Problem Problem
}

// Whole stands for the claim in place of a line.
const Whole = -1

// Problem says why a rule could not be asked.
type Problem string

// The problems; "" is none.
const (
	Broken  Problem = "its condition cannot be read any more"
	TooLong Problem = "it takes too long on this claim"
	Failed  Problem = "its condition has no answer for what the claim says"
)

// Run asks the rules of a stage about a claim, in the order of the book. A rule that fails on one line is not asked about the others.
func (b *Book) Run(v View, stage Stage) []Outcome {
	if b == nil {
		return nil
	}
	var outcomes []Outcome
	vars, left := v.variables(), uint64(bookCostMax)
	for i := range b.rules {
		if c := &b.rules[i]; (c.rule.Action == models.RuleModifier) == bool(stage) {
			outcomes = c.run(v, vars, outcomes, &left)
		}
	}
	b.steps.Add(bookCostMax - left)
	return outcomes
}

// variables gives the claim by the names that conditions have for its parts.
func (v *View) variables() map[string]any {
	return map[string]any{"claim": &v.Claim, "patient": &v.Patient, "payer": &v.Payer, "billing": &v.Billing, "rendering": &v.Rendering}
}

// run asks the rule, and takes what that cost off what is left; where nothing is left it takes too long.
func (c *compiled) run(v View, vars map[string]any, outcomes []Outcome, left *uint64) []Outcome {
	if c.rule.Each == models.ReachClaim {
		if !c.rule.Span().Contains(models.Date(v.Claim.From)) {
			return outcomes
		}
		applies, problem := c.ask(vars, left)
		return c.came(outcomes, Whole, applies, problem)
	}
	mine := min(claimCostMax, *left)
	start := mine
	for i := range v.Claim.Lines {
		day := cmp.Or(v.Claim.Lines[i].Date, v.Claim.From)
		if !c.rule.Span().Contains(models.Date(day)) {
			continue
		}
		vars["line"] = &v.Claim.Lines[i]
		applies, problem := c.ask(vars, &mine)
		outcomes = c.came(outcomes, i, applies, problem)
		if problem != "" {
			break
		}
	}
	*left -= start - mine
	delete(vars, "line")
	return outcomes
}

func (c *compiled) came(outcomes []Outcome, line int, applies bool, problem Problem) []Outcome {
	if !applies && problem == "" {
		return outcomes
	}
	return append(outcomes, Outcome{c.rule, line, problem})
}

// ask runs the condition once.
func (c *compiled) ask(vars map[string]any, left *uint64) (applies bool, problem Problem) {
	if c.program == nil {
		return false, Broken
	}
	if *left == 0 {
		return false, TooLong
	}
	result, details, err := c.program.Eval(vars)
	if details != nil && details.ActualCost() != nil {
		*left -= min(*left, *details.ActualCost())
	}
	if err != nil {
		if isTooLong(err) {
			return false, TooLong
		}
		return false, Failed
	}
	applies, isBool := result.Value().(bool)
	if !isBool {
		return false, Failed
	}
	return applies, ""
}

func isTooLong(err error) bool {
	for e := err; e != nil; e = errors.Unwrap(e) {
		if strings.Contains(e.Error(), "cost limit exceeded") {
			return true
		}
	}
	return false
}

// Find gives the rule of the book with an id; false where it has none.
func (b *Book) Find(id string) (models.PracticeRule, bool) {
	if b == nil {
		return models.PracticeRule{}, false
	}
	for i := range b.rules {
		if b.rules[i].rule.ID == id {
			return b.rules[i].rule, true
		}
	}
	return models.PracticeRule{}, false
}
