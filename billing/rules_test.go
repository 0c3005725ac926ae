package billing_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/charge"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/coding"
	"medbill/billing/rules/invoice"
	"medbill/billing/rules/ledger"
	"medbill/billing/rules/scrub"
	"medbill/models"
)

// numbered gives ids in order: "charge-1", "charge-2" …
func numbered[ID ~string](prefix string) func() ID {
	n := 0
	return func() ID { n++; return ID(fmt.Sprint(prefix, "-", n)) }
}

// office is the visit of the worked example on its way through the rules, with what was posted.
type office struct {
	visit    models.Visit
	charges  []models.Charge
	claim    models.Claim
	postings []models.Posting
}

func (o *office) post(t interface{ Fatal(...any) }, e models.Entry) {
	if err := ledger.Check(e); err != nil {
		t.Fatal(err)
	}
	o.postings = append(o.postings, e.Postings...)
}

// open gives the charges with what the patient owes of them.
func (o *office) open() []ledger.Open {
	var open []ledger.Open
	for _, c := range o.charges {
		due := o.of(c.ID)[models.AccountARPatient]
		open = append(open, ledger.Open{ChargeID: c.ID, VisitID: c.VisitID, ServiceDate: c.ServiceDate, Due: due})
	}
	return open
}

// of gives the balances of one charge.
func (o *office) of(id models.ChargeID) models.Balances {
	var own []models.Posting
	for _, p := range o.postings {
		if p.ChargeID == id {
			own = append(own, p)
		}
	}
	return ledger.Sum(own)
}

func (o *office) invoice(lines []models.Adjudication) models.Invoice {
	return invoice.Build(invoice.Input{Visit: o.visit, Charges: o.charges, Postings: o.postings, Adjudications: lines, Issued: "2026-03-20", DueDays: 30})
}

// line is an answered line of the worked example; reasons are group, CARC and amount.
type line struct {
	billed, paid models.Cents
	reasons      []models.Adjustment
}

func answerOf(c models.Claim, lines ...line) models.Answer {
	a := models.Answer{ID: "answer", ClaimID: c.ID, PayerID: c.InsurerID}
	for i, l := range lines {
		a.Lines = append(a.Lines, models.AnswerLine{AnswerID: a.ID, LineSequence: i + 1, Billed: l.billed, Paid: l.paid})
		for _, r := range l.reasons {
			r.LineSequence = i + 1
			a.Adjustments = append(a.Adjustments, r)
		}
	}
	return a
}

func reason(group, carc string, amount models.Cents) models.Adjustment {
	return models.Adjustment{GroupCode: group, ReasonCode: carc, Amount: amount}
}

func balancesAre(t *testing.T, step string, got, want models.Balances) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", step, got, want)
	}
}

// TestWorkedExampleToTheCent takes one visit from what the EHR sends to a settled invoice.
func TestWorkedExampleToTheCent(t *testing.T) {
	encounter := models.Encounter{ID: "v", Status: "finished", Class: "AMB", PatientID: "canary", RenderingID: "smith", PracticeID: "practice", Start: "2026-03-02", End: "2026-03-02",
		DiagnosisRefs: []models.DiagnosisRef{{Reference: "Condition/hypertension", Rank: 1}, {Reference: "Condition/lipids", Rank: 2}}}
	item := func(id models.ChargeID, code string, modifiers models.Codes, reasons ...string) models.ChargeItem {
		return models.ChargeItem{ID: id, PatientID: "canary", VisitID: "v", Status: "billable", System: models.SystemCPT, Code: code, Modifiers: modifiers, Units: 1, ReasonCodes: reasons}
	}
	coded := coding.Gather(encounter,
		[]models.Condition{{ID: "lipids", PatientID: "canary", VisitID: "v", Code: "E78.5"}, {ID: "hypertension", PatientID: "canary", VisitID: "v", Code: "I10"}}, nil,
		[]models.ChargeItem{item("1", "99214", models.Codes{"25"}), item("2", "93000", nil, "I10"), item("3", "36415", nil, "I10")})
	if !coding.IsUsable(coded) {
		t.Fatalf("%v", coding.Check(coded))
	}
	price := func(code string, amount models.Cents) models.Price {
		return models.Price{System: models.SystemCPT, Code: code, From: "2026-01-01", Amount: amount}
	}
	o := &office{visit: models.Visit{ID: "v", PatientID: "canary", ServiceDate: "2026-03-02", PlaceOfService: "11", RenderingID: "smith", BillingID: "practice"}}
	var unpriced []models.Service
	o.charges, unpriced = charge.Capture(o.visit, coded, []models.Price{price("99214", 25000), price("93000", 6000), price("36415", 1500)}, "acme", numbered[models.ChargeID]("charge"))
	if len(unpriced) > 0 {
		t.Fatalf("without a price: %v", unpriced)
	}
	for _, c := range o.charges {
		o.post(t, ledger.Charged(c, "acme"))
	}
	balancesAre(t, "charged", ledger.Sum(o.postings), models.Balances{models.AccountARInsurance: 32500, models.AccountRevenue: -32500})

	coverage := models.Coverage{ID: "cov", PatientID: "canary", PayerID: "acme", SubscriberID: "CANARY-7781", Active: true}
	claims := claim.Build(claim.Input{Visit: o.visit, Charges: o.charges, Diagnoses: coded.Diagnoses, Coverage: coverage, Position: 1, NewID: numbered[models.ClaimID]("claim")})
	if len(claims) != 1 || claims[0].Billed != 32500 || !reflect.DeepEqual(claims[0].Lines[0].Pointers, models.Numbers{1, 2}) || !reflect.DeepEqual(claims[0].Lines[1].Pointers, models.Numbers{1}) {
		t.Fatalf("claims %+v", claims)
	}
	o.claim = claims[0]
	findings := scrub.Run(scrub.Subject{
		Claim: o.claim, Coverage: coverage, Insurer: models.Party{ID: "acme"}, Billing: models.Party{ID: "practice", NPI: "1234567893"}, Rendering: models.Party{ID: "smith", NPI: "1999999984"},
		Patient: models.Patient{ID: "canary", FamilyName: "Zzyzx", BirthDate: "1980-01-15", Gender: "female", HasAddress: true}, Today: "2026-03-04",
	})
	if len(findings) > 0 {
		t.Fatalf("findings %v", findings)
	}
	o.settle(t)
}

// settle takes the claim from ready to a settled invoice.
func (o *office) settle(t *testing.T) {
	state := models.ClaimDraft
	for _, event := range []claim.Event{claim.ScrubbedClean, claim.Transmit, claim.Adjudicate} {
		next, err := claim.Next(state, event)
		if err != nil {
			t.Fatal(err)
		}
		state = next
	}
	a := answerOf(o.claim,
		line{25000, 8000, []models.Adjustment{reason("CO", "45", 10000), reason("PR", "1", 5000), reason("PR", "2", 2000)}},
		line{6000, 1600, []models.Adjustment{reason("CO", "45", 4000), reason("PR", "2", 400)}},
		line{1500, 0, []models.Adjustment{reason("CO", "97", 1500)}},
	)
	submitted, paid := models.Cents(32500), models.Cents(9600)
	a.StatedSubmitted, a.StatedPaid, a.StatedPayment = &submitted, &paid, &paid
	if issues := adjudication.Check(o.claim, a); len(issues) > 0 || len(adjudication.NeedsReview(a)) > 0 {
		t.Fatalf("issues %v", issues)
	}
	lines := adjudication.Apply(o.claim, a)
	answered, _ := ledger.Answered(o.claim, a, lines)
	o.post(t, answered)
	moved, _ := ledger.Responsibility(o.claim, a, lines)
	o.post(t, moved)
	balancesAre(t, "answered", ledger.Sum(o.postings), models.Balances{
		models.AccountClearing: 9600, models.AccountContractual: 14000, models.AccountBundled: 1500, models.AccountARPatient: 7400, models.AccountRevenue: -32500,
	})
	if got := o.invoice(lines); got.Due != 7400 || got.Billed != 32500 || got.Status != models.InvoiceIssued ||
		got.Lines[0].Due != 7000 || got.Lines[0].Deductible != 5000 || got.Lines[0].Coinsurance != 2000 || got.Lines[1].Due != 400 || got.Lines[2].Due != 0 {
		t.Errorf("invoice %+v", got)
	}
	payment, err := ledger.Paid(models.Payment{ID: "p", PatientID: "canary", Amount: 7400, Method: models.PaymentCard}, o.open())
	if err != nil {
		t.Fatal(err)
	}
	o.post(t, payment)
	balancesAre(t, "paid", ledger.Sum(o.postings), models.Balances{
		models.AccountClearing: 9600, models.AccountContractual: 14000, models.AccountBundled: 1500, models.AccountCardClearing: 7400, models.AccountRevenue: -32500,
	})
	if got := o.invoice(lines); got.Due != 0 || got.Status != models.InvoiceBalanced || got.Lines[0].PatientPaid != 7000 {
		t.Errorf("invoice %+v", got)
	}
}

var reasons = [][2]string{{"CO", "45"}, {"CO", "97"}, {"CO", "253"}, {"PR", "1"}, {"PR", "2"}, {"PR", "3"}, {"CO", "50"}, {"OA", "23"}, {"PI", "45"}, {"PR", "96"}}

// drawn gives a visit whose charges are posted and a balanced answer to its claim.
func drawn(t *rapid.T) (*office, models.Answer) {
	o := &office{visit: models.Visit{ID: "v", PatientID: "canary", RenderingID: "smith"}}
	diagnoses := []models.Diagnosis{{Sequence: 1, Code: "I10"}}
	for i := range rapid.IntRange(1, 6).Draw(t, "charges") {
		c := models.Charge{ID: models.ChargeID(fmt.Sprint("charge-", i)), VisitID: "v", PatientID: "canary", Sequence: i + 1, Status: models.ChargeBillable, Pointers: models.Numbers{1},
			ServiceDate: models.Date(fmt.Sprintf("2026-03-%02d", rapid.IntRange(1, 28).Draw(t, "day"))), Billed: models.Cents(rapid.Int64Range(1, 100000).Draw(t, "billed"))}
		o.charges = append(o.charges, c)
		o.post(t, ledger.Charged(c, "acme"))
	}
	o.claim = claim.Build(claim.Input{Visit: o.visit, Charges: o.charges, Diagnoses: diagnoses, Coverage: models.Coverage{ID: "cov", PayerID: "acme"}, Position: 1, NewID: numbered[models.ClaimID]("claim")})[0]
	var lines []line
	var paid models.Cents
	adjust := func(left models.Cents) models.Adjustment {
		code := rapid.SampledFrom(reasons).Draw(t, "reason")
		return reason(code[0], code[1], models.Cents(rapid.Int64Range(0, int64(left)).Draw(t, "amount")))
	}
	for _, l := range o.claim.Lines {
		answered := line{billed: l.Billed, paid: l.Billed}
		for range rapid.IntRange(0, 4).Draw(t, "adjustments") {
			r := adjust(answered.paid)
			answered.reasons, answered.paid = append(answered.reasons, r), answered.paid-r.Amount
		}
		lines, paid = append(lines, answered), paid+answered.paid
	}
	a := answerOf(o.claim, lines...)
	if rapid.Bool().Draw(t, "an adjustment of the claim") {
		a.Adjustments = append(a.Adjustments, adjust(paid))
	}
	return o, a
}

// holds checks at any moment: per charge billed = payments + contra + open receivables, and the invoice shows AR:Patient.
func (o *office) holds(t *rapid.T, lines []models.Adjudication) {
	got := o.invoice(lines)
	for i, c := range o.charges {
		b, l := o.of(c.ID), got.Lines[i]
		contra := b[models.AccountContractual] + b[models.AccountBundled] + b[models.AccountSequestration]
		if l.ChargeID != c.ID || l.Adjusted != contra || l.Due != b[models.AccountARPatient] || l.PayerPaid != b[models.AccountClearing] {
			t.Fatalf("line %+v of %v", l, b)
		}
		if c.Billed != l.PayerPaid+l.PatientPaid+contra+b[models.AccountARInsurance]+b[models.AccountARPatient] {
			t.Fatalf("charge %s of %d does not add up: %v and %d paid by the patient", c.ID, c.Billed, b, l.PatientPaid)
		}
		responsibility := l.Billed - l.Adjusted - l.PayerPaid - b[models.AccountARInsurance]
		if responsibility != l.PatientPaid+l.Due {
			t.Fatalf("line %+v: %d is not paid and due", l, responsibility)
		}
	}
	all := ledger.Sum(o.postings)
	if got.Due != all[models.AccountARPatient] || (got.Status == models.InvoiceBalanced) != (got.Due == 0) {
		t.Fatalf("invoice asks for %d, %s; the books say %v", got.Due, got.Status, all)
	}
	var total models.Cents
	for _, balance := range all {
		total += balance
	}
	if total != 0 {
		t.Fatalf("the books are off by %d: %v", total, all)
	}
}

func TestBooksAddUpWhateverThePayerAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, a := drawn(t)
		if issues := adjudication.Check(o.claim, a); len(issues) > 0 {
			t.Fatalf("issues %v", issues)
		}
		lines := adjudication.Apply(o.claim, a)
		o.holds(t, nil)
		if e, ok := ledger.Answered(o.claim, a, lines); ok {
			o.post(t, e)
			o.holds(t, nil)
		}
		if e, ok := ledger.Responsibility(o.claim, a, lines); ok {
			o.post(t, e)
		}
		o.holds(t, lines)
		var review models.Cents
		for _, l := range lines {
			review += l.Review
		}
		if waits := ledger.Sum(o.postings)[models.AccountARInsurance]; waits != review {
			t.Fatalf("the payer still owes %d, %d waits for review", waits, review)
		}
		for _, l := range o.invoice(lines).Lines {
			if l.Due != l.Deductible+l.Coinsurance+l.Copay {
				t.Fatalf("line %+v does not say why it is due", l)
			}
		}
		o.pay(t, lines)
	})
}

// pay lets the patient pay a few times; the last payment may be taken back.
func (o *office) pay(t *rapid.T, lines []models.Adjudication) {
	for i := range rapid.IntRange(1, 3).Draw(t, "payments") {
		p := models.Payment{ID: models.PaymentID(fmt.Sprint("payment-", i)), PatientID: "canary", Method: models.PaymentCash, Amount: models.Cents(rapid.Int64Range(1, 100000).Draw(t, "payment"))}
		due := ledger.Sum(o.postings)[models.AccountARPatient]
		before := append([]models.Posting{}, o.postings...)
		e, err := ledger.Paid(p, o.open())
		if err != nil {
			t.Fatal(err)
		}
		o.post(t, e)
		o.holds(t, lines)
		if left := ledger.Sum(o.postings)[models.AccountARPatient]; left != max(0, due-p.Amount) {
			t.Fatalf("%d of %d paid leaves %d", p.Amount, due, left)
		}
		if rapid.Bool().Draw(t, "taken back") {
			o.post(t, ledger.Reverse(e))
			o.holds(t, lines)
			if got, want := ledger.Sum(o.postings), ledger.Sum(before); !reflect.DeepEqual(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	}
}
