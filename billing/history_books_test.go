package billing_test

import (
	"fmt"
	"slices"

	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/models"
)

// addsUp: the revenue of a case is what its charges say, and the accounts are what all charges, answers and payments say.
func (w ward) addsUp(all map[models.CaseID]told) {
	w.t.Helper()
	want := w.paidIn()
	for id, c := range all {
		billed := c.charged(want)
		if got := -c.books[models.AccountRevenue]; got != billed {
			w.t.Errorf("the revenue of %s is %s, its charges say %s", id, got, billed)
		}
		c.answered(want)
	}
	w.view(func(v *store.View) error {
		got, err := journal.Balances(v)
		// What a patient paid too much is a credit, and until then it is owed.
		got[models.AccountARPatient] += got[models.AccountPatientCredits]
		got[models.AccountPatientCredits] = 0
		for _, facts := range models.ChartOfAccounts {
			if got[facts.Account] != want[facts.Account] {
				w.t.Errorf("%s holds %s, want %s", facts.Account, got[facts.Account], want[facts.Account])
			}
		}
		return err
	})
}

// charged adds what the charges of a case that are in the books put there, and gives their sum.
func (t told) charged(want models.Balances) (billed models.Cents) {
	for _, one := range t.posted() {
		billed += one.Billed
		receivable := models.AccountARInsurance
		if one.PayerID == "" {
			receivable = models.AccountARPatient
		}
		want[receivable] += one.Billed
		want[models.AccountRevenue] -= one.Billed
	}
	return billed
}

// takenOff is where an adjustment goes that needs no person; any other stays with the payer.
var takenOff = map[string]models.LedgerAccount{
	"CO 45": models.AccountContractual, "CO 97": models.AccountBundled, "CO 253": models.AccountSequestration,
	"PR 1": models.AccountARPatient, "PR 2": models.AccountARPatient, "PR 3": models.AccountARPatient,
}

// answered adds what the payers' answers put into the books.
func (t told) answered(want models.Balances) {
	for _, a := range t.answers {
		if !a.Posted {
			continue
		}
		move := func(to models.LedgerAccount, amount models.Cents) {
			want[to] += amount
			want[models.AccountARInsurance] -= amount
		}
		for _, l := range a.Lines {
			move(models.AccountClearing, l.Paid)
		}
		for _, adjustment := range a.Adjustments {
			to, known := takenOff[adjustment.GroupCode+" "+adjustment.ReasonCode]
			if known && (to != models.AccountARPatient || !t.isProtected(a)) {
				move(to, adjustment.Amount)
			}
		}
	}
}

// isProtected reports whether an answer, or the one that it takes back, says that the patient must not be asked.
func (t told) isProtected(a models.Answer) bool {
	return slices.ContainsFunc(t.answers, func(o models.Answer) bool {
		return (o.ID == a.ID || o.ID == a.Reverses) && slices.Contains(o.Remarks, "N781")
	})
}

// paidIn gives what patients' payments put into the books.
func (w ward) paidIn() models.Balances {
	w.t.Helper()
	tills := map[models.PaymentMethod]models.LedgerAccount{
		models.PaymentCash: models.AccountDrawer, models.PaymentCard: models.AccountCardClearing, models.PaymentCheck: models.AccountDrawer,
	}
	want := models.Balances{}
	w.view(func(v *store.View) error {
		payments, err := store.All[models.Payment](v, "id", "id <> ''")
		for _, p := range payments {
			want[tills[p.Method]] += p.Amount
			want[models.AccountARPatient] -= p.Amount
		}
		return err
	})
	return want
}

// standsAsItsBooksDo: a case that is the patient's owes what its invoices ask for, one that is closed owes nothing, one that is
// a payer's is awaited by one, and one that bills nothing has nothing in the books, nor work unless it waits only for now.
func (w ward) standsAsItsBooksDo(c told) {
	w.t.Helper()
	fail := func(what string) {
		w.t.Helper()
		w.t.Errorf("%s is %s and %s; the payers owe %s, the patient %s, the invoices ask for %s\n%v", c.ID, c.State, what,
			c.books[models.AccountARInsurance], c.books[models.AccountARPatient], c.due(), append(c.turnLines(), c.claimLines(true)...))
	}
	isMoving := c.has(isAwaited) || c.has(isEditable)
	owed := c.books[models.AccountARInsurance] + c.books[models.AccountARPatient]
	switch c.State {
	case models.CasePatient:
		if isMoving || len(c.work) > 0 || c.due() <= 0 || owed != c.due() {
			fail("is not the patient's")
		}
	case models.CaseClosed:
		if isMoving || len(c.work) > 0 || c.due() != 0 || owed != 0 {
			fail("is not at its end")
		}
	case models.CaseSent:
		if !c.has(isAwaited) || c.has(isEditable) {
			fail("no payer is to answer")
		}
	case models.CaseReady:
		if !c.has(func(f models.ClaimFacts) bool { return f.State == models.ClaimReady }) ||
			c.has(func(f models.ClaimFacts) bool { return f.Editable && f.State != models.ClaimReady }) {
			fail("cannot be sent")
		}
	case models.CaseVoided, models.CaseNotOurs, models.CaseWaiting:
		if isMoving || len(c.work) > 0 && c.State != models.CaseWaiting || len(c.posted()) > 0 || owed != 0 {
			fail("is in the books")
		}
	}
}

// watched is what a history saw of invoices and payments.
type watched struct {
	issued map[models.InvoiceID]models.Invoice // as each was seen last
	paid   map[string]models.Cents             // by the payment's key
}

// watch holds the invoices to their laws after every transaction: one is issued when nobody else has to do anything about its
// case, what it says is frozen then, one that is balanced stays so, and only an unpaid one is taken back.
func (h *history) watch() {
	h.t.Helper()
	for _, i := range h.invoices() {
		before, seen := h.seen.issued[i.ID]
		h.seen.issued[i.ID] = i
		if !seen {
			if c := h.cases()[i.CaseID]; c.has(isAwaited) || c.has(isEditable) || slices.ContainsFunc(c.work, c.keepsBack) {
				h.t.Errorf("an invoice is issued while %s is\n%v", c.ID, append(c.turnLines(), c.claimLines(true)...))
			}
			if i.Net <= 0 || i.Due != i.Net-i.Credit || (i.Due == 0) != (i.Status == models.InvoiceBalanced) {
				h.t.Errorf("an invoice of %s is issued %s over %s with a credit of %s and %s due", i.CaseID, i.Status, i.Net, i.Credit, i.Due)
			}
			continue
		}
		if asIssued(before) != asIssued(i) {
			h.t.Errorf("an invoice of %s changed from\n%s\nto\n%s", i.CaseID, asIssued(before), asIssued(i))
		}
		if i.Status == models.InvoiceCancelled && before.Status != models.InvoiceCancelled && before.Due != before.Net {
			h.t.Errorf("an invoice of %s with a payment is taken back", i.CaseID)
		}
		if before.Status != models.InvoiceIssued && (i.Status != before.Status || i.Updated != before.Updated || i.Due != 0) {
			h.t.Errorf("an invoice of %s was %s and is %s with %s due", i.CaseID, before.Status, i.Status, i.Due)
		}
	}
}

// keepsBack reports whether work keeps the patient from being asked: what a payer refused does not.
func (t told) keepsBack(w models.WorkItem) bool {
	return w.Kind.Waits() && (w.Kind != models.WorkAnswer || !slices.ContainsFunc(t.answers, func(a models.Answer) bool { return string(a.ID) == w.Subject.ID && a.Judges() }))
}

// reversed gives the patients about whom a payer took back an answer and gave no other one yet.
func (h *history) reversed() map[models.PatientID]bool {
	patients := map[models.PatientID]bool{}
	for _, c := range h.cases() {
		isBack := slices.ContainsFunc(c.answers, func(a models.Answer) bool { return a.Reversed != "" })
		if isBack && c.has(func(f models.ClaimFacts) bool {
			return f.State == models.ClaimReversed || f.State == models.ClaimPartly
		}) {
			patients[c.PatientID] = true
		}
	}
	return patients
}

// asIssued writes what of an invoice is frozen.
func asIssued(i models.Invoice) string {
	text := fmt.Sprintln(i.Number, i.CaseID, i.PatientID, i.AccountID, i.IssuerID, i.Issued, i.DueDate, i.Billed, i.Net, i.Credit)
	for _, l := range i.Lines {
		text += fmt.Sprintln(l.ChargeID, l.ServiceDate, l.Billed, l.Adjusted, l.PayerPaid, l.Deductible, l.Coinsurance, l.Copay, l.Net)
	}
	return text
}

// tookPaymentsOnce: what patients paid is in the books, once, and nobody has a credit who owes something on an invoice.
func (h *history) tookPaymentsOnce() {
	h.t.Helper()
	var want, got models.Cents
	for _, amount := range h.seen.paid {
		want += amount
	}
	got = -h.paidIn()[models.AccountARPatient]
	if got != want {
		h.t.Errorf("patients paid %s, in the books are %s", want, got)
	}
	due := map[models.PatientID]models.Cents{}
	for _, i := range h.invoices() {
		due[i.PatientID] += i.Due
	}
	reversed := h.reversed()
	h.view(func(v *store.View) error {
		balances, err := journal.BalancesOfPatients(v, []models.PatientID{"ann", "bob"})
		for id, b := range balances {
			if credit := -b[models.AccountPatientCredits]; credit < 0 || credit > 0 && due[id] > 0 {
				h.t.Errorf("%s has a credit of %s and %s due", id, credit, due[id])
			}
			if due[id] > b[models.AccountARPatient] && !reversed[id] { // until the payer corrects what it took back, nothing follows from it
				h.t.Errorf("%s is asked for %s and owes %s", id, due[id], b[models.AccountARPatient])
			}
		}
		return err
	})
}
