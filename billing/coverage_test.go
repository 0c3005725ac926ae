package billing_test

import (
	"testing"

	"medbill/models"
)

// paidBy is who pays a plan.
func paidBy(payors ...fields) fields { return fields{"payor": payors} }

func order(n int) fields { return fields{"order": n} }

func until(day string) fields { return fields{"period": fields{"start": "2020-01-01", "end": day}} }

// pricedForBeta gives BETA a price of its own, so that a claim tells at whose price it was made.
func (d *desk) pricedForBeta() {
	d.t.Helper()
	d.guest(0, "fees").send(fields{
		"resourceType": "ChargeItemDefinition", "id": "fee-beta", "url": "http://example.org/fee/beta", "status": "active", "code": conceptOf(cpt, "93000"),
		"useContext": []fields{{
			"code":           fields{"system": "http://terminology.hl7.org/CodeSystem/usage-context-type", "code": "program"},
			"valueReference": ref("Organization/beta"),
		}},
		"propertyGroup": []fields{{"priceComponent": []fields{{"type": "base", "amount": usd("66.00")}}}},
	})
}

// TestAPlanOnFileIsNeverSelfPay holds that a patient is asked only where no plan is on file at all: where one is and does not
// tell who pays, a person is.
func TestAPlanOnFileIsNeverSelfPay(t *testing.T) {
	acme, beta, inWords := ref("Organization/acme"), ref("Organization/beta"), fields{"display": "Canary Health"}
	self := func(g guest) fields { return ref("Patient/" + g.id) }
	rows := []struct {
		name  string
		plans func(g guest) []fields
		want  string
	}{
		{"no plan", func(g guest) []fields { return nil }, "patient; invoice issued 75.00"},
		{"a plan that never was", func(g guest) []fields {
			return []fields{g.plan("plan").with(fields{"status": "entered-in-error"})}
		}, "patient; invoice issued 75.00"},
		{"one that ended the day before", func(g guest) []fields { return []fields{g.plan("plan").with(until("2026-03-01"))} }, "held; clarify-coverage"},
		{"one that ends on the day", func(g guest) []fields { return []fields{g.plan("plan").with(until("2026-03-02"))} }, "ready; acme ready 75.00"},
		{"one that begins the day after", func(g guest) []fields {
			return []fields{g.plan("plan").with(fields{"period": fields{"start": "2026-03-03"}})}
		}, "held; clarify-coverage"},
		{"a cancelled one", func(g guest) []fields { return []fields{g.plan("plan").with(fields{"status": "cancelled"})} }, "held; clarify-coverage"},
		{"a draft of one", func(g guest) []fields { return []fields{g.plan("plan").with(fields{"status": "draft"})} }, "held; clarify-coverage"},
		{"a payer in words", func(g guest) []fields { return []fields{g.plan("plan").with(paidBy(inWords))} }, "held; clarify-coverage"},
		{"a payer that the plan holds itself", func(g guest) []fields {
			own := fields{"contained": []fields{{"resourceType": "Organization", "id": "own", "name": "Canary Health"}}}
			return []fields{g.plan("plan").with(own, paidBy(ref("#own")))}
		}, "held; clarify-coverage"},
		{"a payer by an identifier nobody has", func(g guest) []fields {
			return []fields{g.plan("plan").with(paidBy(fields{"type": "Organization", "identifier": fields{"system": "urn:payers", "value": "none"}}))}
		}, "held; clarify-coverage"},
		{"a payer by an identifier one record has", func(g guest) []fields {
			return []fields{g.plan("plan").with(paidBy(fields{"type": "Organization", "identifier": fields{"system": "urn:payers", "value": "gamma"}}))}
		}, "ready; gamma ready 75.00"},
		{"a payer by its whole address", func(g guest) []fields {
			return []fields{g.plan("plan").with(paidBy(ref("http://test/fhir/R4/Organization/acme")))}
		}, "ready; acme ready 75.00"},
		{"two payers", func(g guest) []fields { return []fields{g.plan("plan").with(paidBy(acme, beta))} }, "held; clarify-coverage"},
		{"the payer behind the patient", func(g guest) []fields { return []fields{g.plan("plan").with(paidBy(self(g), acme))} }, "ready; acme ready 75.00"},
		{"the patient pays first, a plan second", func(g guest) []fields {
			return []fields{g.plan("own").with(paidBy(self(g)), order(1)), g.plan("plan").with(order(2))}
		}, "held; clarify-coverage"},
		{"the patient alone", func(g guest) []fields { return []fields{g.plan("own").with(paidBy(self(g)))} }, "held; clarify-coverage"},
		{"two plans without a place", func(g guest) []fields { return []fields{g.plan("a"), g.plan("b").with(paidBy(beta))} }, "held; clarify-coverage"},
		{"two plans in one place", func(g guest) []fields {
			return []fields{g.plan("a").with(order(1)), g.plan("b").with(paidBy(beta), order(1))}
		}, "held; clarify-coverage"},
		{"two plans, one without a place", func(g guest) []fields {
			return []fields{g.plan("a").with(order(1)), g.plan("b").with(paidBy(beta))}
		}, "held; clarify-coverage"},
		{"two plans in their places", func(g guest) []fields {
			return []fields{g.plan("a").with(order(2)), g.plan("b").with(paidBy(beta), order(1))}
		}, "ready; beta ready 81.00"},
		{"the first of two is over", func(g guest) []fields {
			return []fields{g.plan("a").with(order(1), until("2026-03-01")), g.plan("b").with(paidBy(beta), order(2))}
		}, "ready; beta ready 81.00"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.pricedForBeta()
		d.put("Organization", "gamma", `{"resourceType":"Organization","id":"gamma","name":"GAMMA","identifier":[{"system":"urn:payers","value":"gamma"}]}`)
		for i, row := range rows {
			g := d.guest(i, "plan")
			visit := append([]fields{g.patient()}, row.plans(g)...)
			g.send(append(visit, g.visit()[2:]...)...)
		}
		d.quiet()
		for i, row := range rows {
			if got := d.guest(i, "plan").stands(); got != row.want {
				t.Errorf("%s: the visit stands: %s; want: %s", row.name, got, row.want)
			}
		}
	})
}

// TestWhoPaysIsDecidedUntilItIsSent holds that an unsent claim is made anew, at the new payer's price, and that after sending
// another payer is a person's matter.
func TestWhoPaysIsDecidedUntilItIsSent(t *testing.T) {
	beta := paidBy(ref("Organization/beta"))
	changes := []struct {
		name         string
		do           func(g guest) error
		unsent, sent string
	}{
		{"the payer is corrected", func(g guest) error { return g.try(g.plan("plan").with(beta)) },
			"ready; beta ready 81.00", "sent; acme transmitted 75.00; coverage-changed"},
		{"another plan comes first", func(g guest) error {
			return g.try(g.plan("plan").with(order(2)), g.plan("first").with(beta, order(1)))
		}, "ready; beta ready 81.00", "sent; acme transmitted 75.00; coverage-changed"},
		{"another plan comes second", func(g guest) error {
			return g.try(g.plan("plan").with(order(1)), g.plan("second").with(beta, order(2)))
		}, "ready; acme ready 75.00", "sent; acme transmitted 75.00"},
		{"another plan comes, and nobody says which is first", func(g guest) error { return g.try(g.plan("other").with(beta)) },
			"held; clarify-coverage", "sent; acme transmitted 75.00; coverage-changed"},
		{"the plan was over and another began", func(g guest) error {
			return g.try(g.plan("plan").with(until("2026-02-28")), g.plan("next").with(beta, fields{"period": fields{"start": "2026-03-01"}}))
		}, "ready; beta ready 81.00", "sent; acme transmitted 75.00; coverage-changed"},
		{"the plan was over", func(g guest) error { return g.try(g.plan("plan").with(until("2026-03-01"))) },
			"held; clarify-coverage", "sent; acme transmitted 75.00; coverage-changed"},
		{"the plan was a mistake", func(g guest) error { return g.try(g.plan("plan").with(fields{"status": "entered-in-error"})) },
			"patient; invoice issued 75.00", "sent; acme transmitted 75.00; coverage-changed"},
		{"the plan is deleted", func(g guest) error { return g.remove("Coverage", "plan") },
			"patient; invoice issued 75.00", "sent; acme transmitted 75.00; coverage-changed"},
		{"the plan was another patient's", func(g guest) error {
			return g.try(g.plan("plan").with(fields{"beneficiary": ref("Patient/nobody")}))
		}, "patient; invoice issued 75.00", "sent; acme transmitted 75.00; coverage-changed"},
		{"a price is taken from the new payer alone", func(g guest) error { return g.try(g.plan("plan").with(fields{"subscriberId": "CANARY-2"})) },
			"ready; acme ready 75.00", "sent; acme transmitted 75.00"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.pricedForBeta()
		for i := range changes {
			for _, kind := range []string{"unsent", "sent"} {
				g := d.guest(i, kind)
				g.send(g.visit()...)
			}
		}
		d.quiet()
		for i, row := range changes {
			d.guest(i, "sent").submit()
			for _, kind := range []string{"unsent", "sent"} {
				if err := row.do(d.guest(i, kind)); err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
			}
		}
		d.quiet()
		for i, row := range changes {
			for kind, want := range map[string]string{"unsent": row.unsent, "sent": row.sent} {
				if got := d.guest(i, kind).stands(); got != want {
					t.Errorf("%s: the %s visit stands: %s; want: %s", row.name, kind, got, want)
				}
			}
		}
	})
}

// TestAVisitWaitsForItsPlan holds that a visit without a plan waits, that the patient is asked when the time is over, and that
// a plan which comes takes back what was asked and not paid.
func TestAVisitWaitsForItsPlan(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		hours := func(n int) { d.settings(models.SettingsChange{SelfPayHours: &n}) }
		hours(24)
		early, late, paid := d.guest(0, "early"), d.guest(0, "late"), d.guest(0, "paid")
		for _, g := range []guest{early, late, paid} {
			g.send(append([]fields{g.patient()}, g.visit()[2:]...)...)
		}
		d.quiet()
		expect := func(when string, g guest, want string) {
			t.Helper()
			if got := g.stands(); got != want {
				t.Errorf("%s: the visit stands: %s; want: %s", when, got, want)
			}
		}
		expect("no plan yet", early, "waiting")
		d.books("AR:Patient 0.00")
		early.send(early.plan("plan"))
		d.quiet()
		expect("the plan came in time", early, "ready; acme ready 75.00")
		hours(0)
		for _, g := range []guest{late, paid} {
			g.send(g.encounter("visit").with(fields{"language": "en"})) // what arrives has it looked at again
		}
		d.quiet()
		expect("the time is over", late, "patient; invoice issued 75.00")
		paid.pay(paid.invoice("visit"), 7500, "cash")
		for _, g := range []guest{late, paid} {
			g.send(g.plan("plan"))
		}
		d.quiet()
		expect("the plan came late", late, "ready; acme ready 75.00")
		expect("the plan came after the patient paid", paid, "held; coverage-changed; invoice balanced 75.00")
		d.books("AR:Insurance 150.00; Cash:Drawer 75.00")
	})
}

// TestAMergedRecordIsItsSurvivor holds that plans and visits of a record that was merged count as those of the one that stands
// for it, whichever of them they name and whenever the merge comes.
func TestAMergedRecordIsItsSurvivor(t *testing.T) {
	link := func(to, typ string) fields {
		return fields{"link": []fields{{"other": ref("Patient/" + to), "type": typ}}}
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, name := range []string{"the plan is the survivor's", "the plan is the merged record's", "the merge comes last"} {
			old, survivor := d.guest(i, "old"), d.guest(i, "survivor")
			merged := old.patient().with(fields{"active": false}, link(survivor.id, "replaced-by"))
			survivor.send(survivor.patient())
			if i < 2 {
				old.send(merged)
			} else {
				old.send(old.patient())
			}
			plan := survivor.plan("plan")
			if i == 1 {
				plan = old.plan("plan")
			}
			old.send(append([]fields{plan}, old.visit()[2:]...)...)
			d.quiet()
			if i == 2 {
				old.send(merged)
				d.quiet()
			}
			if got, want := old.stands(), "ready; acme ready 75.00"; got != want {
				t.Errorf("%s: the visit stands: %s; want: %s", name, got, want)
				continue
			}
			if c := old.claim(); c.PatientID != models.PatientID(survivor.id) {
				t.Errorf("%s: the claim is of %s", name, c.PatientID)
			}
		}
	})
}

// TestASentVisitOfAMergedRecordIsToldOfItsSurvivor holds that what bears on a person bears on the visits of each record that the
// person had, however long the chain of merges is.
func TestASentVisitOfAMergedRecordIsToldOfItsSurvivor(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		mergedInto := func(g, survivor guest) fields {
			return g.patient().with(fields{"active": false, "link": []fields{{"other": ref("Patient/" + survivor.id), "type": "replaced-by"}}})
		}
		first, second, last := d.guest(1, "chain"), d.guest(2, "chain"), d.guest(3, "chain")
		last.send(last.patient())
		second.send(second.patient())
		first.send(first.visit()...)
		d.quiet()
		first.submit()
		first.send(mergedInto(first, second))
		second.send(mergedInto(second, last))
		d.quiet()
		if got, want := first.stands(), "sent; acme transmitted 75.00; changed-after-sent"; got != want {
			t.Errorf("after its patient was merged the visit stands: %s; want: %s", got, want)
		}
		last.send(last.plan("plan").with(paidBy(ref("Organization/beta"))))
		d.quiet()
		if got, want := first.stands(), "sent; acme transmitted 75.00; changed-after-sent; coverage-changed"; got != want {
			t.Errorf("after the survivor has another plan the visit stands: %s; want: %s", got, want)
		}
	})
}

// TestAPlanThatChangesWithinAStayHasItsOwnClaim holds that each day is asked of the plan in force on it.
func TestAPlanThatChangesWithinAStayHasItsOwnClaim(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "stay")
		g.stay()
		d.quiet()
		if got, want := g.stands(), "ready; acme ready 75.00; beta ready 250.00"; got != want {
			t.Errorf("the stay stands: %s; want: %s", got, want)
		}
		g.send(g.plan("next").with(paidBy(ref("Organization/beta")), fields{"period": fields{"start": "2026-03-03", "end": "2026-03-31"}}))
		g.send(g.plan("plan").with(until("2026-03-01")))
		d.quiet()
		if got, want := g.stands(), "held; clarify-coverage"; got != want {
			t.Errorf("where one day of the stay has no plan it stands: %s; want: %s", got, want)
		}
	})
}

// stay is a visit of two days, ACME's until its first and BETA's from its second.
func (g guest) stay() {
	g.t.Helper()
	days := fields{"period": fields{"start": "2026-03-02T15:00:00Z", "end": "2026-03-03T15:00:00Z"}}
	g.send(g.patient(), g.plan("plan").with(until("2026-03-02")),
		g.plan("next").with(paidBy(ref("Organization/beta")), fields{"period": fields{"start": "2026-03-03"}}),
		g.encounter("visit").with(class("IMP"), days), g.condition("dx", "I10"), g.procedure("ecg", "93000"), g.charge("draw", "36415"),
		g.procedure("second", "99214").with(fields{"performedDateTime": "2026-03-03"}))
}
