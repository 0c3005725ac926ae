package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"medbill/graph/generated"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// Who may, by hand: the table is what the office says, not what the code does.
const (
	everybody = "admin ehr frontdesk coder biller manager payer patient"
	office    = "admin ehr frontdesk coder biller manager"
	books     = "admin frontdesk biller manager"       // who see accounts
	clinic    = "admin ehr coder biller manager"       // who see what was done
	owners    = "admin manager"                        // who set up the practice
	workers   = "admin frontdesk coder biller manager" // who have a work list
)

// rights says for every field that not everybody may ask who may; whoever reaches any other field is answered.
var rights = map[string]string{
	"Query.patient":              everybody,
	"Query.patients":             everybody,
	"Query.encounter":            everybody,
	"Query.encounters":           everybody,
	"Query.claim":                clinic + " payer patient",
	"Query.claims":               clinic + " payer patient",
	"Query.invoice":              books + " ehr patient",
	"Query.invoices":             books + " ehr patient",
	"Query.account":              books + " patient",
	"Query.case":                 office,
	"Query.cases":                office,
	"Query.workItem":             workers,
	"Query.workItems":            workers,
	"Query.workQueues":           workers,
	"Query.settings":             owners,
	"Query.feeSchedules":         owners,
	"Query.payers":               owners,
	"Query.payer":                owners,
	"Query.contracts":            owners,
	"Query.contract":             owners,
	"Query.practiceRules":        "admin biller manager",
	"Query.practiceRule":         "admin biller manager",
	"Query.practiceRuleVersions": "admin biller manager",
	"Query.tryPracticeRule":      "admin biller manager",
	"Query.codes":                everybody,
	"Query.report":               "admin biller manager",
	"Query.deposits":             "admin biller manager",
	"Query.deposit":              "admin biller manager",
	"Query.depositProposals":     "admin biller manager",
	"Query.remittances":          "admin biller manager",
	"Query.remittance":           "admin biller manager",
	"Query.estimate":             books + " patient",
	"Query.guarantorAccount":     books, // the patients here have somebody who answers for them
	"Query.statements":           books + " patient",
	"Query.payments":             books + " patient",
	"Query.credits":              books + " patient",
	"Query.tills":                books,

	"Patient.coverages":          books + " ehr payer patient",
	"Coverage.eligibility":       books + " ehr payer patient",
	"Patient.account":            books + " patient",
	"Patient.authorizations":     workers,
	"Patient.goodFaithEstimates": books + " patient",
	"Patient.payments":           books + " patient",
	"Patient.refunds":            books + " patient",
	"Patient.writeOffs":          books + " patient",
	"Encounter.conditions":       clinic + " patient",
	"Encounter.procedures":       clinic + " patient",
	"Encounter.documents":        clinic + " payer patient", // what it was given
	"Encounter.observations":     clinic + " patient",
	"Encounter.chargeItems":      clinic + " patient",
	"Encounter.claims":           clinic + " payer patient",
	"Query.coders":               owners,
	"Encounter.communications":   clinic + " patient",
	"Query.chart":                "admin coder biller manager",
	"Encounter.case":             office,
	"Encounter.estimates":        books + " patient",
	"Case.claims":                clinic,
	"Case.charges":               clinic,
	"Case.invoices":              books + " ehr",
	"Case.workItems":             workers,
	"Claim.findings":             clinic,
	"Claim.expected":             "admin biller manager",
	"Claim.explain":              "admin biller manager",
	"Invoice.explain":            books,
	"Account.explain":            books,
	"Claim.timeline":             "admin coder biller manager",
	"Claim.responses":            "admin ehr biller manager payer patient",
	"Claim.postings":             books,
	"Claim.balance":              books,
	"Invoice.payments":           books + " patient",
	"Account.balance":            books,

	"Mutation.codeEncounter":     "admin coder biller manager",
	"Mutation.holdEncounter":     "admin coder biller manager",
	"Mutation.submitClaim":       "admin biller manager",
	"Mutation.voidClaim":         "admin biller manager",
	"Mutation.authorizeClaim":    "admin biller manager",
	"Mutation.validateClaim":     "admin coder biller manager",
	"Mutation.overrideFinding":   "admin biller manager", // as it is tried: on what a biller may
	"Mutation.restoreFinding":    "admin biller manager",
	"Mutation.recordPayment":     books + " patient",
	"Mutation.collectPayment":    books + " patient",
	"Mutation.reversePayment":    "admin biller manager",
	"Mutation.allocatePayment":   "admin biller manager",
	"Mutation.refundPayment":     owners,
	"Mutation.payRefund":         "admin biller manager",
	"Mutation.cancelRefund":      owners,
	"Mutation.writeOff":          "admin biller manager",
	"Mutation.revertWriteOff":    "admin biller manager",
	"Mutation.runStatements":     "admin biller manager",
	"Mutation.holdStatements":    "admin biller manager",
	"Mutation.releaseStatements": "admin biller manager",
	"Mutation.endPaymentPlan":    "admin biller manager",
	"Mutation.agreePaymentPlan":  "admin biller manager",
	"Mutation.disputeInvoice":    books + " patient",
	"Mutation.closeTill":         books,
	"Mutation.changeSettings":    owners,
	"Mutation.loadFees":          owners,
	"Mutation.endFees":           owners,

	"Mutation.matchDeposit":       "admin biller manager",
	"Mutation.unmatchDeposit":     "admin biller manager",
	"Mutation.savePracticeRule":   owners,
	"Mutation.switchPracticeRule": owners,

	"Mutation.takeWorkItem":     workers,
	"Mutation.giveBackWorkItem": workers,
	"Mutation.assignWorkItem":   workers,
	"Mutation.snoozeWorkItem":   workers,
	"Mutation.noteWorkItem":     workers,
	"Mutation.labelWorkItem":    workers,
	"Mutation.decideWorkItem":   "admin coder biller manager", // as it is tried: by coding
	"Mutation.decideWorkItems":  "admin coder biller manager",

	"Rehearsal.entries":   books,
	"Rehearsal.workItems": workers,
}

// neverShown are the fields that the fixture has no value for: the other form of a choice, what only waits, what only billing
// done elsewhere has.
var neverShown = []string{
	"Chart.payersUnclear", "Suggestion.uses", "Case.reason", "Case.due", "Case.dueAt", "Patient.deceasedDateTime", "ClaimItem.servicedPeriod", "ClaimCareTeam.npi",
	"EstimateLine.charge", "GoodFaithEstimate.visit", "Settings.goLive", "Settings.closedThrough", "StatementLine.charge", "FeeSchedule.until", "PracticeRuleTrial.next", "Quantity.unit", "Quantity.system", "Quantity.code",
}

// asker is somebody with a role, and the canaries that are not for them.
type asker struct {
	auth.Principal
	kind    auth.Role
	foreign []string
}

// walk is one asker's way through the schema: every field of every type that is reached is asked once, from the first place
// where there is something.
type walk struct {
	*desk
	asker
	schema   *ast.Schema
	asked    map[string]bool
	expanded map[string]int
	shown    map[string]bool
	queue    []place
}

// place is where a type is reached: the fields from the root, with their arguments.
type place struct {
	operation string
	path      []string
	typ       string
}

// TestEveryFieldAnswersOrRefusesByTheRoles walks the schema as every role, in a tenant beside another with the same ids, as one
// patient and one payer beside others.
func TestEveryFieldAnswersOrRefusesByTheRoles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		other := d.furnish("other", "OTHERCANARY", "OTHERCANARY")["ann"]
		mine := d.furnish(tenant, "ANNCANARY", "BOBCANARY")
		schema := generated.NewExecutableSchema(generated.Config{}).Schema()
		everything := map[string]bool{}
		for _, who := range d.askers() {
			w := &walk{d, who, schema, map[string]bool{}, map[string]int{}, map[string]bool{}, nil}
			owns := mine["ann"]
			if who.Patient == "bob" || who.Organization == "zenith" {
				owns = mine["bob"]
			}
			if who.kind == auth.RolePayer {
				owns.held, owns.stay, owns.again = owns.claim, owns.claim, "visit-"+owns.patient // what is not sent to it is not there for it
			}
			w.all(owns)
			maps.Copy(everything, w.asked)
			w.sees(who.kind)
			w.hidden(mine, owns, other)
		}
		for name, typ := range schema.Types {
			for _, f := range typ.Fields {
				if edge := name + "." + f.Name; typ.Kind == ast.Object && !strings.HasPrefix(name, "__") && !strings.HasPrefix(f.Name, "__") && !everything[edge] {
					t.Errorf("nobody reaches %s; furnish it", edge)
				}
			}
		}
	})
}

func (d *desk) askers() []asker {
	var list []asker
	for _, role := range auth.Roles() {
		who := asker{d.role(role), role, []string{"OTHERCANARY"}}
		if role != auth.RolePatient && role != auth.RolePayer {
			list = append(list, who)
			continue
		}
		who.foreign = append(who.foreign, "BOBCANARY")
		second := asker{d.role(role), role, []string{"OTHERCANARY", "ANNCANARY"}}
		if role == auth.RolePatient {
			second.Patient = "bob"
		} else {
			second.Organization = "zenith"
		}
		list = append(list, who, second)
	}
	return list
}

// codes is a decision about the visit that nobody coded.
const codes = `{decision:code,diagnosis:["I10"],charge:[{code:"93000",serviceDate:"2026-03-02"}]}`

// all walks from every root. A root that is not here is one nobody wrote a right for.
func (w *walk) all(o owned) {
	roots := map[string][]string{
		"Query.patient":              {`patient(id:"` + o.patient + `")`},
		"Query.encounter":            {`encounter(id:"visit-` + o.patient + `")`, `encounter(id:"` + o.again + `")`},
		"Query.claim":                {`claim(id:"` + o.claim + `")`, `claim(id:"` + o.held + `")`, `claim(id:"` + o.stay + `")`, `claim(id:"` + o.void + `")`},
		"Query.invoice":              {`invoice(id:"` + o.invoice + `")`},
		"Query.account":              {`account(patient:"` + o.patient + `")`},
		"Query.case":                 {`case(id:"Encounter/visit-` + o.patient + `")`, `case(id:"Encounter/more-` + o.patient + `")`},
		"Query.chart":                {`chart(encounter:"visit-` + o.patient + `")`, `chart(encounter:"held-` + o.patient + `")`},
		"Query.coders":               {`coders(from:"2026-01-01",until:"2035-01-01")`},
		"Query.settings":             {"settings"},
		"Query.feeSchedules":         {"feeSchedules"},
		"Query.payers":               {"payers"},
		"Query.payer":                {`payer(id:"acme")`},
		"Query.contracts":            {"contracts"},
		"Query.contract":             {`contract(id:"walk")`},
		"Query.practiceRules":        {"practiceRules"},
		"Query.practiceRule":         {`practiceRule(id:"walk")`, `practiceRule(id:"walk",version:1)`},
		"Query.practiceRuleVersions": {`practiceRuleVersions(id:"walk")`},
		"Query.tryPracticeRule":      {`tryPracticeRule(input:{from:"2026-01-01",until:"2026-12-31",when:"true",each:claim,action:hold})`},
		"Query.codes":                {`codes(system:"urn:walk",on:"2026-03-02")`},
		"Query.deposits":             {"deposits(first:2)"},
		"Query.deposit":              {`deposit(id:"` + o.matched + `")`},
		"Query.depositProposals":     {`depositProposals(id:"` + o.deposit + `")`},
		"Query.remittances":          {"remittances(first:2)"},
		"Query.remittance":           {`remittance(id:"` + o.remittance + `")`},
		"Query.report":               {`report(name:"aging",asOf:"2035-01-01",by:["party"])`},
		"Query.estimate":             {`estimate(input:{patient:"` + o.patient + `",on:"2026-03-02",service:[{code:"93000"}]})`},
		"Query.guarantorAccount":     {`guarantorAccount(patient:"` + o.patient + `")`},
		"Query.statements":           {"statements(first:3)"},
		"Query.payments":             {"payments(first:2)"},
		"Query.credits":              {"credits(first:2)"},
		"Query.tills":                {`tills(till:"walk",date:{from:"2026-01-01"})`},
		"Query.patients":             {"patients(first:2)"},
		"Query.encounters":           {"encounters(first:2)"},
		"Query.claims":               {"claims(first:2)"},
		"Query.invoices":             {"invoices(first:2)"},
		"Query.cases":                {"cases(first:2)"},
		"Query.workItem":             {`workItem(id:"` + o.worked + `")`, `workItem(id:"` + o.banked + `")`},
		"Query.workItems":            {"workItems(first:2,filter:{snoozed:null})"},
		"Query.workQueues":           {"workQueues(filter:{snoozed:null})"},

		"Mutation.takeWorkItem":     {`takeWorkItem(id:"` + o.work + `",dryRun:true)`},
		"Mutation.giveBackWorkItem": {`giveBackWorkItem(id:"` + o.work + `",dryRun:true)`},
		"Mutation.assignWorkItem":   {`assignWorkItem(id:"` + o.work + `",user:"walk",dryRun:true)`},
		"Mutation.snoozeWorkItem":   {`snoozeWorkItem(id:"` + o.work + `",reason:"walk",dryRun:true)`},
		"Mutation.noteWorkItem":     {`noteWorkItem(id:"` + o.work + `",text:"walk",dryRun:true)`},
		"Mutation.labelWorkItem":    {`labelWorkItem(id:"` + o.work + `",add:["walk"],dryRun:true)`},
		"Mutation.decideWorkItem":   {`decideWorkItem(input:{id:"` + o.work + `",decision:` + codes + `},dryRun:true)`},
		"Mutation.decideWorkItems":  {`decideWorkItems(input:{ids:["` + o.work + `"],decision:` + codes + `},dryRun:true)`},

		"Mutation.codeEncounter":      {`codeEncounter(input:{encounter:"more-` + o.patient + `",diagnosis:["I10"],charge:[{code:"93000",serviceDate:"2026-03-02"}]},dryRun:true)`},
		"Mutation.holdEncounter":      {`holdEncounter(encounter:"held-` + o.patient + `",text:"walk",dryRun:true)`},
		"Mutation.submitClaim":        {`submitClaim(id:"` + o.claim + `",dryRun:true)`},
		"Mutation.voidClaim":          {`voidClaim(id:"` + o.claim + `",dryRun:true)`},
		"Mutation.authorizeClaim":     {`authorizeClaim(id:"` + o.held + `",number:"walk",dryRun:true)`},
		"Mutation.validateClaim":      {`validateClaim(id:"` + o.held + `",dryRun:true)`},
		"Mutation.overrideFinding":    {`overrideFinding(claim:"` + o.twin + `",finding:"` + o.finding + `",reason:"walk",dryRun:true)`},
		"Mutation.restoreFinding":     {`restoreFinding(claim:"` + o.held + `",finding:"` + o.overridden + `",dryRun:true)`},
		"Mutation.recordPayment":      {`recordPayment(input:{invoice:"` + o.invoice + `",amount:{value:"1.00"},method:card,reference:"walk"},idempotencyKey:"walk",dryRun:true)`},
		"Mutation.collectPayment":     {`collectPayment(input:{patient:"` + o.patient + `",amount:{value:"1.00"},method:card,reference:"walk-two"},idempotencyKey:"walk-two",dryRun:true)`},
		"Mutation.reversePayment":     {`reversePayment(input:{payment:"` + o.payment + `",reason:error},dryRun:true)`},
		"Mutation.allocatePayment":    {`allocatePayment(input:{payment:"` + o.payment + `",to:"` + o.invoice + `",amount:{value:"1.00"}},dryRun:true)`},
		"Mutation.refundPayment":      {`refundPayment(input:{patient:"` + o.patient + `",payment:"` + o.payment + `",reason:"walk"},idempotencyKey:"walk-three",dryRun:true)`},
		"Mutation.payRefund":          {`payRefund(patient:"` + o.patient + `",refund:"` + o.refund + `",reference:"walk",dryRun:true)`},
		"Mutation.cancelRefund":       {`cancelRefund(patient:"` + o.patient + `",refund:"` + o.refund + `",reason:"walk",dryRun:true)`},
		"Mutation.writeOff":           {`writeOff(input:{invoice:"` + o.invoice + `",kind:charity,amount:{value:"1.00"},reason:"walk"},dryRun:true)`},
		"Mutation.revertWriteOff":     {`revertWriteOff(invoice:"` + o.invoice + `",dryRun:true)`},
		"Mutation.runStatements":      {`runStatements(dryRun:true)`},
		"Mutation.holdStatements":     {`holdStatements(input:{patient:"` + o.patient + `",kind:bankruptcy,reason:"walk"},dryRun:true)`},
		"Mutation.releaseStatements":  {`releaseStatements(patient:"` + o.patient + `",dryRun:true)`},
		"Mutation.agreePaymentPlan":   {`agreePaymentPlan(input:{patient:"` + o.patient + `",parts:2},dryRun:true)`},
		"Mutation.endPaymentPlan":     {`endPaymentPlan(patient:"` + o.patient + `",dryRun:true)`},
		"Mutation.disputeInvoice":     {`disputeInvoice(invoice:"` + o.invoice + `",reason:"walk",dryRun:true)`},
		"Mutation.closeTill":          {`closeTill(input:{till:"walk-two",cash:{value:"0.00"},checks:{value:"0.00"}},dryRun:true)`},
		"Mutation.matchDeposit":       {`matchDeposit(input:{deposit:"` + o.deposit + `",till:{value:"9.00"}},dryRun:true)`},
		"Mutation.unmatchDeposit":     {`unmatchDeposit(id:"` + o.matched + `",dryRun:true)`},
		"Mutation.changeSettings":     {`changeSettings(input:{dueDays:9},dryRun:true)`},
		"Mutation.loadFees":           {`loadFees(input:{name:"ANNCANARY trial",csv:"` + strings.ReplaceAll(feeLines, "\n", `\n`) + `T1000,,,,,,1\n"},dryRun:true)`},
		"Mutation.savePracticeRule":   {`savePracticeRule(input:{id:"walk-two",title:"ANNCANARY",text:"Why.",when:"claim.billed > 2000000",each:claim,action:warning,example:[{title:"one",view:"{\"claim\":{\"billed\":2000001}}",acts:["claim"]}]},dryRun:true)`},
		"Mutation.switchPracticeRule": {`switchPracticeRule(id:"walk",on:false,dryRun:true)`},
		"Mutation.endFees":            {`endFees(input:{schedule:"` + o.schedule + `",until:"2027-12-31"},dryRun:true)`},
	}
	for _, operation := range []*ast.Definition{w.schema.Query, w.schema.Mutation} {
		for _, f := range operation.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			starts := roots[operation.Name+"."+f.Name]
			if len(starts) == 0 {
				w.t.Errorf("%s.%s has no start in this test", operation.Name, f.Name)
			}
			if isDenied(w.kind, operation.Name+"."+f.Name) {
				starts = starts[:min(1, len(starts))] // what exists of it is not theirs to name
			}
			for _, start := range starts {
				w.askField(place{strings.ToLower(operation.Name), nil, operation.Name}, f, start)
				if f.Arguments.ForName("first") != nil && !isDenied(w.kind, "Query."+f.Name) {
					w.askAll(start, f)
				}
			}
		}
	}
	for len(w.queue) > 0 {
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.expand(next)
	}
}

// expand asks the fields of a type that were not asked yet, or showed nothing to go on from.
func (w *walk) expand(at place) {
	w.expanded[at.typ]++
	for _, f := range w.schema.Types[at.typ].Fields {
		if strings.HasPrefix(f.Name, "__") || w.asked[at.typ+"."+f.Name] && (isDenied(w.kind, at.typ+"."+f.Name) || w.isDone(f.Type.Name())) {
			continue
		}
		w.askField(at, f, f.Name)
	}
}

// placesMax bounds from how many places a type is asked.
const placesMax = 3

func (w *walk) isDone(typ string) bool {
	definition := w.schema.Types[typ]
	return len(w.inside(definition)) == 0 || !slices.ContainsFunc(w.inside(definition), func(name string) bool { return w.expanded[name] == 0 })
}

// inside gives the object types that a value of a type may have; none for a leaf.
func (w *walk) inside(typ *ast.Definition) []string {
	switch typ.Kind {
	case ast.Object:
		return []string{typ.Name}
	case ast.Union:
		return typ.Types
	}
	return nil
}

// askField asks one field with the leaves inside, and holds the answer against the rights and the canaries.
func (w *walk) askField(at place, f *ast.FieldDefinition, call string) {
	w.t.Helper()
	edge := at.typ + "." + f.Name
	w.asked[edge] = true
	typ := w.schema.Types[f.Type.Name()]
	path := append(slices.Clone(at.path), call)
	query := at.operation + "{" + strings.Join(path, "{") + w.leaves(typ) + strings.Repeat("}", len(path))
	a := w.askSafely(query)
	want := ""
	if isDenied(w.kind, edge) {
		want = "FORBIDDEN"
	}
	if a.refusal() != want {
		w.t.Errorf("%s as %s of %q%s is answered by %q, want %q\n%s %+v", edge, w.kind, w.Patient, w.Organization, a.refusal(), want, query, a.Errors)
	}
	if found := w.found(a, edge, path); found != nil && len(a.Errors) == 0 {
		for _, name := range w.inside(typ) {
			if w.expanded[name] < placesMax && isThere(found, name) {
				next := place{at.operation, path, name}
				if typ.Kind == ast.Union {
					next.path = append(slices.Clone(path), "...on "+name)
				}
				w.queue = append(w.queue, next)
			}
		}
	}
}

// refusal gives the one code of an answer's errors, of which each field that refuses has one; "" where nothing does.
func (a answered) refusal() string {
	var codes, places []string
	for _, e := range a.Errors {
		codes = append(codes, e.Extensions.Code)
		places = append(places, fmt.Sprint(e.Path))
	}
	slices.Sort(codes)
	slices.Sort(places)
	if len(slices.Compact(places)) < len(codes) {
		return "refused twice at one place"
	}
	return strings.Join(slices.Compact(codes), " ")
}

func isDenied(role auth.Role, edge string) bool {
	who, listed := rights[edge]
	return listed && !slices.Contains(strings.Fields(who), string(role))
}

// askSafely asks and holds that nothing foreign is in the answer.
func (w *walk) askSafely(query string) answered {
	w.t.Helper()
	a := w.desk.ask(w.Principal, query)
	for _, canary := range w.foreign {
		if strings.Contains(string(a.Data), canary) {
			w.t.Errorf("%s %s%s sees what is not theirs: %s\n%s", w.kind, w.Patient, w.Organization, query, a.Data)
		}
	}
	return a
}

// askAll asks a list for all that is near: the canaries are in what its records hold, not in their own leaves.
func (w *walk) askAll(start string, f *ast.FieldDefinition) {
	w.t.Helper()
	query := "{" + start + w.near(w.schema.Types[f.Type.Name()], nearDepth) + "}"
	if a := w.askSafely(query); len(a.Errors) > 0 {
		w.t.Errorf("%s of %q%s asks all of %s: %+v", w.kind, w.Patient, w.Organization, start, a.Errors)
	}
}

const nearDepth = 3 // the list, its records and what they hold

// near selects what w may see of a type, so many objects deep.
func (w *walk) near(typ *ast.Definition, depth int) string {
	switch {
	case len(w.inside(typ)) == 0:
		return ""
	case typ.Kind == ast.Union:
		return "{__typename}"
	}
	names := []string{"__typename"}
	for _, f := range typ.Fields {
		inner := w.schema.Types[f.Type.Name()]
		isLeaf := len(w.inside(inner)) == 0
		if !strings.HasPrefix(f.Name, "__") && f.Name != "edges" && !isDenied(w.kind, typ.Name+"."+f.Name) && (isLeaf || depth > 1) {
			names = append(names, f.Name+w.near(inner, depth-1))
		}
	}
	return "{" + strings.Join(names, " ") + "}"
}

// isThere reports whether one of the values found is of an object type.
func isThere(found any, typ string) bool {
	return slices.ContainsFunc(flat(found), func(one any) bool {
		object, ok := one.(map[string]any)
		return ok && object["__typename"] == typ
	})
}

// leaves selects the scalars of an object.
func (w *walk) leaves(typ *ast.Definition) string {
	if len(w.inside(typ)) == 0 {
		return ""
	}
	names := []string{"__typename"}
	for _, f := range typ.Fields {
		if len(w.inside(w.schema.Types[f.Type.Name()])) == 0 && !strings.HasPrefix(f.Name, "__") && !isDenied(w.kind, typ.Name+"."+f.Name) {
			names = append(names, f.Name)
		}
	}
	return "{" + strings.Join(names, " ") + "}"
}

// found gives what stands at the end of a path, nil where nothing does, and notes what of it shows something.
func (w *walk) found(a answered, edge string, path []string) any {
	var value any
	if err := json.Unmarshal(a.Data, &value); err != nil {
		return nil
	}
	for _, segment := range path {
		name, _, _ := strings.Cut(segment, "(")
		if !strings.HasPrefix(name, "...") {
			value = under(value, name)
		}
	}
	if value == nil {
		return nil
	}
	w.shown[edge] = true
	for _, one := range flat(value) {
		if object, ok := one.(map[string]any); ok {
			for name, leaf := range object {
				w.shown[fmt.Sprintf("%s.%s", object["__typename"], name)] = w.shown[fmt.Sprintf("%s.%s", object["__typename"], name)] || len(flat(leaf)) > 0
			}
		}
	}
	return value
}

// under gives what stands under a name in an object, or in the objects of a list; nil for nothing.
func under(value any, name string) any {
	var all []any
	for _, one := range flat(value) {
		if object, ok := one.(map[string]any); ok {
			all = append(all, flat(object[name])...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// flat gives the values of a list and of the lists in it; none for null.
func flat(value any) []any {
	list, ok := value.([]any)
	if !ok {
		if value == nil {
			return nil
		}
		return []any{value}
	}
	var all []any
	for _, one := range list {
		all = append(all, flat(one)...)
	}
	return all
}

// sees holds that the administrator was shown something in every field, so that a leak has something to leak.
func (w *walk) sees(role auth.Role) {
	if role != auth.RoleAdmin {
		return
	}
	for name, typ := range w.schema.Types {
		for _, f := range typ.Fields {
			edge := name + "." + f.Name
			if w.asked[edge] && !w.shown[edge] && typ.Kind == ast.Object && len(w.inside(w.schema.Types[f.Type.Name()])) == 0 && !slices.Contains(neverShown, edge) {
				w.t.Errorf("the fixture has nothing for %s", edge)
			}
		}
	}
}

// hidden holds that what is another's cannot be asked for by its name, read or changed.
func (w *walk) hidden(mine map[string]owned, owns, other owned) {
	foreign := []owned{other}
	if w.Patient != "" || w.Organization != "" {
		for _, o := range mine {
			if o.patient != owns.patient {
				foreign = append(foreign, o)
			}
		}
	}
	for _, o := range foreign {
		queries := []string{
			`{x:claim(id:"` + o.claim + `"){id}}`, `{x:invoice(id:"` + o.invoice + `"){id}}`,
			`mutation{x:submitClaim(id:"` + o.claim + `",dryRun:true){rehearsal{documents{id}}}}`,
			`mutation{x:recordPayment(input:{invoice:"` + o.invoice + `",amount:{value:"1.00"},method:card,reference:"r"},idempotencyKey:"hidden",dryRun:true){rehearsal{documents{id}}}}`,
			`mutation{x:endFees(input:{schedule:"` + o.schedule + `",until:"2027-12-31"},dryRun:true){feeSchedule{id}}}`,
		}
		if o != other {
			queries = append(queries[:4], `{x:patient(id:"`+o.patient+`"){id}}`, `{x:encounter(id:"visit-`+o.patient+`"){id}}`, `{x:case(id:"Encounter/visit-`+o.patient+`"){id}}`, `{x:account(patient:"`+o.patient+`"){id}}`,
				`{x:guarantorAccount(patient:"`+o.patient+`"){id}}`, `{x:statements(filter:{patient:"`+o.patient+`"}){nodes{id}}}`, `mutation{x:disputeInvoice(invoice:"`+o.invoice+`",reason:"r",dryRun:true){hold{kind}}}`)
		}
		for _, query := range queries {
			a := w.desk.ask(w.Principal, query)
			if got := a.codes(); string(a.Data) != `{"x":null}` || got != "NOT_FOUND" && got != "FORBIDDEN" && !strings.HasPrefix(query, "{x:account") {
				w.t.Errorf("%s of %q%s reaches another's by %s: %s %+v", w.kind, w.Patient, w.Organization, query, a.Data, a.Errors)
			}
		}
	}
}
