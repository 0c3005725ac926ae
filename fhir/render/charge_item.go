package render

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
)

type chargeItem struct {
	resource
	Extension             []any                 `json:"extension,omitempty"`
	Status                string                `json:"status"`
	Code                  *fhir.CodeableConcept `json:"code,omitempty"`
	Subject               *fhir.Reference       `json:"subject,omitempty"`
	Context               *fhir.Reference       `json:"context,omitempty"`
	OccurrenceDateTime    models.Date           `json:"occurrenceDateTime,omitempty"`
	Performer             []chargePerformer     `json:"performer,omitempty"`
	Quantity              *fhir.Quantity        `json:"quantity,omitempty"`
	PriceOverride         *fhir.Money           `json:"priceOverride,omitempty"`
	EnteredDate           string                `json:"enteredDate,omitempty"`
	Service               []*fhir.Reference     `json:"service,omitempty"`
	Product               *fhir.CodeableConcept `json:"productCodeableConcept,omitempty"`
	SupportingInformation []*fhir.Reference     `json:"supportingInformation,omitempty"`
}

type chargePerformer struct {
	Actor *fhir.Reference `json:"actor"`
}

// ChargeItem gives a charge. priceOverride is the price of all units, its unit price an extension; a charge that is not in the
// books has neither. The Procedure it was taken from is its service; another ChargeItem its supporting information. Who did what
// an EHR charged and which drug it gave stays in its words: a role that it names may stand for somebody else tomorrow.
// https://hl7.org/fhir/R4/chargeitem.html
func ChargeItem(c models.Charge) []byte {
	d := chargeItem{
		resource: resource{"ChargeItem", string(c.ID)}, Extension: modifiers(c.Modifiers), Status: c.State.Facts().Status,
		Code: code(c), Subject: fhir.To("Patient", c.PatientID), Context: fhir.To("Encounter", c.CaseID.Visit()),
		OccurrenceDateTime: c.ServiceDate, Quantity: units(c.Units, c.Measure), EnteredDate: moment(c.Created),
	}
	for _, sequence := range c.Pointers {
		d.Extension = append(d.Extension, pointerExtension{fhir.ExtensionDiagnosisPointer, sequence})
	}
	if c.IsPosted() {
		d.PriceOverride = fhir.USD(c.Billed)
		if c.UnitPrice != nil {
			d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionUnitPrice, ValueMoney: fhir.USD(*c.UnitPrice)})
		}
	}
	if c.IsSelfPay() {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionResponsible, ValueCode: "patient"})
	}
	if who := performer(c.Rendering); who != nil && !c.IsSent() {
		d.Performer = []chargePerformer{{who}}
	}
	if c.Drug != (models.Drug{}) && !c.IsSent() {
		product := fhir.Concept(models.SystemNDC, c.Drug.NDC)
		d.Product = &product
		if quantity := amount(c.Drug); quantity != nil {
			d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionDrugQuantity, ValueQuantity: quantity})
		}
	}
	switch {
	case strings.HasPrefix(c.Source, "Procedure/"):
		d.Service = []*fhir.Reference{{Reference: c.Source}}
	case c.Source != "" && !c.IsSent():
		d.SupportingInformation = []*fhir.Reference{{Reference: c.Source}}
	}
	return fhir.Encode(d)
}

// code gives the service of a charge, with its revenue code; nil where it has none that billing knows: then what was sent stands.
func code(c models.Charge) *fhir.CodeableConcept {
	if c.Code == "" {
		return nil
	}
	concept := fhir.Concept(c.System, c.Code)
	if c.Revenue != "" && c.System != models.SystemRevenue {
		concept.Coding = append(concept.Coding, fhir.Coding{System: models.SystemRevenue, Code: c.Revenue})
	}
	return &concept
}
