package graph_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/bankfile"
	"medbill/internal/clock"
	systems "medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/internal/contracts"
	"medbill/internal/payers"
	"medbill/models"
)

// owned are the names of what one patient has, which the server gave.
type owned struct{ patient, claim, held, stay, invoice, payment, refund, schedule, work, worked, twin, again, finding, overridden, void, deposit, matched, remittance, banked string }

// furnish fills a tenant with two patients of two payers, each with a visit that is billed, answered and paid in part, one whose
// claim is held and one that nobody coded. Every text that FHIR leaves free holds a canary: the first patient's or the second's,
// and the first's for what the practice has.
func (d *desk) furnish(in models.TenantID, first, second string) map[string]owned {
	d.t.Helper()
	admin := as(d.t, in, auth.RoleAdmin)
	shared := "PRACTICECANARY"
	if first == second {
		shared = first
	}
	d.bundle(admin, slices.Concat(organizations(shared), practice()[3:], clients("ann", "acme", first), clients("bob", "zenith", second))...)
	d.says(admin, `{"changeSettings":{"settings":{"practice":{"id":"practice"}}}}`,
		`mutation($n:String){changeSettings(input:{name:$n,practice:"practice",connection:[{payer:"acme",kind:fhir}]}){settings{practice{id}}}}`, "n", shared)
	d.says(admin, `{"loadFees":{"feeSchedule":{"prices":1}}}`, `mutation($n:String!,$csv:String!){loadFees(input:{name:$n,payer:"acme",from:"2027-01-01",csv:$csv}){feeSchedule{prices}}}`,
		"n", shared, "csv", feeLines+"T1000,,,,,,1\n")
	d.loadPayers(admin, "payer,name,aliases,identifiers,transactions\nacme,"+shared+","+shared+",urn:naic|1,837P\n", "payer,subject,code,value,from,until\nacme,appeal-limit,,90,2026-01-01,2026-12-31\nacme,authorization,T1000,yes,,\n",
		"payer,npi,from,until\nacme,1234567893,2026-01-01,2036-12-31\nacme,1999999984,2026-01-01,2036-12-31\n")
	d.loadContracts(admin, "contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\nwalk,acme,"+shared+",2020-01-01,2036-12-31,,,1.00,2,,13202-01,2026-01-01,32.3465,6000\n",
		"contract,kind,code,modifiers,place,provider,value,from,until\nwalk,percent-of-charge,,,,,80,,\nwalk,flat,T1000,95,11,doc,10,2026-01-01,2036-12-31\n")
	d.practiceRule(admin, "claim.billed > 1 ", shared)
	d.practiceRule(admin, "claim.billed > 0", shared)
	d.loadCodes(admin, "urn:walk", "code,short,long,from,until\nZ9X01,invented,An invented thing,2026-01-01,2026-12-31\n")
	d.waitIn(admin, "Task", "status=requested&code=code-visit", 2)
	mine := map[string]owned{}
	for patient, payer := range map[string]string{"ann": "acme", "bob": "zenith"} {
		mine[patient] = d.paidInPart(admin, patient, payer, map[string]string{"ann": first, "bob": second}[patient])
	}
	return mine
}

// paidInPart takes a patient's claim to a bill on which something is paid.
func (d *desk) paidInPart(admin auth.Principal, patient, payer, canary string) owned {
	d.t.Helper()
	d.waitIn(admin, "Claim", "patient=Patient/"+patient+"&claim-state=ready", 1)
	d.waitIn(admin, "Claim", "patient=Patient/"+patient+"&claim-state=held", 1)
	o := owned{patient: patient, stay: "stay-" + patient, claim: d.text(admin, `{claims(filter:{patient:"`+patient+`",claimState:["ready"]}){nodes{id}}}`, "claims", "nodes", "0", "id")}
	o.held = d.text(admin, `{claims(filter:{patient:"`+patient+`",claimState:["held"]}){nodes{id}}}`, "claims", "nodes", "0", "id")
	d.says(admin, `{"submitClaim":{"claim":{"state":"transmitted"}}}`, `mutation($id:ID!){submitClaim(id:$id){claim{state}}}`, "id", o.claim)
	as := as(d.t, admin.Tenant, auth.RolePayer)
	as.Organization = models.OrganizationID(payer)
	said := strings.NewReplacer(`"Organization/acme"`, `"Organization/`+payer+`"`, `"processNote":[{"text":"N381"}]`, `"processNote":[{"text":"N381"},{"number":1,"text":"N30"}]`, `{"itemSequence":1,`, `{"itemSequence":1,"noteNumber":[1],`, `"outcome":"complete"`, `"outcome":"complete","disposition":"`+canary+`","total":[{"category":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"submitted"}],"text":"`+canary+`"},"amount":{"value":325.00,"currency":"USD"}}],"payment":{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/ex-paymenttype","code":"complete"}],"text":"`+canary+`"},"date":"2026-03-20","identifier":{"value":"EFT-`+patient+`"},"amount":{"value":96.00,"currency":"USD"}}`).
		Replace(answer(o.claim, patient, canary))
	if _, err := d.records.Create(context.Background(), as, "ClaimResponse", []byte(said), ""); err != nil {
		d.t.Fatal(err)
	}
	d.banked(admin, as, &o, canary)
	d.eligible(admin, as, patient, canary)
	d.authorized(admin, as, patient, canary)
	d.estimated(admin, patient)
	d.waitIn(admin, "Invoice", "status=issued&patient=Patient/"+patient, 1)
	o.invoice = d.text(admin, `{invoices(filter:{patient:"`+patient+`"}){nodes{id}}}`, "invoices", "nodes", "0", "id")
	o.schedule = d.text(admin, `{feeSchedules{id}}`, "feeSchedules", "0", "id")
	o.work = d.text(admin, `{workItems(filter:{patient:"`+patient+`",kind:["code-visit"]}){nodes{id}}}`, "workItems", "nodes", "0", "id")
	o.worked = d.text(admin, `{workItems(filter:{patient:"`+patient+`",kind:["correct-claim"]}){nodes{id}}}`, "workItems", "nodes", "0", "id")
	d.worked(admin, o.worked, canary)
	d.says(admin, `{"recordPayment":{"invoice":{"due":{"value":"73.00"}}}}`, `mutation($i:ID!,$r:String){recordPayment(input:{invoice:$i,amount:{value:"1.00"},method:check,reference:$r},idempotencyKey:$r){invoice{due{value}}}}`, "i", o.invoice, "r", canary+patient)
	d.paid(admin, &o, canary)
	d.billedTo(admin, &o, canary)
	d.twice(admin, &o, canary)
	d.says(admin, `{"voidClaim":{"claim":{"state":"void-pending"}}}`, `mutation($c:ID!){voidClaim(id:$c){claim{state}}}`, "c", o.claim)
	d.says(admin, `{"authorizeClaim":{"claim":{"state":"held"}}}`, `mutation($c:ID!,$n:String){authorizeClaim(id:$c,number:$n){claim{state}}}`, "c", o.held, "n", canary)
	o.void = d.text(admin, `{claims(filter:{patient:"`+patient+`",claimState:["transmitted"]}){nodes{id}}}`, "claims", "nodes", "0", "id")
	return o
}

// paid has a patient pay for what is to come, get some of that back, and be asked for less of the invoice.
func (d *desk) paid(admin auth.Principal, o *owned, canary string) {
	d.t.Helper()
	d.says(admin, `{"collectPayment":{"patient":{"id":"`+o.patient+`"}}}`, `mutation($p:ID!,$f:String,$r:String,$k:String){collectPayment(input:{patient:$p,amount:{value:"10.00"},method:other,reference:$r,for:$f},idempotencyKey:$k){patient{id}}}`, "p", o.patient, "f", "Appointment/coming-"+o.patient, "r", canary, "k", "collect-"+o.patient)
	o.payment = d.text(admin, `{patient(id:"`+o.patient+`"){payments{id}}}`, "patient", "payments", "1", "id")
	const refund = `mutation($p:ID!,$i:ID!,$w:String!,$r:String,$k:String){refundPayment(input:{patient:$p,payment:$i,amount:{value:"1.00"},reason:$w,reference:$r},idempotencyKey:$k){rehearsal{documents{id}}}}`
	d.says(admin, `{"refundPayment":{"rehearsal":null}}`, refund, "p", o.patient, "i", o.payment, "w", canary, "k", "approved-"+o.patient)
	d.says(admin, `{"refundPayment":{"rehearsal":null}}`, refund, "p", o.patient, "i", o.payment, "w", canary, "r", canary, "k", "paid-"+o.patient)
	d.says(admin, `{"refundPayment":{"rehearsal":null}}`, refund, "p", o.patient, "i", o.payment, "w", canary, "k", "cancelled-"+o.patient)
	d.says(admin, `{"cancelRefund":{"rehearsal":null}}`, `mutation($p:ID!,$i:ID!,$w:String!){cancelRefund(patient:$p,refund:$i,reason:$w){rehearsal{documents{id}}}}`, "p", o.patient, "i", d.text(admin, `{patient(id:"`+o.patient+`"){refunds{id}}}`, "patient", "refunds", "2", "id"), "w", canary)
	o.refund = d.text(admin, `{patient(id:"`+o.patient+`"){refunds{id}}}`, "patient", "refunds", "0", "id")
	d.says(admin, `{"changeSettings":{"rehearsal":null}}`, `mutation{changeSettings(input:{writeOffMax:10}){rehearsal{documents{id}}}}`)
	d.says(admin, `{"writeOff":{"rehearsal":null}}`, `mutation($i:ID!,$w:String!){writeOff(input:{invoice:$i,kind:smallBalance,amount:{value:"1.00"},reason:$w}){rehearsal{documents{id}}}}`, "i", o.invoice, "w", canary)
}

// billedTo has who answers for a patient sent what is due, agree on paying it in parts, be sent the first of them, and dispute the bill; and a till closed.
func (d *desk) billedTo(admin auth.Principal, o *owned, canary string) {
	d.t.Helper()
	done := func(call string) {
		d.t.Helper()
		if a := d.ask(admin, "mutation{x:"+strings.NewReplacer("PATIENT", o.patient, "INVOICE", o.invoice, "CANARY", canary).Replace(call)+"}"); len(a.Errors) > 0 {
			d.t.Fatalf("%s: %+v", call, a.Errors)
		}
	}
	done(`runStatements{sent}`)
	done(`agreePaymentPlan(input:{patient:"PATIENT",parts:2}){plan{state}}`)
	done(`runStatements{sent}`)
	done(`holdStatements(input:{patient:"PATIENT",kind:manual,until:"2035-01-01",reason:"CANARY"}){holds{kind}}`)
	done(`disputeInvoice(invoice:"INVOICE",reason:"CANARY"){hold{kind}}`)
	done(`closeTill(input:{till:"walk",cash:{value:"0.00"},checks:{value:"0.00"}}){close{till}}`)
}

// banked has the payer tell two payments, of which the bank has the one by its number, and another deposit that is as large as the other one.
func (d *desk) banked(admin, payer auth.Principal, o *owned, canary string) {
	d.t.Helper()
	response := d.text(admin, `{claim(id:"`+o.claim+`"){responses{id}}}`, "claim", "responses", "0", "id")
	plb := func(code, reference, amount string) string {
		return `{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/payment-type","code":"adjustment"},{"system":"https://codesystem.x12.org/005010/426","code":"` + code + `"}]},"identifier":{"value":"` + reference + `"},"amount":{"value":` + amount + `,"currency":"USD"}}`
	}
	claim := `{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/payment-type","code":"payment"}]},"request":{"reference":"Claim/` + o.claim + `"},"response":{"reference":"ClaimResponse/` + response + `"},"amount":{"value":96.00,"currency":"USD"}}`
	tells := func(trace, amount, details string) string {
		told, err := d.records.Create(context.Background(), payer, "PaymentReconciliation", []byte(`{"resourceType":"PaymentReconciliation","status":"active","created":"2026-03-20","outcome":"complete","paymentIssuer":{"reference":"Organization/`+string(payer.Organization)+
			`"},"paymentDate":"2026-03-20","paymentAmount":{"value":`+amount+`,"currency":"USD"},"paymentIdentifier":{"value":"`+trace+`"},"extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/payment-method","valueCode":"ACH"}],"detail":[`+details+`]}`), "")
		if err != nil {
			d.t.Fatal(err)
		}
		return told.Document.ID
	}
	o.remittance = tells("EFT-"+o.patient, "97.50", claim+","+plb("L6", canary, "1.50"))
	tells("OPEN-"+o.patient, "9.00", plb("L6", canary, "9.00"))
	file, err := bankfile.ReadCSV(strings.NewReader("date,amount,trace,payer,text,reference\n2026-03-20,97.50,EFT-" + o.patient + "," + string(payer.Organization) + "," + canary + "," + o.patient + "\n2026-03-20,9.00,," + string(payer.Organization) + "," + canary + ",\n"))
	if err != nil {
		d.t.Fatal(err)
	}
	done, err := d.office.TakeDeposits(context.Background(), admin, billing.Call{}, file)
	if err != nil {
		d.t.Fatal(err)
	}
	o.matched, o.deposit = string(done.Result.Deposits[0].ID), string(done.Result.Deposits[1].ID)
	o.banked = d.text(admin, `{workItems(filter:{kind:["deposit-without-remittance"]}){nodes{id}}}`, "workItems", "nodes", "0", "id")
}

// estimated makes a good faith estimate for an appointment that is to come.
func (d *desk) estimated(admin auth.Principal, patient string) {
	d.t.Helper()
	d.bundle(admin, `{"resourceType":"Appointment","id":"coming-`+patient+`","status":"booked","start":"2035-03-05T15:00:00Z","end":"2035-03-05T15:30:00Z","participant":[{"actor":{"reference":"Patient/`+patient+`"},"status":"accepted"}]}`)
	before := models.Cents(1000)
	plan := models.EstimatePlan{Appointment: "coming-" + patient, Prepayment: &before, EstimateRequest: models.EstimateRequest{Services: []models.Service{{System: models.SystemCPT, Code: "93000", Modifiers: models.Codes{"26"}, Units: models.OneUnit}}}}
	if _, err := d.office.MakeEstimate(context.Background(), admin, billing.Call{}, models.PatientID(patient), plan); err != nil {
		d.t.Fatal(err)
	}
}

// eligible has the payer of a patient's plan say what it covers.
func (d *desk) eligible(admin, payer auth.Principal, patient, canary string) {
	d.t.Helper()
	of := `"status":"active","purpose":["benefits"],"patient":{"reference":"Patient/` + patient + `"},"created":"2026-03-01","insurer":{"reference":"Organization/` + string(payer.Organization) + `"},"servicedDate":"2026-03-02"`
	plan := `{"coverage":{"reference":"Coverage/cov-` + patient + `"}`
	d.bundle(admin, `{"resourceType":"CoverageEligibilityRequest","id":"asked-`+patient+`",`+of+`,"insurance":[`+plan+`}]}`)
	item := func(more string) string {
		return `{"name":"` + canary + `","category":{"coding":[{"system":"https://x12.org/codes/service-type-codes","code":"98"}]},"network":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/benefit-network","code":"in"}]},` + more + `}`
	}
	amount := func(system, code, said string) string {
		return `{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/` + system + `","code":"` + code + `"}]},` + said + `}`
	}
	usd := func(name, value string) string { return `"` + name + `":{"value":` + value + `,"currency":"USD"}` }
	term := usd("allowedMoney", "500.00") + "," + usd("usedMoney", "120.00")
	said := `{"resourceType":"CoverageEligibilityResponse",` + of + `,"request":{"reference":"CoverageEligibilityRequest/asked-` + patient + `"},"outcome":"complete","insurance":[` + plan + `,"inforce":true,"benefitPeriod":{"start":"2026-01-01","end":"2026-12-31"},` +
		`"extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/other-payer","extension":[{"url":"payer","valueReference":{"reference":"Organization/` + string(payer.Organization) + `","identifier":{"system":"urn:naic","value":"` + canary + `"}}},{"url":"order","valuePositiveInt":2},{"url":"member","valueString":"` + canary + `"}]}],` +
		`"item":[` + item(`"authorizationRequired":true,"benefit":[`+amount("benefit-type", "copay", usd("allowedMoney", "25.00"))+`,`+amount("benefit-type", "copay-percent", `"allowedUnsignedInt":20`)+`,`+amount("benefit-type", "deductible", term)+`,`+amount("coverage-copay-type", "maxoutofpocket", term)+`]`) +
		`,` + item(`"excluded":true`) + `]}]}`
	if _, err := d.records.Create(context.Background(), payer, "CoverageEligibilityResponse", []byte(said), ""); err != nil {
		d.t.Fatal(err)
	}
}

// authorized has the payer of a patient's plan allow one of two services.
func (d *desk) authorized(admin, payer auth.Principal, patient, canary string) {
	d.t.Helper()
	of := `"status":"active","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},"use":"preauthorization","patient":{"reference":"Patient/` + patient + `"},"insurer":{"reference":"Organization/` + string(payer.Organization) + `"},"created":"` + clock.System().Now().Format(time.DateOnly) + `"`
	item := func(sequence string) string {
		return `{"sequence":` + sequence + `,"productOrService":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"9000` + sequence + `"}]},"quantity":{"value":2},"servicedPeriod":{"start":"2026-03-01","end":"2026-03-31"}}`
	}
	d.bundle(admin, `{"resourceType":"Claim","id":"pre-`+patient+`",`+of+`,"provider":{"reference":"Organization/practice"},"priority":{"coding":[{"code":"normal"}]},"insurance":[{"sequence":1,"focal":true,"coverage":{"reference":"Coverage/cov-`+patient+`"}}],"item":[`+item("1")+`,`+item("2")+`]}`)
	review := func(sequence, action, more string) string {
		const pas = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction"
		return `{"itemSequence":` + sequence + `,"adjudication":[{"category":{"coding":[{"code":"submitted"}]},"extension":[{"url":"` + pas + `","extension":[{"url":"` + pas + `Code","valueCodeableConcept":{"coding":[{"system":"https://codesystem.x12.org/005010/306","code":"` + action + `"}]}},` + more + `]}]}]}`
	}
	said := `{"resourceType":"ClaimResponse",` + of + `,"request":{"reference":"Claim/pre-` + patient + `"},"outcome":"complete","item":[` + review("1", "A1", `{"url":"number","valueString":"`+canary+`"}`) + `,` + review("2", "A3", `{"url":"reasonCode","valueCodeableConcept":{"coding":[{"code":"`+canary+`"}]}}`) + `]}`
	if _, err := d.records.Create(context.Background(), payer, "ClaimResponse", []byte(said), ""); err != nil {
		d.t.Fatal(err)
	}
}

// twice repeats the visit whose claim is held, and says of the held claim that this is right.
func (d *desk) twice(admin auth.Principal, o *owned, canary string) {
	d.t.Helper()
	d.bundle(admin, told("twin-"+o.patient, o.patient, canary, 1)...)
	d.waitIn(admin, "Claim", "patient=Patient/"+o.patient+"&claim-state=held", 2)
	o.twin = d.text(admin, `{encounter(id:"twin-`+o.patient+`"){claims{id}}}`, "encounter", "claims", "0", "id")
	o.again = "twin-" + o.patient
	d.spoken(admin, o.again, canary)
	o.finding, o.overridden = d.repeated(admin, o.twin), d.repeated(admin, o.held)
	d.says(admin, `{"overrideFinding":{"rehearsal":null}}`, `mutation($c:ID!,$f:ID!,$r:String!){overrideFinding(claim:$c,finding:$f,reason:$r){rehearsal{documents{id}}}}`, "c", o.held, "f", o.overridden, "r", canary)
}

// spoken has a visit coded, held and looked over.
func (d *desk) spoken(admin auth.Principal, visit, canary string) {
	d.t.Helper()
	coder := admin
	coder.Subject = "coder"
	done := func(who auth.Principal, call string) {
		d.t.Helper()
		if a := d.ask(who, "mutation{x:"+call+"}"); len(a.Errors) > 0 {
			d.t.Fatalf("%s: %+v", call, a.Errors)
		}
	}
	done(coder, `codeEncounter(input:{encounter:"`+visit+`",diagnosis:["J189"],charge:[{code:"93000",serviceDate:"2026-03-03"}]}){rehearsal{documents{id}}}`)
	done(coder, `holdEncounter(encounter:"`+visit+`",for:coder_query,text:"`+canary+`"){workItem{id}}`)
	asked := d.text(admin, `{encounter(id:"`+visit+`"){communications{id}}}`, "encounter", "communications", "0", "id")
	d.bundle(admin, `{"resourceType":"Communication","id":"answer-`+visit+`","status":"completed","inResponseTo":[{"reference":"Communication/`+asked+`"}],"subject":{"reference":"`+strings.Replace(visit, "twin-", "Patient/", 1)+`"},"encounter":{"reference":"Encounter/`+visit+`"},"sent":"2026-03-04T10:00:00Z","payload":[{"contentString":"`+canary+`"}]}`)
	done(coder, `holdEncounter(encounter:"`+visit+`",for:second_review,text:"`+canary+`"){workItem{id}}`)
	review := d.text(admin, `{encounter(id:"`+visit+`"){case{workItems{id}}}}`, "encounter", "case", "workItems", "0", "id")
	done(admin, `decideWorkItem(input:{id:"`+review+`",decision:{decision:agree}}){workItem{id}}`)
}

// repeated waits for the finding that a service of a claim stands on another one.
func (d *desk) repeated(admin auth.Principal, claim string) string {
	d.t.Helper()
	for range 200 {
		var said struct {
			Claim struct {
				Findings []struct{ ID, Rule string }
			}
		}
		if err := json.Unmarshal(d.ask(admin, `query($c:ID!){claim(id:$c){findings{id rule}}}`, "c", claim).Data, &said); err != nil {
			d.t.Fatal(err)
		}
		for _, f := range said.Claim.Findings {
			if f.Rule == "scrub.duplicate" {
				return f.ID
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.t.Fatalf("claim %s repeats nothing", claim)
	return ""
}

// worked does everything with a work item that leaves a trace.
func (d *desk) worked(admin auth.Principal, id, canary string) {
	d.t.Helper()
	for _, call := range []string{
		`assignWorkItem(id:"ID",user:"Practitioner/doc")`, `noteWorkItem(id:"ID",text:"CANARY")`, `labelWorkItem(id:"ID",add:["canary"])`,
		`snoozeWorkItem(id:"ID",until:"UNTIL",reason:"CANARY")`, `takeWorkItem(id:"ID",minutes:480)`,
	} {
		until := clock.System().Now().Add(time.Hour).UTC().Format(time.RFC3339)
		call = strings.NewReplacer("ID", id, "CANARY", canary, "UNTIL", until).Replace(call)
		if a := d.ask(admin, "mutation{x:"+call+"{workItem{id}}}"); len(a.Errors) > 0 {
			d.t.Fatalf("%s: %+v", call, a.Errors)
		}
	}
}

// The parts that many types have, with a canary wherever a text is free.
func identifiers(canary string) string {
	return `{"use":"usual","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR","display":"` + canary + `"}],"text":"` + canary + `"},"system":"http://example.org/` + canary + `","value":"` + canary + `"}`
}

func concept(canary string) string {
	return `{"coding":[{"system":"http://example.org/` + canary + `","code":"` + canary + `","display":"` + canary + `"}],"text":"` + canary + `"}`
}

func reachable(canary string) string {
	return `"telecom":[{"system":"phone","value":"` + canary + `","use":"work"}]`
}

func addressed(canary string) string {
	return `"address":[{"use":"home","text":"` + canary + `","line":["` + canary + `"],"city":"` + canary + `","state":"CA","postalCode":"92309","country":"` + canary + `"}]`
}

func nameOf(canary string) string {
	return `"name":[{"use":"official","text":"` + canary + `","family":"` + canary + `","given":["` + canary + `"],"prefix":["` + canary + `"],"suffix":["` + canary + `"]}]`
}

// organizations gives the practice, the payers and two providers, one of whom has no NPI, which holds his claims.
func organizations(canary string) []string {
	var list []string
	for _, id := range []string{"practice", "acme", "zenith"} {
		address := strings.Replace(addressed(canary), `"use":"home"`, `"use":"work"`, 1)
		list = append(list, `{"resourceType":"Organization","id":"`+id+`","active":true,"type":[`+concept(canary)+`],"name":"`+canary+`","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"},`+identifiers(canary+id)+`],`+reachable(canary)+`,`+address+`}`)
	}
	for id, npi := range map[string]string{"doc": `{"system":"http://hl7.org/fhir/sid/us-npi","value":"1999999984"},`, "novice": ""} {
		list = append(list, `{"resourceType":"Practitioner","id":"`+id+`","active":true,"identifier":[`+npi+identifiers(canary+id)+`],`+nameOf(canary)+`,`+reachable(canary)+`}`)
	}
	return list
}

// clients gives a patient with a plan of a payer and three visits.
func clients(id, payer, canary string) []string {
	coverage := `{"resourceType":"Coverage","id":"cov-` + id + `","identifier":[` + identifiers(canary) + `],"status":"active","type":` + concept(canary) + `,"subscriberId":"` + canary + `","dependent":"` + canary + `","beneficiary":{"reference":"Patient/` + id + `"},"relationship":` + concept(canary) + `,"period":{"start":"2020-01-01","end":"2030-01-01"},"payor":[{"reference":"Organization/` + payer + `"}],"order":1}`
	resources := []string{
		`{"resourceType":"Patient","id":"` + id + `","active":true,"identifier":[` + identifiers(canary) + `],` + nameOf(canary) + `,` + reachable(canary) + `,"gender":"female","birthDate":"1970-01-01","deceasedBoolean":false,` + addressed(canary) + `}`,
		coverage, elsewhere(id, payer, canary),
		`{"resourceType":"RelatedPerson","id":"mum-` + id + `","active":true,"identifier":[` + identifiers(canary) + `],"patient":{"reference":"Patient/` + id + `"},"relationship":[` + concept(canary) + `],` + nameOf(canary) + `,` + reachable(canary) + `,"gender":"female","birthDate":"1950-01-01",` + addressed(canary) + `}`,
		`{"resourceType":"Account","id":"account-` + id + `","status":"active","subject":[{"reference":"Patient/` + id + `"}],"guarantor":[{"party":{"reference":"RelatedPerson/mum-` + id + `"},"onHold":false,"period":{"start":"2020-01-01"}}]}`,
	}
	resources = append(resources, noted("visit-"+id, id, canary)...)
	for i, visit := range []string{"visit-" + id, "held-" + id, "more-" + id} {
		resources = append(resources, told(visit, id, canary, i)...)
	}
	return resources
}

// noted gives the notes of a visit, with a finding that is suspected only.
func noted(visit, patient, canary string) []string {
	about := `"subject":{"reference":"Patient/` + patient + `"}`
	said := `"content":[{"attachment":{"contentType":"text/plain; charset=utf-8","data":"` + base64.StdEncoding.EncodeToString([]byte(canary)) + `","title":"` + canary + `","url":"https://example.org/` + canary + `","size":9,"creation":"2026-03-02T15:00:00Z"}}]`
	observation := `{"resourceType":"Observation","id":"` + visit + `-ID","status":"final","category":[` + concept(canary) + `],"code":` + concept(canary) + `,` + about + `,"encounter":{"reference":"Encounter/` + visit + `"},"effectiveDateTime":"2026-03-02T15:00:00Z","interpretation":[` + concept(canary) + `],VALUE}`
	list := []string{
		`{"resourceType":"DocumentReference","id":"` + visit + `-note","status":"current","docStatus":"final","type":` + concept(canary) + `,"category":[` + concept(canary) + `],` + about + `,"date":"2026-03-02T15:00:00Z","description":"` + canary + `",` + said + `,"context":{"encounter":[{"reference":"Encounter/` + visit + `"}]}}`,
	}
	for id, value := range map[string]string{"q": `"valueQuantity":{"value":9,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}`, "c": `"valueCodeableConcept":` + concept(canary), "s": `"valueString":"` + canary + `"`} {
		list = append(list, strings.NewReplacer("ID", id, "VALUE", value).Replace(observation))
	}
	return append(list, `{"resourceType":"ServiceRequest","id":"`+visit+`-order","status":"active","intent":"order","code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"71046"}]},`+about+`,"encounter":{"reference":"Encounter/`+visit+`"}}`)
}

// elsewhere gives a hospital's claim that somebody else billed.
func elsewhere(patient, payer, canary string) string {
	return `{"resourceType":"Claim","id":"stay-` + patient + `","status":"active","use":"claim","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"institutional"}]},"subType":` + concept(canary) +
		`,"patient":{"reference":"Patient/` + patient + `"},"created":"2026-01-09","insurer":{"reference":"Organization/` + payer + `"},"provider":{"reference":"Organization/practice"},"priority":{"coding":[{"code":"normal"}]},` +
		`"supportingInfo":[{"sequence":1,"category":` + concept(canary) + `,"code":` + concept(canary) + `,"timingDate":"2026-01-02","valueQuantity":{"value":3}},{"sequence":2,"category":` + concept(canary) + `,"timingPeriod":{"start":"2026-01-02","end":"2026-01-05"}}],` +
		`"diagnosis":[{"sequence":1,"diagnosisCodeableConcept":` + concept(canary) + `,"type":[` + concept(canary) + `],"onAdmission":` + concept(canary) + `,"packageCode":` + concept(canary) + `}],` +
		`"procedure":[{"sequence":1,"type":[` + concept(canary) + `],"date":"2026-01-03","procedureCodeableConcept":` + concept(canary) + `}],` +
		`"insurance":[{"sequence":1,"focal":true,"coverage":{"reference":"Coverage/cov-` + patient + `"}}],"item":[{"sequence":1,"revenue":` + concept(canary) + `,"productOrService":` + concept(canary) + `,"net":{"value":1.00,"currency":"USD"},` +
		`"detail":[{"sequence":1,"productOrService":` + concept(canary) + `,"quantity":{"value":2,"unit":"ML"}}]}]}`
}

// told gives a visit on a day of its own: the second of a provider whose claims are held, the third without codes.
func told(visit, patient, canary string, day int) []string {
	list := coded(visit, patient)
	switch day {
	case 1:
		list = append(list, `{"resourceType":"ChargeItem","id":"`+visit+`-drug","status":"billable","subject":{"reference":"Patient/`+patient+`"},"context":{"reference":"Encounter/`+visit+`"},"occurrenceDateTime":"2026-03-02","code":{"coding":[{"system":"`+cpt+`","code":"36415"}]},"service":[{"reference":"Procedure/`+visit+`-pr3"}],"productCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/ndc","code":"00071015523","display":"`+canary+`"}]},"extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/drug-quantity","valueQuantity":{"value":1.5,"code":"mL"}}]}`)
	case 2:
		list = list[:1]
	}
	for i, r := range list {
		r = strings.ReplaceAll(r, "2026-03-02", fmt.Sprintf("2026-03-0%d", 2+day))
		r = strings.Replace(r, `"participant":[{`, `"identifier":[`+identifiers(canary+visit)+`],"type":[`+concept(canary)+`],"reasonCode":[`+concept(canary)+`],"participant":[{"type":[`+concept(canary)+`],"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-02T15:30:00Z"},`, 1)
		r = strings.Replace(r, `"code":"AMB"`, `"code":"AMB","display":"`+canary+`"`, 1)
		r = strings.Replace(r, `"rank":1`, `"use":`+concept(canary)+`,"rank":1`, 1)
		r = strings.Replace(r, `"resourceType":"Condition"`, `"resourceType":"Condition","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}],"text":"`+canary+`"},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}],"text":"`+canary+`"},"onsetDateTime":"2020-01-01","recordedDate":"2026-03-02"`, 1)
		if day == 1 && strings.Contains(r, `"id":"`+visit+`-pr3"`) {
			r = strings.Replace(r, `"performedDateTime":"2026-03-03"`, `"performedPeriod":{"start":"2026-03-03","end":"2026-03-03"}`, 1)
		}
		if day == 2 {
			r = strings.Replace(r, `,"diagnosis":[{"condition":{"reference":"Condition/`+visit+`-I10"},"use":`+concept(canary)+`,"rank":1},{"condition":{"reference":"Condition/`+visit+`-E785"},"rank":2}]`, "", 1)
		}
		if day == 1 {
			r = strings.Replace(r, "Practitioner/doc", "Practitioner/novice", 1)
		}
		list[i] = r
	}
	return list
}

// loadPayers loads files of what is known of payers.
func (d *desk) loadPayers(admin auth.Principal, texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		file, err := payers.ReadCSV(strings.NewReader(text))
		if err == nil {
			_, err = d.office.LoadPayers(context.Background(), admin, billing.Call{}, file)
		}
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// loadContracts loads files of contracts with payers.
func (d *desk) loadContracts(admin auth.Principal, texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		file, err := contracts.ReadCSV(strings.NewReader(text))
		if err == nil {
			_, err = d.office.LoadContracts(context.Background(), admin, billing.Call{}, file)
		}
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// loadCodes loads a release of some codes.
func (d *desk) loadCodes(admin auth.Principal, table, csv string) {
	d.t.Helper()
	_, err := d.office.LoadCodes(context.Background(), admin, billing.Call{}, billing.CodeLoad{
		Name: "codes.csv", Content: []byte(csv), Options: published.Options{Table: systems.Table(table), Name: "1", From: "2026-01-01"},
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// practiceRule saves a version of a rule on claims of 2020, and switches it on.
func (d *desk) practiceRule(admin auth.Principal, when, text string) {
	d.t.Helper()
	d.says(admin, `{"savePracticeRule":{"rule":{"id":"walk"}}}`, `mutation($t:String!,$w:String!){savePracticeRule(input:{id:"walk",title:$t,text:$t,when:$w,each:claim,action:route,argument:"walk",validFrom:"2020-01-01",validUntil:"2020-12-31",`+
		`example:[{title:$t,view:"{\"claim\":{\"billed\":2,\"from\":\"2020-03-02\"}}",acts:["claim"]}]}){rule{id}}}`, "t", text, "w", when)
	d.says(admin, `{"switchPracticeRule":{"rule":{"state":"on"}}}`, `mutation{switchPracticeRule(id:"walk",on:true){rule{state}}}`)
}
