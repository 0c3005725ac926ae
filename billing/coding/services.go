package coding

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/coding"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
)

// readCoding gathers what the EHR says the visit was. Real systems rarely fill Encounter.diagnosis and sometimes leave out
// Condition.encounter, so the patient's Conditions are looked through when nothing else names a diagnosis.
func (h *chart) readCoding(s *desk.Sheet) error {
	visit := h.kase.ID.Origin()
	asked := []documents.Reverse{
		{Type: "Condition", Param: "encounter", Target: visit}, {Type: "Procedure", Param: "encounter", Target: visit},
		{Type: "Claim", Param: "encounter", Target: visit, External: true}, {Type: "ExplanationOfBenefit", Param: "encounter", Target: visit, External: true},
	}
	found, err := s.ReferringAny(append(asked, desk.AboutPayers(h.encounter.PatientID)...)...) // who pays is asked next
	if err != nil {
		return err
	}
	h.external = slices.ContainsFunc(slices.Concat(found["Claim"], found["ExplanationOfBenefit"]), intake.BillsElsewhere)
	conditions, procedures := found["Condition"], found["Procedure"]
	read := coding.Chart{Encounter: h.encounter, Procedures: views(procedures, s, intake.Procedure)}
	if read.Items, err = h.items(s); err != nil {
		return err
	}
	named, err := s.Documents(missing(coding.Named(read), conditions)...)
	if err != nil {
		return err
	}
	for _, d := range named {
		if d.Type() == "PractitionerRole" {
			read.Roles = append(read.Roles, intake.PractitionerRole(d))
		} else {
			conditions = append(conditions, d)
		}
	}
	if len(conditions) == 0 && h.encounter.PatientID != "" {
		if conditions, err = s.OfPatient("Condition", "patient", h.encounter.PatientID); err != nil {
			return err
		}
	}
	read.Conditions = views(conditions, s, intake.Condition)
	if err := settlePatients(s, &read); err != nil {
		return err
	}
	if read.Elsewhere, err = books.BilledElsewhere(s.View, h.kase.ID, sourcesOf(procedures)); err != nil {
		return err
	}
	h.kase.Rendering = coding.Rendering(read.Encounter.Participants, read.Roles)
	h.found, h.problems = coding.Gather(read)
	h.house = coding.HouseOf(read)
	h.strangers = coding.HasStranger(h.problems)
	days := coding.Days(read)
	h.kase.ServiceDate, h.kase.EndDate = days.From, cmp.Or(days.Until, days.From)
	h.coded = h.found
	if h.kase.CodedBy == models.CodedByCoder {
		h.coded, h.problems = h.ofCoder(), nil
	}
	return nil
}

// missing gives those of refs that are not read yet.
func missing(refs []models.Ref, read []*fhir.Document) []models.Ref {
	return slices.DeleteFunc(refs, func(ref models.Ref) bool {
		return slices.ContainsFunc(read, func(d *fhir.Document) bool { return d.ID() == ref.ID && d.Type() == ref.Type })
	})
}

func sourcesOf(procedures []*fhir.Document) []string {
	sources := make([]string, len(procedures))
	for i, d := range procedures {
		sources[i] = models.Ref{Type: "Procedure", ID: d.ID()}.String()
	}
	return sources
}

func views[V any](list []*fhir.Document, s *desk.Sheet, view func(*fhir.Document, desk.Zone) V) []V {
	read := make([]V, len(list))
	for i, d := range list {
		read[i] = view(d, s.Zone())
	}
	return read
}

// items gives the ChargeItems an EHR sent for the visit, as it sent them: what the books made of one does not change what the
// EHR says.
func (h *chart) items(s *desk.Sheet) ([]models.ChargeItem, error) {
	var ids []string
	for _, c := range h.existing {
		if c.IsSent() {
			ids = append(ids, string(c.ID))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	sent, err := documents.SentOf(s.View, "ChargeItem", ids)
	if err != nil {
		return nil, err
	}
	parsed := make([]*fhir.Document, 0, len(ids))
	for _, id := range ids {
		d, err := fhir.Parse(sent[id])
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, d)
	}
	if parsed, err = s.Resolve(parsed...); err != nil {
		return nil, err
	}
	items := views(parsed, s, intake.ChargeItem)
	for i := range items {
		items[i].ID = models.ChargeID(ids[i])
		h.said[items[i].ID] = stateOf(items[i].Status)
	}
	return items, nil
}

// settlePatients lets a record that was merged count as the one that stands for it.
func settlePatients(s *desk.Sheet, read *coding.Chart) error {
	known := map[models.PatientID]models.PatientID{}
	settle := func(id *models.PatientID) error {
		if *id == read.Encounter.PatientID {
			return nil
		}
		survivor, seen := known[*id]
		if !seen {
			var err error
			if survivor, err = s.Survivor(*id); err != nil {
				return err
			}
			known[*id] = survivor
		}
		*id = survivor
		return nil
	}
	visit := read.Encounter.ID
	for i := range read.Procedures {
		if p := &read.Procedures[i]; p.VisitID == visit && (p.Code != "" || p.Hospital != "") {
			if err := settle(&p.PatientID); err != nil {
				return err
			}
		}
	}
	for i := range read.Conditions {
		if c := &read.Conditions[i]; c.Code != "" {
			if err := settle(&c.PatientID); err != nil {
				return err
			}
		}
	}
	for i := range read.Items {
		if err := settle(&read.Items[i].PatientID); err != nil {
			return err
		}
	}
	return nil
}

// ofCoder gives back what a coder chose: it stands in the rows that came from nothing an EHR sent. Who did the visit then is
// whom nobody chose.
func (h *chart) ofCoder() models.Coding {
	coded := models.Coding{Diagnoses: h.diagnoses, Stay: h.asked.Stay}
	for _, r := range h.existing {
		if r.Source != "" || r.State == models.ChargeAborted || r.State == models.ChargeMistaken || r.State == models.ChargeLeaving {
			continue
		}
		s := r.Service()
		if s.Rendering == h.asked.Rendering {
			s.Rendering = models.Performer{}
		}
		coded.Services = append(coded.Services, s)
	}
	return coded
}
