package fhir

import (
	"bytes"
	"encoding/json"

	"medbill/models/money"
)

// The data types that documents of our own are written with. Only the elements we write are here; what a client sends is
// read through Node and kept as bytes. https://hl7.org/fhir/R4/datatypes.html
type (
	// Coding is a code in a system.
	Coding struct {
		System  string `json:"system,omitempty"`
		Version string `json:"version,omitempty"`
		Code    string `json:"code,omitempty"`
		Display string `json:"display,omitempty"`
	}
	// CodeableConcept is one meaning in several systems, or in words.
	CodeableConcept struct {
		Coding []Coding `json:"coding,omitempty"`
		Text   string   `json:"text,omitempty"`
	}
	// Identifier is a business identifier.
	Identifier struct {
		Use    string           `json:"use,omitempty"`
		Type   *CodeableConcept `json:"type,omitempty"`
		System string           `json:"system,omitempty"`
		Value  string           `json:"value,omitempty"`
	}
	// Reference points at another resource, relative to the server's base.
	Reference struct {
		Reference  string      `json:"reference,omitempty"`
		Type       string      `json:"type,omitempty"`
		Identifier *Identifier `json:"identifier,omitempty"`
		Display    string      `json:"display,omitempty"`
	}
	// Period is a span of days or instants.
	Period struct {
		Start string `json:"start,omitempty"`
		End   string `json:"end,omitempty"`
	}
	// Money is an amount; its value is written with two places and never passes through a float.
	Money struct {
		Value    Decimal `json:"value"`
		Currency string  `json:"currency,omitempty"`
	}
	// Quantity is a count: of units, or of what its code says.
	Quantity struct {
		Value  Decimal `json:"value"`
		Unit   string  `json:"unit,omitempty"`
		System string  `json:"system,omitempty"`
		Code   string  `json:"code,omitempty"`
	}
	// Extension carries what R4 has no place for; exactly one value is set.
	Extension struct {
		URL                  string           `json:"url"`
		ValueCode            string           `json:"valueCode,omitempty"`
		ValueString          string           `json:"valueString,omitempty"`
		ValueDate            string           `json:"valueDate,omitempty"`
		ValueInstant         string           `json:"valueInstant,omitempty"`
		ValueDateTime        string           `json:"valueDateTime,omitempty"`
		ValueIdentifier      *Identifier      `json:"valueIdentifier,omitempty"`
		ValueMoney           *Money           `json:"valueMoney,omitempty"`
		ValueQuantity        *Quantity        `json:"valueQuantity,omitempty"`
		ValueReference       *Reference       `json:"valueReference,omitempty"`
		ValueCoding          *Coding          `json:"valueCoding,omitempty"`
		ValueCodeableConcept *CodeableConcept `json:"valueCodeableConcept,omitempty"`
	}
	// Meta is what the server says about a resource.
	Meta struct {
		VersionID   string   `json:"versionId,omitempty"`
		LastUpdated string   `json:"lastUpdated,omitempty"`
		Profile     []string `json:"profile,omitempty"`
		Tag         []Coding `json:"tag,omitempty"`
	}
	// Decimal is a number by its digits: `74.00` stays `74.00`.
	Decimal string
)

// MarshalJSON writes the digits as a JSON number.
func (d Decimal) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("0"), nil
	}
	return []byte(d), nil
}

// USD gives c as FHIR Money.
func USD(c money.Cents) *Money { return &Money{Value: Decimal(c.String()), Currency: "USD"} }

// Concept gives a CodeableConcept of one coding.
func Concept(system, code string) CodeableConcept {
	return CodeableConcept{Coding: []Coding{{System: system, Code: code}}}
}

// To gives a reference to type/id, or nil where id is empty.
func To[ID ~string](resourceType string, id ID) *Reference {
	if id == "" {
		return nil
	}
	return &Reference{Reference: resourceType + "/" + string(id)}
}

// Encode gives v as JSON without escaping HTML, so that narrative stays as it is. It panics on values JSON cannot hold,
// which only a defect in our own documents can bring.
func Encode(v any) []byte { return encode(v) }

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("fhir: encode: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}
