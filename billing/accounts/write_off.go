package accounts

import (
	"fmt"
	"maps"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/discount"
	"medbill/billing/rules/invoice"
	"medbill/billing/rules/ledger"
	"medbill/internal/auth"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// WriteOffRequest asks a patient for less of an invoice: an amount, a percentage, or by the income of the household in percent of the federal poverty guideline; all that is due where none of them is given.
type WriteOffRequest struct {
	InvoiceID models.InvoiceID
	Kind      models.WriteOffKind
	Amount    models.Cents
	Percent   int
	Poverty   *int
	Reason    string
}

// Check refuses (Invalid) a percentage that is none, more than one way to say how much, and a reason that is no line.
func (r WriteOffRequest) Check() error {
	ways := 0
	for _, is := range []bool{r.Amount != 0, r.Percent != 0, r.Poverty != nil} {
		if is {
			ways++
		}
	}
	switch {
	case ways > 1:
		return fault.At(fault.Invalid, "value", "amount", "An amount, a percentage and an income say different things; give one of them.")
	case r.Percent < 0 || r.Percent > 100:
		return fault.At(fault.Invalid, "value", "percent", "A percentage is 1 to 100.")
	case r.Poverty != nil && *r.Poverty < 0:
		return fault.At(fault.Invalid, "value", "poverty", "An income is not below nothing.")
	}
	return fault.Under("reason", models.CheckLine(r.Reason))
}

// of gives what is written off of what is due.
func (r WriteOffRequest) of(due models.Cents) models.Cents {
	switch {
	case r.Amount > 0:
		return r.Amount
	case r.Percent > 0:
		return discount.Share(due, r.Percent)
	case r.Poverty != nil:
		return discount.Share(due, discount.Charity(*r.Poverty))
	}
	return due
}

// WriteOff has the practice not ask for what is due of an invoice, or some of it, and gives the invoice as it stands then. It refuses (Conflict, write-off.invoice) an invoice on which nothing is due,
// (BusinessRule, write-off.amount) more than is due or nothing, and (BusinessRule, work.limit) more than who decides may give up.
func WriteOff(s *desk.Sheet, who auth.Principal, r WriteOffRequest) (models.Invoice, error) {
	i, err := Standing(r.InvoiceID)(s)
	if err != nil {
		return i, err
	}
	if err := books.Lock(s.Tx, patientOf(i.PatientID).String()); err != nil {
		return i, err
	}
	if i, err = Standing(r.InvoiceID)(s); err != nil {
		return i, err
	}
	if i.Status != models.InvoiceIssued {
		return i, fault.At(fault.Conflict, "write-off.invoice", "Invoice.status", "Nothing is due on the invoice.")
	}
	amount := r.of(i.Due)
	if amount <= 0 || amount > i.Due {
		return i, fault.At(fault.BusinessRule, "write-off.amount", "amount", fmt.Sprintf("%s is due and %s would be written off; write off something, and no more than is due.", i.Due, amount))
	}
	if most := mostOf(s, who); amount > most {
		return i, fault.At(fault.BusinessRule, "work.limit", "amount", fmt.Sprintf("%s is more than you may write off, which is %s; a manager decides.", amount, most))
	}
	w := models.WriteOff{
		ID: models.WriteOffID(s.NewID()), PatientID: i.PatientID, InvoiceID: i.ID, CaseID: i.CaseID, Kind: r.Kind, Amount: amount, Reason: r.Reason, By: who.Subject, Day: s.Today(), Moves: 1,
	}
	off := map[models.ChargeID]models.Cents{}
	for _, l := range i.Lines {
		if share := min(amount, l.Due); share > 0 {
			amount -= share
			off[l.ChargeID] = share
			w.Lines = append(w.Lines, models.WriteOffLine{ChargeID: l.ChargeID, Amount: share})
		}
	}
	entry, _ := ledger.WrittenOff(w, w.Lines, 1, s.Today())
	if err := books.SaveWriteOffs(s.Tx, w); err != nil {
		return i, err
	}
	if err := s.Post(entry); err != nil {
		return i, err
	}
	i = invoice.Settle(i, off)
	return i, s.SaveInvoices(i.PatientID, i)
}

// mostOf gives how much somebody may give up: a biller what the practice lets one, a manager any amount.
func mostOf(s *desk.Sheet, who auth.Principal) models.Cents {
	if _, denied := who.RequireOperation(models.ForManager.Scope(), "Invoice"); denied == nil {
		return models.AmountMax
	}
	return models.Cents(s.Settings().WriteOffMax) * 100
}

// Revert has a patient asked again for what stands of the write-offs of an invoice, by a new invoice, and gives that one as it is, with its case, which is to go on. It refuses (Conflict, write-off.none) an invoice of which nothing is written off.
func Revert(s *desk.Sheet, id models.InvoiceID) (models.Invoice, error) {
	i, err := Standing(id)(s)
	if err != nil {
		return i, err
	}
	if err := books.Lock(s.Tx, patientOf(i.PatientID).String()); err != nil {
		return i, err
	}
	all, err := books.WriteOffsOfCase(s.View, i.CaseID)
	if err != nil {
		return i, err
	}
	all = slices.DeleteFunc(all, func(w models.WriteOff) bool { return w.InvoiceID != id })
	if len(all) == 0 {
		return i, fault.At(fault.Conflict, "write-off.none", "Invoice", "Nothing of the invoice is written off.")
	}
	if err := revert(s, all); err != nil {
		return i, err
	}
	return i, billAnew(s, i.CaseID)
}

// RevertAll has a patient asked again for all that was written off.
func RevertAll(s *desk.Sheet, patient models.PatientID) error {
	all, err := standingWriteOffs(s, patient)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fault.At(fault.Conflict, "write-off.none", "decision", "Nothing of the patient's bills is written off.")
	}
	if err := revert(s, all); err != nil {
		return err
	}
	for _, w := range all {
		if err := billAnew(s, w.CaseID); err != nil {
			return err
		}
	}
	return nil
}

func revert(s *desk.Sheet, all []models.WriteOff) error {
	for _, w := range all {
		if err := lessen(s, w, w.Lines); err != nil {
			return err
		}
	}
	return nil
}

// lessen takes lines off a write-off: they are owed again.
func lessen(s *desk.Sheet, w models.WriteOff, taken []models.WriteOffLine) error {
	w.Lines = slices.Clone(w.Lines)
	for _, t := range taken {
		for n := range w.Lines {
			if w.Lines[n].ChargeID == t.ChargeID {
				w.Lines[n].Amount -= t.Amount
				w.Amount -= t.Amount
			}
		}
	}
	w.Lines = slices.DeleteFunc(w.Lines, func(l models.WriteOffLine) bool { return l.Amount == 0 })
	w.Moves++
	entry, _ := ledger.WrittenOff(w, taken, -1, s.Today())
	if err := books.SaveWriteOffs(s.Tx, w); err != nil {
		return err
	}
	return s.Post(entry)
}

// neverOwed takes off the write-offs of a case what was not owed, the latest first: tooMuch is what of each charge was paid or written off beyond that. It gives what is left, which was paid.
func neverOwed(s *desk.Sheet, id models.CaseID, tooMuch map[models.ChargeID]models.Cents) (map[models.ChargeID]models.Cents, error) {
	left := maps.Clone(tooMuch)
	all, err := books.WriteOffsOfCase(s.View, id)
	if err != nil {
		return left, err
	}
	for _, w := range slices.Backward(all) {
		var taken []models.WriteOffLine
		for _, l := range w.Lines {
			if l.Amount = min(l.Amount, left[l.ChargeID]); l.Amount > 0 {
				left[l.ChargeID] -= l.Amount
				taken = append(taken, l)
			}
		}
		if len(taken) == 0 {
			continue
		}
		if err := lessen(s, w, taken); err != nil {
			return left, err
		}
	}
	maps.DeleteFunc(left, func(_ models.ChargeID, amount models.Cents) bool { return amount == 0 })
	return left, nil
}
