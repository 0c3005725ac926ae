package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// UnmatchedByKey gives the answer that a payer has sent under a key, with a status and a payment, without naming a claim of ours; false where there is none.
func UnmatchedByKey(v *store.View, a models.Answer) (models.Unmatched, bool, error) {
	return store.First[models.Unmatched](v, "payer_id = ? AND answer_key = ? AND status = ? AND trace = ?", a.PayerID, a.Key, a.Status, a.Trace)
}

// UnmatchedByID gives those answers that name no claim of ours still.
func UnmatchedByID(v *store.View, ids []models.AnswerID) ([]models.Unmatched, error) {
	return store.All[models.Unmatched](v, "id", "id IN ? AND claim_id = ''", ids)
}

// SaveUnmatched writes an answer that names no claim of ours.
func SaveUnmatched(tx *store.Tx, u models.Unmatched) error {
	u.TenantID, u.Created = tx.Tenant(), tx.Now()
	if err := store.Insert(tx, u); err != nil {
		return err
	}
	unmatched.note(tx, u)
	return nil
}

// MatchAnswer says which claim such an answer is to; it is an answer of the books from then on.
func MatchAnswer(tx *store.Tx, u models.Unmatched, claim models.ClaimID) error {
	u.ClaimID = claim
	return store.Upsert(tx, u)
}

// LeaveUnmatched keeps that such an answer is to no claim of ours.
func LeaveUnmatched(tx *store.Tx, u models.Unmatched) error {
	u.IsLeft = true
	return store.Upsert(tx, u)
}

// unmatchedOfPayment gives what came with a payer's trace number and names no claim of ours, as answers.
func unmatchedOfPayment(v *store.View, payer models.OrganizationID, trace string) ([]models.Answer, error) {
	rows, err := store.All[models.Unmatched](v, "id", "payer_id = ? AND trace = ? AND trace <> '' AND claim_id = '' AND is_left = ?", payer, trace, false)
	list := make([]models.Answer, len(rows))
	for i, u := range rows {
		list[i] = models.Answer{TenantID: u.TenantID, ID: u.ID, PayerID: u.PayerID, Kind: u.Kind, Status: u.Status, Trace: u.Trace, Paid: u.Paid, Created: u.Created}
	}
	return list, err
}

// ClaimsOfNumber gives the claims under a number of ours, one to each payer of a visit and each time that it was sent.
func ClaimsOfNumber(v *store.View, number string) ([]models.Claim, error) {
	return claimsWhere(v, those(v, "claim_id", "claims", "number = ?", number), nil)
}
