package accounts

import (
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/estimate"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/models"
)

// estimated reads the good faith estimate that counts for a visit which the patient pays alone; the zero one where there is none.
func (b bill) estimated(s *desk.Sheet) (models.GoodFaithEstimate, error) {
	none, visit := models.GoodFaithEstimate{}, b.kase.ID.Visit()
	if visit == "" || slices.ContainsFunc(b.claims, func(c models.Claim) bool { return c.State.IsLive() }) {
		return none, nil
	}
	patients, err := s.Merged(b.kase.PatientID)
	if err != nil {
		return none, err
	}
	made, err := books.EstimatesOfPatients(s.View, patients)
	if err != nil || len(made) == 0 {
		return none, err
	}
	of := estimate.Visit{CaseID: b.kase.ID, PracticeID: b.kase.BillingID, Day: b.kase.ServiceDate}
	d, err := s.Document(models.Ref{Type: models.OriginVisit, ID: string(visit)})
	if err != nil {
		return none, err
	}
	if d != nil {
		of.Appointments = intake.AppointmentsOf(d)
	}
	one, _ := estimate.OfVisit(made, of)
	return one, nil
}

// askedBefore gives what a good faith estimate asks a patient to pay before the appointment that a payment is for, and nobody paid yet.
func askedBefore(s *desk.Sheet, p models.Payment) (models.Cents, error) {
	purpose := p.Purpose()
	if purpose.Type != appointmentType {
		return 0, nil
	}
	made, err := books.EstimatesOfPatients(s.View, []models.PatientID{p.PatientID})
	if err != nil {
		return 0, err
	}
	asked := models.Cents(0)
	for _, e := range made {
		if e.AppointmentID == purpose.ID && e.CaseID == "" {
			asked = e.Prepayment // the last one counts
		}
	}
	if asked == 0 {
		return 0, nil
	}
	paid, err := books.PaymentsOfPatients(s.View, p.PatientID)
	for _, other := range paid {
		if other.Purpose() == purpose && other.State == models.PaymentSucceeded {
			asked -= other.Amount - other.Refunded
		}
	}
	return max(0, asked), err
}

// excess gives the work of who decides whether the patient is asked by an invoice for so much more than a good faith estimate said that the bill can be disputed.
func (b bill) excess(next models.Invoice) []models.WorkItem {
	billed := next.Net + b.asked()
	if b.estimate.ID == "" || !estimate.IsExcess(b.estimate.Total, billed) {
		return nil
	}
	return []models.WorkItem{{
		Kind: models.WorkOverEstimate, Subject: models.Ref{Type: models.OriginVisit, ID: string(b.kase.ID.Visit())}, PatientID: b.kase.PatientID,
		Reason: fmt.Sprintf("The visit is billed at %s, and the good faith estimate said %s: 400.00 or more above it the patient may dispute the bill. Correct the charges, or release the invoice with the reason.", billed, b.estimate.Total),
		Cause:  fmt.Sprintf("%s %d", b.estimate.ID, billed),
	}}
}

// asked gives what the patient was asked for before.
func (b bill) asked() (sum models.Cents) {
	for _, i := range b.invoices {
		if i.Status != models.InvoiceCancelled {
			sum += i.Net
		}
	}
	return sum
}

// count keeps that an estimate was made for the visit that was billed.
func (b bill) count(s *desk.Sheet) error {
	if b.estimate.ID == "" || b.estimate.CaseID == b.kase.ID {
		return nil
	}
	b.estimate.CaseID = b.kase.ID
	return books.SaveEstimate(s.Tx, b.estimate)
}
