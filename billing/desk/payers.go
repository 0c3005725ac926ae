package desk

import (
	"slices"
	"time"

	"medbill/billing/rules/coverage"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Zone is where days are taken.
type Zone = *time.Location

// Payers says who pays for a patient, day by day. Patient is the patient's record, nil where there is none, and Records are the
// patient and the records that were merged into the patient's.
type Payers struct {
	Patient   *fhir.Document
	Records   []models.PatientID
	coverages []models.Coverage
}

type payersRead map[models.PatientID]Payers

// Payers reads a patient's coverages, once in a transaction: those of the records that were merged into the patient's, too.
func (s *Sheet) Payers(patient models.PatientID) (Payers, error) {
	known := store.Local[payersRead](s.View)
	if *known == nil {
		*known = payersRead{}
	}
	if p, read := (*known)[patient]; read {
		return p, nil
	}
	who, err := s.person(patient, covers)
	if err != nil {
		return Payers{}, err
	}
	p := Payers{Patient: who.record, Records: who.ids}
	for _, d := range who.about {
		p.coverages = append(p.coverages, intake.Coverage(d, s.Zone()))
	}
	if len(p.coverages) > 0 {
		if err := s.Said(p.coverages, who.ids...); err != nil {
			return Payers{}, err
		}
	}
	(*known)[patient] = p
	return p, nil
}

// Said gives coverages of patients with what their payers said of them.
func (s *Sheet) Said(coverages []models.Coverage, patients ...models.PatientID) error {
	for _, id := range patients {
		checks, err := books.LatestChecks(s.View, id)
		if err != nil {
			return err
		}
		for _, check := range checks {
			for i := range coverages {
				if coverages[i].ID == check.CoverageID {
					coverages[i].Checks = append(coverages[i].Checks, check)
				}
			}
		}
	}
	return nil
}

// OfPatient gives the documents of a type that refer by a search parameter to a patient, or to a record that was merged into the
// patient's.
func (s *Sheet) OfPatient(typ, param string, patient models.PatientID) ([]*fhir.Document, error) {
	who, err := s.person(patient, documents.Reverse{Type: typ, Param: param})
	return who.about, err
}

// Merged gives a patient and the records that it replaced, and those that they had replaced.
func (s *Sheet) Merged(patient models.PatientID) ([]models.PatientID, error) {
	who, err := s.person(patient)
	return who.ids, err
}

// covers asks for the coverages of a patient, and replaced for the patient's record and those that it replaced: R4 has both in the
// patient's compartment.
var (
	covers   = documents.Reverse{Type: "Coverage", Param: "beneficiary"}
	replaced = documents.Reverse{Type: "Patient", Param: search.CompartmentParam}
)

// AboutPayers gives the questions that Payers asks of a patient, for whoever asks others in the same statement.
func AboutPayers(patient models.PatientID) []documents.Reverse {
	return ofPatient(patient, replaced, covers)
}

func ofPatient(patient models.PatientID, questions ...documents.Reverse) []documents.Reverse {
	for i := range questions {
		questions[i].Target = models.Ref{Type: "Patient", ID: string(patient)}
	}
	return questions
}

// person is a patient with the records that he has or had.
type person struct {
	record *fhir.Document // the patient's own; nil where there is none
	ids    []models.PatientID
	about  []*fhir.Document // what was asked about any of them
}

// person gives a patient with the documents that refer to any of the patient's records by the questions about them.
func (s *Sheet) person(patient models.PatientID, about ...documents.Reverse) (person, error) {
	who := person{ids: []models.PatientID{patient}}
	for at := 0; at < len(who.ids); at++ {
		found, err := s.ReferringAny(ofPatient(who.ids[at], append([]documents.Reverse{replaced}, about...)...)...)
		if err != nil {
			return person{}, err
		}
		for _, q := range about {
			who.about = append(who.about, found[q.Type]...)
		}
		for _, d := range found["Patient"] {
			id := models.PatientID(d.ID())
			if id == patient {
				who.record = d
			}
			if intake.ReplacedBy(d) == who.ids[at] && !slices.Contains(who.ids, id) {
				who.ids = append(who.ids, id)
			}
		}
	}
	return who, nil
}

// CasesOf gives the cases of patients under all the records that each of them has or had, and the subjects of the locks on which
// whoever plans one of them is met.
func (s *Sheet) CasesOf(patients ...models.PatientID) (_ []models.Case, subjects []string, _ error) {
	var all []models.PatientID
	for _, id := range patients {
		survivor, err := s.Survivor(id)
		if err != nil {
			return nil, nil, err
		}
		same, err := s.Merged(survivor)
		if err != nil {
			return nil, nil, err
		}
		all = append(append(all, id), same...)
	}
	all = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(all))), func(id models.PatientID) bool { return id == "" })
	for _, id := range all {
		subjects = append(subjects, models.Ref{Type: "Patient", ID: string(id)}.String())
	}
	cases, err := books.CasesOfPatients(s.View, all)
	return cases, subjects, err
}

// Order gives who pays on a day, first payer first; nobody where that is not clear.
func (p Payers) Order(day models.Date) []models.Coverage {
	return coverage.Decide(p.coverages, day).Order
}

// With gives the plans of a payer that are in force on a day.
func (p Payers) With(payer models.OrganizationID, day models.Date) []models.Coverage {
	return slices.DeleteFunc(coverage.Order(p.coverages, day), func(c models.Coverage) bool { return c.PayerID != payer })
}

// Named gives a plan that is in force on a day and names its payer; false where it is none of the patient's.
func (p Payers) Named(id models.CoverageID, day models.Date) (models.Coverage, bool) {
	inForce := coverage.Order(p.coverages, day)
	at := slices.IndexFunc(inForce, func(c models.Coverage) bool { return c.ID == id && c.PayerID != "" })
	if at < 0 {
		return models.Coverage{}, false
	}
	return inForce[at], true
}

// First gives the payer who is asked first on a day; "" where the patient is.
func (p Payers) First(day models.Date) models.OrganizationID {
	if order := p.Order(day); len(order) > 0 {
		return order[0].PayerID
	}
	return ""
}

// Unclear gives what is unclear about who pays on one of the days, "" where everything is clear. A plan that covers only some of
// the days leaves the others unclear.
func (p Payers) Unclear(days []models.Date) string {
	for _, day := range days {
		if d := coverage.Decide(p.coverages, day); d.Unclear != "" {
			return d.Unclear
		}
	}
	return ""
}

// IsNobody reports whether no coverage is on file for any of the days.
func (p Payers) IsNobody(days []models.Date) bool {
	return !slices.ContainsFunc(days, func(day models.Date) bool { return !coverage.Decide(p.coverages, day).None })
}

// Asked gives who is asked first on the days, by coverage.
func (p Payers) Asked(days []models.Date) map[models.CoverageID]models.OrganizationID {
	asked := map[models.CoverageID]models.OrganizationID{}
	for _, day := range days {
		if order := p.Order(day); len(order) > 0 {
			asked[order[0].ID] = order[0].PayerID
		}
	}
	return asked
}
