package render

import (
	"medbill/fhir"
	"medbill/models"
	"medbill/models/money"
)

type invoice struct {
	resource
	Extension           []fhir.Extension     `json:"extension,omitempty"`
	Identifier          []fhir.Identifier    `json:"identifier,omitempty"`
	Status              models.InvoiceStatus `json:"status"`
	Subject             *fhir.Reference      `json:"subject,omitempty"`
	Recipient           *fhir.Reference      `json:"recipient,omitempty"`
	Date                models.Date          `json:"date,omitempty"`
	Issuer              *fhir.Reference      `json:"issuer,omitempty"`
	Account             *fhir.Reference      `json:"account,omitempty"`
	LineItem            []invoiceItem        `json:"lineItem,omitempty"`
	TotalPriceComponent []priceComponent     `json:"totalPriceComponent,omitempty"`
	TotalNet            *fhir.Money          `json:"totalNet"`
	TotalGross          *fhir.Money          `json:"totalGross"`
}

type invoiceItem struct {
	Sequence            int              `json:"sequence"`
	ChargeItemReference *fhir.Reference  `json:"chargeItemReference"`
	PriceComponent      []priceComponent `json:"priceComponent"`
}

type priceComponent struct {
	Type   string               `json:"type"`
	Code   fhir.CodeableConcept `json:"code"`
	Amount *fhir.Money          `json:"amount"`
}

// Invoice gives what is asked for a patient's visit, of whom. Per charge the base component is what was billed; deductions are stated
// as positive amounts, so that base less deductions is what was asked for the line; the payer's split of the patient
// responsibility informs. Components of 0.00 are left out. totalNet is what was asked when it was issued, totalGross what was
// billed; both are frozen, and what is open now is an extension. The open balance of earlier visits and the credit that was
// used inform and are in neither. https://hl7.org/fhir/R4/invoice.html
func Invoice(i models.Invoice) []byte {
	d := invoice{
		resource:   resource{"Invoice", string(i.ID)},
		Identifier: numbered(fhir.SystemInvoiceNumber, i.Number),
		Status:     i.Status,
		Subject:    fhir.To("Patient", i.PatientID),
		Recipient:  fhir.To(i.Recipient.Type, i.Recipient.ID),
		Date:       i.Issued,
		Issuer:     fhir.To("Organization", i.IssuerID),
		Account:    fhir.To("Account", i.AccountID),
		TotalNet:   fhir.USD(i.Net),
		TotalGross: fhir.USD(i.Billed),
	}
	if i.DueDate != "" {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionDueDate, ValueDate: string(i.DueDate)})
	}
	d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionAmountDue, ValueMoney: fhir.USD(i.Due)})
	if visit := fhir.To("Encounter", i.CaseID.Visit()); visit != nil {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionEncounter, ValueReference: visit})
	}
	for _, line := range i.Lines {
		d.LineItem = append(d.LineItem, invoiceItem{line.Sequence, fhir.To("ChargeItem", line.ChargeID), story(line)})
	}
	if i.Earlier != 0 {
		d.TotalPriceComponent = append(d.TotalPriceComponent, component("informational", "earlier-balance", i.Earlier))
	}
	if i.Credit != 0 {
		d.TotalPriceComponent = append(d.TotalPriceComponent, component("informational", "credit-applied", i.Credit))
	}
	return fhir.Encode(d)
}

// story gives the components of one charge.
func story(line models.InvoiceLine) []priceComponent {
	components := []priceComponent{component("base", "billed", line.Billed)}
	for _, c := range []struct {
		kind, code string
		amount     money.Cents
	}{
		{"deduction", "contractual-adjustment", line.Adjusted},
		{"deduction", "payer-paid", line.PayerPaid},
		{"deduction", "asked-elsewhere", line.Billed - line.Adjusted - line.PayerPaid - line.Net},
		{"informational", "deductible", line.Deductible},
		{"informational", "coinsurance", line.Coinsurance},
		{"informational", "copay", line.Copay},
	} {
		if c.amount != 0 {
			components = append(components, component(c.kind, c.code, c.amount))
		}
	}
	return components
}

func component(kind, code string, amount money.Cents) priceComponent {
	return priceComponent{kind, fhir.Concept(fhir.SystemPriceComponent, code), fhir.USD(amount)}
}
