package graph

import (
	"context"
	"slices"

	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models/fault"
)

// payersOf gives the payers of the asker's practice.
func (r *Resolver) payersOf(ctx context.Context) ([]model.Payer, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	book, err := r.office.Payers(ctx, p)
	if err != nil {
		return nil, err
	}
	return model.PayersOf(book), nil
}

// payerOf gives one of them; one that is not there is not found.
func (r *Resolver) payerOf(ctx context.Context, id string) (*model.Payer, error) {
	list, err := r.payersOf(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(p model.Payer) bool { return p.ID() == id })
	if at < 0 {
		return nil, fault.At(fault.NotFound, "not-found", "id", "The payer is not in the directory.")
	}
	return &list[at], nil
}
