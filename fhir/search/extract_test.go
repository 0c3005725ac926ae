package search_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/fhir/search"
)

var update = flag.Bool("update", false, "write the golden files")

func TestEveryOfficialExampleLeavesKeys(t *testing.T) {
	documents := examples(t)
	for name, d := range documents {
		keys := search.Extract(d, nil)
		if len(keys.Tokens)+len(keys.References)+len(keys.Strings)+len(keys.Dates) == 0 {
			t.Errorf("%s leaves no keys", name)
		}
		if again := search.Extract(d, nil); !reflect.DeepEqual(again, keys) {
			t.Errorf("%s: the keys differ from one extraction to the next", name)
		}
	}
	t.Logf("%d examples of served types", len(documents))
}

// The whole of the official package is read where it is unpacked: other types show other shapes.
func TestEveryExampleOfThePackageIsRead(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(cache, "medbill", "hl7.fhir.r4.examples@4.0.1", "package", "[A-Z]*.json"))
	if len(names) == 0 {
		t.Skip("skipped: the official package is not unpacked (go generate does it)")
	}
	read := 0
	for _, name := range names {
		resourceType, _, _ := strings.Cut(filepath.Base(name), "-")
		if _, served := fhir.TypeOf(resourceType); !served {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		search.Extract(parse(t, string(text)), nil)
		read++
	}
	t.Logf("%d examples read", read)
}

func TestSyntheaClaimsBelongToTheirPatient(t *testing.T) {
	seen := 0
	bundles(t, func(d *fhir.Document) bool {
		for entry := range d.Root().Get("entry").Children() {
			c := entry.Get("resource").Detach()
			if c.Type() == "Claim" && len(search.Extract(c, nil).References) == 0 {
				t.Errorf("a claim refers to nothing")
			}
			seen++
		}
		return seen < 2000
	})
}

func TestKeysOfOfficialExamples(t *testing.T) {
	documents := examples(t)
	for _, name := range []string{"Claim-100150", "Coverage-9876B1", "Encounter-home", "Invoice-example", "ChargeItem-example"} {
		d := documents[name]
		if d == nil {
			t.Errorf("%s is not among the examples", name)
			continue
		}
		golden := filepath.Join("testdata", name+".keys")
		got := render(search.Extract(d, nil))
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// render writes keys one a line.
func render(keys search.Keys) string {
	var b strings.Builder
	for _, k := range keys.Tokens {
		fmt.Fprintf(&b, "token      %s %s|%s\n", k.Param, k.System, k.Code)
	}
	for _, k := range keys.Strings {
		fmt.Fprintf(&b, "string     %s %q %q\n", k.Param, k.Value, k.Exact)
	}
	for _, k := range keys.Dates {
		fmt.Fprintf(&b, "date       %s %s %s\n", k.Param, end(k.LowBy, k.LowDay, k.Low), end(k.HighBy, k.HighDay, k.High))
	}
	for _, k := range keys.Numbers {
		fmt.Fprintf(&b, "number     %s %d %d %s|%s|%s\n", k.Param, k.Low, k.High, k.System, k.Code, k.Unit)
	}
	for _, k := range keys.References {
		fmt.Fprintf(&b, "reference  %s %s/%s %s\n", k.Param, k.Type, k.ID, k.URL)
	}
	return b.String()
}

// end writes one end of a date key: its day where it has one, and its instant where it has one.
func end(by search.By, day, instant int64) string {
	switch {
	case instant == search.DateMin || instant == search.DateMax:
		return "open"
	case by == search.ByDay:
		return fmt.Sprintf("day %d", day)
	case by == search.ByTime:
		return fmt.Sprint(instant)
	}
	return fmt.Sprintf("day %d %d", day, instant)
}

func TestDatatypesLeaveTheirKeys(t *testing.T) {
	for _, row := range []struct{ name, document, want string }{
		{"a code carries the system of its value set", `{"resourceType":"Patient","gender":"female"}`,
			"token      deceased |false\ntoken      gender http://hl7.org/fhir/administrative-gender|female\n"},
		{"a patient belongs to itself", `{"resourceType":"Patient","id":"zz"}`,
			"token      deceased |false\nreference  :patient Patient/zz \n"},
		{"a date of death is a death", `{"resourceType":"Patient","deceasedDateTime":"2020-02-29"}`,
			"token      deceased |true\ndate       death-date day 18321 day 18322\n"},
		{"deceased false is false", `{"resourceType":"Patient","deceasedBoolean":false}`, "token      deceased |false\n"},
		{"a concept in words only is present but empty", `{"resourceType":"Claim","priority":{"text":"soon"}}`, "token      priority |\n"},
		{"every coding of a concept counts once", `{"resourceType":"Claim","priority":{"coding":[{"system":"s","code":"a"},{"code":"b"},{"system":"s","code":"a"}]}}`,
			"token      priority |b\ntoken      priority s|a\n"},
		{"the claim's state is an extension", `{"resourceType":"Claim","extension":[{"url":"http://other","valueCode":"no"},{"url":"https://medbill.dev/fhir/StructureDefinition/claim-state","valueCode":"held"}]}`,
			"token      claim-state |held\n"},
		{"the payer's number is an extension", `{"resourceType":"Claim","extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/payer-claim-number","valueIdentifier":{"system":"urn:acme","value":"A-1"}}]}`,
			"token      payer-claim-number urn:acme|A-1\n"},
		{"only phones are phones", `{"resourceType":"RelatedPerson","telecom":[{"system":"phone","value":"555"},{"system":"email","value":"z@example.org"},{"value":"777"}]}`,
			"token      email |z@example.org\ntoken      phone |555\ntoken      telecom |555\ntoken      telecom |777\ntoken      telecom |z@example.org\n"},
		{"a name leaves each part, folded and exact", `{"resourceType":"Practitioner","name":[{"family":"Zzyzx","given":["Canary","Émile  Ö"]}]}`,
			"string     family \"zzyzx\" \"Zzyzx\"\nstring     given \"canary\" \"Canary\"\nstring     given \"emile o\" \"Émile  Ö\"\n" +
				"string     name \"canary\" \"Canary\"\nstring     name \"emile o\" \"Émile  Ö\"\nstring     name \"zzyzx\" \"Zzyzx\"\n"},
		{"a group is a subject but not a patient", `{"resourceType":"Procedure","subject":{"reference":"Group/g"}}`, "reference  subject Group/g \n"},
		{"a patient is both, and has the document in its compartment", `{"resourceType":"Procedure","subject":{"reference":"Patient/p/_history/3"}}`,
			"reference  :patient Patient/p \nreference  patient Patient/p \nreference  subject Patient/p \n"},
		{"a patient elsewhere is one by its URL, but of no compartment here", `{"resourceType":"Procedure","subject":{"reference":"https://other.example/fhir/Patient/p"}}`,
			"reference  patient / https://other.example/fhir/Patient/p\nreference  subject / https://other.example/fhir/Patient/p\n"},
		{"a contained patient is one by its resource", `{"resourceType":"Procedure","contained":[{"resourceType":"Patient","id":"c"}],"subject":{"reference":"#c"}}`,
			"reference  patient / #c\nreference  subject / #c\n"},
		{"an identifier instead of a reference is found by :identifier", `{"resourceType":"Claim","insurer":{"identifier":{"system":"s","value":"CANARY-7781"}}}`,
			"token      insurer:identifier s|CANARY-7781\nreference  insurer / \n"},
		{"its type makes an identifier a patient", `{"resourceType":"Procedure","subject":{"type":"Patient","identifier":{"value":"1"}}}`,
			"token      patient:identifier |1\ntoken      subject:identifier |1\nreference  patient / \nreference  subject / \n"},
		{"money has its currency", `{"resourceType":"Invoice","totalNet":{"value":100.50,"currency":"USD"}}`, "number     totalnet 100500000 100500000 urn:iso:std:iso:4217|USD|\n"},
		{"a quantity below a limit is open below", `{"resourceType":"Observation","valueQuantity":{"value":5,"comparator":"<","unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}`,
			"number     combo-value-quantity -9223372036854775808 5000000 http://unitsofmeasure.org|mg|mg\nnumber     value-quantity -9223372036854775808 5000000 http://unitsofmeasure.org|mg|mg\n"},
		{"a range without an end is open", `{"resourceType":"Condition","onsetRange":{"low":{"value":12,"unit":"a"}}}`, "number     onset-age 12000000 9223372036854775807 ||a\n"},
		{"a factor is a number", `{"resourceType":"ChargeItem","factorOverride":0.8}`, "number     factor-override 800000 800000 ||\n"},
		{"a canonical is found with and without its version", `{"resourceType":"Claim","meta":{"profile":["http://x/p|1"],"tag":[{"system":"s","code":"t"}]}}`,
			"token      _profile |http://x/p\ntoken      _profile |http://x/p|1\ntoken      _tag s|t\n"},
		{"a period without an end is open", `{"resourceType":"Encounter","period":{"start":"1970-01-01T00:00:01Z"}}`, "date       date 1000000 open\n"},
		{"a period without a start is open", `{"resourceType":"Encounter","period":{"end":"1970-01-01"}}`, "date       date open day 1\n"},
		{"a timing spans its events", `{"resourceType":"ServiceRequest","occurrenceTiming":{"event":["1970-01-03","1970-01-01"]}}`, "date       occurrence day 0 day 3\n"},
		{"a type that is not R4 leaves nothing", `{"resourceType":"Bogus","id":"1"}`, ""},
		{"what is not valid leaves nothing", `{"resourceType":"Claim","created":"yesterday","patient":7,"item":{"encounter":"x"},"priority":null,"identifier":[null]}`, "reference  encounter / \nreference  patient / \n"},
	} {
		if got := render(search.Extract(parse(t, row.document), nil)); got != row.want {
			t.Errorf("%s: %s\ngot\n%swant\n%s", row.name, row.document, got, row.want)
		}
	}
}

func FuzzExtractDoesNotPanic(f *testing.F) {
	f.Add(`{"resourceType":"Patient","name":[{"family":"Zzyzx"}],"deceasedBoolean":[true]}`)
	f.Add(`{"resourceType":"Claim","item":[{"detail":[{"subDetail":[{"udi":[{"reference":"/"}]}]}]}],"total":{"value":-1e-9}}`)
	f.Add(`{"resourceType":"Invoice","totalNet":{"value":-12345678901234567890.123456789},"date":"2020-13"}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := fhir.Parse([]byte(text))
		if err != nil {
			return
		}
		keys := search.Extract(d, nil)
		for _, k := range keys.Dates {
			if k.LowBy == k.HighBy && k.Low >= k.High {
				t.Errorf("%v is empty", k)
			}
		}
		for _, k := range keys.Numbers {
			if k.Low > k.High {
				t.Errorf("%v is empty", k)
			}
		}
	})
}
