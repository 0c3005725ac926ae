package api_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
)

const (
	contractsHeader = "contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\n"
	ratesHeader     = "contract,kind,code,modifiers,place,provider,value,from,until\n"
)

// TestContractsAreLoadedWhileTheServerRuns goes through the operations on contracts, in both forms, to what is expected of a claim.
func TestContractsAreLoadedWhileTheServerRuns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		manager := who{role: auth.RoleManager}
		w.do(t, manager, "POST", "$load-payers", payersHeader+"acme,ACME PPO,,,\n", csvType).expect(t, 200)
		a := w.do(t, manager, "POST", "$load-contracts", contractsHeader+"old,acme,ACME PPO,2020-01-01,2025-12-31,,,,,,,,,\nnew,acme,ACME PPO,2026-01-01,,claim,none,1.50,0.5,90,13202-01,2025-10-01,32.3465,6000\n", csvType).expect(t, 200)
		if got := a.says(t); got != "changed=true contract=[id][name ACME PPO][rates 0] contract=[id][name ACME PPO][rates 0]" {
			t.Error(got)
		}
		w.do(t, manager, "POST", "$load-contracts", sets("csv", `'valueString':'`+strings.ReplaceAll(ratesHeader+"new,flat,99213,25,11,doc,88.95,2026-01-01,2026-06-30\nnew,percent-of-charge,*,,,,62.5,,\n", "\n", `\n`)+`'`)).expect(t, 200)
		for query, want := range map[string]string{
			"":                            "old new claim none 1.50 0.50 13202-01 2025-10-01 32.3465 6000.00 Organization/acme",
			"?contract=new":               "99213 25 doc 88.95 62.50",
			"?contract=new&on=2026-07-01": "62.50",
			"?on=2025-12-31":              "old",
		} {
			body := w.do(t, manager, "GET", "$contracts"+query, "").expect(t, 200).body
			for _, word := range strings.Fields(want) {
				if !strings.Contains(body, word) {
					t.Errorf("%s: %q is missing in %s", query, word, body)
				}
			}
			if query != "?contract=new" && strings.Contains(body, "88.95") {
				t.Errorf("%s shows what was not asked for: %s", query, body)
			}
		}
		w.do(t, manager, "GET", "$contracts?contract=none", "").expect(t, 404)
		w.do(t, manager, "GET", "$contracts?on=today", "").expect(t, 400)
		for name, row := range map[string]struct {
			text   string
			status int
			places string
		}{
			"lines that are wrong":        {ratesHeader + "new,flat,99213,,,,x,,\nnew,flat,99214,,,,1,,\nnew,none,,,,,1,,\n", 400, "line 2 line 4"},
			"a file that is none":         {"code,amount\n99213,1\n", 400, "line 1"},
			"a payer that nobody entered": {contractsHeader + "x,typo,X,,,,,,,,,,,\n", 422, "line 2"},
		} {
			if got := w.do(t, manager, "POST", "$load-contracts", row.text, csvType).expect(t, row.status).places(t); got != row.places {
				t.Errorf("%s stands at %s, want %s", name, got, row.places)
			}
		}
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleFrontDesk, auth.RoleCoder, auth.RoleBiller, auth.RolePayer, auth.RolePatient} {
			w.do(t, who{role: role, patient: "ann", organization: "acme"}, "GET", "$contracts", "").expect(t, 403)
			w.do(t, who{role: role, patient: "ann", organization: "acme"}, "POST", "$load-contracts", ratesHeader+"new,,,,,,,,\n", csvType).expect(t, 403)
		}
	})
}

// TestExpectTellsHowAnAmountComesAbout: without a contract, with one, and to whom.
func TestExpectTellsHowAnAmountComesAbout(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		visit(t, w, "visit", "ann")
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]
		biller := who{role: auth.RoleBiller}
		if got := w.do(t, biller, "POST", "Claim/"+claim+"/$expect", "").expect(t, 200).body; !strings.Contains(got, `{"name":"known","valueBoolean":false}`) || !strings.Contains(got, "No contract with the payer holds") {
			t.Errorf("without a contract: %s", got)
		}
		manager := who{role: auth.RoleManager}
		w.do(t, manager, "POST", "$load-payers", payersHeader+"acme,ACME PPO,,,\n", csvType).expect(t, 200)
		w.do(t, manager, "POST", "$load-contracts", contractsHeader+"new,acme,ACME PPO,2026-01-01,,,,,,,,,,\n", csvType).expect(t, 200)
		w.do(t, manager, "POST", "$load-contracts", ratesHeader+"new,percent-of-charge,*,,,,60,,\n", csvType).expect(t, 200)
		got := w.do(t, biller, "POST", "Claim/"+claim+"/$expect", "").expect(t, 200).body
		for _, want := range []string{`{"name":"known","valueBoolean":true}`, `{"name":"allowed","valueMoney":{"value":195.00,"currency":"USD"}}`, `{"name":"text","valueString":"60 % of the charge of 250.00"},{"name":"source","valueString":"contract new, line 2"},{"name":"amount","valueMoney":{"value":150.00,"currency":"USD"}}`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s is missing in %s", want, got)
			}
		}
		w.do(t, biller, "POST", "Claim/"+claim+"/$expect", sets("x", `'valueString':'y'`)).expect(t, 400)
		w.do(t, biller, "POST", "Claim/none/$expect", "").expect(t, 404)
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleFrontDesk, auth.RoleCoder, auth.RolePayer, auth.RolePatient} {
			w.do(t, who{role: role, patient: "ann", organization: "acme"}, "POST", "Claim/"+claim+"/$expect", "").expect(t, 403)
		}
	})
}
