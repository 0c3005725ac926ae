package accounts

import (
	"cmp"
	"fmt"

	"medbill/billing/desk"
	"medbill/billing/rules/statement"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// PlanRequest is what a guarantor agreed to: an amount, 0 for all that is due, in parts, the first of them due on a day, "" for today.
type PlanRequest struct {
	PatientID models.PatientID
	Amount    models.Cents
	Parts     int
	First     models.Date
}

// MakePlan keeps a payment plan of the guarantor of a patient, in the place of one that there is. It refuses (BusinessRule, plan.amount, plan.parts, plan.first) more than is due, fewer than two parts or more
// than statement.PartsMax, and a first day that is over.
func MakePlan(s *desk.Sheet, r PlanRequest) (models.PaymentPlan, error) {
	none := models.PaymentPlan{}
	who, err := lockGuarantor(s, r.PatientID)
	if err != nil {
		return none, err
	}
	owed, err := owedBy(s, []models.Ref{who})
	if err != nil {
		return none, err
	}
	dues, err := owed.byCharge(s)
	if err != nil {
		return none, err
	}
	all := models.Cents(0)
	for _, d := range dues {
		all += d.Amount
	}
	amount := r.Amount
	if amount == 0 {
		amount = all
	}
	first := cmp.Or(r.First, s.Today())
	if err := checkPlan(amount, all, r.Parts, first, s.Today()); err != nil {
		return none, err
	}
	if err := replacePlan(s, who); err != nil {
		return none, err
	}
	p := models.PaymentPlan{
		ID: models.PlanID(s.NewID()), Guarantor: who, State: models.PlanActive, Amount: amount, Covers: statement.Cover(dues, amount), By: s.Subject(), Parts: statement.Parts(amount, r.Parts, first),
	}
	if err := books.SavePlan(s.Tx, p); err != nil {
		return none, err
	}
	return p, s.Item(false, models.WorkItem{Kind: models.WorkBrokenPlan, Subject: who})
}

func checkPlan(amount, all models.Cents, parts int, first, today models.Date) error {
	refused := func(code, path, text string) error { return fault.At(fault.BusinessRule, "plan."+code, path, text) }
	switch {
	case all == 0:
		return refused("amount", "amount", "Nothing is due, so there is nothing to pay in parts.")
	case amount < 0 || amount > all:
		return refused("amount", "amount", "A plan pays at most what is due, "+all.String()+"; state less, or leave the amount out.")
	case parts < 2 || parts > statement.PartsMax || models.Cents(parts) > amount:
		return refused("parts", "parts", fmt.Sprintf("A plan has 2 to %d parts of at least a cent.", statement.PartsMax))
	case first < today:
		return refused("first", "first", "The day is over; the first part is due today or later.")
	}
	return nil
}

// EndPlan ends the payment plan of the guarantor of a patient, who is asked for all that is due again. It refuses where none is active (Conflict, plan.none).
func EndPlan(s *desk.Sheet, patient models.PatientID) (models.PaymentPlan, error) {
	guarantor, err := lockGuarantor(s, patient)
	if err != nil {
		return models.PaymentPlan{}, err
	}
	ended, err := stopPlan(s, guarantor, models.PlanEnded)
	if err == nil && ended.ID == "" {
		err = fault.New(fault.Conflict, "plan.none", "No payment plan of the guarantor is active.")
	}
	return ended, err
}

// replacePlan ends the plan of a guarantor that is active, because another one comes.
func replacePlan(s *desk.Sheet, guarantor models.Ref) error {
	_, err := stopPlan(s, guarantor, models.PlanReplaced)
	return err
}

// stopPlan gives the plan of a guarantor that was active a state, and gives it; the zero one where none was.
func stopPlan(s *desk.Sheet, guarantor models.Ref, state models.PlanState) (models.PaymentPlan, error) {
	active, err := books.ActivePlans(s.View, []models.Ref{guarantor})
	if err != nil || len(active) == 0 {
		return models.PaymentPlan{}, err
	}
	p := active[0]
	p.State = state
	return p, books.SavePlan(s.Tx, p)
}

// StandingPlan gives the last plan of the guarantor of a patient.
func StandingPlan(s *desk.Sheet, patient models.PatientID) (models.PaymentPlan, error) {
	who, err := guarantorOf(s, patient)
	if err != nil {
		return models.PaymentPlan{}, err
	}
	plans, err := books.PlansOf(s.View, []models.Ref{who})
	if err != nil || len(plans) == 0 {
		return models.PaymentPlan{}, err
	}
	return plans[len(plans)-1], nil
}

// endPlan keeps that a plan was paid, or that it is broken, which is work.
func endPlan(s *desk.Sheet, a statement.Account, state models.PlanState) error {
	p := a.Plan
	p.State = state
	if err := books.SavePlan(s.Tx, p); err != nil || state != models.PlanBroken {
		return err
	}
	standing := statement.StandingOf(a.Plan, a.Remaining, s.Today())
	return s.Item(true, models.WorkItem{
		Kind: models.WorkBrokenPlan, Subject: a.Guarantor, PatientID: a.Patient(), Amount: a.Remaining, Cause: string(p.ID),
		Reason: fmt.Sprintf("A part of the payment plan is %d days late, and %s is due of it; make another plan, or leave it: letters ask for all that is due again.", standing.Late, standing.Due),
	})
}

// byCharge gives what is due of each charge, balances from before first, then invoices by age.
func (o owed) byCharge(s *desk.Sheet) ([]models.PlanCover, error) {
	var list []models.PlanCover
	for _, one := range o.openings {
		list = append(list, models.PlanCover{ChargeID: one.ChargeID, Amount: one.Due})
	}
	if len(o.invoices) == 0 {
		return list, nil
	}
	ids := make([]models.InvoiceID, len(o.invoices))
	for i, one := range o.invoices {
		ids[i] = one.ID
	}
	lines, err := books.LinesOfInvoices(s.View, ids)
	if err != nil {
		return nil, err
	}
	byInvoice := map[models.InvoiceID][]models.InvoiceLine{}
	for _, l := range lines {
		byInvoice[l.InvoiceID] = append(byInvoice[l.InvoiceID], l)
	}
	at := map[models.ChargeID]int{} // a charge may stand on several invoices
	for _, id := range ids {
		for _, l := range byInvoice[id] {
			if n, known := at[l.ChargeID]; known {
				list[n].Amount += l.Due
			} else if l.Due > 0 {
				at[l.ChargeID] = len(list)
				list = append(list, models.PlanCover{ChargeID: l.ChargeID, Amount: l.Due})
			}
		}
	}
	return list, nil
}

// withPlans gives accounts their plans that are active, with what remains of them.
func withPlans(s *desk.Sheet, at map[models.Ref]*statement.Account, guarantors []models.Ref, o owed) error {
	plans, err := books.ActivePlans(s.View, guarantors)
	if err != nil || len(plans) == 0 {
		return err
	}
	pays := map[models.ChargeID]bool{}
	for _, p := range plans {
		for _, c := range p.Covers {
			pays[c.ChargeID] = true
		}
	}
	dues, err := o.byCharge(s)
	if err != nil {
		return err
	}
	due := map[models.ChargeID]models.Cents{}
	for _, d := range dues {
		if pays[d.ChargeID] {
			due[d.ChargeID] = d.Amount
		}
	}
	for _, p := range plans {
		a := at[p.Guarantor]
		a.Plan, a.Remaining = p, statement.Remaining(p, due)
	}
	return nil
}
