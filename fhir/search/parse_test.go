package search_test

import (
	"reflect"
	"strings"
	"testing"

	"medbill/fhir/search"
	"medbill/models/fault"

	"pgregory.net/rapid"
)

const base = "https://billing.example/fhir/R4"

func query(t testing.TB, resourceType, raw string, o search.Options) (search.Query, error) {
	t.Helper()
	pairs, err := search.Pairs(raw)
	if err != nil {
		return search.Query{}, err
	}
	return search.Parse(resourceType, pairs, o)
}

// Rows name the item of HL7's search page they hold.
func TestQueriesThatAreRefused(t *testing.T) {
	for _, row := range []struct{ name, resourceType, raw, path, code string }{
		{"an unknown parameter", "Claim", "colour=red", "colour", "not-supported"},
		{"an unknown parameter with an underscore", "Claim", "_colour=red", "_colour", "not-supported"},
		{"a parameter of another type", "Claim", "birthdate=2000", "birthdate", "not-supported"},
		{"full text search", "Claim", "_text=x", "_text", "not-supported"},
		{"a named query", "Claim", "_query=x", "_query", "not-supported"},
		{"a chain", "Claim", "patient.identifier=1", "patient.identifier", "not-supported"},
		{"a chain through a type", "Claim", "patient:Patient.name=z", "patient:Patient.name", "not-supported"},
		{"a reverse chain", "Patient", "_has:Coverage:beneficiary:payor=1", "_has:Coverage:beneficiary:payor", "not-supported"},
		{"an unknown modifier", "Claim", "status:near=x", "status:near", "not-supported"},
		{"a string's modifier on a token", "Claim", "status:exact=x", "status:exact", "not-supported"},
		{"a modifier without name", "Claim", "status:=x", "status:", "not-supported"},
		{"a type that the reference cannot lead to", "Claim", "patient:Group=1", "patient:Group", "not-supported"},
		{"a type and a reference to another", "Procedure", "subject:Patient=Group/1", "subject:Patient", "value"},
		{"missing with neither true nor false", "Claim", "patient:missing=maybe", "patient:missing", "value"},
		{"missing on the id", "Claim", "_id:missing=true", "_id:missing", "not-supported"},
		{"a date that is none", "Claim", "created=yesterday", "created", "value"},
		{"the thirtieth of February", "Claim", "created=2024-02-30", "created", "value"},
		{"one bad date among good ones", "Claim", "created=2024,eq", "created", "value"},
		{"a number that is none", "ChargeItem", "factor-override=1.2.3", "factor-override", "value"},
		{"a number with a unit", "ChargeItem", "factor-override=1||mg", "factor-override", "value"},
		{"a quantity with a system only", "Invoice", "totalnet=5|USD", "totalnet", "value"},
		{"a very long number", "Invoice", "totalnet=" + strings.Repeat("1", 41), "totalnet", "value"},
		{"a token without system and code", "Claim", "status=|", "status", "value"},
		{"a text that folds to nothing", "Patient", "name=%CC%81", "name", "value"},
		{"a negative page size", "Claim", "_count=-1", "_count", "value"},
		{"two page sizes", "Claim", "_count=1&_count=2", "_count", "invalid"},
		{"an unknown sort key", "Claim", "_sort=-colour", "_sort", "not-supported"},
		{"an unknown total", "Claim", "_total=all", "_total", "value"},
		{"an unknown summary", "Claim", "_summary=some", "_summary", "value"},
		{"the text summary with includes", "Claim", "_summary=text&_include=Claim:patient", "_summary", "not-supported"},
		{"an include of no reference", "Claim", "_include=Claim:status", "_include", "not-supported"},
		{"an include from another type", "Claim", "_include=Patient:organization", "_include", "not-supported"},
		{"an include to a type the reference cannot lead to", "Claim", "_include=Claim:patient:Group", "_include", "not-supported"},
		{"an include of an unknown form", "Claim", "_include=Claim", "_include", "value"},
		{"an iterating include", "Claim", "_include:iterate=Claim:patient", "_include:iterate", "not-supported"},
		{"a reverse include that leads elsewhere", "Organization", "_revinclude=Claim:patient", "_revinclude", "not-supported"},
		{"a reverse include of everything", "Patient", "_revinclude=*", "_revinclude", "not-supported"},
		{"contained resources", "Patient", "_contained=both", "_contained", "not-supported"},
		{"a broken escape", "Patient", "name=%2", "", "invalid"},
		{"a NUL", "Patient", "name=a%00", "name", "invalid"},
		{"text that is not UTF-8", "Patient", "name=%FF", "name", "invalid"},
		{"a name that is not one is not repeated", "Patient", "Zzyzx Canary=1", "", "not-supported"},
		{"too many alternatives", "Claim", "_id=" + strings.Repeat("a,", 501), "_id", "too-costly"},
		{"too many alternatives together", "Claim", strings.Repeat("_id="+strings.Repeat("a,", 60)+"&", 9), "_id", "too-costly"},
		{"too many ranges together", "Claim", strings.Repeat("created="+strings.Repeat("2024,", 17)+"&", 3), "created", "too-costly"},
		{"too many elements", "Claim", "_elements=" + strings.Repeat("status,", 101), "_elements", "too-costly"},
		{"too long", "Claim", "_id=" + strings.Repeat("a", 128<<10), "", "too-costly"},
		{"too many conditions", "Claim", strings.Repeat("status=a&", 21), "status", "too-costly"},
		{"too many sort keys", "Claim", "_sort=created,use,status,created,use,status", "_sort", "too-costly"},
		{"too many includes", "Claim", strings.Repeat("_include=Claim:patient&", 21), "_include", "too-costly"},
	} {
		_, err := query(t, row.resourceType, row.raw, search.Options{})
		f := fault.From(err)
		if f == nil || f.Kind != fault.Invalid || len(f.Issues) != 1 || f.Issues[0].Path != row.path || f.Issues[0].Code != row.code {
			t.Errorf("%s: %s?%s gives %v; want %s at %q", row.name, row.resourceType, row.raw, err, row.code, row.path)
		}
	}
}

func TestLenientIgnoresOnlyWhatItDoesNotKnow(t *testing.T) {
	lenient := search.Options{Lenient: true}
	q, err := query(t, "Claim", "colour=red&status=active&_colour=1&_sort=-colour,-created&_include=Claim:colour&_text=x", lenient)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := search.Encode(q.Applied), "status=active&_sort=-created"; got != want {
		t.Errorf("applied %s; want %s", got, want)
	}
	for _, raw := range []string{"status:near=x", "created=yesterday", "patient.name=z", "_has:Coverage:beneficiary:payor=1", "_query=x", "_count=x"} {
		if _, err := query(t, "Claim", raw, lenient); err == nil {
			t.Errorf("%s is not refused", raw)
		}
	}
}

func TestAllIssuesAreReported(t *testing.T) {
	_, err := query(t, "Claim", "colour=red&created=x&status:near=1", search.Options{})
	if f := fault.From(err); f == nil || len(f.Issues) != 3 {
		t.Errorf("got %v; want three issues", err)
	}
}

func TestResultParameters(t *testing.T) {
	q, err := query(t, "Claim", "_count=5000&_sort=-created,_id&_total=accurate&_summary=data&_elements=status,use&_include=Claim:patient:Patient&_include=*&_include=Claim:*&_revinclude=ClaimResponse:request&_revinclude=Task:*&_format=json&_contained=false", search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	created, _ := search.Lookup("Claim", "created")
	id, _ := search.Lookup("Claim", "_id")
	want := search.Query{
		Type: "Claim", Count: 1000, Total: search.TotalAccurate, Summary: search.SummaryData, Elements: []string{"status", "use"},
		Sort:        []search.Sort{{Param: created, Descending: true}, {Param: id}},
		Includes:    []search.Include{{Source: "Claim", Param: "patient", Target: "Patient"}, {Source: "Claim", Param: "*"}, {Source: "Claim", Param: "*"}},
		RevIncludes: []search.Include{{Source: "ClaimResponse", Param: "request"}, {Source: "Task", Param: "*"}},
	}
	got := q
	got.Applied = nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if first := q.Applied[0]; first != (search.Pair{Name: "_count", Value: "1000"}) {
		t.Errorf("the self link says %v, not the page size that is used", first)
	}
	for raw, count := range map[string]int{"": 50, "_count=0": 0, "_summary=count&_count=7": 0, "_count=7": 7, "status=&_id=,": 50} {
		q, err := query(t, "Claim", raw, search.Options{})
		if err != nil || q.Count != count || len(q.Clauses) > 0 {
			t.Errorf("%q: count %d, %d clauses, %v; want %d", raw, q.Count, len(q.Clauses), err, count)
		}
	}
}

// A link is made of Applied; following it must ask the same question.
func TestSelfLinkAsksTheSame(t *testing.T) {
	parts := []string{
		"status=active", "status:not=draft,cancelled", "status=http://hl7.org/fhir/fm-status|active", "patient=1", "patient=Patient/1,Patient/2",
		"patient=" + base + "/Patient/3", "patient:identifier=s|v", "patient:missing=true", "created=ge2024-01-01T00:00:00+05:00", "created=ap2024",
		"identifier=a\\|b\\,c", "_count=17", "_count=9999", "_sort=-created,status", "_total=estimate", "_include=Claim:patient", "_revinclude=Task:focus",
		"colour=red", "use=", "_id=a,,b", "_tag=s|", "_lastUpdated=gt2024-01-31", "_elements=a, b", "claim-state=held", "_summary=count", "_profile=http://x/p|2", "care-team:Organization=1",
	}
	rapid.Check(t, func(r *rapid.T) {
		var pairs []search.Pair
		for _, part := range rapid.SliceOfDistinct(rapid.SampledFrom(parts), func(p string) string {
			name, _, _ := strings.Cut(p, "=")
			return name
		}).Draw(r, "parts") {
			name, value, _ := strings.Cut(part, "=")
			pairs = append(pairs, search.Pair{Name: name, Value: value})
		}
		o := search.Options{Lenient: true, Bases: []string{base}}
		first, err := search.Parse("Claim", pairs, o)
		if err != nil {
			r.Fatal(err)
		}
		back, err := search.Pairs(search.Encode(first.Applied))
		if err != nil {
			r.Fatal(err)
		}
		o.Lenient = false
		second, err := search.Parse("Claim", back, o)
		if err != nil || !reflect.DeepEqual(first, second) {
			r.Fatalf("first %+v\nsecond %+v\n%v", first, second, err)
		}
	})
}

func TestPairsComeBackThroughEncode(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		pairs := rapid.SliceOf(rapid.Custom(func(r *rapid.T) search.Pair {
			return search.Pair{Name: rapid.StringN(1, -1, -1).Draw(r, "name"), Value: rapid.String().Draw(r, "value")}
		})).Draw(r, "pairs")
		got, err := search.Pairs(search.Encode(pairs))
		if err != nil || len(got) != len(pairs) {
			r.Fatalf("%v, %v", got, err)
		}
		for i := range pairs {
			if got[i] != pairs[i] {
				r.Fatalf("got %q, want %q", got[i], pairs[i])
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, raw := range []string{
		"status=active&patient=Patient/1&created=ge2024-01-01T10:00:00%2B05:00", "_count=0&_sort=-created,_id&_include=*&_revinclude=Task:focus",
		"patient:Patient=1&patient:identifier=s|v&identifier=a\\|b&_tag=s|", "_lastUpdated=ap1999&patient:missing=true&payee=https://billing.example/fhir/R4/Organization/1",
	} {
		f.Add("Claim", raw, true)
	}
	f.Add("Invoice", "totalnet=ap-100.50|urn:iso:std:iso:4217|USD&totalgross=1e999999999", false)
	f.Add("Patient", "name:contains=%C3%89&address=x&birthdate=2024-02-29", false)
	f.Fuzz(func(t *testing.T, resourceType, raw string, lenient bool) {
		o := search.Options{Lenient: lenient, Bases: []string{base}}
		first, err := query(t, resourceType, raw, o)
		if err != nil {
			if f := fault.From(err); f.Kind != fault.Invalid {
				t.Fatalf("refused as %d", f.Kind)
			}
			return
		}
		for _, c := range first.Clauses {
			for _, d := range c.Dates {
				if d.Low.At >= d.High.At {
					t.Errorf("%v is empty", d)
				}
			}
			for _, n := range c.Numbers {
				if n.Low > n.High {
					t.Errorf("%v is empty", n)
				}
			}
		}
		second, err := query(t, resourceType, search.Encode(first.Applied), search.Options{Bases: []string{base}})
		if err != nil || !reflect.DeepEqual(first, second) {
			t.Errorf("first %+v\nsecond %+v\n%v", first, second, err)
		}
	})
}
