package billing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// payment is what a payer tells of a payment. A detail is the number of an answer with its amount (`A-1 96.00`, `-A-1 -96.00` for its reversal, `@` with the id of one to no claim), or a code, its reference
// and an amount (`FB:REM0003 13.50`).
func (d *desk) payment(payer models.OrganizationID, trace, amount string, details ...string) fields {
	d.t.Helper()
	var answers []models.Answer
	d.view(func(v *store.View) (err error) {
		answers, err = books.AnswersOfPayment(v, payer, trace)
		return err
	})
	var list []fields
	for _, text := range details {
		name, amount, _ := strings.Cut(text, " ")
		code, reference, _ := strings.Cut(name, ":")
		detail := fields{"amount": usd(amount), "identifier": fields{"value": reference}, "type": fields{"coding": []fields{
			{"system": "http://terminology.hl7.org/CodeSystem/payment-type", "code": "adjustment"}, {"system": "https://codesystem.x12.org/005010/426", "code": code},
		}}}
		if reference == "" {
			delete(detail, "identifier")
		}
		for _, a := range answers {
			number, isReversal := strings.CutPrefix(name, "-")
			if strings.HasSuffix(a.Key, "|"+number) && isReversal == (a.Kind == models.AnswerReversal) {
				detail = fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/payment-type", "payment"), "response": ref("ClaimResponse/" + string(a.ID)), "amount": usd(amount)}
			}
		}
		if id, isNamed := strings.CutPrefix(name, "@"); isNamed {
			detail = fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/payment-type", "payment"), "response": ref("ClaimResponse/" + id), "amount": usd(amount)}
		}
		list = append(list, detail)
	}
	return fields{
		"resourceType": "PaymentReconciliation", "status": "active", "created": "2026-03-20", "paymentIssuer": ref("Organization/" + string(payer)), "outcome": "complete",
		"paymentDate": "2026-03-20", "paymentAmount": usd(amount), "paymentIdentifier": fields{"system": "https://payer.example.org/trace", "value": trace}, "detail": list,
	}
}

func (d *desk) tells(who auth.Principal, f fields) (records.Outcome, error) {
	d.t.Helper()
	return d.records.Create(context.Background(), who, "PaymentReconciliation", d.json(f), "")
}

// pays has a payer tell a payment that is taken.
func (d *desk) pays(payer models.OrganizationID, f fields) records.Outcome {
	d.t.Helper()
	told, err := d.tells(d.payer(payer), f)
	if err != nil {
		d.t.Fatalf("the payment is refused: %v", err)
	}
	return told
}

// balance gives what stands on an account under a reference of a payer.
func (d *desk) balance(account models.LedgerAccount, reference string) (sum models.Cents) {
	d.view(func(v *store.View) error {
		return journal.Each(v, func(e models.Entry) error {
			for _, p := range e.Postings {
				if p.Account == account && p.RemittanceID == reference {
					sum += p.Amount
				}
			}
			return nil
		})
	})
	return sum
}

// paymentWork gives the open work about payments: kind, amount and what it asks.
func (d *desk) paymentWork() string {
	var texts []string
	d.view(func(v *store.View) error {
		items, err := books.WorkItems(v, "", "", 100)
		for _, w := range items {
			if w.Subject.Type != "PaymentReconciliation" {
				continue
			}
			text := fmt.Sprintf("%s %s", w.Kind, w.Amount)
			for _, reason := range w.Reasons {
				text += " " + reason.Code
			}
			texts = append(texts, text)
		}
		return err
	})
	return strings.Join(texts, ", ")
}

// TestAPaymentIsWhatItsAnswersSayUntilItsPayerTellsIt holds that the first answer with a trace number begins a payment, that each one adds to it, that its payer completes the same
// document, and that nothing joins it after that.
func TestAPaymentIsWhatItsAnswersSayUntilItsPayerTellsIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		first, second := d.guest(1, "paid"), d.guest(2, "paid")
		first.three()
		second.three()
		if err := first.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		begun := d.search("PaymentReconciliation", "outcome=queued", 1)[0]
		if text := string(begun.Body); !strings.Contains(text, `"value":96.00`) || strings.Contains(text, "detail") {
			t.Errorf("begun it says %s", text)
		}
		if _, err := d.tells(d.payer("acme"), d.payment("acme", "EFT0001", "96.00", "A-1 96.00")); err != nil {
			t.Fatal(err)
		}
		if got := refusal(second.judges("A-1", false, asFirst)); got != "remittance.complete ClaimResponse.payment.identifier" {
			t.Errorf("an answer after all was told is refused by %q", got)
		}
		now := d.read("PaymentReconciliation", begun.ID)
		for _, part := range []string{`"versionId":"2"`, `"outcome":"complete"`, `"system":"https://payer.example.org/trace"`, `"request":{"reference":"Claim/`} {
			if !strings.Contains(now, part) {
				t.Errorf("told it misses %s: %s", part, now)
			}
		}
		if got := d.balance(models.AccountClearing, "EFT0001"); got != 9600 {
			t.Errorf("%s is expected", got)
		}
		d.clean()
	})
}

// TestAPaymentIsBookedOnce holds that the same payment again is the first, whoever sends it in whatever call, and that another one under its trace number is refused.
func TestAPaymentIsBookedOnce(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "once")
		g.three()
		if err := g.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		told := d.payment("acme", "EFT0001", "97.50", "A-1 96.00", "L6 1.50")
		first, again := d.pays("acme", told), d.pays("acme", told)
		if !first.Created || again.Created || first.Document.ID != again.Document.ID || again.Document.Version != 2 {
			t.Errorf("first %v as version %d, again %v as version %d", first.Created, first.Document.Version, again.Created, again.Document.Version)
		}
		if _, err := d.tells(d.payer("acme"), told.with(fields{"paymentDate": "2026-03-21"})); refusal(err) != "remittance.contradicts PaymentReconciliation.paymentIdentifier" {
			t.Errorf("another day: %v", err)
		}
		if got, interest := d.balance(models.AccountClearing, "EFT0001"), d.balance(models.AccountInterest, ""); got != 9750 || interest != -150 {
			t.Errorf("%s is expected, %s interest", got, interest)
		}
		d.clean()
	})
}

// TestAPaymentThatDoesNotAddUpIsRefused holds each equation, with its place, and that nothing changes.
func TestAPaymentThatDoesNotAddUpIsRefused(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "odd")
		g.three()
		if err := g.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			name, amount string
			details      []string
			want         string
		}{
			{"a cent more", "96.01", []string{"A-1 96.00"}, "remittance.unbalanced PaymentReconciliation.paymentAmount"},
			{"below nothing", "-4.00", []string{"A-1 96.00", "WO:x -100.00"}, "remittance.unbalanced PaymentReconciliation.paymentAmount"},
			{"an answer is missing", "1.50", []string{"L6 1.50"}, "remittance.unbalanced PaymentReconciliation.detail"},
			{"an answer twice", "192.00", []string{"A-1 96.00", "A-1 96.00"}, "remittance.unbalanced PaymentReconciliation.detail[1].response"},
			{"another amount", "95.00", []string{"A-1 95.00"}, "remittance.unbalanced PaymentReconciliation.detail[0].amount"},
			{"an adjustment of nothing", "96.00", []string{"A-1 96.00", "L6 0.00"}, "remittance.unbalanced PaymentReconciliation.detail[1].amount"},
		} {
			if _, err := d.tells(d.payer("acme"), d.payment("acme", "EFT0001", row.amount, row.details...)); refusal(err) != row.want {
				t.Errorf("%s is refused by %q, want %q", row.name, refusal(err), row.want)
			}
		}
		stranger := d.payment("acme", "EFT0001", "96.00", "A-1 96.00")
		stranger["detail"].([]fields)[0]["response"] = ref("ClaimResponse/another")
		if _, err := d.tells(d.payer("acme"), stranger); refusal(err) != "remittance.unbalanced PaymentReconciliation.detail[0].response" {
			t.Errorf("an answer of nobody is refused by %v", err)
		}
		foreign := d.payment("acme", "EFT0001", "96.00", "A-1 96.00")
		foreign["paymentAmount"] = fields{"value": number("96.00"), "currency": "EUR"}
		if _, err := d.tells(d.payer("acme"), foreign); refusal(err) != "money.currency PaymentReconciliation.paymentAmount.currency" {
			t.Errorf("another currency is refused by %v", err)
		}
		d.search("PaymentReconciliation", "outcome=queued", 1)
	})
}

// TestMoneyOfAPaymentThatBelongsToNoClaim holds where each adjustment stands, that what is carried forward is taken from a later payment under the same reference, and that what
// nobody knows, and what takes more than was given, is work.
func TestMoneyOfAPaymentThatBelongsToNoClaim(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "beside")
		g.three()
		for _, turned := range []bool{false, true} {
			if err := g.judges("A-1", turned, asFirst); err != nil {
				t.Fatal(err)
			}
		}
		if err := g.judges("A-1R", false, asCorrected); err != nil {
			t.Fatal(err)
		}
		d.pays("acme", d.payment("acme", "EFT0001", "96.00", "A-1 96.00"))
		d.pays("acme", d.payment("acme", "REM0003", "0.00", "-A-1 -96.00", "A-1R 56.00", "L6 1.50", "FB:REM0003 38.50"))
		d.pays("acme", d.payment("acme", "EFT0004", "1.50", "FB:REM0003 -38.50", "IP 50.00", "L3 -10.00"))
		for _, row := range []struct {
			account   models.LedgerAccount
			reference string
			want      models.Cents
		}{
			{models.AccountClearing, "EFT0001", 9600}, {models.AccountClearing, "REM0003", 0}, {models.AccountClearing, "EFT0004", 150},
			{models.AccountForward, "REM0003", 0}, {models.AccountInterest, "", -150}, {models.AccountIncentive, "", -5000}, {models.AccountPenalties, "", 1000},
		} {
			if got := d.balance(row.account, row.reference); got != row.want {
				t.Errorf("%s %s holds %s, want %s", row.account, row.reference, got, row.want)
			}
		}
		if got := d.paymentWork(); got != "" {
			t.Errorf("what is known is work: %s", got)
		}
		d.pays("acme", d.payment("acme", "EFT0005", "4.00", "CS:odd 10.00", "FB:REM0003 -5.00", "ZZ -1.00"))
		if got := d.paymentWork(); got != "review-adjustment 4.00 CS FB ZZ" {
			t.Errorf("what nobody knows is %q", got)
		}
		if got := d.balance(models.AccountSuspense, "odd") + d.balance(models.AccountSuspense, ""); got != -900 {
			t.Errorf("%s stands in suspense", got)
		}
		d.decides("review-adjustment", billing.Verdict{Decision: models.DecideAccept, Reason: "The payer explained it by phone."})
		if got := d.paymentWork(); got != "" {
			t.Errorf("decided, %s is left", got)
		}
		d.clean()
	})
}

// decides decides the one open item of a kind.
func (d *desk) decides(kind models.WorkKind, v billing.Verdict) {
	d.t.Helper()
	var items []models.WorkItem
	d.view(func(v *store.View) (err error) {
		items, err = books.WorkItems(v, kind, "", 2)
		return err
	})
	if len(items) != 1 {
		d.t.Fatalf("%d items of %s are open", len(items), kind)
	}
	if _, err := d.office.DecideWork(context.Background(), d.admin(), billing.Call{}, items[0].ID, v); err != nil {
		d.t.Fatal(err)
	}
}

// TestAPaymentThatNobodyTellsIsWork holds that five business days after the first answer a person is asked, once, and no more when the payer tells it.
func TestAPaymentThatNobodyTellsIsWork(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := clocktest.At(time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)) // a Friday
		d := workless(t, storetest.OpenAt(t, url, hand.Clock()))
		none := 0
		d.settings(models.SettingsChange{SelfPayHours: &none})
		d.practice()
		g := d.guest(1, "untold")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.charge("a", "99214-25"), g.charge("b", "93000"), g.charge("c", "36415"))
		for range 3 {
			if err := d.step(); err != nil {
				t.Fatal(err)
			}
		}
		g.submit()
		if err := g.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		asks := func(want string) {
			t.Helper()
			if err := d.office.AskForRemittances(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := d.paymentWork(); got != want {
				t.Errorf("on %s the work is %q, want %q", hand.Clock().Now().Format(time.DateOnly), got, want)
			}
		}
		hand.Advance(6 * 24 * time.Hour)
		asks("")
		hand.Advance(24*time.Hour + time.Minute)
		asks("unbalanced-remittance 96.00")
		asks("unbalanced-remittance 96.00")
		d.pays("acme", d.payment("acme", "EFT0001", "96.00", "A-1 96.00"))
		asks("")
	})
}

// TestWhoTellsAPayment holds that a payer tells its own payments and sees no other's, that the billing desk enters what came on paper, and that nobody else tells any.
func TestWhoTellsAPayment(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "who")
		g.three()
		if err := g.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		told := d.payment("acme", "EFT0001", "96.00", "A-1 96.00")
		paper := told.with(fields{"extension": []fields{{"url": "https://medbill.dev/fhir/StructureDefinition/source", "valueCode": "paper"}}})
		for _, row := range []struct {
			name string
			who  auth.Principal
			sent fields
			want string
		}{
			{"another payer", d.payer("beta"), told, "forbidden PaymentReconciliation.paymentIssuer"},
			{"an EHR", d.withRole(auth.RoleEHR), paper, "forbidden "},
			{"a coder", d.withRole(auth.RoleCoder), paper, "forbidden "},
			{"a payer on paper", d.payer("acme"), paper, "answer.source PaymentReconciliation.extension"},
			{"a biller not on paper", d.withRole(auth.RoleBiller), told, "forbidden PaymentReconciliation.extension"},
			{"a biller", d.withRole(auth.RoleBiller), paper, ""},
			{"the payer after that", d.payer("acme"), told, "remittance.contradicts PaymentReconciliation.paymentIdentifier"},
		} {
			if _, err := d.tells(row.who, row.sent); refusal(err) != row.want {
				t.Errorf("%s is refused by %q, want %q", row.name, refusal(err), row.want)
			}
		}
		for payer, want := range map[models.OrganizationID]int{"acme": 1, "beta": 0} {
			found, err := d.records.Search(context.Background(), d.payer(payer), "PaymentReconciliation", nil, false)
			if err != nil || len(found.Matches) != want {
				t.Errorf("%s finds %d payments, %v", payer, len(found.Matches), err)
			}
		}
	})
}

// TestABillerEntersAnAnswerFromPaper holds that what a person enters from paper is posted like what the payer sends, and says that it came so.
func TestABillerEntersAnAnswerFromPaper(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "paper")
		g.three()
		c := g.askedOf("acme")
		entered := func(more fields) error {
			return g.answersAs(d.withRole(auth.RoleBiller), c, more, saidOf(c, asFirst)...)
		}
		if got := refusal(entered(nil)); got != "forbidden ClaimResponse.extension" {
			t.Errorf("without its source it is refused by %q", got)
		}
		if err := entered(fields{"extension": []fields{{"url": "https://medbill.dev/fhir/StructureDefinition/source", "valueCode": "paper"}}}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got := g.stands(); got != "patient; acme adjudicated 325.00; invoice issued 74.00" {
			t.Errorf("entered it stands %s", got)
		}
		d.clean()
	})
}

// saidOf gives what is said of each line of a claim, by its code.
func saidOf(c models.Claim, byCode map[string]line) []line {
	lines := make([]line, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = byCode[l.Code]
	}
	return lines
}
