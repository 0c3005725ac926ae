package billing_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

const ours = "https://medbill.dev/fhir/StructureDefinition/"

// crossed is what an answer says that passes its claim on: with a status of X12 CLP02 where that is not "", and the carrier where that is not nil.
func crossed(status string, carrier fields) fields {
	var extensions []fields
	if status != "" {
		extensions = append(extensions, fields{"url": ours + "clp-status", "valueCode": status})
	}
	if carrier != nil {
		extensions = append(extensions, carrier.with(fields{"url": ours + "crossover-carrier"}))
	}
	return fields{"extension": extensions}
}

func toBeta() fields { return fields{"valueReference": ref("Organization/beta")} }

// crosses has ACME judge the guest's claim and pass it on.
func (g guest) crosses(number string, more fields, byCode map[string]line) error {
	c := g.askedOf("acme")
	number = g.id + "-" + number
	return g.answersWith(c, fields{"identifier": []fields{{"system": "http://payer.example.org/icn", "value": number}}}.with(more), saidOf(c, byCode)...)
}

// insuredBy is insured with more plans, or others.
func (g guest) insuredBy(plans ...fields) {
	documents := []fields{g.patient(), g.plan("plan").with(order(1)), g.encounter("visit"), g.condition("dx", "I10"), g.charge("a", "99214-25"), g.charge("b", "93000"), g.charge("c", "36415")}
	g.send(append(documents, plans...)...)
	g.quiet()
	g.submit()
}

func (g guest) second() fields {
	return g.plan("second").with(paidBy(ref("Organization/beta")), order(2))
}

// eachCrossing is eachOffice with a third payer, and BETA known by numbers.
func eachCrossing(t *testing.T, test func(t *testing.T, d *desk)) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.put("Organization", "beta", `{"resourceType":"Organization","id":"beta","name":"BETA HMO","identifier":[{"system":"urn:payer","value":"60999"}]}`)
		d.put("Organization", "gamma", `{"resourceType":"Organization","id":"gamma","name":"GAMMA"}`)
		d.payers("payer,name,aliases,identifiers,transactions\nacme,ACME PPO,,,\nbeta,BETA HMO,,urn:clearing|B-7,\n")
		test(t, d)
	})
}

const forwarded = "sent; acme adjudicated 325.00; beta forwarded 325.00"

// TestAClaimThatIsPassedOnIsNotSent holds that an answer which says in any of its ways that its payer passed the claim on makes the next payer's claim, with that answer on it and the money at
// that payer, which reads and answers it, and that nobody sends it: not by hand, not by itself, and no filing limit holds it.
func TestAClaimThatIsPassedOnIsNotSent(t *testing.T) {
	note := func(code string) fields {
		return fields{"processNote": []fields{{"number": 1, "text": "x", "extension": []fields{{"url": ours + "remark-code", "valueCoding": fields{"system": "https://x12.org/codes/remittance-advice-remark-codes", "code": code}}}}}}
	}
	eachCrossing(t, func(t *testing.T, d *desk) {
		d.payers("payer,subject,code,value,from,until\nbeta,secondary-filing-limit,,1,,\nacme,filing-limit,,365,,\n")
		auto := true
		d.settings(models.SettingsChange{AutoSubmit: &auto})
		for i, row := range []struct {
			name string
			more fields
		}{
			{"status 19 and the carrier", crossed("19", toBeta())},
			{"status 20", crossed("20", toBeta())},
			{"status 19 alone", crossed("19", nil)},
			{"the carrier alone", crossed("1", toBeta())},
			{"remark MA18", note("MA18")},
			{"remark N89 and an identifier of its record", crossed("", fields{"valueIdentifier": fields{"system": "urn:payer", "value": "60999"}}).with(note("N89"))},
			{"an identifier of the directory", crossed("19", fields{"valueIdentifier": fields{"system": "urn:clearing", "value": "B-7"}})},
			{"a reference by an identifier", crossed("19", fields{"valueReference": fields{"type": "Organization", "identifier": fields{"system": "urn:payer", "value": "60999"}}})},
		} {
			g := d.guest(i, "crossed")
			g.insuredBy(g.second())
			for range 2 {
				if err := g.crosses("A", row.more, asFirst); err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
			}
			g.quiet()
			if got := g.stands(); got != forwarded || g.owe() != "0.00 74.00 0.00" {
				t.Errorf("%s: it stands %s and is owed %s", row.name, got, g.owe())
			}
			c := g.askedOf("beta")
			if c.Sent != "" || len(c.Prior) != 1 || c.Number != g.askedOf("acme").Number {
				t.Errorf("%s: the claim is %+v", row.name, c)
			}
			text := g.read("Claim", string(c.ID))
			if !strings.Contains(text, `"status":"active"`) || !strings.Contains(text, `"valueCode":"forwarded"`) || strings.Contains(text, ours+"sent") || !strings.Contains(text, `"claimResponse":{"reference":"ClaimResponse/`) {
				t.Errorf("%s: it reads %s", row.name, text)
			}
			if _, err := d.records.Read(context.Background(), d.payer("beta"), models.Ref{Type: "Claim", ID: string(c.ID)}); err != nil {
				t.Errorf("%s: its payer does not read it: %v", row.name, err)
			}
			if got := refusal(g.sends("beta")); got != "claim.forwarded Claim.status" {
				t.Errorf("%s: to send it is refused by %q", row.name, got)
			}
			for _, outcome := range []string{"queued", "complete"} {
				var lines []line
				if outcome == "complete" {
					lines = saidOf(c, bySecond)
				}
				if err := g.answersWith(c, fields{"outcome": outcome, "identifier": []fields{{"value": outcome + g.id}}}, lines...); err != nil {
					t.Fatalf("%s: %s: %v", row.name, outcome, err)
				}
				g.quiet()
				if outcome == "queued" && g.stands() != forwarded {
					t.Errorf("%s: received it stands %s", row.name, g.stands())
				}
			}
			if got := g.stands(); got != "patient; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00" || g.owe() != "0.00 0.00 10.00" {
				t.Errorf("%s: answered it stands %s and is owed %s", row.name, got, g.owe())
			}
		}
	})
}

// TestWhoGotAClaimThatIsPassedOnIsAsked holds that a claim which is passed on to somebody else than the plan that comes next, or nobody knows to whom, leaves its money with the first payer and
// no claim to a next one until somebody says so: by the plans, or by the decision that nothing was passed on.
func TestWhoGotAClaimThatIsPassedOnIsAsked(t *testing.T) {
	eachCrossing(t, func(t *testing.T, d *desk) {
		gamma := fields{"valueReference": ref("Organization/gamma")}
		third := func(g guest, place int) fields {
			return g.plan("third").with(paidBy(ref("Organization/gamma")), order(place))
		}
		ended := func(g guest) fields { return g.second().with(fields{"period": fields{"end": "2026-01-31"}}) }
		for i, row := range []struct {
			name   string
			plans  func(g guest) []fields
			more   fields
			says   string // the work
			then   func(g guest) []fields
			stands string // once the plans are told, or where none are it was decided that nothing was passed on
			owed   string // by ACME, BETA and the patient then; GAMMA owes the rest
		}{
			{"a payer without a plan", func(g guest) []fields { return []fields{g.second()} }, crossed("19", gamma), "has no plan",
				func(g guest) []fields { return []fields{ended(g), third(g, 3)} }, "sent; acme adjudicated 325.00; gamma forwarded 325.00", "0.00 0.00 0.00"},
			{"the one after the next", func(g guest) []fields { return []fields{g.second(), third(g, 3)} }, crossed("19", gamma), "does not come next",
				func(g guest) []fields { return []fields{g.second().with(order(4))} }, "sent; acme adjudicated 325.00; gamma forwarded 325.00", "0.00 0.00 0.00"},
			{"nobody, and two come next", func(g guest) []fields { return []fields{g.second(), third(g, 3)} }, crossed("19", nil), "several plans",
				func(g guest) []fields { return []fields{third(g, 3).with(fields{"status": "cancelled"})} }, forwarded, "0.00 74.00 0.00"},
			{"no plan comes next", func(guest) []fields { return nil }, crossed("19", toBeta()), "no plan",
				func(g guest) []fields { return []fields{g.second()} }, forwarded, "0.00 74.00 0.00"},
			{"an identifier that nobody has", func(g guest) []fields { return []fields{g.second()} }, crossed("19", fields{"valueIdentifier": fields{"value": "?"}}), "no plan", nil,
				"ready; acme adjudicated 325.00; beta ready 325.00", "0.00 74.00 0.00"},
			{"it was not passed on, and the patient has no other plan", func(guest) []fields { return nil }, crossed("19", nil), "no plan", nil,
				"patient; acme adjudicated 325.00; invoice issued 74.00", "0.00 0.00 74.00"},
		} {
			g := d.guest(i, "strayed")
			g.insuredBy(row.plans(g)...)
			if err := g.crosses("A", row.more, asFirst); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
			g.quiet()
			if got := g.stands(); got != "held; acme adjudicated 325.00; passed-on" || g.owe() != "74.00 0.00 0.00" {
				t.Errorf("%s: it stands %s and is owed %s", row.name, got, g.owe())
			}
			item := g.only(models.WorkPassedOn)
			if item.Role != models.ForFrontDesk || item.Amount != 7400 || !strings.Contains(strings.ReplaceAll(item.Reason, "with whom the patient has", "has"), row.says) {
				t.Errorf("%s: the work says %+v", row.name, item)
			}
			if got := refusal(d.decide(item.ID, billing.Verdict{Decision: models.DecideRecheck})); !strings.HasPrefix(got, "work.") {
				t.Errorf("%s: to look again is refused by %q", row.name, got)
			}
			if row.then != nil {
				g.send(row.then(g)...)
			} else if err := d.decide(item.ID, billing.Verdict{Decision: models.DecideIgnore, Reason: "The payer was asked."}); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
			g.quiet()
			if got := g.stands(); got != row.stands || g.owe() != row.owed {
				t.Errorf("%s: then it stands %s and is owed %s, want %s, %s", row.name, got, g.owe(), row.stands, row.owed)
			}
			if got := g.owed(models.AccountARInsurance) + g.owed(models.AccountARPatient); got != 7400 {
				t.Errorf("%s: altogether %s is owed", row.name, got)
			}
		}
	})
}

// TestWhatIsPassedOnIsTakenBack holds that a payer which takes its answer back after it passed the claim on has the next one's claim follow what it says next, that a claim which we sent is
// not doubled by an answer that passes it on later, and that one which its payer turned away is sent like any other.
func TestWhatIsPassedOnIsTakenBack(t *testing.T) {
	eachCrossing(t, func(t *testing.T, d *desk) {
		back := func(g guest) error { return g.judges(g.id+"-A", true, asFirst) }
		over := crossed("19", toBeta())
		for i, row := range []struct {
			name  string
			steps []func(g guest) error
			want  []string
			owed  string
		}{
			{"and passes on the correction", []func(g guest) error{
				func(g guest) error { return g.crosses("A", over, asFirst) }, back, func(g guest) error { return g.crosses("AR", over, asCorrected) },
			}, []string{forwarded, "sent; acme reversed 325.00; beta forwarded 325.00", forwarded}, "0.00 114.00 0.00"},
			{"after we sent it", []func(g guest) error{
				func(g guest) error { return g.crosses("A", nil, asFirst) }, func(g guest) error { return g.sends("beta") }, back, func(g guest) error { return g.crosses("AR", over, asCorrected) },
			}, []string{"ready; acme adjudicated 325.00; beta ready 325.00", "sent; acme adjudicated 325.00; beta transmitted 325.00", "sent; acme reversed 325.00; beta transmitted 325.00",
				"sent; acme adjudicated 325.00; beta transmitted 325.00"}, "0.00 114.00 0.00"},
			{"after the next payer answered", []func(g guest) error{
				func(g guest) error { return g.crosses("A", over, asFirst) }, func(g guest) error { return g.judged(g.askedOf("beta"), "B-1", false, bySecond) }, back,
				func(g guest) error { return g.crosses("AR", over, asCorrected) }, func(g guest) error { return g.judged(g.askedOf("beta"), "B-1", true, bySecond) },
				func(g guest) error { return g.judged(g.askedOf("beta"), "B-1R", false, bySecondAgain) },
			}, []string{forwarded, "patient; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00", "sent; acme reversed 325.00; beta adjudicated 325.00; invoice issued 10.00",
				"held; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00; next-payer", "sent; acme adjudicated 325.00; beta reversed 325.00; invoice issued 10.00; next-payer",
				"patient; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00"}, "0.00 0.00 10.00"},
			{"and it was turned away", []func(g guest) error{
				func(g guest) error { return g.crosses("A", over, asFirst) },
				func(g guest) error {
					return g.answersWith(g.askedOf("beta"), fields{"outcome": "error", "identifier": nil})
				},
				func(g guest) error {
					return g.decide(g.only(models.WorkRejected).ID, billing.Verdict{Decision: models.DecideResend})
				},
			}, []string{forwarded, "ready; acme adjudicated 325.00; beta ready 325.00; rejected-claim", "sent; acme adjudicated 325.00; beta transmitted 325.00"}, "0.00 74.00 0.00"},
		} {
			g := d.guest(i, "taken")
			g.insuredBy(g.second())
			for n, step := range row.steps {
				if err := step(g); err != nil {
					t.Fatalf("%s: step %d: %v", row.name, n+1, err)
				}
				g.quiet()
				if got := g.stands(); got != row.want[n] {
					t.Errorf("%s: after step %d it stands\n %s, want\n %s", row.name, n+1, got, row.want[n])
				}
			}
			if got := g.owe(); got != row.owed {
				t.Errorf("%s: ACME, BETA and the patient owe %s, want %s", row.name, got, row.owed)
			}
			c := g.askedOf("beta")
			for _, p := range c.Prior {
				g.view(func(v *store.View) error {
					a, _, err := books.Answer(v, p.AnswerID)
					if c.State == models.ClaimForwarded && !a.Judges() {
						t.Errorf("%s: the claim goes by an answer that was taken back", row.name)
					}
					return err
				})
			}
		}
	})
}

// TestWhatIsPassedOnAndNotAskedForIsWork holds that a payer which passes on what the next one's claim does not ask for leaves that to a person once that claim is judged, whoever sent it.
func TestWhatIsPassedOnAndNotAskedForIsWork(t *testing.T) {
	late := func(said map[string]line) map[string]line {
		all := maps.Clone(said)
		all["99213"] = line{"100.00", []string{"CO 45 20.00", "PR 2 30.00"}}
		return all
	}
	eachCrossing(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		for i, row := range []struct {
			name  string
			first fields // of the first answer
		}{{"we sent it", nil}, {"the first payer passed it on", crossed("19", toBeta())}} {
			g := d.guest(i, "missing")
			g.insuredBy(g.second())
			g.must(g.crosses("A", row.first, asFirst))
			if row.first == nil {
				g.must(g.sends("beta"))
			}
			g.must(g.answersWith(g.askedOf("beta"), fields{"outcome": "queued", "identifier": nil}))
			g.send(g.charge("d", "99213"))
			g.quiet()
			g.must(g.decided(models.WorkLateCharge, models.DecideReplace))
			first := g.askedOf("acme")
			_, claims := g.kase("visit")
			again, _ := models.Follower(claims, first.ID)
			more := fields{"identifier": []fields{{"system": "http://payer.example.org/icn", "value": g.id + "-B"}}}.with(crossed("19", toBeta()))
			g.must(g.answersWith(again, more, saidOf(again, late(asFirst))...))
			g.must(g.judged(g.askedOf("beta"), "B-"+g.id, false, bySecond))
			g.must(g.judged(first, g.id+"-A", true, asFirst))
			if got, want := g.stands(), "held; acme adjudicated 475.00; beta adjudicated 325.00; next-payer"; got != want || g.owe() != "0.00 30.00 10.00" {
				t.Errorf("%s: it stands %s and is owed %s, want %s", row.name, got, g.owe(), want)
			}
			d.clean()
		}
	})
}

// TestThePayerBehindAnswersFirst holds that an answer to a claim which nobody knows to be passed on waits, and is posted once it is said to be to the claim that the first payer's answer made.
func TestThePayerBehindAnswersFirst(t *testing.T) {
	eachCrossing(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "early")
		g.insuredBy(g.second())
		early := g.askedOf("acme")
		early.InsurerID = "beta"
		if err := g.answersWith(early, fields{"request": byNumber(early.Number), "identifier": []fields{{"value": "B-1"}}}, saidOf(early, bySecond)...); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		item := d.unmatchedWork()
		if got := g.stands(); got != "sent; acme transmitted 325.00" {
			t.Errorf("it stands %s", got)
		}
		if err := g.crosses("A", crossed("19", toBeta()), asFirst); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got := g.stands(); got != forwarded {
			t.Errorf("passed on it stands %s", got)
		}
		if err := d.decide(item.ID, billing.Verdict{Decision: models.DecideMatch, Claim: g.askedOf("beta").ID}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got := g.stands(); got != "patient; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00" || g.owe() != "0.00 0.00 10.00" {
			t.Errorf("matched it stands %s and is owed %s", got, g.owe())
		}
	})
}

// TestACarrierIsReadOrRefused holds that whom a claim was passed on to is read in its forms, and any other is refused with its place.
func TestACarrierIsReadOrRefused(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url))
		d.practice()
		g := d.guest(1, "form")
		g.insuredBy()
		for _, row := range []struct {
			name string
			more fields
			want string
		}{
			{"a person", crossed("19", fields{"valueReference": ref("Practitioner/doc")}), "value ClaimResponse.extension[1].value"},
			{"a word", crossed("19", fields{"valueString": "BETA"}), "value ClaimResponse.extension[1].value"},
			{"an identifier without a value", crossed("", fields{"valueIdentifier": fields{"system": "urn:payer"}}), "value ClaimResponse.extension[0].value"},
			{"a name", crossed("", fields{"valueReference": fields{"display": "BETA"}}), "value ClaimResponse.extension[0].value"},
			{"two", fields{"extension": []fields{toBeta().with(fields{"url": ours + "crossover-carrier"}), toBeta().with(fields{"url": ours + "crossover-carrier"})}}, "value ClaimResponse.extension[1]"},
		} {
			if got := refusal(g.crosses("A", row.more, asFirst)); got != row.want {
				t.Errorf("%s is refused by %q, want %q", row.name, got, row.want)
			}
		}
	})
}
