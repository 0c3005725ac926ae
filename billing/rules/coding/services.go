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

// line is a service with what it was done for.
type line struct {
	service models.Service
	reasons reasons
}

// occasion tells two services apart: CPT is level I of HCPCS, so the code alone says what was done.
type occasion struct {
	code string
	day  models.Date
}

// isDone reports whether p is a coded service of the visit. A Procedure without a code of ours is clinical record alone.
func isDone(p models.Procedure, visit models.VisitID) bool {
	return p.Code != "" && p.Status == procedureCompleted && p.VisitID == visit
}

// lines gives the billable ChargeItems without a problem, then the completed Procedures that no ChargeItem speaks for. A
// planned or not-billable ChargeItem speaks too: what the EHR holds back is not billed by way of its Procedure.
func (g gatherer) lines() []line {
	var lines, more []line
	spoken, charged := map[occasion]bool{}, map[string]bool{}
	for _, i := range g.Items {
		if !g.speaks(i) {
			continue
		}
		l := g.ofItem(i)
		spoken[occasion{i.Code, l.service.ServiceDate}] = true
		for _, procedure := range i.ServiceRefs {
			charged[procedure] = true
		}
		if i.Status == itemBillable && len(g.problemsOf(i)) == 0 {
			lines = append(lines, l)
		}
	}
	for _, p := range g.Procedures {
		if !isDone(p, g.Encounter.ID) || p.PatientID != g.Encounter.PatientID {
			continue
		}
		if l := g.ofProcedure(p); !spoken[occasion{p.Code, l.service.ServiceDate}] && !charged[l.service.Source] {
			more = append(more, l)
		}
	}
	byDay := func(a, b line) int {
		return cmp.Or(cmp.Compare(a.service.ServiceDate, b.service.ServiceDate), cmp.Compare(a.service.Source, b.service.Source))
	}
	slices.SortFunc(lines, byDay)
	slices.SortFunc(more, byDay)
	return append(lines, more...)
}

// speaks reports whether a ChargeItem says whether a service of the visit is billed.
func (g gatherer) speaks(i models.ChargeItem) bool {
	return i.VisitID == g.Encounter.ID && i.PatientID == g.Encounter.PatientID && i.Status != itemEnteredInError
}

// isHeldBack reports whether ChargeItems speak for a Procedure and none of them is to be billed.
func (g gatherer) isHeldBack(p models.Procedure) bool {
	of, isHeld := g.ofProcedure(p).service, false
	for _, i := range g.Items {
		isSame := occasion{i.Code, g.ofItem(i).service.ServiceDate} == occasion{of.Code, of.ServiceDate}
		if !g.speaks(i) || !isSame && !slices.Contains(i.ServiceRefs, of.Source) {
			continue
		}
		if i.Status == itemBillable {
			return false
		}
		isHeld = true
	}
	return isHeld
}

func (g gatherer) ofItem(i models.ChargeItem) line {
	return line{
		service: models.Service{
			System:      i.System,
			Code:        i.Code,
			Revenue:     i.Revenue,
			Modifiers:   i.Modifiers,
			Units:       i.Units,
			Measure:     i.Measure,
			Drug:        i.Drug,
			ServiceDate: cmp.Or(i.Occurred, g.days.From),
			Rendering:   g.rendering(i.Performers),
			Stated:      i.Stated,
			Source:      "ChargeItem/" + string(i.ID),
		},
		reasons: reasons{i.ReasonRefs, i.ReasonCodes},
	}
}

func (g gatherer) ofProcedure(p models.Procedure) line {
	return line{
		service: models.Service{
			System:      p.System,
			Code:        p.Code,
			Modifiers:   p.Modifiers,
			Units:       models.OneUnit,
			ServiceDate: cmp.Or(p.Performed, g.days.From),
			Rendering:   g.rendering(p.Performers),
			Source:      "Procedure/" + p.ID,
		},
		reasons: reasons{p.ReasonRefs, p.ReasonCodes},
	}
}

// rendering gives who did a service, or the visit's provider where it names nobody who can be found.
func (g gatherer) rendering(performers []models.Participant) models.Performer {
	return cmp.Or(Rendering(performers, g.Roles), g.provider)
}
