package billing_test

import (
	"testing"
	"time"

	"medbill/billing/inquiry"
	"medbill/internal/auth"
	"medbill/models"
)

// inNetwork is what ACME says of a plan: the whole deductible of a year and what is used of it, and the share of the rest.
func (g guest) inNetwork(deductible, used string, share int) fields {
	amount := func(system, code string, more fields) fields {
		return fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/"+system, code)}.with(more)
	}
	return fields{"insurance": []fields{{"coverage": ref("Coverage/" + g.named("plan")), "inforce": true, "item": []fields{{
		"category": conceptOf("https://x12.org/codes/service-type-codes", "30"),
		"benefit": []fields{
			amount("benefit-type", "deductible", fields{"allowedMoney": usd(deductible), "usedMoney": usd(used)}),
			amount("benefit-type", "copay-percent", fields{"allowedUnsignedInt": share}),
		},
	}}}}}
}

// estimate gives the one estimate of the guest's visit, as the front desk asks for it.
func (g guest) estimate() inquiry.Estimate {
	g.t.Helper()
	list, err := g.office.Estimate(g.t.Context(), g.withRole(auth.RoleFrontDesk), models.VisitID(g.named("visit")))
	if err != nil || len(list) != 1 {
		g.t.Fatalf("%s: %d estimates: %v", g.id, len(list), err)
	}
	return list[0]
}

// TestAnEstimateIsWhatThePayerLeaves holds that what a patient is expected to owe goes by what the contract allows and by what the payer said of the plan before the claim went out, that the answer comes to stand beside it,
// and that a later word of the payer's does not change what was expected.
func TestAnEstimateIsWhatThePayerLeaves(t *testing.T) {
	eachFrontDesk(t, func(t *testing.T, d desked) {
		d.contracts("contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\nppo,acme,PPO,2026-01-01,,,,,,,,,,\n")
		d.contracts("contract,kind,code,modifiers,place,provider,value,from,until\nppo,flat,99214,,,,150,,\nppo,flat,93000,,,,20,,\nppo,flat,36415,,,,0,,\n")
		g := d.guest(1, "expected")
		g.send(g.patient(), g.plan("plan"), g.appointment("booked", "2026-03-02"), g.encounter("visit"), g.condition("dx", "I10"), g.charge("a", "99214-25"), g.charge("b", "93000"), g.charge("c", "36415"))
		d.works()
		if list, err := g.office.Estimate(t.Context(), d.withRole(auth.RoleFrontDesk), models.VisitID(g.named("visit"))); err != nil || len(list) != 0 {
			t.Errorf("while the claim waits for the payer's word, expected is %+v: %v", list, err)
		}
		d.wait(11 * time.Minute)
		unknown := g.estimate()
		if unknown.IsKnown || unknown.ResponseID != "" || unknown.Allowed != 17000 || unknown.Total != 0 || unknown.Actual != nil {
			t.Errorf("before the payer said anything, expected is %+v", unknown)
		}
		if err := g.answered(g.inNetwork("500.00", "450.00", 20)); err != nil {
			t.Fatal(err)
		}
		d.works()
		told := g.estimate()
		if !told.IsKnown || told.CoverageID != models.CoverageID(g.named("plan")) || told.Allowed != 17000 || told.Deductible != 5000 || told.Coinsurance != 2400 || told.Total != 7400 || told.Actual != nil || len(told.Charges) != 3 {
			t.Errorf("expected is %+v", told)
		}
		g.submit()
		d.hand.Advance(24 * time.Hour)
		g.send(g.appointment("booked", "2026-03-03"))
		d.works()
		if err := g.answered(g.inNetwork("500.00", "500.00", 20)); err != nil {
			t.Fatal(err)
		}
		if err := g.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		d.works()
		if after := g.estimate(); after.Total != told.Total || after.ResponseID != told.ResponseID || after.Actual == nil || *after.Actual != 7400 {
			t.Errorf("judged, expected is %+v", after)
		}
	})
}

// TestWhoAsksWhatAPatientWillOwe holds that the desks and the patient are told, of what no plan pays the charges, and nobody else, and of a visit that nobody coded nothing.
func TestWhoAsksWhatAPatientWillOwe(t *testing.T) {
	eachFrontDesk(t, func(t *testing.T, d desked) {
		g, other := d.guest(1, "owes"), d.guest(2, "owes")
		g.send(g.patient(), other.patient(), g.encounter("visit"), g.condition("dx", "I10"), g.charge("a", "99214"), g.encounter("later").with(fields{"status": "planned"}))
		d.works()
		if got := g.estimate(); got.Total != 25000 || got.CoverageID != "" || !got.IsKnown {
			t.Errorf("without a plan, expected is %+v", got)
		}
		ask := func(who auth.Principal, visit string) string {
			list, err := g.office.Estimate(t.Context(), who, models.VisitID(g.named(visit)))
			if err != nil {
				return refusal(err)
			}
			return map[bool]string{true: "none", false: "told"}[len(list) == 0]
		}
		patient := d.withRole(auth.RolePatient)
		patient.Patient = models.PatientID(g.id)
		stranger := patient
		stranger.Patient = models.PatientID(other.id)
		for _, row := range []struct {
			name  string
			who   auth.Principal
			visit string
			want  string
		}{
			{"the front desk", d.withRole(auth.RoleFrontDesk), "visit", "told"}, {"a biller", d.withRole(auth.RoleBiller), "visit", "told"}, {"the patient", patient, "visit", "told"},
			{"another patient", stranger, "visit", "not-found "}, {"a coder", d.withRole(auth.RoleCoder), "visit", "forbidden "}, {"of what is to come", d.withRole(auth.RoleFrontDesk), "later", "none"},
		} {
			if got := ask(row.who, row.visit); got != row.want {
				t.Errorf("%s: %q, want %q", row.name, got, row.want)
			}
		}
	})
}
