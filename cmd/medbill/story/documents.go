package story

import (
	"fmt"
	"strings"
)

// The practice and the visit, with invented people. Codes are numbers only. The figures are one office visit (250.00), one
// electrocardiogram (60.00) and one blood draw (15.00).
const (
	cpt   = "http://www.ama-assn.org/go/cpt"
	icd   = "http://hl7.org/fhir/sid/icd-10-cm"
	npi   = "http://hl7.org/fhir/sid/us-npi"
	day   = "2026-03-02"
	ourID = "https://medbill.dev/demo"
)

// service is a line of the visit.
type service struct{ code, modifier, price string }

var services = []service{{code: "99214", modifier: "25", price: "250.00"}, {code: "93000", price: "60.00"}, {code: "36415", price: "15.00"}}

// entry is a resource that a transaction puts under its own id: sent again, it changes nothing.
func entry(resourceType, id, rest string) string {
	return fmt.Sprintf(`{"fullUrl":%q,"resource":{"resourceType":%q,"id":%q,%s},"request":{"method":"PUT","url":"%s/%s"}}`,
		ourID+"/"+resourceType+"/"+id, resourceType, id, rest, resourceType, id)
}

func transaction(entries ...string) string {
	return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
}

func coding(system, code string) string {
	return fmt.Sprintf(`{"coding":[{"system":%q,"code":%q}]}`, system, code)
}

// practice is who bills, who did it, who pays and what it costs.
func practice() string {
	entries := []string{
		entry("Organization", "demo-practice", `"active":true,"name":"Zzyzx Road Clinic","identifier":[{"system":"`+npi+`","value":"1234567893"}],"address":[{"line":["1 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]`),
		entry("Organization", "demo-acme", `"active":true,"name":"ACME PPO","identifier":[{"system":"`+ourID+`/payer","value":"ACME1"}]`),
		entry("Organization", "demo-beta", `"active":true,"name":"BETA SUPPLEMENTAL","identifier":[{"system":"`+ourID+`/payer","value":"BETA1"}]`),
		entry("Practitioner", "demo-doctor", `"active":true,"name":[{"family":"Road","given":["Zzyzx"]}],"identifier":[{"system":"`+npi+`","value":"1999999984"}]`),
		entry("Practitioner", "demo-nurse", `"active":true,"name":[{"family":"Gate","given":["Zzyzx"]}]`),
		entry("Location", "demo-office", `"status":"active","name":"Office","type":[`+coding("https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set", "11")+`]`),
	}
	for _, s := range services {
		entries = append(entries, entry("ChargeItemDefinition", "demo-fee-"+s.code,
			`"url":"`+ourID+`/fee/`+s.code+`","status":"active","code":`+coding(cpt, s.code)+`,"effectivePeriod":{"start":"2026-01-01","end":"2026-12-31"},"propertyGroup":[{"priceComponent":[{"type":"base","amount":{"value":`+s.price+`,"currency":"USD"}}]}]`))
	}
	return transaction(entries...)
}

const (
	patientRef = `{"reference":"Patient/demo-ann"}`
	visitRef   = `{"reference":"Encounter/demo-visit"}`
)

// visit is what an EHR pushes when the doctor signs.
func visit() string {
	entries := []string{
		entry("Patient", "demo-ann", `"name":[{"family":"Doe","given":["Ann"]}],"gender":"female","birthDate":"1970-01-01","address":[{"line":["2 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]`),
		entry("Coverage", "demo-coverage", `"status":"active","order":1,"subscriberId":"CANARY-7781","beneficiary":`+patientRef+`,"relationship":`+coding("http://terminology.hl7.org/CodeSystem/subscriber-relationship", "self")+`,"period":{"start":"2026-01-01"},"payor":[{"reference":"Organization/demo-acme"}]`),
		entry("Encounter", "demo-visit", `"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":`+patientRef+
			`,"participant":[{"individual":{"reference":"Practitioner/demo-doctor"}}],"period":{"start":"`+day+`T09:00:00-08:00","end":"`+day+`T09:30:00-08:00"},"diagnosis":[{"condition":{"reference":"Condition/demo-dx-1"},"rank":1},{"condition":{"reference":"Condition/demo-dx-2"},"rank":2}],"location":[{"location":{"reference":"Location/demo-office"}}],"serviceProvider":{"reference":"Organization/demo-practice"}`),
	}
	for i, code := range []string{"I10", "E785"} {
		entries = append(entries, entry("Condition", fmt.Sprintf("demo-dx-%d", i+1), `"code":`+coding(icd, code)+`,"subject":`+patientRef+`,"encounter":`+visitRef+`,"recordedDate":"`+day+`"`))
	}
	for i, s := range services {
		extension := ""
		if s.modifier != "" {
			extension = `"extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/procedure-modifier","valueCode":"` + s.modifier + `"}],`
		}
		entries = append(entries, entry("Procedure", fmt.Sprintf("demo-procedure-%d", i+1), extension+`"status":"completed","code":`+coding(cpt, s.code)+`,"subject":`+patientRef+`,"encounter":`+visitRef+`,"performedDateTime":"`+day+`"`))
	}
	return transaction(entries...)
}

func usd(amount string) string { return `{"value":` + amount + `,"currency":"USD"}` }

// payment is what the patient hands over.
func payment() string {
	return `{"resourceType":"Parameters","parameter":[{"name":"amount","valueMoney":` + usd("74.00") + `},{"name":"method","valueCode":"card"},{"name":"reference","valueString":"ch_demo"}]}`
}
