package graph

import (
	"context"

	"medbill/billing"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// searchCodes answers the field codes, for whoever has a token.
func (r *Resolver) searchCodes(ctx context.Context, system, text, on string, billable bool, first *int, skip int) (*model.CodeList, error) {
	if _, err := auth.From(ctx); err != nil {
		return nil, err
	}
	q := billing.CodeSearch{System: system}
	var err error
	if q.Count, err = pageSize(first); err != nil {
		return nil, err
	}
	if day, ok := models.ParseDate(on); on != "" && (!ok || string(day) != on) {
		return nil, fault.At(fault.Invalid, "value", "on", "The day is written as 2026-03-02.")
	}
	if skip < 0 {
		return nil, fault.At(fault.Invalid, "value", "skip", "It is at least 0.")
	}
	q.Text, q.On, q.Billable, q.Skip = text, models.Date(on), billable, skip
	found, err := r.office.SearchCodes(ctx, q)
	if err != nil {
		return nil, err
	}
	return model.CodesOf(found), nil
}
