package api_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
)

const (
	payersHeader = "payer,name,aliases,identifiers,transactions\n"
	factsHeader  = "payer,subject,code,value,from,until\n"
	enrolsHeader = "payer,npi,from,until\n"
	csvType      = "Content-Type: text/csv"
)

// TestPayersAreLoadedWhileTheServerRuns goes through both operations, in both forms.
func TestPayersAreLoadedWhileTheServerRuns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		manager := who{role: auth.RoleManager}
		w.do(t, manager, "POST", "$load-payers", payersHeader+"acme,ACME PPO,Acme;ACME Health,urn:naic|1,837P 835\n", csvType).expect(t, 200)
		a := w.do(t, manager, "POST", "$load-payers", sets("csv", `'valueString':'`+strings.ReplaceAll(factsHeader+"acme,filing-limit,,90,,2025-12-31\nacme,filing-limit,,120,2026-01-01,\n*,authorization,T1000,yes,,\n", "\n", `\n`)+`'`)).expect(t, 200)
		if got := a.says(t); got != "changed=true payer=[id][name ACME PPO][facts 2][enrolments 0] payer=[id][facts 1][enrolments 0]" {
			t.Error(got)
		}
		w.do(t, manager, "POST", "$load-payers", enrolsHeader+"acme,1234567893,,\n", csvType).expect(t, 200)
		for query, want := range map[string]string{
			"":                          "filing-limit 90 120 1234567893 ACME*",
			"?payer=acme&on=2026-03-02": "filing-limit 120 1234567893 ACME",
			"?payer=*":                  "authorization T1000 *",
		} {
			body := w.do(t, manager, "GET", "$payers"+query, "").expect(t, 200).body
			for _, word := range strings.Fields(want) {
				if !strings.Contains(body, strings.TrimSuffix(word, "*")) {
					t.Errorf("%s: %q is missing in %s", query, word, body)
				}
			}
			if isOne := query != "" && strings.Contains(body, `"90"`); isOne {
				t.Errorf("%s shows what does not hold: %s", query, body)
			}
		}
		if got := w.do(t, manager, "POST", "$payers", sets("payer", `'valueString':'acme'`)).expect(t, 200).body; !strings.Contains(got, "ACME Health") {
			t.Error(got)
		}
		w.do(t, manager, "GET", "$payers?payer=none", "").expect(t, 404)
		w.do(t, manager, "GET", "$payers?on=today", "").expect(t, 400)
		for name, row := range map[string]struct {
			text   string
			status int
			places string
		}{
			"lines that are wrong":             {factsHeader + "acme,age,99213,x,,\nacme,age,99214,65-,,\nacme,nothing,,1,,\n", 400, "line 2 line 4"},
			"a file that is none":              {"code,amount\n99213,1\n", 400, "line 1"},
			"a payer that nobody entered":      {factsHeader + "acme,age,99214,65-,,\ntypo,age,99214,65-,,\n", 422, "line 3"},
			"an NPI that is none":              {enrolsHeader + "acme,1234567890,,\n", 400, "line 2"},
			"a payer twice":                    {payersHeader + "a,A,,,\na,B,,,\n", 400, "line 3"},
			"lines that contradict each other": {factsHeader + "acme,filing-limit,,90,,\nacme,filing-limit,,91,,\n", 400, "line 3"},
		} {
			if got := w.do(t, manager, "POST", "$load-payers", row.text, csvType).expect(t, row.status).places(t); got != row.places {
				t.Errorf("%s stands at %s, want %s", name, got, row.places)
			}
		}
		w.do(t, manager, "POST", "$load-payers?name=x", enrolsHeader+"acme,1234567893,,\n", csvType).expect(t, 400)
		if got := w.do(t, manager, "GET", "$payers?payer=acme", "").body; strings.Contains(got, "65-") || !strings.Contains(got, `"120"`) {
			t.Errorf("refused files left %s", got)
		}
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleFrontDesk, auth.RoleCoder, auth.RoleBiller, auth.RolePayer, auth.RolePatient} {
			w.do(t, who{role: role, patient: "ann", organization: "acme"}, "GET", "$payers", "").expect(t, 403)
			w.do(t, who{role: role, patient: "ann", organization: "acme"}, "POST", "$load-payers", enrolsHeader+"acme,,,\n", csvType).expect(t, 403)
		}
	})
}
