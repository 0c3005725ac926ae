package inquiry

import (
	"context"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// Findings gives what the rules notice about claims; for the office.
func (b *Books) Findings(ctx context.Context, p auth.Principal, ids []models.ClaimID) (map[models.ClaimID][]models.Finding, error) {
	return office(ctx, b, p, "Claim", ids, books.Findings)
}

// Postings gives what the journal holds about claims and the charges on their lines; for those of the office who may read
// Accounts, which a coder may not.
func (b *Books) Postings(ctx context.Context, p auth.Principal, ids []models.ClaimID) (map[models.ClaimID][]models.Posting, error) {
	return office(ctx, b, p, "Account", ids, journal.PostingsByClaim)
}

// Answers gives payers' answers as they were posted. An answer to billing done elsewhere has none.
func (b *Books) Answers(ctx context.Context, p auth.Principal, ids []models.AnswerID) (map[models.AnswerID]models.Answer, error) {
	return shown(ctx, b, p, "ClaimResponse", ids, func(v *store.View, ids []models.AnswerID) (map[models.AnswerID]models.Answer, error) {
		answers, err := books.AnswersByID(v, ids)
		return by(answers, func(a models.Answer) models.AnswerID { return a.ID }), err
	})
}

// Charges gives charges as they stand in the books.
func (b *Books) Charges(ctx context.Context, p auth.Principal, ids []models.ChargeID) (map[models.ChargeID]models.Charge, error) {
	return shown(ctx, b, p, "ChargeItem", ids, func(v *store.View, ids []models.ChargeID) (map[models.ChargeID]models.Charge, error) {
		charges, err := books.ChargesByID(v, ids)
		return by(charges, func(c models.Charge) models.ChargeID { return c.ID }), err
	})
}
