package day

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The practice and its payers, with invented people.
const (
	Tenant   = "day"
	Practice = "practice"
	Acme     = "acme" // the payer of every member
	Beta     = "beta" // the payer that comes second
)

const (
	cpt       = "http://www.ama-assn.org/go/cpt"
	npi       = "http://hl7.org/fhir/sid/us-npi"
	ein       = "urn:oid:2.16.840.1.113883.4.4"
	places    = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
	served    = "2026-03-02"
	servedOld = "2025-11-20" // longer ago than a payer takes claims that has a limit
)

// fees are what the practice charges, by code.
var fees = map[string]string{"99214": "250.00", "93000": "60.00", "36415": "15.00", "99212": "90.00", "99203": "180.00", "99213": "150.00"}

// setting is who bills, who pays and what it costs, as resources.
func setting() []string {
	address := `"address":[{"line":["1 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]`
	list := []string{
		`{"resourceType":"Organization","id":"` + Practice + `","active":true,"name":"Zzyzx Road Clinic","identifier":[{"system":"` + npi + `","value":"1234567893"},{"system":"` + ein + `","value":"999999999"}],` + address + `}`,
		`{"resourceType":"Organization","id":"` + Acme + `","active":true,"name":"ACME PPO"}`, `{"resourceType":"Organization","id":"` + Beta + `","active":true,"name":"BETA SUPPLEMENTAL"}`,
		`{"resourceType":"Practitioner","id":"doctor","active":true,"name":[{"family":"Road","given":["Zzyzx"]}],"identifier":[{"system":"` + npi + `","value":"1999999984"}]}`,
		`{"resourceType":"Location","id":"office","status":"active","name":"Office","type":[` + concept(places, "11") + `]}`,
	}
	for _, code := range slices.Sorted(maps.Keys(fees)) {
		list = append(list, fmt.Sprintf(`{"resourceType":"ChargeItemDefinition","id":"fee-%[1]s","url":"https://zzyzx.example/fee/%[1]s","status":"active","code":%[2]s,"effectivePeriod":{"start":"2025-01-01","end":"2026-12-31"},"propertyGroup":[{"priceComponent":[{"type":"base","amount":{"value":%[3]s,"currency":"USD"}}]}]}`,
			code, concept(cpt, code), fees[code]))
	}
	return list
}

func concept(system, code string) string {
	return fmt.Sprintf(`{"coding":[{"system":%q,"code":%q}]}`, system, code)
}

// Visit is a member who is seen: by the payer's number of the member, which says what the payer answers.
type Visit struct {
	Member string   // the form of the number, with %d for which of them it is
	Second string   // the number at BETA; empty: no second plan
	Codes  []string // of the services; nil: the usual three, 325.00
	Old    bool     // the visit was long ago
	Books  string   // the balances in which it ends, as `AR:Patient 74.00 Clearing:ERA 96.00`
	Open   []string // the work that is left for people, as `no-answer`
}

var usualCodes = []string{"99214", "93000", "36415"}

// of gives a form's number of the nth member.
func of(form string, n int) string { return strings.ReplaceAll(form, "%d", fmt.Sprint(n)) }

// id names the records of a member.
func id(member string) string { return strings.ToLower(member) }

// resources are what an EHR pushes of the nth member's visit.
func (v Visit) resources(n int) []string {
	member, day := of(v.Member, n), served
	if v.Old {
		day = servedOld
	}
	codes := v.Codes
	if codes == nil {
		codes = usualCodes
	}
	who := id(member)
	list := []string{
		fmt.Sprintf(`{"resourceType":"Patient","id":%q,"name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01","address":[{"line":["2 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]}`, who),
		coverage(who, Acme, member, 1),
		fmt.Sprintf(`{"resourceType":"Condition","id":"%[1]s-dx","code":%[2]s,"subject":{"reference":"Patient/%[1]s"},"encounter":{"reference":"Encounter/%[1]s"},"recordedDate":%[3]q}`, who, concept("http://hl7.org/fhir/sid/icd-10-cm", "I10"), day),
	}
	if v.Second != "" {
		list = append(list, coverage(who, Beta, of(v.Second, n), 2))
	}
	for _, code := range codes {
		list = append(list, procedure(who, code, day))
	}
	return append(list, fmt.Sprintf(`{"resourceType":"Encounter","id":%[1]q,"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/%[1]s"},"participant":[{"individual":{"reference":"Practitioner/doctor"}}],"period":{"start":"%[2]sT09:00:00-08:00","end":"%[2]sT09:30:00-08:00"},"diagnosis":[{"condition":{"reference":"Condition/%[1]s-dx"},"rank":1}],"location":[{"location":{"reference":"Location/office"}}],"serviceProvider":{"reference":"Organization/practice"}}`, who, day))
}

func coverage(who, payer, number string, order int) string {
	return fmt.Sprintf(`{"resourceType":"Coverage","id":"%[1]s-%[2]s","status":"active","order":%[4]d,"subscriberId":%[3]q,"beneficiary":{"reference":"Patient/%[1]s"},"relationship":%[5]s,"period":{"start":"2025-01-01"},"payor":[{"reference":"Organization/%[2]s"}]}`,
		who, payer, number, order, concept("http://terminology.hl7.org/CodeSystem/subscriber-relationship", "self"))
}

// procedure is what was done at a visit.
func procedure(visit, code, day string) string {
	modifier := ""
	if code == "99214" {
		modifier = `"extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/procedure-modifier","valueCode":"25"}],`
	}
	return fmt.Sprintf(`{"resourceType":"Procedure","id":"%[1]s-%[2]s",%[3]s"status":"completed","code":%[4]s,"subject":{"reference":"Patient/%[1]s"},"encounter":{"reference":"Encounter/%[1]s"},"performedDateTime":%[5]q}`, visit, code, modifier, concept(cpt, code), day)
}

// note is a document of a patient that a payer asks for.
func note(who string) string {
	return fmt.Sprintf(`{"resourceType":"DocumentReference","id":"%[1]s-note","status":"current","subject":{"reference":"Patient/%[1]s"},"content":[{"attachment":{"contentType":"text/plain","data":"Q2FuYXJ5"}}]}`, who)
}

// transaction puts resources under their own ids: sent again, it changes nothing.
func transaction(resources []string) (string, error) {
	entries := make([]string, len(resources))
	for i, r := range resources {
		var head struct{ ResourceType, ID string }
		if err := json.Unmarshal([]byte(r), &head); err != nil {
			return "", err
		}
		entries[i] = fmt.Sprintf(`{"resource":%s,"request":{"method":"PUT","url":"%s/%s"}}`, r, head.ResourceType, head.ID)
	}
	return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`, nil
}
