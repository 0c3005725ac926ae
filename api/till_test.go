package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/store/storetest"
)

// counted gives the Parameters of $close-till.
func counted(till, day, cash, checks string) string {
	parameters := `{'name':'cash','valueMoney':{'value':` + cash + `,'currency':'USD'}},{'name':'checks','valueMoney':{'value':` + checks + `,'currency':'USD'}}`
	if till != "" {
		parameters += `,{'name':'till','valueString':'` + till + `'}`
	}
	if day != "" {
		parameters += `,{'name':'day','valueDate':'` + day + `'}`
	}
	return compact(`{'resourceType':'Parameters','parameter':[` + parameters + `]}`)
}

// puts has the desk's one till take money of ann's on a day.
func (x till) puts(day, amount, method string) {
	x.Helper()
	number := fmt.Sprint("R-", x.numbers())
	body := strings.NewReplacer(`"cash"`, `"`+method+`"`, `"paymentDate":"2026-03-02"`, `"paymentDate":"`+day+`"`).Replace(notice(amount, number, ""))
	x.do(x.T, frontdesk, "POST", "PaymentNotice", body).expect(x.T, http.StatusCreated)
}

// numbers gives each receipt a number of its own.
func (x till) numbers() int {
	x.day(fmt.Sprint("receipt ", len(x.days)))
	return len(x.days)
}

// closed tells a close: its day, what was expected and counted, and the difference.
func closed(t testing.TB, a answer) []string {
	t.Helper()
	var read struct {
		Parameter []struct {
			Part []struct {
				Name       string
				ValueDate  string
				ValueMoney struct{ Value json.Number }
				Part       []struct {
					ValueMoney struct{ Value json.Number }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(a.body), &read); err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, c := range read.Parameter {
		text := ""
		for _, p := range c.Part {
			switch p.Name {
			case "day":
				text += p.ValueDate
			case "expected", "counted":
				text += " " + p.Part[1].ValueMoney.Value.String()
			case "difference":
				text += " = " + p.ValueMoney.Value.String()
			}
		}
		list = append(list, text)
	}
	return list
}

// TestATillIsCountedAtTheEndOfADay: what is missing is an expense, the drawer holds what was counted, once, and what comes afterwards is the next day's.
func TestATillIsCountedAtTheEndOfADay(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.puts("2026-03-02", "20.00", "cash")
		x.puts("2026-03-02", "50.00", "check")
		x.puts("2026-03-03", "7.00", "cash")
		closes := func(as who, body string, more ...string) answer {
			return x.do(t, as, "POST", "$close-till", body, more...)
		}
		is := func(what string, a answer, want string) {
			t.Helper()
			x.is(what, strings.Join(closed(t, a.expect(t, http.StatusOK)), "; "), want)
		}
		short := counted("", "2026-03-02", "19.00", "50.00")
		first := "2026-03-02 20.00 50.00 0.00 19.00 50.00 0.00 = -1.00"
		is("a rehearsal", closes(frontdesk, short, "Medbill-Dry-Run: true"), first)
		x.hold("rehearsed", "Cash:Drawer 77.00; Liability:Patient-credits -77.00")
		for range 2 {
			is("closed", closes(frontdesk, short), first)
			x.hold("closed", "Cash:Drawer 76.00; Expense:Over-short 1.00; Liability:Patient-credits -77.00")
		}
		closes(who{role: auth.RoleManager}, counted("", "2026-03-02", "20.00", "50.00")).expect(t, http.StatusConflict)

		x.puts("2026-03-02", "3.00", "cash") // late
		is("the next day", closes(who{role: auth.RoleBiller}, counted("", "2026-03-03", "10.50", "0")), "2026-03-03 10.00 0.00 0.00 10.50 0.00 0.00 = 0.50")
		x.hold("closed", "Cash:Drawer 79.50; Expense:Over-short 0.50; Liability:Patient-credits -80.00")
		is("a day on which nothing came", closes(frontdesk, counted("front", "2026-03-02", "0", "0")), "2026-03-02 0.00 0.00 0.00 0.00 0.00 0.00 = 0.00")

		inFront := strings.Replace(paying("5.00", "cash", "", ""), `]}`, `,{"name":"till","valueString":"front"}]}`, 1)
		x.do(t, frontdesk, "POST", "Patient/ann/$collect", inFront, "Idempotency-Key: front").expect(t, http.StatusOK)
		if today := closed(t, closes(frontdesk, counted("front", "", "5.00", "0")).expect(t, http.StatusOK)); !strings.HasSuffix(today[0], " 5.00 0.00 0.00 5.00 0.00 0.00 = 0.00") {
			t.Errorf("in front %s", today)
		}
		list := func(path string) answer { return x.do(t, frontdesk, "GET", path, "") }
		is("the list", list("$till"), "2026-03-03 10.00 0.00 0.00 10.50 0.00 0.00 = 0.50; "+first)
		is("until a day", list("$till?until=2026-03-02"), first)
		is("of another till", list("$till?till=front&until=2026-03-02"), "2026-03-02 0.00 0.00 0.00 0.00 0.00 0.00 = 0.00")
		is("of none", list("$till?till=back"), "")
	})
}

// TestABrokenCountIsRefusedWhole: each says what and where, and who may not sees nothing.
func TestABrokenCountIsRefusedWhole(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.puts("2026-03-02", "20.00", "cash")
		whole := counted("", "2026-03-02", "19.00", "0")
		for what, row := range map[string]struct {
			as     who
			body   string
			status int
			place  string
		}{
			"less than nothing": {frontdesk, counted("", "", "-1.00", "0"), http.StatusBadRequest, "Parameters.parameter[0].value"},
			"a day to come":     {frontdesk, counted("", "2199-01-01", "1.00", "0"), http.StatusUnprocessableEntity, "Parameters.parameter[2].value"},
			"nothing counted":   {frontdesk, strings.Replace(whole, `"checks"`, `"other"`, 1), http.StatusBadRequest, "Parameters.parameter"},
			"another currency":  {frontdesk, strings.Replace(whole, "USD", "EUR", 1), http.StatusUnprocessableEntity, "Parameters.parameter[0].value.currency"},
			"a card for a till": {frontdesk, counted("4242424242424242", "", "1.00", "0"), http.StatusBadRequest, "Parameters.parameter[2].value"},
			"by a patient":      {ann, whole, http.StatusForbidden, ""},
			"by a coder":        {who{role: auth.RoleCoder}, whole, http.StatusForbidden, ""},
			"by a payer":        {who{role: auth.RolePayer, organization: "acme"}, whole, http.StatusForbidden, ""},
		} {
			a := x.do(t, row.as, "POST", "$close-till", row.body)
			place := a.node(t).Get("issue").At(0).Get("expression").At(0).Text()
			if a.status != row.status || place != row.place {
				t.Errorf("%s: %d at %q, want %d at %q: %s", what, a.status, place, row.status, row.place, a.body)
			}
		}
		x.do(t, ann, "GET", "$till", "").expect(t, http.StatusForbidden)
		x.hold("refused", "Cash:Drawer 20.00; Liability:Patient-credits -20.00")
	})
}

// TestCashThatGoesBackIsNotInTheTill: out of the till of its payment or the one that is named, for the day that is open; a check goes out of none.
func TestCashThatGoesBackIsNotInTheTill(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := clocktest.At(time.Date(2026, 3, 2, 18, 0, 0, 0, time.UTC))
		x := till{figure(t, open(t, storetest.OpenAt(t, url, hand.Clock()), nil), nil, 1), map[string]string{}}
		manager := who{role: auth.RoleManager}
		const named = `"extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/till","valueString":"front"},`
		front := strings.Replace(notice("20.00", "T-1", ""), `"extension":[`, named, 1)
		made := x.do(t, frontdesk, "POST", "PaymentNotice", front).expect(t, http.StatusCreated)
		if stored := x.do(t, frontdesk, "GET", "PaymentNotice/"+made.id(t), "").body; !strings.Contains(stored, `/till","valueString":"front"`) {
			t.Errorf("the notice says %s", stored)
		}
		x.do(t, frontdesk, "POST", "PaymentNotice", strings.Replace(front, `"front"`, `"4242424242424242"`, 1)).expect(t, http.StatusBadRequest)
		x.puts("2026-03-02", "10.00", "check")
		check := strings.TrimPrefix(x.do(t, admin, "GET", "PaymentNotice?patient=Patient/ann&_sort=-_lastUpdated", "").entries(t)[0], "PaymentNotice/")
		of := func(id string) string {
			return `,{'name':'payment','valueReference':{'reference':'PaymentNotice/` + id + `'}}`
		}
		const went, inBack = `,{'name':'reference','valueString':'cash'}`, `,{'name':'till','valueString':'back'}`
		x.refunds(manager, "k1", "5.00", of(made.id(t))+went).expect(t, http.StatusOK)
		x.ends(biller, "pay-refund", x.refunds(manager, "k2", "3.00", of(made.id(t))).expect(t, http.StatusOK), `{'name':'reference','valueString':'cash'}`+inBack).expect(t, http.StatusOK)
		x.refunds(manager, "k3", "1.00", of(check)+went+inBack).expect(t, http.StatusUnprocessableEntity)
		x.refunds(manager, "k4", "1.00", of(check)+went).expect(t, http.StatusOK)
		is := func(till, cash, checks, want string) {
			t.Helper()
			a := x.do(t, frontdesk, "POST", "$close-till", counted(till, "", cash, checks)).expect(t, http.StatusOK)
			x.is("the till "+till, strings.Join(closed(t, a), "; "), want)
		}
		is("front", "15.00", "0", "2026-03-02 15.00 0.00 0.00 15.00 0.00 0.00 = 0.00")
		is("back", "0", "0", "2026-03-02 -3.00 0.00 0.00 0.00 0.00 0.00 = 3.00")
		is("", "0", "10.00", "2026-03-02 0.00 10.00 0.00 0.00 10.00 0.00 = 0.00")
		x.refunds(manager, "k5", "2.00", of(made.id(t))+went).expect(t, http.StatusOK)
		hand.Advance(24 * time.Hour)
		is("front", "0", "0", "2026-03-03 -2.00 0.00 0.00 0.00 0.00 0.00 = 2.00")
	})
}
