package coding

import (
	"cmp"
	"slices"

	"medbill/models"
)

// https://hl7.org/fhir/R4/codesystem-chargeitem-status.html and codesystem-event-status.html
const (
	itemBillable       = "billable"
	itemEnteredInError = "entered-in-error"
	procedureCompleted = "completed"
)

type gatherer struct {
	encounter models.Encounter
	diagnoses []models.Diagnosis
	codeOf    map[string]string // Condition id → code
}

// occasion tells two services apart: CPT is level I of HCPCS, so the code alone says what was done.
type occasion struct {
	code string
	day  models.Date
}

// services gives the billable ChargeItems, then the completed Procedures that no ChargeItem speaks for. A planned or
// not-billable ChargeItem speaks too: what the EHR holds back is not billed by way of its Procedure.
func (g gatherer) services(procedures []models.Procedure, items []models.ChargeItem) []models.Service {
	spoken := map[occasion]bool{}
	var services, more []models.Service
	for _, i := range items {
		if i.Code == "" || i.Status == itemEnteredInError || i.PatientID != g.encounter.PatientID || i.VisitID != g.encounter.ID {
			continue
		}
		s := g.ofItem(i)
		spoken[occasion{s.Code, s.ServiceDate}] = true
		if i.Status == itemBillable {
			services = append(services, s)
		}
	}
	for _, p := range procedures {
		if p.Code == "" || p.Status != procedureCompleted || p.PatientID != g.encounter.PatientID || p.VisitID != g.encounter.ID {
			continue
		}
		if s := g.ofProcedure(p); !spoken[occasion{s.Code, s.ServiceDate}] {
			more = append(more, s)
		}
	}
	byDay := func(a, b models.Service) int {
		return cmp.Or(cmp.Compare(a.ServiceDate, b.ServiceDate), cmp.Compare(a.Source, b.Source))
	}
	slices.SortFunc(services, byDay)
	slices.SortFunc(more, byDay)
	return append(services, more...)
}

func (g gatherer) ofItem(i models.ChargeItem) models.Service {
	return models.Service{
		System:      i.System,
		Code:        i.Code,
		Modifiers:   i.Modifiers,
		Units:       cmp.Or(i.Units, 1),
		Pointers:    pointersTo(g.diagnoses, i.ReasonCodes),
		ServiceDate: cmp.Or(i.Occurred, g.encounter.Start),
		RenderingID: cmp.Or(i.RenderingID, g.encounter.RenderingID),
		Source:      "ChargeItem/" + string(i.ID),
	}
}

func (g gatherer) ofProcedure(p models.Procedure) models.Service {
	var reasons []string
	for _, ref := range p.ReasonRefs {
		if code := g.codeOf[conditionID(ref)]; code != "" {
			reasons = append(reasons, code)
		}
	}
	return models.Service{
		System:      p.System,
		Code:        p.Code,
		Modifiers:   p.Modifiers,
		Units:       1,
		Pointers:    pointersTo(g.diagnoses, append(reasons, p.ReasonCodes...)),
		ServiceDate: cmp.Or(p.Performed, g.encounter.Start),
		RenderingID: cmp.Or(p.RenderingID, g.encounter.RenderingID),
		Source:      "Procedure/" + p.ID,
	}
}
