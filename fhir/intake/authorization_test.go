package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/fault"
)

const (
	pas      = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-"
	answered = `'resourceType':'ClaimResponse','status':'active','type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},'use':'preauthorization','patient':{'reference':'Patient/ann'},'created':'2026-02-21','insurer':{'reference':'Organization/acme'},'request':{'reference':'Claim/p1'},'identifier':[{'system':'urn:trace','value':'111099'}]`
)

// action is a review of a service as the guide writes it, with a system in either scheme.
func action(code, more string) string {
	return `{'url':'` + pas + `reviewAction','extension':[{'url':'` + pas + `reviewActionCode','valueCodeableConcept':{'coding':[{'system':'https://codesystem.x12.org/005010/306','code':'` + code + `'}]}}` + more + `]}`
}

func onItem(more string) string {
	return `,'outcome':'complete','item':[{'itemSequence':1` + more + `}]`
}

func onAdjudication(extension string) string {
	return `,'adjudication':[{'category':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/adjudication','code':'submitted'}]},'extension':[` + extension + `]}]`
}

// TestAnAnswerToARequestIsReadAsItsGuideWritesIt holds the forms of the examples of Da Vinci PAS, of its first guide and its later ones.
func TestAnAnswerToARequestIsReadAsItsGuideWritesIt(t *testing.T) {
	number := `,{'url':'number','valueString':'AUTH0001'}`
	days := `{'url':'` + pas + `itemPreAuthPeriod','valuePeriod':{'start':'2026-05-02','end':'2026-06-02'}}`
	detail := `{'url':'` + pas + `itemAuthorizedDetail','extension':[{'url':'productOrServiceCode','valueCodeableConcept':{'coding':[{'system':'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets','code':'G0154'}]}},{'url':'quantity','valueQuantity':{'value':3}}]}`
	for name, c := range map[string]struct{ body, want string }{
		"certified, with days and detail": {onItem(`,'extension':[` + days + `,` + detail + `]` + onAdjudication(action("A1", number))), "1 G0154 3 2026-05-02..2026-06-02 A1 AUTH0001"},
		"certified, the system with http": {strings.Replace(onItem(onAdjudication(action("A1", number))), "https://codesystem", "http://codesystem", 1), "1  0 .. A1 AUTH0001"},
		"on the item, in the first guide": {onItem(`,'extension':[` + action("A1", number) + `]`), "1  0 .. A1 AUTH0001"},
		"number and days of the response": {onItem(onAdjudication(action("A2", ""))) + `,'preAuthRef':'AUTH-881','preAuthPeriod':{'start':'2026-03-01','end':'2026-03-31'}`, "1  0 2026-03-01..2026-03-31 A2 AUTH-881"},
		"pended, though it is complete":   {onItem(`,'extension':[{'url':'` + pas + `administrationReferenceNumber','valueString':'PEND0001'}]` + onAdjudication(action("A4", ""))), "1  0 .. A4"},
		"denied, by a person":             {onItem(onAdjudication(action("A3", `,{'url':'reasonCode','valueCodeableConcept':{'coding':[{'system':'https://codesystem.x12.org/external/886','code':'0V'}]}}`))) + `,'preAuthRef':'NO'`, "1  0 .. A3 0V"},
		"a service that it adds":          {onItem(onAdjudication(action("A1", number))) + `,'addItem':[{'itemSequence':[1],'productOrService':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'90001'}]},'quantity':{'value':1}` + onAdjudication(action("A1", number)) + `}]`, "1  0 .. A1 AUTH0001; 0 90001 1 .. A1 AUTH0001"},
		"of all services at once":         {`,'outcome':'complete','preAuthRef':'AUTH-881'`, "all  0 .. A1 AUTH-881"},
		"queued":                          {`,'outcome':'queued'`, ""},
		"errors":                          {`,'outcome':'error','error':[{'code':{'coding':[{'system':'https://codesystem.x12.org/005010/901','code':'04'}]}},{'code':{'coding':[{'system':'https://codesystem.x12.org/005010/901','code':'T4'}]}}]`, "refused 04; refused T4"},
		"an error without a word":         {`,'outcome':'error'`, "refused "},
	} {
		r, err := intake.Review(parse(t, "{"+answered+c.body+"}"), time.UTC)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.RequestID != "p1" || r.PatientID != "ann" || r.PayerID != "acme" || fmt.Sprint(r.Numbers) != "[urn:trace|111099]" {
			t.Errorf("%s: it is %+v", name, r)
		}
		if got := saidOf(r); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func saidOf(r models.Review) string {
	var list []string
	one := func(which string, s models.AuthorizedService) {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s %s..%s %s %s%s", which, s.Code, s.Units, s.Days.From, s.Days.Until, s.Action, s.Number, s.Reason)))
	}
	if r.All.Action != "" {
		one("all", r.All)
	}
	for _, s := range r.Services {
		one(fmt.Sprint(s.Sequence), s)
	}
	for _, refused := range r.Refusals {
		list = append(list, "refused "+refused.Code)
	}
	return strings.Join(list, "; ")
}

// TestAnswersAreFoundWhereServersPutThem holds what $submit, $inquire and a Subscription give.
func TestAnswersAreFoundWhereServersPutThem(t *testing.T) {
	answer := "{" + answered + `,'outcome':'queued'}`
	bundle := `{'resourceType':'Bundle','type':'collection','entry':[{'resource':` + answer + `},{'resource':{'resourceType':'Patient','id':'x'}},{'resource':` + answer + `}]}`
	for body, want := range map[string]int{
		answer: 1, bundle: 2, `{'resourceType':'Parameters','parameter':[{'name':'responseBundle','resource':` + bundle + `}]}`: 2,
		`{'resourceType':'Bundle','type':'history','entry':[{'fullUrl':'http://example.org/Parameters/1','resource':{'resourceType':'Parameters','parameter':[{'name':'type','valueCode':'event-notification'}]},'request':{'method':'GET','url':'https://example.org/Subscription/PAS/$status'},'response':{'status':'200'}},{'fullUrl':'http://example.org/Bundle/1','resource':` + bundle + `,'request':{'method':'GET','url':'https://example.org/Bundle/1'},'response':{'status':'200'}}]}`: 2,
		strings.Replace(answer, "preauthorization", "claim", 1): 0, `{'resourceType':'OperationOutcome'}`: 0,
	} {
		if got := intake.Reviews(parse(t, body)); len(got) != want {
			t.Errorf("%.60s has %d answers, want %d", body, len(got), want)
		}
	}
}

func TestARequestNamesWhatAPayerHasToKnow(t *testing.T) {
	const whole = `{'resourceType':'Claim','id':'p1','status':'active','use':'preauthorization','identifier':[{'system':'urn:trnorg:9012345678','value':'111099'}],'patient':{'reference':'Patient/ann'},'created':'2026-02-20','insurer':{'reference':'Organization/acme'},'provider':{'reference':'Organization/practice'},'priority':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/processpriority','code':'stat'}]},'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/plan'}}],'item':[{'sequence':1,'productOrService':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'70551'}]},'servicedPeriod':{'start':'2026-03-01','end':'2026-03-31'},'quantity':{'value':2}},{'sequence':2,'productOrService':{'coding':[{'system':'https://codesystem.x12.org/005010/1365','code':'3'}]},'servicedDate':'2026-03-02'}]}`
	a, err := intake.AuthorizationRequest(parse(t, whole), time.UTC)
	want := models.List[models.AuthorizedService]{{Sequence: 1, Code: "70551", Units: models.UnitsOf(2), Days: models.Span{From: "2026-03-01", Until: "2026-03-31"}}, {Sequence: 2, Days: models.Span{From: "2026-03-02", Until: "2026-03-02"}}}
	if err != nil || a.ID != "p1" || a.Number != "urn:trnorg:9012345678|111099" || a.PatientID != "ann" || a.PayerID != "acme" || a.CoverageID != "plan" || !a.Urgent || fmt.Sprint(a.Services) != fmt.Sprint(want) {
		t.Errorf("it is read as %+v, %v", a, err)
	}
	for without, path := range map[string]string{
		`'patient':{'reference':'Patient/ann'},`: "Claim.patient", `'insurer':{'reference':'Organization/acme'},`: "Claim.insurer", `'focal':true,`: "Claim.insurance", `'sequence':2,`: "Claim.item[1].sequence", `Coverage/plan`: "Claim.insurance[0].coverage",
	} {
		_, err := intake.AuthorizationRequest(parse(t, strings.Replace(whole, without, "", 1)), time.UTC)
		if issues := fault.IssuesAt("", err); len(issues) != 1 || issues[0].Path != path {
			t.Errorf("without %s: %v, want one at %s", without, err, path)
		}
	}
}

func parse(t *testing.T, body string) *fhir.Document {
	t.Helper()
	d, err := fhir.Parse([]byte(strings.ReplaceAll(body, "'", `"`)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
