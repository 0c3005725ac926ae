// Package accounts is the patient accounts desk: it asks patients for what payers leave to them, takes their payments and keeps
// what they paid too much.
package accounts

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/invoice"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// bill is a case with what was read to ask its patient.
type bill struct {
	kase     models.Case
	charges  []models.Charge // in the books
	every    []models.ChargeID
	claims   []models.Claim
	invoices []models.Invoice // of the case
	answers  []models.Answer
	estimate models.GoodFaithEstimate // that counts for it; the zero one where none was made
	next     invoice.Input            // what would be asked for now
}

// Issue asks the patient for what is left of a case and was not asked for before, once every claim is answered, no other plan
// comes first and nothing about the case waits for a person but what a payer refused. What keeps the invoice back becomes work.
func Issue(s *desk.Sheet, c models.Case) error {
	b, err := readBill(s, c)
	if err != nil {
		return err
	}
	if c.ID.IsOpening() && len(b.claims) == 0 {
		return address(s, c) // what the patient owed before shows on the next invoice
	}
	if slices.ContainsFunc(b.claims, func(c models.Claim) bool { return c.State.Facts().Awaited || c.State.Facts().Editable }) {
		return nil
	}
	if err := b.relieve(s); err != nil {
		return err
	}
	if b.estimate, err = b.estimated(s); err != nil {
		return err
	}
	if b.next, err = b.input(s); err != nil {
		return err
	}
	work, err := b.obstacles(s)
	if err != nil {
		return err
	}
	if err := s.Work(c, models.OwnerBill, work...); err != nil {
		return err
	}
	open, err := books.OpenWork(s.View, c.ID)
	switch {
	case err != nil || slices.ContainsFunc(open, b.keepsBack):
		return err
	case len(b.charges) == 0:
		return b.spend(s)
	}
	return b.issue(s)
}

// keepsBack reports whether work keeps the patient from being asked: all does but what an answer in the books leaves open, which is between
// the payer and the office; the rest of the visit is the patient's now.
func (b bill) keepsBack(w models.WorkItem) bool {
	ofAnswers := []models.WorkKind{models.WorkAnswer, models.WorkAppeal, models.WorkOverpayment}
	return w.Kind.Waits() && (!slices.Contains(ofAnswers, w.Kind) || !slices.ContainsFunc(b.answers, func(a models.Answer) bool { return string(a.ID) == w.Subject.ID && a.Judges() }))
}

func readBill(s *desk.Sheet, c models.Case) (bill, error) {
	b := bill{kase: c}
	charges, err := books.Charges(s.View, c.ID)
	if err != nil {
		return b, err
	}
	for _, one := range charges {
		b.every = append(b.every, one.ID)
	}
	b.charges = slices.DeleteFunc(charges, func(c models.Charge) bool { return !c.IsPosted() })
	if b.claims, err = books.ClaimsOfCase(s.View, c.ID); err != nil {
		return b, err
	}
	if b.answers, err = books.AnswersOfCase(s.View, c.ID); err != nil {
		return b, err
	}
	b.invoices, err = books.InvoicesOfCase(s.View, c.ID)
	return b, err
}

// obstacles gives what must be decided before anybody is asked, and finds out who is.
func (b *bill) obstacles(s *desk.Sheet) ([]models.WorkItem, error) {
	var work []models.WorkItem
	payers, err := s.Payers(b.kase.PatientID)
	if err != nil {
		return nil, err
	}
	in := claim.Input{Case: b.kase, Payers: payers.Order, Answers: b.answers, Existing: b.claims, NewID: func() models.ClaimID { return "" }}
	for _, move := range claim.Plan(in) {
		if move.Kind == claim.NextPayer {
			work = append(work, models.WorkItem{
				Kind: models.WorkNextPayer, Subject: models.Ref{Type: "Claim", ID: string(move.Claim.ID)}, PatientID: b.kase.PatientID, Reason: move.Reason,
				Cause: causeOfNext(payers.Order(move.Claim.ServiceFrom), move.Claim, b.answers),
			})
		}
	}
	for _, a := range b.answers {
		if !a.Judges() || !a.Shielded {
			continue
		}
		owed, err := s.OwedByPayer(b.kase.ID, a.ClaimID)
		if err != nil {
			return nil, err
		}
		if owed > 0 {
			work = append(work, models.WorkItem{
				Kind: models.WorkHardship, Subject: models.Ref{Type: "ClaimResponse", ID: string(a.ID)}, PatientID: b.kase.PatientID,
				Reason: "The payer says that the patient is a Qualified Medicare Beneficiary, who must not be billed for these shares; bill Medicaid, or write them off.",
			})
		}
	}
	next, isAsked := invoice.Build(b.next)
	if !isAsked {
		return work, nil
	}
	work = append(work, b.excess(next)...)
	var why string
	if b.next.Recipient, why, err = WhoAnswers(s, b.kase.PatientID); err == nil && why != "" {
		work = append(work, unanswered(b.about(), b.kase.PatientID, why))
	}
	return work, err
}

// causeOfNext tells one question about the next payer from another: who it is, and what was answered.
func causeOfNext(order []models.Coverage, c models.Claim, answers []models.Answer) string {
	next, _ := claim.After(order, c)
	cause := string(next.ID)
	for _, a := range answers {
		if a.Judges() && len(c.Prior) > 0 {
			cause += " " + string(a.ID)
		}
	}
	return cause
}

// issue makes the invoice, where the patient owes something that was not asked for, and has the patient's credits pay it and what else is due.
func (b bill) issue(s *desk.Sheet) error {
	i, owes := invoice.Build(b.next)
	if !owes {
		return b.spend(s)
	}
	account, err := books.OpenAccount(s.Tx, b.kase.PatientID)
	if err != nil {
		return err
	}
	i.AccountID = account.ID
	i.ID, i.Number = models.InvoiceID(s.NewID()), invoice.Number(s.NewNumber())
	i.Cause = models.CauseOfInvoice(b.kase.ID, len(b.invoices)+1)
	if err := b.ask(s, i); err != nil {
		return err
	}
	if i.Recipient.Type == "Patient" {
		paid, err := applyOf(s, i.PatientID, models.PatientID(i.Recipient.ID))
		if err != nil {
			return err
		}
		if err := b.goOn(s, paid); err != nil {
			return err
		}
	}
	if err := b.count(s); err != nil {
		return err
	}
	var billed []models.Charge
	for _, c := range b.charges {
		if c.State != models.ChargeBilled {
			c.State = models.ChargeBilled
			billed = append(billed, c)
		}
	}
	return books.SaveCharges(s.Tx, billed...)
}

// input reads what the patient would be asked for now.
func (b bill) input(s *desk.Sheet) (in invoice.Input, err error) {
	in = invoice.Input{Case: b.kase, Charges: b.charges, Issued: s.Today(), DueDays: s.Settings().DueDays}
	ids := make([]models.ChargeID, len(b.charges))
	for i, c := range b.charges {
		ids[i] = c.ID
	}
	if in.Postings, err = journal.PostingsOfCharges(s.View, ids); err != nil {
		return in, err
	}
	byID := make(map[models.ClaimID]models.Claim, len(b.claims))
	for _, c := range b.claims {
		byID[c.ID] = c
	}
	for _, a := range b.answers {
		if a.Judges() && a.NextPayer == "" {
			in.Adjudications = append(in.Adjudications, adjudication.Apply(byID[a.ClaimID], a)...)
		}
	}
	for _, i := range b.invoices {
		if i.Status == models.InvoiceCancelled {
			continue
		}
		if in.Asked == nil {
			in.Asked = map[models.ChargeID]models.Cents{}
		}
		for _, l := range i.Lines {
			in.Asked[l.ChargeID] += l.Due
		}
	}
	return in, nil
}

// ask writes a new invoice as it stands once the patient's credits paid of it what they can.
func (b bill) ask(s *desk.Sheet, i models.Invoice) error {
	d, err := duesOf(s, i.PatientID)
	if err != nil {
		return err
	}
	d.invoices = append(d.invoices, i)
	credits, err := d.earmarks(s, b.kase.ID)
	if err != nil {
		return err
	}
	shares, changed, entries := d.spend(credits, d.credits, s.Today())
	for _, share := range shares {
		if share.InvoiceID == i.ID {
			i.Credit += share.Amount
		}
	}
	if len(shares) == 0 {
		if err := s.SaveInvoices(i.PatientID, i); err != nil || len(d.credits) == 0 {
			return err
		}
		return askAboutCredit(s, i.PatientID)
	}
	if err := books.SavePayments(s.Tx, changed...); err != nil {
		return err
	}
	if err := s.Post(entries...); err != nil {
		return err
	}
	d.invoices[len(d.invoices)-1] = i
	paid, err := d.settle(s, shares)
	if err != nil {
		return err
	}
	if settled(i, shares).Due == i.Due { // others were paid, and this one is written all the same
		if err := s.SaveInvoices(i.PatientID, i); err != nil {
			return err
		}
	}
	if err := askAboutCredit(s, i.PatientID); err != nil {
		return err
	}
	return b.goOn(s, paid)
}

// spend has the patient's credits pay what is due where the visit itself asks for nothing: what was paid for it is free now.
func (b bill) spend(s *desk.Sheet) error {
	paid, err := Apply(s, b.kase.PatientID, b.kase.ID)
	if err != nil {
		return err
	}
	return b.goOn(s, paid)
}

// settled takes shares off an invoice.
func settled(i models.Invoice, shares []models.Allocation) models.Invoice {
	paid := map[models.ChargeID]models.Cents{}
	for _, share := range shares {
		if share.InvoiceID == i.ID {
			paid[share.ChargeID] += share.Amount
		}
	}
	return invoice.Settle(i, paid)
}
