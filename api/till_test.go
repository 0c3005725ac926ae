package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"medbill/internal/auth"
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
