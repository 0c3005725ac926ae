package billing_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// coded is a visit of one evaluation of 250.00 that the EHR wrote as a Procedure; its claim is sent.
func (g guest) coded() {
	g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("a", "99214"))
	g.quiet()
	g.submit()
}

// all gives every claim of the guest's visit that was not withdrawn, as frequency, state and amount, the first one first.
func (g guest) all() (claims []models.Claim, told string) {
	g.t.Helper()
	g.view(func(v *store.View) (err error) {
		claims, err = books.ClaimsOfCase(v, models.CaseOf(models.VisitID(g.named("visit"))))
		return err
	})
	parts := make([]string, len(claims))
	for i, c := range claims {
		parts[i] = strings.TrimSpace(fmt.Sprintf("%s %s %s %s", c.InsurerID, c.State, c.Billed, c.Frequency))
	}
	return claims, strings.Join(parts, "; ")
}

// sumOf gives the balance of an account over the guest's visit.
func (g guest) sumOf(account models.LedgerAccount) (sum models.Cents) {
	g.t.Helper()
	g.view(func(v *store.View) error {
		return journal.Each(v, func(e models.Entry) error {
			for _, p := range e.Postings {
				if p.PatientID == models.PatientID(g.id) && p.Account == account {
					sum += p.Amount
				}
			}
			return nil
		})
	})
	return sum
}

// decides makes a decision about the one open item of a kind.
func (g guest) decided(kind models.WorkKind, d models.Decision) error {
	g.t.Helper()
	return g.decide(g.only(kind).ID, billing.Verdict{Decision: d, Reason: "As the record says."})
}

// isVoid has the payer say that a void claim is done.
func (g guest) isVoid(c models.Claim) error {
	return g.answersWith(c, fields{"total": []fields{{"category": conceptOf("http://terminology.hl7.org/CodeSystem/adjudication", "benefit"), "amount": usd("0.00")}}})
}

var (
	as99214 = map[string]line{"99214": {"150.00", []string{"CO 45 70.00", "PR 2 30.00"}}}
	as99213 = map[string]line{"99213": {"90.00", []string{"CO 45 50.00", "PR 2 10.00"}}}
	nothing = map[string]line{"99214": {"0.00", []string{"CO 45 220.00", "PR 1 30.00"}}}
)

// TestARecodedVisitIsReplaced holds that a visit which is coded otherwise after its claim was answered becomes a claim of frequency 7 with the payer's number, that the
// first one's charges stand until the payer judges that, and that the visit stands in the books once then, whatever the payer says first.
func TestARecodedVisitIsReplaced(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		for i, row := range []struct {
			name   string
			paid   map[string]line
			orders []string
			held   string
		}{
			{"taken back first", as99214, []string{"reverse", "judge"}, ""},
			{"judged first", as99214, []string{"judge", "reverse"}, "held until it is taken back"},
			{"nothing was paid", nothing, []string{"judge"}, ""},
			{"nothing was paid, and it is taken back late", nothing, []string{"judge", "reverse"}, ""},
			{"nothing was paid, and it is taken back", nothing, []string{"reverse", "judge"}, ""},
		} {
			g := d.guest(i, "recoded")
			g.coded()
			if err := g.judges("A-1", false, row.paid); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			g.send(g.procedure("a", "99213"))
			g.quiet()
			if err := g.decided(models.WorkChangedSent, models.DecideReplace); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			claims, told := g.all()
			if want := "acme replacement-pending 250.00; acme transmitted 150.00 7"; told != want {
				t.Fatalf("%s: decided, the claims are %s, want %s; it stands %s", row.name, told, want, g.stands())
			}
			first, second := claims[0], claims[1]
			if got := g.sumOf(models.AccountRevenue); got != -25000 || first.Number != second.Number {
				t.Errorf("%s: decided, revenue is %s and the numbers are %s and %s", row.name, got, first.Number, second.Number)
			}
			text := g.read("Claim", string(second.ID))
			for _, want := range []string{
				`{"url":"https://medbill.dev/fhir/StructureDefinition/claim-frequency","valueCode":"7"}`,
				`"related":[{"claim":{"reference":"Claim/` + string(first.ID) + `"},"relationship":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship","code":"prior"}]},"reference":{"system":"http://payer.example.org/icn","value":"A-1"}}]`,
			} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: the claim is %s, want %s in it", row.name, text, want)
				}
			}
			for n, order := range row.orders {
				var err error
				switch order {
				case "reverse":
					err = g.judged(first, "A-1", true, row.paid)
				case "judge":
					err = g.judged(second, "A-7", false, as99213)
				}
				if err != nil {
					t.Fatalf("%s: %s: %v", row.name, order, err)
				}
				g.quiet()
				if n == 0 && row.held != "" {
					if err := g.decided(models.WorkAnswer, models.DecideAccept); refusal(err) != "work.waits decision" {
						t.Errorf("%s: a judgement that waits is accepted away: %v", row.name, err)
					}
					if got := g.only(models.WorkAnswer); got.Category != "first-not-reversed" || g.sumOf(models.AccountRevenue) != -25000 {
						t.Errorf("%s: it waits as %+v, revenue is %s", row.name, got, g.sumOf(models.AccountRevenue))
					}
				}
			}
			if _, told := g.all(); told != "acme replaced 250.00; acme adjudicated 150.00 7" {
				t.Errorf("%s: in the end the claims are %s", row.name, told)
			}
			if got, want := g.stands(), "patient; acme adjudicated 150.00; invoice "; !strings.HasPrefix(got, want) {
				t.Errorf("%s: in the end it stands %s, want %s", row.name, got, want)
			}
			if got := g.sums(); got != "-150.00 90.00 50.00 0.00 10.00" {
				t.Errorf("%s: revenue, paid, given up, the payer's and the patient's are %s", row.name, got)
			}
			g.asksWhatIsOwed(row.name)
		}
	})
}

// TestOneJudgementOfSeveralThatWaitIsPosted holds that of several judgements of a corrected claim that wait for the first one's to be taken back only the one that came first is posted by it, and that
// the other ones wait for a person as they would had they come later.
func TestOneJudgementOfSeveralThatWaitIsPosted(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		g := d.guest(1, "several")
		g.coded()
		g.must(g.judges("A-1", false, as99214))
		g.send(g.procedure("a", "99213"))
		g.quiet()
		g.must(g.decided(models.WorkChangedSent, models.DecideReplace))
		claims, _ := g.all()
		g.must(g.judged(claims[1], "A-7", false, as99213))
		g.must(g.judged(claims[1], "A-8", false, map[string]line{"99213": {"150.00", nil}}))
		g.must(g.judged(claims[0], "A-1", true, as99214))
		if got := g.sums(); got != "-150.00 90.00 50.00 0.00 10.00" {
			t.Errorf("revenue, paid, given up, the payer's and the patient's are %s", got)
		}
		if got := g.only(models.WorkAnswer); got.Category != string(models.AnswerCorrection) {
			t.Errorf("the judgement that came second waits as %+v", got)
		}
		if got, want := g.stands(), "held; acme adjudicated 150.00; invoice balanced 30.00; review-answer"; got != want {
			t.Errorf("it stands %s, want %s", got, want)
		}
		d.clean()
	})
}

// sums gives what is billed, paid, given up, and owed by payers and the patient.
func (g guest) sums() string {
	sums := []string{}
	for _, account := range []models.LedgerAccount{models.AccountRevenue, models.AccountClearing, models.AccountContractual, models.AccountARInsurance, models.AccountARPatient} {
		sums = append(sums, g.sumOf(account).String())
	}
	return strings.Join(sums, " ")
}

// TestALateChargeIsAddedByACorrectedClaim holds that what came late stands beside what was sent, which keeps its charge: on the corrected claim at once, in the books once that is judged.
func TestALateChargeIsAddedByACorrectedClaim(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		g := d.guest(1, "late")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.charge("a", "99213"))
		g.quiet()
		g.submit()
		first := map[string]line{"99213": {"100.00", []string{"CO 45 30.00", "PR 2 20.00"}}}
		if err := g.judges("A-1", false, first); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		invoiced := g.stands()
		g.send(g.charge("b", "93000"))
		g.quiet()
		before := g.stands()
		if _, err := d.office.DecideWork(t.Context(), d.admin(), billing.Call{DryRun: true}, g.only(models.WorkLateCharge).ID, billing.Verdict{Decision: models.DecideReplace}); err != nil || g.stands() != before {
			t.Errorf("rehearsed it stands %s, before %s: %v", g.stands(), before, err)
		}
		if err := g.decides(d.withRole(auth.RoleCoder), models.WorkLateCharge, billing.Verdict{Decision: models.DecideReplace}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		claims, told := g.all()
		if want := "acme replacement-pending 150.00; acme transmitted 210.00 7"; told != want || g.sums() != "-150.00 100.00 30.00 0.00 20.00" {
			t.Fatalf("decided, the claims are %s, want %s, and it comes to %s", told, want, g.sums())
		}
		if claims[0].Lines[0].ChargeID != claims[1].Lines[0].ChargeID {
			t.Errorf("the service that stays has the charges %s and %s", claims[0].Lines[0].ChargeID, claims[1].Lines[0].ChargeID)
		}
		if err := g.try(g.charge("b", "36415")); refusal(err) != "charge.sent ChargeItem.code" {
			t.Errorf("what stands on the corrected claim is changed: %v", err)
		}
		if err := g.judged(claims[0], "A-1", true, first); err != nil {
			t.Fatal(err)
		}
		if err := g.judged(claims[1], "A-7", false, map[string]line{"99213": first["99213"], "93000": {"40.00", []string{"CO 45 10.00", "PR 2 10.00"}}}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got, want := g.stands(), "patient; acme adjudicated 210.00; invoice issued 10.00; invoice issued 20.00"; got != want || g.sums() != "-210.00 140.00 40.00 0.00 30.00" {
			t.Errorf("in the end it stands %s, want %s, before %s; it comes to %s", got, want, invoiced, g.sums())
		}
		g.asksWhatIsOwed("in the end")
		if text := g.read("ChargeItem", g.named("b")); !strings.Contains(text, `"status":"billed"`) {
			t.Errorf("the late charge is %s", text)
		}
	})
}

// TestAVoidedClaimLeavesNothing holds that a claim which is taken back comes to nothing once its payer says so, by the reversal that names either claim, or where nothing was paid by an
// answer without lines; and that what the patient paid is a credit.
func TestAVoidedClaimLeavesNothing(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			name  string
			paid  map[string]line
			by    string
			pays  models.Cents
			first string
		}{
			{"the reversal names the first claim", as99214, "first", 0, "sent; acme transmitted 250.00; acme void-pending 250.00; invoice issued 30.00"},
			{"the reversal names the void claim", as99214, "second", 0, "sent; acme transmitted 250.00; acme void-pending 250.00; invoice issued 30.00"},
			{"the patient paid", as99214, "first", 3000, "sent; acme transmitted 250.00; acme void-pending 250.00; invoice balanced 30.00"},
			{"nothing was paid", nothing, "done", 0, "sent; acme transmitted 250.00; acme void-pending 250.00; invoice issued 30.00"},
			{"nothing was paid, and it is taken back", nothing, "second", 0, "sent; acme transmitted 250.00; acme void-pending 250.00; invoice issued 30.00"},
			{"it says so before it takes back", as99214, "done, first", 0, "sent; acme transmitted 250.00; acme void-pending 250.00; invoice issued 30.00"},
		} {
			g := d.guest(i, "void")
			g.coded()
			if err := g.judges("A-1", false, row.paid); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if row.pays > 0 {
				g.pay(g.invoice("visit"), row.pays, models.PaymentCash)
			}
			g.send(g.encounter("visit").with(fields{"status": "cancelled"}))
			g.quiet()
			if err := g.decided(models.WorkCancelled, models.DecideVoid); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got := g.stands(); got != row.first || g.sumOf(models.AccountRevenue) != -25000 {
				t.Errorf("%s: decided it stands %s, want %s; revenue is %s", row.name, got, row.first, g.sumOf(models.AccountRevenue))
			}
			claims, told := g.all()
			if told != "acme void-pending 250.00; acme transmitted 250.00 8" {
				t.Fatalf("%s: decided, the claims are %s", row.name, told)
			}
			for _, by := range strings.Split(row.by, ", ") {
				var err error
				switch by {
				case "first":
					err = g.judged(claims[0], "A-1", true, row.paid)
				case "second":
					err = g.judged(claims[1], "A-1", true, row.paid)
				case "done":
					err = g.isVoid(claims[1])
				}
				if err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
				g.quiet()
			}
			if _, told := g.all(); told != "acme voided 250.00; acme adjudicated 250.00 8" {
				t.Errorf("%s: in the end the claims are %s", row.name, told)
			}
			if got := g.sums(); got != "0.00 0.00 0.00 0.00 0.00" || g.sumOf(models.AccountPatientCredits) != -row.pays {
				t.Errorf("%s: in the end it comes to %s, and the credit is %s", row.name, got, g.sumOf(models.AccountPatientCredits))
			}
			if got := g.stands(); !strings.HasPrefix(got, "closed; acme adjudicated 250.00") || strings.Contains(got, "issued 0") {
				t.Errorf("%s: in the end it stands %s", row.name, got)
			}
			g.asksWhatIsOwed(row.name)
		}
	})
}

// TestACorrectedClaimWaitsForTheNumber holds that a decision before the answer makes no claim until that comes, that a first claim which is turned away is made anew as itself, and
// that a corrected claim which is turned away stays one.
func TestACorrectedClaimWaitsForTheNumber(t *testing.T) {
	rejects := fields{"outcome": "error", "error": []fields{{"code": fields{"text": "The member number is unknown."}}}}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		start := func(i int) guest {
			g := d.guest(i, "waits")
			g.coded()
			g.send(g.procedure("a", "99213"))
			g.quiet()
			if err := g.decided(models.WorkChangedSent, models.DecideReplace); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got, want := g.stands(), "sent; acme replacement-pending 250.00"; got != want || g.sumOf(models.AccountRevenue) != -25000 {
				t.Errorf("decided before the answer it stands %s, want %s", got, want)
			}
			return g
		}
		g := start(1)
		if err := g.judges("A-1", false, as99214); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got, want := g.stands(), "sent; acme replacement-pending 250.00; acme transmitted 150.00"; got != want {
			t.Fatalf("answered it stands %s, want %s", got, want)
		}
		claims, _ := g.all()
		if err := g.answersWith(claims[1], rejects); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got, want := g.stands(), "ready; acme adjudicated 250.00; acme ready 150.00; rejected-claim"; got != want {
			t.Errorf("turned away it stands %s, want %s", got, want)
		}
		if err := g.decided(models.WorkRejected, models.DecideResend); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if _, told := g.all(); told != "acme replacement-pending 250.00; acme transmitted 150.00 7" {
			t.Errorf("sent again the claims are %s", told)
		}
		if err := g.judged(claims[0], "A-1", true, as99214); err != nil {
			t.Fatal(err)
		}
		if err := g.judged(claims[1], "A-7", false, as99213); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if _, told := g.all(); told != "acme replaced 250.00; acme adjudicated 150.00 7" || g.sums() != "-150.00 90.00 50.00 0.00 10.00" {
			t.Errorf("in the end the claims are %s, and it comes to %s", told, g.sums())
		}

		g = start(2)
		if err := g.answersWith(g.claim(), rejects); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if _, told := g.all(); told != "acme ready 150.00" || g.sumOf(models.AccountRevenue) != -15000 {
			t.Errorf("turned away before it was answered, the claims are %s, and revenue is %s", told, g.sumOf(models.AccountRevenue))
		}
		if err := g.decided(models.WorkRejected, models.DecideResend); err != nil {
			t.Fatal(err)
		}
		if err := g.judges("A-2", false, as99213); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if _, told := g.all(); told != "acme adjudicated 150.00" || g.sums() != "-150.00 90.00 50.00 0.00 10.00" {
			t.Errorf("sent again as a first one the claims are %s, and it comes to %s", told, g.sums())
		}
	})
}

// TestTheNextPayerGetsACorrectedClaim holds the worked example to its end: the first payer takes its answer back and corrects it, the second gets a corrected claim that names the new answer and its
// own number, and its reversal and judgement, which name either claim in any order, leave 10.00 to the patient.
func TestTheNextPayerGetsACorrectedClaim(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct{ name, orders string }{
			{"as the payer should", "reverse first, judge second"}, {"all by the first", "reverse first, judge first"}, {"all by the second", "reverse second, judge second"},
			{"judged before it is taken back", "judge second, reverse first"},
		} {
			g := d.guest(i, "clm3")
			g.insured()
			for _, do := range []func() error{
				func() error { return g.judges("A-1", false, asFirst) }, func() error { return g.sends("beta") },
				func() error { return g.judged(g.askedOf("beta"), "B-1", false, bySecond) },
				func() error { return g.judges("A-1", true, asFirst) }, func() error { return g.judges("A-1R", false, asCorrected) },
				func() error { return g.decided(models.WorkNextPayer, models.DecideReplace) },
			} {
				if err := do(); err != nil {
					t.Fatal(err)
				}
				g.quiet()
			}
			claims, told := g.all()
			if want := "acme adjudicated 325.00; beta replacement-pending 325.00; beta transmitted 325.00 7"; told != want {
				t.Fatalf("%s: decided, the claims are %s, want %s; it stands %s", row.name, told, want, g.stands())
			}
			third := g.read("Claim", string(claims[2].ID))
			if claims[2].Prior[0].AnswerID == claims[1].Prior[0].AnswerID || !strings.Contains(third, `"reference":{"system":"http://payer.example.org/icn","value":"B-1"}`) ||
				!strings.Contains(third, `"claimResponse":{"reference":"ClaimResponse/`+string(claims[2].Prior[0].AnswerID)) {
				t.Errorf("%s: the corrected claim is %s", row.name, third)
			}
			for _, order := range strings.Split(row.orders, ", ") {
				what, of, _ := strings.Cut(order, " ")
				c := claims[map[string]int{"first": 1, "second": 2}[of]]
				number, isTurned, says := "B-1R", false, bySecondAgain
				if what == "reverse" {
					number, isTurned, says = "B-1", true, bySecond
				}
				err := g.judged(c, number, isTurned, says)
				if err != nil {
					t.Fatalf("%s: %s: %v", row.name, order, err)
				}
				g.quiet()
			}
			if got, want := g.stands(), "patient; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00"; got != want || g.owe() != "0.00 0.00 10.00" {
				t.Errorf("%s: in the end it stands %s, want %s; ACME, BETA and the patient owe %s", row.name, got, want, g.owe())
			}
			if got := g.sums(); got != "-325.00 160.00 140.00 0.00 10.00" {
				t.Errorf("%s: it comes to %s", row.name, got)
			}
		}
	})
}

// TestACorrectedClaimIsFollowedByTheNextPayers holds that a claim which is corrected after the next payer answered too leads to a corrected claim there, with the lines as they are then.
func TestACorrectedClaimIsFollowedByTheNextPayers(t *testing.T) {
	with := func(says map[string]line, code string, l line) map[string]line {
		more := maps.Clone(says)
		more[code] = l
		return more
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		g := d.guest(1, "both")
		g.insured()
		acme, beta := with(asFirst, "99213", line{"100.00", []string{"CO 45 30.00", "PR 2 20.00"}}), with(bySecond, "99213", line{"20.00", []string{"OA 23 130.00"}})
		var first, second models.Claim
		for _, step := range []struct {
			what string
			do   func() error
			want string
		}{
			{"the first answers", func() error { return g.judges("A-1", false, asFirst) }, "acme adjudicated 325.00; beta ready 325.00"},
			{"the second is asked", func() error { return g.sends("beta") }, "acme adjudicated 325.00; beta transmitted 325.00"},
			{"the second answers", func() error {
				first, second = g.askedOf("acme"), g.askedOf("beta")
				return g.judged(second, "B-1", false, bySecond)
			}, "acme adjudicated 325.00; beta adjudicated 325.00"},
			{"a service comes late", func() error { return g.try(g.charge("late", "99213")) }, "acme adjudicated 325.00; beta adjudicated 325.00"},
			{"the first claim is replaced", func() error { return g.decided(models.WorkLateCharge, models.DecideReplace) },
				"acme replacement-pending 325.00; acme transmitted 475.00 7; beta adjudicated 325.00"},
			{"it is taken back", func() error { return g.judged(first, "A-1", true, asFirst) }, "acme replacement-pending 325.00; acme transmitted 475.00 7; beta adjudicated 325.00"},
			{"the corrected one is judged", func() error {
				claims, _ := g.all()
				return g.judged(claims[1], "A-7", false, acme)
			}, "acme replaced 325.00; acme adjudicated 475.00 7; beta adjudicated 325.00"},
			{"the second one's is replaced", func() error { return g.decided(models.WorkNextPayer, models.DecideReplace) },
				"acme replaced 325.00; acme adjudicated 475.00 7; beta replacement-pending 325.00; beta transmitted 475.00 7"},
			{"that is taken back", func() error { return g.judged(second, "B-1", true, bySecond) },
				"acme replaced 325.00; acme adjudicated 475.00 7; beta replacement-pending 325.00; beta transmitted 475.00 7"},
			{"and judged", func() error {
				claims, _ := g.all()
				return g.judged(claims[3], "B-7", false, beta)
			}, "acme replaced 325.00; acme adjudicated 475.00 7; beta replaced 325.00; beta adjudicated 475.00 7"},
		} {
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v; it stands %s", step.what, err, g.stands())
			}
			g.quiet()
			if _, told := g.all(); told != step.want {
				t.Fatalf("after %s the claims are\n %s, want\n %s; it stands %s", step.what, told, step.want, g.stands())
			}
		}
		if got := g.sums(); got != "-475.00 280.00 170.00 0.00 10.00" || g.owe() != "0.00 0.00 10.00" {
			t.Errorf("it comes to %s; ACME, BETA and the patient owe %s", got, g.owe())
		}
		g.asksWhatIsOwed("in the end")
	})
}
