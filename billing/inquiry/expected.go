package inquiry

import (
	"context"

	"medbill/billing/rules/pricing"
	"medbill/internal/auth"
	"medbill/internal/contracts"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/library"
	"medbill/models"
	"medbill/models/operation"
)

// Expected gives what payers are expected to allow of claims; for who sends them. Claims that record billing done elsewhere have none.
func (b *Books) Expected(ctx context.Context, p auth.Principal, ids []models.ClaimID) (map[models.ClaimID]models.Expected, error) {
	if _, err := p.RequireOperation(operation.ScopeSubmit, "Claim"); err != nil {
		return nil, err
	}
	return office(ctx, b, p, "Claim", ids, ExpectedOf)
}

// ExpectedOf gives what payers are expected to allow of claims, within a transaction.
func ExpectedOf(v *store.View, ids []models.ClaimID) (map[models.ClaimID]models.Expected, error) {
	claims, err := books.Claims(v, ids)
	if err != nil {
		return nil, err
	}
	book, err := ContractBook(v)
	if err != nil {
		return nil, err
	}
	found := make(map[models.ClaimID]models.Expected, len(claims))
	for _, c := range claims {
		if found[c.ID], err = ExpectedBy(v, book, c); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// ContractBook gives the contracts of the practice; a nil book where it has none.
func ContractBook(v *store.View) (*contracts.Book, error) {
	settings, _, err := books.Settings(v)
	if err != nil {
		return nil, err
	}
	return books.ContractBook(v, settings.RateEdition)
}

// ExpectedBy gives what the payer of a claim is expected to allow by contracts.
func ExpectedBy(v *store.View, book *contracts.Book, c models.Claim) (models.Expected, error) {
	in := pricing.Input{Claim: c, Contracts: book}
	days := pricing.DaysOf(c, book)
	if len(days) > 0 {
		var err error
		if in.Codes, err = library.Of(v.DB()).Open(v.Context(), days, pricing.Tables()...); err != nil {
			return models.Expected{}, err
		}
	}
	return pricing.Expect(in), nil
}
