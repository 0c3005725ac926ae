package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// text gives one text of an answer by its keys; a number is a place in a list.
func (d *desk) text(p auth.Principal, query string, path ...string) string {
	d.t.Helper()
	a := d.ask(p, query)
	var value any
	if err := json.Unmarshal(a.Data, &value); err != nil || len(a.Errors) > 0 {
		d.t.Fatalf("%s says %s %+v", query, a.Data, a.Errors)
	}
	for _, key := range path {
		switch inside := value.(type) {
		case map[string]any:
			value = inside[key]
		case []any:
			at, err := strconv.Atoi(key)
			if err != nil || at >= len(inside) {
				d.t.Fatalf("%s has no %s", query, key)
			}
			value = inside[at]
		}
	}
	return fmt.Sprint(value)
}

// TestACaseHoldsAllThatIsBilledTogether follows a visit's case to the patient's bill.
func TestACaseHoldsAllThatIsBilledTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, claim, invoice := billed(t, db)
		biller := d.role(auth.RoleBiller)
		const whole = `{id state turn reason due dueAt origin{__typename ...on Encounter{id}} patient{id} serviceDate claims{id} charges{state priceOverride{value} unitPrice{value}} invoices{id due{value}} workItems{kind}}`
		const want = `{"id":"Encounter/visit","state":"patient","turn":"patient","reason":null,"due":null,"dueAt":null,"origin":{"__typename":"Encounter","id":"visit"},"patient":{"id":"ann"},"serviceDate":"2026-03-02",` +
			`"claims":[{"id":"%s"}],"charges":[{"state":"billed","priceOverride":{"value":"250.00"},"unitPrice":{"value":"250.00"}},{"state":"billed","priceOverride":{"value":"60.00"},"unitPrice":{"value":"60.00"}},{"state":"billed","priceOverride":{"value":"15.00"},"unitPrice":{"value":"15.00"}}],"invoices":[{"id":"%s","due":{"value":"74.00"}}],"workItems":[]}`
		text := fmt.Sprintf(want, claim, invoice)
		d.says(biller, `{"case":`+text+`,"encounter":{"case":`+text+`},"cases":{"totalCount":1,"nodes":[`+text+`]},"none":{"totalCount":0,"nodes":[]}}`,
			`{case(id:"Encounter/visit")`+whole+` encounter(id:"visit"){case`+whole+`} cases(state:patient){totalCount nodes`+whole+`} none:cases(state:not_ours){totalCount nodes{id}}}`)
		d.refuses(biller, "NOT_FOUND", `{case(id:"Encounter/nobody"){id}}`)
		d.says(biller, `{"claim":{"item":[{"rendering":{"sequence":1,"provider":{"id":"doc"},"npi":null}},{"rendering":{"sequence":1,"provider":{"id":"doc"},"npi":null}},{"rendering":{"sequence":1,"provider":{"id":"doc"},"npi":null}}]}}`,
			`query($id:ID!){claim(id:$id){item{rendering{sequence provider{id} npi}}}}`, "id", claim)
	})
}

// TestAChargeThatWaitsForItsPriceHasNone holds that a service which nobody priced shows its state and no amount.
func TestAChargeThatWaitsForItsPriceHasNone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		unpriced := slices.DeleteFunc(practice(), func(r string) bool { return strings.Contains(r, `"id":"fee-`) })
		d.bundle(d.role(auth.RoleAdmin), slices.Concat(unpriced, person("ann"), coded("visit", "ann"))...)
		d.wait("Task", "status=requested&code=price-service", 1)
		d.says(d.role(auth.RoleBiller), `{"case":{"state":"held","workItems":[{"kind":"price-service","subject":{"id":"visit"}}],"charges":[{"state":"planned","priceOverride":null,"unitPrice":null},{"state":"planned","priceOverride":null,"unitPrice":null},{"state":"planned","priceOverride":null,"unitPrice":null}]}}`,
			`{case(id:"Encounter/visit"){state workItems{kind subject{...on Encounter{id}}} charges{state priceOverride{value} unitPrice{value}}}}`)
	})
}

// TestPagesOfCasesCoverTheListOnce holds the order and the cursors, and that a page takes as many statements as another.
func TestPagesOfCasesCoverTheListOnce(t *testing.T) {
	const cases = 7
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		resources := practice()
		for i := range cases {
			id := fmt.Sprintf("p%02d", i)
			resources = append(resources, slices.Concat(person(id), coded("visit-"+id, id))...)
		}
		d.bundle(d.role(auth.RoleAdmin), resources...)
		d.wait("Claim", "claim-state=ready", cases)
		biller := d.role(auth.RoleBiller)
		var statements []int64
		for _, first := range []int{1, 3, cases, 100} {
			var seen []string
			cursor, more := any(nil), true
			for more {
				var a answered
				statements = append(statements, d.cheapest(func() {
					a = d.ask(biller, `query($n:Int,$a:String){cases(state:ready,first:$n,after:$a){edges{cursor node{id origin{...on Encounter{id}} patient{id} claims{state} charges{state} invoices{id} workItems{id}}} pageInfo{hasNextPage hasPreviousPage endCursor}}}`, "n", first, "a", cursor)
				}))
				var data struct {
					Cases struct {
						Edges []struct {
							Cursor string
							Node   struct {
								ID     string
								Claims []struct{ State string }
							}
						}
						PageInfo struct {
							HasNextPage, HasPreviousPage bool
							EndCursor                    string
						}
					}
				}
				if err := json.Unmarshal(a.Data, &data); err != nil || len(a.Errors) > 0 {
					t.Fatal(err, a.Errors)
				}
				if data.Cases.PageInfo.HasPreviousPage != (cursor != nil) {
					t.Errorf("pages of %d: hasPreviousPage is %v", first, data.Cases.PageInfo.HasPreviousPage)
				}
				for _, e := range data.Cases.Edges {
					seen = append(seen, e.Node.ID)
					if len(e.Node.Claims) != 1 || e.Node.Claims[0].State != "ready" {
						t.Errorf("%s has the claims %+v", e.Node.ID, e.Node.Claims)
					}
				}
				cursor, more = data.Cases.PageInfo.EndCursor, data.Cases.PageInfo.HasNextPage
			}
			if len(seen) != cases || !slices.IsSorted(seen) || seen[0] != "Encounter/visit-p00" {
				t.Errorf("pages of %d show %v", first, seen)
			}
		}
		if slices.Max(statements)-slices.Min(statements) > byChance {
			t.Errorf("pages take %v statements", statements)
		}
	})
}

// TestADayIsThePractices holds that a visit which began at night UTC is found on the day that its claim states.
func TestADayIsThePractices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		var visit []string
		for _, r := range slices.Concat(practice(), person("ann"), coded("visit", "ann")) {
			visit = append(visit, strings.NewReplacer("2026-03-02T15:00:00Z", "2026-03-03T02:00:00Z", "2026-03-02T15:30:00Z", "2026-03-03T03:30:00Z", `"2026-03-02"`, `"2026-03-03T02:15:00Z"`).Replace(r))
		}
		d.bundle(d.role(auth.RoleAdmin), visit...)
		d.wait("Claim", "claim-state=ready", 1)
		d.says(d.role(auth.RoleBiller), `{"claims":{"nodes":[{"item":[{"servicedDate":"2026-03-02"},{"servicedDate":"2026-03-02"},{"servicedDate":"2026-03-02"}]}]},"cases":{"nodes":[{"serviceDate":"2026-03-02"}]},"on":{"totalCount":1},"after":{"totalCount":0},"month":{"totalCount":1},"before":{"totalCount":0}}`,
			`{claims{nodes{item{servicedDate}}} cases{nodes{serviceDate}}
			on:encounters(filter:{date:{from:"2026-03-02",until:"2026-03-02"}}){totalCount} after:encounters(filter:{date:{from:"2026-03-03"}}){totalCount}
			month:encounters(filter:{date:{from:"2026-03",until:"2026-03"}}){totalCount} before:encounters(filter:{date:{until:"2026-03-01"}}){totalCount}}`)
	})
}
