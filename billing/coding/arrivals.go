package coding

import (
	"medbill/billing/desk"
	"medbill/fhir"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// AfterClinical asks for a plan of the visits that a Condition or Procedure belongs to, or belonged to before. A Condition that
// names no visit may be a diagnosis of any visit of its patient that names none.
func AfterClinical(tx *store.Tx, a records.Arrival, _ bool) error {
	s, err := desk.Open(tx)
	if err != nil {
		return err
	}
	versions, err := s.Versions(a)
	if err != nil {
		return err
	}
	var visits []models.VisitID
	for _, d := range versions {
		if id := visitOf(d); id != "" {
			visits = append(visits, id)
			continue
		}
		if a.Ref.Type != "Condition" {
			continue
		}
		patient, err := s.Survivor(models.PatientID(models.RefOf(d.Root().In("subject", "reference").Text()).ID))
		if err != nil {
			return err
		}
		cases, err := books.UnsentCasesOfPatient(s.View, patient)
		if err != nil {
			return err
		}
		for _, c := range cases {
			if visit := c.ID.Visit(); visit != "" {
				visits = append(visits, visit)
			}
		}
	}
	if a.Ref.Type == "Condition" {
		named, err := namingVisits(s, a.Ref)
		if err != nil {
			return err
		}
		visits = append(visits, named...)
	}
	return Touch(tx, visits...)
}

func visitOf(d *fhir.Document) models.VisitID {
	ref := models.RefOf(d.Root().In("encounter", "reference").Text())
	if ref.Type != models.OriginVisit {
		return ""
	}
	return models.VisitID(ref.ID)
}

// namingVisits gives the visits whose Encounter.diagnosis names a Condition.
func namingVisits(s *desk.Sheet, condition models.Ref) ([]models.VisitID, error) {
	encounters, err := s.Referring("Encounter", "diagnosis", condition)
	visits := make([]models.VisitID, len(encounters))
	for i, d := range encounters {
		visits[i] = models.VisitID(d.ID())
	}
	return visits, err
}
