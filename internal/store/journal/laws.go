package journal

import (
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

// law is what holds of all that a tenant has at any moment. Broken gives what it does not hold of, by type and id; each ? is the tenant.
type law struct {
	models.Law
	text   string
	broken string
}

// excused are cases k that move: a step is due, somebody has work on them, or a payer took back an answer and gave no other one yet.
const excused = " (k.due <> ''" +
	" OR EXISTS (SELECT 1 FROM work_items w WHERE w.tenant_id = k.tenant_id AND w.case_id = k.id AND w.status = 'requested')" +
	" OR EXISTS (SELECT 1 FROM claims m WHERE m.tenant_id = k.tenant_id AND m.case_id = k.id AND m.state IN ('reversed', 'partly-adjudicated')))"

// negative gives the cases that owe less than nothing of a charge by the receivables that of names.
func negative(of string) string {
	return "SELECT g.case_id FROM (SELECT p.charge_id, p.case_id, p.payer_id, p.account FROM postings p JOIN charges c ON c.tenant_id = p.tenant_id AND c.id = p.charge_id" +
		" WHERE p.tenant_id = ? AND (" + of + ") GROUP BY p.charge_id, p.case_id, p.payer_id, p.account HAVING sum(p.amount) < 0) g" +
		" JOIN cases k ON k.tenant_id = ? AND k.id = g.case_id WHERE NOT" + excused
}

// laws are those that hold of sums and not of one entry. What one entry has to be is looked at entry by entry.
var laws = []law{
	{models.LawImmutable, "the entry is taken back more than once",
		"SELECT 'entry ' || e.reverses FROM journal_entries e WHERE e.tenant_id = ? AND e.reverses <> '' GROUP BY e.reverses HAVING count(*) > 1"},
	{models.LawCharge, "what was paid and taken off and is still owed of the charge is not what it was billed for",
		"SELECT 'ChargeItem/' || c.id FROM charges c LEFT JOIN (SELECT p.charge_id, sum(p.amount) AS amount FROM postings p" +
			" JOIN journal_entries e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id LEFT JOIN journal_entries r ON r.tenant_id = e.tenant_id AND r.id = e.reverses" +
			" WHERE p.tenant_id = ? AND p.charge_id <> '' AND p.account <> 'Revenue:Gross' AND COALESCE(r.kind, e.kind) NOT IN ('payment', 'credit-applied', 'overpaid')" +
			" GROUP BY p.charge_id) s ON s.charge_id = c.id" +
			" WHERE c.tenant_id = ? AND COALESCE(s.amount, 0) <> CASE WHEN c.state IN ('posted', 'billed') THEN c.billed ELSE 0 END"},
	{models.LawAnswer, "what is paid and adjusted is not what was billed, or not what the journal has of it",
		"SELECT 'ClaimResponse/' || a.id FROM answers a" +
			" LEFT JOIN (SELECT l.answer_id, sum(l.billed) AS billed, sum(CASE WHEN l.billed <> l.paid + COALESCE(j.amount, 0) THEN 1 ELSE 0 END) AS amiss FROM answer_lines l" +
			" LEFT JOIN (SELECT answer_id, line_sequence, sum(amount) AS amount FROM adjustments WHERE tenant_id = ? GROUP BY answer_id, line_sequence) j" +
			" ON j.answer_id = l.answer_id AND j.line_sequence = l.line_sequence WHERE l.tenant_id = ? GROUP BY l.answer_id) s ON s.answer_id = a.id" +
			" LEFT JOIN (SELECT answer_id, sum(amount) AS amount FROM adjustments WHERE tenant_id = ? GROUP BY answer_id) t ON t.answer_id = a.id" +
			" LEFT JOIN (SELECT answer_id, sum(amount) AS amount FROM postings WHERE tenant_id = ? AND account = 'Clearing:ERA' GROUP BY answer_id) p ON p.answer_id = a.id" +
			" WHERE a.tenant_id = ? AND a.posted AND a.kind <> 'acknowledgement'" +
			" AND (COALESCE(s.amiss, 0) > 0 OR a.billed <> COALESCE(s.billed, 0) OR a.billed <> a.paid + COALESCE(t.amount, 0) OR a.paid <> COALESCE(p.amount, 0))"},
	{models.LawRemittance, "what the journal has of the payment is not what the payer paid, or its answers say",
		"SELECT 'PaymentReconciliation/' || r.id FROM remittances r" +
			" LEFT JOIN (SELECT payer_id, remittance_id, sum(amount) AS amount FROM postings WHERE tenant_id = ? AND account = 'Clearing:ERA' GROUP BY payer_id, remittance_id) p" +
			" ON p.payer_id = r.payer_id AND p.remittance_id = r.trace" +
			" LEFT JOIN (SELECT payer_id, trace, sum(paid) AS paid FROM answers WHERE tenant_id = ? AND posted AND trace <> '' GROUP BY payer_id, trace) a" +
			" ON a.payer_id = r.payer_id AND a.trace = r.trace" +
			" LEFT JOIN (SELECT d.remittance_id, sum(d.amount) AS told, sum(CASE WHEN d.code <> '' THEN d.amount ELSE 0 END) AS other," +
			" sum(CASE WHEN d.code <> '' OR x.posted THEN 0 ELSE d.amount END) AS held FROM remittance_details d" +
			" LEFT JOIN answers x ON x.tenant_id = d.tenant_id AND x.id = d.answer_id WHERE d.tenant_id = ? GROUP BY d.remittance_id) t ON t.remittance_id = r.id" +
			" WHERE r.tenant_id = ? AND (COALESCE(p.amount, 0) <> COALESCE(a.paid, 0) + COALESCE(t.other, 0)" +
			" OR r.outcome = 'complete' AND (r.amount <> COALESCE(t.told, 0) OR r.amount <> COALESCE(p.amount, 0) + COALESCE(t.held, 0)))" +
			" UNION ALL SELECT 'Organization/' || p.payer_id FROM postings p WHERE p.tenant_id = ? AND p.account = 'Clearing:ERA' AND p.remittance_id <> ''" +
			" AND NOT EXISTS (SELECT 1 FROM remittances r WHERE r.tenant_id = p.tenant_id AND r.payer_id = p.payer_id AND r.trace = p.remittance_id)" +
			" GROUP BY p.payer_id, p.remittance_id"},
	{models.LawPatient, "what the patient owes of the case is not what the invoices ask for",
		"SELECT c.case_id FROM charges c JOIN cases k ON k.tenant_id = c.tenant_id AND k.id = c.case_id" +
			" LEFT JOIN openings o ON o.tenant_id = c.tenant_id AND o.charge_id = c.id AND o.payer_id = ''" +
			" LEFT JOIN (SELECT charge_id, sum(amount) AS owed FROM postings WHERE tenant_id = ? AND account = 'AR:Patient' GROUP BY charge_id) p ON p.charge_id = c.id" +
			" LEFT JOIN (SELECT l.charge_id, sum(l.due) AS due FROM invoices i JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id" +
			" WHERE i.tenant_id = ? AND i.status = 'issued' GROUP BY l.charge_id) s ON s.charge_id = c.id" +
			" WHERE c.tenant_id = ? AND o.charge_id IS NULL" +
			" AND (COALESCE(s.due, 0) > COALESCE(p.owed, 0) OR COALESCE(s.due, 0) < COALESCE(p.owed, 0) AND k.state IN ('patient', 'closed')) AND NOT" + excused},
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
			" UNION ALL SELECT 'account ' || account FROM postings WHERE tenant_id = ? AND account = 'Liability:Patient-credits' AND patient_id = '' GROUP BY account HAVING sum(amount) <> 0"},
	{models.LawNextPayer, "a later payer owes less than nothing of a charge, and nobody has it as work",
		negative("p.account = 'AR:Insurance' AND p.payer_id <> c.payer_id")},
	{models.LawClosed, "the entry counts for a day on which the books were closed when it was posted",
		"SELECT 'entry ' || e.id FROM tenants t JOIN journal_entries e ON e.tenant_id = t.tenant_id AND e.effective <= t.closed_through AND e.posted > t.closed_at" +
			" WHERE t.tenant_id = ? AND t.closed_through <> ''"},
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
