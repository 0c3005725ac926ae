package billing_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/models"
)

// problem is a Condition of the guest that names no visit.
func (g guest) problem(record, code, recorded string) fields {
	return g.condition(record, code).with(fields{"encounter": nil, "recordedDate": recorded})
}

// diagnosed gives the diagnoses of the claims of the guest's visit.
func (g guest) diagnosed() string {
	g.t.Helper()
	var codes []string
	_, claims := g.kase("visit")
	for _, c := range claims {
		for _, diagnosis := range c.Diagnoses {
			codes = append(codes, diagnosis.Code)
		}
	}
	return strings.Join(codes, " ")
}

// TestAProblemOfThePatientBearsOnHisVisits holds that a Condition without a visit that comes, changes or goes is in the claim of
// each visit that it bears on, and after it was sent is a person's to look at; and that other visits are left alone.
func TestAProblemOfThePatientBearsOnHisVisits(t *testing.T) {
	const day, lastYear = "2026-03-02", "2025-03-02"
	corrected := func(recorded string) func(g guest) error {
		return func(g guest) error { return g.try(g.problem("dx", "E119", recorded)) }
	}
	names := func(g guest) fields { return ref("Condition/" + g.named("dx")) }
	rows := []struct {
		name   string
		visit  func(g guest) []fields // beside patient, plan, Encounter and Procedure
		change func(g guest) error
		want   string // the diagnoses of the unsent claim
		left   bool   // the sent one is left alone
	}{
		{"a problem of the day is corrected", func(g guest) []fields { return []fields{g.problem("dx", "I10", day)} }, corrected(day), "E119", false},
		{"another problem of the day comes", func(g guest) []fields { return []fields{g.problem("dx", "I10", day)} },
			func(g guest) error { return g.try(g.problem("more", "E119", day)) }, "I10 E119", false},
		{"a problem was of another day", func(g guest) []fields { return []fields{g.problem("dx", "I10", day), g.problem("more", "J069", day)} },
			corrected(lastYear), "J069", false},
		{"a problem of the day is deleted", func(g guest) []fields { return []fields{g.problem("dx", "I10", day), g.problem("more", "J069", day)} },
			func(g guest) error { return g.remove("Condition", "dx") }, "J069", false},
		{"a problem belongs to another visit", func(g guest) []fields { return []fields{g.problem("dx", "I10", day), g.problem("more", "J069", day)} },
			func(g guest) error {
				return g.try(g.condition("dx", "I10").with(fields{"encounter": ref("Encounter/" + g.named("other"))}))
			}, "J069", false},
		{"the visit names it as its diagnosis", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", lastYear), g.encounter("visit").with(fields{"diagnosis": []fields{{"condition": names(g)}}})}
		}, corrected(lastYear), "E119", false},
		{"the visit names it as its reason", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", lastYear), g.encounter("visit").with(fields{"reasonReference": []fields{names(g)}})}
		}, corrected(lastYear), "E119", false},
		{"a procedure names it as its reason", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", lastYear), g.procedure("ecg", "93000").with(fields{"reasonReference": []fields{names(g)}})}
		}, corrected(lastYear), "E119", false},
		{"a charge names it", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", lastYear), g.charge("draw", "36415").with(fields{"supportingInformation": []fields{names(g)}})}
		}, corrected(lastYear), "E119", false},
		{"a visit without a time has the days of its services", func(g guest) []fields {
			return []fields{g.problem("dx", "I10", day), g.encounter("visit").with(fields{"period": nil})}
		}, corrected(day), "E119", false},
		{"a problem of another day comes", func(g guest) []fields { return []fields{g.problem("dx", "I10", day)} },
			func(g guest) error { return g.try(g.problem("more", "E119", lastYear)) }, "I10", true},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for _, kind := range []string{"unsent", "sent"} {
			for i, row := range rows {
				g := d.guest(i, "problem-"+kind)
				g.send(over([]fields{g.patient(), g.plan("plan"), g.encounter("visit"), g.procedure("ecg", "93000")}, row.visit(g))...)
			}
		}
		d.quiet()
		before := map[string]models.Instant{}
		for i, row := range rows {
			g := d.guest(i, "problem-sent")
			g.submit()
			kase, _ := g.kase("visit")
			before[row.name] = kase.Updated
		}
		d.quiet()
		for i, row := range rows {
			for _, kind := range []string{"unsent", "sent"} {
				if err := row.change(d.guest(i, "problem-"+kind)); err != nil {
					t.Errorf("%s: %v", row.name, err)
				}
			}
		}
		d.quiet()
		for i, row := range rows {
			if got := d.guest(i, "problem-unsent").diagnosed(); got != row.want {
				t.Errorf("%s: the unsent claim has %q, want %q", row.name, got, row.want)
			}
			g := d.guest(i, "problem-sent")
			kase, _ := g.kase("visit")
			if got := strings.Contains(g.stands(), "changed-after-sent"); got == row.left {
				t.Errorf("%s: sent before, the visit stands: %s", row.name, g.stands())
			}
			if row.left && kase.Updated != before[row.name] {
				t.Errorf("%s: the visit is planned again", row.name)
			}
		}
	})
}

// TestAChartThatChangesUnderAPersonsWordIsTold holds that what was sent by a coder's or a front end's word is a person's again when
// the chart that it was chosen from says something else, and is left alone while it does not.
func TestAChartThatChangesUnderAPersonsWordIsTold(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		coded, drafted, early := d.guest(0, "word"), d.guest(1, "word"), d.guest(2, "word")
		ofVisit := func(g guest) fields {
			return g.draft(fields{"encounter": []fields{ref("Encounter/" + g.named("visit"))}})
		}
		coded.send(coded.ecg()...)
		drafted.send(drafted.ecg()...)
		early.send(early.patient(), early.plan("plan"))
		early.send(ofVisit(early))
		d.quiet()
		said := models.Coding{
			Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}},
			Services:  []models.Service{{System: models.SystemCPT, Code: "93000", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}},
		}
		if _, err := d.office.CodeVisit(t.Context(), d.admin(), billing.Call{}, models.VisitID(coded.named("visit")), said); err != nil {
			t.Fatal(err)
		}
		drafted.send(ofVisit(drafted))
		d.quiet()
		coded.submit()
		for _, g := range []guest{drafted, early} {
			d.submit(g.named("draft"))
		}
		early.send(early.encounter("visit"), early.condition("dx", "I10"), early.procedure("ecg", "93000"))
		d.quiet()
		for _, g := range []guest{coded, drafted, early} {
			if got, want := g.stands(), "sent; acme transmitted 60.00"; got != want {
				t.Errorf("%s stands: %s; want: %s", g.id, got, want)
			}
			g.send(g.condition("dx", "E119"))
		}
		d.quiet()
		for _, g := range []guest{coded, drafted, early} {
			if got, want := g.stands(), "sent; acme transmitted 60.00; changed-after-sent"; got != want {
				t.Errorf("after its diagnosis changed %s stands: %s; want: %s", g.id, got, want)
			}
		}
	})
}

// TestWhateverAPlanReadsBearsOnTheVisit holds for each kind of record that the plan of a case reads: when it comes, changes or goes
// so that the visit is billed otherwise, the unsent claim follows, and once it was sent a person is told.
func TestWhateverAPlanReadsBearsOnTheVisit(t *testing.T) {
	role := func(g guest, who string) fields {
		return fields{"resourceType": "PractitionerRole", "id": g.named("role"), "practitioner": ref("Practitioner/" + who)}
	}
	byRole := func(g guest) []fields {
		return []fields{role(g, "doc"), g.encounter("visit").with(fields{"participant": []fields{takingPart(ref("PractitionerRole/"+g.named("role")), "")}})}
	}
	performing := func(g guest) fields {
		return fields{"performer": []fields{{"actor": ref("PractitionerRole/" + g.named("role"))}}}
	}
	place := func(g guest, record, code, partOf string) fields {
		if partOf != "" {
			partOf = g.named(partOf)
		}
		return locationOf(g.named(record), code, partOf)
	}
	inRoom := func(g guest) fields {
		return g.encounter("visit").with(fields{"location": []fields{at(g.named("room"), "")}})
	}
	const number = "urn:canary:number"
	numbered := func(g guest, typ, id string, has bool) fields {
		f := fields{"resourceType": typ, "id": g.named(id), "name": "Zzyzx", "identifier": []fields{{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}}}
		if typ == "Practitioner" {
			f["name"] = []fields{{"family": "Canary"}}
		}
		if has {
			f["identifier"] = append(f["identifier"].([]fields), fields{"system": number, "value": g.id})
		}
		return f
	}
	byNumber := func(g guest, typ string) fields {
		return fields{"type": typ, "identifier": fields{"system": number, "value": g.id}}
	}
	both := func(g guest, typ string) []fields {
		return []fields{numbered(g, typ, "one", true), numbered(g, typ, "two", false)}
	}
	moved := func(typ string) func(g guest) error {
		return func(g guest) error {
			if err := g.try(numbered(g, typ, "one", false)); err != nil {
				return err
			}
			return g.try(numbered(g, typ, "two", true))
		}
	}
	const rendering, placed, billing, payer = "provider", "place", "practice", "payer"
	rows := []struct {
		name   string
		visit  func(g guest) []fields
		change func(g guest) error
		of     string // what of the claim is another one
	}{
		{"the visit's role is another's", byRole, func(g guest) error { return g.try(role(g, "another")) }, rendering},
		{"the visit's role is deleted", byRole, func(g guest) error { return g.remove("PractitionerRole", "role") }, rendering},
		{"a procedure's role is another's", func(g guest) []fields {
			return []fields{role(g, "doc"), g.procedure("ecg", "93000").with(performing(g))}
		},
			func(g guest) error { return g.try(role(g, "another")) }, rendering},
		{"a charge's role is another's", func(g guest) []fields { return []fields{role(g, "doc"), g.charge("draw", "36415").with(performing(g))} },
			func(g guest) error { return g.try(role(g, "another")) }, rendering},
		{"the room has another code", func(g guest) []fields { return []fields{place(g, "room", "22", ""), inRoom(g)} },
			func(g guest) error { return g.try(place(g, "room", "19", "")) }, placed},
		{"the room is deleted", func(g guest) []fields { return []fields{place(g, "room", "22", ""), inRoom(g)} },
			func(g guest) error { return g.remove("Location", "room") }, placed},
		{"the room comes late", func(g guest) []fields { return []fields{inRoom(g)} },
			func(g guest) error { return g.try(place(g, "room", "22", "")) }, placed},
		{"the house has another code", func(g guest) []fields {
			return []fields{place(g, "house", "22", ""), place(g, "wing", "", "house"), place(g, "room", "", "wing"), inRoom(g)}
		}, func(g guest) error { return g.try(place(g, "house", "19", "")) }, placed},
		{"the house is deleted", func(g guest) []fields {
			return []fields{place(g, "house", "22", ""), place(g, "wing", "", "house"), place(g, "room", "", "wing"), inRoom(g)}
		}, func(g guest) error { return g.remove("Location", "house") }, placed},
		{"the wing is part of another house", func(g guest) []fields {
			return []fields{place(g, "house", "22", ""), place(g, "other", "19", ""), place(g, "wing", "", "house"), place(g, "room", "", "wing"), inRoom(g)}
		}, func(g guest) error { return g.try(place(g, "wing", "", "other")) }, placed},
		{"the practice's number is another's", func(g guest) []fields {
			return append(both(g, "Organization"), g.encounter("visit").with(fields{"serviceProvider": byNumber(g, "Organization")}))
		}, moved("Organization"), billing},
		{"the provider's number is another's", func(g guest) []fields {
			return append(both(g, "Practitioner"), g.encounter("visit").with(fields{"participant": []fields{takingPart(byNumber(g, "Practitioner"), "")}}))
		}, moved("Practitioner"), rendering},
		{"a procedure's provider's number is another's", func(g guest) []fields {
			return append(both(g, "Practitioner"), g.procedure("ecg", "93000").with(fields{"performer": []fields{{"actor": byNumber(g, "Practitioner")}}}))
		}, moved("Practitioner"), rendering},
		{"the number of a role's provider is another's", func(g guest) []fields {
			return append(append(byRole(g), both(g, "Practitioner")...), role(g, "doc").with(fields{"practitioner": byNumber(g, "Practitioner")}))
		}, moved("Practitioner"), rendering},
		{"the number of a provider that the visit holds is another's", func(g guest) []fields {
			own := fields{"resourceType": "Practitioner", "id": "own", "identifier": []fields{{"system": number, "value": g.id}}}
			return append(both(g, "Practitioner"), g.encounter("visit").with(fields{"contained": []fields{own}, "participant": []fields{takingPart(ref("#own"), "")}}))
		}, moved("Practitioner"), rendering},
		{"the payer's number is another's", func(g guest) []fields {
			return append(both(g, "Organization"), g.plan("plan").with(paidBy(byNumber(g, "Organization"))))
		}, moved("Organization"), payer},
	}
	said := func(g guest) map[string]string {
		told := map[string]string{}
		_, claims := g.kase("visit")
		for _, c := range claims {
			told[placed] += c.PlaceOfService
			told[billing] += string(c.BillingID)
			told[payer] += string(c.InsurerID)
			for _, l := range c.Lines {
				told[rendering] += " " + string(l.Rendering.ID)
			}
		}
		return told
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.guest(0, "bears").send(fields{"resourceType": "Practitioner", "id": "another", "name": []fields{{"family": "Canary"}},
			"identifier": []fields{{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}}})
		states := []string{"unsent", "sent", "answered"}
		for _, kind := range states {
			for i, row := range rows {
				g := d.guest(i, "bears-"+kind)
				g.send(over([]fields{g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("ecg", "93000")}, row.visit(g))...)
			}
		}
		d.quiet()
		before := map[string]map[string]string{}
		for i, row := range rows {
			before[row.name] = said(d.guest(i, "bears-unsent"))
			d.guest(i, "bears-sent").submit()
			g := d.guest(i, "bears-answered")
			g.submit()
			c := g.claim()
			lines := make([]line, len(c.Lines))
			for n, l := range c.Lines {
				lines[n] = line{paid: l.Billed.String()}
			}
			if err := g.answers(c, lines...); err != nil {
				t.Fatal(err)
			}
		}
		d.quiet()
		for i, row := range rows {
			for _, kind := range states {
				if err := row.change(d.guest(i, "bears-"+kind)); err != nil {
					t.Errorf("%s: %v", row.name, err)
				}
			}
		}
		d.quiet()
		for i, row := range rows {
			if got := said(d.guest(i, "bears-unsent")); got[row.of] == before[row.name][row.of] {
				t.Errorf("%s: the unsent claim has the same %s still, %q", row.name, row.of, got[row.of])
			}
			for _, kind := range states[1:] {
				work := map[bool]models.WorkKind{true: models.WorkCoverageChanged, false: models.WorkChangedSent}[row.of == payer]
				if got := d.guest(i, "bears-"+kind).stands(); !strings.Contains(got, string(work)) {
					t.Errorf("%s, where the claim was %s: the visit stands: %s", row.name, kind, got)
				}
			}
		}
	})
}

// over gives documents with those of own in the place of their namesakes, or after all.
func over(documents, own []fields) []fields {
	for _, f := range own {
		at := slices.IndexFunc(documents, func(other fields) bool { return other["id"] == f["id"] && other["resourceType"] == f["resourceType"] })
		if at < 0 {
			documents = append(documents, f)
		} else {
			documents[at] = f
		}
	}
	return documents
}
