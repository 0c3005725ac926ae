package billing

import (
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/models"
)

// invoices holds the sums of invoices: the lines make the total, and nothing due is what balanced means.
func (c *verifier) invoices(ids []string) error {
	named := make([]models.InvoiceID, len(ids))
	for i, id := range ids {
		named[i] = models.InvoiceID(id)
	}
	invoices, err := books.Invoices(c.view, named)
	for _, i := range invoices {
		var billed, net, due models.Cents
		for _, l := range i.Lines {
			billed += l.Billed
			net += l.Net
			due += l.Due
		}
		if billed != i.Billed || net != i.Net || due != i.Due || i.Status != models.InvoiceCancelled && (i.Status == models.InvoiceBalanced) != (due == 0) {
			c.breaks(models.LawInvoice, "Invoice/"+string(i.ID), "the lines do not make the total")
		}
	}
	if err != nil {
		return err
	}
	return c.recipients(invoices)
}

// recipients holds that no open invoice asks a child.
func (c *verifier) recipients(invoices []models.Invoice) error {
	var asked []models.Ref
	for _, i := range invoices {
		if i.Status == models.InvoiceIssued {
			asked = append(asked, i.Recipient)
		}
	}
	found, err := documents.Of(c.view, asked, documents.Guard{})
	if err != nil {
		return err
	}
	known := make(map[models.Ref]models.Person, len(found))
	for _, d := range found {
		if parsed, err := fhir.Parse(d.Body); err == nil { // what cannot be read is told of its document
			who := intake.Person(parsed)
			known[who.Ref] = who
		}
	}
	for _, i := range invoices {
		if i.Status == models.InvoiceIssued && known[i.Recipient].IsChild(i.Issued) {
			c.report("Invoice/"+string(i.ID), "the invoice asks a child")
		}
	}
	return nil
}

// cases holds what is owed of cases against their states: one whose payer or patient owes nothing has even accounts.
func (c *verifier) cases(page []journal.Owed) error {
	ids, owed := make([]models.CaseID, len(page)), make(map[models.CaseID]models.Balances, len(page))
	for i, o := range page {
		ids[i], owed[o.CaseID] = o.CaseID, o.Of
	}
	cases, err := books.CasesByID(c.view, ids)
	for _, kase := range cases {
		facts, of := kase.State.Facts(), owed[kase.ID]
		if !facts.PayerOwes && of[models.AccountARInsurance] != 0 || !facts.PatientOwes && of[models.AccountARPatient] != 0 {
			c.report(string(kase.ID), "something is owed of the case, and its state says that nothing is")
		}
	}
	return err
}
