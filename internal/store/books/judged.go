package books

import (
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

// judgedMax is how many answers are held at once.
const judgedMax = 500

// EachJudged gives the first answers in the books of a span of days, some hundred at a time by their ids, with lines and adjustments, and the corrections of the claims that they are to, oldest first. What
// was due before the practice moved in is not among them.
func EachJudged(v *store.View, days models.Span, fn func(first, corrections []models.Answer) error) error {
	last := models.AnswerID("")
	for {
		ids, err := store.Column[models.AnswerID](v, "SELECT id FROM answers WHERE tenant_id = ? AND id > ? AND posted AND kind IN ('original', 'interim') AND effective >= ? AND effective <= ?"+
			" AND case_id NOT LIKE 'Opening/%' ORDER BY id LIMIT ?", v.Tenant(), last, days.From, days.Until, judgedMax)
		if err != nil || len(ids) == 0 {
			return err
		}
		first, err := AnswersByID(v, ids)
		if err != nil {
			return err
		}
		corrections, err := correctionsOf(v, first)
		if err != nil {
			return err
		}
		if err := fn(first, corrections); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}

// correctionsOf gives the corrections in the books of the claims of which answers were taken back.
func correctionsOf(v *store.View, answers []models.Answer) ([]models.Answer, error) {
	var claims []models.ClaimID
	for _, a := range answers {
		if a.Reversed != "" {
			claims = append(claims, a.ClaimID)
		}
	}
	if len(claims) == 0 {
		return nil, nil
	}
	ids, err := store.Column[models.AnswerID](v, "SELECT id FROM answers WHERE tenant_id = ? AND claim_id IN ? AND posted AND kind = 'correction'", v.Tenant(), claims)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return AnswersByID(v, ids)
}

// Appealed gives the answers about which something was ever appealed.
func Appealed(v *store.View) (map[models.AnswerID]bool, error) {
	subjects, err := store.Column[string](v, "SELECT DISTINCT subject FROM work_items WHERE tenant_id = ? AND kind = 'appeal'", v.Tenant())
	appealed := make(map[models.AnswerID]bool, len(subjects))
	for _, s := range subjects {
		appealed[models.AnswerID(strings.TrimPrefix(s, "ClaimResponse/"))] = true
	}
	return appealed, err
}
