package bench

import (
	"fmt"
	"strings"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store/documents"
	"medbill/models"
)

// text pads an Observation to about three kilobytes, the size of a usual clinical document.
var text = strings.Repeat("observed and written down with care; ", 60)

func observation(id, patient string) string {
	member := ""
	if id != "" {
		member = `"id":"` + id + `",`
	}
	return `{"resourceType":"Observation",` + member + `"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"subject":{"reference":"Patient/` + patient +
		`"},"effectiveDateTime":"2026-03-02T09:10:00-08:00","issued":"2026-03-02T17:11:00Z","valueQuantity":{"value":72,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"},"note":[{"text":"` + text + `"}]}`
}

func patient(id string) string {
	return `{"resourceType":"Patient","id":"` + id + `","identifier":[{"system":"https://medbill.dev/bench","value":"` + id + `"}],"name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01","address":[{"line":["1 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]}`
}

// four is a transaction of four new resources that refer to each other.
func four() string {
	resources := []string{
		`{"resourceType":"Patient","name":[{"family":"Canary"}],"gender":"female","birthDate":"1970-01-01"}`,
		`{"resourceType":"Encounter","status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000000"}}`,
		`{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]},"subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000000"},"encounter":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"}}`,
		strings.Replace(observation("", ""), `"Patient/"`, `"urn:uuid:00000000-0000-4000-8000-000000000000"`, 1),
	}
	return posts(resources)
}

// put gives a document as the rows the store would write.
func put(body, id string, updated models.Instant) (documents.Indexed, error) {
	d, err := fhir.Parse([]byte(body))
	if err != nil {
		return documents.Indexed{}, err
	}
	stored := models.Document{Type: d.Type(), ID: id, Version: 1, Updated: updated}
	stored.Body = d.WithIdentity(fhir.Identity{ID: id, Version: 1, Updated: updated.String()})
	return documents.Indexed{Document: stored, Keys: search.Extract(d, nil)}, nil
}

// resourcesOf gives the resources of the entries of a transaction.
func resourcesOf(transaction string) []string {
	d, err := fhir.Parse([]byte(transaction))
	if err != nil {
		panic(err) // it was written in this package
	}
	var bodies []string
	for e := range d.Root().Get("entry").Children() {
		bodies = append(bodies, string(e.Get("resource").Raw()))
	}
	return bodies
}

// seed is a transaction of 27 new resources about one person, of about a kilobyte each, as histories are taken over.
func seed() string {
	const person = "urn:uuid:00000000-0000-4000-8000-000000000000"
	subject := `"subject":{"reference":"` + person + `"}`
	resources := []string{`{"resourceType":"Patient","name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01","address":[{"line":["1 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]}`}
	for i := range seedOfEach {
		on := fmt.Sprintf("2025-0%d-02", i+1)
		resources = append(resources,
			`{"resourceType":"Encounter","status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},`+subject+`,"period":{"start":"`+on+`T09:00:00-08:00"},"type":[{"text":"`+text[:400]+`"}]}`,
			`{"resourceType":"Condition","clinicalStatus":`+coding("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")+`,"code":`+coding(icd, "I10")+`,`+subject+`,"onsetDateTime":"`+on+`","note":[{"text":"`+text[:500]+`"}]}`,
			`{"resourceType":"Procedure","status":"completed","code":`+coding(cpt, "93000")+`,`+subject+`,"performedDateTime":"`+on+`","note":[{"text":"`+text[:500]+`"}]}`,
			strings.Replace(strings.Replace(observation("", ""), text, text[:500], 1), `"Patient/"`, `"`+person+`"`, 1),
			strings.Replace(strings.Replace(observation("", ""), text, text[:500], 1), `"Patient/"`, `"`+person+`"`, 1),
		)
	}
	return posts(append(resources, `{"resourceType":"Coverage","status":"active","subscriberId":"CANARY","beneficiary":{"reference":"`+person+`"},"payor":[{"display":"ACME PPO"}]}`))
}

const (
	seedOfEach    = 5
	seedResources = 1 + 5*seedOfEach + 1
)

// posts is a transaction that creates resources, which name each other by their place.
func posts(resources []string) string {
	entries := make([]string, len(resources))
	for i, r := range resources {
		kind, _, _ := strings.Cut(strings.TrimPrefix(r, `{"resourceType":"`), `"`)
		entries[i] = fmt.Sprintf(`{"fullUrl":"urn:uuid:00000000-0000-4000-8000-%012d","resource":%s,"request":{"method":"POST","url":%q}}`, i, r, kind)
	}
	return bundle(entries...)
}
