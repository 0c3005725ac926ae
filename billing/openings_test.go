package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/openings"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

const openingHeader = "patient,payer,coverage,number,payer_number,service_date,system,code,amount\n"

// opens takes balances from before over and gives what came of it, or how it was refused.
func (d *desk) opens(text string, c billing.Call) string {
	d.t.Helper()
	file, err := openings.ReadCSV(strings.NewReader(text))
	if err != nil {
		return refusals(err)
	}
	done, err := d.office.OpenBalances(context.Background(), d.admin(), c, file)
	if err != nil {
		return refusals(err)
	}
	return fmt.Sprintf("%d %d %s", done.Result.Opened, done.Result.Known, done.Result.Amount)
}

func refusals(err error) string {
	f := fault.From(err)
	if f == nil {
		return err.Error()
	}
	list := make([]string, len(f.Issues))
	for i, issue := range f.Issues {
		list[i] = issue.Path
	}
	return strings.Join(list, "; ")
}

// opening gives the case and the claims of a balance from before by its number.
func (d *desk) opening(number string) (kase models.Case, claims []models.Claim) {
	d.t.Helper()
	d.view(func(v *store.View) error {
		found, err := books.OpeningsByNumber(v, []string{number})
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%d balances have the number: %w", len(found), err)
		}
		if kase, _, err = books.Case(v, found[0].CaseID()); err != nil {
			return err
		}
		claims, err = books.ClaimsOfCase(v, kase.ID)
		return err
	})
	return kase, claims
}

// judged has the payer of a balance from before answer its claim.
func (d *desk) judged(number string, answer line) {
	d.t.Helper()
	_, claims := d.opening(number)
	if err := (guest{d, number}).answers(claims[0], answer); err != nil {
		d.t.Fatalf("%s: %v", number, err)
	}
	d.quiet()
}

// TestBalancesFromBeforeStandInTheBooks holds the figures of the worked example: what is open under its numbers, at whom, against Equity:Opening
// alone; that a repeated file changes nothing; and that an answer closes what it names as it closes any claim.
func TestBalancesFromBeforeStandInTheBooks(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		doe, roe := d.guest(1, "doe"), d.guest(2, "roe")
		practice := models.OrganizationID("practice")
		d.settings(models.SettingsChange{PracticeID: &practice})
		doe.send(doe.patient(), doe.plan("plan"))
		roe.send(roe.patient(), roe.plan("plan"))
		file := openingHeader +
			"doe-1,,,C0900,,2026-01-12,,,12.00\n" +
			"Patient/roe-2,Organization/acme,Coverage/roe-2-plan,C2002,A-ICN-2,2026-02-02,cpt,99213,90.00\n" +
			"doe-1,acme,,C3003,,2026-02-20,,,180.00\n"
		if got := d.opens(file, billing.Call{DryRun: true}); got != "3 0 282.00" {
			t.Errorf("a rehearsal gives %s", got)
		}
		d.reportSays("", "trial-balance", "by=account,payer,claim,patient")
		if got := d.opens(file, billing.Call{}); got != "3 0 282.00" {
			t.Errorf("the file gives %s", got)
		}
		const stands = "AR:Insurance,acme,C2002,roe-2,90.00; AR:Insurance,acme,C3003,doe-1,180.00; AR:Patient,,C0900,doe-1,12.00; Equity:Opening,,,,-282.00"
		d.reportSays(stands, "trial-balance", "by=account,payer,claim,patient")
		if got := d.opens(file, billing.Call{}); got != "0 3 0.00" {
			t.Errorf("the same again gives %s", got)
		}
		d.reportSays(stands, "trial-balance", "by=account,payer,claim,patient")
		d.clean()

		kase, claims := d.opening("C2002")
		if kase.State != models.CaseSent || len(claims) != 1 || claims[0].Number != "C2002" || claims[0].State != models.ClaimTransmitted || claims[0].CoverageID != "roe-2-plan" {
			t.Errorf("the case is %+v with %+v", kase, claims)
		}
		if body := d.body("Claim", string(claims[0].ID)); !strings.Contains(body, `"tag":[{"system":"https://medbill.dev/fhir/CodeSystem/origin","code":"opening"}]`) ||
			!strings.Contains(body, `"code":"99213"`) || !strings.Contains(body, `"reference":"Organization/practice"`) {
			t.Errorf("the claim is %s", body)
		}
		if _, claims = d.opening("C3003"); claims[0].CoverageID != "doe-1-plan" || claims[0].Lines[0].Code != models.CodeOpeningBalance {
			t.Errorf("a balance without a plan and a code is %+v", claims)
		}
		if kase, claims = d.opening("C0900"); kase.State != models.CasePatient || len(claims) != 0 {
			t.Errorf("a patient's balance is %+v with %d claims", kase, len(claims))
		}

		d.judged("C2002", line{"25.00", []string{"CO 45 65.00"}})
		if kase, _ = d.opening("C2002"); kase.State != models.CaseClosed {
			t.Errorf("after its answer the case is %s", kase.State)
		}
		d.reportSays("AR:Insurance,C3003,180.00; AR:Patient,C0900,12.00; Clearing:ERA,C2002,25.00; Contra:Contractual,C2002,65.00; Equity:Opening,,-282.00", "trial-balance", "by=account,claim")
	})
}

// TestWhatAPayerLeavesOfABalanceFromBefore becomes an invoice, on which what the patient owed before shows; a payment pays both, and what was
// due before is not asked for by an invoice of its own, whatever plans the case again.
func TestWhatAPayerLeavesOfABalanceFromBefore(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "doe")
		g.send(g.patient(), g.plan("plan"))
		if got := d.opens(openingHeader+"doe-1,,,C0900,,2026-01-12,,,12.00\ndoe-1,acme,,C2002,,2026-02-02,,,90.00\n", billing.Call{}); got != "2 0 102.00" {
			t.Fatal(got)
		}
		g.send(g.plan("plan").with(fields{"subscriberId": "CANARY-7782"})) // has its cases planned again
		d.quiet()
		if kase, _ := d.opening("C0900"); kase.State != models.CasePatient {
			t.Errorf("planned again the patient's balance is %s", kase.State)
		}
		d.judged("C2002", line{"50.00", []string{"CO 45 20.00", "PR 2 20.00"}})
		kase, _ := d.opening("C2002")
		var invoices []models.Invoice
		d.view(func(v *store.View) (err error) {
			dues, err := books.DuesOfPatient(v, "doe-1")
			invoices = dues.Invoices
			return err
		})
		if kase.State != models.CasePatient || len(invoices) != 1 || invoices[0].Net != 20_00 || invoices[0].Earlier != 12_00 {
			t.Fatalf("the case is %s with %+v", kase.State, invoices)
		}
		d.clean()
		if got := d.opens(openingHeader+"doe-1,,,C0901,,2026-01-13,,,3.00\n", billing.Call{}); got != "1 0 3.00" {
			t.Fatal(got)
		}
		if paid := g.pay(invoices[0].ID, 33_00, models.PaymentCash); paid.Status != models.InvoiceBalanced {
			t.Errorf("the invoice is %+v", paid)
		}
		for number, want := range map[string]models.CaseState{"C0900": models.CaseClosed, "C0901": models.CasePatient, "C2002": models.CaseClosed} {
			if kase, _ = d.opening(number); kase.State != want {
				t.Errorf("%s is %s, want %s", number, kase.State, want)
			}
		}
		d.reportSays("AR:Patient,C0901,2.00; Cash:Drawer,,33.00; Clearing:ERA,C2002,50.00; Contra:Contractual,C2002,20.00; Equity:Opening,,-105.00", "trial-balance", "by=account,claim")
	})
}

// TestABalanceFromBeforeIsRefusedWhole: every fault by line and column, and nothing is taken over.
func TestABalanceFromBeforeIsRefusedWhole(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g, other := d.guest(1, "doe"), d.guest(2, "roe")
		g.send(g.patient(), g.plan("plan"), g.plan("second").with(fields{"payor": []fields{ref("Organization/beta")}, "period": fields{"end": "2025-12-31"}}))
		other.send(other.visit()...)
		d.quiet()
		if got := d.opens(openingHeader+"doe-1,,,OLD-1,,2026-01-12,,,12.00\n", billing.Call{}); got != "1 0 12.00" {
			t.Fatal(got)
		}
		for _, row := range []struct{ sentence, lines, want string }{
			{"a patient that nobody knows", "nobody,,,N,,2026-01-12,,,12.00\n", "line 2, column patient"},
			{"a payer that nobody knows", "doe-1,nobody,doe-1-plan,N,,2026-01-12,,,12.00\n", "line 2, column payer; line 2, column coverage"},
			{"a plan that nobody knows", "doe-1,acme,nobody,N,,2026-01-12,,,12.00\n", "line 2, column coverage"},
			{"another patient's plan", "doe-1,acme,roe-2-plan,N,,2026-01-12,,,12.00\n", "line 2, column coverage"},
			{"another payer's plan", "doe-1,beta,doe-1-plan,N,,2026-01-12,,,12.00\n", "line 2, column coverage"},
			{"no plan in force", "doe-1,beta,,N,,2026-01-12,,,12.00\n", "line 2, column coverage"},
			{"a day to come", "doe-1,,,N,,2199-01-12,,,12.00\n", "line 2, column service_date"},
			{"another amount under a number", "doe-1,,,OLD-1,,2026-01-12,,,12.01\n", "line 2, column number"},
			{"the number of a claim of ours", "doe-1,,," + other.claim().Number + ",,2026-01-12,,,12.00\n", "line 2, column number"},
			{"several at once beside a good one", "doe-1,,,GOOD,,2026-01-12,,,1.00\nnobody,,,N1,,2026-01-12,,,1.00\ndoe-1,,,N2,,2199-01-12,,,1.00\n", "line 3, column patient; line 4, column service_date"},
		} {
			if got := d.opens(openingHeader+row.lines, billing.Call{}); got != row.want {
				t.Errorf("%s: got %q, want %q", row.sentence, got, row.want)
			}
		}
		if got := d.report("trial-balance", "by=account,claim"); !slices.Contains(got, "Equity:Opening,,-12.00") {
			t.Errorf("what was refused is in the books: %v", got)
		}
		if got := d.opens(openingHeader+"doe-1,beta,doe-1-second,PAST,,2026-01-12,,,12.00\n", billing.Call{}); got != "1 0 12.00" {
			t.Errorf("a plan that ended, by its name: %s", got)
		}
	})
}

// TestRatesLeaveBalancesFromBeforeOut: figures that divide by charges, claims or lines are those of the practice's own, and the aging has all.
func TestRatesLeaveBalancesFromBeforeOut(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g, old := d.guest(1, "own"), d.guest(2, "old")
		g.send(g.visit()...)
		g.quiet()
		g.submit()
		if err := g.answers(g.claim(), line{"15.00", nil}, line{"40.00", []string{"CO 45 10.00", "PR 2 10.00"}}); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		old.send(old.patient(), old.plan("plan"))
		without := d.report("kpi")
		if got := d.opens(openingHeader+"old-2,acme,,C1,,2025-01-12,,,90.00\nold-2,acme,,C2,,2025-01-12,,,90.00\nold-2,,,C3,,2025-01-12,,,12.00\n", billing.Call{}); got != "3 0 192.00" {
			t.Fatal(got)
		}
		d.judged("C1", line{"0.00", []string{"CO 50 90.00"}})
		d.judged("C2", line{"60.00", []string{"CO 45 30.00"}})
		with := d.report("kpi")
		for i, figure := range without {
			name, _, _ := strings.Cut(figure, ",")
			if name != "ar-over-90" && name != "undeposited" && figure != with[i] {
				t.Errorf("balances from before changed a figure:\n%s, was\n%s", with[i], figure)
			}
		}
		d.reportSays("insurance,0.00,0.00,0.00,0.00,90.00,0.00,90.00,0,0,0,0,1,0; patient,0.00,0.00,0.00,0.00,22.00,0.00,22.00,0,0,0,0,2,0", "aging", "by=party")
	})
}

// TestABalanceFromBeforeIsAnsweredLikeAnyClaim: by its number, turned away, and left to a next payer, who gets a claim that is ours.
func TestABalanceFromBeforeIsAnsweredLikeAnyClaim(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "doe")
		g.send(g.patient(), g.plan("plan").with(order(1)), g.plan("second").with(paidBy(ref("Organization/beta")), order(2)))
		lines := ""
		for _, number := range []string{"BYNUMBER", "REJECTED", "NEXT"} {
			lines += "doe-1,acme,," + number + ",,2026-02-02,,,90.00\n"
		}
		if got := d.opens(openingHeader+lines+"doe-1,beta,,SECOND,,2026-02-02,,,10.00\n", billing.Call{}); got != "4 0 280.00" {
			t.Fatal(got)
		}
		answers := func(number string, more fields, lines ...line) {
			t.Helper()
			_, claims := d.opening(number)
			if err := g.answersWith(claims[0], more, lines...); err != nil {
				t.Fatalf("%s: %v", number, err)
			}
			d.quiet()
		}
		byNumber := fields{"request": fields{"type": "Claim", "identifier": fields{"system": "https://medbill.dev/fhir/NamingSystem/claim-number", "value": "BYNUMBER"}}}
		answers("BYNUMBER", byNumber, line{"90.00", nil})
		answers("REJECTED", fields{"outcome": "error", "error": []fields{{"code": fields{"text": "Unknown."}}}})
		answers("NEXT", fields{}, line{"60.00", []string{"CO 45 10.00", "PR 2 20.00"}})
		answers("SECOND", fields{}, line{"0.00", []string{"PR 2 10.00"}})
		for number, want := range map[string]string{
			"BYNUMBER": "closed: acme 1 adjudicated",
			"REJECTED": "held: acme 1 rejected-syntax",
			"NEXT":     "held: acme 1 adjudicated, beta 2 held",
			"SECOND":   "patient: beta 2 adjudicated",
		} {
			kase, claims := d.opening(number)
			list := make([]string, len(claims))
			for i, c := range claims {
				list[i] = fmt.Sprintf("%s %d %s", c.InsurerID, c.Position, c.State)
				if isTagged := strings.Contains(d.body("Claim", string(c.ID)), `"code":"opening"`); isTagged != (i == 0) {
					t.Errorf("%s: claim %d is tagged: %v", number, i, isTagged)
				}
			}
			if got := string(kase.State) + ": " + strings.Join(list, ", "); got != want {
				t.Errorf("%s is %s, want %s", number, got, want)
			}
		}
		d.search("Task", "code=rejected-claim&status=requested", 1)
		_, claims := d.opening("REJECTED")
		if _, err := d.office.SubmitClaim(context.Background(), d.admin(), billing.Call{}, claims[0].ID); err == nil {
			t.Error("a claim that another system sent goes out")
		}
	})
}
