package journal

import (
	"maps"
	"slices"
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

// inBooks are the states of charges that stand in the books, written out.
var inBooks = func() string {
	var states []string
	for _, f := range models.ChargeStates {
		if f.InBooks {
			states = append(states, "'"+string(f.State)+"'")
		}
	}
	return strings.Join(states, ", ")
}()

// isPosted tells the payments of patients that are in the books, or were: one that failed after that moved.
const isPosted = "state <> 'pending' AND (state <> 'failed' OR moves > 0)"

// law is what holds of all that a tenant has at any moment. Broken gives what it does not hold of, by type and id; each ? is the tenant.
type law struct {
	models.Law
	text   string
	broken string
}

// excused are cases k that move: a step is due, somebody has work on them, or a payer is to answer anew what it answered. The states of work
// are said twice because its index has both in its condition.
const excused = " (k.due <> ''" +
	" OR EXISTS (SELECT 1 FROM work_items w WHERE w.tenant_id = k.tenant_id AND w.case_id = k.id AND w.status IN ('requested', 'rejected') AND w.status = 'requested')" +
	" OR EXISTS (SELECT 1 FROM claims m WHERE m.tenant_id = k.tenant_id AND m.case_id = k.id AND m.state IN ('reversed', 'partly-adjudicated', 'replacement-pending', 'void-pending')))"

// negative gives the cases that owe less than nothing of a charge by the receivables that of names.
func negative(of string) string {
	return "SELECT g.case_id FROM (SELECT p.charge_id, p.case_id, p.payer_id, p.account FROM postings p JOIN charges c ON c.tenant_id = p.tenant_id AND c.id = p.charge_id" +
		" WHERE p.tenant_id = ? AND (" + of + ") GROUP BY p.charge_id, p.case_id, p.payer_id, p.account HAVING sum(p.amount) < 0) g" +
		" JOIN cases k ON k.tenant_id = ? AND k.id = g.case_id WHERE NOT" + excused
}

// uneven gives, as columns, of what amounts that should be nothing together are not, summed by columns. One sum over both sides needs no join, which PostgreSQL makes a slow one of
// as long as it knows nothing of its tables.
func uneven(by, as string, amounts ...string) string {
	return "SELECT " + as + " FROM (" + strings.Join(amounts, " UNION ALL ") + ") u GROUP BY " + by + " HAVING sum(amount) <> 0"
}

// What went through clearing of each payment, which is what stands there and what deposits took out; that part of it; and the parts of which payers told them.
const (
	cleared  = "SELECT payer_id, remittance_id AS trace, amount FROM postings WHERE tenant_id = ? AND account = 'Clearing:ERA' AND remittance_id <> '' UNION ALL SELECT" + paid
	paid     = " r.payer_id, r.trace, m.amount FROM deposit_matches m JOIN remittances r ON r.tenant_id = m.tenant_id AND r.id = m.remittance_id WHERE m.tenant_id = ?"
	detailed = " FROM remittance_details d JOIN remittances r ON r.tenant_id = d.tenant_id AND r.id = d.remittance_id WHERE d.tenant_id = ?"
)

// What is owed to patients by the refund that caused it, whose id stands behind seven letters of the cause: by entries of a kind, and by those that reverse one of a kind.
const (
	refunding  = "SELECT substr(e.cause, 8) AS id, p.payment_id, p.amount FROM postings p JOIN journal_entries e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id" + payable + " AND e.kind = "
	cancelling = "SELECT substr(e.cause, 8) AS id, p.payment_id, p.amount FROM postings p JOIN journal_entries r ON r.tenant_id = p.tenant_id AND r.id = p.entry_id" +
		" JOIN journal_entries e ON e.tenant_id = r.tenant_id AND e.id = r.reverses" + payable + " AND e.kind = "
	payable = " WHERE p.tenant_id = ? AND p.account = 'Liability:Refunds-payable'"
)

// writtenOff says where what is written off goes, by the kinds.
var writtenOff = func() (cases string) {
	for _, kind := range slices.Sorted(maps.Keys(models.WriteOffAccounts)) {
		cases += " WHEN '" + string(kind) + "' THEN '" + string(models.WriteOffAccounts[kind]) + "'"
	}
	return cases
}()

// laws are those that hold of sums and not of one entry. What one entry has to be is looked at entry by entry.
var laws = []law{
	{models.LawImmutable, "the entry is taken back more than once",
		"SELECT 'entry ' || e.reverses FROM journal_entries e WHERE e.tenant_id = ? AND e.reverses <> '' GROUP BY e.reverses HAVING count(*) > 1"},
	{models.LawCharge, "what was paid and taken off and is still owed of the charge is not what it was billed for",
		"SELECT 'ChargeItem/' || s.id FROM (SELECT p.charge_id AS id, p.amount FROM postings p JOIN journal_entries e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id" +
			" LEFT JOIN journal_entries r ON r.tenant_id = e.tenant_id AND r.id = e.reverses" +
			" WHERE p.tenant_id = ? AND p.charge_id <> '' AND p.account <> 'Revenue:Gross' AND COALESCE(r.kind, e.kind) NOT IN ('payment', 'allocation', 'deallocation')" +
			" UNION ALL SELECT id, -billed FROM charges WHERE tenant_id = ? AND state IN (" + inBooks + ")) s GROUP BY s.id HAVING sum(s.amount) <> 0"},
	{models.LawAnswer, "what is paid and adjusted is not what was billed, or not what the journal has of it",
		"SELECT 'ClaimResponse/' || a.id FROM (" + strings.Join([]string{
			uneven("answer_id, line_sequence", "answer_id", "SELECT answer_id, line_sequence, billed - paid AS amount FROM answer_lines WHERE tenant_id = ?",
				"SELECT answer_id, line_sequence, -amount FROM adjustments WHERE tenant_id = ? AND line_sequence > 0"),
			uneven("answer_id", "answer_id", "SELECT id AS answer_id, billed AS amount FROM answers WHERE tenant_id = ?", "SELECT answer_id, -billed FROM answer_lines WHERE tenant_id = ?"),
			uneven("answer_id", "answer_id", "SELECT id AS answer_id, billed - paid AS amount FROM answers WHERE tenant_id = ?", "SELECT answer_id, -amount FROM adjustments WHERE tenant_id = ?"),
			uneven("answer_id", "answer_id", "SELECT id AS answer_id, paid AS amount FROM answers WHERE tenant_id = ?",
				"SELECT answer_id, -amount FROM postings WHERE tenant_id = ? AND account = 'Clearing:ERA' AND answer_id <> ''"),
		}, " UNION ALL ") + ") s JOIN answers a ON a.tenant_id = ? AND a.id = s.answer_id WHERE a.posted AND a.kind <> 'acknowledgement'"},
	{models.LawRemittance, "what the journal has of the payment is not what the payer paid, or its answers say",
		"SELECT COALESCE('PaymentReconciliation/' || r.id, 'Organization/' || s.payer_id) FROM (" + strings.Join([]string{
			uneven("payer_id, trace", "payer_id, trace, 'queued' AS outcome", cleared, "SELECT payer_id, trace, -paid FROM answers WHERE tenant_id = ? AND posted AND trace <> ''", "SELECT r.payer_id, r.trace, -d.amount"+detailed+" AND d.code <> ''"),
			uneven("payer_id, trace", "payer_id, trace, 'complete'", "SELECT payer_id, trace, amount FROM remittances WHERE tenant_id = ?", "SELECT r.payer_id, r.trace, -d.amount"+detailed),
			uneven("payer_id, trace", "payer_id, trace, 'complete'", cleared, "SELECT payer_id, trace, -amount FROM remittances WHERE tenant_id = ?",
				"SELECT r.payer_id, r.trace, d.amount"+detailed+" AND d.code = '' AND NOT EXISTS (SELECT 1 FROM answers x WHERE x.tenant_id = d.tenant_id AND x.id = d.answer_id AND x.posted)"),
			uneven("payer_id, trace", "payer_id, trace, 'complete'", "SELECT"+paid, "SELECT payer_id, trace, -amount FROM remittances WHERE tenant_id = ? AND deposit_id <> ''"),
		}, " UNION ALL ") + ") s LEFT JOIN remittances r ON r.tenant_id = ? AND r.payer_id = s.payer_id AND r.trace = s.trace WHERE s.outcome = 'queued' OR r.outcome = 'complete'"},
	{models.LawPatient, "what the patient owes of the case is not what the invoices ask for",
		"SELECT c.case_id FROM (SELECT charge_id, sum(amount) AS unasked FROM (SELECT charge_id, amount FROM postings WHERE tenant_id = ? AND account = 'AR:Patient'" +
			" UNION ALL SELECT l.charge_id, -l.due FROM invoices i JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id WHERE i.tenant_id = ? AND i.status = 'issued') d" +
			" GROUP BY charge_id HAVING sum(amount) <> 0) s JOIN charges c ON c.tenant_id = ? AND c.id = s.charge_id JOIN cases k ON k.tenant_id = c.tenant_id AND k.id = c.case_id" +
			" LEFT JOIN openings o ON o.tenant_id = c.tenant_id AND o.charge_id = c.id AND o.payer_id = ''" +
			" WHERE o.charge_id IS NULL AND (s.unasked < 0 OR k.state IN ('patient', 'closed')) AND NOT" + excused},
	{models.LawCredit, "less than nothing is owed of a charge, and nobody has it as work",
		negative("p.account = 'AR:Patient' OR p.account = 'AR:Insurance' AND p.payer_id = c.payer_id")},
	{models.LawOnce, "one cause, payment or answer stands in the books twice",
		"SELECT 'entry ' || min(id) FROM journal_entries WHERE tenant_id = ? GROUP BY cause HAVING count(*) > 1" +
			" UNION ALL SELECT 'PaymentReconciliation/' || min(id) FROM remittances WHERE tenant_id = ? GROUP BY payer_id, trace HAVING count(*) > 1" +
			" UNION ALL SELECT 'ClaimResponse/' || min(id) FROM answers WHERE tenant_id = ? GROUP BY claim_id, payer_id, answer_key, status, trace HAVING count(*) > 1"},
	{models.LawControl, "an account holds something of which its dimensions do not say whose it is",
		"SELECT CASE WHEN g.charge_id <> '' THEN 'ChargeItem/' || g.charge_id ELSE 'account ' || g.account END FROM" +
			" (SELECT account, patient_id, case_id, charge_id, payer_id FROM postings WHERE tenant_id = ? AND account IN ('AR:Insurance', 'AR:Patient')" +
			" GROUP BY account, patient_id, case_id, charge_id, payer_id HAVING sum(amount) <> 0) g LEFT JOIN charges c ON c.tenant_id = ? AND c.id = g.charge_id" +
			" WHERE c.id IS NULL OR g.patient_id = '' OR c.patient_id <> g.patient_id OR c.case_id <> g.case_id OR (g.account = 'AR:Patient') <> (g.payer_id = '')" +
			" UNION ALL SELECT 'account ' || account FROM postings WHERE tenant_id = ? AND account = 'Liability:Patient-credits' AND patient_id = '' GROUP BY account HAVING sum(amount) <> 0" +
			" UNION ALL " + uneven("payment_id", "'PaymentNotice/' || payment_id", "SELECT payment_id, amount FROM postings WHERE tenant_id = ? AND account = 'Liability:Patient-credits'",
			"SELECT id AS payment_id, unapplied FROM payments WHERE tenant_id = ?") +
			" UNION ALL " + uneven("payment_id, charge_id, invoice_id", "'PaymentNotice/' || payment_id", "SELECT payment_id, charge_id, invoice_id, amount FROM postings WHERE tenant_id = ? AND account = 'AR:Patient' AND payment_id <> ''",
			"SELECT payment_id, charge_id, invoice_id, amount FROM allocations WHERE tenant_id = ?")},
	{models.LawNextPayer, "a later payer owes less than nothing of a charge, and nobody has it as work",
		negative("p.account = 'AR:Insurance' AND p.payer_id <> c.payer_id")},
	{models.LawClosed, "the entry counts for a day on which the books were closed when it was posted",
		"SELECT 'entry ' || e.id FROM tenants t JOIN journal_entries e ON e.tenant_id = t.tenant_id AND e.effective <= t.closed_through AND e.posted > t.closed_at" +
			" WHERE t.tenant_id = ? AND t.closed_through <> ''"},
	{models.LawDeposit, "what the journal has of the deposit is not what the bank said, or what is known of it",
		strings.Join([]string{
			uneven("id", "'deposit ' || id", "SELECT remittance_id AS id, amount FROM postings WHERE tenant_id = ? AND account = 'Cash:Bank' AND remittance_id <> ''", "SELECT id, -amount FROM deposits WHERE tenant_id = ?"),
			uneven("id", "'deposit ' || id", "SELECT remittance_id AS id, amount FROM postings WHERE tenant_id = ? AND account = 'Liability:Unmatched-receipts'", "SELECT id, amount FROM deposits WHERE tenant_id = ? AND state = 'unmatched'"),
			uneven("id", "'deposit ' || id", "SELECT deposit_id AS id, amount FROM deposit_matches WHERE tenant_id = ?", "SELECT id, -amount FROM deposits WHERE tenant_id = ? AND state = 'matched'"),
			"SELECT 'deposit ' || e.deposit_id FROM processor_events e WHERE e.tenant_id = ? AND e.deposit_id <> ''" +
				" AND NOT EXISTS (SELECT 1 FROM deposit_matches m WHERE m.tenant_id = e.tenant_id AND m.deposit_id = e.deposit_id AND m.pays = 'card')",
		}, " UNION ALL ")},
	{models.LawRefund, "what the journal has of the refund is not what it says",
		strings.Join([]string{
			uneven("id, payment_id", "'refund ' || id", refunding+"'refund'", "SELECT id, payment_id, amount FROM refunds WHERE tenant_id = ?"),
			uneven("id, payment_id", "'refund ' || id", refunding+"'refund-paid'", "SELECT id, payment_id, -amount FROM refunds WHERE tenant_id = ? AND state = 'paid'"),
			uneven("id, payment_id", "'refund ' || id", cancelling+"'refund'", "SELECT id, payment_id, -amount FROM refunds WHERE tenant_id = ? AND state = 'cancelled'"),
			uneven("payment_id", "'PaymentNotice/' || payment_id", "SELECT payment_id, amount FROM postings WHERE tenant_id = ? AND account = 'Liability:Refunds-payable'",
				"SELECT payment_id, amount FROM refunds WHERE tenant_id = ? AND state = 'approved'"),
			uneven("payment_id", "'PaymentNotice/' || payment_id", "SELECT id AS payment_id, refunded AS amount FROM payments WHERE tenant_id = ?", "SELECT payment_id, -amount FROM refunds WHERE tenant_id = ? AND state <> 'cancelled'"),
		}, " UNION ALL ")},
	{models.LawWriteOff, "what the journal has of the write-off is not what stands of it",
		uneven("id, account, invoice_id", "'write-off ' || id",
			"SELECT substr(e.cause, 11, 36) AS id, p.account, p.invoice_id, p.amount FROM postings p JOIN journal_entries e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id"+
				" WHERE p.tenant_id = ? AND p.account <> 'AR:Patient' AND e.cause LIKE 'write-off/%'",
			"SELECT id, CASE kind"+writtenOff+" END, invoice_id, -amount FROM write_offs WHERE tenant_id = ?")},
}

// Broken is something of which a law does not hold: a record or an entry by its type and id.
type Broken struct {
	Law           models.Law
	Subject, Text string
}

// LawsBroken gives of each law over sums of the tenant's books at most limit things of which it does not hold, in one statement a law.
func LawsBroken(v *store.View, limit int) ([]Broken, error) {
	var all []Broken
	for _, l := range laws {
		args := make([]any, strings.Count(l.broken, "?"))
		for i := range args {
			args[i] = v.Tenant()
		}
		subjects, err := store.Column[string](v, "WITH of_law (subject) AS ("+l.broken+") SELECT DISTINCT subject FROM of_law ORDER BY subject LIMIT ?", append(args, limit)...)
		if err != nil {
			return nil, err
		}
		for _, subject := range subjects {
			all = append(all, Broken{l.Law, subject, l.text})
		}
	}
	return all, nil
}
