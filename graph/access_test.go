package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// manyClaims makes n people with a visit each and takes their claims to the payer's answer.
func (d *desk) manyClaims(n int) {
	d.t.Helper()
	resources := practice()
	for i := range n {
		id := fmt.Sprintf("p%02d", i)
		resources = append(resources, slices.Concat(person(id), coded("visit-"+id, id))...)
	}
	d.bundle(d.role(auth.RoleAdmin), resources...)
	d.wait("Claim", "claim-state=ready", n)
	for i := range n {
		id := fmt.Sprintf("p%02d", i)
		claim := d.only(`claims(filter:{patient:"` + id + `"})`)
		if _, err := d.office.SubmitClaim(context.Background(), d.role(auth.RoleBiller), billing.Call{}, models.ClaimID(claim)); err != nil {
			d.t.Fatal(err)
		}
		d.answerClaim(claim, id)
	}
	d.wait("Invoice", "status=issued", n)
	for waiting := int64(1); waiting > 0; time.Sleep(10 * time.Millisecond) {
		var err error
		if waiting, err = d.office.CountWaiting(context.Background()); err != nil {
			d.t.Fatal(err)
		}
	}
}

// TestATenantSeesNothingOfAnother holds it for every way into the graph.
func TestATenantSeesNothingOfAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, claim, invoice := billed(t, db)
		other := as(t, "other", auth.RoleAdmin)
		d.bundle(other, `{"resourceType":"Patient","id":"ann","gender":"male"}`)
		d.says(other, `{"patient":{"gender":"male","name":[],"coverages":[],"account":null}}`, `{patient(id:"ann"){gender name{family} coverages{id} account{id}}}`)
		d.says(other, `{"patients":{"totalCount":1},"encounters":{"totalCount":0},"claims":{"totalCount":0},"invoices":{"totalCount":0},"workItems":{"totalCount":0},"account":null}`,
			`{patients{totalCount} encounters{totalCount} claims{totalCount} invoices{totalCount} workItems{totalCount} account(patient:"ann"){id}}`)
		d.refuses(other, "NOT_FOUND NOT_FOUND NOT_FOUND", `query($c:ID!,$i:ID!){encounter(id:"visit"){id} claim(id:$c){id} invoice(id:$i){id}}`, "c", claim, "i", invoice)
		d.refuses(other, "NOT_FOUND", `mutation($c:ID!){submitClaim(id:$c){claim{id}}}`, "c", claim)
		d.refuses(other, "NOT_FOUND", `mutation($i:ID!){recordPayment(input:{invoice:$i,amount:{value:"74.00"},method:card},idempotencyKey:"k"){invoice{id}}}`, "i", invoice)
		d.refuses(other, "NOT_FOUND", `mutation{codeEncounter(input:{encounter:"visit",diagnosis:["I10"],charge:[{code:"93000",serviceDate:"2026-03-02"}]}){encounter{id}}}`)
		a := d.ask(d.role(auth.RoleAdmin), `{claims(first:1){edges{cursor}}}`)
		cursor := strings.Split(string(a.Data), `"`)[7]
		d.refuses(other, "BAD_USER_INPUT", `query($a:String){claims(after:$a){nodes{id}}}`, "a", cursor)
	})
}

// TestAPatientSeesItsOwnAlone holds that ann sees her records and what they name, and nothing of bob's or of the office's.
func TestAPatientSeesItsOwnAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, claim, invoice := billed(t, db)
		d.bundle(d.role(auth.RoleAdmin), slices.Concat(person("bob"), coded("visit-bob", "bob"))...)
		d.wait("Claim", "patient=Patient/bob&claim-state=ready", 1)
		bobs, ann := d.only(`claims(filter:{patient:"bob"})`), d.role(auth.RolePatient)
		d.says(ann, `{"patients":{"totalCount":1,"nodes":[{"id":"ann"}]},"claims":{"totalCount":1,"nodes":[{"id":"`+claim+`","insurer":{"name":"ACME PPO"}}]},"invoices":{"totalCount":1,"nodes":[{"id":"`+invoice+`","issuer":{"name":"Zzyzx Clinic"}}]},"bobs":{"nodes":[]},"account":null}`,
			`{patients{totalCount nodes{id}} claims{totalCount nodes{id insurer{name}}} invoices{totalCount nodes{id issuer{name}}} bobs:claims(filter:{patient:"bob"}){nodes{id}} account(patient:"bob"){id}}`)
		d.refuses(ann, "NOT_FOUND NOT_FOUND NOT_FOUND", `query($c:ID!){patient(id:"bob"){id} claim(id:$c){id} encounter(id:"visit-bob"){id}}`, "c", bobs)
		a := d.refuses(ann, "FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN", `query($c:ID!){claim(id:$c){id findings{rule} postings{account} balance{account}} account(patient:"ann"){due{value} balance{account}}}`, "c", claim)
		if want := `{"claim":{"id":"` + claim + `","findings":null,"postings":null,"balance":null},"account":{"due":{"value":"74.00"},"balance":null}}`; string(a.Data) != want {
			t.Errorf("ann sees %s, want %s", a.Data, want)
		}
		d.refuses(ann, "FORBIDDEN", `{workItems{nodes{id}}}`)
		d.refuses(ann, "FORBIDDEN", `mutation($c:ID!){submitClaim(id:$c){claim{id}}}`, "c", claim)
	})
}

// TestAPayerSeesTheClaimsSentToIt holds that a payer's token opens no other claim and nothing of the office's.
func TestAPayerSeesTheClaimsSentToIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, claim, invoice := billed(t, db)
		d.bundle(d.role(auth.RoleAdmin), slices.Concat(person("bob"), coded("visit-bob", "bob"))...)
		d.wait("Claim", "patient=Patient/bob&claim-state=ready", 1)
		payer := d.role(auth.RolePayer)
		d.says(payer, `{"claims":{"totalCount":1,"nodes":[{"id":"`+claim+`","patient":{"id":"ann"},"item":[{"net":{"value":"250.00"},"chargeItem":null},{"net":{"value":"60.00"},"chargeItem":null},{"net":{"value":"15.00"},"chargeItem":null}],"responses":[{"outcome":"complete"}]}]}}`,
			`{claims{totalCount nodes{id patient{id} item{net{value} chargeItem{id}} responses{outcome}}}}`)
		d.refuses(payer, "FORBIDDEN FORBIDDEN NOT_FOUND", `query($c:ID!){claim(id:$c){findings{rule} postings{account}} patient(id:"bob"){id}}`, "c", claim)
		d.refuses(payer, "FORBIDDEN", `query($i:ID!){invoice(id:$i){id}}`, "i", invoice)
		d.refuses(payer, "FORBIDDEN", `{workItems{nodes{id}}}`)
		other := payer
		other.Organization = "nobody"
		d.says(other, `{"claims":{"totalCount":0}}`, `{claims{totalCount}}`)
	})
}

// TestACoderSeesNoMoneyThatMoved holds the coder's desk: findings yes, books and payments no.
func TestACoderSeesNoMoneyThatMoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, claim, invoice := billed(t, db)
		coder := d.role(auth.RoleCoder)
		d.says(coder, `{"claim":{"findings":[]}}`, `query($c:ID!){claim(id:$c){findings{rule}}}`, "c", claim)
		d.refuses(coder, "FORBIDDEN FORBIDDEN FORBIDDEN", `query($c:ID!){claim(id:$c){postings{account} balance{account} responses{id}}}`, "c", claim)
		d.refuses(coder, "FORBIDDEN", `query($i:ID!){invoice(id:$i){id}}`, "i", invoice)
		d.refuses(coder, "FORBIDDEN", `{account(patient:"ann"){id}}`)
		d.refuses(d.role(auth.RoleEHR), "FORBIDDEN", `query($i:ID!){invoice(id:$i){status payments{id}}}`, "i", invoice)
	})
}
