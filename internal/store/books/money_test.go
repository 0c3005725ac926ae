package books_test

import (
	"errors"
	"fmt"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// refusedOnce fails where a write that must be refused is let through.
func refusedOnce(t *testing.T, s *store.Session, name string, write func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), write); err == nil {
		t.Errorf("%s is let through", name)
	}
}

func TestPaymentIsTakenOnce(t *testing.T) {
	payments := 0
	pay := func(caller, key string, method models.PaymentMethod, reference string) func(tx *store.Tx) error {
		payments++
		p := models.Payment{ID: models.PaymentID(fmt.Sprint("payment-", payments)), PatientID: "p", Amount: 100, Method: method, State: models.PaymentSucceeded, Caller: caller, Key: key, Reference: reference}
		return func(tx *store.Tx) error { return books.AddPayment(tx, p) }
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		for _, taken := range []func(tx *store.Tx) error{
			pay("desk", "k1", models.PaymentCard, "ref-1"), pay("portal", "k1", models.PaymentCard, "ref-2"), pay("desk", "k2", models.PaymentACH, "ref-1"),
			pay("desk", "k3", models.PaymentCheck, "1001"), pay("desk", "k4", models.PaymentCheck, "1001"), pay("desk", "k5", models.PaymentCard, ""), pay("desk", "k6", models.PaymentCard, ""),
		} {
			storetest.Update(t, s, taken)
		}
		refusedOnce(t, s, "a key of the same caller", pay("desk", "k1", models.PaymentCash, ""))
		refusedOnce(t, s, "a reference of the same processor", pay("portal", "k9", models.PaymentCard, "ref-1"))
		storetest.View(t, s, func(v *store.View) error {
			same := func(p models.Payment) (keys string) {
				found, err := books.SamePayments(v, p)
				for _, one := range found {
					keys += one.Caller + " " + one.Key + " " + one.Reference + " "
				}
				if err != nil {
					t.Error(err)
				}
				return keys
			}
			for want, p := range map[string]models.Payment{
				"desk k2 ref-1 ":                 {Method: models.PaymentACH, Reference: "ref-1"},
				"portal k1 ref-2 ":               {Caller: "portal", Key: "k1"},
				"portal k1 ref-2 desk k1 ref-1 ": {Caller: "portal", Key: "k1", Method: models.PaymentCard, Reference: "ref-1"},
			} {
				if got := same(p); got != want {
					t.Errorf("the same as %+v is %q, want %q", p, got, want)
				}
			}
			if got := same(models.Payment{Method: models.PaymentCard}) + same(models.Payment{Method: models.PaymentCheck, Reference: "1001"}); got != "" {
				t.Errorf("%q, which no processor named, is found by it", got)
			}
			return nil
		})
	})
}

func TestCallersKeyIsItsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		use := func(caller, operation string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				return books.UseKey(tx, models.UsedKey{Caller: caller, Key: "k", Operation: operation})
			}
		}
		storetest.Update(t, s, use("desk", "submit"))
		storetest.Update(t, s, use("portal", "code"))
		refusedOnce(t, s, "a key that is taken", use("desk", "pay"))
		storetest.View(t, s, func(v *store.View) error {
			for caller, want := range map[string]string{"desk": "submit", "portal": "code", "stranger": ""} {
				if got, found, err := books.KeyUsed(v, caller, "k", 0); err != nil || found != (want != "") || got.Operation != want {
					t.Errorf("%s used it for %+v, %v", caller, got, err)
				}
			}
			return nil
		})
	})
}

// A reversal carries the number of what it takes back and is an answer of its own.
func TestReversalIsFoundApartFromWhatItTakesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, c := storetest.Session(db), claim(models.ClaimAdjudicated)
		answer := func(id models.AnswerID, kind models.AnswerKind) models.Answer {
			status := ""
			if kind == models.AnswerReversal {
				status = models.StatusReversal
			}
			return models.Answer{Status: status, ClaimType: models.ClaimProfessional, ID: id, ClaimID: c.ID, CaseID: c.CaseID, PayerID: "acme", Kind: kind, Outcome: models.OutcomeComplete, Key: "icn|1", Remarks: models.Codes{"N781"}, Effective: "2026-03-20"}
		}
		storetest.Update(t, s, func(tx *store.Tx) error {
			return errors.Join(books.SaveClaim(tx, c), books.SaveAnswer(tx, answer("first", models.AnswerOriginal), c), books.SaveAnswer(tx, answer("back", models.AnswerReversal), c))
		})
		refusedOnce(t, s, "the same answer again", func(tx *store.Tx) error { return books.SaveAnswer(tx, answer("again", models.AnswerOriginal), c) })
		storetest.View(t, s, func(v *store.View) error {
			for kind, want := range map[models.AnswerKind]models.AnswerID{models.AnswerOriginal: "first", models.AnswerInterim: "first", models.AnswerReversal: "back"} {
				got, found, err := books.AnswerByKey(v, answer("", kind))
				if err != nil || !found || got.ID != want || len(got.Remarks) != 1 || got.Effective != "2026-03-20" {
					t.Errorf("%s finds %+v, %v", kind, got, err)
				}
			}
			other := answer("", models.AnswerOriginal)
			other.PayerID = "rival"
			if got, found, err := books.AnswerByKey(v, other); found || err != nil {
				t.Errorf("another payer finds %+v, %v", got, err)
			}
			return nil
		})
	})
}
