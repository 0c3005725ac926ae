package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/internal/auth"
)

const cpt = "http://www.ama-assn.org/go/cpt"

// practice makes a clinic with prices, a payer, a doctor and a covered patient.
func practice(t *testing.T, w *world) {
	t.Helper()
	w.put(t, "Organization/practice", compact(`{'resourceType':'Organization','id':'practice','name':'Zzyzx Clinic','identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}]}`))
	w.put(t, "Organization/acme", compact(`{'resourceType':'Organization','id':'acme','name':'ACME PPO'}`))
	w.put(t, "Practitioner/doc", compact(`{'resourceType':'Practitioner','id':'doc','name':[{'family':'Canary'}],'identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1999999984'}]}`))
	for code, price := range map[string]string{"99214": "250.00", "93000": "60.00", "36415": "15.00"} {
		w.put(t, "ChargeItemDefinition/fee-"+code, compact(`{'resourceType':'ChargeItemDefinition','id':'fee-`+code+`','url':'http://example.org/fee/`+code+`','status':'active','code':{'coding':[{'system':'`+cpt+`','code':'`+code+`'}]},'propertyGroup':[{'priceComponent':[{'type':'base','amount':{'value':`+price+`,'currency':'USD'}}]}]}`))
	}
	w.put(t, "Patient/ann", compact(`{'resourceType':'Patient','id':'ann','identifier':[{'system':'urn:mrn','value':'ann'}],'name':[{'family':'Canary','given':['Zzyzx']}],'gender':'female','birthDate':'1970-01-01'}`))
	w.put(t, "Coverage/cov", compact(`{'resourceType':'Coverage','id':'cov','status':'active','subscriberId':'CANARY-7781','beneficiary':{'reference':'Patient/ann'},'payor':[{'reference':'Organization/acme'}]}`))
}

// visit makes a coded visit that is finished.
func visit(t *testing.T, w *world, id, patient string) {
	t.Helper()
	for i, code := range []string{"I10", "E785"} {
		w.put(t, fmt.Sprintf("Condition/%s-dx%d", id, i+1), compact(fmt.Sprintf(`{'resourceType':'Condition','id':'%s-dx%d','subject':{'reference':'Patient/%s'},'encounter':{'reference':'Encounter/%s'},'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'%s'}]}}`, id, i+1, patient, id, code)))
	}
	for i, code := range []string{"99214", "93000", "36415"} {
		w.put(t, fmt.Sprintf("Procedure/%s-pr%d", id, i+1), compact(fmt.Sprintf(`{'resourceType':'Procedure','id':'%s-pr%d','status':'completed','subject':{'reference':'Patient/%s'},'encounter':{'reference':'Encounter/%s'},'performedDateTime':'2026-03-02','code':{'coding':[{'system':'%s','code':'%s'}]}}`, id, i+1, patient, id, cpt, code)))
	}
	encounter(t, w, id, patient, fmt.Sprintf(`,'diagnosis':[{'condition':{'reference':'Condition/%s-dx1'},'rank':1},{'condition':{'reference':'Condition/%s-dx2'},'rank':2}]`, id, id))
}

func encounter(t *testing.T, w *world, id, patient, more string) {
	t.Helper()
	w.put(t, "Encounter/"+id, encounterOf(id, patient, more))
}

func encounterOf(id, patient, more string) string {
	return compact(`{'resourceType':'Encounter','id':'` + id + `','status':'finished','class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'AMB'},'subject':{'reference':'Patient/` + patient + `'},'participant':[{'individual':{'reference':'Practitioner/doc'}}],'period':{'start':'2026-03-02T15:00:00Z','end':'2026-03-02T15:30:00Z'},'serviceProvider':{'reference':'Organization/practice'}` + more + `}`)
}

// payerAnswer pays two of the three lines of visit and leaves 74.00 to the patient.
func payerAnswer(claim, identifier string) string {
	amount := func(category, value string) string {
		return `{'category':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/adjudication','code':'` + category + `'}]},'amount':{'value':` + value + `,'currency':'USD'}}`
	}
	item := func(sequence int, submitted, benefit string, adjustments ...string) string {
		list := []string{amount("submitted", submitted), amount("benefit", benefit)}
		for i := 0; i < len(adjustments); i += 3 {
			list = append(list, `{'category':{'coding':[{'system':'https://x12.org/codes/claim-adjustment-group-codes','code':'`+adjustments[i]+`'}]},'reason':{'coding':[{'system':'https://x12.org/codes/claim-adjustment-reason-codes','code':'`+adjustments[i+1]+`'}]},'amount':{'value':`+adjustments[i+2]+`,'currency':'USD'}}`)
		}
		return fmt.Sprintf(`{'itemSequence':%d,'adjudication':[%s]}`, sequence, strings.Join(list, ","))
	}
	return compact(`{'resourceType':'ClaimResponse','identifier':[{'system':'http://acme.example.org/icn','value':'` + identifier + `'}],'status':'active','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},'use':'claim','patient':{'reference':'Patient/ann'},'created':'2026-03-20','insurer':{'reference':'Organization/acme'},'request':{'reference':'Claim/` + claim + `'},'outcome':'complete','item':[` +
		item(1, "250.00", "80.00", "CO", "45", "100.00", "PR", "1", "50.00", "PR", "2", "20.00") + "," +
		item(2, "60.00", "16.00", "CO", "45", "40.00", "PR", "2", "4.00") + "," +
		item(3, "15.00", "0.00", "CO", "97", "15.00") + `]}`)
}

func TestAVisitIsBilledOverREST(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		encounter(t, w, "visit", "ann", "")
		w.await(t, "Task?status=requested", 1)
		coder, biller, payer, ann := who{role: auth.RoleCoder}, who{role: auth.RoleBiller}, who{role: auth.RolePayer, organization: "acme"}, who{role: auth.RolePatient, patient: "ann"}

		charge := func(code string, more string) string {
			return `{'name':'charge','part':[{'name':'code','valueCoding':{'system':'` + cpt + `','code':'` + code + `'}},{'name':'serviceDate','valueDate':'2026-03-02'}` + more + `]}`
		}
		coding := compact(`{'resourceType':'Parameters','parameter':[{'name':'diagnosis','valueCode':'I10'},` + charge("99214", `,{'name':'modifier','valueCode':'25'}`) + `,{'name':'diagnosis','valueCode':'E785'},` + charge("93000", "") + `,` + charge("36415", "") + `]}`)
		for range 2 { // the same coding again changes nothing
			a := w.do(t, coder, "POST", "Encounter/visit/$code", coding).expect(t, 200)
			var names []string
			for p := range a.node(t).Get("parameter").Children() {
				names = append(names, p.Get("name").Text())
				if reference := p.In("valueReference", "reference").Text(); reference != "" {
					w.do(t, coder, "GET", reference, "").expect(t, 200)
				}
			}
			if !slices.Equal(names, []string{"case-state", "charge", "charge", "charge"}) || !a.node(t).Get("resourceType").Is("Parameters") {
				t.Errorf("coded: %s", a.body)
			}
		}
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]

		w.do(t, coder, "POST", "Claim/"+claim+"/$submit", "").expect(t, 403)
		if a := w.do(t, coder, "POST", "Claim/"+claim+"/$validate", `{"resourceType":"Parameters"}`).expect(t, 200); !a.node(t).Get("resourceType").Is("OperationOutcome") {
			t.Error(a.body)
		}
		w.do(t, biller, "POST", "Claim/"+claim+"/$submit", `{"resourceType":"Parameters","parameter":[{"name":"x","valueCode":"y"}]}`).expect(t, 400)
		w.do(t, biller, "POST", "Claim/"+claim+"/$submit", `{"resourceType":"Patient"}`).expect(t, 400)
		w.do(t, biller, "POST", "Claim/"+claim+"/$submit", `{"resourceType":"Parameters"}`, "Content-Type: text/plain").expect(t, 415)
		for range 2 {
			a := w.do(t, biller, "POST", "Claim/"+claim+"/$submit", "").expect(t, 200)
			if stored := w.do(t, biller, "GET", "Claim/"+claim, ""); stored.body != a.body || stored.header.Get("ETag") != a.header.Get("ETag") || !strings.Contains(a.body, `"transmitted"`) {
				t.Errorf("submitted: %s\nstored: %s", a.body, stored.body)
			}
		}
		w.do(t, coder, "POST", "Encounter/visit/$code", coding).expect(t, 409)
		w.do(t, biller, "DELETE", "Claim/"+claim, "").expect(t, 403)
		w.do(t, admin, "DELETE", "Claim/"+claim, "").expect(t, 405)

		first := w.do(t, payer, "POST", "ClaimResponse", payerAnswer(claim, "ICN-1")).expect(t, 201)
		if again := w.do(t, payer, "POST", "ClaimResponse", payerAnswer(claim, "ICN-1")).expect(t, 200); again.id(t) != first.id(t) {
			t.Errorf("the same answer again is %s", again.body)
		}
		w.do(t, payer, "POST", "ClaimResponse", strings.Replace(payerAnswer(claim, "ICN-1"), "80.00", "81.00", 1)).expect(t, 409)

		invoice := w.await(t, "Invoice?patient=Patient/ann&status=issued", 1)[0]
		pay := func(amount string) string {
			return compact(`{'resourceType':'Parameters','parameter':[{'name':'amount','valueMoney':{'value':` + amount + `,'currency':'USD'}},{'name':'method','valueCode':'card'},{'name':'reference','valueString':'ch_1'}]}`)
		}
		w.do(t, ann, "POST", "Invoice/"+invoice+"/$pay", pay("74.00")).expect(t, 400) // no key
		rehearsed := func(as who) string {
			a := w.do(t, as, "POST", "Invoice/"+invoice+"/$pay", pay("74.00"), "Idempotency-Key: k0", "Medbill-Dry-Run: true").expect(t, 200)
			var told []string
			for p := range a.node(t).Get("parameter").Children() {
				told = append(told, p.Get("name").Text()+p.In("resource", "resourceType").Text())
			}
			return strings.Join(told, " ")
		}
		if mine, theirs := rehearsed(ann), rehearsed(biller); mine != "documentInvoice documentPaymentNotice documentPaymentReconciliation" || theirs != mine+" entry entry" {
			t.Errorf("a rehearsed payment tells the patient %q and the biller %q", mine, theirs)
		}
		w.do(t, ann, "POST", "Invoice/"+invoice+"/$pay", pay("74.00"), "Idempotency-Key: \xff\xfe").expect(t, 400)
		w.do(t, ann, "POST", "Invoice/"+invoice+"/$pay", `{"resourceType":"Parameters"}`, "Idempotency-Key: k1").expect(t, 400)
		for range 2 {
			a := w.do(t, ann, "POST", "Invoice/"+invoice+"/$pay", pay("74.00"), "Idempotency-Key: k1").expect(t, 200)
			if stored := w.do(t, ann, "GET", "Invoice/"+invoice, ""); stored.body != a.body || !a.node(t).Get("status").Is("balanced") {
				t.Errorf("paid: %s\nstored: %s", a.body, stored.body)
			}
		}
		w.do(t, ann, "POST", "Invoice/"+invoice+"/$pay", pay("75.00"), "Idempotency-Key: k1").expect(t, 422)
		bob := who{role: auth.RolePatient, patient: "bob"}
		w.do(t, bob, "POST", "Invoice/"+invoice+"/$pay", pay("74.00"), "Idempotency-Key: k2").expect(t, 404)
		w.do(t, biller, "GET", "Invoice/"+invoice+"/$pay", "").expect(t, 405)
	})
}

func TestIssuesOfACodingStandAtItsParameters(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		encounter(t, w, "visit", "ann", "")
		w.await(t, "Task?status=requested", 1)
		code := func(code string) string {
			return `{'name':'code','valueCoding':{'system':'` + cpt + `','code':'` + code + `'}}`
		}
		for _, row := range []struct {
			name, parameters string
			want             []string
		}{
			{
				"diagnoses and charges mixed",
				`{'name':'charge','part':[{'name':'serviceDate','valueDate':'2026-03-02'},` + code("wombat") + `]},{'name':'diagnosis','valueCode':'I10'},{'name':'diagnosis','valueCode':'wombat'}`,
				[]string{"Parameters.parameter[2].value", "Parameters.parameter[0].part[1].value"},
			},
			{
				"a day that is missing",
				`{'name':'diagnosis','valueCode':'I10'},{'name':'charge','part':[` + code("99214") + `]}`,
				[]string{"Parameters.parameter[1]"},
			},
			{
				"modifiers of the code and of the parts",
				`{'name':'diagnosis','valueCode':'I10'},{'name':'charge','part':[` + code("99214-25") + `,{'name':'serviceDate','valueDate':'2026-03-02'},{'name':'modifier','valueCode':'59'},{'name':'modifier','valueCode':'25'}]}`,
				[]string{"Parameters.parameter[1].part[3].value"},
			},
			{
				"pointers",
				`{'name':'diagnosis','valueCode':'I10'},{'name':'charge','part':[` + code("99214") + `,{'name':'pointer','valuePositiveInt':1},{'name':'pointer','valuePositiveInt':1},{'name':'serviceDate','valueDate':'2026-03-02'}]}`,
				[]string{"Parameters.parameter[1].part[2].value"},
			},
			{
				"no diagnosis",
				`{'name':'charge','part':[` + code("99214") + `,{'name':'serviceDate','valueDate':'2026-03-02'}]}`,
				[]string{"Parameters.parameter", "Parameters.parameter[0]"},
			},
		} {
			a := w.do(t, admin, "POST", "Encounter/visit/$code", compact(`{'resourceType':'Parameters','parameter':[`+row.parameters+`]}`)).expect(t, 400)
			var got []string
			for issue := range a.node(t).Get("issue").Children() {
				got = append(got, issue.Get("expression").At(0).Text())
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("%s: %v, want %v: %s", row.name, got, row.want, a.body)
			}
		}
		w.do(t, admin, "POST", "Encounter/visit/$code", `{"resourceType":"Patient"}`).expect(t, 400)
		w.do(t, admin, "POST", "Encounter/nobody/$code", compact(`{'resourceType':'Parameters','parameter':[{'name':'diagnosis','valueCode':'I10'},{'name':'charge','part':[`+code("99214")+`,{'name':'serviceDate','valueDate':'2026-03-02'}]}]}`)).expect(t, 404)
	})
}
