package bench

import (
	"fmt"
	"strings"
)

// What a practice bills in the benchmark, with invented people. Codes are numbers only.
const (
	cpt     = "http://www.ama-assn.org/go/cpt"
	icd     = "http://hl7.org/fhir/sid/icd-10-cm"
	npi     = "http://hl7.org/fhir/sid/us-npi"
	day     = "2026-03-02"
	payerID = "bench-payer"
)

// service is a line of a visit with what the payer makes of it.
type service struct {
	code, extension, price, paid string
	takenOff                     [][3]string // group, reason, amount
}

// services are the three lines of every visit: 325.00 billed, 96.00 paid by the payer and 74.00 by the patient.
var services = []service{
	{
		code: "99214", extension: `"extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/procedure-modifier","valueCode":"25"}],`,
		price: "250.00", paid: "80.00", takenOff: [][3]string{{"CO", "45", "100.00"}, {"PR", "1", "50.00"}, {"PR", "2", "20.00"}},
	},
	{code: "93000", price: "60.00", paid: "16.00", takenOff: [][3]string{{"CO", "45", "40.00"}, {"PR", "2", "4.00"}}},
	{code: "36415", price: "15.00", paid: "0.00", takenOff: [][3]string{{"CO", "97", "15.00"}}},
}

// entry is a resource that a transaction puts under its own id.
func entry(typ, id, rest string) string {
	return fmt.Sprintf(`{"resource":{"resourceType":%q,"id":%q,%s},"request":{"method":"PUT","url":"%s/%s"}}`, typ, id, rest, typ, id)
}

func bundle(entries ...string) string {
	return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
}

func coding(system, code string) string {
	return `{"coding":[{"system":"` + system + `","code":"` + code + `"}]}`
}

func usd(amount string) string { return `{"value":` + amount + `,"currency":"USD"}` }

// practice is what a claim needs around it.
func practice() string {
	entries := []string{
		entry("Organization", "bench-practice", `"name":"Zzyzx Clinic","identifier":[{"system":"`+npi+`","value":"1234567893"}]`),
		entry("Organization", payerID, `"name":"ACME PPO"`),
		entry("Practitioner", "bench-doctor", `"name":[{"family":"Road"}],"identifier":[{"system":"`+npi+`","value":"1999999984"}]`),
	}
	for _, s := range services {
		entries = append(entries, entry("ChargeItemDefinition", "bench-fee-"+s.code,
			`"url":"https://medbill.dev/bench/fee/`+s.code+`","status":"active","code":`+coding(cpt, s.code)+`,"propertyGroup":[{"priceComponent":[{"type":"base","amount":`+usd(s.price)+`}]}]`))
	}
	return bundle(entries...)
}

// visit is a finished visit of three services with its patient, as the record system pushes it: eight resources under one id.
func visit(id string) string { return bundle(append(registration(id), chart(id, id, day)...)...) }

// registration is a patient with a plan.
func registration(id string) []string {
	person, _ := strings.CutPrefix(patient(id), `{"resourceType":"Patient","id":"`+id+`",`)
	return []string{
		entry("Patient", id, strings.TrimSuffix(person, "}")),
		entry("Coverage", id, `"status":"active","subscriberId":"CANARY","beneficiary":{"reference":"Patient/`+id+`"},"payor":[{"reference":"Organization/`+payerID+`"}]`),
	}
}

// chart is a finished visit of a patient on a day: two diagnoses and three procedures.
func chart(id, patient, day string) []string {
	who, where := `{"reference":"Patient/`+patient+`"}`, `{"reference":"Encounter/`+id+`"}`
	entries := []string{entry("Encounter", id, finished(patient, day))}
	for i, code := range []string{"I10", "E785"} {
		entries = append(entries, entry("Condition", fmt.Sprintf("%s-%d", id, i+1), `"code":`+coding(icd, code)+`,"subject":`+who+`,"encounter":`+where))
	}
	for i, s := range services {
		entries = append(entries, entry("Procedure", fmt.Sprintf("%s-%d", id, i+1),
			s.extension+`"status":"completed","code":`+coding(cpt, s.code)+`,"subject":`+who+`,"encounter":`+where+`,"performedDateTime":"`+day+`"`))
	}
	return entries
}

// finished is what an Encounter of a patient says when it is over.
func finished(patient, day string) string {
	return `"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/` + patient +
		`"},"participant":[{"individual":{"reference":"Practitioner/bench-doctor"}}],"period":{"start":"` + day + `","end":"` + day + `"},"serviceProvider":{"reference":"Organization/bench-practice"}`
}

const (
	adjudication = "http://terminology.hl7.org/CodeSystem/adjudication"
	groupCodes   = "https://x12.org/codes/claim-adjustment-group-codes"
	reasonCodes  = "https://x12.org/codes/claim-adjustment-reason-codes"
	claimType    = "http://terminology.hl7.org/CodeSystem/claim-type"
)

// answer is what the payer makes of a claim of a patient, a reference.
func answer(claim, patient string) string {
	items := make([]string, len(services))
	for i, s := range services {
		parts := []string{
			`{"category":` + coding(adjudication, "submitted") + `,"amount":` + usd(s.price) + `}`,
			`{"category":` + coding(adjudication, "benefit") + `,"amount":` + usd(s.paid) + `}`,
		}
		for _, t := range s.takenOff {
			parts = append(parts, `{"category":`+coding(groupCodes, t[0])+`,"reason":`+coding(reasonCodes, t[1])+`,"amount":`+usd(t[2])+`}`)
		}
		items[i] = fmt.Sprintf(`{"itemSequence":%d,"adjudication":[%s]}`, i+1, strings.Join(parts, ","))
	}
	return `{"resourceType":"ClaimResponse","identifier":[{"system":"https://medbill.dev/bench/icn","value":"` + claim + `"}],"status":"active","type":` + coding(claimType, "professional") +
		`,"use":"claim","patient":{"reference":"` + patient + `"},"created":"2026-03-20","insurer":{"reference":"Organization/` + payerID + `"},"request":{"reference":"Claim/` + claim +
		`"},"outcome":"complete","item":[` + strings.Join(items, ",") + `]}`
}

// payment is what the patient of a visit hands over: all that is due.
func payment(reference string) string {
	return `{"resourceType":"Parameters","parameter":[{"name":"amount","valueMoney":` + usd("74.00") + `},{"name":"method","valueCode":"card"},{"name":"reference","valueString":"` + reference + `"}]}`
}
