package search_test

import (
	"testing"

	"medbill/fhir"
	"medbill/fhir/search"
)

// BenchmarkExtract reads the Synthea claim nearest to 4 KB.
func BenchmarkExtract(b *testing.B) {
	const wanted = 4096
	var claim *fhir.Document
	bundles(b, func(d *fhir.Document) bool {
		for entry := range d.Root().Get("entry").Children() {
			resource := entry.Get("resource")
			if !resource.Get("resourceType").Is("Claim") {
				continue
			}
			if c := resource.Detach(); claim == nil || distance(len(c.Bytes()), wanted) < distance(len(claim.Bytes()), wanted) {
				claim = c
			}
		}
		return claim == nil || distance(len(claim.Bytes()), wanted) > 200
	})
	b.SetBytes(int64(len(claim.Bytes())))
	b.ReportAllocs()
	for b.Loop() {
		search.Extract(claim, nil)
	}
}

func distance(a, b int) int { return max(a-b, b-a) }
