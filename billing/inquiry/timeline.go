package inquiry

import (
	"context"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/operation"
)

// Timeline gives every state that claims came to, the first one first; for the office, as far as it checks claims. Claims that record billing done elsewhere have none.
func (b *Books) Timeline(ctx context.Context, p auth.Principal, ids []models.ClaimID) (map[models.ClaimID][]models.ClaimMove, error) {
	if _, err := p.RequireOperation(operation.ScopeValidate, "Claim"); err != nil {
		return nil, err
	}
	return office(ctx, b, p, "Claim", ids, TimelineOf)
}

// TimelineOf gives every state that claims came to, within a transaction.
func TimelineOf(v *store.View, ids []models.ClaimID) (map[models.ClaimID][]models.ClaimMove, error) {
	claims, err := books.Claims(v, ids)
	found := make(map[models.ClaimID][]models.ClaimMove, len(claims))
	for _, c := range claims {
		found[c.ID] = c.Moves
	}
	return found, err
}
