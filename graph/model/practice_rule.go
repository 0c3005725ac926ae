package model

import "medbill/models"

type (
	// PracticeRule is a version of a rule that a practice wrote.
	PracticeRule struct{ row models.PracticeRule }
	// RuleExample is a claim that it is tried on.
	RuleExample struct{ row models.RuleExample }
)

// PracticeRulesOf shows rules.
func PracticeRulesOf(rows []models.PracticeRule) []PracticeRule {
	rules := make([]PracticeRule, len(rows))
	for i, row := range rows {
		rules[i] = PracticeRule{row}
	}
	return rules
}

// Rule is what it is called.
func (r PracticeRule) Rule() string { return string(r.row.ID) }

// Version counts from 1.
func (r PracticeRule) Version() int { return r.row.Version }

// State says whether it acts.
func (r PracticeRule) State() models.RuleState { return r.row.State }

// Title is what it is about.
func (r PracticeRule) Title() string { return r.row.Title }

// Text is what it says.
func (r PracticeRule) Text() string { return r.row.Text }

// EachLine says what it is asked of.
func (r PracticeRule) EachLine() bool { return r.row.EachLine }

// When is the condition.
func (r PracticeRule) When() string { return r.row.Condition }

// Action is what it does.
func (r PracticeRule) Action() string { return string(r.row.Action) }

// Value is the modifier or the queue.
func (r PracticeRule) Value() *string { return given(r.row.Value) }

// From is the first day.
func (r PracticeRule) From() *string { return given(string(r.row.ValidFrom)) }

// Until is the last day.
func (r PracticeRule) Until() *string { return given(string(r.row.ValidUntil)) }

// By is who wrote it.
func (r PracticeRule) By() User { return User{r.row.Who} }

// At is when.
func (r PracticeRule) At() string { return r.row.At.String() }

// Examples gives what it is tried on.
func (r PracticeRule) Examples() []RuleExample {
	examples := make([]RuleExample, len(r.row.Examples))
	for i, e := range r.row.Examples {
		examples[i] = RuleExample{e}
	}
	return examples
}

// Name is what it shows.
func (e RuleExample) Name() string { return e.row.Name }

// Claim is the claim.
func (e RuleExample) Claim() JSON { return JSON(e.row.Claim) }

// Finds gives the lines.
func (e RuleExample) Finds() []int { return append([]int{}, e.row.Finds...) }
