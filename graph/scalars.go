package graph

import (
	"medbill/billing"
	"medbill/graph/model"
	"medbill/models"
	"medbill/models/fault"
)

// amount reads an amount that enters the books.
func amount(path string, m *model.MoneyInput) (models.Cents, error) {
	if err := models.CheckCurrency(m.Currency); err != nil {
		return 0, fault.Under(path+".currency", err)
	}
	cents, err := models.ReadAmount(m.Value)
	return cents, fault.Under(path+".value", err)
}

// payment reads what a patient pays. A reference that is there says something, as a string of FHIR does.
func payment(input model.RecordPaymentInput) (billing.PaymentRequest, error) {
	paid, err := amount("input.amount", input.Amount)
	if err == nil && input.Reference != nil {
		err = fault.Under("input.reference", models.CheckLine(*input.Reference))
	}
	return billing.PaymentRequest{
		InvoiceID: models.InvoiceID(input.Invoice), Amount: paid, Method: input.Method, Reference: deref(input.Reference),
	}, err
}

// deref gives what is there, else nothing.
func deref[T any](value *T) (none T) {
	if value == nil {
		return none
	}
	return *value
}
