package graph_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/openings"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// TestABalanceFromBeforeIsACaseWithoutOrigin, by itself and among others, with its claim and charge.
func TestABalanceFromBeforeIsACaseWithoutOrigin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		admin, biller := d.role(auth.RoleAdmin), d.role(auth.RoleBiller)
		d.bundle(admin, slices.Concat(practice(), person("ann"))...)
		file, err := openings.ReadCSV(strings.NewReader("patient,payer,coverage,number,payer_number,service_date,system,code,amount\nann,acme,,C2002,,2026-02-02,,,90.00\n"))
		if err == nil {
			_, err = d.office.OpenBalances(context.Background(), admin, billing.Call{}, file)
		}
		if err != nil {
			t.Fatal(err)
		}
		const said = `{"state":"sent","turn":"payer","origin":null,"patient":{"id":"ann"},"serviceDate":"2026-02-02","claims":[{"state":"transmitted"}],"charges":[{"state":"billed","priceOverride":{"value":"90.00"}}]}`
		const whole = `{state turn origin{__typename} patient{id} serviceDate claims{state} charges{state priceOverride{value}}}`
		d.says(biller, `{"cases":{"totalCount":1,"nodes":[`+said+`]}}`, `{cases(state:sent){totalCount nodes`+whole+`}}`)
		id := d.text(biller, `{cases(state:sent){nodes{id}}}`, "cases", "nodes", "0", "id")
		if !strings.HasPrefix(id, "Opening/") {
			t.Errorf("the case is called %s", id)
		}
		d.says(biller, `{"case":`+said+`}`, `query($id:ID!){case(id:$id)`+whole+`}`, "id", id)
	})
}
