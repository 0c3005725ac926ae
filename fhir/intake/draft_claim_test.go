package intake_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/fault"
)

const draftText = `{'resourceType':'Claim','id':'c1','status':'draft','use':'claim',
 'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claim-type','code':'professional'}]},
 'patient':{'reference':'Patient/canary'},'created':'2026-03-03','insurer':{'reference':'Organization/acme'},
 'provider':{'reference':'Organization/practice'},'priority':{'text':'normal'},
 'careTeam':[{'sequence':1,'provider':{'reference':'Practitioner/other'},'role':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claimcareteamrole','code':'assist'}]}},
  {'sequence':2,'provider':{'reference':'Practitioner/smith'},'role':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/claimcareteamrole','code':'primary'}]}}],
 'diagnosis':[{'sequence':2,'diagnosisCodeableConcept':{'coding':[{'system':'urn:oid:2.16.840.1.113883.6.90','code':'E78.5'}]}},
  {'sequence':1,'diagnosisCodeableConcept':{'coding':[{'system':'http://snomed.info/sct','code':'1'},{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}],
 'insurance':[{'sequence':1,'focal':true,'coverage':{'reference':'Coverage/plan'}},{'sequence':2,'focal':false,'coverage':{'reference':'Coverage/second'}}],
 'item':[{'sequence':1,'productOrService':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'99214'}]},'modifier':[{'coding':[{'code':'25'}]}],
   'diagnosisSequence':[1,2],'servicedDate':'2026-03-02','quantity':{'value':1.0},'unitPrice':{'value':250,'currency':'USD'},'net':{'value':250.00,'currency':'USD'},
   'locationCodeableConcept':{'coding':[{'system':'https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set','code':'11'}]}},
  {'sequence':5,'productOrService':{'coding':[{'system':'urn:oid:2.16.840.1.113883.6.285','code':'G0008'}]},
   'servicedPeriod':{'start':'2026-03-03','end':'2026-03-04'},'quantity':{'value':3},'unitPrice':{'value':10.05,'currency':'USD'}}],
 'total':{'value':280.15,'currency':'USD'}}`

func TestDraftClaimIsRead(t *testing.T) {
	got, err := intake.DraftClaim(document(t, draftText), nil)
	if err != nil {
		t.Fatal(err)
	}
	smith := models.Performer{ID: "smith"}
	want := models.Claim{
		Type: models.ClaimProfessional,
		ID:   "c1", PatientID: "canary", CoverageID: "plan", InsurerID: "acme", BillingID: "practice", Rendering: smith,
		State: models.ClaimDraft, Position: 1, Part: 1, ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-04", PlaceOfService: "11", Billed: 28015,
		Diagnoses: []models.ClaimDiagnosis{{Sequence: 2, Code: "E78.5"}, {Sequence: 1, Code: "I10"}},
		Lines: []models.ClaimLine{
			{Sequence: 1, System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1, 2}, ServiceDate: "2026-03-02", Rendering: smith, Billed: 25000},
			{Sequence: 5, System: models.SystemHCPCS, Code: "G0008", Units: 3 * models.OneUnit, ServiceDate: "2026-03-03", Rendering: smith, Billed: 3015},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFractionOfAUnitIsReadExactly(t *testing.T) {
	text := change(t, change(t, draftText, `{'value':3}`, `{'value':2.5}`), `280.15`, `275.13`)
	got, err := intake.DraftClaim(document(t, text), nil)
	if err != nil || got.Lines[1].Units != 2500 || got.Lines[1].Billed != 2513 {
		t.Errorf("got %+v, %v; want 2.5 units at 10.05", got.Lines, err)
	}
}

// TestMinutesAndDrugsAreReadFromADraft holds that a line tells minutes from units and a drug apart from both.
func TestMinutesAndDrugsAreReadFromADraft(t *testing.T) {
	text := change(t, draftText, `'quantity':{'value':3}`, `'quantity':{'value':3,'unit':'minutes','system':'http://unitsofmeasure.org','code':'min'},
	  'detail':[{'sequence':1,'productOrService':{'text':'of the house'}},{'sequence':2,'productOrService':{'coding':[{'system':'http://hl7.org/fhir/sid/ndc','code':'0071-0155-23'}]},'quantity':{'value':0.5,'code':'[iU]'}}]`)
	got, err := intake.DraftClaim(document(t, text), nil)
	want := models.Drug{NDC: "00071015523", Unit: models.DrugInternationalUnit, Quantity: 500}
	if err != nil || got.Lines[1].Measure != models.InMinutes || got.Lines[1].Units != models.UnitsOf(3) || got.Lines[1].Drug != want || got.Lines[0].Measure != models.InUnits {
		t.Errorf("got %+v, %v; want three minutes and half a unit of a drug", got.Lines, err)
	}
}

func TestUndatedLineIsOfTheClaimsOneDay(t *testing.T) {
	oneDay := change(t, draftText, `'created'`, `'billablePeriod':{'start':'2026-03-03','end':'2026-03-03'},'created'`)
	got, err := intake.DraftClaim(document(t, change(t, oneDay, `'servicedDate':'2026-03-02',`, ``)), nil)
	if err != nil || got.Lines[0].ServiceDate != "2026-03-03" {
		t.Errorf("got %+v, %v; want the day of the billable period", got.Lines, err)
	}
	got, err = intake.DraftClaim(document(t, change(t, draftText, `'servicedDate':'2026-03-02',`, ``)), nil)
	if err != nil || got.Lines[0].ServiceDate != "" {
		t.Errorf("got %+v, %v; want no day where nobody states one", got.Lines, err)
	}
}

func TestFocalInsuranceBehindAnotherIsSecond(t *testing.T) {
	text := change(t, change(t, draftText, `'focal':true`, `'focal':0`), `'focal':false`, `'focal':true`)
	got, err := intake.DraftClaim(document(t, text), nil)
	if err != nil || got.Position != 2 || got.CoverageID != "second" {
		t.Errorf("got position %d of %s, %v; want 2 of the second coverage", got.Position, got.CoverageID, err)
	}
}

func TestDraftClaimIsRefusedWhereItStands(t *testing.T) {
	invalid, rule := fault.Invalid, fault.BusinessRule
	for _, row := range []struct {
		name, old, with string
		kind            fault.Kind
		want            string
	}{
		{"not a draft", `'status':'draft'`, `'status':'active'`, rule, "claim.not-draft Claim.status"},
		{"a preauthorization", `'use':'claim'`, `'use':'preauthorization'`, rule, "claim.use Claim.use"},
		{"a replacement", `'id':'c1'`, `'id':'c1','extension':[{'url':'https://medbill.dev/fhir/StructureDefinition/claim-frequency','valueCode':'7'}]`, rule, "claim.frequency Claim.extension[0].value"},
		{"a pharmacy claim", `'code':'professional'`, `'code':'pharmacy'`, rule, "claim.type Claim.type"},
		{"no patient", `Patient/canary`, `urn:uuid:CANARY`, invalid, "required Claim.patient"},
		{"a practitioner bills", `Organization/practice`, `Practitioner/smith`, rule, "claim.provider Claim.provider"},
		{"nothing focal", `'focal':true`, `'focal':false`, invalid, "value Claim.insurance"},
		{"two focal", `'focal':false`, `'focal':true`, invalid, "value Claim.insurance"},
		{"a coverage in words", `'reference':'Coverage/plan'`, `'display':'CANARY'`, invalid, "required Claim.insurance[0].coverage"},
		{"no diagnosis code", `http://hl7.org/fhir/sid/icd-10-cm`, `urn:CANARY`, invalid, "code-invalid Claim.diagnosis[1].diagnosis"},
		{"a diagnosis number twice", `{'sequence':1,'diagnosisCodeableConcept'`, `{'sequence':2,'diagnosisCodeableConcept'`, invalid, "value Claim.diagnosis[1].sequence; value Claim.item[0].diagnosisSequence[0]"},
		{"a service of another system", `urn:oid:2.16.840.1.113883.6.285`, `urn:CANARY`, invalid, "code-invalid Claim.item[1].productOrService"},
		{"a modifier in words", `{'coding':[{'code':'25'}]}`, `{'text':'CANARY'}`, invalid, "code-invalid Claim.item[0].modifier[0]"},
		{"a pointer at nothing", `'diagnosisSequence':[1,2]`, `'diagnosisSequence':[1,3]`, invalid, "value Claim.item[0].diagnosisSequence[1]"},
		{"a month instead of a day", `'2026-03-02'`, `'2026-03'`, invalid, "value Claim.item[0].serviced"},
		{"four decimals of a unit", `{'value':1.0}`, `{'value':0.0005}`, invalid, "value Claim.item[0].quantity.value"},
		{"less than no units", `{'value':1.0}`, `{'value':-1}`, invalid, "value Claim.item[0].quantity.value"},
		{"a quantity of nothing", `{'value':1.0}`, `{'unit':'CANARY'}`, invalid, "value Claim.item[0].quantity.value"},
		{"no units", `{'value':1.0}`, `{'value':0}`, invalid, "value Claim.item[0].quantity.value"},
		{"a quantity in milligrams", `{'value':3}`, `{'value':3,'system':'http://unitsofmeasure.org','code':'mg'}`, rule, "claim.quantity Claim.item[1].quantity.code"},
		{"two drugs", `{'value':3}`, `{'value':3},'detail':[{'productOrService':{'coding':[{'system':'http://hl7.org/fhir/sid/ndc','code':'00071015523'}]}},{'productOrService':{'coding':[{'system':'http://hl7.org/fhir/sid/ndc','code':'00071015524'}]}}]`, rule, "claim.drugs Claim.item[1].detail[1]"},
		{"a drug that is none", `{'value':3}`, `{'value':3},'detail':[{'productOrService':{'coding':[{'system':'http://hl7.org/fhir/sid/ndc','code':'CANARY'}]}}]`, invalid, "code-invalid Claim.item[1].detail[0].productOrService"},
		{"a factor", `'quantity':{'value':3}`, `'factor':0.8,'quantity':{'value':3}`, rule, "claim.factor Claim.item[1].factor"},
		{"a line number twice", `{'sequence':5,`, `{'sequence':1,`, invalid, "value Claim.item[1].sequence"},
		{"no amount", `,'unitPrice':{'value':10.05,'currency':'USD'}`, ``, invalid, "required Claim.item[1].net"},
		{"a net that contradicts", `250.00`, `249.99`, invalid, "value Claim.item[0].net"},
		{"a negative amount", `10.05`, `-10.05`, invalid, "value Claim.item[1].unitPrice"},
		{"a fraction of a cent", `10.05`, `10.051`, rule, "money.fraction Claim.item[1].unitPrice.value"},
		{"units beyond an amount", `{'value':3}`, `{'value':99999999}`, rule, "money.too-large Claim.item[1].unitPrice"},
		{"euros", `'value':250,'currency':'USD'`, `'value':250,'currency':'EUR'`, rule, "money.currency Claim.item[0].unitPrice.currency"},
		{"a place in words", `'code':'11'`, `'display':'CANARY'`, invalid, "code-invalid Claim.item[0].location"},
		{"a total that contradicts", `280.15`, `280.16`, invalid, "value Claim.total"},
	} {
		_, err := intake.DraftClaim(document(t, change(t, draftText, row.old, row.with)), nil)
		refused(t, row.name, err, row.kind, strings.Split(row.want, "; ")...)
	}
	_, err := intake.DraftClaim(document(t, `{'resourceType':'Claim','status':'draft','use':'claim'}`), nil)
	refused(t, "an empty claim", err, fault.Invalid,
		"claim.type Claim.type", "required Claim.patient", "claim.provider Claim.provider", "value Claim.insurance", "required Claim.item")
}

func TestEndlessListsAreRefusedWhole(t *testing.T) {
	endless := strings.Repeat(`{},`, 999) + `{}`
	_, err := intake.DraftClaim(document(t, change(t, draftText, `{'sequence':1,'productOrService'`, endless+`,{'sequence':1,'productOrService'`)), nil)
	refused(t, "a thousand items", err, fault.BusinessRule, "too-costly Claim.item")
	_, err = intake.Answer(document(t, change(t, answerText, `'item':[`, `'item':[`+endless+`,`)), nil)
	refused(t, "a thousand answers", err, fault.BusinessRule, "claim.too-many ClaimResponse.item")
}

func TestFactorOfOneAndTotalOfNothingAreNoContradiction(t *testing.T) {
	text := change(t, draftText, `'quantity':{'value':3}`, `'factor':1.0,'quantity':{'value':3}`)
	if _, err := intake.DraftClaim(document(t, change(t, text, `,
 'total':{'value':280.15,'currency':'USD'}`, ``)), nil); err != nil {
		t.Error(err)
	}
}
