package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// The bank's side of payers' payments, played over HTTP as the bank's files, the payers and the office do.

// taken is what POST /deposits gives.
type taken struct {
	Taken, Known int
	Amount       string
	Deposits     []struct {
		ID, State string
		Pays      []struct{ Kind, Remittance, Amount string }
	}
	NotTaken []struct {
		Line        int
		Amount, Why string
	}
}

// statement is EFT0004 in BAI2, between money that goes out and the bank's fee.
const statement = "01,122099999,PRACTICE1,260622,0800,1,,,2/\n02,PRACTICE1,122099999,1,260622,,USD,2/\n03,00012345,USD,010,500000,,,015,507650,,/\n16,142,8650,Z,B-3,,ACME PPO HCCLAIMPMT\n88,TRN*1*EFT0004*1999999999\\\n" +
	"16,475,1000,,CHK101,,CHECK PAID/\n49,1017300,5/\n98,1017300,1,7/\n99,1017300,1,9/\n"

// entriesOf is a file of the clearing house with one CCD+ entry on a day (YYMMDD), whose addendum has the trace number.
func entriesOf(day, trace string, cents int) string {
	fill := func(text string) string { return fmt.Sprintf("%-94s\n", text) }
	sums := fmt.Sprintf("%010d%012d%012d", 12209999, 0, cents)
	return fill("101 122099999 9999999992603190800A094101BANK OF CANARY         PRACTICE") +
		fill("5220BETA SUPP                           1999999999CCDHCCLAIMPMT"+day+day+"   1122099990000001") +
		fill(fmt.Sprintf("62212209999900012345         %010dNPI1234567893  PRACTICE                1122099990000001", cents)) +
		fill("705"+fmt.Sprintf("%-80s", "TRN*1*"+trace+"*1888888888~")+"00010000001") +
		fill("8220000002"+sums+"1999999999                         122099990000001") + fill("9000001000001"+"00000002"+sums)
}

var biller = who{role: auth.RoleBiller}

// banks sends a file of the bank, twice as banks do, and gives what came of it first.
func (x *example) banks(media, file string) taken {
	x.Helper()
	var first, again taken
	for _, into := range []*taken{&first, &again} {
		body := x.do(x.T, biller, "POST", x.root+"/deposits", file, "Content-Type: "+media).expect(x.T, http.StatusOK).body
		if err := json.Unmarshal([]byte(body), into); err != nil {
			x.Fatalf("%v: %s", err, body)
		}
	}
	if again.Taken != 0 || again.Known != first.Taken+first.Known || again.Amount != "0.00" {
		x.Errorf("the same file again is %+v, first %+v", again, first)
	}
	return first
}

// holds checks the books against their laws, and that what is open in clearing is what no deposit pays.
func (x *example) holds() {
	x.Helper()
	x.idle(x.T)
	if _, err := x.office.Verify(context.Background(), tenant, billing.Watch{Breach: func(b billing.Breach) { x.Error(b) }}); err != nil {
		x.Fatal(err)
	}
	sum, without := models.Cents(0), false
	err := x.db.As(models.Actor{Tenant: tenant}).View(context.Background(), func(v *store.View) error {
		list, err := books.Remittances(v, models.RemittanceFilter{Deposited: &without}, models.Remittance{}, 100)
		for _, r := range list {
			sum += r.Amount
		}
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	if got := x.account(models.AccountClearing); got != sum {
		x.Errorf("clearing is %s, and payments without a deposit are %s", got, sum)
	}
}

// account gives what stands in an account, whatever the day.
func (x *example) account(of models.LedgerAccount) models.Cents {
	x.Helper()
	return x.accountAt(of, "2026-12-31")
}

// accountAt gives what stands in an account at the end of a day.
func (x *example) accountAt(of models.LedgerAccount, day string) models.Cents {
	x.Helper()
	for line := range strings.SplitSeq(x.do(x.T, biller, "GET", x.root+"/reports/trial-balance.csv?by=account&asOf="+day, "").expect(x.T, http.StatusOK).body, "\r\n") {
		if amount, ok := strings.CutPrefix(line, string(of)+","); ok {
			return x.cents(amount)
		}
	}
	return 0
}

// bankOffice is where payers pay without any claim, so that a payment is one part of interest.
func bankOffice(t *testing.T, url string) *example {
	t.Helper()
	hand := clocktest.At(time.Date(2026, 3, 18, 18, 0, 0, 0, time.UTC))
	x := &example{world: open(t, storetest.OpenAt(t, url, hand.Clock()), nil), T: t, hand: hand}
	practice(t, x.world)
	x.put(t, "Organization/beta", compact(`{'resourceType':'Organization','id':'beta','name':'BETA SUPPLEMENTAL'}`))
	return x
}

// pays has a payer tell a payment, and gives its id.
func (x *example) pays(payer, trace, day, amount string) string {
	x.Helper()
	x.remits(payer, trace, day, amount, nil, "L6 "+amount)
	for _, found := range x.do(x.T, biller, "GET", "PaymentReconciliation?payment-issuer=Organization/"+payer, "").expect(x.T, http.StatusOK).entries(x.T) {
		if strings.Contains(x.do(x.T, biller, "GET", found, "").body, `"`+trace+`"`) {
			return strings.TrimPrefix(found, "PaymentReconciliation/")
		}
	}
	x.Fatalf("no payment is %s", trace)
	return ""
}

// comes moves the clock to the evening of a day, on which the office asks for what the bank does not have.
func (x *example) comes(day string) {
	x.Helper()
	x.until(day)
	if err := x.office.AskForDeposits(context.Background()); err != nil {
		x.Fatal(err)
	}
}

// item gives the one open item of a kind.
func (x *example) item(kind string) fhir.Node {
	x.Helper()
	x.idle(x.T)
	return x.do(x.T, biller, "GET", "Task/"+x.await(x.T, "Task?status=requested&code="+kind, 1)[0], "").expect(x.T, http.StatusOK).node(x.T)
}

// none holds that no item of a kind is open.
func (x *example) none(kinds string) {
	x.Helper()
	x.idle(x.T)
	x.await(x.T, "Task?status=requested&code="+kinds, 0)
}

const bothKinds = "remittance-without-deposit,deposit-without-remittance"

// matches is what $match-deposit takes.
func matches(deposit, more string, remittances ...string) string {
	text := `{'name':'deposit','valueString':'` + deposit + `'}`
	for _, id := range remittances {
		text += `,{'name':'remittance','valueReference':{'reference':'PaymentReconciliation/` + id + `'}}`
	}
	return compact(`{'resourceType':'Parameters','parameter':[` + text + more + `]}`)
}

// TestDepositOfAnotherAmountIsNotMatched holds that 96.01 for 96.00 is work over 0.01, and that nobody can match it either.
func TestDepositOfAnotherAmountIsNotMatched(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := bankOffice(t, url)
		id := x.pays("acme", "EFT0001", "2026-03-20", "96.00")
		d := x.banks("application/json", `[{"date":"2026-03-20","amount":"96.01","trace":"EFT0001"}]`).Deposits[0]
		item := x.item("deposit-without-remittance")
		if text := string(item.Raw()); d.State != "unmatched" || !strings.Contains(text, "differs from it by 0.01") || !strings.Contains(text, `"value":0.01`) {
			t.Errorf("the deposit is %+v, and the work %s", d, text)
		}
		x.do(t, biller, "POST", "$match-deposit", matches(d.ID, "", id)).expect(t, http.StatusUnprocessableEntity)
		if got := x.account(models.AccountReceipts); got != -96_01 {
			t.Errorf("what is not matched is %s", got)
		}
		x.holds()
	})
}

// TestOneDepositOfTwoPaymentsIsProposed holds that 182.50 is proposed as 96.00 and 86.50 of one payer, months apart, and that the match closes all three items.
func TestOneDepositOfTwoPaymentsIsProposed(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := bankOffice(t, url)
		one := x.pays("acme", "EFT0001", "2026-03-20", "96.00")
		x.until("2026-06-22")
		other := x.pays("acme", "EFT0004", "2026-06-22", "86.50")
		x.comes("2026-06-30")
		x.await(t, "Task?status=requested&code=remittance-without-deposit", 2)
		d := x.banks("text/csv", "date,amount,trace,payer,text\n2026-06-22,182.50,,acme,ACME PPO\n").Deposits[0]
		text := string(x.item("deposit-without-remittance").Raw())
		if d.State != "unmatched" || !strings.Contains(text, "both payments") || !strings.Contains(text, one) || !strings.Contains(text, other) {
			t.Errorf("the work is %s", text)
		}
		x.do(t, biller, "POST", "$match-deposit", matches(d.ID, "", one, other), "Medbill-Dry-Run: true").expect(t, http.StatusOK)
		for range 2 { // under its key once
			x.do(t, biller, "POST", "$match-deposit", matches(d.ID, "", one, other), "Idempotency-Key: pair").expect(t, http.StatusOK)
		}
		x.none(bothKinds)
		if bank, receipts, clearing := x.account(models.AccountBank), x.account(models.AccountReceipts), x.account(models.AccountClearing); bank != 182_50 || receipts != 0 || clearing != 0 {
			t.Errorf("the bank has %s, not matched are %s, and clearing is %s", bank, receipts, clearing)
		}
		x.holds()
		x.do(t, biller, "POST", "$match-deposit", matches(d.ID, "", one)).expect(t, http.StatusConflict)
		x.do(t, biller, "POST", "$unmatch-deposit", matches(d.ID, "")).expect(t, http.StatusOK)
		x.do(t, biller, "POST", "$unmatch-deposit", matches(d.ID, "")).expect(t, http.StatusConflict)
		x.item("deposit-without-remittance")
		x.holds()
		x.comes("2026-07-01")
		x.await(t, "Task?status=requested&code=remittance-without-deposit", 2)
		x.do(t, biller, "POST", "$match-deposit", matches(d.ID, "", one, other)).expect(t, http.StatusOK)
		x.none(bothKinds)
		x.holds()
	})
}

// TestPaymentWithoutDepositIsAskedFor holds that after five business days it is an item of its amount, which the deposit closes, and that a payment of nothing is none.
func TestPaymentWithoutDepositIsAskedFor(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := bankOffice(t, url)
		x.until("2026-04-10") // a Friday
		x.pays("beta", "EFT9001", "2026-04-10", "64.00")
		x.remits("acme", "REM0003", "2026-04-10", "0.00", nil, "L6 13.50", "FB:REM0003 -13.50")
		x.comes("2026-04-16")
		x.none(bothKinds)
		x.comes("2026-04-17")
		if text := string(x.item("remittance-without-deposit").Raw()); !strings.Contains(text, `"value":64.00`) {
			t.Errorf("the work is %s", text)
		}
		x.banks("text/plain", entriesOf("260413", "EFT9001", 64_00))
		x.none(bothKinds)
		x.holds()
	})
}

// TestDepositWithoutPaymentWaits holds that it stands in an account of its own from the bank's day on, and is matched when its payer tells the payment.
func TestDepositWithoutPaymentWaits(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := bankOffice(t, url)
		d := x.banks("application/json", `[{"date":"2026-03-18","amount":64,"trace":"EFT9001"},{"date":"2026-03-17","amount":20,"text":"COUNTER DEPOSIT"},{"date":"2026-03-18","amount":-3,"text":"FEE"}]`)
		if d.Taken != 2 || len(d.NotTaken) != 1 || d.NotTaken[0].Line != 3 || d.NotTaken[0].Amount != "-3.00" {
			t.Errorf("taken is %+v", d)
		}
		x.await(t, "Task?status=requested&code=deposit-without-remittance", 2)
		for day, want := range map[string]models.Cents{"2026-03-16": 0, "2026-03-17": 20_00, "2026-03-18": 84_00} {
			if got := x.accountAt(models.AccountBank, day); got != want {
				t.Errorf("through %s the bank has %s, want %s", day, got, want)
			}
		}
		if got := x.account(models.AccountReceipts); got != -84_00 {
			t.Errorf("what is not matched is %s", got)
		}
		x.pays("beta", "EFT9001", "2026-03-20", "64.00")
		x.do(t, biller, "POST", "$match-deposit", matches(d.Deposits[1].ID, `,{'name':'card','valueMoney':{'value':19.40,'currency':'USD'}},{'name':'fee','valueMoney':{'value':0.60,'currency':'USD'}},{'name':'till','valueMoney':{'value':0.60,'currency':'USD'}}`)).expect(t, http.StatusOK)
		x.none(bothKinds)
		for account, want := range map[models.LedgerAccount]models.Cents{
			models.AccountReceipts: 0, models.AccountClearing: 0, models.AccountProcessorFees: 60, models.AccountCardClearing: -20_00, models.AccountDrawer: -60, models.AccountBank: 84_00,
		} {
			if got := x.account(account); got != want {
				t.Errorf("%s is %s, want %s", account, got, want)
			}
		}
		x.holds()
	})
}

// TestDepositAndPaymentAtOnceAreMatched holds that none of them misses the other where both come at the same moment.
func TestDepositAndPaymentAtOnceAreMatched(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := bankOffice(t, url)
		for i := range 8 {
			trace, came := fmt.Sprintf("EFT%04d", i), make(chan answer, 1)
			go func() {
				came <- x.do(t, biller, "POST", x.root+"/deposits", `[{"date":"2026-03-18","amount":64,"trace":"`+trace+`"}]`, "Content-Type: application/json")
			}()
			x.remits("beta", trace, "2026-03-18", "64.00", nil, "L6 64.00")
			(<-came).expect(t, http.StatusOK)
		}
		x.none(bothKinds)
		if bank, receipts, clearing := x.account(models.AccountBank), x.account(models.AccountReceipts), x.account(models.AccountClearing); bank != 8*64_00 || receipts != 0 || clearing != 0 {
			t.Errorf("the bank has %s, not matched are %s, and clearing is %s", bank, receipts, clearing)
		}
		x.holds()
	})
}

// TestDepositsOfAFileAreAllOrNone holds that a broken file posts nothing and is told by its line, and that a reference of the bank stands for one deposit.
func TestDepositsOfAFileAreAllOrNone(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := bankOffice(t, url)
		x.until("2026-06-22")
		x.banks("application/json", `[{"date":"2026-03-18","amount":20,"reference":"B-1"}]`)
		for name, row := range map[string]struct {
			media, file string
			status      int
			places      string
		}{
			"a statement that is cut":       {"text/plain", strings.TrimSuffix(statement, "99,1017300,1,9/\n"), 400, "line 8, column 1"},
			"entries whose sum differs":     {"text/plain", strings.Replace(entriesOf("260318", "EFT", 5), "0000000005", "0000000006", 1), 400, "line 5, column 33"},
			"a line that is wrong":          {"text/csv", "date,amount,trace,payer,text\n2026-03-18,1.00,,,\nx,1.00,,,\n", 400, "line 3, column date"},
			"a payer that nobody knows":     {"text/csv", "date,amount,trace,payer,text\n2026-03-18,1.00,,typo,\n", 422, "line 2, column payer"},
			"a day far to come":             {"application/json", `[{"date":"2026-07-30","amount":1}]`, 422, "line 1, column date"},
			"a reference of something else": {"application/json", `[{"date":"2026-03-18","amount":2,"text":"x"},{"date":"2026-03-18","amount":20.01,"reference":"B-1"}]`, 409, "line 2, column reference"},
			"a reference twice in the file": {"application/json", `[{"date":"2026-03-18","amount":2,"reference":"B-2"},{"date":"2026-03-18","amount":3,"reference":"B-2"}]`, 409, "line 2, column reference"},
			"a form that is none":           {"application/xml", "<a/>", 415, ""},
			"what is no statement":          {"text/plain", "hello", 400, "line 1"},
			"an object that is no list":     {"application/json", `{"date":"2026-03-18"}`, 400, "line 1, column 1"},
		} {
			if got := x.do(t, biller, "POST", x.root+"/deposits", row.file, "Content-Type: "+row.media).expect(t, row.status).places(t); got != row.places {
				t.Errorf("%s is refused at %q, want %q", name, got, row.places)
			}
		}
		for _, role := range []auth.Role{auth.RoleCoder, auth.RoleFrontDesk, auth.RoleEHR, auth.RolePayer, auth.RolePatient} {
			x.do(t, who{role: role, patient: "ann", organization: "acme"}, "POST", x.root+"/deposits", "[]", "Content-Type: application/json").expect(t, http.StatusForbidden)
		}
		x.do(t, biller, "POST", x.root+"/deposits", `[{"date":"2026-03-18","amount":2}]`, "Content-Type: application/json", "Medbill-Dry-Run: true").expect(t, http.StatusOK)
		if got := x.account(models.AccountBank); got != 20_00 {
			t.Errorf("the bank has %s", got)
		}
		x.holds()
	})
}
