package books_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// saveAll saves one row of every booked type.
func saveAll(tx *store.Tx) error {
	c, cents := claim(models.ClaimTransmitted), models.Cents(100)
	answer := models.Answer{ClaimType: models.ClaimProfessional, ID: "a", ClaimID: c.ID, CaseID: c.CaseID, PayerID: c.InsurerID, Kind: models.AnswerOriginal, Outcome: models.OutcomeComplete, Key: "k", Effective: "2026-03-05", Billed: 25000, Paid: 25000,
		Lines: []models.AnswerLine{{LineSequence: 1, ChargeID: "ch", Billed: 25000, Paid: 25000}}}
	invoice := models.Invoice{ID: "i", Number: "V1", CaseID: c.CaseID, PatientID: "p", AccountID: "acc", IssuerID: "practice", Status: models.InvoiceIssued, Issued: "2026-03-06", DueDate: "2026-04-05",
		Billed: cents, Net: cents, Due: cents, Cause: models.CauseOfInvoice(c.CaseID, 1), Lines: []models.InvoiceLine{{Sequence: 1, ChargeID: "ch", ServiceDate: "2026-03-02", Billed: cents, Net: cents, Due: cents}}}
	_, err := books.OpenAccount(tx, "p")
	return errors.Join(err, books.SaveCharges(tx, charge("ch", 25000)), books.SaveClaim(tx, c), books.SaveAnswer(tx, answer, c), books.SaveInvoices(tx, invoice), books.SaveEstimate(tx, models.GoodFaithEstimate{ID: "gfe", Number: "E1", PatientID: "p", Day: "2026-03-20", Made: "2026-03-04", Total: 25000, Lines: []models.EstimateLine{{Sequence: 1, System: models.SystemCPT, Code: "99214", Units: models.OneUnit, Charge: 25000}}}), books.SaveUnmatched(tx, models.Unmatched{ID: "u", PayerID: "acme", Kind: models.AnswerOriginal, Key: "k"}), books.CompleteRemittance(tx, models.Remittance{ID: "r", PayerID: "acme", Trace: "T", Outcome: models.RemittanceComplete, Day: "2026-03-20", Source: models.SourceFHIR}), books.AddPayment(tx, models.Payment{ID: "pay", PatientID: "p", RecipientID: "practice", Amount: cents, Unapplied: cents, Method: models.PaymentCash, State: models.PaymentSucceeded, Day: "2026-03-20", Key: "k"}), open(tx, item(models.WorkAnswer, "Look.")))
}

// touchAll has every record rendered again.
func touchAll(tx *store.Tx, refs []string) error {
	var errs []error
	for _, ref := range refs {
		typ, id, _ := strings.Cut(ref, "/")
		errs = append(errs, books.Touch(tx, models.Ref{Type: typ, ID: id}))
	}
	return errors.Join(errs...)
}

// Every booked type is published once by a transaction, with its row; and from its rows alone it is rendered the same, which is
// what `verify` goes by.
func TestEveryBookedTypeIsPublishedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			err := saveAll(tx)
			_, again := books.OpenAccount(tx, "p")
			c, _, err2 := books.Claim(tx.View, "c")
			return errors.Join(err, again, err2, books.SaveCharges(tx, charge("ch", 25000)), books.MoveClaim(tx, c, models.ClaimReceived), open(tx, item(models.WorkAnswer, "Look again.")))
		})
		published := strings.Fields(versions(t, s))
		var types, refs []string
		for _, p := range published {
			ref, isFirst := strings.CutSuffix(p, "/1")
			if !isFirst {
				t.Errorf("there is %s", p)
			}
			typ, _, _ := strings.Cut(ref, "/")
			types, refs = append(types, typ), append(refs, ref)
		}
		slices.Sort(types)
		if !slices.Equal(types, books.BookedTypes()) {
			t.Errorf("published are %v, want one of each of %v", types, books.BookedTypes())
		}
		if got := strings.Fields(told(t, s, outbox)); len(got) != len(types) {
			t.Errorf("the outbox says %v", got)
		}
		storetest.Update(t, s, func(tx *store.Tx) error { return touchAll(tx, refs) })
		if after := strings.Fields(versions(t, s)); !slices.Equal(after, published) {
			t.Errorf("rendered from their rows they are others: %v, were %v", after, published)
		}
		storetest.View(t, s, func(v *store.View) error {
			refs, err := books.Unpublished(v, 10)
			if len(refs) > 0 {
				t.Errorf("%v are not published", refs)
			}
			return err
		})
	})
}

func TestRowWithoutItsDocumentIsFound(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Session(storetest.Open(t, url))
		storetest.Update(t, s, saveAll)
		storetest.ByHand(t, url).Do("DELETE FROM documents WHERE type IN ('Claim', 'Task')")
		storetest.View(t, s, func(v *store.View) error {
			refs, err := books.Unpublished(v, 10)
			if len(refs) != 3 || refs[0] != claimRef || refs[1].ID != "gfe" || refs[2].Type != "Task" {
				t.Errorf("%v are found", refs)
			}
			first, err2 := books.Unpublished(v, 1)
			if len(first) != 1 {
				t.Errorf("of one at most %v are given", first)
			}
			return errors.Join(err, err2)
		})
	})
}
