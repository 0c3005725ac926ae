package fhir

import (
	"testing"
)

func BenchmarkParseDefinitions(b *testing.B) {
	for b.Loop() {
		if _, err := parseDefinitions(definitionsText); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseClaim(b *testing.B) {
	src := sharedFile(b, "data/fhir-r4-examples/Claim-960151.json")
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(src); err != nil {
			b.Fatal(err)
		}
	}
}
