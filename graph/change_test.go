package graph_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// rehearsed is what a mutation says of a dry run.
type rehearsed struct {
	Entries []struct {
		Kind, Effective string
		Postings        []struct {
			Account string
			Amount  struct{ Value string }
		}
	}
	Documents []struct {
		Type, ID string
		Resource struct {
			ResourceType, ID, Status string
		}
	}
	WorkItems []struct{ Kind, Status string }
}

const rehearsal = `rehearsal{entries{kind effective postings{account amount{value}}} documents{type id resource} workItems{kind status}}`

// rehearsalOf gives the rehearsal in the answer to a mutation, which must leave the record out.
func rehearsalOf(t *testing.T, a answered, mutation, record string) rehearsed {
	t.Helper()
	var data map[string]map[string]json.RawMessage
	if err := json.Unmarshal(a.Data, &data); err != nil || len(a.Errors) > 0 {
		t.Fatalf("%s says %s %+v", mutation, a.Data, a.Errors)
	}
	if string(data[mutation][record]) != "null" {
		t.Errorf("a dry run of %s gives %s", mutation, data[mutation][record])
	}
	var r rehearsed
	if err := json.Unmarshal(data[mutation]["rehearsal"], &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestADryRunTellsAllAndKeepsNothing holds it for coding, sending and paying.
func TestADryRunTellsAllAndKeepsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(append(practice(), person("ann")...), encounter("visit", "ann"))...)
		d.wait("Task", "status=requested", 1)
		biller := d.role(auth.RoleBiller)
		const code = `mutation($dry:Boolean){codeEncounter(input:{encounter:"visit",diagnosis:["I10"],charge:[{code:"93000",serviceDate:"2026-03-02"}]},dryRun:$dry){encounter{id} ` + rehearsal + `}}`
		r := rehearsalOf(t, d.ask(biller, code, "dry", true), "codeEncounter", "encounter")
		if got := kinds(r); got != "Account ChargeItem Claim Provenance; charge AR:Insurance 60.00 Revenue:Gross -60.00; code-visit completed" {
			t.Errorf("coding would do %s", got)
		}
		d.says(biller, `{"cases":{"nodes":[{"state":"held","charges":[],"claims":[]}]},"workItems":{"totalCount":1},"account":null}`, `{cases{nodes{state charges{id} claims{id}}} workItems{totalCount} account(patient:"ann"){id}}`)
		d.says(biller, `{"codeEncounter":{"encounter":{"id":"visit"},"rehearsal":null}}`, strings.Replace(code, rehearsal, "rehearsal{documents{id}}", 1))

		claim := d.only("claims")
		r = rehearsalOf(t, d.ask(biller, `mutation($id:ID!){submitClaim(id:$id,dryRun:true){claim{id} `+rehearsal+`}}`, "id", claim), "submitClaim", "claim")
		if got := kinds(r); got != "Claim" || r.Documents[0].Resource.Status != "active" || r.Documents[0].ID != claim || r.Documents[0].Resource.ID != claim {
			t.Errorf("sending would do %s: %+v", got, r.Documents)
		}
		d.says(biller, `{"claim":{"state":"ready"}}`, `query($id:ID!){claim(id:$id){state}}`, "id", claim)
	})
}

// TestACoderSeesTheClaimBeforeItIsMade holds that a dry run of coding tells lines, prices and findings, and that the same coding in
// earnest makes just that.
func TestACoderSeesTheClaimBeforeItIsMade(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(append(practice(), person("ann")...), encounter("visit", "ann"))...)
		d.wait("Task", "status=requested", 1)
		coder := d.role(auth.RoleCoder)
		const shows = `state insurer{id} total{value} item{productOrService{coding{code}} modifier{coding{code}} quantity{value} net{value} diagnosisSequence chargeItem{unitPrice{value}}} findings{severity rule path}`
		code := func(charge string, dry bool) answered {
			query := `mutation{codeEncounter(input:{encounter:"visit",diagnosis:["I10","E785"],charge:[` + charge + `]},dryRun:%v){encounter{claims{` + shows + `}} rehearsal{claims{` + shows + `} chargeItems{priceOverride{value}} workItems{kind status}}}}`
			return d.ask(coder, fmt.Sprintf(query, dry))
		}
		const right = `{code:"99214",modifier:["25"],serviceDate:"2026-03-02",diagnosisSequence:[1]},{code:"93000",units:"2",serviceDate:"2026-03-02",diagnosisSequence:[2]}`
		const claim = `{"state":"ready","insurer":{"id":"acme"},"total":{"value":"370.00"},"item":[` +
			`{"productOrService":{"coding":[{"code":"99214"}]},"modifier":[{"coding":[{"code":"25"}]}],"quantity":{"value":"1"},"net":{"value":"250.00"},"diagnosisSequence":[1],"chargeItem":{"unitPrice":{"value":"250.00"}}},` +
			`{"productOrService":{"coding":[{"code":"93000"}]},"modifier":[],"quantity":{"value":"2"},"net":{"value":"120.00"},"diagnosisSequence":[2],"chargeItem":{"unitPrice":{"value":"60.00"}}}],"findings":[]}`
		for _, step := range []struct {
			what, charge, want string
			dry                bool
		}{
			{"twice the same service", strings.Replace(right, `code:"99214",modifier:["25"]`, `code:"93000",units:"2"`, 1),
				`{"codeEncounter":{"encounter":null,"rehearsal":{"claims":[` + `{"state":"held","insurer":{"id":"acme"},"total":{"value":"240.00"},"item":[` +
					strings.Repeat(`{"productOrService":{"coding":[{"code":"93000"}]},"modifier":[],"quantity":{"value":"2"},"net":{"value":"120.00"},"diagnosisSequence":[N],"chargeItem":{"unitPrice":{"value":"60.00"}}},`, 2) +
					`],"findings":[{"severity":"error","rule":"scrub.duplicate","path":"Claim.item[1].productOrService"}]}],` +
					`"chargeItems":[{"priceOverride":{"value":"120.00"}},{"priceOverride":{"value":"120.00"}}],"workItems":[{"kind":"code-visit","status":"completed"},{"kind":"correct-claim","status":"requested"}]}}}`, true},
			{"a service without a price", strings.Replace(right, "93000", "93010", 1),
				`{"codeEncounter":{"encounter":null,"rehearsal":{"claims":[],"chargeItems":[{"priceOverride":null},{"priceOverride":null}],"workItems":[{"kind":"code-visit","status":"completed"},{"kind":"price-service","status":"requested"}]}}}`, true},
			{"what is right", right, `{"codeEncounter":{"encounter":null,"rehearsal":{"claims":[` + claim + `],"chargeItems":[{"priceOverride":{"value":"250.00"}},{"priceOverride":{"value":"120.00"}}],"workItems":[{"kind":"code-visit","status":"completed"}]}}}`, true},
			{"what is right, in earnest", right, `{"codeEncounter":{"encounter":{"claims":[` + claim + `]},"rehearsal":null}}`, false},
		} {
			want := strings.Replace(strings.Replace(strings.Replace(step.want, "[N]", "[1]", 1), "[N]", "[2]", 1), "},]", "}]", 1)
			if got := code(step.charge, step.dry); string(got.Data) != want {
				t.Errorf("%s shows\n%s %v\nwant\n%s", step.what, got.Data, got.Errors, want)
			}
		}
	})
}

// TestACoderSaysMinutesAndDrugs holds that time is told from units and a drug apart from both, and what is refused of them.
func TestACoderSaysMinutesAndDrugs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(append(practice(), person("ann")...), encounter("visit", "ann"))...)
		d.wait("Task", "status=requested", 1)
		coder := d.role(auth.RoleCoder)
		code := func(more string) string {
			return `mutation{codeEncounter(input:{encounter:"visit",diagnosis:["I10"],charge:[{code:"93000",serviceDate:"2026-03-02",` + more + `}]},dryRun:true){rehearsal{claims{item{quantity{value code} net{value} detail{productOrService{coding{system code}} quantity{value unit code}}}}}}}`
		}
		shows := func(item string) string {
			return `{"codeEncounter":{"rehearsal":{"claims":[{"item":[` + item + `]}]}}}`
		}
		d.says(coder, shows(`{"quantity":{"value":"2","code":"min"},"net":{"value":"120.00"},"detail":[]}`), code(`minutes:2`))
		d.says(coder, shows(`{"quantity":{"value":"1","code":null},"net":{"value":"60.00"},"detail":[{"productOrService":{"coding":[{"system":"http://hl7.org/fhir/sid/ndc","code":"00071015523"}]},"quantity":{"value":"1.5","unit":"ML","code":"mL"}}]}`),
			code(`drug:{ndc:"0071-0155-23",quantity:"1.5",unit:ML}`))
		for more, path := range map[string]string{
			`minutes:0`: "input.charge[0].minutes", `drug:{ndc:"0071015523",quantity:"1",unit:ML}`: "input.charge[0].drug.ndc", `drug:{ndc:"00071015523",quantity:"0",unit:ML}`: "input.charge[0].drug.quantity",
		} {
			var at []string
			for _, e := range d.ask(coder, code(more)).Errors {
				for _, issue := range e.Extensions.Issues {
					at = append(at, issue.Path)
				}
			}
			if !slices.Equal(at, []string{path}) {
				t.Errorf("%s is refused at %v, want %s", more, at, path)
			}
		}
	})
}

// TestAClaimIsCheckedAtThisDoorToo holds that validateClaim tells what $validate does, what the rules could not look at among it.
func TestAClaimIsCheckedAtThisDoorToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(append(practice(), person("ann")...), coded("visit", "ann")...)...)
		d.wait("Claim", "claim-state=ready", 1)
		biller, id := d.role(auth.RoleBiller), d.only(`claims`)
		done, err := d.office.ValidateClaim(t.Context(), biller, billing.Call{}, models.ClaimID(id))
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, f := range done.Result {
			want = append(want, fmt.Sprintf(`{"severity":"%s","rule":"%s","text":"%s"}`, f.Severity, f.Rule, f.Text))
		}
		findings := `[` + strings.Join(want, ",") + `]`
		if !strings.Contains(findings, "Not checked") {
			t.Errorf("nothing is not checked: %s", findings)
		}
		for _, dry := range []bool{true, false} {
			claim := map[bool]string{true: "null", false: `{"state":"ready"}`}[dry]
			d.says(biller, `{"validateClaim":{"claim":`+claim+`,"findings":`+findings+`}}`, `mutation($id:ID!,$dry:Boolean){validateClaim(id:$id,dryRun:$dry){claim{state} findings{severity rule text}}}`, "id", id, "dry", dry)
		}
	})
}

// kinds writes what a rehearsal says: the types of documents, the entries and the work.
func kinds(r rehearsed) string {
	var parts, types []string
	for _, d := range r.Documents {
		types = append(types, d.Type)
	}
	parts = append(parts, strings.Join(types, " "))
	for _, e := range r.Entries {
		line := e.Kind
		for _, p := range e.Postings {
			line += " " + p.Account + " " + p.Amount.Value
		}
		parts = append(parts, line)
	}
	for _, w := range r.WorkItems {
		parts = append(parts, w.Kind+" "+w.Status)
	}
	return strings.Join(parts, "; ")
}

// TestARehearsalShowsWhatItsAskerMaySee holds that a patient's rehearsal of a payment tells nothing of the office's.
func TestARehearsalShowsWhatItsAskerMaySee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _, invoice := billed(t, db)
		const pay = `mutation($i:ID!){recordPayment(input:{invoice:$i,amount:{value:"74.00"},method:card,reference:"ch_1"},idempotencyKey:"k",dryRun:true){invoice{id} rehearsal{entries{kind} workItems{kind} documents{type id}}}}`
		a := d.refuses(d.role(auth.RolePatient), "FORBIDDEN FORBIDDEN", pay, "i", invoice)
		own := `{"type":"Invoice","id":"` + invoice + `"},{"type":"PaymentNotice","id":"ID"},{"type":"PaymentReconciliation","id":"ID"}`
		told := regexp.MustCompile(`("type":"Payment\w+","id":)"[^"]+"`).ReplaceAllString(string(a.Data), `$1"ID"`)
		if want := `{"recordPayment":{"invoice":null,"rehearsal":{"entries":null,"workItems":null,"documents":[` + own + `]}}}`; told != want {
			t.Errorf("the patient sees %s, want %s", told, want)
		}
		r := rehearsalOf(t, d.ask(d.role(auth.RoleFrontDesk), strings.Replace(pay, "workItems{kind} ", "", 1), "i", invoice), "recordPayment", "invoice")
		if got := kinds(r); got != "Invoice PaymentNotice; payment; allocation" {
			t.Errorf("the front desk sees %s", got)
		}
		d.says(d.role(auth.RolePatient), `{"invoice":{"due":{"value":"74.00"},"payments":[]}}`, `query($i:ID!){invoice(id:$i){due{value} payments{id}}}`, "i", invoice)
		d.says(d.role(auth.RolePatient), `{"recordPayment":{"rehearsal":null}}`, strings.NewReplacer("true", "false", "invoice{id} rehearsal{entries{kind} workItems{kind} documents{type id}}", "rehearsal{documents{id}}").Replace(pay), "i", invoice)
	})
}

// TestAChangeIsRefusedOnWhatChangedMeanwhile holds ifVersion: of two coders who read the same, the second learns of the first.
func TestAChangeIsRefusedOnWhatChangedMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(append(practice(), person("ann")...), encounter("visit", "ann"))...)
		d.wait("Task", "status=requested", 1)
		coder, biller := d.role(auth.RoleCoder), d.role(auth.RoleBiller)
		version := d.text(coder, `{encounter(id:"visit"){case{version}}}`, "encounter", "case", "version")
		const code = `mutation($v:String,$code:String!,$key:String){codeEncounter(input:{encounter:"visit",diagnosis:["I10"],charge:[{code:$code,serviceDate:"2026-03-02"}]},ifVersion:$v,idempotencyKey:$key){chargeItems{code{coding{code}}}}}`
		const first = `{"codeEncounter":{"chargeItems":[{"code":{"coding":[{"code":"93000"}]}}]}}`
		d.says(coder, first, code, "v", version, "code", "93000", "key", "one")
		d.refuses(biller, "STALE", code, "v", version, "code", "36415", "key", "one")
		d.says(coder, first, code, "v", version, "code", "93000", "key", "one") // what was done under a key is not refused
		d.refuses(coder, "UNPROCESSABLE", code, "v", version, "code", "36415", "key", "one")

		claim := d.only("claims")
		const submit = `mutation($id:ID!,$v:String){submitClaim(id:$id,ifVersion:$v){claim{state}}}`
		d.refuses(biller, "STALE", submit, "id", claim, "v", "99")
		d.says(biller, `{"submitClaim":{"claim":{"state":"transmitted"}}}`, submit, "id", claim, "v", d.text(biller, `{claims{nodes{meta{versionId}}}}`, "claims", "nodes", "0", "meta", "versionId"))
	})
}

// TestTheOfficeIsAdministeredOnceAndOnTrial holds keys and dry runs of what concerns the tenant as a whole.
func TestTheOfficeIsAdministeredOnceAndOnTrial(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		manager := d.role(auth.RoleManager)
		d.bundle(d.role(auth.RoleAdmin), practice()...)
		const change = `mutation($days:Int,$key:String,$dry:Boolean){changeSettings(input:{dueDays:$days},idempotencyKey:$key,dryRun:$dry){settings{dueDays} rehearsal{documents{id} entries{kind}}}}`
		d.says(manager, `{"changeSettings":{"settings":{"dueDays":7},"rehearsal":{"documents":[],"entries":[]}}}`, change, "days", 7, "dry", true)
		d.says(manager, `{"settings":{"dueDays":30}}`, `{settings{dueDays}}`)
		for range 2 {
			d.says(manager, `{"changeSettings":{"settings":{"dueDays":14},"rehearsal":null}}`, change, "days", 14, "key", "k")
		}
		a := d.refuses(manager, "UNPROCESSABLE", change, "days", 15, "key", "k")
		if issue := a.Errors[0].Extensions.Issues[0]; issue.Path != "idempotencyKey" {
			t.Errorf("the key used again is refused at %s", issue.Path)
		}
		const load = `mutation($csv:String!,$dry:Boolean){loadFees(input:{name:"new",from:"2027-01-01",csv:$csv},dryRun:$dry,idempotencyKey:"fees"){feeSchedule{prices}}}`
		d.says(manager, `{"loadFees":{"feeSchedule":{"prices":1}}}`, load, "csv", feeLines+"99213,,,,,,150\n", "dry", true)
		d.says(manager, `{"feeSchedules":[]}`, `{feeSchedules{id}}`)
		for range 2 {
			d.says(manager, `{"loadFees":{"feeSchedule":{"prices":1}}}`, load, "csv", feeLines+"99213,,,,,,150\n")
		}
		const end = `mutation($id:ID!,$dry:Boolean){endFees(input:{schedule:$id,until:"2027-06-30"},dryRun:$dry,idempotencyKey:"end"){feeSchedule{until}}}`
		id := d.schedule(manager)
		d.says(manager, `{"endFees":{"feeSchedule":{"until":"2027-06-30"}}}`, end, "id", id, "dry", true)
		d.says(manager, `{"feeSchedules":[{"until":null}]}`, `{feeSchedules{until}}`)
		for range 2 {
			d.says(manager, `{"endFees":{"feeSchedule":{"until":"2027-06-30"}}}`, end, "id", id)
		}
	})
}
