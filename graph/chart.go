package graph

import (
	"context"

	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// chartOf gives what a coder decides on.
func (r *Resolver) chartOf(ctx context.Context, visit models.VisitID) (*model.Chart, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := r.office.Chart(ctx, p, visit)
	if err != nil {
		return nil, err
	}
	return model.ChartOf(visit, model.Seen{
		Proposed: seen.Proposed, Problems: seen.Problems, IsUsable: seen.Usable, Payers: seen.Payers, Unclear: seen.Unclear, Earlier: seen.Earlier,
	}), nil
}

// entry gives the record that a proposed service was taken from.
func (r *Resolver) entry(ctx context.Context, ref models.Ref) (model.ChartEntry, error) {
	if err := loadersOf(ctx).fetch([]models.Ref{ref}); err != nil {
		return nil, err
	}
	d := loadersOf(ctx).document(ref)
	switch {
	case d == nil:
		return nil, nil
	case ref.Type == "ChargeItem":
		return model.Of[model.ChargeItem](d), nil
	}
	return model.Of[model.Procedure](d), nil
}

// codesOf gives the diagnoses that a case was coded with.
func (r *Resolver) codesOf(ctx context.Context, c *model.Case) ([]string, error) {
	rows, err := booked(ctx, c, "diagnoses", r.books.Diagnoses)
	codes := make([]string, len(rows))
	for i, row := range rows {
		codes[i] = row.Code
	}
	return codes, err
}
