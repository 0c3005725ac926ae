package billing_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/bankfile"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// Money that comes to the bank without a word of its payer, which is asked for the remittance at its own server.

const taxed = `{"resourceType":"Organization","id":"practice","name":"Zzyzx Clinic","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"},{"system":"urn:oid:2.16.840.1.113883.4.4","value":"999999999"}],"address":[{"line":["1 Canary Way"],"city":"Zzyzx","state":"CA","postalCode":"92309-1234"}]}`

// eachLonely is a practice that payers know by its tax number.
func eachLonely(t *testing.T, test func(t *testing.T, d asking)) {
	eachAsking(t, func(t *testing.T, d asking) {
		practice := models.OrganizationID("practice")
		d.settings(models.SettingsChange{PracticeID: &practice})
		d.put("Organization", "practice", taxed)
		d.server.at = map[string]func(*fhir.Document) (int, string){}
		test(t, d)
	})
}

// banks has money come to the bank on the second of March, a Monday.
func (d asking) banks(trace, payer string) {
	d.t.Helper()
	file, err := bankfile.ReadCSV(strings.NewReader("date,amount,trace,payer,text\n2026-03-02,250.00," + trace + "," + payer + ",\n"))
	if err == nil {
		_, err = d.office.TakeDeposits(context.Background(), d.admin(), billing.Call{}, file)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// searches has payers asked after a while.
func (d asking) searches(after time.Duration) {
	d.t.Helper()
	d.hand.Advance(after)
	if err := d.office.SearchPayments(context.Background()); err != nil {
		d.t.Fatal(err)
	}
	d.works()
}

// workOfMoney gives the open work about the deposit with a trace number.
func (d asking) workOfMoney(trace string) (w models.WorkItem) {
	d.t.Helper()
	d.view(func(v *store.View) error {
		list, err := books.Deposits(v, models.DepositFilter{Trace: trace}, models.Deposit{}, 2)
		if err != nil || len(list) != 1 {
			return fmt.Errorf("%d deposits have the trace number: %w", len(list), err)
		}
		w, _, err = books.OpenItem(v, models.WorkDeposit, models.Ref{Type: models.DepositType, ID: string(list[0].ID)})
		return err
	})
	return w
}

// found tells how the deposit with a trace number stands, and what people are told of its payer.
func (d asking) found(trace string) (text string) {
	d.t.Helper()
	d.view(func(v *store.View) error {
		list, err := books.Deposits(v, models.DepositFilter{Trace: trace}, models.Deposit{}, 2)
		if err != nil || len(list) != 1 {
			return fmt.Errorf("%d deposits have the trace number: %w", len(list), err)
		}
		w, isOpen, err := books.OpenItem(v, models.WorkDeposit, models.Ref{Type: models.DepositType, ID: string(list[0].ID)})
		text = string(list[0].State)
		if isOpen == (list[0].State == models.DepositMatched) {
			text += " against its work"
		}
		for _, r := range w.Reasons {
			text += " " + strings.TrimPrefix(r.Code, "deposit.")
		}
		return err
	})
	return text
}

// sendsTo makes a claim of 250.00 that is with its payer.
func (g guest) sendsTo(d asking, payer string) models.Claim {
	g.t.Helper()
	g.send(g.patient(), g.plan("plan").with(fields{"payor": []fields{ref("Organization/" + payer)}}), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("a", "99214"))
	d.works()
	g.submit()
	return g.claim()
}

// toldPayment is what a payer's server has of one payment: what it says where it is asked, and the file.
type toldPayment struct {
	found, answer, payment, file fields
	more                         []fields // other documents in the file
	form                         string
	status                       int
	text                         string // in place of what is found
}

// tellsOf gives what a payer tells of a payment of 250.00 for a claim, under the addresses of its own server.
func (d asking) tellsOf(trace string, c models.Claim) toldPayment {
	return toldPayment{
		status: http.StatusOK, form: "application/fhir+json",
		found: fields{"date": "2026-03-02", "number": trace, "amount": "250.00"},
		answer: fields{
			"resourceType": "ClaimResponse", "id": "7", "status": "active", "use": "claim", "outcome": "complete", "created": "2026-03-02", "type": conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
			"identifier": []fields{{"system": "http://payer.example.org/icn", "value": "ICN-" + trace}}, "patient": ref("Patient/1"), "insurer": ref("Organization/1"),
			"request": fields{"reference": "Claim/99", "identifier": fields{"system": "https://medbill.dev/fhir/NamingSystem/claim-number", "value": c.Number}}, "item": itemsOf(c, 1, line{"250.00", nil}),
			"payment": fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "date": "2026-03-02", "amount": usd("250.00"), "identifier": fields{"value": trace}},
		},
		payment: fields{
			"resourceType": "PaymentReconciliation", "id": "8", "status": "active", "created": "2026-03-02", "outcome": "complete", "paymentIssuer": ref("Organization/1"),
			"paymentDate": "2026-03-02", "paymentAmount": usd("250.00"), "paymentIdentifier": fields{"system": "https://payer.example.org/trace", "value": trace},
			"detail": []fields{{"type": conceptOf("http://terminology.hl7.org/CodeSystem/payment-type", "payment"), "request": ref("Claim/99"), "response": ref("https://acme.example/fhir/ClaimResponse/7"), "amount": usd("250.00")}},
		},
	}
}

// gives has the payer's server tell of a payment.
func (d asking) gives(of toldPayment) {
	d.server.at["$searchByPayment"] = func(asked *fhir.Document) (int, string) {
		if of.text != "" {
			return of.status, of.text
		}
		text := func(name, value string) fields { return fields{"name": name, "valueString": value} }
		return of.status, string(d.json(fields{"resourceType": "Parameters", "parameter": []fields{text("TIN", "999999999"), {"name": "PaymentInfo", "part": []fields{
			{"name": "PaymentIssueDate", "valueDate": of.found["date"]}, text("PaymentNumber", of.found["number"].(string)), {"name": "PaymentAmount", "valueMoney": usd(of.found["amount"].(string))},
			{"name": "Remittance", "part": []fields{text("RemittanceAdviceIdentifier", "ADVICE-"+of.found["number"].(string)), {"name": "RemittanceAdviceType", "valueCode": of.form}}},
		}}}}))
	}
	d.server.at["$downloadRemittance"] = func(asked *fhir.Document) (int, string) {
		if of.file != nil {
			return http.StatusOK, string(d.json(of.file))
		}
		entries := []fields{{"fullUrl": "https://acme.example/fhir/PaymentReconciliation/8", "resource": of.payment}, {"fullUrl": "https://acme.example/fhir/ClaimResponse/7", "resource": of.answer}}
		for _, one := range of.more {
			entries = append(entries, fields{"resource": one})
		}
		return http.StatusOK, string(d.json(fields{"resourceType": "Binary", "contentType": "application/fhir+json+gzip", "data": gzipped(d.json(fields{"resourceType": "Bundle", "type": "collection", "entry": entries}))}))
	}
}

func gzipped(text []byte) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(text)
	_ = z.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

const threeDays = 3 * 24 * time.Hour

// TestALonelyPaymentIsAskedForAndPosted holds that what a payer's server gives is posted under our addresses as if it had been sent: its answers, its payment, and the deposit is matched. Answers that came before, in whatever form, are not
// posted twice.
func TestALonelyPaymentIsAskedForAndPosted(t *testing.T) {
	eachLonely(t, func(t *testing.T, d asking) {
		for i, isAnswered := range []bool{false, true} {
			g := d.guest(i, "lonely")
			c, trace := g.sendsTo(d, "acme"), fmt.Sprint("EFT-", i)
			of := d.tellsOf(trace, c)
			if isAnswered {
				sent := of.answer.with(fields{"id": nil, "created": "2026-03-03", "patient": ref("Patient/" + g.id), "insurer": ref("Organization/acme"), "request": ref("Claim/" + string(c.ID))})
				if _, err := d.records.Create(context.Background(), d.payer("acme"), "ClaimResponse", d.json(sent), ""); err != nil {
					t.Fatal(err)
				}
			}
			d.gives(of)
			d.banks(trace, "acme")
			d.searches(threeDays)
			if got, want := d.found(trace)+"; "+g.stands(), "matched; closed; acme adjudicated 250.00"; got != want {
				t.Errorf("answered before %v: it stands %s, want %s", isAnswered, got, want)
			}
			d.search("ClaimResponse", "request=Claim/"+string(c.ID), 1)
		}
		d.search("PaymentReconciliation", "payment-issuer=Organization/acme", 2)
		if got := d.paymentWork(); got != "" {
			t.Errorf("about the payments is to be done %s", got)
		}
		d.books("Cash:Bank 500.00")
	})
}

// TestWhatIsNotTheRemittanceOfTheMoneyPostsNothing holds that a payer's server that knows nothing, gives another payment, another payer's claims, what cannot be read, is too large, does not add up or contradicts the books changes nothing
// but what people are told, and that it is not asked again by itself.
func TestWhatIsNotTheRemittanceOfTheMoneyPostsNothing(t *testing.T) {
	detail := func(amount string, more fields) fields {
		return fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/payment-type", "payment"), "response": ref("ClaimResponse/7"), "amount": usd(amount)}.with(more)
	}
	extension := func(code string) []fields {
		return []fields{{"url": "https://medbill.dev/fhir/StructureDefinition/source", "valueCode": code}}
	}
	rows := []struct {
		name, want string
		change     func(of *toldPayment)
	}{
		{"nothing is found", "unknown", func(of *toldPayment) {
			of.text = `{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"not-found"}]}`
		}},
		{"nothing is found, by status", "unknown", func(of *toldPayment) { of.status, of.text = http.StatusNotFound, "{}" }},
		{"it takes no such question", "unknown", func(of *toldPayment) { of.status, of.text = http.StatusBadRequest, "no" }},
		{"no JSON", "unreadable", func(of *toldPayment) { of.text = "no JSON" }},
		{"another number", "other", func(of *toldPayment) { of.found["number"] = "EFT-OTHER" }},
		{"another amount", "other", func(of *toldPayment) { of.found["amount"] = "250.01" }},
		{"another day", "other", func(of *toldPayment) { of.found["date"] = "2026-03-06" }},
		{"an amount that is none", "unknown", func(of *toldPayment) { of.found["amount"] = "1e99" }},
		{"only as X12", "unreadable", func(of *toldPayment) { of.form = "application/EDI-X12" }},
		{"as PDF", "unreadable", func(of *toldPayment) {
			of.file = fields{"resourceType": "Binary", "contentType": "application/pdf+gzip", "data": gzipped([]byte("%PDF"))}
		}},
		{"a file that unpacks to too much", "unreadable", func(of *toldPayment) {
			of.file = fields{"resourceType": "Binary", "contentType": "application/fhir+json+gzip", "data": gzipped(make([]byte, 200<<20))}
		}},
		{"a file that is broken", "unreadable", func(of *toldPayment) {
			of.file = fields{"resourceType": "Binary", "contentType": "application/fhir+json+gzip", "data": "H4sIAAAA"}
		}},
		{"no file", "unreadable", func(of *toldPayment) { of.file = fields{"resourceType": "OperationOutcome"} }},
		{"two payments in a file", "unreadable", func(of *toldPayment) { of.more = []fields{of.payment} }},
		{"a claim in a file", "unreadable", func(of *toldPayment) { of.more = []fields{{"resourceType": "Claim", "id": "9"}} }},
		{"the file has another trace number", "other", func(of *toldPayment) { of.payment["paymentIdentifier"] = fields{"value": "EFT-OTHER"} }},
		{"the file has another amount", "other", func(of *toldPayment) {
			of.payment["paymentAmount"] = usd("251.50")
			of.payment["detail"] = []fields{detail("250.00", nil), {"amount": usd("1.50"), "type": fields{"coding": []fields{{"system": "http://terminology.hl7.org/CodeSystem/payment-type", "code": "adjustment"}, {"system": "https://codesystem.x12.org/005010/426", "code": "L6"}}}}}
		}},
		{"the file has another day", "other", func(of *toldPayment) { of.payment["paymentDate"] = "2026-03-09" }},
		{"it does not add up", "refused", func(of *toldPayment) { of.payment["detail"] = []fields{detail("249.99", nil)} }},
		{"the answer does not balance", "refused", func(of *toldPayment) {
			of.answer["item"] = []fields{{"itemSequence": 1, "adjudication": []fields{{"category": conceptOf("http://terminology.hl7.org/CodeSystem/adjudication", "submitted"), "amount": usd("250.00")}, {"category": conceptOf("http://terminology.hl7.org/CodeSystem/adjudication", "benefit"), "amount": usd("240.00")}}}}
		}},
		{"the answer is of another payment", "refused", func(of *toldPayment) {
			of.answer["payment"] = fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "date": "2026-03-02", "amount": usd("250.00"), "identifier": fields{"value": "EFT-OTHER"}}
		}},
		{"the payment does not pay the answer", "refused", func(of *toldPayment) {
			of.payment["detail"] = []fields{{"amount": usd("250.00"), "type": fields{"coding": []fields{{"system": "http://terminology.hl7.org/CodeSystem/payment-type", "code": "adjustment"}, {"system": "https://codesystem.x12.org/005010/426", "code": "L6"}}}}}
		}},
		{"an answer beside the payment", "other", func(of *toldPayment) {
			of.answer["payment"] = fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "date": "2026-03-02", "amount": usd("250.00"), "identifier": fields{"value": "EFT-OTHER"}}
			of.payment["detail"] = []fields{{"amount": usd("250.00"), "type": fields{"coding": []fields{{"system": "http://terminology.hl7.org/CodeSystem/payment-type", "code": "adjustment"}, {"system": "https://codesystem.x12.org/005010/426", "code": "L6"}}}}}
		}},
		{"an answer to nobody's claim", "other", func(of *toldPayment) {
			of.answer["request"] = fields{"identifier": fields{"system": "https://medbill.dev/fhir/NamingSystem/claim-number", "value": "NONE"}}
		}},
		{"an answer entered from paper", "refused", func(of *toldPayment) { of.answer["extension"] = extension("paper") }},
		{"a payment entered from paper", "refused", func(of *toldPayment) { of.payment["extension"] = extension("paper") }},
		{"a payment that is no FHIR", "refused", func(of *toldPayment) { of.payment["detail"] = "all of it" }},
		{"too much to read", "", func(of *toldPayment) { of.text = strings.Repeat(" ", 9<<20) }},
	}
	eachLonely(t, func(t *testing.T, d asking) {
		for i, row := range rows {
			g, trace := d.guest(i, "lonely"), fmt.Sprint("EFT-", i)
			of := d.tellsOf(trace, g.sendsTo(d, "acme"))
			row.change(&of)
			d.gives(of)
			d.banks(trace, "acme")
			d.searches(threeDays)
			d.saysOnly(g, row.name, trace, "acme", row.want, i+1)
			asked := len(d.server.told)
			if row.want == "" {
				continue // it is called again
			}
			d.gives(d.tellsOf(trace, g.claim()))
			d.searches(2 * time.Hour)
			if len(d.server.told) != asked {
				t.Errorf("%s: it is asked again: %v", row.name, d.server.told[asked:])
			}
		}
	})
	eachLonely(t, func(t *testing.T, d asking) {
		theirs := d.guest(1, "theirs")
		d.gives(d.tellsOf("EFT-1", theirs.sendsTo(d, "beta")))
		d.banks("EFT-1", "acme")
		d.searches(threeDays)
		d.saysOnly(theirs, "another payer's claim", "EFT-1", "beta", "other", 1)

		g := d.guest(2, "contradicts")
		c := g.sendsTo(d, "acme")
		of := d.tellsOf("EFT-2", c)
		if err := g.answersWith(c, fields{"identifier": of.answer["identifier"], "payment": of.answer["payment"].(fields).with(fields{"amount": usd("200.00")})}, line{"200.00", []string{"CO 45 50.00"}}); err != nil {
			t.Fatal(err)
		}
		d.works()
		d.gives(of)
		d.banks("EFT-2", "acme")
		d.searches(threeDays)
		if got := d.found("EFT-2"); got != "unmatched asked.refused" {
			t.Errorf("what contradicts the books leaves the money %s", got)
		}
		d.search("ClaimResponse", "request=Claim/"+string(c.ID), 1)
		d.books("AR:Insurance 250.00; Cash:Bank 500.00; Liability:Unmatched-receipts -500.00; Clearing:ERA 200.00; Contra:Contractual 50.00; Revenue:Gross -500.00")
	})
}

// saysOnly holds that of what a payer's server said nothing is in the books, with so many deposits for as many claims, and what people are told of it.
func (d asking) saysOnly(g guest, name, trace, payer, want string, count int) {
	d.t.Helper()
	if want != "" {
		want = " asked." + want
	}
	if got, want := d.found(trace)+"; "+g.stands(), "unmatched"+want+"; sent; "+payer+" transmitted 250.00"; got != want {
		d.t.Errorf("%s: it stands %s, want %s", name, got, want)
	}
	d.search("ClaimResponse", "request=Claim/"+string(g.claim().ID), 0)
	d.search("PaymentReconciliation", "payment-issuer=Organization/acme", 0)
	sum := models.Cents(25000 * count)
	d.books(fmt.Sprintf("AR:Insurance %[1]s; Cash:Bank %[1]s; Liability:Unmatched-receipts %[2]s; Revenue:Gross %[2]s", sum, -sum))
}

// TestAPayerIsAskedAboutMoneyAfterThreeBusinessDays holds when the payer of money is asked and when nobody is: not of money that is known meanwhile, or whose payment was told, that names no payer or trace number, or whose payer has no
// server; and that a practice that has no tax number is told so.
func TestAPayerIsAskedAboutMoneyAfterThreeBusinessDays(t *testing.T) {
	eachLonely(t, func(t *testing.T, d asking) {
		g := d.guest(1, "lonely")
		of := d.tellsOf("EFT-1", g.sendsTo(d, "acme"))
		of.text = `{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"not-found"}]}`
		d.gives(of)
		d.banks("EFT-1", "acme")
		d.banks("EFT-2", "beta")
		d.banks("EFT-3", "")
		d.banks("", "acme")
		d.searches(2*24*time.Hour + 3*time.Hour) // the evening of Wednesday, where the practice is
		if len(d.server.told) > 0 {
			t.Errorf("it is asked too early: %v", d.server.told)
		}
		d.searches(24 * time.Hour)
		if len(d.server.told) != 1 || !strings.HasPrefix(d.server.told[0], "$searchByPayment") {
			t.Errorf("it was told %v", d.server.told)
		}
		for trace, want := range map[string]string{"EFT-1": "unmatched asked.unknown", "EFT-2": "unmatched", "EFT-3": "unmatched"} {
			if got := d.found(trace); got != want {
				t.Errorf("%s stands %s, want %s", trace, got, want)
			}
		}
		d.pays("acme", d.payment("acme", "EFT-4", "96.00", "L6 96.00"))
		d.banks("EFT-4", "acme") // names it with another amount
		d.searches(threeDays)
		if got := d.found("EFT-4"); got != "unmatched proposal" || len(d.server.told) != 1 {
			t.Errorf("money that is told with another amount stands %s, and the payer was told %v", got, d.server.told)
		}
		d.put("Organization", "practice", strings.Replace(taxed, "urn:oid:2.16.840.1.113883.4.4", "urn:oid:none", 1))
		d.banks("EFT-5", "acme")
		d.searches(threeDays)
		if got := d.found("EFT-5"); got != "unmatched asked.no-number" || len(d.server.told) != 1 {
			t.Errorf("money of a practice without a tax number stands %s, and the payer was told %v", got, d.server.told)
		}
		d.put("Organization", "practice", taxed)
		for trace, want := range map[string]string{"EFT-5": "", "EFT-2": "", "EFT-3": "deposit.unnamed "} {
			if got := refusal(d.decide(d.workOfMoney(trace).ID, billing.Verdict{Decision: models.DecideRecheck})); got != want {
				t.Errorf("%s asked about once more is refused with %q, want %q", trace, got, want)
			}
		}
		d.searches(time.Second)
		for trace, want := range map[string]string{"EFT-5": "unmatched asked.unknown", "EFT-2": "unmatched", "EFT-3": "unmatched"} {
			if got := d.found(trace); got != want {
				t.Errorf("asked about once more %s stands %s, want %s", trace, got, want)
			}
		}
	})
}

// TestAPayerThatIsAwayIsAskedAboutMoneyAgain holds that a payer's server is asked once more after one, five and thirty minutes and then every hour of a day, that people are told after the fourth time, and that what it says then ends it.
func TestAPayerThatIsAwayIsAskedAboutMoneyAgain(t *testing.T) {
	eachLonely(t, func(t *testing.T, d asking) {
		g := d.guest(1, "away")
		c := g.sendsTo(d, "acme")
		away := d.tellsOf("EFT-1", c)
		away.status, away.text = http.StatusServiceUnavailable, "{}"
		d.gives(away)
		d.banks("EFT-1", "acme")
		d.banks("EFT-2", "acme")
		d.searches(threeDays)
		for i, pause := range []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, time.Hour} {
			d.searches(pause - time.Second)
			if len(d.server.told) != 2*(i+1) {
				t.Errorf("a second before %s it was called %d times, want %d", pause, len(d.server.told), 2*(i+1))
			}
			want := "unmatched"
			if i > 2 {
				want = "unmatched asked.away"
			}
			if got := d.found("EFT-1"); got != want {
				t.Errorf("after call %d it stands %s, want %s", i+1, got, want)
			}
			d.searches(time.Second)
		}
		d.gives(d.tellsOf("EFT-1", c))
		d.searches(time.Hour)
		if got, want := d.found("EFT-1")+", "+d.found("EFT-2"), "matched, unmatched asked.other"; got != want {
			t.Errorf("in the end they stand %s, want %s", got, want)
		}
		d.gives(away)
		d.banks("EFT-3", "acme")
		for range 40 {
			d.searches(time.Hour)
		}
		before := len(d.server.told)
		d.searches(30 * 24 * time.Hour)
		if got := d.found("EFT-3"); got != "unmatched asked.away" || len(d.server.told) != before {
			t.Errorf("a payer that never answers leaves it %s, and is asked %d times in the end", got, len(d.server.told)-before)
		}
	})
}
