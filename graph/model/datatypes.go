package model

import (
	"cmp"

	"medbill/models"
)

// Money is an amount as decimal text.
type Money struct {
	Value    string
	Currency string
}

// noCurrency is ISO 4217's code for amounts whose currency nobody named.
const noCurrency = "XXX"

// USD gives an amount of the books.
func USD(c models.Cents) Money { return Money{c.String(), "USD"} }

// amount gives a FHIR Money with its digits; nil where there is no value.
func amount(n node) *Money {
	value := text(n.get("value"))
	if value == nil {
		return nil
	}
	return &Money{*value, cmp.Or(n.fhir.Get("currency").Text(), noCurrency)}
}

// The data types of FHIR. https://hl7.org/fhir/R4/datatypes.html
type (
	// Coding is a code in a system.
	Coding struct{ node }
	// CodeableConcept is one meaning in several systems, or in words.
	CodeableConcept struct{ node }
	// Identifier is a business identifier.
	Identifier struct{ node }
	// Period is a span of time.
	Period struct{ node }
	// Quantity is a measured amount.
	Quantity struct{ node }
	// HumanName is a name of a person.
	HumanName struct{ node }
	// ContactPoint is a telephone number, a mail address and the like.
	ContactPoint struct{ node }
	// Address is a postal address.
	Address struct{ node }
)

// System is the system of the code.
func (c Coding) System() *string { return text(c.get("system")) }

// Code is the code.
func (c Coding) Code() *string { return text(c.get("code")) }

// Display is the code in words.
func (c Coding) Display() *string { return text(c.get("display")) }

// Coding gives the codes.
func (c CodeableConcept) Coding() []Coding { return list[Coding](c.get("coding")) }

// Text is the meaning in words.
func (c CodeableConcept) Text() *string { return text(c.get("text")) }

// Use is usual, official and the like.
func (i Identifier) Use() *string { return text(i.get("use")) }

// Type says what is identified.
func (i Identifier) Type() *CodeableConcept { return one[CodeableConcept](i.get("type")) }

// System is who gives out the value.
func (i Identifier) System() *string { return text(i.get("system")) }

// Value is unique in the system.
func (i Identifier) Value() *string { return text(i.get("value")) }

// Start is the first moment.
func (p Period) Start() *string { return text(p.get("start")) }

// End is the last moment.
func (p Period) End() *string { return text(p.get("end")) }

// Value is the number with its digits.
func (q Quantity) Value() *string { return text(q.get("value")) }

// Unit is the unit in words.
func (q Quantity) Unit() *string { return text(q.get("unit")) }

// System is the system of the unit's code.
func (q Quantity) System() *string { return text(q.get("system")) }

// Code is the unit's code.
func (q Quantity) Code() *string { return text(q.get("code")) }

// Use is usual, official and the like.
func (h HumanName) Use() *string { return text(h.get("use")) }

// Text is the whole name.
func (h HumanName) Text() *string { return text(h.get("text")) }

// Family is the family name.
func (h HumanName) Family() *string { return text(h.get("family")) }

// Given are the given names.
func (h HumanName) Given() []string { return texts(h.get("given")) }

// Prefix is what stands before the name.
func (h HumanName) Prefix() []string { return texts(h.get("prefix")) }

// Suffix is what stands after the name.
func (h HumanName) Suffix() []string { return texts(h.get("suffix")) }

// System is phone, email and the like.
func (c ContactPoint) System() *string { return text(c.get("system")) }

// Value is the number or address.
func (c ContactPoint) Value() *string { return text(c.get("value")) }

// Use is home, work and the like.
func (c ContactPoint) Use() *string { return text(c.get("use")) }

// Use is home, work and the like.
func (a Address) Use() *string { return text(a.get("use")) }

// Text is the whole address.
func (a Address) Text() *string { return text(a.get("text")) }

// Line is street and number.
func (a Address) Line() []string { return texts(a.get("line")) }

// City is the city.
func (a Address) City() *string { return text(a.get("city")) }

// State is the part of the country.
func (a Address) State() *string { return text(a.get("state")) }

// PostalCode is the postal code.
func (a Address) PostalCode() *string { return text(a.get("postalCode")) }

// Country is the country.
func (a Address) Country() *string { return text(a.get("country")) }
