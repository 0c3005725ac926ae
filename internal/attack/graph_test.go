package attack_test

import (
	"fmt"
	"slices"
	"strings"

	"medbill/models"
)

// field is a field of the schema, as introspection tells it.
type field struct {
	name   string
	typ    string // of what it gives, without lists and non-nulls
	isList bool
	args   []string
}

// roots is what the schema offers: the fields of each object type, Query and Mutation among them.
type roots map[string][]field

const introspection = `{__schema{types{kind name fields{name args{name} type{kind name ofType{kind name ofType{kind name ofType{kind name}}}}}}}}`

// schema asks the server for its schema.
func (m *matrix) schema() roots {
	m.t.Helper()
	told, _ := m.ask(m.t, m.admin(m.t, ours), introspection)
	if len(told.Errors) > 0 {
		m.t.Fatal(told.Errors)
	}
	schema := roots{}
	for _, one := range told.Data["__schema"].(map[string]any)["types"].([]any) {
		typ := one.(map[string]any)
		name := typ["name"].(string)
		fields, _ := typ["fields"].([]any)
		if strings.HasPrefix(name, "__") || typ["kind"] != "OBJECT" {
			continue
		}
		for _, one := range fields {
			f := one.(map[string]any)
			next := field{name: f["name"].(string)}
			for _, arg := range f["args"].([]any) {
				next.args = append(next.args, arg.(map[string]any)["name"].(string))
			}
			for t, ok := f["type"].(map[string]any); ok; t, ok = t["ofType"].(map[string]any) {
				next.isList = next.isList || t["kind"] == "LIST"
				if t["name"] != nil {
					next.typ = t["name"].(string)
				}
			}
			schema[name] = append(schema[name], next)
		}
	}
	return schema
}

// Whose what the schema calls by another name than FHIR is: the office's is for those who are limited to nobody.
const (
	everybodys = ""
	theOffices = "office"
	theCoders  = "admin coder biller manager"

	theCashiers   = "admin frontdesk biller manager"                            // who takes payments for everybody
	theCollectors = "admin frontdesk biller manager patient patient-who-writes" // who takes payments, and who pays
)

// nodes says of each object type that has an id of its own what right it takes to reach it, as FHIR calls it, and whether it is
// the office's alone. What is neither here nor a part of a record fails.
var nodes = map[string]struct{ typ, whose string }{
	"Account": {"Account", everybodys}, "Case": {"Encounter", theOffices}, "Chart": {"Encounter", theCoders}, "ChargeItem": {"ChargeItem", everybodys}, "Claim": {"Claim", everybodys},
	"ClaimResponse": {"ClaimResponse", everybodys}, "Condition": {"Condition", everybodys}, "Communication": {"Communication", everybodys}, "CodingWord": {"Encounter", theOffices}, "CoderFigures": {"", owners}, "DocumentReference": {"DocumentReference", everybodys}, "Observation": {"Observation", everybodys}, "Coverage": {"Coverage", everybodys},
	"Encounter": {"Encounter", everybodys}, "FeeSchedule": {"", owners}, "Invoice": {"Invoice", everybodys},
	"Organization": {"Organization", everybodys}, "Payer": {"", owners}, "PayerContract": {"", owners}, "Expected": {"Claim", theBillers},
	"Patient": {"Patient", everybodys}, "Payment": {"Account", everybodys}, "Practitioner": {"Practitioner", everybodys},
	"Procedure": {"Procedure", everybodys}, "RelatedPerson": {"RelatedPerson", everybodys},
	"Report":  {"", theBillers},
	"Deposit": {"", theBillers}, "DepositProposal": {"", theBillers}, "Remittance": {"", theBillers},
	"PracticeRule": {"", theBillers}, "PracticeRuleTrial": {"", theBillers},
	"Settings": {"", owners}, "WorkItem": {"Task", theOffices}, "WorkQueue": {"Task", theOffices}, "User": {"Task", theOffices}, "Finding": {"Claim", theOffices}, "Posting": {"Account", theOffices},
	"LedgerBalance": {"Account", theOffices}, "Estimate": {"Patient", theCollectors}, "Refund": {"Account", everybodys}, "WriteOff": {"Account", everybodys},
	"GuarantorAccount": {"Patient", theCollectors}, "Statement": {"Patient", theCollectors}, "TillClose": {"", theCashiers},
}

// mutations says how each is tried on a record or a fee schedule of somebody, by the operation that it is.
var mutations = map[string]struct{ operation, typ, call string }{
	"codeEncounter":      {"Encounter-code", "Encounter", `codeEncounter(input:{encounter:"ID",diagnosis:["I10"],charge:[{code:"93000",serviceDate:"2026-03-04"}]},dryRun:DRY){encounter{id} rehearsal{documents{id}}}`},
	"holdEncounter":      {"Encounter-hold", "Encounter", `holdEncounter(encounter:"ID",text:"matrix",dryRun:DRY){workItem{id} rehearsal{documents{id}}}`},
	"submitClaim":        {"Claim-submit", "Claim", `submitClaim(id:"ID",dryRun:DRY){claim{id} rehearsal{documents{id}}}`},
	"voidClaim":          {"Claim-void", "Claim", `voidClaim(id:"ID",dryRun:DRY){claim{id} rehearsal{documents{id}}}`},
	"authorizeClaim":     {"Claim-authorize", "Claim", `authorizeClaim(id:"ID",number:"matrix",dryRun:DRY){claim{id} rehearsal{documents{id}}}`},
	"validateClaim":      {"Claim-validate", "Claim", `validateClaim(id:"ID",dryRun:DRY){claim{id} rehearsal{documents{id}}}`},
	"overrideFinding":    {"Claim-override", "Claim", `overrideFinding(claim:"ID",finding:"matrix",reason:"matrix",dryRun:DRY){claim{id} rehearsal{documents{id}}}`},
	"restoreFinding":     {"Claim-override", "Claim", `restoreFinding(claim:"ID",finding:"matrix",dryRun:DRY){claim{id} rehearsal{documents{id}}}`},
	"recordPayment":      {"Invoice-pay", "Invoice", `recordPayment(input:{invoice:"ID",amount:{value:"1.00"},method:card,reference:"matrix"},idempotencyKey:"matrix",dryRun:DRY){invoice{id} rehearsal{documents{id}}}`},
	"collectPayment":     {"Patient-collect", "Patient", `collectPayment(input:{patient:"ID",amount:{value:"1.00"},method:card,reference:"matrix-two"},idempotencyKey:"matrix",dryRun:DRY){patient{id} rehearsal{documents{id}}}`},
	"reversePayment":     {"PaymentNotice-reverse", "PaymentNotice", `reversePayment(input:{payment:"ID",reason:error},dryRun:DRY){patient{id} rehearsal{documents{id}}}`},
	"allocatePayment":    {"PaymentNotice-allocate", "PaymentNotice", `allocatePayment(input:{payment:"ID",to:"matrix"},dryRun:DRY){patient{id} rehearsal{documents{id}}}`},
	"refundPayment":      {"Patient-refund", "Patient", `refundPayment(input:{patient:"ID",reason:"matrix"},idempotencyKey:"matrix",dryRun:DRY){patient{id} rehearsal{documents{id}}}`},
	"payRefund":          {"Patient-pay-refund", "Patient", `payRefund(patient:"ID",refund:"matrix",reference:"matrix",dryRun:DRY){patient{id} rehearsal{documents{id}}}`},
	"cancelRefund":       {"Patient-cancel-refund", "Patient", `cancelRefund(patient:"ID",refund:"matrix",reason:"matrix",dryRun:DRY){patient{id} rehearsal{documents{id}}}`},
	"writeOff":           {"Invoice-write-off", "Invoice", `writeOff(input:{invoice:"ID",kind:charity,reason:"matrix"},dryRun:DRY){patient{id} rehearsal{documents{id}}}`},
	"revertWriteOff":     {"Invoice-revert-write-off", "Invoice", `revertWriteOff(invoice:"ID",dryRun:DRY){patient{id} rehearsal{documents{id}}}`},
	"takeWorkItem":       {"Task-take", "Task", `takeWorkItem(id:"ID",dryRun:DRY){workItem{id} rehearsal{documents{id}}}`},
	"giveBackWorkItem":   {"Task-take", "Task", `giveBackWorkItem(id:"ID",dryRun:DRY){workItem{id} rehearsal{documents{id}}}`},
	"assignWorkItem":     {"Task-take", "Task", `assignWorkItem(id:"ID",user:"matrix",dryRun:DRY){workItem{id} rehearsal{documents{id}}}`},
	"snoozeWorkItem":     {"Task-snooze", "Task", `snoozeWorkItem(id:"ID",reason:"matrix",dryRun:DRY){workItem{id} rehearsal{documents{id}}}`},
	"noteWorkItem":       {"Task-take", "Task", `noteWorkItem(id:"ID",text:"matrix",dryRun:DRY){workItem{id} rehearsal{documents{id}}}`},
	"labelWorkItem":      {"Task-take", "Task", `labelWorkItem(id:"ID",add:["matrix"],dryRun:DRY){workItem{id} rehearsal{documents{id}}}`},
	"decideWorkItem":     {"Task-decide", "Task", `decideWorkItem(input:{id:"ID",decision:{decision:recheck}},dryRun:DRY){workItem{id} rehearsal{documents{id}}}`},
	"decideWorkItems":    {"Task-decide", "Task", `decideWorkItems(input:{ids:["ID"],decision:{decision:recheck}},dryRun:DRY){workItems{id} rehearsal{documents{id}}}`},
	"savePracticeRule":   {"save-rule", "", `savePracticeRule(input:{id:"matrix",title:"Matrix.",text:"Why.",when:"claim.billed > 2000000",each:claim,action:warning,example:[{title:"one",view:"{\"claim\":{\"billed\":2000001}}",acts:["claim"]}]},dryRun:DRY){rule{version}}`},
	"switchPracticeRule": {"switch-rule", "", `switchPracticeRule(id:"matrix",on:false,dryRun:DRY){rule{version}}`},
	"changeSettings":     {"settings", "", `changeSettings(input:{dueDays:9},dryRun:DRY){settings{dueDays}}`},
	"loadFees":           {"load-fees", "", `loadFees(input:{name:"matrix",csv:"` + strings.ReplaceAll(feeLines, "\n", `\n`) + `T1000,,,,,,2\n"},dryRun:DRY){feeSchedule{name}}`},
	"matchDeposit":       {"match-deposit", "", `matchDeposit(input:{deposit:"DEPOSIT",till:{value:"9.00"}},dryRun:DRY){deposit{id}}`},
	"unmatchDeposit":     {"unmatch-deposit", "", `unmatchDeposit(id:"MATCHED",dryRun:DRY){deposit{id}}`},
	"runStatements":      {"run-statements", "", `runStatements(dryRun:DRY){sent}`},
	"holdStatements":     {"Patient-hold-statements", "Patient", `holdStatements(input:{patient:"ID",kind:manual,reason:"matrix"},dryRun:DRY){account{id} rehearsal{documents{id}}}`},
	"releaseStatements":  {"Patient-release-statements", "Patient", `releaseStatements(patient:"ID",dryRun:DRY){account{id} rehearsal{documents{id}}}`},
	"agreePaymentPlan":   {"Patient-payment-plan", "Patient", `agreePaymentPlan(input:{patient:"ID",parts:2},dryRun:DRY){account{id} rehearsal{documents{id}}}`},
	"endPaymentPlan":     {"Patient-end-payment-plan", "Patient", `endPaymentPlan(patient:"ID",dryRun:DRY){account{id} rehearsal{documents{id}}}`},
	"disputeInvoice":     {"Invoice-dispute", "Invoice", `disputeInvoice(invoice:"ID",reason:"matrix",dryRun:DRY){invoice{id} rehearsal{documents{id}}}`},
	"closeTill":          {"close-till", "", `closeTill(input:{till:"matrix",cash:{value:"0.00"},checks:{value:"0.00"}},dryRun:DRY){close{till}}`},
	"endFees":            {"end-fees", "", `endFees(input:{schedule:"ID",until:"2027-12-31"},dryRun:DRY){feeSchedule{name}}`},
}

// reaches says whether an actor may ask for a type of the schema at all, with the right to read it or to search it.
func reaches(a *actor, typ, letter string) bool {
	node := nodes[typ]
	limited := a.patient != "" || a.organization != ""
	switch {
	case node.whose == owners, node.whose == theCoders, node.whose == theBillers, node.whose == theCashiers:
		return slices.Contains(strings.Fields(node.whose), a.name)
	case node.whose == theCollectors:
		return (trial{who: node.whose}).runs(a)
	case node.whose == theOffices && limited:
		return false
	}
	return may(a, node.typ, letter)
}

// graph asks an actor's way through GraphQL: every root, every field of a record that leads to another, every mutation.
func (m *matrix) graph(a *actor, schema roots, made map[models.TenantID]furnished) {
	for _, f := range schema["Query"] {
		m.root(a, schema, f)
	}
	for _, f := range schema["Mutation"] {
		trial, known := mutations[f.name]
		if !known {
			m.t.Errorf("mutation %s is new: say in mutations how it is tried", f.name)
			continue
		}
		row := operations[trial.operation]
		if trial.typ == "" {
			for tenant, f := range made {
				tr := row(f.schedule)
				m.mutate(a, f.in(trial.call), f.schedule, tr.runs(a), tr.about == "" || tenant == ours)
			}
			continue
		}
		for _, r := range m.records {
			if r.typ == trial.typ {
				m.mutate(a, trial.call, r.id, row("").runs(a), sees(a, r))
			}
		}
	}
}

// mutate tries a change that the actor may make or not, on what they see or not.
func (m *matrix) mutate(a *actor, call, id string, runs, sees bool) {
	allowed := runs && sees
	query := "mutation{x:" + strings.NewReplacer("ID", id, "DRY", fmt.Sprint(allowed)).Replace(call) + "}"
	codes := []string{"FORBIDDEN", "NOT_FOUND"}
	if allowed {
		codes = []string{"", "CONFLICT", "UNPROCESSABLE"}
	}
	m.question(a, query, codes)
}

// question asks and holds that the errors have one of these codes; without one there is nothing to see.
func (m *matrix) question(a *actor, query string, codes []string) {
	m.later(func() {
		got, body := m.ask(m.t, a.authorization, query)
		m.requests.Add(1)
		if len(got.Errors) > 0 {
			m.refusals.Add(1)
		}
		if !slices.Contains(codes, got.codes()) || got.codes() != "" && got.Data["x"] != nil && !strings.Contains(query, " y:") {
			m.breach("%s: %s: %s, want %q", a.name, query, body, codes)
		}
		m.shows(a, query, body)
	})
}

// publics are the roots that show what is published and nobody's record: whoever has a token sees it.
var publics = map[string]string{
	"codes": `{x:codes(system:"urn:matrix",on:"2026-03-02"){nodes{code display}}}`,
}

// spans are the roots that are asked for some days, or a version.
var spans = map[string]string{
	"tills":                `{x:tills(till:"matrix",date:{from:"2026-01-01",until:"2035-12-31"}){till day who}}`,
	"coders":               `{x:coders(from:"2026-01-01",until:"2026-12-31"){coder{id}}}`,
	"report":               `{x:report(name:"aging",asOf:"2035-01-01",by:["patient"],from:"responsible"){name rows}}`,
	"practiceRule":         `{x:practiceRule(id:"matrix",version:1){title}}`,
	"practiceRuleVersions": `{x:practiceRuleVersions(id:"matrix",before:9){title}}`,
	"tryPracticeRule":      `{x:tryPracticeRule(input:{from:"2026-01-01",until:"2026-12-31",id:"matrix"}){looked hits{claim{id}}}}`,
}

// root asks one field of Query, for every record that it can name.
func (m *matrix) root(a *actor, schema roots, f field) {
	if query, ok := publics[f.name]; ok {
		m.question(a, query, []string{""})
		return
	}
	if query, ok := spans[f.name]; ok {
		codes := []string{"FORBIDDEN"}
		if reaches(a, f.typ, "r") {
			codes = []string{""}
		}
		m.question(a, query, codes)
		return
	}
	typ, isPage := strings.CutSuffix(f.typ, "Connection")
	if _, known := nodes[typ]; !known {
		m.t.Errorf("Query.%s gives a %s, which is new: say in nodes whose it is", f.name, typ)
		return
	}
	switch {
	case isPage:
		codes := []string{"FORBIDDEN"}
		if reaches(a, typ, "s") {
			codes = []string{""}
		}
		m.question(a, "{x:"+f.name+"(first:100){nodes{id}}}", codes)
	case len(f.args) == 0:
		codes := []string{"FORBIDDEN"}
		if reaches(a, typ, "r") {
			codes = []string{""}
		}
		m.question(a, "{x:"+f.name+"{__typename}}", codes)
	case len(f.args) == 1:
		for _, r := range m.records {
			if named, fits := m.name(f, r); fits {
				m.one(a, schema, f, named, r)
			}
		}
	default:
		m.t.Errorf("Query.%s takes %v; say how it is asked", f.name, f.args)
	}
}

// name gives how a root of one argument names a record, where it can.
func (m *matrix) name(f field, r *record) (string, bool) {
	switch {
	case f.typ == "Case":
		return r.ref(), r.typ == "Encounter" || r.typ == "Claim" && strings.HasSuffix(r.id, "-draft")
	case f.typ == "Chart":
		return r.id, r.typ == "Encounter"
	case f.args[0] == "patient":
		return r.id, r.typ == "Patient"
	}
	return r.id, f.args[0] == "id" && r.typ == f.typ
}

// one asks for one record, and where it is the actor's to see, for what it leads to.
func (m *matrix) one(a *actor, schema roots, f field, named string, r *record) {
	call := f.name + "(" + f.args[0] + `:"` + named + `")`
	isSeen, mayAsk := sees(a, r) && (f.typ != "Account" || a.organization == ""), reaches(a, f.typ, "r")
	codes := []string{""}
	switch {
	case !mayAsk && a.organization != "" && !isSeen:
		codes = []string{"FORBIDDEN", "NOT_FOUND"}
	case !mayAsk:
		codes = []string{"FORBIDDEN"}
	case !isSeen && f.typ == "Account" && a.organization != "":
		codes = []string{"", "FORBIDDEN", "NOT_FOUND"}
	case !isSeen && f.typ == "Account": // a patient without one
		codes = []string{""}
	case !isSeen:
		codes = []string{"NOT_FOUND"}
		if a.organization != "" {
			codes = append(codes, "FORBIDDEN")
		}
	}
	m.question(a, "{x:"+call+"{id}}", codes)
	if !mayAsk || !isSeen {
		return
	}
	for _, edge := range schema[f.typ] {
		fields := schema[edge.typ]
		isRecord := slices.ContainsFunc(fields, func(f field) bool { return f.name == "id" })
		if _, known := nodes[edge.typ]; !known && !isRecord {
			continue // a part of the record
		} else if !known {
			m.t.Errorf("%s.%s leads to a %s, which is new: say in nodes whose it is", f.typ, edge.name, edge.typ)
			continue
		}
		codes, letter := []string{""}, "r"
		if edge.isList {
			letter = "s"
		}
		if (edge.isList || isAsked(edge)) && !isPart(f.typ, edge) && !reaches(a, edge.typ, letter) {
			codes = []string{"FORBIDDEN"}
		}
		m.question(a, "{x:"+call+"{id y:"+edge.name+"{__typename}}}", codes)
	}
}

// isAsked reports whether a field that gives one record asks for it by itself: a reference that may not be seen is null.
func isAsked(f field) bool {
	return f.typ == "Case" || f.typ == "Expected" || f.name == "account" && f.typ == "Account"
}

// isPart reports whether a list stands in the record itself: its references are null where they may not be seen.
func isPart(typ string, f field) bool {
	return typ == "Coverage" && f.name == "payor" || typ == "Invoice" && f.name == "account"
}
