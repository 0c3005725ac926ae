package intake_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	 'birthDate':'1980-01-15','deceasedDateTime':'2026-03-02T10:00:00Z','gender':'female','address':[{'use':'old','line':['x'],'city':'y'},{'line':['1 Nowhere Way'],'city':'Columbus'}]}`), nil),
		models.Patient{ID: "canary", FamilyName: "Canary", GivenName: "Zzyzx", BirthDate: "1980-01-15", DeathDate: "2026-03-02", Deceased: true, Gender: "female", HasAddress: true})
	same(t, intake.Patient(document(t, `{'resourceType':'Patient','address':[{'use':'old','line':['x'],'city':'y'},{'city':'y'}]}`), nil), models.Patient{})
}

func TestCoverageIsRead(t *testing.T) {
	const member = `'identifier':[{'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MB'}]},'value':'CANARY-7781'}]`
	text := `{'resourceType':'Coverage','id':'plan','status':'active','beneficiary':{'reference':'Patient/canary/_history/3'},'payor':[{'reference':'Organization/acme'}],
	 'order':2,'period':{'start':'2026-01-01'},` + member + `}`
	acme := []models.Payor{{Ref: models.Ref{Type: "Organization", ID: "acme"}}}
	want := models.Coverage{ID: "plan", PatientID: "canary", PayerID: "acme", Payors: acme, SubscriberID: "CANARY-7781", Order: 2, Active: true, Period: models.Span{From: "2026-01-01"}}
	same(t, intake.Coverage(document(t, text), nil), want)
	want.Subscriber = models.Ref{Type: "RelatedPerson", ID: "mother"}
	same(t, intake.Coverage(document(t, change(t, text, `'order':2,`, `'order':2,'subscriberId':'CANARY-7781','subscriber':{'reference':'RelatedPerson/mother'},`)), nil), want)
	same(t, intake.Coverage(document(t, `{'resourceType':'Coverage','status':'entered-in-error'}`), nil), models.Coverage{Mistaken: true})
}

// TestPayorIsReadAsItIsNamed holds the ways a plan names who pays, and which of them name one payer.
func TestPayorIsReadAsItIsNamed(t *testing.T) {
	organization := func(id string) models.Payor { return models.Payor{Ref: models.Ref{Type: "Organization", ID: id}} }
	person := models.Payor{Ref: models.Ref{Type: "Patient", ID: "canary"}}
	for _, row := range []struct {
		name, payors string
		want         []models.Payor
		payer        models.OrganizationID
	}{
		{"an organization", `{'reference':'Organization/acme'}`, []models.Payor{organization("acme")}, "acme"},
		{"the same twice", `{'reference':'Organization/acme'},{'reference':'Organization/acme/_history/2'}`, []models.Payor{organization("acme"), organization("acme")}, "acme"},
		{"several", `{'reference':'Organization/acme'},{'reference':'Organization/beta'}`, []models.Payor{organization("acme"), organization("beta")}, ""},
		{"the patient", `{'reference':'Patient/canary'}`, []models.Payor{person}, ""},
		{"the patient before an organization", `{'reference':'Patient/canary'},{'reference':'Organization/acme'}`, []models.Payor{person, organization("acme")}, "acme"},
		{"a contained relative before an organization", `{'reference':'#r'},{'reference':'Organization/acme'}`, []models.Payor{{Ref: models.Ref{Type: "RelatedPerson"}}, organization("acme")}, "acme"},
		{"a contained organization", `{'reference':'#o'}`, []models.Payor{{Ref: models.Ref{Type: "Organization"}, Name: "Canary Health", Identifiers: []models.Identifier{{System: models.SystemNPI, Value: "1234567893"}}}}, ""},
		{"an identifier", `{'type':'Organization','identifier':{'system':'urn:payer','value':'60999'},'display':'Canary Health'}`,
			[]models.Payor{{Ref: models.Ref{Type: "Organization"}, Name: "Canary Health", Identifiers: []models.Identifier{{System: "urn:payer", Value: "60999"}}}}, ""},
		{"words beside an organization", `{'display':'Canary Health'},{'reference':'Organization/acme'}`, []models.Payor{{Name: "Canary Health"}, organization("acme")}, ""},
		{"an organization of another server", `{'reference':'https://ehr.example/Organization/acme'}`, []models.Payor{{}}, ""},
	} {
		got := intake.Coverage(document(t, `{'resourceType':'Coverage','payor':[`+row.payors+`],'contained':[{'resourceType':'Organization','id':'o','name':'Canary Health',
		 'identifier':[{'system':'urn:oid:2.16.840.1.113883.4.6','value':'1234567893'}]},{'resourceType':'RelatedPerson','id':'r'}]}`), nil)
		if diff := cmp.Diff(row.want, got.Payors); diff != "" || got.PayerID != row.payer {
			t.Errorf("%s: payer %q, want %q (-want +got):\n%s", row.name, got.PayerID, row.payer, diff)
		}
	}
}

func TestPartyIsRead(t *testing.T) {
	const npi = `'identifier':[{'system':'urn:x','value':'1'},{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}]`
	same(t, intake.Party(document(t, `{'resourceType':'Organization','id':'practice','name':'Canary Practice',`+npi+`}`)), models.Party{ID: "practice", Name: "Canary Practice", NPI: "1234567893"})
	for rest, want := range map[string]models.Address{
		`{'line':['1 Canary Way','Suite 2'],'city':'Zzyzx','state':'CA','postalCode':'92309-1234','country':'US'}`: {Street: "1 Canary Way\nSuite 2", City: "Zzyzx", State: "CA", PostalCode: "92309-1234", Country: "US"},
		`{'type':'postal','city':'mail'},{'type':'both','city':'street'},{'use':'billing','city':'billed'}`:        {City: "billed"},
		`{'type':'postal','city':'mail'},{'city':'street'},{'city':'other'}`:                                       {City: "street"},
		`{'use':'old','city':'gone'},{'type':'postal','city':'mail'}`:                                              {City: "mail"},
		`{'use':'old','city':'gone'}`: {},
	} {
		same(t, intake.Party(document(t, `{'resourceType':'Organization','id':'practice','address':[`+rest+`]}`)), models.Party{ID: "practice", Address: want})
	}
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
		ID: "v1", Status: "finished", Class: "AMB", PatientID: "canary", PracticeID: "practice", Account: "a1",
		Participants: []models.Participant{{Provider: models.Provider{PractitionerID: "first"}}, {Types: models.Codes{"PPRF"}, Provider: models.Provider{PractitionerID: "smith"}}},
		Locations:    []models.VisitLocation{{Location: models.Location{ID: "l1"}}},
		Start:        "2026-03-02", End: "2026-03-03", ReasonCodes: []string{"I10"},
		DiagnosisRefs: []models.DiagnosisRef{{Reference: "Condition/d1", Rank: 2, Use: "billing"}},
		Stay:          models.Stay{Admitted: "2026-03-02T23:30:00Z", Discharged: "2026-03-03T02:00:00.5Z"},
	}
	same(t, intake.Encounter(document(t, encounterText), nil), want)
	want.End, want.Stay = "2026-03-02", models.Stay{Admitted: "2026-03-02T18:30:00-05:00", Discharged: "2026-03-02T21:00:00-05:00"}
	same(t, intake.Encounter(document(t, encounterText), newYork(t)), want)
}

func TestClassIsReadInItsSystemOnly(t *testing.T) {
	for class, want := range map[string]string{
		`{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'IMP'}`: "IMP",
		`{'system':'urn:oid:2.16.840.1.113883.5.4','code':'VR'}`:                     "VR",
		`{'code':'HH'}`: "HH",
		`{'system':'urn:oid:1.2.3','code':'CANARY'}`: "",
		`{'display':'CANARY'}`:                       "",
	} {
		if got := intake.Encounter(document(t, `{'resourceType':'Encounter','class':`+class+`}`), nil).Class; got != want {
			t.Errorf("%s is %q, want %q", class, got, want)
		}
	}
}

// TestProviderIsReadAsHeIsNamed holds the ways a document names who took part.
func TestProviderIsReadAsHeIsNamed(t *testing.T) {
	const npi = `'identifier':[{'system':'urn:oid:2.16.840.1.113883.4.6','value':'1999999984'}]`
	const held = `'contained':[{'resourceType':'Practitioner','id':'dr',` + npi + `},{'resourceType':'PractitionerRole','id':'of-dr','practitioner':{'reference':'#dr'}},
	 {'resourceType':'PractitionerRole','id':'of-smith','practitioner':{'reference':'Practitioner/smith'},` + npi + `},{'resourceType':'PractitionerRole','id':'bare'},{'resourceType':'Device','id':'device'}]`
	for _, row := range []struct {
		name, reference string
		want            []models.Provider
	}{
		{"a practitioner", `{'reference':'Practitioner/smith/_history/2'}`, []models.Provider{{PractitionerID: "smith"}}},
		{"a role", `{'reference':'PractitionerRole/r1'}`, []models.Provider{{RoleID: "r1"}}},
		{"a contained practitioner", `{'reference':'#dr'}`, []models.Provider{{NPI: "1999999984"}}},
		{"a contained role of a contained practitioner", `{'reference':'#of-dr'}`, []models.Provider{{NPI: "1999999984"}}},
		{"a contained role of a practitioner", `{'reference':'#of-smith'}`, []models.Provider{{PractitionerID: "smith"}}},
		{"an NPI alone", `{'identifier':{'system':'http://hl7.org/fhir/sid/us-npi','value':'1999999984'}}`, []models.Provider{{NPI: "1999999984"}}},
		{"another number", `{'identifier':{'system':'urn:x','value':'CANARY'}}`, []models.Provider{{}}},
		{"a name alone", `{'display':'CANARY'}`, []models.Provider{{}}},
		{"a contained role of nobody", `{'reference':'#bare'}`, []models.Provider{{}}},
		{"a practitioner of another server", `{'reference':'https://ehr.example/fhir/Practitioner/smith'}`, []models.Provider{{}}},
		{"a relative", `{'reference':'RelatedPerson/r'}`, nil},
		{"an organization in words", `{'type':'Organization','display':'CANARY'}`, nil},
		{"a contained device", `{'reference':'#device'}`, nil},
	} {
		wrap := func(list, element string) string {
			return `'` + list + `':[{'` + element + `':` + row.reference + `}],` + held + `}`
		}
		encounter := intake.Encounter(document(t, `{'resourceType':'Encounter',`+wrap("participant", "individual")), nil)
		procedure := intake.Procedure(document(t, `{'resourceType':'Procedure',`+wrap("performer", "actor")), nil)
		item := intake.ChargeItem(document(t, `{'resourceType':'ChargeItem',`+wrap("performer", "actor")), nil)
		for _, participants := range [][]models.Participant{encounter.Participants, procedure.Performers, item.Performers} {
			var got []models.Provider
			for _, p := range participants {
				got = append(got, p.Provider)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", row.name, diff)
			}
		}
	}
}

func TestPractitionerRoleIsRead(t *testing.T) {
	const npi = `'identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1999999984'}]`
	for text, want := range map[string]models.PractitionerRole{
		`'practitioner':{'reference':'Practitioner/smith'},` + npi: {ID: "r1", PractitionerID: "smith"},
		npi: {ID: "r1", NPI: "1999999984"},
		`'practitioner':{'reference':'#dr'},'contained':[{'resourceType':'Practitioner','id':'dr',` + npi + `}]`: {ID: "r1", NPI: "1999999984"},
	} {
		same(t, intake.PractitionerRole(document(t, `{'resourceType':'PractitionerRole','id':'r1',`+text+`}`)), want)
	}
}

func TestParticipantWhoLeftBeforeTheVisitDidNotTakePart(t *testing.T) {
	text := change(t, encounterText, `{'individual':{'reference':'Practitioner/first'}}`, `{'period':{'end':'2026-03-01'},'individual':{'reference':'Practitioner/first'}}`)
	if got := intake.Encounter(document(t, text), nil).Participants; len(got) != 1 || got[0].Provider.PractitionerID != "smith" {
		t.Errorf("got %+v", got)
	}
}

func TestLocationIsRead(t *testing.T) {
	const place = `'type':[{'coding':[{'system':'urn:x','code':'1'}]},{'coding':[{'system':'https://www.cms.gov/Medicare/Coding/place-of-service-codes','code':'20'}]}]`
	same(t, intake.Location(document(t, `{'resourceType':'Location','id':'room','partOf':{'reference':'Location/house'},`+place+`}`)), models.Location{ID: "room", PartOf: "house", PlaceOfService: "20"})
	same(t, intake.Encounter(document(t, `{'resourceType':'Encounter','location':[{'location':{'display':'x'}},{'status':'active','location':{'reference':'#l'}}],
	 'contained':[{'resourceType':'Location','id':'l',`+place+`}]}`), nil).Locations, []models.VisitLocation{{Status: "active", Location: models.Location{PlaceOfService: "20"}}})
}

func TestConditionsThatAnEncounterHoldsItselfAreItsOwn(t *testing.T) {
	got := intake.Encounter(document(t, `{'resourceType':'Encounter','id':'v1','subject':{'reference':'Patient/canary'},'diagnosis':[{'condition':{'reference':'#d'}},{'condition':{'reference':'#none'}},{'condition':{'reference':'Procedure/p'}}],
	 'reasonReference':[{'reference':'Condition/r'},{'reference':'Observation/o'}],
	 'contained':[{'resourceType':'Condition','id':'d','code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}]}`), nil)
	same(t, got.DiagnosisRefs, []models.DiagnosisRef{{Reference: "#d"}, {Reference: "Condition/r"}})
	same(t, got.Contained, []models.Condition{{ID: "#d", PatientID: "canary", VisitID: "v1", Code: "I10"}})
}

func TestDayIsTakenWhereTheMomentWasWritten(t *testing.T) {
	for written, want := range map[string]models.Date{
		"2026-05-04T20:00:00-10:00":     "2026-05-04", // Honolulu, where it is Tuesday in New York
		"2026-05-05T02:00:00+02:00":     "2026-05-05",
		"2026-05-05T00:30:00+00:00":     "2026-05-05",
		"2026-05-05T00:30:00Z":          "2026-05-04",
		"2026-05-05T00:30:00.123-00:00": "2026-05-04",
		"2026-05-05":                    "2026-05-05",
		"2026-05":                       "",
	} {
		got := intake.Procedure(document(t, `{'resourceType':'Procedure','performedDateTime':'`+written+`'}`), newYork(t)).Performed
		if got != want {
			t.Errorf("%s is on %q, want %q", written, got, want)
		}
	}
}

func TestPeriodThatEndsWithAYearEndsWithItsLastDay(t *testing.T) {
	for written, want := range map[string]models.Span{
		`{'start':'2025','end':'2025'}`:                                        {From: "2025-01-01", Until: "2025-12-31"},
		`{'start':'2024-02','end':'2024-02'}`:                                  {From: "2024-02-01", Until: "2024-02-29"},
		`{'start':'2026-01-01T03:00:00Z','end':'2026-12-31T23:59:59-05:00'}`:   {From: "2025-12-31", Until: "2026-12-31"},
		`{'end':'2026-01-31'}`:                                                 {Until: "2026-01-31"},
		`{'extension':[{'url':'urn:x','valueCode':'y'}],'start':'2026-01-31'}`: {From: "2026-01-31"},
	} {
		same(t, intake.Coverage(document(t, `{'resourceType':'Coverage','period':`+written+`}`), newYork(t)).Period, want)
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
	want := models.Condition{ID: "d1", PatientID: "canary", VisitID: "v1", Code: "I10", Recorded: "2026-03-01", Onset: "2026-03-01", Abated: "2026-04-01"}
	same(t, intake.Condition(document(t, text), nil), want)
	want.Recorded, want.IsRefuted = "2026-03-02", true
	same(t, intake.Condition(document(t, change(t, change(t, text, "confirmed", "refuted"), `'onset`, `'recordedDate':'2026-03-02','onset`)), nil), want)
}

func TestConditionSaysHowSureItIs(t *testing.T) {
	for status, want := range map[string]models.Condition{
		"": {}, "confirmed": {}, "refuted": {IsRefuted: true}, "entered-in-error": {IsRefuted: true},
		"unconfirmed": {IsUncertain: true}, "provisional": {IsUncertain: true}, "differential": {IsUncertain: true},
	} {
		same(t, intake.Condition(document(t, `{'resourceType':'Condition','clinicalStatus':{'coding':[{'code':'inactive'}]},'verificationStatus':{'coding':[{'system':'urn:x','code':'x'},{'code':'`+status+`'}]}}`), nil), want)
	}
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
			Performed: "2026-03-02", Performers: []models.Participant{{Provider: models.Provider{PractitionerID: "smith"}}}, ReasonRefs: []string{"Condition/d1"}, ReasonCodes: []string{"I10"}}
		if diff := cmp.Diff(want, intake.Procedure(document(t, text), nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestTextAloneIsNoService(t *testing.T) {
	got := intake.Procedure(document(t, `{'resourceType':'Procedure','code':{'coding':[{'system':'http://snomed.info/sct','code':'25'}],'text':'99214-25'}}`), nil)
	same(t, got, models.Procedure{})
}

const chargeItemText = `{'resourceType':'ChargeItem','id':'i1','status':'billable','subject':{'reference':'Patient/canary'},'context':{'reference':'Encounter/v1'},
 'code':{'coding':[{'system':'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets','code':'G0008'}]},'occurrenceDateTime':'2026-03-02','quantity':{'value':2.0},
 'priceOverride':{'value':175.00,'currency':'USD'},'performer':[{'actor':{'reference':'Practitioner/smith'}}],'reason':[{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}],
 'service':[{'reference':'Procedure/p1'}],'supportingInformation':[{'reference':'Condition/d1'},{'reference':'#d2'}],
 'contained':[{'resourceType':'Condition','id':'d2','code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'E11.9'}]}}]}`

func TestChargeItemIsRead(t *testing.T) {
	stated := models.Cents(17500)
	same(t, intake.ChargeItem(document(t, chargeItemText), nil), models.ChargeItem{
		ID: "i1", PatientID: "canary", VisitID: "v1", Status: "billable", System: models.SystemHCPCS, Code: "G0008", Units: 2 * models.OneUnit, Occurred: "2026-03-02",
		Performers: []models.Participant{{Provider: models.Provider{PractitionerID: "smith"}}}, ReasonCodes: []string{"I10", "E11.9"}, ReasonRefs: []string{"Condition/d1"},
		ServiceRefs: []string{"Procedure/p1"}, Stated: &stated,
	})
}

func TestQuantityIsReadExactlyOrNotAtAll(t *testing.T) {
	for quantity, want := range map[string]models.Units{
		`'quantity':{'value':2.5},`: 2500, `'quantity':{'value':0.125},`: 125, `'quantity':{'value':1e1},`: 10000, ``: 1000,
		`'quantity':{'value':-1},`: 0, `'quantity':{'value':0},`: 0, `'quantity':{'value':0.0005},`: 0, `'quantity':{'unit':'mg'},`: 0, `'quantity':{'comparator':'<','value':2},`: 0,
	} {
		if got := intake.ChargeItem(document(t, change(t, chargeItemText, `'quantity':{'value':2.0},`, quantity)), nil); got.Units != want {
			t.Errorf("%s is %s units, want %s", quantity, got.Units, want)
		}
	}
}

// TestOnlyACountIsTakenForUnits holds that minutes are told from units, and that a dose is neither.
func TestOnlyACountIsTakenForUnits(t *testing.T) {
	const ucum = `'system':'http://unitsofmeasure.org','code':`
	for quantity, want := range map[string]string{
		`'value':2`: "2 ", `'value':2,'unit':'units'`: "2 ", `'value':2,` + ucum + `'1'`: "2 ", `'value':2,` + ucum + `'{visit}'`: "2 ", `'value':2,'unit':'UN'`: "2 ",
		`'value':95,` + ucum + `'min'`: "95 MJ", `'value':95,'unit':'min'`: "95 MJ", `'value':95,'unit':'Minutes'`: "95 MJ", `'value':95,'code':'MJ'`: "95 MJ",
		`'value':80,` + ucum + `'mg'`: "charge.quantity ChargeItem.quantity.code", `'value':80,'unit':'mg'`: "charge.quantity ChargeItem.quantity.code",
		`'value':2,` + ucum + `'h'`: "charge.quantity ChargeItem.quantity.code", `'value':2,'code':'ML'`: "charge.quantity ChargeItem.quantity.code",
	} {
		item := intake.ChargeItem(document(t, change(t, chargeItemText, `'quantity':{'value':2.0}`, `'quantity':{`+quantity+`}`)), nil)
		got := item.Units.String() + " " + string(item.Measure)
		if len(item.Problems) > 0 {
			got = item.Problems[0].Rule + " " + item.Problems[0].Path
		}
		if got != want {
			t.Errorf("%s is %s, want %s", quantity, got, want)
		}
	}
}

// TestWhichDrugWasGivenIsReadOrAProblem holds that a drug comes with its amount where that is told, and that one that cannot be read is no silence.
func TestWhichDrugWasGivenIsReadOrAProblem(t *testing.T) {
	drug := func(number string, more string) string {
		return `'productCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/sid/ndc','code':'` + number + `'}]},` + more
	}
	amount := func(quantity string) string {
		return `'extension':[{'url':'https://medbill.dev/fhir/StructureDefinition/drug-quantity','valueQuantity':{` + quantity + `}}],`
	}
	for _, row := range []struct {
		text    string
		drug    models.Drug
		problem string
	}{
		{drug("0071-0155-23", amount(`'value':1.5,'system':'http://unitsofmeasure.org','code':'mL'`)), models.Drug{NDC: "00071015523", Unit: models.DrugMilliliter, Quantity: 1500}, ""},
		{drug("00071015523", amount(`'value':2,'unit':'UN'`)), models.Drug{NDC: "00071015523", Unit: models.DrugPiece, Quantity: 2000}, ""},
		{drug("00071015523", ""), models.Drug{NDC: "00071015523"}, ""},
		{`'productCodeableConcept':{'text':'a tablet'},`, models.Drug{}, ""},
		{drug("0071015523", ""), models.Drug{}, "charge.drug ChargeItem.product"},
		{drug("00071015523", amount(`'value':2,'unit':'vial'`)), models.Drug{NDC: "00071015523", Quantity: 2000}, "charge.drug ChargeItem.extension[0].value.code"},
		{drug("00071015523", amount(`'unit':'mL'`)), models.Drug{NDC: "00071015523", Unit: models.DrugMilliliter, Quantity: 1000}, "charge.drug ChargeItem.extension[0].value.value"},
	} {
		item := intake.ChargeItem(document(t, change(t, chargeItemText, `'quantity':`, row.text+`'quantity':`)), nil)
		problem := ""
		for _, p := range item.Problems {
			problem += p.Rule + " " + p.Path
		}
		if problem != row.problem || row.problem == "" && item.Drug != row.drug {
			t.Errorf("%s is %+v, %s; want %+v, %s", row.text, item.Drug, problem, row.drug, row.problem)
		}
	}
}

func TestOccurrenceIsTheFirstDay(t *testing.T) {
	for occurrence, want := range map[string]models.Date{
		`'occurrencePeriod':{'start':'2026-03-04','end':'2026-03-05'}`:                        "2026-03-04",
		`'occurrenceTiming':{'event':['2026-03-04T09:00:00-05:00','2026-03-06']}`:             "2026-03-04",
		`'occurrenceTiming':{'repeat':{'boundsPeriod':{'start':'2026-03-04'},'frequency':1}}`: "2026-03-04",
	} {
		got := intake.ChargeItem(document(t, change(t, chargeItemText, `'occurrenceDateTime':'2026-03-02'`, occurrence)), nil)
		if got.Occurred != want || len(got.Problems) > 0 {
			t.Errorf("%s is on %q with %v", occurrence, got.Occurred, got.Problems)
		}
	}
}

func TestWhatAChargeItemSaysInVainIsAProblem(t *testing.T) {
	for _, row := range []struct{ name, old, with, want string }{
		{"euros", `'USD'`, `'EUR'`, "charge.currency ChargeItem.priceOverride.currency"},
		{"no currency", `,'currency':'USD'`, ``, "charge.price ChargeItem.priceOverride.currency"},
		{"a fraction of a cent", `175.00`, `175.005`, "charge.price ChargeItem.priceOverride.value"},
		{"a negative price", `175.00`, `-175.00`, "charge.price ChargeItem.priceOverride"},
		{"a factor", `'priceOverride'`, `'factorOverride':0.8,'priceOverride'`, "charge.factor ChargeItem.factorOverride"},
		{"a month", `'2026-03-02'`, `'2026-03'`, "charge.day ChargeItem.occurrence"},
		{"a timing of no day", `'occurrenceDateTime':'2026-03-02'`, `'occurrenceTiming':{'code':{'text':'CANARY'}}`, "charge.day ChargeItem.occurrence"},
	} {
		got := intake.ChargeItem(document(t, change(t, chargeItemText, row.old, row.with)), nil)
		if len(got.Problems) != 1 || got.Problems[0].Rule+" "+got.Problems[0].Path != row.want || got.Problems[0].Severity != models.SeverityError {
			t.Errorf("%s: got %+v, want %s", row.name, got.Problems, row.want)
		}
	}
	if got := intake.ChargeItem(document(t, change(t, chargeItemText, `175.00`, `0.00`)), nil); got.Stated == nil || *got.Stated != 0 || len(got.Problems) > 0 {
		t.Errorf("a price of nothing is %v with %v, want a price", got.Stated, got.Problems)
	}
}

func TestEncountersOfOtherBillingAreNamedOnce(t *testing.T) {
	same(t, intake.ClaimedVisits(document(t, `{'resourceType':'ExplanationOfBenefit','item':[{'encounter':[{'reference':'Encounter/b'},{'reference':'Encounter/a'}]},{},
	 {'encounter':[{'reference':'Encounter/b'},{'reference':'urn:uuid:x'},{'display':'y'}]}]}`)), []models.VisitID{"b", "a"})
}
