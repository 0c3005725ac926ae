package books

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// AnswerByKey gives the answer that the payer of a has sent to the same claim under the same key before, with the same status and
// payment; false where it has not. A reversal carries the number of what it takes back and is an answer of its own.
func AnswerByKey(v *store.View, a models.Answer) (models.Answer, bool, error) {
	f, err := fileWith(v, "claims", string(a.ClaimID), func(f *file) bool { return f.claims.has(a.ClaimID) })
	if err != nil {
		return models.Answer{}, false, err
	}
	if f != nil {
		list := f.answers.list()
		at := slices.IndexFunc(list, func(other models.Answer) bool {
			return other.ClaimID == a.ClaimID && other.PayerID == a.PayerID && other.Key == a.Key && other.Status == a.Status && other.Trace == a.Trace
		})
		if at < 0 {
			return models.Answer{}, false, nil
		}
		return list[at], true, nil
	}
	return store.First[models.Answer](v, "claim_id = ? AND payer_id = ? AND answer_key = ? AND status = ? AND trace = ?", a.ClaimID, a.PayerID, a.Key, a.Status, a.Trace)
}

// Answer gives one answer with lines and adjustments; false where there is none.
func Answer(v *store.View, id models.AnswerID) (models.Answer, bool, error) {
	answers, err := AnswersByID(v, []models.AnswerID{id})
	if err != nil || len(answers) == 0 {
		return models.Answer{}, false, err
	}
	return answers[0], true, nil
}

// AnswersOfCase gives the answers to the claims of a case with lines and adjustments, oldest first.
func AnswersOfCase(v *store.View, id models.CaseID) ([]models.Answer, error) {
	f, err := fileOf(v, id)
	if err != nil {
		return nil, err
	}
	return f.answers.list(), nil
}

// AnswersOfPayment gives the answers that came with a payer's trace number, without lines; those that name no claim of ours are among them.
func AnswersOfPayment(v *store.View, payer models.OrganizationID, trace string) ([]models.Answer, error) {
	list, err := store.All[models.Answer](v, "id", "payer_id = ? AND trace = ? AND trace <> ''", payer, trace)
	if err != nil {
		return nil, err
	}
	others, err := unmatchedOfPayment(v, payer, trace)
	return append(list, others...), err
}

// answerRows are answers with the rows that hang on them, in no order.
type answerRows struct {
	answers     []models.Answer
	lines       []models.AnswerLine
	adjustments []models.Adjustment
}

func (r *answerRows) parts(w where, belongs func(models.Answer) bool) []store.Part {
	return []store.Part{
		store.Take(&r.answers, belongs, w.rows, w.rowArgs...),
		store.Take(&r.lines, func(l models.AnswerLine) bool { return r.has(l.AnswerID) }, w.hanging, w.hangsArgs...),
		store.Take(&r.adjustments, func(a models.Adjustment) bool { return r.has(a.AnswerID) }, w.hanging, w.hangsArgs...),
	}
}

func (r *answerRows) has(id models.AnswerID) bool {
	return slices.ContainsFunc(r.answers, func(a models.Answer) bool { return a.ID == id })
}

// list gives the answers with their parts, oldest first.
func (r *answerRows) list() []models.Answer {
	list := slices.SortedFunc(slices.Values(r.answers), func(a, b models.Answer) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
	})
	for i := range list {
		a := &list[i]
		a.Lines = sorted(r.lines, func(l models.AnswerLine) bool { return l.AnswerID == a.ID }, func(l models.AnswerLine) int { return l.LineSequence })
		a.Adjustments = sorted(r.adjustments, func(one models.Adjustment) bool { return one.AnswerID == a.ID }, func(one models.Adjustment) int { return one.Sequence })
	}
	return list
}

// SaveAnswer writes a payer's answer to claim c.
func SaveAnswer(tx *store.Tx, a models.Answer, c models.Claim) error {
	a.TenantID, a.Created, a.PatientID, a.BillingID, a.Source = tx.Tenant(), tx.Now(), c.PatientID, c.BillingID, cmp.Or(a.Source, models.SourceFHIR)
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

// ReverseAnswer says of an answer in the books that another one took it back.
func ReverseAnswer(tx *store.Tx, a models.Answer, by models.AnswerID) error {
	a.Reversed = by
	return KeepAnswer(tx, a)
}

// KeepAnswer writes what became of an answer that is kept already; what the payer said in it stays.
func KeepAnswer(tx *store.Tx, a models.Answer) error {
	if err := store.Upsert(tx, a); err != nil {
		return err
	}
	answers.note(tx, a)
	return nil
}

// AnswersByID gives answers with lines and adjustments in one statement.
func AnswersByID(v *store.View, ids []models.AnswerID) ([]models.Answer, error) {
	w := among("answer_id", ids)
	rows, err := store.Collected(v, fmt.Sprintf("answers %q", w), func(r *answerRows) []store.Part { return r.parts(w, nil) })
	if err != nil {
		return nil, err
	}
	return rows.list(), nil
}
