package billing_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// house is one database in which many histories are told, each in a tenant of its own. Its clock moves when told. No worker
// runs beside the test: a history decides itself when what is due is done, so that it can be told again and made shorter.
type house struct {
	db      *store.DB
	clock   *clocktest.Hand
	office  *billing.Office
	records *records.Records
	checker checker
}

func openHouse(t *testing.T, url string) *house {
	t.Helper()
	hand := clocktest.At(time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC))
	db := storetest.OpenAt(t, url, hand.Clock())
	office := billing.New(db, slog.New(slog.DiscardHandler))
	machine, err := records.New(db, records.Config{Behaviours: office.Behaviours(), BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
	if err != nil {
		t.Fatal(err)
	}
	return &house{db: db, clock: hand, office: office, records: machine, checker: buildChecker(t)}
}

// ward is a tenant of a house.
type ward struct {
	*house
	t      rapid.TB
	tenant models.TenantID
	done   func() // looks at what a step of a case did; nil for nobody
}

func (w ward) admin() auth.Principal {
	return auth.Principal{Tenant: w.tenant, Subject: "admin", Scopes: auth.ParseScopes("system/*.cruds operation/*")}
}

// accepted reports whether a door took something. A refusal is an answer; anything else fails the history.
func (w ward) accepted(what string, err error) bool {
	w.t.Helper()
	if err == nil {
		return true
	}
	if f := fault.From(err); f == nil || !slices.Contains([]fault.Kind{fault.Conflict, fault.BusinessRule, fault.Unsupported, fault.NotFound, fault.Gone}, f.Kind) {
		w.t.Fatalf("%s: %v", what, err)
	}
	return false
}

// write puts a document, or deletes it where body is "".
func (w ward) write(ref models.Ref, body string) bool {
	w.t.Helper()
	var err error
	if body == "" {
		err = w.records.Delete(context.Background(), w.admin(), ref, 0)
	} else {
		_, err = w.records.Update(context.Background(), w.admin(), ref, []byte(body), 0)
	}
	return w.accepted(ref.String(), err)
}

// push puts documents in one transaction.
func (w ward) push(refs []models.Ref, bodies map[models.Ref]string) {
	w.t.Helper()
	if len(refs) == 0 {
		return
	}
	entries := make([]string, len(refs))
	for i, ref := range refs {
		entries[i] = `{"resource":` + bodies[ref] + `,"request":{"method":"PUT","url":"` + ref.String() + `"}}`
	}
	body := `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
	if _, _, err := w.records.Bundle(context.Background(), w.admin(), []byte(body)); err != nil {
		w.t.Fatalf("push: %v", err)
	}
}

func (w ward) set(change models.SettingsChange) {
	w.t.Helper()
	if _, err := w.office.SaveTenant(context.Background(), w.admin(), change); err != nil {
		w.t.Fatalf("settings: %v", err)
	}
}

func (w ward) code(visit models.VisitID, c models.Coding) bool {
	w.t.Helper()
	_, err := w.office.CodeVisit(context.Background(), w.admin(), billing.Call{}, visit, c)
	return w.accepted("code "+string(visit), err)
}

// stepsMax is how many steps may follow from each other.
const stepsMax = 500

// drain does what is due until nothing is.
func (w ward) drain() {
	w.t.Helper()
	do := w.office.Shift().Next
	for range stepsMax {
		step := ""
		if err := do(context.Background(), w.tenant, func(subject string) { step = subject }); err != nil {
			w.t.Fatalf("the step of %s: %v", step, err)
		}
		if step == "" {
			return
		}
		if w.done != nil {
			w.done()
		}
	}
	w.t.Fatalf("there is no end of what is due: %v", w.due())
}

func (w ward) due() (due []models.Case) {
	w.t.Helper()
	w.view(func(v *store.View) (err error) {
		due, err = books.DueCases(v, w.db.Now()+1, 100)
		return err
	})
	return due
}

func (w ward) view(do func(v *store.View) error) {
	w.t.Helper()
	if err := w.db.As(models.Actor{Tenant: w.tenant}).View(context.Background(), do); err != nil {
		w.t.Fatalf("read the books: %v", err)
	}
}
