package billing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// TestAHeldDraftIsCheckedAgain holds that a draft goes on when what holds it is corrected, wherever that stands.
func TestAHeldDraftIsCheckedAgain(t *testing.T) {
	npi := func(value string) fields {
		return fields{"identifier": []fields{{"system": "http://hl7.org/fhir/sid/us-npi", "value": value}}}
	}
	doctor := func(g guest, value string) fields {
		return fields{"resourceType": "Practitioner", "id": g.named("doctor"), "name": []fields{{"family": "Canary"}}}.with(npi(value))
	}
	practice := func(g guest, value string) fields {
		return fields{"resourceType": "Organization", "id": g.named("practice"), "name": "Zzyzx"}.with(npi(value))
	}
	byDoctor := func(g guest) fields {
		return byProvider("Practitioner/" + g.named("doctor"))
	}
	rows := []struct {
		name           string
		draft          func(g guest) fields
		wrong, correct func(g guest) fields
		rule           string
	}{
		{"a plan without a number", func(guest) fields { return nil }, func(g guest) fields { return g.plan("plan").with(fields{"subscriberId": nil}) },
			func(g guest) fields { return g.plan("plan") }, "scrub.required"},
		{"a plan of another payer", func(guest) fields { return nil }, func(g guest) fields { return g.plan("plan").with(paidBy(ref("Organization/beta"))) },
			func(g guest) fields { return g.plan("plan") }, "scrub.payer"},
		{"a plan that is not there", func(guest) fields { return nil }, func(g guest) fields { return g.plan("another").with(fields{"beneficiary": ref("Patient/ann")}) },
			func(g guest) fields { return g.plan("plan") }, "scrub.required"},
		{"a patient without a birth date", func(guest) fields { return nil }, func(g guest) fields { return g.patient().with(fields{"birthDate": nil}) },
			guest.patient, "scrub.required"},
		{"a provider with a wrong NPI", byDoctor, func(g guest) fields { return doctor(g, "1234567890") },
			func(g guest) fields { return doctor(g, "1234567893") }, "scrub.npi"},
		{"a practice with a wrong NPI", func(g guest) fields { return fields{"provider": ref("Organization/" + g.named("practice"))} },
			func(g guest) fields { return practice(g, "1234567890") }, func(g guest) fields { return practice(g, "1234567893") }, "scrub.npi"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range rows {
			g := d.guest(i, "held")
			if row.name != "a plan that is not there" {
				g.send(g.plan("plan"))
			}
			g.send(g.patient())
			g.send(row.wrong(g))
			g.send(g.draft(nil).with(row.draft(g)))
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "held")
			if c := g.drafted(); c.State != models.ClaimHeld || !g.isHeldBy(c.ID, row.rule) {
				t.Errorf("%s: the draft is %s, want it held by %s", row.name, c.State, row.rule)
			}
			g.send(row.correct(g))
		}
		d.quiet()
		for i, row := range rows {
			if c := d.guest(i, "held").drafted(); c.State != models.ClaimReady {
				t.Errorf("%s is corrected: the draft is %s, want ready", row.name, c.State)
			}
		}
		d.search("Task", "code=correct-claim&status=requested", 0)
	})
}

// TestADraftBeforeItsVisitIsHeldAgainstWhoDidIt holds that a visit which comes after its draft and is somebody else's is told.
func TestADraftBeforeItsVisitIsHeldAgainstWhoDidIt(t *testing.T) {
	rows := []struct{ who, want string }{
		{"doc", "ready; acme ready 60.00"},
		{"another", "held; acme held 60.00 scrub.case; changed-after-coding"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.guest(0, "by").send(fields{"resourceType": "Practitioner", "id": "another", "name": []fields{{"family": "Canary"}}, "identifier": []fields{{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}}})
		for i, row := range rows {
			g := d.guest(i, "by")
			g.send(g.patient(), g.plan("plan"))
			g.send(g.draft(fields{"encounter": []fields{ref("Encounter/" + g.named("visit"))}}).with(byProvider("Practitioner/" + row.who)))
			g.send(g.encounter("visit"), g.condition("dx", "I10"), g.procedure("ecg", "93000"))
		}
		d.quiet()
		for i, row := range rows {
			if got := d.guest(i, "by").stands(); got != row.want {
				t.Errorf("a draft by %s: the visit stands: %s; want: %s", row.who, got, row.want)
			}
		}
	})
}

// TestADraftNamesItsProvidersAsAVisitDoes holds that who bills and who did the service are found however a draft names them, and
// that a draft whose providers cannot be found is refused.
func TestADraftNamesItsProvidersAsAVisitDoes(t *testing.T) {
	npi := fields{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999984"}
	contained := func(role fields) fields {
		return byProvider("#own").with(fields{"contained": []fields{role.with(fields{"resourceType": "PractitionerRole", "id": "own"})}})
	}
	billedBy := func(reference string) fields { return fields{"provider": ref(reference)} }
	rows := []struct {
		name  string
		draft fields
		want  string // who bills, who did it; or the refusal
	}{
		{"by a role", byProvider("PractitionerRole/his"), "practice doc "},
		{"by the whole address of a role", byProvider("http://test/fhir/R4/PractitionerRole/his"), "practice doc "},
		{"by a role with an NPI of its own", byProvider("PractitionerRole/its"), "practice  1245319599"},
		{"by a role of its own", contained(fields{"practitioner": ref("Practitioner/doc")}), "practice doc "},
		{"by a role that is not there", byProvider("PractitionerRole/gone"), "claim.rendering Claim.careTeam"},
		{"by somebody known by his NPI", byProvider("#own").with(fields{"contained": []fields{
			{"resourceType": "Practitioner", "id": "own", "identifier": []fields{npi}}}}), "practice doc "},
		{"billed by a role", billedBy("PractitionerRole/his"), "practice doc "},
		{"billed by a role of its own", billedBy("#role").with(fields{"contained": []fields{
			{"resourceType": "PractitionerRole", "id": "role", "organization": ref("Organization/practice")}}}), "practice doc "},
		{"billed by a role for nobody", billedBy("PractitionerRole/its"), "claim.provider Claim.provider"},
		{"billed by a role that is not there", billedBy("PractitionerRole/gone"), "claim.provider Claim.provider"},
		{"billed by a person", billedBy("Practitioner/doc"), "claim.provider Claim.provider"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.guest(0, "named").send(
			fields{"resourceType": "PractitionerRole", "id": "his", "practitioner": ref("Practitioner/doc"), "organization": ref("Organization/practice")},
			fields{"resourceType": "PractitionerRole", "id": "its", "identifier": []fields{npi.with(fields{"value": "1245319599"})}})
		for i, row := range rows {
			g := d.guest(i, "named")
			g.send(g.patient(), g.plan("plan"))
			got := refusal(g.try(g.draft(nil).with(row.draft)))
			if got == "" {
				c := g.drafted()
				got = fmt.Sprint(c.BillingID, " ", c.Rendering.ID, " ", c.Rendering.NPI)
			}
			if got != row.want {
				t.Errorf("%s: got %q, want %q", row.name, got, row.want)
			}
		}
	})
}

// byProvider is a care team of one.
func byProvider(reference string) fields {
	return fields{"careTeam": []fields{{"sequence": 1, "provider": ref(reference), "role": conceptOf("http://terminology.hl7.org/CodeSystem/claimcareteamrole", "primary")}}}
}

// TestADraftIsTakenAsItIsWritten holds that nothing is a price, that no quantity is rounded, and that sending leaves one version.
func TestADraftIsTakenAsItIsWritten(t *testing.T) {
	rows := []struct {
		name string
		item fields
		want models.ClaimState
	}{
		{"a service of nothing", fields{"net": usd("0.00")}, models.ClaimReady},
		{"two of 30.00", fields{"quantity": fields{"value": 2}, "unitPrice": usd("30.00")}, models.ClaimReady},
		{"two and a half", fields{"quantity": fields{"value": number("2.5")}}, models.ClaimHeld},
		{"a half", fields{"quantity": fields{"value": number("0.5")}}, models.ClaimHeld},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range rows {
			g := d.guest(i, "written")
			g.send(g.patient(), g.plan("plan"))
			g.send(g.draft(row.item))
			d.quiet()
			c := g.drafted()
			if c.State != row.want {
				t.Errorf("%s: the draft is %s, want %s", row.name, c.State, row.want)
			}
			if c.State != models.ClaimReady {
				continue
			}
			if _, err := d.office.SubmitClaim(t.Context(), d.admin(), billing.Call{}, c.ID); err != nil {
				t.Errorf("%s: %v", row.name, err)
			}
			history, err := d.records.History(t.Context(), d.admin(), models.Ref{Type: "Claim", ID: string(c.ID)}, 0, 10)
			if err != nil || len(history.Versions) < 2 {
				t.Fatalf("%s: %d versions, %v", row.name, len(history.Versions), err)
			}
			for n, version := range history.Versions[1:] {
				if version.Updated == history.Versions[n].Updated {
					t.Errorf("%s: two versions are of one moment", row.name)
				}
			}
		}
		d.books("AR:Insurance 60.00")
	})
}

// TestAStepThatFailedForGoodIsWork holds that a visit whose step is given up is a person's, and goes on with what arrives next.
func TestAStepThatFailedForGoodIsWork(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		day := 24
		d.settings(models.SettingsChange{SelfPayHours: &day})
		g := d.guest(0, "lost")
		g.send(append([]fields{g.patient()}, g.visit()[2:]...)...) // waits for a plan: its step is due, and to come
		d.quiet()
		for range 2 {
			d.giveUp("Encounter/" + g.named("visit"))
		}
		if got, want := g.stands(), "held; failed-step"; got != want {
			t.Errorf("the visit stands: %s; want: %s", got, want)
		}
		g.send(g.encounter("visit").with(fields{"language": "en"}))
		d.quiet()
		if got, want := g.stands(), "waiting"; got != want {
			t.Errorf("after the step went well the visit stands: %s; want: %s", got, want)
		}
		g.send(g.plan("plan"))
		d.quiet()
		if got, want := g.stands(), "ready; acme ready 75.00"; got != want {
			t.Errorf("after its plan came the visit stands: %s; want: %s", got, want)
		}
	})
}

// TestAClaimTurnedAwayAndSentAgainIsPaid holds that what a payer turned away keeps the patient's bill back only until the claim is
// sent again, and that an answer in two parts, each called partial, is whole with the second.
func TestAClaimTurnedAwayAndSentAgainIsPaid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		d.visit()
		claim := d.transmit("visit")
		answers := func(body string) {
			t.Helper()
			if _, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(body), ""); err != nil {
				t.Fatal(err)
			}
		}
		whole := answer(claim, "ICN-1")
		turned, _, _ := strings.Cut(strings.Replace(whole, `"complete"`, `"error"`, 1), `,"item":`)
		answers(turned + `,"error":[{"code":{"text":"The subscriber is unknown."}}]}`)
		d.search("Task", "code=rejected-claim&status=requested", 1)
		d.search("Claim", "_id="+claim+"&claim-state=ready", 1)
		d.submit(claim)
		d.search("Task", "status=requested", 0)

		head, items, _ := strings.Cut(strings.Replace(whole, `"complete"`, `"partial"`, 1), `"item":[`)
		items = strings.TrimSuffix(items, "]}")
		cut := strings.Index(items, `,{"itemSequence":2`)
		answers(strings.Replace(head, "ICN-1", "ICN-2", 1) + `"item":[` + items[:cut] + `]}`)
		d.search("Claim", "_id="+claim+"&claim-state=partly-adjudicated", 1)
		answers(strings.Replace(head, "ICN-1", "ICN-3", 1) + `"item":[` + items[cut+1:] + `]}`)
		d.search("Claim", "_id="+claim+"&claim-state=adjudicated", 1)
		d.search("Invoice", "patient=Patient/ann&status=issued", 1)
		d.books("AR:Patient 74.00; Clearing:ERA 96.00; Contra:Contractual 140.00; Contra:Bundled 15.00")
		d.clean()
	})
}
