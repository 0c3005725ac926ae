package graph

import (
	"context"

	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// change runs a use case and gives the record it changed, as it stands afterwards.
func change[T model.Resource](ctx context.Context, r *Resolver, typ, id string, do func(auth.Principal) error) (*T, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	err = do(p)
	forget(ctx)
	if err != nil {
		return nil, err
	}
	return read[T](ctx, r, typ, id)
}

func (r *Resolver) codeEncounter(ctx context.Context, input model.CodeEncounterInput) (*model.CodeEncounterPayload, error) {
	said, err := coding(input)
	if err != nil {
		return nil, err
	}
	var charges []models.Ref
	encounter, err := change[model.Encounter](ctx, r, "Encounter", input.Encounter, func(p auth.Principal) error {
		coded, err := r.office.CodeVisit(ctx, p, models.VisitID(input.Encounter), said)
		for _, c := range coded.Charges {
			charges = append(charges, models.Ref{Type: "ChargeItem", ID: string(c.ID)})
		}
		return atInput(err)
	})
	if err != nil {
		return nil, err
	}
	items, err := fetchAll[model.ChargeItem](ctx, charges)
	return &model.CodeEncounterPayload{Encounter: encounter, ChargeItems: items}, err
}

// workSubject gives what a work item is about.
func (r *Resolver) workSubject(ctx context.Context, w *model.WorkItem) (model.WorkSubject, error) {
	focus := w.Reference("focus")
	about, _ := r.local(focus)
	switch about.Type {
	case "Encounter":
		return subject[model.Encounter](follow[model.Encounter](ctx, r, w, about.Type, focus))
	case "Claim":
		return subject[model.Claim](follow[model.Claim](ctx, r, w, about.Type, focus))
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
