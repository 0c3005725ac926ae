package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// TestTheMoneyDeskSeesWhatAGuarantorOwes, sends it, agrees on parts and holds letters back, in rehearsal and under a key once.
func TestTheMoneyDeskSeesWhatAGuarantorOwes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _, invoice := billed(t, db)
		biller, ann := d.role(auth.RoleBiller), d.role(auth.RolePatient)
		const account = `{guarantorAccount(patient:"ann"){id guarantor{__typename} due{value} lines{invoice{id due{value}} patient{id} amount{value} asked} aging{fromDays toDays amount{value}} patients{id} credit{value} sent{id} next{id step amount{value}} skipped holds{kind} plan{state}}}`
		want := `{"guarantorAccount":{"id":"Patient/ann","guarantor":{"__typename":"Patient"},"due":{"value":"74.00"},"lines":[{"invoice":{"id":"` + invoice + `","due":{"value":"74.00"}},"patient":{"id":"ann"},"amount":{"value":"74.00"},"asked":null}],` +
			`"aging":[{"fromDays":0,"toDays":30,"amount":{"value":"74.00"}},{"fromDays":31,"toDays":60,"amount":{"value":"0.00"}},{"fromDays":61,"toDays":90,"amount":{"value":"0.00"}},{"fromDays":91,"toDays":120,"amount":{"value":"0.00"}},{"fromDays":121,"toDays":null,"amount":{"value":"0.00"}}],` +
			`"patients":[{"id":"ann"}],"credit":{"value":"0.00"},"sent":null,"next":{"id":null,"step":"day0","amount":{"value":"74.00"}},"skipped":null,"holds":[],"plan":null}}`
		d.says(biller, want, account)
		d.says(ann, want, account)

		const run = `mutation($dry:Boolean){runStatements(dryRun:$dry){guarantors sent amount{value} skipped{reason count} held{kind count} broken}}`
		const sends = `{"runStatements":{"guarantors":1,"sent":1,"amount":{"value":"74.00"},"skipped":[],"held":[],"broken":0}}`
		d.says(biller, sends, run, "dry", true)
		d.says(biller, `{"statements":{"nodes":[]}}`, `{statements{nodes{id}}}`)
		d.says(biller, sends, run)
		d.says(biller, `{"runStatements":{"guarantors":1,"sent":0,"amount":{"value":"0.00"},"skipped":[{"reason":"notYet","count":1}],"held":[],"broken":0}}`, run)

		const plan = `mutation($dry:Boolean,$k:String){agreePaymentPlan(input:{patient:"ann",parts:3},dryRun:$dry,idempotencyKey:$k){plan{state amount{value} parts{sequence amount{value}}} account{plan{paid{value} due{value}}}}}`
		const parts = `{"state":"active","amount":{"value":"74.00"},"parts":[{"sequence":1,"amount":{"value":"24.67"}},{"sequence":2,"amount":{"value":"24.67"}},{"sequence":3,"amount":{"value":"24.66"}}]}`
		d.says(biller, `{"agreePaymentPlan":{"plan":`+parts+`,"account":null}}`, plan, "dry", true)
		d.says(biller, `{"guarantorAccount":{"plan":null}}`, `{guarantorAccount(patient:"ann"){plan{state}}}`)
		for range 2 {
			d.says(biller, `{"agreePaymentPlan":{"plan":`+parts+`,"account":{"plan":{"paid":{"value":"0.00"},"due":{"value":"24.67"}}}}}`, plan, "k", "plan")
		}
		d.says(biller, sends[:len(`{"runStatements":{"guarantors":1,"sent":1,"amount":{"value":"`)]+`24.67"},"skipped":[],"held":[],"broken":0}}`, run)
		const letters = `{statements(first:1,after:null,filter:FILTER){nodes{step amount{value} lines{part invoice{id}}} pageInfo{hasNextPage endCursor}}}`
		for _, filter := range []string{`{}`, `{patient:"ann"}`, `{guarantor:"Patient/ann"}`, `{patient:"ann",guarantor:"Patient/ann"}`} {
			first := d.text(biller, strings.Replace(letters, "FILTER", filter, 1), "statements", "pageInfo", "endCursor")
			d.says(biller, `{"statements":{"nodes":[{"step":"day0","amount":{"value":"74.00"},"lines":[{"part":null,"invoice":{"id":"`+invoice+`"}}]}],"pageInfo":{"hasNextPage":false}}}`,
				strings.NewReplacer("FILTER", filter, "after:null", `after:"`+first+`"`, " endCursor", "").Replace(letters))
		}
		const end = `mutation($dry:Boolean,$k:String){endPaymentPlan(patient:"ann",dryRun:$dry,idempotencyKey:$k){plan{state} account{plan{state} skipped}}}`
		d.says(biller, `{"endPaymentPlan":{"plan":{"state":"ended"},"account":null}}`, end, "dry", true)
		for range 2 {
			d.says(biller, `{"endPaymentPlan":{"plan":{"state":"ended"},"account":{"plan":null,"skipped":"notYet"}}}`, end, "k", "end")
		}
		d.refuses(biller, "CONFLICT", end)
		d.says(biller, `{"statements":{"nodes":[]}}`, `{statements(filter:{guarantor:"RelatedPerson/ann"}){nodes{id}}}`)
		d.refuses(biller, "BAD_USER_INPUT", `{statements(filter:{guarantor:"ann"}){nodes{id}}}`)
		d.refuses(biller, "BAD_USER_INPUT", `mutation{agreePaymentPlan(input:{patient:"ann",parts:2,first:"2026-02-30"}){plan{state}}}`)
		d.refuses(biller, "UNPROCESSABLE", `mutation{agreePaymentPlan(input:{patient:"ann",parts:1}){plan{state}}}`)
	})
}

// TestLettersAreHeldAndReleased by the office, which alone reads why, and a bill is disputed by its patient.
func TestLettersAreHeldAndReleased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _, invoice := billed(t, db)
		biller, ann := d.role(auth.RoleBiller), d.role(auth.RolePatient)
		const hold = `mutation($k:StatementHoldKind!,$dry:Boolean){holdStatements(input:{patient:"ann",kind:$k,until:"2100-01-01",reason:"Said so."},dryRun:$dry){holds{kind until reason by} account{skipped holds{kind}}}}`
		held := `[{"kind":"badAddress","until":"2100-01-01","reason":"Said so.","by":"biller"}]`
		d.says(biller, `{"holdStatements":{"holds":`+held+`,"account":null}}`, hold, "k", "badAddress", "dry", true)
		d.says(biller, `{"holdStatements":{"holds":`+held+`,"account":{"skipped":"held","holds":[{"kind":"badAddress"}]}}}`, hold, "k", "badAddress")
		d.refuses(biller, "BAD_USER_INPUT", hold, "k", "collections")
		d.says(ann, `{"guarantorAccount":{"holds":[{"kind":"badAddress","reason":null,"by":null}]}}`, `{guarantorAccount(patient:"ann"){holds{kind reason by}}}`)
		d.says(ann, `{"disputeInvoice":{"hold":{"kind":"dispute","invoice":{"id":"`+invoice+`"},"reason":null},"invoice":{"id":"`+invoice+`"}}}`, `mutation($i:ID!){disputeInvoice(invoice:$i,reason:"I was not there."){hold{kind invoice{id} reason} invoice{id}}}`, "i", invoice)
		d.refuses(ann, "UNPROCESSABLE", `mutation($i:ID!){disputeInvoice(invoice:$i,reason:"Too much.",estimate:true){hold{kind}}}`, "i", invoice)
		work := d.only(`workItems(filter:{kind:["patient-dispute"]})`)
		d.says(d.role(auth.RoleManager), `{"decideWorkItem":{"workItem":{"status":"completed"}}}`, `mutation($w:ID!){decideWorkItem(input:{id:$w,reason:"They were.",decision:{decision:release}}){workItem{status}}}`, "w", work)
		d.says(biller, `{"guarantorAccount":{"holds":[{"kind":"badAddress"}]}}`, `{guarantorAccount(patient:"ann"){holds{kind}}}`)
		d.says(biller, `{"releaseStatements":{"holds":[{"kind":"badAddress"}],"account":{"skipped":null,"holds":[]}}}`, `mutation{releaseStatements(patient:"ann"){holds{kind} account{skipped holds{kind}}}}`)
		d.refuses(biller, "CONFLICT", `mutation{releaseStatements(patient:"ann"){holds{kind}}}`)
		d.refuses(ann, "FORBIDDEN FORBIDDEN", `mutation{holdStatements(input:{patient:"ann",kind:manual,reason:"No."}){holds{kind}} releaseStatements(patient:"ann"){holds{kind}}}`)
	})
}

// TestPaymentsAndCreditsArePaged over all patients for the desk, and over a patient's own for the patient.
func TestPaymentsAndCreditsArePaged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		desk, ann := d.role(auth.RoleFrontDesk), d.role(auth.RolePatient)
		d.bundle(d.role(auth.RoleAdmin), slices.Concat(practice(), person("ann"), person("bob"))...)
		for i, one := range []string{"ann cash", "bob check", "ann check", "bob cash", "ann cash"} {
			who, how, _ := strings.Cut(one, " ")
			d.says(desk, `{"collectPayment":{"patient":{"id":"`+who+`"}}}`, fmt.Sprintf(`mutation{collectPayment(input:{patient:"%s",method:%s,amount:{value:"%d.00"},till:"front"},idempotencyKey:"%d"){patient{id}}}`, who, how, i+1, i))
		}
		paged := func(as auth.Principal, list string) (told []string) {
			t.Helper()
			for after := (*string)(nil); ; {
				var page struct {
					List struct {
						Nodes []struct {
							Patient struct{ ID string }
							Amount  struct{ Value string }
						}
						PageInfo struct {
							HasNextPage bool
							EndCursor   *string
						}
					}
				}
				if err := json.Unmarshal(d.ask(as, "query($a:String)"+list, "a", after).Data, &page); err != nil {
					t.Fatal(err)
				}
				for _, n := range page.List.Nodes {
					told = append(told, n.Patient.ID+" "+n.Amount.Value)
				}
				if after = page.List.PageInfo.EndCursor; !page.List.PageInfo.HasNextPage {
					return told
				}
			}
		}
		const shown = `{nodes{patient{id} amount{value}} pageInfo{hasNextPage endCursor}}}`
		for _, row := range []struct {
			as         auth.Principal
			list, want string
		}{
			{desk, `payments(first:2,after:$a)`, "ann 5.00, bob 4.00, ann 3.00, bob 2.00, ann 1.00"},
			{desk, `payments(first:2,after:$a,filter:{method:cash})`, "ann 5.00, bob 4.00, ann 1.00"},
			{desk, `payments(first:2,after:$a,filter:{patient:"bob",state:succeeded})`, "bob 4.00, bob 2.00"},
			{desk, `payments(first:2,after:$a,filter:{state:pending})`, ""},
			{desk, `credits(first:2,after:$a)`, "ann 1.00, ann 3.00, ann 5.00, bob 2.00, bob 4.00"},
			{ann, `payments(first:2,after:$a)`, "ann 5.00, ann 3.00, ann 1.00"},
			{ann, `payments(first:2,after:$a,filter:{patient:"bob"})`, ""},
			{ann, `credits(first:2,after:$a)`, "ann 1.00, ann 3.00, ann 5.00"},
		} {
			if got := strings.Join(paged(row.as, "{list:"+row.list+shown), ", "); got != row.want {
				t.Errorf("%s as %s: %s, want %s", row.list, row.as.Subject, got, row.want)
			}
		}
		bobs := d.text(desk, `{credits(first:5){edges{cursor}}}`, "credits", "edges", "3", "cursor")
		d.refuses(ann, "BAD_USER_INPUT", `query($a:String){credits(after:$a){nodes{id}}}`, "a", bobs)
		d.refuses(d.role(auth.RoleCoder), "FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN", `{payments{nodes{id}} credits{nodes{id}} statements{nodes{id}} guarantorAccount(patient:"ann"){id}}`)
		d.refuses(ann, "NOT_FOUND NOT_FOUND", `{guarantorAccount(patient:"bob"){id} statements(filter:{patient:"bob"}){nodes{id}}}`)
		d.says(ann, `{"statements":{"nodes":[]}}`, `{statements(filter:{guarantor:"Patient/bob"}){nodes{id}}}`)

		const close = `mutation($c:String!,$dry:Boolean){closeTill(input:{till:"front",cash:{value:$c},checks:{value:"5.00"}},dryRun:$dry){close{till expected{cash{value} checks{value} other{value}} counted{cash{value}} difference{value} who} rehearsal{entries{kind}}}}`
		closed := func(rehearsal string) string {
			return `{"closeTill":{"close":{"till":"front","expected":{"cash":{"value":"10.00"},"checks":{"value":"5.00"},"other":{"value":"0.00"}},"counted":{"cash":{"value":"9.00"}},"difference":{"value":"-1.00"},"who":"frontdesk"},"rehearsal":` + rehearsal + `}}`
		}
		d.says(desk, closed(`{"entries":[{"kind":"over-short"}]}`), close, "c", "9.00", "dry", true)
		d.says(desk, `{"tills":[]}`, `{tills(till:"front"){till}}`)
		d.says(desk, closed("null"), close, "c", "9.00")
		d.refuses(desk, "CONFLICT", close, "c", "10.00")
		d.refuses(desk, "BAD_USER_INPUT", close, "c", "-1.00")
		d.says(desk, `{"tills":[{"till":"front","difference":{"value":"-1.00"}}]}`, `{tills(till:"front"){till difference{value}}}`)
		d.says(desk, `{"tills":[]}`, `{tills(till:"front",date:{until:"2020-01-01"}){till}}`)
		d.refuses(ann, "FORBIDDEN", `{tills(till:"front"){till}}`)
	})
}
