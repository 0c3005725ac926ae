package graph_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// TestACoderSeesTheWholeChartInOneRequest holds what a coder needs to decide: the notes, what was measured, what is only suspected, what
// the EHR proposed and why that was not enough, who pays, and how the patient was coded before.
func TestACoderSeesTheWholeChartInOneRequest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		admin, coder := d.role(auth.RoleAdmin), d.role(auth.RoleCoder)
		d.bundle(admin, append(append(practice(), person("ann")...), coded("before", "ann")...)...)
		d.wait("Claim", "claim-state=ready", 1)
		suspected := strings.Replace(`{"resourceType":"Condition","id":"visit-dx","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"verificationStatus":{"coding":[{"code":"STATUS"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"J189"}]}}`, "STATUS", "provisional", 1)
		local := `{"resourceType":"ChargeItem","id":"visit-local","status":"billable","subject":{"reference":"Patient/ann"},"context":{"reference":"Encounter/visit"},"occurrenceDateTime":"2026-03-05","quantity":{"value":1},"code":{"coding":[{"system":"urn:house","code":"X1"}]}}`
		done := `{"resourceType":"Procedure","id":"visit-ecg","status":"completed","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"performedDateTime":"2026-03-05","code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"93000"}]}}`
		visit := strings.ReplaceAll(encounter("visit", "ann"), "2026-03-02", "2026-03-05")
		d.bundle(admin, append(noted("visit", "ann", "Coughs"), visit, suspected, local, done)...)
		d.wait("Task", "status=requested&code=code-visit", 1)
		d.says(coder, `{"chart":{"encounter":{"period":{"start":"2026-03-05T15:00:00Z"},"documents":[{"docStatus":"final","content":[{"text":"Coughs","url":"https://example.org/Coughs"}]}],`+
			`"observations":[{"valueQuantity":null,"valueCodeableConcept":{"text":"Coughs"},"valueString":null},{"valueQuantity":{"value":"9"},"valueCodeableConcept":null,"valueString":null},{"valueQuantity":null,"valueCodeableConcept":null,"valueString":"Coughs"}],`+
			`"conditions":[{"code":{"coding":[{"code":"J189"}]},"isEstablished":false}],"procedures":[{"code":{"coding":[{"code":"93000"}]}}],"case":{"state":"held","diagnosis":[],"workItems":[{"kind":"code-visit"}]}},`+
			`"proposed":{"isUsable":false,"diagnosis":[],"charge":[{"code":"93000","units":"1","serviceDate":"2026-03-05","source":{"__typename":"Procedure","id":"visit-ecg"}}],`+
			`"problems":[{"rule":"charge.local-code","severity":"error","path":"ChargeItem.where(id='visit-local').code"}]},`+
			`"payers":[{"name":"ACME PPO"}],"payersUnclear":null,"earlier":[{"id":"Encounter/before","serviceDate":"2026-03-02","diagnosis":["I10","E785"],"charges":[{"code":{"coding":[{"code":"99214"}]}},{"code":{"coding":[{"code":"93000"}]}},{"code":{"coding":[{"code":"36415"}]}}]}]}}`,
			`{chart(encounter:"visit"){encounter{period{start} documents{docStatus content{text url}} observations{valueQuantity{value} valueCodeableConcept{text} valueString}
			conditions{code{coding{code}} isEstablished} procedures{code{coding{code}}} case{state diagnosis workItems{kind}}}
			proposed{isUsable diagnosis charge{code units serviceDate source{__typename ...on Procedure{id}}} problems{rule severity path}}
			payers{name} payersUnclear earlier{id serviceDate diagnosis charges{code{coding{code}}}}}}`)
		d.refuses(coder, "NOT_FOUND", `{chart(encounter:"nowhere"){id}}`)
		d.refuses(d.role(auth.RoleFrontDesk), "FORBIDDEN", `{chart(encounter:"visit"){id}}`)
	})
}
