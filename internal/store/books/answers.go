package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// AnswerByKey gives the answer that the payer of a has sent to the same claim under the same key before; false where it has not.
// A reversal carries the number of what it takes back and is an answer of its own.
func AnswerByKey(v *store.View, a models.Answer) (models.Answer, bool, error) {
	isReversal := "kind <> ?"
	if a.Kind == models.AnswerReversal {
		isReversal = "kind = ?"
	}
	return store.First[models.Answer](v, "claim_id = ? AND payer_id = ? AND answer_key = ? AND "+isReversal, a.ClaimID, a.PayerID, a.Key, models.AnswerReversal)
}

// Answer gives one answer with lines and adjustments; false where there is none.
func Answer(v *store.View, id models.AnswerID) (models.Answer, bool, error) {
	answers, err := AnswersByID(v, []models.AnswerID{id})
	if err != nil || len(answers) == 0 {
		return models.Answer{}, false, err
	}
	return answers[0], true, nil
}

// Answers gives the answers to claims with lines and adjustments in three statements, oldest first.
func Answers(v *store.View, claims []models.ClaimID) ([]models.Answer, error) {
	answers, err := store.All[models.Answer](v, "created, id", "claim_id IN ?", claims)
	if err != nil || len(answers) == 0 {
		return nil, err
	}
	return answers, fillAnswers(v, answers)
}

func fillAnswers(v *store.View, answers []models.Answer) error {
	at := make(map[models.AnswerID]int, len(answers))
	ids := make([]models.AnswerID, len(answers))
	for i, a := range answers {
		at[a.ID], ids[i] = i, a.ID
	}
	lines, err := store.All[models.AnswerLine](v, "answer_id, line_sequence", "answer_id IN ?", ids)
	if err != nil {
		return err
	}
	for _, l := range lines {
		a := &answers[at[l.AnswerID]]
		a.Lines = append(a.Lines, l)
	}
	adjustments, err := store.All[models.Adjustment](v, "answer_id, sequence", "answer_id IN ?", ids)
	if err != nil {
		return err
	}
	for _, adjustment := range adjustments {
		a := &answers[at[adjustment.AnswerID]]
		a.Adjustments = append(a.Adjustments, adjustment)
	}
	return nil
}

// SaveAnswer writes a payer's answer to claim c.
func SaveAnswer(tx *store.Tx, a models.Answer, c models.Claim) error {
	a.TenantID, a.Created, a.PatientID, a.BillingID = tx.Tenant(), tx.Now(), c.PatientID, c.BillingID
	if err := store.Insert(tx, a); err != nil {
		return err
	}
	a.Lines, a.Adjustments = slices.Clone(a.Lines), slices.Clone(a.Adjustments)
	for i := range a.Lines {
		a.Lines[i].TenantID, a.Lines[i].AnswerID = tx.Tenant(), a.ID
	}
	if err := store.Insert(tx, a.Lines...); err != nil {
		return err
	}
	for i := range a.Adjustments {
		a.Adjustments[i].TenantID, a.Adjustments[i].AnswerID = tx.Tenant(), a.ID
	}
	if err := store.Insert(tx, a.Adjustments...); err != nil {
		return err
	}
	answers.note(tx, a)
	return nil
}

// AnswersByID gives answers with lines and adjustments in three statements.
func AnswersByID(v *store.View, ids []models.AnswerID) ([]models.Answer, error) {
	answers, err := store.All[models.Answer](v, "id", "id IN ?", ids)
	if err != nil || len(answers) == 0 {
		return nil, err
	}
	return answers, fillAnswers(v, answers)
}
