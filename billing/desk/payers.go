package desk

import (
	"slices"
	"time"

	"medbill/billing/rules/coverage"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Zone is where days are taken.
type Zone = *time.Location

// Payers says who pays for a patient, day by day.
type Payers struct{ coverages []models.Coverage }

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
	list, err := s.OfPatient("Coverage", "beneficiary", patient)
	if err != nil {
		return Payers{}, err
	}
	var p Payers
	for _, d := range list {
		p.coverages = append(p.coverages, intake.Coverage(d, s.Zone))
	}
	(*known)[patient] = p
	return p, nil
}

// OfPatient gives the documents of a type that refer to a patient by a search parameter, or to a record that was merged into the
// patient's.
func (s *Sheet) OfPatient(typ, param string, patient models.PatientID) ([]*fhir.Document, error) {
	of := func(id string) documents.Reverse {
		return documents.Reverse{Type: typ, Param: param, Target: models.Ref{Type: "Patient", ID: id}}
	}
	links := of(string(patient))
	links.Type, links.Param = "Patient", "link"
	found, err := s.ReferringAny(of(string(patient)), links)
	if err != nil {
		return nil, err
	}
	list := found[typ]
	for _, d := range found["Patient"] {
		if intake.ReplacedBy(d) != patient {
			continue
		}
		merged, err := s.ReferringAny(of(d.ID()))
		if err != nil {
			return nil, err
		}
		list = append(list, merged[typ]...)
	}
	return list, nil
}

// Order gives who pays on a day, first payer first; nobody where that is not clear.
func (p Payers) Order(day models.Date) []models.Coverage {
	return coverage.Decide(p.coverages, day).Order
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
