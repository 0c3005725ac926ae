// Package render writes models as FHIR R4 documents: ChargeItem, Claim, ClaimResponse, Invoice, Task, Account and
// OperationOutcome. It cannot fail and depends on its arguments only: the same row gives the same bytes. Elements stand in
// the order of the R4 definitions, meta is left to the server, and what R4 has no place for is an extension of
// fhir.ExtensionBase. It knows the elements that the books own; what a client sent besides is laid under by the caller.
package render

import (
	"medbill/fhir"
	"medbill/models"
)

// resource is what every document starts with.
type resource struct {
	ResourceType string `json:"resourceType"`
	ID           string `json:"id,omitempty"`
}

// written is how a document begins that billing writes among the EHR's own.
type written struct {
	resource
	Meta origin `json:"meta"`
}

type origin struct {
	Tag []fhir.Coding `json:"tag"`
}

func ours(typ, id string) written {
	return written{resource{typ, id}, origin{[]fhir.Coding{fhir.OriginBilling}}}
}

// pointerExtension is an extension with a positiveInt.
type pointerExtension struct {
	URL   string `json:"url"`
	Value int    `json:"valuePositiveInt"`
}

// units gives a count of service units with as many decimals as it needs, or nil where it is unknown.
func units(n models.Units, of models.Measure) *fhir.Quantity {
	switch {
	case n == 0:
		return nil
	case of == models.InMinutes:
		return &fhir.Quantity{Value: fhir.Decimal(n.String()), Unit: "minutes", System: models.SystemUCUM, Code: models.UCUMMinute}
	}
	return &fhir.Quantity{Value: fhir.Decimal(n.String())}
}

// amount is how much of a drug was given; nil where nobody said so.
func amount(d models.Drug) *fhir.Quantity {
	if d.Quantity == 0 {
		return nil
	}
	return &fhir.Quantity{Value: fhir.Decimal(d.Quantity.String()), Unit: string(d.Unit), System: models.SystemUCUM, Code: d.Unit.UCUM()}
}

// performer refers to who did a service: the record, or where there is none the NPI; nil where nobody is known.
func performer(p models.Performer) *fhir.Reference {
	if p.ID == "" && p.NPI != "" {
		return &fhir.Reference{Type: "Practitioner", Identifier: &fhir.Identifier{System: models.SystemNPI, Value: p.NPI}}
	}
	return fhir.To("Practitioner", p.ID)
}

// period gives a span of days, or nil where both are unknown.
func period(from, until models.Date) *fhir.Period {
	if from == "" && until == "" {
		return nil
	}
	return &fhir.Period{Start: string(from), End: string(until)}
}

// numbered gives the identifier of a document that has a number of ours.
func numbered(system, number string) []fhir.Identifier {
	if number == "" {
		return nil
	}
	return []fhir.Identifier{{System: system, Value: number}}
}

// moment gives an instant as dateTime, or "" where it is unknown.
func moment(i models.Instant) string {
	if i == 0 {
		return ""
	}
	return i.String()
}

// modifiers gives modifiers as the extension R4 needs for them outside of a Claim.
func modifiers(codes models.Codes) []any {
	var extensions []any
	for _, code := range codes {
		extensions = append(extensions, fhir.Extension{URL: fhir.ExtensionModifier, ValueCode: code})
	}
	return extensions
}
