package billing_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/billing/rules/reports"
	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// report gives a report as lines of csv, without its head.
func (d *desk) report(name string, parameters ...string) []string {
	d.t.Helper()
	byName := map[string][]string{}
	for _, p := range parameters {
		key, value, _ := strings.Cut(p, "=")
		byName[key] = append(byName[key], value)
	}
	ask, err := reports.Read(name, byName)
	if err != nil {
		d.t.Fatal(err)
	}
	table, err := d.office.Report(context.Background(), d.admin(), ask)
	if err != nil {
		d.t.Fatal(err)
	}
	text, err := table.CSV()
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")[1:]
}

// reportSays fails where the lines of a report are others.
func (d *desk) reportSays(want, name string, parameters ...string) {
	d.t.Helper()
	if got := strings.Join(d.report(name, parameters...), "; "); got != want {
		d.t.Errorf("%s of %v is\n%s, want\n%s", name, parameters, got, want)
	}
}

// An office of five visits, 0, 30, 31, 90 and 121 days old on 30 June 2026, of 60.00 each. The oldest was sent 45 days before, and answered
// ten days before: 40.00 paid, 10.00 contractual, 10.00 left to the patient.
func aged(t *testing.T, url string) *desk {
	t.Helper()
	const asOf = models.Date("2026-06-30")
	noon := func(d models.Date) time.Time {
		at, err := time.Parse(time.DateOnly, string(d))
		if err != nil {
			t.Fatal(err)
		}
		return at.Add(18 * time.Hour)
	}
	hand := clocktest.At(noon(asOf.AddDays(-122)))
	d := workless(t, storetest.OpenAt(t, url, hand.Clock()))
	d.practice()
	until := func(day models.Date) { hand.Advance(noon(day).Sub(hand.Clock().Now())) }
	work := func() {
		t.Helper()
		for range 10 {
			if err := d.step(); err != nil {
				t.Fatal(err)
			}
		}
	}
	oldest := d.guest(121, "aged")
	for _, event := range []struct {
		days int
		what func(day models.Date)
	}{
		{121, nil}, {90, nil},
		{45, func(models.Date) { oldest.submit() }},
		{31, nil}, {30, nil},
		{10, func(day models.Date) {
			more := fields{"created": string(day), "payment": fields{"date": string(day), "type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "amount": usd("40.00")}}
			if err := oldest.answersWith(oldest.claim(), more, line{"40.00", []string{"CO 45 10.00", "PR 2 10.00"}}); err != nil {
				t.Fatal(err)
			}
		}},
		{0, nil},
	} {
		day := asOf.AddDays(-event.days)
		until(day)
		if event.what != nil {
			event.what(day)
		} else {
			g := d.guest(event.days, "aged")
			start := string(day) + "T15:00:00Z"
			g.send(g.patient(), g.plan("plan"), g.encounter("visit").with(fields{"period": fields{"start": start, "end": start}}), g.condition("dx", "I10"),
				g.procedure("ecg", "93000").with(fields{"performedDateTime": string(day)}))
		}
		work()
	}
	return d
}

func TestReportsComeFromTheJournalAsOfAnyDay(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := aged(t, url)
		const none = "0.00,0.00,0.00,0.00,0.00,0.00,0.00,0,0,0,0,0,0"
		for _, row := range []struct{ parameters, want string }{
			{"asOf=2026-06-30", "120.00,60.00,60.00,0.00,10.00,0.00,250.00,2,1,1,0,1,0"},
			{"", "120.00,60.00,60.00,0.00,10.00,0.00,250.00,2,1,1,0,1,0"}, // today is the day
			{"asOf=2026-06-30 by=party", "insurance,120.00,60.00,60.00,0.00,0.00,0.00,240.00,2,1,1,0,0,0; patient,0.00,0.00,0.00,0.00,10.00,0.00,10.00,0,0,0,0,1,0"},
			{"asOf=2026-06-30 by=payer of=insurance", "acme,120.00,60.00,60.00,0.00,0.00,0.00,240.00,2,1,1,0,0,0"},
			{"asOf=2026-06-30 by=provider,patient of=patient", "doc,aged-121,0.00,0.00,0.00,0.00,10.00,0.00,10.00,0,0,0,0,1,0"},
			{"asOf=2026-06-30 of=patient from=responsible", "10.00,0.00,0.00,0.00,0.00,0.00,10.00,1,0,0,0,0,0"},
			{"asOf=2026-06-30 of=patient from=first-bill", "10.00,0.00,0.00,0.00,0.00,0.00,10.00,1,0,0,0,0,0"},
			{"asOf=2026-06-19 of=insurance from=first-bill", "0.00,60.00,0.00,0.00,0.00,180.00,240.00,0,1,0,0,0,3"},
			{"asOf=2026-05-10 of=insurance from=first-bill", "0.00,0.00,0.00,0.00,0.00,120.00,120.00,0,0,0,0,0,2"},
			{"asOf=2026-05-20 of=insurance", "0.00,60.00,60.00,0.00,0.00,0.00,120.00,0,1,1,0,0,0"},
			{"asOf=2026-01-01", none},
			{"asOf=2026-01-01 by=payer", ""},
		} {
			d.reportSays(row.want, "aging", strings.Fields(row.parameters)...)
		}
		d.reportSays("AR:Insurance,240.00; AR:Patient,10.00; Clearing:ERA,40.00; Contra:Contractual,10.00; Revenue:Gross,-300.00", "trial-balance", "asOf=2026-06-30")
		d.reportSays("AR:Insurance,120.00; Revenue:Gross,-120.00", "trial-balance", "asOf=2026-05-20")
		d.reportSays("AR:Insurance,acme,doc,120.00; Revenue:Gross,acme,doc,-120.00", "trial-balance", "asOf=2026-05-20", "by=payer,provider")
		d.reportSays("2026-06,AR:Insurance,60.00,60.00; 2026-06,AR:Patient,10.00,0.00; 2026-06,Clearing:ERA,40.00,0.00; 2026-06,Contra:Contractual,10.00,0.00; 2026-06,Revenue:Gross,0.00,60.00",
			"ledger", "from=2026-06-01", "until=2026-06-30")
		got := map[string]string{}
		for _, line := range d.report("kpi", "asOf=2026-06-30") {
			cells := strings.SplitN(line, ",", 6)
			got[cells[0]] = strings.Join(cells[1:5], " ")
		}
		for figure, want := range map[string]string{
			"days-in-ar": "125.0 days 250.00 180.00", "ar-over-90": "4.0 % 10.00 250.00", "net-collection": "23.5 % 40.00 170.00", "clean-claim": "100.0 % 1 1", "first-pass": "100.0 % 1 1",
			"touchless": "100.0 % 1 1", "denial-rate-lines": "0.0 % 0 1", "denial-rate-dollars": "0.0 % 0.00 60.00", "patient-credits": "0.00 USD 0.00 ", "undeposited": "40.00 USD 40.00 ", "unposted-answers": "0 answers 0.00 ",
			"unmatched-receipts": "0.00 USD 0.00 ",
		} {
			if got[figure] != want {
				t.Errorf("%s is %q, want %q", figure, got[figure], want)
			}
		}
		d.clean()
	})
}

// A denial is counted with what was billed on its line, one that was turned away at the door is not clean, and what a person touched is not
// touchless.
func TestFiguresTellWhatWentWrong(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		denied, rejected := d.guest(0, "denied"), d.guest(0, "rejected")
		for _, g := range []guest{denied, rejected} {
			g.send(g.visit()...)
		}
		d.quiet()
		denied.submit()
		rejected.submit()
		today := d.db.Now().Time().Format(time.DateOnly)
		judged := []line{{"50.00", []string{"CO 45 10.00"}}, {"0.00", []string{"CO 50 15.00"}}}
		if denied.claim().Lines[0].Billed == 1500 {
			slices.Reverse(judged)
		}
		if err := denied.answersWith(denied.claim(), fields{"created": today}, judged...); err != nil {
			t.Fatal(err)
		}
		if err := rejected.answersWith(rejected.claim(), fields{"created": today, "outcome": "error", "error": []fields{{"code": conceptOf("http://payer.example.org/edit", "X1")}}}); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		got := map[string]string{}
		for _, line := range d.report("kpi", "asOf="+string(models.Date(today).AddDays(1))) {
			cells := strings.SplitN(line, ",", 6)
			got[cells[0]] = strings.Join(cells[1:5], " ")
		}
		for figure, want := range map[string]string{
			"clean-claim": "50.0 % 1 2", "first-pass": "0.0 % 0 1", "touchless": "0.0 % 0 1", "denial-rate-lines": "50.0 % 1 2", "denial-rate-dollars": "20.0 % 15.00 75.00",
		} {
			if got[figure] != want {
				t.Errorf("%s is %q, want %q", figure, got[figure], want)
			}
		}
	})
}

// Reports are for those who see the whole practice and hold the scope, in a tenant that somebody made.
func TestReportsAreTheOffices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := workless(t, db)
		ask, err := reports.Read("kpi", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, role := range auth.Roles() {
			claims, err := auth.RoleClaims(role, auth.Claims{Tenant: d.tenant, Subject: "x", Patient: "p", Organization: "o"})
			if err != nil {
				t.Fatal(err)
			}
			who := auth.Principal{Tenant: d.tenant, Subject: "x", Scopes: auth.ParseScopes(claims.Scope)}
			if role == auth.RolePatient {
				who.Patient = "p"
			}
			_, err = d.office.Report(t.Context(), who, ask)
			may := slices.Contains([]auth.Role{auth.RoleAdmin, auth.RoleManager, auth.RoleBiller}, role)
			if may && err != nil || !may && !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", role, err)
			}
		}
		limited := auth.Principal{Tenant: d.tenant, Subject: "x", Scopes: auth.ParseScopes("patient/*.rs operation/reports"), Patient: "p"}
		payer := auth.Principal{Tenant: d.tenant, Subject: "x", Scopes: auth.ParseScopes("system/*.rs operation/reports"), Organization: "acme"}
		for name, who := range map[string]auth.Principal{"a patient": limited, "a payer": payer, "an unknown tenant": operator("typo")} {
			if _, err := billing.New(db, slog.New(slog.DiscardHandler)).Report(t.Context(), who, ask); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", name, fmt.Sprint(err))
			}
		}
	})
}
