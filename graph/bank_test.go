package graph_test

import (
	"context"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/bankfile"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// tellsPayment has ACME tell a payment that is interest and nothing else.
func (d *desk) tellsPayment(trace, day, amount string) {
	d.t.Helper()
	payer := d.role(auth.RolePayer)
	payer.Organization = "acme"
	body := `{"resourceType":"PaymentReconciliation","status":"active","created":"` + day + `","outcome":"complete","paymentIssuer":{"reference":"Organization/acme"},"paymentDate":"` + day + `","paymentAmount":{"value":` + amount +
		`,"currency":"USD"},"paymentIdentifier":{"value":"` + trace + `"},"detail":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/payment-type","code":"adjustment"},{"system":"https://codesystem.x12.org/005010/426","code":"L6"}]},"amount":{"value":` + amount + `,"currency":"USD"}}]}`
	if _, err := d.records.Create(context.Background(), payer, "PaymentReconciliation", []byte(body), ""); err != nil {
		d.t.Fatal(err)
	}
}

// TestDepositsAreFoundAndMatched by filters and page by page, in rehearsal, under a key once, and taken back.
func TestDepositsAreFoundAndMatched(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		admin, biller := d.role(auth.RoleAdmin), d.role(auth.RoleBiller)
		d.bundle(admin, practice()...)
		d.tellsPayment("EFT0001", "2026-03-20", "96.00")
		d.tellsPayment("EFT0004", "2026-06-22", "86.50")
		d.tellsPayment("EFT0005", "2026-06-23", "12.00")
		file, err := bankfile.ReadCSV(strings.NewReader("date,amount,trace,payer,text\n2026-06-22,182.50,,acme,BOTH\n2026-06-23,12.00,EFT0005,,ONE\n"))
		if err != nil {
			t.Fatal(err)
		}
		done, err := d.office.TakeDeposits(context.Background(), biller, billing.Call{}, file)
		if err != nil {
			t.Fatal(err)
		}
		both := string(done.Result.Deposits[0].ID)
		d.says(biller, `{"deposits":{"nodes":[{"text":"ONE","state":"matched","payer":null,"pays":[{"kind":"remittance","amount":{"value":"12.00"},"remittance":{"trace":"EFT0005","balance":{"value":"0.00"},"deposit":{"text":"ONE"}}}]}],"pageInfo":{"hasNextPage":true}}}`,
			`{deposits(first:1){nodes{text state payer{id} pays{kind amount{value} remittance{trace balance{value} deposit{text}}}} pageInfo{hasNextPage}}}`)
		after := d.text(biller, `{deposits(first:1){pageInfo{endCursor}}}`, "deposits", "pageInfo", "endCursor")
		const second = `{"deposits":{"nodes":[{"text":"BOTH"}],"pageInfo":{"hasNextPage":false}}}`
		d.says(biller, second, `query($a:String){deposits(first:1,after:$a){nodes{text} pageInfo{hasNextPage}}}`, "a", after)
		for _, filter := range []string{`state:unmatched`, `payer:"acme"`, `amount:{value:"182.50"}`, `date:{until:"2026-06-22"}`} {
			d.says(biller, second, `{deposits(filter:{`+filter+`}){nodes{text} pageInfo{hasNextPage}}}`)
		}
		d.says(biller, `{"remittances":{"nodes":[{"trace":"EFT0004"},{"trace":"EFT0001"}]}}`, `{remittances(filter:{deposited:false,status:complete,payer:"acme"}){nodes{trace}}}`)
		d.says(biller, `{"remittances":{"nodes":[{"date":"2026-03-20","balance":{"value":"96.00"},"plb":[{"code":"L6","amount":{"value":"96.00"}}],"claims":[],"deposit":null}]}}`,
			`{remittances(filter:{trace:"EFT0001",amount:{value:"96.00"},date:{from:"2026-03-20",until:"2026-03-20"}}){nodes{date balance{value} plb{code amount{value}} claims{id} deposit{id}}}}`)
		d.says(biller, `{"depositProposals":[{"score":60,"difference":{"value":"0.00"},"remittances":[{"trace":"EFT0004"},{"trace":"EFT0001"}]}]}`, `query($d:ID!){depositProposals(id:$d){score difference{value} remittances{trace}}}`, "d", both)
		of := func(trace string) string {
			return d.text(biller, `{remittances(filter:{trace:"`+trace+`"}){nodes{id}}}`, "remittances", "nodes", "0", "id")
		}
		const match = `mutation($d:ID!,$a:ID!,$b:ID!,$k:String,$dry:Boolean){matchDeposit(input:{deposit:$d,remittance:[$a,$b]},idempotencyKey:$k,dryRun:$dry){deposit{state pays{remittance{trace}}} rehearsal{entries{kind}}}}`
		one, other := of("EFT0001"), of("EFT0004")
		const pays = `{"state":"matched","pays":[{"remittance":{"trace":"EFT0001"}},{"remittance":{"trace":"EFT0004"}}]}`
		d.refuses(biller, "UNPROCESSABLE", match, "d", both, "a", one, "b", one)
		d.says(biller, `{"matchDeposit":{"deposit":`+pays+`,"rehearsal":{"entries":[{"kind":"deposit-match"}]}}}`, match, "d", both, "a", one, "b", other, "dry", true)
		d.says(biller, `{"deposit":{"state":"unmatched"}}`, `query($d:ID!){deposit(id:$d){state}}`, "d", both)
		for range 2 {
			d.says(biller, `{"matchDeposit":{"deposit":`+pays+`,"rehearsal":null}}`, match, "d", both, "a", one, "b", other, "k", "pair")
		}
		d.refuses(biller, "CONFLICT", match, "d", both, "a", one, "b", other)
		d.says(biller, `{"remittances":{"nodes":[]}}`, `{remittances(filter:{deposited:false}){nodes{trace}}}`)
		d.says(biller, `{"unmatchDeposit":{"deposit":{"state":"unmatched","pays":[]}}}`, `mutation($d:ID!){unmatchDeposit(id:$d){deposit{state pays{kind}}}}`, "d", both)
		d.refuses(biller, "NOT_FOUND", `{deposit(id:"none"){id}}`)
		d.refuses(biller, "NOT_FOUND", `{remittance(id:"none"){id}}`)
		d.refuses(biller, "BAD_USER_INPUT", `{deposits(after:"!"){nodes{id}}}`)
		d.refuses(d.role(auth.RoleCoder), "FORBIDDEN", `{deposits{nodes{id}}}`)
	})
}
