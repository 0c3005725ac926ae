package graph_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// admitted gives an Encounter of three days in hospital without codes.
func admitted(id, patient string) string {
	text := encounter(id, patient, `,"hospitalization":{"dischargeDisposition":{"coding":[{"system":"https://www.nubc.org/CodeSystem/PatDischargeStatus","code":"01"}]}}`)
	text = strings.Replace(text, `"code":"AMB"`, `"code":"IMP"`, 1)
	return strings.Replace(text, `"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-02T15:30:00Z"}`, `"period":{"start":"2026-03-02T14:00:00-05:00","end":"2026-03-05T10:00:00-05:00"}`, 1)
}

// TestACoderSaysWhatAStayWas holds the figures of three days in hospital that nobody but a coder charged, to their answer.
func TestACoderSaysWhatAStayWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		resources := append(append(practice(), person("ann")...), admitted("visit", "ann"))
		for code, price := range map[string]string{"0120": "900.00", "0450": "310.00", "0250": "125.50"} {
			resources = append(resources, `{"resourceType":"ChargeItemDefinition","id":"fee-`+code+`","url":"http://example.org/fee/`+code+`","status":"active","code":{"coding":[{"system":"https://www.nubc.org/CodeSystem/RevenueCodes","code":"`+code+`"}]},"propertyGroup":[{"priceComponent":[{"type":"base","amount":{"value":`+price+`,"currency":"USD"}}]}]}`)
		}
		d.bundle(d.role(auth.RoleAdmin), resources...)
		d.wait("Task", "status=requested", 1)
		coder, biller := d.role(auth.RoleCoder), d.role(auth.RoleBiller)
		charge := func(revenue string, more ...any) map[string]any {
			c := map[string]any{"revenue": revenue, "serviceDate": "2026-03-02"}
			for i := 0; i < len(more); i += 2 {
				c[more[i].(string)] = more[i+1]
			}
			return c
		}
		stay := map[string]any{
			"typeOfBill": "0111", "priority": "1", "pointOfOrigin": "1",
			"diagnosis":   []any{map[string]any{"sequence": 1, "onAdmission": "Y", "package": "195"}},
			"information": []any{map[string]any{"kind": "value", "code": "80", "number": "3"}, map[string]any{"kind": "value", "code": "A2", "amount": map[string]any{"value": "12.50"}}},
			"procedure":   []any{map[string]any{"code": "0BJ08ZZ", "date": "2026-03-03"}},
			"provider":    []any{map[string]any{"role": "operating", "practitioner": "doc"}},
		}
		input := map[string]any{
			"encounter": "visit", "diagnosis": []string{"J189"}, "stay": stay,
			"charge": []any{charge("0120", "units", "3"), charge("0450", "code", "99284"), charge("0250")},
		}
		const code = `mutation($in:CodeEncounterInput!){codeEncounter(input:$in){chargeItems{code{coding{code}} quantity{value} priceOverride{value}}}}`
		for range 2 { // the same coding again changes nothing
			d.says(coder, `{"codeEncounter":{"chargeItems":[{"code":{"coding":[{"code":"0120"}]},"quantity":{"value":"3"},"priceOverride":{"value":"2700.00"}},`+
				`{"code":{"coding":[{"code":"99284"},{"code":"0450"}]},"quantity":{"value":"1"},"priceOverride":{"value":"310.00"}},`+
				`{"code":{"coding":[{"code":"0250"}]},"quantity":{"value":"1"},"priceOverride":{"value":"125.50"}}]}}`, code, "in", input)
		}
		claim := d.only(`claims(filter:{claimState:["ready"]})`)
		d.says(biller, `{"claim":{"type":{"coding":[{"code":"institutional"}]},"subType":{"coding":[{"code":"111"}]},"billablePeriod":{"start":"2026-03-02","end":"2026-03-05"},"total":{"value":"3135.50"},"findings":[],`+
			`"diagnosis":[{"type":[{"coding":[{"code":"principal"}]}],"onAdmission":{"coding":[{"code":"Y"}]},"packageCode":{"coding":[{"code":"195"}]}}],"procedure":[{"date":"2026-03-03","procedureCodeableConcept":{"coding":[{"code":"0BJ08ZZ"}]}}],`+
			`"supportingInfo":[{"category":{"coding":[{"code":"admissionperiod"}]},"code":null,"valueQuantity":null},{"category":{"coding":[{"code":"admtype"}]},"code":{"coding":[{"code":"1"}]},"valueQuantity":null},`+
			`{"category":{"coding":[{"code":"pointoforigin"}]},"code":{"coding":[{"code":"1"}]},"valueQuantity":null},{"category":{"coding":[{"code":"discharge-status"}]},"code":{"coding":[{"code":"01"}]},"valueQuantity":null},`+
			`{"category":{"coding":[{"code":"value"}]},"code":{"coding":[{"code":"80"}]},"valueQuantity":{"value":"3"}},{"category":{"coding":[{"code":"value"}]},"code":{"coding":[{"code":"A2"}]},"valueQuantity":{"value":"12.50"}}],`+
			`"item":[{"revenue":{"coding":[{"code":"0120"}]},"productOrService":{"coding":[{"code":"not-applicable"}]},"net":{"value":"2700.00"}},{"revenue":{"coding":[{"code":"0450"}]},"productOrService":{"coding":[{"code":"99284"}]},"net":{"value":"310.00"}},`+
			`{"revenue":{"coding":[{"code":"0250"}]},"productOrService":{"coding":[{"code":"not-applicable"}]},"net":{"value":"125.50"}}]}}`,
			`query($id:ID!){claim(id:$id){type{coding{code}} subType{coding{code}} billablePeriod{start end} total{value} findings{rule path}
			diagnosis{type{coding{code}} onAdmission{coding{code}} packageCode{coding{code}}} procedure{date procedureCodeableConcept{coding{code}}}
			supportingInfo{category{coding{code}} code{coding{code}} valueQuantity{value}} item{revenue{coding{code}} productOrService{coding{code}} net{value}}}}`, "id", claim)
		d.says(biller, `{"submitClaim":{"claim":{"state":"transmitted"}}}`, `mutation($id:ID!){submitClaim(id:$id){claim{state}}}`, "id", claim)
		d.hears(respond(
			claim, "institutional", "ann", "ICN-"+claim,
			judged(1, "2700.00", "2400.00", "CO", "45", "300.00"), judged(2, "310.00", "200.00", "CO", "45", "10.00", "PR", "1", "100.00"), judged(3, "125.50", "125.50"),
		))
		d.wait("Invoice", "status=issued", 1)
		d.says(biller, `{"claim":{"state":"adjudicated","balance":[{"account":"AR:Insurance","amount":{"value":"0.00"}},{"account":"AR:Patient","amount":{"value":"100.00"}},{"account":"Clearing:ERA","amount":{"value":"2725.50"}},{"account":"Contra:Contractual","amount":{"value":"310.00"}},{"account":"Revenue:Gross","amount":{"value":"-3135.50"}}]}}`,
			`query($id:ID!){claim(id:$id){state balance{account amount{value}}}}`, "id", claim)
	})
}

// TestAStayIsRefusedWhereItIsWrong holds that what a coder says of a stay is told where it stands, and never lost.
func TestAStayIsRefusedWhereItIsWrong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(append(practice(), person("ann")...), admitted("visit", "ann"))...)
		house := []any{map[string]any{"revenue": "0250", "serviceDate": "2026-03-02"}}
		for _, row := range []struct {
			charge []any
			stay   map[string]any
			path   string
		}{
			{house, map[string]any{"typeOfBill": "11"}, "input.stay.typeOfBill"},
			{house, map[string]any{"dischargeStatus": "1"}, "input.stay.dischargeStatus"},
			{house, map[string]any{"diagnosis": []any{map[string]any{"sequence": 2}}}, "input.stay.diagnosis[0].sequence"},
			{house, map[string]any{"diagnosis": []any{map[string]any{"sequence": 1, "onAdmission": "yes"}}}, "input.diagnosis[0]"},
			{house, map[string]any{"procedure": []any{map[string]any{"code": "0BJ0"}}}, "input.stay.procedure[0]"},
			{house, map[string]any{"provider": []any{map[string]any{"role": "nurse", "practitioner": "doc"}}}, "input.stay.provider[0]"},
			{house, map[string]any{"information": []any{map[string]any{"kind": "condition", "code": "999"}}}, "input.stay.information[0]"},
			{[]any{map[string]any{"code": "93000", "serviceDate": "2026-03-02"}}, map[string]any{"typeOfBill": "111"}, "input.stay"},
			{[]any{map[string]any{"revenue": "250", "serviceDate": "2026-03-02"}}, nil, "input.charge[0].revenue"},
		} {
			input := map[string]any{"encounter": "visit", "diagnosis": []string{"J189"}, "charge": row.charge, "stay": row.stay}
			a := d.refuses(d.role(auth.RoleCoder), "BAD_USER_INPUT", `mutation($in:CodeEncounterInput!){codeEncounter(input:$in){encounter{id}}}`, "in", input)
			if issues := a.Errors[0].Extensions.Issues; len(issues) != 1 || issues[0].Path != row.path {
				t.Errorf("%v is refused at %+v, want %s", row.stay, issues, row.path)
			}
		}
	})
}
