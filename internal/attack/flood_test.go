package attack_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/internal/clock"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

const mib = 1 << 20

// What an answer may hold: beside the documents that its bound is about the last one, which goes beyond, and their addresses.
const (
	refusalBytes = 64 << 10
	pageBytes    = records.PageBytesMax + 2*mib
	answerBytes  = records.AnswerBytesMax + pageBytes // what is read last is given whole
	textBytes    = records.AnswerBytesMax + mib
)

// heldBytesMax is what the process may hold more after the whole table than before it: plans, parsed queries and connections.
const heldBytesMax = 4 * mib

// flood is the most that one caller may ask of a kind, or what is just beyond.
type flood struct {
	name string
	request
	status int
	says   string // that it was done, or the limit that it is over
	bytes  int    // the most that the answer may hold
}

// TestAFloodIsBounded holds what the most that a caller may ask is answered with, that what is beyond is refused by
// the name of its limit, and that neither changes anything, stays in memory or keeps another tenant out.
func TestAFloodIsBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { // beside no other test, because memory is measured
		w := open(t, db)
		w.stock(t)
		admin := w.admin(t, ours)
		before, held := w.state(t), heldBytes()
		var table []flood
		for _, part := range [][]flood{alternatives(), shapes(), pages(), bundles(), operationsOfGraph()} {
			table = append(table, part...)
		}
		for _, f := range table {
			a := w.send(t, f.request, admin)
			switch {
			case a.status != f.status || !strings.Contains(a.body, f.says):
				t.Errorf("%s: %d %.500s, want %d and %q", f.name, a.status, a.body, f.status, f.says)
			case len(a.body) > f.bytes:
				t.Errorf("%s: the answer holds %d bytes, want at most %d", f.name, len(a.body), f.bytes)
			}
		}
		w.atOnce(t, largestBody(), 16)
		w.client.CloseIdleConnections()
		grown := grownBytes(held)
		if grown > heldBytesMax {
			t.Errorf("the process holds %d KiB more than before", grown>>10)
		}
		w.answersOthers(t)
		w.stands(t, before, "the flood")
		t.Logf("%d rows; %d KiB more are held", len(table), grown>>10)
	})
}

// atOnce sends a request many times at the same time, beside which another tenant reads.
func (w *world) atOnce(t *testing.T, r request, times int) {
	t.Helper()
	admin := w.admin(t, ours)
	var sent sync.WaitGroup
	for range times {
		sent.Go(func() {
			if a := w.send(t, r, admin); a.status != 200 {
				t.Errorf("one of %d at once: %d %.500s", times, a.status, a.body)
			}
		})
	}
	w.answersOthers(t)
	sent.Wait()
}

func (w *world) answersOthers(t *testing.T) {
	t.Helper()
	if read := w.must(t, w.admin(t, theirs), "GET", "Patient/other", ""); !strings.Contains(read.body, "Other") {
		t.Errorf("another tenant reads %s", read.body)
	}
}

// grownBytes is how much more than before is in use when nothing is under way any more: an answer is read to its end
// before the server's and the client's goroutines of it have ended and let go of its body, longer so on a busy machine.
func grownBytes(before int) int {
	settled := clock.System().Now().Add(time.Minute)
	for {
		grown := heldBytes() - before
		if grown <= heldBytesMax || clock.System().Now().After(settled) {
			return grown
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// heldBytes is what is in use and no garbage.
func heldBytes() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what has a finalizer goes with the second
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// The records that are asked for, whose bytes are beyond every bound of an answer.
const (
	patients     = 300
	patientBytes = 50 << 10
	ofOne        = 2100 // Observations of the first patient, more than a page includes
	versions     = 30
	versionBytes = 300 << 10
)

func (w *world) stock(t *testing.T) {
	t.Helper()
	var bodies []string
	add := func(format string, values ...any) { bodies = append(bodies, compact(fmt.Sprintf(format, values...))) }
	for i := range patients {
		add(`{'resourceType':'Patient','id':'p%04d','identifier':[{'value':'m%04d'}],'birthDate':'%d-06-01','gender':'female','name':[{'family':'Flood%04d','text':'%s'}]}`,
			i, i, 1950+i%50, i, strings.Repeat("x", patientBytes))
		add(`{'resourceType':'Observation','id':'o%04d','status':'final','code':{'text':'x'},'subject':{'reference':'Patient/p%04d'},'valueQuantity':{'value':%d}}`, i, i, 100+i)
	}
	for i := range ofOne {
		add(`{'resourceType':'Observation','id':'one%04d','status':'final','code':{'text':'x'},'subject':{'reference':'Patient/p0000'}}`, i)
	}
	for i := range 3 {
		add(`{'resourceType':'Coverage','id':'c%d','status':'active','beneficiary':{'reference':'Patient/p0000'},'payor':[{'reference':'Patient/p0000'}]}`, i)
	}
	add(`{'resourceType':'Encounter','id':'visit','status':'finished','class':{'code':'AMB'},'subject':{'reference':'Patient/p0000'},'period':{'start':'2026-03-02','end':'2026-03-02'}}`)
	session := w.db.As(models.Actor{Tenant: ours, Subject: "stock"})
	for len(bodies) > 0 {
		together := min(len(bodies), 100)
		puts := make([]documents.Indexed, together)
		for i, body := range bodies[:together] {
			puts[i] = storetest.Indexed(t, 1, body)
		}
		storetest.Save(t, session, puts...)
		bodies = bodies[together:]
	}
	for i := range versions {
		w.must(t, w.admin(t, ours), "PUT", "Patient/big", compact(fmt.Sprintf(`{'resourceType':'Patient','id':'big','gender':'female','name':[{'family':'V%d','text':'%s'}]}`, i, strings.Repeat("x", versionBytes))))
	}
	w.must(t, w.admin(t, theirs), "PUT", "Patient/other", compact(`{'resourceType':'Patient','id':'other','name':[{'family':'Other'}]}`))
}

// get is a search or read.
func get(path string) request { return request{method: "GET", path: path} }

const aMatch = `"mode":"match"`

// alternatives are searches for one of many values, in one condition and in as many as there may be.
func alternatives() []flood {
	const all, ranges, conditions = 500, 50, 20
	var rows []flood
	for _, c := range []struct {
		name, condition string
		most            int
		says            string
		value           func(i int) string
	}{
		{"tokens", "Patient?identifier", all, "more than 500 alternatives", func(i int) string { return fmt.Sprintf("m%04d", i) }},
		{"tokens that are not", "Patient?identifier:not", all, "more than 500 alternatives", func(i int) string { return fmt.Sprintf("m%04d", i) }},
		{"strings", "Patient?family", all, "more than 500 alternatives", func(i int) string { return fmt.Sprintf("flood%04d", i) }},
		{"exact strings", "Patient?family:exact", all, "more than 500 alternatives", func(i int) string { return fmt.Sprintf("Flood%04d", i) }},
		{"ids", "Patient?_id", all, "more than 500 alternatives", func(i int) string { return fmt.Sprintf("p%04d", i) }},
		{"references", "Observation?subject", all, "more than 500 alternatives", func(i int) string { return fmt.Sprintf("Patient/p%04d", i) }},
		{"parts of strings", "Patient?name:contains", ranges, "more than 50 dates, numbers and parts of texts", func(i int) string { return fmt.Sprintf("ood%04d", i) }},
		{"dates", "Patient?birthdate", ranges, "more than 50 dates, numbers and parts of texts", func(i int) string { return fmt.Sprintf("ge%d", 1900+i) }},
		{"moments", "Patient?_lastUpdated", ranges, "more than 50 dates, numbers and parts of texts", func(i int) string { return fmt.Sprintf("ge%d", 1900+i) }},
		{"numbers", "Observation?value-quantity", ranges, "more than 50 dates, numbers and parts of texts", func(i int) string { return fmt.Sprintf("gt%d", i) }},
	} {
		for _, among := range []int{1, conditions} {
			name := fmt.Sprintf("%s in %d conditions, ", c.name, among)
			rows = append(rows,
				flood{name + "at the bound", get(spread(c.condition, c.most, among, c.value)), 200, aMatch, pageBytes},
				flood{name + "one beyond", get(spread(c.condition, c.most+1, among, c.value)), 400, c.says, refusalBytes})
		}
	}
	return rows
}

// spread gives a search with n alternatives over some conditions of one parameter, which all begin with the same ones.
func spread(condition string, n, conditions int, value func(i int) string) string {
	typ, name, _ := strings.Cut(condition, "?")
	list := make([]string, conditions)
	for i := range list {
		count := n / conditions
		if i < n%conditions {
			count++
		}
		values := make([]string, count)
		for j := range values {
			values[j] = value(j)
		}
		list[i] = name + "=" + strings.Join(values, ",")
	}
	return typ + "?" + strings.Join(list, "&")
}

// repeated is n times a text, with something between.
func repeated(text, between string, n int) string {
	return strings.TrimSuffix(strings.Repeat(text+between, n), between)
}

// shapes are searches by how much they say.
func shapes() []flood {
	const shortly = mib // few are found
	long := func(bytes int) request {
		const name = "identifier"
		value := ("m0000," + repeated(strings.Repeat("x", 299), ",", 500))[:bytes-len(name)]
		return request{"POST", "Patient/_search", name + "=" + value, []string{"Content-Type: application/x-www-form-urlencoded"}}
	}
	sorted := "Patient?_sort=family,-given,birthdate,-gender,name"
	include := "_include=Observation:subject"
	return []flood{
		{"20 conditions", get("Patient?" + repeated("gender=female", "&", 20)), 200, aMatch, pageBytes},
		{"21 conditions", get("Patient?" + repeated("gender=female", "&", 21)), 400, "more than 20 conditions", refusalBytes},
		{"a search of 127 KiB", long(127 << 10), 200, aMatch, shortly},
		{"a search of 129 KiB", long(129 << 10), 400, "longer than 128 KiB", refusalBytes},
		{"100 elements", get("Patient?_elements=" + repeated("gender", ",", 100)), 200, aMatch, shortly},
		{"101 elements", get("Patient?_elements=" + repeated("gender", ",", 101)), 400, "more than 100 elements", refusalBytes},
		{"5 sort keys", get(sorted), 200, aMatch, pageBytes},
		{"6 sort keys", get(sorted + ",_id"), 400, "more than 5 sort keys", refusalBytes},
		{"20 includes", get("Observation?" + repeated(include, "&", 20)), 200, aMatch, pageBytes},
		{"21 includes", get("Observation?" + repeated(include, "&", 21)), 400, "more than 20 includes", refusalBytes},
		{"20 includes, some reverse", get("Patient?_id=p0001&_include=Patient:organization&" + repeated("_revinclude=Observation:subject", "&", 19)), 200, aMatch, pageBytes},
		{"21 includes, some reverse", get("Patient?_id=p0001&_include=Patient:organization&" + repeated("_revinclude=Observation:subject", "&", 20)), 400, "more than 20 includes", refusalBytes},
	}
}

// pages are lists that end where they are large enough.
func pages() []flood {
	const next, incomplete = `"relation":"next"`, "More resources are included than one page holds"
	return []flood{
		{"a page of a million", get("Patient?_count=1000000"), 200, next, pageBytes},
		{"a sorted page of a million, counted", get("Patient?_count=1000000&_sort=-family&_total=accurate"), 200, next, pageBytes},
		{"includes beyond the bytes of a page", get("Observation?value-quantity=gt0&_count=1000&_include=Observation:subject"), 200, incomplete, pageBytes},
		{"includes beyond their number", get("Patient?_id=p0000&_revinclude=Observation:subject"), 200, incomplete, pageBytes},
		{"a history of a million", get("Patient/big/_history?_count=1000000"), 200, next, pageBytes},
	}
}

// padded gives a request whose body has so many bytes.
func padded(r request, bytes int) request {
	r.body += strings.Repeat(" ", bytes-len(r.body))
	return r
}

// bundles are bodies, and what the entries of a Bundle read together.
func bundles() []flood {
	times := slices.Repeat[[]request]
	read, page := []request{get("Observation/o0000")}, []request{get("Patient?_count=1000")}
	create := request{method: "POST", path: "Patient", body: `{"resourceType":"Patient","name":[{"family":"Canary"}]}`}
	document := request{"PUT", "Patient/big", `{"resourceType":"Patient","id":"big","name":[` + repeated(`{"text":"`+strings.Repeat("x", mib-16)+`"}`, ",", 15) + `]}`,
		[]string{"Medbill-Dry-Run: true"}}
	services := coding(repeated(chargePart(`,{"name":"serviceDate","valueDate":"2026-03-02"}`), ",", 1000))
	const done, body, full = `"status":"200 `, "larger than 16 MiB", "as large as it may be, 32 MiB of documents"
	return []flood{
		{"a batch of 200 pages of 1000", bundleOf("batch", times(page, 200)), 200, full, answerBytes},
		{"a transaction of 4 pages of 1000", bundleOf("transaction", times(page, 4)), 200, done, answerBytes},
		{"a transaction that reads too much", bundleOf("transaction", append(times(page, 6), create)), 413, full, refusalBytes},
		{"5,000 entries", bundleOf("batch", times(read, 5000)), 200, done, 5 * mib},
		{"5,001 entries of a batch", bundleOf("batch", times(read, 5001)), 413, "more than 5000 entries", refusalBytes},
		{"5,001 entries of a transaction", bundleOf("transaction", times(read, 5001)), 413, "more than 5000 entries", refusalBytes},
		{"a batch of 16 MiB", largestBody(), 200, done, refusalBytes},
		{"a batch over 16 MiB", padded(largestBody(), 16*mib+1), 413, body, refusalBytes},
		{"a document of 16 MiB with what the server adds", padded(document, 16*mib-200), 200, `"id":"big"`, 17 * mib},
		{"a document over 16 MiB", padded(document, 16*mib+1), 413, body, refusalBytes},
		{"more than two million values", request{"PUT", "Patient/big", `{"x":[` + repeated("0", ",", 2_000_000) + `]}`, nil}, 413, "more than two million values", refusalBytes},
		{"1,000 services", request{"POST", "Encounter/visit/$code", services, nil}, 422, "at most 999 services", refusalBytes},
	}
}

// largestBody is a batch of as many bytes as there may be.
func largestBody() request {
	return padded(bundleOf("batch", []request{get("Observation/o0000")}), 16*mib)
}

// aliased gives a field under n names.
func aliased(field string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d:%s ", i, field)
	}
	return b.String()
}

// operationsOfGraph are queries of GraphQL, whose refusals stand in answers of 200 but where the body could not be read.
func operationsOfGraph() []flood {
	nested := func(depth int) string { // five lists, then records of records
		fields := []string{`patient(id:"p0000")`}
		for i := range depth - 2 {
			fields = append(fields, [][]string{{"coverages", "beneficiary"}, {"account", "subject"}}[min(i/10, 1)][i%2])
		}
		return "{" + strings.Join(fields, "{") + "{id" + strings.Repeat("}", depth)
	}
	wide := func(fields int) string { return "{patients(first:100){nodes{" + aliased("id", fields) + "}}}" }
	words := func(tokens int) string { // with its brackets, and three for a field with another name
		return "{" + aliased("__typename", (tokens-2)/3) + strings.Repeat("__typename ", (tokens-2)%3) + "}"
	}
	texts := func(n int) string { return `{patient(id:"big"){` + aliased("name{text}", n) + "}}" }
	page := "patients(first:100){nodes{id}}"
	const data = `{"data":`
	return []flood{
		{"15 levels", asking(nested(15)), 200, data, mib},
		{"16 levels", asking(nested(16)), 200, "nested more than 15 fields deep", refusalBytes},
		{"300 levels", asking(nested(300)), 200, "nested more than 15 fields deep", refusalBytes},
		{"a hundred nodes of 499 fields", asking(wide(499)), 200, data, mib},
		{"a hundred nodes of 500 fields", asking(wide(500)), 200, "asks for too much at once", refusalBytes},
		{"2,000 tokens", asking(words(2000)), 200, data, refusalBytes},
		{"2,001 tokens", asking(words(2001)), 200, "more than 2000 words, values and signs", refusalBytes},
		{"a request of 1 MiB", padded(asking("{__typename}"), mib), 200, data, refusalBytes},
		{"a request over 1 MiB", padded(asking("{__typename}"), mib+1), 413, "longer than 1 MiB", refusalBytes},
		{"a long text under 100 names", asking(texts(100)), 200, data, textBytes},
		{"a long text under 200 names", asking(texts(200)), 200, "as large as it may be, 32 MiB of text", textBytes},
		{"6 large pages", asking("{" + aliased(page, 6) + "}"), 200, data, mib},
		{"100 large pages", asking("{" + aliased(page, 100) + "}"), 200, "as large as it may be, 32 MiB of documents", mib},
		{"2 introspections", asking("{" + aliased("__schema{types{name}}", 2) + "}"), 200, data, mib},
		{"3 introspections", asking("{" + aliased("__schema{types{name}}", 3) + "}"), 200, "more than twice", refusalBytes},
		{"100 introspections", asking("{" + aliased(`__type(name:"Patient"){name}`, 100) + "}"), 200, "more than twice", refusalBytes},
	}
}
