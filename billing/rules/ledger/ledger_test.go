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

var (
	claim  = models.Claim{ID: "claim", PatientID: "canary", VisitID: "v", InsurerID: "acme"}
	answer = models.Answer{ID: "answer", ClaimID: "claim", PayerID: "acme"}
	of     = models.Posting{PatientID: "canary", VisitID: "v", ChargeID: "a", ClaimID: "claim", PayerID: "acme", AnswerID: "answer"}
)

// posting is p with a place, an account and an amount.
func posting(p models.Posting, sequence int, account models.LedgerAccount, amount models.Cents) models.Posting {
	p.Sequence, p.Account, p.Amount = sequence, account, amount
	return p
}

func TestChargeIsOwedByThePayerOrThePatient(t *testing.T) {
	charge := models.Charge{ID: "a", PatientID: "canary", VisitID: "v", Billed: 25000}
	for _, row := range []struct {
		name    string
		payer   models.OrganizationID
		selfPay bool
		account models.LedgerAccount
		owes    models.OrganizationID
	}{
		{"a payer", "acme", false, models.AccountARInsurance, "acme"},
		{"no payer", "", false, models.AccountARPatient, ""},
		{"self-pay although there is a payer", "acme", true, models.AccountARPatient, ""},
	} {
		charge.SelfPay = row.selfPay
		dimensions := models.Posting{PatientID: "canary", VisitID: "v", ChargeID: "a", PayerID: row.owes}
		want := models.Entry{Kind: models.EntryCharge, Cause: "charge/a", Postings: []models.Posting{
			posting(dimensions, 1, row.account, 25000), posting(dimensions, 2, models.AccountRevenue, -25000),
		}}
		if got := ledger.Charged(charge, row.payer); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v\nwant %+v", row.name, got, want)
		}
	}
}

func TestAnswerPostsWhatIsKnownAndLeavesTheRestWithThePayer(t *testing.T) {
	lines := []models.Adjudication{{
		LineSequence: 1, ChargeID: "a", Billed: 25000, Paid: 8000, Deductible: 5000, Coinsurance: 2000, Review: 1000,
		Contra: models.Balances{models.AccountSequestration: 160, models.AccountContractual: 8840},
	}}
	got, ok := ledger.Answered(claim, answer, lines)
	want := models.Entry{Kind: models.EntryAnswer, Cause: "answer/answer", Postings: []models.Posting{
		posting(of, 1, models.AccountClearing, 8000),
		posting(of, 2, models.AccountContractual, 8840),
		posting(of, 3, models.AccountSequestration, 160),
		posting(of, 4, models.AccountARInsurance, -17000),
	}}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	got, ok = ledger.Responsibility(claim, answer, lines)
	want = models.Entry{Kind: models.EntryResponsibility, Cause: "responsibility/answer", Postings: []models.Posting{
		posting(of, 1, models.AccountARPatient, 7000), posting(of, 2, models.AccountARInsurance, -7000),
	}}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestDenialIsNotPosted(t *testing.T) {
	lines := []models.Adjudication{{LineSequence: 1, ChargeID: "a", Billed: 25000, Review: 25000}}
	if got, ok := ledger.Answered(claim, answer, lines); ok {
		t.Errorf("got %+v", got)
	}
	if got, ok := ledger.Responsibility(claim, answer, lines); ok {
		t.Errorf("got %+v", got)
	}
}

func TestPaymentGoesToTheOldestChargeFirst(t *testing.T) {
	open := []ledger.Open{
		{ChargeID: "new", VisitID: "v", ServiceDate: "2026-03-02", Due: 5000},
		{ChargeID: "old", VisitID: "u", ServiceDate: "2026-01-02", Due: 1200},
		{ChargeID: "settled", VisitID: "u", ServiceDate: "2026-01-01", Due: 0},
		{ChargeID: "credit", VisitID: "u", ServiceDate: "2026-01-01", Due: -100},
		{ChargeID: "new-2", VisitID: "v", ServiceDate: "2026-03-02", Due: 1000},
	}
	to := func(visit models.VisitID, charge models.ChargeID) models.Posting {
		return models.Posting{PatientID: "canary", PaymentID: "p", VisitID: visit, ChargeID: charge}
	}
	for _, row := range []struct {
		amount models.Cents
		want   []models.Posting
	}{
		{1000, []models.Posting{posting(to("", ""), 1, models.AccountCardClearing, 1000), posting(to("u", "old"), 2, models.AccountARPatient, -1000)}},
		{6300, []models.Posting{
			posting(to("", ""), 1, models.AccountCardClearing, 6300), posting(to("u", "old"), 2, models.AccountARPatient, -1200),
			posting(to("v", "new"), 3, models.AccountARPatient, -5000), posting(to("v", "new-2"), 4, models.AccountARPatient, -100),
		}},
		{8000, []models.Posting{
			posting(to("", ""), 1, models.AccountCardClearing, 8000), posting(to("u", "old"), 2, models.AccountARPatient, -1200),
			posting(to("v", "new"), 3, models.AccountARPatient, -5000), posting(to("v", "new-2"), 4, models.AccountARPatient, -1000),
			posting(to("", ""), 5, models.AccountPatientCredits, -800),
		}},
	} {
		got, err := ledger.Paid(models.Payment{ID: "p", PatientID: "canary", Amount: row.amount, Method: models.PaymentCard}, open)
		want := models.Entry{Kind: models.EntryPayment, Cause: "payment/p", Postings: row.want}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%d: got %+v, %v\nwant %+v", row.amount, got, err, want)
		}
	}
}

func TestMoneyLiesWhereItsMethodPutsIt(t *testing.T) {
	for method, want := range map[models.PaymentMethod]models.LedgerAccount{
		models.PaymentCard: models.AccountCardClearing, models.PaymentCash: models.AccountDrawer,
		models.PaymentCheck: models.AccountBank, models.PaymentACH: models.AccountBank,
	} {
		got, err := ledger.Paid(models.Payment{ID: "p", Amount: 100, Method: method}, nil)
		if err != nil || got.Postings[0].Account != want {
			t.Errorf("%s: got %+v, %v", method, got, err)
		}
	}
	for _, p := range []models.Payment{{Amount: 100, Method: "barter"}, {Amount: 0, Method: models.PaymentCash}, {Amount: -1, Method: models.PaymentCash}} {
		if got, err := ledger.Paid(p, nil); !fault.Is(err, fault.BusinessRule) {
			t.Errorf("%+v gives %+v, %v", p, got, err)
		}
	}
}

func TestEntryThatDoesNotBalanceIsRefused(t *testing.T) {
	for _, row := range []struct {
		name     string
		postings []models.Posting
		want     string
	}{
		{"balanced", []models.Posting{{Amount: 100}, {Amount: -40}, {Amount: -60}}, ""},
		{"a cent too much", []models.Posting{{Amount: 100}, {Amount: -99}}, "ledger.unbalanced"},
		{"empty", nil, "ledger.empty"},
		{"a posting of nothing", []models.Posting{{Amount: 100}, {Amount: -100}, {}}, "ledger.zero-posting"},
	} {
		err := ledger.Check(models.Entry{Postings: row.postings})
		if row.want == "" && err != nil || row.want != "" && (!fault.Is(err, fault.BusinessRule) || fault.From(err).Issues[0].Code != row.want) {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
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
		e, ok := ledger.Answered(claim, answer, lines)
		if r, moved := ledger.Responsibility(claim, answer, lines); moved && rapid.Bool().Draw(t, "responsibility") {
			e, ok = r, true
		}
		if !ok {
			return
		}
		e.TenantID, e.ID, e.Posted = "t", "entry", 7
		mirror := ledger.Reverse(e)
		if err := ledger.Check(mirror); err != nil || ledger.Check(e) != nil {
			t.Fatal(err)
		}
		if mirror.Kind != models.EntryReversal || mirror.Cause != "reversal/entry" || mirror.Reverses != "entry" || mirror.ID != "" || mirror.TenantID != "" || mirror.Posted != 0 {
			t.Fatalf("got %+v", mirror)
		}
		after := append(append(append([]models.Posting{}, before...), e.Postings...), mirror.Postings...)
		if got, want := ledger.Sum(after), ledger.Sum(before); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		perCharge := map[models.ChargeID]models.Cents{}
		for _, p := range append(append([]models.Posting{}, e.Postings...), mirror.Postings...) {
			perCharge[p.ChargeID] += p.Amount
		}
		for charge, amount := range perCharge {
			if amount != 0 {
				t.Fatalf("charge %s keeps %d", charge, amount)
			}
		}
	})
}
