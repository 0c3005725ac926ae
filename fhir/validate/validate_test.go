package validate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"medbill/fhir"
	"medbill/fhir/validate"
)

func issuesIn(t testing.TB, src string) string {
	t.Helper()
	d, err := fhir.Parse([]byte(src))
	if err != nil {
		t.Fatalf("Parse(%s): %v", src, err)
	}
	return places(validate.Resource(d))
}

func TestStructureIsHeld(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"good", `{"resourceType":"Patient","id":"p","name":[{"family":"Canary","given":["Zzyzx"]}],"active":true}`, ""},
		{"not an object", `[]`, "structure at "},
		{"no type", `{"id":"x"}`, "required at resourceType"},
		{"type is no string", `{"resourceType":7}`, "required at resourceType"},
		{"unknown type", `{"resourceType":"Patiant"}`, "structure at resourceType"},
		{"abstract type", `{"resourceType":"DomainResource"}`, "structure at resourceType"},
		{"data type as a resource", `{"resourceType":"Money"}`, "structure at resourceType"},
		{"unknown element", `{"resourceType":"Patient","foo":1,"name":[{"bar":{}}]}`, "structure at Patient.foo; structure at Patient.name[0].bar"},
		{"unknown element whose name may be data", `{"resourceType":"Patient","Zzyzx Canary":1,"` + strings.Repeat("a", 41) + `":1,"":1,"é":1}`,
			"structure at Patient; structure at Patient; structure at Patient; structure at Patient"},
		{"resourceType inside", `{"resourceType":"Patient","name":[{"resourceType":"HumanName"}]}`, "structure at Patient.name[0].resourceType"},
		{"underscore before a complex element", `{"resourceType":"Patient","_name":{"id":"x"}}`, "structure at Patient._name"},
		{"single where a list is due", `{"resourceType":"Patient","name":{"family":1}}`, "structure at Patient.name; structure at Patient.name.family"},
		{"list where one is due", `{"resourceType":"Patient","birthDate":["2000-01-01","x"]}`, "structure at Patient.birthDate; value at Patient.birthDate[1]"},
		{"object for a primitive", `{"resourceType":"Patient","birthDate":{}}`, "structure at Patient.birthDate"},
		{"primitive for an object", `{"resourceType":"Patient","name":["x"],"maritalStatus":"M"}`, "structure at Patient.name[0]; structure at Patient.maritalStatus"},
		{"string for a boolean", `{"resourceType":"Patient","active":"true"}`, "structure at Patient.active"},
		{"number for a string", `{"resourceType":"Patient","name":[{"family":7}]}`, "structure at Patient.name[0].family"},
		{"string for a number", `{"resourceType":"Patient","multipleBirthInteger":"2"}`, "structure at Patient.multipleBirth"},
		{"null", `{"resourceType":"Patient","active":null,"name":[null],"gender":null}`, "structure at Patient.active; structure at Patient.name[0]; structure at Patient.gender"},
		{"empty object, array, string", `{"resourceType":"Patient","name":[{}],"telecom":[],"contact":[{"name":{"family":""}}]}`,
			"structure at Patient.name[0]; structure at Patient.telecom; value at Patient.contact[0].name.family"},
		{"list in a list", `{"resourceType":"Patient","name":[[{"family":"x"}]]}`, "structure at Patient.name[0]"},
		{"missing", `{"resourceType":"Coverage","payor":[{"reference":"Patient/1"}]}`, "required at Coverage.status; required at Coverage.beneficiary"},
		{"missing deep inside", `{"resourceType":"Claim","status":"active","type":{"text":"x"},"use":"claim","patient":{"reference":"Patient/1"},"created":"2026-01-01",
			"provider":{"display":"x"},"priority":{"text":"x"},"insurance":[{"sequence":1,"focal":true,"coverage":{"display":"x"}},{"focal":true,"coverage":{"display":"x"}}],
			"item":[{"sequence":1,"detail":[{"sequence":1}]}]}`,
			"required at Claim.insurance[1].sequence; required at Claim.item[0].detail[0].productOrService; required at Claim.item[0].productOrService"},
		{"present by its extension", `{"resourceType":"Observation","_status":{"extension":[{"url":"u","valueCode":"unknown"}]},"code":{"text":"x"}}`, ""},
		{"missing choice", `{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"display":"x"}}`, "required at MedicationRequest.medication"},
		{"choice taken twice", `{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"x","valueInteger":1}`, "structure at Observation.value"},
		{"choice beside itself", `{"resourceType":"Observation","status":"final","code":{"text":"x"},"_valueString":{"id":"x"},"valueString":"x"}`, ""},
		{"choice taken twice, once by an extension", `{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"x","_valueDateTime":{"id":"x"}}`, "structure at Observation.value"},
		{"choice of a type it may not be", `{"resourceType":"Patient","deceasedString":"no"}`, "structure at Patient.deceasedString"},
		{"escaped name", `{"resourceType":"Patient","birth\u0044ate":"x"}`, "value at Patient.birthDate"},
		{"content reference", `{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b","part":[{"foo":1}]}]}]}`,
			"structure at Parameters.parameter[0].part[0].part[0].foo; required at Parameters.parameter[0].part[0].part[0].name"},
	} {
		if got := issuesIn(t, c.src); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestNullsStandOnlyBesideExtensions(t *testing.T) {
	for _, c := range []struct{ name, given, want string }{
		{"null with extension", `"given":["a",null],"_given":[null,{"extension":[{"url":"u","valueCode":"x"}]}]`, ""},
		{"null alone", `"given":["a",null]`, "structure at Patient.name[0].given[1]"},
		{"null twice", `"given":["a",null],"_given":[{"id":"x"},null]`, "structure at Patient.name[0].given[1]"},
		{"extensions alone", `"_given":[{"id":"x"}]`, ""},
		{"null alone beside", `"_given":[null,{"id":"x"}]`, "structure at Patient.name[0].given[0]"},
		{"more extensions than values", `"given":["a"],"_given":[null,{"id":"x"}]`, "structure at Patient.name[0].given"},
		{"fewer extensions than values", `"given":["a","b"],"_given":[{"id":"x"}]`, "structure at Patient.name[0].given"},
		{"no list beside a list", `"given":["a"],"_given":{"id":"x"}`, "structure at Patient.name[0].given"},
		{"empty list beside", `"given":["a"],"_given":[]`, "structure at Patient.name[0].given"},
		{"empty list", `"given":[]`, "structure at Patient.name[0].given"},
		{"list beside one", `"family":"a","_family":[{"id":"x"}]`, "structure at Patient.name[0].family"},
		{"null beside one", `"family":"a","_family":null`, "structure at Patient.name[0].family"},
		{"empty object beside", `"family":"a","_family":{}`, "structure at Patient.name[0].family"},
		{"unknown beside", `"family":"a","_family":{"value":"x"}`, "structure at Patient.name[0].family.value"},
		{"bad extension beside", `"given":["a"],"_given":[{"extension":[{"valueCode":"x"}]}]`, "required at Patient.name[0].given[0].extension[0].url"},
	} {
		if got := issuesIn(t, `{"resourceType":"Patient","name":[{`+c.given+`}]}`); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestRequiredCodesAreHeld(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"known", `{"resourceType":"Patient","gender":"female"}`, ""},
		{"unknown", `{"resourceType":"Patient","gender":"Female"}`, "code-invalid at Patient.gender"},
		{"escaped", `{"resourceType":"Patient","gender":"f\u0065male"}`, ""},
		{"inside an extension", `{"resourceType":"Patient","extension":[{"url":"u","valueIdentifier":{"use":"x"}}]}`, "code-invalid at Patient.extension[0].value.use"},
		{"no code at all", `{"resourceType":"Patient","gender":" male"}`, "value at Patient.gender"},
		{"inherited binding", `{"resourceType":"Condition","subject":{"display":"x"},"onsetAge":{"value":1,"comparator":"="}}`, "code-invalid at Condition.onset.comparator"},
		{"currency by syntax", `{"resourceType":"Account","status":"active","extension":[{"url":"u","valueMoney":{"value":1.00,"currency":"ZZZ"}}]}`, ""},
		{"UCUM by syntax", `{"resourceType":"Basic","code":{"text":"x"},"extension":[{"url":"u","valueQuantity":{"value":1,"code":"furlong"}}]}`, ""},
		{"MIME type by syntax", `{"resourceType":"Binary","contentType":"application/x-zzyzx"}`, ""},
	} {
		if got := issuesIn(t, c.src); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestExtensionsReferencesAndContainedAreHeld(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"extension with a value", `{"resourceType":"Patient","extension":[{"url":"u","valueString":"x"}]}`, ""},
		{"extension with extensions", `{"resourceType":"Patient","extension":[{"url":"u","extension":[{"url":"v","valueBoolean":false}]}]}`, ""},
		{"extension without url", `{"resourceType":"Patient","extension":[{"valueString":"x"}]}`, "required at Patient.extension[0].url"},
		{"extension with neither", `{"resourceType":"Patient","modifierExtension":[{"url":"u"}]}`, "invalid at Patient.modifierExtension[0]"},
		{"extension with both", `{"resourceType":"Patient","extension":[{"url":"u","valueString":"x","extension":[{"url":"v","valueCode":"y"}]}]}`, "invalid at Patient.extension[0]"},
		{"extension with two values", `{"resourceType":"Patient","extension":[{"url":"u","valueString":"x","valueCode":"y"}]}`, "structure at Patient.extension[0].value"},
		{"contained is there", `{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#o"}}`, ""},
		{"contained is not there", `{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#p"},"generalPractitioner":[{"reference":"#o"}]}`,
			"invalid at Patient.managingOrganization.reference"},
		{"contained names its sibling and its container", `{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","partOf":{"reference":"#q"}},{"resourceType":"Organization","id":"q","partOf":{"reference":"#"}}]}`, ""},
		{"contained names nothing", `{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","partOf":{"reference":"#q"}}]}`, "invalid at Patient.contained[0].partOf.reference"},
		{"contained in contained", `{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","contained":[{"resourceType":"Basic"}]}]}`,
			"invalid at Patient.contained[0].contained; required at Patient.contained[0].contained[0].code"},
		{"contained without a type", `{"resourceType":"Patient","contained":[{"id":"o"},7]}`, "required at Patient.contained[0].resourceType; structure at Patient.contained[1]"},
		{"issue in a Bundle", `{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Patient","name":[{"family":""}],"managingOrganization":{"reference":"#o"}}}]}`,
			"value at Bundle.entry[1].resource.name[0].family; invalid at Bundle.entry[1].resource.managingOrganization.reference"},
		{"contained resources of one entry do not serve another", `{"resourceType":"Bundle","type":"collection","entry":[
			{"resource":{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"}}},
			{"resource":{"resourceType":"Patient","managingOrganization":{"reference":"#o"}}}]}`, "invalid at Bundle.entry[1].resource.managingOrganization.reference"},
		{"unknown type in a Bundle", `{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Foo"}}]}`, "structure at Bundle.entry[0].resource.resourceType"},
	} {
		if got := issuesIn(t, c.src); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestResourceInsideABundleKeepsItsPath(t *testing.T) {
	d, err := fhir.Parse([]byte(`{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","foo":1,"name":[{"given":["a",""]}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	got := places(validate.Node(d.Root().Get("entry").At(0).Get("resource"), "Bundle.entry[0].resource"))
	if want := "structure at Bundle.entry[0].resource.foo; value at Bundle.entry[0].resource.name[0].given[1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := places(validate.Node(fhir.Node{}, "Bundle.entry[1].resource")); got != "structure at Bundle.entry[1].resource" {
		t.Errorf("absent: got %s", got)
	}
}

func TestTextsHoldNoValues(t *testing.T) {
	const canary = "CANARY-7781"
	src := `{"resourceType":"Patient","CANARY-7781":1,"gender":"CANARY-7781","birthDate":"CANARY-7781","active":"CANARY-7781","name":{"family":["CANARY-7781"]},
		"id":"CANARY-7781 ","managingOrganization":{"reference":"#CANARY-7781"},"text":{"status":"generated","div":"<div><script>CANARY-7781</script></div>"},
		"contained":[{"resourceType":"CANARY-7781"}],"communication":[{"CANARY-7781":{}}]}`
	d, err := fhir.Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	issues := validate.Resource(d)
	if len(issues) != 12 {
		t.Errorf("got %d issues: %s", len(issues), places(issues))
	}
	for _, issue := range issues {
		if strings.Contains(issue.Text+issue.Path, canary) || !strings.HasSuffix(issue.Text, ".") || strings.Count(issue.Text, ". ") > 0 {
			t.Errorf("text %q, path %q", issue.Text, issue.Path)
		}
	}
}

func TestHostileDocumentsAreBounded(t *testing.T) {
	const size = 5 << 20
	wide := func(open string, member func(i int) string, end string) []byte {
		b := bytes.NewBufferString(open)
		for i := 0; b.Len() < size; i++ {
			b.WriteString(member(i))
		}
		return append(b.Bytes(), end...)
	}
	for _, c := range []struct {
		name string
		src  []byte
	}{
		{"unknown members", wide(`{"resourceType":"Patient"`, func(i int) string { return `,"k` + strconv.Itoa(i) + `":0` }, `}`)},
		{"nulls", wide(`{"resourceType":"Patient","name":[{"given":["a"`, func(int) string { return `,null` }, `]}]}`)},
		{"empty names", wide(`{"resourceType":"Patient","name":[{"family":"x"}`, func(int) string { return `,{}` }, `]}`)},
		{"dangling references", wide(`{"resourceType":"Patient","contained":[{"resourceType":"Patient"}`, func(int) string {
			return `,{"resourceType":"Patient","id":"x","link":[{"type":"refer","other":{"reference":"#y"}}]}`
		}, `]}`)},
		{"good references to many contained", wide(`{"resourceType":"Patient","contained":[{"resourceType":"Patient"}`, func(i int) string {
			return `,{"resourceType":"Patient","id":"` + strconv.Itoa(i) + `","link":[{"type":"refer","other":{"reference":"#1"}}]}`
		}, `]}`)},
		{"many entries", wide(`{"resourceType":"Bundle","type":"batch","entry":[{"fullUrl":"u"}`, func(int) string { return `,{"resource":{"resourceType":"Patient"}}` }, `]}`)},
		{"one narrative", wide(`{"resourceType":"Patient","text":{"status":"generated","div":"<div>`, func(int) string { return `<p title='x'>\n</p>` }, `</div>"}}`)},
	} {
		start := time.Now()
		d, err := fhir.Parse(c.src)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if issues := validate.Resource(d); len(issues) > 100 {
			t.Errorf("%s: got %d issues", c.name, len(issues))
		}
		// A quadratic check of these takes hours; a linear one some tenths of a second, more on a machine that is busy.
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", c.name, took)
		}
	}
}

func FuzzValidateNeverPanics(f *testing.F) {
	f.Add([]byte(`{"resourceType":"Patient","name":[{"given":["a",null],"_given":[null,{"id":"x"}]}],"text":{"status":"x","div":"<div><a href='&#106;avascript:x'/></div>"}}`))
	f.Add([]byte(`{"resourceType":"Parameters","parameter":[{"name":"x","valueDateTime":"2026-02-30T24:00:00+14:00"},{"resource":{"contained":[{}]}}]}`))
	if files, _ := filepath.Glob(filepath.Join(os.Getenv("MEDBILL_SHARED"), "data/fhir-r4-examples/[CPE]*.json")); len(files) > 0 {
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := fhir.Parse(src)
		if err != nil {
			return
		}
		issues := validate.Resource(d)
		if len(issues) > 100 {
			t.Fatalf("%d issues", len(issues))
		}
		for _, issue := range issues {
			if issue.Text == "" || issue.Code == "" {
				t.Fatalf("an issue without text or code: %+v", issue)
			}
		}
	})
}
