package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/store/storetest"
)

// selfPaying is a practice whose patients have no plans, on Monday 2 March 2026.
type selfPaying struct {
	*world
	*testing.T
	hand *clocktest.Hand
}

func eachSelfPaying(t *testing.T, test func(x selfPaying)) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := clocktest.At(time.Date(2026, 3, 2, 18, 0, 0, 0, time.UTC))
		x := selfPaying{open(t, storetest.OpenAt(t, url, hand.Clock()), nil), t, hand}
		practice(t, x.world)
		for code, price := range map[string]string{"99203": "150.00", "99205": "549.99", "99215": "550.00"} {
			x.put(t, "ChargeItemDefinition/fee-"+code, compact(`{'resourceType':'ChargeItemDefinition','id':'fee-`+code+`','url':'http://example.org/fee/`+code+`','status':'active','code':{'coding':[{'system':'`+cpt+`','code':'`+code+`'}]},'propertyGroup':[{'priceComponent':[{'type':'base','amount':{'value':`+price+`,'currency':'USD'}}]}]}`))
		}
		x.do(t, admin, "POST", "$settings", sets("practice", `'valueReference':{'reference':'Organization/practice'}`)).expect(t, 200)
		test(x)
	})
}

func (x selfPaying) patient(id string) {
	x.Helper()
	x.put(x.T, "Patient/"+id, compact(`{'resourceType':'Patient','id':'`+id+`','name':[{'family':'Canary','given':['Zzyzx']}],'gender':'female','birthDate':'1970-01-01'}`))
}

func (x selfPaying) appointment(id, patient, status, day string) {
	x.Helper()
	x.put(x.T, "Appointment/"+id, compact(`{'resourceType':'Appointment','id':'`+id+`','status':'`+status+`','start':'`+day+`T15:00:00Z','end':'`+day+`T15:30:00Z','participant':[{'actor':{'reference':'Patient/`+patient+`'},'status':'accepted'}]}`))
}

// visit is what was done on 20 March, at an appointment or without one.
func (x selfPaying) visit(id, patient, code, appointment string) {
	x.Helper()
	of := `'subject':{'reference':'Patient/` + patient + `'}`
	x.put(x.T, "Condition/"+id, compact(`{'resourceType':'Condition','id':'`+id+`',`+of+`,'encounter':{'reference':'Encounter/`+id+`'},'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}`))
	x.charge(id, patient, code)
	if appointment != "" {
		appointment = `,'appointment':[{'reference':'Appointment/` + appointment + `'}]`
	}
	x.put(x.T, "Encounter/"+id, strings.ReplaceAll(encounterOf(id, patient, appointment), "2026-03-02", "2026-03-20"))
	x.idle(x.T)
}

func (x selfPaying) charge(visit, patient, code string) {
	x.Helper()
	x.put(x.T, "ChargeItem/"+visit, compact(`{'resourceType':'ChargeItem','id':'`+visit+`','status':'billable','subject':{'reference':'Patient/`+patient+`'},'context':{'reference':'Encounter/`+visit+`'},'occurrenceDateTime':'2026-03-20','quantity':{'value':1},'code':{'coding':[{'system':'`+cpt+`','code':'`+code+`'}]}}`))
}

// clean holds the documents against the rows, and the books against their laws.
func (x selfPaying) clean() {
	x.Helper()
	if _, err := x.office.Verify(context.Background(), tenant, billing.Watch{Breach: func(b billing.Breach) { x.Error(b) }}); err != nil {
		x.Fatal(err)
	}
}

// due tells until when estimates are to be made for a patient.
func (x selfPaying) due(patient string) string {
	x.Helper()
	var days []string
	for entry := range x.do(x.T, who{role: auth.RoleFrontDesk}, "GET", "Task?code=estimate-due&status=requested&patient=Patient/"+patient, "").expect(x.T, 200).node(x.T).Get("entry").Children() {
		days = append(days, entry.In("resource", "restriction", "period", "end").Text())
	}
	return strings.Join(days, " ")
}

// estimates has the front desk estimate a service for an appointment, or where that is "" for 20 March, and gives the Claim.
func (x selfPaying) estimates(patient, appointment, code string) answer {
	x.Helper()
	about := `'valueDate':'2026-03-20'`
	name := "on"
	if appointment != "" {
		name, about = "appointment", `'valueReference':{'reference':'Appointment/`+appointment+`'}`
	}
	return x.do(x.T, who{role: auth.RoleFrontDesk}, "POST", "Patient/"+patient+"/$good-faith-estimate", sets(name, about, "service", `'part':[{'name':'code','valueCoding':{'system':'`+cpt+`','code':'`+code+`'}}]`))
}

// asked gives what the patient's invoices ask for.
func (x selfPaying) asked(patient string) string {
	x.Helper()
	var sums []string
	for entry := range x.do(x.T, admin, "GET", "Invoice?status=issued&patient=Patient/"+patient, "").expect(x.T, 200).node(x.T).Get("entry").Children() {
		sums = append(sums, entry.In("resource", "totalNet", "value").Text())
	}
	return strings.Join(sums, " ")
}

// held gives the open work about a patient that is billed too much.
func (x selfPaying) held(patient string) answer {
	x.Helper()
	return x.do(x.T, who{role: auth.RoleBiller}, "GET", "Task?code=over-estimate&status=requested&patient=Patient/"+patient, "").expect(x.T, 200)
}

// TestAGoodFaithEstimateIsDue holds by when an estimate is to be made for an appointment of who has no plan, and what takes the work away.
func TestAGoodFaithEstimateIsDue(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		for _, row := range []struct{ patient, day, want string }{{"far", "2026-03-16", "2026-03-05"}, {"near", "2026-03-05", "2026-03-03"}, {"late", "2026-03-04", ""}, {"planned", "2026-03-20", "2026-03-05"}, {"cancelled", "2026-03-20", "2026-03-05"}, {"moved", "2026-03-20", "2026-03-05"}, {"other", "2026-03-20", "2026-03-05"}} {
			x.patient(row.patient)
			x.appointment("of-"+row.patient, row.patient, "booked", row.day)
			if got := x.due(row.patient); !strings.HasPrefix(got, row.want) || row.want == "" && got != "" {
				x.Errorf("for %s on %s it is due on %q, want %q", row.patient, row.day, got, row.want)
			}
		}
		x.appointment("of-ann", "ann", "booked", "2026-03-20")
		x.appointment("of-cancelled", "cancelled", "cancelled", "2026-03-20")
		x.appointment("of-moved", "moved", "booked", "2026-03-05")
		x.put(x.T, "Coverage/of-planned", compact(`{'resourceType':'Coverage','id':'of-planned','status':'active','beneficiary':{'reference':'Patient/planned'},'payor':[{'reference':'Organization/acme'}]}`))
		x.estimates("far", "of-far", "99203").expect(x.T, 200)
		x.estimates("other", "", "99203").expect(x.T, 200)
		for patient, want := range map[string]string{"ann": "", "cancelled": "", "moved": "2026-03-03", "planned": "", "far": "", "near": "2026-03-03", "other": "2026-03-05"} {
			if got := x.due(patient); !strings.HasPrefix(got, want) || want == "" && got != "" {
				x.Errorf("of %s it is due on %q then, want %q", patient, got, want)
			}
		}
		x.put(x.T, "Coverage/of-planned", compact(`{'resourceType':'Coverage','id':'of-planned','status':'entered-in-error','beneficiary':{'reference':'Patient/planned'},'payor':[{'reference':'Organization/acme'}]}`))
		if got := x.due("planned"); !strings.HasPrefix(got, "2026-03-05") {
			x.Errorf("of who has no plan after all it is due on %q", got)
		}
		x.appointment("of-far", "far", "booked", "2026-03-17")
		if got := x.due("far"); got != "" {
			x.Errorf("an estimate that was made is due again on %q", got)
		}
		near := x.do(x.T, who{role: auth.RoleFrontDesk}, "GET", "Task?code=estimate-due&status=requested&patient=Patient/near", "").expect(x.T, 200).node(x.T).Get("entry").At(0).In("resource", "id").Text()
		x.do(x.T, who{role: auth.RoleFrontDesk}, "POST", "Task/"+near+"/$decide", sets("decision", `'valueCode':'accept'`, "reason", `'valueString':'The employer pays.'`)).expect(x.T, 200)
		if got := x.due("near"); got != "" {
			x.Errorf("what somebody decided not to make is due on %q", got)
		}
		x.appointment("of-moved", "moved", "cancelled", "2026-03-05")
		if got := x.due("moved"); got != "" {
			x.Errorf("of an appointment that does not take place it is due on %q", got)
		}
	})
}

// TestAPatientAsksForAnEstimate holds by when one that was asked for is due, who asks, and that it is due until it is made, plan or not.
func TestAPatientAsksForAnEstimate(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.patient("zoe")
		zoe := who{role: auth.RolePatient, patient: "zoe"}
		x.hand.Advance(48 * time.Hour) // a Wednesday
		ask := func(as who) answer { return x.do(x.T, as, "POST", "Patient/zoe/$request-estimate", "") }
		for range 2 {
			if got := ask(zoe).expect(x.T, 200).says(x.T); got != "due=2026-03-09" {
				x.Errorf("who asks is told %s", got)
			}
			x.hand.Advance(24 * time.Hour)
		}
		if got := x.due("zoe"); !strings.HasPrefix(got, "2026-03-09") || strings.Contains(got, " ") {
			x.Errorf("it is due on %q", got)
		}
		ask(who{role: auth.RolePatient, patient: "ann"}).expect(x.T, 404)
		ask(who{role: auth.RoleAdmin, tenant: "other"}).expect(x.T, 404)
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleCoder} {
			ask(who{role: role}).expect(x.T, 403)
		}
		x.put(x.T, "Coverage/of-zoe", compact(`{'resourceType':'Coverage','id':'of-zoe','status':'active','beneficiary':{'reference':'Patient/zoe'},'payor':[{'reference':'Organization/acme'}]}`))
		if got := x.due("zoe"); got == "" {
			x.Error("who has a plan is not told any more what he asked")
		}
		x.estimates("zoe", "", "99203").expect(x.T, 200)
		if got := x.due("zoe"); got != "" {
			x.Errorf("what was made is due on %q", got)
		}
	})
}

// TestAGoodFaithEstimateIsAClaimThatAsksNobody holds its form, who makes it, who reads it, and that it is in no book.
func TestAGoodFaithEstimateIsAClaimThatAsksNobody(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.patient("zoe")
		x.appointment("a", "zoe", "booked", "2026-03-20")
		made := x.estimates("zoe", "a", "99203").expect(x.T, 200)
		id := made.id(x.T)
		zoe := who{role: auth.RolePatient, patient: "zoe"}
		read := x.do(x.T, zoe, "GET", "Claim/"+id, "").expect(x.T, 200)
		for _, want := range []string{`"use":"predetermination"`, `"status":"active"`, `"total":{"value":150.00,"currency":"USD"}`, `"servicedDate":"2026-03-20"`, `"net":{"value":150.00`, "Services of other providers and facilities are not in it", `"reference":"Appointment/a"`} {
			if !strings.Contains(made.body, want) || !strings.Contains(read.body, want) {
				x.Errorf("%s is missing in %s", want, read.body)
			}
		}
		for name, as := range map[string]who{"another patient": {role: auth.RolePatient, patient: "ann"}, "a payer": {role: auth.RolePayer, organization: "acme"}, "another tenant": {role: auth.RoleAdmin, tenant: "other"}} {
			if got := x.do(x.T, as, "GET", "Claim/"+id, "").status; got != 404 {
				x.Errorf("%s reads it: %d", name, got)
			}
			if got := x.do(x.T, as, "POST", "Patient/zoe/$good-faith-estimate", wantsToKnow("99203")).status; got != 403 && got != 404 {
				x.Errorf("%s makes one: %d", name, got)
			}
		}
		for _, as := range []who{zoe, {role: auth.RoleEHR}, {role: auth.RoleCoder}} {
			x.do(x.T, as, "POST", "Patient/zoe/$good-faith-estimate", wantsToKnow("99203")).expect(x.T, 403)
		}
		x.do(x.T, admin, "PUT", "Claim/"+id, strings.Replace(read.body, "150.00", "1.00", 1)).expect(x.T, 409)
		for _, operation := range []string{"submit", "void", "validate", "expect", "timeline", "explain"} {
			if got := x.do(x.T, admin, "POST", "Claim/"+id+"/$"+operation, "").status; got < 400 || got >= 500 {
				x.Errorf("$%s of it is %d", operation, got)
			}
		}
		for name, row := range map[string]struct {
			body, place string
			status      int
		}{
			"a day that is over":        {strings.Replace(wantsToKnow("99203"), "2026-03-02", "2026-03-01", 1), "Parameters.parameter[0].value", 422},
			"another's appointment":     {sets("appointment", `'valueReference':{'reference':'Appointment/none'}`, "service", `'part':[{'name':'code','valueCoding':{'system':'`+cpt+`','code':'99203'}}]`), "Parameters.parameter[0].value", 422},
			"no price":                  {wantsToKnow("99199"), "Parameters.parameter[1].part[0].value", 422},
			"more asked for before":     {strings.Replace(wantsToKnow("99203"), `"parameter":[`, `"parameter":[{"name":"prepayment","valueMoney":{"value":150.01,"currency":"USD"}},`, 1), "Parameters.parameter[0].value", 422},
			"neither day nor visit":     {sets("service", `'part':[{'name':'code','valueCoding':{'system':'`+cpt+`','code':'99203'}}]`), "Parameters.parameter", 400},
			"what is none of its words": {wantsToKnow("99203 {'name':'pointer','valuePositiveInt':1}"), "Parameters.parameter[1].part[1]", 400},
		} {
			if got := x.do(x.T, who{role: auth.RoleFrontDesk}, "POST", "Patient/zoe/$good-faith-estimate", row.body).expect(x.T, row.status).places(x.T); got != row.place {
				x.Errorf("%s stands at %s, want %s", name, got, row.place)
			}
		}
		asks := strings.Replace(wantsToKnow("99203"), `"parameter":[`, `"parameter":[{"name":"prepayment","valueMoney":{"value":50.00,"currency":"USD"}},`, 1)
		desk := who{role: auth.RoleFrontDesk}
		before := x.documents(x.T, tenant)
		x.do(x.T, desk, "POST", "Patient/zoe/$good-faith-estimate", asks, "Medbill-Dry-Run: true").expect(x.T, 200)
		if after := x.documents(x.T, tenant); after != before {
			x.Errorf("a rehearsal leaves %d documents, before it there were %d", after, before)
		}
		first := x.do(x.T, desk, "POST", "Patient/zoe/$good-faith-estimate", asks, "Idempotency-Key: once").expect(x.T, 200)
		again := x.do(x.T, desk, "POST", "Patient/zoe/$good-faith-estimate", asks, "Idempotency-Key: once").expect(x.T, 200)
		if first.body != again.body || first.id(x.T) == id {
			x.Errorf("the same call makes %s, then %s", first.body, again.body)
		}
		if got := x.do(x.T, zoe, "GET", "Claim/"+first.id(x.T), "").expect(x.T, 200).body; !strings.Contains(got, `/prepayment","valueMoney":{"value":50.00`) {
			x.Errorf("what is asked for before is missing in %s", got)
		}
		if rows := x.do(x.T, admin, "GET", x.root+"/reports/trial-balance.csv", "").expect(x.T, http.StatusOK).body; strings.Count(rows, "\n") != 1 {
			x.Errorf("the books say %s", rows)
		}
		x.clean()
	})
}

// TestABillFarAboveItsEstimateIsHeld holds the threshold to the cent, what the work says, and what lets the invoice go.
func TestABillFarAboveItsEstimateIsHeld(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		for _, patient := range []string{"below", "above", "mended", "unasked", "day", "another"} {
			x.patient(patient)
		}
		for _, patient := range []string{"below", "above", "mended", "another"} {
			x.appointment("of-"+patient, patient, "booked", "2026-03-20")
			x.estimates(patient, "of-"+patient, "99203").expect(x.T, 200)
		}
		x.estimates("day", "", "99203").expect(x.T, 200)
		x.appointment("second", "another", "booked", "2026-03-20")
		x.hand.Advance(18 * 24 * time.Hour)
		x.visit("v-below", "below", "99205", "of-below")
		x.visit("v-above", "above", "99215", "of-above")
		x.visit("v-mended", "mended", "99215", "of-mended")
		x.visit("v-unasked", "unasked", "99215", "")
		x.visit("v-day", "day", "99215", "")
		x.visit("v-another", "another", "99215", "second")
		for patient, want := range map[string]string{"below": "549.99", "above": "", "mended": "", "unasked": "550.00", "day": "", "another": "550.00"} {
			held := len(x.held(patient).entries(x.T))
			if got := x.asked(patient); got != want || (held == 1) != (want == "") {
				x.Errorf("%s is asked for %q, want %q, with %d works", patient, got, want, held)
			}
		}
		work := x.held("above")
		for _, want := range []string{"billed at 550.00", "estimate said 150.00", "Correct the charges, or release the invoice with the reason."} {
			if !strings.Contains(work.body, want) {
				x.Errorf("%q is missing in %s", want, work.body)
			}
		}
		id := work.node(x.T).Get("entry").At(0).In("resource", "id").Text()
		biller := who{role: auth.RoleBiller}
		x.do(x.T, biller, "POST", "Task/"+id+"/$decide", sets("decision", `'valueCode':'release'`)).expect(x.T, 400)
		x.do(x.T, who{role: auth.RoleFrontDesk}, "POST", "Task/"+id+"/$decide", sets("decision", `'valueCode':'release'`, "reason", `'valueString':'No.'`)).expect(x.T, 403)
		x.do(x.T, biller, "POST", "Task/"+id+"/$decide", sets("decision", `'valueCode':'release'`, "reason", `'valueString':'The patient agreed to the longer visit.'`)).expect(x.T, 200)
		x.charge("v-mended", "mended", "99205")
		x.idle(x.T)
		for patient, want := range map[string]string{"above": "550.00", "mended": "549.99"} {
			if got, held := x.asked(patient), len(x.held(patient).entries(x.T)); got != want || held != 0 {
				x.Errorf("%s is asked for %q then, want %q, with %d works", patient, got, want, held)
			}
		}
		x.patient("right")
		x.estimates("right", "", "99203").expect(x.T, 200)
		x.visit("v-right", "right", "99203", "")
		figures := x.do(x.T, biller, "GET", x.root+"/reports/kpi.csv", "").expect(x.T, http.StatusOK).body
		for _, want := range []string{"estimate-accuracy,25.0,%,1,4,", "estimate-difference,1199.98,USD,1199.98,,"} {
			if !strings.Contains(figures, want) {
				x.Errorf("%s is missing in %s", want, figures)
			}
		}
		x.clean()
	})
}

// TestAPatientPaysBeforeWhatTheEstimateAsks holds that a patient's own token pays the prepayment of an estimate for its appointment, once and no more; and that it is used for the visit.
func TestAPatientPaysBeforeWhatTheEstimateAsks(t *testing.T) {
	eachSelfPaying(t, func(x selfPaying) {
		x.patient("zoe")
		zoe := who{role: auth.RolePatient, patient: "zoe"}
		for _, id := range []string{"coming", "other"} {
			x.appointment(id, "zoe", "booked", "2026-03-20")
		}
		x.do(x.T, who{role: auth.RoleFrontDesk}, "POST", "Patient/zoe/$good-faith-estimate", sets(
			"appointment", `'valueReference':{'reference':'Appointment/coming'}`, "prepayment", `'valueMoney':{'value':50.00,'currency':'USD'}`,
			"service", `'part':[{'name':'code','valueCoding':{'system':'`+cpt+`','code':'99203'}}]`)).expect(x.T, 200)
		for n, row := range []struct {
			amount, purpose string
			status          int
		}{
			{"50.00", "", 422}, {"50.00", "Appointment/other", 422}, {"50.01", "Appointment/coming", 422},
			{"20.00", "Appointment/coming", 200}, {"30.01", "Appointment/coming", 422}, {"30.00", "Appointment/coming", 200}, {"0.01", "Appointment/coming", 422},
		} {
			key := fmt.Sprint("before-", n)
			if a := x.do(x.T, zoe, "POST", "Patient/zoe/$collect", paying(row.amount, "card", key, row.purpose), "Idempotency-Key: "+key); a.status != row.status {
				x.Errorf("%s for %q: %d, want %d: %s", row.amount, row.purpose, a.status, row.status, a.body)
			}
		}
		x.days(18)
		x.visit("v-zoe", "zoe", "99203", "coming")
		_, next := x.says(zoe, "zoe")
		x.is("the rest of 150.00", next, "2026-03-20 day-0 100.00")
		x.clean()
	})
}
