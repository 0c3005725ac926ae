package api_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/api"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/store/storetest"
)

func TestOnlyGoodTokensGetIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", ""))
		before := w.documents(t, tenant)
		now := clock.System().Now()
		foreign, err := auth.CreateDevKeys(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		claims := auth.Claims{Tenant: tenant, Subject: "s", Scope: "system/*.cruds", Issued: now.Add(-2 * time.Hour), Expires: now.Add(time.Hour)}
		expired := claims
		expired.Expires = now.Add(-time.Hour)
		sign := func(keys auth.DevKeys, c auth.Claims) string {
			token, err := keys.Sign(c)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		good := sign(w.keys, claims)
		parts := strings.Split(good, ".")
		public, err := os.ReadFile(w.keys.JWKS)
		if err != nil {
			t.Fatal(err)
		}
		hs256 := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + parts[1]
		mac := hmac.New(sha256.New, public)
		mac.Write([]byte(hs256))
		for name, authorization := range map[string]string{
			"none at all":              "",
			"basic":                    "Basic eDp5",
			"not a token":              "Bearer wombat",
			"expired":                  "Bearer " + sign(w.keys, expired),
			"of another issuer's keys": "Bearer " + sign(foreign, claims),
			"unsigned":                 "Bearer " + parts[0] + "." + parts[1] + ".",
			"alg none":                 "Bearer " + base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
			"HS256 by the public key":  "Bearer " + hs256 + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)),
			"tampered":                 "Bearer " + parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"tenant":"other"}`)) + "." + parts[2],
			"far too long":             "Bearer " + strings.Repeat("x", 20<<10),
		} {
			for _, request := range [][2]string{{"GET", "Patient/p1"}, {"GET", "Patient"}, {"POST", "Patient"}, {"PUT", "Patient/p2"}, {"DELETE", "Patient/p1"}, {"POST", ""}, {"POST", "Claim/c/$submit"}, {"GET", "Patient/p1/_history"}} {
				body := ""
				if request[0] == "POST" || request[0] == "PUT" {
					body = patientOf("p2", "")
				}
				a := w.send(t, authorization, request[0], request[1], body)
				if a.expect(t, 401); !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") || a.code(t) != "login" {
					t.Errorf("%s: %v %s", name, a.header, a.body)
				}
			}
		}
		if w.documents(t, tenant) != before {
			t.Error("a request without a good token changed something")
		}
		w.send(t, "bearer "+good, "GET", "Patient/p1", "").expect(t, 200)
	})
}

func TestScopesAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", ""))
		before := w.documents(t, tenant)
		coder := who{role: auth.RoleCoder}
		w.do(t, coder, "GET", "Patient/p1", "").expect(t, 200)
		for _, request := range [][2]string{{"POST", "Patient"}, {"PUT", "Patient/p1"}, {"PUT", "Patient/p2"}, {"DELETE", "Patient/p1"}, {"GET", "Coverage"}, {"GET", "Invoice/i"}, {"POST", "Claim/c/$submit"}, {"PUT", "Patient?_id=p1"}, {"DELETE", "Patient?_id=p1"}} {
			body := ""
			if request[0] == "PUT" || request[1] == "Patient" {
				body = patientOf("p2", "")
			}
			a := w.do(t, coder, request[0], request[1], body)
			if a.expect(t, 403); a.code(t) != "forbidden" || !strings.Contains(a.header.Get("WWW-Authenticate"), "insufficient_scope") {
				t.Errorf("%v: %s", request, a.body)
			}
		}
		a := w.do(t, coder, "POST", "", `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/p1"}},{"resource":`+patient+`,"request":{"method":"POST","url":"Patient"}},{"request":{"method":"GET","url":"Coverage"}}]}`).expect(t, 200)
		if got := statuses(t, a); !slices.Equal(got, []string{"200 OK", "403 Forbidden", "403 Forbidden"}) {
			t.Error(got)
		}
		if w.documents(t, tenant) != before {
			t.Error("a coder wrote something")
		}
	})
}

// statuses lists Bundle.entry.response.status.
func statuses(t *testing.T, a answer) []string {
	t.Helper()
	var list []string
	for entry := range a.node(t).Get("entry").Children() {
		list = append(list, entry.In("response", "status").Text())
	}
	return list
}

func TestTenantsNeverMeet(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := who{role: auth.RoleAdmin, tenant: "other"}
		w.do(t, other, "PUT", "Organization/theirs", `{"resourceType":"Organization","id":"theirs","name":"Theirs"}`).expect(t, 201)
		otherCount := w.documents(t, "other")
		practice(t, w)
		visit(t, w, "visit", "ann")
		claim := w.await(t, "Claim?encounter=Encounter/visit", 1)[0]
		w.idle(t)
		mine := w.documents(t, tenant)

		empty := []string{
			"Patient", "Patient?_id=ann", "Patient?identifier=urn:mrn|ann", "Patient?name=Canary", "Claim?patient=Patient/ann", "Task", "Encounter?_revinclude=Claim:encounter",
			"Organization?_id=acme", "Coverage?_include=Coverage:beneficiary", "Claim?_id=" + claim, "Organization?_id=acme&_revinclude=Coverage:payor",
		}
		for _, path := range empty {
			if a := w.do(t, other, "GET", path+sep(path)+"_total=accurate", "").expect(t, 200); a.node(t).Get("total").Text() != "0" || a.node(t).Get("entry").Exists() {
				t.Errorf("%s gives the other tenant %s", path, a.body)
			}
		}
		// Even a record of the same reference finds no includes on the other side.
		w.do(t, other, "PUT", "Coverage/cov2", `{"resourceType":"Coverage","id":"cov2","status":"active","beneficiary":{"reference":"Patient/ann"},"payor":[{"reference":"Organization/acme"}]}`).expect(t, 201)
		if found := w.do(t, other, "GET", "Coverage?_include=*&_revinclude=ExplanationOfBenefit:coverage", "").expect(t, 200).entries(t); !slices.Equal(found, []string{"Coverage/cov2"}) {
			t.Errorf("includes bring %v", found)
		}
		for _, path := range []string{"Patient/ann", "Patient/ann/_history/1", "Patient/ann/_history", "Claim/" + claim, "Encounter/visit", "Claim/" + claim + "/_history/1"} {
			w.do(t, other, "GET", path, "").expect(t, 404)
		}
		parameters := `{"resourceType":"Parameters","parameter":[{"name":"diagnosis","valueCode":"I10"},{"name":"charge","part":[{"name":"code","valueCoding":{"system":"` + cpt + `","code":"99214"}},{"name":"serviceDate","valueDate":"2026-03-02"}]}]}`
		w.do(t, other, "POST", "Encounter/visit/$code", parameters).expect(t, 404)
		w.do(t, other, "POST", "Claim/"+claim+"/$submit", "").expect(t, 404)
		w.do(t, other, "POST", "Claim/"+claim+"/$validate", "").expect(t, 404)
		w.do(t, other, "POST", "", bundle("transaction", `{'resource':{'resourceType':'Coverage','status':'active','beneficiary':{'reference':'Patient?identifier=urn:mrn|ann'},'payor':[{'display':'x'}]},'request':{'method':'POST','url':'Coverage'}}`)).expect(t, 412)
		a := w.do(t, other, "POST", "", bundle("batch", `{'request':{'method':'GET','url':'Patient/ann'}}`, `{'request':{'method':'GET','url':'Patient?_id=ann'}}`, `{'request':{'method':'DELETE','url':'Patient/ann'}}`)).expect(t, 200)
		if got := statuses(t, a); !slices.Equal(got, []string{"404 Not Found", "200 OK", "204 No Content"}) || strings.Contains(a.body, "Canary") {
			t.Errorf("%s", a.body)
		}
		w.do(t, other, "DELETE", "Patient/ann", "").expect(t, 204)
		w.do(t, other, "DELETE", "Patient?identifier=urn:mrn|ann", "").expect(t, 204)
		// The same id is another record over there.
		w.do(t, other, "PUT", "Patient/ann", patientOf("ann", `,"name":[{"family":"Other"}]`)).expect(t, 201)
		w.do(t, other, "POST", "Patient", patient, "If-None-Exist: identifier=urn:mrn|ann").expect(t, 201)
		// A page link of one tenant says nothing to another.
		next := w.do(t, admin, "GET", "ChargeItemDefinition?_count=1", "").expect(t, 200).link(t, "next")
		w.do(t, other, "GET", next, "").expect(t, 400)
		if w.documents(t, tenant) != mine || w.documents(t, "other") != otherCount+3 {
			t.Errorf("mine %d, want %d; theirs %d", w.documents(t, tenant), mine, w.documents(t, "other"))
		}
		if a := w.do(t, admin, "GET", "Patient/ann", "").expect(t, 200); !strings.Contains(a.body, "Canary") {
			t.Error(a.body)
		}
	})
}

func sep(path string) string {
	if strings.Contains(path, "?") {
		return "&"
	}
	return "?"
}

func TestAPatientSeesItsOwnCompartment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.put(t, "Patient/bob", patientOf("bob", `,"name":[{"family":"Other"}]`))
		w.put(t, "Coverage/covbob", `{"resourceType":"Coverage","id":"covbob","status":"active","beneficiary":{"reference":"Patient/bob"},"payor":[{"reference":"Organization/rival"}]}`)
		w.put(t, "Organization/rival", `{"resourceType":"Organization","id":"rival","name":"Rival"}`)
		ann := who{role: auth.RolePatient, patient: "ann"}
		for path, want := range map[string]int{
			"Patient/ann": 200, "Coverage/cov": 200, "Organization/acme": 200, "Patient/ann/_history": 200, "Patient/ann/_history/1": 200,
			"Patient/bob": 404, "Coverage/covbob": 404, "Organization/rival": 404, "Patient/bob/_history": 404, "Patient/bob/_history/1": 404, "ChargeItemDefinition/fee-99214": 404, "Patient/nobody": 404,
		} {
			w.do(t, ann, "GET", path, "").expect(t, want)
		}
		other, nobody := w.do(t, ann, "GET", "Patient/bob", ""), w.do(t, ann, "GET", "Patient/nobody", "")
		if other.body != nobody.body {
			t.Errorf("somebody else's record and no record differ:\n%s\n%s", other.body, nobody.body)
		}
		for path, want := range map[string][]string{
			"Patient": {"Patient/ann"}, "Coverage?_include=*": {"Coverage/cov", "Organization/acme include", "Patient/ann include"}, "Coverage?beneficiary=Patient/bob": nil,
			"Organization?_revinclude=Coverage:payor": {"Coverage/cov include", "Organization/acme"}, "ChargeItemDefinition": nil,
		} {
			a := w.do(t, ann, "GET", path+sep(path)+"_total=accurate", "").expect(t, 200)
			if got := sorted(a.entries(t)); !slices.Equal(got, sorted(want)) {
				t.Errorf("%s finds %v, want %v", path, got, want)
			}
			if matches := len(slices.DeleteFunc(slices.Clone(want), func(e string) bool { return strings.Contains(e, " ") })); a.node(t).Get("total").Text() != string(rune('0'+matches)) {
				t.Errorf("%s counts %s, want %d", path, a.node(t).Get("total").Text(), matches)
			}
		}
		for _, request := range [][2]string{{"PUT", "Patient/ann"}, {"DELETE", "Patient/ann"}, {"POST", "Patient"}} {
			w.do(t, ann, request[0], request[1], patientOf("ann", "")).expect(t, 403)
		}
		w.do(t, ann, "POST", "Claim/c/$submit", "").expect(t, 403)
	})
}

// insuredBob is another patient of the same payer.
func insuredBob(t *testing.T, w *world) {
	t.Helper()
	w.put(t, "Patient/bob", compact(`{'resourceType':'Patient','id':'bob','identifier':[{'system':'urn:mrn','value':'bob'}],'name':[{'family':'Canary','given':['Bob']}],'gender':'male','birthDate':'1971-01-01'}`))
	w.put(t, "Coverage/covbob", compact(`{'resourceType':'Coverage','id':'covbob','status':'active','subscriberId':'CANARY-7782','beneficiary':{'reference':'Patient/bob'},'payor':[{'reference':'Organization/acme'}]}`))
}

// draft is a claim that a front end writes; more goes into its item.
func draft(patient, coverage, more string) string {
	return compact(`{'resourceType':'Claim','status':'draft','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},'use':'claim','patient':{'reference':'Patient/` + patient + `'},'created':'2026-03-03','insurer':{'reference':'Organization/acme'},'provider':{'reference':'Organization/practice'},'priority':{'coding':[{'code':'normal'}]},'careTeam':[{'sequence':1,'provider':{'reference':'Practitioner/doc'}}],'diagnosis':[{'sequence':1,'diagnosisCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}],'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/` + coverage + `'}}],'item':[{'sequence':1,'productOrService':{'coding':[{'system':'` + cpt + `','code':'93000'}]},'servicedDate':'2026-03-02','locationCodeableConcept':{'coding':[{'code':'11'}]},'diagnosisSequence':[1],'net':{'value':60.00,'currency':'USD'}` + more + `}]}`)
}

// TestAPatientWritesOnlyItsOwn holds that a patient's token cannot touch somebody else's records, whatever becomes of the
// document: kept, external or booked.
func TestAPatientWritesOnlyItsOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		insuredBob(t, w)
		visit(t, w, "visit", "bob")
		visit(t, w, "mine", "ann")
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]
		w.await(t, "Claim?encounter=Encounter/mine&claim-state=ready", 1)
		w.idle(t)
		ann := who{role: auth.RolePatient, patient: "ann", scope: "patient/*.cruds"}
		charge := func(subject, context, more string) string {
			return compact(`{'resourceType':'ChargeItem','status':'billable','subject':` + subject + `,'context':{'reference':'` + context + `'},'occurrenceDateTime':'2026-03-02','code':{'coding':[{'system':'` + cpt + `','code':'93000'}]}` + more + `}`)
		}
		patient := func(id string) string { return `{'reference':'Patient/` + id + `'}` }
		before, versions := w.documents(t, tenant), w.do(t, admin, "GET", "Claim/"+claim, "").header.Get("ETag")
		for name, body := range map[string]string{
			"a charge of another on another's visit":         charge(patient("bob"), "Encounter/visit", ""),
			"a charge of its own on another's visit":         charge(patient("ann"), "Encounter/visit", ""),
			"the same under our own address":                 charge(patient("ann"), w.base+"/Encounter/visit", ""),
			"a charge of another by identifier":              charge(`{'identifier':{'system':'urn:mrn','value':'bob'}}`, "Encounter/mine", ""),
			"a charge of its own for another's procedure":    charge(patient("ann"), "Encounter/mine", `,'service':[{'reference':'Procedure/visit-pr1'}]`),
			"a draft claim for another":                      draft("bob", "covbob", ""),
			"a draft claim of its own on another's cover":    draft("ann", "covbob", ""),
			"a draft claim of its own for another's visit":   draft("ann", "cov", `,'encounter':[{'reference':'Encounter/visit'}]`),
			"a claim of elsewhere for another":               strings.Replace(draft("bob", "covbob", ""), `"draft"`, `"active"`, 1),
			"a condition of another":                         compact(`{'resourceType':'Condition','subject':` + patient("bob") + `}`),
			"a condition of its own at another's visit":      compact(`{'resourceType':'Condition','subject':` + patient("ann") + `,'encounter':{'reference':'Encounter/visit'}}`),
			"a cover of its own whose subscriber is another": compact(`{'resourceType':'Coverage','status':'active','beneficiary':` + patient("ann") + `,'subscriber':` + patient("bob") + `,'payor':[{'reference':'Organization/acme'}]}`),
			"a record of another in an extension":            compact(`{'resourceType':'Condition','subject':` + patient("ann") + `,'extension':[{'url':'http://example.org/x','valueReference':{'reference':'Coverage/covbob'}}]}`),
		} {
			typ := regexp.MustCompile(`"resourceType":"(\w+)"`).FindStringSubmatch(body)[1]
			if a := w.do(t, ann, "POST", typ, body); a.status != 403 {
				t.Errorf("%s: %d %.300s", name, a.status, a.body)
			}
			put := strings.Replace(body, `"resourceType"`, `"id":"x","resourceType"`, 1)
			if a := w.do(t, ann, "PUT", typ+"/x", put); a.status != 403 {
				t.Errorf("%s by PUT: %d %.300s", name, a.status, a.body)
			}
			for _, kind := range []string{"transaction", "batch"} {
				a := w.do(t, ann, "POST", "", `{"resourceType":"Bundle","type":"`+kind+`","entry":[{"resource":`+body+`,"request":{"method":"POST","url":"`+typ+`"}}]}`)
				if a.status != 403 && !slices.Equal(statuses(t, a), []string{"403 Forbidden"}) {
					t.Errorf("%s in a %s: %d %.300s", name, kind, a.status, a.body)
				}
			}
		}
		w.idle(t)
		if w.documents(t, tenant) != before || w.do(t, admin, "GET", "Claim/"+claim, "").header.Get("ETag") != versions {
			t.Error("a patient has changed something of another")
		}
		w.do(t, ann, "POST", "Condition", compact(`{'resourceType':'Condition','subject':`+patient("ann")+`,'encounter':{'reference':'Encounter/mine'},'recorder':{'reference':'Practitioner/doc'}}`)).expect(t, 201)
		w.do(t, ann, "POST", "ChargeItem", charge(patient("ann"), "Encounter/mine", "")).expect(t, 201)
	})
}

// TestBothLimitsOfATokenHold holds that a token of one payer for one patient sees what is in both, and that a payer writes
// nothing but answers, whatever its scopes say.
func TestBothLimitsOfATokenHold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		insuredBob(t, w)
		visit(t, w, "visit", "bob")
		visit(t, w, "mine", "ann")
		claims := map[string]string{}
		for _, id := range []string{"visit", "mine"} {
			claims[id] = w.await(t, "Claim?encounter=Encounter/"+id+"&claim-state=ready", 1)[0]
			w.do(t, admin, "POST", "Claim/"+claims[id]+"/$submit", "").expect(t, 200)
		}
		both := who{role: auth.RolePatient, patient: "ann", organization: "acme", scope: "patient/*.cruds operation/*"}
		for path, want := range map[string]int{
			"Claim/" + claims["mine"]: 200, "Claim/" + claims["visit"]: 404, "Patient/ann": 200, "Patient/bob": 404, "Coverage/covbob": 404,
			"Encounter/visit": 404, "Encounter/mine": 200, "Condition/mine-dx1": 404,
		} {
			if a := w.do(t, both, "GET", path, ""); a.status != want {
				t.Errorf("%s: %d, want %d", path, a.status, want)
			}
		}
		if found := w.do(t, both, "GET", "Claim", "").expect(t, 200).entries(t); !slices.Equal(found, []string{"Claim/" + claims["mine"]}) {
			t.Errorf("finds %v", found)
		}
		payer := who{role: auth.RolePayer, organization: "acme", scope: "system/*.cruds operation/*"}
		before := w.documents(t, tenant)
		for _, as := range []who{both, payer} {
			for _, request := range [][3]string{
				{"POST", "Condition", compact(`{'resourceType':'Condition','subject':{'reference':'Patient/ann'}}`)}, {"POST", "Claim", draft("ann", "cov", "")},
				{"PUT", "Patient/ann", patientOf("ann", "")}, {"PUT", "Organization/new", `{"resourceType":"Organization","id":"new","name":"x"}`}, {"DELETE", "Patient/ann", ""},
				{"POST", "Claim/" + claims["mine"] + "/$submit", ""}, {"POST", "$settings", `{"resourceType":"Parameters"}`},
			} {
				if a := w.do(t, as, request[0], request[1], request[2]); a.status != 403 {
					t.Errorf("%s %s: %d %.200s", request[0], request[1], a.status, a.body)
				}
			}
		}
		if w.documents(t, tenant) != before {
			t.Error("a payer wrote something")
		}
		nobody := who{role: auth.RoleAdmin, scope: "system/Claim.rs system/ClaimResponse.crs"}
		w.do(t, nobody, "GET", "Claim/"+claims["mine"], "").expect(t, 403)
		w.do(t, nobody, "POST", "ClaimResponse", payerAnswer(claims["mine"], "ICN-1")).expect(t, 403)
	})
}

func TestAPayerSeesTheClaimsSentToIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.put(t, "Patient/bob", patientOf("bob", ""))
		for _, id := range []string{"mother", "stranger"} {
			w.put(t, "RelatedPerson/"+id, `{"resourceType":"RelatedPerson","id":"`+id+`","patient":{"reference":"Patient/ann"}}`)
		}
		w.put(t, "Coverage/cov", compact(`{'resourceType':'Coverage','id':'cov','status':'active','subscriber':{'reference':'RelatedPerson/mother'},'subscriberId':'CANARY-7781','beneficiary':{'reference':'Patient/ann'},'payor':[{'reference':'Organization/acme'}]}`))
		visit(t, w, "visit", "ann")
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]
		acme, rival := who{role: auth.RolePayer, organization: "acme"}, who{role: auth.RolePayer, organization: "rival"}
		w.do(t, acme, "GET", "Claim/"+claim, "").expect(t, 404) // not sent yet
		if found := w.do(t, acme, "GET", "Claim?_include=*", "").expect(t, 200).entries(t); len(found) != 0 {
			t.Errorf("before it is sent the payer finds %v", found)
		}
		w.do(t, admin, "POST", "Claim/"+claim+"/$submit", "").expect(t, 200)
		w.do(t, acme, "GET", "Claim/"+claim, "").expect(t, 200)
		w.do(t, rival, "GET", "Claim/"+claim, "").expect(t, 404)
		if found := w.do(t, rival, "GET", "Claim?_include=*", "").expect(t, 200).entries(t); len(found) != 0 {
			t.Errorf("another payer finds %v", found)
		}
		found := w.do(t, acme, "GET", "Claim?_include=Claim:patient&_include=Claim:insurer&_include=Claim:encounter", "").expect(t, 200).entries(t)
		if want := []string{"Claim/" + claim, "Encounter/visit include", "Organization/acme include", "Patient/ann include"}; !slices.Equal(sorted(found), want) {
			t.Errorf("the payer finds %v, want %v", found, want)
		}
		w.do(t, acme, "GET", "Patient/ann", "").expect(t, 200)
		w.do(t, acme, "GET", "Patient/bob", "").expect(t, 404)
		w.do(t, acme, "GET", "RelatedPerson/mother", "").expect(t, 200)
		w.do(t, acme, "GET", "RelatedPerson/stranger", "").expect(t, 404)
		w.do(t, rival, "GET", "RelatedPerson/mother", "").expect(t, 404)
		w.do(t, acme, "PUT", "RelatedPerson/mother", `{"resourceType":"RelatedPerson","id":"mother","patient":{"reference":"Patient/bob"}}`).expect(t, 403)
		w.put(t, "Coverage/cov", compact(`{'resourceType':'Coverage','id':'cov','status':'active','subscriber':{'reference':'Patient/bob'},'subscriberId':'CANARY-7781','beneficiary':{'reference':'Patient/ann'},'payor':[{'reference':'Organization/acme'}]}`))
		w.do(t, acme, "GET", "Patient/bob", "").expect(t, 200)
		w.do(t, rival, "GET", "Patient/bob", "").expect(t, 404)
		for _, request := range [][2]string{{"GET", "Invoice"}, {"GET", "Account"}, {"GET", "Condition"}, {"PUT", "Patient/ann"}, {"POST", "Claim"}, {"POST", "Claim/" + claim + "/$submit"}} {
			body := ""
			if request[0] != "GET" && !strings.Contains(request[1], "$") {
				body = patientOf("ann", "")
			}
			w.do(t, acme, request[0], request[1], body).expect(t, 403)
		}
		w.do(t, rival, "POST", "ClaimResponse", payerAnswer(claim, "ICN-1")).expect(t, 422)
	})
}

func TestGraphQLAndThePlaygroundStandBehindTheirDoors(t *testing.T) {
	t.Parallel()
	var seen auth.Principal
	graphql := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		seen, _ = auth.From(r.Context())
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte(`{"data":{}}`))
	})
	playground := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("<html>")) })
	for _, dev := range []bool{true, false} {
		w := open(t, storetest.Open(t, storetest.URL(t, "sqlite")), func(c *api.Config) { c.GraphQL, c.Playground, c.Dev = graphql, playground, dev })
		w.send(t, "", "POST", w.root+"/graphql", "{}").expect(t, 401)
		if a := w.do(t, admin, "POST", w.root+"/graphql", "{}").expect(t, 200); a.body != `{"data":{}}` || seen.Tenant != tenant {
			t.Errorf("%s by %v", a.body, seen)
		}
		w.do(t, admin, "GET", w.root+"/graphql", "").expect(t, 405)
		want := map[bool]int{true: 200, false: 404}[dev]
		if a := w.send(t, "", "GET", w.root+"/playground", ""); a.status != want {
			t.Errorf("playground gives %d, want %d where dev is %v", a.status, want, dev)
		}
	}
}
