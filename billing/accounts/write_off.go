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

// WriteOffRequest asks a patient for less of an invoice, or of a balance from before, by its ChargeItem: an amount, a percentage, or by the income of the household in percent of the federal poverty guideline; all that is due where none
// of them is given.
type WriteOffRequest struct {
	InvoiceID models.InvoiceID
	ChargeID  models.ChargeID
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
	w := models.WriteOff{PatientID: i.PatientID, InvoiceID: i.ID, CaseID: i.CaseID}
	off := map[models.ChargeID]models.Cents{}
	left := r.of(i.Due)
	for _, l := range i.Lines {
		if share := min(left, l.Due); share > 0 {
			left -= share
			off[l.ChargeID] = share
			w.Lines = append(w.Lines, models.WriteOffLine{ChargeID: l.ChargeID, Amount: share})
		}
	}
	if err := giveUp(s, who, r, w, i.Due); err != nil {
		return i, err
	}
	i = invoice.Settle(i, off)
	return i, s.SaveInvoices(i.PatientID, i)
}

// StandingBalance gives a balance from before by its ChargeItem. It refuses (Conflict, write-off.charge) another charge, which an invoice asks for, and (BusinessRule, write-off.payer) a balance that a payer owes.
func StandingBalance(id models.ChargeID) func(*desk.Sheet) (models.Opening, error) {
	return func(s *desk.Sheet) (models.Opening, error) {
		o, known, err := books.OpeningOf(s.View, models.Opening{ChargeID: id}.CaseID())
		switch {
		case err == nil && !known:
			err = fault.At(fault.Conflict, "write-off.charge", "ChargeItem", "The ChargeItem is no balance from before; write off of the Invoice that asks for it.")
		case err == nil && o.PayerID != "":
			err = fault.At(fault.BusinessRule, "write-off.payer", "ChargeItem", "A payer owes the balance; decide about its claim.")
		}
		return o, err
	}
}

// WriteOffBalance has the practice not ask for what is due of a balance from before, or some of it, and gives it as it stands then. It refuses (Conflict, write-off.balance) one of which nothing is due, and what WriteOff and StandingBalance do.
func WriteOffBalance(s *desk.Sheet, who auth.Principal, r WriteOffRequest) (models.Opening, error) {
	o, err := lockedBalance(s, r.ChargeID)
	if err != nil {
		return o, err
	}
	if o.Due == 0 {
		return o, fault.At(fault.Conflict, "write-off.balance", "ChargeItem", "Nothing is due of the balance.")
	}
	amount := r.of(o.Due)
	w := models.WriteOff{PatientID: o.PatientID, CaseID: o.CaseID(), Lines: models.List[models.WriteOffLine]{{ChargeID: o.ChargeID, Amount: amount}}}
	if err := giveUp(s, who, r, w, o.Due); err != nil {
		return o, err
	}
	o.Due -= amount
	if err := books.SaveOpenings(s.Tx, o); err != nil {
		return o, err
	}
	return o, s.RestateInvoices(o.PatientID)
}

// lockedBalance gives a balance from before under the lock of its patient.
func lockedBalance(s *desk.Sheet, id models.ChargeID) (models.Opening, error) {
	o, err := StandingBalance(id)(s)
	if err != nil {
		return o, err
	}
	if err := books.Lock(s.Tx, patientOf(o.PatientID).String()); err != nil {
		return o, err
	}
	return StandingBalance(id)(s)
}

// giveUp keeps a write-off of what is due, and posts it.
func giveUp(s *desk.Sheet, who auth.Principal, r WriteOffRequest, w models.WriteOff, due models.Cents) error {
	w.Amount = r.of(due)
	if w.Amount <= 0 || w.Amount > due {
		return fault.At(fault.BusinessRule, "write-off.amount", "amount", fmt.Sprintf("%s is due and %s would be written off; write off something, and no more than is due.", due, w.Amount))
	}
	if most := mostOf(s, who); w.Amount > most {
		return fault.At(fault.BusinessRule, "work.limit", "amount", fmt.Sprintf("%s is more than you may write off, which is %s; a manager decides.", w.Amount, most))
	}
	w.ID, w.Kind, w.Reason, w.By, w.Day, w.Moves = models.WriteOffID(s.NewID()), r.Kind, r.Reason, who.Subject, s.Today(), 1
	entry, _ := ledger.WrittenOff(w, w.Lines, 1, s.Today())
	if err := books.SaveWriteOffs(s.Tx, w); err != nil {
		return err
	}
	return s.Post(entry)
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
	_, err = revert(s, i.PatientID, all)
	return i, err
}

// RevertBalance has a patient owe again what stands of the write-offs of a balance from before, and gives that as it stands then, with the cases that are to go on. It refuses (Conflict, write-off.none) one of which nothing is written off.
func RevertBalance(s *desk.Sheet, id models.ChargeID) (models.Opening, []models.CaseID, error) {
	o, err := lockedBalance(s, id)
	if err != nil {
		return o, nil, err
	}
	all, err := books.WriteOffsOfCase(s.View, o.CaseID())
	if err != nil {
		return o, nil, err
	}
	if len(all) == 0 {
		return o, nil, fault.At(fault.Conflict, "write-off.none", "ChargeItem", "Nothing of the balance is written off.")
	}
	cases, err := revert(s, o.PatientID, all)
	if err != nil {
		return o, nil, err
	}
	o, err = StandingBalance(id)(s)
	return o, cases, err
}

// RevertAll has a patient asked again for all that was written off, and gives the cases that are to go on.
func RevertAll(s *desk.Sheet, patient models.PatientID) ([]models.CaseID, error) {
	all, err := standingWriteOffs(s, patient)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.At(fault.Conflict, "write-off.none", "decision", "Nothing of the patient's bills is written off.")
	}
	return revert(s, patient, all)
}

// revert has a patient owe write-offs again: balances from before say so themselves, which credits pay at once, and new invoices ask for the others.
func revert(s *desk.Sheet, patient models.PatientID, all []models.WriteOff) ([]models.CaseID, error) {
	var shares []models.Allocation
	for _, w := range all {
		if at := slices.IndexFunc(shares, func(a models.Allocation) bool { return a.CaseID == w.CaseID && a.InvoiceID == w.InvoiceID }); at >= 0 {
			shares[at].Amount += w.Amount
		} else {
			shares = append(shares, models.Allocation{PatientID: w.PatientID, CaseID: w.CaseID, InvoiceID: w.InvoiceID, Amount: w.Amount})
		}
		if err := lessen(s, w, w.Lines); err != nil {
			return nil, err
		}
	}
	balances, err := owedAgain(s, shares)
	if err != nil || len(balances) == 0 {
		return nil, err
	}
	paid, err := Apply(s, patient, "")
	return append(balances, paid...), err
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
