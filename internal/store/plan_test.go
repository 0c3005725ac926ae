package store_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// wholes are the readings of the rooms that are asked for all that a tenant has of something, and of what.
var wholes = map[string]string{
	"books.Connections":      "payers that are not left at the default",
	"books.FeeSchedules":     "price lists",
	"books.Settings":         "one row",
	"documents.Each":         "documents, for `verify`",
	"documents.EachPage":     "documents, for `verify`",
	"documents.EachPastPage": "versions, for `verify`",
	"journal.Balances":       "postings, for `verify` and $balances",
	"journal.Each":           "entries, for `verify`",
	"journal.EachPage":       "entries, for `verify`",
	"journal.Owed":           "postings, for `verify`",
	"journal.Unposted":       "payments, for `verify`",
}

// narrow are the indexes that hold only what waits for something, so that to read one for a tenant is to read what is asked
// for; and those of the tenants, who have one row each.
var narrow = []string{"cases_due", "cases_unsent", "claims_unsent", "work_items_case", "work_items_waiting", "sqlite_autoindex_tenants_1", "tenants_pkey"}

func isNarrow(step string) bool {
	return slices.ContainsFunc(narrow, func(index string) bool { return strings.Contains(step, index+" ") })
}

// No statement of the rooms, of reading or of writing, goes over all that a tenant has: whatever it asks leads down an index by
// more than the tenant. Every reading that is known to be one tenant's is in it. The plans are those that SQLite makes on the
// figures of a large tenant, which a migration wrote, so they do not hang on what happens to be there.
func TestStatementsOfTheRoomsGoDownAnIndex(t *testing.T) {
	db, err := store.Open(t.Context(), store.Config{URL: storetest.URL(t, "sqlite"), Connections: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := storetest.Session(db)
	askAll(t, s)
	texts := store.KeptTexts(t, db)
	if len(texts) < 150 {
		t.Fatalf("only %d statements were sent", len(texts))
	}
	for _, text := range texts {
		plan := planOf(t, s, text)
		if isOfTheRooms(text) && isWide(plan) {
			t.Errorf("%s\n is answered by\n %s", text, plan)
		}
	}
}

// isOfTheRooms leaves out what is asked once, at the start, and what asks for nothing.
func isOfTheRooms(text string) bool {
	return !slices.ContainsFunc([]string{"migration_files", "goose_db_version", "sqlite_schema", "own_bases", "EXPLAIN", "1 = 0"},
		func(word string) bool { return strings.Contains(text, word) })
}

// isWide reports whether a step of a plan goes over all rows of a table, of a tenant or of a type.
func isWide(plan string) bool {
	for step := range strings.Lines(plan) {
		isScan := strings.Contains(step, "SCAN ") && !strings.Contains(step, "VALUES") && !strings.Contains(step, "CONSTANT ROW")
		if !isNarrow(step) && (isScan || strings.Contains(step, "(tenant_id=?)") || strings.Contains(step, "(tenant_id=? AND type=?)")) {
			return true
		}
	}
	return false
}

// askAll sends every statement of the rooms but those of wholes: all that writes and then all that reads, of rows that are
// there, so that what hangs on them is asked for too.
func askAll(t *testing.T, s *store.Session) {
	t.Helper()
	fill(t, s, "alpha")
	storetest.View(t, s, func(v *store.View) error {
		known := readings(t, "a", "a")
		var errs []error
		for _, name := range slices.Sorted(maps.Keys(known)) {
			if wholes[name] == "" {
				_, err := known[name](v)
				errs = append(errs, err)
			}
		}
		return errors.Join(append(errs, askInOtherWords(v), askGuarded(v))...)
	})
	storetest.Update(t, s, moveAll)
}

// askInOtherWords asks what a reading has several statements for.
func askInOtherWords(v *store.View) error {
	var errs []error
	note := func(_ any, err error) { errs = append(errs, err) }
	two, ids := []models.ClaimID{"c1", "b"}, []string{"o1", "b"}
	note(documents.References(v, "Observation", ids, "subject", "Patient", 5))
	note(documents.Referrers(v, "Observation", "*", "Patient", ids, 5))
	note(books.Claims(v, two))
	note(books.Findings(v, two))
	note(books.Prices(v, []string{"99213", "99214"}))
	note(books.CasesOfVisits(v, []models.VisitID{"v1", "v2", "v3"}))
	note(books.UnsentCasesNaming(v, models.Ref{Type: "Organization", ID: "acme"}))
	note(books.UnsentCasesPriced(v, []string{"99213", "99214"}))
	note(documents.VisitsNaming(v, "Location", []string{"room1", "room2"}))
	note(books.WorkItems(v, models.WorkClaim, "", 5))
	note(books.DueEverywhere(v, 2, 10))
	note(journal.PostingsByClaim(v, two))
	note(journal.BalancesOfPatients(v, []models.PatientID{"p1", "p2"}))
	_, _, err := books.AnswerByKey(v, models.Answer{ClaimID: "c1", PayerID: "acme", Kind: models.AnswerReversal, Key: "k"})
	return errors.Join(append(errs, err)...)
}

// askGuarded reads as somebody who may not see everything.
func askGuarded(v *store.View) error {
	var errs []error
	for _, guard := range []documents.Guard{{}, {Patient: "p1"}, {Payer: "acme"}} {
		for _, typ := range []string{"Observation", "Organization", "Practitioner", "Patient", "RelatedPerson", "Coverage", "Encounter", "Claim", "ClaimResponse", "Location"} {
			_, _, err := documents.Get(v, models.Ref{Type: typ, ID: "a"}, guard)
			_, err2 := documents.Of(v, []models.Ref{{Type: typ, ID: "a"}, {Type: typ, ID: "b"}}, guard)
			errs = append(errs, err, err2)
			if guard != (documents.Guard{}) {
				_, err3 := documents.Search(v, search.Query{Type: typ, Count: 50, Total: search.TotalAccurate}, guard, nil)
				errs = append(errs, err3)
			}
		}
	}
	return errors.Join(errs...)
}

// moveAll writes what fill does not: changes of a part.
func moveAll(tx *store.Tx) error {
	claim, _, err := books.Claim(tx.View, "c1")
	schedule, _, err2 := books.FeeSchedule(tx.View, "fee")
	return errors.Join(err, err2, books.MoveClaim(tx, claim, models.ClaimReady), books.EndFeeSchedule(tx, schedule, "2026-12-31"),
		books.SaveDiagnoses(tx, "Encounter/v1", []models.Diagnosis{{Sequence: 1, Code: "E11.9"}}), books.Lock(tx, "Encounter/v1", "Patient/p1"),
		documents.Lock(tx, documents.Condition{Type: "Patient", Criteria: "family=zzyzx"}))
}

func planOf(t *testing.T, s *store.Session, query string) string {
	t.Helper()
	args := make([]any, strings.Count(query, "?"))
	for i := range args {
		args[i] = "x"
	}
	var steps []string
	err := s.View(t.Context(), func(v *store.View) error {
		return v.Rows(func(row store.Row) error {
			var id, parent, unused int
			var step string
			err := row.Scan(&id, &parent, &unused, &step)
			steps = append(steps, step)
			return err
		}, "EXPLAIN QUERY PLAN "+query, args...)
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(steps, "\n ")
}
