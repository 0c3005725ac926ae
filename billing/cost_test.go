package billing_test

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// bookedTypes gives the types whose documents billing renders, for SQL.
func bookedTypes() string {
	var names []string
	for _, t := range fhir.Types() {
		if t.Owner == fhir.Booked {
			names = append(names, "'"+t.Name+"'")
		}
	}
	return strings.Join(names, ", ")
}

// workless is an office in which nobody works: a step is done when a test does it.
func workless(t testing.TB, db *store.DB) *desk {
	t.Helper()
	office := billing.New(db, slog.New(slog.DiscardHandler))
	machine, err := records.New(db, records.Config{Behaviours: office.Behaviours(), BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, db: db, office: office, records: machine, tenant: "zzyzx"}
	d.settings(models.SettingsChange{})
	return d
}

// step does what is due next.
func (d *desk) step() error {
	return d.office.Shift().Next(context.Background(), d.tenant, func(string) {})
}

// A visit of three lines, from the record system's transaction to the paid bill, in the requests and steps that it takes: each is
// one transaction, whose BEGIN and COMMIT are counted too. What the relay and who looks for work send by themselves is not. It prints what
// `make visit-cost` shows, and holds each figure at what it was.
func TestWhatAVisitCosts(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx := context.Background()
		db := storetest.Open(t, url)
		storetest.CountsRuns(t)
		d := workless(t, db)
		d.practice()
		hand := storetest.ByHand(t, url)

		statements, transactions, trips := int64(0), int64(0), db.Trips()
		var steps []string
		costs := func(name string, do func() error) {
			before := db.Statements()
			if err := do(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			sent := db.Statements() - before
			statements, transactions = statements+sent, transactions+1
			steps = append(steps, fmt.Sprintf("%s %d", name, sent+2))
		}
		costs("push", func() error {
			_, _, err := d.records.Bundle(ctx, d.admin(), []byte(d.visitBundle()))
			return err
		})
		costs("plan", d.step)
		claim := hand.Text("SELECT id FROM claims")
		costs("submit", func() error {
			_, err := d.office.SubmitClaim(ctx, d.admin(), billing.Call{}, models.ClaimID(claim))
			return err
		})
		costs("answer", func() error {
			_, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim, "ICN-1")), "")
			return err
		})
		costs("bill", d.step)
		invoice := models.InvoiceID(hand.Text("SELECT id FROM invoices"))
		costs("pay", func() error {
			_, err := d.office.Pay(ctx, d.admin(), billing.Call{Key: "k"}, billing.PaymentRequest{InvoiceID: invoice, Amount: 7400, Method: models.PaymentCard, Reference: "ch_1"})
			return err
		})

		versions := counted(t, hand, "SELECT sum(version) FROM documents WHERE type IN ("+bookedTypes()+")")
		kept := counted(t, hand, "SELECT sum(length(body)) FROM (SELECT body FROM documents WHERE type IN ("+bookedTypes()+") UNION ALL SELECT body FROM document_history WHERE type IN ("+bookedTypes()+")) AS bodies")
		statements, trips = statements+2*transactions, db.Trips()-trips
		name, limit := "postgres", int64(statementsPostgres)
		if db.IsEmbedded() {
			name, limit = "sqlite", statementsSQLite
		}
		t.Logf("a visit on %s: %d statements in %d transactions (%s), %d round trips, %d versions of booked documents, %d bytes", name, statements, transactions, strings.Join(steps, ", "), trips, versions, kept)
		if statements > limit || trips > tripsMax || versions > versionsMax {
			t.Errorf("a visit costs more than it did: at most %d statements, %d round trips and %d versions", limit, tripsMax, versionsMax)
		}
	})
}

// counted gives the one number of a query.
func counted(t *testing.T, hand storetest.Hand, query string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(hand.Text(query), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What a visit cost when it was last made cheaper.
const (
	statementsSQLite   = 118
	statementsPostgres = 122
	tripsMax           = 37
	versionsMax        = 12 // two of them the payment and its receipt
)

// visitBundle is the visit as a record system sends it when the doctor signs.
func (d *desk) visitBundle() string {
	entry := func(typ, id, rest string) string {
		return fmt.Sprintf(`{"resource":{"resourceType":%q,"id":%q,%s},"request":{"method":"PUT","url":"%s/%s"}}`, typ, id, rest, typ, id)
	}
	const about = `"subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"}`
	entries := []string{entry("Encounter", "visit", `"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/ann"},"participant":[{"individual":{"reference":"Practitioner/doc"}}],"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-02T15:30:00Z"},"serviceProvider":{"reference":"Organization/practice"},"diagnosis":[{"condition":{"reference":"Condition/dx1"},"rank":1},{"condition":{"reference":"Condition/dx2"},"rank":2}]`)}
	for i, code := range []string{"I10", "E785"} {
		entries = append(entries, entry("Condition", fmt.Sprintf("dx%d", i+1), about+`,"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"`+code+`"}]}`))
	}
	for i, code := range []string{"99214", "93000", "36415"} {
		entries = append(entries, entry("Procedure", fmt.Sprintf("pr%d", i+1), about+`,"status":"completed","performedDateTime":"2026-03-02","code":{"coding":[{"system":"`+cpt+`","code":"`+code+`"}]}`))
	}
	return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
}
