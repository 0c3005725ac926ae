package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

const claimDefinition = `{"url":"http://hl7.org/fhir/StructureDefinition/Claim","kind":"resource","type":"Claim","derivation":"specialization","snapshot":{"element":[
	{"path":"Claim"},
	{"path":"Claim.status","type":[{"code":"code"}],"binding":{"strength":"required","valueSet":"http://x/status|4.0.1"}},
	{"path":"Claim.subject","type":[{"code":"Reference","targetProfile":["http://x/Patient","http://x/Group"]}]},
	{"path":"Claim.when[x]","type":[{"code":"date"},{"code":"Period"},{"code":"string"}]},
	{"path":"Claim.dead[x]","type":[{"code":"boolean"},{"code":"date"}]},
	{"path":"Claim.item","type":[{"code":"BackboneElement"}]},
	{"path":"Claim.item.kind","type":[{"code":"code"}]},
	{"path":"Claim.item.note","type":[{"code":"string"}]},
	{"path":"Claim.item.item","contentReference":"#Claim.item"}]}}`

func generate(kind, expression string) (string, error) {
	text, err := parameters(fstest.MapFS{
		"StructureDefinition-Claim.json":     {Data: []byte(claimDefinition)},
		"ValueSet-status.json":               {Data: []byte(`{"url":"http://x/status","compose":{"include":[{"system":"http://x/codes"}]}}`)},
		"CompartmentDefinition-patient.json": {Data: []byte(`{"resource":[{"code":"Claim","param":["p"]},{"code":"Device"}]}`)},
		"SearchParameter-Claim-p.json":       {Data: []byte(`{"id":"Claim-p","code":"p","base":["Claim"],"type":"` + kind + `","expression":"` + expression + `"}`)},
	})
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "Claim p "); found {
			return strings.TrimSuffix(rest, "\n"), err
		}
	}
	return "", err
}

func TestExpressionsCompileToPaths(t *testing.T) {
	for _, row := range []struct{ kind, expression, want string }{
		{"token", "Claim.status", "token - status:code=http://x/codes"},
		{"token", "status", "token - status:code=http://x/codes"},
		{"reference", "Other.x | Claim.subject", "reference Group,Patient subject:Reference"},
		{"reference", "Claim.subject.where(resolve() is Patient)", "reference Patient subject:Reference?Patient"},
		{"date", "Claim.when", "date - whenDate:date whenPeriod:Period"},
		{"date", "(Claim.when as Period)", "date - whenPeriod:Period"},
		{"string", "Claim.when.as(string) | Claim.item.note", "string - whenString:string item.note:string"},
		{"string", "Claim.item.where(kind='x').note", "string - item[kind=x].note:string"},
		{"string", "Claim.item.item.note", "string - item.item.note:string"},
		{"token", "Claim.dead.exists() and Claim.dead != false", "token - :present=deadBoolean,deadDate"},
	} {
		if got, err := generate(row.kind, row.expression); err != nil || got != row.want {
			t.Errorf("%s: got %q, %v; want %q", row.expression, got, err, row.want)
		}
	}
}

func TestWhatIsNotUnderstoodFails(t *testing.T) {
	for _, row := range []struct{ kind, expression string }{
		{"token", ""}, {"token", "Other.status"}, {"token", "Claim.nothing"}, {"token", "Claim.status.first()"}, {"token", "Claim.status[0]"},
		{"token", "Claim.status or Claim.item"}, {"token", "Claim.item.where(kind != 'x')"}, {"date", "Claim.status"}, {"token", "(Claim.status"},
		{"string", "Claim.extension('http://undefined')"}, {"quantity", "Claim.when"}, {"token", "Claim.item.where(other='x').kind"},
	} {
		if got, err := generate(row.kind, row.expression); err == nil {
			t.Errorf("%q as %s gives %q", row.expression, row.kind, got)
		}
	}
}

func TestParametersAreUpToDate(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "medbill", packageSpec, "package")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("skipped: the official package is not unpacked (go generate does it)")
	}
	got, err := parameters(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("..", "..", "fhir", "search", "parameters.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("fhir/search/parameters.txt is stale; run go generate")
	}
}
