package intake

import (
	"medbill/fhir"
	"medbill/models"
)

// crossover reads to whom the payer passed the claim on: an Organization, or an identifier of it, once. X12 005010X221A1, NM1*TT.
func (a *answerReader) crossover(root spot) {
	isSaid := false
	for e := range root.each("extension") {
		if !e.Get("url").Is(fhir.ExtensionCrossoverCarrier) {
			continue
		}
		if isSaid {
			a.invalid("value", e.path, "The payer that the claim was passed on to is said twice; say it once.")
			return
		}
		isSaid = true
		who, number := e.choice("value", "Reference"), e.choice("value", "Identifier")
		if who.Exists() {
			a.Carrier, number = models.OrganizationID(idOf(who.Node, "Organization")), who.get("identifier")
		}
		value := number.get("value")
		switch {
		case a.Carrier != "":
		case value.Text() == "":
			a.invalid("value", e.path+".value", "Name the payer that the claim was passed on to as Organization/ and its id, or by an identifier with a value.")
		case !a.check(value.path, models.CheckLine(value.Text())):
		case !number.Get("system").Exists(), a.check(number.path+".system", models.CheckLine(number.Get("system").Text())):
			a.CarrierNumber = models.Identifier{System: number.Get("system").Text(), Value: value.Text()}
		}
	}
}
