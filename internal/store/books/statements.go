package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// isOwed and isDueFrom are written out, not arguments: the indexes are chosen by them.
const (
	isOwed    = "status = 'issued' AND due > 0"
	isDueFrom = "due > 0"
)

// GuarantorsOwing gives at most count guarantors after one who are asked for something that is due, in the order of their references.
func GuarantorsOwing(v *store.View, after models.Ref, count int) ([]models.Ref, error) {
	return store.Column[models.Ref](v, "SELECT recipient FROM (SELECT DISTINCT recipient FROM invoices WHERE tenant_id = ? AND recipient > ? AND "+isOwed+" ORDER BY recipient LIMIT ?) AS asked"+
		" UNION SELECT recipient FROM (SELECT DISTINCT recipient FROM openings WHERE tenant_id = ? AND recipient > ? AND "+isDueFrom+" ORDER BY recipient LIMIT ?) AS before"+
		" ORDER BY recipient LIMIT ?", v.Tenant(), after, count, v.Tenant(), after, count, count)
}

// IsAsked reports whether somebody is asked for something that is due.
func IsAsked(v *store.View, who models.Ref) (bool, error) {
	asked, err := store.Column[models.Ref](v, "SELECT recipient FROM invoices WHERE tenant_id = ? AND recipient = ? AND "+isOwed+" UNION SELECT recipient FROM openings WHERE tenant_id = ? AND recipient = ? AND "+isDueFrom, v.Tenant(), who, v.Tenant(), who)
	return len(asked) > 0, err
}

// CountOwing gives how many guarantors are asked for something that is due.
func CountOwing(v *store.View) (int, error) {
	counts, err := store.Column[int](v, "SELECT count(*) FROM (SELECT recipient FROM invoices WHERE tenant_id = ? AND "+isOwed+" UNION SELECT recipient FROM openings WHERE tenant_id = ? AND recipient > '' AND "+isDueFrom+") AS owing",
		v.Tenant(), v.Tenant())
	if err != nil || len(counts) == 0 {
		return 0, err
	}
	return counts[0], nil
}

// InvoicesAsking gives the invoices, without their lines, that ask guarantors from one to another, in the order of their references, for something that is due; oldest first. A range is looked up in the
// index whatever the database believes of its rows, and a list may be filtered.
func InvoicesAsking(v *store.View, first, last models.Ref) ([]models.Invoice, error) {
	return store.All[models.Invoice](v, "created, id", "recipient BETWEEN ? AND ? AND "+isOwed, first, last)
}

// LinesOfInvoices gives the lines of invoices.
func LinesOfInvoices(v *store.View, ids []models.InvoiceID) ([]models.InvoiceLine, error) {
	return store.All[models.InvoiceLine](v, "invoice_id, sequence", "invoice_id IN ?", store.Texts(ids))
}

// OpeningsAsking gives the balances from before of which something is due from guarantors, one to another as InvoicesAsking, by day.
func OpeningsAsking(v *store.View, first, last models.Ref) ([]models.Opening, error) {
	return store.All[models.Opening](v, "service_date, number", "recipient BETWEEN ? AND ? AND "+isDueFrom, first, last)
}

// CasesWithClaims gives those of cases of which a claim is in a state.
func CasesWithClaims(v *store.View, ids []models.CaseID, state models.ClaimState) ([]models.CaseID, error) {
	var list []models.CaseID
	err := v.Rows(func(row store.Row) error {
		var id models.CaseID
		var is models.ClaimState
		err := row.Scan(&id, &is)
		if is == state { // not asked of the database, which would go by the state
			list = append(list, id)
		}
		return err
	}, "SELECT case_id, state FROM claims WHERE tenant_id = ? AND case_id IN ?", v.Tenant(), store.Texts(ids))
	return list, err
}

// LatestStatements gives of guarantors the last statement each that asked for all that was due.
func LatestStatements(v *store.View, guarantors []models.Ref) ([]models.Statement, error) {
	return store.All[models.Statement](v, "created, id", "guarantor IN ? AND latest = ?", texts(guarantors), true)
}

// StatementsOf gives at most count statements of a guarantor, the last one first.
func StatementsOf(v *store.View, guarantor models.Ref, count int) ([]models.Statement, error) {
	return store.Some[models.Statement](v, count, "created DESC, id DESC", "guarantor = ?", guarantor)
}

// StatementByID gives one statement; false where there is none.
func StatementByID(v *store.View, id models.StatementID) (models.Statement, bool, error) {
	return store.First[models.Statement](v, "id = ?", id)
}

// StatementPage gives at most count statements, of a guarantor or, where that is the zero Ref, of all, the latest first, after one of them by id ("" is before all).
func StatementPage(v *store.View, guarantor models.Ref, after models.StatementID, count int) ([]models.Statement, error) {
	c := &conditions{}
	if guarantor.ID != "" {
		c.add("guarantor = ?", guarantor)
	}
	c.before(string(after))
	return store.Some[models.Statement](v, count, "id DESC", c.text(), c.args...)
}

// SentCauses gives those of causes that a statement was sent by.
func SentCauses(v *store.View, causes []models.Cause) ([]models.Cause, error) {
	return store.Column[models.Cause](v, "SELECT cause FROM statements WHERE tenant_id = ? AND cause IN ?", v.Tenant(), store.Texts(causes))
}

// AddStatements writes statements; those that ask for all that is due are the last ones of their guarantors then. A cause that is taken starts the transaction again.
func AddStatements(tx *store.Tx, list ...models.Statement) error {
	var latest []models.Ref
	for i := range list {
		list[i].TenantID, list[i].Created = tx.Tenant(), tx.Now()
		if list[i].Latest {
			latest = append(latest, list[i].Guarantor)
		}
	}
	if err := BeginCycle(tx, latest...); err != nil {
		return err
	}
	return store.Insert(tx, list...)
}

// BeginCycle has the next letters to guarantors be the first of a cycle.
func BeginCycle(tx *store.Tx, guarantors ...models.Ref) error {
	if len(guarantors) == 0 {
		return nil
	}
	return tx.Write("UPDATE statements SET latest = ? WHERE tenant_id = ? AND guarantor IN ? AND latest = ?", false, tx.Tenant(), texts(guarantors), true)
}

// MoveGuarantor has what one guarantor was sent, what keeps statements from him and what he agreed to be another's, who stands for him now.
func MoveGuarantor(tx *store.Tx, from, to models.Ref) error {
	for _, table := range []string{"statements", "statement_holds", "payment_plans"} {
		if err := tx.Write("UPDATE "+table+" SET guarantor = ? WHERE tenant_id = ? AND guarantor = ?", to, tx.Tenant(), from); err != nil {
			return err
		}
	}
	return nil
}

// HoldsOf gives the holds on statements of guarantors, oldest first.
func HoldsOf(v *store.View, guarantors []models.Ref) ([]models.StatementHold, error) {
	return store.All[models.StatementHold](v, "created, id", "guarantor IN ?", texts(guarantors))
}

// SaveHold writes a hold, new or not.
func SaveHold(tx *store.Tx, h models.StatementHold) error {
	h.TenantID, h.Updated = tx.Tenant(), tx.Now()
	if h.Created == 0 {
		h.Created = tx.Now()
	}
	return store.Upsert(tx, h)
}

// PlansOf gives the payment plans of guarantors with their parts, oldest first.
func PlansOf(v *store.View, guarantors []models.Ref) ([]models.PaymentPlan, error) {
	plans, err := store.All[models.PaymentPlan](v, "created, id", "guarantor IN ?", texts(guarantors))
	return withParts(v, plans, err)
}

// ActivePlans gives those of guarantors that are active.
func ActivePlans(v *store.View, guarantors []models.Ref) ([]models.PaymentPlan, error) {
	plans, err := store.All[models.PaymentPlan](v, "created, id", "guarantor IN ? AND state = ?", texts(guarantors), models.PlanActive)
	return withParts(v, plans, err)
}

func withParts(v *store.View, plans []models.PaymentPlan, err error) ([]models.PaymentPlan, error) {
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	at := map[models.PlanID]int{}
	ids := make([]models.PlanID, len(plans))
	for i, p := range plans {
		ids[i], at[p.ID] = p.ID, i
	}
	parts, err := store.All[models.PlanPart](v, "sequence, plan_id", "plan_id IN ?", store.Texts(ids))
	for _, part := range parts {
		p := &plans[at[part.PlanID]]
		p.Parts = append(p.Parts, part)
	}
	return plans, err
}

// SavePlan writes a plan, new or not, and its parts where it is new.
func SavePlan(tx *store.Tx, p models.PaymentPlan) error {
	isNew := p.Created == 0
	p.TenantID, p.Updated = tx.Tenant(), tx.Now()
	if isNew {
		p.Created = tx.Now()
	}
	if err := store.Upsert(tx, p); err != nil || !isNew {
		return err
	}
	parts := make([]models.PlanPart, len(p.Parts))
	for i, part := range p.Parts {
		part.TenantID, part.PlanID = p.TenantID, p.ID
		parts[i] = part
	}
	return store.Insert(tx, parts...)
}

func texts(refs []models.Ref) []string {
	list := make([]string, len(refs))
	for i, ref := range refs {
		list[i] = ref.String()
	}
	return list
}
