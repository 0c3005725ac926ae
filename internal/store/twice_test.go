package store_test

import (
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
)

// The switch runs a function once for nothing and once for good, with nothing of the first in the second.
func TestTwiceKeepsTheSecondRunOnly(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, err := store.Open(t.Context(), store.Config{URL: url, TestTwice: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		runs := 0
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			runs++
			return documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient([]string{"", "first", "second"}[runs], "Zzyzx")))
		})
		if got := storetest.Found(t, s, documents.Guard{}, "Patient", ""); got != "second" || runs != 2 {
			t.Errorf("after %d runs there is %q", runs, got)
		}
	})
}
