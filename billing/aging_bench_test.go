package billing_test

import (
	"context"
	"strings"
	"testing"

	"medbill/billing/rules/reports"
	"medbill/internal/store/storetest"
)

// openLines are the lines of BenchmarkAging, all of them open: a practice of some two hundred doctors.
const openLines = 1_000_000

// BenchmarkAging asks for the aging of a million open lines through the use case.
func BenchmarkAging(b *testing.B) {
	for _, name := range storetest.Databases {
		url := storetest.URL(b, name)
		d := workless(b, storetest.Open(b, url))
		storetest.FillReceivables(b, url, d.tenant, openLines)
		for _, parameters := range []string{"of=all", "by=party", "by=payer", "by=provider", "by=patient", "from=first-bill", "from=responsible", "asOf=2025-09-30"} {
			b.Run(name+"/"+parameters, func(b *testing.B) {
				byName := map[string][]string{"asOf": {"2026-06-30"}}
				if key, value, ok := strings.Cut(parameters, "="); ok {
					byName[key] = []string{value}
				}
				ask, err := reports.Read("aging", byName)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					if _, err := d.office.Report(context.Background(), d.admin(), ask); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
