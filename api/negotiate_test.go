package api

import (
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/models"
)

func FuzzAcceptChoosesOneOfOurs(f *testing.F) {
	for _, seed := range []string{"", "*/*", "application/json;q=0.5, application/fhir+json", "application/fhir+json; fhirVersion=4.0", "application/pdf, */*;q=0.1", "text/html,;q=,a/b;q=NaN", `a/b;x="`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if media, ok := acceptable(header, mediaPDF, mediaFHIR, mediaJSON); ok != (media == mediaPDF || media == mediaFHIR || media == mediaJSON) || !ok && media != "" {
			t.Errorf("%q is answered with %q, %v, where a PDF is offered", header, media, ok)
		}
		media, ok := acceptable(header, mediaFHIR, mediaJSON)
		if ok != (media == mediaFHIR || media == mediaJSON) || !ok && media != "" {
			t.Errorf("%q is answered with %q, %v", header, media, ok)
		}
	})
}

func FuzzPathsOfACodingStayInTheParameters(f *testing.F) {
	sent, err := fhir.Parse([]byte(`{"resourceType":"Parameters","parameter":[{"name":"diagnosis","valueCode":"I10"},{"name":"charge","part":[{"name":"code"},{"name":"modifier"}]}]}`))
	if err != nil {
		f.Fatal(err)
	}
	said := models.Coding{Diagnoses: []models.Diagnosis{{}}, Services: []models.Service{{Modifiers: models.Codes{"25", "59"}}}}
	for _, seed := range []string{"diagnosis[0]", "service[0].modifier[1]", "service[9].code", "service[0].modifier[0]", "service[-1].x", "Encounter.status", "service", "service[99999999999999999999]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		list, _, _ := strings.Cut(path, ".")
		list, _, _ = strings.Cut(strings.TrimSuffix(list, "]"), "[")
		got := parameterPath(sent, said, path)
		if ours := list == "diagnosis" || list == "service"; ours != strings.HasPrefix(got, "Parameters.parameter") && got != path {
			t.Errorf("%q became %q", path, got)
		}
	})
}
