package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// What a span of days comes to is asked for of all claims and answers of the tenant, each in one statement. Work that was ever opened for
// a case or a claim is found among all work, since what is done has no index by them. What was due before the practice moved in is in no rate:
// another system coded it and sent it.
const (
	sentFigures = `SELECT count(*), CAST(COALESCE(sum(CASE WHEN c.id IN (SELECT a.claim_id FROM answers a WHERE a.tenant_id = ? AND a.outcome = 'error' AND a.effective <= ?)
OR c.id IN (SELECT w.claim_id FROM work_items w WHERE w.tenant_id = ? AND w.kind IN ('correct-claim', 'rejected-claim')) THEN 0 ELSE 1 END), 0) AS BIGINT)
FROM claims c WHERE c.tenant_id = ? AND c.sent >= ? AND c.sent <= ? AND c.case_id NOT LIKE 'Opening/%'`

	judgedFigures = `SELECT count(*), CAST(COALESCE(sum(j.first_pass), 0) AS BIGINT), CAST(COALESCE(sum(j.touchless), 0) AS BIGINT) FROM (
SELECT a.claim_id, CASE WHEN sum(a.paid) > 0 AND max(CASE WHEN a.review THEN 1 ELSE 0 END) = 0
AND a.claim_id NOT IN (SELECT x.claim_id FROM answers x WHERE x.tenant_id = ? AND x.outcome = 'error' AND x.effective <= ?) THEN 1 ELSE 0 END AS first_pass,
CASE WHEN max(a.case_id) IN (SELECT w.case_id FROM work_items w WHERE w.tenant_id = ?) THEN 0 ELSE 1 END AS touchless
FROM answers a WHERE a.tenant_id = ? AND a.posted AND a.kind IN ('original', 'interim') AND a.effective >= ? AND a.effective <= ? AND a.case_id NOT LIKE 'Opening/%' GROUP BY a.claim_id) j`

	lineFigures = `SELECT count(*), CAST(COALESCE(sum(d.denied), 0) AS BIGINT), CAST(COALESCE(sum(d.billed), 0) AS BIGINT), CAST(COALESCE(sum(d.denied * d.billed), 0) AS BIGINT) FROM (
SELECT l.billed, CASE WHEN l.paid = 0 AND l.refused > 0 THEN 1 ELSE 0 END AS denied
FROM answers a JOIN answer_lines l ON l.tenant_id = a.tenant_id AND l.answer_id = a.id
WHERE a.tenant_id = ? AND a.posted AND a.kind IN ('original', 'interim') AND a.effective >= ? AND a.effective <= ? AND a.case_id NOT LIKE 'Opening/%') d`

	unpostedFigures = `SELECT count(*), CAST(COALESCE(sum(a.paid), 0) AS BIGINT) FROM answers a
WHERE a.tenant_id = ? AND NOT a.posted AND a.kind <> 'acknowledgement' AND a.effective <= ?`

	estimateFigures = `SELECT count(*), CAST(COALESCE(sum(CASE WHEN abs(b.billed - b.total) * 10 <= b.total THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(sum(abs(b.billed - b.total)), 0) AS BIGINT) FROM (
SELECT e.total, sum(i.net) AS billed FROM good_faith_estimates e JOIN invoices i ON i.tenant_id = e.tenant_id AND i.case_id = e.case_id AND i.status <> 'cancelled'
WHERE e.tenant_id = ? AND e.case_id <> '' GROUP BY e.id, e.total HAVING min(i.issued) >= ? AND min(i.issued) <= ?) b`
)

// Figures counts the claims, answers and estimates of a span of days, both ends of which are days.
func Figures(v *store.View, days models.Span) (models.ClaimFigures, error) {
	var f models.ClaimFigures
	tenant := v.Tenant()
	for _, question := range []struct {
		text string
		args []any
		into []any
	}{
		{sentFigures, []any{tenant, days.Until, tenant, tenant, days.From, days.Until}, []any{&f.Sent, &f.Clean}},
		{judgedFigures, []any{tenant, days.Until, tenant, tenant, days.From, days.Until}, []any{&f.Judged, &f.FirstPass, &f.Touchless}},
		{lineFigures, []any{tenant, days.From, days.Until}, []any{&f.Lines, &f.Denied, &f.LinesBilled, &f.DeniedCents}},
		{unpostedFigures, []any{tenant, days.Until}, []any{&f.Unposted, &f.UnpostedSum}},
		{estimateFigures, []any{tenant, days.From, days.Until}, []any{&f.Estimated, &f.Close, &f.EstimateGap}},
	} {
		if err := v.Rows(func(row store.Row) error { return row.Scan(question.into...) }, question.text, question.args...); err != nil {
			return f, err
		}
	}
	return f, nil
}
