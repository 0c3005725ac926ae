package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"medbill/internal/auth"
)

// Who is asked for what a patient owes, played over HTTP.

// household is a practice that a family comes to: mum and dad are of age, and kid is not.
type household struct{ selfPaying }

func eachHousehold(t *testing.T, test func(x household)) {
	eachSelfPaying(t, func(x selfPaying) {
		h := household{x}
		h.born("RelatedPerson/mum", "1985-05-05", `,'patient':{'reference':'Patient/kid'}`)
		h.born("Patient/dad", "1984-04-04", "")
		h.born("Patient/kid", "2016-03-20", "")
		test(h)
		h.clean()
	})
}

// born registers somebody.
func (x household) born(who, day, more string) {
	x.Helper()
	typ, id, _ := strings.Cut(who, "/")
	x.put(x.T, who, compact(`{'resourceType':'`+typ+`','id':'`+id+`','name':[{'family':'Canary','given':['`+id+`']}],'gender':'female','birthDate':'`+day+`'`+more+`}`))
}

// registers has somebody name the guarantors of a patient's account.
func (x household) registers(as who, patient string, guarantors ...string) answer {
	x.Helper()
	id := "account-" + patient
	if found := x.do(x.T, admin, "GET", "Account?patient=Patient/"+patient, "").expect(x.T, http.StatusOK).entries(x.T); len(found) > 0 {
		_, id, _ = strings.Cut(found[0], "/")
	}
	named := ""
	if len(guarantors) > 0 {
		named = `,'guarantor':[` + strings.Join(guarantors, ",") + `]`
	}
	return x.do(x.T, as, "PUT", "Account/"+id, compact(`{'resourceType':'Account','id':'`+id+`','status':'active','name':'Canary','servicePeriod':{'start':'2026-01-01'},'subject':[{'reference':'Patient/`+patient+`'}]`+named+`}`))
}

func guarantor(party, more string) string {
	return `{'party':{'reference':'` + party + `'}` + more + `}`
}

// visited bills a visit of 150.00, after which its patient is asked, or somebody is to say who is.
func (x household) visited(id, patient string) {
	x.Helper()
	x.visit(id, patient, "99203", "")
}

// recipients gives who the invoices of a patient ask, sorted.
func (x household) recipients(patient string) string {
	x.Helper()
	var all []string
	for entry := range x.do(x.T, admin, "GET", "Invoice?patient=Patient/"+patient, "").expect(x.T, http.StatusOK).node(x.T).Get("entry").Children() {
		all = append(all, entry.In("resource", "recipient", "reference").Text())
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// unclear gives why nobody is asked for what a patient owes.
func (x household) unclear(patient string) string {
	x.Helper()
	var reasons []string
	for entry := range x.do(x.T, frontdesk, "GET", "Task?code=clarify-guarantor&status=requested&patient=Patient/"+patient, "").expect(x.T, http.StatusOK).node(x.T).Get("entry").Children() {
		reasons = append(reasons, entry.In("resource", "description").Text())
	}
	return strings.Join(reasons, "; ")
}

// TestWhoIsAskedIsTheGuarantor holds who an invoice asks, and that nobody is asked where that is unclear or would be a child.
func TestWhoIsAskedIsTheGuarantor(t *testing.T) {
	const childAlone, several = "no guarantor is in force", "several guarantors"
	eachHousehold(t, func(x household) {
		for _, row := range []struct {
			name, born string
			guarantors []string // nil: no Account is sent
			want       string   // who is asked
			unclear    string
		}{
			{"adult", "1970-01-01", nil, "Patient/adult", ""},
			{"grown", "2008-03-02", nil, "Patient/grown", ""},
			{"unborn", "", nil, "Patient/unborn", ""},
			{"almost", "2008-03-03", nil, "", childAlone},
			{"year", "2008", nil, "", childAlone},
			{"named", "2016-03-20", []string{guarantor("RelatedPerson/mum", "")}, "RelatedPerson/mum", ""},
			{"father", "2016-03-20", []string{guarantor("Patient/dad", "")}, "Patient/dad", ""},
			{"ward", "1970-01-01", []string{guarantor("RelatedPerson/mum", "")}, "RelatedPerson/mum", ""},
			{"court", "2016-03-20", []string{guarantor("Organization/practice", "")}, "Organization/practice", ""},
			{"nobody", "2016-03-20", []string{}, "", childAlone},
			{"held", "2016-03-20", []string{guarantor("RelatedPerson/mum", `,'onHold':true`)}, "", childAlone},
			{"over", "2016-03-20", []string{guarantor("RelatedPerson/mum", `,'period':{'end':'2026-03-01'}`)}, "", childAlone},
			{"later", "2016-03-20", []string{guarantor("RelatedPerson/mum", `,'period':{'start':'2026-03-03'}`)}, "", childAlone},
			{"today", "2016-03-20", []string{guarantor("RelatedPerson/mum", `,'period':{'start':'2026-03-02','end':'2026-03-02'}`)}, "RelatedPerson/mum", ""},
			{"turn", "2016-03-20", []string{guarantor("RelatedPerson/mum", `,'period':{'end':'2026-03-01'}`), guarantor("Patient/dad", `,'period':{'start':'2026-03-02'}`)}, "Patient/dad", ""},
			{"two", "2016-03-20", []string{guarantor("RelatedPerson/mum", ""), guarantor("Patient/dad", "")}, "", several},
			{"twoheld", "2016-03-20", []string{guarantor("RelatedPerson/mum", `,'onHold':true`), guarantor("Patient/dad", "")}, "Patient/dad", ""},
			{"twice", "2016-03-20", []string{guarantor("RelatedPerson/mum", ""), guarantor("RelatedPerson/mum", "")}, "RelatedPerson/mum", ""},
			{"grownheld", "1970-01-01", []string{guarantor("RelatedPerson/mum", `,'onHold':true`)}, "Patient/grownheld", ""},
			{"growntwo", "1970-01-01", []string{guarantor("RelatedPerson/mum", ""), guarantor("Patient/dad", "")}, "", several},
			{"sibling", "2016-03-20", []string{guarantor("Patient/kid", "")}, "", "is under 18"},
			{"ghost", "2016-03-20", []string{guarantor("RelatedPerson/ghost", "")}, "", "has no record here"},
		} {
			birth := ""
			if row.born != "" {
				birth = `,'birthDate':'` + row.born + `'`
			}
			x.put(x.T, "Patient/"+row.name, compact(`{'resourceType':'Patient','id':'`+row.name+`','name':[{'family':'Canary','given':['Zzyzx']}],'gender':'female'`+birth+`}`))
			if row.guarantors != nil {
				x.registers(frontdesk, row.name, row.guarantors...).expect(x.T, http.StatusCreated)
			}
			x.visited("v-"+row.name, row.name)
			why := x.unclear(row.name)
			if got := x.recipients(row.name); got != row.want || (why == "") != (row.unclear == "") || !strings.Contains(why, row.unclear) {
				x.Errorf("%s: %q is asked and %q is unclear, want %q and %q", row.name, got, why, row.want, row.unclear)
			}
		}
	})
}

// TestWhatWaitsForAGuarantorGoesOnByItself holds that an invoice waits until it is clear who is asked, whoever makes that clear, and that what was
// issued stays with whom it asked.
func TestWhatWaitsForAGuarantorGoesOnByItself(t *testing.T) {
	eachHousehold(t, func(x household) {
		is := func(when, patient, want string) {
			x.Helper()
			x.idle(x.T)
			if got := x.recipients(patient); got != want || want != "" && x.unclear(patient) != "" {
				x.Errorf("%s: %q is asked and %q is unclear, want %q", when, got, x.unclear(patient), want)
			}
		}
		x.visited("first", "kid")
		is("without an account", "kid", "")
		x.registers(who{role: auth.RoleEHR}, "kid", guarantor("RelatedPerson/mum", `,'onHold':true`)).expect(x.T, http.StatusOK)
		is("on hold", "kid", "")
		x.registers(who{role: auth.RoleEHR}, "kid", guarantor("RelatedPerson/mum", "")).expect(x.T, http.StatusOK)
		is("with a guarantor", "kid", "RelatedPerson/mum")
		x.registers(frontdesk, "kid", guarantor("RelatedPerson/mum", `,'period':{'end':'2026-03-01'}`), guarantor("Patient/dad", `,'period':{'start':'2026-03-02'}`)).expect(x.T, http.StatusOK)
		is("issued stays", "kid", "RelatedPerson/mum")
		x.visited("second", "kid")
		is("the next asks who answers now", "kid", "Patient/dad RelatedPerson/mum")

		x.born("Patient/orphan", "2016-03-20", "")
		x.registers(frontdesk, "orphan", guarantor("RelatedPerson/aunt", "")).expect(x.T, http.StatusCreated)
		x.visited("third", "orphan")
		is("the guarantor is not there", "orphan", "")
		x.born("RelatedPerson/aunt", "1980-01-01", `,'patient':{'reference':'Patient/orphan'}`)
		is("the guarantor came", "orphan", "RelatedPerson/aunt")

		x.born("Patient/typo", "2017-01-01", "")
		x.visited("fourth", "typo")
		is("born in another year", "typo", "")
		x.born("Patient/typo", "1971-01-01", "")
		is("of age after all", "typo", "Patient/typo")
	})
}

// TestAMergeMovesGuarantors holds that a merged guarantor is the one that stands for him, and that a merged patient's guarantor answers for the one that
// stands for the patient.
func TestAMergeMovesGuarantors(t *testing.T) {
	eachHousehold(t, func(x household) {
		into := func(id string) string {
			return `,'active':false,'link':[{'other':{'reference':'Patient/` + id + `'},'type':'replaced-by'}]`
		}
		x.born("Patient/dad2", "1984-04-04", into("dad"))
		x.registers(frontdesk, "kid", guarantor("Patient/dad2", ""), guarantor("Patient/dad", "")).expect(x.T, http.StatusCreated)
		x.visited("first", "kid")
		if got := x.recipients("kid"); got != "Patient/dad" {
			x.Errorf("a merged guarantor: %q is asked: %s", got, x.unclear("kid"))
		}
		x.born("Patient/double", "2016-03-20", "")
		x.born("Patient/whole", "2016-03-20", "")
		x.registers(frontdesk, "double", guarantor("RelatedPerson/mum", "")).expect(x.T, http.StatusCreated)
		x.visited("second", "whole")
		if got := x.recipients("whole"); got != "" || x.unclear("whole") == "" {
			x.Errorf("before the merge %q is asked", got)
		}
		x.born("Patient/double", "2016-03-20", into("whole"))
		x.idle(x.T)
		if got := x.recipients("whole"); got != "RelatedPerson/mum" {
			x.Errorf("after the merge %q is asked: %s", got, x.unclear("whole"))
		}
	})
}

// TestAnAccountIsWhatItsSenderWrote holds who may write Accounts, what is kept of them, and what is refused.
func TestAnAccountIsWhatItsSenderWrote(t *testing.T) {
	eachHousehold(t, func(x household) {
		for _, one := range []who{{role: auth.RoleBiller}, {role: auth.RoleCoder}, {role: auth.RolePayer, organization: "acme"}, {role: auth.RolePatient, patient: "kid"}, {role: auth.RolePatient, patient: "dad"}} {
			x.registers(one, "kid", guarantor("RelatedPerson/mum", "")).expect(x.T, http.StatusForbidden)
		}
		a := x.registers(frontdesk, "kid", guarantor("RelatedPerson/mum", "")).expect(x.T, http.StatusCreated).node(x.T)
		if !a.Get("name").Is("Canary") || !a.In("servicePeriod", "start").Is("2026-01-01") || !a.Get("guarantor").At(0).In("party", "reference").Is("RelatedPerson/mum") || !a.Get("type").Exists() {
			x.Errorf("the account is not what was sent")
		}
		for _, row := range []struct{ name, more, code string }{
			{"a second account", `'status':'active','subject':[{'reference':'Patient/kid'}]`, "account.exists"},
			{"no patient", `'status':'active'`, "account.subject"},
			{"not active", `'status':'inactive','subject':[{'reference':'Patient/dad'}]`, "account.status"},
			{"nobody", `'status':'active','subject':[{'reference':'Patient/dad'}],'guarantor':[{'party':{'display':'x'}}]`, "account.guarantor"},
			{"ends before it starts", `'status':'active','subject':[{'reference':'Patient/dad'}],'guarantor':[{'party':{'reference':'RelatedPerson/mum'},'period':{'start':'2026-03-02','end':'2026-03-01'}}]`, "account.period"},
		} {
			before := x.documents(x.T, tenant)
			a := x.do(x.T, frontdesk, "POST", "Account", compact(`{'resourceType':'Account',`+row.more+`}`))
			if a.status < 400 || !strings.Contains(a.body, `"`+row.code+`"`) || x.documents(x.T, tenant) != before {
				x.Errorf("%s: %d %s", row.name, a.status, a.body)
			}
		}
	})
}

// TestAGuarantorReadsWhatHeIsAsked holds that a patient's own token reads and pays the invoices that ask him for another, and nothing else of the other's.
func TestAGuarantorReadsWhatHeIsAsked(t *testing.T) {
	eachHousehold(t, func(x household) {
		x.registers(frontdesk, "kid", guarantor("Patient/dad", "")).expect(x.T, http.StatusCreated)
		x.visited("first", "kid")
		dad := who{role: auth.RolePatient, patient: "dad"}
		found := x.do(x.T, dad, "GET", "Invoice", "").expect(x.T, http.StatusOK).entries(x.T)
		if len(found) != 1 {
			x.Fatalf("he finds %v", found)
		}
		invoice := x.do(x.T, dad, "GET", found[0], "").expect(x.T, http.StatusOK).node(x.T)
		for _, hidden := range []string{"Patient/kid", "Encounter/first", "Condition/first", invoice.In("account", "reference").Text(), invoice.Get("lineItem").At(0).In("chargeItemReference", "reference").Text()} {
			x.do(x.T, dad, "GET", hidden, "").expect(x.T, http.StatusNotFound)
		}
		x.do(x.T, who{role: auth.RolePatient, patient: "kid"}, "GET", found[0], "").expect(x.T, http.StatusOK)
		x.born("Patient/stranger", "1980-01-01", "")
		x.do(x.T, who{role: auth.RolePatient, patient: "stranger"}, "GET", found[0], "").expect(x.T, http.StatusNotFound)
	})
}

// letters gives what guarantors are sent today, by who they are: through a patient that they answer for.
func (x household) letters(through ...string) string {
	x.Helper()
	var all []string
	for _, patient := range through {
		said := x.do(x.T, biller, "GET", "Patient/"+patient+"/$statement", "").expect(x.T, http.StatusOK).node(x.T)
		guarantor, asks := "", ""
		for p := range said.Get("parameter").Children() {
			switch p.Get("name").Text() {
			case "guarantor":
				guarantor = p.In("valueReference", "reference").Text()
			case "next":
				for part := range p.Get("part").Children() {
					if part.Get("name").Is("line") {
						asks += " " + valuesOf(part.Get("part").At(1)) + " " + valuesOf(part.Get("part").At(3))
					}
				}
			case "skipped":
				asks = " " + p.Get("valueCode").Text()
			}
		}
		all = append(all, guarantor+asks)
	}
	return strings.Join(all, "; ")
}

// TestAGuarantorIsSentOneLetter over all that it answers for, bills and balances from before; a child is sent none, and a patient's own token reads no other's.
func TestAGuarantorIsSentOneLetter(t *testing.T) {
	eachHousehold(t, func(x household) {
		x.born("Patient/sister", "2018-03-20", "")
		x.registers(frontdesk, "kid", guarantor("Patient/dad", "")).expect(x.T, http.StatusCreated)
		x.registers(frontdesk, "sister", guarantor("Patient/dad", "")).expect(x.T, http.StatusCreated)
		x.owes("dad", "20.00", "kid", "7.31")
		x.days(18)
		x.visited("first", "sister")
		x.is("the letter", x.letters("kid", "dad"), "Patient/dad Patient/dad 20.00 Patient/kid 7.31 Patient/sister 150.00; Patient/dad Patient/dad 20.00 Patient/kid 7.31 Patient/sister 150.00")
		x.is("the run", x.runs(), "1 sent=1 amount=177.31 broken=0")
		x.is("AR:Patient", strings.Join(x.receivable(), " "), "177.31")
		sent, next := x.says(who{role: auth.RolePatient, patient: "dad"}, "dad")
		x.is("his own", sent+", "+next, "2026-03-20 day-0 177.31, not-yet")
		x.do(x.T, who{role: auth.RolePatient, patient: "kid"}, "GET", "Patient/kid/$statement", "").expect(x.T, http.StatusForbidden)
		x.do(x.T, biller, "POST", "Patient/sister/$hold-statements", sets("kind", `'valueCode':'bad-address'`, "reason", `'valueString':'It came back.'`)).expect(x.T, http.StatusOK)
		x.days(30)
		x.is("held through any of them", x.runs(), "1 sent=0 amount=0.00 [held 1] [bad-address 1] broken=0")
		x.decides(biller, x.work("returned-mail"), "release").expect(x.T, http.StatusOK)
		x.is("released", x.runs(), "1 sent=1 amount=177.31 broken=0")
		plan := x.do(x.T, biller, "POST", "Patient/kid/$payment-plan", sets("parts", `'valuePositiveInt':3`)).expect(x.T, http.StatusOK)
		x.is("a plan over all", told(plan, x.T), "[active 177.31 [2026-04-19 59.11] [2026-05-19 59.10] [2026-06-18 59.10]]")
	})
}

// TestABalanceOfAChildWaitsForAGuarantor as its invoice does, and goes on by itself; a letter goes to whoever answers, a RelatedPerson too.
func TestABalanceOfAChildWaitsForAGuarantor(t *testing.T) {
	eachHousehold(t, func(x household) {
		x.owes("kid", "20.00")
		x.is("nobody answers", x.runs(), "0 sent=0 amount=0.00 broken=0")
		if why := x.unclear("kid"); !strings.Contains(why, "no guarantor is in force") {
			x.Errorf("the work says %q", why)
		}
		x.do(x.T, biller, "GET", "Patient/kid/$statement", "").expect(x.T, http.StatusUnprocessableEntity)
		x.decides(frontdesk, x.work("clarify-guarantor"), "recheck").expect(x.T, http.StatusConflict)
		x.registers(frontdesk, "kid", guarantor("RelatedPerson/mum", "")).expect(x.T, http.StatusOK)
		x.idle(x.T)
		x.is("work", x.unclear("kid"), "")
		x.is("the run", x.runs(), "1 sent=1 amount=20.00 broken=0")
		x.is("then", x.letters("kid"), "RelatedPerson/mum not-yet")
		for range 3 {
			x.days(30)
			x.is("a letter", x.runs(), "1 sent=1 amount=20.00 broken=0")
		}
		x.days(30)
		x.is("all letters", x.runs(), "1 sent=0 amount=0.00 [collections 1] broken=0")
		x.decides(manager, x.work("collections"), "release").expect(x.T, http.StatusOK)
		x.is("from the beginning", x.runs(), "1 sent=1 amount=20.00 broken=0")
	})
}

// TestWhoTurnsOutToBeAChildIsNotAsked, but who answers for him; and what asks a record that is merged asks the one that stands for it, once.
func TestWhoTurnsOutToBeAChildIsNotAsked(t *testing.T) {
	eachHousehold(t, func(x household) {
		x.born("Patient/typo", "1985-01-01", "")
		x.days(18)
		x.visited("first", "typo")
		x.owes("typo", "20.00")
		x.is("of age", x.letters("typo"), "Patient/typo Patient/typo 20.00 Patient/typo 150.00")
		x.born("Patient/typo", "2015-01-01", "")
		x.is("a child", x.runs(), "1 sent=0 amount=0.00 [minor 1] broken=0")
		x.decides(frontdesk, x.work("clarify-guarantor"), "recheck").expect(x.T, http.StatusConflict)
		x.registers(frontdesk, "typo", guarantor("Patient/dad", "")).expect(x.T, http.StatusOK)
		x.decides(frontdesk, x.work("clarify-guarantor"), "recheck").expect(x.T, http.StatusOK)
		x.is("who answers", x.recipients("typo"), "Patient/dad")
		x.is("the run", x.runs(), "1 sent=1 amount=170.00 broken=0")
	})
}

// TestAMergedGuarantorIsSentOneLetter holds that what asked both records asks the one that stands for them, with what was sent before and what holds it back.
func TestAMergedGuarantorIsSentOneLetter(t *testing.T) {
	eachHousehold(t, func(x household) {
		x.born("Patient/dad2", "1984-04-04", "")
		x.registers(frontdesk, "kid", guarantor("Patient/dad2", "")).expect(x.T, http.StatusCreated)
		x.days(18)
		x.visited("first", "kid")
		x.owes("dad", "20.00", "dad2", "7.00")
		x.is("two", x.runs(), "2 sent=2 amount=177.00 broken=0")
		x.do(x.T, biller, "POST", "Patient/dad2/$hold-statements", sets("kind", `'valueCode':'manual'`, "reason", `'valueString':'He called.'`)).expect(x.T, http.StatusOK)
		for _, id := range []string{"dad", "dad2"} {
			x.do(x.T, biller, "POST", "Patient/"+id+"/$payment-plan", sets("parts", `'valuePositiveInt':2`)).expect(x.T, http.StatusOK)
		}
		x.born("Patient/dad2", "1984-04-04", `,'active':false,'link':[{'other':{'reference':'Patient/dad'},'type':'replaced-by'}]`)
		x.idle(x.T)
		x.is("who is asked", x.recipients("kid"), "Patient/dad")
		x.is("one, held", x.runs(), "1 sent=0 amount=0.00 [held 1] [manual 1] broken=0")
		x.do(x.T, biller, "POST", "Patient/dad/$release-statements", "").expect(x.T, http.StatusOK)
		x.is("one plan", x.runs(), "1 sent=1 amount=10.00 broken=0")
	})
}

// TestAGuarantorsMoneyPaysForAll holds that what a guarantor pays pays all that he is asked for, his own first, before and after it is billed; and that it is his credit again, and
// owed again, where it is taken back.
func TestAGuarantorsMoneyPaysForAll(t *testing.T) {
	eachHousehold(t, func(x household) {
		x.born("Patient/sister", "2018-03-20", "")
		x.registers(frontdesk, "kid", guarantor("Patient/dad", "")).expect(x.T, http.StatusCreated)
		x.registers(frontdesk, "sister", guarantor("Patient/dad", "")).expect(x.T, http.StatusCreated)
		x.owes("dad", "20.00", "kid", "7.31")
		x.days(18)
		x.visited("first", "sister")
		asks := func(when, want string) {
			x.Helper()
			x.idle(x.T)
			x.is(when, x.letters("dad"), "Patient/dad "+want)
			x.clean()
		}
		pays := func(amount string) string {
			x.Helper()
			return x.do(x.T, frontdesk, "POST", "Patient/dad/$collect", paying(amount, "cash", "", ""), "Idempotency-Key: "+amount).expect(x.T, http.StatusOK).node(x.T).Get("id").Text()
		}
		some := pays("25.00")
		asks("a part", "Patient/kid 2.31 Patient/sister 150.00")
		pays("200.00")
		asks("all", "nothing-due")
		x.await(x.T, "Task?status=requested&code=credit-balance&patient=Patient/dad", 1)
		x.visited("second", "kid")
		asks("the credit pays what comes", "Patient/kid 102.31")
		x.await(x.T, "Task?status=requested&code=credit-balance&patient=Patient/dad", 0)
		x.do(x.T, biller, "POST", "PaymentNotice/"+some+"/$reverse", sets("reason", `'valueCode':'error'`)).expect(x.T, http.StatusOK)
		asks("owed again", "Patient/dad 20.00 Patient/kid 5.00 Patient/kid 102.31")
		dad := who{role: auth.RolePatient, patient: "dad"}
		x.do(x.T, dad, "POST", "Patient/dad/$collect", paying("127.32", "card", "too much", ""), "Idempotency-Key: more").expect(x.T, http.StatusUnprocessableEntity)
		x.do(x.T, dad, "POST", "Patient/dad/$collect", paying("127.31", "card", "all", ""), "Idempotency-Key: all").expect(x.T, http.StatusOK)
		asks("paid from home", "nothing-due")
	})
}
