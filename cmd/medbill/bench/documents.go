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
	entries := make([]string, len(resources))
	for i, r := range resources {
		kind, _, _ := strings.Cut(strings.TrimPrefix(r, `{"resourceType":"`), `"`)
		entries[i] = fmt.Sprintf(`{"fullUrl":"urn:uuid:00000000-0000-4000-8000-00000000000%d","resource":%s,"request":{"method":"POST","url":%q}}`, i, r, kind)
	}
	return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
}

// put gives a document as the rows the store would write.
func put(body, id string) (documents.Indexed, error) {
	d, err := fhir.Parse([]byte(body))
	if err != nil {
		return documents.Indexed{}, err
	}
	stored := models.Document{Type: d.Type(), ID: id, Version: 1}
	stored.Body = d.WithIdentity(fhir.Identity{ID: id, Version: 1, Updated: stored.Updated.String()})
	return documents.Indexed{Document: stored, Keys: search.Extract(d, nil)}, nil
}
