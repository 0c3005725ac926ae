package payer

import (
	"encoding/json"
	"strings"
	"time"
)

// Decision is what a payer says of a request for authorization, some days after it came.
type Decision struct {
	After  int    // days
	Action string // X12 306: A1 certified, A3 not certified, A4 pended
	Reason string // X12 886
}

// Preauthorization is a request as it was taken, with all that its answer repeats.
type Preauthorization struct {
	Key       string        `json:"key"`
	Plan      string        `json:"plan"`
	Member    string        `json:"member"`
	Serviced  string        `json:"serviced"`
	Came      time.Time     `json:"came"`
	Document  claimDocument `json:"document"`
	Reference string        `json:"reference"` // as the Bundle named the claim
}

// certified is what is said of members who play in no scenario of authorization.
var certified = []Decision{{Action: "A1"}}

func decisionsOf(member string) []Decision {
	found, says := "", certified
	for _, r := range Rows {
		if r.Authorization != nil && strings.HasPrefix(strings.ToUpper(member), r.Prefix) && len(r.Prefix) > len(found) {
			found, says = r.Prefix, r.Authorization
		}
	}
	return says
}

// decided gives what stands on a day.
func (r *Preauthorization) decided(now time.Time) Decision {
	var stands Decision
	for _, d := range decisionsOf(r.Member) {
		if !now.Before(dayOf(r.Came.Format(time.DateOnly)).AddDate(0, 0, d.After)) {
			stands = d
		}
	}
	return stands
}

const reviewAction = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction"

// authorized is the Bundle that answers a request for authorization (Da Vinci PAS).
func (s *state) authorized(r *Preauthorization, now time.Time) json.RawMessage {
	d, decision := r.Document, r.decided(now)
	answer := object{
		"resourceType": "ClaimResponse", "status": "active", "type": d.Type, "use": "preauthorization", "patient": d.Patient, "created": now.Format(time.DateOnly), "insurer": d.Insurer,
		"request": object{"reference": r.Reference}, "identifier": []object{{"system": systemOf(r.Plan, "authorization"), "value": name("request", r.Key)}}, "outcome": "complete",
	}
	if len(d.Identifier) > 0 {
		answer["request"] = object{"reference": r.Reference, "identifier": d.Identifier[0]}
	}
	number := "AUTH-" + name("authorization", r.Key)
	switch decision.Action {
	case "A1":
		answer["preAuthRef"] = number
	case "A4":
		answer["outcome"] = "queued"
	}
	var items []object
	for i, item := range d.Item {
		sequence := item.Sequence
		if sequence == 0 {
			sequence = i + 1
		}
		parts := []object{{"url": reviewAction + "Code", "valueCodeableConcept": conceptOf("https://codesystem.x12.org/005010/306", decision.Action)}}
		if decision.Action == "A1" {
			parts = append(parts, object{"url": "number", "valueString": number})
			if item.ServicedPeriod.Start != "" {
				answer["preAuthPeriod"] = object{"start": item.ServicedPeriod.Start, "end": item.ServicedPeriod.End}
			}
		}
		if decision.Reason != "" {
			parts = append(parts, object{"url": "reasonCode", "valueCodeableConcept": conceptOf("https://codesystem.x12.org/external/886", decision.Reason)})
		}
		items = append(items, object{"itemSequence": sequence, "adjudication": []object{{
			"category": conceptOf(codesOfAdjudication, "submitted"), "extension": []object{{"url": reviewAction, "extension": parts}},
		}}})
	}
	answer["item"] = items
	return encode(object{"resourceType": "Bundle", "type": "collection", "entry": []object{{"resource": answer}}})
}
