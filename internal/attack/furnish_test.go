package attack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// person is a patient with a plan of a payer and a practice that sees them. Whatever is theirs holds their canary.
type person struct {
	id       string
	tenant   models.TenantID
	payer    string
	practice string
	doctor   string
	canary   string
}

// The people: ann is who is asked for, bob another patient of another practice and payer, oda another tenant's.
var (
	ann    = person{"ann", ours, "acme", "practice", "doc", "ANNCANARY"}
	bob    = person{"bob", ours, "zenith", "annex", "medic", "BOBCANARY"}
	oda    = person{"oda", theirs, "acme", "practice", "doc", "ODACANARY"}
	people = []person{ann, bob, oda}
)

// belongs says how a document of a type names the patient whose compartment it is in; nobodys are in no patient's compartment.
// https://hl7.org/fhir/R4/compartmentdefinition-patient.html
var (
	belongs = map[string]string{
		"Account": "subject", "AllergyIntolerance": "patient", "Appointment": "participant.actor", "CarePlan": "subject", "CareTeam": "subject",
		"ChargeItem": "subject", "Claim": "patient", "ClaimResponse": "patient", "Communication": "subject", "Condition": "subject",
		"Coverage": "beneficiary", "CoverageEligibilityRequest": "patient", "CoverageEligibilityResponse": "patient", "DiagnosticReport": "subject",
		"DocumentReference": "subject", "Encounter": "subject", "EpisodeOfCare": "patient", "ExplanationOfBenefit": "patient", "Goal": "subject",
		"ImagingStudy": "subject", "Immunization": "patient", "Invoice": "subject", "Media": "subject", "MedicationAdministration": "subject",
		"MedicationRequest": "subject", "MedicationStatement": "subject", "Observation": "subject", "Patient": "id", "PaymentNotice": "extension", "PaymentReconciliation": "extension", "Procedure": "subject",
		"Provenance": "target", "RelatedPerson": "patient", "ServiceRequest": "subject", "Specimen": "subject", "SupplyDelivery": "patient",
	}
	nobodys = []string{
		"ChargeItemDefinition", "Contract", "Device", "HealthcareService", "InsurancePlan", "Location", "Medication", "Organization",
		"Practitioner", "PractitionerRole", "Task",
	}
)

// specimens has what R4 demands of each type that clients may write, of a patient P.
var specimens = map[string]string{
	"Account":                     `'status':'active','subject':[{'reference':'Patient/P'}]`,
	"AllergyIntolerance":          `'patient':{'reference':'Patient/P'}`,
	"Appointment":                 `'status':'booked','participant':[{'actor':{'reference':'Patient/P'},'status':'accepted'},{'actor':{'reference':'Location/P-location'},'status':'accepted'}]`,
	"CarePlan":                    `'status':'active','intent':'plan','subject':{'reference':'Patient/P'}`,
	"CareTeam":                    `'subject':{'reference':'Patient/P'}`,
	"ChargeItem":                  `'status':'billed','code':{'text':'x'},'subject':{'reference':'Patient/P'}`,
	"ChargeItemDefinition":        `'url':'http://example.org/P','status':'draft'`,
	"Claim":                       `'status':'active','type':{'text':'x'},'use':'claim','patient':{'reference':'Patient/P'},'created':'2026-03-02','provider':{'reference':'Organization/P-organization'},'priority':{'text':'x'},'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/P-coverage'}}]`,
	"ClaimResponse":               `'status':'active','type':{'text':'x'},'use':'claim','patient':{'reference':'Patient/P'},'created':'2026-03-02','insurer':{'reference':'Organization/P-organization'},'outcome':'complete'`,
	"Communication":               `'status':'completed','subject':{'reference':'Patient/P'}`,
	"Contract":                    `'subject':[{'reference':'Patient/P'}]`,
	"CoverageEligibilityRequest":  `'status':'active','purpose':['benefits'],'patient':{'reference':'Patient/P'},'created':'2026-03-02','insurer':{'reference':'Organization/P-organization'}`,
	"CoverageEligibilityResponse": `'status':'active','purpose':['benefits'],'patient':{'reference':'Patient/P'},'created':'2026-03-02','request':{'reference':'CoverageEligibilityRequest/P-coverageeligibilityrequest'},'outcome':'complete','insurer':{'reference':'Organization/P-organization'}`,
	"Device":                      `'patient':{'reference':'Patient/P'}`,
	"DiagnosticReport":            `'status':'final','code':{'text':'x'},'subject':{'reference':'Patient/P'}`,
	"DocumentReference":           `'status':'current','subject':{'reference':'Patient/P'},'content':[{'attachment':{'title':'x'}}]`,
	"EpisodeOfCare":               `'status':'active','patient':{'reference':'Patient/P'}`,
	"ExplanationOfBenefit":        `'status':'active','type':{'text':'x'},'use':'claim','patient':{'reference':'Patient/P'},'created':'2026-03-02','insurer':{'reference':'Organization/P-organization'},'provider':{'reference':'Organization/P-organization'},'outcome':'complete','insurance':[{'focal':true,'coverage':{'reference':'Coverage/P-coverage'}}]`,
	"Goal":                        `'lifecycleStatus':'active','description':{'text':'x'},'subject':{'reference':'Patient/P'}`,
	"HealthcareService":           `'active':true`,
	"ImagingStudy":                `'status':'available','subject':{'reference':'Patient/P'}`,
	"Immunization":                `'status':'completed','vaccineCode':{'text':'x'},'patient':{'reference':'Patient/P'},'occurrenceDateTime':'2026-03-02'`,
	"InsurancePlan":               `'name':'x'`,
	"Invoice":                     `'status':'issued','subject':{'reference':'Patient/P'}`,
	"Location":                    `'status':'active'`,
	"Media":                       `'status':'completed','content':{'title':'x'},'subject':{'reference':'Patient/P'}`,
	"Medication":                  `'status':'active'`,
	"MedicationAdministration":    `'status':'completed','medicationCodeableConcept':{'text':'x'},'subject':{'reference':'Patient/P'},'effectiveDateTime':'2026-03-02'`,
	"MedicationRequest":           `'status':'active','intent':'order','medicationCodeableConcept':{'text':'x'},'subject':{'reference':'Patient/P'}`,
	"MedicationStatement":         `'status':'active','medicationCodeableConcept':{'text':'x'},'subject':{'reference':'Patient/P'}`,
	"Observation":                 `'status':'final','code':{'text':'x'},'subject':{'reference':'Patient/P'}`,
	"Organization":                `'name':'x'`,
	"Practitioner":                `'active':true`,
	"PractitionerRole":            `'active':true`,
	"Provenance":                  `'target':[{'reference':'Patient/P'}],'recorded':'2026-03-02T00:00:00Z','agent':[{'who':{'reference':'Practitioner/P-practitioner'}}]`,
	"RelatedPerson":               `'patient':{'reference':'Patient/P'}`,
	"ServiceRequest":              `'status':'active','intent':'order','subject':{'reference':'Patient/P'}`,
	"Specimen":                    `'subject':{'reference':'Patient/P'}`,
	"SupplyDelivery":              `'patient':{'reference':'Patient/P'}`,

	"Patient":  `'name':[{'family':'Canary'}],'gender':'female','birthDate':'1970-01-01','generalPractitioner':[{'reference':'Practitioner/P-practitioner'},{'reference':'PractitionerRole/P-practitionerrole'},{'reference':'Organization/P-organization'}]`,
	"Coverage": `'status':'active','subscriberId':'CANARY-7781','subscriber':{'reference':'RelatedPerson/P-relatedperson'},'beneficiary':{'reference':'Patient/P'},'payor':[{'reference':'Organization/PAYER'}]`,
	"Encounter": `'status':'finished','class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'AMB'},'subject':{'reference':'Patient/P'},'participant':[{'individual':{'reference':'Practitioner/DOCTOR'}}],` +
		`'period':{'start':'2026-03-02T15:00:00Z','end':'2026-03-02T15:30:00Z'},'serviceProvider':{'reference':'Organization/PRACTICE'}`,
	"Condition": `'subject':{'reference':'Patient/P'},'encounter':{'reference':'Encounter/P-encounter'},'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}`,
	"Procedure": `'status':'completed','subject':{'reference':'Patient/P'},'encounter':{'reference':'Encounter/P-encounter'},'performedDateTime':'2026-03-02','code':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'99214'}]}`,
}

// more are further records of a person: what waits to be coded, what can be sent, what is not to be billed yet, and a draft.
var more = []struct{ typ, id, body string }{
	{"Encounter", "P-uncoded", strings.ReplaceAll(specimens["Encounter"], "2026-03-02", "2026-03-04")},
	{"Encounter", "P-second", strings.ReplaceAll(specimens["Encounter"], "2026-03-02", "2026-03-03")},
	{"Condition", "P-second-condition", strings.ReplaceAll(specimens["Condition"], "P-encounter", "P-second")},
	{"Procedure", "P-second-procedure", strings.NewReplacer("P-encounter", "P-second", "2026-03-02", "2026-03-03").Replace(specimens["Procedure"])},
	{"ChargeItem", "P-planned", `'status':'planned','code':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'93000'}]},'subject':{'reference':'Patient/P'},'context':{'reference':'Encounter/P-uncoded'},'occurrenceDateTime':'2026-03-04'`},
	{"Claim", "P-draft", `'status':'draft','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},'use':'claim','patient':{'reference':'Patient/P'},'created':'2026-03-05','insurer':{'reference':'Organization/PAYER'},'provider':{'reference':'Organization/PRACTICE'},'priority':{'coding':[{'code':'normal'}]},` +
		`'careTeam':[{'sequence':1,'provider':{'reference':'Practitioner/DOCTOR'},'role':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claimcareteamrole','code':'primary'}]}}],'diagnosis':[{'sequence':1,'diagnosisCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}],'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/P-coverage'}}],` +
		`'item':[{'sequence':1,'productOrService':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'93000'}]},'servicedDate':'2026-03-05','locationCodeableConcept':{'coding':[{'system':'https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set','code':'11'}]},'diagnosisSequence':[1],'net':{'value':60.00,'currency':'USD'}}]`},
}

// document gives a resource of a person, with the person's canary in it.
func (p person) document(typ, id, elements string) string {
	text := `{'resourceType':'` + typ + `','id':'` + id + `','extension':[{'url':'http://example.org/canary','valueString':'` + p.canary + `'}],` + elements + `}`
	return compact(strings.NewReplacer("Patient/P", "Patient/"+p.id, "/P-", "/"+p.id+"-", "'P-", "'"+p.id+"-", "/P'", "/"+p.id+"'", "'P'", "'"+p.id+"'",
		"PAYER", p.payer, "PRACTICE", p.practice, "DOCTOR", p.doctor).Replace(text))
}

// named gives the id of the person's own record of a type.
func (p person) named(typ string) string {
	if typ == "Patient" {
		return p.id
	}
	return p.id + "-" + strings.ToLower(typ)
}

// specimen gives the person's own record of a type.
func (p person) specimen(typ string) string {
	return p.document(typ, p.named(typ), specimens[typ])
}

// office gives what a tenant's practice has: organizations, doctors and prices.
func office(canary string) []string {
	named := func(typ, id, npi string) string {
		return fmt.Sprintf(`{'resourceType':'%s','id':'%s','extension':[{'url':'http://example.org/canary','valueString':'%s'}],'identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'%s'}]`, typ, id, canary, npi)
	}
	list := []string{}
	for id, npi := range map[string]string{"practice": "1234567893", "annex": "1245319599", "acme": "", "zenith": ""} {
		text := named("Organization", id, npi) + `,'name':'` + id + `'}`
		list = append(list, compact(strings.ReplaceAll(text, `,'identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':''}]`, "")))
	}
	for id, npi := range map[string]string{"doc": "1999999984", "medic": "1033000005"} {
		list = append(list, compact(named("Practitioner", id, npi)+`,'name':[{'family':'Canary'}]}`))
	}
	for code, price := range map[string]string{"99214": "250.00", "93000": "60.00"} {
		list = append(list, compact(`{'resourceType':'ChargeItemDefinition','id':'fee-`+code+`','url':'http://example.org/fee/`+code+`','status':'active','code':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'`+code+`'}]},'propertyGroup':[{'priceComponent':[{'type':'base','amount':{'value':`+price+`,'currency':'USD'}}]}]}`))
	}
	return list
}

// transaction gives a Bundle that puts resources.
func transaction(t testing.TB, resources []string) string {
	t.Helper()
	entries := make([]string, len(resources))
	for i, r := range resources {
		n := nameOf(t, []byte(r))
		entries[i] = fmt.Sprintf(`{"resource":%s,"request":{"method":"PUT","url":"%s/%s"}}`, r, n.ResourceType, n.ID)
	}
	return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
}

// adjudicated is a payer's answer to a claim over 250.00 that leaves 20.00 to the patient.
func (p person) adjudicated(claim string) string {
	amount := func(category, more, value string) string {
		return `{'category':{'coding':[{'system':'` + category + `'}]},` + more + `'amount':{'value':` + value + `,'currency':'USD'}}`
	}
	said := func(category, value string) string {
		return amount("http://terminology.hl7.org/CodeSystem/adjudication','code':'"+category, "", value)
	}
	adjusted := func(group, reason, value string) string {
		return amount("https://x12.org/codes/claim-adjustment-group-codes','code':'"+group, `'reason':{'coding':[{'system':'https://x12.org/codes/claim-adjustment-reason-codes','code':'`+reason+`'}]},`, value)
	}
	return compact(`{'resourceType':'ClaimResponse','identifier':[{'system':'http://example.org/icn','value':'ICN-` + p.canary + `'}],'status':'active','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},'use':'claim',` +
		`'patient':{'reference':'Patient/` + p.id + `'},'created':'2026-03-20','insurer':{'reference':'Organization/` + p.payer + `'},'request':{'reference':'Claim/` + claim + `'},'outcome':'complete','disposition':'` + p.canary + `','item':[{'itemSequence':1,'adjudication':[` +
		said("submitted", "250.00") + "," + said("benefit", "80.00") + "," + adjusted("CO", "45", "150.00") + "," + adjusted("PR", "2", "20.00") + `]}],` +
		`'payment':{'type':{'text':'x'},'amount':{'value':80.00,'currency':'USD'},'identifier':{'value':'EFT-` + p.canary + `'}}}`)
}

// payment is the parameters of a payment of a dollar.
const payment = `{"resourceType":"Parameters","parameter":[{"name":"amount","valueMoney":{"value":1.00,"currency":"USD"}},{"name":"method","valueCode":"card"},{"name":"reference","valueString":"REFERENCE"}]}`

const feeLines = "code,system,modifiers,payer,from,until,amount\n"

// furnished is what a tenant has whose name the server gave.
type furnished struct{ schedule, deposit, matched string }

// in names in a text the deposits of the tenant: one that nobody knows, and one from the till.
func (f furnished) in(text string) string {
	return strings.NewReplacer("DEPOSIT", f.deposit, "MATCHED", f.matched).Replace(text)
}

// deposited has the bank tell two deposits, of which one is matched.
func (w *world) deposited(t testing.TB, admin, canary string) (deposit, matched string) {
	t.Helper()
	told := w.must(t, admin, "POST", "/deposits", "date,amount,trace,payer,text\n2026-03-02,9.00,,,"+canary+"\n2026-03-02,8.00,,acme,"+canary+"\n", "Content-Type: text/csv")
	var taken struct{ Deposits []struct{ ID string } }
	if err := json.Unmarshal([]byte(told.body), &taken); err != nil || len(taken.Deposits) != 2 {
		t.Fatalf("%v: %s", err, told.body)
	}
	deposit, matched = taken.Deposits[0].ID, taken.Deposits[1].ID
	w.must(t, admin, "POST", "$match-deposit", parameter("deposit", `"valueString":"`+matched+`"},{"name":"till","valueMoney":{"value":8.00,"currency":"USD"}`))
	return deposit, matched
}

// furnish fills both tenants, so that there is a record of every type that there can be: of every person a visit that is
// billed, answered and paid in part, one whose claim can be sent and one that nobody coded.
func (w *world) furnish(t testing.TB) map[models.TenantID]furnished {
	t.Helper()
	made := map[models.TenantID]furnished{}
	for tenant, canary := range map[models.TenantID]string{ours: "OFFICE", theirs: "YONDERCANARY"} {
		admin := w.admin(t, tenant)
		w.must(t, admin, "POST", "", transaction(t, office(canary)))
		w.must(t, admin, "POST", "$load-fees?name="+canary+"&from=2027-01-01", feeLines+"T1000,,,,,,1\n", "Content-Type: text/csv")
		w.must(t, admin, "POST", "$load-payers", "payer,name,aliases,identifiers,transactions\nacme,"+canary+",,,\n", "Content-Type: text/csv")
		w.must(t, admin, "POST", "$load-contracts", "contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\nacme,acme,"+canary+",,,,,,,,,,,\n", "Content-Type: text/csv")
		w.must(t, admin, "POST", "$save-rule", strings.Replace(ruleSaved, "OFFICE", canary, 1))
		w.must(t, admin, "POST", "$load-codes", codeFile)
		fees, _ := w.ask(t, admin, `{feeSchedules{id}}`)
		deposit, matched := w.deposited(t, admin, canary)
		made[tenant] = furnished{fees.Data["feeSchedules"].([]any)[0].(map[string]any)["id"].(string), deposit, matched}
	}
	for _, p := range people {
		var resources []string
		for _, typ := range fhir.Types() {
			if specimens[typ.Name] != "" {
				resources = append(resources, p.specimen(typ.Name))
			}
		}
		for _, m := range more {
			resources = append(resources, p.document(m.typ, strings.Replace(m.id, "P", p.id, 1), m.body))
		}
		w.must(t, w.admin(t, p.tenant), "POST", "", transaction(t, resources))
	}
	for _, p := range people {
		w.bill(t, p)
	}
	w.idle(t)
	return made
}

// ownInvoices finds the invoices that billing itself made for a patient.
const ownInvoices = "Invoice?_tag:not=https://medbill.dev/fhir/CodeSystem/origin|external&status=issued&patient=Patient/"

const payerScope = "system/Claim.rs system/ClaimResponse.crs system/PaymentReconciliation.crs"

// bill takes the first visit of a person to a bill on which a dollar is paid.
func (w *world) bill(t testing.TB, p person) {
	t.Helper()
	admin := w.admin(t, p.tenant)
	claim := w.await(t, admin, "Claim?claim-state=ready&encounter=Encounter/"+p.named("Encounter"), 1)[0]
	w.await(t, admin, "Claim?claim-state=ready&encounter=Encounter/"+p.id+"-second", 1)
	w.must(t, admin, "POST", "Claim/"+claim+"/$submit", "")
	payer := w.sign(t, auth.Claims{Tenant: p.tenant, Subject: "payer", Scope: payerScope, Organization: models.OrganizationID(p.payer)})
	w.must(t, payer, "POST", "ClaimResponse", p.adjudicated(claim))
	invoice := w.await(t, admin, ownInvoices+p.id, 1)[0]
	w.must(t, admin, "POST", "Invoice/"+invoice+"/$pay", strings.Replace(payment, "REFERENCE", p.canary, 1), "Idempotency-Key: "+p.id)
}

// record is one document, and who may come near it.
type record struct {
	typ, id string
	tenant  models.TenantID
	person  string   // whose compartment holds it, "" for nobody's
	near    []string // whose compartment names it, of those types that a patient sees around the own compartment
	payers  []string // whom a claim that was sent leads to it
	booked  bool     // it is in the books: what is sent to it is judged by them
	version string
	body    string
}

func (r *record) ref() string { return r.typ + "/" + r.id }

// records lists what there is, one of each kind: of a type, a person, a fate and those who may see it.
func (w *world) records(t testing.TB) []*record {
	t.Helper()
	near, payers := w.neighbours(t)
	seen, own := map[string]bool{}, map[string]bool{}
	var list []*record
	for _, tenant := range []models.TenantID{ours, theirs} {
		for _, d := range w.documents(t, tenant) {
			r := &record{typ: d.Type, id: d.ID, tenant: tenant, version: fmt.Sprint(d.Version), body: string(d.Body)}
			for _, p := range people {
				if p.tenant == tenant && belongs[d.Type] != "" && (d.Type == "Patient" && d.ID == p.id || d.Type != "Patient" && strings.Contains(r.body, `"Patient/`+p.id+`"`)) {
					r.person = p.id
				}
			}
			r.near, r.payers = near[string(tenant)+" "+r.ref()], payers[string(tenant)+" "+r.ref()]
			served, known := fhir.TypeOf(d.Type)
			r.booked = known && served.Owner == fhir.Booked && !d.External
			own[r.ref()] = own[r.ref()] || tenant == ours
			kind := fmt.Sprint(r.typ, r.tenant, r.person, r.near, r.payers, r.booked, r.person != "" && strings.HasPrefix(r.id, r.person))
			if !seen[kind] && own[r.ref()] == (tenant == ours) { // a reference that both tenants have is ours
				seen[kind] = true
				list = append(list, r)
			}
		}
	}
	for _, typ := range fhir.Types() {
		_, owned := belongs[typ.Name]
		if !owned && !slices.Contains(nobodys, typ.Name) {
			t.Errorf("%s is new: say in belongs or nobodys whose its records are", typ.Name)
		}
		of := slices.ContainsFunc(list, func(r *record) bool { return r.typ == typ.Name })
		if !of {
			t.Errorf("there is no record of %s; give it its specimen", typ.Name)
		}
		for _, p := range people {
			if owned && of && !slices.ContainsFunc(list, func(r *record) bool { return r.typ == typ.Name && r.person == p.id }) {
				t.Errorf("%s has no %s", p.id, typ.Name)
			}
		}
	}
	return list
}

func (w *world) documents(t testing.TB, tenant models.TenantID) []models.Document {
	t.Helper()
	var list []models.Document
	err := w.db.As(models.Actor{Tenant: tenant}).View(context.Background(), func(v *store.View) error {
		return documents.Each(v, func(d models.Document) error {
			list = append(list, d)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// neighbours says of "tenant Type/id" whose compartment names it, and which payers a claim that was sent to them leads there.
func (w *world) neighbours(t testing.TB) (near, payers map[string][]string) {
	t.Helper()
	near, payers = map[string][]string{}, map[string][]string{}
	for _, p := range people {
		at := func(to map[string][]string, who string, refs ...string) {
			for _, ref := range refs {
				key := string(p.tenant) + " " + ref
				to[key] = append(to[key], who)
			}
		}
		practice := []string{"Organization/" + p.practice, "Organization/" + p.payer, "Practitioner/" + p.doctor}
		at(near, p.id, practice...)
		for _, typ := range []string{"Organization", "Practitioner", "PractitionerRole", "Location"} {
			at(near, p.id, typ+"/"+p.named(typ))
		}
		admin := w.admin(t, p.tenant)
		sent := w.found(t, admin, "Claim?claim-state=adjudicated&patient=Patient/"+p.id)
		answers := w.found(t, admin, "ClaimResponse?request="+strings.Join(sent, ","))
		if len(sent) != 1 || len(answers) != 1 {
			t.Fatalf("%s has the claims %v and the answers %v", p.id, sent, answers)
		}
		at(payers, p.payer, w.found(t, admin, "PaymentReconciliation?payment-issuer=Organization/"+p.payer)...)
		at(payers, p.payer, practice...)
		at(payers, p.payer, sent[0], answers[0])
		for _, typ := range []string{"Patient", "Coverage", "RelatedPerson", "Encounter"} {
			at(payers, p.payer, typ+"/"+p.named(typ))
		}
	}
	return near, payers
}
