package api_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store/storetest"
)

// A report is a file of lines under its own name, for who may read the books, and that it was read is in the audit.
func TestReportsAreFiles(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := open(t, storetest.Open(t, url), nil)
		w.put(t, "Patient/canary", patientOf("canary", "")) // makes the tenant
		at := w.root + "/reports/"
		a := w.do(t, who{role: auth.RoleBiller}, "GET", at+"aging.csv?asOf=2026-06-30&by=payer&by=party", "").expect(t, 200)
		for name, want := range map[string]string{
			"Content-Type": "text/csv; charset=utf-8; header=present", "Content-Disposition": `attachment; filename="aging-2026-06-30.csv"`, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if want := "payer,party,0-30,31-60,61-90,91-120,121+,undated,total,charges 0-30,charges 31-60,charges 61-90,charges 91-120,charges 121+,charges undated\r\n"; a.body != want {
			t.Errorf("got %q", a.body)
		}
		if a := w.do(t, admin, "HEAD", at+"kpi.csv", "").expect(t, 200); a.body != "" {
			t.Errorf("HEAD gives %q", a.body)
		}
		if a := w.do(t, admin, "GET", at+"ledger.csv?from=2026-01-01", "").expect(t, 200); a.body != "month,account,debits,credits\r\n" || !strings.Contains(a.header.Get("Content-Disposition"), "ledger-") {
			t.Errorf("%v %q", a.header, a.body)
		}
		for _, row := range []struct {
			as           who
			path         string
			status       int
			code, places string
		}{
			{admin, "profit.csv", 404, "not-found", "name"},
			{admin, "aging", 404, "not-found", ""},
			{admin, "aging.csv?asOf=today", 400, "value", "asOf"},
			{admin, "aging.csv?by=zzyzx&of=zzyzx", 400, "value", "by of"},
			{admin, "aging.csv?colour=red", 400, "value", "colour"},
			{admin, "aging.csv?by=%", 400, "invalid", ""},
			{who{role: auth.RoleCoder}, "aging.csv", 403, "forbidden", ""},
			{who{role: auth.RoleFrontDesk}, "aging.csv", 403, "forbidden", ""},
			{who{role: auth.RolePatient, patient: "canary", scope: "patient/*.rs operation/reports"}, "aging.csv", 403, "forbidden", ""},
			{who{role: auth.RolePayer, organization: "acme", scope: "system/*.rs operation/reports"}, "aging.csv", 403, "forbidden", ""},
			{who{role: auth.RoleAdmin, tenant: "typo"}, "aging.csv", 403, "forbidden", ""},
		} {
			a := w.do(t, row.as, "GET", at+row.path, "").expect(t, row.status)
			var places []string
			for issue := range a.node(t).Get("issue").Children() {
				for place := range issue.Get("expression").Children() {
					places = append(places, place.Text())
				}
			}
			if strings.Contains(a.body, "zzyzx") || strings.Contains(a.body, "today") || strings.Join(places, " ") != row.places {
				t.Errorf("%s: %s", row.path, a.body)
			}
		}
		w.send(t, "", "GET", at+"aging.csv", "").expect(t, 401)
		w.do(t, admin, "POST", at+"aging.csv", "").expect(t, 405)
		if path, embedded := strings.CutSuffix(url, ".db"); embedded {
			url = path + "-audit.db"
		}
		if read := storetest.ByHand(t, url).Text("SELECT count(*) FROM audit_events WHERE action = 'read' AND type = 'Report' AND record = 'aging' AND subject = 'biller'"); read != "1" {
			t.Errorf("%s readings of it are in the audit", read)
		}
	})
}
