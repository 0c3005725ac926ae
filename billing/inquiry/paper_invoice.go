package inquiry

import (
	"slices"

	"medbill/billing/rules/adjudication"
	"medbill/internal/paper"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// recipientOf gives who is to pay an invoice.
func recipientOf(i models.Invoice) models.Ref {
	if i.Recipient.ID != "" {
		return i.Recipient
	}
	return patientRef(i.PatientID)
}

// PaperInvoice reads an invoice as it is printed. It refuses (Conflict, invoice.external) one that records billing done elsewhere.
func PaperInvoice(v *store.View, id models.InvoiceID) (paper.Invoice, error) {
	i, known, err := books.Invoice(v, id)
	if err == nil && !known {
		err = fault.New(fault.Conflict, "invoice.external", "The invoice records billing done elsewhere; whoever made it has it on paper.")
	}
	if err != nil {
		return paper.Invoice{}, err
	}
	file, err := readInvoiced(v, i)
	if err != nil {
		return paper.Invoice{}, err
	}
	refs := []models.Ref{patientRef(i.PatientID), recipientOf(i), organizationRef(i.IssuerID)}
	for _, c := range file.claims {
		refs = append(refs, organizationRef(c.InsurerID))
	}
	w, err := people(v, refs...)
	if err != nil {
		return paper.Invoice{}, err
	}
	p := paper.Invoice{
		Practice: w.practice(i.IssuerID), Recipient: w.contact(recipientOf(i)), Patient: w.contact(patientRef(i.PatientID)).Name, Account: string(i.AccountID),
		Number: i.Number, Visit: file.day, Issued: i.Issued, DueDate: i.DueDate, Status: i.Status,
		Settled: i.Net - i.Due, Due: i.Due, Earlier: i.Earlier, Payers: file.payers(w),
	}
	if i.Status == models.InvoiceCancelled {
		p.Settled, p.Due = i.Net, 0
	}
	fees, err := feesOf(v, i.PatientID)
	if err != nil {
		return paper.Invoice{}, err
	}
	p.Fees = min(fees, p.Earlier)
	for _, l := range i.Lines {
		p.Lines = append(p.Lines, file.line(l))
	}
	return p, nil
}

// invoiced is what an invoice was made from, as far as it tells why.
type invoiced struct {
	invoice models.Invoice
	day     models.Date
	charges map[models.ChargeID]models.Charge
	claims  []models.Claim
	answers []models.Answer                  // those that judged when it was issued
	before  map[models.ChargeID]models.Cents // what invoices before asked for
	back    []models.ChargeID                // of which a payment was taken back
}

func readInvoiced(v *store.View, i models.Invoice) (invoiced, error) {
	file := invoiced{invoice: i}
	kase, _, err := books.Case(v, i.CaseID)
	if err != nil {
		return file, err
	}
	file.day = kase.ServiceDate
	ids := make([]models.ChargeID, len(i.Lines))
	for n, l := range i.Lines {
		ids[n] = l.ChargeID
	}
	charges, err := books.ChargesByID(v, ids)
	if err != nil {
		return file, err
	}
	file.charges = by(charges, func(c models.Charge) models.ChargeID { return c.ID })
	if file.claims, err = books.ClaimsOfCase(v, i.CaseID); err != nil {
		return file, err
	}
	answers, err := books.AnswersOfCase(v, i.CaseID)
	if err != nil {
		return file, err
	}
	file.answers = judgedBy(answers, i.Created)
	if file.before, err = askedBefore(v, i); err != nil {
		return file, err
	}
	file.back, err = books.ChargesTakenBack(v, ids)
	return file, err
}

// askedBefore gives what the invoices of a case asked for before one of them, by charge.
func askedBefore(v *store.View, i models.Invoice) (map[models.ChargeID]models.Cents, error) {
	all, err := books.InvoicesOfCase(v, i.CaseID)
	asked := map[models.ChargeID]models.Cents{}
	for _, one := range all {
		if one.Status == models.InvoiceCancelled || one.Created > i.Created || one.Created == i.Created && one.ID >= i.ID {
			continue
		}
		for _, l := range one.Lines {
			asked[l.ChargeID] += l.Net
		}
	}
	return asked, err
}

// feesOf gives what a patient owes for payments that were taken back.
func feesOf(v *store.View, patient models.PatientID) (sum models.Cents, err error) {
	owed, err := books.DuesOfPatient(v, patient)
	for _, o := range owed.Openings {
		if o.IsFee() {
			sum += o.Due
		}
	}
	return sum, err
}

// judgedBy gives the answers that stood in the books at a moment.
func judgedBy(answers []models.Answer, at models.Instant) []models.Answer {
	var stood []models.Answer
	for _, a := range answers {
		if a.Reversed != "" && slices.ContainsFunc(answers, func(b models.Answer) bool { return b.ID == a.Reversed && b.Created > at }) {
			a.Reversed = ""
		}
		if a.Created <= at && a.Judges() {
			stood = append(stood, a)
		}
	}
	return stood
}

func (f invoiced) line(l models.InvoiceLine) paper.InvoiceLine {
	c := f.charges[l.ChargeID]
	printed := paper.InvoiceLine{
		Day: l.ServiceDate, Service: serviceText(c.Code, c.Revenue, c.Modifiers), Charged: l.Billed, Adjusted: l.Adjusted, Paid: l.PayerPaid,
		Elsewhere: l.Billed - l.Adjusted - l.PayerPaid - l.Net, Share: l.Net,
	}
	asked := adjudication.Asked{InvoiceLine: l, Before: f.before[l.ChargeID], IsTakenBack: slices.Contains(f.back, l.ChargeID)}
	for _, claim := range f.claims {
		at := slices.IndexFunc(claim.Lines, func(one models.ClaimLine) bool { return one.ChargeID == l.ChargeID })
		if at < 0 {
			continue
		}
		for _, a := range f.answers {
			if a.ClaimID == claim.ID {
				asked.IsJudged = true
				asked.Judged = append(asked.Judged, adjudication.Judged{Answer: a, Line: claim.Lines[at].Sequence})
			}
		}
	}
	for _, why := range adjudication.Why(asked) {
		printed.Why = append(printed.Why, paper.Reason{Label: why.Label, Text: why.Text, Amount: why.Amount})
	}
	return printed
}

// payers gives who was asked before the patient, and what each paid; an amount only where they come to what the lines say.
func (f invoiced) payers(w who) []paper.PayerShare {
	var list []paper.PayerShare
	var sum, all models.Cents
	for _, l := range f.invoice.Lines {
		all += l.PayerPaid
	}
	for _, c := range f.claims {
		for _, a := range f.answers {
			if a.ClaimID != c.ID {
				continue
			}
			name, paid := w.contact(organizationRef(c.InsurerID)).Name, f.paid(c, a)
			sum += paid
			if at := slices.IndexFunc(list, func(p paper.PayerShare) bool { return p.Name == name }); at >= 0 {
				list[at].Paid += paid
				continue
			}
			list = append(list, paper.PayerShare{Name: name, Paid: paid, IsKnown: true})
		}
	}
	for n := range list {
		list[n].IsKnown = sum == all
	}
	return list
}

// paid is what an answer to a claim paid of what the invoice asks for.
func (f invoiced) paid(c models.Claim, a models.Answer) (sum models.Cents) {
	for _, l := range adjudication.Apply(c, a) {
		if slices.ContainsFunc(f.invoice.Lines, func(i models.InvoiceLine) bool { return i.ChargeID == l.ChargeID }) {
			sum += l.Paid
		}
	}
	return sum
}
