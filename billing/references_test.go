package billing_test

import (
	"fmt"
	"testing"
)

// TestAReferenceToUsIsLocal holds that a visit is billed the same way however its records name each other: by the address under
// which we are known, or by an identifier that one record has.
func TestAReferenceToUsIsLocal(t *testing.T) {
	absolute := func(to string) fields { return ref("http://test/fhir/R4/" + to) }
	numbered := func(g guest) fields {
		return fields{"identifier": []fields{{"system": "urn:canary:mrn", "value": g.id}}}
	}
	byNumber := func(g guest) fields {
		return fields{"type": "Patient", "identifier": fields{"system": "urn:canary:mrn", "value": g.id}}
	}
	rows := []struct {
		name string
		with func(g guest) map[string]fields // by the place in the visit
	}{
		{"whose plan it is", func(g guest) map[string]fields {
			return map[string]fields{"plan": {"beneficiary": absolute("Patient/" + g.id)}}
		}},
		{"whose plan it is, by a number", func(g guest) map[string]fields { return map[string]fields{"plan": {"beneficiary": byNumber(g)}} }},
		{"whose visit it is", func(g guest) map[string]fields {
			return map[string]fields{"visit": {"subject": absolute("Patient/" + g.id)}}
		}},
		{"whose visit it is, by a number", func(g guest) map[string]fields { return map[string]fields{"visit": {"subject": byNumber(g)}} }},
		{"the practice", func(guest) map[string]fields {
			return map[string]fields{"visit": {"serviceProvider": absolute("Organization/practice")}}
		}},
		{"the visit of a diagnosis", func(g guest) map[string]fields {
			return map[string]fields{"dx": {"encounter": absolute("Encounter/" + g.named("visit")), "subject": absolute("Patient/" + g.id)}}
		}},
		{"the diagnosis of a visit", func(g guest) map[string]fields {
			return map[string]fields{"dx": {"encounter": nil}, "visit": {"diagnosis": []fields{{"condition": absolute("Condition/" + g.named("dx"))}}}}
		}},
		{"the visit of a procedure", func(g guest) map[string]fields {
			return map[string]fields{"ecg": {"encounter": absolute("Encounter/" + g.named("visit")), "subject": byNumber(g)}}
		}},
		{"the visit of a charge", func(g guest) map[string]fields {
			return map[string]fields{"draw": {"context": absolute("Encounter/" + g.named("visit")), "subject": byNumber(g)}}
		}},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range rows {
			g := d.guest(i, "named")
			documents := g.visit()
			for n, f := range documents {
				for place, with := range row.with(g) {
					if f["id"] == g.named(place) {
						documents[n] = f.with(with)
					}
				}
			}
			documents[0] = documents[0].with(numbered(g))
			g.send(documents[0]) // an identifier finds what is there
			g.send(documents[1:]...)
		}
		d.quiet()
		for i, row := range rows {
			if got, want := d.guest(i, "named").stands(), "ready; acme ready 75.00"; got != want {
				t.Errorf("%s: the visit stands: %s; want: %s", row.name, got, want)
			}
		}
		// Whoever else has the address is somebody else.
		g := d.guest(len(rows), "named")
		g.send(g.patient(), g.plan("plan").with(fields{"beneficiary": ref(fmt.Sprintf("http://elsewhere/fhir/R4/Patient/%s", g.id))}))
		g.send(g.ecg()[2:]...)
		d.quiet()
		if got, want := g.stands(), "patient; invoice issued 60.00"; got != want {
			t.Errorf("under another server's plan the visit stands: %s; want: %s", got, want)
		}
	})
}
