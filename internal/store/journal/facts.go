package journal

import (
	"encoding/json"
	"strconv"
	"strings"

	"medbill/internal/store"
)

// fact is a kind of line of a proof: its fields in order, those with # numbers, and where they come from; each ? is the tenant. docs/proof.md
// tells the format, and tools/proof reads it without any package of ours.
type fact struct{ kind, fields, query string }

// facts are the kinds in the order of a proof: ids, codes, days and amounts, and nothing that says who somebody is.
var facts = []fact{
	{"books", "closedThrough #closedAt", "SELECT closed_through, closed_at FROM tenants WHERE tenant_id = ?"},
	{"case", "id state #moves", "SELECT k.id, k.state, CASE WHEN" + excused + " THEN 1 ELSE 0 END FROM cases k WHERE k.tenant_id = ? ORDER BY k.id"},
	{"charge", "id case patient payer #posted #billed", "SELECT id, case_id, patient_id, payer_id, CASE WHEN state IN (" + inBooks + ") THEN 1 ELSE 0 END, billed FROM charges WHERE tenant_id = ? ORDER BY id"},
	{"opening", "charge payer #amount #due", "SELECT charge_id, payer_id, amount, due FROM openings WHERE tenant_id = ? ORDER BY charge_id"},
	{"entry", "id event cause reverses effective #posted digest", "SELECT id, kind, cause, reverses, effective, posted, digest FROM journal_entries WHERE tenant_id = ? ORDER BY id"},
	{"posting", "entry #sequence account #amount patient case charge claim payer answer remittance payment invoice rendering location",
		"SELECT entry_id, sequence, account, amount, patient_id, case_id, charge_id, claim_id, payer_id, answer_id, remittance_id, payment_id, invoice_id, rendering_id, location_id" +
			" FROM postings WHERE tenant_id = ? ORDER BY entry_id, sequence"},
	{"answer", "id claim payer event status key trace #posted #billed #paid",
		"SELECT id, claim_id, payer_id, kind, status, answer_key, trace, CASE WHEN posted THEN 1 ELSE 0 END, billed, paid FROM answers WHERE tenant_id = ? ORDER BY id"},
	{"answer-line", "answer #sequence charge #billed #paid", "SELECT answer_id, line_sequence, charge_id, billed, paid FROM answer_lines WHERE tenant_id = ? ORDER BY answer_id, line_sequence"},
	{"adjustment", "answer #sequence #line group reason #amount", "SELECT answer_id, sequence, line_sequence, group_code, reason_code, amount FROM adjustments WHERE tenant_id = ? ORDER BY answer_id, sequence"},
	{"remittance", "id payer trace outcome #amount", "SELECT id, payer_id, trace, outcome, amount FROM remittances WHERE tenant_id = ? ORDER BY id"},
	{"remittance-detail", "remittance #sequence answer code #amount", "SELECT remittance_id, sequence, answer_id, code, amount FROM remittance_details WHERE tenant_id = ? ORDER BY remittance_id, sequence"},
	{"deposit", "id state #amount", "SELECT id, state, amount FROM deposits WHERE tenant_id = ? ORDER BY id"},
	{"deposit-match", "deposit #sequence remittance #amount", "SELECT deposit_id, sequence, remittance_id, amount FROM deposit_matches WHERE tenant_id = ? ORDER BY deposit_id, sequence"},
	{"invoice", "id case patient status #billed #net #due", "SELECT id, case_id, patient_id, status, billed, net, due FROM invoices WHERE tenant_id = ? ORDER BY id"},
	{"invoice-line", "invoice #sequence charge #billed #net #due", "SELECT invoice_id, sequence, charge_id, billed, net, due FROM invoice_lines WHERE tenant_id = ? ORDER BY invoice_id, sequence"},
	{"payment", "id patient #amount #unapplied #refunded", "SELECT id, patient_id, amount, unapplied, refunded FROM payments WHERE tenant_id = ? AND " + isPosted + " ORDER BY id"},
	{"allocation", "payment charge invoice #amount", "SELECT payment_id, charge_id, invoice_id, amount FROM allocations WHERE tenant_id = ? AND amount > 0 ORDER BY payment_id, charge_id, invoice_id"},
	{"refund", "id payment state #amount", "SELECT id, payment_id, state, amount FROM refunds WHERE tenant_id = ? ORDER BY id"},
	{"write-off", "id invoice code #amount", "SELECT id, invoice_id, kind, amount FROM write_offs WHERE tenant_id = ? ORDER BY id"},
	{"total", "account #amount", "SELECT account, CAST(sum(amount) AS BIGINT) FROM postings WHERE tenant_id = ? GROUP BY account ORDER BY account"},
}

// EachFact calls fn for every fact about the money of the tenant as a line of JSON without its end, in an order that hangs on the records alone. The
// line is fn's until it returns, and a query is open meanwhile.
func EachFact(v *store.View, fn func(line []byte) error) error {
	for _, f := range facts {
		if err := f.each(v, fn); err != nil {
			return err
		}
	}
	return nil
}

func (f fact) each(v *store.View, fn func(line []byte) error) error {
	names := strings.Fields(f.fields)
	texts, numbers, into := make([]string, len(names)), make([]int64, len(names)), make([]any, len(names))
	for i, name := range names {
		if into[i] = &texts[i]; name[0] == '#' {
			into[i] = &numbers[i]
		}
	}
	var line []byte
	return v.Rows(func(row store.Row) error {
		if err := row.Scan(into...); err != nil {
			return err
		}
		line = append(line[:0], `{"kind":"`+f.kind+`"`...)
		for i, name := range names {
			if name[0] == '#' {
				line = strconv.AppendInt(append(line, `,"`+name[1:]+`":`...), numbers[i], 10)
				continue
			}
			text, err := json.Marshal(texts[i])
			if err != nil {
				return err
			}
			line = append(append(line, `,"`+name+`":`...), text...)
		}
		return fn(append(line, '}'))
	}, f.query, v.Tenant())
}
