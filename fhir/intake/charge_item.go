package intake

import (
	"strings"
	"time"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/fault"
)

// ChargeItem reads a ChargeItem as an EHR sends it; its day is taken in zone, or as written where zone is nil. What of it
// says something that billing cannot take is among its problems, never passed over: price, factor and day. Its code is empty
// where it is neither CPT, HCPCS nor a revenue code.
func ChargeItem(d *fhir.Document, zone *time.Location) models.ChargeItem {
	root := rootOf(d, "ChargeItem")
	s, own := serviceIn(root.Node), heldIn(root.Node)
	r := itemReader{ChargeItem: models.ChargeItem{
		ID:         models.ChargeID(d.ID()),
		PatientID:  models.PatientID(idOf(root.Get("subject"), "Patient")),
		VisitID:    models.VisitID(idOf(root.Get("context"), "Encounter")),
		Status:     root.Get("status").Text(),
		System:     s.system,
		Code:       s.code,
		Revenue:    s.revenue,
		Modifiers:  s.modifiers,
		Occurred:   startIn(root.Node, "occurrence", zone),
		Performers: performersOf(root.Node, own),
	}}
	refs, codes := reasonsIn(root.Get("supportingInformation"), own)
	r.ReasonRefs, r.ReasonCodes = refs, append(diagnosisCodes(root.Get("reason")), codes...)
	for reference := range root.Get("service").Children() {
		if id := idOf(reference, "Procedure"); id != "" {
			r.ServiceRefs = append(r.ServiceRefs, "Procedure/"+id)
		}
	}
	r.counted(root)
	r.given(root)
	r.price(root)
	r.dated(root)
	return r.ChargeItem
}

// itemReader is a ChargeItem as far as it is read.
type itemReader struct{ models.ChargeItem }

func (r *itemReader) problem(rule, path, text, remedy string) {
	r.Problems = append(r.Problems, models.Finding{Rule: rule, Severity: models.SeverityError, Path: path, Text: text, Remedy: remedy})
}

// counted reads how often it was done, or for how long: one unit where there is no quantity, 0 where it is no exact count.
func (r *itemReader) counted(root spot) {
	r.Units = models.OneUnit
	quantity := root.get("quantity")
	if !quantity.Exists() {
		return
	}
	measure, known := measureOf(quantity.Node)
	if !known {
		r.problem("charge.quantity", quantity.path+".code", "The charge counts something else than units of its code.", "State how often the service was done, or of anaesthesia the minutes, with the UCUM code min.")
	}
	r.Measure = measure
	units, err := models.ParseUnits(quantity.Get("value").Text())
	if err != nil || quantity.Get("comparator").Exists() {
		units = 0
	}
	r.Units = units
}

// given reads which drug was given, and how much of it.
func (r *itemReader) given(root spot) {
	var refused refusals
	quantity := spot{path: root.path + ".extension"}
	for e := range root.each("extension") {
		if e.Get("url").Is(fhir.ExtensionDrugQuantity) {
			quantity = e.choice("value", "Quantity")
		}
	}
	r.Drug = refused.drug(root.choice("product", "CodeableConcept"), quantity)
	for _, issue := range refused.issues {
		r.problem("charge.drug", issue.Path, issue.Text, "Correct the drug of the charge.")
	}
}

// price reads what the EHR says the charge costs. A factor would change it and is not taken.
func (r *itemReader) price(root spot) {
	if factor := root.get("factorOverride"); factor.Exists() {
		if n, err := models.ParseUnits(factor.Text()); err != nil || n != models.OneUnit {
			r.problem("charge.factor", factor.path, "The charge has a factor, which is not billed.", "State the price in priceOverride without a factor.")
		}
	}
	price := root.get("priceOverride")
	if !price.Exists() {
		return
	}
	var refused refusals
	cents, ok := refused.amount(price)
	if ok && cents < 0 {
		refused.rule("money.negative", price.path, "The amount must not be negative.")
	}
	for _, issue := range refused.issues {
		r.problem(priceRule(issue), issue.Path, issue.Text, "Correct the price of the charge.")
	}
	if len(refused.issues) == 0 {
		r.Stated = &cents
	}
}

func priceRule(issue fault.Issue) string {
	if issue.Code == "money.currency" {
		return "charge.currency"
	}
	return "charge.price"
}

// dated finds an occurrence whose day cannot be read; without any the visit's first day is meant.
func (r *itemReader) dated(root spot) {
	for n := range root.Children() {
		if strings.HasPrefix(n.Key(), "occurrence") && r.Occurred == "" {
			r.problem("charge.day", root.path+".occurrence", "The occurrence does not tell the day.", "State the day of the service.")
		}
	}
}
