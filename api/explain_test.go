package api_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
)

// TestAClaimTellsItsStatesAndItsAmounts holds what the doors say of a claim that is sent, and to whom.
func TestAClaimTellsItsStatesAndItsAmounts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		visit(t, w, "visit", "ann")
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]
		biller := who{role: auth.RoleBiller}
		w.do(t, biller, "POST", "Claim/"+claim+"/$submit", "").expect(t, 200)
		told := w.do(t, biller, "GET", "Claim/"+claim+"/$timeline", "").expect(t, 200).says(t)
		if !strings.Contains(told, "ready") || !strings.Contains(told, "transmitted") {
			t.Errorf("the claim tells %s", told)
		}
		got := w.do(t, biller, "GET", "Claim/"+claim+"/$explain?account=AR:Insurance", "").expect(t, 200).body
		for _, want := range []string{`{"name":"balance","part":[{"name":"account","valueString":"AR:Insurance"},{"name":"amount","valueMoney":{"value":`, `{"name":"kind","valueCode":"charge"}`, `{"name":"from","valueReference":{"reference":"ChargeItem/`, `{"name":"path","valueString":"ChargeItem"}`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s is missing in %s", want, got)
			}
		}
		line := w.do(t, biller, "GET", "Claim/"+claim+"/$explain?line=1", "").expect(t, 200).body
		if strings.Count(line, `"name":"posting"`) != 2 {
			t.Errorf("a line that is charged is explained by %s", line)
		}
		for _, query := range []string{"?line=99", "?line=0", "?line=x", "?account=none", "?x=1"} {
			w.do(t, biller, "GET", "Claim/"+claim+"/$explain"+query, "").expect(t, 400)
		}
		w.do(t, biller, "GET", "Claim/none/$explain", "").expect(t, 404)
		w.do(t, biller, "GET", "Claim/none/$timeline", "").expect(t, 404)
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleFrontDesk, auth.RoleCoder, auth.RolePayer, auth.RolePatient} {
			w.do(t, who{role: role, patient: "ann", organization: "acme"}, "GET", "Claim/"+claim+"/$explain", "").expect(t, 403)
		}
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleFrontDesk, auth.RolePayer, auth.RolePatient} {
			w.do(t, who{role: role, patient: "ann", organization: "acme"}, "GET", "Claim/"+claim+"/$timeline", "").expect(t, 403)
		}
	})
}
