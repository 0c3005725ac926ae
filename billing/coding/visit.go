package coding

import (
	"cmp"

	"medbill/billing/desk"
	"medbill/billing/rules/coding"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
)

// readEncounter brings the case up to what its Encounter says; one that is deleted says nothing.
func (h *chart) readEncounter(s *desk.Sheet) error {
	patientRef := models.Ref{Type: "Patient", ID: string(h.kase.PatientID)}
	if _, err := s.Documents(h.kase.ID.Origin(), patientRef); err != nil { // both are read together
		return err
	}
	d, err := s.Document(h.kase.ID.Origin())
	if err != nil {
		return err
	}
	if d == nil {
		_, h.known, err = documents.Get(s.View, h.kase.ID.Origin(), documents.Guard{})
		return err
	}
	h.known = true
	e := intake.Encounter(d, s.Zone())
	patient, err := s.Survivor(e.PatientID)
	if err != nil {
		return err
	}
	h.encounter = e
	h.encounter.PatientID = patient
	c := &h.kase
	c.PatientID, c.ServiceDate, c.EndDate = patient, cmp.Or(e.Start, e.End), cmp.Or(e.End, e.Start)
	c.BillingID = cmp.Or(e.PracticeID, s.Settings().PracticeID)
	if err := books.Lock(s.Tx, models.Ref{Type: "Patient", ID: string(patient)}.String()); err != nil {
		return err
	}
	return h.readPlace(s)
}

// partsMax bounds how far a Location is followed up to what it is part of.
const partsMax = 8

// readPlace finds where the visit took place: its active Location, or what that is part of, else what its class says.
func (h *chart) readPlace(s *desk.Sheet) error {
	at := coding.LocationOf(h.encounter)
	h.kase.LocationID = at.ID
	chain := []models.Location{at}
	for id := cmp.Or(at.ID, at.PartOf); id != "" && len(chain) < partsMax; {
		d, err := s.Document(models.Ref{Type: "Location", ID: id})
		if err != nil {
			return err
		}
		if d == nil {
			break
		}
		l := intake.Location(d)
		chain, id = append(chain, l), l.PartOf
	}
	h.kase.PlaceOfService = coding.PlaceOfService(chain, h.encounter.Class)
	return nil
}
