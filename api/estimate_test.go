package api_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"medbill/internal/auth"
)

// wantsToKnow are the Parameters of an estimate for services of a day: code, then what else is said of it.
func wantsToKnow(services ...string) string {
	list := []string{"on", `'valueDate':'2026-03-02'`}
	for _, one := range services {
		code, more, _ := strings.Cut(one, " ")
		if more != "" {
			more = "," + more
		}
		list = append(list, "service", `'part':[{'name':'code','valueCoding':{'system':'`+cpt+`','code':'`+code+`'}}`+more+`]`)
	}
	return sets(list...)
}

// eligible has ACME say that 50.00 of the deductible of a plan are left, and 20 percent of the rest the member's.
func eligible(t *testing.T, w *world) {
	t.Helper()
	of := `'status':'active','purpose':['benefits'],'patient':{'reference':'Patient/ann'},'created':'2026-03-01','insurer':{'reference':'Organization/acme'},'servicedDate':'2026-03-02'`
	w.put(t, "CoverageEligibilityRequest/asked", compact(`{'resourceType':'CoverageEligibilityRequest','id':'asked',`+of+`,'insurance':[{'coverage':{'reference':'Coverage/cov'}}]}`))
	usd := func(name, value string) string { return `'` + name + `':{'value':` + value + `,'currency':'USD'}` }
	benefit := func(code, said string) string {
		return `{'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/benefit-type','code':'` + code + `'}]},` + said + `}`
	}
	w.do(t, who{role: auth.RolePayer, organization: "acme"}, "POST", "CoverageEligibilityResponse", compact(`{'resourceType':'CoverageEligibilityResponse',`+of+`,'request':{'reference':'CoverageEligibilityRequest/asked'},'outcome':'complete',`+
		`'insurance':[{'coverage':{'reference':'Coverage/cov'},'inforce':true,'item':[{'category':{'coding':[{'system':'https://x12.org/codes/service-type-codes','code':'30'}]},`+
		`'benefit':[`+benefit("deductible", usd("allowedMoney", "500.00")+","+usd("usedMoney", "450.00"))+`,`+benefit("copay-percent", `'allowedUnsignedInt':20`)+`]}]}]}`)).expect(t, 201)
}

// expected gives what an estimate says of a plan: the words that are amounts or yes, each with its name.
func (a answer) expected(t *testing.T) string {
	t.Helper()
	var told []string
	for part := range a.node(t).Get("parameter").At(0).Get("part").Children() {
		text := part.In("valueMoney", "value").Text() + part.Get("valueBoolean").Text() + part.In("valueReference", "reference").Text()
		if name := part.Get("name").Text(); text != "" && name != "response" {
			told = append(told, name+" "+text)
		}
	}
	return strings.Join(told, ", ")
}

// TestServicesAreEstimatedBeforeTheyAreDone holds what a patient is told of services that nobody did yet, by whom it may be asked, and where each refusal stands.
func TestServicesAreEstimatedBeforeTheyAreDone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.put(t, "Patient/bob", compact(`{'resourceType':'Patient','id':'bob','name':[{'family':'Canary','given':['Bob']}],'gender':'male','birthDate':'1970-01-01'}`))
		w.do(t, who{role: auth.RoleAdmin, tenant: "other"}, "PUT", "Patient/cal", compact(`{'resourceType':'Patient','id':'cal','name':[{'family':'Other'}]}`)).expect(t, 201)
		manager, desk := who{role: auth.RoleManager}, who{role: auth.RoleFrontDesk}
		w.do(t, manager, "POST", "$load-payers", payersHeader+"acme,ACME PPO,,,\n", csvType).expect(t, 200)
		w.do(t, manager, "POST", "$load-contracts", contractsHeader+"new,acme,ACME PPO,2026-01-01,,,,,,,,,,\n", csvType).expect(t, 200)
		w.do(t, manager, "POST", "$load-contracts", ratesHeader+"new,flat,99214,,,,150,,\nnew,flat,93000,,,,20,,\nnew,flat,36415,,,,0,,\n", csvType).expect(t, 200)
		eligible(t, w)
		all := wantsToKnow("99214-25", "93000", "36415")
		want := "coverage Coverage/cov, known true, total 74.00, allowed 170.00, deductible 50.00, copay 0.00, coinsurance 24.00, capped 0.00"
		for name, as := range map[string]who{"the front desk": desk, "a biller": {role: auth.RoleBiller}, "a manager": manager, "the patient": {role: auth.RolePatient, patient: "ann"}} {
			if got := w.do(t, as, "POST", "Patient/ann/$estimate", all).expect(t, 200).expected(t); got != want {
				t.Errorf("%s is told %s", name, got)
			}
		}
		for name, row := range map[string]struct{ body, want string }{
			"a year's deductible takes a cheap service": {wantsToKnow("93000"), "total 20.00, allowed 20.00, deductible 20.00"},
			"two units of one that no list prices":      {wantsToKnow("99199 {'name':'units','valuePositiveInt':2},{'name':'charge','valueMoney':{'value':80.00,'currency':'USD'}}"), "known false, total 56.00, allowed 80.00, deductible 50.00, copay 0.00, coinsurance 6.00"},
		} {
			if got := w.do(t, desk, "POST", "Patient/ann/$estimate", row.body).expect(t, 200).expected(t); !strings.Contains(got, row.want) {
				t.Errorf("%s: %s, want %s", name, got, row.want)
			}
		}
		if got := w.do(t, desk, "POST", "Patient/bob/$estimate", all).expect(t, 200).expected(t); !strings.HasPrefix(got, "known true, total 325.00") {
			t.Errorf("who has no plan is told %s", got)
		}
		for name, row := range map[string]struct {
			body, places string
			status       int
		}{
			"without a price":        {wantsToKnow("99214", "99199"), "Parameters.parameter[2].part[0].value", 422},
			"of no known system":     {strings.ReplaceAll(wantsToKnow("99214"), cpt, "urn:local"), "Parameters.parameter[1].part[0].value", 400},
			"no code of its system":  {wantsToKnow("9921"), "Parameters.parameter[1].part[0].value", 400},
			"without a day":          {sets("service", `'part':[{'name':'code','valueCoding':{'system':'`+cpt+`','code':'99214'}}]`), "Parameters.parameter", 400},
			"without a service":      {wantsToKnow(), "Parameters.parameter", 400},
			"a plan of nobody":       {strings.Replace(all, `"parameter":[`, `"parameter":[{"name":"coverage","valueReference":{"reference":"Coverage/none"}},`, 1), "Parameters.parameter[0].value", 422},
			"an amount below nought": {wantsToKnow("99214 {'name':'charge','valueMoney':{'value':-1.00,'currency':'USD'}}"), "Parameters.parameter[1].part[1].value", 400},
			"something else":         {sets("visit", `'valueString':'x'`), "Parameters.parameter[0] Parameters.parameter Parameters.parameter", 400},
		} {
			if got := w.do(t, desk, "POST", "Patient/ann/$estimate", row.body).expect(t, row.status).places(t); got != row.places {
				t.Errorf("%s stands at %s, want %s", name, got, row.places)
			}
		}
		w.do(t, who{role: auth.RolePatient, patient: "bob"}, "POST", "Patient/ann/$estimate", all).expect(t, 404)
		w.do(t, desk, "POST", "Patient/cal/$estimate", all).expect(t, 404)
		for _, role := range []auth.Role{auth.RoleEHR, auth.RoleCoder, auth.RolePayer} {
			w.do(t, who{role: role, organization: "acme"}, "POST", "Patient/ann/$estimate", all).expect(t, 403)
		}
	})
}

// TestACodeThatIsNoneIsNotEstimated holds that a code that the release of the day does not have is refused at its place.
func TestACodeThatIsNoneIsNotEstimated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		w.do(t, admin, "POST", "$load-codes", sets("file", `'valueString':'hcpcs.csv'`, "table", `'valueString':'hcpcs'`, "from", `'valueDate':'2026-01-01'`, "release", `'valueString':'1'`, "content", `'valueBase64Binary':'`+base64.StdEncoding.EncodeToString([]byte("code,display\nG0001,Invented\n"))+`'`)).expect(t, 200)
		of := func(code string) string {
			return strings.ReplaceAll(wantsToKnow(code+" {'name':'charge','valueMoney':{'value':10.00,'currency':'USD'}}"), cpt, "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets")
		}
		desk := who{role: auth.RoleFrontDesk}
		w.do(t, desk, "POST", "Patient/ann/$estimate", of("G0001")).expect(t, 200)
		if got := w.do(t, desk, "POST", "Patient/ann/$estimate", of("G0002")).expect(t, 422).places(t); got != "Parameters.parameter[1].part[0].value" {
			t.Errorf("it stands at %s", got)
		}
	})
}
