package fhir

import (
	"slices"
	"testing"
)

var ownBases = []string{"https://bill.example/fhir/R4", "http://127.0.0.1:8080/fhir/R4/"}

func TestReferencesUnderOurBasesAreRelative(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://bill.example/fhir/R4/Patient/1", "Patient/1"},
		{"http://127.0.0.1:8080/fhir/R4/Patient/1/_history/2", "Patient/1/_history/2"},
		{"https://bill.example/fhir/R4/Patient?identifier=s|1", "Patient?identifier=s|1"},
		{"https://bill.example/fhir/R4", ""}, {"https://bill.example/fhir/R4/", ""}, {"https://bill.example/fhir/R4/metadata", ""}, {"https://bill.example/fhir/R4/Patient", ""},
		{"https://bill.example/fhir/R4/Patient/1/x", ""}, {"https://bill.example/fhir/R4/Nobody/1", ""}, {"https://bill.example/fhir/R4x/Patient/1", ""},
		{"https://bill.example.evil/fhir/R4/Patient/1", ""}, {"https://other.example/fhir/R4/Patient/1", ""}, {"https://x/?https://bill.example/fhir/R4/Patient/1", ""},
		{"Patient/1", ""}, {"#a", ""}, {"urn:uuid:1", ""}, {"", ""},
	} {
		if c.want == "" {
			c.want = c.in
		}
		if got := Relative(c.in, ownBases); got != c.want {
			t.Errorf("Relative(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLocalReferenceIsATypeAndAnID(t *testing.T) {
	for _, c := range []struct{ in, typ, id string }{
		{"Patient/1", "Patient", "1"}, {"Patient/1/_history/2", "Patient", "1"},
		{"Patient/", "", ""}, {"Patient", "", ""}, {"patient/1", "", ""}, {"Patient/1/2", "", ""}, {"Patient?a=b", "", ""}, {"Patient/1?a", "", ""}, {"#Patient/1", "", ""}, {"https://x/Patient/1", "", ""}, {"DomainResource/1", "", ""},
	} {
		if typ, id, ok := Local(c.in); typ != c.typ || id != c.id || ok != (c.id != "") {
			t.Errorf("Local(%q) = %q, %q, %v", c.in, typ, id, ok)
		}
	}
}

func TestLocalizeChangesReferencesAlone(t *testing.T) {
	d := mustParse(t, `{"resourceType":"Claim","identifier":[{"system":"https://bill.example/fhir/R4/Patient/1"}], "patient":{"reference":"https:\/\/bill.example/fhir/R4/Patient/1"},
		"extension":[{"url":"x","valueUri":"https://bill.example/fhir/R4/Patient/1"},{"url":"y","valueReference":{"reference":"https://bill.example/fhir/R4/Patient/2"}}]}`)
	got := Localize(d, ownBases)
	want := `{"resourceType":"Claim","identifier":[{"system":"https://bill.example/fhir/R4/Patient/1"}], "patient":{"reference":"Patient/1"},
		"extension":[{"url":"x","valueUri":"https://bill.example/fhir/R4/Patient/1"},{"url":"y","valueReference":{"reference":"Patient/2"}}]}`
	if string(got.Bytes()) != want {
		t.Errorf("got %s", got.Bytes())
	}
	if Localize(got, ownBases) != got || Localize(d, nil) != d {
		t.Error("a document of which nothing changes is another one")
	}
}

func TestLogicalReferencesAreFound(t *testing.T) {
	d := mustParse(t, `{"resourceType":"Encounter","contained":[
			{"resourceType":"Practitioner","id":"a","identifier":[{"system":"s","value":"1"},{"value":"loose"},{"system":"s","value":"2"}]},
			{"resourceType":"Practitioner","id":"b"},{"resourceType":"Coverage","id":"c","payor":[{"identifier":{"system":"s","value":"3"}}]}],
		"subject":{"type":"Patient","identifier":{"system":"s","value":"4","assigner":{"identifier":{"system":"s","value":"5"}}}},
		"serviceProvider":{"identifier":{"value":"loose"}},
		"account":[{"reference":"Account/1","identifier":{"system":"s","value":"6"}},{"reference":"#nobody"},{"display":"x"}],
		"participant":[{"individual":{"reference":"#a"}},{"individual":{"reference":"#b"}}]}`)
	var got []string
	for _, l := range Logicals(d) {
		text := l.Holder.Path() + " " + l.Type
		for _, i := range l.Identifiers {
			text += " " + i.System + "|" + i.Value
		}
		got = append(got, text)
	}
	want := []string{
		"Encounter.contained[2].payor[0]  s|3", "Encounter.subject Patient s|4", "Encounter.subject.identifier.assigner  s|5",
		"Encounter.participant[0].individual Practitioner s|1 s|2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestReferenceIsPointedToAnAddress(t *testing.T) {
	d := mustParse(t, `{"resourceType":"Encounter","contained":[{"resourceType":"Practitioner","id":"a","identifier":[{"system":"s","value":"1"}]}],"subject":{ "identifier":{"system":"s","value":"4"}},"participant":[{"individual":{"reference":"#a","display":"x"}}]}`)
	var edits []Edit
	for _, l := range Logicals(d) {
		edits = append(edits, PointTo(l.Holder, "Basic/1"))
	}
	pointed, err := d.Edited(edits)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"resourceType":"Encounter","contained":[{"resourceType":"Practitioner","id":"a","identifier":[{"system":"s","value":"1"}]}],"subject":{"reference":"Basic/1", "identifier":{"system":"s","value":"4"}},"participant":[{"individual":{"reference":"Basic/1","display":"x"}}]}`
	if string(pointed.Bytes()) != want {
		t.Errorf("got %s", pointed.Bytes())
	}
	if same, _ := d.Edited(nil); same != d {
		t.Error("no edits make another document")
	}
}

func TestReferencesAreFoundWhereverTheyStand(t *testing.T) {
	d := mustParse(t, `{"resourceType":"Encounter","reference":"no/element","status":"finished","subject":{"r\u0065ference":"Patient/1","display":"x"},"period":{"start":"2026"},
		"_status":{"extension":[{"url":"x","valueReference":{"reference":"Patient/2"}}]},"unknown":{"reference":"Patient/no"},
		"contained":[{"resourceType":"Practitioner","id":"a"},{"resourceType":"Coverage","id":"c","p\u0061yor":[{"display":"x"},{"reference":"Organization/3"}]}],
		"participant":[{"type":[{"text":"reference"}]},{"individual":{"reference":"#a"},"type":[]}],"account":[{"reference":["Account/no"]},{"reference":"Account/4"}]}`)
	var found, walked []string
	for _, text := range References(d) {
		found = append(found, text)
	}
	everything := walker{text: func(n Node, owner *TypeDefinition, e *ElementDefinition) bool {
		if isReference(owner, e) {
			walked = append(walked, n.Text())
		}
		return true
	}}
	everything.walk(d.Root(), nil)
	if want := []string{"Patient/1", "Patient/2", "Organization/3", "#a", "Account/no", "Account/4"}; !slices.Equal(found, want) || !slices.Equal(walked, want) {
		t.Errorf("finds %v, a walk of everything %v, want %v", found, walked, want)
	}
}
