package api_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// A total is told where it was counted to its end; where more match than are counted, the Bundle has none and says so.
func TestATotalIsCountedUpToALimit(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := open(t, storetest.Open(t, url), nil)
		w.put(t, "Patient/first", patientOf("first", ""))
		const numbers = "WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < %d)"
		storetest.ByHand(t, url).Do("INSERT INTO documents (tenant_id, type, id, version, updated, deleted, external, digest, body) " + fmt.Sprintf(numbers, store.TotalMax-1) +
			" SELECT d.tenant_id, d.type, 'p' || g.i, 1, d.updated, d.deleted, d.external, d.digest, d.body FROM documents d CROSS JOIN g WHERE d.id = 'first' AND d.type = 'Patient'")
		for _, query := range []string{"_summary=count", "_total=accurate&_count=1"} {
			a := w.do(t, admin, "GET", "Patient?"+query, "").expect(t, 200)
			if got := a.node(t).Get("total").Text(); got != fmt.Sprint(store.TotalMax) || strings.Contains(a.body, "OperationOutcome") {
				t.Errorf("%s of %d has a total of %q", query, store.TotalMax, got)
			}
		}
		w.put(t, "Patient/last", patientOf("last", ""))
		for _, query := range []string{"_summary=count", "_total=accurate&_count=1"} {
			a := w.do(t, admin, "GET", "Patient?"+query, "").expect(t, 200)
			if a.node(t).Get("total").Exists() || !strings.Contains(a.body, `"mode":"outcome"`) || !strings.Contains(a.body, "too-costly") {
				t.Errorf("%s of one more gives %.200s", query, a.body)
			}
		}
	})
}
