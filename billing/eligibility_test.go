package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// desked is a practice whose clock is in the test's hand, and whose payer ACME says over FHIR what its plans cover.
type desked struct {
	*desk
	hand *clocktest.Hand
}

// eachFrontDesk runs a test at a front desk on each database, at noon of the practice on the second of March.
func eachFrontDesk(t *testing.T, test func(t *testing.T, d desked)) {
	t.Helper()
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := clocktest.At(time.Date(2026, 3, 2, 18, 0, 0, 0, time.UTC))
		d := desked{workless(t, storetest.OpenAt(t, url, hand.Clock())), hand}
		none := 0
		d.settings(models.SettingsChange{SelfPayHours: &none})
		d.practice()
		d.payers("payer,name,aliases,identifiers,transactions\nacme,ACME PPO,,,\n")
		d.payers(facts + "acme,eligibility,,fhir,,\n")
		test(t, d)
		d.works()
		d.clean()
	})
}

// works does what is due.
func (d desked) works() {
	d.t.Helper()
	for range 3 {
		if err := d.office.CheckCoverages(context.Background()); err != nil {
			d.t.Fatal(err)
		}
		for range 4 {
			if err := d.step(); err != nil {
				d.t.Fatal(err)
			}
		}
	}
}

// wait has time go by, and what is due then done.
func (d desked) wait(for_ time.Duration) {
	d.t.Helper()
	d.hand.Advance(for_)
	d.works()
}

// checks gives what is asked about the guest's plan, by the day that it is about.
func (g guest) checks() (list []models.CoverageCheck) {
	g.t.Helper()
	g.view(func(v *store.View) error {
		for day := models.Date("2026-03-01"); day < "2026-04-01"; day = day.AddDays(1) {
			more, err := books.ChecksOfCoverage(v, models.CoverageID(g.named("plan")), models.ServiceAny, day)
			if list = append(list, more...); err != nil {
				return err
			}
		}
		return nil
	})
	return list
}

// questions tells for which days and how far they are.
func (g guest) questions() string {
	g.t.Helper()
	var told []string
	for _, c := range g.checks() {
		told = append(told, fmt.Sprint(string(c.Day)[8:], " ", c.State))
	}
	return strings.Join(told, "; ")
}

// asked gives the one question that the payer of the guest's plan is asked.
func (g guest) asked() models.CoverageCheck {
	g.t.Helper()
	list := slices.DeleteFunc(g.checks(), func(c models.CoverageCheck) bool { return c.State != models.CheckAsked })
	if len(list) != 1 {
		g.t.Fatalf("%s: not one question is open: %s", g.id, g.questions())
	}
	return list[0]
}

// covers is what ACME answers to the open question about the guest's plan; more are other members.
func (g guest) covers(more fields) fields {
	g.t.Helper()
	return fields{
		"resourceType": "CoverageEligibilityResponse", "status": "active", "purpose": []string{"benefits"}, "outcome": "complete", "created": "2026-03-02", "patient": ref("Patient/" + g.id),
		"insurer": ref("Organization/acme"), "request": ref("CoverageEligibilityRequest/" + string(g.asked().ID)),
		"insurance": []fields{{"coverage": ref("Coverage/" + g.named("plan")), "inforce": true, "benefitPeriod": fields{"start": "2026-01-01", "end": "2026-12-31"}}},
	}.with(more)
}

// refuses is a refusal by a code of X12 AAA03.
func refuses(code string) fields {
	return fields{"outcome": "error", "insurance": nil, "error": []fields{{"code": conceptOf("https://codesystem.x12.org/005010/901", code)}}}
}

// answered has ACME answer.
func (g guest) answered(more fields) error {
	g.t.Helper()
	return g.saysOfPlan("acme", g.covers(more))
}

// saysOfPlan has a payer send an answer.
func (d *desk) saysOfPlan(payer models.OrganizationID, answer fields) error {
	d.t.Helper()
	who := d.withRole(auth.RolePayer)
	who.Organization = payer
	_, err := d.records.Create(context.Background(), who, "CoverageEligibilityResponse", d.json(answer), "")
	return err
}

// appointment is one of the guest's on a day.
func (g guest) appointment(status, day string) fields {
	return fields{"resourceType": "Appointment", "id": g.named("appointment"), "status": status, "start": day + "T15:00:00Z", "end": day + "T15:30:00Z",
		"participant": []fields{{"actor": ref("Patient/" + g.id), "status": "accepted"}}}
}

// TestAnAppointmentAsksThePayer holds that the payer of a plan is asked when an appointment is booked, two days before and when the patient comes, once a day about the same, and no more where it does not take place.
func TestAnAppointmentAsksThePayer(t *testing.T) {
	eachFrontDesk(t, func(t *testing.T, d desked) {
		g := d.guest(1, "booked")
		g.send(g.patient(), g.plan("plan"), g.appointment("booked", "2026-03-20"))
		says := func(what, want string) {
			t.Helper()
			d.works()
			if got := g.questions(); got != want {
				t.Errorf("%s: the questions are %s, want %s", what, got, want)
			}
		}
		says("booked", "20 asked; 20 planned")
		if err := g.answered(nil); err != nil {
			t.Fatal(err)
		}
		g.send(g.appointment("booked", "2026-03-20").with(fields{"description": "told again"}))
		says("booked, told again", "20 answered; 20 planned")
		d.wait(15 * 24 * time.Hour) // the 17th
		says("three days before", "20 answered; 20 planned")
		d.wait(24 * time.Hour)
		says("two days before", "20 answered; 20 asked")
		if err := g.answered(nil); err != nil {
			t.Fatal(err)
		}
		d.wait(2 * 24 * time.Hour)
		g.send(g.appointment("arrived", "2026-03-20"))
		says("arrived", "20 answered; 20 answered; 20 asked")

		moved := d.guest(3, "booked")
		moved.send(moved.patient(), moved.plan("plan"), moved.appointment("booked", "2026-03-28"))
		moved.send(moved.appointment("booked", "2026-03-29"))
		d.works()
		if got := moved.questions(); got != "28 asked; 28 dropped; 29 asked; 29 planned" {
			t.Errorf("moved to another day, the questions are %s", got)
		}

		away := d.guest(2, "booked")
		away.send(away.patient(), away.plan("plan"), away.appointment("booked", "2026-03-30"))
		away.send(away.appointment("cancelled", "2026-03-30"))
		d.works()
		if got := away.questions(); got != "30 asked; 30 dropped" {
			t.Errorf("cancelled, the questions are %s", got)
		}
	})
}

// TestAPayerThatCannotAnswerIsAskedAgain holds that a payer which cannot answer is asked three times more, ever later, that a person is asked then, who may have it asked again, and that an answer closes the work.
func TestAPayerThatCannotAnswerIsAskedAgain(t *testing.T) {
	eachFrontDesk(t, func(t *testing.T, d desked) {
		g := d.guest(1, "later")
		g.send(g.patient(), g.plan("plan"), g.appointment("booked", "2026-03-03"))
		d.works()
		for _, pause := range []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute} {
			if err := g.answered(refuses("42")); err != nil {
				t.Fatal(err)
			}
			d.wait(pause - time.Second)
			if got := g.questions(); strings.Contains(got, "asked") {
				t.Errorf("a second before %s: %s", pause, got)
			}
			d.wait(time.Second)
		}
		if err := g.answered(refuses("42")); err != nil {
			t.Fatal(err)
		}
		item := d.itemOf(models.WorkEligibility)
		if item.Role != models.ForFrontDesk || item.Subject.ID != g.named("plan") || len(item.Reasons) != 1 || item.Reasons[0].Code != "AAA-42" {
			t.Errorf("the work says %+v", item)
		}
		if err := d.decide(item.ID, billing.Verdict{Decision: models.DecideRecheck}); err != nil {
			t.Fatal(err)
		}
		if err := g.answered(nil); err != nil {
			t.Fatal(err)
		}
		if d.workItem(item.ID).IsOpen() {
			t.Error("answered, the work is open")
		}
	})
}

// TestWhoSeesToARefusal holds that what a payer does not know is work of whoever can see to it, once about a plan, that its silence is too, and that a person may go on without its word.
func TestWhoSeesToARefusal(t *testing.T) {
	eachFrontDesk(t, func(t *testing.T, d desked) {
		for i, row := range []struct {
			code string
			role models.WorkRole
			want string
		}{
			{"75", models.ForFrontDesk, "AAA-75"}, {"57", models.ForFrontDesk, "AAA-57"}, {"43", models.ForBiller, "AAA-43"}, {"", models.ForFrontDesk, "no-answer"},
		} {
			g := d.guest(i, "refused")
			g.send(g.patient(), g.plan("plan"), g.appointment("booked", "2026-03-03"))
			d.works()
			if row.code == "" {
				d.wait(24*time.Hour + time.Second)
			} else if err := g.answered(refuses(row.code)); err != nil {
				t.Fatal(err)
			}
			item := d.itemOf(models.WorkEligibility)
			if item.Role != row.role || len(item.Reasons) != 1 || item.Reasons[0].Code != row.want {
				t.Errorf("%s: the work says %+v", row.want, item)
			}
			if got := refusal(d.decide(item.ID, billing.Verdict{Decision: models.DecideAccept})); !strings.HasPrefix(got, "required") {
				t.Errorf("%s: without a reason it is closed: %s", row.want, got)
			}
			if err := d.decide(item.ID, billing.Verdict{Decision: models.DecideAccept, Reason: "The card was seen."}); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestWhatAPayerMayNotSayOfAPlan holds that an answer to no question, in another payer's name, about another member or another plan is refused with its path, and changes nothing.
func TestWhatAPayerMayNotSayOfAPlan(t *testing.T) {
	eachFrontDesk(t, func(t *testing.T, d desked) {
		d.put("Organization", "beta", `{"resourceType":"Organization","id":"beta","name":"BETA HMO"}`)
		g, other := d.guest(1, "said"), d.guest(2, "said")
		g.send(g.patient(), g.plan("plan"), other.patient(), other.plan("plan"), g.appointment("booked", "2026-03-03"))
		d.works()
		before := g.questions()
		for _, row := range []struct {
			name string
			more fields
			by   models.OrganizationID
			want string
		}{
			{"in another's name", fields{"insurer": ref("Organization/beta")}, "acme", "forbidden CoverageEligibilityResponse.insurer"},
			{"of another payer", fields{"insurer": ref("Organization/beta")}, "beta", "eligibility.request CoverageEligibilityResponse.request"},
			{"to no question", fields{"request": ref("CoverageEligibilityRequest/none")}, "acme", "eligibility.request CoverageEligibilityResponse.request"},
			{"about another member", fields{"patient": ref("Patient/" + other.id)}, "acme", "eligibility.patient CoverageEligibilityResponse.patient"},
			{"about another plan", fields{"insurance": []fields{{"coverage": ref("Coverage/" + other.named("plan")), "inforce": false}}}, "acme", "eligibility.coverage CoverageEligibilityResponse.insurance[0].coverage"},
			{"in another currency", fields{"insurance": []fields{{"coverage": ref("Coverage/" + g.named("plan")), "inforce": true, "item": []fields{{"benefit": []fields{{"type": conceptOf("http://terminology.hl7.org/CodeSystem/benefit-type", "copay"), "allowedMoney": fields{"value": 25, "currency": "EUR"}}}}}}}}, "acme",
				"money.currency CoverageEligibilityResponse.insurance[0].item[0].benefit[0].allowed.currency"},
			{"a share above all", fields{"insurance": []fields{{"coverage": ref("Coverage/" + g.named("plan")), "inforce": true, "item": []fields{{"benefit": []fields{{"type": conceptOf("http://terminology.hl7.org/CodeSystem/benefit-type", "copay-percent"), "allowedUnsignedInt": 101}}}}}}}, "acme",
				"value CoverageEligibilityResponse.insurance[0].item[0].benefit[0].allowed"},
		} {
			if got := refusal(d.saysOfPlan(row.by, g.covers(row.more))); got != row.want {
				t.Errorf("%s: %s, want %s", row.name, got, row.want)
			}
		}
		if got := g.questions(); got != before {
			t.Errorf("refused answers leave %s, before %s", got, before)
		}
		d.search("CoverageEligibilityResponse", "patient=Patient/"+g.id, 0)
	})
}

// TestWhatAnEHRWasToldOfAPlanCountsWhereItWasAsked holds that what a system writes of a payer's answer counts for the plan that was asked about, and is no more than a record where it is about another one.
func TestWhatAnEHRWasToldOfAPlanCountsWhereItWasAsked(t *testing.T) {
	eachFrontDesk(t, func(t *testing.T, d desked) {
		g, other := d.guest(1, "told"), d.guest(2, "told")
		g.send(g.patient(), g.plan("plan"), other.patient(), other.plan("plan"), g.appointment("booked", "2026-03-02"))
		d.works()
		for _, row := range []struct {
			plan, want string
		}{{other.named("plan"), "02 asked"}, {g.named("plan"), "02 answered"}} {
			answer := g.covers(fields{"insurance": []fields{{"coverage": ref("Coverage/" + row.plan), "inforce": true}}})
			if _, err := d.records.Create(t.Context(), d.withRole(auth.RoleEHR), "CoverageEligibilityResponse", d.json(answer), ""); err != nil {
				t.Fatal(err)
			}
			if got := g.questions(); got != row.want {
				t.Errorf("told of %s, the questions are %s, want %s", row.plan, got, row.want)
			}
		}
	})
}
