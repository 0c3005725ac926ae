package coding

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/coding"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// AfterClinical asks for a plan of the visits that a Condition or Procedure belongs to, or belonged to before. A Condition belongs
// to the visit that it names, to those of which a document names it, and where it names none, to those of its patient that it may
// be a diagnosis of. Whether somebody was asked to pay does not matter: what differs then is a person's.
func AfterClinical(tx *store.Tx, a records.Arrival) error {
	s, versions, err := desk.Compare(tx, a)
	if err != nil {
		return err
	}
	var visits []models.VisitID
	var subjects []string
	for _, d := range versions {
		if a.Ref.Type == "Procedure" {
			visits = append(visits, intake.Procedure(d, s.Zone()).VisitID)
			continue
		}
		of, locks, err := visitsOf(s, intake.Condition(d, s.Zone()))
		if err != nil {
			return err
		}
		visits, subjects = append(visits, of...), append(subjects, locks...)
	}
	if a.Ref.Type == "Condition" {
		known := slices.DeleteFunc(slices.Clone(a.Alike), tx.Made)
		naming, err := documents.VisitsNaming(s.View, a.Ref.Type, known)
		if err != nil {
			return err
		}
		visits = append(visits, naming...)
	}
	return touchVisits(s, visits, subjects...)
}

// visitsOf gives the visits that a Condition says it belongs to, and the subjects of the locks on which more of them are met.
func visitsOf(s *desk.Sheet, c models.Condition) (visits []models.VisitID, subjects []string, _ error) {
	if c.VisitID != "" {
		return []models.VisitID{c.VisitID}, nil, nil
	}
	if s.Made(string(c.PatientID)) {
		return nil, nil, nil // the patient has no visit but those of this transaction, which are planned
	}
	cases, subjects, err := s.CasesOf(c.PatientID)
	if err != nil {
		return nil, nil, err
	}
	refs := make([]models.Ref, len(cases))
	for i, kase := range cases {
		refs[i] = models.Ref{Type: models.OriginVisit, ID: string(kase.ID.Visit())}
	}
	encounters, err := s.Documents(slices.DeleteFunc(refs, func(r models.Ref) bool { return r.ID == "" })...)
	for _, e := range encounters {
		if visit := intake.Encounter(e, s.Zone()); coding.MayDiagnose(c, visit) {
			visits = append(visits, visit.ID)
		}
	}
	return visits, subjects, err
}
