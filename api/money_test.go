package api_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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
	x.answers(claim, "1", "1", fmt.Sprintf("250.00 %s CO-45 80.00 PR-3 %s", x.cents("170.00")-x.cents(share), share))
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

// answers has ACME judge a claim; number tells one answer from another, and status is CLP02.
func (x till) answers(claim, number, status string, lines ...string) {
	x.Helper()
	of := claim[len(claim)-6:] + "-"
	body, err := json.Marshal(x.answer("acme", "ann", claim, said{"ICN-" + of + number, status, "EFT-" + of + number + status, "2026-03-20", lines}))
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

// reverses takes a payment back.
func (x till) reverses(payment, reason, fee string) answer {
	more := ""
	if fee != "" {
		more = `,{'name':'fee','valueMoney':{'value':` + fee + `,'currency':'USD'}}`
	}
	return x.do(x.T, who{role: auth.RoleBiller}, "POST", payment+"/$reverse", compact(`{'resourceType':'Parameters','parameter':[{'name':'reason','valueCode':'`+reason+`'}`+more+`]}`))
}

// writesOff asks ann for less of an invoice, or of a balance from before.
func (x till) writesOff(as who, invoice, kind, more string, headers ...string) answer {
	return x.do(x.T, as, "POST", invoice+"/$write-off", compact(`{'resourceType':'Parameters','parameter':[{'name':'kind','valueCode':'`+kind+`'},{'name':'reason','valueString':'As the policy says.'}`+more+`]}`), headers...)
}

// refunds gives ann money back.
func (x till) refunds(as who, key, amount, more string) answer {
	return x.do(x.T, as, "POST", "Patient/ann/$refund", compact(`{'resourceType':'Parameters','parameter':[{'name':'amount','valueMoney':{'value':`+amount+`,'currency':'USD'}},{'name':'reason','valueString':'Paid twice.'}`+more+`]}`), "Idempotency-Key: "+key)
}

// open gives what ann is asked for by open invoices, the amounts in order.
func (x till) open() string {
	x.Helper()
	x.idle(x.T)
	var list []string
	for _, ref := range x.do(x.T, admin, "GET", "Invoice?patient=Patient/ann&status=issued", "").expect(x.T, http.StatusOK).entries(x.T) {
		list = append(list, strings.TrimPrefix(x.stands(ref), "issued "))
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

// TestAReturnedCheckIsAskedForAgain: by a new invoice and not the old one, and the fee stands alone. (Figure 5.)
func TestAReturnedCheckIsAskedForAgain(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("visit", "50.00")
		invoice := x.invoiceOf("visit")
		x.do(t, frontdesk, "POST", invoice+"/$pay", paying("50.00", "check", "1001", ""), "Idempotency-Key: check").expect(t, http.StatusOK)
		x.idle(t)
		x.hold("paid", "Cash:Drawer 50.00")
		payment := x.do(t, admin, "GET", "PaymentNotice?patient=Patient/ann", "").entries(t)[0]
		x.reverses(payment, "nsf", "25.00").expect(t, http.StatusOK)
		x.is("after it", x.open(), "50.00 50.00")
		x.is("the old invoice", x.stands(invoice), "balanced 50.00 0.00")
		x.hold("returned", "AR:Patient 75.00; Income:Fees -25.00")
		if got := x.do(t, admin, "GET", payment, "").node(t).Get("status").Text(); got != "cancelled" {
			t.Errorf("the payment is %s", got)
		}
		x.reverses(payment, "nsf", "").expect(t, http.StatusConflict)
		x.collects("75.00", "", "again")
		x.is("paid again", x.open(), "")
		x.hold("paid again", "Cash:Drawer 75.00; Income:Fees -25.00")
		x.await(t, "Task?status=requested", 0)
	})
}

// TestNoMoreIsGivenBackThanThereIs: 8.01 of a credit of 8.00 is refused, and 8.00 leave by the way that they came. (Figure 7.)
func TestNoMoreIsGivenBackThanThereIs(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		manager := who{role: auth.RoleManager}
		payment := x.collects("8.00", "", "credit")
		task := x.await(t, "Task?status=requested&code=credit-balance", 1)[0]
		x.refunds(manager, "k1", "8.01", "").expect(t, http.StatusUnprocessableEntity)
		x.refunds(who{role: auth.RoleBiller}, "k2", "8.00", "").expect(t, http.StatusForbidden)
		x.refunds(ann, "k3", "8.00", "").expect(t, http.StatusForbidden)
		x.hold("refused", "Cash:Drawer 8.00; Liability:Patient-credits -8.00")
		first := x.refunds(manager, "k4", "8.00", "").expect(t, http.StatusOK)
		again := x.refunds(manager, "k4", "8.00", "").expect(t, http.StatusOK)
		x.is("the same key", again.body, first.body)
		x.hold("approved", "Cash:Drawer 8.00; Liability:Refunds-payable -8.00")
		refund := first.node(t).Get("parameter").At(0).Get("part").At(0).Get("valueString").Text()
		pays := compact(`{'resourceType':'Parameters','parameter':[{'name':'refund','valueString':'` + refund + `'},{'name':'reference','valueString':'check 17'}]}`)
		x.do(t, who{role: auth.RoleBiller}, "POST", "Patient/ann/$pay-refund", pays).expect(t, http.StatusOK)
		x.do(t, who{role: auth.RoleBiller}, "POST", "Patient/ann/$pay-refund", pays).expect(t, http.StatusConflict)
		x.is("the books", x.accounts(), "")
		if got := x.do(t, admin, "GET", payment, "").node(t).Get("status").Text(); got != "cancelled" {
			t.Errorf("the payment is %s", got)
		}
		x.reverses(payment, "error", "").expect(t, http.StatusConflict)
		if got := x.do(t, admin, "GET", "Task/"+task, "").node(t).Get("status").Text(); got != "completed" {
			t.Errorf("the work is %s", got)
		}
	})
}

// ends has a refund that was approved go, or not go after all.
func (x till) ends(as who, how string, approved answer, more string) answer {
	x.Helper()
	id := approved.node(x.T).Get("parameter").At(0).Get("part").At(0).Get("valueString").Text()
	return x.do(x.T, as, "POST", "Patient/ann/$"+how, compact(`{'resourceType':'Parameters','parameter':[{'name':'refund','valueString':'`+id+`'},`+more+`]}`))
}

const (
	byCheck   = `{'name':'reference','valueString':'check 17'}`
	notToCome = `{'name':'reason','valueString':'She comes after all.'}`
)

// TestWhatWasTakenBackDoesNotGoBack: refunds that were approved of a check are cancelled once the bank returned the check, though all of it was to go back; what went stays gone.
func TestWhatWasTakenBackDoesNotGoBack(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		manager := who{role: auth.RoleManager}
		payment := x.collects("50.00", "", "check")
		x.refunds(manager, "went", "12.00", `,{'name':'reference','valueString':'check 16'}`).expect(t, http.StatusOK)
		part := x.refunds(manager, "part", "8.00", "").expect(t, http.StatusOK)
		x.refunds(manager, "rest", "30.00", "").expect(t, http.StatusOK)
		x.hold("approved", "Cash:Drawer 38.00; Liability:Refunds-payable -38.00")
		x.reverses(payment, "nsf", "").expect(t, http.StatusOK)
		x.is("taken back", x.accounts(), "")
		x.ends(biller, "pay-refund", part, byCheck).expect(t, http.StatusConflict)
		x.ends(manager, "cancel-refund", part, notToCome).expect(t, http.StatusConflict)
		x.is("refused", x.accounts(), "")
		x.reverses(payment, "nsf", "").expect(t, http.StatusConflict)
		x.await(t, "Task?status=requested", 0)
	})
}

// TestACancelledRefundIsCreditAgain: it pays what is due, by who may approve one, and once.
func TestACancelledRefundIsCreditAgain(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		manager := who{role: auth.RoleManager}
		payment := x.collects("20.00", "", "cash")
		approved := x.refunds(manager, "back", "20.00", "").expect(t, http.StatusOK)
		x.owes("visit", "12.00")
		invoice := x.invoiceOf("visit")
		x.ends(biller, "cancel-refund", approved, notToCome).expect(t, http.StatusForbidden)
		x.ends(manager, "cancel-refund", approved, `{'name':'reason','valueString':''}`).expect(t, http.StatusBadRequest)
		x.hold("refused", "AR:Patient 12.00; Cash:Drawer 20.00; Liability:Refunds-payable -20.00")
		if got := x.ends(manager, "cancel-refund", approved, notToCome).expect(t, http.StatusOK).body; !strings.Contains(got, `"cancelled"`) {
			t.Errorf("it is answered %s", got)
		}
		x.idle(t)
		x.hold("cancelled", "Cash:Drawer 20.00; Liability:Patient-credits -8.00")
		x.is("the invoice", x.stands(invoice), "balanced 12.00 0.00")
		x.ends(manager, "cancel-refund", approved, notToCome).expect(t, http.StatusConflict)
		x.ends(biller, "pay-refund", approved, byCheck).expect(t, http.StatusConflict)
		if got := x.do(t, admin, "GET", payment, "").node(t).Get("status").Text(); got != "active" {
			t.Errorf("the payment is %s", got)
		}
		x.await(t, "Task?status=requested&code=credit-balance", 1)
		x.refunds(manager, "again", "8.00", "").expect(t, http.StatusOK)
		x.hold("approved again", "Cash:Drawer 20.00; Liability:Refunds-payable -8.00")
	})
}

// TestAPaymentAfterAWriteOffIsACredit: what was written off is not owed, so the work proposes to revert it; never is less than nothing owed. (Figure 8.)
func TestAPaymentAfterAWriteOffIsACredit(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("visit", "4.99")
		invoice := x.invoiceOf("visit")
		x.writesOff(who{role: auth.RoleManager}, invoice, "small-balance", "").expect(t, http.StatusOK)
		x.is("written off", x.stands(invoice), "balanced 4.99 0.00")
		x.collects("4.99", "", "late")
		x.hold("paid after it", "Cash:Drawer 4.99; Liability:Patient-credits -4.99")
		task := x.await(t, "Task?status=requested&code=credit-balance", 1)[0]
		if body := x.do(t, admin, "GET", "Task/"+task, "").expect(t, http.StatusOK).body; !strings.Contains(body, "4.99 of bills were written off: revert that") {
			t.Errorf("the work says %s", body)
		}
		x.do(t, who{role: auth.RoleBiller}, "POST", "Task/"+task+"/$decide", compact(`{'resourceType':'Parameters','parameter':[{'name':'decision','valueCode':'revert'},{'name':'reason','valueString':'It was paid.'}]}`)).expect(t, http.StatusOK)
		x.is("reverted", x.open(), "")
		x.hold("reverted", "Cash:Drawer 4.99")
		x.is("the old invoice", x.stands(invoice), "balanced 4.99 0.00")
		x.await(t, "Task?status=requested", 0)
	})
}

// TestAWriteOffHasALimitByRole, and each kind has an account; more than is due, or nothing, is refused.
func TestAWriteOffHasALimitByRole(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.do(t, who{role: auth.RoleManager}, "POST", "$settings", compact(`{'resourceType':'Parameters','parameter':[{'name':'writeOffMax','valueUnsignedInt':10}]}`)).expect(t, http.StatusOK)
		x.owes("visit", "74.00")
		invoice, biller, manager := x.invoiceOf("visit"), who{role: auth.RoleBiller}, who{role: auth.RoleManager}
		amount := func(value string) string {
			return `,{'name':'amount','valueMoney':{'value':` + value + `,'currency':'USD'}}`
		}
		x.writesOff(biller, invoice, "small-balance", amount("10.01")).expect(t, http.StatusUnprocessableEntity)
		x.writesOff(manager, invoice, "small-balance", amount("74.01")).expect(t, http.StatusUnprocessableEntity)
		x.writesOff(manager, invoice, "charity", `,{'name':'poverty','valueUnsignedInt':401}`).expect(t, http.StatusUnprocessableEntity)
		x.writesOff(frontdesk, invoice, "charity", amount("1.00")).expect(t, http.StatusForbidden)
		x.writesOff(manager, invoice, "wombat", "").expect(t, http.StatusBadRequest)
		x.hold("refused", "AR:Patient 74.00")
		x.writesOff(manager, invoice, "charity", `,{'name':'poverty','valueUnsignedInt':300}`).expect(t, http.StatusOK)
		x.writesOff(biller, invoice, "prompt-pay", `,{'name':'percent','valuePositiveInt':10}`).expect(t, http.StatusOK)
		x.is("asked for less", x.stands(invoice), "issued 74.00 33.30")
		x.is("the accounts", x.balances("Contra:Charity", "Contra:Prompt-pay", "AR:Patient"), "37.00 3.70 33.30")
		x.do(t, biller, "POST", invoice+"/$revert-write-off", "").expect(t, http.StatusOK)
		x.is("asked again", x.open(), "40.70 40.70; 74.00 33.30")
		x.is("the accounts", x.balances("Contra:Charity", "Contra:Prompt-pay", "AR:Patient"), "0.00 0.00 74.00")
		x.do(t, biller, "POST", invoice+"/$revert-write-off", "").expect(t, http.StatusConflict)
	})
}

// balances gives those of accounts.
func (x till) balances(accounts ...string) string {
	x.Helper()
	text := x.do(x.T, who{role: auth.RoleBiller}, "GET", x.root+"/reports/trial-balance.csv?by=account", "").expect(x.T, http.StatusOK).body
	list := make([]string, len(accounts))
	for i, account := range accounts {
		list[i] = "0.00"
		for _, row := range strings.Split(text, "\r\n") {
			if amount, is := strings.CutPrefix(row, account+","); is {
				list[i] = amount
			}
		}
	}
	return strings.Join(list, " ")
}

// TestATakebackThatLeavesMoreIsASecondInvoice, and the first one stays as it is. (Figure 11.)
func TestATakebackThatLeavesMoreIsASecondInvoice(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		claim := x.sends("visit")
		lines := []string{"250.00 96.00 CO-45 80.00 PR-1 74.00"}
		x.answers(claim, "1", "1", lines...)
		first := x.invoiceOf("visit")
		x.is("at first", x.stands(first), "issued 74.00 74.00")
		x.answers(claim, "1", "22", turned(lines)...)
		x.answers(claim, "2", "1", "250.00 56.00 CO-45 80.00 PR-1 114.00")
		x.is("corrected", x.open(), "40.00 40.00; 74.00 74.00")
		x.hold("corrected", "AR:Patient 114.00")
		x.collects("114.00", "", "all")
		x.is("paid", x.open(), "")
		x.hold("paid", "Cash:Drawer 114.00")
	})
}

// TestWhatIsNotOwedTakesWriteOffsBackFirst: a payer's correction leaves no receivable below zero, whether the patient paid or was not asked.
func TestWhatIsNotOwedTakesWriteOffsBackFirst(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		claim := x.sends("visit")
		lines := []string{"250.00 96.00 CO-45 80.00 PR-1 74.00"}
		x.answers(claim, "1", "1", lines...)
		invoice := x.invoiceOf("visit")
		x.writesOff(who{role: auth.RoleManager}, invoice, "bad-debt", `,{'name':'amount','valueMoney':{'value':30.00,'currency':'USD'}}`).expect(t, http.StatusOK)
		x.do(t, frontdesk, "POST", invoice+"/$pay", paying("44.00", "cash", "", ""), "Idempotency-Key: rest").expect(t, http.StatusOK)
		x.answers(claim, "1", "22", turned(lines)...)
		x.answers(claim, "2", "1", "250.00 150.00 CO-45 80.00 PR-1 20.00")
		x.idle(t)
		x.is("corrected", x.balances("AR:Patient", "Contra:Bad-debt", "Liability:Patient-credits"), "0.00 0.00 -24.00")
		x.await(t, "Task?status=requested&code=credit-balance", 1)
	})
}

// TestAPaymentIsMovedToAnotherInvoice: the one that it is taken off is asked for anew; more than there is, or than is asked, is refused.
func TestAPaymentIsMovedToAnotherInvoice(t *testing.T) {
	eachTill(t, func(t *testing.T, x till) {
		x.owes("first", "20.00")
		x.owes("second", "30.00")
		first, second := x.invoiceOf("first"), x.invoiceOf("second")
		payment := x.collects("20.00", "", "one")
		x.is("it pays the oldest", x.stands(first), "balanced 20.00 0.00")
		moves := func(from, to, amount string) answer {
			more := ""
			if from != "" {
				more = `,{'name':'from','valueReference':{'reference':'` + from + `'}}`
			}
			return x.do(t, who{role: auth.RoleBiller}, "POST", payment+"/$allocate", compact(`{'resourceType':'Parameters','parameter':[{'name':'to','valueReference':{'reference':'`+to+`'}},{'name':'amount','valueMoney':{'value':`+amount+`,'currency':'USD'}}`+more+`]}`))
		}
		moves("", second, "1.00").expect(t, http.StatusUnprocessableEntity)
		moves(first, second, "20.01").expect(t, http.StatusUnprocessableEntity)
		x.hold("refused", "AR:Patient 30.00; Cash:Drawer 20.00")
		moves(first, second, "15.00").expect(t, http.StatusOK)
		x.is("moved", x.open(), "15.00 15.00; 30.00 15.00")
		x.hold("moved", "AR:Patient 30.00; Cash:Drawer 20.00")
	})
}
