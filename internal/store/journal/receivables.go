package journal

import (
	"slices"
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

// ReceivableQuery says which receivables are asked for: as of a day, of a debtor or of both, from which day they age, that of the service or of
// the first bill, and what their sums are told apart by beside their debtor and their day.
type ReceivableQuery struct {
	AsOf  models.Date
	Of    models.Debtor // "" is both
	Since models.ReceivableSince
	By    []models.Dimension
}

// ofItsCase gives a column of the case of a charge, which is looked up only where the charge does not say.
func ofItsCase(column string) string {
	return "(SELECT k." + column + " FROM cases k WHERE k.tenant_id = ? AND k.id = c.case_id)"
}

// firstBill is the day of the first bill of what is open at a debtor. A patient's is an invoice that was not taken back.
var firstBill = map[models.Debtor]string{
	models.DebtorPatient: "(SELECT min(i.issued) FROM invoices i JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id" +
		" WHERE i.tenant_id = ? AND i.case_id = c.case_id AND l.charge_id = o.charge_id AND i.status <> 'cancelled' AND i.issued <= ?)",
	models.DebtorInsurance: "(SELECT min(m.sent) FROM claim_lines l JOIN claims m ON m.tenant_id = l.tenant_id AND m.id = l.claim_id" +
		" WHERE l.tenant_id = ? AND l.charge_id = o.charge_id AND m.sent <> '' AND m.sent <= ?)",
}

// EachAged calls fn for what is open of charges by their days, of service or of the first bill, summed by the database: a practice has a million
// charges and some hundred days. The query is open while fn runs.
func EachAged(v *store.View, q ReceivableQuery, fn func(models.AgedSum) error) error {
	isLast, err := isLast(v, q.AsOf)
	if err != nil {
		return err
	}
	sum := func() error {
		for _, debtor := range debtorsOf(q.Of) {
			text, args := aged(v, q, debtor, isLast)
			err := v.Rows(func(row store.Row) error {
				s := models.AgedSum{Debtor: debtor}
				if err := row.Scan(&s.PayerID, &s.PatientID, &s.ProviderID, &s.Day, &s.Amount, &s.Overpaid, &s.Charges); err != nil {
					return err
				}
				return fn(s)
			}, text, args...)
			if err != nil {
				return err
			}
		}
		return nil
	}
	if isLast { // the index has it in order
		return v.InOrder(sum)
	}
	return sum()
}

func debtorsOf(of models.Debtor) []models.Debtor {
	if of != "" {
		return []models.Debtor{of}
	}
	return []models.Debtor{models.DebtorInsurance, models.DebtorPatient}
}

// isLast reports whether nothing is posted for a later day, so that all postings count and none has to be asked for its own.
func isLast(v *store.View, day models.Date) (bool, error) {
	later, err := store.Column[models.EntryID](v, "SELECT id FROM journal_entries WHERE tenant_id = ? AND effective > ? ORDER BY effective, id LIMIT 1", v.Tenant(), day)
	return len(later) == 0, err
}

// aged gives the statement that sums what is open at a debtor.
func aged(v *store.View, q ReceivableQuery, debtor models.Debtor, isLast bool) (text string, args []any) {
	tenant := v.Tenant()
	payer, patient, provider, day := "''", "''", "''", firstBill[debtor]
	if debtor == models.DebtorInsurance && slices.Contains(q.By, models.DimensionPayer) {
		payer = "o.payer_id"
	}
	if slices.Contains(q.By, models.DimensionPatient) {
		patient = "o.patient_id"
	}
	if slices.Contains(q.By, models.DimensionProvider) {
		provider, args = "COALESCE(c.rendering_id, "+ofItsCase("rendering_id")+", '')", append(args, tenant)
	}
	if q.Since == models.SinceService {
		day, args = "COALESCE(NULLIF(c.service_date, ''), "+ofItsCase("service_date")+", '')", append(args, tenant)
	} else {
		day, args = "COALESCE("+day+", '')", append(args, tenant, q.AsOf)
	}
	open, ofOpen := openAt(v, q, debtor, isLast)
	return "SELECT a.payer_id, a.patient_id, a.provider_id, a.day, CAST(sum(a.amount) AS BIGINT), CAST(sum(CASE WHEN a.amount < 0 THEN a.amount ELSE 0 END) AS BIGINT), count(*)" +
		" FROM (SELECT " + payer + " AS payer_id, " + patient + " AS patient_id, " + provider + " AS provider_id, " + day + " AS day, o.amount AS amount FROM (" + open + ") o" +
		" JOIN charges c ON c.tenant_id = ? AND c.id = o.charge_id) a GROUP BY a.payer_id, a.patient_id, a.provider_id, a.day", append(append(args, ofOpen...), tenant)
}

// openAt gives the statement that finds what is open of each charge at a debtor; the patient is who it was posted for, also where records were merged since. Its accounts stand in the text and the columns in the
// order of postings_receivable, which holds all that is read where no posting has to be asked for its day.
func openAt(v *store.View, q ReceivableQuery, debtor models.Debtor, isLast bool) (text string, args []any) {
	patient, groups := "''", "p.charge_id, p.payer_id" // what the patient owes is of no payer
	if slices.Contains(q.By, models.DimensionPatient) {
		patient, groups = "p.patient_id", groups+", p.patient_id"
	}
	from, args := " FROM postings p WHERE p.tenant_id = ?", []any{v.Tenant()}
	if !isLast {
		from, args = postedOn+" AND e.effective <= ?", append(args, q.AsOf)
	}
	accounts := "'" + strings.Join(store.Texts(models.ReceivableAccounts(debtor)), "', '") + "'"
	return "SELECT p.payer_id AS payer_id, " + patient + " AS patient_id, p.charge_id AS charge_id, CAST(sum(p.amount) AS BIGINT) AS amount" + from +
		" AND p.account IN (" + accounts + ") GROUP BY " + groups + " HAVING sum(p.amount) <> 0", args
}

// EachReceivable calls fn for what each day until one added to what is open of each charge at a debtor or at both ("") – those of a charge at a
// debtor one after the other, by the days –, for what ages since the debtor is responsible. The query is open while fn runs.
func EachReceivable(v *store.View, asOf models.Date, of models.Debtor, fn func(models.Receivable) error) error {
	open := "SELECT CASE p.account WHEN 'AR:Patient' THEN 'patient' ELSE 'insurance' END AS debtor, CASE p.account WHEN 'AR:Patient' THEN '' ELSE p.payer_id END AS payer_id," +
		" p.patient_id AS patient_id, p.case_id AS case_id, p.charge_id AS charge_id, e.effective AS day, CAST(sum(p.amount) AS BIGINT) AS amount" + postedOn +
		" AND e.effective <= ? AND p.account IN ? GROUP BY 1, 2, 3, 4, 5, 6"
	return v.Rows(func(row store.Row) error {
		var r models.Receivable
		if err := row.Scan(&r.Debtor, &r.PayerID, &r.PatientID, &r.ProviderID, &r.CaseID, &r.ChargeID, &r.Day, &r.Amount); err != nil {
			return err
		}
		return fn(r)
	}, "SELECT o.debtor, o.payer_id, o.patient_id, COALESCE(c.rendering_id, "+ofItsCase("rendering_id")+", ''), o.case_id, o.charge_id, o.day, o.amount FROM ("+open+") o"+
		" LEFT JOIN charges c ON c.tenant_id = ? AND c.id = o.charge_id ORDER BY o.debtor, o.payer_id, o.patient_id, o.case_id, o.charge_id, o.day",
		v.Tenant(), v.Tenant(), asOf, store.Texts(models.ReceivableAccounts(of)), v.Tenant())
}
