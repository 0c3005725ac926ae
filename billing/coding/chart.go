package coding

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/casework"
	"medbill/billing/rules/charge"
	"medbill/billing/rules/coding"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
)

// chart is a case with everything that was read to judge it.
type chart struct {
	kase      models.Case // brought up to what the Encounter says
	asked     models.Case // as it stands in the books
	encounter models.Encounter
	known     bool // the Encounter is here, or was
	external  bool
	strangers bool
	said      map[models.ChargeID]models.ChargeState // what the EHR says of each ChargeItem it sent
	existing  []models.Charge
	diagnoses []models.Diagnosis // in the books
	claims    []models.Claim
	invoices  []models.Invoice
	found     models.Coding // what the EHR says
	problems  []models.Finding
	coded     models.Coding // the coding that counts
	payers    desk.Payers
	charges   []models.Charge // what the coding makes
	unpriced  int
}

// readChart reads what bears on a case.
func readChart(s *desk.Sheet, c models.Case) (*chart, error) {
	h := &chart{kase: c, asked: c, said: map[models.ChargeID]models.ChargeState{}}
	for _, read := range []func(*desk.Sheet) error{h.readBooks, h.readEncounter, h.readCoding, h.readPayers, h.price} {
		if err := read(s); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func (h *chart) readBooks(s *desk.Sheet) (err error) {
	if h.existing, err = books.Charges(s.View, h.kase.ID); err != nil {
		return err
	}
	if h.diagnoses, err = books.Diagnoses(s.View, h.kase.ID); err != nil {
		return err
	}
	if h.claims, err = books.ClaimsOfCase(s.View, h.kase.ID); err != nil {
		return err
	}
	if h.invoices, err = books.InvoicesOfCase(s.View, h.kase.ID); err != nil {
		return err
	}
	return nil
}

// readEncounter brings the case up to what its Encounter says; one that is deleted says nothing.
func (h *chart) readEncounter(s *desk.Sheet) error {
	d, err := s.Document(h.kase.ID.Origin())
	if err != nil {
		return err
	}
	if d == nil {
		_, h.known, err = documents.Get(s.View, h.kase.ID.Origin(), documents.Guard{})
		return err
	}
	h.known = true
	e := intake.Encounter(d, s.Zone)
	patient, err := s.Survivor(e.PatientID)
	if err != nil {
		return err
	}
	h.encounter = e
	h.encounter.PatientID = patient
	c := &h.kase
	c.PatientID, c.ServiceDate, c.EndDate = patient, cmp.Or(e.Start, e.End), cmp.Or(e.End, e.Start)
	c.BillingID = cmp.Or(e.PracticeID, s.Settings.PracticeID)
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

// readCoding gathers what the EHR says the visit was. Real systems rarely fill Encounter.diagnosis and sometimes leave out
// Condition.encounter, so the patient's Conditions are looked through when nothing else names a diagnosis.
func (h *chart) readCoding(s *desk.Sheet) error {
	visit := h.kase.ID.Origin()
	var questions []documents.Reverse
	for _, typ := range []string{"Condition", "Procedure", "Claim", "ExplanationOfBenefit"} {
		questions = append(questions, documents.Reverse{Type: typ, Param: "encounter", Target: visit})
	}
	found, err := s.ReferringAny(questions...)
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
		read[i] = view(d, s.Zone)
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
		if p := &read.Procedures[i]; p.VisitID == visit && p.Code != "" {
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
	coded := models.Coding{Diagnoses: h.diagnoses}
	for _, r := range h.existing {
		if r.Source != "" || r.State == models.ChargeAborted || r.State == models.ChargeMistaken {
			continue
		}
		s := models.Service{System: r.System, Code: r.Code, Modifiers: r.Modifiers, Units: r.Units, Pointers: r.Pointers, ServiceDate: r.ServiceDate, Rendering: r.Rendering}
		if s.Rendering == h.asked.Rendering {
			s.Rendering = models.Performer{}
		}
		coded.Services = append(coded.Services, s)
	}
	return coded
}

func (h *chart) readPayers(s *desk.Sheet) (err error) {
	h.payers, err = s.Payers(h.kase.PatientID)
	return err
}

// price gives each service its price and who is asked for it on its day.
func (h *chart) price(s *desk.Sheet) error {
	prices, err := books.Prices(s.View, codesOf(h.coded))
	if err != nil {
		return err
	}
	for i, service := range h.coded.Services {
		one, ok := charge.Of(h.kase, service, i+1, prices, h.payers.First(service.ServiceDate))
		if !ok {
			h.unpriced++
		}
		h.charges = append(h.charges, one)
	}
	return nil
}

func codesOf(c models.Coding) []string {
	codes := make([]string, len(c.Services))
	for i, s := range c.Services {
		codes[i] = s.Code
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// days gives the days on which somebody has to pay.
func (h *chart) days() []models.Date {
	days := []models.Date{}
	for _, s := range h.coded.Services {
		if !slices.Contains(days, s.ServiceDate) {
			days = append(days, s.ServiceDate)
		}
	}
	if len(days) == 0 {
		days = append(days, h.kase.ServiceDate)
	}
	slices.Sort(days)
	return days
}

// facts puts together what the rules judge.
func (h *chart) facts(s *desk.Sheet) (casework.Facts, error) {
	twins, err := h.twins(s)
	return casework.Facts{
		Case: h.kase, Status: h.encounter.Status, External: h.external, GoLive: s.Settings.GoLive, Duplicate: slices.ContainsFunc(twins, h.follows), Strangers: h.strangers,
		Problems: h.problems, Usable: coding.IsUsable(h.coded), Chart: digest(h.found), Unclear: h.payers.Unclear(h.days()),
		Uncovered: h.payers.IsNobody(h.days()), Unpriced: h.unpriced, Now: s.Now(), Grace: models.Instant(s.Settings.SelfPayHours) * hour,
	}, err
}

const hour = models.Instant(3_600_000_000)

// digest tells one chart from another.
func digest(c models.Coding) string {
	text, err := json.Marshal(c)
	if err != nil {
		panic("coding: " + err.Error()) // a coding is a plain struct
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
