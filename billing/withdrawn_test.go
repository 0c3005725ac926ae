package billing_test

import (
	"testing"

	"medbill/models"
)

// correction is what an EHR corrects of the plainest visit, and how the visit stands then: where nothing was sent, and where
// the claim was.
type correction struct {
	name         string
	do           func(g guest) error
	unsent, sent string
}

var corrections = []correction{
	{
		"a procedure was never done", func(g guest) error {
			return g.try(g.procedure("ecg", "93000").with(fields{"status": "entered-in-error"}))
		},
		"ready; acme ready 15.00", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"a procedure is deleted", func(g guest) error { return g.remove("Procedure", "ecg") },
		"ready; acme ready 15.00", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"a procedure was another one", func(g guest) error { return g.try(g.procedure("ecg", "99214")) },
		"ready; acme ready 265.00", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"a procedure was on another day", func(g guest) error {
			return g.try(g.procedure("ecg", "93000").with(fields{"performedDateTime": "2026-03-01"}))
		},
		"ready; acme ready 75.00", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"a procedure belongs to a visit that is not over", func(g guest) error {
			return g.try(g.procedure("ecg", "93000").with(fields{"encounter": ref("Encounter/" + g.named("other"))}))
		},
		"ready; acme ready 15.00", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"a procedure comes late", func(g guest) error { return g.try(g.procedure("late", "99214")) },
		"ready; acme ready 325.00", "sent; acme transmitted 75.00; late-charge",
	},
	{
		"a charge comes late", func(g guest) error { return g.try(g.charge("late", "99214")) },
		"ready; acme ready 325.00", "sent; acme transmitted 75.00; late-charge",
	},
	{
		"a charge was a mistake", func(g guest) error {
			return g.try(g.charge("draw", "36415").with(fields{"status": "entered-in-error"}))
		},
		"ready; acme ready 60.00", "charge.sent ChargeItem.status",
	},
	{
		"a charge is not to be billed", func(g guest) error { return g.try(g.charge("draw", "36415").with(fields{"status": "not-billable"})) },
		"ready; acme ready 60.00", "charge.sent ChargeItem.status",
	},
	{
		"a charge is deleted", func(g guest) error { return g.remove("ChargeItem", "draw") },
		"not-supported ", "not-supported ",
	},
	{
		"a charge was on another day", func(g guest) error {
			return g.try(g.charge("draw", "36415").with(fields{"occurrenceDateTime": "2026-03-01"}))
		},
		"ready; acme ready 75.00", "charge.sent ChargeItem.occurrence",
	},
	{
		"a charge was for two", func(g guest) error {
			return g.try(g.charge("draw", "36415").with(fields{"quantity": fields{"value": 2}}))
		},
		"ready; acme ready 90.00", "charge.sent ChargeItem.quantity",
	},
	{
		"the only diagnosis is refuted", func(g guest) error { return g.try(g.condition("dx", "I10").with(certainty("refuted"))) },
		"held; code-visit", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"the only diagnosis was a mistake", func(g guest) error { return g.try(g.condition("dx", "I10").with(certainty("entered-in-error"))) },
		"held; code-visit", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"the only diagnosis is deleted", func(g guest) error { return g.remove("Condition", "dx") },
		"held; code-visit", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"the diagnosis was another one", func(g guest) error { return g.try(g.condition("dx", "E785")) },
		"ready; acme ready 75.00", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"the visit was an emergency", func(g guest) error { return g.try(g.encounter("visit").with(class("EMER"))) },
		"ready; acme ready 75.00", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"the visit is not over", func(g guest) error { return g.try(g.encounter("visit").with(fields{"status": "in-progress"})) },
		"held; unfinished-visit", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"the visit is cancelled", func(g guest) error { return g.try(g.encounter("visit").with(fields{"status": "cancelled"})) },
		"voided", "sent; acme transmitted 75.00; cancelled-visit",
	},
	{
		"the visit is cancelled, and then was not", func(g guest) error {
			g.send(g.encounter("visit").with(fields{"status": "cancelled"}))
			g.quiet()
			return g.try(g.encounter("visit"))
		},
		"ready; acme ready 75.00", "sent; acme transmitted 75.00",
	},
	{
		"the visit was a mistake", func(g guest) error { return g.try(g.encounter("visit").with(fields{"status": "entered-in-error"})) },
		"voided", "sent; acme transmitted 75.00; cancelled-visit",
	},
	{
		"the visit is deleted", func(g guest) error { return g.remove("Encounter", "visit") },
		"voided", "sent; acme transmitted 75.00; cancelled-visit",
	},
	{
		"the visit had another provider", func(g guest) error {
			return g.try(g.encounter("visit").with(fields{"participant": []fields{{"individual": ref("Practitioner/locum")}}}))
		},
		"ready; acme ready 75.00", "sent; acme transmitted 75.00; changed-after-sent",
	},
	{
		"the visit belongs to another patient, whose records do not", func(g guest) error {
			return g.try(g.encounter("visit").with(fields{"subject": ref("Patient/ann")}))
		},
		"held; clarify-patient", "sent; acme transmitted 75.00; changed-after-sent; coverage-changed",
	},
	{
		"the visit comes again as it is", func(g guest) error {
			return g.try(g.encounter("visit"), g.procedure("ecg", "93000"), g.charge("draw", "36415"))
		},
		"ready; acme ready 75.00", "sent; acme transmitted 75.00",
	},
}

// TestACaseFollowsTheEHRUntilItIsSent holds that an unsent claim says what the EHR says now, and that what differs from a sent
// one is work or refused: it is never taken and ignored.
func TestACaseFollowsTheEHRUntilItIsSent(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.put("Practitioner", "locum", `{"resourceType":"Practitioner","id":"locum","name":[{"family":"Canary"}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}]}`)
		d.put("Encounter", "other", `{"resourceType":"Encounter","id":"other","status":"in-progress","class":{"code":"AMB"}}`)
		for i := range corrections {
			for _, kind := range []string{"unsent", "sent"} {
				g := d.guest(i, kind)
				g.send(g.visit()...)
			}
		}
		d.quiet()
		refused := map[string]string{}
		for i, row := range corrections {
			d.guest(i, "sent").submit()
			for _, kind := range []string{"unsent", "sent"} {
				g := d.guest(i, kind)
				refused[g.id] = refusal(row.do(g))
			}
		}
		d.quiet()
		for i, row := range corrections {
			for kind, want := range map[string]string{"unsent": row.unsent, "sent": row.sent} {
				g := d.guest(i, kind)
				got := refused[g.id]
				switch stands := g.stands(); {
				case got == "":
					got = stands
				case kind == "unsent" && stands != "ready; acme ready 75.00" || kind == "sent" && stands != "sent; acme transmitted 75.00":
					t.Errorf("%s: refused, and the %s visit stands: %s", row.name, kind, stands)
				}
				if got != want {
					t.Errorf("%s: the %s visit stands: %s; want: %s", row.name, kind, got, want)
				}
			}
		}
	})
}

// TestAChartChangedAfterCodingIsAskedAbout holds that nothing is added to what a coder chose, nor passed over.
func TestAChartChangedAfterCodingIsAskedAbout(t *testing.T) {
	changes := []struct {
		name string
		do   func(g guest) error
	}{
		{"a procedure comes", func(g guest) error { return g.try(g.procedure("late", "99214")) }},
		{"a charge comes", func(g guest) error { return g.try(g.charge("late", "99214")) }},
		{"a charge was a mistake", func(g guest) error {
			return g.try(g.charge("draw", "36415").with(fields{"status": "entered-in-error"}))
		}},
		{"a procedure is deleted", func(g guest) error { return g.remove("Procedure", "ecg") }},
		{"the diagnosis is refuted", func(g guest) error { return g.try(g.condition("dx", "I10").with(certainty("refuted"))) }},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i := range changes {
			g := d.guest(i, "coded")
			g.send(g.visit()...)
		}
		d.quiet()
		for i, row := range changes {
			g := d.guest(i, "coded")
			if err := d.code(models.VisitID(g.named("visit")), coded); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
			if err := row.do(g); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
		}
		d.quiet()
		for i, row := range changes {
			if got, want := d.guest(i, "coded").stands(), "held; acme held 60.00 scrub.case; changed-after-coding"; got != want {
				t.Errorf("%s: the visit stands: %s; want: %s", row.name, got, want)
			}
		}
	})
}

// TestAVisitMovesToItsRightPatient holds that whoever the EHR names in the end is billed, under his own plan, and nobody else.
func TestAVisitMovesToItsRightPatient(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		wrong, right := d.guest(0, "wrong"), d.guest(0, "right")
		wrong.send(wrong.visit()...)
		right.send(right.patient(), right.plan("plan").with(fields{"payor": []fields{ref("Organization/beta")}}))
		d.quiet()
		moved := wrong.visit()[2:]
		for i := range moved {
			moved[i] = moved[i].with(fields{"subject": ref("Patient/" + right.id)})
		}
		wrong.send(moved...)
		d.quiet()
		if got, want := wrong.stands(), "ready; beta ready 75.00"; got != want {
			t.Fatalf("the visit stands: %s; want: %s", got, want)
		}
		c := wrong.claim()
		if c.PatientID != models.PatientID(right.id) || c.CoverageID != models.CoverageID(right.named("plan")) {
			t.Errorf("the claim is of %s under %s", c.PatientID, c.CoverageID)
		}
		wrong.submit()
		if of := d.search("Claim", "patient=Patient/"+wrong.id+"&status=active", 0); len(of) > 0 {
			t.Error("the wrong patient is billed")
		}
		d.books("AR:Insurance 75.00")
	})
}

// TestAnUnsentClaimIsMadeAnew holds that a correction reaches the claim itself, under its number.
func TestAnUnsentClaimIsMadeAnew(t *testing.T) {
	rows := []struct {
		name string
		do   func(g guest) error
		says func(c models.Claim) string
		want string
	}{
		{"the visit was an emergency", func(g guest) error { return g.try(g.encounter("visit").with(class("EMER"))) },
			func(c models.Claim) string { return c.PlaceOfService }, "23"},
		{"the visit had another provider", func(g guest) error {
			return g.try(g.encounter("visit").with(fields{"participant": []fields{{"individual": ref("Practitioner/locum")}}}))
		}, func(c models.Claim) string { return string(c.Rendering.ID) }, "locum"},
		{"another practice did it", func(g guest) error {
			return g.try(g.encounter("visit").with(fields{"serviceProvider": ref("Organization/branch")}))
		}, func(c models.Claim) string { return string(c.BillingID) }, "branch"},
		{"the diagnosis was another one", func(g guest) error { return g.try(g.condition("dx", "E785")) },
			func(c models.Claim) string { return c.Diagnoses[0].Code }, "E785"},
		{"the service was on another day", func(g guest) error {
			return g.try(g.procedure("ecg", "93000").with(fields{"performedDateTime": "2026-03-01"}))
		}, func(c models.Claim) string { return string(c.Lines[0].ServiceDate) }, "2026-03-01"},
		{"somebody else did the service", func(g guest) error {
			return g.try(g.procedure("ecg", "93000").with(fields{"performer": []fields{{"actor": ref("Practitioner/locum")}}}))
		}, func(c models.Claim) string { return string(c.Lines[0].Rendering.ID) }, "locum"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		const npi = `"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}]`
		d.put("Practitioner", "locum", `{"resourceType":"Practitioner","id":"locum","name":[{"family":"Canary"}],`+npi+`}`)
		d.put("Organization", "branch", `{"resourceType":"Organization","id":"branch","name":"Zzyzx Branch",`+npi+`}`)
		numbers := map[string]string{}
		for i := range rows {
			g := d.guest(i, "anew")
			g.send(g.ecg()...)
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "anew")
			numbers[g.id] = g.claim().Number
			if err := row.do(g); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "anew")
			if c := g.claim(); c.State != models.ClaimReady || c.Number != numbers[g.id] || row.says(c) != row.want {
				t.Errorf("%s: claim %s is %s and says %s, want %s to say %s", row.name, c.Number, c.State, row.says(c), numbers[g.id], row.want)
			}
		}
	})
}
