package billing_test

import (
	"testing"

	"medbill/models/fault"
)

// identified is an Encounter under a business identifier.
func identified(system, value, typ string) fields {
	identifier := fields{"system": system, "value": value}
	if typ != "" {
		identifier["type"] = conceptOf("http://terminology.hl7.org/CodeSystem/v2-0203", typ)
	}
	return fields{"identifier": []fields{identifier}}
}

// TestTheSameVisitIsBilledOnce holds that a visit which an EHR pushes under two ids is billed once, that the second case waits for
// a person, and that no two visits are taken for one.
func TestTheSameVisitIsBilledOnce(t *testing.T) {
	here := identified("urn:canary:visits", "V-1", "")
	rows := []struct {
		name          string
		first, second fields
		want          string // of the second
	}{
		{"the same identifier on the same day", here, here, "held; duplicate-visit"},
		{"another number", here, identified("urn:canary:visits", "V-2", ""), "ready; acme ready 60.00"},
		{"the same number of another system", here, identified("urn:canary:others", "V-1", ""), "ready; acme ready 60.00"},
		{"an account number", identified("urn:canary:accounts", "A-1", "AN"), identified("urn:canary:accounts", "A-1", "AN"), "ready; acme ready 60.00"},
		{"no identifiers", nil, nil, "ready; acme ready 60.00"},
		{"the same identifier on another day", here, here.with(fields{"period": fields{"start": "2026-03-09T15:00:00Z", "end": "2026-03-09T15:30:00Z"}}), "ready; acme ready 60.00"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		other := func(g guest, service string) []fields {
			there := fields{"encounter": ref("Encounter/" + g.named("again"))}
			return []fields{g.condition("again-dx", "I10").with(there), g.procedure("again-ecg", service).with(there)}
		}
		for i, row := range rows {
			g := d.guest(i, "twin")
			g.send(g.patient(), g.plan("plan"), g.encounter("visit").with(row.first), g.condition("dx", "I10"), g.procedure("ecg", "93000"))
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "twin")
			service := "93000"
			if row.want != "held; duplicate-visit" {
				service = "36415" // the same service twice on a day is the scrubber's matter
			}
			g.send(append(other(g, service), g.encounter("again").with(row.second))...)
		}
		d.quiet()
		for i, row := range rows {
			g, want := d.guest(i, "twin"), row.want
			if want != "held; duplicate-visit" {
				want = "ready; acme ready 15.00"
			}
			if got := g.stands(); got != "ready; acme ready 60.00" {
				t.Errorf("%s: the first stands: %s", row.name, got)
			}
			if got := g.standsOf("again"); got != want {
				t.Errorf("%s: the second stands: %s; want: %s", row.name, got, want)
			}
		}
		g := d.guest(0, "twin")
		g.send(g.encounter("visit").with(here, fields{"status": "entered-in-error"}))
		d.quiet()
		if got, want := g.stands()+" | "+g.standsOf("again"), "voided | ready; acme ready 60.00"; got != want {
			t.Errorf("after the first was a mistake they stand: %s; want: %s", got, want)
		}
	})
}

// TestTheSameVisitWithoutAPlanIsAskedForOnce holds that a patient does not get two bills for one visit.
func TestTheSameVisitWithoutAPlanIsAskedForOnce(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "self")
		here, there := identified("urn:canary:visits", "V-1", ""), fields{"encounter": ref("Encounter/" + g.named("again"))}
		g.send(g.patient(), g.encounter("visit").with(here), g.condition("dx", "I10"), g.procedure("ecg", "93000"))
		d.quiet()
		g.send(g.encounter("again").with(here), g.condition("again-dx", "I10").with(there), g.procedure("again-ecg", "93000").with(there))
		d.quiet()
		if got, want := g.stands()+" | "+g.standsOf("again"), "patient; invoice issued 60.00 | held; duplicate-visit"; got != want {
			t.Errorf("they stand: %s; want: %s", got, want)
		}
		g.pay(g.invoice("visit"), 6000, "cash")
		g.send(g.encounter("visit").with(here, fields{"status": "cancelled"})) // somebody has paid for it: a person decides
		d.quiet()
		if got, want := g.stands()+" | "+g.standsOf("again"), "held; cancelled-visit; invoice balanced 60.00 | held; duplicate-visit"; got != want {
			t.Errorf("after the first was cancelled they stand: %s; want: %s", got, want)
		}
	})
}

// TestNobodysServiceIsBilledWithAnothersVisit holds that what names a visit of one patient and is of another holds the visit; a
// charge is refused where the visit is here, and holds it where the visit comes after it or moves.
func TestNobodysServiceIsBilledWithAnothersVisit(t *testing.T) {
	mistake := fields{"status": "entered-in-error"}
	rows := []struct {
		name    string
		what    func(g guest) fields
		mistake fields
	}{
		{"a charge", func(g guest) fields { return g.charge("c", "36415") }, mistake},
		{"a procedure", func(g guest) fields { return g.procedure("p", "36415") }, mistake},
		{"a diagnosis", func(g guest) fields { return g.condition("d", "E785") }, certainty("entered-in-error")},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		stranger := func(i int) fields { return rows[i].what(d.guest(i, "own")).with(fields{"subject": ref("Patient/ann")}) }
		for i := range rows {
			g := d.guest(i, "own")
			g.send(stranger(i))
			g.send(g.ecg()...)
			if rows[i].name == "a charge" {
				wantKind(t, g.try(g.charge("late", "36415").with(fields{"subject": ref("Patient/ann")})), fault.BusinessRule, "charge.subject")
			}
		}
		d.quiet()
		d.books("AR:Insurance 0.00")
		for i, row := range rows {
			g := d.guest(i, "own")
			if got, want := g.stands(), "held; clarify-patient"; got != want {
				t.Errorf("%s of another patient: the visit stands: %s; want: %s", row.name, got, want)
			}
			g.send(stranger(i).with(row.mistake))
		}
		d.quiet()
		for i, row := range rows {
			if got, want := d.guest(i, "own").stands(), "ready; acme ready 60.00"; got != want {
				t.Errorf("%s of another patient was a mistake: the visit stands: %s; want: %s", row.name, got, want)
			}
		}
	})
}
