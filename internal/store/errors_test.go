package store_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

const canary = "CANARY-7781"

// Driver errors quote values, and values are PHI.
func TestErrorsNameNoValues(t *testing.T) {
	provoke := map[string]func(tx *store.Tx) error{
		"a number that is taken": func(tx *store.Tx) error {
			claim := models.Claim{Type: models.ClaimProfessional, ID: canary, Number: canary, State: models.ClaimDraft, Position: 1, Part: 1, Cause: canary}
			if err := books.SaveClaim(tx, claim); err != nil {
				return err
			}
			claim.ID = canary + "2"
			return books.SaveClaim(tx, claim)
		},
		"a document that is there": func(tx *store.Tx) error {
			return documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient(canary, canary)), storetest.Indexed(t, 1, storetest.Patient(canary, canary)))
		},
		"a row without its parent": func(tx *store.Tx) error {
			return books.SaveDiagnoses(tx, canary, []models.Diagnosis{{Sequence: 1, Code: canary}})
		},
		"a state that does not exist": func(tx *store.Tx) error {
			return books.SaveCase(tx, models.Case{ID: canary, PatientID: canary, State: canary})
		},
		"a posting of nothing": func(tx *store.Tx) error {
			nothing := models.Posting{Account: models.AccountRevenue, Dimensions: models.Dimensions{PatientID: canary}}
			return journal.Post(tx, models.Entry{Kind: models.EntryCharge, Cause: canary, Postings: []models.Posting{nothing, nothing}})
		},
		"text that is not UTF-8": func(tx *store.Tx) error {
			return documents.SaveSent(tx, models.Ref{Type: "Patient", ID: canary}, []byte(canary+"\xff\x00"))
		},
	}
	storetest.EachURL(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		s := storetest.Session(db)
		for name, do := range provoke {
			err := s.Update(t.Context(), do)
			if err == nil && !(db.IsEmbedded() && strings.HasPrefix(name, "text")) { // SQLite takes any bytes
				t.Errorf("%s is let through", name)
			}
			silent(t, name, err)
		}
		storetest.ByHand(t, url).Do("ALTER TABLE string_keys RENAME COLUMN value TO word")
		silent(t, "a column that is gone", s.View(t.Context(), func(v *store.View) error {
			_, err := documents.Search(v, storetest.Query(t, "Patient", "family="+canary+"&_id="+canary), documents.Guard{}, nil)
			if err == nil {
				t.Error("a search on a column that is gone succeeds")
			}
			return err
		}))
		silent(t, "a snapshot of it", s.Snapshot(t.Context(), func(v *store.View) error {
			_, err := documents.Search(v, storetest.Query(t, "Patient", "family="+canary), documents.Guard{}, nil)
			return err
		}))
		silent(t, "a closed database", func() error {
			if err := db.Close(); err != nil {
				return err
			}
			return s.Update(t.Context(), func(tx *store.Tx) error { return books.SaveCase(tx, models.Case{ID: canary, State: models.CaseNew}) })
		}())
	})
}

func silent(t *testing.T, name string, err error) {
	t.Helper()
	text := fmt.Sprintf("%v %+v", err, fault.From(err))
	if f := fault.From(err); f != nil {
		text += fmt.Sprintf(" %+v %v", f.Issues, f.Err)
	}
	if strings.Contains(text, canary) || strings.Contains(strings.ToLower(text), "canary") {
		t.Errorf("%s gives an error with values: %s", name, text)
	}
}

func TestRefusalOfTheCallerStaysAsItIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		refusal := fault.At(fault.BusinessRule, "x", "Claim.item", "Say it.")
		tries := 0
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			tries++
			return fmt.Errorf("while billing: %w", refusal)
		})
		if fault.From(err) != refusal || tries != 1 {
			t.Errorf("%v came after %d tries", err, tries)
		}
		if err := s.View(t.Context(), func(*store.View) error { return refusal }); fault.From(err) != refusal {
			t.Errorf("a view gives %v", err)
		}
	})
}
