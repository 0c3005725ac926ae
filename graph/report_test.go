package graph_test

import (
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// A report over GraphQL says how it is counted, in the words and rows of every door.
func TestReportSaysHowItIsCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), practice()...)
		biller := d.role(auth.RoleBiller)
		d.says(biller, `{"report":{"name":"aging","asOf":"2026-06-30","columns":[{"name":"0-30","kind":"money"},{"name":"31-60","kind":"money"},{"name":"61-90","kind":"money"},{"name":"91-120","kind":"money"},`+
			`{"name":"121+","kind":"money"},{"name":"undated","kind":"money"},{"name":"total","kind":"money"},{"name":"charges 0-30","kind":"count"},{"name":"charges 31-60","kind":"count"},{"name":"charges 61-90","kind":"count"},`+
			`{"name":"charges 91-120","kind":"count"},{"name":"charges 121+","kind":"count"},{"name":"charges undated","kind":"count"}],"rows":[["0.00","0.00","0.00","0.00","0.00","0.00","0.00","0","0","0","0","0","0"]]}}`,
			`{report(name:"aging",asOf:"2026-06-30"){name asOf columns{name kind} rows}}`)
		d.says(biller, `{"report":{"title":"General ledger by month and account","rows":[]}}`, `{report(name:"ledger",from:"2026-01-01"){title rows}}`)
		d.refuses(biller, "NOT_FOUND", `{report(name:"profit"){name}}`)
		d.refuses(biller, "BAD_USER_INPUT", `{report(name:"aging",by:["claim"],of:"nobody"){name}}`)
		d.refuses(d.role(auth.RoleCoder), "FORBIDDEN", `{report(name:"kpi"){name}}`)
		var five strings.Builder
		for _, alias := range "abcde" {
			five.WriteString(string(alias) + `:report(name:"kpi"){explanation}`)
		}
		d.refuses(biller, "BAD_USER_INPUT", "{"+five.String()+"}")
	})
}
