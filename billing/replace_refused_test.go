package billing_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// TestAClaimIsVoidedWithoutWork holds that somebody of the billing desk takes a claim back about which no work is open, that a rehearsal changes nothing, that the same again changes nothing, and what is
// refused.
func TestAClaimIsVoidedWithoutWork(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "mistake")
		g.coded()
		void := func(who auth.Principal, c billing.Call, id models.ClaimID) error {
			_, err := d.office.VoidClaim(t.Context(), who, c, id)
			return err
		}
		first := g.claim()
		if err := void(d.withRole(auth.RoleCoder), billing.Call{}, first.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a coder voids it: %v", err)
		}
		if err := void(d.withRole(auth.RoleBiller), billing.Call{DryRun: true}, first.ID); err != nil || g.stands() != "sent; acme transmitted 250.00" {
			t.Errorf("rehearsed it stands %s: %v", g.stands(), err)
		}
		for range 2 {
			if err := void(d.withRole(auth.RoleBiller), billing.Call{}, first.ID); err != nil || g.stands() != "sent; acme void-pending 250.00" {
				t.Errorf("decided before the answer it stands %s: %v", g.stands(), err)
			}
		}
		if err := g.judges("A-1", false, nothing); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		claims, told := g.all()
		if want := "acme void-pending 250.00; acme transmitted 250.00 8"; told != want {
			t.Fatalf("answered the claims are %s, want %s", told, want)
		}
		if err := g.isVoid(claims[1]); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got := g.sums(); got != "0.00 0.00 0.00 0.00 0.00" || g.stands() != "closed; acme adjudicated 250.00" {
			t.Errorf("void it stands %s and comes to %s", g.stands(), got)
		}
		g.send(g.charge("later", "93000"))
		g.quiet()
		if got, want := g.stands(), "held; acme adjudicated 250.00; late-charge"; got != want {
			t.Errorf("with a charge that comes later it stands %s, want %s", got, want)
		}
		if err := g.decided(models.WorkLateCharge, models.DecideReplace); refusal(err) != "claim.none decision" {
			t.Errorf("a void claim is replaced: %v", err)
		}

		two := d.guest(2, "mistake")
		two.insured()
		for _, do := range []func() error{
			func() error { return two.judges("A-1", false, asFirst) }, func() error { return two.sends("beta") },
		} {
			if err := do(); err != nil {
				t.Fatal(err)
			}
			two.quiet()
		}
		if err := void(d.withRole(auth.RoleBiller), billing.Call{}, two.askedOf("acme").ID); refusal(err) != "claim.next-payer decision" {
			t.Errorf("a claim that the next payer's goes by is voided: %v", err)
		}
		unsent := d.guest(3, "mistake")
		unsent.send(unsent.visit()...)
		unsent.quiet()
		if err := void(d.withRole(auth.RoleBiller), billing.Call{}, unsent.claim().ID); refusal(err) != "claim.none decision" {
			t.Errorf("a claim that was not sent is voided: %v", err)
		}
	})
}

// TestWhatCannotBeReplacedIsRefused holds what a corrected claim needs: something else to say, all that came late, and a coding that can be billed.
func TestWhatCannotBeReplacedIsRefused(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			name   string
			comes  func(g guest) fields
			kind   models.WorkKind
			coding models.Coding
			want   string
		}{
			{"it is in progress again", func(g guest) fields { return g.encounter("visit").with(fields{"status": "in-progress"}) }, models.WorkChangedSent, models.Coding{}, "claim.held decision"},
			{"a service without a price", func(g guest) fields { return g.procedure("b", "99499") }, models.WorkLateCharge, models.Coding{}, "claim.held decision"},
			{"a code that is none", func(g guest) fields { return g.procedure("b", "93000") }, models.WorkLateCharge, models.Coding{Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}}, Services: []models.Service{{System: models.SystemCPT, Code: "x"}}}, "coding.service-shape service[0].code"},
			{"somebody says what it was", func(g guest) fields { return g.procedure("b", "93000") }, models.WorkLateCharge, models.Coding{Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}}, Services: []models.Service{
				{System: models.SystemCPT, Code: "93000", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"},
			}}, ""},
		} {
			g := d.guest(i, "refused")
			g.coded()
			if err := g.judges("A-1", false, as99214); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			g.send(row.comes(g))
			g.quiet()
			before := g.stands()
			err := g.decide(g.only(row.kind).ID, billing.Verdict{Decision: models.DecideReplace, Coding: row.coding})
			if got := refusal(err); got != row.want {
				t.Errorf("%s: it is refused as %q, want %q: %v", row.name, got, row.want, err)
			}
			g.quiet()
			if got := g.stands(); row.want != "" && got != before {
				t.Errorf("%s: refused it stands %s, before %s", row.name, got, before)
			}
			if _, told := g.all(); row.want == "" && told != "acme replacement-pending 250.00; acme transmitted 60.00 7" {
				t.Errorf("%s: the claims are %s", row.name, told)
			}
		}
	})
}

// TestAHospitalsClaimSaysSoInItsTypeOfBill holds that what the house adds after its claim was answered corrects that one alone, with 7 as the third digit of the type of bill, and a void with 8; and that a
// late service of another form than any claim that was sent has no place on one.
func TestAHospitalsClaimSaysSoInItsTypeOfBill(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		institutional := fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "institutional")}
		lines := []line{{"2400.00", []string{"CO 45 300.00"}}, {"200.00", []string{"CO 45 10.00", "PR 1 100.00"}}, {"125.50", nil}}
		g := d.guest(1, "house")
		g.send(append(g.admission(), g.procedure("ecg", "93000"))...)
		g.quiet()
		g.submit()
		_, claims := g.kase("visit")
		for _, c := range claims {
			err := g.answersWith(c, fields{}, line{"60.00", nil})
			if c.Type == models.ClaimInstitutional {
				err = g.answersWith(c, institutional, g.inOrder(c, lines)...)
			}
			if err != nil {
				t.Fatal(err)
			}
			g.quiet()
		}
		g.send(g.revenue("laboratory", "0300", 1, "50.00"))
		g.quiet()
		if err := g.decided(models.WorkLateCharge, models.DecideReplace); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		_, claims = g.kase("visit")
		var told []string
		for _, c := range claims {
			told = append(told, strings.TrimSpace(strings.Join([]string{string(c.State), c.Billed.String(), c.Stay.BillType, string(c.Frequency)}, " ")))
		}
		slices.Sort(told)
		if got, want := strings.Join(told, "; "), "adjudicated 60.00; replacement-pending 3135.50 111; transmitted 3185.50 117 7"; got != want {
			t.Errorf("the claims are %s, want %s; it stands %s", got, want, g.stands())
		}

		other := d.guest(2, "house")
		other.coded()
		if err := other.judges("A-1", false, as99214); err != nil {
			t.Fatal(err)
		}
		other.quiet()
		other.send(other.revenue("laboratory", "0300", 1, "50.00"))
		other.quiet()
		if err := other.decides(d.admin(), models.WorkLateCharge, billing.Verdict{Decision: models.DecideReplace}); refusal(err) != "claim.unplaced decision" {
			t.Errorf("what no claim has a place for is added: %v; it stands %s", err, other.stands())
		}
	})
}
