package api_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"medbill/internal/auth"
)

// What patients pay, with and without a bill, played over HTTP.

// till is an office where patients pay: ann's visits cost 250.00 each, and ACME says what she owes of them.
type till struct {
	*example
	days map[string]string // of her visits
}

var (
	frontdesk = who{role: auth.RoleFrontDesk}
	ann       = who{role: auth.RolePatient, patient: "ann"}
)

func eachTill(t *testing.T, test func(t *testing.T, x till)) {
	each(t, func(t *testing.T, w *world) { test(t, till{figure(t, w, nil, 1), map[string]string{}}) })
}

// arrives makes a visit that is not over yet.
func (x till) arrives(visit string) {
	x.Helper()
	x.put(x.T, "Encounter/"+visit, strings.NewReplacer(`"finished"`, `"arrived"`, "2026-03-02", x.day(visit)).Replace(encounterOf(visit, "ann", "")))
}

// day gives each visit a day of its own.
func (x till) day(visit string) string {
	if x.days[visit] == "" {
		x.days[visit] = fmt.Sprintf("2026-03-%02d", 2+len(x.days))
	}
	return x.days[visit]
}

// owes has ann owe a share of a visit: it is finished, billed and answered.
func (x till) owes(visit, share string) {
	x.Helper()
	claim := x.sends(visit)
	x.answers(claim, "1", fmt.Sprintf("250.00 %s CO-45 80.00 PR-3 %s", x.cents("170.00")-x.cents(share), share))
}

func (x till) sends(visit string) (claim string) {
	x.Helper()
	x.put(x.T, "Condition/dx-"+visit, compact(`{'resourceType':'Condition','id':'dx-`+visit+`','subject':{'reference':'Patient/ann'},'encounter':{'reference':'Encounter/`+visit+`'},'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}`))
	x.put(x.T, "Procedure/"+visit, compact(`{'resourceType':'Procedure','id':'`+visit+`','status':'completed','subject':{'reference':'Patient/ann'},'encounter':{'reference':'Encounter/`+visit+`'},'performedDateTime':'`+x.day(visit)+`','code':{'coding':[{'system':'`+cpt+`','code':'99214'}]}}`))
	x.put(x.T, "Encounter/"+visit, strings.ReplaceAll(encounterOf(visit, "ann", `,'diagnosis':[{'condition':{'reference':'Condition/dx-`+visit+`'},'rank':1}]`), "2026-03-02", x.day(visit)))
	claim = x.await(x.T, "Claim?encounter=Encounter/"+visit+"&claim-state=ready", 1)[0]
	x.do(x.T, who{role: auth.RoleBiller}, "POST", "Claim/"+claim+"/$submit", "").expect(x.T, http.StatusOK)
	return claim
}

func (x till) answers(claim, status string, lines ...string) {
	x.Helper()
	body, err := json.Marshal(x.answer("acme", "ann", claim, said{"ICN-" + claim[len(claim)-6:] + "-" + status, status, "EFT-" + claim[len(claim)-6:] + "-" + status, "2026-03-20", lines}))
	if err != nil {
		x.Fatal(err)
	}
	x.do(x.T, who{role: auth.RolePayer, organization: "acme"}, "POST", "ClaimResponse", string(body)).expect(x.T, http.StatusCreated)
	x.idle(x.T)
}

// invoiceOf gives the open or paid invoice of a visit.
func (x till) invoiceOf(visit string) string {
	x.Helper()
	for _, ref := range x.do(x.T, admin, "GET", "Invoice?patient=Patient/ann", "").expect(x.T, http.StatusOK).entries(x.T) {
		if i := x.do(x.T, admin, "GET", ref, ""); strings.Contains(i.body, `"Encounter/`+visit+`"`) && i.node(x.T).Get("status").Text() != "cancelled" {
			return ref
		}
	}
	x.Fatalf("%s has no invoice", visit)
	return ""
}

// stands gives an invoice's state, and what of it was asked and is due.
func (x till) stands(invoice string) string {
	x.Helper()
	i := x.do(x.T, admin, "GET", invoice, "").expect(x.T, http.StatusOK).node(x.T)
	due := ""
	for e := range i.Get("extension").Children() {
		if strings.HasSuffix(e.Get("url").Text(), "/amount-due") {
			due = e.In("valueMoney", "value").Text()
		}
	}
	return i.Get("status").Text() + " " + i.In("totalNet", "value").Text() + " " + due
}

// notice gives a PaymentNotice of ann's.
func notice(amount, number, purpose string) string {
	request := ""
	if purpose != "" {
		request = `'request':{'reference':'` + purpose + `'},`
	}
	return compact(`{'resourceType':'PaymentNotice','status':'active','created':'2026-03-02','payment':{'identifier':{'system':'https://practice.example/receipt','value':'` + number + `'}},'paymentDate':'2026-03-02','recipient':{'reference':'Organization/practice'},` +
		`'extension':[{'url':'https://medbill.dev/fhir/StructureDefinition/patient','valueReference':{'reference':'Patient/ann'}},{'url':'https://medbill.dev/fhir/StructureDefinition/payment-method','valueCode':'cash'}],` +
		request + `'amount':{'value':` + amount + `,'currency':'USD'},'paymentStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/paymentstatus','code':'cleared'}]}}`)
}

// paying gives the Parameters of a payment.
func paying(amount, method, reference, purpose string) string {
	more := ""
	if reference != "" {
		more += `,{'name':'reference','valueString':'` + reference + `'}`
	}
	if purpose != "" {
		more += `,{'name':'for','valueReference':{'reference':'` + purpose + `'}}`
	}
	return compact(`{'resourceType':'Parameters','parameter':[{'name':'amount','valueMoney':{'value':` + amount + `,'currency':'USD'}},{'name':'method','valueCode':'` + method + `'}` + more + `]}`)
}

// collects takes money at the desk and gives the PaymentNotice.
func (x till) collects(amount, purpose, key string) string {
	x.Helper()
	id := x.do(x.T, frontdesk, "POST", "Patient/ann/$collect", paying(amount, "cash", "", purpose), "Idempotency-Key: "+key).expect(x.T, http.StatusOK).id(x.T)
	x.idle(x.T)
	return "PaymentNotice/" + id
}

// accounts gives the balances of the accounts that patients' money stands in, as their names end.
func (x till) accounts() string {
	x.Helper()
	rows := strings.Split(strings.TrimSpace(x.do(x.T, who{role: auth.RoleBiller}, "GET", x.root+"/reports/trial-balance.csv?by=account", "").expect(x.T, http.StatusOK).body), "\r\n")
	var own []string
	for _, row := range rows[1:] {
		if !strings.HasPrefix(row, "Clearing:") && !strings.HasPrefix(row, "Contra:") && !strings.HasPrefix(row, "Revenue:") && !strings.HasPrefix(row, "AR:Insurance") {
			own = append(own, strings.Replace(row, ",", " ", 1))
		}
	}
	return strings.Join(own, "; ")
}

func (x till) hold(what, accounts string) {
	x.Helper()
	if got := x.accounts(); got != accounts {
		x.Errorf("%s the books hold %s, want %s", what, got, accounts)
	}
}

func (x till) is(what, got, want string) {
	x.Helper()
	if got != want {
		x.Errorf("%s: %s, want %s", what, got, want)
	}
}

// TestACopayAtCheckInPaysItsVisit: it is a credit until the visit is answered, and the invoice asks for nothing. (Figure 1.)
func TestACopayAtCheckInPaysItsVisit(t *testing.T) {
	for _, door := range []string{"PaymentNotice", "$collect"} {
		t.Run(door, func(t *testing.T) {
			eachTill(t, func(t *testing.T, x till) {
				x.arrives("visit")
				x.owes("before", "20.00")
				if door == "PaymentNotice" {
					first := x.do(t, frontdesk, "POST", "PaymentNotice", notice("20.00", "R-17", "Encounter/visit")).expect(t, http.StatusCreated).id(t)
					again := x.do(t, frontdesk, "POST", "PaymentNotice", notice("20.00", "R-17", "Encounter/visit"), "Idempotency-Key: other").expect(t, http.StatusOK).id(t)
					x.is("the same receipt again", again, first)
				} else {
					x.collects("20.00", "Encounter/visit", "copay")
				}
				x.hold("at check-in", "AR:Patient 20.00; Cash:Drawer 20.00; Liability:Patient-credits -20.00")
				x.owes("visit", "20.00")
				x.is("the visit's invoice", x.stands(x.invoiceOf("visit")), "balanced 20.00 0.00")
				x.is("the other one", x.stands(x.invoiceOf("before")), "issued 20.00 20.00")
				x.hold("answered", "AR:Patient 20.00; Cash:Drawer 20.00")
				x.await(t, "Task?status=requested", 0)
			})
		})
	}
}

// TestWhatACopayLeavesPaysTheOldest: what is left of money for a visit pays what is due longest, and the rest stays a credit. (Figure 2.)
func TestWhatACopayLeavesPaysTheOldest(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("before", "12.00")
		x.arrives("visit")
		payment := x.collects("30.00", "Encounter/visit", "prepaid")
		x.hold("before the answer", "AR:Patient 12.00; Cash:Drawer 30.00; Liability:Patient-credits -30.00")
		x.owes("visit", "10.00")
		x.hold("answered", "Cash:Drawer 30.00; Liability:Patient-credits -8.00")
		x.is("the earlier invoice", x.stands(x.invoiceOf("before")), "balanced 12.00 0.00")
		receipt := x.do(t, ann, "GET", "PaymentReconciliation/"+strings.TrimPrefix(payment, "PaymentNotice/"), "").expect(t, http.StatusOK)
		var parts []string
		for d := range receipt.node(t).Get("detail").Children() {
			parts = append(parts, d.In("amount", "value").Text())
		}
		x.is("the receipt", strings.Join(parts, " "), "12.00 10.00")
		if got := x.do(t, ann, "GET", "PaymentNotice?patient=Patient/ann", "").expect(t, http.StatusOK).entries(t); len(got) != 1 {
			t.Errorf("the portal shows %v", got)
		}
	})
}

// TestOnePaymentPaysTwoInvoices: the second shows the first as an earlier balance; a payment of both leaves nothing. (Figure 3.)
func TestOnePaymentPaysTwoInvoices(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("first", "20.00")
		x.owes("second", "20.00")
		second := x.invoiceOf("second")
		x.do(t, frontdesk, "POST", second+"/$pay", paying("40.00", "check", "1001", ""), "Idempotency-Key: both").expect(t, http.StatusOK)
		x.idle(t)
		x.is("the first", x.stands(x.invoiceOf("first")), "balanced 20.00 0.00")
		x.is("the second", x.stands(second), "balanced 20.00 0.00")
		x.hold("paid", "Cash:Drawer 40.00")
	})
}

// TestACreditPaysTheNextInvoice and what it does not need stays. (Figure 4.)
func TestACreditPaysTheNextInvoice(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.collects("74.00", "", "credit")
		x.owes("next", "20.00")
		x.is("the invoice", x.stands(x.invoiceOf("next")), "balanced 20.00 0.00")
		x.hold("issued", "Cash:Drawer 74.00; Liability:Patient-credits -54.00")
	})
}

// TestAPatientsOwnTokenPaysByCardWhatIsDue: cash is taken at the desk, and more than is due by it alone. (Figure 13.)
func TestAPatientsOwnTokenPaysByCardWhatIsDue(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("visit", "20.00")
		pays := func(as who, amount, method, reference string, more ...string) answer {
			return x.do(t, as, "POST", "Patient/ann/$collect", paying(amount, method, reference, ""), append([]string{"Idempotency-Key: " + amount + method + reference}, more...)...)
		}
		for _, row := range []struct {
			a      answer
			status int
			place  string
		}{
			{pays(ann, "20.00", "cash", ""), http.StatusForbidden, "Parameters.parameter[1].value"},
			{pays(ann, "20.01", "card", "ch_1"), http.StatusUnprocessableEntity, "Parameters.parameter[0].value"},
			{pays(ann, "20.00", "card", ""), http.StatusUnprocessableEntity, "Parameters.parameter"},
			{pays(ann, "20.00", "card", "ch_1", "Idempotency-Key: "), http.StatusBadRequest, "Idempotency-Key"},
			{pays(ann, "0.00", "card", "ch_1"), http.StatusBadRequest, "Parameters.parameter[0].value"},
			{pays(who{role: auth.RolePatient, patient: "bob"}, "20.00", "card", "ch_1"), http.StatusNotFound, ""},
			{pays(who{role: auth.RoleCoder}, "20.00", "card", "ch_1"), http.StatusForbidden, ""},
			{x.do(t, ann, "POST", "PaymentNotice", notice("20.00", "R-1", "")), http.StatusForbidden, ""},
			{x.do(t, who{role: auth.RolePayer, organization: "acme"}, "POST", "PaymentNotice", notice("20.00", "R-1", "")), http.StatusForbidden, ""},
		} {
			row.a.expect(t, row.status)
			if got := row.a.node(t).Get("issue").At(0).Get("expression").At(0).Text(); got != row.place {
				t.Errorf("refused at %q, want %q: %s", got, row.place, row.a.body)
			}
		}
		x.hold("refused", "AR:Patient 20.00")
		pays(ann, "20.00", "card", "ch_1").expect(t, http.StatusOK)
		x.hold("paid", "Cash:Card-clearing 20.00")
	})
}

// TestABrokenPaymentIsRefusedWhole: each says what and where, and nothing is in the books.
func TestABrokenPaymentIsRefusedWhole(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.put(t, "Patient/bob", compact(`{'resourceType':'Patient','id':'bob','name':[{'family':'Canary'}],'gender':'male','birthDate':'1970-01-01'}`))
		encounter(t, x.world, "bobs", "bob", "")
		x.do(t, frontdesk, "POST", "PaymentNotice", notice("5.00", "R-1", "")).expect(t, http.StatusCreated)
		whole := notice("20.00", "R-2", "")
		for what, row := range map[string]struct {
			body   string
			status int
			place  string
		}{
			"another amount of the same receipt": {notice("6.00", "R-1", ""), http.StatusUnprocessableEntity, "PaymentNotice.payment.identifier"},
			"somebody else's visit":              {notice("6.00", "R-3", "Encounter/bobs"), http.StatusUnprocessableEntity, "PaymentNotice.request"},
			"for a thing that costs nothing":     {notice("6.00", "R-3", "Patient/ann"), http.StatusBadRequest, "PaymentNotice.request"},
			"no number":                          {strings.Replace(whole, `,"value":"R-2"`, "", 1), http.StatusBadRequest, "PaymentNotice.payment.identifier.value"},
			"cancelled":                          {strings.Replace(whole, `"active"`, `"cancelled"`, 1), http.StatusUnprocessableEntity, "PaymentNotice.status"},
			"by barter":                          {strings.Replace(whole, `"cash"`, `"barter"`, 1), http.StatusBadRequest, "PaymentNotice.extension[1].value"},
			"nobody's":                           {strings.Replace(whole, `"Patient/ann"`, `"Group/ann"`, 1), http.StatusBadRequest, "PaymentNotice.extension"},
			"nothing":                            {notice("0.00", "R-3", ""), http.StatusBadRequest, "PaymentNotice.amount"},
			"less than nothing":                  {notice("-1.00", "R-3", ""), http.StatusBadRequest, "PaymentNotice.amount"},
		} {
			a := x.do(t, frontdesk, "POST", "PaymentNotice", row.body)
			place := a.node(t).Get("issue").At(0).Get("expression").At(0).Text()
			if a.status != row.status || place != row.place {
				t.Errorf("%s: %d at %q, want %d at %q: %s", what, a.status, cmp.Or(place, "nothing"), row.status, row.place, a.body)
			}
		}
		x.hold("refused", "Cash:Drawer 5.00; Liability:Patient-credits -5.00")
	})
}
