package graph_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store/storetest"
)

// fuzzedInputs are operations with the variables that they take: $text, $day and $number stand for what is fuzzed. Mutations are
// rehearsed, so that the office stays as it is.
var fuzzedInputs = []struct{ query, variables string }{
	{`mutation($i:RecordPaymentInput!,$k:String){recordPayment(input:$i,idempotencyKey:$k,dryRun:true){invoice{id}}}`, `{"i":{"invoice":"INVOICE","amount":{"value":$number},"method":"cash","reference":$text},"k":"k"}`},
	{`mutation($i:RecordPaymentInput!,$k:String){recordPayment(input:$i,idempotencyKey:$k,dryRun:true){invoice{id}}}`, `{"i":{"invoice":$text,"amount":{"value":"1.00","currency":$day},"method":"card"},"k":$text}`},
	{`mutation($i:CodeEncounterInput!,$v:String){codeEncounter(input:$i,ifVersion:$v,dryRun:true){encounter{id}}}`, `{"i":{"encounter":"later","diagnosis":["I10"],"charge":[{"code":"93000","units":$number,"serviceDate":$day}]}}`},
	{`mutation($i:CodeEncounterInput!,$v:String){codeEncounter(input:$i,ifVersion:$v,dryRun:true){encounter{id}}}`, `{"i":{"encounter":"later","diagnosis":["I10",$text],"charge":[{"system":"HCPCS","code":$text,"modifier":[$text],"diagnosisSequence":[$number],"serviceDate":"2026-03-02"}]},"v":$day}`},
	{`mutation($i:ChangeSettingsInput!){changeSettings(input:$i,dryRun:true){settings{name}}}`, `{"i":{"name":$text,"timeZone":$day,"practice":$text,"goLive":$day,"dueDays":$number,"selfPayHours":$number,"connection":[{"payer":$text,"kind":"fhir"}]}}`},
	{`mutation($i:ChangeSettingsInput!){changeSettings(input:$i,dryRun:true){settings{name}}}`, `{"i":{"name":$text,"goLive":$day,"dueDays":$number}}`},
	{`mutation($i:LoadFeesInput!){loadFees(input:$i,dryRun:true){feeSchedule{name}}}`, `{"i":{"name":$text,"payer":$day,"from":$day,"csv":"code,system,modifiers,payer,from,until,amount\n93000,,,,,,60.00\n"}}`},
	{`mutation($i:LoadFeesInput!){loadFees(input:$i,dryRun:true){feeSchedule{name}}}`, `{"i":{"name":"x","until":$day,"csv":$text}}`},
	{`mutation($i:EndFeesInput!){endFees(input:$i,dryRun:true){feeSchedule{name}}}`, `{"i":{"schedule":$text,"until":$day}}`},
	{`query($t:ID!,$s:String,$n:Int){patient(id:$t){id} patients(first:$n,after:$s,filter:{name:$s,identifier:$s,gender:$s}){totalCount}}`, `{"t":$text,"s":$text,"n":$number}`},
	{`query($t:ID!,$l:[String!],$d:Date){case(id:$t){id} encounters(filter:{patient:$t,status:$l,class:$t0,date:{from:$d,until:$d}}){totalCount}}`, `{"t":$text,"l":[$text],"d":$day}`},
	{`query($t:String,$d:Date){claims(filter:{identifier:$t,claimState:["ready"],created:{from:$d}}){totalCount}}`, `{"t":$text,"d":$day}`},
	{`query($f:WorkFilter,$s:String,$n:Int){workItems(first:$n,after:$s,filter:$f,orderBy:AMOUNT){nodes{id} totalAmount{value}} workQueues(filter:$f){kind mine}}`, `{"f":{"assignee":$text,"patient":$text,"label":[$text],"text":$text,"dueBefore":$day,"ageDaysAtLeast":$number,"amountAtLeast":{"value":$number}}}`},
	{`query($f:WorkFilter,$s:String){workItems(after:$s,filter:$f,orderBy:PRIORITY){nodes{id}}}`, `{"f":{"kind":[$text],"role":$text,"category":[$text,$day]},"s":$text}`},
	{`mutation($i:DecideWorkItemInput!){decideWorkItem(input:$i,dryRun:true){workItem{id}}}`, `{"i":{"id":$text,"reason":$text,"decision":{"decision":"code","diagnosis":[$text],"charge":[{"code":"93000","units":$number,"serviceDate":$day}]}}}`},
	{`mutation($h:HoldStatementsInput!,$p:PaymentPlanInput!,$t:ID!,$s:String!){holdStatements(input:$h,dryRun:true){holds{kind}} agreePaymentPlan(input:$p,dryRun:true){plan{state}} disputeInvoice(invoice:$t,reason:$s,dryRun:true){hold{kind}}}`, `{"h":{"patient":"ann","kind":"manual","until":$day,"reason":$text},"p":{"patient":"ann","parts":$number,"first":$day,"amount":{"value":$number}},"t":$text,"s":$text}`},
	{`mutation($i:CloseTillInput!){closeTill(input:$i,dryRun:true){close{till}}}`, `{"i":{"till":$text,"day":$day,"cash":{"value":$number},"checks":{"value":$text}}}`},
	{`query($f:StatementFilter,$p:PaymentFilter,$s:String,$n:Int,$t:ID!,$d:DateRange){guarantorAccount(patient:$t){id} statements(first:$n,after:$s,filter:$f){nodes{id}} payments(first:$n,after:$s,filter:$p){nodes{id}} credits(first:$n,after:$s){nodes{id}} tills(till:$s,date:$d){till}}`, `{"f":{"patient":$text,"guarantor":$text},"p":{"patient":$text},"s":$text,"n":$number,"t":$text,"d":{"from":$day,"until":$day}}`},
	{`mutation($t:ID!,$s:String!,$d:DateTime,$n:Int!){snoozeWorkItem(id:$t,until:$d,reason:$s,dryRun:true){workItem{id}} takeWorkItem(id:$t,minutes:$n,dryRun:true){workItem{id}} labelWorkItem(id:$t,add:[$s],dryRun:true){workItem{id}} noteWorkItem(id:$t,text:$s,dryRun:true){workItem{id}} assignWorkItem(id:$t,user:$t,dryRun:true){workItem{id}}}`, `{"t":$text,"s":$text,"d":$day,"n":$number}`},
}

// FuzzInputsAreAnsweredOrRefused holds that whatever stands in the inputs of GraphQL is done or refused by the real executor over
// a real office: with no internal error, nothing that is not JSON, and nothing in the log.
func FuzzInputsAreAnsweredOrRefused(f *testing.F) {
	d := open(f, storetest.Open(f, storetest.URL(f, "sqlite")))
	admin := d.role(auth.RoleAdmin)
	d.bundle(admin, slices.Concat(practice(), person("ann")[:1], coded("visit", "ann"), []string{encounter("later", "ann")})...) // who has no coverage is asked at once
	d.wait("Invoice", "status=issued", 1)
	invoice := d.only(`invoices(filter:{patient:"ann"})`)
	for which := range fuzzedInputs {
		f.Add(uint8(which), "CANARY-7781", "2026-03-02", "1", "")
		f.Add(uint8(which), `\ud800`, "0001-01-01", "1e400", "")
		f.Add(uint8(which), "a\x00b\xff", "9999", "-0", `{"i":null}`)
	}
	f.Add(uint8(0), `"){id}} # \u{0}`, "", `"1"`, `{"i":{"invoice":"1","invoice":"2"}}`)
	f.Fuzz(func(t *testing.T, which uint8, text, day, number, raw string) {
		d.t = t
		input := fuzzedInputs[int(which)%len(fuzzedInputs)]
		isGood := text == "CANARY-7781" && day == "2026-03-02" && number == "1" && raw == ""
		literal := func(text string) string { return `"` + strings.ReplaceAll(text, `"`, "") + `"` } // with the escapes that it holds
		variables := strings.NewReplacer("INVOICE", invoice, "$text", literal(text), "$day", literal(day), "$number", number).Replace(input.variables)
		if raw != "" {
			variables = raw
		}
		query, err := json.Marshal(strings.ReplaceAll(input.query, "$t0", literal(text)))
		if err != nil {
			t.Fatal(err)
		}
		status, answer := d.post(admin, "application/json", []byte(`{"query":`+string(query)+`,"variables":`+variables+`}`))
		var a answered
		if err := json.Unmarshal(answer, &a); err != nil {
			t.Fatalf("%d is no JSON: %v: %q", status, err, answer)
		}
		known := []string{"BAD_USER_INPUT", "UNPROCESSABLE", "NOT_FOUND", "CONFLICT", "STALE", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
		for _, e := range a.Errors {
			if !slices.Contains(known, e.Extensions.Code) {
				t.Errorf("%s %s: %d %s", query, variables, status, answer)
			}
		}
		if isGood && strings.Contains(a.codes(), "GRAPHQL_") {
			t.Errorf("%s %s does not reach the office: %s", query, variables, answer)
		}
		if status != 200 && status != 400 || status == 400 && len(a.Errors) == 0 {
			t.Errorf("%s %s: %d %s", query, variables, status, answer)
		}
		if said := d.log.String(); strings.Contains(said, "level=ERROR") {
			t.Fatalf("%s %s: the log says %s", query, variables, said)
		}
	})
}
