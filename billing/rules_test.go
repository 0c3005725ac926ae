package billing_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/allocation"
	"medbill/billing/rules/casework"
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

// day is when everything of these tests is entered.
const day = models.Date("2026-03-20")

// office is the case of the worked example on its way through the rules, with what was posted and the invoices that went out.
type office struct {
	kase     models.Case
	charges  []models.Charge
	claim    models.Claim
	postings []models.Posting
	invoices []models.Invoice
}

func (o *office) post(t interface{ Fatal(...any) }, e models.Entry) {
	if err := ledger.Check(e); err != nil {
		t.Fatal(err)
	}
	o.postings = append(o.postings, e.Postings...)
}

// charge puts what is wanted into the books.
func (o *office) charge(t interface{ Fatal(...any) }, wanted []models.Charge) {
	plan := charge.Replan(o.charges, wanted, true, nil, numbered[models.ChargeID]("charge"))
	o.charges = plan.Save
	for _, c := range plan.Post {
		if e, moves := ledger.Charged(o.kase, c, day); moves {
			o.post(t, e)
		}
	}
}

// claims makes the claim of the case to its one payer.
func (o *office) claims(t interface{ Fatalf(string, ...any) }, diagnoses []models.Diagnosis, cover models.Coverage) {
	moves := claim.Plan(claim.Input{
		Case: o.kase, Charges: o.charges, Diagnoses: diagnoses, Payers: func(models.Date) []models.Coverage { return []models.Coverage{cover} },
		NewID: numbered[models.ClaimID]("claim"), NewNumber: numbered[string]("C"),
	})
	if len(moves) != 1 || moves[0].Kind != claim.Create {
		t.Fatalf("the plan is %+v", moves)
	}
	o.claim = moves[0].Claim
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

// bill gives the invoice for what is owed and was not asked for yet; false where there is none.
func (o *office) bill(lines []models.Adjudication) (models.Invoice, bool) {
	in := invoice.Input{Case: o.kase, Charges: o.charges, Postings: o.postings, Adjudications: lines, Issued: day, DueDays: 30}
	for _, i := range o.invoices {
		if in.Asked == nil {
			in.Asked = map[models.ChargeID]models.Cents{}
		}
		for _, l := range i.Lines {
			in.Asked[l.ChargeID] += l.Due
		}
	}
	i, owes := invoice.Build(in)
	i.ID = models.InvoiceID(fmt.Sprint("invoice-", len(o.invoices)))
	return i, owes
}

// issue sends an invoice where something is owed.
func (o *office) issue(lines []models.Adjudication) {
	if i, owes := o.bill(lines); owes {
		o.invoices = append(o.invoices, i)
	}
}

// pay enters a payment and takes it off the invoices.
func (o *office) pay(t interface{ Fatal(...any) }, p models.Payment) models.Entry {
	var open []allocation.Due
	for _, i := range o.invoices {
		for _, l := range i.Lines {
			open = append(open, allocation.Due{InvoiceID: i.ID, CaseID: i.CaseID, ChargeID: l.ChargeID, ServiceDate: l.ServiceDate, Amount: l.Due})
		}
	}
	p.Day = day
	received, err := ledger.Received(p)
	if err != nil {
		t.Fatal(err)
	}
	shares := allocation.Spread([]allocation.Credit{{PaymentID: p.ID, Amount: p.Amount, First: "invoice-0"}}, open)
	o.post(t, received)
	e, pays := ledger.Allocated(p, shares, day)
	if pays {
		o.post(t, e)
	}
	for n, i := range o.invoices {
		paid := map[models.ChargeID]models.Cents{}
		for _, s := range shares {
			if s.InvoiceID == i.ID {
				paid[s.ChargeID] = s.Amount
			}
		}
		o.invoices[n] = invoice.Settle(i, paid)
	}
	return e
}

// answeredLine is an answered line of the worked example; reasons are group, CARC and amount.
type answeredLine struct {
	billed, paid models.Cents
	reasons      []models.Adjustment
}

func answerOf(c models.Claim, lines ...answeredLine) models.Answer {
	a := models.Answer{ID: "answer", ClaimID: c.ID, CaseID: c.CaseID, PayerID: c.InsurerID, Kind: models.AnswerOriginal, Effective: day}
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
	encounter := models.Encounter{ID: "v", Status: "finished", Class: "AMB", PatientID: "canary", Participants: []models.Participant{{Provider: models.Provider{PractitionerID: "smith"}}}, PracticeID: "practice", Start: "2026-03-02", End: "2026-03-02",
		DiagnosisRefs: []models.DiagnosisRef{{Reference: "Condition/hypertension", Rank: 1}, {Reference: "Condition/lipids", Rank: 2}}}
	item := func(id models.ChargeID, code string, modifiers models.Codes, reasons ...string) models.ChargeItem {
		return models.ChargeItem{ID: id, PatientID: "canary", VisitID: "v", Status: "billable", System: models.SystemCPT, Code: code, Modifiers: modifiers, Units: models.OneUnit, ReasonCodes: reasons}
	}
	coded, problems := coding.Gather(coding.Chart{
		Encounter:  encounter,
		Conditions: []models.Condition{{ID: "lipids", PatientID: "canary", VisitID: "v", Code: "E78.5"}, {ID: "hypertension", PatientID: "canary", VisitID: "v", Code: "I10"}},
		Items:      []models.ChargeItem{item("1", "99214", models.Codes{"25"}), item("2", "93000", nil, "I10"), item("3", "36415", nil, "I10")},
	})
	if !coding.IsUsable(coded) || len(problems) > 0 {
		t.Fatalf("%v", coding.Check(coded))
	}
	price := func(code string, amount models.Cents) models.Price {
		return models.Price{System: models.SystemCPT, Code: code, From: "2026-01-01", Amount: amount}
	}
	prices := []models.Price{price("99214", 25000), price("93000", 6000), price("36415", 1500)}
	o := &office{kase: models.Case{ID: "Encounter/v", PatientID: "canary", ServiceDate: "2026-03-02", EndDate: "2026-03-02", PlaceOfService: "11", Rendering: models.Performer{ID: "smith"}, BillingID: "practice"}}
	var wanted []models.Charge
	for i, service := range coded.Services {
		one, priced := charge.Of(o.kase, service, i+1, prices, "acme")
		if !priced {
			t.Fatalf("without a price: %+v", service)
		}
		wanted = append(wanted, one)
	}
	if decision := casework.Decide(casework.Facts{Case: o.kase, Status: encounter.Status, Usable: true}); !decision.Post || decision.State != "" {
		t.Fatalf("the decision is %+v", decision)
	}
	o.charge(t, wanted)
	balancesAre(t, "charged", ledger.Sum(o.postings), models.Balances{models.AccountARInsurance: 32500, models.AccountRevenue: -32500})

	cover := models.Coverage{ID: "cov", PatientID: "canary", PayerID: "acme", SubscriberID: "CANARY-7781", Active: true}
	o.claims(t, coded.Diagnoses, cover)
	if o.claim.Billed != 32500 || !reflect.DeepEqual(o.claim.Lines[0].Pointers, models.Numbers{1, 2}) || !reflect.DeepEqual(o.claim.Lines[1].Pointers, models.Numbers{1}) {
		t.Fatalf("the claim is %+v", o.claim)
	}
	findings := scrub.Run(scrub.Subject{
		Claim: o.claim, Coverage: cover, Insurer: models.Party{ID: "acme"},
		Billing:   models.Party{ID: "practice", NPI: "1234567893", Address: models.Address{Street: "1 Canary Way", City: "Zzyzx", State: "CA", PostalCode: "92309-1234"}},
		Renderers: map[models.Performer]models.Party{{ID: "smith"}: {ID: "smith", NPI: "1999999984"}},
		Patient:   models.Patient{ID: "canary", FamilyName: "Zzyzx", BirthDate: "1980-01-15", Gender: "female", HasAddress: true}, Today: "2026-03-04",
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
		answeredLine{25000, 8000, []models.Adjustment{reason("CO", "45", 10000), reason("PR", "1", 5000), reason("PR", "2", 2000)}},
		answeredLine{6000, 1600, []models.Adjustment{reason("CO", "45", 4000), reason("PR", "2", 400)}},
		answeredLine{1500, 0, []models.Adjustment{reason("CO", "97", 1500)}},
	)
	submitted, paid := models.Cents(32500), models.Cents(9600)
	a.StatedSubmitted, a.StatedPaid, a.StatedPayment = &submitted, &paid, &paid
	if issues := adjudication.Check(o.claim, a); len(issues) > 0 || len(adjudication.NeedsReview(a)) > 0 {
		t.Fatalf("issues %v", issues)
	}
	lines := adjudication.Apply(o.claim, a)
	answered, _ := ledger.Answered(o.kase, o.claim, a, lines)
	o.post(t, answered)
	moved, _ := ledger.Responsibility(o.kase, o.claim, a, lines)
	o.post(t, moved)
	balancesAre(t, "answered", ledger.Sum(o.postings), models.Balances{
		models.AccountClearing: 9600, models.AccountContractual: 14000, models.AccountBundled: 1500, models.AccountARPatient: 7400, models.AccountRevenue: -32500,
	})
	o.issue(lines)
	got := o.invoices[0]
	if got.Due != 7400 || got.Net != 7400 || got.Billed != 32500 || got.Status != models.InvoiceIssued ||
		got.Lines[0].Due != 7000 || got.Lines[0].Deductible != 5000 || got.Lines[0].Coinsurance != 2000 || got.Lines[1].Due != 400 || got.Lines[2].Due != 0 {
		t.Errorf("invoice %+v", got)
	}
	if standing := casework.Standing([]models.Claim{{State: state}}, o.invoices, 0, 0); standing != models.CasePatient {
		t.Errorf("it is the turn of %s", standing)
	}
	o.pay(t, models.Payment{ID: "p", PatientID: "canary", Amount: 7400, Method: models.PaymentCard})
	balancesAre(t, "paid", ledger.Sum(o.postings), models.Balances{
		models.AccountClearing: 9600, models.AccountContractual: 14000, models.AccountBundled: 1500, models.AccountCardClearing: 7400, models.AccountRevenue: -32500,
	})
	if got := o.invoices[0]; got.Due != 0 || got.Net != 7400 || got.Status != models.InvoiceBalanced || got.Lines[0].Net != 7000 || got.Lines[0].Due != 0 {
		t.Errorf("invoice %+v", got)
	}
	if standing := casework.Standing([]models.Claim{{State: state}}, o.invoices, 0, 0); standing != models.CaseClosed {
		t.Errorf("it is the turn of %s", standing)
	}
}

var reasons = [][2]string{{"CO", "45"}, {"CO", "97"}, {"CO", "253"}, {"PR", "1"}, {"PR", "2"}, {"PR", "3"}, {"CO", "50"}, {"OA", "23"}, {"PI", "45"}, {"PR", "96"}}

// drawn gives a visit whose charges are posted and a balanced answer to its claim.
func drawn(t *rapid.T) (*office, models.Answer) {
	o := &office{kase: models.Case{ID: "Encounter/v", PatientID: "canary", Rendering: models.Performer{ID: "smith"}}}
	var wanted []models.Charge
	for i := range rapid.IntRange(1, 6).Draw(t, "charges") {
		wanted = append(wanted, models.Charge{
			CaseID: "Encounter/v", PatientID: "canary", Sequence: i + 1, PayerID: "acme", Pointers: models.Numbers{1},
			ServiceDate: models.Date(fmt.Sprintf("2026-03-%02d", rapid.IntRange(1, 28).Draw(t, "day"))), Billed: models.Cents(rapid.Int64Range(0, 100000).Draw(t, "billed")),
		})
	}
	o.charge(t, wanted)
	o.claims(t, []models.Diagnosis{{Sequence: 1, Code: "I10"}}, models.Coverage{ID: "cov", PayerID: "acme"})
	var lines []answeredLine
	var paid models.Cents
	adjust := func(left models.Cents) models.Adjustment {
		code := rapid.SampledFrom(reasons).Draw(t, "reason")
		return reason(code[0], code[1], models.Cents(rapid.Int64Range(0, int64(left)).Draw(t, "amount")))
	}
	for _, l := range o.claim.Lines {
		answered := answeredLine{billed: l.Billed, paid: l.Billed}
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

// holds checks at any moment: per charge billed = payments + contra + open receivables, and invoices ask for what is owed.
func (o *office) holds(t *rapid.T) {
	asked, due := map[models.ChargeID]models.Cents{}, map[models.ChargeID]models.Cents{}
	var open models.Cents
	for _, i := range o.invoices {
		for _, l := range i.Lines {
			asked[l.ChargeID], due[l.ChargeID] = asked[l.ChargeID]+l.Net, due[l.ChargeID]+l.Due
		}
		if open += i.Due; (i.Status == models.InvoiceBalanced) != (i.Due == 0) {
			t.Fatalf("invoice asks for %s, %s", i.Due, i.Status)
		}
	}
	for _, c := range o.charges {
		b := o.of(c.ID)
		contra := b[models.AccountContractual] + b[models.AccountBundled] + b[models.AccountSequestration]
		paid := asked[c.ID] - due[c.ID]
		if c.Billed != b[models.AccountClearing]+paid+contra+b[models.AccountARInsurance]+b[models.AccountARPatient] {
			t.Fatalf("charge %s of %s does not add up: %v and %s paid by the patient", c.ID, c.Billed, b, paid)
		}
		if len(o.invoices) > 0 && due[c.ID] != b[models.AccountARPatient] {
			t.Fatalf("%s is due of charge %s, the books say %v", due[c.ID], c.ID, b)
		}
	}
	all := ledger.Sum(o.postings)
	if len(o.invoices) > 0 && open != all[models.AccountARPatient] {
		t.Fatalf("invoices ask for %s; the books say %v", open, all)
	}
	var total models.Cents
	for _, balance := range all {
		total += balance
	}
	if total != 0 {
		t.Fatalf("the books are off by %s: %v", total, all)
	}
}

// tells checks that an invoice tells how each charge became what is asked, as the books stand.
func (o *office) tells(t *rapid.T, i models.Invoice) {
	for n, c := range o.charges {
		b, l := o.of(c.ID), i.Lines[n]
		contra := b[models.AccountContractual] + b[models.AccountBundled] + b[models.AccountSequestration]
		if l.ChargeID != c.ID || l.Billed != c.Billed || l.Adjusted != contra || l.PayerPaid != b[models.AccountClearing] || l.Net != b[models.AccountARPatient] {
			t.Fatalf("line %+v of %v", l, b)
		}
		if l.Net != l.Billed-l.Adjusted-l.PayerPaid-b[models.AccountARInsurance] || l.Net != l.Deductible+l.Coinsurance+l.Copay || l.Due != l.Net {
			t.Fatalf("line %+v does not say why it is due", l)
		}
	}
}

func TestBooksAddUpWhateverThePayerAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, a := drawn(t)
		if issues := adjudication.Check(o.claim, a); len(issues) > 0 {
			t.Fatalf("issues %v", issues)
		}
		lines := adjudication.Apply(o.claim, a)
		o.holds(t)
		if e, ok := ledger.Answered(o.kase, o.claim, a, lines); ok {
			o.post(t, e)
			o.holds(t)
		}
		if i, owes := o.bill(nil); owes {
			t.Fatalf("before anything is left to the patient there is %+v", i)
		}
		if e, ok := ledger.Responsibility(o.kase, o.claim, a, lines); ok {
			o.post(t, e)
		}
		o.holds(t)
		var review models.Cents
		for _, l := range lines {
			review += l.Review + l.Prior // what payers before did is memo
		}
		if waits := ledger.Sum(o.postings)[models.AccountARInsurance]; waits != review {
			t.Fatalf("the payer still owes %s, %s waits for review", waits, review)
		}
		i, _ := o.bill(lines)
		o.tells(t, i)
		o.issue(lines)
		o.payments(t)
		if i, owes := o.bill(lines); owes {
			t.Fatalf("what was asked for is asked again as %+v", i)
		}
	})
}

// payments lets the patient pay a few times; the last one may be taken back.
func (o *office) payments(t *rapid.T) {
	for i := range rapid.IntRange(1, 3).Draw(t, "payments") {
		p := models.Payment{ID: models.PaymentID(fmt.Sprint("payment-", i)), PatientID: "canary", Method: models.PaymentCash, Amount: models.Cents(rapid.Int64Range(1, 100000).Draw(t, "payment"))}
		due := ledger.Sum(o.postings)[models.AccountARPatient]
		e := o.pay(t, p)
		o.holds(t)
		if left := ledger.Sum(o.postings)[models.AccountARPatient]; left != max(0, due-p.Amount) {
			t.Fatalf("%s of %s paid leaves %s", p.Amount, due, left)
		}
		if len(e.Postings) == 0 {
			continue // it pays nothing
		}
		before := ledger.Sum(o.postings[:len(o.postings)-len(e.Postings)])
		back := ledger.Reverse(e, day)
		if got := ledger.Sum(append(append([]models.Posting{}, o.postings...), back.Postings...)); !reflect.DeepEqual(got, before) {
			t.Fatalf("taken back it leaves %v, want %v", got, before)
		}
	}
}
