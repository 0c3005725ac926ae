package intake_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/fault"
)

// stayText is a stay as a front end writes it.
const stayText = `{'resourceType':'Claim','id':'d1','status':'draft','use':'claim',
 'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'institutional'}]},
 'subType':{'coding':[{'system':'https://www.nubc.org/CodeSystem/TypeOfBill','code':'0111'}]},
 'patient':{'reference':'Patient/canary'},'billablePeriod':{'start':'2026-03-02','end':'2026-03-05'},'created':'2026-03-06',
 'insurer':{'reference':'Organization/acme'},'provider':{'reference':'Organization/practice'},
 'priority':{'coding':[{'code':'normal'}]},
 'careTeam':[{'sequence':1,'provider':{'reference':'Practitioner/smith'},'role':{'coding':[{'system':'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimCareTeamRole','code':'attending'}]}},
  {'sequence':2,'provider':{'reference':'Practitioner/miller'},'role':{'coding':[{'system':'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimCareTeamRole','code':'operating'}]}},
  {'sequence':3,'provider':{'reference':'Practitioner/nurse'},'role':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claimcareteamrole','code':'assist'}]}}],
 'supportingInfo':[
  {'sequence':1,'category':{'coding':[{'system':'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType','code':'admissionperiod'}]},'timingPeriod':{'start':'2026-03-02T14:00:00-05:00','end':'2026-03-05T10:00:00-05:00'}},
  {'sequence':2,'category':{'coding':[{'system':'http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType','code':'admtype'}]},'code':{'coding':[{'system':'https://www.nubc.org/CodeSystem/PriorityTypeOfAdmitOrVisit','code':'1'}]}},
  {'sequence':3,'category':{'coding':[{'system':'https://medbill.dev/fhir/CodeSystem/claim-information','code':'value'}]},'code':{'coding':[{'system':'https://www.nubc.org/CodeSystem/ValueCodes','code':'80'}]},'valueQuantity':{'value':3}},
  {'sequence':4,'category':{'coding':[{'system':'https://medbill.dev/fhir/CodeSystem/claim-information','code':'value'}]},'code':{'coding':[{'system':'https://www.nubc.org/CodeSystem/ValueCodes','code':'A2'}]},'valueQuantity':{'value':12.50,'system':'urn:iso:std:iso:4217','code':'USD'}},
  {'sequence':5,'category':{'coding':[{'system':'https://medbill.dev/fhir/CodeSystem/claim-information','code':'occurrence'}]},'code':{'coding':[{'system':'https://www.nubc.org/CodeSystem/OccurrenceCodes','code':'11'}]},'timingDate':'2026-03-01'},
  {'sequence':6,'category':{'coding':[{'system':'https://medbill.dev/fhir/CodeSystem/claim-information','code':'occurrence-span'}]},'code':{'coding':[{'system':'https://www.nubc.org/CodeSystem/OccurrenceSpanCodes','code':'72'}]},'timingPeriod':{'start':'2026-03-01','end':'2026-03-02'}},
  {'sequence':7,'category':{'coding':[{'system':'https://medbill.dev/fhir/CodeSystem/claim-information','code':'condition'}]},'code':{'coding':[{'system':'https://www.nubc.org/CodeSystem/ConditionCodes','code':'09'}]}},
  {'sequence':8,'category':{'text':'the house\'s own'}}],
 'diagnosis':[{'sequence':1,'diagnosisCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'J18.9'}]},'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/ex-diagnosistype','code':'principal'}]},{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/ex-diagnosistype','code':'admitting'}]}],
   'onAdmission':{'coding':[{'system':'https://www.nubc.org/CodeSystem/PresentOnAdmissionIndicator','code':'Y'}]},
   'packageCode':{'coding':[{'system':'https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software','code':'195'}]}}],
 'procedure':[{'sequence':1,'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/ex-procedure-type','code':'secondary'}]}],'procedureCodeableConcept':{'coding':[{'system':'http://www.cms.gov/Medicare/Coding/ICD10','code':'3E0234Z'}]}},
  {'sequence':2,'type':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/ex-procedure-type','code':'primary'}]}],'date':'2026-03-03','procedureCodeableConcept':{'coding':[{'system':'http://www.cms.gov/Medicare/Coding/ICD10','code':'0BJ08ZZ'}]}}],
 'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/plan'}}],
 'item':[{'sequence':1,'revenue':{'coding':[{'system':'https://www.nubc.org/CodeSystem/RevenueCodes','code':'0120'}]},'productOrService':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/data-absent-reason','code':'not-applicable'}]},'quantity':{'value':3},'unitPrice':{'value':900.00,'currency':'USD'},'net':{'value':2700.00,'currency':'USD'}},
  {'sequence':2,'revenue':{'coding':[{'system':'https://www.nubc.org/CodeSystem/RevenueCodes','code':'0450'}]},'productOrService':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'99284'}]},'servicedDate':'2026-03-02','net':{'value':310.00,'currency':'USD'}}],
 'total':{'value':3010.00,'currency':'USD'}}`

func TestAStayIsReadOffADraft(t *testing.T) {
	got, err := intake.DraftClaim(document(t, stayText), nil)
	if err != nil {
		t.Fatal(err)
	}
	days, surcharge := models.UnitsOf(3), models.Cents(1250)
	want := models.Stay{
		BillType: "111", Admitted: "2026-03-02T14:00:00-05:00", Discharged: "2026-03-05T10:00:00-05:00", Priority: "1",
		Information: []models.StayInformation{
			{Kind: models.InformationValue, Code: "80", Number: &days}, {Kind: models.InformationValue, Code: "A2", Amount: &surcharge},
			{Kind: models.InformationOccurrence, Code: "11", From: "2026-03-01"},
			{Kind: models.InformationSpan, Code: "72", From: "2026-03-01", Until: "2026-03-02"}, {Kind: models.InformationCondition, Code: "09"},
		},
		Providers:  []models.StayProvider{{Role: models.RoleAttending, Who: models.Performer{ID: "smith"}}, {Role: models.RoleOperating, Who: models.Performer{ID: "miller"}}},
		Procedures: []models.StayProcedure{{Code: "0BJ08ZZ", Day: "2026-03-03"}, {Code: "3E0234Z"}},
	}
	if diff := cmp.Diff(want, got.Stay); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Type != models.ClaimInstitutional || got.Rendering.ID != "smith" || got.ServiceFrom != "2026-03-02" || got.ServiceUntil != "2026-03-05" || got.Billed != 301000 {
		t.Errorf("the claim is %+v", got)
	}
	same(t, got.Diagnoses, []models.ClaimDiagnosis{{Sequence: 1, Code: "J18.9", InHospital: models.InHospital{Roles: models.Codes{"principal", "admitting"}, OnAdmission: "Y", Package: "195"}}})
	same(t, got.Lines, []models.ClaimLine{
		{Sequence: 1, System: models.SystemRevenue, Code: "0120", Revenue: "0120", Units: days, Billed: 270000},
		{Sequence: 2, System: models.SystemCPT, Code: "99284", Revenue: "0450", Units: models.OneUnit, ServiceDate: "2026-03-02", Billed: 31000},
	})
}

func TestAStayIsRefusedWhereItDoesNotFit(t *testing.T) {
	invalid, rule := fault.Invalid, fault.BusinessRule
	for _, row := range []struct {
		name, old, with string
		kind            fault.Kind
		want            string
	}{
		{"a type of bill in words", `'code':'0111'`, `'display':'CANARY'`, invalid, "code-invalid Claim.subType"},
		{"two admissions", `'code':'admtype'`, `'code':'admissionperiod'`, invalid, "value Claim.supportingInfo[1]"},
		{"an admission without days", `'timingPeriod':{'start':'2026-03-02T14:00:00-05:00','end':'2026-03-05T10:00:00-05:00'}`, `'timingDate':'2026-03-02'`, invalid, "required Claim.supportingInfo[0].timing"},
		{"a priority of another system", `PriorityTypeOfAdmitOrVisit`, `CANARY`, invalid, "code-invalid Claim.supportingInfo[1].code"},
		{"a value that is less than nothing", `'valueQuantity':{'value':3}`, `'valueQuantity':{'value':-3}`, invalid, "value Claim.supportingInfo[2].value.value"},
		{"a value in euros", `'4217','code':'USD'`, `'4217','code':'EUR'`, rule, "money.currency Claim.supportingInfo[3].value.code"},
		{"an occurrence without its day", `'timingDate':'2026-03-01'`, `'timingDate':'2026-03'`, invalid, "value Claim.supportingInfo[4].timing"},
		{"a condition of another system", `ConditionCodes`, `CANARY`, invalid, "code-invalid Claim.supportingInfo[6].code"},
		{"nobody attended", `'provider':{'reference':'Practitioner/smith'}`, `'provider':{'display':'CANARY'}`, rule, "claim.provider-role Claim.careTeam[0].provider"},
		{"two attended", `'code':'operating'`, `'code':'attending'`, rule, "claim.provider-role Claim.careTeam[1].role"},
		{"present in words", `'code':'Y'`, `'display':'CANARY'`, invalid, "code-invalid Claim.diagnosis[0].onAdmission"},
		{"a procedure of CPT", `'system':'http://www.cms.gov/Medicare/Coding/ICD10','code':'0BJ08ZZ'`, `'system':'http://www.ama-assn.org/go/cpt','code':'44970'`, invalid, "code-invalid Claim.procedure[1].procedure"},
		{"no revenue code", `'code':'0120'`, `'display':'CANARY'`, invalid, "code-invalid Claim.item[0].revenue"},
		{"neither a code nor the word that there is none", `'code':'not-applicable'`, `'code':'unknown'`, invalid, "code-invalid Claim.item[0].productOrService"},
		{"a pointer", `'servicedDate'`, `'diagnosisSequence':[1],'servicedDate'`, rule, "claim.pointers Claim.item[1].diagnosisSequence"},
		{"a place of service", `'servicedDate'`, `'locationCodeableConcept':{'coding':[{'code':'21'}]},'servicedDate'`, rule, "claim.places Claim.item[1].location"},
		{"a professional claim with a revenue code for a service", `'code':'institutional'`, `'code':'professional'`, invalid, "code-invalid Claim.item[0].productOrService"},
	} {
		old := row.old
		if strings.Contains(old, "4217") {
			old, row.with = `urn:iso:std:iso:4217','code':'USD'`, `urn:iso:std:iso:4217','code':'EUR'`
		}
		_, err := intake.DraftClaim(document(t, change(t, stayText, old, row.with)), nil)
		refused(t, row.name, err, row.kind, row.want)
	}
}

func TestACoderSaysAStay(t *testing.T) {
	got, err := intake.Coding(parameters(t,
		`{'name':'stay','part':[{'name':'typeOfBill','valueCode':'0111'},{'name':'admitted','valueDateTime':'2026-03-02T14:00:00-05:00'},{'name':'dischargeStatus','valueCode':'01'},
		  {'name':'diagnosis','part':[{'name':'sequence','valuePositiveInt':1},{'name':'role','valueCode':'principal'},{'name':'onAdmission','valueCode':'Y'},{'name':'package','valueCode':'195'}]},
		  {'name':'provider','part':[{'name':'role','valueCode':'attending'},{'name':'practitioner','valueReference':{'reference':'Practitioner/smith'}}]},
		  {'name':'procedure','part':[{'name':'code','valueCode':'0BJ08ZZ'},{'name':'date','valueDate':'2026-03-03'}]},
		  {'name':'occurrenceSpan','part':[{'name':'code','valueCode':'72'},{'name':'start','valueDate':'2026-03-01'},{'name':'end','valueDate':'2026-03-02'}]},
		  {'name':'value','part':[{'name':'code','valueCode':'A2'},{'name':'amount','valueMoney':{'value':12.50,'currency':'USD'}}]},
		  {'name':'value','part':[{'name':'code','valueCode':'81'},{'name':'number','valueDecimal':0}]}]}`,
		`{'name':'diagnosis','valueCode':'J18.9'}`,
		`{'name':'charge','part':[{'name':'revenue','valueCode':'0120'},{'name':'units','valuePositiveInt':3},{'name':'serviceDate','valueDate':'2026-03-02'}]}`,
		`{'name':'charge','part':[{'name':'code','valueCoding':{'system':'https://www.nubc.org/CodeSystem/RevenueCodes','code':'0250'}},{'name':'serviceDate','valueDate':'2026-03-02'}]}`,
		`{'name':'charge','part':[`+visitCode+`,{'name':'revenue','valueCoding':{'system':'https://www.nubc.org/CodeSystem/RevenueCodes','code':'0510'}},{'name':'serviceDate','valueDate':'2026-03-02'}]}`))
	if err != nil {
		t.Fatal(err)
	}
	none, surcharge := models.Units(0), models.Cents(1250)
	want := models.Coding{
		Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "J18.9", InHospital: models.InHospital{Roles: models.Codes{"principal"}, OnAdmission: "Y", Package: "195"}}},
		Services: []models.Service{
			{System: models.SystemRevenue, Code: "0120", Revenue: "0120", Units: models.UnitsOf(3), ServiceDate: "2026-03-02"},
			{System: models.SystemRevenue, Code: "0250", Revenue: "0250", Units: models.OneUnit, ServiceDate: "2026-03-02"},
			{System: models.SystemCPT, Code: "99214", Revenue: "0510", Units: models.OneUnit, ServiceDate: "2026-03-02"},
		},
		Stay: models.Stay{
			BillType: "111", Admitted: "2026-03-02T14:00:00-05:00", DischargeStatus: "01",
			Information: []models.StayInformation{
				{Kind: models.InformationSpan, Code: "72", From: "2026-03-01", Until: "2026-03-02"},
				{Kind: models.InformationValue, Code: "A2", Amount: &surcharge}, {Kind: models.InformationValue, Code: "81", Number: &none},
			},
			Providers:  []models.StayProvider{{Role: models.RoleAttending, Who: models.Performer{ID: "smith"}}},
			Procedures: []models.StayProcedure{{Code: "0BJ08ZZ", Day: "2026-03-03"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for part, place := range map[string]string{
		`{'name':'CANARY','valueCode':'x'}`:                                      "invalid Parameters.parameter[0].part[0]",
		`{'name':'priority'}`:                                                    "required Parameters.parameter[0].part[0].value",
		`{'name':'admitted','valueDateTime':'2026'}`:                             "value Parameters.parameter[0].part[0].value",
		`{'name':'diagnosis','part':[{'name':'sequence','valuePositiveInt':2}]}`: "value Parameters.parameter[0].part[0].part[0].value; required Parameters.parameter[0].part[0].part",
		`{'name':'provider','part':[{'name':'role','valueCode':'attending'},{'name':'practitioner','valueReference':{'reference':'Patient/x'}}]}`: "value Parameters.parameter[0].part[0].part[1].value",
		`{'name':'condition','part':[{'name':'CANARY'}]}`: "invalid Parameters.parameter[0].part[0].part[0]",
	} {
		_, err := intake.Coding(parameters(t, `{'name':'stay','part':[`+part+`]}`, hypertension, `{'name':'charge','part':[{'name':'revenue','valueCode':'0120'}]}`))
		refused(t, part, err, fault.Invalid, strings.Split(place, "; ")...)
	}
}
