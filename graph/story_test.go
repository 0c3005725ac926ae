package graph_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

const payTwice = `mutation($in:RecordPaymentInput!){
	a:recordPayment(input:$in,idempotencyKey:"k1"){invoice{status totalNet{value currency} due{value} lines{due{value}}}}
	b:recordPayment(input:$in,idempotencyKey:"k1"){invoice{status payments{amount{value} method reference} account{due{value}}}}}`

// TestAVisitIsFollowedToItsPaidBill holds every figure of the worked example as the office and the patient see it.
func TestAVisitIsFollowedToItsPaidBill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, claim, invoice := billed(t, db)
		biller, patient := d.role(auth.RoleBiller), d.role(auth.RolePatient)
		d.says(biller, `{"claim":{"state":"adjudicated","patient":{"name":[{"family":"Canary","given":["Zzyzx"]}]},"insurer":{"name":"ACME PPO"},"provider":{"name":"Zzyzx Clinic"},`+
			`"diagnosis":[{"sequence":1,"diagnosisCodeableConcept":{"coding":[{"code":"I10"}]}},{"sequence":2,"diagnosisCodeableConcept":{"coding":[{"code":"E785"}]}}],`+
			`"insurance":[{"coverage":{"subscriberId":"CANARY-7781","payor":[{"id":"acme"}]}}],"total":{"value":"325.00","currency":"USD"},"findings":[],`+
			`"item":[{"sequence":1,"productOrService":{"coding":[{"code":"99214"}]},"modifier":[{"coding":[{"code":"25"}]}],"quantity":{"value":"1"},"net":{"value":"250.00"},"encounter":[{"id":"visit"}],"chargeItem":{"status":"billed","modifier":["25"],"priceOverride":{"value":"250.00"}}},`+
			`{"sequence":2,"productOrService":{"coding":[{"code":"93000"}]},"modifier":[],"quantity":{"value":"1"},"net":{"value":"60.00"},"encounter":[{"id":"visit"}],"chargeItem":{"status":"billed","modifier":[],"priceOverride":{"value":"60.00"}}},`+
			`{"sequence":3,"productOrService":{"coding":[{"code":"36415"}]},"modifier":[],"quantity":{"value":"1"},"net":{"value":"15.00"},"encounter":[{"id":"visit"}],"chargeItem":{"status":"billed","modifier":[],"priceOverride":{"value":"15.00"}}}]}}`,
			`query($id:ID!){claim(id:$id){state patient{name{family given}} insurer{name} provider{name}
			diagnosis{sequence diagnosisCodeableConcept{coding{code}}} insurance{coverage{subscriberId payor{id}}} total{value currency} findings{rule}
			item{sequence productOrService{coding{code}} modifier{coding{code}} quantity{value} net{value} encounter{id} chargeItem{status modifier priceOverride{value}}}}}`, "id", claim)
		d.says(biller, `{"claim":{"responses":[{"outcome":"complete","request":{"id":"`+claim+`"},`+
			`"item":[{"itemSequence":1,"adjudication":[{"category":{"coding":[{"code":"submitted"}]},"reason":null,"amount":{"value":"250.00"}},{"category":{"coding":[{"code":"CO"}]},"reason":{"coding":[{"code":"45"}]},"amount":{"value":"100.00"}},{"category":{"coding":[{"code":"PR"}]},"reason":{"coding":[{"code":"1"}]},"amount":{"value":"50.00"}},{"category":{"coding":[{"code":"PR"}]},"reason":{"coding":[{"code":"2"}]},"amount":{"value":"20.00"}},{"category":{"coding":[{"code":"benefit"}]},"reason":null,"amount":{"value":"80.00"}}]},`+
			`{"itemSequence":2,"adjudication":[{"category":{"coding":[{"code":"submitted"}]},"reason":null,"amount":{"value":"60.00"}},{"category":{"coding":[{"code":"CO"}]},"reason":{"coding":[{"code":"45"}]},"amount":{"value":"40.00"}},{"category":{"coding":[{"code":"PR"}]},"reason":{"coding":[{"code":"2"}]},"amount":{"value":"4.00"}},{"category":{"coding":[{"code":"benefit"}]},"reason":null,"amount":{"value":"16.00"}}]},`+
			`{"itemSequence":3,"adjudication":[{"category":{"coding":[{"code":"submitted"}]},"reason":null,"amount":{"value":"15.00"}},{"category":{"coding":[{"code":"CO"}]},"reason":{"coding":[{"code":"97"},{"code":"M15"}]},"amount":{"value":"15.00"}},{"category":{"coding":[{"code":"benefit"}]},"reason":null,"amount":{"value":"0.00"}}]}],`+
			`"answer":{"billed":{"value":"325.00"},"paid":{"value":"96.00"},"review":false,"adjustments":[],"remarks":["N381"],`+
			`"lines":[{"sequence":1,"billed":{"value":"250.00"},"allowed":null,"paid":{"value":"80.00"},"adjustments":[{"groupCode":"CO","reasonCode":"45","remarkCode":null,"amount":{"value":"100.00"}},{"groupCode":"PR","reasonCode":"1","remarkCode":null,"amount":{"value":"50.00"}},{"groupCode":"PR","reasonCode":"2","remarkCode":null,"amount":{"value":"20.00"}}]},`+
			`{"sequence":2,"billed":{"value":"60.00"},"allowed":null,"paid":{"value":"16.00"},"adjustments":[{"groupCode":"CO","reasonCode":"45","remarkCode":null,"amount":{"value":"40.00"}},{"groupCode":"PR","reasonCode":"2","remarkCode":null,"amount":{"value":"4.00"}}]},`+
			`{"sequence":3,"billed":{"value":"15.00"},"allowed":null,"paid":{"value":"0.00"},"adjustments":[{"groupCode":"CO","reasonCode":"97","remarkCode":"M15","amount":{"value":"15.00"}}]}]}}],`+
			`"balance":[{"account":"AR:Insurance","amount":{"value":"0.00"}},{"account":"AR:Patient","amount":{"value":"74.00"}},{"account":"Clearing:ERA","amount":{"value":"96.00"}},{"account":"Contra:Bundled","amount":{"value":"15.00"}},{"account":"Contra:Contractual","amount":{"value":"140.00"}},{"account":"Revenue:Gross","amount":{"value":"-325.00"}}]}}`,
			`query($id:ID!){claim(id:$id){responses{outcome request{id} item{itemSequence adjudication{category{coding{code}} reason{coding{code}} amount{value}}}
			answer{billed{value} paid{value} review adjustments{amount{value}} remarks lines{sequence billed{value} allowed{value} paid{value} adjustments{groupCode reasonCode remarkCode amount{value}}}}}
			balance{account amount{value}}}}`, "id", claim)
		const asked = `{"invoice":{"status":"issued","subject":{"id":"ann"},"encounter":{"id":"visit"},"totalNet":{"value":"74.00"},"due":{"value":"74.00"},"totalGross":{"value":"325.00"},"earlierBalance":{"value":"0.00"},` +
			`"lines":[{"sequence":1,"chargeItem":{"code":{"coding":[{"code":"99214"}]}},"billed":{"value":"250.00"},"adjusted":{"value":"100.00"},"payerPaid":{"value":"80.00"},"deductible":{"value":"50.00"},"coinsurance":{"value":"20.00"},"copay":{"value":"0.00"},"patientPaid":{"value":"0.00"},"due":{"value":"70.00"}},` +
			`{"sequence":2,"chargeItem":{"code":{"coding":[{"code":"93000"}]}},"billed":{"value":"60.00"},"adjusted":{"value":"40.00"},"payerPaid":{"value":"16.00"},"deductible":{"value":"0.00"},"coinsurance":{"value":"4.00"},"copay":{"value":"0.00"},"patientPaid":{"value":"0.00"},"due":{"value":"4.00"}},` +
			`{"sequence":3,"chargeItem":{"code":{"coding":[{"code":"36415"}]}},"billed":{"value":"15.00"},"adjusted":{"value":"15.00"},"payerPaid":{"value":"0.00"},"deductible":{"value":"0.00"},"coinsurance":{"value":"0.00"},"copay":{"value":"0.00"},"patientPaid":{"value":"0.00"},"due":{"value":"0.00"}}],"payments":[]}}`
		const ask = `query($id:ID!){invoice(id:$id){status subject{id} encounter{id} totalNet{value} due{value} totalGross{value} earlierBalance{value}
			lines{sequence chargeItem{code{coding{code}}} billed{value} adjusted{value} payerPaid{value} deductible{value} coinsurance{value} copay{value} patientPaid{value} due{value}} payments{id}}}`
		d.says(biller, asked, ask, "id", invoice)
		d.says(patient, asked, ask, "id", invoice)
		d.says(patient, `{"account":{"subject":{"id":"ann"},"due":{"value":"74.00"},"credit":{"value":"0.00"},"openInvoices":[{"id":"`+invoice+`"}]}}`,
			`{account(patient:"ann"){subject{id} due{value} credit{value} openInvoices{id}}}`)
		payment := map[string]any{"invoice": invoice, "amount": map[string]any{"value": "74.00"}, "method": "card", "reference": "ch_1"}
		d.says(patient, `{"a":{"invoice":{"status":"balanced","totalNet":{"value":"74.00","currency":"USD"},"due":{"value":"0.00"},"lines":[{"due":{"value":"0.00"}},{"due":{"value":"0.00"}},{"due":{"value":"0.00"}}]}},`+
			`"b":{"invoice":{"status":"balanced","payments":[{"amount":{"value":"74.00"},"method":"card","reference":"ch_1"}],"account":{"due":{"value":"0.00"}}}}}`, payTwice, "in", payment)
		payment["amount"] = map[string]any{"value": "73.00"}
		a := d.refuses(patient, "UNPROCESSABLE", `mutation($in:RecordPaymentInput!){recordPayment(input:$in,idempotencyKey:"k1"){invoice{id}}}`, "in", payment)
		if len(a.Errors) != 1 || a.Errors[0].Extensions.Issues[0].Code != "idempotency.key" || a.Errors[0].Extensions.Issues[0].Path != "idempotencyKey" {
			t.Errorf("the key used again says %+v", a.Errors)
		}
		d.says(biller, `{"account":{"due":{"value":"0.00"},"openInvoices":[],"balance":[{"account":"AR:Insurance","amount":{"value":"0.00"}},{"account":"AR:Patient","amount":{"value":"0.00"}},{"account":"Cash:Card-clearing","amount":{"value":"74.00"}},{"account":"Clearing:ERA","amount":{"value":"96.00"}},{"account":"Contra:Bundled","amount":{"value":"15.00"}},{"account":"Contra:Contractual","amount":{"value":"140.00"}},{"account":"Liability:Patient-credits","amount":{"value":"0.00"}},{"account":"Revenue:Gross","amount":{"value":"-325.00"}}]}}`,
			`{account(patient:"ann"){due{value} openInvoices{id} balance{account amount{value}}}}`)
		d.says(biller, `{"claim":{"balance":[{"amount":{"value":"0.00"}},{"amount":{"value":"0.00"}},{"amount":{"value":"96.00"}},{"amount":{"value":"15.00"}},{"amount":{"value":"140.00"}},{"amount":{"value":"-325.00"}}]}}`,
			`query($id:ID!){claim(id:$id){balance{amount{value}}}}`, "id", claim)
		if log := d.log.String(); log != "" {
			t.Errorf("the log says\n%s", log)
		}
	})
}

// TestAVisitWithoutCodesWaitsForACoder holds the way of a visit over the coder's desk.
func TestAVisitWithoutCodesWaitsForACoder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(append(practice(), person("ann")...), encounter("visit", "ann"))...)
		d.wait("Task", "status=requested", 1)
		coder := d.role(auth.RoleCoder)
		d.says(coder, `{"workItems":{"totalCount":1,"nodes":[{"kind":"code-visit","status":"requested","description":"The visit came without usable diagnosis and service codes; choose them.","patient":{"id":"ann"},"subject":{"__typename":"Encounter","id":"visit","period":{"start":"2026-03-02T15:00:00Z"}}}]}}`,
			`{workItems(filter:{kind:["code-visit"]}){totalCount nodes{kind status description patient{id} subject{__typename ...on Encounter{id period{start}}}}}}`)
		d.says(coder, `{"workItems":{"nodes":[]}}`, `{workItems(filter:{kind:["price-service"]}){nodes{kind}}}`)
		const code = `mutation($in:CodeEncounterInput!){codeEncounter(input:$in){encounter{id} chargeItems{code{coding{code}} modifier priceOverride{value}}}}`
		charge := func(code string, more ...any) map[string]any {
			c := map[string]any{"code": code, "serviceDate": "2026-03-02"}
			for i := 0; i < len(more); i += 2 {
				c[more[i].(string)] = more[i+1]
			}
			return c
		}
		input := map[string]any{"encounter": "visit", "diagnosis": []string{"I10", "hypertension"}, "charge": []any{charge("99214", "modifier", []string{"25"}), charge("9300", "diagnosisSequence", []int{3})}}
		a := d.refuses(coder, "BAD_USER_INPUT", code, "in", input)
		var paths []string
		for _, issue := range a.Errors[0].Extensions.Issues {
			paths = append(paths, issue.Path)
		}
		if got, want := strings.Join(paths, " "), "input.diagnosis[1] input.charge[1].code input.charge[1].diagnosisSequence[0]"; got != want {
			t.Errorf("the refusal is at %s, want %s", got, want)
		}
		for _, units := range []any{"0", "-1", "half", 2.5, "0.0005"} {
			input["charge"] = []any{charge("99214", "units", units)}
			input["diagnosis"] = []string{"I10"}
			if a := d.refuses(coder, "BAD_USER_INPUT", code, "in", input); a.Errors[0].Extensions.Issues[0].Path != "input.charge[0].units" {
				t.Errorf("%v units are refused at %s", units, a.Errors[0].Extensions.Issues[0].Path)
			}
		}
		input["diagnosis"] = []string{"I10", "E785"}
		input["charge"] = []any{charge("99214", "modifier", []string{"25"}, "units", 1), charge("93000", "diagnosisSequence", []int{1}, "units", "1.0"), charge("36415")}
		for range 2 { // the same coding again changes nothing
			d.says(coder, `{"codeEncounter":{"encounter":{"id":"visit"},"chargeItems":[{"code":{"coding":[{"code":"99214"}]},"modifier":["25"],"priceOverride":{"value":"250.00"}},{"code":{"coding":[{"code":"93000"}]},"modifier":[],"priceOverride":{"value":"60.00"}},{"code":{"coding":[{"code":"36415"}]},"modifier":[],"priceOverride":{"value":"15.00"}}]}}`, code, "in", input)
		}
		d.wait("Claim", "claim-state=ready", 1)
		d.says(coder, `{"workItems":{"totalCount":0,"nodes":[]},"encounter":{"chargeItems":[{"status":"billed"},{"status":"billed"},{"status":"billed"}],"claims":[{"state":"ready","item":[{"diagnosisSequence":[1,2]},{"diagnosisSequence":[1]},{"diagnosisSequence":[1,2]}]}],"conditions":[],"procedures":[]}}`,
			`{workItems{totalCount nodes{id}} encounter(id:"visit"){chargeItems{status} claims{state item{diagnosisSequence}} conditions{id} procedures{id}}}`)
	})
}

// TestFindingsHoldAClaimAndTellWhy holds that a refused submission names what the rules noticed, as findings does.
func TestFindingsHoldAClaimAndTellWhy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		for _, r := range [][]string{practice(), person("ann"), {`{"resourceType":"Practitioner","id":"doc","name":[{"family":"Canary"}]}`}, coded("visit", "ann")} {
			d.bundle(d.role(auth.RoleAdmin), r...)
		}
		d.wait("Claim", "claim-state=held", 1)
		claim, biller := d.only("claims"), d.role(auth.RoleBiller)
		d.says(biller, `{"claim":{"findings":[{"rule":"scrub.required","path":"Claim.careTeam[0].provider","severity":"error"}]}}`, `query($id:ID!){claim(id:$id){findings{rule path severity}}}`, "id", claim)
		a := d.refuses(biller, "UNPROCESSABLE", `mutation($id:ID!){submitClaim(id:$id){claim{state}}}`, "id", claim)
		if len(a.Errors[0].Extensions.Issues) == 0 || a.Errors[0].Extensions.Issues[0].Code != "scrub.required" {
			t.Errorf("the refusal says %+v", a.Errors)
		}
		d.says(biller, `{"workItems":{"nodes":[{"kind":"correct-claim","subject":{"id":"`+claim+`","state":"held"}}]}}`, `{workItems{nodes{kind subject{...on Claim{id state}}}}}`)
	})
}
