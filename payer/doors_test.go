package payer_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"medbill/payer"
)

func TestOnlyWhoHasTheTokenIsLetIn(t *testing.T) {
	d := open(t, payer.Config{})
	for path, want := range map[string]int{"/": 200, "/fhir/R4/metadata": 200, "/letters": 401, "/deposits": 401, "/clock": 401} {
		request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, d.server.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := d.server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("GET %s without a token: %d, want %d", path, response.StatusCode, want)
		}
	}
	for path, body := range map[string]string{
		"/fhir/R4/Claim/$submit": `{"resourceType":"Patient"}`, "/fhir/R4/CoverageEligibilityRequest/$submit": `{"resourceType":"CoverageEligibilityRequest"}`, "/fhir/R4/$searchByPayment": `{}`,
	} {
		if got := d.do("POST", path, body, http.StatusUnprocessableEntity); !strings.Contains(string(got), "OperationOutcome") {
			t.Errorf("POST %s says %s", path, got)
		}
	}
	d.do("POST", "/fhir/R4/Claim/$submit", "no JSON", http.StatusBadRequest)
	d.do("POST", "/fhir/R4/$downloadRemittance", `{}`, http.StatusNotFound)
}

func TestTheClockMovesForwardOnly(t *testing.T) {
	d := open(t, payer.Config{})
	d.move(3)
	d.do("POST", "/clock", object{"now": start}, http.StatusConflict)
	if got := string(d.do("GET", "/clock", nil, http.StatusOK)); !strings.Contains(got, "2026-03-06T09:00:00Z") {
		t.Errorf("the clock says %s", got)
	}
}

func TestWhoAsksIsToldHowAClaimStands(t *testing.T) {
	for _, row := range []struct {
		member string
		days   int
		want   string
	}{
		{"LOST-1", 40, `"A4"`}, {"PEND-1", 0, `"P1"`}, {"PEND-1", 14, `"complete"`}, {"FB1-ROE", 0, `"A2"`}, {"DED-1", 0, `"complete"`}, {"REJ-1", 0, `"A7"`},
	} {
		d := open(t, payer.Config{})
		d.submit(claim("c", row.member, visit))
		d.move(row.days)
		for name, query := range map[string]object{
			"by its number": claim("", row.member, visit, func(c object) { c["identifier"] = []object{{"value": "N-c"}} }),
			"by the member": claim("", row.member, visit, func(c object) { delete(c, "identifier"); delete(c, "id") }),
		} {
			query["entry"].([]object)[1]["resource"].(object)["id"] = "c"
			query["entry"].([]object)[0]["resource"].(object)["insurance"] = []object{{"focal": true, "coverage": object{"reference": "Coverage/c"}}}
			if got := string(d.do("POST", "/fhir/R4/Claim/$inquire", query, http.StatusOK)); !strings.Contains(got, row.want) {
				t.Errorf("%s after %d days, asked %s: %s, want %s", row.member, row.days, name, got, row.want)
			}
		}
	}
	d := open(t, payer.Config{})
	if got := string(d.do("POST", "/fhir/R4/Claim/$inquire", claim("unknown", "DED-1", visit), http.StatusOK)); strings.Contains(got, "ClaimResponse") {
		t.Errorf("a claim that never came stands as %s", got)
	}
}

func TestAuthorizationIsDecidedByTheMember(t *testing.T) {
	for _, row := range []struct {
		member      string
		first, then string
	}{{"A1-1", "A1", "A1"}, {"A3-1", "A3", "A3"}, {"A41-1", "A4", "A1"}, {"A43-1", "A4", "A3"}, {"AUTH-1", "A1", "A1"}} {
		d := open(t, payer.Config{Seed: "seed"})
		ask := claim("p", row.member, []string{"70551 0.00"}, func(c object) { c["use"] = "preauthorization" })
		for i, want := range []string{row.first, row.then} {
			door := []string{"/fhir/R4/Claim/$submit", "/fhir/R4/Claim/$inquire"}[i]
			var bundle struct {
				Entry []struct {
					Resource struct {
						Outcome, PreAuthRef string
						Item                []struct {
							Adjudication []struct {
								Extension []struct {
									Extension []struct{ ValueCodeableConcept concept }
								}
							}
						}
					}
				}
			}
			d.read("POST", door, ask, &bundle)
			answer := bundle.Entry[0].Resource
			action := answer.Item[0].Adjudication[0].Extension[0].Extension[0].ValueCodeableConcept.code()
			if action != want || (answer.PreAuthRef != "") != (want == "A1") || (answer.Outcome == "queued") != (want == "A4") {
				t.Errorf("%s is told %s, %s, number %q; want %s", row.member, action, answer.Outcome, answer.PreAuthRef, want)
			}
			d.move(2)
		}
	}
}

// TestARequestOfTheGuideIsAnsweredServiceByService holds that a Bundle in the form of Da Vinci PAS's own examples is answered: a request for home health care of two services without amounts, with all it names.
func TestARequestOfTheGuideIsAnsweredServiceByService(t *testing.T) {
	const x12, hcpcs = "https://codesystem.x12.org/005010/", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
	extension := func(name, system, code string) object {
		return object{"url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-" + name, "valueCodeableConcept": object{"coding": []object{{"system": x12 + system, "code": code}}}}
	}
	item := func(sequence int, code string) object {
		return object{
			"extension": []object{extension("requestType", "1525", "HS"), extension("certificationType", "1322", "I")}, "sequence": sequence,
			"category": object{"coding": []object{{"system": x12 + "1365", "code": "42"}}}, "productOrService": object{"coding": []object{{"system": hcpcs, "code": code}}},
		}
	}
	entry := func(typ, id string, more object) object {
		more["resourceType"], more["id"] = typ, id
		return object{"fullUrl": "http://example.org/fhir/" + typ + "/" + id, "resource": more}
	}
	ref := func(to string) object { return object{"reference": to} }
	ask := object{"resourceType": "Bundle", "identifier": object{"system": "http://example.org/SUBMITTER_TRANSACTION_IDENTIFIER", "value": "B56789"}, "type": "collection", "timestamp": "2026-03-02T14:30:00+05:00", "entry": []object{
		entry("Claim", "HomecareAuthorizationExample", object{
			"identifier": []object{{"system": "http://example.org/PATIENT_EVENT_TRACE_NUMBER", "value": "111099", "assigner": object{"identifier": object{"system": "http://example.org/USER_ASSIGNED", "value": "9012345678"}}}},
			"status":     "active", "type": object{"coding": []object{{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional"}}}, "use": "preauthorization", "patient": ref("Patient/SubscriberExample"),
			"created": "2026-03-02T11:01:00+05:00", "insurer": ref("Organization/InsurerExample"), "provider": ref("Organization/UMOExample"), "priority": object{"coding": []object{{"system": "http://terminology.hl7.org/CodeSystem/processpriority", "code": "normal"}}},
			"insurance": []object{{"sequence": 1, "focal": true, "coverage": ref("Coverage/InsuranceExample")}}, "item": []object{item(1, "G0154"), item(2, "B4184")},
		}),
		entry("Organization", "UMOExample", object{"active": true, "name": "REQUESTER"}), entry("Organization", "InsurerExample", object{"active": true, "name": "INSURER"}),
		entry("Coverage", "InsuranceExample", object{"status": "active", "subscriberId": "1122334455", "beneficiary": ref("Patient/SubscriberExample"), "payor": []object{ref("Organization/InsurerExample")}}),
		entry("Patient", "SubscriberExample", object{"gender": "male"}),
	}}
	d := open(t, payer.Config{Seed: "seed"})
	for _, door := range []string{"/fhir/R4/Claim/$submit", "/fhir/R4/Claim/$inquire"} {
		var bundle struct {
			Type  string
			Entry []struct {
				Resource struct {
					ResourceType, Use, Outcome string
					Request                    struct{ Identifier struct{ Value string } }
					Item                       []struct{ ItemSequence int }
				}
			}
		}
		d.read("POST", door, ask, &bundle)
		answer := bundle.Entry[0].Resource
		if bundle.Type != "collection" || answer.ResourceType != "ClaimResponse" || answer.Use != "preauthorization" || answer.Outcome != "complete" || answer.Request.Identifier.Value != "111099" || len(answer.Item) != 2 || answer.Item[1].ItemSequence != 2 {
			t.Errorf("%s answers %+v", door, bundle)
		}
	}
}

// question is a CoverageEligibilityRequest about a member with its Coverage.
func question(member string) object {
	return object{"resourceType": "Bundle", "type": "collection", "entry": []object{
		{"resource": object{
			"resourceType": "CoverageEligibilityRequest", "id": "q", "status": "active", "purpose": []string{"validation", "benefits"}, "patient": object{"reference": "Patient/p"}, "servicedDate": served,
			"created": served, "insurer": object{"reference": "Organization/acme"}, "insurance": []object{{"focal": true, "coverage": object{"reference": "Coverage/c"}}},
		}},
		{"resource": object{"resourceType": "Coverage", "id": "c", "subscriberId": member}},
	}}
}

// eligibility tells an answer in one line.
func (d *desk) eligibility(member string) string {
	d.Helper()
	var a struct {
		Outcome, Disposition string
		Error                []struct{ Code concept }
		Insurance            []struct {
			Inforce   bool
			Extension []struct {
				Extension []struct {
					ValueIdentifier struct{ Value string }
				}
			}
			Item []struct {
				Unit                  concept
				AuthorizationRequired bool
				Benefit               []struct {
					Type                    concept
					AllowedMoney, UsedMoney *amount
					AllowedUnsignedInt      int
				}
			}
		}
	}
	d.read("POST", "/fhir/R4/CoverageEligibilityRequest/$submit", question(member), &a)
	text := a.Outcome
	for _, e := range a.Error {
		text += " " + e.Code.code()
	}
	for _, in := range a.Insurance {
		text += fmt.Sprintf(" inforce %v", in.Inforce)
		for _, e := range in.Extension {
			text += " after " + e.Extension[0].ValueIdentifier.Value
		}
		for _, item := range in.Item {
			text += "; " + item.Unit.code()
			for _, b := range item.Benefit {
				text += " " + b.Type.code()
				if b.AllowedMoney != nil {
					text += " " + b.AllowedMoney.Value.String()
				}
				if b.UsedMoney != nil {
					text += "/" + b.UsedMoney.Value.String()
				}
				if b.AllowedUnsignedInt > 0 {
					text += fmt.Sprint(" ", b.AllowedUnsignedInt)
				}
			}
			if item.AuthorizationRequired {
				text += " authorization"
			}
		}
	}
	return text + a.Disposition
}

func TestEligibilityIsToldByTheMember(t *testing.T) {
	const year, visit = "; individual deductible 500.00/450.00 maxoutofpocket 1000.00/450.00", ";  copay 25.00 copay-percent 20"
	d := open(t, payer.Config{})
	for _, row := range [][]string{
		{"E1-1", "complete inforce true" + year + visit},
		{"E2-1", "complete inforce false"},
		{"E3-1", "error 75"},
		{"E4-1", "error 42", "complete inforce true" + year + visit},
		{"E5-1", "complete inforce true after BETA" + year + visit},
		{"E6-1", "complete inforce true" + year + "; family deductible 1000.00/980.00" + visit},
		{"E7-1", "complete inforce true" + year + visit + "The member is a dependent of another subscriber."},
		{"E8-1", "complete inforce true" + year + visit + " authorization"},
		{"E9-1", "error 57"},
		{"E10-1", "complete inforce true"},
		{"DED-1", "complete inforce true; individual deductible 50.00/0.00 maxoutofpocket 1000.00/0.00;  copay-percent 20"},
		{"AUTH-1", "complete inforce true; individual deductible 50.00/0.00 maxoutofpocket 1000.00/0.00;  copay-percent 20 authorization"},
	} {
		for i, want := range row[1:] {
			if got := d.eligibility(row[0]); got != want {
				t.Errorf("%s is told, asked for the %d. time,\n%s\nwant\n%s", row[0], i+1, got, want)
			}
		}
	}
	d.submit(claim("c", "DED-1", []string{"99214 250.00", "93000 60.00", "36415 15.00"}))
	if got, want := d.eligibility("DED-1"), "complete inforce true; individual deductible 50.00/50.00 maxoutofpocket 1000.00/74.00;  copay-percent 20"; got != want {
		t.Errorf("after a claim DED-1 is told %s, want %s", got, want)
	}
}

func TestMoneyWithoutARemittanceIsFound(t *testing.T) {
	d := open(t, payer.Config{Seed: "seed"})
	d.submit(claim("lonely", "LONELY-1", visit))
	d.submit(claim("paid", "PAID-1", visit))
	d.move(1)
	var bank struct{ Deposits []payer.Deposit }
	d.read("GET", "/deposits", nil, &bank)
	if len(bank.Deposits) != 2 {
		t.Fatalf("there are deposits %v", bank.Deposits)
	}
	for _, deposit := range bank.Deposits {
		query := object{"resourceType": "Parameters", "parameter": []object{
			{"name": "TIN", "valueString": "123456789"},
			{"name": "PaymentInfo", "part": []object{
				{"name": "PaymentIssueDate", "valuePeriod": object{"start": deposit.Day, "end": deposit.Day}}, {"name": "PaymentNumber", "valueString": deposit.Trace},
				{"name": "PaymentAmountRange", "part": []object{{"name": "PaymentAmountLow", "valueMoney": object{"value": json.Number(deposit.Amount)}}, {"name": "PaymentAmountHigh", "valueMoney": object{"value": json.Number(deposit.Amount)}}}},
			}},
		}}
		if got := string(d.do("POST", "/fhir/R4/$searchByPayment", query, http.StatusOK)); strings.Count(got, `"PaymentInfo"`) != 1 || !strings.Contains(got, deposit.Trace) {
			t.Fatalf("%v is found as %s", deposit, got)
		}
		var file struct {
			ContentType string
			Data        []byte
		}
		d.read("POST", "/fhir/R4/$downloadRemittance", object{"resourceType": "Parameters", "parameter": []object{{"name": "RemittanceAdviceIdentifier", "valueString": deposit.Trace}}}, &file)
		zip, err := gzip.NewReader(bytes.NewReader(file.Data))
		if err != nil || file.ContentType != "application/fhir+json+gzip" {
			t.Fatalf("the file of %v is %s: %v", deposit, file.ContentType, err)
		}
		advice, err := io.ReadAll(zip)
		if err != nil || strings.Count(string(advice), `"PaymentReconciliation"`) != 1 || strings.Count(string(advice), `"resourceType":"ClaimResponse"`) != 1 {
			t.Errorf("the remittance of %v is %s, %v", deposit, advice, err)
		}
	}
	nothing := object{"resourceType": "Parameters", "parameter": []object{{"name": "TIN", "valueString": "123456789"}, {"name": "PaymentInfo", "part": []object{{"name": "PaymentNumber", "valueString": "none"}}}}}
	if got := string(d.do("POST", "/fhir/R4/$searchByPayment", nothing, http.StatusOK)); !strings.Contains(got, "OperationOutcome") {
		t.Errorf("of a payment that was not made it is told %s", got)
	}
	for _, l := range d.letters() {
		if l.Member == "" && l.Paid != "136.00" {
			t.Errorf("a remittance of %s was sent of money that is told by nobody", l.Paid)
		}
	}
}
