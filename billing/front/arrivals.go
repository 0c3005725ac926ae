// Package front is the front desk: it sees to it that what is registered about patients, plans and providers reaches the cases
// that it bears on.
package front

import (
	"slices"

	"medbill/billing/desk"
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

// ofPatients replans the cases of patients, of those that they were merged into, and of every record that was merged into those: a
// front end's draft stays under the record that it names.
func ofPatients(s *desk.Sheet, ids ...models.PatientID) error {
	var all []models.PatientID
	var subjects []string
	for _, id := range ids {
		survivor, err := s.Survivor(id)
		if err != nil {
			return err
		}
		merged, err := s.Merged(survivor)
		if err != nil {
			return err
		}
		for _, one := range append(merged, id, survivor) {
			if one != "" && !slices.Contains(all, one) {
				all, subjects = append(all, one), append(subjects, models.Ref{Type: "Patient", ID: string(one)}.String())
			}
		}
	}
	cases, err := books.CasesOfPatients(s.View, all)
	if err != nil {
		return err
	}
	return Replan(s, cases, subjects...)
}

// AfterCoverage replans the cases of whom a coverage covers, or covered before.
func AfterCoverage(tx *store.Tx, a records.Arrival, _ bool) error {
	s, err := desk.Open(tx)
	if err != nil {
		return err
	}
	versions, err := s.Versions(a)
	if err != nil {
		return err
	}
	var patients []models.PatientID
	for _, d := range versions {
		patients = append(patients, intake.Coverage(d, s.Zone).PatientID)
	}
	return ofPatients(s, patients...)
}

// AfterPatient replans the cases of a patient whose record changed, and of those that it is or was merged into. A new record
// changes nothing, unless it says that it was merged.
func AfterPatient(tx *store.Tx, a records.Arrival, _ bool) error {
	s, err := desk.Open(tx)
	if err != nil {
		return err
	}
	versions, err := s.Versions(a)
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
func AfterParty(tx *store.Tx, a records.Arrival, _ bool) error {
	s, err := desk.Open(tx)
	if err != nil {
		return err
	}
	cases, err := books.UnsentCasesNaming(s.View, a.Ref)
	if err != nil {
		return err
	}
	return Replan(s, cases)
}

// AfterRole replans the cases of visits and services that name a role.
func AfterRole(tx *store.Tx, a records.Arrival, _ bool) error {
	s, err := desk.Open(tx)
	if err != nil {
		return err
	}
	var visits []models.VisitID
	refs, err := documents.Referrers(tx.View, "Encounter", "participant", a.Ref.Type, []string{a.Ref.ID}, casesMax)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		visits = append(visits, models.VisitID(ref.ID))
	}
	procedures, err := s.Referring("Procedure", "performer", a.Ref)
	if err != nil {
		return err
	}
	for _, d := range procedures {
		visits = append(visits, intake.Procedure(d, s.Zone).VisitID)
	}
	items, err := s.Referring("ChargeItem", "performer-actor", a.Ref)
	if err != nil {
		return err
	}
	for _, d := range items {
		visits = append(visits, intake.ChargeItem(d, s.Zone).VisitID)
	}
	cases, err := books.CasesOfVisits(s.View, visits)
	if err != nil {
		return err
	}
	return Replan(s, cases)
}

// AfterLocation replans the cases that took place at a Location or in a part of it.
func AfterLocation(tx *store.Tx, a records.Arrival, _ bool) error {
	s, err := desk.Open(tx)
	if err != nil {
		return err
	}
	all := []string{a.Ref.ID}
	for parents := all; len(parents) > 0 && len(all) < casesMax; {
		refs, err := documents.Referrers(tx.View, "Location", "partof", "Location", parents, casesMax)
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
	cases, err := books.OpenCasesAt(s.View, all)
	if err != nil {
		return err
	}
	return Replan(s, cases)
}

// casesMax bounds what one change makes due; a sweep asks again for the rest.
const casesMax = 2000
