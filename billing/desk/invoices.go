package desk

import (
	"reflect"
	"slices"

	"medbill/billing/rules/invoice"
	"medbill/internal/store/books"
	"medbill/models"
)

// SaveInvoices writes invoices of a patient, new ones or changed ones, and brings what the patient's other open invoices say
// about earlier balances up to them.
func (s *Sheet) SaveInvoices(patient models.PatientID, changed ...models.Invoice) error {
	if len(changed) == 0 {
		return nil
	}
	return s.RestateInvoices(patient, changed...)
}

// RestateInvoices is SaveInvoices where no invoice need have changed: a balance from before came, or was paid.
func (s *Sheet) RestateInvoices(patient models.PatientID, changed ...models.Invoice) error {
	dues, err := books.DuesOfPatient(s.View, patient)
	if err != nil {
		return err
	}
	before := dues.Invoices
	now := slices.Clone(before)
	for _, i := range changed {
		if at := slices.IndexFunc(now, func(other models.Invoice) bool { return other.ID == i.ID }); at >= 0 {
			now[at] = i
		} else {
			now = append(now, i)
		}
	}
	var others []models.Invoice
	for n, i := range invoice.Restate(now, dues.Openings) {
		if n >= len(before) || !reflect.DeepEqual(i, before[n]) {
			others = append(others, i)
		}
	}
	return books.SaveInvoices(s.Tx, others...)
}
