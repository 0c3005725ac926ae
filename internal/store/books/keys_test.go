package books_test

import (
	"errors"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// used is a call under a key, as a desk remembers it.
func used(caller, key, input string) models.UsedKey {
	return models.UsedKey{Caller: caller, Key: key, Operation: "submit", InputHash: input, Status: 200, Type: "Claim", Record: "c", Version: 3}
}

// A key says what was done under it, to whom it belongs and to nobody else.
func TestUsedKeySaysWhatItDid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ours, other := storetest.Session(db), db.As(models.Actor{Tenant: "other", Subject: "tester"})
		storetest.Update(t, ours, func(tx *store.Tx) error {
			return errors.Join(books.UseKey(tx, used("ann", "k", "first")), books.UseKey(tx, used("bob", "k", "second")))
		})
		for _, row := range []struct {
			s           *store.Session
			caller, key string
			want        string
		}{{ours, "ann", "k", "first"}, {ours, "bob", "k", "second"}, {ours, "ann", "K", ""}, {ours, "eve", "k", ""}, {other, "ann", "k", ""}} {
			storetest.View(t, row.s, func(v *store.View) error {
				got, found, err := books.KeyUsed(v, row.caller, row.key, 0)
				want := models.UsedKey{}
				if row.want != "" {
					want = used(row.caller, row.key, row.want)
					want.TenantID, want.Created = storetest.Tenant, got.Created
				}
				if got != want || found != (row.want != "") {
					t.Errorf("%s's %s is %+v, want %+v", row.caller, row.key, got, want)
				}
				return err
			})
		}
	})
}

// Of many calls under one key at once one is made, and the others find it, whatever they ask for.
func TestOneOfManyCallsUnderAKeyIsMade(t *testing.T) {
	const racers = 8
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		made := make([]bool, racers)
		errs := storetest.Together(racers, func(i int) error {
			return s.Update(t.Context(), func(tx *store.Tx) error {
				_, found, err := books.KeyUsed(tx.View, "ann", "k", 0)
				if made[i] = !found; err != nil || found {
					return err
				}
				return books.UseKey(tx, used("ann", "k", string(rune('a'+i))))
			})
		})
		count := 0
		for _, m := range made {
			if m {
				count++
			}
		}
		if err := errors.Join(errs...); err != nil || count != 1 {
			t.Errorf("%d of %d were made: %v", count, racers, err)
		}
		// Who does not look first is told, and nothing of his call stays.
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(books.SaveCharges(tx, charge("a", 100)), books.UseKey(tx, used("ann", "k", "again")))
		})
		if !fault.Is(err, fault.Conflict) || versions(t, s) != "" {
			t.Errorf("a call under a used key gives %v and leaves %q", err, versions(t, s))
		}
	})
}
