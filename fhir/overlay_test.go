package fhir

import (
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

func TestOverlayKeepsTheClientsRest(t *testing.T) {
	for _, c := range []struct{ name, base, owned, want string }{
		{"same document", `{ "resourceType" : "Basic" , "id":"1" }`, `{"resourceType":"Basic","id":"1"}`, `{ "resourceType" : "Basic" , "id":"1" }`},
		{"scalar is ours, rest and space stay", `{ "resourceType":"Claim", "status" : "draft", "x" : [ 1 ] }`, `{"resourceType":"Claim","status":"active"}`,
			`{ "resourceType":"Claim", "status" : "active", "x" : [ 1 ] }`},
		{"missing member is appended", `{"resourceType":"Claim","x":1 }`, `{"resourceType":"Claim","use":"claim"}`, `{"resourceType":"Claim","x":1,"use":"claim" }`},
		{"number by its digits", `{"resourceType":"Claim","total":{"value":74.0,"foo":1}}`, `{"resourceType":"Claim","total":{"value":74.00}}`,
			`{"resourceType":"Claim","total":{"value":74.00,"foo":1}}`},
		{"reference to the same keeps its display", `{"resourceType":"Claim","patient":{"reference":"Patient/1","display":"d"}}`, `{"resourceType":"Claim","patient":{"reference":"Patient/1"}}`,
			`{"resourceType":"Claim","patient":{"reference":"Patient/1","display":"d"}}`},
		{"reference to another does not", `{"resourceType":"Claim","patient":{"reference":"urn:uuid:1","display":"d"}}`, `{"resourceType":"Claim","patient":{"reference":"Patient/1"}}`,
			`{"resourceType":"Claim","patient":{"reference":"Patient/1"}}`},
		{"extensions by url", `{"resourceType":"Claim","extension":[ {"url":"a","valueString":"1"}, {"url":"b","valueString":"2","id":"x"} ]}`,
			`{"resourceType":"Claim","extension":[{"url":"b","valueString":"3"},{"url":"c","valueString":"4"}]}`,
			`{"resourceType":"Claim","extension":[ {"url":"a","valueString":"1"}, {"url":"b","valueString":"3","id":"x"},{"url":"c","valueString":"4"} ]}`},
		{"extension of another type", `{"resourceType":"Claim","extension":[{"valueString":"1","url":"a"}]}`, `{"resourceType":"Claim","extension":[{"url":"a","valueCode":"x"}]}`,
			`{"resourceType":"Claim","extension":[{"url":"a","valueCode":"x"}]}`},
		{"identifier by system and value", `{"resourceType":"Claim","identifier":[{"system":"s","value":"1","use":"old"},{"system":"t","value":"2"}]}`,
			`{"resourceType":"Claim","identifier":[{"system":"t","value":"2","use":"official"},{"system":"s","value":"9"}]}`,
			`{"resourceType":"Claim","identifier":[{"system":"s","value":"1","use":"old"},{"system":"t","value":"2","use":"official"},{"system":"s","value":"9"}]}`},
		{"coding by system, foreign system stays", `{"resourceType":"Claim","type":{"coding":[{"system":"s","code":"a","display":"A"},{"system":"t","code":"b"}],"text":"x"}}`,
			`{"resourceType":"Claim","type":{"coding":[{"system":"s","code":"c"}]}}`, `{"resourceType":"Claim","type":{"coding":[{"system":"s","code":"c"},{"system":"t","code":"b"}],"text":"x"}}`},
		{"same coding keeps its display", `{"resourceType":"Claim","type":{"coding":[{"system":"s","code":"a","display":"A"}]}}`,
			`{"resourceType":"Claim","type":{"coding":[{"system":"s","code":"a"}]}}`, `{"resourceType":"Claim","type":{"coding":[{"system":"s","code":"a","display":"A"}]}}`},
		{"tags are never replaced", `{"resourceType":"Claim","meta":{"tag":[{"system":"s","code":"a"}]}}`, `{"resourceType":"Claim","meta":{"tag":[{"system":"s","code":"b"}]}}`,
			`{"resourceType":"Claim","meta":{"tag":[{"system":"s","code":"a"},{"system":"s","code":"b"}]}}`},
		{"choice is ours", `{"resourceType":"Claim","item":[{"servicedDate":"2026-01-01","_servicedDate":{"id":"x"},"sequence":1}]}`,
			`{"resourceType":"Claim","item":[{"sequence":1,"servicedPeriod":{"start":"2026-01-02"}}]}`, `{"resourceType":"Claim","item":[{"sequence":1,"servicedPeriod":{"start":"2026-01-02"}}]}`},
		{"items are ours, in our order", `{"resourceType":"Claim","item":[ {"sequence":1,"foo":1}, {"sequence":2,"foo":2}, {"sequence":3,"foo":3} ]}`,
			`{"resourceType":"Claim","item":[{"sequence":3},{"sequence":1,"quantity":{"value":1}}]}`, `{"resourceType":"Claim","item":[{"sequence":3,"foo":3},{"sequence":1,"foo":1,"quantity":{"value":1}}]}`},
		{"items as they were keep their space", `{"resourceType":"Claim","item":[ {"sequence":1, "foo":1} ]}`, `{"resourceType":"Claim","item":[{"sequence":1}]}`,
			`{"resourceType":"Claim","item":[ {"sequence":1, "foo":1} ]}`},
		{"answers match by itemSequence", `{"resourceType":"ClaimResponse","item":[{"itemSequence":2,"x":2},{"itemSequence":1,"x":1}]}`, `{"resourceType":"ClaimResponse","item":[{"itemSequence":1},{"itemSequence":2}]}`,
			`{"resourceType":"ClaimResponse","item":[{"itemSequence":1,"x":1},{"itemSequence":2,"x":2}]}`},
		{"adjudication by category and reason", `{"resourceType":"ClaimResponse","item":[{"itemSequence":1,"adjudication":[{"category":{"coding":[{"code":"paid"}]},"amount":{"value":1},"x":1}]}]}`,
			`{"resourceType":"ClaimResponse","item":[{"itemSequence":1,"adjudication":[{"category":{"coding":[{"code":"copay"}]}},{"category":{"coding":[{"code":"paid"}]},"amount":{"value":2}}]}]}`,
			`{"resourceType":"ClaimResponse","item":[{"itemSequence":1,"adjudication":[{"category":{"coding":[{"code":"copay"}]}},{"category":{"coding":[{"code":"paid"}]},"amount":{"value":2},"x":1}]}]}`},
		{"care team that is not ours stays", `{"resourceType":"Claim","careTeam":[{"sequence":1,"x":1},{"sequence":2}]}`, `{"resourceType":"Claim","careTeam":[{"sequence":1,"responsible":true}]}`,
			`{"resourceType":"Claim","careTeam":[{"sequence":1,"x":1,"responsible":true},{"sequence":2}]}`},
		{"list of primitives is ours, extensions go", `{"resourceType":"Patient","name":[{"given":["a"],"_given":[{"id":"x"}],"prefix":["p"]}]}`, `{"resourceType":"Patient","name":[{"given":["b","c"]}]}`,
			`{"resourceType":"Patient","name":[{"given":["b","c"],"prefix":["p"]}]}`},
		{"same list of primitives stays", `{"resourceType":"Patient","name":[{"given":[ "a" ],"_given":[{"id":"x"}]}]}`, `{"resourceType":"Patient","name":[{"given":["a"]}]}`,
			`{"resourceType":"Patient","name":[{"given":[ "a" ],"_given":[{"id":"x"}]}]}`},
		{"extension beside a primitive stays", `{"resourceType":"Claim","_status":{"id":"x"},"status":"draft"}`, `{"resourceType":"Claim","status":"active"}`, `{"resourceType":"Claim","_status":{"id":"x"},"status":"active"}`},
		{"contained by id", `{"resourceType":"Claim","contained":[{"resourceType":"Coverage","id":"c","x":1},{"resourceType":"Basic","id":"b"}]}`, `{"resourceType":"Claim","contained":[{"resourceType":"Coverage","id":"c","status":"active"}]}`,
			`{"resourceType":"Claim","contained":[{"resourceType":"Coverage","id":"c","x":1,"status":"active"},{"resourceType":"Basic","id":"b"}]}`},
		{"escaped name is the same name", `{"resourceType":"Claim","st\u0061tus":"draft"}`, `{"resourceType":"Claim","status":"active"}`, `{"resourceType":"Claim","st\u0061tus":"active"}`},
		{"wrong shape gives way", `{"resourceType":"Claim","item":{},"use":["x"]}`, `{"resourceType":"Claim","item":[{"sequence":1}],"use":"claim"}`, `{"resourceType":"Claim","item":[{"sequence":1}],"use":"claim"}`},
		{"another type is ours", `{"resourceType":"Basic","x":1}`, `{"resourceType":"Claim"}`, `{"resourceType":"Claim"}`},
	} {
		owned := mustParse(t, c.owned)
		got := Overlay(mustParse(t, c.base), owned)
		if string(got) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
			continue
		}
		if again := Overlay(mustParse(t, string(got)), owned); string(again) != c.want {
			t.Errorf("%s: a second overlay gives %s", c.name, again)
		}
	}
	if got := Overlay(nil, mustParse(t, `{"a":1}`)); string(got) != `{"a":1}` {
		t.Errorf("no base: got %s", got)
	}
}

func TestOverlayOfItselfChangesNothing(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedDir(t), "data/fhir-r4-examples/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := mustParse(t, string(src))
		if string(Overlay(d, d)) != string(src) {
			t.Errorf("%s changes", filepath.Base(file))
		}
	}
}

// someClaim draws small claims whose lists collide often: same systems, sequences and urls in any order.
func someClaim() *rapid.Generator[string] {
	member := func(t *rapid.T, key string, value string, out *string) {
		if rapid.Bool().Draw(t, key) {
			*out += `,"` + key + `":` + value
		}
	}
	list := func(t *rapid.T, label string, one func(*rapid.T) string) string {
		out := "["
		for i := range rapid.IntRange(0, 4).Draw(t, label) {
			if i > 0 {
				out += rapid.SampledFrom([]string{",", " , "}).Draw(t, "comma")
			}
			out += one(t)
		}
		return out + "]"
	}
	digit := func(t *rapid.T) string { return rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "digit") }
	coding := func(t *rapid.T) string {
		out := `{"x":` + digit(t)
		member(t, "system", `"s`+digit(t)+`"`, &out)
		member(t, "code", `"c`+digit(t)+`"`, &out)
		member(t, "display", `"d`+digit(t)+`"`, &out)
		return out + "}"
	}
	extension := func(t *rapid.T) string {
		out := `{"url":"u` + digit(t) + `"`
		member(t, "valueString", `"`+digit(t)+`"`, &out)
		member(t, "_valueString", `{"id":"`+digit(t)+`"}`, &out)
		member(t, "valueCoding", coding(t), &out)
		return out + "}"
	}
	concept := func(t *rapid.T) string { return `{"coding":` + list(t, "codings", coding) + `}` }
	adjudication := func(t *rapid.T) string {
		out := `{"category":` + concept(t)
		member(t, "reason", concept(t), &out)
		member(t, "value", digit(t), &out)
		return out + "}"
	}
	item := func(t *rapid.T) string {
		out := `{"y":` + digit(t)
		member(t, "sequence", digit(t), &out)
		member(t, "servicedDate", `"2026-01-0`+digit(t)+`"`, &out)
		member(t, "servicedPeriod", `{"start":"2026-01-0`+digit(t)+`"}`, &out)
		member(t, "adjudication", list(t, "adjudications", adjudication), &out)
		member(t, "diagnosisSequence", list(t, "pointers", digit), &out)
		member(t, "_diagnosisSequence", `[{"id":"`+digit(t)+`"}]`, &out)
		return out + "}"
	}
	return rapid.Custom(func(t *rapid.T) string {
		out := `{"resourceType":"ExplanationOfBenefit"`
		member(t, "extension", list(t, "extensions", extension), &out)
		member(t, "identifier", list(t, "identifiers", coding), &out)
		member(t, "patient", `{"reference":"Patient/`+digit(t)+`","z":`+digit(t)+`}`, &out)
		member(t, "type", concept(t), &out)
		member(t, "item", list(t, "items", item), &out)
		member(t, "total", list(t, "totals", adjudication), &out)
		member(t, "careTeam", list(t, "team", item), &out)
		return out + "}"
	})
}

func TestOverlayTwiceIsOverlayOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		base, owned := mustParse(t, someClaim().Draw(rt, "base")), mustParse(t, someClaim().Draw(rt, "owned"))
		checkOverlay(t, rt.Fatalf, base, owned)
	})
}

func checkOverlay(t *testing.T, fatalf func(string, ...any), base, owned *Document) {
	once := Overlay(base, owned)
	d, err := Parse(once)
	if err != nil {
		fatalf("the overlay of %s over %s is no document: %s", owned.Bytes(), base.Bytes(), once)
	}
	if twice := Overlay(d, owned); string(twice) != string(once) {
		fatalf("base %s\nowned %s\nonce  %s\ntwice %s", base.Bytes(), owned.Bytes(), once, twice)
	}
	if self := Overlay(owned, owned); string(self) != string(owned.Bytes()) {
		fatalf("%s over itself gives %s", owned.Bytes(), self)
	}
	if string(Overlay(base, owned)) != string(once) {
		fatalf("two overlays differ")
	}
	t.Helper()
}

func FuzzOverlayGivesADocument(f *testing.F) {
	f.Add([]byte(`{"resourceType":"Claim","item":[{"sequence":1,"foo":1}]}`), []byte(`{"resourceType":"Claim","item":[{"sequence":2}]}`))
	f.Add([]byte(`{"resourceType":"Basic","extension":[{"url":"a"}, {}],"id":null}`), []byte(`{"resourceType":"Basic","extension":[{"url":"a","valueCode":"x"}],"id":"x"}`))
	f.Add([]byte(` {"a":1 , "b":[ {} , 1]} `), []byte(`{"b":[{}],"c":{}}`))
	f.Fuzz(func(t *testing.T, one, two []byte) {
		base, err := Parse(one)
		if err != nil {
			return
		}
		owned, err := Parse(two)
		if err != nil {
			return
		}
		once := Overlay(base, owned)
		d, err := Parse(once)
		if err != nil {
			t.Fatalf("%s over %s gives %s: %v", two, one, once, issuesOf(err))
		}
		if twice := Overlay(d, owned); string(twice) != string(once) {
			t.Fatalf("base %s\nowned %s\nonce  %s\ntwice %s", one, two, once, twice)
		}
	})
}
