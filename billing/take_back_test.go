package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/money"
)

// three is a visit of 325.00: an evaluation, an electrocardiogram and a blood draw.
func (g guest) three() {
	g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.charge("a", "99214-25"), g.charge("b", "93000"), g.charge("c", "36415"))
	g.quiet()
	g.submit()
}

// judges has the first payer judge the three lines of its claim under a number, by code and amounts; turned takes such a judgement back.
func (g guest) judges(number string, turned bool, byCode map[string]line) error {
	return g.judged(g.askedOf("acme"), number, turned, byCode)
}

// askedOf gives the guest's claim to a payer.
func (g guest) askedOf(payer models.OrganizationID) models.Claim {
	g.t.Helper()
	_, claims := g.kase("visit")
	for _, c := range claims {
		if c.InsurerID == payer {
			return c
		}
	}
	g.t.Fatalf("%s has no claim to %s; it stands: %s", g.id, payer, g.stands())
	return models.Claim{}
}

// traces are the payments that the answers of a number come with; its reversal comes with another.
var traces = map[string][2]string{"A-1": {"EFT0001", "REM0003"}, "A-1R": {"REM0003"}, "B-1": {"EFT9001", "EFT9005"}, "B-1R": {"EFT9005"}}

func (g guest) judged(c models.Claim, number string, turned bool, byCode map[string]line) error {
	lines, sign, paid := make([]line, len(c.Lines)), "", models.Cents(0)
	more := fields{"identifier": []fields{{"system": "http://payer.example.org/icn", "value": number}}}
	if turned {
		sign = "-"
		more["extension"] = []fields{{"url": "https://medbill.dev/fhir/StructureDefinition/clp-status", "valueCode": "22"}}
	}
	c.Lines = slices.Clone(c.Lines)
	for i, l := range c.Lines {
		said := byCode[l.Code]
		lines[i].paid = sign + said.paid
		for _, adjustment := range said.adjustments {
			part := strings.Fields(adjustment)
			lines[i].adjustments = append(lines[i].adjustments, part[0]+" "+part[1]+" "+sign+part[2])
		}
		if turned {
			c.Lines[i].Billed = -l.Billed
		}
		cents, err := money.Parse(lines[i].paid)
		if err != nil {
			return err
		}
		paid += cents
	}
	trace := traces[number][0]
	if turned {
		trace = traces[number][1]
	}
	if trace != "" {
		more["payment"] = fields{
			"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "amount": usd(paid.String()), "identifier": fields{"value": trace},
		}
	}
	return g.answersWith(c, more, lines...)
}

var (
	asFirst     = map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": {"16.00", []string{"CO 45 40.00", "PR 2 4.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
	asCorrected = map[string]line{"99214": {"40.00", []string{"CO 45 100.00", "PR 1 100.00", "PR 2 10.00"}}, "93000": {"16.00", []string{"CO 45 40.00", "PR 2 4.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
	asLenient   = map[string]line{"99214": {"120.00", []string{"CO 45 100.00", "PR 2 30.00"}}, "93000": {"16.00", []string{"CO 45 40.00", "PR 2 4.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
)

// TestAPayerTakesAnAnswerBackAndCorrectsIt holds that a reversal mirrors the answer that it undoes, that the correction is posted like a first
// answer, and that the patient is asked for the difference, or gets back what was paid too much.
func TestAPayerTakesAnAnswerBackAndCorrectsIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			name, want, credit string
			paid               models.Cents
			correction         map[string]line
		}{
			{"more is the patient's, nothing paid", "patient; acme adjudicated 325.00; invoice issued 40.00; invoice issued 74.00", "0.00", 0, asCorrected},
			{"more is the patient's, all paid", "patient; acme adjudicated 325.00; invoice balanced 74.00; invoice issued 40.00", "0.00", 7400, asCorrected},
			{"less is the patient's, nothing paid", "patient; acme adjudicated 325.00; invoice issued 74.00", "0.00", 0, asLenient},
			{"less is the patient's, all paid", "closed; acme adjudicated 325.00; invoice balanced 74.00", "-40.00", 7400, asLenient},
			{"the same again", "patient; acme adjudicated 325.00; invoice issued 74.00", "0.00", 0, asFirst},
		} {
			g := d.guest(i, "back")
			g.three()
			if err := g.judges("A-1", false, asFirst); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if row.paid > 0 {
				if _, err := d.office.Pay(context.Background(), d.admin(), billing.Call{Key: row.name}, billing.PaymentRequest{InvoiceID: g.invoice("visit"), Amount: row.paid, Method: models.PaymentCash}); err != nil {
					t.Fatal(err)
				}
			}
			if err := g.judges("A-1", true, asFirst); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got, want := g.stands(), "sent; acme reversed 325.00; invoice "; !strings.HasPrefix(got, want) {
				t.Errorf("%s: taken back it stands %s, want %s", row.name, got, want)
			}
			if got := g.owed(models.AccountARInsurance); got != 32500 {
				t.Errorf("%s: taken back the payer owes %s", row.name, got)
			}
			if err := g.judges("A-1R", false, row.correction); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got := g.stands(); got != row.want {
				t.Errorf("%s: corrected it stands %s, want %s", row.name, got, row.want)
			}
			if got := g.owed(models.AccountPatientCredits).String(); got != row.credit {
				t.Errorf("%s: the credit is %s, want %s", row.name, got, row.credit)
			}
			g.asksWhatIsOwed(row.name)
			if kinds := g.answerKinds(); kinds != "original cancelled, reversal active, correction active" {
				t.Errorf("%s: the answers are %s", row.name, kinds)
			}
			if err := g.judges("A-1", true, asFirst); err != nil {
				t.Errorf("%s: the reversal comes again: %v", row.name, err)
			}
		}
	})
}

// TestWhatMirrorsNothingIsHeld holds that a reversal which is not the negative of an answer in the books moves nothing, and that a judgement of what is
// judged waits until the payer takes back the first.
func TestWhatMirrorsNothingIsHeld(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			name   string
			number string
			turned bool
			says   map[string]line
		}{
			{"another amount", "A-1", true, asCorrected},
			{"another number", "A-2", true, asFirst},
			{"a correction by itself", "A-2", false, asCorrected},
		} {
			g := d.guest(i, "skewed")
			g.three()
			if err := g.judges("A-1", false, asFirst); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if err := g.judges(row.number, row.turned, row.says); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got, want := g.stands(), "held; acme adjudicated 325.00; invoice issued 74.00; review-answer"; got != want {
				t.Errorf("%s: it stands %s, want %s", row.name, got, want)
			}
			if got := g.owed(models.AccountARPatient); got != 7400 {
				t.Errorf("%s: the patient owes %s", row.name, got)
			}
		}
		g := d.guest(9, "skewed")
		g.three()
		if got := refusal(g.judges("A-1", true, map[string]line{"99214": {"80.00", nil}, "93000": {"16.00", nil}, "36415": {"0.00", nil}})); got != "answer.unbalanced ClaimResponse.item[0].adjudication" {
			t.Errorf("a reversal that does not add up is refused as %q", got)
		}
	})
}

// owed gives what the books say of an account for the guest's visit; of credits, for the patient.
func (g guest) owed(account models.LedgerAccount) (sum models.Cents) {
	g.t.Helper()
	g.view(func(v *store.View) error {
		return journal.Each(v, func(e models.Entry) error {
			for _, p := range e.Postings {
				if p.Account == account && p.PatientID == models.PatientID(g.id) {
					sum += p.Amount
				}
			}
			return nil
		})
	})
	return sum
}

// asksWhatIsOwed holds that what is due on the guest's invoices is what the patient owes.
func (g guest) asksWhatIsOwed(name string) {
	g.t.Helper()
	due := models.Cents(0)
	g.view(func(v *store.View) error {
		invoices, err := books.InvoicesOfCase(v, models.CaseOf(models.VisitID(g.named("visit"))))
		for _, i := range invoices {
			due += i.Due
		}
		return err
	})
	if owed := g.owed(models.AccountARPatient); due != owed {
		g.t.Errorf("%s: %s is due on invoices, %s owed", name, due, owed)
	}
}

// answerKinds gives the answers to the guest's claim with the status of their documents, oldest first.
func (g guest) answerKinds() string {
	g.t.Helper()
	var answers []models.Answer
	g.view(func(v *store.View) (err error) {
		answers, err = books.AnswersOfCase(v, models.CaseOf(models.VisitID(g.named("visit"))))
		return err
	})
	var kinds []string
	for _, a := range answers {
		status := "active"
		if strings.Contains(g.read("ClaimResponse", string(a.ID)), `"status":"cancelled"`) {
			status = "cancelled"
		}
		kinds = append(kinds, string(a.Kind)+" "+status)
	}
	return strings.Join(kinds, ", ")
}

// TestADenialIsDecided holds who may give up what a payer refused, what a patient may be asked for, and that a payer who pays after all undoes what was
// decided.
func TestADenialIsDecided(t *testing.T) {
	ten := 10
	biller := func(d *desk) auth.Principal { return d.withRole(auth.RoleBiller) }
	manager := func(d *desk) auth.Principal { return d.withRole(auth.RoleManager) }
	won := map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": {"16.00", []string{"CO 45 40.00", "PR 2 4.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.settings(models.SettingsChange{WriteOffMax: &ten})
		for i, row := range []struct {
			name, denial, refused string
			who                   func(*desk) auth.Principal
			decision              models.Decision
			stands                string
			account               models.LedgerAccount
		}{
			{"a biller gives up too much", "CO 50", "work.limit decision", biller, models.DecideWriteOff, "", ""},
			{"a manager gives it up", "CO 50", "", manager, models.DecideWriteOff, "patient; acme adjudicated 325.00; invoice issued 70.00", models.AccountDenied},
			{"a manager gives up what nobody knows", "PI 187", "", manager, models.DecideWriteOff, "patient; acme adjudicated 325.00; invoice issued 70.00", models.AccountAdministrative},
			{"the patient is asked for a necessity", "CO 50", "denial.patient decision", manager, models.DecideBillPatient, "", ""},
			{"the patient is asked for what nobody knows", "PI 187", "denial.patient decision", manager, models.DecideBillPatient, "", ""},
			{"the patient is asked for what is not covered", "PR 96", "", biller, models.DecideBillPatient, "patient; acme adjudicated 325.00; invoice issued 60.00; invoice issued 70.00", models.AccountARPatient},
			{"it is accepted while it is owed", "CO 50", "work.owed decision", manager, models.DecideAccept, "", ""},
		} {
			g := d.guest(i, "denied")
			g.three()
			said := map[string]line{"99214": won["99214"], "93000": {"0.00", []string{row.denial + " 60.00"}}, "36415": won["36415"]}
			if err := g.judges("A-1", false, said); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got, want := g.stands(), "held; acme adjudicated 325.00; invoice issued 70.00; review-answer"; got != want || g.owed(models.AccountARInsurance) != 6000 {
				t.Errorf("%s: denied it stands %s, and the payer owes %s; want %s and 60.00", row.name, got, g.owed(models.AccountARInsurance), want)
			}
			_, err := d.office.DecideWork(context.Background(), row.who(d), billing.Call{}, g.only(models.WorkAnswer).ID, billing.Verdict{Decision: row.decision, Reason: "As the record says."})
			if got := refusal(err); got != row.refused {
				t.Errorf("%s: it is refused as %q, want %q", row.name, got, row.refused)
			}
			g.quiet()
			if row.refused != "" {
				continue
			}
			if got := g.stands(); got != row.stands {
				t.Errorf("%s: it stands %s, want %s", row.name, got, row.stands)
			}
			if payer, there := g.owed(models.AccountARInsurance), g.owed(row.account); payer != 0 || there < 6000 {
				t.Errorf("%s: the payer owes %s, and %s is on %s", row.name, payer, there, row.account)
			}
			for _, judge := range []func() error{func() error { return g.judges("A-1", true, said) }, func() error { return g.judges("A-1R", false, won) }} {
				if err := judge(); err != nil {
					t.Fatal(err)
				}
				g.quiet()
			}
			if payer, patient, given := g.owed(models.AccountARInsurance), g.owed(models.AccountARPatient), g.owed(models.AccountDenied)+g.owed(models.AccountAdministrative); payer != 0 || patient != 7400 || given != 0 {
				t.Errorf("%s: paid after all, the payer owes %s, the patient %s, and %s is given up", row.name, payer, patient, given)
			}
			g.asksWhatIsOwed(row.name)
		}
	})
}

// withRole gives a principal with the scopes of a role.
func (d *desk) withRole(role auth.Role) auth.Principal {
	d.t.Helper()
	scopes, err := auth.RoleScopes(role)
	if err != nil {
		d.t.Fatal(err)
	}
	return auth.Principal{Tenant: d.tenant, Subject: string(role), Scopes: auth.ParseScopes(scopes)}
}

// TestAnAcknowledgementSaysHowFarTheClaimIs holds how each claim status moves a claim that was sent, that none moves money, and that what a person has to see is
// work until the payer judges.
func TestAnAcknowledgementSaysHowFarTheClaimIs(t *testing.T) {
	status := func(category string) fields {
		return fields{"outcome": "queued", "extension": []fields{{"url": "https://medbill.dev/fhir/StructureDefinition/claim-status",
			"valueCodeableConcept": conceptOf("https://x12.org/codes/claim-status-category-codes", category)}}}
	}
	by := func(code string) fields {
		return fields{"extension": []fields{{"url": "https://medbill.dev/fhir/StructureDefinition/clp-status", "valueCode": code}}}
	}
	share := []line{{"40.00", []string{"PR 2 20.00"}}}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			name  string
			says  []fields
			lines []line
			want  string
		}{
			{"nothing more", []fields{{"outcome": "queued"}}, nil, "sent; acme received 60.00"},
			{"received", []fields{status("A1")}, nil, "sent; acme received 60.00"},
			{"received, and accepted", []fields{status("A1"), status("A2")}, nil, "sent; acme accepted 60.00"},
			{"pended", []fields{status("P1")}, nil, "sent; acme pending 60.00"},
			{"pended, and received", []fields{status("P1"), status("A1")}, nil, "sent; acme pending 60.00"},
			{"asked for more", []fields{status("R3")}, nil, "sent; acme info-requested 60.00; info-requested"},
			{"not found", []fields{status("A4")}, nil, "sent; acme lost 60.00; no-answer"},
			{"not found, and found", []fields{status("A4"), status("A1")}, nil, "sent; acme received 60.00"},
			{"not found by a search", []fields{status("D0")}, nil, "sent; acme lost 60.00; no-answer"},
			{"done, without an answer", []fields{status("F0")}, nil, "sent; acme finalized-no-era 60.00; no-answer"},
			{"passed on", []fields{by("23")}, share, "sent; acme transmitted 60.00; review-answer"},
			{"what would be paid", []fields{by("25")}, share, "sent; acme transmitted 60.00"},
		} {
			g := d.guest(i, "ack")
			g.send(g.ecg()...)
			d.quiet()
			g.submit()
			for n, more := range row.says {
				more["identifier"] = []fields{{"system": "http://payer.example.org/icn", "value": fmt.Sprint("ACK-", n)}}
				if err := g.answersWith(g.claim(), more, row.lines...); err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
			}
			g.quiet()
			if got := g.stands(); got != row.want || g.owed(models.AccountARInsurance) != 6000 {
				t.Errorf("%s: it stands %s, and the payer owes %s; want %s and 60.00", row.name, got, g.owed(models.AccountARInsurance), row.want)
			}
			if err := g.answersWith(g.claim(), fields{}, share...); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
			g.quiet()
			if got, want := g.stands(), "patient; acme adjudicated 60.00; invoice issued 20.00"; row.name != "passed on" && got != want {
				t.Errorf("%s: judged it stands %s, want %s", row.name, got, want)
			}
		}
	})
}
