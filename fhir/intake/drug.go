package intake

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// measureOf gives what a quantity counts: units of the service's code, or minutes. False of anything else, as milligrams: who takes them for
// units bills eighty of them for one.
func measureOf(quantity fhir.Node) (models.Measure, bool) {
	code := quantity.Get("code").Text()
	if code == "" {
		code = quantity.Get("unit").Text()
	}
	switch strings.ToLower(code) {
	case models.UCUMMinute, "minute", "minutes", strings.ToLower(string(models.InMinutes)):
		return models.InMinutes, true
	}
	isAnnotation := strings.HasPrefix(code, "{") && strings.HasSuffix(code, "}")
	if code == "" || code == "1" || isAnnotation {
		return models.InUnits, true
	}
	if _, isDose := models.DrugUnitOf(code); isDose && code != string(models.DrugPiece) {
		return models.InUnits, false
	}
	return models.InUnits, quantity.Get("system").Text() != models.SystemUCUM
}

// drug reads the number of a drug and how much of it was given; none where product names none. Without an amount its Quantity is 0.
func (r *refusals) drug(product, quantity spot) models.Drug {
	written := codeIn(product.Node, models.SystemNDC)
	if written == "" {
		return models.Drug{}
	}
	d := models.Drug{NDC: r.ndcAt(product.path, written)}
	if quantity.Exists() {
		d.Unit, d.Quantity = r.dose(quantity)
	}
	return d
}

func (r *refusals) ndc(n spot) string { return r.ndcAt(n.path, n.Text()) }

// ndcAt reads a National Drug Code that is needed.
func (r *refusals) ndcAt(path, written string) string {
	number, ok := models.ParseNDC(written)
	if !ok {
		r.invalid("code-invalid", path, "The drug must have a National Drug Code of eleven digits, or with its two hyphens.")
	}
	return number
}

// dose reads how much of a drug was given.
func (r *refusals) dose(quantity spot) (models.DrugUnit, models.Units) {
	code := quantity.Get("code").Text()
	if code == "" {
		code = quantity.Get("unit").Text()
	}
	unit, known := models.DrugUnitOf(code)
	if !known {
		r.invalid("code-invalid", quantity.path+".code", "The amount of a drug is in mL, g, mg, [iU] or {unit}, by UCUM.")
	}
	return unit, r.units(quantity.get("value"))
}
