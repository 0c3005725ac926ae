package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"medbill/cmd/medbill/story"
	"medbill/fhir"
	"medbill/internal/store/storetest"
)

// crowd are clients of every role that work at the same time: a record system pushes visits, a clerk registers patients under a
// condition, a monitor sends readings under keys, a biller sends what is ready, a payer answers, patients pay, and others read by
// REST and by GraphQL. Each asks again until it is answered, as a client does that is told to. The practice is the story's.
type crowd struct {
	t      *testing.T
	base   atomic.Pointer[string]
	tokens story.Tokens
	// dies says that the server may be killed, so that a request may find nobody.
	dies bool
	end  chan struct{}
	wait sync.WaitGroup

	mutex  sync.Mutex
	done   map[string][]string // what was acknowledged, by kind
	busy   map[string]int      // how often a client was told to come again, by door
	fine   int                 // answers
	faults []string            // answers that must not be
}

const (
	visits   = "visits"
	people   = "people"
	readings = "readings"
	sent     = "sent claims"
	answers  = "answers"
	payments = "payments"
)

func gather(t *testing.T, base string, tokens story.Tokens, dies bool) *crowd {
	c := &crowd{t: t, tokens: tokens, dies: dies, end: make(chan struct{}), done: map[string][]string{}, busy: map[string]int{}}
	c.base.Store(&base)
	for _, do := range []func(n int) bool{c.push, c.push, c.register, c.register, c.measure, c.submit, c.answer, c.pay, c.read, c.query, c.query} {
		c.wait.Go(func() {
			for n := 0; ; n++ {
				if !do(n) {
					return
				}
			}
		})
	}
	return c
}

// leave has everybody finish what they are at.
func (c *crowd) leave() {
	close(c.end)
	c.wait.Wait()
}

// is gives false when the crowd is to leave.
func (c *crowd) is() bool {
	select {
	case <-c.end:
		return false
	case <-time.After(10 * time.Millisecond):
		return true
	}
}

func (c *crowd) acknowledge(kind, what string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.done[kind] = append(c.done[kind], what)
}

func (c *crowd) count(kind string) int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return len(c.done[kind])
}

func (c *crowd) fault(format string, args ...any) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// send asks until there is an answer that is none of "come again"; false when the crowd leaves before.
func (c *crowd) send(role, method, path, body string, headers ...string) (string, bool) {
	for c.is() {
		if text, ok := c.try(role, method, path, body, headers...); ok {
			return text, true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", false
}

func (c *crowd) try(role, method, path, body string, headers ...string) (string, bool) {
	request, err := http.NewRequestWithContext(context.Background(), method, *c.base.Load()+path, strings.NewReader(body))
	if err != nil {
		c.fault("%v", err)
		return "", false
	}
	request.Header.Set("Authorization", "Bearer "+c.tokens[role])
	request.Header.Set("Content-Type", "application/fhir+json")
	door := "REST"
	if path == "/graphql" {
		door = "GraphQL"
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		defer func() { _ = response.Body.Close() }()
		var text []byte
		if text, err = io.ReadAll(response.Body); err == nil {
			return string(text), c.judge(door, method+" "+path, response, string(text))
		}
	}
	if !c.dies {
		c.fault("%s %s: %v", method, path, err)
	}
	return "", false
}

// judge counts an answer and gives false where the client is to come again. Nothing else than that and success may be said.
func (c *crowd) judge(door, request string, response *http.Response, text string) bool {
	isBusy := response.StatusCode == http.StatusServiceUnavailable && strings.Contains(text, "transient")
	if door == "GraphQL" {
		isBusy = strings.Contains(text, `"errors"`)
		for _, part := range strings.Split(text, `"code":"`)[1:] {
			code, _, _ := strings.Cut(part, `"`)
			isBusy = isBusy && (code == "BUSY" || code == "transient")
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	switch {
	case isBusy && response.Header.Get("Retry-After") != "":
		c.busy[door]++
		return false
	case response.StatusCode >= 300 || door == "GraphQL" && strings.Contains(text, `"errors"`):
		c.faults = append(c.faults, fmt.Sprintf("%s: %d, Retry-After %q: %.300s", request, response.StatusCode, response.Header.Get("Retry-After"), text))
		return false
	}
	c.fine++
	return true
}

var serial atomic.Int64

func (c *crowd) push(int) bool {
	id := fmt.Sprintf("crowd-%d", serial.Add(1))
	entry := func(typ, rest string) string {
		return fmt.Sprintf(`{"resource":{"resourceType":%q,"id":%q,%s},"request":{"method":"PUT","url":"%s/%s"}}`, typ, id, rest, typ, id)
	}
	who, where := `{"reference":"Patient/`+id+`"}`, `{"reference":"Encounter/`+id+`"}`
	coding := func(system, code string) string {
		return `{"coding":[{"system":"` + system + `","code":"` + code + `"}]}`
	}
	body := `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join([]string{
		entry("Patient", `"name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01","address":[{"line":["2 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]`),
		entry("Coverage", `"status":"active","order":1,"subscriberId":"CANARY-7781","beneficiary":`+who+`,"relationship":`+coding("http://terminology.hl7.org/CodeSystem/subscriber-relationship", "self")+`,"period":{"start":"2026-01-01"},"payor":[{"reference":"Organization/demo-acme"}]`),
		entry("Encounter", `"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":`+who+`,"participant":[{"individual":{"reference":"Practitioner/demo-doctor"}}],"period":{"start":"2026-03-02","end":"2026-03-02"},"location":[{"location":{"reference":"Location/demo-office"}}],"serviceProvider":{"reference":"Organization/demo-practice"}`),
		entry("Condition", `"code":`+coding("http://hl7.org/fhir/sid/icd-10-cm", "I10")+`,"subject":`+who+`,"encounter":`+where),
		entry("Procedure", `"status":"completed","code":`+coding("http://www.ama-assn.org/go/cpt", "93000")+`,"subject":`+who+`,"encounter":`+where+`,"performedDateTime":"2026-03-02"`),
	}, ",") + `]}`
	if _, ok := c.send("ehr", "POST", "/fhir/R4", body); ok {
		c.acknowledge(visits, id)
	}
	return c.is()
}

func (c *crowd) register(int) bool {
	id := fmt.Sprintf("MRN-%d", serial.Add(1))
	body := `{"resourceType":"Patient","identifier":[{"system":"urn:crowd","value":"` + id + `"}],"name":[{"family":"Canary"}]}`
	if _, ok := c.send("ehr", "POST", "/fhir/R4/Patient", body, "If-None-Exist", "identifier=urn:crowd|"+id); ok {
		c.acknowledge(people, id)
	}
	return c.is()
}

func (c *crowd) measure(int) bool {
	id := fmt.Sprintf("reading-%d", serial.Add(1))
	body := `{"resourceType":"Observation","identifier":[{"system":"urn:crowd","value":"` + id + `"}],"status":"final","code":{"text":"weight"}}`
	if _, ok := c.send("ehr", "POST", "/fhir/R4/Observation", body, "Idempotency-Key", id); ok {
		c.acknowledge(readings, id)
	}
	return c.is()
}

// found gives the resources that a search finds.
func (c *crowd) found(role, path string) []fhir.Node {
	text, ok := c.send(role, "GET", path, "")
	if !ok {
		return nil
	}
	d, err := fhir.Parse([]byte(text))
	if err != nil {
		c.fault("%s: %v", path, err)
		return nil
	}
	var list []fhir.Node
	for entry := range d.Root().Get("entry").Children() {
		list = append(list, entry.Get("resource"))
	}
	return list
}

func (c *crowd) submit(int) bool {
	for _, claim := range c.found("biller", "/fhir/R4/Claim?claim-state=ready&_count=20") {
		id := claim.Get("id").Text()
		if _, ok := c.send("biller", "POST", "/fhir/R4/Claim/"+id+"/$submit", "", "Idempotency-Key", "submit-"+id); ok {
			c.acknowledge(sent, id)
		}
	}
	return c.is()
}

func (c *crowd) answer(int) bool {
	amount := func(system, code, reason, value string) string {
		return `{"category":{"coding":[{"system":"` + system + `","code":"` + code + `"}]}` + reason + `,"amount":{"value":` + value + `,"currency":"USD"}}`
	}
	reason := func(code string) string {
		return `,"reason":{"coding":[{"system":"https://x12.org/codes/claim-adjustment-reason-codes","code":"` + code + `"}]}`
	}
	const summary, group = "http://terminology.hl7.org/CodeSystem/adjudication", "https://x12.org/codes/claim-adjustment-group-codes"
	for _, claim := range c.found("payer", "/fhir/R4/Claim?claim-state=transmitted&_count=20") {
		id := claim.Get("id").Text()
		body := `{"resourceType":"ClaimResponse","identifier":[{"system":"urn:icn","value":"ICN-` + id + `"}],"status":"active","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},"use":"claim","patient":{"reference":"` +
			claim.In("patient", "reference").Text() + `"},"created":"2026-03-20","insurer":{"reference":"Organization/demo-acme"},"request":{"reference":"Claim/` + id + `"},"outcome":"complete","item":[{"itemSequence":1,"adjudication":[` +
			amount(summary, "submitted", "", "60.00") + "," + amount(group, "CO", reason("45"), "40.00") + "," + amount(group, "PR", reason("2"), "4.00") + "," + amount(summary, "benefit", "", "16.00") + `]}]}`
		if _, ok := c.send("payer", "POST", "/fhir/R4/ClaimResponse", body); ok {
			c.acknowledge(answers, id)
		}
	}
	return c.is()
}

func (c *crowd) pay(int) bool {
	for _, invoice := range c.found("biller", "/fhir/R4/Invoice?status=issued&_count=20") {
		id := invoice.Get("id").Text()
		body := `{"resourceType":"Parameters","parameter":[{"name":"amount","valueMoney":{"value":4.00,"currency":"USD"}},{"name":"method","valueCode":"cash"}]}`
		if _, ok := c.send("biller", "POST", "/fhir/R4/Invoice/"+id+"/$pay", body, "Idempotency-Key", "pay-"+id); ok {
			c.acknowledge(payments, "pay-"+id)
		}
	}
	return c.is()
}

func (c *crowd) read(n int) bool {
	c.mutex.Lock()
	known := slices.Clone(c.done[visits])
	c.mutex.Unlock()
	if len(known) > 0 {
		c.send("biller", "GET", "/fhir/R4/Encounter/"+known[n%len(known)], "")
	}
	return c.is()
}

func (c *crowd) query(int) bool {
	c.send("biller", "POST", "/graphql", `{"query":"{ patients(first: 3) { nodes { id name { family } } } claims(first: 3) { nodes { id } } }"}`)
	return c.is()
}

// check holds what is there against what was acknowledged: nothing is lost and nothing is there twice.
func (c *crowd) check(url string) {
	c.t.Helper()
	hand := storetest.ByHand(c.t, url)
	there := func(query string) map[string]int {
		counted := map[string]int{}
		for _, one := range hand.Texts(query) {
			counted[one]++
		}
		return counted
	}
	for kind, found := range map[string]map[string]int{
		visits:   there("SELECT id FROM documents WHERE type = 'Encounter' AND NOT deleted"),
		people:   there("SELECT code FROM token_keys WHERE type = 'Patient' AND system = 'urn:crowd' AND param = 'identifier'"),
		readings: there("SELECT code FROM token_keys WHERE type = 'Observation' AND system = 'urn:crowd' AND param = 'identifier'"),
		sent:     there("SELECT id FROM claims WHERE state IN ('transmitted', 'adjudicated')"),
		answers:  there("SELECT claim_id FROM answers"),
		payments: there("SELECT idempotency_key FROM payments"),
	} {
		if len(c.done[kind]) == 0 {
			c.t.Errorf("%s: none were acknowledged", kind)
		}
		for _, one := range c.done[kind] {
			if found[one] == 0 {
				c.t.Errorf("%s: %s was acknowledged and is lost", kind, one)
			}
		}
		for one, n := range found {
			if n > 1 {
				c.t.Errorf("%s: %s is there %d times", kind, one, n)
			}
		}
		c.t.Logf("%s: %d acknowledged, %d there", kind, len(c.done[kind]), len(found))
	}
	c.t.Logf("%d answers, told to come again %v times", c.fine, c.busy)
	for _, fault := range c.faults[:min(len(c.faults), 10)] {
		c.t.Error(fault)
	}
	if len(c.faults) > 0 {
		c.t.Errorf("%d answers are neither success nor busy", len(c.faults))
	}
}
