package fhir

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"medbill/models/fault"
)

func mustParse(t testing.TB, src string) *Document {
	t.Helper()
	d, err := Parse([]byte(src))
	if err != nil {
		t.Fatalf("Parse(%s): %v", src, issuesOf(err))
	}
	return d
}

func issuesOf(err error) []fault.Issue {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.Issues
	}
	return nil
}

func TestParseRefusesWhatFHIRDoesNotSend(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"nothing", ``, "The JSON ends too early."},
		{"only space", " \n", "The JSON ends too early."},
		{"byte order mark", "\xef\xbb\xbf{}", "A JSON value is expected."},
		{"two values", `{} {}`, "The body goes on after its JSON value"},
		{"trailing comma in object", `{"a":1,}`, "A member's name in double quotes is missing."},
		{"trailing comma in array", `[1,]`, "A JSON value is expected."},
		{"no colon", `{"a" 1}`, "A colon after the member's name is missing."},
		{"no comma", `{"a":1 "b":2}`, "A comma or a closing bracket is missing."},
		{"open object", `{"a":1`, "A comma or a closing bracket is missing."},
		{"open string", `{"a":"x`, "A string is not closed."},
		{"open escape", `"\`, "A string is not closed."},
		{"short escape", `"\u12"`, "An escape needs four hexadecimal digits."},
		{"unknown escape", `"\x"`, "An escape is unknown to JSON."},
		{"NUL", `"\u0000"`, "which no record can hold"},
		{"half a pair", `"\ud83d"`, "half a surrogate pair"},
		{"raw control character", "\"a\tb\"", "A control character stands unescaped"},
		{"broken UTF-8", "\"abcdefgh\xff\"", "The body is not UTF-8."},
		{"overlong UTF-8", "\"\xc0\xaf\"", "The body is not UTF-8."},
		{"leading zero", `01`, "A number must not start with zeros."},
		{"plus", `+1`, "A JSON value is expected."},
		{"bare point", `1.`, "Digits after the decimal point are missing."},
		{"bare exponent", `1e+`, "Digits of the exponent are missing."},
		{"NaN", `NaN`, "A JSON value is expected."},
		{"half a word", `tru`, "A JSON value is expected."},
		{"comment", `{/*x*/}`, "A member's name in double quotes is missing."},
	} {
		_, err := Parse([]byte(c.src))
		issues := issuesOf(err)
		if len(issues) != 1 || !strings.Contains(issues[0].Text, c.want) || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v, want %q", c.name, issues, c.want)
		}
	}
}

// TestEscapesThatAreNoTextAreRefusedAtTheirPlace holds that each is named, in whatever order the halves of a pair stand, and
// that a syntax error after them takes nothing from the list.
func TestEscapesThatAreNoTextAreRefusedAtTheirPlace(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`{"resourceType":"Patient","name":[{"family":"a"},{"family":"\ud800","given":["a","\ud83d\ude00","b\u0000"]}]}`, "Patient.name[1].family Patient.name[1].given[2]"},
		{`{"name":[{"family":"\ude00\ud83d"}],"resourceType":"Patient"}`, "Patient.name[0].family Patient.name[0].family"},
		{`{"resourceType":"Observation","valueString":"\ud800\u0041"}`, "Observation.value"},
		{`{"resourceType":"Patient","_birthDate":{"extension":[{"url":"x","valueString":"\udfff"}]}}`, "Patient.birthDate.extension[0].value"},
		{`{"resourceType":"Bundle","entry":[{},{"resource":{"resourceType":"Patient","gender":"\ud800"}}]}`, "Bundle.entry[1].resource.gender"},
		{`{"resourceType":"Patient","contained":[{"resourceType":"Observation","id":"o","valueString":"\ud83d\ud83d\ude00"}]}`, "Patient.contained[0].value"},
		{`{"resourceType":"Patient","contact":[{"\ud800":1}]}`, "Patient.contact[0]"},
		{`{"variables":{"input":{"charge":[{"code":"\ud800"}]}}}`, "variables.input.charge[0].code"},
		{`{"resourceType":"Patient","name":[{"family":"\ud800"`, "Patient.name[0].family "},
	} {
		_, err := Parse([]byte(c.src))
		var places []string
		for _, issue := range issuesOf(err) {
			places = append(places, issue.Path)
		}
		if got := strings.Join(places, " "); got != c.want || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %q, want %q", c.src, got, c.want)
		}
	}
}

func TestDuplicateNamesAreComparedDecodedAndAllReported(t *testing.T) {
	wide := `{"k":0`
	for i := range 40 {
		wide += `,"k` + itoa(i) + `":0`
	}
	for _, c := range []struct {
		name, src string
		want      int
	}{
		{"plain", `{"a":1,"b":2,"a":3}`, 1},
		{"escaped second", `{"ab":1,"\u0061b":2}`, 1},
		{"escaped first", `{"\u0061b":1,"ab":2}`, 1},
		{"empty names", `{"":1,"":2}`, 1},
		{"twice in two objects", `[{"a":1,"a":2},{"b":1,"b":2}]`, 2},
		{"same name in different objects", `{"a":{"a":1},"b":{"a":1}}`, 0},
		{"case matters", `{"a":1,"A":2}`, 0},
		{"wide", wide + `,"k7":1,"\u006b8":1}`, 2},
		{"wide without", wide + `}`, 0},
		{"hundreds", `{"a":1` + strings.Repeat(`,"a":1`, 300) + `}`, 100},
	} {
		_, err := Parse([]byte(c.src))
		if got := len(issuesOf(err)); got != c.want {
			t.Errorf("%s: got %d issues, want %d", c.name, got, c.want)
		}
	}
}

func TestRefusalNamesLineAndColumn(t *testing.T) {
	_, err := Parse([]byte("{\n  \"a\": 1,\n  \"secret\": x\n}"))
	if got := issuesOf(err)[0].Text; !strings.HasPrefix(got, "Line 3, column 13: ") || strings.Contains(got, "secret") {
		t.Errorf("got %q", got)
	}
}

func TestHostileBodiesTakeLinearTime(t *testing.T) {
	const size = 5 << 20
	keys := make([]byte, 0, size+32)
	keys = append(keys, `{"a":1`...)
	for i := 0; len(keys) < size; i++ {
		keys = append(append(append(keys, `,"k`...), itoa(i)...), `":0`...)
	}
	for _, c := range []struct {
		name string
		src  []byte
		ok   bool
	}{
		{"arrays", bytes.Repeat([]byte{'['}, size), false},
		{"objects", bytes.Repeat([]byte(`{"a":`), size/5), false},
		{"keys", append(keys, '}'), true},
		{"one name", append(bytes.Repeat([]byte(`"a":1,`), size/6), '}'), false},
		{"quotes", append(append([]byte{'"'}, bytes.Repeat([]byte(`\"`), size/2)...), '"'), true},
		{"tiny values", append(append([]byte{'['}, bytes.Repeat([]byte(`1,`), size/2)...), ']'), false},
		{"too long", make([]byte, DocumentBytesMax+1), false},
	} {
		if c.name == "one name" {
			c.src = append([]byte{'{'}, c.src...)
		}
		start := time.Now()
		if _, err := Parse(c.src); (err == nil) != c.ok {
			t.Errorf("%s: got %v", c.name, err)
		}
		// A quadratic reading of these takes hours; a linear one some tenths of a second, more on a machine that is busy.
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", c.name, took)
		}
	}
}

func TestManyTinyValuesAreTooLarge(t *testing.T) {
	src := append(append([]byte{'['}, bytes.Repeat([]byte(`1,`), valuesMax+10)...), '1', ']')
	if _, err := Parse(src); !fault.Is(err, fault.TooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestNodeGivesEveryValueAsItWasSent(t *testing.T) {
	d := mustParse(t, ` {"resourceType":"Patient","id":"p1","n\u0061me":[{"family":"Can\u00e9ry","given":["Zzyzx",null]}],"x":-1.50e+2,"active":true,"empty":{},"none":[]} `)
	root := d.Root()
	for _, c := range []struct{ name, got, want string }{
		{"type", d.Type(), "Patient"},
		{"id", d.ID(), "p1"},
		{"escaped key", root.Get("name").At(0).Get("family").Text(), "Canéry"},
		{"in", root.In("name", "given").At(0).Text(), "Zzyzx"},
		{"number", root.Get("x").Text(), "-1.50e+2"},
		{"boolean", root.Get("active").Text(), "true"},
		{"absent", root.In("name", "suffix", "x").Text(), ""},
		{"raw", string(root.Get("id").Raw()), `"p1"`},
		{"key", root.Get("name").Key(), "name"},
		{"first", root.First().Text(), "Patient"},
		{"next", root.First().NextIn(root).Text(), "p1"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
	if root.Get("empty").First().Exists() || root.Get("none").First().Exists() || root.Get("none").NextIn(root).Exists() {
		t.Error("an empty value has children, or the last one a sibling")
	}
	if !root.Get("name").At(0).Get("family").Is("Canéry") || root.Get("name").At(0).Get("family").Is("x") {
		t.Error("Is does not compare decoded")
	}
	if got := root.Get("name").At(0).Get("given").At(1).Kind(); got != KindNull {
		t.Errorf("null: got %d", got)
	}
}

func TestEscapesDecodeAsJSONSays(t *testing.T) {
	for _, src := range []string{
		`"\"\\\/\b\f\n\r\t"`, `"\u00e9"`, `"\uD83D\uDE00"`, `"é😀"`,
	} {
		var want string
		if err := json.Unmarshal([]byte(src), &want); err != nil {
			t.Fatal(err)
		}
		n := mustParse(t, src).Root()
		if got := n.Text(); got != want {
			t.Errorf("%s: got %q, want %q", src, got, want)
		}
		if got := string(n.AppendText([]byte("x"))); got != "x"+want {
			t.Errorf("%s: appended %q, want %q", src, got, want)
		}
	}
}

func TestDetachedNodeStandsAlone(t *testing.T) {
	d := mustParse(t, `{"resourceType":"Bundle","entry":[{"fullUrl":"u","resource":{"resourceType":"Patient","id":"p","name":[{"f\u0061mily":"C","given":["a","b"]}]}},{"resource":{"resourceType":"Basic"}}]}`)
	entry := d.Root().Get("entry").At(0)
	detached := entry.Get("resource").Detach()
	if got, want := string(detached.Bytes()), string(entry.Get("resource").Raw()); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	if !reflect.DeepEqual(detached.entries, mustParse(t, string(detached.Bytes())).entries) {
		t.Errorf("the index differs from that of the same bytes parsed")
	}
	if detached.Root().Key() != "" || detached.Root().In("name", "family").Text() != "C" {
		t.Error("a detached node keeps its old name or loses its members")
	}
	if (Node{}).Detach() != nil {
		t.Error("an absent node detaches to a document")
	}
}

func FuzzParseAgreesWithJSON(f *testing.F) {
	for _, src := range []string{`{"a":[1,-2.5e3,"x\u00e9\"",null,true,{}]}`, `{"a":1,"a":2}`, `"\ud83d"`, "\"12345678\x7f\x80\"", `[[[]]]`, `01`, `"1234567\\"`} {
		f.Add([]byte(src))
	}
	if files, _ := filepath.Glob(filepath.Join(os.Getenv("MEDBILL_SHARED"), "data/fhir-r4-examples/Claim-*.json")); len(files) > 0 {
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Parse(src)
		if err != nil {
			for _, issue := range issuesOf(err) {
				if issue.Text == "" {
					t.Fatal("an issue without text")
				}
			}
			return
		}
		if !json.Valid(src) {
			t.Fatalf("accepted what encoding/json refuses: %q", src)
		}
		var want any
		if err := json.Unmarshal(src, &want); err != nil {
			return // a number outside float64
		}
		if got := valueOf(t, d.Root()); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// valueOf reads a node as encoding/json would.
func valueOf(t *testing.T, n Node) any {
	switch n.Kind() {
	case KindObject:
		object := map[string]any{}
		for m := range n.Children() {
			object[m.Key()] = valueOf(t, m)
		}
		return object
	case KindArray:
		list := []any{}
		for m := range n.Children() {
			list = append(list, valueOf(t, m))
		}
		return list
	case KindString:
		return n.Text()
	}
	var v any
	if err := json.Unmarshal(n.Raw(), &v); err != nil {
		t.Fatalf("%s: %v", n.Raw(), err)
	}
	return v
}
