package billing

import (
	"cmp"

	"medbill/billing/rules/claim"
	"medbill/billing/rules/scrub"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
)

// prepareClaims makes the claims of a charged visit for the payer whose turn it is, or makes those again that were not
// sent, and checks them: each is ready to go or held for a person.
func prepareClaims(tx *store.Tx, id models.VisitID) error {
	visit, ok, err := tx.Visit(id)
	if err != nil || !ok || visit.State != models.VisitCharged && visit.State != models.VisitBilled {
		return err
	}
	existing, err := tx.ClaimsOfVisit(id)
	if err != nil {
		return err
	}
	for _, c := range existing {
		if c.State.IsSent() {
			return nil
		}
	}
	coverages, err := coveragesOf(&tx.View, visit.PatientID, visit.ServiceDate)
	if err != nil || len(coverages) == 0 {
		return err
	}
	all, err := tx.Charges(id)
	if err != nil {
		return err
	}
	charges := posted(all)
	diagnoses, err := tx.Diagnoses(id)
	if err != nil {
		return err
	}
	built := claim.Build(claim.Input{
		Visit: visit, Charges: charges, Diagnoses: diagnoses, Coverage: coverages[0], Position: 1, Version: 1 + voided(existing),
		NewID: func() models.ClaimID { return models.ClaimID(tx.NewID()) },
	})
	for _, c := range built {
		if err := prepareClaim(tx, c, existing); err != nil {
			return err
		}
	}
	for i := range charges {
		charges[i].Status = models.ChargeBilled
	}
	if err := tx.SaveCharges(charges...); err != nil {
		return err
	}
	visit.State = models.VisitBilled
	return tx.SaveVisit(visit)
}

// voided counts how often the claims of a visit were made and taken back.
func voided(claims []models.Claim) int {
	count := 0
	for _, c := range claims {
		if c.State == models.ClaimVoided && c.Part == 1 {
			count++
		}
	}
	return count
}

// prepareClaim saves a claim, in place of the unsent one for the same part, and checks it.
func prepareClaim(tx *store.Tx, c models.Claim, existing []models.Claim) error {
	c.Number = claim.Number(tx.NewNumber())
	for _, before := range existing {
		if before.State != models.ClaimVoided && before.Position == c.Position && before.Part == c.Part {
			c.ID, c.Number, c.Cause, c.Created = before.ID, before.Number, before.Cause, before.Created
		}
	}
	c.State = models.ClaimDraft
	_, err := checkClaim(tx, c)
	return err
}

// checkClaim scrubs an unsent claim, saves it with its findings and moves it to ready or held.
func checkClaim(tx *store.Tx, c models.Claim) (models.Claim, error) {
	findings, err := findingsOf(tx, c)
	if err != nil {
		return c, err
	}
	event := claim.ScrubbedClean
	if scrub.Holds(findings) {
		event = claim.FoundErrors
	}
	if c.State, err = claim.Next(models.ClaimDraft, event); err != nil {
		return c, err
	}
	if err := tx.SaveClaim(c); err != nil {
		return c, err
	}
	if err := tx.SaveFindings(c.ID, findings); err != nil {
		return c, err
	}
	subject := "Claim/" + string(c.ID)
	if event == claim.FoundErrors {
		return c, tx.OpenWork(models.WorkClaim, subject, c.PatientID, "Findings hold the claim; correct what they name.")
	}
	if err := tx.CloseWork(models.WorkClaim, subject, models.WorkCompleted); err != nil {
		return c, err
	}
	s, _, err := settings(&tx.View)
	if err != nil || !s.AutoSubmit {
		return c, err
	}
	return c, tx.Enqueue(models.JobSubmit, string(c.ID))
}

// findingsOf reads what a claim names and lets the rules look at it.
func findingsOf(tx *store.Tx, c models.Claim) ([]models.Finding, error) {
	_, zone, err := settings(&tx.View)
	if err != nil {
		return nil, err
	}
	subject := scrub.Subject{Claim: c, Today: today(tx, zone)}
	patient, err := document(&tx.View, "Patient", string(c.PatientID))
	if err != nil {
		return nil, err
	}
	if patient != nil {
		subject.Patient = intake.Patient(patient)
	}
	coverage, err := document(&tx.View, "Coverage", string(c.CoverageID))
	if err != nil {
		return nil, err
	}
	if coverage != nil {
		subject.Coverage = intake.Coverage(coverage)
	}
	if subject.Insurer, err = party(&tx.View, "Organization", string(c.InsurerID)); err != nil {
		return nil, err
	}
	if subject.Billing, err = party(&tx.View, "Organization", string(c.BillingID)); err != nil {
		return nil, err
	}
	if subject.Rendering, err = party(&tx.View, "Practitioner", string(c.RenderingID)); err != nil {
		return nil, err
	}
	others, err := tx.LiveClaims(c.PatientID, c.ServiceFrom, cmp.Or(c.ServiceUntil, c.ServiceFrom))
	if err != nil {
		return nil, err
	}
	for _, other := range others {
		if other.ID != c.ID {
			subject.Others = append(subject.Others, other)
		}
	}
	return scrub.Run(subject), nil
}

const voidEvent = claim.Void

// moveClaim changes a claim's state by an event of its lifecycle.
func moveClaim(tx *store.Tx, c models.Claim, event claim.Event) error {
	next, err := claim.Next(c.State, event)
	if err != nil {
		return err
	}
	return tx.MoveClaim(c, next)
}

// afterCoverage checks the held claims of a patient again: a coverage came or changed.
func afterCoverage(tx *store.Tx, a records.Arrival, _ bool) error {
	if a.Document == nil {
		return nil
	}
	return recheckHeld(tx, "patient_id", string(intake.Coverage(a.Document).PatientID))
}

// afterParty checks the held claims again that name somebody whose record changed. A new record changes nothing: claims
// that name it came later.
func afterParty(tx *store.Tx, a records.Arrival, _ bool) error {
	if a.Document == nil || a.Before.Version == 0 {
		return nil
	}
	switch a.Ref.Type {
	case "Patient":
		return recheckHeld(tx, "patient_id", a.Ref.ID)
	case "Practitioner":
		return recheckHeld(tx, "rendering_id", a.Ref.ID)
	}
	if err := recheckHeld(tx, "insurer_id", a.Ref.ID); err != nil {
		return err
	}
	return recheckHeld(tx, "billing_id", a.Ref.ID)
}

func recheckHeld(tx *store.Tx, column, id string) error {
	visits, err := tx.HeldVisits(column, id)
	if err != nil {
		return err
	}
	for _, visit := range visits {
		if err := tx.Enqueue(models.JobPrepare, string(visit)); err != nil {
			return err
		}
	}
	return nil
}
