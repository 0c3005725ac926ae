package graph_test

import (
	"context"
	"strings"
	"testing"

	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/store/storetest"
)

// Nothing that is asked or written on the way of a visit to its paid bill goes over all that a tenant has, nor what is asked about it
// afterwards, nor a correction: every statement leads down an index, whatever the database knows of its tables.
func TestStatementsOfTheStoryGoDownAnIndex(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, told := storetest.OpenTold(t, url)
		d, claim, invoice := billed(t, db)
		biller, admin := d.role(auth.RoleBiller), d.role(auth.RoleAdmin)
		payment := map[string]any{"invoice": invoice, "amount": map[string]any{"value": "74.00"}, "method": "card", "reference": "ch_1"}
		d.only(`invoices(filter:{patient:"ann"})`)
		d.ask(biller, payTwice, "in", payment)
		for _, query := range []string{
			`{patient(id:"ann"){name{family} encounters(first:10){nodes{id}} claims(first:20){nodes{id item{sequence}}}}}`,
			`{claims(first:20){totalCount nodes{id state total{value} insurer{name} item{sequence chargeItem{status}} responses{outcome} balance{account amount{value}}}}}`,
			`{cases(first:10,state:"closed"){totalCount nodes{id state turn claims{id}}}}`,
			`{workItems(first:10){totalCount totalAmount{value} nodes{kind ageDays history{action} subject{__typename} patient{id} payer{id}}}}`,
			`{workItems(first:10,orderBy:AMOUNT,filter:{kind:["code-visit","failed-step"],role:"coder"}){nodes{id}} workQueues{kind count mine}}`,
			`{invoices(first:10){nodes{id due{value} payments{id} lines{sequence}}}}`,
			`{account(patient:"ann"){due{value} openInvoices{id}}}`,
			`{guarantorAccount(patient:"ann"){due{value} lines{invoice{id}} plan{state}} statements(first:10){nodes{id}} payments(first:10){nodes{patient{id}}} credits(first:10){nodes{id}} tills(till:"front"){day}}`,
			`{statements(first:10,filter:{patient:"ann"}){nodes{id}} payments(first:10,filter:{patient:"ann",state:pending,method:card}){nodes{id}}}`,
		} {
			d.ask(biller, query)
			d.ask(d.role(auth.RolePatient), query)
			d.ask(d.role(auth.RolePayer), query)
		}
		d.bundle(admin, strings.Replace(person("ann")[0], "1970-01-01", "1971-01-01", 1), encounter("visit", "ann", `,"length":{"value":30,"unit":"min"}`))
		if _, err := d.records.Create(context.Background(), d.role(auth.RoleEHR), "Patient", []byte(person("bob")[0]), "family=canary&birthdate=1970-01-01"); err != nil {
			t.Log(err) // one is there already
		}
		for _, raw := range []string{
			"Claim?_sort=-created&_count=20", "Claim?_sort=created", "Claim?_sort=-_lastUpdated&_count=20", "Claim?_sort=status,-created&_total=accurate", "Claim?_lastUpdated=gt2020-01-01&_sort=_lastUpdated",
			"Claim?status=active&_sort=-created", "Claim?patient=Patient/ann&_sort=-created", "Claim?patient=ann&_include=*", "Claim?encounter=visit", "Claim?insurer=Organization/acme&_sort=created&_total=accurate",
			"Encounter?status=finished&date=ge2026-01-01", "Encounter?status=finished&date=ge2026-01-01&_sort=-date", "Encounter?date=ge2026-01-01&_sort=date", "Encounter?date=2026-03-02,2026-03-03&class=AMB&_sort=-date,status",
			"Patient?family=can&_sort=family", "Patient?name:contains=ana&_sort=-birthdate", "Patient?birthdate=lt1980-01-01&gender=female", "Patient?_id=ann,bob", "Patient?_sort=family,given", "Patient?identifier:missing=true",
			"Patient?gender:not=male&_sort=-_lastUpdated", "Patient?_summary=count", "Patient?_id=ann&_revinclude=Claim:patient", "Invoice?totalnet=lt100", "Claim?identifier=urn:x|1", "Claim?_id=" + claim,
		} {
			typ, query, _ := strings.Cut(raw, "?")
			pairs, err := search.Pairs(query)
			if err != nil {
				t.Fatal(err)
			}
			for _, role := range []auth.Role{auth.RoleBiller, auth.RolePatient, auth.RolePayer} {
				found, err := d.records.Search(context.Background(), d.role(role), typ, pairs, true)
				if err == nil && len(found.Matches) > 0 {
					_, err = d.records.Search(context.Background(), d.role(role), typ, append(pairs, search.Pair{Name: "_cursor", Value: found.Cursor(0)}), true)
				}
				if err != nil && role == auth.RoleBiller {
					t.Fatalf("%s: %v", raw, err)
				}
			}
		}
		texts := told.Texts()
		for _, wide := range storetest.Wides(t, db, url, texts) {
			t.Error(wide)
		}
		t.Logf("%d statements", len(texts))
	})
}
