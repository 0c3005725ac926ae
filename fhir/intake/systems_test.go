package intake_test

import (
	"testing"

	"medbill/fhir/intake"
	"medbill/models"
)

func TestServiceIsFoundUnderEveryNameOfItsSystem(t *testing.T) {
	for _, row := range []struct{ system, code, want string }{
		{"http://www.ama-assn.org/go/cpt", "99213", models.SystemCPT},
		{"https://www.ama-assn.org/go/cpt/", "99213", models.SystemCPT},
		{"urn:oid:2.16.840.1.113883.6.12", "99213", models.SystemCPT},
		{"URN:OID:2.16.840.1.113883.6.12", "99213", models.SystemCPT},
		{"2.16.840.1.113883.6.12", "99213", models.SystemCPT},
		{"http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "J1100", models.SystemHCPCS},
		{"https://www.cms.gov/medicare/coding/HCPCSReleaseCodeSets/", "J1100", models.SystemHCPCS},
		{"https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets/Alpha-Numeric-HCPCS.html", "J1100", models.SystemHCPCS},
		{"https://bluebutton.cms.gov/resources/codesystem/hcpcs", "J1100", models.SystemHCPCS},
		{"urn:oid:2.16.840.1.113883.6.14", "J1100", models.SystemHCPCS},
		{"urn:oid:2.16.840.1.113883.6.285", "99213", models.SystemCPT},
		{"http://www.ama-assn.org/go/cpt", "J1100", models.SystemHCPCS},
		{"http://www.ama-assn.org/go/cpt", "0001U", models.SystemCPT},
		{"http://www.ama-assn.org/go/cpt", "9921", models.SystemCPT},
		{"http://www.ama-assn.org/go/cptx", "99213", ""},
		{"urn:oid:2.16.840.1.113883.6.1", "99213", ""},
		{"", "99213", ""},
	} {
		got := intake.Procedure(document(t, `{'resourceType':'Procedure','code':{'coding':[{'system':'`+row.system+`','code':'`+row.code+`'}]}}`), nil)
		if got.System != row.want {
			t.Errorf("%s of %q is of %q, want %q", row.code, row.system, got.System, row.want)
		}
	}
}

func TestDiagnosisIsTheFirstOfICD10CM(t *testing.T) {
	for _, system := range []string{"http://hl7.org/fhir/sid/icd-10-cm", "https://hl7.org/fhir/sid/icd-10-cm/", "http://www.hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.90"} {
		got := intake.Condition(document(t, `{'resourceType':'Condition','code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10','code':'I11'},{'system':'`+system+`','code':'I10'},
		 {'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I12.9'}]}}`), nil)
		if got.Code != "I10" {
			t.Errorf("%s: got %q", system, got.Code)
		}
	}
}

func TestNPIIsFoundUnderEveryNameOfItsSystem(t *testing.T) {
	for _, system := range []string{"http://hl7.org/fhir/sid/us-npi", "https://hl7.org/fhir/sid/us-npi", "http://hl7.org/fhir/sid/us-npi/", "urn:oid:2.16.840.1.113883.4.6"} {
		if got := intake.Party(document(t, `{'resourceType':'Organization','identifier':[{'system':'`+system+`','value':'1234567893'}]}`)); got.NPI != "1234567893" {
			t.Errorf("%s names no NPI", system)
		}
	}
}

func TestReasonsOfAnAnswerAreFoundUnderEveryNameOfTheirSystem(t *testing.T) {
	text := change(t, answerText, `'system':'`+reasonSystem+`','code':'253'`, `'system':'http://www.x12.org/codes/claim-adjustment-reason-codes/','code':'253'`)
	got, err := intake.Answer(document(t, text), nil)
	if err != nil || got.Adjustments[2].ReasonCode != "253" {
		t.Errorf("got %+v, %v", got.Adjustments, err)
	}
}
