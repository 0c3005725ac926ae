package api_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
)

// TestAnEHRBringsItsOldBilling holds that a record system may send the billing that comes with its records, and that none of
// it reaches the books: not even what looks like a payer's answer to a claim of ours.
func TestAnEHRBringsItsOldBilling(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		visit(t, w, "visit", "ann")
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]
		w.do(t, admin, "POST", "Claim/"+claim+"/$submit", "").expect(t, 200)
		ehr := who{role: auth.RoleEHR}
		for _, typ := range []string{"Claim", "ExplanationOfBenefit", "ClaimResponse", "Invoice"} {
			if a := w.do(t, ehr, "POST", typ, sample(typ, "")).expect(t, 201); !strings.Contains(a.body, `"external"`) {
				t.Errorf("%s is not marked as external: %s", typ, a.body)
			}
		}
		w.do(t, ehr, "POST", "ClaimResponse", payerAnswer(claim, "ICN-1")).expect(t, 201)
		if a := w.do(t, ehr, "GET", "Claim/"+claim, "").expect(t, 200); !strings.Contains(a.body, `"transmitted"`) {
			t.Errorf("an EHR has answered the claim: %s", a.body)
		}
		w.do(t, ehr, "POST", "Claim/"+claim+"/$validate", "").expect(t, 403)
		w.do(t, ehr, "GET", "Account", "").expect(t, 403)
	})
}

func TestTheDesksWriteWhatIsTheirs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		desk, biller := who{role: auth.RoleFrontDesk}, who{role: auth.RoleBiller}
		cover := func(id string) string {
			return `{"resourceType":"Coverage","id":"` + id + `","status":"active","subscriberId":"CANARY-7781","beneficiary":{"reference":"Patient/ann"},"payor":[{"reference":"Organization/acme"}]}`
		}
		w.do(t, desk, "PUT", "Patient/new", patientOf("new", "")).expect(t, 201)
		w.do(t, desk, "PUT", "Coverage/second", cover("second")).expect(t, 201)
		w.do(t, biller, "PUT", "Coverage/third", cover("third")).expect(t, 201)
		w.do(t, biller, "PUT", "Patient/new", patientOf("new", `,"gender":"other"`)).expect(t, 403)
		w.do(t, biller, "DELETE", "Coverage/third", "").expect(t, 403)
		w.do(t, desk, "GET", "Encounter", "").expect(t, 200)
		w.do(t, desk, "GET", "Task", "").expect(t, 200) // the front desk has work of its own
		for _, typ := range []string{"Condition", "Claim", "Observation"} {
			w.do(t, desk, "GET", typ, "").expect(t, 403)
		}
		w.do(t, desk, "POST", "Invoice/none/$pay", compact(`{'resourceType':'Parameters','parameter':[{'name':'amount','valueMoney':{'value':1,'currency':'USD'}},{'name':'method','valueCode':'cash'}]}`), "Idempotency-Key: k").expect(t, 404)
	})
}
