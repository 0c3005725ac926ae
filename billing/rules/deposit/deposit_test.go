package deposit_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/deposit"
	"medbill/models"
)

// told is a payment that its payer told.
func told(id, payer, trace string, day models.Date, amount models.Cents) models.Remittance {
	return models.Remittance{ID: models.RemittanceID(id), PayerID: models.OrganizationID(payer), Trace: trace, Day: day, Amount: amount, Outcome: models.RemittanceComplete, Method: models.MethodACH}
}

var open = []models.Remittance{
	told("a", "acme", "EFT0001", "2026-03-20", 96_00),
	told("b", "beta", "EFT9001", "2026-04-10", 64_00),
	told("c", "acme", "EFT0004", "2026-06-22", 86_50),
	{ID: "d", PayerID: "acme", Trace: "REM0003", Day: "2026-06-15", Outcome: models.RemittanceComplete, Method: models.MethodNone},
	{ID: "e", PayerID: "acme", Trace: "EFT0005", Day: "2026-06-15", Amount: 20_00, Outcome: models.RemittanceQueued},
}

// TestAPayersFileIsOfTheMoneyThatCame holds which file of those that a payer finds tells a deposit, and what is said where none does.
func TestAPayersFileIsOfTheMoneyThatCame(t *testing.T) {
	d := models.Deposit{Day: "2026-03-20", Trace: "EFT0001", Amount: 96_00}
	own := models.FoundPayment{Trace: "EFT0001", Day: "2026-03-18", Amount: 96_00, Advice: "A-1", IsReadable: true}
	with := func(change func(*models.FoundPayment)) models.FoundPayment {
		p := own
		change(&p)
		return p
	}
	other, far, more := with(func(p *models.FoundPayment) { p.Trace = "EFT00012" }), with(func(p *models.FoundPayment) { p.Day = "2026-03-24" }), with(func(p *models.FoundPayment) { p.Amount++ })
	pdf, twice := with(func(p *models.FoundPayment) { p.Advice, p.IsReadable = "A-2", false }), with(func(p *models.FoundPayment) { p.Advice = "A-3" })
	for _, row := range []struct {
		sentence string
		found    []models.FoundPayment
		advice   string
		asked    models.DepositAsked
	}{
		{"nothing is found", nil, "", models.AskedUnknown},
		{"it is the one", []models.FoundPayment{own}, "A-1", models.AskedNothing},
		{"it is among others", []models.FoundPayment{other, pdf, own, own}, "A-1", models.AskedNothing},
		{"only others are found", []models.FoundPayment{other, far, more}, "", models.AskedOther},
		{"it is in no form that is read", []models.FoundPayment{pdf, other}, "", models.AskedUnreadable},
		{"two files tell it", []models.FoundPayment{own, twice}, "", models.AskedOther},
	} {
		if advice, asked := deposit.Advice(d, row.found); advice != row.advice || asked != row.asked {
			t.Errorf("%s: %q %q, want %q %q", row.sentence, advice, asked, row.advice, row.asked)
		}
	}
}

// TestADepositIsAPaymentByTraceAmountAndDay to the cent and three days either way, and never by two of the three.
func TestADepositIsAPaymentByTraceAmountAndDay(t *testing.T) {
	for _, row := range []struct {
		sentence string
		deposit  models.Deposit
		want     models.RemittanceID
	}{
		{"all three agree", models.Deposit{Day: "2026-03-20", Trace: "EFT0001", Amount: 96_00}, "a"},
		{"three days later", models.Deposit{Day: "2026-03-23", Trace: "EFT0001", Amount: 96_00}, "a"},
		{"three days before", models.Deposit{Day: "2026-03-17", Trace: "EFT0001", Amount: 96_00}, "a"},
		{"four days later", models.Deposit{Day: "2026-03-24", Trace: "EFT0001", Amount: 96_00}, ""},
		{"a cent more", models.Deposit{Day: "2026-03-20", Trace: "EFT0001", Amount: 96_01}, ""},
		{"no trace number", models.Deposit{Day: "2026-03-20", Amount: 96_00}, ""},
		{"another trace number", models.Deposit{Day: "2026-03-20", Trace: "EFT9001", Amount: 96_00}, ""},
		{"another payer", models.Deposit{Day: "2026-03-20", Trace: "EFT0001", Amount: 96_00, PayerID: "beta"}, ""},
		{"a payment that is not told", models.Deposit{Day: "2026-06-15", Trace: "EFT0005", Amount: 20_00}, ""},
	} {
		got, ok := deposit.Named(row.deposit, open)
		if got.ID != row.want || ok != (row.want != "") {
			t.Errorf("%s: it pays %q, want %q", row.sentence, got.ID, row.want)
		}
	}
	same := append(slices.Clone(open), told("f", "beta", "EFT0001", "2026-03-20", 96_00))
	if got, ok := deposit.Named(models.Deposit{Day: "2026-03-20", Trace: "EFT0001", Amount: 96_00}, same); ok {
		t.Errorf("of two that are alike it pays %q", got.ID)
	}
}

func ids(p deposit.Proposal) string {
	var list []string
	for _, r := range p.Remittances {
		list = append(list, string(r.ID))
	}
	return strings.Join(list, "+") + " " + p.Difference.String()
}

// TestWhatADepositMayPayIsProposed alone or as a pair of one payer, however far their days are, and one that it names with another amount tells the difference.
func TestWhatADepositMayPayIsProposed(t *testing.T) {
	for _, row := range []struct {
		sentence string
		deposit  models.Deposit
		want     string
	}{
		{"a pair", models.Deposit{Day: "2026-06-22", Amount: 182_50}, "c+a 0.00"},
		{"a pair of two payers", models.Deposit{Day: "2026-06-22", Amount: 160_00}, ""},
		{"one without its trace number", models.Deposit{Day: "2026-04-10", Amount: 64_00}, "b 0.00"},
		{"one of another payer", models.Deposit{Day: "2026-04-10", Amount: 64_00, PayerID: "acme"}, ""},
		{"one with a cent more", models.Deposit{Day: "2026-03-20", Trace: "EFT0001", Amount: 96_01}, "a 0.01"},
		{"one with a cent less", models.Deposit{Day: "2026-03-20", Trace: "EFT0001", Amount: 95_99}, "a -0.01"},
		{"nothing", models.Deposit{Day: "2026-03-20", Trace: "XYZ", Amount: 1_00}, ""},
	} {
		var got []string
		for _, p := range deposit.Propose(row.deposit, open) {
			got = append(got, ids(p))
		}
		if strings.Join(got, "; ") != row.want {
			t.Errorf("%s: proposed is %q, want %q", row.sentence, got, row.want)
		}
	}
	two := []models.Remittance{told("far", "acme", "X", "2026-03-01", 96_00), told("near", "acme", "Y", "2026-03-19", 96_00), told("named", "acme", "Z", "2026-01-01", 96_00)}
	if got := deposit.Propose(models.Deposit{Day: "2026-03-20", Trace: "Z", Amount: 96_00}, two); len(got) != 3 || ids(got[0]) != "named 0.00" || ids(got[1]) != "near 0.00" {
		t.Errorf("proposed is %+v", got)
	}
}

// TestAPairIsFoundAmongManyPayments of the same payer, wherever it stands, and every proposal of no difference adds up.
func TestAPairIsFoundAmongManyPayments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(1, 5000_00), 2, 60).Draw(t, "amounts")
		var list []models.Remittance
		for i, amount := range amounts {
			list = append(list, told(string(rune('A'+i)), "acme", "", "2026-03-20", models.Cents(amount)))
		}
		one := rapid.IntRange(0, len(list)-1).Draw(t, "one")
		other := rapid.IntRange(0, len(list)-1).Filter(func(i int) bool { return i != one }).Draw(t, "other")
		d := models.Deposit{Day: "2026-03-20", PayerID: "acme", Amount: list[one].Amount + list[other].Amount}
		found := deposit.Propose(d, list)
		if len(found) == 0 || len(found) > deposit.ProposalsMax {
			t.Fatalf("%d proposals", len(found))
		}
		for _, p := range found {
			sum := p.Difference
			for _, r := range p.Remittances {
				sum += r.Amount
			}
			if sum != d.Amount || p.Difference != 0 {
				t.Fatalf("%+v does not add up to %s", p, d.Amount)
			}
		}
	})
}

// TestAMatchIsTheDepositToTheCent of payments that are told, await a deposit and are named once.
func TestAMatchIsTheDepositToTheCent(t *testing.T) {
	of := map[models.RemittanceID]models.Remittance{}
	for _, r := range open {
		of[r.ID] = r
	}
	paid := told("p", "acme", "EFT0009", "2026-03-20", 10_00)
	paid.DepositID = "another"
	of["p"] = paid
	remits := func(id models.RemittanceID) models.DepositMatch {
		return models.DepositMatch{Pays: models.PaysRemittance, RemittanceID: id, Amount: max(of[id].Amount, 1)}
	}
	for _, row := range []struct {
		sentence string
		amount   models.Cents
		matches  []models.DepositMatch
		want     string
	}{
		{"one payment", 96_00, []models.DepositMatch{remits("a")}, ""},
		{"two", 182_50, []models.DepositMatch{remits("a"), remits("c")}, ""},
		{"cards and the till", 30_00, []models.DepositMatch{{Pays: models.PaysCard, Amount: 19_40, Fee: 60}, {Pays: models.PaysTill, Amount: 10_60}}, ""},
		{"nothing", 96_00, nil, "deposit.empty deposit"},
		{"a cent more", 96_01, []models.DepositMatch{remits("a")}, "deposit.unequal deposit"},
		{"one twice", 192_00, []models.DepositMatch{remits("a"), remits("a")}, "deposit.remittance remittance[1]"},
		{"one that there is not", 1_00, []models.DepositMatch{remits("z")}, "deposit.remittance remittance[0]"},
		{"one that is not told", 20_00, []models.DepositMatch{remits("e")}, "deposit.untold remittance[0]"},
		{"one of no money", 1, []models.DepositMatch{remits("d")}, "deposit.none remittance[0]"},
		{"another deposit's", 10_00, []models.DepositMatch{remits("p")}, "deposit.taken remittance[0]"},
	} {
		var got []string
		for _, issue := range deposit.Check(models.Deposit{ID: "x", Amount: row.amount, Matches: row.matches}, of) {
			got = append(got, issue.Code+" "+issue.Path)
		}
		if strings.Join(got, "; ") != row.want {
			t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
		}
	}
}
