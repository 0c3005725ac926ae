package attack_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// clinic is a practice with what malformed input is sent at: a visit that a coder may code, an invoice that is to be paid, and a
// claim that its payer may answer.
type clinic struct {
	*world
	admin                    string
	invoice, claim, schedule string
}

const malformedCPT = "http://www.ama-assn.org/go/cpt"

func malformedClinic(t *testing.T, w *world) *clinic {
	t.Helper()
	c := &clinic{world: w, admin: w.admin(t, ours)}
	w.must(t, c.admin, "POST", "$load-fees?name=own", "code,system,modifiers,payer,from,until,amount\n93000,,,,,,60.00\n", "Content-Type: text/csv")
	for _, body := range []string{
		`{'resourceType':'Organization','id':'practice','name':'Zzyzx Clinic','identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}]}`,
		`{'resourceType':'Organization','id':'acme','name':'ACME PPO'}`,
		`{'resourceType':'Practitioner','id':'doc','name':[{'family':'Canary'}],'identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1999999984'}]}`,
		c.patient("ann", ""), c.patient("bob", ""),
		`{'resourceType':'Coverage','id':'bobs','status':'active','subscriberId':'CANARY-7781','beneficiary':{'reference':'Patient/bob'},'payor':[{'reference':'Organization/acme'}]}`,
		c.procedure("ann-ecg", "ann", "paid"), c.condition("ann-dx", "ann", "paid"), c.encounter("paid", "ann"),
		c.procedure("bob-ecg", "bob", "sent"), c.condition("bob-dx", "bob", "sent"), c.encounter("sent", "bob"),
		c.encounter("visit", "ann"),
	} {
		c.put(t, body)
	}
	fees, _ := w.ask(t, c.admin, `{feeSchedules{id}}`)
	c.schedule = fees.Data["feeSchedules"].([]any)[0].(map[string]any)["id"].(string)
	w.idle(t)
	c.invoice = w.await(t, c.admin, "Invoice?status=issued&patient=Patient/ann", 1)[0]
	c.claim = w.await(t, c.admin, "Claim?claim-state=ready&encounter=Encounter/sent", 1)[0]
	w.must(t, c.admin, "POST", "Claim/"+c.claim+"/$submit", "")
	w.idle(t)
	return c
}

// put stores a document at the address that it says.
func (c *clinic) put(t *testing.T, body string) {
	t.Helper()
	body = compact(body)
	n := nameOf(t, []byte(body))
	c.must(t, c.admin, "PUT", n.ResourceType+"/"+n.ID, body)
}

func (*clinic) patient(id, more string) string {
	return `{'resourceType':'Patient','id':'` + id + `','name':[{'family':'Canary','given':['Zzyzx']}],'gender':'female','birthDate':'1970-01-01'` + more + `}`
}

func (*clinic) encounter(id, patient string) string {
	return `{'resourceType':'Encounter','id':'` + id + `','status':'finished','class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'AMB'},'subject':{'reference':'Patient/` + patient + `'},
		'participant':[{'individual':{'reference':'Practitioner/doc'}}],'period':{'start':'2026-03-02T15:00:00Z','end':'2026-03-02T15:30:00Z'},'serviceProvider':{'reference':'Organization/practice'}}`
}

func (*clinic) condition(id, patient, visit string) string {
	return `{'resourceType':'Condition','id':'` + id + `','subject':{'reference':'Patient/` + patient + `'},'encounter':{'reference':'Encounter/` + visit + `'},'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}`
}

func (*clinic) procedure(id, patient, visit string) string {
	return `{'resourceType':'Procedure','id':'` + id + `','status':'completed','subject':{'reference':'Patient/` + patient + `'},'encounter':{'reference':'Encounter/` + visit + `'},
		'performedDateTime':'2026-03-02','code':{'coding':[{'system':'` + malformedCPT + `','code':'93000'}]}}`
}

// charge is a ChargeItem of a visit; more are further elements.
func (*clinic) charge(id, visit, more string) string {
	return `{'resourceType':'ChargeItem','id':'` + id + `','status':'billable','subject':{'reference':'Patient/ann'},'context':{'reference':'Encounter/` + visit + `'},'quantity':{'value':1},
		'code':{'coding':[{'system':'` + malformedCPT + `','code':'93000'}]}` + more + `}`
}

// draft is a Claim of a front end with these items.
func (*clinic) draft(items string) string {
	return `{'resourceType':'Claim','status':'draft','use':'claim','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},'created':'2026-03-02',
		'patient':{'reference':'Patient/bob'},'insurer':{'reference':'Organization/acme'},'provider':{'reference':'Organization/practice'},'priority':{'text':'normal'},
		'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/bobs'}}],'item':[` + items + `]}`
}

func (*clinic) item(sequence int, day string) string {
	return fmt.Sprintf(`{'sequence':%d,'productOrService':{'coding':[{'system':'%s','code':'93000'}]},'servicedDate':'%s','net':{'value':60.00,'currency':'USD'}}`, sequence, malformedCPT, day)
}

// response is a payer's answer to the clinic's claim, which it receives; more are further elements.
func (c *clinic) response(more string) string {
	return `{'resourceType':'ClaimResponse','status':'active','use':'claim','outcome':'queued','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},
		'patient':{'reference':'Patient/bob'},'insurer':{'reference':'Organization/acme'},'request':{'reference':'Claim/` + c.claim + `'}` + more + `}`
}

// sending is one way in which something malformed is sent, and the place that the refusal has to name.
type sending struct {
	request
	place string
	entry bool // it is an entry of a batch, which refuses in its place
}

// rest is a request of the FHIR door; body is as it is sent.
func overREST(place, method, path, body string, headers ...string) sending {
	return sending{request: request{method, path, body, headers}, place: place}
}

// overGraphQL is an operation of GraphQL; variables are JSON as it is sent.
func overGraphQL(place, query, variables string) sending {
	text, err := json.Marshal(query)
	if err != nil {
		panic(err)
	}
	return sending{request: request{"POST", "/graphql", `{"query":` + string(text) + `,"variables":` + variables + `}`, nil}, place: place}
}

// everyWay sends a document of a kept type by each interaction that takes one: place is where it is wrong, without its type.
func everyWay(typ, id, place, body string) []sending {
	anew := strings.Replace(body, `"id":"`+id+`",`, "", 1)
	entry := func(kind, body, method, url string) string {
		return `{"resourceType":"Bundle","type":"` + kind + `","entry":[{"resource":` + body + `,"request":{"method":"` + method + `","url":"` + url + `"}}]}`
	}
	batch := overREST(typ+"."+place, "POST", "", entry("batch", anew, "POST", typ))
	batch.entry = true
	return []sending{
		overREST(typ+"."+place, "PUT", typ+"/"+id, body),
		overREST(typ+"."+place, "PUT", typ+"?_id="+id, body),
		overREST(typ+"."+place, "POST", typ, anew),
		overREST("Bundle.entry[0].resource."+place, "POST", "", entry("transaction", body, "PUT", typ+"/"+id)),
		batch,
	}
}

// parameters writes Parameters with each parameter as it is sent.
func parametersOf(list ...string) string {
	return `{"resourceType":"Parameters","parameter":[` + strings.Join(list, ",") + `]}`
}

// told is what a refusal says at either door.
type told struct {
	status int
	codes  []string // of GraphQL
	issues []toldIssue
}

type toldIssue struct{ place, text string }

// refusalOf reads a refusal of either door; an answer that is none has a status below 400.
func refusalOf(t *testing.T, a sending, got answer) told {
	t.Helper()
	if a.path == "/graphql" {
		return refusalOfGraph(t, got)
	}
	body := []byte(got.body)
	status := got.status
	if a.entry && status == http.StatusOK {
		var b struct {
			Entry []struct {
				Response struct {
					Status  string
					Outcome json.RawMessage
				}
			}
		}
		if err := json.Unmarshal(body, &b); err != nil || len(b.Entry) == 0 {
			t.Fatalf("%v: %.300s", err, body)
		}
		if _, err := fmt.Sscan(b.Entry[0].Response.Status, &status); err != nil {
			t.Fatal(err)
		}
		body = b.Entry[0].Response.Outcome
	}
	var outcome struct {
		ResourceType string
		Issue        []struct {
			Diagnostics string
			Expression  []string
		}
	}
	r := told{status: status}
	if status >= 400 {
		if err := json.Unmarshal(body, &outcome); err != nil || outcome.ResourceType != "OperationOutcome" {
			t.Fatalf("%d is no OperationOutcome: %v: %.300s", status, err, body)
		}
	}
	for _, issue := range outcome.Issue {
		r.issues = append(r.issues, toldIssue{strings.Join(issue.Expression, " "), issue.Diagnostics})
	}
	return r
}

// graphStatus is the HTTP status that REST has for a code of GraphQL.
var graphStatus = map[string]int{
	"BAD_USER_INPUT": 400, "GRAPHQL_VALIDATION_FAILED": 400, "GRAPHQL_PARSE_FAILED": 400, "UNPROCESSABLE": 422, "NOT_FOUND": 404, "UNSUPPORTED": 415, "CONFLICT": 409, "INTERNAL": 500, "BUSY": 503,
}

func refusalOfGraph(t *testing.T, got answer) told {
	t.Helper()
	var out struct {
		Errors []struct {
			Message    string
			Extensions struct {
				Code   string
				Issues []struct{ Path, Text string }
			}
		}
	}
	if err := json.Unmarshal([]byte(got.body), &out); err != nil {
		t.Fatalf("%d: %v: %.300s", got.status, err, got.body)
	}
	r := told{status: got.status}
	for _, e := range out.Errors {
		r.codes = append(r.codes, e.Extensions.Code)
		if status, known := graphStatus[e.Extensions.Code]; known && got.status == http.StatusOK {
			r.status = max(r.status, status)
		} else if !known {
			r.status = 599
		}
		for _, issue := range e.Extensions.Issues {
			r.issues = append(r.issues, toldIssue{issue.Path, issue.Text})
		}
		if len(e.Extensions.Issues) == 0 {
			r.issues = append(r.issues, toldIssue{"", e.Message})
		}
	}
	return r
}
