package graph

import (
	"context"

	"medbill/graph/model"
)

// workSubject gives what a work item is about.
func (r *Resolver) workSubject(ctx context.Context, w *model.WorkItem) (model.WorkSubject, error) {
	focus := w.Reference("focus")
	about, _ := r.local(focus)
	switch about.Type {
	case "Encounter":
		return subject[model.Encounter](follow[model.Encounter](ctx, r, w, about.Type, focus))
	case "Claim":
		return subject[model.Claim](follow[model.Claim](ctx, r, w, about.Type, focus))
	case "ChargeItem":
		return subject[model.ChargeItem](follow[model.ChargeItem](ctx, r, w, about.Type, focus))
	case "ClaimResponse":
		return subject[model.ClaimResponse](follow[model.ClaimResponse](ctx, r, w, about.Type, focus))
	}
	return nil, nil
}

// subject keeps a nil of a type from being something.
func subject[T model.WorkSubject](found *T, err error) (model.WorkSubject, error) {
	if found == nil {
		return nil, err
	}
	return *found, err
}
