package billing_test

import (
	"context"
	"fmt"
	"slices"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// collect is a patient who pays without a bill: for the visit, or on account.
func (w *world) collect() bool {
	w.t.Helper()
	s := w.any(func(*stay) bool { return true })
	if s == nil {
		return false
	}
	r := billing.CollectRequest{PatientID: models.PatientID(s.id), For: some(w, models.Ref{}, models.Ref{Type: "Encounter", ID: s.named("visit")}), Amount: some(w, models.Cents(500), 2000, 7400), Method: some(w, models.PaymentCash, models.PaymentCheck, models.PaymentACH)}
	key := w.name("collect")
	if r.Method == models.PaymentACH {
		r.Reference = key
	}
	_, err := w.office.Collect(context.Background(), w.admin(), billing.Call{Key: key}, r)
	w.touchesPatient(r.PatientID)
	if !w.accepted(fmt.Sprintf("%s of %s for %q", r.Amount, r.PatientID, r.For), err) {
		return false
	}
	w.taken += r.Amount
	return true
}

// payment gives a payment that stands.
func (w *world) payment() (found models.Payment) {
	w.t.Helper()
	w.any(func(s *stay) bool {
		w.view(func(v *store.View) error {
			list, err := books.PaymentsOfPatients(v, models.PatientID(s.id))
			list = slices.DeleteFunc(list, func(p models.Payment) bool { return p.State != models.PaymentSucceeded })
			if len(list) > 0 {
				found = some(w, list...)
			}
			return err
		})
		return found.ID != ""
	})
	return found
}

// answerFor has a patient, one with credit where there is one, be asked for what another one will owe, for whom nobody answered and who answers for nobody who answers for that one.
func (w *world) answerFor() bool {
	w.t.Helper()
	rich := map[string]bool{}
	w.view(func(v *store.View) error {
		ids, err := store.Column[string](v, "SELECT patient_id FROM payments WHERE tenant_id = ? AND unapplied > 0", w.tenant)
		for _, id := range ids {
			rich[id] = true
		}
		return err
	})
	who := w.any(func(s *stay) bool { return rich[s.id] || len(rich) == 0 })
	ward := w.any(func(s *stay) bool { return w.guarantors[s.id] == "" && len(s.now.invoices) == 0 })
	if who == nil || ward == nil || w.family(who.id) == ward.id {
		return false
	}
	id := w.name("account")
	w.view(func(v *store.View) error {
		account, known, err := books.Account(v, models.PatientID(ward.id))
		if known {
			id = string(account.ID)
		}
		return err
	})
	w.put("Account", id, `{"resourceType":"Account","id":"`+id+`","status":"active","subject":[{"reference":"Patient/`+ward.id+`"}],"guarantor":[{"party":{"reference":"Patient/`+who.id+`"}}]}`)
	w.guarantors[ward.id] = who.id
	w.notes("%s answers for %s", who.id, ward.id)
	return true
}

// agree has whoever answers for a patient pay in parts.
func (w *world) agree() bool {
	w.t.Helper()
	s := w.any(func(s *stay) bool {
		return slices.ContainsFunc(s.now.invoices, func(i models.Invoice) bool { return i.Status == models.InvoiceIssued })
	})
	if s == nil {
		return false
	}
	done, err := w.office.MakePlan(context.Background(), w.admin(), billing.Call{}, billing.PlanRequest{PatientID: models.PatientID(s.id), Parts: some(w, 2, 3, 12)})
	if !w.accepted("payment plan for "+s.id, err) {
		return false
	}
	sum := models.Cents(0)
	for _, part := range done.Result.Parts {
		sum += part.Amount
	}
	if sum != done.Result.Amount {
		w.t.Errorf("seed %d: the parts of %s sum to %s", w.seed, done.Result.Amount, sum)
	}
	return true
}

// sendsLetters holds that the letters of a day ask for no more than patients owe, and that nobody is sent one twice.
func (w *world) sendsLetters() {
	w.t.Helper()
	run, err := w.office.RunStatements(context.Background(), w.admin(), billing.Call{}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	again, err := w.office.RunStatements(context.Background(), w.admin(), billing.Call{}, nil)
	if err != nil || again.Sent != 0 || again.Guarantors != run.Guarantors {
		w.t.Errorf("seed %d: of %d guarantors %d are sent a letter, and then of %d another %d; %v", w.seed, run.Guarantors, run.Sent, again.Guarantors, again.Sent, err)
	}
	owed := models.Cents(0)
	w.view(func(v *store.View) error {
		amounts, err := store.Column[models.Cents](v, "SELECT amount FROM postings WHERE tenant_id = ? AND account = ?", w.tenant, models.AccountARPatient)
		for _, amount := range amounts {
			owed += amount
		}
		return err
	})
	if run.Amount > owed {
		w.t.Errorf("seed %d: letters ask for %s, and patients owe %s", w.seed, run.Amount, owed)
	}
}

// returned is a payment whose money is not there after all.
func (w *world) returned() bool {
	w.t.Helper()
	p := w.payment()
	if p.ID == "" {
		return false
	}
	r := billing.ReverseRequest{PaymentID: p.ID, Reason: some(w, models.ReversalReasons()...), Fee: some(w, models.Cents(0), 2500)}
	_, err := w.office.ReversePayment(context.Background(), w.admin(), billing.Call{}, r)
	w.touchesPatient(p.PatientID)
	if !w.accepted(fmt.Sprintf("%s of %s of %s taken back", p.Amount, p.ID, p.PatientID), err) {
		return false
	}
	w.taken -= p.Amount - w.went(p)
	if r.Reason == models.ReversalChargeback {
		w.disputed = append(w.disputed, p)
	}
	return true
}

// endDispute has the bank give a payment back that it took, or not.
func (w *world) endDispute() bool {
	w.t.Helper()
	if len(w.disputed) == 0 {
		return false
	}
	n := w.random.IntN(len(w.disputed))
	p := w.disputed[n]
	w.disputed = slices.Delete(w.disputed, n, n+1)
	var item models.WorkItem
	w.view(func(v *store.View) (err error) {
		item, _, err = books.OpenItem(v, models.WorkDisputed, models.Ref{Type: "PaymentNotice", ID: string(p.ID)})
		return err
	})
	verdict := some(w, billing.Verdict{Decision: models.DecideWon, Reason: "The bank says so."}, billing.Verdict{Decision: models.DecideLost, Reason: "The bank says so.", Fee: some(w, models.Cents(0), 2500)})
	_, err := w.office.DecideWork(context.Background(), w.admin(), billing.Call{}, item.ID, verdict)
	w.touchesPatient(p.PatientID)
	if !w.accepted(fmt.Sprintf("the dispute about %s of %s is %s", p.ID, p.PatientID, verdict.Decision), err) {
		return false
	}
	if verdict.Decision == models.DecideWon {
		w.taken += p.Amount - w.went(p)
	}
	return true
}

// went gives what of a payment was given back.
func (w *world) went(p models.Payment) (sum models.Cents) {
	w.view(func(v *store.View) error {
		all, err := books.RefundsOfPatients(v, p.PatientID)
		for _, r := range all {
			if r.PaymentID == p.ID && r.State == models.RefundPaid {
				sum += r.Amount
			}
		}
		return err
	})
	return sum
}

// move has a payment pay another invoice than it does.
func (w *world) move() bool {
	w.t.Helper()
	p := w.payment()
	if len(p.Allocations) == 0 {
		return false
	}
	var to []models.Invoice
	w.any(func(s *stay) bool {
		if s.id == string(p.PatientID) {
			to = append(to, s.now.invoices...)
		}
		return false
	})
	if len(to) == 0 {
		return false
	}
	r := billing.MoveRequest{PaymentID: p.ID, From: some(w, p.Allocations[0].InvoiceID, ""), To: some(w, to...).ID, Amount: some(w, models.Cents(0), 100)}
	_, err := w.office.MovePayment(context.Background(), w.admin(), billing.Call{}, r)
	w.touchesPatient(p.PatientID)
	return w.accepted(fmt.Sprintf("%s moved from %q to %s", p.ID, r.From, r.To), err)
}

// openBalance gives the charge of a balance from before of which something is due, and the patient; "" where there is none.
func (w *world) openBalance() (id models.ChargeID, patient models.PatientID) {
	w.view(func(v *store.View) error {
		open, err := store.Column[models.ChargeID](v, "SELECT charge_id FROM openings WHERE tenant_id = ? AND due > 0 ORDER BY charge_id", w.tenant)
		if err != nil || len(open) == 0 {
			return err
		}
		id = some(w, open...)
		o, _, err := books.OpeningOf(v, models.Opening{ChargeID: id}.CaseID())
		patient = o.PatientID
		return err
	})
	return id, patient
}

// forgiveBalance asks a patient for less of a balance from before.
func (w *world) forgiveBalance() bool {
	w.t.Helper()
	id, patient := w.openBalance()
	if id == "" {
		return false
	}
	r := billing.WriteOffRequest{ChargeID: id, Kind: models.WriteOffOther, Amount: some(w, models.Cents(0), 1), Reason: "As the policy says."}
	_, err := w.office.WriteOffBalance(context.Background(), w.admin(), billing.Call{}, r)
	w.touchesPatient(patient)
	if !w.accepted(fmt.Sprintf("%s of %s not asked for", r.Amount, id), err) {
		return false
	}
	w.balances = append(w.balances, id)
	return true
}

// forgive asks a patient for less.
func (w *world) forgive() bool {
	w.t.Helper()
	if w.random.IntN(4) == 0 && w.forgiveBalance() {
		return true
	}
	s := w.any(func(s *stay) bool {
		return slices.ContainsFunc(s.now.invoices, func(i models.Invoice) bool { return i.Status == models.InvoiceIssued })
	})
	if s == nil {
		return false
	}
	i := s.now.invoices[slices.IndexFunc(s.now.invoices, func(i models.Invoice) bool { return i.Status == models.InvoiceIssued })]
	r := billing.WriteOffRequest{InvoiceID: i.ID, Kind: some(w, models.WriteOffSmallBalance, models.WriteOffCharity, models.WriteOffBadDebt), Amount: some(w, models.Cents(0), 1, i.Due/2), Reason: "As the policy says."}
	_, err := w.office.WriteOffInvoice(context.Background(), w.admin(), billing.Call{}, r)
	w.touchesPatient(i.PatientID)
	if !w.accepted(fmt.Sprintf("%s of %s not asked for", r.Amount, i.ID), err) {
		return false
	}
	w.forgiven = append(w.forgiven, i)
	return true
}

// askAgain takes a write-off back.
func (w *world) askAgain() bool {
	w.t.Helper()
	if len(w.balances) > 0 && w.random.IntN(2) == 0 {
		id := some(w, w.balances...)
		done, err := w.office.RevertBalance(context.Background(), w.admin(), billing.Call{}, id)
		w.touchesPatient(done.Result.PatientID)
		return w.accepted(fmt.Sprintf("%s owed again", id), err)
	}
	if len(w.forgiven) == 0 {
		return false
	}
	i := some(w, w.forgiven...)
	_, err := w.office.RevertWriteOff(context.Background(), w.admin(), billing.Call{}, i.ID)
	w.touchesPatient(i.PatientID)
	return w.accepted(fmt.Sprintf("%s asked for again", i.ID), err)
}

// refund gives credit back.
func (w *world) refund() bool {
	w.t.Helper()
	p := w.payment()
	if p.ID == "" {
		return false
	}
	r := billing.RefundRequest{PatientID: p.PatientID, Amount: some(w, models.Cents(0), 100), Reason: "Paid too much.", PaymentID: some(w, p.ID, ""), Reference: some(w, "", "", "check 17")}
	done, err := w.office.RefundPatient(context.Background(), w.admin(), billing.Call{Key: w.name("refund")}, r)
	w.touchesPatient(p.PatientID)
	if !w.accepted(fmt.Sprintf("%s of %s given back", r.Amount, p.PatientID), err) {
		return false
	}
	for _, one := range done.Result {
		if one.State == models.RefundPaid {
			w.taken -= one.Amount
		} else {
			w.approved = append(w.approved, one)
		}
	}
	return true
}

// endRefund has what was approved to go back go, or not go after all; of what ended before either is refused.
func (w *world) endRefund() bool {
	w.t.Helper()
	if len(w.approved) == 0 {
		return false
	}
	n := w.random.IntN(len(w.approved))
	r := w.approved[n]
	w.approved = slices.Delete(w.approved, n, n+1)
	isPaid, err := w.random.IntN(2) == 0, error(nil)
	if isPaid {
		_, err = w.office.PayRefund(context.Background(), w.admin(), billing.Call{}, r.PatientID, r.ID, billing.Payout{Reference: "check 18"})
	} else {
		_, err = w.office.CancelRefund(context.Background(), w.admin(), billing.Call{}, r.PatientID, r.ID, "Comes after all.")
	}
	w.touchesPatient(r.PatientID)
	if !w.accepted(fmt.Sprintf("%s of %s goes: %t", r.Amount, r.PatientID, isPaid), err) {
		return false
	}
	if isPaid {
		w.taken -= r.Amount
	}
	return true
}
