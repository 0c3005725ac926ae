// Package front is the front desk: it sees to it that what is registered about patients, plans and providers reaches the cases
// that it bears on.
package front

import (
	"slices"

	"medbill/billing/desk"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Replan asks for a plan of the cases, under their locks and those of subjects: who plans one of them at the same time either
// sees what arrived or starts again.
func Replan(s *desk.Sheet, cases []models.Case, subjects ...string) error {
	for _, c := range cases {
		subjects = append(subjects, string(c.ID))
	}
	if err := books.Lock(s.Tx, subjects...); err != nil {
		return err
	}
	for _, c := range cases {
		if c.State != models.CaseNotOurs {
			if err := s.Due(c, models.StepPlan); err != nil {
				return err
			}
		}
	}
	return nil
}

// ofPatients replans the cases of patients. One who came in this transaction has none but those that it plans.
func ofPatients(s *desk.Sheet, ids ...models.PatientID) error {
	if ids = known(s, ids); len(ids) == 0 {
		return nil
	}
	cases, subjects, err := s.CasesOf(ids...)
	if err != nil {
		return err
	}
	return Replan(s, cases, subjects...)
}

// known gives those of patients who did not come in this transaction.
func known(s *desk.Sheet, ids []models.PatientID) []models.PatientID {
	return slices.DeleteFunc(slices.Clone(ids), func(id models.PatientID) bool { return s.Made(string(id)) })
}

// AfterCoverage replans the cases of whom a coverage covers, or covered before, and sees to it that who has no plan on file gets good faith estimates, and nobody else.
func AfterCoverage(tx *store.Tx, a records.Arrival) error {
	s, versions, err := desk.Compare(tx, a)
	if err != nil {
		return err
	}
	var patients []models.PatientID
	for _, d := range versions {
		patients = append(patients, intake.Coverage(d, s.Zone()).PatientID)
	}
	if err := ofPatients(s, patients...); err != nil {
		return err
	}
	if a.Document == nil || intake.Coverage(versions[0], s.Zone()).Mistaken {
		return uncovered(s, patients...)
	}
	return covered(s, known(s, patients)...)
}

// AfterPatient replans the cases of a patient whose record changed, and of those that it is or was merged into. A new record
// changes nothing, unless it says that it was merged.
func AfterPatient(tx *store.Tx, a records.Arrival) error {
	s, versions, err := desk.Compare(tx, a)
	if err != nil {
		return err
	}
	patients := []models.PatientID{models.PatientID(a.Ref.ID)}
	for _, d := range versions {
		if survivor := intake.ReplacedBy(d); survivor != "" {
			patients = append(patients, survivor)
		}
	}
	return ofPatients(s, patients...)
}

// AfterParty replans the cases whose claims name somebody whose record came or changed, and those that wait for it to be known
// who pays.
func AfterParty(tx *store.Tx, a records.Arrival) error {
	s := desk.Open(tx)
	cases, err := books.UnsentCasesNaming(s.View, a.Ref)
	if err != nil {
		return err
	}
	return Replan(s, cases)
}

// AfterRole replans the cases of visits and services that name a role, where it says another thing of its provider than before.
func AfterRole(tx *store.Tx, a records.Arrival) error {
	s, versions, err := desk.Compare(tx, a)
	if err != nil || sayTheSame(versions, intake.PractitionerRole) {
		return err
	}
	return ofVisitsNaming(s, a.Ref.Type, a.Ref.ID)
}

// AfterLocation replans the cases that took place at a Location or in a part of it, where it says another place than before.
func AfterLocation(tx *store.Tx, a records.Arrival) error {
	s, versions, err := desk.Compare(tx, a)
	if err != nil || sayTheSame(versions, intake.Location) {
		return err
	}
	all := []string{a.Ref.ID}
	for parents := all; len(parents) > 0; {
		refs, err := documents.Referrers(tx.View, "Location", "partof", "Location", parents, locationsMax)
		if err != nil {
			return err
		}
		parents = nil
		for _, ref := range refs {
			if !slices.Contains(all, ref.ID) {
				all, parents = append(all, ref.ID), append(parents, ref.ID)
			}
		}
	}
	return ofVisitsNaming(s, a.Ref.Type, all...)
}

// locationsMax bounds the places that are part of one.
const locationsMax = 10_000

// sayTheSame reports whether a record that stood before says the same to billing still.
func sayTheSame[V comparable](versions []*fhir.Document, view func(*fhir.Document) V) bool {
	return len(versions) == 2 && view(versions[0]) == view(versions[1])
}

// ofVisitsNaming replans the cases of visits of which a document names one of these records, some at a time: a practice may have
// done most of its visits in one place.
func ofVisitsNaming(s *desk.Sheet, typ string, ids ...string) error {
	visits, err := documents.VisitsNaming(s.View, typ, ids)
	if err != nil {
		return err
	}
	return ofVisits(s, visits)
}

func ofVisits(s *desk.Sheet, visits []models.VisitID) error {
	for some := range slices.Chunk(visits, visitsAtOnce) {
		cases, err := books.CasesOfVisits(s.View, some)
		if err != nil {
			return err
		}
		if err := Replan(s, cases); err != nil {
			return err
		}
	}
	return nil
}

const visitsAtOnce = 1000
