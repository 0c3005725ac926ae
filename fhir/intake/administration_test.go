package intake_test

import (
	"testing"

	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/fault"
)

const connection = `{'name':'connection','part':[{'name':'payer','valueReference':{'reference':'Organization/acme'}},{'name':'kind','valueCode':'fhir'}]}`

func parametersOf(list string) string {
	return `{'resourceType':'Parameters','parameter':[` + list + `]}`
}

func TestSettingsThatAreNotSentStay(t *testing.T) {
	change, err := intake.Settings(document(t, parametersOf(`{'name':'dueDays','valueUnsignedInt':0},{'name':'clear','valueCode':'goLive'},`+connection)))
	if err != nil {
		t.Fatal(err)
	}
	before := models.Settings{Name: "Zzyzx Clinic", TimeZone: "UTC", GoLive: "2026-01-01", DueDays: 30, SelfPayHours: 24}
	after := before
	after.GoLive, after.DueDays = "", 0
	same(t, change.Apply(before), after)
	same(t, change.Connections, []models.PayerConnection{{PayerID: "acme", Kind: models.ConnectionFHIR}})
}

func TestWhatNoSettingTakesIsRefusedAtItsPlace(t *testing.T) {
	for list, want := range map[string]string{
		`{'name':'dueDays','valueUnsignedInt':-1}`:                          "Parameters.parameter[0].value",
		`{'name':'dueDays','valueString':'CANARY'}`:                         "Parameters.parameter[0].value",
		`{'name':'autoSubmit','valueString':'true'}`:                        "Parameters.parameter[0].value",
		`{'name':'goLive','valueDate':'2026-01'}`:                           "Parameters.parameter[0].value",
		`{'name':'practice','valueReference':{'reference':'Patient/x'}}`:    "Parameters.parameter[0].value",
		`{'name':'clear','valueCode':'timeZone'}`:                           "Parameters.parameter[0].value",
		connection + `,{'name':'CANARY','valueString':'x'}`:                 "Parameters.parameter[1]",
		`{'name':'connection','part':[{'name':'kind','valueCode':'fhir'}]}`: "Parameters.parameter[0].part",
	} {
		_, err := intake.Settings(document(t, parametersOf(list)))
		if f := fault.From(err); err == nil || f.Kind != fault.Invalid || len(f.Issues) != 1 || f.Issues[0].Path != want {
			t.Errorf("%s: %v, want %s", list, err, want)
		}
	}
}

func TestAScheduleNeedsItsNameAndItsLines(t *testing.T) {
	load, err := intake.Fees(document(t, parametersOf(`{'name':'name','valueString':'standard'},{'name':'payer','valueReference':{'reference':'Organization/acme'}},{'name':'from','valueDate':'2026-01-01'},{'name':'csv','valueString':'code'}`)))
	same(t, load, intake.FeeLoad{Name: "standard", PayerID: "acme", From: "2026-01-01", CSV: "code"})
	if err != nil {
		t.Error(err)
	}
	if _, err := intake.Fees(document(t, parametersOf(`{'name':'from','valueDate':'2026-01-01'}`))); len(fault.From(err).Issues) != 2 {
		t.Errorf("without name and csv: %v", err)
	}
	if _, err := intake.FeesEnd(document(t, parametersOf(`{'name':'until','valueDate':'2026'}`))); len(fault.From(err).Issues) != 2 {
		t.Errorf("without a schedule and a day: %v", err)
	}
}
