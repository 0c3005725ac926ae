package graph

import (
	"context"
	"slices"

	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models/fault"
)

// contractsOf gives the contracts of the asker's practice.
func (r *Resolver) contractsOf(ctx context.Context) ([]model.PayerContract, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	book, err := r.office.Contracts(ctx, p)
	if err != nil {
		return nil, err
	}
	return model.ContractsOf(book), nil
}

// contractOf gives one of them; one that is not there is not found.
func (r *Resolver) contractOf(ctx context.Context, id string) (*model.PayerContract, error) {
	list, err := r.contractsOf(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(c model.PayerContract) bool { return c.ID() == id })
	if at < 0 {
		return nil, fault.At(fault.NotFound, "not-found", "id", "There is no such contract.")
	}
	return &list[at], nil
}
