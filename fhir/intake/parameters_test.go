package intake_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/fault"
)

func parameters(t *testing.T, parts ...string) *fhir.Document {
	return document(t, `{'resourceType':'Parameters','parameter':[`+strings.Join(parts, ",")+`]}`)
}

const (
	hypertension = `{'name':'diagnosis','valueCode':'I10'}`
	visitCode    = `{'name':'code','valueCoding':{'system':'http://www.ama-assn.org/go/cpt','code':'99214'}}`
	visit        = `{'name':'charge','part':[` + visitCode + `]}`
	amount       = `{'name':'amount','valueMoney':{'value':74.00,'currency':'USD'}}`
	method       = `{'name':'method','valueCode':'card'}`
)

func TestCodingIsReadInOrder(t *testing.T) {
	got, err := intake.Coding(parameters(t,
		`{'name':'charge','part':[{'name':'serviceDate','valueDate':'2026-03-02'},`+visitCode+`,{'name':'modifier','valueCode':'25'},{'name':'modifier','valueCode':'GT'},{'name':'units','valuePositiveInt':2},{'name':'pointer','valuePositiveInt':5},{'name':'pointer','valuePositiveInt':1}]}`,
		`{'name':'charge','part':[`+visitCode+`,{'name':'units','valueDecimal':2.5}]}`,
		`{'name':'charge','part':[{'name':'code','valueCoding':{'system':'http://www.ama-assn.org/go/cpt','code':'00790'}},{'name':'minutes','valuePositiveInt':95},{'name':'pointer','valuePositiveInt':1}]}`,
		`{'name':'charge','part':[{'name':'code','valueCoding':{'system':'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets','code':'J0702'}},{'name':'drug','valueCode':'0071-0155-23'},{'name':'drugQuantity','valueQuantity':{'value':1.5,'code':'mL'}},{'name':'pointer','valuePositiveInt':1}]}`,
		hypertension,
		`{'name':'diagnosis','valueString':'E78.5'}`,
		`{'name':'diagnosis','valueCoding':{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'J45.909'}}`,
		`{'name':'diagnosis','valueCodeableConcept':{'coding':[{'system':'urn:oid:2.16.840.1.113883.6.90','code':'Z23'}]}}`,
		`{'name':'charge','part':[{'name':'code','valueCoding':{'system':'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets','code':'G0008-59'}}]}`,
		`{'name':'diagnosis','valueCode':'R05.1'}`))
	if err != nil {
		t.Fatal(err)
	}
	want := models.Coding{
		Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}, {Sequence: 2, Code: "E78.5"}, {Sequence: 3, Code: "J45.909"}, {Sequence: 4, Code: "Z23"}, {Sequence: 5, Code: "R05.1"}},
		Services: []models.Service{
			{System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25", "GT"}, Units: 2 * models.OneUnit, Pointers: models.Numbers{5, 1}, ServiceDate: "2026-03-02"},
			{System: models.SystemCPT, Code: "99214", Units: 2500, Pointers: models.Numbers{1, 2, 3, 4}},
			{System: models.SystemCPT, Code: "00790", Units: models.UnitsOf(95), Measure: models.InMinutes, Pointers: models.Numbers{1}},
			{System: models.SystemHCPCS, Code: "J0702", Units: models.OneUnit, Drug: models.Drug{NDC: "00071015523", Unit: models.DrugMilliliter, Quantity: 1500}, Pointers: models.Numbers{1}},
			{System: models.SystemHCPCS, Code: "G0008", Modifiers: models.Codes{"59"}, Units: models.OneUnit, Pointers: models.Numbers{1, 2, 3, 4}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCodingIsRefusedWhereItStands(t *testing.T) {
	charge := func(parts string) string { return `{'name':'charge','part':[` + visitCode + `,` + parts + `]}` }
	for _, row := range []struct {
		name  string
		parts []string
		want  []string
	}{
		{"an unknown parameter", []string{hypertension, visit, hypertension, `{'name':'CANARY','valueCode':'x'}`}, []string{"invalid Parameters.parameter[3]"}},
		{"no charge", []string{hypertension}, []string{"required Parameters.parameter"}},
		{"a diagnosis of another system", []string{`{'name':'diagnosis','valueCoding':{'system':'http://snomed.info/sct','code':'CANARY'}}`, visit}, []string{"code-invalid Parameters.parameter[0].value"}},
		{"a diagnosis without code", []string{`{'name':'diagnosis'}`, visit}, []string{"code-invalid Parameters.parameter[0].value"}},
		{"an unknown part", []string{hypertension, charge(`{'name':'CANARY','valueCode':'x'}`)}, []string{"invalid Parameters.parameter[1].part[1]"}},
		{"two codes", []string{hypertension, charge(visitCode)}, []string{"value Parameters.parameter[1].part[1]"}},
		{"no code", []string{hypertension, `{'name':'charge','part':[{'name':'units','valuePositiveInt':1}]}`}, []string{"required Parameters.parameter[1].part"}},
		{"a service of another system", []string{hypertension, `{'name':'charge','part':[{'name':'code','valueCoding':{'code':'99214'}}]}`}, []string{"code-invalid Parameters.parameter[1].part[0].value"}},
		{"a long modifier", []string{hypertension, charge(`{'name':'modifier','valueCode':'CANARY'}`)}, []string{"code-invalid Parameters.parameter[1].part[1].value"}},
		{"no units", []string{hypertension, charge(`{'name':'units','valuePositiveInt':0}`)}, []string{"value Parameters.parameter[1].part[1].value"}},
		{"units and minutes", []string{hypertension, charge(`{'name':'units','valuePositiveInt':1},{'name':'minutes','valuePositiveInt':95}`)}, []string{"invalid Parameters.parameter[1].part"}},
		{"a drug without its amount", []string{hypertension, charge(`{'name':'drug','valueCode':'00071015523'}`)}, []string{"required Parameters.parameter[1].part"}},
		{"a drug of ten digits", []string{hypertension, charge(`{'name':'drug','valueCode':'0071015523'},{'name':'drugQuantity','valueQuantity':{'value':1,'code':'g'}}`)}, []string{"code-invalid Parameters.parameter[1].part[1].value"}},
		{"a drug in vials", []string{hypertension, charge(`{'name':'drug','valueCode':'00071015523'},{'name':'drugQuantity','valueQuantity':{'value':1,'unit':'vial'}}`)}, []string{"code-invalid Parameters.parameter[1].part[2].value.code"}},
		{"units in words", []string{hypertension, charge(`{'name':'units','valueString':'CANARY'}`)}, []string{"value Parameters.parameter[1].part[1].value"}},
		{"a pointer at nothing", []string{hypertension, charge(`{'name':'pointer','valuePositiveInt':2}`)}, []string{"value Parameters.parameter[1].part[1].value"}},
		{"a pointer of another type", []string{hypertension, charge(`{'name':'pointer','valueString':'1'}`)}, []string{"required Parameters.parameter[1].part[1].value"}},
		{"a month", []string{hypertension, charge(`{'name':'serviceDate','valueDate':'2026-03'}`)}, []string{"value Parameters.parameter[1].part[1].value"}},
		{"two things at once", []string{`{'name':'x'}`, `{'name':'y'}`, visit}, []string{"invalid Parameters.parameter[0]", "invalid Parameters.parameter[1]"}},
	} {
		_, err := intake.Coding(parameters(t, row.parts...))
		refused(t, row.name, err, fault.Invalid, row.want...)
	}
}

func TestPaymentIsRead(t *testing.T) {
	got, err := intake.Payment(parameters(t, amount, method, `{'name':'reference','valueString':'CANARY-7781'}`))
	want := intake.PaymentRequest{Amount: 7400, Method: models.PaymentCard, Reference: "CANARY-7781"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestPaymentIsRefusedWhereItStands(t *testing.T) {
	for _, row := range []struct {
		name  string
		parts []string
		kind  fault.Kind
		want  []string
	}{
		{"nothing", nil, fault.Invalid, []string{"required Parameters.parameter", "required Parameters.parameter"}},
		{"a fraction of a cent", []string{method, strings.Replace(amount, "74.00", "0.005", 1)}, fault.BusinessRule, []string{"money.fraction Parameters.parameter[1].value.value"}},
		{"euros", []string{strings.Replace(amount, "USD", "EUR", 1), method}, fault.BusinessRule, []string{"money.currency Parameters.parameter[0].value.currency"}},
		{"an amount in words", []string{`{'name':'amount','valueString':'CANARY'}`, method}, fault.Invalid, []string{"required Parameters.parameter[0].value"}},
		{"cowries", []string{amount, `{'name':'method','valueCode':'CANARY'}`}, fault.Invalid, []string{"code-invalid Parameters.parameter[1].value"}},
		{"a reference in numbers", []string{amount, method, `{'name':'reference','valueInteger':1}`}, fault.Invalid, []string{"value Parameters.parameter[2].value"}},
		{"two amounts", []string{amount, method, amount}, fault.Invalid, []string{"value Parameters.parameter[2]"}},
		{"an unknown parameter", []string{amount, method, `{'name':'CANARY'}`}, fault.Invalid, []string{"invalid Parameters.parameter[2]"}},
	} {
		_, err := intake.Payment(parameters(t, row.parts...))
		refused(t, row.name, err, row.kind, row.want...)
	}
}
