package model

import (
	"medbill/billing"
	"medbill/internal/practice"
	"medbill/models"
)

// What a practice's own rules are and would do.
type (
	// PracticeRule is one version.
	PracticeRule struct{ row models.PracticeRule }
	// PracticeRuleTrial is what a rule would do.
	PracticeRuleTrial struct{ row billing.RuleTried }
	// PracticeRuleHit is a claim on which it would act.
	PracticeRuleHit struct {
		row    billing.RuleHit
		beside *billing.RuleTried
	}
	// PracticeRuleFinding is what would come of it.
	PracticeRuleFinding struct{ row models.Finding }
)

// PracticeRuleOf shows a version.
func PracticeRuleOf(row models.PracticeRule) *PracticeRule { return &PracticeRule{row} }

// PracticeRulesOf shows versions.
func PracticeRulesOf(rows []models.PracticeRule) []PracticeRule {
	list := make([]PracticeRule, len(rows))
	for i, row := range rows {
		list[i] = PracticeRule{row}
	}
	return list
}

// ID is the practice's name for the rule.
func (r PracticeRule) ID() string { return r.row.ID }

// Version counts from 1.
func (r PracticeRule) Version() int { return r.row.Version }

// State says whether it acts.
func (r PracticeRule) State() models.RuleState { return r.row.State }

// Title is what its finding says.
func (r PracticeRule) Title() string { return r.row.Title }

// Text says why.
func (r PracticeRule) Text() string { return r.row.Text }

// When is the condition.
func (r PracticeRule) When() string { return r.row.When }

// Each is what it looks at.
func (r PracticeRule) Each() models.RuleReach { return r.row.Each }

// Action is what comes of it.
func (r PracticeRule) Action() models.RuleAction { return r.row.Action }

// Argument is nil where the action takes none.
func (r PracticeRule) Argument() *string { return given(r.row.Argument) }

// ValidFrom is nil where it holds since ever.
func (r PracticeRule) ValidFrom() *string { return given(r.row.From) }

// ValidUntil is nil where it does not end.
func (r PracticeRule) ValidUntil() *string { return given(r.row.Until) }

// Examples are those beside it.
func (r PracticeRule) Examples() []models.RuleExample { return r.row.Examples }

// SavedBy is who wrote it.
func (r PracticeRule) SavedBy() string { return r.row.SavedBy }

// Saved is when.
func (r PracticeRule) Saved() string { return r.row.Saved.String() }

// SwitchedBy is nil where nobody did.
func (r PracticeRule) SwitchedBy() *string { return given(r.row.SwitchedBy) }

// Switched is nil where nobody did.
func (r PracticeRule) Switched() *string {
	if r.row.Switched == 0 {
		return nil
	}
	return given(r.row.Switched.String())
}

// Documentation is Markdown.
func (r PracticeRule) Documentation() string { return practice.DocumentOf(r.row) }

// PracticeRuleTrialOf shows a trial.
func PracticeRuleTrialOf(row billing.RuleTried) *PracticeRuleTrial { return &PracticeRuleTrial{row} }

// Looked counts the claims.
func (t PracticeRuleTrial) Looked() int { return t.row.Looked }

// Next is nil at the end.
func (t PracticeRuleTrial) Next() *string { return given(t.row.Next) }

// Hits are the claims on which the rule would act.
func (t PracticeRuleTrial) Hits() []PracticeRuleHit {
	list := make([]PracticeRuleHit, len(t.row.Hits))
	for i, row := range t.row.Hits {
		list[i] = PracticeRuleHit{row, &t.row}
	}
	return list
}

// ClaimID names the claim.
func (h PracticeRuleHit) ClaimID() models.ClaimID { return h.row.ClaimID }

// Beside names the claims of the trial.
func (h PracticeRuleHit) Beside() []models.Ref { return h.beside.Refs() }

// State is the claim's.
func (h PracticeRuleHit) State() string { return string(h.row.State) }

// Findings are what would come of it.
func (h PracticeRuleHit) Findings() []PracticeRuleFinding {
	list := make([]PracticeRuleFinding, len(h.row.Findings))
	for i, row := range h.row.Findings {
		list[i] = PracticeRuleFinding{row}
	}
	return list
}

// Severity says whether it would hold the claim.
func (f PracticeRuleFinding) Severity() models.Severity { return f.row.Severity }

// Path is where.
func (f PracticeRuleFinding) Path() string { return f.row.Path }

// Text is what.
func (f PracticeRuleFinding) Text() string { return f.row.Text }
