package intake_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
)

func same[T any](t *testing.T, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func newYork(t *testing.T) *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skipf("SKIPPED: no time zones here: %v", err)
	}
	return zone
}

func TestPatientIsRead(t *testing.T) {
	same(t, intake.Patient(document(t, `{'resourceType':'Patient','id':'canary','name':[{'use':'nickname','family':'No'},{'use':'official','family':'Canary','given':['Zzyzx','Q']}],
	 'birthDate':'1980-01-15','deceasedDateTime':'2026-03-02T10:00:00Z','gender':'female','address':[{'use':'old','line':['x'],'city':'y'},{'line':['1 Nowhere Way'],'city':'Columbus'}]}`)),
		models.Patient{ID: "canary", FamilyName: "Canary", GivenName: "Zzyzx", BirthDate: "1980-01-15", DeathDate: "2026-03-02", Gender: "female", HasAddress: true})
	same(t, intake.Patient(document(t, `{'resourceType':'Patient','address':[{'use':'old','line':['x'],'city':'y'},{'city':'y'}]}`)), models.Patient{})
}

func TestCoverageIsRead(t *testing.T) {
	const member = `'identifier':[{'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MB'}]},'value':'CANARY-7781'}]`
	text := `{'resourceType':'Coverage','id':'plan','status':'active','beneficiary':{'reference':'Patient/canary/_history/3'},'payor':[{'reference':'Organization/acme'}],
	 'order':2,'period':{'start':'2026-01-01'},` + member + `}`
	want := models.Coverage{ID: "plan", PatientID: "canary", PayerID: "acme", SubscriberID: "CANARY-7781", Order: 2, Active: true, Period: models.Span{From: "2026-01-01"}}
	same(t, intake.Coverage(document(t, text)), want)
	same(t, intake.Coverage(document(t, change(t, text, `'order':2,`, `'order':2,'subscriberId':'CANARY-7781',`))), want)
	same(t, intake.Coverage(document(t, `{'resourceType':'Coverage','payor':[{'reference':'Patient/canary'}]}`)), models.Coverage{})
}

func TestPartyIsRead(t *testing.T) {
	const npi = `'identifier':[{'system':'urn:x','value':'1'},{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}]`
	same(t, intake.Party(document(t, `{'resourceType':'Organization','id':'practice','name':'Canary Practice',`+npi+`}`)), models.Party{ID: "practice", Name: "Canary Practice", NPI: "1234567893"})
	same(t, intake.Party(document(t, `{'resourceType':'Practitioner','id':'smith','name':[{'family':'Smith','given':['Alice']}],`+npi+`}`)), models.Party{ID: "smith", Name: "Alice Smith", NPI: "1234567893"})
}

const encounterText = `{'resourceType':'Encounter','id':'v1','status':'finished','class':{'code':'AMB'},'subject':{'reference':'Patient/canary'},
 'participant':[{'individual':{'reference':'RelatedPerson/r'}},{'individual':{'reference':'Practitioner/first'}},
  {'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ParticipationType','code':'PPRF'}]}],'individual':{'reference':'Practitioner/smith'}}],
 'period':{'start':'2026-03-02T23:30:00Z','end':'2026-03-03T02:00:00.5Z'},'serviceProvider':{'reference':'Organization/practice'},
 'location':[{'location':{'reference':'Location/l1'}}],'account':[{'reference':'Account/a1'}],
 'reasonCode':[{'coding':[{'system':'http://snomed.info/sct','code':'1'}]},{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}],
 'diagnosis':[{'condition':{'reference':'Condition/d1'},'rank':2,'use':{'coding':[{'code':'billing'}]}},{'condition':{'reference':'urn:uuid:1'}}]}`

func TestEncounterIsReadInThePracticesZone(t *testing.T) {
	want := models.Encounter{
		ID: "v1", Status: "finished", Class: "AMB", PatientID: "canary", RenderingID: "smith", PracticeID: "practice", LocationID: "l1", Account: "a1",
		Start: "2026-03-02", End: "2026-03-03", ReasonCodes: []string{"I10"},
		DiagnosisRefs: []models.DiagnosisRef{{Reference: "Condition/d1", Rank: 2, Use: "billing"}, {Reference: "urn:uuid:1"}},
	}
	same(t, intake.Encounter(document(t, encounterText), nil), want)
	want.End = "2026-03-02"
	same(t, intake.Encounter(document(t, encounterText), newYork(t)), want)
	if got := intake.Encounter(document(t, change(t, encounterText, "PPRF", "ATND")), nil).RenderingID; got != "first" {
		t.Errorf("without a primary performer the visit was done by %q, want the first practitioner", got)
	}
}

func TestDayWithoutTimeHasNoZone(t *testing.T) {
	text := change(t, change(t, encounterText, "2026-03-02T23:30:00Z", "2026-03-02"), "2026-03-03T02:00:00.5Z", "2026-03")
	got := intake.Encounter(document(t, text), newYork(t))
	if got.Start != "2026-03-02" || got.End != "" {
		t.Errorf("got %q to %q, want the day as written and nothing for a month", got.Start, got.End)
	}
}

func TestConditionIsRead(t *testing.T) {
	text := `{'resourceType':'Condition','id':'d1','subject':{'reference':'Patient/canary'},'encounter':{'reference':'Encounter/v1'},
	 'code':{'coding':[{'system':'http://snomed.info/sct','code':'38341003'},{'system':'urn:oid:2.16.840.1.113883.6.90','code':'I10'}]},
	 'verificationStatus':{'coding':[{'code':'confirmed'}]},'onsetPeriod':{'start':'2026-03-01'},'abatementDateTime':'2026-04-01'}`
	want := models.Condition{ID: "d1", PatientID: "canary", VisitID: "v1", Code: "I10", Recorded: "2026-03-01", Abated: "2026-04-01"}
	same(t, intake.Condition(document(t, text), nil), want)
	want.Recorded, want.Refuted = "2026-03-02", true
	same(t, intake.Condition(document(t, change(t, change(t, text, "confirmed", "refuted"), `'onset`, `'recordedDate':'2026-03-02','onset`)), nil), want)
}

func TestModifiersAreReadWhereverTheyStand(t *testing.T) {
	const cpt = `'system':'http://www.ama-assn.org/go/cpt'`
	const extension = `'extension':[{'url':'https://medbill.dev/fhir/StructureDefinition/procedure-modifier',`
	for _, row := range []struct{ name, code, before string }{
		{"as extension with a code", `{'coding':[{` + cpt + `,'code':'99214'}]}`, extension + `'valueCode':'25'}],`},
		{"as extension with a coding", `{'coding':[{` + cpt + `,'code':'99214'}]}`, extension + `'valueCoding':{'code':'25'}}],`},
		{"as extension of the code", `{` + extension + `'valueCode':'25'}],'coding':[{` + cpt + `,'code':'99214'}]}`, ``},
		{"as a coding more", `{'coding':[{` + cpt + `,'code':'25'},{` + cpt + `,'code':'99214'}]}`, ``},
		{"in the code", `{'coding':[{` + cpt + `,'code':'99214-25'}]}`, ``},
		{"in the text", `{'coding':[{` + cpt + `,'code':'99214'}],'text':'99214-25'}`, ``},
		{"everywhere at once", `{'coding':[{` + cpt + `,'code':'99214-25'},{` + cpt + `,'code':'25'}],'text':'99214-25'}`, extension + `'valueCode':'25'}],`},
	} {
		text := `{'resourceType':'Procedure','id':'p1','status':'completed','subject':{'reference':'Patient/canary'},'encounter':{'reference':'Encounter/v1'},` + row.before + `'code':` + row.code +
			`,'performedPeriod':{'start':'2026-03-02T10:00:00-05:00'},'performer':[{'actor':{'reference':'Organization/o'}},{'actor':{'reference':'Practitioner/smith'}}],
			'reasonReference':[{'reference':'Observation/o'},{'reference':'Condition/d1'}],'reasonCode':[{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}]}`
		want := models.Procedure{ID: "p1", PatientID: "canary", VisitID: "v1", Status: "completed", System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"},
			Performed: "2026-03-02", RenderingID: "smith", ReasonRefs: []string{"Condition/d1"}, ReasonCodes: []string{"I10"}}
		if diff := cmp.Diff(want, intake.Procedure(document(t, text), nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestTextAloneIsNoService(t *testing.T) {
	got := intake.Procedure(document(t, `{'resourceType':'Procedure','code':{'coding':[{'system':'http://snomed.info/sct','code':'25'}],'text':'99214-25'}}`), nil)
	same(t, got, models.Procedure{})
}

func TestChargeItemIsRead(t *testing.T) {
	text := `{'resourceType':'ChargeItem','id':'i1','status':'billable','subject':{'reference':'Patient/canary'},'context':{'reference':'Encounter/v1'},
	 'code':{'coding':[{'system':'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets','code':'G0008'}]},'occurrenceDateTime':'2026-03-02','quantity':{'value':2.0},
	 'performer':[{'actor':{'reference':'Practitioner/smith'}}],'reason':[{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}]}`
	want := models.ChargeItem{ID: "i1", PatientID: "canary", VisitID: "v1", Status: "billable", System: models.SystemHCPCS, Code: "G0008", Units: 2,
		Occurred: "2026-03-02", RenderingID: "smith", ReasonCodes: []string{"I10"}}
	same(t, intake.ChargeItem(document(t, text), nil), want)
	want.Units = 0
	same(t, intake.ChargeItem(document(t, change(t, text, "2.0", "2.5")), nil), want)
}

func TestPlaceOfServiceIsTheLocationsElseTheClasss(t *testing.T) {
	const system = `https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set`
	location := document(t, `{'resourceType':'Location','type':[{'coding':[{'system':'urn:x','code':'1'}]},{'coding':[{'system':'`+system+`','code':'22'}]}]}`)
	bare := document(t, `{'resourceType':'Location'}`)
	for _, row := range []struct {
		location    *fhir.Document
		class, want string
	}{{location, "AMB", "22"}, {bare, "AMB", "11"}, {nil, "AMB", "11"}, {nil, "IMP", "21"}, {bare, "EMER", "23"}, {nil, "VR", "11"}, {nil, "", "11"}} {
		if got := intake.PlaceOfService(row.location, row.class); got != row.want {
			t.Errorf("class %q gives %s, want %s", row.class, got, row.want)
		}
	}
}

func TestEncountersOfOtherBillingAreNamedOnce(t *testing.T) {
	same(t, intake.ExternalClaimedEncounters(document(t, `{'resourceType':'ExplanationOfBenefit','item':[{'encounter':[{'reference':'Encounter/b'},{'reference':'Encounter/a'}]},{},
	 {'encounter':[{'reference':'Encounter/b'},{'reference':'urn:uuid:x'},{'display':'y'}]}]}`)), []models.VisitID{"b", "a"})
}
