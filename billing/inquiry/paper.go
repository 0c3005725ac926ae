package inquiry

import (
	"cmp"
	"strings"
	"time"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/paper"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// who are the records of people and organizations that a document on paper names. Billing sees the whole tenant: whether the asker may have the
// document is decided before.
type who struct {
	records map[models.Ref]*fhir.Document
	zone    *time.Location
}

// people reads those whom a document on paper names.
func people(v *store.View, refs ...models.Ref) (who, error) {
	w := who{records: map[models.Ref]*fhir.Document{}}
	var err error
	if w.zone, err = documents.Zone(v); err != nil {
		return w, err
	}
	found, err := documents.Of(v, refs, documents.Guard{})
	if err != nil {
		return w, err
	}
	for _, one := range found {
		d, err := fhir.Parse(one.Body)
		if err != nil {
			return w, err
		}
		w.records[models.Ref{Type: one.Type, ID: one.ID}] = d
	}
	return w, nil
}

// contact gives how somebody is written to; where there is no record, by what is known of him.
func (w who) contact(of models.Ref) models.Contact {
	if d := w.records[of]; d != nil {
		return intake.Contact(d)
	}
	return models.Contact{Name: of.ID}
}

// born gives the day of a patient's birth.
func (w who) born(id models.PatientID) models.Date {
	if d := w.records[patientRef(id)]; d != nil {
		return intake.Patient(d, w.zone).BirthDate
	}
	return ""
}

// practice gives who bills.
func (w who) practice(id models.OrganizationID) paper.Practice {
	p := paper.Practice{Contact: w.contact(organizationRef(id))}
	if d := w.records[organizationRef(id)]; d != nil {
		party := intake.Party(d)
		p.NPI, p.TaxID = party.NPI, party.TaxID
	}
	return p
}

// provider gives who did a service.
func (w who) provider(by models.Performer) paper.Provider {
	d := w.records[practitionerRef(by.ID)]
	if d == nil {
		return paper.Provider{NPI: by.NPI}
	}
	return paper.Provider{Name: intake.Contact(d).Name, NPI: cmp.Or(by.NPI, intake.Party(d).NPI)}
}

func patientRef(id models.PatientID) models.Ref { return models.Ref{Type: "Patient", ID: string(id)} }

func organizationRef(id models.OrganizationID) models.Ref {
	return models.Ref{Type: "Organization", ID: string(id)}
}

func practitionerRef(id models.PractitionerID) models.Ref {
	return models.Ref{Type: "Practitioner", ID: string(id)}
}

// serviceText names a service by its code alone: what a code means is often somebody's property.
func serviceText(code, revenue string, modifiers models.Codes) string {
	if code == "" {
		return "Revenue code " + revenue
	}
	return strings.Join(append([]string{code}, modifiers...), "-")
}
