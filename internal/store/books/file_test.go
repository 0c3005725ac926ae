package books_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// onFile is what a transaction reads of a case.
type onFile struct {
	Case      models.Case
	Diagnoses []models.Diagnosis
	Charges   []models.Charge
	Claims    []models.Claim
	Answers   []models.Answer
	Invoices  []models.Invoice
	Work      []models.WorkItem
	Account   models.Account // of a patient
	Claim     models.Claim   // by its id
	Invoice   models.Invoice
}

func readFile(v *store.View, id models.CaseID) (f onFile, err error) {
	var errs [10]error
	f.Case, _, errs[0] = books.Case(v, id)
	f.Diagnoses, errs[1] = books.Diagnoses(v, id)
	f.Charges, errs[2] = books.Charges(v, id)
	f.Claims, errs[3] = books.ClaimsOfCase(v, id)
	f.Answers, errs[4] = books.AnswersOfCase(v, id)
	f.Invoices, errs[5] = books.InvoicesOfCase(v, id)
	f.Work, errs[6] = books.OpenWork(v, id)
	f.Account, _, errs[7] = books.Account(v, "p")
	f.Claim, _, errs[8] = books.Claim(v, "claim1")
	f.Invoice, _, errs[9] = books.Invoice(v, "invoice1")
	return f, errors.Join(errs[:]...)
}

// changes writes to the files of two cases at random.
type changes struct {
	*rapid.T
	cases []models.CaseID
	made  int
}

func (c *changes) kase() models.CaseID { return rapid.SampledFrom(c.cases).Draw(c.T, "case") }

func (c *changes) of(kind string) string {
	return kind + rapid.SampledFrom([]string{"1", "2"}).Draw(c.T, kind)
}

func (c *changes) number(name string, most int) int { return rapid.IntRange(0, most).Draw(c.T, name) }

func (c *changes) code() string {
	return rapid.SampledFrom([]string{"99213", "99214"}).Draw(c.T, "code")
}

// write makes one change.
func (c *changes) write(tx *store.Tx) error {
	c.made++
	writes := []func(*store.Tx) error{c.saveCase, c.saveCharge, c.saveClaim, c.moveClaim, c.saveFindings, c.saveAnswer, c.saveInvoice, c.saveWork, c.saveDiagnoses}
	return rapid.SampledFrom(writes).Draw(c.T, "change")(tx)
}

func (c *changes) saveCase(tx *store.Tx) error {
	k, _, err := books.Case(tx.View, c.kase())
	k.Reason, k.PatientID = fmt.Sprint(c.made), rapid.SampledFrom([]models.PatientID{"p", "q"}).Draw(c.T, "patient")
	return errors.Join(err, books.SaveCase(tx, k))
}

func (c *changes) saveCharge(tx *store.Tx) error {
	one := charge(models.ChargeID(c.of("charge")), models.Cents(c.made))
	one.CaseID = c.kase()
	return books.SaveCharges(tx, one)
}

func (c *changes) saveClaim(tx *store.Tx) error {
	before, _, err := books.Claim(tx.View, models.ClaimID(c.of("claim")))
	if err != nil || before.ID == "" {
		return err
	}
	before.CaseID, before.Lines, before.Diagnoses = c.kase(), nil, nil
	for n := range c.number("lines", 3) {
		before.Lines = append(before.Lines, models.ClaimLine{Sequence: n + 1, ChargeID: "ch", Code: c.code(), Units: models.OneUnit, Modifiers: models.Codes{"25"}, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"})
	}
	for n := range c.number("diagnoses", 2) {
		before.Diagnoses = append(before.Diagnoses, models.ClaimDiagnosis{Sequence: n + 1, Code: c.code()})
	}
	return books.SaveClaim(tx, before)
}

func (c *changes) moveClaim(tx *store.Tx) error {
	one, known, err := books.Claim(tx.View, models.ClaimID(c.of("claim")))
	if err != nil || !known {
		return err
	}
	return books.MoveClaim(tx, one, rapid.SampledFrom([]models.ClaimState{models.ClaimHeld, models.ClaimReady}).Draw(c.T, "state"))
}

func (c *changes) saveFindings(tx *store.Tx) error {
	one, known, err := books.Claim(tx.View, models.ClaimID(c.of("claim")))
	if err != nil || !known {
		return err
	}
	wanted := make([]models.Finding, c.number("findings", 3))
	for i := range wanted {
		wanted[i] = models.Finding{Rule: c.code(), Severity: models.SeverityError, Text: fmt.Sprint(c.made)}
	}
	if err := books.SaveFindings(tx, one, wanted); err != nil {
		return err
	}
	found, err := books.Findings(tx.View, []models.ClaimID{one.ID})
	if !slices.Equal(found[one.ID], wanted) {
		c.Errorf("of %v findings %v are kept", wanted, found[one.ID])
	}
	return err
}

func (c *changes) saveAnswer(tx *store.Tx) error {
	one, known, err := books.Claim(tx.View, models.ClaimID(c.of("claim")))
	if err != nil || !known {
		return err
	}
	id := fmt.Sprint("answer", c.made)
	allowed := models.Cents(c.made)
	return books.SaveAnswer(tx, models.Answer{
		ClaimType: models.ClaimProfessional,
		ID:        models.AnswerID(id), ClaimID: one.ID, CaseID: one.CaseID, PayerID: "acme", Kind: models.AnswerOriginal, Outcome: models.OutcomeComplete, Key: id, Posted: true, Remarks: models.Codes{"N1"},
		Lines: []models.AnswerLine{{LineSequence: 1, Allowed: &allowed}, {LineSequence: 2}}, Adjustments: []models.Adjustment{{Sequence: 1, LineSequence: 1, GroupCode: "CO", ReasonCode: "45", Amount: 1}},
	}, one)
}

func (c *changes) saveInvoice(tx *store.Tx) error {
	account, err := books.OpenAccount(tx, "p")
	id := c.of("invoice")
	i := models.Invoice{
		ID: models.InvoiceID(id), Number: id, CaseID: c.cases[len(id)%2], PatientID: "p", AccountID: account.ID, IssuerID: "practice", Status: models.InvoiceIssued, Issued: "2026-03-02", DueDate: "2026-04-01",
		Due: models.Cents(c.made), Cause: models.Cause(id), Lines: []models.InvoiceLine{{Sequence: 1, ChargeID: "ch", Due: models.Cents(c.made)}},
	}
	return errors.Join(err, books.SaveInvoices(tx, i))
}

func (c *changes) saveWork(tx *store.Tx) error {
	id := c.kase()
	wanted := models.WorkItem{Kind: models.WorkCode, Role: models.ForCoder, CaseID: id, Subject: id.Origin(), PatientID: "p", Reason: fmt.Sprint(c.made)}
	wanted.Status = rapid.SampledFrom([]models.WorkStatus{models.WorkRequested, models.WorkCompleted, models.WorkDeclined}).Draw(c.T, "status")
	return open(tx, wanted)
}

func (c *changes) saveDiagnoses(tx *store.Tx) error {
	list := make([]models.Diagnosis, c.number("diagnoses", 3))
	for i := range list {
		list[i] = models.Diagnosis{Sequence: i + 1, Code: c.code()}
	}
	return books.SaveDiagnoses(tx, c.kase(), list)
}

// TestTheFileSaysWhatTheBooksSay holds that what a transaction remembers of a case and what it would read anew are the same,
// whatever it saved before, of this case or of another.
func TestTheFileSaysWhatTheBooksSay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		rapid.Check(t, func(r *rapid.T) {
			c := &changes{T: r, cases: []models.CaseID{"Encounter/v", "Claim/d"}}
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				tx.Rehearse()
				for i, id := range c.cases {
					one := claim(models.ClaimDraft)
					one.ID, one.Number, one.CaseID, one.Cause = models.ClaimID(fmt.Sprint("claim", i+1)), fmt.Sprint(i+1), id, models.CauseOfDraft(models.ClaimID(id))
					if err := errors.Join(books.SaveCase(tx, models.Case{ID: id, PatientID: "p", State: models.CaseNew, ServiceDate: "2026-03-02"}), books.SaveClaim(tx, one)); err != nil {
						return err
					}
				}
				for range rapid.IntRange(1, 12).Draw(r, "changes") {
					if err := c.write(tx); err != nil {
						return err
					}
					for _, id := range c.cases {
						if err := c.compare(tx, id); err != nil {
							return err
						}
					}
				}
				return nil
			})
			if err != nil {
				r.Fatal(err)
			}
		})
	})
}

// compare holds what is remembered of a case against what stands in the tables.
func (c *changes) compare(tx *store.Tx, id models.CaseID) error {
	remembered, err := readFile(tx.View, id)
	if err != nil {
		return err
	}
	if !rapid.Bool().Draw(c.T, "looks") {
		return nil // so that more than one change is remembered
	}
	tx.Forget("cases")
	stands, err := readFile(tx.View, id)
	if diff := cmp.Diff(stands, remembered, cmpopts.EquateEmpty()); diff != "" {
		c.Errorf("what stands (-) and what is remembered (+) of %s differ:\n%s", id, diff)
	}
	return err
}
