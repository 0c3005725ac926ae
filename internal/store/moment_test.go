package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
)

// What several views of one moment see is the same, while somebody writes without a pause.
func TestViewsOfOneMomentSeeTheSame(t *testing.T) {
	const views, writes = 3, 20
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		moments := 20
		if db.IsEmbedded() {
			moments = 1000 // its views are opened in less time than a commit takes
		}
		s := storetest.Session(db)
		stop, wrote := make(chan struct{}), make(chan error, 1)
		go func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					wrote <- nil
					return
				default:
				}
				put := storetest.Indexed(t, 1, storetest.Patient(fmt.Sprintf("p%d", i), "Canary"))
				if err := s.Update(t.Context(), func(tx *store.Tx) error { return documents.Put(tx, put) }); err != nil {
					wrote <- err
					return
				}
			}
		}()
		last := 0
		for i := 0; i < moments || last < writes; i++ {
			var seen []int
			err := s.Moment(t.Context(), views, func(each []*store.View) error {
				for _, v := range each {
					n, _, err := documents.Count(v)
					if err != nil {
						return err
					}
					seen = append(seen, n)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(seen) != views || len(slices.Compact(slices.Clone(seen))) != 1 || seen[0] < last {
				t.Fatalf("the views of one moment see %v documents after %d", seen, last)
			}
			last = seen[0]
		}
		close(stop)
		if err := <-wrote; err != nil {
			t.Fatal(err)
		}
		if err := s.Moment(t.Context(), views, func([]*store.View) error { return errors.New("wrong") }); err == nil {
			t.Error("what goes wrong in a moment is not told")
		}
	})
}
