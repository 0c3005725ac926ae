package books_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// TestTheQueuesSayWhatTheItemsSay holds the tallies against the items, whatever was opened, changed, put off, taken and closed, folded or
// not.
func TestTheQueuesSayWhatTheItemsSay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tenants := 0
		rapid.Check(t, func(t *rapid.T) {
			tenants++
			s := db.As(models.Actor{Tenant: models.TenantID(fmt.Sprintf("tallied-%d", tenants)), Subject: "tester"})
			for range rapid.IntRange(1, 12).Draw(t, "transactions") {
				if err := s.Update(t.Context(), func(tx *store.Tx) error { return workedOn(t, tx) }); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				err := s.View(t.Context(), func(v *store.View) error { return sumsAgree(t, v, db.Now()) })
				if err = errors.Join(err, s.Update(t.Context(), books.FoldTallies)); err != nil {
					t.Fatal(err)
				}
			}
		})
	})
}

// workedOn does something with some items.
func workedOn(t *rapid.T, tx *store.Tx) error {
	for range rapid.IntRange(1, 4).Draw(t, "items") {
		n := rapid.IntRange(1, 5).Draw(t, "item")
		kind := rapid.SampledFrom([]models.WorkKind{models.WorkCode, models.WorkClaim}).Draw(t, "kind")
		subject := models.Ref{Type: "Encounter", ID: fmt.Sprint(n)}
		before, isOpen, err := books.OpenItem(tx.View, kind, subject)
		if err != nil {
			return err
		}
		w := before
		if !isOpen {
			w = models.WorkItem{Kind: kind, Role: kind.Facts().Role, Status: models.WorkRequested, Subject: subject, CaseID: models.CaseID(subject.String()), PatientID: "p"}
		}
		w.Category = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "category")
		w.Amount = models.Cents(rapid.IntRange(-5, 500).Draw(t, "amount"))
		w.Due = rapid.SampledFrom([]models.Date{"2026-03-01", "2026-03-10", "2026-03-20"}).Draw(t, "due")
		w.Assignee = rapid.SampledFrom([]string{"", "ann", "bob"}).Draw(t, "assignee")
		w.TakenBy = rapid.SampledFrom([]string{"", "ann", "bob"}).Draw(t, "taker")
		far := rapid.SampledFrom([]models.Instant{0, 1, tx.Now() + 3_600_000_000})
		w.TakenUntil, w.SnoozedUntil = far.Draw(t, "taken until"), far.Draw(t, "snoozed until")
		if isOpen {
			w.Status = rapid.SampledFrom([]models.WorkStatus{models.WorkRequested, models.WorkRequested, models.WorkCompleted, models.WorkDeclined}).Draw(t, "status")
		}
		if err := save(tx, before, w); err != nil {
			return err
		}
	}
	return nil
}

// sumsAgree compares both ways of summing.
func sumsAgree(t *rapid.T, v *store.View, now models.Instant) error {
	differ, err := books.TalliesDiffer(v)
	if err != nil || differ {
		return errors.Join(err, errors.New("the tallies differ from the items"))
	}
	isAwake := false
	for _, f := range []models.WorkFilter{{Now: now}, {Now: now, Snoozed: &isAwake}, {Now: now, Snoozed: &isAwake, Role: models.ForCoder, Categories: []string{"", "a"}}, {Now: now, Kinds: []models.WorkKind{models.WorkClaim}}} {
		asker := models.WorkAsker{Names: []string{"ann", "Practitioner/ann"}, Today: "2026-03-10", Now: now}
		got, err := books.WorkQueues(v, f, asker)
		want, err2 := books.SumsOfWork(v, f, asker)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v sums up to %+v, want %+v", f, got, want)
		}
		total, sum := int64(0), models.Cents(0)
		for _, q := range want {
			total, sum = total+q.Count, sum+q.Amount
		}
		if count, amount, err := books.WorkTotal(v, f); err != nil || count != total || amount != sum {
			t.Fatalf("%+v totals %d over %s, want %d over %s: %v", f, count, amount, total, sum, err)
		}
	}
	return nil
}
