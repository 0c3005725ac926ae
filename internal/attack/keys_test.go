package attack_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/models"
)

// caller is somebody with keys of their own, who has something to do of their own.
type caller struct {
	name          string
	door          *world // at which their issuer's tokens are taken
	authorization string
	write, other  request // two different requests
	query, change string  // two different payments on the invoice of a person, "" for who may make none
	of            person
}

// observation gives a document of a patient, told from others by its value.
func observation(patient, value string) request {
	return request{method: "POST", path: "Observation", body: `{"resourceType":"Observation","status":"final","code":{"text":"` + value + `"},"subject":{"reference":"Patient/` + patient + `"}}`}
}

// pays gives a mutation that pays cents on an invoice under a KEY.
func pays(invoice, name, cents string) string {
	return `mutation{x:recordPayment(input:{invoice:"` + invoice + `",amount:{value:"0.` + cents + `"},method:card,reference:"` + name + `-KEY"},idempotencyKey:"KEY"){invoice{id}}}`
}

// queued gives a payer's word that a claim came in.
func queued(p person, claim, identifier string) request {
	body := strings.NewReplacer(`"outcome":"complete"`, `"outcome":"queued"`, "ICN-"+p.canary, identifier).Replace(p.adjudicated(claim))
	body, _, _ = strings.Cut(body, `,"item"`)
	return request{method: "POST", path: "ClaimResponse", body: body + "}"}
}

// callers are ten that differ from one another in one thing or several: subject, patient, payer, tenant, issuer.
func (w *world) callers(t *testing.T) []*caller {
	t.Helper()
	beside := w.beside(t)
	invoice := func(p person) string {
		return w.await(t, w.admin(t, p.tenant), ownInvoices+p.id, 1)[0]
	}
	invoices := map[string]string{"ann": invoice(ann), "bob": invoice(bob), "oda": invoice(oda)}
	var list []*caller
	add := func(name string, door *world, of person, claims auth.Claims) {
		claims.Tenant = of.tenant
		list = append(list, &caller{
			name: name, door: door, authorization: door.sign(t, claims), of: of,
			write: observation(of.id, name), other: observation(of.id, name+" again"),
			query: pays(invoices[of.id], name, "01"), change: pays(invoices[of.id], name, "02"),
		})
	}
	all, own := "system/*.cruds operation/*", "patient/*.cruds operation/pay"
	add("one", w, ann, auth.Claims{Subject: "one", Scope: all})
	add("another subject", w, ann, auth.Claims{Subject: "two", Scope: all})
	add("another tenant", w, oda, auth.Claims{Subject: "one", Scope: all})
	add("another issuer", beside, ann, auth.Claims{Subject: "one", Scope: all})
	add("another issuer and tenant", beside, oda, auth.Claims{Subject: "one", Scope: all})
	add("ann", w, ann, auth.Claims{Subject: "one", Scope: own, Patient: "ann"})
	add("bob", w, bob, auth.Claims{Subject: "one", Scope: own, Patient: "bob"})
	add("ann by another issuer", beside, ann, auth.Claims{Subject: "one", Scope: own, Patient: "ann"})
	for _, p := range []person{ann, bob} {
		claim := w.await(t, w.admin(t, ours), "Claim?claim-state=ready&encounter=Encounter/"+p.id+"-second", 1)[0]
		w.must(t, w.admin(t, ours), "POST", "Claim/"+claim+"/$submit", "")
		list = append(list, &caller{
			name: p.payer, door: w, write: queued(p, claim, "one"), other: queued(p, claim, "two"),
			authorization: w.sign(t, auth.Claims{Tenant: ours, Subject: "one", Scope: payerScope, Organization: models.OrganizationID(p.payer)}),
		})
	}
	return list
}

// TestAKeySaysNothingToAnother holds, for all pairs of callers, that a key which one of them used is new to the other: neither
// refused nor answered with what the first one did, over REST and GraphQL.
func TestAKeySaysNothingToAnother(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.furnish(t)
		callers := w.callers(t)
		due, want := w.due(t), map[string]int{}
		pairs := 0
		for i, first := range callers {
			key := fmt.Sprintf("key-%d", i)
			made := first.sends(t, key, first.write)
			if made.status/100 != 2 {
				t.Fatalf("%s: %d %.300s", first.name, made.status, made.body)
			}
			paid := ""
			if first.query != "" {
				paid = first.asks(t, key, first.query, "")
				want[first.of.id]++
			}
			for _, second := range callers {
				if second == first {
					continue
				}
				pairs++
				got := second.sends(t, key, second.write)
				if got.status/100 != 2 || got.id(t) == made.id(t) {
					t.Errorf("%s meets a key of %s: %d %.300s", second.name, first.name, got.status, got.body)
				}
				if again := second.sends(t, key, second.write); again.body != got.body {
					t.Errorf("%s meets their own key: %d %.300s, was %.300s", second.name, again.status, again.body, got.body)
				}
				if second.query != "" {
					second.asks(t, key, second.query, "")
					want[second.of.id]++
				}
			}
			if again := first.sends(t, key, first.write); again.status/100 != 2 || again.id(t) != made.id(t) {
				t.Errorf("%s sends the same again: %d %.300s, was %.300s", first.name, again.status, again.body, made.body)
			}
			if contrary := first.sends(t, key, first.other); contrary.status != 422 {
				t.Errorf("%s sends something else under their own key: %d %.300s", first.name, contrary.status, contrary.body)
			}
			if first.query != "" {
				if again := first.asks(t, key, first.query, ""); again != paid {
					t.Errorf("%s pays the same again: %s, was %s", first.name, again, paid)
				}
				first.asks(t, key, first.change, "UNPROCESSABLE")
			}
		}
		for id, before := range due {
			if got := before - w.due(t)[id]; got != want[id] {
				t.Errorf("%d payments of a cent are booked for %s, want %d", got, id, want[id])
			}
		}
		t.Logf("%d pairs", pairs)
	})
}

// due gives the cents that each person owes.
func (w *world) due(t *testing.T) map[string]int {
	t.Helper()
	cents := map[string]int{}
	for _, p := range people {
		told, body := w.ask(t, w.admin(t, p.tenant), `{account(patient:"`+p.id+`"){due{value}}}`)
		if len(told.Errors) > 0 {
			t.Fatal(body)
		}
		amount := told.Data["account"].(map[string]any)["due"].(map[string]any)["value"].(string)
		n, err := strconv.Atoi(strings.Replace(amount, ".", "", 1))
		if err != nil {
			t.Fatal(err)
		}
		cents[p.id] = n
	}
	return cents
}

// sends sends a request under a key.
func (c *caller) sends(t *testing.T, key string, r request) answer {
	t.Helper()
	r.headers = []string{"Idempotency-Key: " + key}
	return c.door.send(t, r, c.authorization)
}

// asks sends a mutation under a key and holds the code of its refusal.
func (c *caller) asks(t *testing.T, key, query, code string) string {
	t.Helper()
	got, body := c.door.ask(t, c.authorization, strings.ReplaceAll(query, "KEY", "graph-"+key))
	if got.codes() != code {
		t.Errorf("%s asks under %s: %s, want %q", c.name, key, body, code)
	}
	return body
}
