package intake

import (
	"time"

	"medbill/fhir"
	"medbill/models"
)

// Encounter reads an Encounter; its days are taken in zone, or as written where zone is nil.
func Encounter(d *fhir.Document, zone *time.Location) models.Encounter {
	root := d.Root()
	e := models.Encounter{
		ID:          models.VisitID(d.ID()),
		Status:      root.Get("status").Text(),
		Class:       root.In("class", "code").Text(),
		PatientID:   models.PatientID(idOf(root.Get("subject"), "Patient")),
		RenderingID: renderingOf(root.Get("participant")),
		PracticeID:  models.OrganizationID(idOf(root.Get("serviceProvider"), "Organization")),
		LocationID:  idOf(root.Get("location").At(0).Get("location"), "Location"),
		Start:       dayIn(root.In("period", "start"), zone),
		End:         dayIn(root.In("period", "end"), zone),
		ReasonCodes: diagnosisCodes(root.Get("reasonCode")),
		Account:     idOf(root.Get("account").At(0), "Account"),
	}
	for n := range root.Get("diagnosis").Children() {
		rank, _ := positiveOf(n.Get("rank"))
		e.DiagnosisRefs = append(e.DiagnosisRefs, models.DiagnosisRef{
			Reference: n.In("condition", "reference").Text(),
			Rank:      rank,
			Use:       n.In("use", "coding", "code").Text(),
		})
	}
	return e
}

// renderingOf gives the first Practitioner who is the primary performer, else the first Practitioner.
// https://terminology.hl7.org/CodeSystem-v3-ParticipationType.html
func renderingOf(participants fhir.Node) models.PractitionerID {
	var first models.PractitionerID
	for p := range participants.Children() {
		id := models.PractitionerID(idOf(p.Get("individual"), "Practitioner"))
		if id == "" {
			continue
		}
		for role := range p.Get("type").Children() {
			if hasCode(role, "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "PPRF") {
				return id
			}
		}
		if first == "" {
			first = id
		}
	}
	return first
}

// Condition reads a Condition; its days are taken in zone, or as written where zone is nil.
func Condition(d *fhir.Document, zone *time.Location) models.Condition {
	root := d.Root()
	c := models.Condition{
		ID:        d.ID(),
		PatientID: models.PatientID(idOf(root.Get("subject"), "Patient")),
		VisitID:   models.VisitID(idOf(root.Get("encounter"), "Encounter")),
		Code:      diagnosisCode(root.Get("code")),
		Recorded:  dayIn(root.Get("recordedDate"), zone),
		Abated:    startIn(root, "abatement", zone),
	}
	if c.Recorded == "" {
		c.Recorded = startIn(root, "onset", zone)
	}
	for coding := range root.In("verificationStatus", "coding").Children() {
		c.Refuted = c.Refuted || coding.Get("code").Is("refuted") || coding.Get("code").Is("entered-in-error")
	}
	return c
}

// Procedure reads a Procedure; its day is taken in zone, or as written where zone is nil.
func Procedure(d *fhir.Document, zone *time.Location) models.Procedure {
	root := d.Root()
	s := serviceIn(root)
	p := models.Procedure{
		ID:          d.ID(),
		PatientID:   models.PatientID(idOf(root.Get("subject"), "Patient")),
		VisitID:     models.VisitID(idOf(root.Get("encounter"), "Encounter")),
		Status:      root.Get("status").Text(),
		System:      s.system,
		Code:        s.code,
		Modifiers:   s.modifiers,
		Performed:   startIn(root, "performed", zone),
		RenderingID: performerOf(root),
		ReasonCodes: diagnosisCodes(root.Get("reasonCode")),
	}
	for reference := range root.Get("reasonReference").Children() {
		if id := idOf(reference, "Condition"); id != "" {
			p.ReasonRefs = append(p.ReasonRefs, "Condition/"+id)
		}
	}
	return p
}

// performerOf gives the first performer that is a Practitioner.
func performerOf(resource fhir.Node) models.PractitionerID {
	for performer := range resource.Get("performer").Children() {
		if id := idOf(performer.Get("actor"), "Practitioner"); id != "" {
			return models.PractitionerID(id)
		}
	}
	return ""
}

// ChargeItem reads a ChargeItem as an EHR sends it; its day is taken in zone, or as written where zone is nil. Units are
// 0 where the quantity is missing or no whole number.
func ChargeItem(d *fhir.Document, zone *time.Location) models.ChargeItem {
	root := d.Root()
	s := serviceIn(root)
	units, _ := unitsOf(root.In("quantity", "value"))
	return models.ChargeItem{
		ID:          models.ChargeID(d.ID()),
		PatientID:   models.PatientID(idOf(root.Get("subject"), "Patient")),
		VisitID:     models.VisitID(idOf(root.Get("context"), "Encounter")),
		Status:      root.Get("status").Text(),
		System:      s.system,
		Code:        s.code,
		Modifiers:   s.modifiers,
		Units:       units,
		Occurred:    startIn(root, "occurrence", zone),
		RenderingID: performerOf(root),
		ReasonCodes: diagnosisCodes(root.Get("reason")),
	}
}

// ExternalClaimedEncounters gives the Encounters that the lines of a Claim or an ExplanationOfBenefit name, each once:
// visits that were billed elsewhere.
func ExternalClaimedEncounters(d *fhir.Document) []models.VisitID {
	var visits []models.VisitID
	seen := map[string]bool{"": true}
	for item := range d.Root().Get("item").Children() {
		for encounter := range item.Get("encounter").Each() {
			if id := idOf(encounter, "Encounter"); !seen[id] {
				seen[id] = true
				visits = append(visits, models.VisitID(id))
			}
		}
	}
	return visits
}
