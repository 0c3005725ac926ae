package ledger_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/ledger"
	"medbill/models"
	"medbill/models/fault"
)

const day = models.Date("2026-03-20")

var (
	kase   = models.Case{ID: "Encounter/v", PatientID: "canary", LocationID: "downtown"}
	claim  = models.Claim{Type: models.ClaimProfessional, ID: "claim", PatientID: "canary", CaseID: "Encounter/v", InsurerID: "acme", Rendering: models.Performer{ID: "smith"}}
	answer = models.Answer{ClaimType: models.ClaimProfessional, ID: "answer", ClaimID: "claim", PayerID: "acme", Effective: day}
	of     = models.Dimensions{
		PatientID: "canary", CaseID: "Encounter/v", ChargeID: "a", ClaimID: "claim", PayerID: "acme", AnswerID: "answer", RenderingID: "smith", LocationID: "downtown",
	}
)

// posting is one line of an entry.
func posting(of models.Dimensions, sequence int, account models.LedgerAccount, amount models.Cents) models.Posting {
	return models.Posting{Sequence: sequence, Account: account, Amount: amount, Dimensions: of}
}

// sound fails where an entry could not be posted, which includes an account that is not in the chart.
func sound(t interface{ Fatalf(string, ...any) }, e models.Entry) {
	if err := ledger.Check(e); err != nil {
		t.Fatalf("%+v: %v", e, err)
	}
}

func TestChargeIsOwedByThePayerOrThePatient(t *testing.T) {
	for payer, account := range map[models.OrganizationID]models.LedgerAccount{"acme": models.AccountARInsurance, "": models.AccountARPatient} {
		charge := models.Charge{ID: "a", PatientID: "canary", CaseID: "Encounter/v", PayerID: payer, Rendering: models.Performer{ID: "smith"}, Billed: 25000, Posting: 2}
		of := models.Dimensions{PatientID: "canary", CaseID: "Encounter/v", ChargeID: "a", PayerID: payer, RenderingID: "smith", LocationID: "downtown"}
		want := models.Entry{Kind: models.EntryCharge, Cause: "charge/a/2", Effective: day, Postings: []models.Posting{
			posting(of, 1, account, 25000), posting(of, 2, models.AccountRevenue, -25000),
		}}
		got, moves := ledger.Charged(kase, charge, day)
		if !moves || !reflect.DeepEqual(got, want) {
			t.Errorf("payer %q: got %+v\nwant %+v", payer, got, want)
		}
		sound(t, got)
		charge.Billed = 0
		if got, moves := ledger.Charged(kase, charge, day); moves {
			t.Errorf("a charge of 0.00 moves %+v", got)
		}
	}
}

func TestAnswerPostsWhatIsKnownAndLeavesTheRestWithThePayer(t *testing.T) {
	lines := []models.Adjudication{{
		LineSequence: 1, ChargeID: "a", Billed: 25000, Paid: 8000, Deductible: 5000, Coinsurance: 2000, Review: 1000,
		Contra: models.Balances{models.AccountSequestration: 160, models.AccountContractual: 8840},
	}}
	got, ok := ledger.Answered(kase, claim, answer, lines)
	want := models.Entry{Kind: models.EntryAnswer, Cause: "answer/answer", Effective: day, Postings: []models.Posting{
		posting(of, 1, models.AccountClearing, 8000),
		posting(of, 2, models.AccountContractual, 8840),
		posting(of, 3, models.AccountSequestration, 160),
		posting(of, 4, models.AccountARInsurance, -17000),
	}}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	sound(t, got)
	patients := of // who owes it is the patient
	patients.PayerID = ""
	got, ok = ledger.Responsibility(kase, claim, answer, lines)
	want = models.Entry{Kind: models.EntryResponsibility, Cause: "responsibility/answer", Effective: day, Postings: []models.Posting{
		posting(patients, 1, models.AccountARPatient, 7000), posting(of, 2, models.AccountARInsurance, -7000),
	}}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	sound(t, got)

	next := answer
	next.NextPayer = "beta"
	others := of
	others.PayerID = "beta"
	got, ok = ledger.Responsibility(kase, claim, next, lines)
	want.Postings = []models.Posting{posting(others, 1, models.AccountARInsurance, 7000), posting(of, 2, models.AccountARInsurance, -7000)}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("to the next payer: got %+v\nwant %+v", got, want)
	}
	sound(t, got)
}

// TestATakebackMirrorsWithItsOwnPayment holds that what an answer posted is mirrored to the cent, and that the money alone goes by the payment of the
// answer that takes it back.
func TestATakebackMirrorsWithItsOwnPayment(t *testing.T) {
	paid := answer
	paid.Trace = "EFT1"
	e, _ := ledger.Answered(kase, claim, paid, []models.Adjudication{{LineSequence: 1, ChargeID: "a", Billed: 10000, Paid: 8000, Contra: models.Balances{models.AccountContractual: 2000}}})
	e.ID = "first"
	mirror := ledger.TakeBack(e, models.Answer{ID: "back", Trace: "EFT2", Effective: "2026-06-15"})
	if mirror.Reverses != "first" || mirror.Effective != "2026-06-15" || len(mirror.Postings) != len(e.Postings) {
		t.Fatalf("the mirror is %+v", mirror)
	}
	for i, p := range mirror.Postings {
		before, trace := e.Postings[i], ""
		if p.Account == models.AccountClearing {
			trace = "EFT2"
		}
		if p.Amount != -before.Amount || p.Account != before.Account || p.ChargeID != before.ChargeID || p.PayerID != before.PayerID || p.AnswerID != "back" || p.RemittanceID != trace {
			t.Errorf("%+v mirrors %+v", p, before)
		}
	}
	sound(t, mirror)
}

func TestPostingNamesWhoDidTheService(t *testing.T) {
	lines := []models.Adjudication{{ChargeID: "a", Paid: 100, Copay: 100}, {ChargeID: "b", Paid: 100, Copay: 100, Rendering: models.Performer{ID: "jones"}}}
	answered, _ := ledger.Answered(kase, claim, answer, lines)
	moved, _ := ledger.Responsibility(kase, claim, answer, lines)
	for _, p := range append(answered.Postings, moved.Postings...) {
		if want := map[models.ChargeID]models.PractitionerID{"a": "smith", "b": "jones"}[p.ChargeID]; p.RenderingID != want {
			t.Errorf("%+v is not of %s", p, want)
		}
	}
}

// A payer's answer is his; one that names nobody is that of whom the claim asked.
func TestPostingNamesItsPayer(t *testing.T) {
	for from, want := range map[models.OrganizationID]models.OrganizationID{"acme": "acme", "successor": "successor", "": "acme"} {
		a := answer
		a.PayerID = from
		got, _ := ledger.Answered(kase, claim, a, []models.Adjudication{{ChargeID: "a", Paid: 100}})
		for _, p := range got.Postings {
			if p.PayerID != want {
				t.Errorf("an answer of %q is posted as that of %s", from, p.PayerID)
			}
		}
	}
}

func TestDenialIsNotPosted(t *testing.T) {
	lines := []models.Adjudication{{LineSequence: 1, ChargeID: "a", Billed: 25000, Review: 25000}}
	if got, ok := ledger.Answered(kase, claim, answer, lines); ok {
		t.Errorf("got %+v", got)
	}
	if got, ok := ledger.Responsibility(kase, claim, answer, lines); ok {
		t.Errorf("got %+v", got)
	}
}

func TestEntryThatDoesNotBalanceIsRefused(t *testing.T) {
	on := func(amounts ...models.Cents) (list []models.Posting) {
		for _, amount := range amounts {
			list = append(list, models.Posting{Account: models.AccountRevenue, Amount: amount})
		}
		return list
	}
	for _, row := range []struct {
		name     string
		postings []models.Posting
		want     string
	}{
		{"balanced", on(100, -40, -60), ""},
		{"a cent too much", on(100, -99), "ledger.unbalanced"},
		{"empty", nil, "ledger.empty"},
		{"a posting of nothing", on(100, -100, 0), "ledger.zero-posting"},
		{"an account that is not in the chart", append(on(100), models.Posting{Account: "Cash:Pocket", Amount: -100}), "ledger.account"},
		{"no account", append(on(100), models.Posting{Amount: -100}), "ledger.account"},
	} {
		err := ledger.Check(models.Entry{Postings: row.postings})
		if row.want == "" && err != nil || row.want != "" && (!fault.Is(err, fault.BusinessRule) || fault.From(err).Issues[0].Code != row.want) {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
}

func TestEveryAccountOfTheChartCanBePostedTo(t *testing.T) {
	for _, facts := range models.ChartOfAccounts {
		sound(t, models.Entry{Postings: []models.Posting{{Account: facts.Account, Amount: 1}, {Account: models.AccountOpening, Amount: -1}}})
	}
}

func TestReversalRestoresEveryBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var before []models.Posting
		draw := func(label string) models.Cents {
			return models.Cents(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, label))
		}
		for range rapid.IntRange(0, 5).Draw(t, "postings before") {
			before = append(before, models.Posting{Account: models.AccountARInsurance, Amount: draw("before")})
		}
		var lines []models.Adjudication
		for i := range rapid.IntRange(1, 5).Draw(t, "lines") {
			lines = append(lines, models.Adjudication{ChargeID: models.ChargeID(fmt.Sprint(i)), Paid: draw("paid"), Deductible: draw("deductible"), Contra: models.Balances{models.AccountContractual: draw("contractual"), models.AccountBundled: draw("bundled")}})
		}
		e, ok := ledger.Answered(kase, claim, answer, lines)
		if r, moved := ledger.Responsibility(kase, claim, answer, lines); moved && rapid.Bool().Draw(t, "responsibility") {
			e, ok = r, true
		}
		if !ok {
			return
		}
		e.TenantID, e.ID, e.Posted = "t", "entry", 7
		mirror := ledger.Reverse(e, "2026-04-01")
		sound(t, e)
		sound(t, mirror)
		if mirror.Kind != models.EntryReversal || mirror.Cause != "reversal/entry" || mirror.Reverses != "entry" || mirror.Effective != "2026-04-01" || mirror.ID != "" || mirror.TenantID != "" || mirror.Posted != e.Posted {
			t.Fatalf("got %+v", mirror)
		}
		after := append(append(append([]models.Posting{}, before...), e.Postings...), mirror.Postings...)
		if got, want := ledger.Sum(after), ledger.Sum(before); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		each := map[models.Dimensions]models.Cents{}
		for _, p := range append(append([]models.Posting{}, e.Postings...), mirror.Postings...) {
			each[p.Dimensions] += p.Amount
		}
		for of, amount := range each {
			if amount != 0 {
				t.Fatalf("%+v keeps %d", of, amount)
			}
		}
	})
}

// TestWhatWasTakenOffIsTooMuchBeforeWhatWasPaid holds what a payer that did more about a charge than it owed has to give back, and who else is not asked any more.
func TestWhatWasTakenOffIsTooMuchBeforeWhatWasPaid(t *testing.T) {
	off, none := models.Balances{models.AccountContractual: 30}, models.Balances{}
	for _, row := range []struct {
		name string
		over models.Cents
		left ledger.Left
		off  models.Balances
		want ledger.Excess
	}{
		{"all of it was paid", 60, nil, nil, ledger.Excess{Paid: 60, Left: ledger.Left{}, Off: none}},
		{"some was left to the patient", 60, ledger.Left{"": 20}, nil, ledger.Excess{Paid: 40, Left: ledger.Left{"": 20}, Off: none}},
		{"some was left to another payer", 60, ledger.Left{"beta": 20}, nil, ledger.Excess{Paid: 40, Left: ledger.Left{"beta": 20}, Off: none}},
		{"some was left to several", 60, ledger.Left{"beta": 20, "": 5, "gamma": 10}, nil, ledger.Excess{Paid: 25, Left: ledger.Left{"": 5, "beta": 20, "gamma": 10}, Off: none}},
		{"more was left than is too much", 10, ledger.Left{"": 20}, nil, ledger.Excess{Left: ledger.Left{"": 10}, Off: none}},
		{"more was left to several than is too much", 10, ledger.Left{"beta": 20, "": 5}, nil, ledger.Excess{Left: ledger.Left{"": 5, "beta": 5}, Off: none}},
		{"what was left is with the patient now", 10, ledger.Left{"beta": 0, "": 20}, nil, ledger.Excess{Left: ledger.Left{"": 10}, Off: none}},
		{"some was taken off", 60, ledger.Left{"": 20}, off, ledger.Excess{Paid: 10, Left: ledger.Left{"": 20}, Off: off}},
		{"more was taken off than is too much", 25, ledger.Left{"": 20}, off, ledger.Excess{Left: ledger.Left{}, Off: models.Balances{models.AccountContractual: 25}}},
		{"more was allowed than charged", 5, nil, models.Balances{models.AccountContractual: -5}, ledger.Excess{Paid: 5, Left: ledger.Left{}, Off: none}},
	} {
		if got := ledger.ExcessOf(row.over, row.left, row.off); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: got %+v, want %+v", row.name, got, row.want)
		}
	}
}
