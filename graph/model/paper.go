package model

import (
	"cmp"

	"medbill/models"
)

// PDF is where an invoice of ours is given as it goes by mail, below the address of the FHIR service.
func (i Invoice) PDF() *string {
	if i.Due() == nil {
		return nil
	}
	return given("Invoice/" + i.ID() + "/$pdf")
}

// PDF is where an estimate, or the letter of an appeal, is given.
func (c Claim) PDF() *string {
	if use := c.Use(); c.State() == nil && (use == nil || *use != "predetermination") {
		return nil
	}
	return given(printedClaim(c.ID()))
}

// Superbill is where a visit is given in the codes that plans ask for.
func (e Encounter) Superbill() string { return "Encounter/" + e.ID() + "/$superbill" }

// PDF is where an estimate is given.
func (e GoodFaithEstimate) PDF() string { return printedClaim(e.of.ID) }

// PDF is where a letter that was sent is given, by a patient that it is about.
func (s Statement) PDF() *string {
	of := models.PatientID("")
	if s.row.Guarantor.Type == "Patient" {
		of = models.PatientID(s.row.Guarantor.ID)
	}
	for _, l := range s.row.Lines {
		of = cmp.Or(of, l.PatientID)
	}
	if of == "" || s.row.ID == "" {
		return nil
	}
	return given("Patient/" + string(of) + "/$statement-pdf?statement=" + string(s.row.ID))
}

// PDF is where the receipt of a payment that stands is given.
func (p Payment) PDF() *string {
	if p.row.State != models.PaymentSucceeded {
		return nil
	}
	return given("PaymentNotice/" + p.ID() + "/$pdf")
}

func printedClaim[ID ~string](id ID) string { return "Claim/" + string(id) + "/$pdf" }
