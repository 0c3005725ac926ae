package billing_test

import (
	"testing"

	"medbill/billing"
	"medbill/models"
)

// TestACorrectionIsDropped holds that a corrected claim which did not go out is dropped: the first one stands as before it was decided, or as its payer judged it meanwhile, charges and diagnoses are
// those that the payer has, what differs is open work still, and what went out is not dropped.
func TestACorrectionIsDropped(t *testing.T) {
	unnamed := func(g guest) fields { return g.plan("plan").with(fields{"subscriberId": nil}) } // what holds a claim
	recoded := func(g guest) []fields { return []fields{g.procedure("a", "99213"), g.condition("dx", "E78.5")} }
	judges := func(g guest) error { return g.judges("A-"+g.id, false, as99214) }
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		for i, row := range []struct {
			name          string
			before        func(g guest) error
			changes       func(g guest) []fields
			kind          models.WorkKind
			coding        models.Coding
			decided, then string
			after         func(g guest) error // the first payer's answer, where that comes afterwards
			end           string
		}{
			{"decided before the answer", nil, recoded, models.WorkChangedSent, models.Coding{}, "sent; acme replacement-pending 250.00", "sent; acme transmitted 250.00; changed-after-sent", judges,
				"held; acme adjudicated 250.00; changed-after-sent"},
			{"held by a finding", judges, func(g guest) []fields { return append(recoded(g), unnamed(g)) }, models.WorkChangedSent, models.Coding{},
				"held; acme held 150.00 scrub.required; acme replacement-pending 250.00; correct-claim; invoice issued 30.00", "held; acme adjudicated 250.00; changed-after-sent; invoice issued 30.00", nil, ""},
			{"a late charge", judges, func(g guest) []fields { return []fields{g.charge("late", "93000"), unnamed(g)} }, models.WorkLateCharge, models.Coding{},
				"held; acme held 310.00 scrub.required; acme replacement-pending 250.00; correct-claim; invoice issued 30.00", "held; acme adjudicated 250.00; invoice issued 30.00; late-charge", nil, ""},
			{"coded with the decision", judges, func(g guest) []fields { return append(recoded(g), unnamed(g)) }, models.WorkChangedSent, coded,
				"held; acme held 60.00 scrub.required; acme replacement-pending 250.00; correct-claim; invoice issued 30.00", "held; acme adjudicated 250.00; changed-after-sent; invoice issued 30.00", nil, ""},
		} {
			g := d.guest(i, "dropped")
			g.coded()
			if row.before != nil {
				g.must(row.before(g))
			}
			g.send(row.changes(g)...)
			g.quiet()
			item := g.openOf(row.kind)
			for round := range 2 {
				g.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideReplace, Reason: "As the record says.", Coding: row.coding}))
				if got := g.stands(); got != row.decided {
					t.Errorf("%s: decided in round %d it stands %s, want %s", row.name, round, got, row.decided)
				}
				g.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It is right after all."}))
				if got := g.stands(); got != row.then {
					t.Errorf("%s: dropped in round %d it stands %s, want %s", row.name, round, got, row.then)
				}
				if c := g.claim(); c.Lines[0].Code != "99214" || g.sumOf(models.AccountRevenue) != -25000 {
					t.Errorf("%s: dropped, the claim has %s and %s is earned", row.name, c.Lines[0].Code, g.sumOf(models.AccountRevenue))
				}
				d.clean()
			}
			if row.after == nil {
				continue
			}
			g.must(row.after(g))
			if got := g.stands(); got != row.end {
				t.Errorf("%s: in the end it stands %s, want %s", row.name, got, row.end)
			}
		}

		lost := d.guest(8, "dropped")
		lost.coded()
		notFound := fields{"outcome": "queued", "extension": []fields{{"url": ours + "claim-status", "valueCodeableConcept": conceptOf("https://x12.org/codes/claim-status-category-codes", "A4")}}}
		lost.must(lost.answersWith(lost.claim(), notFound))
		ask := lost.openOf(models.WorkNoAnswer)
		lost.must(d.decide(ask.ID, billing.Verdict{Decision: models.DecideVoid, Reason: "It was another patient."}))
		if got := lost.stands(); got != "sent; acme void-pending 250.00" {
			t.Errorf("to be voided it stands %s", got)
		}
		lost.must(d.decide(ask.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It was not."}))
		if got := lost.stands(); got != "sent; acme lost 250.00; no-answer" {
			t.Errorf("not voided it stands %s", got)
		}

		gone := d.guest(9, "dropped")
		gone.coded()
		gone.must(judges(gone))
		gone.send(recoded(gone)...)
		gone.quiet()
		item := gone.openOf(models.WorkChangedSent)
		gone.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideReplace, Reason: "As the record says."}))
		if got := refusal(d.decide(item.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It is right after all."})); got != "claim.sent decision" {
			t.Errorf("what went out is dropped: %q", got)
		}
	})
}

// TestADecisionIsUndoneAndNoOther holds that what undoes a decision whose corrected claim went out does not drop the one that was decided after it.
func TestADecisionIsUndoneAndNoOther(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		g := d.guest(1, "older")
		g.coded()
		g.must(g.judges("A-"+g.id, false, as99214))
		g.send(g.procedure("a", "99213"))
		g.quiet()
		older := g.openOf(models.WorkChangedSent)
		g.must(d.decide(older.ID, billing.Verdict{Decision: models.DecideReplace}))
		g.send(g.charge("late", "93000"), g.plan("plan").with(fields{"subscriberId": nil})) // what holds a claim
		g.quiet()
		g.must(d.decide(g.openOf(models.WorkLateCharge).ID, billing.Verdict{Decision: models.DecideReplace}))
		before := g.stands()
		if got := refusal(d.decide(older.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It was right."})); got != "claim.sent decision" || g.stands() != before {
			t.Errorf("it is refused by %q, and stands %s, before %s", got, g.stands(), before)
		}
		d.clean()
	})
}

// recoded is a visit that is coded otherwise after its claim was judged; its corrected claim is with the payer. It gives both.
func (g guest) recoded() []models.Claim {
	g.t.Helper()
	g.coded()
	g.must(g.judges("A-"+g.id, false, as99214))
	g.send(g.procedure("a", "99213"))
	g.quiet()
	g.must(g.decide(g.openOf(models.WorkChangedSent).ID, billing.Verdict{Decision: models.DecideReplace}))
	claims, _ := g.all()
	return claims
}

// TestADroppedCorrectionLeavesTheOneBeforeIt holds that what a corrected claim which went out brings and takes away waits for its answer still, where another correction after it is dropped.
func TestADroppedCorrectionLeavesTheOneBeforeIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		for i, drops := range []bool{false, true} {
			g := d.guest(i, "before")
			claims := g.recoded()
			g.send(g.charge("late", "93000"))
			g.quiet()
			late := g.openOf(models.WorkLateCharge)
			if drops {
				g.must(d.decide(late.ID, billing.Verdict{Decision: models.DecideReplace}))
				g.must(d.decide(late.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It was another patient's."}))
			}
			g.must(d.decide(late.ID, billing.Verdict{Decision: models.DecideIgnore, Reason: "It was another patient's."}))
			g.must(g.judged(claims[0], "A-"+g.id, true, as99214))
			g.must(g.judged(claims[1], "B-"+g.id, false, as99213))
			if got, told := g.sums(), g.stands(); got != "-150.00 90.00 50.00 0.00 10.00" || told != "patient; acme adjudicated 150.00; invoice balanced 30.00; invoice issued 10.00" {
				t.Errorf("dropped %v: revenue, paid, given up, the payer's and the patient's are %s, and it stands %s", drops, got, told)
			}
			d.clean()
		}
	})
}

// TestADroppedRecodingLeavesTheOneBeforeIt holds the same where the correction that is dropped would have brought back what the one before it takes away.
func TestADroppedRecodingLeavesTheOneBeforeIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		g := d.guest(1, "back")
		claims := g.recoded()
		g.send(g.procedure("a", "99214"))
		g.quiet()
		again := g.openOf(models.WorkChangedSent)
		g.must(d.decide(again.ID, billing.Verdict{Decision: models.DecideReplace}))
		g.must(d.decide(again.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It was right."}))
		g.must(d.decide(g.openOf(models.WorkChangedSent).ID, billing.Verdict{Decision: models.DecideIgnore, Reason: "It was right."}))
		g.must(g.judged(claims[0], "A-"+g.id, true, as99214))
		g.must(g.judged(claims[1], "B-"+g.id, false, as99213))
		if got := g.sums(); got != "-150.00 90.00 50.00 0.00 10.00" {
			t.Errorf("revenue, paid, given up, the payer's and the patient's are %s, and it stands %s", got, g.stands())
		}
		d.clean()
	})
}

// TestADroppedCorrectionLeavesWhatTheNextPayerJudged holds the same where the next payer has a claim of its own for what the correction before takes away.
func TestADroppedCorrectionLeavesWhatTheNextPayerJudged(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		g := d.guest(1, "next")
		g.send(g.patient(), g.plan("plan").with(order(1)), g.second(), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("a", "99214"))
		g.quiet()
		g.submit()
		g.must(g.judges("A-"+g.id, false, as99214))
		g.quiet()
		g.must(g.sends("beta"))
		g.send(g.procedure("a", "99213"))
		g.quiet()
		g.must(d.decide(g.openOf(models.WorkChangedSent).ID, billing.Verdict{Decision: models.DecideReplace}))
		claims, _ := g.all()
		g.send(g.charge("late", "93000"))
		g.quiet()
		late := g.openOf(models.WorkLateCharge)
		g.must(d.decide(late.ID, billing.Verdict{Decision: models.DecideReplace}))
		g.must(d.decide(late.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It was another patient's."}))
		g.must(d.decide(late.ID, billing.Verdict{Decision: models.DecideIgnore, Reason: "It was another patient's."}))
		for _, c := range claims {
			switch {
			case c.InsurerID == "acme" && c.Frequency != models.FrequencyReplace:
				g.must(g.judged(c, "A-"+g.id, true, as99214))
			case c.InsurerID == "acme":
				g.must(g.judged(c, "R-"+g.id, false, as99213))
			}
		}
		g.quiet()
		if got := g.sumOf(models.AccountRevenue); got != -15000 {
			t.Errorf("%s is earned, and it stands %s", got, g.stands())
		}
		d.clean()
	})
}
