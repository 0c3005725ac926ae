package paper_test

import "testing"

// BenchmarkInvoice tells what setting an invoice costs.
func BenchmarkInvoice(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := samples["invoice"].PDF(); err != nil {
			b.Fatal(err)
		}
	}
}
