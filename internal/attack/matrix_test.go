package attack_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"medbill/api"
	"medbill/fhir"
	"medbill/models"
)

// door is one interaction of REST.
type door struct {
	name     string
	code     string // what the CapabilityStatement calls it
	letter   string // of SMART
	changes  bool
	isSearch bool
	inBundle bool
	request  func(r *record) request
}

// changed gives a record's document as a writer would change it, so that a write that goes through leaves a trace.
func changed(r *record) string {
	return `{"language":"fr",` + strings.TrimPrefix(r.body, "{")
}

// anew gives a record's document without its id, as a create sends it.
func anew(r *record) string { return strings.Replace(changed(r), `"id":"`+r.id+`",`, "", 1) }

// doors are all interactions that a type offers.
var doors = []door{
	{"read", "read", "r", false, false, true, func(r *record) request { return request{"GET", r.ref(), "", nil} }},
	{"vread", "vread", "r", false, false, false, func(r *record) request {
		return request{"GET", r.ref() + "/_history/" + r.version, "", nil}
	}},
	{"history", "history-instance", "r", false, false, false, func(r *record) request {
		return request{"GET", r.ref() + "/_history", "", nil}
	}},
	{"search", "search-type", "s", false, true, true, func(r *record) request {
		return request{"GET", r.typ + "?_id=" + r.id, "", nil}
	}},
	{"posted search", "search-type", "s", false, true, false, func(r *record) request {
		return request{"POST", r.typ + "/_search", "_id=" + r.id, []string{"Content-Type: application/x-www-form-urlencoded"}}
	}},
	{"create", "create", "c", true, false, true, func(r *record) request { return request{"POST", r.typ, anew(r), nil} }},
	{"conditional create", "create", "c", true, false, true, func(r *record) request {
		return request{"POST", r.typ, anew(r), []string{ifNoneExist + "_id=" + r.id}}
	}},
	{"update", "update", "u", true, false, true, func(r *record) request { return request{"PUT", r.ref(), changed(r), nil} }},
	{"conditional update", "update", "u", true, false, true, func(r *record) request {
		return request{"PUT", r.typ + "?_id=" + r.id, changed(r), nil}
	}},
	{"delete", "delete", "d", true, false, true, func(r *record) request { return request{"DELETE", r.ref(), "", nil} }},
	{"conditional delete", "delete", "d", true, false, true, func(r *record) request {
		return request{"DELETE", r.typ + "?_id=" + r.id, "", nil}
	}},
}

const ifNoneExist = "If-None-Exist: "

// Statuses that an answer may have.
var (
	shut     = []int{403}
	hidden   = []int{404}
	refused  = []int{403, 404}
	unserved = []int{403, 404, 405}
	absent   = []int{204, 403, 404} // to delete what is not there is no error
	done     = []int{200, 201, 204}
	judged   = []int{200, 201, 204, 400, 405, 409, 422} // done, or refused by the books for what it says
)

// want is what an actor is to meet at a door.
type want struct {
	statuses []int
	found    int  // how many records a search finds, where it is answered
	allowed  bool // it may change something, so it is asked as a rehearsal
}

// isShut reports whether nobody changes records of a type in a way, in SMART's letters: only use cases do.
func isShut(typ fhir.Type, letter string) bool {
	return !typ.IsChanged() && letter != "c"
}

// expected is the law of the house for one actor, door and record.
func expected(a *actor, d door, r *record) want {
	served, _ := fhir.TypeOf(r.typ)
	isNew := r.typ == "Patient" && d.letter == "c" // a new Patient is another one
	owns := a.patient != "" && r.person == string(a.patient) && !isNew
	is := func(statuses []int) want {
		return want{statuses: statuses, allowed: d.changes && slices.Contains(statuses, 200)}
	}
	switch {
	case d.changes && isShut(served, d.letter):
		return is(append(slices.Clone(unserved), 204))
	case !may(a, r.typ, d.letter) || strings.HasPrefix(d.name, "conditional") && !may(a, r.typ, "s"): // a condition is a search
		return is(shut)
	case !d.changes && sees(a, r):
		return want{statuses: []int{200}, found: 1}
	case d.name == "conditional create" && sees(a, r) && (a.patient == "" || r.person != ""): // it is there
		return is([]int{200})
	case d.letter == "c" && a.patient != "" && r.typ == "PaymentReconciliation": // receipts are made here
		return is(refused)
	case d.letter == "c" && slices.Contains([]string{"biller", "manager"}, a.name) && slices.Contains(fromPaper, r.typ):
		return is(shut)
	case !d.changes && a.organization != "" && !slices.Contains(ofClaims, r.typ) && r.typ != "ClaimResponse":
		return want{statuses: append([]int{200}, refused...)[btoi(!d.isSearch):]} // of a type that no claim names
	case d.isSearch:
		return want{statuses: []int{200}}
	case !d.changes:
		return is(hidden)
	case a.organization != "": // a payer's answer, to a claim of theirs
		if sees(a, r) && r.booked {
			return is(judged)
		}
		if r.typ == "ClaimResponse" && d.letter != "d" { // one that is to no claim of theirs waits for a person
			return is(slices.Concat(judged, refused))
		}
		return is(append([]int{400, 409, 422}, refused...))
	case d.changes && a.patient != "" && owns && r.typ == "Account": // who answers for a patient is the practice's to say, and nobody deletes what is in the books
		return is(unserved)
	case a.patient != "" && !owns && d.letter == "d":
		return is(absent)
	case a.patient != "" && !owns:
		return is(refused)
	case d.letter == "d" && r.tenant != ours:
		return is([]int{204})
	case d.letter == "u" && r.tenant != ours && !may(a, r.typ, "c"):
		return is(shut)
	case served.Owner == fhir.Booked: // another tenant's is a new one of ours
		return is(judged)
	}
	return is(done)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// workers is how many requests are under way at once.
const workers = 8

// matrix counts what was asked.
type matrix struct {
	*world
	t         *testing.T
	records   []*record
	requests  atomic.Int64
	refusals  atomic.Int64
	breaches  atomic.Int64
	nexts     map[string]string // by tenant and type
	used      atomic.Int64      // keys
	put       int               // questions so far
	questions chan func()
	under     sync.WaitGroup
}

// TestEveryRoleAtEveryDoor asks every role at every door of every type for what is theirs, another patient's, another payer's and
// another tenant's. What is allowed is rehearsed; what is refused is sent in earnest, and leaves everything as it was.
func TestEveryRoleAtEveryDoor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := w.furnish(t)
		m := &matrix{world: w, t: t, records: w.records(t), questions: make(chan func())}
		for range workers {
			go func() {
				for ask := range m.questions {
					ask()
					m.under.Done()
				}
			}()
		}
		defer close(m.questions)
		m.doorsAreAll()
		m.nextPages()
		before := w.state(t)
		roots := m.schema()
		for _, a := range w.actors(t) {
			m.rest(a)
			m.bundles(a)
			m.lists(a)
			m.cursors(a)
			m.operations(a, made)
			m.reports(a)
			m.deposits(a)
			m.graph(a, roots, made)
			m.under.Wait()
			w.stands(t, before, a.name)
			if t.Failed() {
				t.FailNow() // what changed would be told of everybody who comes after
			}
		}
		t.Logf("%d requests, %d refused", m.requests.Load(), m.refusals.Load())
	})
}

const breachesMax = 200

// later does something beside the test, for one in so many.
func (m *matrix) later(ask func()) {
	if m.put++; m.put%oneIn != 0 {
		return
	}
	m.under.Add(1)
	m.questions <- ask
}

func (m *matrix) breach(format string, args ...any) {
	if m.breaches.Add(1) <= breachesMax {
		m.t.Errorf(format, args...)
	}
}

// asks sends a request and counts it.
func (m *matrix) asks(a *actor, r request) answer {
	got := m.send(m.t, r, a.authorization)
	m.requests.Add(1)
	if got.status >= http.StatusBadRequest {
		m.refusals.Add(1)
	}
	return got
}

// judge holds an answer against the law. found is -1 where the answer is no search.
func (m *matrix) judge(a *actor, what string, r *record, w want, status, found int, body string) {
	if !slices.Contains(w.statuses, status) || status == http.StatusOK && found >= 0 && found != w.found {
		m.breach("%s: %s of %s's %s (%s): %d with %d found, want %v with %d: %.300s",
			a.name, what, or(r.person, "nobody"), r.ref(), r.tenant, status, found, w.statuses, w.found, body)
	}
	if !w.allowed { // what is written comes back
		m.shows(a, what, body)
	}
}

// shows holds that an answer has nothing of somebody else.
func (m *matrix) shows(a *actor, what, body string) {
	foreign := []string{oda.canary, "YONDERCANARY"}
	if a.patient != "" || a.organization != "" {
		foreign = append(foreign, bob.canary)
	}
	for _, canary := range foreign {
		if strings.Contains(body, canary) {
			m.breach("%s: %s shows %s: %.600s", a.name, what, canary, body)
		}
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

const dryRun = "Medbill-Dry-Run: true"

// rest asks at each door by itself.
func (m *matrix) rest(a *actor) {
	for _, r := range m.records {
		for _, d := range doors {
			m.later(func() {
				w, ask := expected(a, d, r), d.request(r)
				if w.allowed {
					ask.headers = append(slices.Clone(ask.headers), dryRun)
				}
				got := m.asks(a, ask)
				found := -1
				if d.isSearch && got.status == http.StatusOK {
					found = len(got.bundle(m.t).Entry)
				}
				m.judge(a, d.name, r, w, got.status, found, got.body)
				if r.tenant != ours && !d.changes {
					m.alike(a, d, r, got)
				}
			})
		}
	}
}

// alike holds that what is another tenant's looks like what is not there.
func (m *matrix) alike(a *actor, d door, r *record, got answer) {
	nothing := *r
	nothing.id = strings.Repeat("0", len(r.id))
	none := m.asks(a, d.request(&nothing))
	plain := func(body, id string) string {
		body = strings.ReplaceAll(body, id, "ID")
		if at := strings.Index(body, `"id":"`); d.isSearch && at >= 0 { // of the Bundle, which is new each time
			body = body[:at]
		}
		return body
	}
	if got.status != none.status || plain(got.body, r.id) != plain(none.body, nothing.id) {
		m.breach("%s: %s tells %s of %s from nothing: %d %.300s, and %d %.300s",
			a.name, d.name, r.ref(), r.tenant, got.status, got.body, none.status, none.body)
	}
}

// bundles asks at the doors that a Bundle has: all records of a type in a batch, and each in a transaction.
func (m *matrix) bundles(a *actor) {
	for _, typ := range fhir.Types() {
		type question struct {
			door
			*record
			want
		}
		var rehearsed, earnest []question
		for _, r := range m.records {
			for _, d := range doors {
				if r.typ != typ.Name || !d.inBundle {
					continue
				}
				q := question{d, r, expected(a, d, r)}
				list := &earnest
				if q.allowed {
					list = &rehearsed
				}
				*list = append(*list, q)
				m.later(func() {
					ask := bundleOf("transaction", []request{d.request(r)})
					if q.allowed {
						ask.headers = append(ask.headers, dryRun)
					}
					got := m.asks(a, ask)
					status, found, body := got.status, -1, got.body
					if status == http.StatusOK {
						status, found, body = entry(m.t, got, 0)
					}
					m.judge(a, d.name+" in a transaction", r, q.want, status, found, body)
				})
			}
		}
		for _, list := range [][]question{rehearsed, earnest} {
			if len(list) == 0 {
				continue
			}
			m.later(func() {
				requests := make([]request, len(list))
				for i, q := range list {
					requests[i] = q.request(q.record)
				}
				ask := bundleOf("batch", requests)
				if list[0].allowed {
					ask.headers = append(ask.headers, dryRun)
				}
				got := m.asks(a, ask)
				if got.status != http.StatusOK || len(got.bundle(m.t).Entry) != len(list) {
					m.breach("%s: a batch of %s: %d %.300s", a.name, typ.Name, got.status, got.body)
					return
				}
				for i, q := range list {
					status, found, body := entry(m.t, got, i)
					m.judge(a, q.name+" in a batch", q.record, q.want, status, found, body)
				}
			})
		}
	}
}

func bundleOf(kind string, requests []request) request {
	entries := make([]string, len(requests))
	for i, r := range requests {
		resource, condition := "", ""
		if r.body != "" {
			resource = `"resource":` + r.body + `,`
		}
		for _, h := range r.headers {
			if criteria, is := strings.CutPrefix(h, ifNoneExist); is {
				condition = `,"ifNoneExist":"` + criteria + `"`
			}
		}
		entries[i] = `{` + resource + `"request":{"method":"` + r.method + `","url":"` + r.path + `"` + condition + `}}`
	}
	return request{method: "POST", body: `{"resourceType":"Bundle","type":"` + kind + `","entry":[` + strings.Join(entries, ",") + `]}`}
}

// entry reads how one entry of a Bundle was answered; found is -1 where it was no search.
func entry(t testing.TB, a answer, i int) (status, found int, body string) {
	t.Helper()
	e := a.bundle(t).Entry[i]
	status, err := strconv.Atoi(strings.Fields(e.Response.Status + " ?")[0])
	if err != nil {
		t.Fatalf("no status: %.300s", a.body)
	}
	found = -1
	var page bundled
	if strings.Contains(string(e.Resource), `"searchset"`) && json.Unmarshal(e.Resource, &page) == nil {
		found = len(page.Entry)
	}
	return status, found, string(e.Resource)
}

// brought are the types that most others are named by.
const brought = "&_revinclude=Claim:*&_revinclude=ClaimResponse:*&_revinclude=Task:*&_revinclude=Observation:*" +
	"&_revinclude=Encounter:*&_revinclude=Coverage:*&_revinclude=Invoice:*"

// lists holds that a list of a type, with all that it can bring along, is exactly what is the actor's to see.
func (m *matrix) lists(a *actor) {
	for _, typ := range fhir.Types() {
		m.later(func() {
			got := m.asks(a, request{"GET", typ.Name + "?_count=1000&_total=accurate&_include=*" + brought, "", nil})
			if !may(a, typ.Name, "s") || got.status != http.StatusOK {
				if want := slices.Contains([]int{403, 404}, got.status); !want || may(a, typ.Name, "s") && a.organization == "" {
					m.breach("%s: a list of %s: %d %.300s", a.name, typ.Name, got.status, got.body)
				}
				return
			}
			m.shows(a, "a list of "+typ.Name, got.body)
			listed, matches, page := map[string]bool{}, 0, got.bundle(m.t)
			for _, e := range page.Entry {
				n := nameOf(m.t, e.Resource)
				listed[n.ResourceType+"/"+n.ID] = true
				matches += btoi(e.Search.Mode == "match")
				if e.Search.Mode == "include" && !may(a, n.ResourceType, "r") {
					m.breach("%s: a list of %s brings %s/%s along", a.name, typ.Name, n.ResourceType, n.ID)
				}
			}
			if page.Total == nil || *page.Total != matches {
				m.breach("%s: a list of %s counts other than its %d records: %.200s", a.name, typ.Name, matches, got.body)
			}
			for _, r := range m.records {
				if r.typ == typ.Name && sees(a, r) != listed[r.ref()] || listed[r.ref()] && !sees(a, r) {
					m.breach("%s: a list of %s has %s: %v, want %v", a.name, typ.Name, r.ref(), listed[r.ref()], sees(a, r))
				}
			}
		})
	}
}

// cursors holds that the place in an administrator's list opens nothing to somebody else.
func (m *matrix) cursors(a *actor) {
	for list, next := range m.nexts {
		_, typ, _ := strings.Cut(list, " ")
		m.later(func() {
			got := m.send(m.t, request{method: "GET", path: next}, a.authorization)
			m.requests.Add(1)
			m.shows(a, "the next page of somebody's "+typ, got.body)
			if got.status == http.StatusOK {
				for _, e := range got.bundle(m.t).Entry {
					n := nameOf(m.t, e.Resource)
					for _, r := range m.records {
						if r.ref() == n.ResourceType+"/"+n.ID && (!sees(a, r) || !may(a, typ, "s")) {
							m.breach("%s: the next page of somebody's %s has %s", a.name, typ, r.ref())
						}
					}
				}
			}
		})
	}
}

// nextPages gives the place after the first record in an administrator's list of each type, in ours and in the other tenant.
func (m *matrix) nextPages() {
	m.nexts = map[string]string{}
	for _, tenant := range []models.TenantID{ours, theirs} {
		for _, typ := range fhir.Types() {
			got := m.must(m.t, m.admin(m.t, tenant), "GET", typ.Name+"?_count=1", "")
			for _, l := range got.bundle(m.t).Link {
				if l.Relation == "next" {
					_, next, _ := strings.Cut(l.URL, api.Path+"/")
					m.must(m.t, m.admin(m.t, tenant), "GET", next, "")
					m.nexts[string(tenant)+" "+typ.Name] = next
				}
			}
		}
	}
	if len(m.nexts) < len(belongs) {
		m.t.Errorf("only %d lists have a next page", len(m.nexts))
	}
}

// doorsAreAll holds that the CapabilityStatement offers no interaction and no type that is not asked at here.
func (m *matrix) doorsAreAll() {
	var statement struct {
		Rest []struct {
			Interaction []struct{ Code string }
			Resource    []struct {
				Type        string
				Interaction []struct{ Code string }
			}
		}
	}
	told := m.send(m.t, request{method: "GET", path: "metadata"})
	if err := json.Unmarshal([]byte(told.body), &statement); err != nil || len(statement.Rest) != 1 {
		m.t.Fatal("no CapabilityStatement", err)
	}
	asked := map[string]bool{"transaction": true, "batch": true}
	for _, d := range doors {
		asked[d.code] = true
	}
	for _, i := range statement.Rest[0].Interaction {
		if !asked[i.Code] {
			m.t.Errorf("the server offers %s, of which nothing is said here", i.Code)
		}
	}
	for _, r := range statement.Rest[0].Resource {
		if _, served := fhir.TypeOf(r.Type); !served && !slices.Contains(documentsOfOurs, r.Type) {
			m.t.Errorf("the server offers %s, which is not in the register", r.Type)
		}
		for _, i := range r.Interaction {
			if !asked[i.Code] {
				m.t.Errorf("the server offers %s of %s, of which nothing is said here", i.Code, r.Type)
			}
		}
	}
}

// documentsOfOurs are types whose few documents are the server's own and everybody's, and those of what is published, which has none.
var documentsOfOurs = []string{"OperationDefinition", "StructureDefinition", "CodeSystem", "ValueSet"}
