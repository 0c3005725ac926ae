package billing_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// encounter gives a finished Encounter of the practice without codes.
func (d *desk) encounter(id, status string) {
	d.put("Encounter", id, `{"resourceType":"Encounter","id":"`+id+`","status":"`+status+`","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/ann"},"participant":[{"individual":{"reference":"Practitioner/doc"}}],"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-02T15:30:00Z"},"serviceProvider":{"reference":"Organization/practice"}}`)
}

// quiet waits until every step is done.
func (d *desk) quiet() {
	d.t.Helper()
	for range 400 {
		n, err := d.office.CountWaiting(context.Background())
		if err != nil {
			d.t.Fatal(err)
		}
		if n == 0 {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	d.t.Fatal("steps keep waiting")
}

// state gives a visit's state, "" where there is no case.
func (d *desk) state(id models.VisitID) models.CaseState {
	d.t.Helper()
	var state models.CaseState
	err := d.db.As(models.Actor{Tenant: d.tenant}).View(context.Background(), func(v *store.View) error {
		c, _, err := books.Case(v, models.CaseOf(id))
		state = c.State
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return state
}

func (d *desk) clean() {
	d.t.Helper()
	if _, err := d.office.Verify(context.Background(), d.tenant, billing.Watch{Breach: func(b billing.Breach) { d.t.Error(b) }}); err != nil {
		d.t.Error(err)
	}
}

// books holds every account of the chart against what is wanted: those that are not named must be even, and the revenue what
// the others add up to.
func (d *desk) books(want string) {
	d.t.Helper()
	expected, revenue := models.Balances{}, models.Cents(0)
	for _, part := range strings.Split(want, "; ") {
		account, amount, _ := strings.Cut(part, " ")
		cents, err := money.Parse(amount)
		if err != nil {
			d.t.Fatal(err)
		}
		expected[models.LedgerAccount(account)] = cents
		revenue -= cents
	}
	if _, named := expected[models.AccountRevenue]; !named {
		expected[models.AccountRevenue] = revenue
	}
	err := d.db.As(models.Actor{Tenant: d.tenant}).View(context.Background(), func(v *store.View) error {
		got, err := journal.Balances(v)
		for _, facts := range models.ChartOfAccounts {
			if got[facts.Account] != expected[facts.Account] {
				d.t.Errorf("%s holds %s, want %s", facts.Account, got[facts.Account], expected[facts.Account])
			}
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	if d.t.Failed() {
		d.t.FailNow()
	}
}

var coded = models.Coding{
	Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}},
	Services:  []models.Service{{System: cpt, Code: "93000", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}},
}

func (d *desk) code(id models.VisitID, c models.Coding) error {
	_, err := d.office.CodeVisit(context.Background(), d.admin(), billing.Call{}, id, c)
	return err
}

func wantKind(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	f := fault.From(err)
	if f == nil || f.Kind != kind || len(f.Issues) == 0 || f.Issues[0].Code != code {
		t.Fatalf("got %v, want kind %d with code %s", err, kind, code)
	}
}

// transmit gives the visit's claim, sent.
func (d *desk) transmit(visit string) string {
	d.t.Helper()
	claim := d.search("Claim", "encounter=Encounter/"+visit+"&claim-state=ready", 1)[0]
	if _, err := d.office.SubmitClaim(context.Background(), d.admin(), billing.Call{}, models.ClaimID(claim.ID)); err != nil {
		d.t.Fatal(err)
	}
	return claim.ID
}

func TestAVisitWithoutCodesWaitsForACoder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.encounter("visit", "finished")
		d.search("Task", "code=code-visit&status=requested", 1)
		d.books("AR:Insurance 0.00")
		if err := d.code("visit", coded); err != nil {
			t.Fatal(err)
		}
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.search("Task", "code=code-visit&status=completed", 1)
		d.books("AR:Insurance 60.00")
		d.clean()
	})
}

func TestAMissingPriceIsAWorkItemAndNeverZero(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.encounter("visit", "finished")
		d.quiet()
		unpriced := coded
		unpriced.Services = append([]models.Service{{System: cpt, Code: "85025", Units: 2 * models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}}, coded.Services...)
		if err := d.code("visit", unpriced); err != nil {
			t.Fatal(err)
		}
		d.search("Task", "code=price-service&status=requested", 1)
		d.books("AR:Insurance 0.00")
		d.price("85025", "20.00")
		d.search("Task", "code=price-service&status=completed", 1)
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.books("AR:Insurance 100.00")
		d.clean()
	})
}

func TestACancelledVisitLeavesNothingInTheBooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.encounter("visit", "cancelled")
		d.search("Claim", "encounter=Encounter/visit&claim-state=entered-in-error", 1)
		d.quiet()
		d.books("AR:Insurance 0.00; Revenue:Gross 0.00")
		if state := d.state("visit"); state != models.CaseVoided {
			t.Errorf("the visit is %s, want voided", state)
		}
		d.clean()
	})
}

func TestACancelledVisitThatWasSentIsHeldForAPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		d.transmit("visit")
		d.encounter("visit", "cancelled")
		d.search("Task", "code=cancelled-visit&status=requested", 1)
		d.books("AR:Insurance 325.00")
		d.clean()
	})
}

func TestAVisitWithoutCoverageGoesStraightToAnInvoice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		if err := d.records.Delete(context.Background(), d.admin(), models.Ref{Type: "Coverage", ID: "cov"}, 0); err != nil {
			t.Fatal(err)
		}
		d.visit()
		d.search("Invoice", "patient=Patient/ann&status=issued", 1)
		d.books("AR:Insurance 0.00; AR:Patient 325.00; Revenue:Gross -325.00")
		d.search("Claim", "", 0)
		d.clean()
	})
}

func TestRecodingReversesAndPostsAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		if err := d.code("visit", coded); err != nil {
			t.Fatal(err)
		}
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1) // under its number
		d.search("Claim", "encounter=Encounter/visit", 1)
		d.books("AR:Insurance 60.00; Revenue:Gross -60.00")
		if err := d.code("visit", coded); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		d.books("AR:Insurance 60.00")
		d.put("Procedure", "late", `{"resourceType":"Procedure","id":"late","status":"completed","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"performedDateTime":"2026-03-02","code":{"coding":[{"system":"`+cpt+`","code":"36415"}]}}`)
		d.quiet()
		d.books("AR:Insurance 60.00") // what a person coded is not overwritten
		d.search("Task", "code=changed-after-coding&status=requested", 1)
		d.search("Claim", "encounter=Encounter/visit&claim-state=held", 1)
		if err := d.code("visit", coded); err != nil {
			t.Fatal(err)
		}
		d.search("Task", "code=changed-after-coding&status=requested", 0)
		d.transmit("visit")
		wantKind(t, d.code("visit", models.Coding{Diagnoses: coded.Diagnoses, Services: append(coded.Services, coded.Services[0])}), fault.Conflict, "visit.sent")
		d.clean()
	})
}

func TestLateDataRunsTheCaptureAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.encounter("visit", "finished")
		d.quiet()
		d.put("Condition", "dx", `{"resourceType":"Condition","id":"dx","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]}}`)
		d.put("ChargeItem", "item", `{"resourceType":"ChargeItem","id":"item","status":"billable","code":{"coding":[{"system":"`+cpt+`","code":"93000"}]},"subject":{"reference":"Patient/ann"},"context":{"reference":"Encounter/visit"},"occurrenceDateTime":"2026-03-02","quantity":{"value":1},"note":[{"text":"kept"}]}`)
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.books("AR:Insurance 60.00")
		item, err := d.records.Read(context.Background(), d.admin(), models.Ref{Type: "ChargeItem", ID: "item"})
		if err != nil || !strings.Contains(string(item.Body), `"note":[{"text":"kept"}]`) || !strings.Contains(string(item.Body), "60.00") {
			t.Errorf("the ChargeItem lost what was sent or has no price: %v", err)
		}
		d.clean()
	})
}

func TestAnAnswerThatDoesNotBalanceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		claim := d.transmit("visit")
		unbalanced := strings.Replace(answer(claim, "ICN-1"), `"value":80.00`, `"value":80.01`, 1)
		_, err := d.records.Create(context.Background(), d.payer("acme"), "ClaimResponse", []byte(unbalanced), "")
		wantKind(t, err, fault.BusinessRule, "answer.unbalanced")
		if path := fault.From(err).Issues[0].Path; path != "ClaimResponse.item[0].adjudication" {
			t.Errorf("the path is %s", path)
		}
		d.books("AR:Insurance 325.00; Clearing:ERA 0.00")
		d.search("ClaimResponse", "", 0)
		d.clean()
	})
}

func TestAPayerAnswersItsOwnClaimsOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		d.put("Organization", "beta", `{"resourceType":"Organization","id":"beta","name":"BETA"}`)
		d.visit()
		ready := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0].ID
		_, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(ready, "ICN-1")), "")
		if err != nil {
			t.Fatal(err)
		}
		isKept := func(what string) { // the answer waits for a person and moves nothing
			t.Helper()
			err := d.decide(d.unmatchedWork().ID, billing.Verdict{Decision: models.DecideAccept, Reason: "It is to nothing."})
			if d.books("AR:Insurance 325.00"); t.Failed() || err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
		isKept("the claim is not sent yet")
		claim := d.transmit("visit")
		_, err = d.records.Create(ctx, d.payer("beta"), "ClaimResponse", []byte(answer(claim, "ICN-1")), "")
		wantKind(t, err, fault.BusinessRule, "answer.insurer")
		if _, err = d.records.Create(ctx, d.payer("beta"), "ClaimResponse", []byte(strings.Replace(answer(claim, "ICN-1"), "Organization/acme", "Organization/beta", 1)), ""); err != nil {
			t.Fatal(err)
		}
		isKept("the claim is another payer's")
		if _, err = d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim, "ICN-1")), ""); err != nil {
			t.Fatal(err)
		}
		_, err = d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(strings.Replace(answer(claim, "ICN-1"), "2026-03-20", "2026-03-21", 1)), "")
		wantKind(t, err, fault.Conflict, "answer.contradicts")
		d.clean()
	})
}

func TestDenialIsNotPosted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		claim := d.transmit("visit")
		denied := strings.NewReplacer(`"code":"45"`, `"code":"50"`).Replace(answer(claim, "ICN-1"))
		if _, err := d.records.Create(context.Background(), d.payer("acme"), "ClaimResponse", []byte(denied), ""); err != nil {
			t.Fatal(err)
		}
		d.search("Task", "code=review-answer&status=requested", 1)
		d.books("AR:Insurance 140.00; AR:Patient 74.00; Clearing:ERA 96.00; Contra:Contractual 0.00; Contra:Bundled 15.00")
		d.clean()
	})
}

func TestAHeldClaimIsCheckedAgainWhenWhatHoldsItIsCorrected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.put("Practitioner", "doc", `{"resourceType":"Practitioner","id":"doc","name":[{"family":"Canary"}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567890"}]}`)
		d.visit()
		held := d.search("Claim", "encounter=Encounter/visit&claim-state=held", 1)[0]
		d.search("Task", "code=correct-claim&status=requested", 1)
		validated, err := d.office.ValidateClaim(context.Background(), d.admin(), billing.Call{}, models.ClaimID(held.ID))
		findings := validated.Result
		if err != nil || len(findings) == 0 || findings[0].Rule != "scrub.npi" {
			t.Fatalf("findings %v, %v; want scrub.npi", findings, err)
		}
		_, err = d.office.SubmitClaim(context.Background(), d.admin(), billing.Call{}, models.ClaimID(held.ID))
		wantKind(t, err, fault.BusinessRule, "scrub.npi")
		d.put("Practitioner", "doc", `{"resourceType":"Practitioner","id":"doc","name":[{"family":"Canary"}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1999999984"}]}`)
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.search("Task", "code=correct-claim&status=completed", 1)
		d.clean()
	})
}

func TestOnePaymentKeyIsOnePayment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		d.visit()
		claim := d.transmit("visit")
		if _, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim, "ICN-1")), ""); err != nil {
			t.Fatal(err)
		}
		invoice := models.InvoiceID(d.search("Invoice", "patient=Patient/ann&status=issued", 1)[0].ID)
		pay := func(amount models.Cents, key string) (models.Invoice, error) {
			done, err := d.office.Pay(ctx, d.admin(), billing.Call{Key: key}, billing.PaymentRequest{InvoiceID: invoice, Amount: amount, Method: models.PaymentCash})
			return done.Result, err
		}
		paid, err := pay(4000, "a")
		if err != nil || paid.Due != 3400 || paid.Status != models.InvoiceIssued {
			t.Fatalf("after 40.00 %s are due (%s), %v", paid.Due, paid.Status, err)
		}
		_, err = pay(4001, "a")
		wantKind(t, err, fault.BusinessRule, "idempotency.key")
		_, err = pay(100, "")
		wantKind(t, err, fault.Invalid, "required")
		if paid, err = pay(5000, "b"); err != nil || paid.Due != 0 || paid.Status != models.InvoiceBalanced {
			t.Fatalf("after 90.00 %s are due (%s), %v", paid.Due, paid.Status, err)
		}
		d.books("Cash:Drawer 90.00; Liability:Patient-credits -16.00; Clearing:ERA 96.00; Contra:Contractual 140.00; Contra:Bundled 15.00")
		d.clean()
	})
}

const bareItem = `{"resourceType":"ChargeItem","id":"%s","status":"%s","code":{"coding":[{"system":"` + cpt + `","code":"%s"}]},"subject":{"reference":"Patient/ann"},"context":{"reference":"Encounter/visit"},"occurrenceDateTime":"2026-03-02","quantity":{"value":1},"note":[{"text":"%s"}]}`

func (d *desk) item(id, status, code, note string) {
	d.put("ChargeItem", id, fmt.Sprintf(bareItem, id, status, code, cmp.Or(note, "as ordered")))
}

func (d *desk) diagnosis(id, code string) {
	d.put("Condition", id, `{"resourceType":"Condition","id":"`+id+`","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"`+code+`"}]}}`)
}

func TestASentChargeItemStaysThroughEveryCapture(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.encounter("visit", "finished")
		d.diagnosis("dx1", "I10")
		d.item("one", "billable", "93000", "")
		d.quiet()
		d.books("AR:Insurance 60.00")
		d.item("two", "billable", "36415", "")
		d.quiet()
		d.books("AR:Insurance 75.00")
		d.diagnosis("dx2", "E785")
		d.quiet()
		d.books("AR:Insurance 75.00")
		d.item("three", "billable", "85025", "") // has no price yet: nothing stands until it has
		d.quiet()
		d.books("AR:Insurance 0.00")
		d.price("85025", "20.00")
		d.quiet()
		d.books("AR:Insurance 95.00")
		d.clean()
	})
}

func TestWhatACoderChoseOutlivesWhatAnEHRSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.encounter("visit", "finished")
		d.item("one", "billable", "36415", "") // no diagnosis: a coder is asked
		d.quiet()
		if err := d.code("visit", coded); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		d.books("AR:Insurance 60.00")
		d.diagnosis("dx1", "E785")
		d.quiet()
		d.books("AR:Insurance 60.00")
		d.clean()
	})
}

func TestASentChargeItemStandsAndRefusesWhatContradicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		d.encounter("visit", "finished")
		d.diagnosis("dx1", "I10")
		d.item("one", "billable", "93000", "first")
		d.item("wrong", "billable", "36415", "")
		d.item("wrong", "entered-in-error", "36415", "")
		d.quiet()
		d.transmit("visit")
		d.item("one", "billable", "93000", "second")
		item, err := d.records.Read(ctx, d.admin(), models.Ref{Type: "ChargeItem", ID: "one"})
		if err != nil || !strings.Contains(string(item.Body), `"second"`) {
			t.Errorf("what was sent of a posted charge is lost: %v", err)
		}
		for path, body := range map[string]string{
			"ChargeItem.code":   fmt.Sprintf(bareItem, "one", "billable", "36415", "third"),
			"ChargeItem.status": fmt.Sprintf(bareItem, "one", "entered-in-error", "93000", "third"),
		} {
			_, err := d.records.Update(ctx, d.admin(), models.Ref{Type: "ChargeItem", ID: "one"}, []byte(body), 0)
			wantKind(t, err, fault.Conflict, "charge.sent")
			if got := fault.From(err).Issues[0].Path; got != path {
				t.Errorf("refused at %s, want %s", got, path)
			}
		}
		_, err = d.records.Update(ctx, d.admin(), models.Ref{Type: "ChargeItem", ID: "wrong"}, []byte(fmt.Sprintf(bareItem, "wrong", "unknown", "36415", "third")), 0)
		wantKind(t, err, fault.BusinessRule, "charge.status")
		d.quiet()
		d.books("AR:Insurance 60.00")
		d.clean()
	})
}
