package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/graph"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// desk is the door over a real office on a real database, with its jobs at work.
type desk struct {
	t       testing.TB
	db      *store.DB
	office  *billing.Office
	records *records.Records
	door    *httptest.Server
	log     *lines
	asking  sync.Map // auth.Principal of each request under way, by its number
	asked   atomic.Int64
}

// lines is a log that can be looked through.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

const tenant = models.TenantID("zzyzx")

// askerHeader carries which request it is, whose asker the door of the test looks up.
const askerHeader = "X-Asker"

func open(t testing.TB, db *store.DB) *desk {
	t.Helper()
	d := &desk{t: t, db: db, log: &lines{}}
	log := slog.New(slog.NewTextHandler(d.log, nil))
	d.office = billing.New(db, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	var err error
	d.records, err = records.New(db, records.Config{Behaviours: d.office.Behaviours(), BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
	if err != nil {
		t.Fatal(err)
	}
	stop, err := db.Work(context.Background(), d.office.Shift(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := stop(ctx); err != nil {
			t.Error(err)
		}
	})
	handler := graph.NewHandler(graph.Config{Records: d.records, Office: d.office, Log: log})
	d.door = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p, known := d.asking.Load(r.Header.Get(askerHeader)); known && p.(auth.Principal).Tenant != "" {
			r = r.WithContext(auth.With(r.Context(), p.(auth.Principal)))
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(d.door.Close)
	return d
}

// as gives a principal with the scopes of a role in a tenant.
func as(t testing.TB, tenant models.TenantID, role auth.Role) auth.Principal {
	t.Helper()
	scopes, err := auth.RoleScopes(role)
	if err != nil {
		t.Fatal(err)
	}
	p := auth.Principal{Tenant: tenant, Subject: string(role), Scopes: auth.ParseScopes(scopes)}
	switch role {
	case auth.RolePayer:
		p.Organization = "acme"
	case auth.RolePatient:
		p.Patient = "ann"
	}
	return p
}

func (d *desk) role(role auth.Role) auth.Principal { return as(d.t, tenant, role) }

// answered is what the door says.
type answered struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code   string
			Issues []struct{ Code, Path, Text string }
		}
	}
}

// codes gives the codes of all errors, sorted.
func (a answered) codes() string {
	var codes []string
	for _, e := range a.Errors {
		codes = append(codes, e.Extensions.Code)
	}
	slices.Sort(codes)
	return strings.Join(codes, " ")
}

// ask sends a query; variables are name, value, name, value …
func (d *desk) ask(p auth.Principal, query string, variables ...any) answered {
	d.t.Helper()
	request := map[string]any{"query": query, "variables": map[string]any{}}
	for i := 0; i < len(variables); i += 2 {
		request["variables"].(map[string]any)[variables[i].(string)] = variables[i+1]
	}
	body, err := json.Marshal(request)
	if err != nil {
		d.t.Fatal(err)
	}
	status, text := d.post(p, "application/json", body)
	if status != http.StatusOK {
		d.t.Fatalf("status %d: %s", status, text)
	}
	var a answered
	if err := json.Unmarshal(text, &a); err != nil {
		d.t.Fatalf("the answer is no JSON: %v\n%s", err, text)
	}
	return a
}

func (d *desk) post(p auth.Principal, media string, body []byte) (int, []byte) {
	d.t.Helper()
	number := strconv.FormatInt(d.asked.Add(1), 10)
	d.asking.Store(number, p)
	defer d.asking.Delete(number)
	request, err := http.NewRequest(http.MethodPost, d.door.URL, bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", media)
	request.Header.Set(askerHeader, number)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil {
		d.t.Fatal(err)
	}
	return response.StatusCode, text.Bytes()
}

// byChance is how many statements the order in which fields are resolved may save: what one field has read the next one knows.
const byChance = 2

// cheapest gives the least number of statements that asking takes in a few tries: what jobs do beside it only adds.
func (d *desk) cheapest(ask func()) int64 {
	least := int64(math.MaxInt64)
	for range 4 {
		before := d.db.Statements()
		ask()
		least = min(least, d.db.Statements()-before)
	}
	return least
}

// says holds that a query is answered without errors by exactly this data.
func (d *desk) says(p auth.Principal, want, query string, variables ...any) {
	d.t.Helper()
	a := d.ask(p, query, variables...)
	if len(a.Errors) > 0 || string(a.Data) != want {
		d.t.Errorf("%s\n says %s %+v\n want %s", query, a.Data, a.Errors, want)
	}
}

// refuses holds that a query is refused with exactly these codes.
func (d *desk) refuses(p auth.Principal, codes, query string, variables ...any) answered {
	d.t.Helper()
	a := d.ask(p, query, variables...)
	if a.codes() != codes {
		d.t.Errorf("%s as %s\n says %s %+v\n want %s", query, p.Subject, a.Data, a.Errors, codes)
	}
	return a
}

// only gives the one id of a list.
func (d *desk) only(query string) string {
	d.t.Helper()
	a := d.ask(d.role(auth.RoleAdmin), "{list:"+query+"{nodes{id}}}")
	var data struct {
		List struct{ Nodes []struct{ ID string } }
	}
	if err := json.Unmarshal(a.Data, &data); err != nil || len(data.List.Nodes) != 1 {
		d.t.Fatalf("%s gives %s %+v, want one", query, a.Data, a.Errors)
	}
	return data.List.Nodes[0].ID
}

// wait waits until a search finds as many records as wanted, which the jobs make.
func (d *desk) wait(typ, query string, want int) {
	d.t.Helper()
	d.waitIn(d.role(auth.RoleAdmin), typ, query, want)
}

// waitIn is wait in the tenant of somebody who sees it.
func (d *desk) waitIn(p auth.Principal, typ, query string, want int) {
	d.t.Helper()
	pairs, err := search.Pairs(query + "&_summary=count")
	if err != nil {
		d.t.Fatal(err)
	}
	got := int64(-1)
	for range 400 {
		found, err := d.records.Search(context.Background(), p, typ, pairs, false)
		if err != nil {
			d.t.Fatal(err)
		}
		if got = *found.Total; got == int64(want) {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	d.t.Fatalf("%s?%s finds %d, want %d", typ, query, got, want)
}

// bundle sends resources as one transaction of updates.
func (d *desk) bundle(p auth.Principal, resources ...string) {
	d.t.Helper()
	entries := make([]string, len(resources))
	for i, r := range resources {
		parsed, err := fhir.Parse([]byte(r))
		if err != nil {
			d.t.Fatal(err)
		}
		entries[i] = fmt.Sprintf(`{"resource":%s,"request":{"method":"PUT","url":"%s/%s"}}`, r, parsed.Type(), parsed.ID())
	}
	body := `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
	if _, _, err := d.records.Bundle(context.Background(), p, []byte(body)); err != nil {
		d.t.Fatal(err)
	}
}

// The practice and its visits: invented people, the numbers of the worked example.
const (
	cpt   = "http://www.ama-assn.org/go/cpt"
	icd10 = "http://hl7.org/fhir/sid/icd-10-cm"
)

func practice() []string {
	resources := []string{
		`{"resourceType":"Organization","id":"practice","name":"Zzyzx Clinic","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}],"address":[{"line":["1 Canary Way"],"city":"Zzyzx","state":"CA","postalCode":"92309-1234"}]}`,
		`{"resourceType":"Organization","id":"acme","name":"ACME PPO"}`,
		`{"resourceType":"Practitioner","id":"doc","name":[{"family":"Canary"}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1999999984"}]}`,
	}
	for code, price := range map[string]string{"99214": "250.00", "93000": "60.00", "36415": "15.00"} {
		resources = append(resources, `{"resourceType":"ChargeItemDefinition","id":"fee-`+code+`","url":"http://example.org/fee/`+code+`","status":"active","code":{"coding":[{"system":"`+cpt+`","code":"`+code+`"}]},"propertyGroup":[{"priceComponent":[{"type":"base","amount":{"value":`+price+`,"currency":"USD"}}]}]}`)
	}
	return resources
}

func person(id string) []string {
	return []string{
		`{"resourceType":"Patient","id":"` + id + `","name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01","address":[{"line":["1 Canary Way"],"city":"Zzyzx","state":"CA","postalCode":"92309"}]}`,
		`{"resourceType":"Coverage","id":"cov-` + id + `","status":"active","subscriberId":"CANARY-7781","beneficiary":{"reference":"Patient/` + id + `"},"payor":[{"reference":"Organization/acme"}]}`,
	}
}

func encounter(id, patient string, more ...string) string {
	return `{"resourceType":"Encounter","id":"` + id + `","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/` + patient + `"},"participant":[{"individual":{"reference":"Practitioner/doc"}}],"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-02T15:30:00Z"},"serviceProvider":{"reference":"Organization/practice"}` + strings.Join(more, "") + `}`
}

// coded gives an Encounter with the codes of the worked example.
func coded(id, patient string) []string {
	about := `"subject":{"reference":"Patient/` + patient + `"},"encounter":{"reference":"Encounter/` + id + `"}`
	resources := []string{encounter(id, patient, `,"diagnosis":[{"condition":{"reference":"Condition/`+id+`-I10"},"rank":1},{"condition":{"reference":"Condition/`+id+`-E785"},"rank":2}]`)}
	for _, code := range []string{"I10", "E785"} {
		resources = append(resources, `{"resourceType":"Condition","id":"`+id+`-`+code+`",`+about+`,"code":{"coding":[{"system":"`+icd10+`","code":"`+code+`"}]}}`)
	}
	for i, code := range []string{"99214", "93000", "36415"} {
		text := []string{"99214-25", "93000", "36415"}[i]
		resources = append(resources, fmt.Sprintf(`{"resourceType":"Procedure","id":"%s-pr%d","status":"completed",%s,"performedDateTime":"2026-03-02","code":{"text":"%s","coding":[{"system":"%s","code":"%s"}]}}`, id, i+1, about, text, cpt, code))
	}
	return resources
}

// judged is a payer's judgement of one line: what was asked, what is paid, and triplets of group, reason and amount.
func judged(sequence int, submitted, benefit string, cas ...string) string {
	amount := func(category, value string) string {
		return `{"category":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"` + category + `"}]},"amount":{"value":` + value + `,"currency":"USD"}}`
	}
	adjudications := []string{amount("submitted", submitted), amount("benefit", benefit)}
	for i := 0; i < len(cas); i += 3 {
		adjudications = append(adjudications, `{"category":{"coding":[{"system":"https://x12.org/codes/claim-adjustment-group-codes","code":"`+cas[i]+`"}]},"reason":{"coding":[{"system":"https://x12.org/codes/claim-adjustment-reason-codes","code":"`+cas[i+1]+`"}]},"amount":{"value":`+cas[i+2]+`,"currency":"USD"}}`)
	}
	return fmt.Sprintf(`{"itemSequence":%d,"adjudication":[%s]}`, sequence, strings.Join(adjudications, ","))
}

// respond is a payer's answer to a claim of a type, by its lines.
func respond(claim, claimType, patient, identifier string, lines ...string) string {
	return `{"resourceType":"ClaimResponse","identifier":[{"system":"http://acme.example.org/icn","value":"` + identifier + `"}],"status":"active","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"` + claimType + `"}]},"use":"claim","patient":{"reference":"Patient/` + patient + `"},"created":"2026-03-20","insurer":{"reference":"Organization/acme"},"request":{"reference":"Claim/` + claim + `"},"outcome":"complete","item":[` +
		strings.Join(lines, ",") + `],"processNote":[{"text":"N381"}]}`
}

// answer is the payer's answer of the worked example.
func answer(claim, patient, identifier string) string {
	said := respond(
		claim, "professional", patient, identifier,
		judged(1, "250.00", "80.00", "CO", "45", "100.00", "PR", "1", "50.00", "PR", "2", "20.00"),
		judged(2, "60.00", "16.00", "CO", "45", "40.00", "PR", "2", "4.00"),
		judged(3, "15.00", "0.00", "CO", "97", "15.00"),
	)
	return strings.Replace(said, `"code":"97"}`, `"code":"97"},{"system":"https://x12.org/codes/remittance-advice-remark-codes","code":"M15"}`, 1)
}

// answerClaim sends the payer's answer to a claim.
func (d *desk) answerClaim(claim, patient string) {
	d.t.Helper()
	d.hears(answer(claim, patient, "ICN-"+claim))
}

// hears takes an answer of the payer.
func (d *desk) hears(answer string) {
	d.t.Helper()
	if _, err := d.records.Create(context.Background(), d.role(auth.RolePayer), "ClaimResponse", []byte(answer), ""); err != nil {
		d.t.Fatal(err)
	}
}

// billed gives a desk where ann's visit is billed, answered and waits for her payment, with the ids of claim and invoice.
func billed(t testing.TB, db *store.DB) (d *desk, claim, invoice string) {
	t.Helper()
	d = open(t, db)
	d.bundle(d.role(auth.RoleAdmin), slices.Concat(practice(), person("ann"), coded("visit", "ann"))...)
	d.wait("Claim", "claim-state=ready", 1)
	claim = d.only(`claims(filter:{claimState:["ready"]})`)
	d.says(d.role(auth.RoleBiller), `{"submitClaim":{"claim":{"state":"transmitted","status":"active"}}}`, `mutation($id:ID!){submitClaim(id:$id){claim{state status}}}`, "id", claim)
	d.answerClaim(claim, "ann")
	d.wait("Invoice", "status=issued", 1)
	return d, claim, d.only(`invoices(filter:{patient:"ann"})`)
}
