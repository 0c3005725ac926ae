package billing_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"medbill/models"
)

// What front ends write as drafts of claims, of a visit or of none.

// netOf is what a front end asks for a service where it knows the price.
var netOf = map[string]models.Cents{"99214": 25000, "93000": 6000, "36415": 1500}

// drafting is a front end that writes a draft, writes it again, or takes it back. One that names a PractitionerRole is left out.
func drafting(t *rapid.T) step {
	ref := models.Ref{Type: "Claim", ID: oneOf(t, "draft", "d1", "d1", "d2")}
	visit := oneOf(t, "visit", append(visitsOfIt, "", "")...)
	services := oneOf(t, "services", []string{"93000"}, []string{"93000"}, []string{"36415"}, []string{"99214", "36415"})
	var lines []models.ClaimLine
	for _, code := range services {
		net := oneOf(t, "net", netOf[code], netOf[code], netOf[code], 4000)
		lines = append(lines, models.ClaimLine{Code: code, Units: models.OneUnit, Billed: net, ServiceDate: models.Date(oneOf(t, "day", "2026-03-02", "2026-03-02", "2026-03-02", "2026-03-03"))})
	}
	patient, coverage := oneOf(t, "patient", patientsOfIt...), oneOf(t, "coverage", "k1", "k1", "k2")
	body := draftOf(ref, oneOf(t, "status", "draft", "draft", "draft", "draft", "cancelled"), patient, coverage, visit, lines)
	return step{"PUT " + ref.String() + " " + body, func(h *history) { h.draft(ref, body, models.VisitID(models.RefOf(visit).ID), lines) }}
}

// draftOf writes a draft of acme's.
func draftOf(ref models.Ref, status, patient, coverage, visit string, lines []models.ClaimLine) string {
	items := ""
	for i, l := range lines {
		if i > 0 {
			items += ","
		}
		items += fmt.Sprintf(`{"sequence":%d,`, i+1) + concept("productOrService", cpt, l.Code) + fmt.Sprintf(`,"servicedDate":%q,"diagnosisSequence":[1],"net":{"value":%s,"currency":"USD"},`, l.ServiceDate, l.Billed) +
			concept("locationCodeableConcept", models.SystemPlaceOfService, "11")
		if visit != "" {
			items += `,"encounter":[{"reference":"` + visit + `"}]`
		}
		items += "}"
	}
	return doc(ref, text("status", status), text("use", "claim"), text("created", "2026-03-03"), concept("type", "http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
		concept("priority", "http://terminology.hl7.org/CodeSystem/processpriority", "normal"), refers("patient", patient), refers("insurer", "Organization/acme"),
		refers("provider", "Organization/practice"), list("careTeam", `{"sequence":1,"provider":{"reference":"Practitioner/doc"}}`),
		list("diagnosis", `{"sequence":1,`+concept("diagnosisCodeableConcept", models.SystemICD10CM, "I10")+"}"),
		list("insurance", `{"sequence":1,"focal":true,"coverage":{"reference":"Coverage/`+coverage+`"}}`), list("item", items))
}

// draft writes a draft, or takes back one that was taken. One that says something else than the charges of its visit in the books
// is refused.
func (h *history) draft(ref models.Ref, body string, visit models.VisitID, lines []models.ClaimLine) {
	h.t.Helper()
	isDraft := strings.Contains(body, `"status":"draft"`)
	if !isDraft && h.chart[ref] == "" {
		return // it would record what was billed elsewhere
	}
	c := h.cases()[models.CaseOf(visit)]
	if !h.write(ref, body) {
		return
	}
	isCharged := c.Due == models.StepNone && c.CodedBy != models.CodedByDraft && len(c.posted()) > 0
	if isDraft && visit != "" && isCharged && !slices.Equal(servicesOf(lines), servicesOf(linesOf(c.posted()))) {
		h.t.Errorf("%s is taken with %v, and %s is in the books with %v", ref, servicesOf(lines), c.ID, servicesOf(linesOf(c.posted())))
	}
	if delete(h.chart, ref); isDraft {
		h.chart[ref] = body
		delete(h.codings, visit) // a front end's word takes the place of a coder's
	}
}

func linesOf(charges []models.Charge) (lines []models.ClaimLine) {
	for _, c := range charges {
		lines = append(lines, models.ClaimLine{Code: c.Code, Modifiers: c.Modifiers, Units: c.Units, Billed: c.Billed, ServiceDate: c.ServiceDate})
	}
	return lines
}

// servicesOf writes what was done, in no order of its own.
func servicesOf(lines []models.ClaimLine) (services []string) {
	for _, l := range lines {
		services = append(services, fmt.Sprintf("%s %v × %s for %s on %s", l.Code, l.Modifiers, l.Units, l.Billed, l.ServiceDate))
	}
	slices.Sort(services)
	return services
}

// caseOf gives the case that a visit or a draft of the chart opens.
func (h *history) caseOf(ref models.Ref) models.CaseID {
	if ref.Type == models.OriginVisit {
		return models.CaseOf(models.VisitID(ref.ID))
	}
	for _, visit := range []models.VisitID{"v1", "v2"} {
		if strings.Contains(h.chart[ref], `"encounter":[{"reference":"Encounter/`+string(visit)+`"}]`) {
			return models.CaseOf(visit)
		}
	}
	return models.CaseOfDraft(models.ClaimID(ref.ID))
}
