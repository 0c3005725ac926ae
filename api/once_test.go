package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

const key = "Idempotency-Key: "

// draftClaim is what a front end writes for ann.
var draftClaim = compact(`{'resourceType':'Claim','status':'draft','use':'claim','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},
	'patient':{'reference':'Patient/ann'},'created':'2026-03-03','insurer':{'reference':'Organization/acme'},'provider':{'reference':'Organization/practice'},'priority':{'text':'normal'},
	'careTeam':[{'sequence':1,'provider':{'reference':'Practitioner/doc'},'role':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claimcareteamrole','code':'primary'}]}}],
	'diagnosis':[{'sequence':1,'diagnosisCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}],
	'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/cov'}}],
	'item':[{'sequence':1,'productOrService':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'99214'}]},'diagnosisSequence':[1],'servicedDate':'2026-03-02',
	'unitPrice':{'value':250.00,'currency':'USD'},'net':{'value':250.00,'currency':'USD'},'locationCodeableConcept':{'coding':[{'system':'https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set','code':'11'}]}}]}`)

// same holds an answer against the first one to the same request.
func same(t *testing.T, what string, first, again answer) {
	t.Helper()
	if first.status != again.status || first.body != again.body {
		t.Errorf("%s: first %d %s\nagain %d %s", what, first.status, first.body, again.status, again.body)
	}
	for _, name := range []string{"Location", "ETag", "Last-Modified", "Content-Type"} {
		if first.header.Get(name) != again.header.Get(name) {
			t.Errorf("%s: %s was %q and is %q", what, name, first.header.Get(name), again.header.Get(name))
		}
	}
}

// Whatever changes something can be sent again under its key: it is done once and answered alike, whatever happened since.
func TestAKeyIsOneWrite(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.put(t, "Patient/p1", patientOf("p1", ""))
		w.put(t, "Patient/gone", patientOf("gone", ""))
		w.put(t, "Patient/found", patientOf("found", `,"identifier":[{"system":"urn:x","value":"7781"}]`))
		bundle := func(kind string) string {
			return compact(`{'resourceType':'Bundle','type':'` + kind + `','entry':[{'resource':` + patient + `,'request':{'method':'POST','url':'Patient'}},` +
				`{'resource':` + patientOf("p1", `,"active":true`) + `,'request':{'method':'PUT','url':'Patient/p1'}},{'request':{'method':'GET','url':'Patient/found'}}]}`)
		}
		for name, r := range map[string]struct{ method, path, body, other string }{
			"create":             {"POST", "Patient", patient, strings.Replace(patient, "Canary", "Other", 1)},
			"update":             {"PUT", "Patient/p1", patientOf("p1", `,"gender":"female"`), patientOf("p1", `,"gender":"male"`)},
			"update to create":   {"PUT", "Patient/new", patientOf("new", ""), patientOf("new", `,"gender":"male"`)},
			"conditional update": {"PUT", "Patient?identifier=urn:x|7781", patientOf("found", `,"gender":"female","identifier":[{"system":"urn:x","value":"7781"}]`), patientOf("found", "")},
			"draft claim":        {"POST", "Claim", draftClaim, strings.Replace(draftClaim, "99214", "93000", 1)},
			"transaction":        {"POST", "", bundle("transaction"), bundle("batch")},
			"batch":              {"POST", "", bundle("batch"), bundle("transaction")},
			"settings":           {"POST", "$settings", compact(`{'resourceType':'Parameters','parameter':[{'name':'dueDays','valueUnsignedInt':14}]}`), compact(`{'resourceType':'Parameters','parameter':[{'name':'dueDays','valueUnsignedInt':15}]}`)},
		} {
			header := key + strings.ReplaceAll(name, " ", "-")
			first := w.do(t, admin, r.method, r.path, r.body, header)
			if first.status >= 300 {
				t.Errorf("%s: %d %s", name, first.status, first.body)
				continue
			}
			w.put(t, "Patient/p1", patientOf("p1", `,"active":false`))
			before := w.documents(t, tenant)
			same(t, name, first, w.do(t, admin, r.method, r.path, r.body, header))
			w.do(t, admin, r.method, r.path, r.other, header).expect(t, 422)
			if after := w.documents(t, tenant); after != before {
				t.Errorf("%s again made %d documents", name, after-before)
			}
			if a := w.do(t, who{role: admin.role, tenant: "another"}, r.method, r.path, r.body, header); a.status == 422 {
				t.Errorf("%s: a key of somebody else counts: %s", name, a.body)
			}
		}
		first := w.do(t, admin, "DELETE", "Patient/gone", "", key+"delete").expect(t, 204)
		w.put(t, "Patient/gone", patientOf("gone", ""))
		same(t, "delete", first, w.do(t, admin, "DELETE", "Patient/gone", "", key+"delete"))
		w.do(t, admin, "GET", "Patient/gone", "").expect(t, 200)
		w.do(t, admin, "DELETE", "Patient/p1", "", key+"delete").expect(t, 422)
		w.do(t, admin, "POST", "Patient", patient, key+strings.Repeat("k", 256)).expect(t, 400)
	})
}

// What is refused is not remembered: the same key is free for the corrected request.
func TestARefusalTakesNoKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.do(t, admin, "POST", "Patient", strings.Replace(patient, "name", "wombat", 1), key+"k").expect(t, 400)
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", ""), key+"k", `If-Match: W/"7"`).expect(t, 412)
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", ""), key+"k").expect(t, 201)
	})
}

// A batch that was cut short is sent again: what was done is answered, what failed is tried anew.
func TestABatchIsKeyedByEntry(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		batch := compact(`{'resourceType':'Bundle','type':'batch','entry':[{'resource':` + patient + `,'request':{'method':'POST','url':'Patient'}},` +
			`{'resource':` + patientOf("p1", `,"active":true`) + `,'request':{'method':'PUT','url':'Patient/p1','ifMatch':'W/\"1\"'}}]}`)
		first := w.do(t, admin, "POST", "", batch, key+"k").expect(t, 200)
		if entry := first.node(t).Get("entry"); !entry.At(0).In("response", "status").Is("201 Created") || !entry.At(1).In("response", "status").Is("412 Precondition Failed") {
			t.Fatal(first.body)
		}
		w.put(t, "Patient/p1", patientOf("p1", ""))
		again := w.do(t, admin, "POST", "", batch, key+"k").expect(t, 200)
		was, is := first.node(t).Get("entry"), again.node(t).Get("entry")
		if !is.At(1).In("response", "status").Is("200 OK") || was.At(0).In("response", "location").Text() != is.At(0).In("response", "location").Text() {
			t.Errorf("first %s\nagain %s", first.body, again.body)
		}
	})
}

// Of many at the same time one writes; the others get its answer, or are told that it is under way.
func TestAKeyInUseIsOneWrite(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wait sync.WaitGroup
		answers := make([]answer, 16)
		for i := range answers {
			wait.Go(func() { answers[i] = w.do(t, admin, "POST", "Patient", patient, key+"k") })
		}
		wait.Wait()
		made := 0
		for _, a := range answers {
			if a.status == http.StatusCreated {
				made++
			} else if a.status != http.StatusConflict || !strings.Contains(a.body, "idempotency.underway") {
				t.Errorf("%d %s", a.status, a.body)
			}
		}
		if n := w.documents(t, tenant); n != 1 || made == 0 {
			t.Errorf("%d documents, %d answers", n, made)
		}
	})
}

// A dry run is checked and answered like the write, and nothing is kept of it but that somebody read.
func TestADryRunKeepsNothing(t *testing.T) {
	const dry = "Medbill-Dry-Run: true"
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.put(t, "Patient/p1", patientOf("p1", ""))
		w.do(t, admin, "GET", "Patient/p1", "").expect(t, 200)
		before := w.documents(t, tenant)
		for name, r := range map[string]struct {
			method, path, body string
			want               int
			holds              string
		}{
			"create":             {"POST", "Patient", patient, 200, `"versionId":"1"`},
			"a broken create":    {"POST", "Patient", strings.Replace(patient, "name", "wombat", 1), 400, "wombat"},
			"update":             {"PUT", "Patient/p1", patientOf("p1", `,"active":true`), 200, `"versionId":"2"`},
			"conditional update": {"PUT", "Patient?_id=p1", patientOf("p1", `,"active":true`), 200, `"versionId":"2"`},
			"delete":             {"DELETE", "Patient/p1", "", 204, ""},
			"draft claim":        {"POST", "Claim", draftClaim, 200, `"resourceType":"Claim"`},
			"visit":              {"PUT", "Encounter/dry", encounterOf("dry", "ann", ""), 200, `"resourceType":"Encounter"`},
			"transaction":        {"POST", "", compact(`{'resourceType':'Bundle','type':'transaction','entry':[{'resource':` + patient + `,'request':{'method':'POST','url':'Patient'}},{'request':{'method':'GET','url':'Patient/p1'}}]}`), 200, `"versionId":"1"`},
			"batch":              {"POST", "", compact(`{'resourceType':'Bundle','type':'batch','entry':[{'resource':` + patient + `,'request':{'method':'POST','url':'Patient'}}]}`), 200, `"versionId":"1"`},
			"settings":           {"POST", "$settings", compact(`{'resourceType':'Parameters','parameter':[{'name':'dueDays','valueUnsignedInt':14}]}`), 200, `"valueUnsignedInt":14`},
		} {
			for range 2 { // a key is not taken either
				a := w.do(t, admin, r.method, r.path, r.body, dry, key+"k")
				if a.status != r.want || !strings.Contains(a.body, r.holds) && r.want != 400 || a.status < 300 && a.header.Get("Medbill-Dry-Run") != "true" || a.header.Get("Location") != "" {
					t.Errorf("%s: %d %v %s", name, a.status, a.header, a.body)
				}
			}
		}
		w.do(t, admin, "PUT", "Patient/p1", patientOf("p1", ""), "Medbill-Dry-Run: perhaps").expect(t, 400)
		w.idle(t)
		if after := w.documents(t, tenant); after != before {
			t.Errorf("dry runs stored %d documents", after-before)
		}
		if a := w.do(t, admin, "GET", "$settings", ""); strings.Contains(a.body, `"valueUnsignedInt":14`) {
			t.Error(a.body)
		}
		if a := w.do(t, admin, "GET", "Patient/p1", ""); a.header.Get("ETag") != `W/"1"` {
			t.Error(a.body)
		}
	})
}
