package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/models"
)

// TestAStayIsBilledOverHTTP holds three days in hospital from the EHR's charges over REST to the payer's answer: 3,135.50, and books
// that are even.
func TestAStayIsBilledOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.put(t, "Condition/pneumonia", compact(`{'resourceType':'Condition','id':'pneumonia','subject':{'reference':'Patient/ann'},'encounter':{'reference':'Encounter/stay'},'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'J18.9'}]}}`))
		for _, c := range []struct {
			revenue  string
			quantity int
			price    string
		}{{"0120", 3, "2700.00"}, {"0450", 1, "310.00"}, {"0250", 1, "125.50"}} {
			w.put(t, "ChargeItem/c"+c.revenue, compact(fmt.Sprintf(`{'resourceType':'ChargeItem','id':'c%s','status':'billable','subject':{'reference':'Patient/ann'},'context':{'reference':'Encounter/stay'},'occurrenceDateTime':'2026-03-02','quantity':{'value':%d},
			 'code':{'coding':[{'system':'https://www.nubc.org/CodeSystem/RevenueCodes','code':'%s'}]},'priceOverride':{'value':%s,'currency':'USD'}}`, c.revenue, c.quantity, c.revenue, c.price)))
		}
		w.put(t, "Encounter/stay", compact(`{'resourceType':'Encounter','id':'stay','status':'finished','class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'IMP'},'subject':{'reference':'Patient/ann'},'serviceProvider':{'reference':'Organization/practice'},
		 'priority':{'coding':[{'system':'https://www.nubc.org/CodeSystem/PriorityTypeOfAdmitOrVisit','code':'1'}]},
		 'participant':[{'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':'ATND'}]}],'individual':{'reference':'Practitioner/doc'}}],
		 'period':{'start':'2026-03-02T14:00:00-05:00','end':'2026-03-05T10:00:00-05:00'},
		 'diagnosis':[{'condition':{'reference':'Condition/pneumonia'},'use':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/diagnosis-role','code':'AD'}]}}],
		 'hospitalization':{'admitSource':{'coding':[{'system':'https://www.nubc.org/CodeSystem/PointOfOrigin','code':'1'}]},'dischargeDisposition':{'coding':[{'system':'https://www.nubc.org/CodeSystem/PatDischargeStatus','code':'01'}]}}}`))
		claim := w.await(t, "Claim?encounter=Encounter/stay&claim-state=ready", 1)[0]
		sent := w.do(t, admin, "POST", "Claim/"+claim+"/$submit", "").expect(t, 200).node(t)
		for path, want := range map[string]string{
			sent.In("type", "coding", "code").Text(): "institutional", sent.In("subType", "coding", "code").Text(): "111", sent.In("total", "value").Text(): "3135.50",
			sent.In("billablePeriod", "start").Text(): "2026-03-02", sent.In("billablePeriod", "end").Text(): "2026-03-05", sent.Get("status").Text(): "active",
		} {
			if path != want {
				t.Errorf("the claim says %q, want %q", path, want)
			}
		}
		paid := map[string][2]string{"0120": {"2700.00", "2700.00"}, "0450": {"310.00", "310.00"}, "0250": {"125.50", "125.50"}}
		var items []string
		for line := range sent.Get("item").Children() {
			money := paid[line.In("revenue", "coding", "code").Text()]
			items = append(items, fmt.Sprintf(`{'itemSequence':%s,'adjudication':[{'category':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/adjudication','code':'submitted'}]},'amount':{'value':%s,'currency':'USD'}},
			 {'category':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/adjudication','code':'benefit'}]},'amount':{'value':%s,'currency':'USD'}}]}`, line.Get("sequence").Text(), money[0], money[1]))
		}
		answer := compact(`{'resourceType':'ClaimResponse','status':'active','use':'claim','outcome':'complete','created':'2026-03-20','identifier':[{'system':'http://acme.example.org/icn','value':'ICN-9'}],
		 'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'institutional'}]},'patient':{'reference':'Patient/ann'},'insurer':{'reference':'Organization/acme'},'request':{'reference':'Claim/` + claim + `'},'item':[` + strings.Join(items, ",") + `]}`)
		w.do(t, who{role: auth.RolePayer, organization: "acme"}, "POST", "ClaimResponse", answer).expect(t, 201)
		w.idle(t)
		if state := w.await(t, "Claim?encounter=Encounter/stay&claim-state=adjudicated", 1); state[0] != claim {
			t.Errorf("answered is %v, want %s", state, claim)
		}
		err := w.db.As(models.Actor{Tenant: tenant}).View(context.Background(), func(v *store.View) error {
			balances, err := journal.Balances(v)
			var sum models.Cents
			for _, b := range balances {
				sum += b
			}
			if sum != 0 || balances[models.AccountClearing] != 313550 || balances[models.AccountARInsurance] != 0 || balances[models.AccountRevenue] != -313550 {
				t.Errorf("the trial balance is %v", balances)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.office.Verify(context.Background(), tenant, billing.Watch{Breach: func(b billing.Breach) { t.Error(b) }}); err != nil {
			t.Fatal(err)
		}
	})
}
