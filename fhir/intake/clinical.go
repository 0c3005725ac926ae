package intake

import (
	"slices"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// Encounter reads an Encounter; its days are taken in zone, or as written where zone is nil. Participants that are no
// providers, or whose part ended before the visit began, are left out.
func Encounter(d *fhir.Document, zone *time.Location) models.Encounter {
	root := d.Root()
	own := heldIn(root)
	start := dayIn(root.In("period", "start"), zone)
	e := models.Encounter{
		ID:            models.VisitID(d.ID()),
		Status:        root.Get("status").Text(),
		Class:         classOf(root.Get("class")),
		PatientID:     models.PatientID(idOf(root.Get("subject"), "Patient")),
		Participants:  participantsOf(root, own, start, zone),
		PracticeID:    models.OrganizationID(idOf(root.Get("serviceProvider"), "Organization")),
		Locations:     locationsOf(root, own),
		Start:         start,
		End:           dayIn(root.In("period", "end"), zone),
		Stay:          stayIn(root, zone),
		ReasonCodes:   diagnosisCodes(root.Get("reasonCode")),
		DiagnosisRefs: diagnosisRefsOf(root, own),
		Account:       idOf(root.Get("account").At(0), "Account"),
		Identifiers:   visitIdentifiers(root.Get("identifier")),
	}
	for resource := range root.Get("contained").Children() {
		if resource.Get("resourceType").Is("Condition") {
			c := conditionIn(resource, zone)
			c.ID, c.PatientID, c.VisitID = "#"+c.ID, e.PatientID, e.ID
			e.Contained = append(e.Contained, c)
		}
	}
	return e
}

// participantsOf gives who took part in a visit that began on start.
func participantsOf(encounter fhir.Node, own held, start models.Date, zone *time.Location) []models.Participant {
	var participants []models.Participant
	for n := range encounter.Get("participant").Children() {
		left := spanIn(n.Get("period"), zone).Until
		if provider, ok := own.provider(n.Get("individual")); ok && (left == "" || left >= start) {
			participants = append(participants, models.Participant{Types: participationsOf(n.Get("type")), Provider: provider})
		}
	}
	return participants
}

func diagnosisRefsOf(encounter fhir.Node, own held) []models.DiagnosisRef {
	var refs []models.DiagnosisRef
	for n := range encounter.Get("diagnosis").Children() {
		rank, _ := positiveOf(n.Get("rank"))
		refs = append(refs, models.DiagnosisRef{Reference: own.condition(n.Get("condition")), Rank: rank, Use: n.In("use", "coding", "code").Text()})
	}
	for reference := range encounter.Get("reasonReference").Children() {
		refs = append(refs, models.DiagnosisRef{Reference: own.condition(reference)})
	}
	return slices.DeleteFunc(refs, func(r models.DiagnosisRef) bool { return r.Reference == "" })
}

// classOf gives the code of a class in v3-ActCode, which is taken as meant where no system is named.
func classOf(class fhir.Node) string {
	if system := class.Get("system"); system.Exists() && systemOf(system) != fhir.SystemActCode {
		return ""
	}
	return class.Get("code").Text()
}

// participationsOf gives the v3-ParticipationType codes of a CodeableConcept or a list of them.
func participationsOf(types fhir.Node) models.Codes {
	var codes models.Codes
	for concept := range types.Each() {
		for coding := range concept.Get("coding").Children() {
			if system := coding.Get("system"); !system.Exists() || systemOf(system) == fhir.SystemParticipation {
				codes = append(codes, coding.Get("code").Text())
			}
		}
	}
	return codes
}

func locationsOf(encounter fhir.Node, own held) []models.VisitLocation {
	var locations []models.VisitLocation
	for n := range encounter.Get("location").Children() {
		at := models.Location{ID: idOf(n.Get("location"), "Location")}
		if at.ID == "" {
			at = locationIn(own.of(n.Get("location"), "Location"))
			at.ID = "" // it is no record
		}
		if at != (models.Location{}) {
			locations = append(locations, models.VisitLocation{Status: n.Get("status").Text(), Location: at})
		}
	}
	return locations
}

// Condition reads a Condition; its days are taken in zone, or as written where zone is nil.
func Condition(d *fhir.Document, zone *time.Location) models.Condition {
	return conditionIn(d.Root(), zone)
}

func conditionIn(root fhir.Node, zone *time.Location) models.Condition {
	c := models.Condition{
		ID:        root.Get("id").Text(),
		PatientID: models.PatientID(idOf(root.Get("subject"), "Patient")),
		VisitID:   models.VisitID(idOf(root.Get("encounter"), "Encounter")),
		Code:      diagnosisCode(root.Get("code")),
		Recorded:  dayIn(root.Get("recordedDate"), zone),
		Onset:     startIn(root, "onset", zone),
		Abated:    startIn(root, "abatement", zone),
	}
	if c.Recorded == "" {
		c.Recorded = c.Onset
	}
	for coding := range root.In("verificationStatus", "coding").Children() {
		switch coding.Get("code").Text() {
		case "refuted", "entered-in-error":
			c.IsRefuted = true
		case "unconfirmed", "provisional", "differential":
			c.IsUncertain = true
		}
	}
	return c
}

// Order reads a ServiceRequest.
func Order(d *fhir.Document, _ *time.Location) models.Order {
	root := d.Root()
	switch root.Get("status").Text() {
	case "revoked", "entered-in-error", "draft":
		return models.Order{}
	}
	s := serviceIn(root)
	return models.Order{System: s.system, Code: s.code, ReasonCodes: diagnosisCodes(root.Get("reasonCode"))}
}

// Procedure reads a Procedure; its day is taken in zone, or as written where zone is nil.
func Procedure(d *fhir.Document, zone *time.Location) models.Procedure {
	root := d.Root()
	s, own := serviceIn(root), heldIn(root)
	p := models.Procedure{
		ID:          d.ID(),
		PatientID:   models.PatientID(idOf(root.Get("subject"), "Patient")),
		VisitID:     models.VisitID(idOf(root.Get("encounter"), "Encounter")),
		Status:      root.Get("status").Text(),
		System:      s.system,
		Code:        s.code,
		Hospital:    codeIn(root.Get("code"), models.SystemICD10PCS),
		Modifiers:   s.modifiers,
		Performed:   startIn(root, "performed", zone),
		Performers:  performersOf(root, own),
		ReasonCodes: diagnosisCodes(root.Get("reasonCode")),
	}
	refs, codes := reasonsIn(root.Get("reasonReference"), own)
	p.ReasonRefs, p.ReasonCodes = refs, append(codes, p.ReasonCodes...)
	return p
}

// performersOf gives the performers that are providers, of a Procedure or a ChargeItem.
func performersOf(resource fhir.Node, own held) []models.Participant {
	var performers []models.Participant
	for n := range resource.Get("performer").Children() {
		if provider, ok := own.provider(n.Get("actor")); ok {
			performers = append(performers, models.Participant{Types: participationsOf(n.Get("function")), Provider: provider})
		}
	}
	return performers
}

// reasonsIn gives the Conditions that a list of references names, and the codes of those that the document holds itself.
func reasonsIn(references fhir.Node, own held) (refs, codes []string) {
	for reference := range references.Children() {
		if id := idOf(reference, "Condition"); id != "" {
			refs = append(refs, "Condition/"+id)
		} else if code := diagnosisCode(own.of(reference, "Condition").Get("code")); code != "" {
			codes = append(codes, code)
		}
	}
	return refs, codes
}

// ClaimedVisits gives the Encounters that the lines of a Claim or an ExplanationOfBenefit name, each once.
func ClaimedVisits(d *fhir.Document) []models.VisitID { return visitsIn(d.Root().Get("item")) }

// BillsElsewhere reports whether a Claim or an ExplanationOfBenefit that is not ours bills: it was not taken back, and is no
// question asked ahead of the care.
func BillsElsewhere(d *fhir.Document) bool {
	use := d.Root().Get("use")
	return d.Root().Get("status").Is("active") && (use.Is("claim") || !use.Exists())
}

func visitsIn(items fhir.Node) []models.VisitID {
	var visits []models.VisitID
	seen := map[string]bool{"": true}
	for item := range items.Children() {
		for encounter := range item.Get("encounter").Each() {
			if id := idOf(encounter, "Encounter"); !seen[id] {
				seen[id] = true
				visits = append(visits, models.VisitID(id))
			}
		}
	}
	return visits
}

// visitIdentifiers gives the identifiers that name this visit alone.
func visitIdentifiers(identifiers fhir.Node) []string {
	var list []string
	for i := range identifiers.Children() {
		if value := i.Get("value").Text(); value != "" && !hasCode(i.Get("type"), fhir.SystemIdentifierType, "AN") {
			list = append(list, i.Get("system").Text()+"|"+value)
		}
	}
	return list
}
