package journal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"

	"pgregory.net/rapid"
)

func entry(cause models.Cause, amounts ...models.Cents) models.Entry {
	e := models.Entry{Kind: models.EntryCharge, Cause: cause, Effective: "2026-03-02"}
	for i, amount := range amounts {
		account := []models.LedgerAccount{models.AccountARPatient, models.AccountRevenue, models.AccountContractual}[i%3]
		e.Postings = append(e.Postings, models.Posting{Account: account, Amount: amount, Dimensions: models.Dimensions{PatientID: "p"}})
	}
	return e
}

// charged is the cause of the n-th charge.
func charged(n int) models.Cause { return models.CauseOfCharge(models.ChargeID(fmt.Sprint(n)), 1) }

func TestUnbalancedEntryIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		pocket := entry("e", 100, -100)
		pocket.Postings[0].Account = "Cash:Pocket"
		for name, e := range map[string]models.Entry{
			"an account that is not in the chart": pocket,
			"no posting":                          entry("a"), "one posting": entry("b", 0), "a cent too much": entry("c", 100, -99), "all on one side": entry("d", 100, 100),
		} {
			err := s.Update(t.Context(), func(tx *store.Tx) error { return journal.Post(tx, e) })
			if !fault.Is(err, fault.BusinessRule) {
				t.Errorf("an entry with %s gives %v", name, err)
			}
		}
		storetest.View(t, s, func(v *store.View) error {
			balances, err := journal.Balances(v)
			if len(balances) > 0 {
				t.Errorf("the books say %v", balances)
			}
			return err
		})
	})
}

// The balances of the store are the sums of what was posted, and all of them together are nothing.
func TestBalancesAddUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		want, posted := models.Balances{}, 0
		rapid.Check(t, func(r *rapid.T) {
			amounts := rapid.SliceOfN(rapid.Int64Range(1, 1_000_000_000_000), 1, 5).Draw(r, "amounts")
			var e models.Entry
			var sum models.Cents
			cents := make([]models.Cents, 0, len(amounts)+1)
			for i, a := range amounts {
				if i%2 == 1 {
					a = -a
				}
				cents, sum = append(cents, models.Cents(a)), sum+models.Cents(a)
			}
			if sum == 0 {
				r.Skip("an amount of nothing is no posting")
			}
			posted++
			e = entry(charged(posted), append(cents, -sum)...)
			if err := s.Update(context.Background(), func(tx *store.Tx) error { return journal.Post(tx, e) }); err != nil {
				r.Fatal(err)
			}
			for _, p := range e.Postings {
				want[p.Account] += p.Amount
			}
			err := s.View(context.Background(), func(v *store.View) error {
				got, err := journal.Balances(v)
				var total models.Cents
				for account, amount := range got {
					total += amount
					if want[account] != amount {
						r.Fatalf("%s is %s, want %s", account, amount, want[account])
					}
				}
				if total != 0 || len(got) != len(want) {
					r.Fatalf("the books add up to %s over %d accounts", total, len(got))
				}
				return err
			})
			if err != nil {
				r.Fatal(err)
			}
		})
	})
}

// What happened once is in the books once, whoever says it at the same time; the others find it there.
func TestCauseIsPostedOnce(t *testing.T) {
	const racers = 16
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		won := make([]bool, racers)
		errs := storetest.Together(racers, func(i int) error {
			return s.Update(t.Context(), func(tx *store.Tx) error {
				won[i] = false
				_, known, err := journal.EntryByCause(tx.View, "charge/1")
				if err != nil || known {
					return err
				}
				won[i] = true
				return journal.Post(tx, entry("charge/1", 100, -100))
			})
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		winners := 0
		for _, w := range won {
			if w {
				winners++
			}
		}
		if winners != 1 {
			t.Errorf("%d of %d posted the same cause", winners, racers)
		}
		// Who does not look first is told.
		err := s.Update(t.Context(), func(tx *store.Tx) error { return journal.Post(tx, entry("charge/1", 5, -5)) })
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("posting the cause again gives %v, want Conflict", err)
		}
		storetest.View(t, s, func(v *store.View) error {
			e, ok, err := journal.EntryByCause(v, "charge/1")
			if !ok || len(e.Postings) != 2 || e.Postings[0].Amount != 100 || journal.Digest(e) != e.Digest {
				t.Errorf("the books hold %+v", e)
			}
			return err
		})
	})
}

// TestNothingStandsBeforeWhatItMirrors holds that an entry which says from when on it may stand does not stand earlier, as where the clock of the machine that posts it is behind that of the one before.
func TestNothingStandsBeforeWhatItMirrors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		later := db.Now() + models.Instant(time.Hour/time.Microsecond)
		before, after := entry(charged(1), 100, -100), entry(charged(2), -100, 100)
		before.Posted, after.Posted = 1, later
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return journal.Post(tx, before, after) }); err != nil {
			t.Fatal(err)
		}
		storetest.View(t, s, func(v *store.View) error {
			found, err := journal.EntriesByCause(v, []models.Cause{charged(1), charged(2)})
			for _, e := range found {
				if isAfter := e.Cause == charged(2); isAfter && e.Posted != later || !isAfter && e.Posted >= later {
					t.Errorf("%s stands at %s", e.Cause, e.Posted)
				}
			}
			if len(found) != 2 {
				t.Errorf("%d entries are found", len(found))
			}
			return err
		})
	})
}

func TestJournalOnlyGrows(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, hand := storetest.Session(storetest.Open(t, url)), storetest.ByHand(t, url)
		storetest.Update(t, s, func(tx *store.Tx) error { return journal.Post(tx, entry("charge/1", 100, -100)) })
		for _, statement := range []string{
			"UPDATE postings SET amount = amount * 2", "UPDATE postings SET patient_id = 'other'", "DELETE FROM postings WHERE sequence = 1",
			"UPDATE journal_entries SET posted = 0", "UPDATE journal_entries SET effective = '2026-04-01'", "DELETE FROM journal_entries", "INSERT INTO journal_entries SELECT * FROM journal_entries",
		} {
			if err := hand.Try(statement); err == nil {
				t.Errorf("%s is let through", statement)
			}
		}
		if err := hand.Try("TRUNCATE postings, journal_entries"); err == nil {
			t.Error("TRUNCATE is let through")
		}
		storetest.View(t, s, func(v *store.View) error {
			count := 0
			err := journal.Each(v, func(e models.Entry) error {
				count++
				if journal.Digest(e) != e.Digest {
					t.Error("the entry changed")
				}
				return nil
			})
			if count != 1 {
				t.Errorf("%d entries are there", count)
			}
			return err
		})
	})
}

func TestEveryEntryIsSeenOnce(t *testing.T) {
	const count = 1203
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			for i := range count {
				if err := journal.Post(tx, entry(charged(i), models.Cents(i+1), -models.Cents(i+1))); err != nil {
					return err
				}
			}
			return nil
		})
		storetest.View(t, s, func(v *store.View) error {
			var seen []string
			err := journal.Each(v, func(e models.Entry) error {
				if len(e.Postings) != 2 || journal.Digest(e) != e.Digest {
					t.Errorf("%s has %d postings", e.Cause, len(e.Postings))
				}
				seen = append(seen, string(e.Cause))
				return nil
			})
			slices.Sort(seen)
			if len(slices.Compact(seen)) != count {
				t.Errorf("%d of %d entries are seen", len(seen), count)
			}
			return err
		})
	})
}
