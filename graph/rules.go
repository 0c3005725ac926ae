package graph

import (
	"context"

	"medbill/billing"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// practiceRule reads a rule that somebody wants to save.
func practiceRule(input model.SavePracticeRuleInput) models.PracticeRule {
	rule := models.PracticeRule{
		ID: input.ID, Title: input.Title, Text: input.Text, When: input.When, Each: input.Each, Action: input.Action, Argument: deref(input.Argument),
		From: models.Date(deref(input.ValidFrom)), Until: models.Date(deref(input.ValidUntil)),
	}
	for _, e := range input.Example {
		rule.Examples = append(rule.Examples, models.RuleExample{Title: e.Title, View: e.View, Acts: e.Acts})
	}
	return rule
}

// ruleTrial reads what somebody wants to try.
func ruleTrial(input model.TryPracticeRuleInput) billing.RuleTrial {
	rule := models.PracticeRule{
		ID: deref(input.ID), Version: deref(input.Version), When: deref(input.When), Each: deref(input.Each), Action: deref(input.Action), Argument: deref(input.Argument),
		From: models.Date(deref(input.ValidFrom)), Until: models.Date(deref(input.ValidUntil)),
	}
	return billing.RuleTrial{Rule: rule, Days: models.Span{From: models.Date(input.From), Until: models.Date(input.Until)}, After: deref(input.After)}
}

// tryRule gives what a rule would do.
func (r *Resolver) tryRule(ctx context.Context, input model.TryPracticeRuleInput, first *int) (*model.PracticeRuleTrial, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	trial := ruleTrial(input)
	if trial.HitsMax, err = pageSize(first); err != nil {
		return nil, err
	}
	tried, err := r.office.TryPracticeRule(ctx, p, trial)
	if err != nil {
		return nil, placed(err, inputPlace)
	}
	return model.PracticeRuleTrialOf(tried), nil
}

// claimOfHit gives a claim on which a rule would act, which is read with those beside it; nil where it is not there any more.
func claimOfHit(ctx context.Context, h *model.PracticeRuleHit) (*model.Claim, error) {
	l := loadersOf(ctx)
	if err := l.fetch(h.Beside()); err != nil {
		return nil, err
	}
	return viewOf[model.Claim](l.document(models.Ref{Type: "Claim", ID: string(h.ClaimID())})), nil
}

// practiceRules gives what read asks of the practice's rules.
func practiceRules[T any](ctx context.Context, read func(context.Context, auth.Principal) (T, error)) (T, error) {
	p, err := auth.From(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return read(ctx, p)
}
