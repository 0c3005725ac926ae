package billing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// ecg is a visit of one service for 60.00.
func (g guest) ecg() []fields {
	return []fields{g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("ecg", "93000")}
}

// another is one more visit of the guest's, of the same kind, on another day.
func (g guest) another(record, day string) []fields {
	here := fields{"encounter": ref("Encounter/" + g.named(record))}
	return []fields{
		g.encounter(record).with(fields{"period": fields{"start": day + "T15:00:00Z", "end": day + "T15:30:00Z"}}),
		g.condition(record+"-dx", "I10").with(here), g.procedure(record+"-ecg", "93000").with(here, fields{"performedDateTime": day}),
	}
}

// TestThePatientIsAskedLast holds that an invoice waits for every payer in line, for every claim of the visit and for every
// person who has to decide first.
func TestThePatientIsAskedLast(t *testing.T) {
	share := line{"40.00", []string{"PR 2 20.00"}}
	rows := []struct {
		name  string
		visit func(g guest) []fields
		after func(g guest) error
		lines line
		more  fields
		want  string
	}{
		{"what the payer left", guest.ecg, nil, share, nil, "patient; acme adjudicated 60.00; invoice issued 20.00"},
		{"nothing is left", guest.ecg, nil, line{"60.00", nil}, nil, "closed; acme adjudicated 60.00"},
		{"another plan pays before the patient", func(g guest) []fields {
			return append(g.ecg()[2:], g.patient(), g.plan("plan").with(order(1)), g.plan("second").with(paidBy(ref("Organization/beta")), order(2)))
		}, nil, share, nil, "ready; acme adjudicated 60.00; beta ready 60.00"},
		{"another plan, and nothing is left for it", func(g guest) []fields {
			return append(g.ecg()[2:], g.patient(), g.plan("plan").with(order(1)), g.plan("second").with(paidBy(ref("Organization/beta")), order(2)))
		}, nil, line{"50.00", []string{"CO 45 10.00"}}, nil, "closed; acme adjudicated 60.00"},
		{"another plan came after sending", guest.ecg, func(g guest) error {
			return g.try(g.plan("plan").with(order(1)), g.plan("second").with(paidBy(ref("Organization/beta")), order(2)))
		}, share, nil, "ready; acme adjudicated 60.00; beta ready 60.00"},
		{"the visit was cancelled after sending", guest.ecg, func(g guest) error { return g.try(g.encounter("visit").with(fields{"status": "cancelled"})) },
			share, nil, "held; acme adjudicated 60.00; cancelled-visit"},
		{"a service came after sending", guest.ecg, func(g guest) error { return g.try(g.procedure("late", "99214")) },
			share, nil, "held; acme adjudicated 60.00; late-charge"},
		{"the patient must not be billed", guest.ecg, nil, share, fields{"processNote": []fields{{"number": 1, "text": "N781"}}},
			"held; acme adjudicated 60.00; protected-patient"},
		{"a denial waits for a person", guest.ecg, nil, line{"0.00", []string{"CO 50 60.00"}}, nil, "held; acme adjudicated 60.00; review-answer"},
		{"more is paid than was billed", guest.ecg, nil, line{"70.00", []string{"CO 45 -10.00"}}, nil, "held; acme adjudicated 60.00; overpayment-to-payer; review-answer"},
		{"a share that comes with a denial waits too", guest.ecg, nil, line{"0.00", []string{"PR 96 60.00"}}, nil, "held; acme adjudicated 60.00; review-answer"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range rows {
			g := d.guest(i, "last")
			g.send(row.visit(g)...)
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "last")
			g.submit()
			if row.after != nil {
				if err := row.after(g); err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
			}
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "last")
			if err := g.answersWith(g.claim(), row.more, row.lines); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
		}
		d.quiet()
		for i, row := range rows {
			if got := d.guest(i, "last").stands(); got != row.want {
				t.Errorf("%s: the visit stands: %s; want: %s", row.name, got, row.want)
			}
		}
	})
}

// TestABalancedInvoiceNeverChanges holds that a visit of two claims is asked for once, when both are answered, and that what
// turns up after the patient paid is an invoice of its own.
func TestABalancedInvoiceNeverChanges(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "two")
		g.stay()
		d.quiet()
		g.submit()
		_, claims := g.kase("visit")
		if claims[0].InsurerID != "acme" {
			claims[0], claims[1] = claims[1], claims[0]
		}
		answered := func(c models.Claim, lines ...line) {
			t.Helper()
			if err := g.answers(c, lines...); err != nil {
				t.Fatal(err)
			}
			d.quiet()
		}
		expect := func(when, want string) {
			t.Helper()
			if got := g.stands(); got != want {
				t.Errorf("%s the stay stands: %s; want: %s", when, got, want)
			}
		}
		answered(claims[0], line{"15.00", nil}, line{"40.00", []string{"PR 2 20.00"}})
		expect("after one answer", "sent; acme adjudicated 75.00; beta transmitted 250.00")
		answered(claims[1], line{"238.00", []string{"PR 2 12.00"}})
		expect("after both", "patient; acme adjudicated 75.00; beta adjudicated 250.00; invoice issued 32.00")
		id := g.invoice("visit")
		if paid := g.pay(id, 3200, models.PaymentCash); paid.Status != models.InvoiceBalanced || paid.Due != 0 || paid.Net != 3200 {
			t.Errorf("the paid invoice is %s over %s with %s due", paid.Status, paid.Net, paid.Due)
		}
		expect("after it was paid", "closed; acme adjudicated 75.00; beta adjudicated 250.00; invoice balanced 32.00")
		before, err := d.records.Read(t.Context(), d.admin(), models.Ref{Type: "Invoice", ID: string(id)})
		if err != nil {
			t.Fatal(err)
		}
		g.send(g.procedure("late", "99215"))
		d.quiet()
		expect("after a service came late", "held; acme adjudicated 75.00; beta adjudicated 250.00; invoice balanced 32.00; late-charge")
		if after, err := d.records.Read(t.Context(), d.admin(), models.Ref{Type: "Invoice", ID: string(id)}); err != nil || after.Version != before.Version {
			t.Errorf("the balanced invoice has version %d after %d, %v", after.Version, before.Version, err)
		}
	})
}

// TestWhatIsPaidTooMuchPaysWhatIsOwed holds that a payment pays the earlier balance that its invoice showed, and that what is left
// is used for the next invoice.
func TestWhatIsPaidTooMuchPaysWhatIsOwed(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "credit")
		g.send(g.patient())
		visits := []string{"first", "second", "third", "fourth"}
		bill := func(n int) {
			g.send(g.another(visits[n], fmt.Sprintf("2026-03-0%d", n+2))...)
			d.quiet()
		}
		shown := func(record, want string) {
			t.Helper()
			if got := g.standsOf(record); got != want {
				t.Errorf("the %s visit stands: %s; want: %s", record, got, want)
			}
		}
		bill(0)
		bill(1)
		paid := g.pay(g.invoice("second"), 10000, models.PaymentCash)
		if paid.Status != models.InvoiceBalanced {
			t.Errorf("the invoice that was paid is %s", paid.Status)
		}
		d.quiet()
		first := g.invoice("first")
		d.books("AR:Patient 20.00; Cash:Drawer 100.00")
		if body := string(d.search("Invoice", "_id="+string(first), 1)[0].Body); !strings.Contains(body, "20.00") {
			t.Errorf("what is left of the earlier invoice is not shown: %s", body)
		}
		g.pay(first, 9000, models.PaymentCash)
		d.books("Liability:Patient-credits -70.00; Cash:Drawer 190.00")
		bill(2)
		shown("third", "closed; invoice balanced 60.00")
		d.books("Liability:Patient-credits -10.00; Cash:Drawer 190.00")
		bill(3)
		shown("fourth", "patient; invoice issued 60.00")
		body := string(d.search("Invoice", "_id="+string(g.invoice("fourth")), 1)[0].Body)
		if !strings.Contains(body, `"credit-applied"`) || !strings.Contains(body, "10.00") || !strings.Contains(body, "50.00") {
			t.Errorf("the credit is not shown: %s", body)
		}
		d.books("AR:Patient 50.00; Cash:Drawer 190.00")
	})
}

// TestWhatIsNotOwedAnyMorePaysWhatIsDue holds that what the patient paid of a service and does not owe since its payer corrected its answer pays what else is due, of the visit and of others, and is a
// credit beyond that.
func TestWhatIsNotOwedAnyMorePaysWhatIsDue(t *testing.T) {
	less := map[string]line{"99214": {"140.00", []string{"CO 45 100.00", "PR 2 10.00"}}, "93000": asFirst["93000"], "36415": asFirst["36415"]}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			pays         models.Cents
			other, visit string
			owed, credit models.Cents
		}{
			{1200, "patient; invoice issued 60.00", "patient; acme adjudicated 325.00; invoice issued 74.00", 5200, 0},
			{6200, "patient; invoice issued 60.00", "closed; acme adjudicated 325.00; invoice balanced 74.00", 200, 0}, // what was paid for the visit pays the rest of it first
			{7400, "closed; invoice balanced 60.00", "closed; acme adjudicated 325.00; invoice balanced 74.00", 0, -1000},
		} {
			g := d.guest(i, "not-owed")
			g.send(g.patient())
			g.send(g.another("other", "2026-02-02")...)
			d.quiet()
			g.pay(g.invoice("other"), 1000, models.PaymentCash) // so that it stands when there is a plan
			g.three()
			g.must(d.decide(d.itemOf(models.WorkCoverageChanged).ID, billing.Verdict{Decision: models.DecideIgnore, Reason: "The plan did not cover it."}))
			g.must(g.judges("A-"+g.id, false, asFirst))
			g.pay(g.invoice("visit"), row.pays, models.PaymentCash)
			g.must(g.judges("A-"+g.id, true, asFirst))
			g.must(g.judges("R-"+g.id, false, less))
			if got := g.standsOf("other"); got != row.other {
				t.Errorf("with %s paid the other visit stands %s, want %s", row.pays, got, row.other)
			}
			if got := g.stands(); got != row.visit || g.sumOf(models.AccountARPatient) != row.owed || g.sumOf(models.AccountPatientCredits) != row.credit {
				t.Errorf("with %s paid the visit stands %s, want %s; the patient owes %s and has %s", row.pays, got, row.visit, g.sumOf(models.AccountARPatient), g.sumOf(models.AccountPatientCredits))
			}
			d.clean()
		}
	})
}

// TestAnAnswerIsWithinItsCharge holds that a first judgement pays no less than nothing and leaves to the patient no more than was
// billed; whatever else it adds up to, nothing is taken of it.
func TestAnAnswerIsWithinItsCharge(t *testing.T) {
	rows := []struct {
		name  string
		lines line
	}{
		{"more than the charge from the patient", line{"-140.00", []string{"PR 1 200.00"}}},
		{"a fortune from the patient", line{"0.00", []string{"PR 1 100000.00", "CO 45 -99940.00"}}},
		{"money back", line{"-60.00", []string{"CO 45 120.00"}}},
		{"a share below nothing", line{"60.00", []string{"PR 2 -10.00", "CO 45 10.00"}}},
		{"a cent too few", line{"39.99", []string{"PR 2 20.00"}}},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "within")
		g.send(g.ecg()...)
		d.quiet()
		g.submit()
		for _, row := range rows {
			if err := g.answers(g.claim(), row.lines); !strings.Contains(refusal(err), "ClaimResponse.item[0]") {
				t.Errorf("%s: %v", row.name, err)
			}
		}
		d.quiet()
		if got, want := g.stands(), "sent; acme transmitted 60.00"; got != want {
			t.Errorf("the visit stands: %s; want: %s", got, want)
		}
		d.books("AR:Insurance 60.00")
	})
}

// TestAPatientPaysByProcessorOnly holds that nobody settles a bill by saying so: cash is the desk's to record, and a card charge
// has its processor's reference.
func TestAPatientPaysByProcessorOnly(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g, other := d.guest(0, "self"), d.guest(1, "self")
		for _, one := range []guest{g, other} {
			one.send(one.patient(), one.encounter("visit"), one.condition("dx", "I10"), one.procedure("ecg", "93000"))
		}
		d.quiet()
		patient := auth.Principal{Tenant: d.tenant, Subject: "self", Patient: models.PatientID(g.id), Scopes: auth.ParseScopes("patient/*.rs operation/pay")}
		pay := func(key string, of guest, amount models.Cents, method models.PaymentMethod, reference string) string {
			_, err := d.office.Pay(context.Background(), patient, billing.Call{Key: key}, billing.PaymentRequest{InvoiceID: of.invoice("visit"), Amount: amount, Method: method, Reference: reference})
			return refusal(err)
		}
		for name, got := range map[string]string{
			"cash":                       pay("1", g, 6000, models.PaymentCash, "ch_1"),
			"a check":                    pay("2", g, 6000, models.PaymentCheck, "ch_1"),
			"a card without a processor": pay("3", g, 6000, models.PaymentCard, ""),
			"more than is owed":          pay("4", g, 6001, models.PaymentCard, "ch_1"),
			"somebody else's invoice":    pay("5", other, 6000, models.PaymentCard, "ch_1"),
		} {
			if got == "" {
				t.Errorf("%s is taken", name)
			}
		}
		d.books("AR:Patient 120.00")
		if got := pay("6", g, 6000, models.PaymentCard, "ch_1"); got != "" {
			t.Errorf("a card with its reference is refused: %s", got)
		}
		d.books("AR:Patient 60.00; Cash:Card-clearing 60.00")
	})
}

// TestOneProcessorReferenceIsOnePayment holds that a card charge which comes under two keys is booked once, and that a reference
// says nothing of another method.
func TestOneProcessorReferenceIsOnePayment(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "once")
		g.send(g.patient(), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("ecg", "93000"))
		d.quiet()
		id := g.invoice("visit")
		pay := func(key string, amount models.Cents, method models.PaymentMethod, reference string) string {
			_, err := d.office.Pay(context.Background(), d.admin(), billing.Call{Key: key}, billing.PaymentRequest{InvoiceID: id, Amount: amount, Method: method, Reference: reference})
			return refusal(err)
		}
		for n, row := range []struct {
			amount    models.Cents
			method    models.PaymentMethod
			reference string
			refused   bool
			books     string
		}{
			{2000, models.PaymentCard, "ch_1", false, "AR:Patient 40.00; Cash:Card-clearing 20.00"},
			{2000, models.PaymentCard, "ch_1", false, "AR:Patient 40.00; Cash:Card-clearing 20.00"},
			{3000, models.PaymentCard, "ch_1", true, "AR:Patient 40.00; Cash:Card-clearing 20.00"},
			{1000, models.PaymentCard, "ch_2", false, "AR:Patient 30.00; Cash:Card-clearing 30.00"},
			{1000, models.PaymentCash, "ch_1", false, "AR:Patient 20.00; Cash:Card-clearing 30.00; Cash:Drawer 10.00"},
			{1000, models.PaymentCash, "ch_1", false, "AR:Patient 10.00; Cash:Card-clearing 30.00; Cash:Drawer 20.00"},
		} {
			if got := pay(fmt.Sprint("key-", n), row.amount, row.method, row.reference); (got != "") != row.refused {
				t.Errorf("payment %d: %q", n, got)
			}
			d.books(row.books)
		}
	})
}

// TestTheEarlierBalanceIsAsOfNow holds that an open invoice shows what is due on the earlier ones now, also when one of those is
// taken back because a plan came that pays for it.
func TestTheEarlierBalanceIsAsOfNow(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "as-of-now")
		g.send(g.ecg()[0], g.encounter("visit"), g.condition("dx", "I10"), g.procedure("ecg", "93000"))
		d.quiet()
		g.send(g.another("before", "2026-02-02")...)
		d.quiet()
		shows := func(want models.Cents) {
			t.Helper()
			id := g.invoice("before")
			d.view(func(v *store.View) error {
				i, _, err := books.Invoice(v, id)
				if err == nil && (i.Status != models.InvoiceIssued || i.Earlier != want) {
					t.Errorf("the %s invoice shows %d as owed before, want %d", i.Status, i.Earlier, want)
				}
				return err
			})
		}
		shows(6000)
		g.pay(g.invoice("before"), 1000, models.PaymentCash) // so that it stands
		g.send(g.plan("plan"))
		d.quiet()
		if got, want := g.stands(), "ready; acme ready 60.00"; got != want {
			t.Errorf("the visit stands: %s; want: %s", got, want)
		}
		shows(0)
		d.clean()
	})
}
