package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/models/money"
)

// What guarantors are sent, played over HTTP from Monday 2 March 2026 on.

var (
	manager = who{role: auth.RoleManager}
	kim     = who{role: auth.RolePatient, patient: "kim"}
)

// owes has patients owe balances from before; it takes patient, amount, patient, amount.
func (x selfPaying) owes(pairs ...string) {
	x.Helper()
	lines := "patient,payer,coverage,number,payer_number,service_date,system,code,amount\n"
	for i := 0; i < len(pairs); i += 2 {
		lines += fmt.Sprintf("%s,,,OLD-%d,,2026-01-12,,,%s\n", pairs[i], i, pairs[i+1])
	}
	x.do(x.T, admin, "POST", "$import-balances", sets("csv", `'valueString':'`+strings.ReplaceAll(lines, "\n", `\n`)+`'`)).expect(x.T, 200)
	x.idle(x.T)
}

// told gives the parameters of an answer as text: those with a value as name=value, those with parts as the values of these.
func told(a answer, t *testing.T) string {
	t.Helper()
	var words []string
	for p := range a.node(t).Get("parameter").Children() {
		if p.Get("part").Exists() {
			words = append(words, valuesOf(p))
		} else {
			words = append(words, p.Get("name").Text()+"="+valuesOf(p))
		}
	}
	return strings.Join(words, " ")
}

func valuesOf(p fhir.Node) string {
	if p.Get("part").Exists() {
		var parts []string
		for part := range p.Get("part").Children() {
			parts = append(parts, valuesOf(part))
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	for _, typ := range []string{"valueString", "valueCode", "valueDate", "valueUnsignedInt"} {
		if v := p.Get(typ); v.Exists() {
			return v.Text()
		}
	}
	return p.In("valueMoney", "value").Text() + p.In("valueReference", "reference").Text()
}

func (x selfPaying) days(n int) { x.hand.Advance(time.Duration(n) * 24 * time.Hour) }

// runs sends what is due, and gives what came of it without the day.
func (x selfPaying) runs(headers ...string) string {
	x.Helper()
	text := told(x.do(x.T, biller, "POST", "$run-statements", "", headers...).expect(x.T, 200), x.T)
	_, text, _ = strings.Cut(text, " guarantors=")
	return text
}

// says gives what a patient is told of the last statement and of what is next, without its lines.
func (x selfPaying) says(as who, patient string) (sent, next string) {
	x.Helper()
	for p := range x.do(x.T, as, "GET", "Patient/"+patient+"/$statement", "").expect(x.T, 200).node(x.T).Get("parameter").Children() {
		switch p.Get("name").Text() {
		case "sent", "next":
			var words []string
			for part := range p.Get("part").Children() {
				switch part.Get("name").Text() {
				case "day", "step":
					words = append(words, part.Get("valueDate").Text()+part.Get("valueCode").Text())
				case "amount":
					words = append(words, part.In("valueMoney", "value").Text())
				}
			}
			if text := strings.Join(words, " "); p.Get("name").Is("sent") {
				sent = text
			} else {
				next = text
			}
		case "skipped":
			next = p.Get("valueCode").Text()
		}
	}
	return sent, next
}

func (x selfPaying) is(what, got, want string) {
	x.Helper()
	if got != want {
		x.Errorf("%s: %s, want %s", what, got, want)
	}
}

// work gives the one open item of a kind.
func (x selfPaying) work(kind string) string {
	x.Helper()
	return x.await(x.T, "Task?status=requested&code="+kind, 1)[0]
}

func (x selfPaying) decides(as who, task, decision string) answer {
	x.Helper()
	return x.do(x.T, as, "POST", "Task/"+task+"/$decide", sets("decision", `'valueCode':'`+decision+`'`, "reason", `'valueString':'As agreed.'`))
}

// TestTheLettersOfACycle: on the days 0, 30, 60 and 90 a guarantor is asked for all that is due, once a day however often the run is started; after that a manager decides, and who is released is asked from the beginning.
func TestTheLettersOfACycle(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.patient("small")
		x.owes("ann", "20.00", "small", "4.99")
		for n, step := range []string{"day-0", "day-30", "day-60", "day-90"} {
			if n > 0 {
				x.days(29)
				x.is("a day early", x.runs(), "2 sent=0 amount=0.00 [below-minimum 1] [not-yet 1] broken=0")
				x.days(1)
			}
			x.is("to be sent", x.runs("Medbill-Dry-Run: true"), "2 sent=1 amount=20.00 [below-minimum 1] broken=0")
			x.is(step, x.runs(), "2 sent=1 amount=20.00 [below-minimum 1] broken=0")
			x.is(step+" again", x.runs(), "2 sent=0 amount=0.00 [below-minimum 1] [not-yet 1] broken=0")
			sent, next := x.says(ann, "ann")
			x.is("the portal", sent+", "+next, x.hand.Clock().Now().Format(time.DateOnly)+" "+step+" 20.00, not-yet")
		}
		x.days(30)
		x.is("after all letters", x.runs(), "2 sent=0 amount=0.00 [below-minimum 1] [collections 1] broken=0")
		x.is("then", x.runs(), "2 sent=0 amount=0.00 [held 1] [below-minimum 1] [collections 1] broken=0")
		task := x.work("collections")
		x.decides(who{role: auth.RoleFrontDesk}, task, "release").expect(t, 403)
		x.decides(manager, task, "release").expect(t, 200)
		x.is("released", x.runs(), "2 sent=1 amount=20.00 [below-minimum 1] broken=0")
		sent, _ := x.says(ann, "ann")
		x.is("from the beginning", sent, x.hand.Clock().Now().Format(time.DateOnly)+" day-0 20.00")
		x.clean()
	})
}

// TestAStatementAsksForAllThatAPatientOwes: bills and balances from before, line by line; what it asks for is what the books say. (Law I6.)
func TestAStatementAsksForAllThatAPatientOwes(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.patient("kim")
		x.patient("zoe")
		x.owes("kim", "20.00", "zoe", "7.31", "kim", "0.01")
		x.days(18)
		x.visit("v-kim", "kim", "99203", "")
		x.visit("v-zoe", "zoe", "99205", "")
		x.is("the run", x.runs(), "2 sent=2 amount=727.31 broken=0")
		x.is("AR:Patient", strings.Join(x.receivable(), " "), "727.31")
		body := x.do(t, kim, "POST", "Patient/kim/$statement", "").expect(t, 200).body
		for _, want := range []string{`"reference":"Invoice/`, `"reference":"ChargeItem/`, `"value":150.00`, `"value":20.00`, `"value":0.01`, `"value":170.01`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s is missing in %s", want, body)
			}
		}
		x.do(t, kim, "GET", "Patient/zoe/$statement", "").expect(t, http.StatusNotFound)
		x.do(t, who{role: auth.RoleCoder}, "GET", "Patient/kim/$statement", "").expect(t, http.StatusForbidden)
	})
}

func (x selfPaying) receivable() (sums []string) {
	x.Helper()
	for _, row := range strings.Split(x.do(x.T, biller, "GET", x.root+"/reports/trial-balance.csv?by=account", "").expect(x.T, 200).body, "\r\n") {
		if sum, is := strings.CutPrefix(row, "AR:Patient,"); is {
			sums = append(sums, sum)
		}
	}
	return sums
}

// TestAPlanThatIsEndedAsksForAllAgain, once, and there is none to end then.
func TestAPlanThatIsEndedAsksForAllAgain(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.owes("ann", "74.00")
		const end = "Patient/ann/$end-payment-plan"
		x.do(t, biller, "POST", end, "").expect(t, http.StatusConflict)
		x.do(t, biller, "POST", "Patient/ann/$payment-plan", sets("parts", `'valuePositiveInt':2`)).expect(t, http.StatusOK)
		x.do(t, biller, "POST", end, "", "Medbill-Dry-Run: true").expect(t, http.StatusOK)
		x.is("a part", x.runs(), "1 sent=1 amount=37.00 broken=0")
		for range 2 {
			x.is("the end", told(x.do(t, biller, "POST", end, "", "Idempotency-Key: end").expect(t, http.StatusOK), t), "[ended 74.00 [2026-03-02 37.00] [2026-04-01 37.00]]")
		}
		x.do(t, biller, "POST", end, "").expect(t, http.StatusConflict)
		x.is("all of it", x.runs(), "1 sent=1 amount=74.00 broken=0")
		x.clean()
	})
}

// TestAPaymentPlanIsAskedForByItsParts until one is eleven days late. (Figure 6.)
func TestAPaymentPlanIsAskedForByItsParts(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.owes("ann", "74.00")
		x.is("the first letter", x.runs(), "1 sent=1 amount=74.00 broken=0")
		x.days(5)
		plan := x.do(t, biller, "POST", "Patient/ann/$payment-plan", sets("parts", `'valuePositiveInt':3`), "Idempotency-Key: plan").expect(t, 200)
		x.is("the plan", told(plan, t), "[active 74.00 [2026-03-07 24.67] [2026-04-06 24.67] [2026-05-06 24.66]]")
		x.is("the plan again", x.do(t, biller, "POST", "Patient/ann/$payment-plan", sets("parts", `'valuePositiveInt':3`), "Idempotency-Key: plan").expect(t, 200).body, plan.body)
		x.is("the first part", x.runs(), "1 sent=1 amount=24.67 broken=0")
		x.is("the same day again", x.runs(), "1 sent=0 amount=0.00 [plan 1] broken=0")
		x.do(t, frontdesk, "POST", "Patient/ann/$collect", paying("24.67", "cash", "", ""), "Idempotency-Key: one").expect(t, 200)
		x.days(29)
		x.is("a month after the first letter", x.runs(), "1 sent=0 amount=0.00 [plan 1] broken=0")
		x.days(1)
		x.is("the second part", x.runs(), "1 sent=1 amount=24.67 broken=0")
		x.days(10)
		x.is("ten days late", x.runs(), "1 sent=0 amount=0.00 [plan 1] broken=0")
		x.await(t, "Task?status=requested&code=broken-plan", 0)
		x.days(1)
		x.do(t, frontdesk, "POST", "Patient/ann/$end-payment-plan", "").expect(t, http.StatusForbidden)
		x.is("eleven days late", x.runs(), "1 sent=1 amount=49.33 broken=1")
		x.is("again", x.runs(), "1 sent=0 amount=0.00 [not-yet 1] broken=0")
		x.work("broken-plan")
		sent, _ := x.says(ann, "ann")
		x.is("the letter", sent, "2026-04-17 day-30 49.33")
		x.do(t, biller, "POST", "Patient/ann/$payment-plan", sets("parts", `'valuePositiveInt':2`, "amount", `'valueMoney':{'value':40.00,'currency':'USD'}`, "first", `'valueDate':'2026-05-01'`)).expect(t, 200)
		x.await(t, "Task?status=requested&code=broken-plan", 0)
		x.is("another plan", x.runs(), "1 sent=0 amount=0.00 [plan 1] broken=0")
		x.clean()
	})
}

// TestAPlanThatCannotBeIsRefused and says where; nothing is kept of it.
func TestAPlanThatCannotBeIsRefused(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.owes("ann", "74.00")
		x.patient("zoe")
		money := func(amount string) string { return `'valueMoney':{'value':` + amount + `,'currency':'USD'}` }
		for _, row := range []struct {
			patient, body, place string
			status               int
		}{
			{"ann", sets("parts", `'valuePositiveInt':1`), "Parameters.parameter[0].value", 422},
			{"ann", sets("parts", `'valuePositiveInt':61`), "Parameters.parameter[0].value", 422},
			{"ann", sets("parts", `'valuePositiveInt':0`), "Parameters.parameter[0].value", 400},
			{"ann", sets("parts", `'valuePositiveInt':2`, "amount", money("74.01")), "Parameters.parameter[1].value", 422},
			{"ann", sets("parts", `'valuePositiveInt':2`, "amount", money("0.00")), "Parameters.parameter[1].value", 400},
			{"ann", sets("parts", `'valuePositiveInt':2`, "first", `'valueDate':'2026-03-01'`), "Parameters.parameter[1].value", 422},
			{"ann", sets("amount", money("74.00")), "Parameters.parameter", 400},
			{"zoe", sets("parts", `'valuePositiveInt':2`), "Parameters.parameter", 422},
			{"nobody", sets("parts", `'valuePositiveInt':2`), "", 404},
		} {
			a := x.do(t, biller, "POST", "Patient/"+row.patient+"/$payment-plan", row.body)
			if place := a.node(t).Get("issue").At(0).Get("expression").At(0).Text(); a.status != row.status || place != row.place {
				t.Errorf("%s: %d at %q, want %d at %q: %s", row.body, a.status, place, row.status, row.place, a.body)
			}
		}
		x.do(t, ann, "POST", "Patient/ann/$payment-plan", sets("parts", `'valuePositiveInt':2`)).expect(t, 403)
		x.is("the run", x.runs(), "1 sent=1 amount=74.00 broken=0")
	})
}

// TestADisputedBillIsNotAskedFor until a manager decides; the patient disputes it with its own token.
func TestADisputedBillIsNotAskedFor(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.patient("kim")
		x.days(18)
		x.visit("v-kim", "kim", "99203", "")
		invoice := "Invoice/" + x.await(t, "Invoice?patient=Patient/kim", 1)[0]
		reason := sets("reason", `'valueString':'I was not there.'`)
		x.do(t, who{role: auth.RolePatient, patient: "zoe"}, "POST", invoice+"/$dispute", reason).expect(t, 404)
		x.do(t, who{role: auth.RoleCoder}, "POST", invoice+"/$dispute", reason).expect(t, 403)
		x.do(t, kim, "POST", invoice+"/$dispute", sets()).expect(t, 400)
		x.is("without an estimate", x.do(t, kim, "POST", invoice+"/$dispute", sets("reason", `'valueString':'No.'`, "estimate", `'valueBoolean':true`)).expect(t, 422).places(t), "Parameters.parameter[1].value")
		x.do(t, kim, "POST", invoice+"/$dispute", reason).expect(t, 200)
		x.do(t, kim, "POST", invoice+"/$dispute", reason).expect(t, 200)
		x.is("disputed", x.runs(), "1 sent=0 amount=0.00 [held 1] [dispute 1] broken=0")
		task := x.work("patient-dispute")
		body := x.do(t, manager, "GET", "Task/"+task, "").expect(t, 200).body
		for _, want := range []string{"I was not there.", `"2026-04-19`, `"reference":"` + invoice} {
			if !strings.Contains(body, want) {
				t.Errorf("%s is missing in %s", want, body)
			}
		}
		x.days(200)
		x.is("long after", x.runs(), "1 sent=0 amount=0.00 [held 1] [dispute 1] broken=0")
		x.decides(manager, task, "release").expect(t, 200)
		x.is("decided", x.runs(), "1 sent=1 amount=150.00 broken=0")
	})
}

// TestADisputeOfAnEstimateHoldsForItsDays: no letters and no collections for 120 days. (Figure 9.)
func TestADisputeOfAnEstimateHoldsForItsDays(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.patient("above")
		x.estimates("above", "", "99203").expect(t, 200)
		x.days(18)
		x.visit("v-above", "above", "99215", "")
		x.decides(biller, x.work("over-estimate"), "release").expect(t, 200)
		x.idle(t)
		for range 4 {
			x.is("a letter", x.runs(), "1 sent=1 amount=550.00 broken=0")
			x.days(30)
		}
		invoice := "Invoice/" + x.await(t, "Invoice?patient=Patient/above", 1)[0]
		disputed := x.do(t, who{role: auth.RolePatient, patient: "above"}, "POST", invoice+"/$dispute", sets("reason", `'valueString':'It was to be 150.00.'`, "estimate", `'valueBoolean':true`)).expect(t, 200)
		x.is("the hold", told(disputed, t), "[estimate-dispute "+invoice+" 2026-07-18 2026-11-15]")
		x.is("disputed", x.runs(), "1 sent=0 amount=0.00 [held 1] [estimate-dispute 1] broken=0")
		x.days(119)
		x.is("on the last day", x.runs(), "1 sent=0 amount=0.00 [held 1] [estimate-dispute 1] broken=0")
		x.await(t, "Task?status=requested&code=collections", 0)
		x.is("too late for another", x.do(t, biller, "POST", invoice+"/$dispute", sets("reason", `'valueString':'No.'`, "estimate", `'valueBoolean':true`)).expect(t, 422).places(t), "Parameters.parameter[1].value")
		x.days(1)
		x.is("after it", x.runs(), "1 sent=0 amount=0.00 [collections 1] broken=0")
		x.work("collections")
	})
}

// TestARunSkipsExactlyThoseOnHold: of a thousand guarantors those who died, are bankrupt, too young, or held are sent nothing, and all others are. (Figure 10.)
func TestARunSkipsExactlyThoseOnHold(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand guarantors take some seconds")
	}
	eachSelfPaying(t, func(x selfPaying) {
		const all = 1000
		var pairs, entries []string
		var asked money.Cents
		held := map[string]string{}
		for n := range all {
			id, more := fmt.Sprintf("p%04d", n), `,'birthDate':'1970-01-01'`
			switch n % 100 {
			case 7:
				more += `,'deceasedBoolean':true`
			case 17:
				more += `,'deceasedDateTime':'2026-02-01'`
			case 27:
				more = `,'birthDate':'2015-01-01'`
			case 37:
				held[id] = "bankruptcy"
			case 47:
				held[id] = "bad-address"
			default:
				asked += money.Cents(1000 + n)
			}
			entries = append(entries, compact(`{'request':{'method':'PUT','url':'Patient/`+id+`'},'resource':{'resourceType':'Patient','id':'`+id+`','name':[{'family':'Canary'}],'gender':'female'`+more+`}}`))
			pairs = append(pairs, id, money.Cents(1000+n).String())
		}
		for i := 0; i < all; i += 250 {
			x.do(t, admin, "POST", "", `{"resourceType":"Bundle","type":"transaction","entry":[`+strings.Join(entries[i:i+250], ",")+`]}`).expect(t, 200)
		}
		x.owes(pairs...)
		for id, kind := range held {
			x.do(t, biller, "POST", "Patient/"+id+"/$hold-statements", sets("kind", `'valueCode':'`+kind+`'`, "reason", `'valueString':'A letter says so.'`)).expect(t, 200)
		}
		x.is("the run", x.runs(), fmt.Sprintf("990 sent=950 amount=%s [deceased 20] [held 20] [bad-address 10] [bankruptcy 10] broken=0", asked))
		x.is("again", x.runs(), "990 sent=0 amount=0.00 [deceased 20] [held 20] [not-yet 950] [bad-address 10] [bankruptcy 10] broken=0")
		for id, kind := range held {
			_, next := x.says(frontdesk, id)
			x.is(id, next, "held")
			x.do(t, biller, "POST", "Patient/"+id+"/$release-statements", sets("kind", `'valueCode':'`+kind+`'`)).expect(t, 200)
			x.do(t, biller, "POST", "Patient/"+id+"/$release-statements", "").expect(t, 409)
		}
		x.await(t, "Task?status=requested&code=returned-mail", 0)
		if got := x.runs(); !strings.HasPrefix(got, "990 sent=20 ") {
			t.Errorf("released: %s", got)
		}
	})
}
