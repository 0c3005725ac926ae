package journal

import (
	"fmt"
	"slices"
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

// columnsOf says where each dimension stands. A month is the first seven letters of a day.
var columnsOf = map[models.Dimension]string{
	models.DimensionMonth:      "substr(e.effective, 1, 7)",
	models.DimensionAccount:    "p.account",
	models.DimensionPayer:      "p.payer_id",
	models.DimensionClaim:      "COALESCE(n.number, b.number, '')", // of the charge's claims, which have one number, or of the balance from before
	models.DimensionPatient:    "p.patient_id",
	models.DimensionRemittance: "p.remittance_id",
	models.DimensionProvider:   "p.rendering_id",
	models.DimensionLocation:   "p.location_id",
}

// postedOn are the postings of the tenant, each with the day for which it counts.
const postedOn = " FROM journal_entries e JOIN postings p ON p.tenant_id = e.tenant_id AND p.entry_id = e.id WHERE e.tenant_id = ?"

// numbered are the numbers of the claims that bill each charge, and of the balances from before, of which a patient's has no claim.
const numbered = " LEFT JOIN (SELECT l.charge_id, min(m.number) AS number FROM claim_lines l JOIN claims m ON m.tenant_id = l.tenant_id AND m.id = l.claim_id" +
	" WHERE l.tenant_id = ? AND l.charge_id <> '' AND m.state <> 'entered-in-error' GROUP BY l.charge_id) n ON n.charge_id = p.charge_id" +
	" LEFT JOIN openings b ON b.tenant_id = e.tenant_id AND b.charge_id = p.charge_id"

// SumQuery says what is summed: postings of effective days of a span, by dimensions, of which there is at least one. Open leaves out what
// comes to nothing, Charged what is about balances from before the practice moved in.
type SumQuery struct {
	Days    models.Span
	By      []models.Dimension
	Open    bool
	Charged bool
	Limit   int
}

// Sums gives what was posted, by the values of the dimensions in their order, and at most Limit sums. One statement reads it.
func Sums(v *store.View, q SumQuery) ([]models.LedgerSum, error) {
	names := make([]string, len(q.By))
	for i, by := range q.By {
		column, known := columnsOf[by]
		if !known {
			return nil, fmt.Errorf("no posting has the dimension %q", by)
		}
		names[i] = column
	}
	by := strings.Join(names, ", ")
	text, args := "SELECT "+by+", CAST(sum(CASE WHEN p.amount > 0 THEN p.amount ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN p.amount < 0 THEN -p.amount ELSE 0 END) AS BIGINT)"+postedOn, []any{v.Tenant()}
	if slices.Contains(q.By, models.DimensionClaim) {
		text, args = strings.Replace(text, " WHERE", numbered+" WHERE", 1), append(args, v.Tenant())
	}
	if q.Days.From != "" {
		text, args = text+" AND e.effective >= ?", append(args, q.Days.From)
	}
	if q.Days.Until != "" {
		text, args = text+" AND e.effective <= ?", append(args, q.Days.Until)
	}
	if q.Charged {
		text += " AND p.case_id NOT LIKE '" + models.OriginOpening + "/%'"
	}
	text += " GROUP BY " + by
	if q.Open {
		text += " HAVING sum(p.amount) <> 0"
	}
	var sums []models.LedgerSum
	err := v.Rows(func(row store.Row) error {
		sum := models.LedgerSum{By: make([]string, len(q.By))}
		into := make([]any, 0, len(q.By)+2)
		for i := range sum.By {
			into = append(into, &sum.By[i])
		}
		err := row.Scan(append(into, &sum.Debits, &sum.Credits)...)
		sums = append(sums, sum)
		return err
	}, text+" ORDER BY "+by+" LIMIT ?", append(args, q.Limit)...)
	return sums, err
}
