package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func caller(subject string) auth.Principal {
	return auth.Principal{Tenant: storetest.Tenant, Subject: subject, Scopes: auth.ParseScopes("system/*.cruds operation/*")}
}

// submit is a call on the one Claim of these tests.
func submit(key, input string) desk.Command {
	return desk.Command{Operation: auth.OperationSubmit, Subject: models.Ref{Type: "Claim", ID: "c"}, Key: key, Input: input}
}

// run makes an account for each time that it is really done; it gives what was done, first or again.
func run(t *testing.T, db *store.DB, who auth.Principal, c desk.Command) (desk.Done[string], error) {
	made := models.PatientID(fmt.Sprintf("%s-%s-%s", who.Subject, c.Key, c.Input))
	return desk.Do(t.Context(), db, who, c,
		func(s *desk.Sheet) (string, error) { _, err := books.OpenAccount(s.Tx, made); return "first", err },
		func(*desk.Sheet) (string, error) { return "again", nil })
}

func withClaim(t *testing.T, db *store.DB) {
	t.Helper()
	storetest.Save(t, storetest.Session(db), storetest.Indexed(t, 1, `{"resourceType":"Claim","id":"c","status":"draft"}`))
}

// accounts counts what was really done.
func accounts(t *testing.T, db *store.DB) (count int) {
	t.Helper()
	storetest.View(t, storetest.Session(db), func(v *store.View) error {
		page, err := documents.Search(v, storetest.Query(t, "Account", ""), documents.Guard{}, nil)
		count = len(page.Documents)
		return err
	})
	return count
}

// The same call under its key is given again, another one under it is refused, and a key is its caller's own.
func TestKeyStandsForOneCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withClaim(t, db)
		for _, row := range []struct {
			what    string
			who     string
			call    desk.Command
			want    string
			refused bool
			done    int
		}{
			{"a call", "ann", submit("k", "x"), "first", false, 1},
			{"the same again", "ann", submit("k", "x"), "again", false, 1},
			{"another input under its key", "ann", submit("k", "y"), "", true, 1},
			{"the same key of somebody else", "bob", submit("k", "x"), "first", false, 2},
			{"another key", "ann", submit("l", "x"), "first", false, 3},
		} {
			done, err := run(t, db, caller(row.who), row.call)
			if row.refused != fault.Is(err, fault.BusinessRule) || !row.refused && err != nil || done.Result != row.want {
				t.Errorf("%s gives %q, %v", row.what, done.Result, err)
			}
			if n := accounts(t, db); n != row.done {
				t.Errorf("after %s %d calls are done, want %d", row.what, n, row.done)
			}
		}
	})
}

// A dry run tells what would be done, keeps nothing and uses up no key; neither does a call that is refused.
func TestDryRunAndRefusalUseUpNoKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withClaim(t, db)
		dry := submit("k", "x")
		dry.DryRun = true
		done, err := run(t, db, caller("ann"), dry)
		if err != nil || done.Rehearsal == nil || len(done.Rehearsal.Documents) != 1 || accounts(t, db) != 0 {
			t.Fatalf("a dry run gives %+v, %v", done, err)
		}
		refused := errors.New("refused")
		refuse := func(s *desk.Sheet) (string, error) { return "", refused }
		if _, err := desk.Do(t.Context(), db, caller("ann"), submit("k", "y"), refuse, refuse); err == nil {
			t.Error("a refused call is done")
		}
		if done, err := run(t, db, caller("ann"), submit("k", "x")); err != nil || done.Result != "first" || done.Rehearsal != nil || accounts(t, db) != 1 {
			t.Errorf("in earnest it gives %+v, %v", done, err)
		}
	})
}

// TestARehearsalTellsWhatItsAskerMayRead holds it for every role: of what would be written, those documents that a read after the
// commit would give, and the entries to the office alone.
func TestARehearsalTellsWhatItsAskerMayRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Save(t, storetest.Session(db), storetest.Indexed(t, 1, `{"resourceType":"Invoice","id":"i","status":"issued","subject":{"reference":"Patient/ann"}}`))
		writes := func(s *desk.Sheet) (string, error) {
			var puts []documents.Indexed
			for _, patient := range []string{"ann", "bob"} {
				for _, typ := range []string{"Invoice", "Claim"} {
					puts = append(puts, storetest.Indexed(t, 1, `{"resourceType":"`+typ+`","id":"new-`+patient+`","subject":{"reference":"Patient/`+patient+`"},"patient":{"reference":"Patient/`+patient+`"}}`))
				}
			}
			if err := documents.Put(s.Tx, puts...); err != nil {
				return "", err
			}
			of := models.Dimensions{PatientID: "ann"}
			return "", journal.Post(s.Tx, models.Entry{ID: "e", Kind: models.EntryCharge, Cause: "x", Postings: []models.Posting{
				{Account: models.AccountARPatient, Amount: 1, Dimensions: of}, {Account: models.AccountRevenue, Amount: -1, Dimensions: of}}})
		}
		for role, want := range map[auth.Role]string{
			auth.RoleBiller:    "Claim/new-ann Claim/new-bob Invoice/new-ann Invoice/new-bob, 1 entries",
			auth.RoleFrontDesk: "Invoice/new-ann Invoice/new-bob, 1 entries",
			auth.RolePatient:   "Claim/new-ann Invoice/new-ann, 0 entries",
		} {
			scopes, err := auth.RoleScopes(role)
			if err != nil {
				t.Fatal(err)
			}
			who := auth.Principal{Tenant: storetest.Tenant, Subject: string(role), Scopes: auth.ParseScopes(scopes)}
			if role == auth.RolePatient {
				who.Patient = "ann"
			}
			pay := desk.Command{Operation: auth.OperationPay, Subject: models.Ref{Type: "Invoice", ID: "i"}, DryRun: true}
			done, err := desk.Do(t.Context(), db, who, pay, writes, writes)
			if err != nil {
				t.Fatalf("%s: %v", role, err)
			}
			var told []string
			for _, d := range done.Rehearsal.Documents {
				told = append(told, models.Ref{Type: d.Type, ID: d.ID}.String())
			}
			if got := fmt.Sprintf("%s, %d entries", strings.Join(told, " "), len(done.Rehearsal.Entries)); got != want {
				t.Errorf("%s is told of %s; want %s", role, got, want)
			}
		}
	})
}
