package billing

import (
	"medbill/internal/store/books"
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
			c.report("Invoice/"+string(i.ID), "the lines do not make the total")
		}
	}
	return err
}
