package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const patient = `{"resourceType":"Patient","name":[{"family":"Canary"}]}`

func patientOf(id, rest string) string {
	return `{"resourceType":"Patient","id":"` + id + `"` + rest + `}`
}

func TestReadGivesTheDocumentWithItsVersion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", `,"name":[{"family":"Canary"}]`))
		a := w.do(t, admin, "GET", "Patient/p1", "").expect(t, 200)
		if got := a.header.Get("ETag") + " " + a.header.Get("Content-Type") + " " + a.id(t) + " " + a.node(t).In("meta", "versionId").Text(); got != `W/"1" application/fhir+json p1 1` {
			t.Error(got)
		}
		modified, err := http.ParseTime(a.header.Get("Last-Modified"))
		if err != nil {
			t.Fatal(err)
		}
		head := w.do(t, admin, "HEAD", "Patient/p1", "").expect(t, 200)
		if head.body != "" || head.header.Get("ETag") != a.header.Get("ETag") || head.header.Get("Content-Length") != fmt.Sprint(len(a.body)) {
			t.Errorf("HEAD gives %q with %v", head.body, head.header)
		}
		for header, want := range map[string]int{
			`If-None-Match: W/"1"`: 304, `If-None-Match: W/"7", W/"1"`: 304, `If-None-Match: W/"2"`: 200, "If-None-Match: *": 304,
			"If-Modified-Since: " + modified.Format(http.TimeFormat):                   304,
			"If-Modified-Since: " + modified.AddDate(-1, 0, 0).Format(http.TimeFormat): 200,
			"If-Modified-Since: soon":                                                       200,
			`If-None-Match: W/"1` + `"` + ", " + `W/"3"`:                                    304,
			"If-Modified-Since: " + modified.AddDate(0, 0, 1).UTC().Format(http.TimeFormat): 304,
		} {
			if a := w.do(t, admin, "GET", "Patient/p1", "", header).expect(t, want); want == 304 && (a.body != "" || a.header.Get("ETag") != `W/"1"`) {
				t.Errorf("%s: 304 with body %q and ETag %q", header, a.body, a.header.Get("ETag"))
			}
		}
		for _, path := range []string{"Patient/p1/_history/1", "Patient/p1/", "Patient/p1?_format=json"} {
			if b := w.do(t, admin, "GET", path, "").expect(t, 200); b.body != a.body {
				t.Errorf("%s gives %s", path, b.body)
			}
		}
		if a := w.do(t, admin, "GET", "Patient/p1?_pretty=true", "").expect(t, 200); !strings.Contains(a.body, "\n  \"id\"") {
			t.Errorf("_pretty gives %s", a.body)
		}
	})
}

func TestAddressesThatLeadNowhereSaySo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", ""))
		w.put(t, "Patient/gone", patientOf("gone", ""))
		w.do(t, admin, "DELETE", "Patient/gone", "").expect(t, 204)
		for _, row := range []struct {
			method, path string
			want         int
			code, allow  string
		}{
			{"GET", "Patient/unknown", 404, "not-found", ""},
			{"GET", "Patient/gone", 410, "deleted", ""},
			{"GET", "Patient/gone/_history/1", 200, "", ""},
			{"GET", "Patient/gone/_history/2", 410, "deleted", ""},
			{"GET", "patient/p1", 404, "not-found", ""},
			{"GET", "Wombat/1", 404, "not-found", ""},
			{"GET", "AuditEvent", 404, "not-found", ""},
			{"GET", "Patient/a_b", 404, "not-found", ""},
			{"GET", "Patient/" + strings.Repeat("x", 65), 404, "not-found", ""},
			{"GET", "Patient/%00", 404, "not-found", ""},
			{"GET", "Patient/%FF%FE", 404, "not-found", ""},
			{"GET", "Patient/p1/_history/9", 404, "not-found", ""},
			{"GET", "Patient/p1/_history/abc", 404, "not-found", ""},
			{"GET", "Patient/unknown/_history", 404, "not-found", ""},
			{"GET", "Patient/_history", 404, "not-found", ""},
			{"GET", "_history", 404, "not-found", ""},
			{"GET", "Patient/p1/Claim", 404, "not-found", ""},
			{"PATCH", "Patient/p1", 405, "not-supported", "GET"},
			{"PUT", "Patient/p1/_history/1", 405, "not-supported", "GET"},
			{"POST", "Patient/p1", 405, "not-supported", "PUT"},
			{"GET", "", 405, "not-supported", "POST"},
			{"DELETE", "metadata", 405, "not-supported", "GET"},
			{"PUT", "Task/t1", 405, "not-supported", "GET"},
			{"PUT", "PaymentNotice/x", 405, "not-supported", "GET"},
			{"GET", "Claim/c1/$submit", 405, "not-supported", "POST"},
			{"POST", "Claim/c1/$wombat", 404, "not-supported", ""},
			{"POST", "Claim/$submit", 405, "not-supported", "GET"},
			{"POST", "Claim/$wombat", 404, "not-supported", ""},
			{"GET", "$wombat", 404, "not-supported", ""},
			{"GET", w.root + "/wombat", 404, "not-found", ""},
			{"BREW", "Patient/p1", 405, "not-supported", "GET"},
		} {
			a := w.do(t, admin, row.method, row.path, "")
			if a.status != row.want || a.status >= 400 && (a.node(t).Get("resourceType").Text() != "OperationOutcome" || a.code(t) != row.code) {
				t.Errorf("%s %s: %d %s, want %d %s", row.method, row.path, a.status, a.body, row.want, row.code)
			}
			if row.want == 405 && !strings.Contains(a.header.Get("Allow"), row.allow) {
				t.Errorf("%s %s: Allow is %q, want %s in it", row.method, row.path, a.header.Get("Allow"), row.allow)
			}
		}
	})
}

func TestOnlyOneFormatIsSpoken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", ""))
		for _, row := range []struct {
			accept, format string
			want           int
			media          string
		}{
			{"", "", 200, "application/fhir+json"},
			{"application/fhir+json", "", 200, "application/fhir+json"},
			{"application/json", "", 200, "application/json"},
			{"*/*", "", 200, "application/fhir+json"},
			{"text/html, application/*;q=0.8", "", 200, "application/fhir+json"},
			{"application/json;q=0.5, application/fhir+json;q=0.4", "", 200, "application/json"},
			{"application/fhir+json; fhirVersion=4.0", "", 200, "application/fhir+json"},
			{"application/fhir+json; fhirVersion=3.0", "", 406, ""},
			{"application/fhir+json;q=0", "", 406, ""},
			{"application/pdf", "", 406, ""},
			{"application/fhir+xml", "", 406, ""},
			{"application/pdf", "json", 200, "application/fhir+json"},
			{"", "application/json", 200, "application/json"},
			{"", "application/fhir+json", 200, "application/fhir+json"}, // the plus arrives as a blank
			{"", "application%2Ffhir%2Bjson", 200, "application/fhir+json"},
			{"application/json", "xml", 406, ""},
		} {
			path := "Patient/p1"
			if row.format != "" {
				path += "?_format=" + row.format
			}
			a := w.do(t, admin, "GET", path, "", "Accept: "+row.accept).expect(t, row.want)
			if row.want == 200 && a.header.Get("Content-Type") != row.media {
				t.Errorf("%+v gives %s", row, a.header.Get("Content-Type"))
			}
		}
		before := w.documents(t, tenant)
		w.do(t, admin, "POST", "Patient", patient, "Accept: application/pdf").expect(t, 406)
		for _, content := range []string{"text/plain", "application/xml", "", "application/fhir+json; fhirVersion=3.0", "application/json; charset=latin1", "application/x-www-form-urlencoded"} {
			w.do(t, admin, "POST", "Patient", patient, "Content-Type: "+content).expect(t, 415)
		}
		w.do(t, admin, "POST", "Patient", patient, "Content-Encoding: gzip").expect(t, 415)
		w.do(t, admin, "POST", "Patient/_search", `{"a":1}`).expect(t, 415)
		if after := w.documents(t, tenant); after != before {
			t.Errorf("refused requests stored %d documents", after-before)
		}
		w.do(t, admin, "POST", "Patient", patient, "Content-Type: application/json; charset=UTF-8").expect(t, 201)
	})
}

func TestCreateAnswersWhereItStands(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sent := compact(`{'resourceType':'Patient','id':'mine','meta':{'versionId':'9','lastUpdated':'1999-01-01T00:00:00Z','tag':[{'system':'s','code':'t'}]},'name':[{'family':'Canary'}]}`)
		a := w.do(t, admin, "POST", "Patient", sent).expect(t, 201)
		id := a.id(t)
		if id == "mine" || a.node(t).In("meta", "versionId").Text() != "1" || !strings.Contains(a.body, `{"system":"s","code":"t"}`) {
			t.Errorf("created as %s", a.body)
		}
		if want := w.base + "/Patient/" + id + "/_history/1"; a.header.Get("Location") != want || a.header.Get("ETag") != `W/"1"` || a.header.Get("Last-Modified") == "" {
			t.Errorf("headers %v", a.header)
		}
		if got := w.do(t, admin, "GET", a.header.Get("Location"), "").expect(t, 200); got.body != a.body {
			t.Errorf("Location gives %s", got.body)
		}
		if a := w.do(t, admin, "POST", "Patient", sent, "Prefer: return=minimal").expect(t, 201); a.body != "" || a.header.Get("Location") == "" {
			t.Errorf("minimal gives %q", a.body)
		}
		if a := w.do(t, admin, "POST", "Patient", sent, "Prefer: return=OperationOutcome").expect(t, 201); a.node(t).Get("resourceType").Text() != "OperationOutcome" {
			t.Errorf("OperationOutcome gives %q", a.body)
		}
		w.do(t, admin, "POST", "Patient", `{"resourceType":"Practitioner"}`).expect(t, 400)
		if a := w.do(t, admin, "POST", "Patient", `{"resourceType":"Practitioner"}`, "Prefer: return=minimal").expect(t, 400); a.code(t) != "invalid" {
			t.Error(a.body)
		}
		// Element order, digits, extensions and unusual text come back as they were sent.
		odd := compact(`{'resourceType':'Observation','status':'final','valueQuantity':{'value':100.00},'code':{'text':'ünïcode 😀 <b>'},'_status':{'extension':[{'url':'http://e','valueDecimal':0.10}]},'component':[{'code':{'text':'x'},'valueQuantity':{'value':12345678901234567890.120}}]}`)
		got := w.do(t, admin, "POST", "Observation", odd).expect(t, 201).body
		for _, part := range []string{`"value":100.00`, `"valueDecimal":0.10`, `12345678901234567890.120`, `ünïcode 😀 <b>`} {
			if !strings.Contains(got, part) {
				t.Errorf("%s is missing in %s", part, got)
			}
		}
	})
}

func TestConditionalCreateTakesWhatIsThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		identified := compact(`{'resourceType':'Patient','identifier':[{'system':'urn:mrn','value':'1'}]}`)
		const condition = "If-None-Exist: identifier=urn:mrn|1"
		first := w.do(t, admin, "POST", "Patient", identified, condition).expect(t, 201)
		again := w.do(t, admin, "POST", "Patient", compact(`{'resourceType':'Patient','active':true}`), condition).expect(t, 200)
		if again.body != first.body || again.header.Get("Location") != first.header.Get("Location") || again.header.Get("ETag") != `W/"1"` {
			t.Errorf("the second create gives %s with %v", again.body, again.header)
		}
		w.do(t, admin, "POST", "Patient", identified).expect(t, 201)
		w.do(t, admin, "POST", "Patient", identified, condition).expect(t, 412)
		before := w.documents(t, tenant)
		for _, empty := range []string{"If-None-Exist:  ", "If-None-Exist: ?", "If-None-Exist: wombat=1", "If-None-Exist: identifier=", "If-None-Exist: _count=1", "If-None-Exist: Patient?"} {
			w.do(t, admin, "POST", "Patient", identified, empty).expect(t, 400)
		}
		if w.documents(t, tenant) != before {
			t.Error("a refused condition stored something")
		}
	})
}

func TestThirtyTwoConditionalCreatesMakeOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/warm", patientOf("warm", "")) // the tenant is there
		statuses := make(chan int, 32)
		var all sync.WaitGroup
		for i := range 32 {
			all.Go(func() {
				body := fmt.Sprintf(`{"resourceType":"Patient","identifier":[{"system":"urn:mrn","value":"race"}],"name":[{"family":"N%d"}]}`, i)
				statuses <- w.do(t, admin, "POST", "Patient", body, "If-None-Exist: identifier=urn:mrn|race").status
			})
		}
		all.Wait()
		close(statuses)
		counts := map[int]int{}
		for status := range statuses {
			counts[status]++
		}
		if diff := cmp.Diff(map[int]int{201: 1, 200: 31}, counts); diff != "" {
			t.Errorf("statuses (-want +got):\n%s", diff)
		}
		if found := w.do(t, admin, "GET", "Patient?identifier=urn:mrn|race", "").expect(t, 200).entries(t); len(found) != 1 {
			t.Errorf("%d patients are stored", len(found))
		}
	})
}

func TestUpdateKeepsVersionsInOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", "")).expect(t, 201)
		if a.header.Get("Location") != w.base+"/Patient/p1/_history/1" {
			t.Errorf("Location %q", a.header.Get("Location"))
		}
		if a := w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", `,"active":true`)).expect(t, 200); a.header.Get("ETag") != `W/"2"` {
			t.Errorf("ETag %q", a.header.Get("ETag"))
		}
		if a := w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", `,"active":true`)).expect(t, 200); a.header.Get("ETag") != `W/"2"` {
			t.Errorf("the same content made version %s", a.header.Get("ETag"))
		}
		w.do(t, admin, "PUT", "Patient/p1", patient).expect(t, 400)
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p2", "")).expect(t, 400)
		w.do(t, admin, "PUT", "Patient/a_b", patientOf("a_b", "")).expect(t, 400)
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", ""), `If-Match: W/"1"`).expect(t, 412)
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", ""), `If-Match: 1`).expect(t, 400)
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", ""), `If-Match: W/"wombat"`).expect(t, 400)
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", ""), `If-Match: "1"`).expect(t, 412)
		w.do(t, admin, "PUT", "Patient/new", patientOf("new", ""), `If-Match: W/"1"`).expect(t, 412)
		w.do(t, admin, "PUT", "Patient/new", patientOf("new", ""), `If-Match: *`).expect(t, 412)
		w.do(t, admin, "GET", "Patient/new", "").expect(t, 404)
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", ""), `If-Match: W/"2"`).expect(t, 200)
		w.do(t, admin, "DELETE", "Patient/p1", "", `If-Match: W/"1"`).expect(t, 412)
		for range 2 {
			w.do(t, admin, "DELETE", "Patient/p1", "").expect(t, 204)
		}
		w.do(t, admin, "DELETE", "Patient/never", "").expect(t, 204)
		w.do(t, admin, "DELETE", "Patient/never", "", "Prefer: return=OperationOutcome").expect(t, 200)
		if a := w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", "")).expect(t, 201); a.header.Get("ETag") != `W/"5"` {
			t.Errorf("after the deletion comes %s, want version 5", a.header.Get("ETag"))
		}
	})
}

func TestConditionalUpdateAndDelete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		with := func(id, value string) string {
			return patientOf(id, `,"identifier":[{"system":"urn:mrn","value":"`+value+`"}]`)
		}
		without := func(value, rest string) string {
			return `{"resourceType":"Patient","identifier":[{"system":"urn:mrn","value":"` + value + `"}]` + rest + `}`
		}
		w.do(t, admin, "PUT", "Patient?identifier=urn:mrn|1", with("chosen", "1")).expect(t, 201)
		made := w.do(t, admin, "PUT", "Patient?identifier=urn:mrn|2", without("2", "")).expect(t, 201)
		w.do(t, admin, "PUT", "Patient?identifier=urn:mrn|2", without("2", "")).expect(t, 200)
		if a := w.do(t, admin, "PUT", "Patient?identifier=urn:mrn|2", without("2", `,"active":true`)).expect(t, 200); a.id(t) != made.id(t) || a.header.Get("ETag") != `W/"2"` {
			t.Errorf("updated %s", a.body)
		}
		w.do(t, admin, "PUT", "Patient?identifier=urn:mrn|1", with("other", "1")).expect(t, 400)
		w.do(t, admin, "PUT", "Patient/twin", with("twin", "1")).expect(t, 201)
		w.do(t, admin, "PUT", "Patient?identifier=urn:mrn|1", without("1", "")).expect(t, 412)
		w.do(t, admin, "DELETE", "Patient?identifier=urn:mrn|1", "").expect(t, 412)
		for _, none := range []string{"Patient", "Patient?identifier=", "Patient?wombat=1", "Patient?_format=json"} {
			w.do(t, admin, "PUT", none, without("9", "")).expect(t, 400)
			w.do(t, admin, "DELETE", none, "").expect(t, 400)
		}
		w.do(t, admin, "PUT", "Patient?identifier=urn:mrn|2", without("2", ""), `If-Match: W/"2"`).expect(t, 400)
		w.do(t, admin, "DELETE", "Patient?identifier=urn:mrn|nobody", "").expect(t, 204)
		w.do(t, admin, "DELETE", "Patient?identifier=urn:mrn|2", "").expect(t, 204)
		w.do(t, admin, "GET", "Patient/"+made.id(t), "").expect(t, 410)
	})
}

func TestHistoryIsNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", ""))
		second := w.put(t, "Patient/p1", patientOf("p1", `,"active":true`))
		w.do(t, admin, "DELETE", "Patient/p1", "").expect(t, 204)
		w.put(t, "Patient/p1", patientOf("p1", `,"active":false`))
		a := w.do(t, admin, "GET", "Patient/p1/_history", "").expect(t, 200)
		var got []string
		for entry := range a.node(t).Get("entry").Children() {
			got = append(got, fmt.Sprint(entry.In("request", "method").Text(), " ", entry.In("request", "url").Text(), " ", entry.In("response", "status").Text(), " ",
				entry.In("response", "etag").Text(), " ", entry.Get("resource").Exists(), " ", entry.In("response", "lastModified").Exists(), " ", entry.Get("fullUrl").Text() == w.base+"/Patient/p1"))
		}
		want := []string{
			`PUT Patient/p1 201 Created W/"4" true true true`, `DELETE Patient/p1 204 No Content W/"3" false true true`,
			`PUT Patient/p1 200 OK W/"2" true true true`, `PUT Patient/p1 201 Created W/"1" true true true`,
		}
		if diff := cmp.Diff(want, got); diff != "" || !a.node(t).Get("type").Is("history") {
			t.Errorf("(-want +got):\n%s", diff)
		}
		var pages []string
		for next := w.base + "/Patient/p1/_history?_count=1"; next != ""; {
			a := w.do(t, admin, "GET", next, "").expect(t, 200)
			pages = append(pages, a.node(t).In("entry", "response", "etag").Text())
			next = a.link(t, "next")
		}
		if diff := cmp.Diff([]string{`W/"4"`, `W/"3"`, `W/"2"`, `W/"1"`}, pages); diff != "" {
			t.Errorf("pages (-want +got):\n%s", diff)
		}
		since := second.node(t).In("meta", "lastUpdated").Text()
		if n := w.do(t, admin, "GET", "Patient/p1/_history?_since="+since, "").expect(t, 200).node(t).Get("entry").Len(); n != 3 {
			t.Errorf("%d versions since the second, want it and two more", n)
		}
		if a := w.do(t, admin, "GET", "Patient/p1/_history?_since=2999-01-01T00:00:00%2B01:00", "").expect(t, 200); a.node(t).Get("entry").Exists() {
			t.Error(a.body)
		}
		for _, bad := range []string{"_since=" + since + "&_since=" + since, "_since=yesterday", "_count=x", "_count=-1", "_at=2020", "wombat=1", "_cursor=x"} {
			w.do(t, admin, "GET", "Patient/p1/_history?"+bad, "").expect(t, 400)
		}
		w.do(t, admin, "GET", "Patient/p1/_history?wombat=1", "", "Prefer: handling=lenient").expect(t, 200)
		if found := w.do(t, admin, "GET", "Patient", "").expect(t, 200).entries(t); !slices.Equal(found, []string{"Patient/p1"}) {
			t.Errorf("search finds %v", found)
		}
	})
}

func TestPartsOfADocumentAreMarked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Organization/o1", `{"resourceType":"Organization","id":"o1","name":"Zzyzx"}`)
		w.put(t, "Coverage/c1", compact(`{'resourceType':'Coverage','id':'c1','meta':{'tag':[{'code':'kept'}]},'text':{'status':'generated','div':'<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>'},
			'status':'active','subscriberId':'CANARY-7781','_subscriberId':{'id':'s'},'beneficiary':{'reference':'Patient/p1'},'payor':[{'reference':'Organization/o1'}],'order':1}`))
		for query, want := range map[string][]string{
			"_elements=subscriberId":          {"resourceType", "id", "meta", "status", "subscriberId", "_subscriberId", "beneficiary", "payor"},
			"_elements=order,wombat":          {"resourceType", "id", "meta", "status", "beneficiary", "payor", "order"},
			"_summary=text":                   {"resourceType", "id", "meta", "text", "status", "beneficiary", "payor"},
			"_summary=data":                   {"resourceType", "id", "meta", "status", "subscriberId", "_subscriberId", "beneficiary", "payor", "order"},
			"_summary=false":                  {"resourceType", "id", "meta", "text", "status", "subscriberId", "_subscriberId", "beneficiary", "payor", "order"},
			"_summary=data&_elements=text":    {"resourceType", "id", "meta", "status", "beneficiary", "payor"},
			"_summary=false&_elements=status": {"resourceType", "id", "meta", "status", "beneficiary", "payor"},
		} {
			read := w.do(t, admin, "GET", "Coverage/c1?"+query, "").expect(t, 200)
			var keys []string
			for member := range read.node(t).Children() {
				keys = append(keys, member.Key())
			}
			if !cmp.Equal(sorted(keys), sorted(want)) {
				t.Errorf("%s gives %v, want %v", query, keys, want)
			}
			if marked := strings.Contains(read.body, "SUBSETTED"); marked != (query != "_summary=false") || !strings.Contains(read.body, `"code":"kept"`) {
				t.Errorf("%s: %s", query, read.body)
			}
			found := w.do(t, admin, "GET", "Coverage?"+query, "").expect(t, 200)
			if got := string(found.node(t).In("entry", "resource").Raw()); got != read.body {
				t.Errorf("%s: the search gives %s, the read %s", query, got, read.body)
			}
		}
		a := w.do(t, admin, "GET", "Coverage?_elements=order&_include=Coverage:payor", "").expect(t, 200)
		if strings.Count(a.body, "SUBSETTED") != 1 || !strings.Contains(a.body, `"name":"Zzyzx"`) {
			t.Errorf("included documents are whole: %s", a.body)
		}
		for _, refused := range []string{"Coverage/c1?_summary=true", "Coverage/c1?_summary=count", "Coverage?_summary=true", "Coverage?_summary=wombat", "Coverage?_summary=text&_include=Coverage:payor"} {
			w.do(t, admin, "GET", refused, "").expect(t, 400)
		}
	})
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

func TestSearchBundlesSayWhatWasSearched(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.put(t, fmt.Sprintf("Patient/p%d", i), patientOf(fmt.Sprintf("p%d", i), `,"name":[{"family":"Same"}],"birthDate":"1970-01-01"`))
			w.put(t, fmt.Sprintf("Coverage/c%d", i), fmt.Sprintf(`{"resourceType":"Coverage","id":"c%d","status":"active","beneficiary":{"reference":"Patient/p%d"},"payor":[{"reference":"Patient/p%d"}]}`, i, i, i))
		}
		a := w.do(t, admin, "GET", "Patient?name=nobody&_total=accurate", "").expect(t, 200)
		if a.node(t).Get("total").Text() != "0" || a.node(t).Get("entry").Exists() || a.link(t, "self") != w.base+"/Patient?name=nobody&_total=accurate" {
			t.Errorf("nothing found gives %s", a.body)
		}
		a = w.do(t, admin, "GET", "Patient?name=same&_count=2&_sort=family&wombat=1&gender=", "", "Prefer: handling=lenient").expect(t, 200)
		if a.link(t, "self") != w.base+"/Patient?name=same&_count=2&_sort=family" || a.node(t).Get("total").Exists() {
			t.Errorf("self is %s", a.link(t, "self"))
		}
		seen := map[string]int{}
		pages := 0
		for next := a.link(t, "self") + "&_revinclude=Coverage:beneficiary"; next != ""; pages++ {
			a = w.do(t, admin, "GET", next, "").expect(t, 200)
			matches := 0
			for _, e := range a.entries(t) {
				seen[e]++
				if !strings.Contains(e, " ") {
					matches++
				}
			}
			if matches > 2 {
				t.Errorf("a page has %d matches", matches)
			}
			next = a.link(t, "next")
		}
		if len(seen) != 10 || pages != 3 {
			t.Errorf("%d pages brought %v", pages, seen)
		}
		for e, n := range seen {
			if n != 1 {
				t.Errorf("%s came %d times", e, n)
			}
		}
		for _, query := range []string{"_count=0", "_summary=count"} {
			a := w.do(t, admin, "GET", "Patient?"+query, "").expect(t, 200)
			if a.node(t).Get("total").Text() != "5" || a.node(t).Get("entry").Exists() || a.link(t, "next") != "" {
				t.Errorf("%s gives %s", query, a.body)
			}
		}
		for entry := range w.do(t, admin, "GET", "Patient?_id=p1,p2", "").expect(t, 200).node(t).Get("entry").Children() {
			if id := entry.In("resource", "id").Text(); entry.Get("fullUrl").Text() != w.base+"/Patient/"+id || !entry.In("search", "mode").Is("match") {
				t.Errorf("entry %s", entry.Raw())
			}
		}
	})
}

func TestSearchRefusesWhatItCannotHonour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", `,"name":[{"family":"Canary"}],"birthDate":"1970-01-01"`))
		for _, row := range []struct {
			query   string
			strict  int
			lenient int
		}{
			{"wombat=1", 400, 200},
			{"_wombat=1", 400, 200},
			{"name:wombat=x", 400, 400},
			{"birthdate=soon", 400, 400},
			{"name=", 200, 200},
			{"gender=wombat", 200, 200},
			{"general-practitioner=Practitioner/nobody", 200, 200},
			{"general-practitioner.name=x", 400, 400},
			{"_has:Coverage:beneficiary:payor=x", 400, 400},
			{"_query=x", 400, 400},
			{"_sort=wombat", 400, 200},
			{"_include=Patient:wombat", 400, 200},
			{"_include=*", 200, 200},
			{"_revinclude=*", 400, 400},
			{"_count=many", 400, 400},
			{"_total=some", 400, 400},
			{"_cursor=wombat", 400, 400},
			{"name=%zz", 400, 400},
			{"name=%00", 400, 400},
			{"name=%ff", 400, 400},
			{"birthdate=lt1970-01-02T00:00:00%2B05:00", 200, 200},
			{"birthdate=lt1970-01-02T00:00:00+05:00", 200, 200},
		} {
			for prefer, want := range map[string]int{"strict": row.strict, "lenient": row.lenient} {
				a := w.do(t, admin, "GET", "Patient?"+row.query, "", "Prefer: handling="+prefer)
				if a.status != want {
					t.Errorf("%s %s: %d %s, want %d", prefer, row.query, a.status, a.body, want)
				}
			}
		}
		if a := w.do(t, admin, "GET", "Patient?wombat=1", ""); a.status != 400 {
			t.Errorf("strict is the default, and gives %d", a.status)
		}
		// A form counts beside the address, and its parameters alike.
		for _, form := range []string{"birthdate=1970-01-01", ""} {
			a := w.do(t, admin, "POST", "Patient/_search?name=canary", form, "Content-Type: application/x-www-form-urlencoded").expect(t, 200)
			if found := a.entries(t); !slices.Equal(found, []string{"Patient/p1"}) {
				t.Errorf("POST _search finds %v", found)
			}
		}
		a := w.do(t, admin, "POST", "Patient/_search?name=canary", "birthdate=1971", "Content-Type: application/x-www-form-urlencoded").expect(t, 200)
		if a.node(t).Get("entry").Exists() || a.link(t, "self") != w.base+"/Patient?name=canary&birthdate=1971" {
			t.Error(a.body)
		}
	})
}
