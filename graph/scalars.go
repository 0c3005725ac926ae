package graph

import (
	"errors"

	"medbill/billing"
	"medbill/graph/model"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// payable reads an amount that a patient pays: dollars, whole cents, more than nothing.
func payable(path string, m *model.MoneyInput) (models.Cents, error) {
	if m.Currency != "USD" {
		return 0, fault.At(fault.Invalid, "value", path+".currency", "The books are kept in USD; state the amount in it.")
	}
	cents, err := money.Parse(m.Value)
	switch {
	case errors.Is(err, money.ErrPrecision):
		return 0, fault.At(fault.Invalid, "value", path+".value", "The amount has a fraction of a cent; write at most two decimal places.")
	case err != nil:
		return 0, fault.At(fault.Invalid, "value", path+".value", "The amount must be a decimal number within the range of the books, as in 74.00.")
	case cents <= 0:
		return 0, fault.At(fault.Invalid, "value", path+".value", "The amount must be more than zero.")
	}
	return cents, nil
}

// payment reads what a patient pays.
func payment(input model.RecordPaymentInput) (billing.PaymentRequest, error) {
	amount, err := payable("input.amount", input.Amount)
	return billing.PaymentRequest{
		InvoiceID: models.InvoiceID(input.Invoice), Amount: amount, Method: input.Method, Reference: deref(input.Reference),
	}, err
}

// day reads a civil date that names the day.
func day(path, text string) (models.Date, error) {
	date, ok := models.ParseDate(text)
	if !ok || string(date) != text {
		return "", fault.At(fault.Invalid, "value", path, "The date must name the day, as in 2026-03-02.")
	}
	return date, nil
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// units reads how often a service was done.
func units(path, text string) (models.Units, error) {
	count, err := models.ParseUnits(text)
	if err != nil {
		return 0, fault.At(fault.Invalid, "value", path, "The units must be a number above 0 with at most three decimals and eight digits before them.")
	}
	return count, nil
}
