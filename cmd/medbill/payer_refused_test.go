package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/internal/auth"
	"medbill/internal/store/storetest"
)

// judgement is an answer of ACME by which it pays lines, each as "charge paid".
func judgement(claim, patient, number string, lines ...string) string {
	amount := func(category, value string) string {
		return `{"category":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"` + category + `"}]},"amount":{"value":` + value + `,"currency":"USD"}}`
	}
	var items []string
	for i, line := range lines {
		charged, paid, _ := strings.Cut(line, " ")
		items = append(items, fmt.Sprintf(`{"itemSequence":%d,"adjudication":[%s,%s]}`, i+1, amount("submitted", charged), amount("benefit", paid)))
	}
	return fmt.Sprintf(`{"resourceType":"ClaimResponse","identifier":[{"system":"https://acme.example/icn","value":%[3]q}],"status":"active","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},"use":"claim","patient":{"reference":"Patient/%[2]s"},"created":"2026-03-20","insurer":{"reference":"Organization/acme"},"request":{"reference":"Claim/%[1]s"},"outcome":"complete","item":[%[4]s]}`, claim, patient, number, strings.Join(items, ","))
}

// TestWhatAPayerMayNotSayIsRefusedWithItsPath holds that what a payer sends and may not is refused with the place and the reason, that what is to no claim of its own is held, and that nothing of either is posted.
func TestWhatAPayerMayNotSayIsRefusedWithItsPath(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := practise(t, url)
		x.visits("PAID-1", []string{"99214"}, "")
		x.visits("PEND-1", []string{"99214"}, "")
		x.visits("REPL-1", []string{"99214", "93000", "36415"}, "")
		x.passes(2)
		x.put(strings.Replace(procedure("repl-1", "99214"), `"code":"99214"`, `"code":"99213"`, 1))
		x.rests()
		replaced := x.search("Claim?claim-state=adjudicated&patient=Patient/repl-1").At(0).In("resource", "id").Text()
		x.decides("REPL-1", "changed-after-sent", "replace")
		x.passes(2)
		x.asks(x.insured("E1-1"))
		x.insured("E1-2")
		x.calls()
		if err := x.payer.Round(context.Background()); err != nil {
			t.Fatal(err)
		}
		acme, beta := x.token(auth.RolePayer, "acme"), x.token(auth.RolePayer, "beta")
		elsewhere, err := tokenCommand{Tenant: "elsewhere", Role: "payer", Organization: "acme", TTL: demoTokenTTL}.sign(x.s.keys)
		if err != nil {
			t.Fatal(err)
		}
		paid := x.claim("PAID-1")
		eligibility := `{"resourceType":"CoverageEligibilityResponse","status":"active","purpose":["benefits"],"patient":{"reference":"Patient/e1-2"},"created":"2026-03-03","request":{"reference":"CoverageEligibilityRequest/e1-1"},"outcome":"complete","insurer":{"reference":"Organization/acme"},"insurance":[{"coverage":{"reference":"Coverage/e1-2"},"inforce":false}]}`
		remittance := `{"resourceType":"PaymentReconciliation","status":"active","created":"2026-03-20","paymentIssuer":{"reference":"Organization/acme"},"outcome":"complete","paymentDate":"2026-03-20","paymentAmount":{"value":96.01,"currency":"USD"},"paymentIdentifier":{"value":"TRACE-OFF"},"detail":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/payment-type","code":"payment"}]},"request":{"reference":"Claim/` + paid + `"},"response":{"reference":"ClaimResponse/` + x.search("ClaimResponse?request=Claim/"+paid).At(0).In("resource", "id").Text() + `"},"amount":{"value":96.00,"currency":"USD"}}]}`
		before, members := x.books(), x.search("CoverageEligibilityResponse?patient=Patient/e1-2").Len()
		for _, row := range []struct{ name, token, typ, body, want string }{
			{"to a claim of another tenant", elsewhere, "ClaimResponse", judgement(paid, "paid-1", "ICN-1", "250.00 250.00"), `"resourceType":"ClaimResponse"`},
			{"to another payer's claim", beta, "ClaimResponse", strings.Replace(judgement(paid, "paid-1", "ICN-2", "250.00 250.00"), "Organization/acme", "Organization/beta", 1), `"resourceType":"ClaimResponse"`},
			{"in another payer's name", beta, "ClaimResponse", judgement(paid, "paid-1", "ICN-3", "250.00 250.00"), `"code":"answer.insurer" ClaimResponse.insurer`},
			{"to a replaced claim", acme, "ClaimResponse", judgement(replaced, "repl-1", "ICN-4", "15.00 15.00", "60.00 60.00", "250.00 250.00"), `"code":"claim.state" ClaimResponse.request`},
			{"a line that does not add up", acme, "ClaimResponse", judgement(x.claim("PEND-1"), "pend-1", "ICN-5", "250.00 249.99"), `"code":"answer. ClaimResponse.item[0]`},
			{"a remittance a cent off", acme, "PaymentReconciliation", remittance, `"code":"remittance. PaymentReconciliation.paymentAmount`},
			{"of another's member", acme, "CoverageEligibilityResponse", eligibility, `"code":"eligibility.patient" CoverageEligibilityResponse.patient`},
		} {
			got := send(context.Background(), t, x.s.base, row.token, "POST", "/fhir/R4/"+row.typ, row.body)
			for _, want := range strings.Fields(row.want) {
				if !strings.Contains(got, want) {
					t.Errorf("%s gives %.600s, want %s", row.name, got, want)
				}
			}
		}
		if diff := cmp.Diff(before, x.books()); diff != "" {
			t.Errorf("something is posted:\n%s", diff)
		}
		if got := x.search("CoverageEligibilityResponse?patient=Patient/e1-2").Len(); got != members {
			t.Errorf("%d answers about another's member are kept, were %d", got, members)
		}
		x.isSound()
	})
}
