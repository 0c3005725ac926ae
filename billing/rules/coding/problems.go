package coding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"medbill/models"
	"medbill/models/fault"
)

// problems gives what of the chart means to be billed and cannot be, in an order that does not depend on how it was read.
func (g gatherer) problems() []models.Finding {
	var problems []models.Finding
	for _, i := range g.Items {
		if i.VisitID == g.Encounter.ID && i.Status == itemBillable {
			problems = append(problems, g.problemsOf(i)...)
		}
	}
	for _, p := range g.Procedures {
		if isDone(p, g.Encounter.ID) && p.PatientID != g.Encounter.PatientID {
			problems = append(problems, stranger(ruleSubject, "Procedure", p.ID))
		}
		if isDone(p, g.Encounter.ID) && slices.Contains(g.Elsewhere, "Procedure/"+p.ID) && !g.isHeldBack(p) {
			problems = append(problems, held("coding.elsewhere", at("Procedure", p.ID)+".encounter",
				"The service is on the claim or invoice of another visit.", "Take it back there first, or correct the visit of the record."))
		}
	}
	for _, c := range g.Conditions {
		if c.Code != "" && !c.IsRefuted && c.VisitID == g.Encounter.ID && c.PatientID != g.Encounter.PatientID {
			problems = append(problems, stranger(ruleSubject, "Condition", c.ID))
		}
	}
	slices.SortFunc(problems, func(a, b models.Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Rule, b.Rule))
	})
	return problems
}

// problemsOf gives what keeps a ChargeItem of the visit from being billed.
func (g gatherer) problemsOf(i models.ChargeItem) []models.Finding {
	var problems []models.Finding
	for _, p := range i.Problems {
		p.Path = strings.Replace(p.Path, "ChargeItem", at("ChargeItem", string(i.ID)), 1)
		problems = append(problems, p)
	}
	if i.Code == "" {
		problems = append(problems, held("charge.local-code", at("ChargeItem", string(i.ID))+".code",
			"The charge has no CPT, HCPCS or revenue code.", "Add a coding that a payer takes, or code the visit."))
	}
	quantity := at("ChargeItem", string(i.ID)) + ".quantity"
	switch {
	case i.Units <= 0:
		problems = append(problems, held("charge.units", quantity,
			"The quantity is no exact number above 0 with at most three decimals.", "Correct the quantity, or code the visit."))
	case i.Units > unitsMax:
		problems = append(problems, held("charge.units", quantity, "The quantity is more than 9999.", "Correct the quantity, or code the visit."))
	case !i.Units.CountsWhole(i.System, i.Code):
		problems = append(problems, held("charge.units-fraction", quantity,
			"The quantity has a fraction that the code does not take.", "State whole units of the code, or code the visit."))
	}
	if i.PatientID != g.Encounter.PatientID {
		problems = append(problems, stranger(ruleChargeSubject, "ChargeItem", string(i.ID)))
	}
	return problems
}

// tooMany gives what is wrong with a visit of more services than one holds.
func tooMany(c models.Coding) []models.Finding {
	var problems []models.Finding
	for _, issue := range fault.IssuesAt("Encounter", models.CheckServices(len(c.Services))) {
		problems = append(problems, held(issue.Code, issue.Path, issue.Text, "Move some of the services to a visit of their own."))
	}
	return problems
}

const (
	ruleSubject       = "coding.subject"
	ruleChargeSubject = "charge.subject"
)

// HasStranger reports whether something that means to be billed with the visit is of another patient.
func HasStranger(problems []models.Finding) bool {
	return slices.ContainsFunc(problems, func(p models.Finding) bool { return p.Rule == ruleSubject || p.Rule == ruleChargeSubject })
}

// stranger is the problem of a document that names this visit and another patient.
func stranger(rule, resourceType, id string) models.Finding {
	return held(rule, at(resourceType, id)+".subject", "A record of the visit is of another patient than the visit.", "Correct the patient of the record or of the visit.")
}

func held(rule, path, text, remedy string) models.Finding {
	return models.Finding{Rule: rule, Severity: models.SeverityError, Path: path, Text: text, Remedy: remedy}
}

// at is the FHIRPath of one of a visit's documents, which are many.
func at(resourceType, id string) string { return fmt.Sprintf("%s.where(id='%s')", resourceType, id) }
