package attack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/internal/auth"
)

// TestAPatientWritesNothingThatLeadsToAnother holds that a document of the patient's own is refused where anything in it leads to
// another patient, whatever becomes of it: kept, external or booked. An own document with nothing foreign in it is taken, so that
// it is the reference that is refused.
func TestAPatientWritesNothingThatLeadsToAnother(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.furnish(t)
		w.must(t, w.admin(t, ours), "PUT", "Patient/cleo", `{"resourceType":"Patient","id":"cleo","identifier":[{"system":"http://example.org/mrn","value":"cleo"}]}`)
		before := w.state(t)
		writer := w.sign(t, auth.Claims{Tenant: ours, Subject: "ann", Scope: "patient/*.cruds", Patient: "ann"})
		asks := 0
		tries := func(what, typ, document string, statuses []int, headers ...string) {
			for _, r := range []request{
				{"POST", typ, document, headers},
				{"PUT", typ + "/" + ann.named(typ), document, headers},
				bundleOf("transaction", []request{{"PUT", typ + "/" + ann.named(typ), document, nil}}),
			} {
				r.headers = headers
				if typ == "Patient" && r.path == "Patient" {
					continue // a new Patient is another one
				}
				asks++
				if got := w.send(t, r, writer); !slices.Contains(statuses, got.status) {
					t.Errorf("%s %s %s: %d, want %v: %.300s", r.method, typ, what, got.status, statuses, got.body)
				}
			}
		}
		for _, typ := range fhir.Types() {
			if belongs[typ.Name] == "" || specimens[typ.Name] == "" {
				continue
			}
			for _, stray := range strays(w.machine.BaseURL()) {
				tries("with "+stray, typ.Name, led(ann.specimen(typ.Name), stray), shut)
			}
			tries("found by a condition", typ.Name, led(ann.specimen(typ.Name), `"reference":"Patient?identifier=http://example.org/mrn|cleo"`), unfound)
			of := done
			if typ.Name == "Account" {
				of = shut // who answers for ann is the practice's to say
			}
			tries("of its own", typ.Name, led(ann.specimen(typ.Name), `"reference":"Patient/ann"`), of, dryRun)
			if typ.Name != "Patient" { // what is said of ann's own record is ann's
				tries("of another", typ.Name, strings.ReplaceAll(bob.specimen(typ.Name), `"id":"`+bob.named(typ.Name), `"id":"`+ann.named(typ.Name)), shut)
			}
		}
		for what, m := range booked() {
			id := strings.Replace(m.id, "P", "ann", 1)
			own := ann.document(m.typ, id, m.body)
			if got := w.send(t, request{"PUT", m.typ + "/" + id, led(own, `"reference":"Patient/ann"`), []string{dryRun}}, writer); !slices.Contains([]int{200, 201}, got.status) {
				t.Errorf("%s of its own: %d %.300s", m.typ, got.status, got.body)
			}
			for _, r := range []request{
				{"PUT", m.typ + "/" + id, m.foreign(own), nil},
				{"PUT", m.typ + "/ann-new", strings.Replace(m.foreign(own), id, "ann-new", 1), nil},
				{"POST", m.typ, m.foreign(own), nil},
			} {
				asks++
				if got := w.send(t, r, writer); got.status != 403 {
					t.Errorf("%s %s: %d, want 403: %.300s", r.method, what, got.status, got.body)
				}
			}
		}
		w.stands(t, before, "ann")
		t.Logf("%d requests", asks)
	})
}

// unfound is a condition that finds nothing of the asker's, refused as one that finds nothing at all.
var unfound = []int{400, 403, 412}

// strays are the ways in which a reference leads to another patient.
func strays(base string) []string {
	return []string{
		`"reference":"Patient/bob"`,
		`"reference":"Patient/bob/_history/1"`,
		`"reference":"` + base + `/Patient/bob"`,
		`"reference":"Encounter/bob-encounter"`,
		`"reference":"Coverage/bob-coverage"`,
		`"reference":"Observation/bob-observation"`,
		`"reference":"` + base + `/Claim/bob-draft"`,
		`"type":"Patient","identifier":{"system":"http://example.org/mrn","value":"cleo"}`,
	}
}

// led gives a document with a reference in an extension, where R4 lets any reference stand.
func led(document, reference string) string {
	return strings.Replace(document, `"extension":[`, `"extension":[{"url":"http://example.org/led","valueReference":{`+reference+`}},`, 1)
}

// misled is a document for the books, and how it leads to bob.
type misled struct {
	typ, id, body string
	foreign       func(own string) string
}

// booked are the ways in which what the books take would bill another patient.
func booked() map[string]misled {
	swap := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	charge, draft := more[4], more[5]
	if charge.typ != "ChargeItem" || draft.typ != "Claim" {
		panic(fmt.Sprint(charge, draft))
	}
	cases := map[string]misled{}
	for what, foreign := range map[string]func(string) string{
		"a charge for another":                   swap("Patient/ann", "Patient/bob"),
		"a charge on another's visit":            swap("Encounter/ann-uncoded", "Encounter/bob-uncoded"),
		"a billable charge on another's visit":   swap("Encounter/ann-uncoded", "Encounter/bob-second", `"planned"`, `"billable"`),
		"a charge withdrawn on another's visit":  swap("Encounter/ann-uncoded", "Encounter/bob-second", `"planned"`, `"not-billable"`),
		"a charge whose service is another's":    swap(`"status":"planned"`, `"status":"planned","service":[{"reference":"Procedure/bob-procedure"}]`),
		"a charge for another, on its own visit": swap("Patient/ann", "Patient/bob", "ANNCANARY", "BOBCANARY"),
	} {
		cases[what] = misled{charge.typ, charge.id, charge.body, foreign}
	}
	for what, foreign := range map[string]func(string) string{
		"a draft for another":                swap("Patient/ann", "Patient/bob"),
		"a draft for another on its plan":    swap("Patient/ann", "Patient/bob", "Coverage/ann", "Coverage/bob"),
		"a draft on another's coverage":      swap("Coverage/ann-coverage", "Coverage/bob-coverage"),
		"a draft of another's visit":         swap(`"item":[{"sequence":1,`, `"item":[{"sequence":1,"encounter":[{"reference":"Encounter/bob-second"}],`),
		"a draft that replaces another's":    swap(`"use":"claim"`, `"use":"claim","related":[{"claim":{"reference":"Claim/bob-draft"}}]`),
		"a draft with another's condition":   swap(`"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]}`, `"diagnosisReference":{"reference":"Condition/bob-condition"}`),
		"a claim from elsewhere for another": swap(`"draft"`, `"active"`, "Patient/ann", "Patient/bob"),
		"a claim from elsewhere on its plan": swap(`"draft"`, `"active"`, "Coverage/ann", "Coverage/bob"),
	} {
		cases[what] = misled{draft.typ, draft.id, draft.body, foreign}
	}
	return cases
}
