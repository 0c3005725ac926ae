package render

import (
	"medbill/fhir"
	"medbill/models"
)

type parameters struct {
	ResourceType string      `json:"resourceType"`
	Parameter    []parameter `json:"parameter"`
}

type parameter struct {
	Name        string       `json:"name"`
	ValueString string       `json:"valueString,omitempty"`
	ValueCode   string       `json:"valueCode,omitempty"`
	ValuePeriod *fhir.Period `json:"valuePeriod,omitempty"`
	ValueMoney  *fhir.Money  `json:"valueMoney,omitempty"`
	Part        []parameter  `json:"part,omitempty"`
}

// PaymentSearch asks a payer for the payment that a deposit is: by the tax number of the practice, the trace number, the days on which it may be issued, and the amount to the cent.
// https://hl7.org/fhir/us/davinci-pr/OperationDefinition-SearchByPayment.html
func PaymentSearch(taxID string, d models.Deposit, days models.Span) []byte {
	return fhir.Encode(parameters{"Parameters", []parameter{
		{Name: "TIN", ValueString: taxID},
		{Name: "PaymentInfo", Part: []parameter{
			{Name: "PaymentIssueDate", ValuePeriod: &fhir.Period{Start: string(days.From), End: string(days.Until)}},
			{Name: "PaymentNumber", ValueString: d.Trace},
			{Name: "PaymentAmount", Part: []parameter{{Name: "PaymentAmountLow", ValueMoney: fhir.USD(d.Amount)}, {Name: "PaymentAmountHigh", ValueMoney: fhir.USD(d.Amount)}}},
		}},
	}})
}

// RemittanceDownload asks a payer for a file that tells a payment, by its number, in the form that is read.
// https://hl7.org/fhir/us/davinci-pr/OperationDefinition-DownloadRemittance.html
func RemittanceDownload(advice string) []byte {
	return fhir.Encode(parameters{"Parameters", []parameter{
		{Name: "RemittanceAdviceIdentifier", ValueString: advice}, {Name: "RemittanceAdviceType", ValueCode: "application/fhir+json"},
	}})
}

type telling struct {
	resource
	PaymentIssuer *fhir.Reference `json:"paymentIssuer"`
}

// Telling gives what is ours of a payment that comes with the addresses of the payer's own server: who tells it. All else is the payer's, as it was sent.
func Telling(id string, payer models.OrganizationID) []byte {
	return fhir.Encode(telling{resource{"PaymentReconciliation", id}, fhir.To("Organization", payer)})
}
