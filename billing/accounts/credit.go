package accounts

import (
	"fmt"

	"medbill/billing/desk"
	"medbill/internal/store/books"
	"medbill/models"
)

// askAboutCredit has the front desk give back, or use, what a patient paid beyond all that is due, as long as there is something.
func askAboutCredit(s *desk.Sheet, patient models.PatientID) error {
	d, err := duesOf(s, patient)
	if err != nil {
		return err
	}
	free, err := d.free(s)
	if err != nil {
		return err
	}
	item := models.WorkItem{Kind: models.WorkCredit, Subject: patientOf(patient), PatientID: patient}
	if item.Amount = free; free == 0 || d.sum() > 0 {
		return s.Item(false, item)
	}
	item.Reason = fmt.Sprintf("The patient paid %s beyond what is due; give it back, or leave it for what comes.", free)
	standing, err := standingWriteOffs(s, patient)
	if err != nil {
		return err
	}
	if len(standing) > 0 {
		var sum models.Cents
		for _, w := range standing {
			sum += w.Amount
		}
		item.Reason = fmt.Sprintf("The patient paid %s beyond what is due, and %s of bills were written off: revert that, and the payment pays it, or give the money back.", free, sum)
	}
	return s.Item(true, item)
}

// free gives what of a patient's credits waits for no visit.
func (d dues) free(s *desk.Sheet) (free models.Cents, err error) {
	credits, err := d.earmarks(s, "")
	for _, c := range credits {
		if !c.Waits {
			free += c.Amount
		}
	}
	return free, err
}

// standingWriteOffs gives the write-offs of a patient of which something stands, oldest first.
func standingWriteOffs(s *desk.Sheet, patient models.PatientID) ([]models.WriteOff, error) {
	all, err := books.WriteOffsOfPatients(s.View, patient)
	var standing []models.WriteOff
	for _, w := range all {
		if w.Amount > 0 {
			standing = append(standing, w)
		}
	}
	return standing, err
}

// standingPayment gives a payment that is in the books, under the lock of its patient. It refuses one that is not there (Conflict) or was taken back (Conflict).
func standingPayment(s *desk.Sheet, id models.PaymentID) (models.Payment, error) {
	p, err := lockedPayment(s, id)
	if err == nil && p.State != models.PaymentSucceeded {
		err = notStanding(p)
	}
	return p, err
}

// lockedPayment gives a payment however it stands, under the lock of its patient. It refuses one that is not there (Conflict).
func lockedPayment(s *desk.Sheet, id models.PaymentID) (models.Payment, error) {
	p, err := StandingNotice(id)(s)
	if err != nil {
		return p, err
	}
	if err := books.Lock(s.Tx, patientOf(p.PatientID).String()); err != nil {
		return p, err
	}
	return StandingNotice(id)(s)
}
