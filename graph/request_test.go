package graph

import (
	"testing"

	"medbill/fhir"
)

// TestEscapesOfAQueryAreText holds the table against what the lexer takes.
func TestEscapesOfAQueryAreText(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{`{patient(id:"\u0041\ud83d\ude00\u{1F600}"){id}}`, ""},
		{`{patient(id:"\\ud800 \\u0000"){id}}`, ""},
		{`{patient(id:"""\ud800 \u0000"""){id}}`, ""},
		{`{patient(id:"1"){id}} # "\ud800"`, ""},
		{`{patient(id:"\u0000"){id}}`, fhir.NotACharacter},
		{`{patient(id:"\u{0}"){id}}`, fhir.NotACharacter},
		{`{patient(id:"\u{0000}"){id}}`, fhir.NotACharacter},
		{`{patient(id:"\ud800"){id}}`, fhir.HalfACharacter},
		{`{patient(id:"\uDFFF"){id}}`, fhir.HalfACharacter},
		{`{patient(id:"\ude00\ud83d"){id}}`, fhir.HalfACharacter},
		{`{patient(id:"\ud83d\ud83d\ude00"){id}}`, fhir.HalfACharacter},
		{`{patient(id:"\ud83dx\ude00"){id}}`, fhir.HalfACharacter},
		{`{patient(id:"\ud83d\n"){id}}`, fhir.HalfACharacter},
		{"{a:patient(id:\"é\") {id}\n b:patient(id:\"é\\ud800\"){id}}", fhir.HalfACharacter},
		{`{patient(id:"\ud800`, ""},
	} {
		got := ""
		if flaw := flawIn(c.query); flaw != nil {
			got = flaw.Message
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.query, got, c.want)
		}
	}
}
