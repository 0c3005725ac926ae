package books

import (
	"maps"
	"strconv"

	"medbill/fhir/render"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// The types of documents that are rendered from rows, one row each of one table or another: what is published, what `medbill verify` renders again
// and what it looks for follows from them.
var (
	accounts    = booked[models.AccountID, models.Account]{"Account", "accounts", AccountsByID, func(a models.Account) models.AccountID { return a.ID }, render.Account}
	charges     = booked[models.ChargeID, models.Charge]{"ChargeItem", "charges", ChargesByID, func(c models.Charge) models.ChargeID { return c.ID }, render.ChargeItem}
	claims      = booked[models.ClaimID, models.Claim]{"Claim", "claims", Claims, func(c models.Claim) models.ClaimID { return c.ID }, render.Claim}
	answers     = booked[models.AnswerID, models.Answer]{"ClaimResponse", "answers", AnswersByID, func(a models.Answer) models.AnswerID { return a.ID }, render.Answer}
	invoices    = booked[models.InvoiceID, models.Invoice]{"Invoice", "invoices", Invoices, func(i models.Invoice) models.InvoiceID { return i.ID }, render.Invoice}
	remittances = booked[models.RemittanceID, models.Remittance]{"PaymentReconciliation", "remittances", RemittancesByID, func(r models.Remittance) models.RemittanceID { return r.ID }, render.Remittance}
	payments    = booked[models.PaymentID, models.Payment]{"PaymentNotice", "payments", PaymentsByID, func(p models.Payment) models.PaymentID { return p.ID }, render.PaymentNotice}
	receipts    = booked[models.PaymentID, models.Payment]{"PaymentReconciliation", "payments", PaymentsByID, func(p models.Payment) models.PaymentID { return p.ID }, render.Receipt}
	unmatched   = booked[models.AnswerID, models.Unmatched]{"ClaimResponse", "unmatched_answers", UnmatchedByID, func(u models.Unmatched) models.AnswerID { return u.ID }, render.Unmatched}
	estimates   = booked[models.EstimateID, models.GoodFaithEstimate]{"Claim", "good_faith_estimates", EstimatesByID, func(e models.GoodFaithEstimate) models.EstimateID { return e.ID }, render.GoodFaithEstimate}
	workItems   = booked[models.WorkItemID, models.WorkItem]{"Task", "work_items", WorkItemsByID, func(w models.WorkItem) models.WorkItemID { return w.ID }, render.Task}

	bookedTypes = []bookedType{accounts, charges, claims, estimates, answers, unmatched, invoices, payments, remittances, receipts, workItems}
)

// booked says from which rows one type of documents is rendered, and how.
type booked[ID ~string, Row any] struct {
	typ, table string
	load       func(v *store.View, ids []ID) ([]Row, error)
	id         func(Row) ID
	render     func(Row) []byte
}

// bookedType is a booked of any row.
type bookedType interface {
	names() (typ, table string)
	renderings(v *store.View, ids []string) (map[string][]byte, error)
}

func (b booked[ID, Row]) names() (typ, table string) { return b.typ, b.table }

// renderings gives what the rows render to, by id; a row that is not there is absent.
func (b booked[ID, Row]) renderings(v *store.View, ids []string) (map[string][]byte, error) {
	named := make([]ID, len(ids))
	for i, id := range ids {
		named[i] = ID(id)
	}
	rows, err := b.load(v, named)
	bodies := make(map[string][]byte, len(rows))
	for _, row := range rows {
		bodies[string(b.id(row))] = b.render(row)
	}
	return bodies, err
}

// note says that rows changed in this transaction and that this is how they stand now.
func (b booked[ID, Row]) note(tx *store.Tx, rows ...Row) {
	for _, row := range rows {
		changed(tx, models.Ref{Type: b.typ, ID: string(b.id(row))}, b.render(row))
	}
}

// Renderings gives what the rows behind booked documents of one type render to, by id; a document without a row is absent.
func Renderings(v *store.View, typ string, ids []string) (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, b := range bookedTypes {
		if name, _ := b.names(); name != typ {
			continue
		}
		bodies, err := b.renderings(v, ids)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, bodies)
	}
	return all, nil
}

// Stands reports whether a claim or an invoice is in the books, and so its document among the documents. Of another type only
// those tell: false.
func Stands(v *store.View, ref models.Ref) (stands bool, err error) {
	switch ref.Type {
	case claims.typ:
		_, stands, err = Claim(v, models.ClaimID(ref.ID))
	case invoices.typ:
		_, stands, err = Invoice(v, models.InvoiceID(ref.ID))
	}
	return stands, err
}

// Unpublished gives at most limit rows of the books that have no document.
func Unpublished(v *store.View, limit int) ([]models.Ref, error) {
	if err := documents.Settle(v); err != nil {
		return nil, err
	}
	var refs []models.Ref
	for _, b := range bookedTypes {
		typ, table := b.names()
		ids, err := store.Column[string](v, "SELECT r.id FROM "+table+" r WHERE r.tenant_id = ? AND NOT EXISTS (SELECT 1 FROM documents d"+
			" WHERE d.tenant_id = r.tenant_id AND d.type = ? AND d.id = r.id AND d.deleted = ? AND d.external = ?) ORDER BY r.id LIMIT "+strconv.Itoa(limit),
			v.Tenant(), typ, false, false)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			refs = append(refs, models.Ref{Type: typ, ID: id})
		}
	}
	return refs[:min(limit, len(refs))], nil
}
