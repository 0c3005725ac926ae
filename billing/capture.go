package billing

import (
	"medbill/billing/rules/coding"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
)

// afterEncounter asks for the capture of a visit that may have become billable, or ceased to be.
func afterEncounter(tx *store.Tx, a records.Arrival, _ bool) error {
	if a.Document == nil {
		_, open, err := tx.Visit(models.VisitID(a.Ref.ID))
		if err != nil || !open {
			return err
		}
		return tx.Enqueue(models.JobCapture, a.Ref.ID)
	}
	switch a.Document.Root().Get("status").Text() {
	case "finished":
		return tx.Enqueue(models.JobCapture, a.Ref.ID)
	case "cancelled", "entered-in-error":
		if a.Before.Version > 0 {
			return tx.Enqueue(models.JobCapture, a.Ref.ID)
		}
	}
	return nil
}

// afterClinical asks for the capture again when something arrives for a visit that is open already.
func afterClinical(encounter func(*fhir.Document) models.VisitID) func(*store.Tx, records.Arrival, bool) error {
	return func(tx *store.Tx, a records.Arrival, _ bool) error {
		if a.Document == nil {
			return nil
		}
		id := encounter(a.Document)
		if id == "" {
			return nil
		}
		_, open, err := tx.Visit(id)
		if err != nil || !open {
			return err
		}
		return tx.Enqueue(models.JobCapture, string(id))
	}
}

func encounterOfCondition(d *fhir.Document) models.VisitID { return intake.Condition(d, nil).VisitID }
func encounterOfProcedure(d *fhir.Document) models.VisitID { return intake.Procedure(d, nil).VisitID }

// afterExternalBilling keeps the visits that billing done elsewhere names out of the books; a case that is open already is
// taken back.
func afterExternalBilling(tx *store.Tx, a records.Arrival, external bool) error {
	if a.Document == nil || !external {
		return nil
	}
	ids := intake.ExternalClaimedEncounters(a.Document)
	if err := tx.MarkExternalVisits(ids); err != nil {
		return err
	}
	for _, id := range ids {
		_, open, err := tx.Visit(id)
		if err != nil {
			return err
		}
		if !open {
			continue
		}
		if err := tx.Enqueue(models.JobCapture, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// captureCharges opens the case of a finished Encounter, or brings an open one up to what the EHR says now: usable codes
// are taken over and priced, otherwise a coder is asked. What a person coded, and what was sent, stays as it is.
func captureCharges(tx *store.Tx, id models.VisitID) error {
	c, err := openCase(tx, id)
	if err != nil || !c.billable {
		return err
	}
	if c.ended() {
		return endCase(tx, c)
	}
	sent, err := isSent(tx, id)
	if err != nil || sent {
		return err
	}
	if c.visit.CodedBy == models.CodedByCoder {
		if c.visit.State != models.VisitPricing {
			return nil
		}
		return bookCoding(tx, c, plannedCoding(c), models.CodedByCoder)
	}
	found, err := c.gather(tx)
	if err != nil {
		return err
	}
	if !coding.IsUsable(found) {
		c.visit.State = models.VisitCoding
		if err := tx.SaveVisit(c.visit); err != nil {
			return err
		}
		return tx.OpenWork(models.WorkCode, "Encounter/"+string(id), c.visit.PatientID, "The visit came without usable diagnosis and service codes; choose them.")
	}
	return bookCoding(tx, c, found, models.CodedByEHR)
}

// visitCase is a visit with what was read to judge it.
type visitCase struct {
	encounter models.Encounter
	visit     models.Visit
	settings  models.Settings
	zone      zone
	charges   []models.Charge // of the visit, aborted ones too
	diagnoses []models.Diagnosis
	billable  bool // an Encounter that is ours to bill, or was
	external  bool // billing done elsewhere names it
}

// ended reports whether the Encounter stopped being a visit of ours.
func (c visitCase) ended() bool {
	return c.external || c.encounter.Status != "finished"
}

// openCase reads an Encounter as a case. It is not billable while it is not finished, where billing done elsewhere names
// it, or where it ended before the practice went live.
func openCase(tx *store.Tx, id models.VisitID) (visitCase, error) {
	var c visitCase
	var err error
	if c.settings, c.zone, err = settings(&tx.View); err != nil {
		return c, err
	}
	visit, known, err := tx.Visit(id)
	if err != nil {
		return c, err
	}
	d, err := document(&tx.View, "Encounter", string(id))
	if err != nil {
		return c, err
	}
	if d != nil {
		c.encounter = intake.Encounter(d, c.zone)
	}
	c.visit, c.billable = visit, known
	if c.external, err = tx.IsExternalVisit(id); err != nil {
		return c, err
	}
	if !known {
		if d == nil || c.ended() {
			return c, nil
		}
		if end := lastDay(c.encounter); end != "" && end < c.settings.GoLive {
			return c, nil
		}
		c.billable = true
	}
	if c.charges, err = tx.Charges(id); err != nil {
		return c, err
	}
	if c.diagnoses, err = tx.Diagnoses(id); err != nil {
		return c, err
	}
	return c, c.describe(tx)
}

func lastDay(e models.Encounter) models.Date {
	if e.End != "" {
		return e.End
	}
	return e.Start
}

// describe brings the visit up to what the Encounter says.
func (c *visitCase) describe(tx *store.Tx) error {
	if c.ended() || c.encounter.ID == "" {
		return nil
	}
	e, v := c.encounter, &c.visit
	v.ID, v.PatientID, v.ServiceDate, v.EndDate = e.ID, e.PatientID, e.Start, lastDay(e)
	if v.ServiceDate == "" {
		v.ServiceDate = v.EndDate
	}
	v.RenderingID = e.RenderingID
	v.BillingID = e.PracticeID
	if v.BillingID == "" {
		v.BillingID = c.settings.PracticeID
	}
	location, err := document(&tx.View, "Location", e.LocationID)
	if err != nil {
		return err
	}
	v.PlaceOfService = intake.PlaceOfService(location, e.Class)
	if v.State == "" {
		v.State = models.VisitCoding
	}
	return nil
}

// gather reads what the EHR says about the visit. Real systems rarely fill Encounter.diagnosis and sometimes leave out
// Condition.encounter, so the patient's Conditions are looked through when nothing else names a diagnosis.
func (c *visitCase) gather(tx *store.Tx) (models.Coding, error) {
	id := models.Ref{Type: "Encounter", ID: string(c.visit.ID)}
	conditions, err := referring(&tx.View, "Condition", "encounter", id)
	if err != nil {
		return models.Coding{}, err
	}
	var named []models.Ref
	for _, d := range c.encounter.DiagnosisRefs {
		if condition, ok := refOf(d.Reference, "Condition"); ok {
			named = append(named, condition)
		}
	}
	more, err := parsed(&tx.View, named)
	if err != nil {
		return models.Coding{}, err
	}
	conditions = append(conditions, more...)
	if len(conditions) == 0 {
		patient := models.Ref{Type: "Patient", ID: string(c.visit.PatientID)}
		if conditions, err = referring(&tx.View, "Condition", "patient", patient); err != nil {
			return models.Coding{}, err
		}
	}
	procedures, err := referring(&tx.View, "Procedure", "encounter", id)
	if err != nil {
		return models.Coding{}, err
	}
	items, err := c.items(tx)
	return coding.Gather(c.encounter, views(conditions, c.zone, intake.Condition), views(procedures, c.zone, intake.Procedure), items), err
}

func views[V any](documents []*fhir.Document, zone zone, view func(*fhir.Document, zone) V) []V {
	seen := make(map[string]bool, len(documents))
	list := make([]V, 0, len(documents))
	for _, d := range documents {
		if !seen[d.ID()] {
			seen[d.ID()] = true
			list = append(list, view(d, zone))
		}
	}
	return list
}

// items gives the ChargeItems an EHR sent for the visit, as it sent them: what the books made of one, under its id or
// another, does not change what the EHR says.
func (c *visitCase) items(tx *store.Tx) ([]models.ChargeItem, error) {
	var items []models.ChargeItem
	for _, charge := range c.charges {
		if !isSentItem(charge) {
			continue
		}
		sent, err := tx.Sent(models.Ref{Type: "ChargeItem", ID: string(charge.ID)})
		if err != nil {
			return nil, err
		}
		d, err := fhir.Parse(sent)
		if err != nil {
			return nil, err
		}
		item := intake.ChargeItem(d, c.zone)
		item.ID = charge.ID
		items = append(items, item)
	}
	return items, nil
}
