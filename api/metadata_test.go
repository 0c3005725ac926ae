package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"medbill/api"
	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/fhir/validate"
	"medbill/internal/build"
	"medbill/internal/store/storetest"
	"medbill/models/operation"
)

// samples has one document per type that clients may write, with no more than R4 demands. A type without its line here
// fails TestEveryClaimedInteractionWorks.
var samples = map[string]string{
	"Account":                     `'status':'active','type':{'text':'x'},'subject':[{'reference':'Patient/x'}]`,
	"AllergyIntolerance":          `'patient':{'reference':'Patient/x'}`,
	"Appointment":                 `'status':'booked','participant':[{'status':'accepted'}]`,
	"CarePlan":                    `'status':'active','intent':'plan','subject':{'reference':'Patient/x'}`,
	"CareTeam":                    ``,
	"ChargeItem":                  `'status':'billed','code':{'text':'x'},'subject':{'reference':'Patient/x'}`,
	"ChargeItemDefinition":        `'url':'http://example.org/x','status':'draft'`,
	"Claim":                       `'status':'active','type':{'text':'x'},'use':'claim','patient':{'reference':'Patient/x'},'created':'2026-03-02','provider':{'reference':'Organization/x'},'priority':{'text':'x'},'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/x'}}]`,
	"ClaimResponse":               `'status':'active','type':{'text':'x'},'use':'claim','patient':{'reference':'Patient/x'},'created':'2026-03-02','insurer':{'reference':'Organization/x'},'outcome':'complete'`,
	"Communication":               `'status':'completed'`,
	"Condition":                   `'subject':{'reference':'Patient/x'}`,
	"Contract":                    ``,
	"Coverage":                    `'status':'active','beneficiary':{'reference':'Patient/x'},'payor':[{'reference':'Organization/x'}]`,
	"CoverageEligibilityRequest":  `'status':'active','purpose':['benefits'],'patient':{'reference':'Patient/x'},'created':'2026-03-02','insurer':{'reference':'Organization/x'}`,
	"CoverageEligibilityResponse": `'status':'active','purpose':['benefits'],'patient':{'reference':'Patient/x'},'created':'2026-03-02','request':{'reference':'CoverageEligibilityRequest/x'},'outcome':'complete','insurer':{'reference':'Organization/x'}`,
	"Device":                      ``,
	"DiagnosticReport":            `'status':'final','code':{'text':'x'}`,
	"DocumentReference":           `'status':'current','content':[{'attachment':{'title':'x'}}]`,
	"Encounter":                   `'status':'planned','class':{'code':'AMB'}`,
	"EpisodeOfCare":               `'status':'active','patient':{'reference':'Patient/x'}`,
	"ExplanationOfBenefit":        `'status':'active','type':{'text':'x'},'use':'claim','patient':{'reference':'Patient/x'},'created':'2026-03-02','insurer':{'reference':'Organization/x'},'provider':{'reference':'Organization/x'},'outcome':'complete','insurance':[{'focal':true,'coverage':{'reference':'Coverage/x'}}]`,
	"Goal":                        `'lifecycleStatus':'active','description':{'text':'x'},'subject':{'reference':'Patient/x'}`,
	"HealthcareService":           ``,
	"ImagingStudy":                `'status':'available','subject':{'reference':'Patient/x'}`,
	"Immunization":                `'status':'completed','vaccineCode':{'text':'x'},'patient':{'reference':'Patient/x'},'occurrenceDateTime':'2026-03-02'`,
	"InsurancePlan":               `'name':'x'`,
	"Invoice":                     `'status':'issued'`,
	"Location":                    ``,
	"Media":                       `'status':'completed','content':{'title':'x'}`,
	"Medication":                  ``,
	"MedicationAdministration":    `'status':'completed','medicationCodeableConcept':{'text':'x'},'subject':{'reference':'Patient/x'},'effectiveDateTime':'2026-03-02'`,
	"MedicationRequest":           `'status':'active','intent':'order','medicationCodeableConcept':{'text':'x'},'subject':{'reference':'Patient/x'}`,
	"MedicationStatement":         `'status':'active','medicationCodeableConcept':{'text':'x'},'subject':{'reference':'Patient/x'}`,
	"Observation":                 `'status':'final','code':{'text':'x'}`,
	"Organization":                `'name':'x'`,
	"Patient":                     ``,
	"PaymentReconciliation":       `'status':'active','created':'2026-03-02','paymentDate':'2026-03-02','paymentAmount':{'value':1.00,'currency':'USD'}`,
	"Practitioner":                ``,
	"PractitionerRole":            ``,
	"Procedure":                   `'status':'completed','subject':{'reference':'Patient/x'}`,
	"Provenance":                  `'target':[{'reference':'Patient/x'}],'recorded':'2026-03-02T00:00:00Z','agent':[{'who':{'reference':'Practitioner/x'}}]`,
	"RelatedPerson":               `'patient':{'reference':'Patient/x'}`,
	"ServiceRequest":              `'status':'active','intent':'order','subject':{'reference':'Patient/x'}`,
	"Specimen":                    ``,
	"SupplyDelivery":              ``,
}

func sample(typ, id string) string {
	text := `{'resourceType':'` + typ + `'`
	if id != "" {
		text += `,'id':'` + id + `'`
	}
	if samples[typ] != "" {
		text += "," + samples[typ]
	}
	return compact(text + "}")
}

// values are what a parameter of each kind is asked for.
var values = map[string]string{
	"token": "http://example.org/s|x", "string": "x", "date": "ge2020-01-01", "reference": "Patient/x", "number": "1", "quantity": "5.4", "uri": "http://example.org/x",
}

// offeredScopes are what smart-configuration offers: nothing that no operation has.
var offeredScopes = []string{"patient/*.rs", "user/*.cruds", "system/*.cruds", "operation/code", "operation/submit", "operation/validate", "operation/pay", "operation/adjust", "operation/refund", "operation/statements", "operation/retry", "operation/work", "operation/settings", "operation/fees", "operation/payers", "operation/contracts", "operation/openings", "operation/deposits", "operation/try-rules", "operation/rules", "operation/codes", "operation/reports"}

func TestMetadataIsOpenAndHasATag(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.send(t, "", "GET", "metadata", "").expect(t, 200)
		d, err := fhir.Parse([]byte(a.body))
		if err != nil {
			t.Fatal(err)
		}
		for _, issue := range validate.Resource(d) {
			t.Errorf("%s at %s: %s", issue.Code, issue.Path, issue.Text)
		}
		if !d.Root().Get("fhirVersion").Is("4.0.1") || !d.Root().In("implementation", "url").Is(w.base) || !d.Root().In("software", "version").Is(build.Version()) || a.header.Get("Content-Type") != "application/fhir+json" {
			t.Errorf("%.300s", a.body)
		}
		w.send(t, "", "GET", "metadata", "", "If-None-Match: "+a.header.Get("ETag")).expect(t, 304)
		w.send(t, "", "HEAD", "metadata", "").expect(t, 200)
		w.send(t, "", "GET", "metadata", "", "Accept: application/fhir+xml").expect(t, 406)
		for _, path := range []string{w.root, w.base} {
			a := w.send(t, "", "GET", path+"/.well-known/smart-configuration", "").expect(t, 200)
			var configuration struct {
				Issuer       string   `json:"issuer"`
				Capabilities []string `json:"capabilities"`
				Scopes       []string `json:"scopes_supported"`
			}
			if err := json.Unmarshal([]byte(a.body), &configuration); err != nil {
				t.Fatal(err)
			}
			if configuration.Issuer != w.keys.Issuer || a.header.Get("Content-Type") != "application/json" || !slices.Contains(configuration.Capabilities, "permission-v2") || !slices.Equal(configuration.Scopes, offeredScopes) {
				t.Errorf("%s: %s", path, a.body)
			}
		}
	})
}

func TestTheIssuersAddressesArePublishedWhereKnown(t *testing.T) {
	t.Parallel()
	w := open(t, storetest.Open(t, storetest.URL(t, "sqlite")), func(c *api.Config) {
		c.AuthorizeURL, c.TokenURL = "https://issuer.example.org/authorize", "https://issuer.example.org/token"
	})
	security := w.send(t, "", "GET", "metadata", "").expect(t, 200).node(t).In("rest", "security")
	if got := string(security.Get("extension").Raw()); !strings.Contains(got, `{"url":"token","valueUri":"https://issuer.example.org/token"}`) || !strings.Contains(got, "oauth-uris") {
		t.Errorf("security says %s", security.Raw())
	}
	if a := w.send(t, "", "GET", w.root+"/.well-known/smart-configuration", ""); !strings.Contains(a.body, `"token_endpoint":"https://issuer.example.org/token"`) {
		t.Error(a.body)
	}
}

func TestEveryClaimedSearchParameterWorks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/x", sample("Patient", "x"))
		rest := w.send(t, "", "GET", "metadata", "").expect(t, 200).node(t).Get("rest").At(0)
		types, params := 0, 0
		for resource := range rest.Get("resource").Children() {
			typ := resource.Get("type").Text()
			if _, served := fhir.TypeOf(typ); !served {
				continue
			}
			types++
			claimed := 0
			for p := range resource.Get("searchParam").Children() {
				claimed++
				name, value := p.Get("name").Text(), values[p.Get("type").Text()]
				if name == "_id" {
					value = "x"
				}
				if value == "" {
					t.Fatalf("%s of %s has no value to try", p.Raw(), typ)
				}
				w.do(t, admin, "GET", typ+"?"+search.Encode([]search.Pair{{Name: name, Value: value}}), "").expect(t, 200)
			}
			if claimed != len(search.Params(typ)) {
				t.Errorf("%s claims %d parameters and has %d", typ, claimed, len(search.Params(typ)))
			}
			params += claimed
			for _, list := range []string{"_include", "_revinclude"} {
				for value := range resource.Get(map[string]string{"_include": "searchInclude", "_revinclude": "searchRevInclude"}[list]).Children() {
					w.do(t, admin, "GET", typ+"?_count=1&"+search.Encode([]search.Pair{{Name: list, Value: value.Text()}}), "").expect(t, 200)
				}
			}
		}
		if types != len(fhir.Types()) || params == 0 {
			t.Errorf("%d types of %d are claimed", types, len(fhir.Types()))
		}
	})
}

func TestEveryClaimedInteractionWorks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rest := w.send(t, "", "GET", "metadata", "").expect(t, 200).node(t).Get("rest").At(0)
		for resource := range rest.Get("resource").Children() {
			typ := resource.Get("type").Text()
			if _, served := fhir.TypeOf(typ); served {
				drive(t, w, typ, resource)
			}
		}
		var system []string
		for i := range rest.Get("interaction").Children() {
			system = append(system, i.Get("code").Text())
			w.do(t, admin, "POST", "", `{"resourceType":"Bundle","type":"`+i.Get("code").Text()+`"}`).expect(t, 200)
		}
		if !slices.Equal(system, []string{"transaction", "batch"}) {
			t.Errorf("the system offers %v", system)
		}
	})
}

// drive does with one type all that is claimed, and sees that what is not claimed is refused.
func drive(t *testing.T, w *world, typ string, claim fhir.Node) {
	t.Helper()
	claimed := map[string]bool{}
	for i := range claim.Get("interaction").Children() {
		claimed[i.Get("code").Text()] = true
	}
	all := []string{"read", "vread", "history-instance", "search-type", "create", "update", "delete"}
	want := 7
	if !claimed["update"] {
		want = 4
		methods := []string{"POST", "PUT", "DELETE"}
		if claimed["create"] {
			want, methods = 5, methods[1:]
		}
		for _, method := range methods {
			path := typ + "/x"
			if method == "POST" {
				path = typ
			}
			w.do(t, admin, method, path, sample(typ, "x")).expect(t, 405)
		}
	}
	if len(claimed) != want || slices.ContainsFunc(all[:want], func(code string) bool { return !claimed[code] }) {
		t.Fatalf("%s claims %v", typ, claimed)
	}
	w.do(t, admin, "GET", typ+"?_id=x", "").expect(t, 200)
	for _, path := range []string{"/x", "/x/_history/1", "/x/_history"} {
		if a := w.do(t, admin, "GET", typ+path, "").expect(t, 404); a.code(t) != "not-found" {
			t.Errorf("%s%s: %s", typ, path, a.body)
		}
	}
	if !claimed["update"] {
		return
	}
	if _, found := samples[typ]; !found {
		t.Fatalf("%s has no line in samples", typ)
	}
	if claim.Get("updateCreate").Text() != "true" || claim.Get("conditionalCreate").Text() != "true" || claim.Get("conditionalUpdate").Text() != "true" || !claim.Get("conditionalDelete").Is("single") {
		t.Errorf("%s claims %s", typ, claim.Raw())
	}
	made := w.do(t, admin, "PUT", typ+"/x", sample(typ, "x")).expect(t, 201)
	for _, path := range []string{"/x", "/x/_history/1"} {
		if a := w.do(t, admin, "GET", typ+path, "").expect(t, 200); a.body != made.body {
			t.Errorf("%s%s gives %s, want %s", typ, path, a.body, made.body)
		}
	}
	w.do(t, admin, "GET", typ+"/x", "", `If-None-Match: W/"1"`).expect(t, 304)
	w.do(t, admin, "POST", typ, sample(typ, ""), "If-None-Exist: _id=x").expect(t, 200)
	w.do(t, admin, "PUT", typ+"?_id=x", strings.Replace(sample(typ, "x"), `,"id":"x"`, `,"id":"x","language":"en"`, 1)).expect(t, 200)
	if n := w.do(t, admin, "GET", typ+"/x/_history", "").expect(t, 200).node(t).Get("entry").Len(); n != 2 {
		t.Errorf("%s has %d versions", typ, n)
	}
	other := w.do(t, admin, "POST", typ, sample(typ, "")).expect(t, 201).id(t)
	w.do(t, admin, "DELETE", typ+"?_id="+other, "").expect(t, 204)
	w.do(t, admin, "DELETE", typ+"/x", "").expect(t, 204)
	w.do(t, admin, "GET", typ+"/x", "").expect(t, 410)
}

func TestWhatIsOursIsDefined(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		read := func(typ, id string) fhir.Node {
			a := w.do(t, admin, "GET", typ+"/"+id, "").expect(t, 200)
			d, err := fhir.Parse([]byte(a.body))
			if err != nil {
				t.Fatal(err)
			}
			for _, issue := range validate.Resource(d) {
				t.Errorf("%s/%s: %s at %s: %s", typ, id, issue.Code, issue.Path, issue.Text)
			}
			w.do(t, admin, "GET", typ+"/"+id, "", "If-None-Match: "+a.header.Get("ETag")).expect(t, 304)
			return d.Root()
		}
		rest := w.send(t, "", "GET", "metadata", "").expect(t, 200).node(t).Get("rest").At(0)
		operations, extensions := map[string]bool{}, 0 // an operation on several types has one definition
		for resource := range rest.Get("resource").Children() {
			for o := range resource.Get("operation").Children() {
				url := o.Get("definition").Text()
				operations[url] = true
				d := read("OperationDefinition", url[strings.LastIndexByte(url, '/')+1:])
				if !d.Get("url").Is(url) || d.Get("code").Text() != o.Get("name").Text() || !strings.Contains(string(d.Get("resource").Raw()), `"`+resource.Get("type").Text()+`"`) {
					t.Errorf("%s defines %s", o.Raw(), d.Raw())
				}
				if d.Get("type").Text() == "true" { // it is asked of the type
					status := 400
					if d.Get("affectsState").Text() == "true" {
						status = 405
					}
					w.do(t, admin, "GET", resource.Get("type").Text()+"/$"+o.Get("name").Text(), "").expect(t, status)
					continue
				}
				got := w.do(t, admin, "GET", resource.Get("type").Text()+"/x/$"+o.Get("name").Text(), "")
				if d.Get("affectsState").Text() == "false" && got.status == 404 { // it only reads, and there is no such record
					continue
				}
				got.expect(t, 405)
				if a := w.do(t, admin, "POST", resource.Get("type").Text()+"/x/$"+o.Get("name").Text(), "", "Idempotency-Key: k"); a.status == 405 || a.status == 500 {
					t.Errorf("%s: %d %s", o.Raw(), a.status, a.body)
				}
			}
			if resource.Get("type").Is("StructureDefinition") {
				_, list, _ := strings.Cut(resource.Get("documentation").Text(), ": ")
				for id := range strings.SplitSeq(strings.TrimSuffix(list, "."), ", ") {
					extensions++
					if d := read("StructureDefinition", id); !d.Get("url").Is(fhir.ExtensionBase + id) {
						t.Errorf("%s defines %s", id, d.Raw())
					}
				}
			}
		}
		for o := range rest.Get("operation").Children() {
			url := o.Get("definition").Text()
			operations[url] = true
			if d := read("OperationDefinition", url[strings.LastIndexByte(url, '/')+1:]); !d.Get("url").Is(url) || d.Get("system").Text() != "true" || d.Get("resource").Exists() {
				t.Errorf("%s defines %s", o.Raw(), d.Raw())
			}
		}
		if len(operations) != len(operation.All()) || extensions != len(fhir.Extensions) {
			t.Errorf("%d operations and %d extensions are published", len(operations), extensions)
		}
		w.do(t, admin, "GET", "OperationDefinition/wombat", "").expect(t, 404)
		w.do(t, admin, http.MethodPut, "OperationDefinition/Claim-submit", "{}").expect(t, 405)
		w.send(t, "", "GET", "OperationDefinition/Claim-submit", "").expect(t, 401)
	})
}
