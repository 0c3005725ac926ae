package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/internal/records"
)

func bundle(kind string, entries ...string) string {
	return compact(`{'resourceType':'Bundle','type':'` + kind + `','entry':[` + strings.Join(entries, ",") + `]}`)
}

func TestTransactionAnswersEntryByEntry(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/old", patientOf("old", ""))
		body := bundle("transaction",
			`{'request':{'method':'GET','url':'Patient/old'}}`,
			`{'fullUrl':'urn:uuid:11111111-1111-4111-8111-111111111111','resource':{'resourceType':'Coverage','status':'active','beneficiary':{'reference':'urn:uuid:22222222-2222-4222-8222-222222222222'},'payor':[{'reference':'Organization/o1'}]},'request':{'method':'POST','url':'Coverage'}}`,
			`{'fullUrl':'urn:uuid:22222222-2222-4222-8222-222222222222','resource':{'resourceType':'Patient','name':[{'family':'Canary'}]},'request':{'method':'POST','url':'Patient'}}`,
			`{'resource':{'resourceType':'Organization','id':'o1','name':'Zzyzx'},'request':{'method':'PUT','url':'Organization/o1'}}`,
			`{'request':{'method':'DELETE','url':'Patient/gone'}}`,
			`{'request':{'method':'GET','url':'Patient?name=canary&_total=accurate'}}`,
		)
		a := w.do(t, admin, "POST", "", body).expect(t, 200)
		if got := statuses(t, a); !slices.Equal(got, []string{"200 OK", "201 Created", "201 Created", "201 Created", "204 No Content", "200 OK"}) {
			t.Fatalf("%v %s", got, a.body)
		}
		entries := slices.Collect(a.node(t).Get("entry").Children())
		if !entries[0].In("resource", "id").Is("old") || entries[1].Get("resource").Exists() || entries[5].In("resource", "total").Text() != "1" {
			t.Errorf("%s", a.body)
		}
		coverage := w.do(t, admin, "GET", entries[1].In("response", "location").Text(), "").expect(t, 200)
		if patient := entries[2].In("response", "location").Text(); !strings.HasPrefix(patient, coverage.node(t).In("beneficiary", "reference").Text()+"/_history/1") || entries[2].In("response", "etag").Text() != `W/"1"` || !entries[2].In("response", "lastModified").Exists() {
			t.Errorf("the coverage is %s, the patient at %s", coverage.body, patient)
		}
		again := bundle("transaction", `{'resource':{'resourceType':'Organization','id':'o1','name':'Zzyzx'},'request':{'method':'PUT','url':'Organization/o1'}}`)
		if a := w.do(t, admin, "POST", "", again, "Prefer: return=representation").expect(t, 200); a.node(t).In("entry", "response", "etag").Text() != `W/"1"` || !a.node(t).In("entry", "resource", "name").Is("Zzyzx") {
			t.Error(a.body)
		}
		if a := w.do(t, admin, "POST", "", again, "Prefer: return=OperationOutcome").expect(t, 200); !a.node(t).In("entry", "response", "outcome", "resourceType").Is("OperationOutcome") {
			t.Error(a.body)
		}
		for _, empty := range []string{`{"resourceType":"Bundle","type":"transaction"}`, `{"resourceType":"Bundle","type":"batch"}`} {
			if a := w.do(t, admin, "POST", w.base+"/", empty).expect(t, 200); a.node(t).Get("entry").Exists() {
				t.Error(a.body)
			}
		}
	})
}

func TestARefusedTransactionStoresNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", ""))
		w.put(t, "Patient/twin1", patientOf("twin1", `,"identifier":[{"system":"urn:mrn","value":"twin"}]`))
		w.put(t, "Patient/twin2", patientOf("twin2", `,"identifier":[{"system":"urn:mrn","value":"twin"}]`))
		before := w.documents(t, tenant)
		good := `{'resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Patient'}}`
		for _, row := range []struct {
			name, entry string
			want        int
			path        string
		}{
			{"a broken resource", `{'resource':{'resourceType':'Patient','gender':'wombat'},'request':{'method':'POST','url':'Patient'}}`, 400, "Bundle.entry[1].resource.gender"},
			{"no request", `{'resource':{'resourceType':'Patient'}}`, 400, "Bundle.entry[1].request"},
			{"PUT without a resource", `{'request':{'method':'PUT','url':'Patient/p9'}}`, 400, "Bundle.entry[1].resource"},
			{"an unknown method", `{'request':{'method':'BREW','url':'Patient/p9'}}`, 400, "Bundle.entry[1].request.method"},
			{"PATCH", `{'resource':{'resourceType':'Patient'},'request':{'method':'PATCH','url':'Patient/p1'}}`, 405, "Bundle.entry[1].request.method"},
			{"another type than the address", `{'resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Coverage'}}`, 400, "Bundle.entry[1].resource.resourceType"},
			{"an unserved type", `{'request':{'method':'GET','url':'Wombat/1'}}`, 400, "Bundle.entry[1].request.url"},
			{"a stale version", `{'resource':{'resourceType':'Patient','id':'p1'},'request':{'method':'PUT','url':'Patient/p1','ifMatch':'W/\"7\"'}}`, 412, "Bundle.entry[1]"},
			{"the same record twice", `{'resource':{'resourceType':'Patient','id':'p1'},'request':{'method':'PUT','url':'Patient/p1'}},{'request':{'method':'DELETE','url':'Patient/p1'}}`, 400, ""},
			{"the same record by two conditions", `{'resource':{'resourceType':'Patient'},'request':{'method':'PUT','url':'Patient?_id=p1'}},{'resource':{'resourceType':'Patient'},'request':{'method':'PUT','url':'Patient?_id=p1&_lastUpdated=gt2000'}}`, 400, "Bundle.entry[2].request.url"},
			{"a condition that finds two", `{'resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Patient','ifNoneExist':'identifier=urn:mrn|twin'}}`, 412, "Bundle.entry[1]"},
			{"a conditional reference that finds none", `{'resource':{'resourceType':'Coverage','status':'active','beneficiary':{'reference':'Patient?identifier=urn:mrn|nobody'},'payor':[{'display':'x'}]},'request':{'method':'POST','url':'Coverage'}}`, 412, "Bundle.entry[1].resource.beneficiary.reference"},
			{"a read that finds nothing", `{'request':{'method':'GET','url':'Patient/nobody'}}`, 404, "Bundle.entry[1]"},
			{"a type that billing makes", `{'resource':{'resourceType':'Task','id':'t1','status':'requested','intent':'order'},'request':{'method':'PUT','url':'Task/t1'}}`, 405, "Bundle.entry[1]"},
		} {
			a := w.do(t, admin, "POST", "", bundle("transaction", good, row.entry))
			if a.status != row.want {
				t.Errorf("%s: %d %s, want %d", row.name, a.status, a.body, row.want)
				continue
			}
			if a.expect(t, row.want); row.path != "" && !a.node(t).In("issue", "expression").At(0).Is(row.path) {
				t.Errorf("%s: %s, want it at %s", row.name, a.body, row.path)
			}
			if after := w.documents(t, tenant); after != before {
				t.Fatalf("%s: %d documents were stored", row.name, after-before)
			}
		}
		for _, kind := range []string{"collection", "history", "wombat", ""} {
			w.do(t, admin, "POST", "", bundle(kind, good)).expect(t, 400)
		}
		w.do(t, admin, "POST", "", patient).expect(t, 400)
		if w.documents(t, tenant) != before {
			t.Error("a Bundle of another type stored something")
		}
	})
}

func TestLinksFollowWhatAConditionFinds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", `,"identifier":[{"system":"urn:mrn","value":"1"}]`))
		coverage := `{'resource':{'resourceType':'Coverage','status':'active','beneficiary':{'reference':'%s'},'payor':[{'reference':'%s'}]},'request':{'method':'POST','url':'Coverage'}}`
		const urn = "urn:uuid:22222222-2222-4222-8222-222222222222"
		a := w.do(t, admin, "POST", "", bundle("transaction",
			fmt.Sprintf(coverage, urn, "Patient?identifier=urn:mrn|1"),
			`{'fullUrl':'`+urn+`','resource':{'resourceType':'Patient','active':true},'request':{'method':'POST','url':'Patient','ifNoneExist':'identifier=urn:mrn|1'}}`,
		), "Prefer: return=representation").expect(t, 200)
		entries := slices.Collect(a.node(t).Get("entry").Children())
		if got := statuses(t, a); !slices.Equal(got, []string{"201 Created", "200 OK"}) || !entries[0].In("resource", "beneficiary", "reference").Is("Patient/p1") || !entries[0].In("resource", "payor", "reference").Is("Patient/p1") {
			t.Errorf("%s", a.body)
		}
		if w.documents(t, tenant) != 2 {
			t.Error("the condition made another patient")
		}
	})
}

func TestIncludesAreNeverCutInSilence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Organization/acme", `{"resourceType":"Organization","id":"acme","name":"ACME PPO"}`)
		entries := make([]string, records.IncludesMax+1)
		for i := range entries {
			entries[i] = `{'resource':{'resourceType':'Coverage','status':'active','beneficiary':{'reference':'Patient/p1'},'payor':[{'reference':'Organization/acme'}]},'request':{'method':'POST','url':'Coverage'}}`
		}
		w.do(t, admin, "POST", "", bundle("transaction", entries...)).expect(t, 200)
		a := w.do(t, admin, "GET", "Organization?_revinclude=Coverage:payor", "").expect(t, 200)
		list := a.entries(t)
		if last := list[len(list)-1]; len(list) != 1+records.IncludesMax+1 || last != "OperationOutcome/ outcome" {
			t.Errorf("%d entries, the last is %s", len(list), last)
		}
		w.do(t, admin, "DELETE", "Coverage/"+strings.TrimSuffix(strings.TrimPrefix(list[1], "Coverage/"), " include"), "").expect(t, 204)
		if list := w.do(t, admin, "GET", "Organization?_revinclude=Coverage:payor", "").expect(t, 200).entries(t); len(list) != 1+records.IncludesMax {
			t.Errorf("%d entries", len(list))
		}
	})
}

func TestABatchStandsEntryByEntry(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.do(t, admin, "POST", "", bundle("batch",
			`{'resource':{'resourceType':'Patient','id':'p1'},'request':{'method':'PUT','url':'Patient/p1'}}`,
			`{'resource':{'resourceType':'Patient','gender':'wombat'},'request':{'method':'POST','url':'Patient'}}`,
			`{'request':{'method':'GET','url':'Patient/nobody'}}`,
			`{'resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Patient','ifNoneExist':'_id=p1'}}`,
			`{'request':{'method':'DELETE','url':'Patient/nobody'}}`,
			`{'resource':{'resourceType':'Task','id':'t1','status':'requested','intent':'order'},'request':{'method':'PUT','url':'Task/t1'}}`,
			`{'resource':{'resourceType':'Patient','id':'p1'},'request':{'method':'PUT','url':'Patient/p1','ifMatch':'W/\"9\"'}}`,
			`{'request':{'method':'GET','url':'Patient?_id=p1'}}`,
		)).expect(t, 200)
		want := []string{"201 Created", "400 Bad Request", "404 Not Found", "200 OK", "204 No Content", "405 Method Not Allowed", "412 Precondition Failed", "200 OK"}
		if got := statuses(t, a); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for i, entry := range slices.Collect(a.node(t).Get("entry").Children()) {
			if refused := want[i] >= "400"; refused != entry.In("response", "outcome", "resourceType").Is("OperationOutcome") {
				t.Errorf("entry %d: %s", i, entry.Raw())
			}
		}
		if n := w.documents(t, tenant); n != 1 {
			t.Errorf("%d documents are stored, want one", n)
		}
	})
}

func TestABundleMayHaveFiveThousandEntries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		entries := make([]string, 0, fhir.BundleEntriesMax+1)
		for i := range fhir.BundleEntriesMax + 1 {
			entries = append(entries, fmt.Sprintf(`{'request':{'method':'DELETE','url':'Patient/p%d'}}`, i))
		}
		w.do(t, admin, "POST", "", bundle("transaction", entries...)).expect(t, 413)
		w.do(t, admin, "POST", "", bundle("batch", entries...)).expect(t, 413)
	})
}
