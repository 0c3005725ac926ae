package graph

import (
	"context"

	"medbill/billing"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// explain gives what the amounts of a record are made of, of one line or account where they are named.
func (r *Resolver) explain(ctx context.Context, of models.Ref, line *int, account *string) ([]model.ExplainedPosting, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.office.Explain(ctx, p, billing.Question{Subject: of, Line: deref(line), Account: models.LedgerAccount(deref(account))})
	if err != nil {
		return nil, err
	}
	return model.ExplainedOf(list), nil
}
