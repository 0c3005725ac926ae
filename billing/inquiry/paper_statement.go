package inquiry

import (
	"slices"

	"medbill/billing/rules/statement"
	"medbill/internal/paper"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// PaperStatement reads a letter to a guarantor as it is printed: its amounts are what was due when it was sent.
func PaperStatement(v *store.View, s models.Statement) (paper.Statement, error) {
	settings, _, err := books.Settings(v)
	if err != nil {
		return paper.Statement{}, err
	}
	asked, err := readAsked(v, s)
	if err != nil {
		return paper.Statement{}, err
	}
	patients := asked.patients(s)
	refs := []models.Ref{s.Guarantor, organizationRef(settings.PracticeID)}
	for _, id := range patients {
		refs = append(refs, patientRef(id))
	}
	w, err := people(v, refs...)
	if err != nil {
		return paper.Statement{}, err
	}
	p := paper.Statement{Practice: w.practice(settings.PracticeID), Recipient: w.contact(s.Guarantor), Number: s.Number(), Date: s.Day, DueDate: s.Day.AddDays(settings.DueDays), Step: s.Step}
	if len(patients) > 0 {
		account, _, err := books.Account(v, patients[0])
		if err != nil {
			return p, err
		}
		p.Account = string(account.ID)
	}
	for _, l := range s.Lines {
		if l.Part > 0 {
			p.Parts = append(p.Parts, paper.StatementPart{Number: l.Part, Day: l.Day, Open: l.Amount})
			p.DueDate = s.Lines[0].Day.AddDays(statement.Grace)
		}
	}
	for _, id := range patients {
		one := paper.StatementPatient{Name: w.contact(patientRef(id)).Name}
		for _, l := range s.Lines {
			if l.PatientID == id {
				one.Visits = append(one.Visits, asked.visit(l))
			}
		}
		if len(one.Visits) > 0 {
			p.Patients = append(p.Patients, one)
		}
	}
	return p, nil
}

// asked is what the lines of a letter are about.
type asked struct {
	invoices map[models.InvoiceID]invoiced
	openings map[models.ChargeID]models.Opening
}

func readAsked(v *store.View, s models.Statement) (asked, error) {
	a := asked{map[models.InvoiceID]invoiced{}, map[models.ChargeID]models.Opening{}}
	var ids []models.InvoiceID
	for _, l := range s.Lines {
		switch l.Subject.Type {
		case "Invoice":
			ids = append(ids, models.InvoiceID(l.Subject.ID))
		case "ChargeItem":
			o, _, err := books.OpeningOf(v, models.Opening{ChargeID: models.ChargeID(l.Subject.ID)}.CaseID())
			if err != nil {
				return a, err
			}
			a.openings[models.ChargeID(l.Subject.ID)] = o
		}
	}
	invoices, err := books.Invoices(v, ids)
	if err != nil {
		return a, err
	}
	for _, i := range invoices {
		if a.invoices[i.ID], err = readInvoiced(v, i); err != nil {
			return a, err
		}
	}
	return a, nil
}

// patients are those whom a letter is about, in its order; of a payment plan the guarantor.
func (a asked) patients(s models.Statement) []models.PatientID {
	var list []models.PatientID
	for _, l := range s.Lines {
		if l.PatientID != "" && !slices.Contains(list, l.PatientID) {
			list = append(list, l.PatientID)
		}
	}
	if len(list) == 0 && s.Guarantor.Type == "Patient" {
		list = append(list, models.PatientID(s.Guarantor.ID))
	}
	return list
}

// visit gives a line with why it is the patient's.
func (a asked) visit(l models.StatementLine) paper.StatementVisit {
	visit := paper.StatementVisit{Day: l.Day, Since: l.Day, Asked: l.Amount, Open: l.Amount}
	if l.Subject.Type != "Invoice" {
		o := a.openings[models.ChargeID(l.Subject.ID)]
		visit.Invoice, visit.Asked = "Balance from before", max(o.Amount, l.Amount)
		if o.IsFee() {
			visit.Invoice = "Returned payment fee"
			visit.Why = []paper.Reason{{Label: visit.Invoice, Text: "A payment was returned or taken back, and this is what is charged for that.", Amount: o.Amount}}
		}
		return visit
	}
	file := a.invoices[models.InvoiceID(l.Subject.ID)]
	visit.Day, visit.Invoice, visit.Asked = file.day, file.invoice.Number, file.invoice.Net
	for _, line := range file.invoice.Lines {
		for _, why := range file.line(line).Why {
			at := slices.IndexFunc(visit.Why, func(r paper.Reason) bool { return r.Label == why.Label })
			if at < 0 {
				visit.Why = append(visit.Why, why)
				continue
			}
			visit.Why[at].Amount += why.Amount
		}
	}
	return visit
}
