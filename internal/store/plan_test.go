package store_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

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
	"books.ContractBook":     "contracts with payers, once an edition",
	"books.ContractData":     "contracts with payers, once an edition",
	"books.CountOwing":       "who owes something, once a run of statements",
	"books.FeeSchedules":     "price lists",
	"books.PayerBook":        "what is known of payers, once an edition",
	"books.PayerData":        "what is known of payers, once an edition",
	"books.PracticeBook":     "the practice's rules that are on, once an edition",
	"books.PracticeRules":    "the practice's rules, a thousand at most",
	"books.PracticeRulesOn":  "the practice's rules that are on",
	"books.Settings":         "one row",
	"documents.Count":        "documents and versions, for `verify`",
	"documents.Each":         "documents, for `verify`",
	"documents.EachPage":     "documents, for `verify`",
	"documents.EachPastPage": "versions, for `verify`",
	"journal.Balances":       "postings, for `verify` and $balances",
	"journal.Count":          "entries, for `verify`",
	"journal.Each":           "entries, for `verify`",
	"journal.EachPage":       "entries, for `verify`",
	"journal.EachOwed":       "postings, for `verify`",
	"journal.EachAged":       "postings, for a report as of a day",
	"journal.EachReceivable": "postings, for a report as of a day",
	"journal.OpeningsAmiss":  "balances from before, for `verify`",
	"journal.Sums":           "postings, for a report as of a day",
	"books.Figures":          "claims and answers, for a report as of a day",
	"journal.EachFact":       "all books, for a proof",
	"journal.LawsBroken":     "all books, for `verify`",
	"journal.Unposted":       "payments, for `verify`",
}

// No statement of the rooms, of reading or of writing, goes over all that a tenant has: whatever it asks leads down an index by
// more than the tenant, whatever the database knows of its tables. Every reading that is known to be one tenant's is in it.
func TestStatementsOfTheRoomsGoDownAnIndex(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, told := storetest.OpenTold(t, url)
		askAll(t, storetest.Session(db))
		texts := told.Texts()
		if len(texts) < 150 {
			t.Fatalf("only %d statements were sent", len(texts))
		}
		for _, wide := range storetest.Wides(t, db, url, texts) {
			t.Error(wide)
		}
	})
}

// No statement that any test sends does. `make plans` gathers them.
func TestStatementsOfTheSuiteGoDownAnIndex(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		texts := storetest.Gathered(t, strings.TrimPrefix(t.Name(), "TestStatementsOfTheSuiteGoDownAnIndex/"))
		db := storetest.Open(t, url)
		askAll(t, storetest.Session(db))
		for _, wide := range storetest.Wides(t, db, url, texts) {
			t.Error(wide)
		}
		t.Logf("%d statements", len(texts))
	})
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
	for range 2 { // the first of them makes the locks of cases that never were
		storetest.Update(t, s, func(tx *store.Tx) error {
			next, _, err := books.TakeDue(tx)
			_, err2 := books.NoteTry(tx, models.Case{ID: next.ID, DueAt: 2}, func(int) time.Duration { return 0 })
			return errors.Join(err, err2, books.ForgetTries(tx, next.ID))
		})
	}
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
	note(books.WorkEvents(v, []models.WorkItemID{"w1", "w2"}))
	errs = append(errs, askForWork(v))
	note(books.TenantsDue(v, 2))
	note(journal.PostingsByClaim(v, two))
	note(journal.BalancesOfPatients(v, []models.PatientID{"p1", "p2"}))
	_, _, err := books.AnswerByKey(v, models.Answer{ClaimType: models.ClaimProfessional, ClaimID: "c1", PayerID: "acme", Kind: models.AnswerReversal, Key: "k"})
	return errors.Join(append(errs, err)...)
}

// askForWork asks for lists of work in every order, from the beginning and further on, by each filter.
func askForWork(v *store.View) error {
	var errs []error
	yes, amount := true, models.Cents(1)
	filters := []models.WorkFilter{
		{}, {Kinds: []models.WorkKind{models.WorkClaim}}, {Kinds: []models.WorkKind{models.WorkClaim, models.WorkStep}, Categories: []string{"a"}},
		{Role: models.ForBiller, PayerID: "acme", ProviderID: "doc"}, {Assignee: "ann"}, {Unassigned: true, Labels: []string{"a"}}, {PatientID: "p1"}, {ClaimID: "c1"},
		{DueBefore: "2026-03-02", CreatedUntil: 1, AmountAtLeast: &amount, Snoozed: &yes, Text: "mend", Now: 1},
	}
	for _, f := range filters {
		for _, order := range []models.WorkOrder{models.WorkByDue, models.WorkByAmount, models.WorkByAge, models.WorkByPriority} {
			for _, after := range []models.WorkItem{{}, {ID: "w1", Due: "2026-03-02", Amount: 1}} {
				_, err := books.WorkList(v, f, order, after, 5)
				errs = append(errs, err)
			}
		}
		_, err := books.WorkQueues(v, f, models.WorkAsker{Names: []string{"ann", "Practitioner/ann"}})
		_, _, err2 := books.WorkTotal(v, f)
		errs = append(errs, err, err2)
	}
	return errors.Join(errs...)
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
		books.SaveDiagnoses(tx, "Encounter/v1", []models.Diagnosis{{Sequence: 1, Code: "E11.9"}}), books.Lock(tx, "Encounter/v1", "Patient/p1"), books.BeginCycle(tx, guarantor),
		documents.Lock(tx, documents.Condition{Type: "Patient", Criteria: "family=zzyzx"}))
}
