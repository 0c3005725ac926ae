package billing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/codes"
	"medbill/internal/codes/published"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// loads keeps a list of codes as a release of a table.
func (d *desk) loads(table codes.Table, release string, from models.Date, csv string) {
	d.t.Helper()
	who := d.admin()
	who.Scopes = auth.ParseScopes("system/*.cruds operation/* operation/codes")
	_, err := d.office.LoadCodes(context.Background(), who, billing.Call{}, billing.CodeLoad{
		Name: "codes.csv", Content: []byte("code,display\n" + csv), Options: published.Options{Table: table, Name: release, From: from},
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// validated gives severity and rule of what $validate says of the visit's claim.
func (g guest) validated() string {
	g.t.Helper()
	found, err := g.office.ValidateClaim(context.Background(), g.admin(), billing.Call{}, g.claim().ID)
	if err != nil {
		g.t.Fatal(err)
	}
	var all []string
	for _, f := range found.Result {
		all = append(all, string(f.Severity)+" "+f.Rule)
	}
	return strings.Join(all, ", ")
}

// TestAClaimGoesByTheReleaseOfItsDay holds a claim against releases from before they are here until they are right.
func TestAClaimGoesByTheReleaseOfItsDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		g := d.guest(1, "codes")
		g.send(g.visit()...)
		g.quiet()
		if got, says := g.stands(), g.validated(); got != "ready; acme ready 75.00" || !strings.Contains(says, "information scrub.diagnosis-code") || strings.Contains(says, "error") {
			t.Errorf("without a release it stands %s, and $validate says %s", got, says)
		}
		for _, step := range []struct {
			what, csv string
			from      models.Date
			stands    string
		}{
			{"a release of another year", "I10,high\n", "2026-10-01", "held; acme held 75.00 scrub.diagnosis-code; correct-claim"},
			{"a release without the code", "I11,other\n", "2025-10-01", "held; acme held 75.00 scrub.diagnosis-code; correct-claim"},
			{"a release that has it", "I10,high\n", "2025-10-01", "ready; acme ready 75.00"},
		} {
			d.loads(codes.ICD10CM, "1", step.from, step.csv)
			says := g.validated()
			g.quiet()
			if got := g.stands(); got != step.stands || strings.Contains(says, "information scrub.diagnosis-code") {
				t.Errorf("with %s it stands %s, want %s; $validate says %s", step.what, got, step.stands, says)
			}
		}
		d.loads(codes.ICD10CM, "1", "2025-10-01", "I11,other\n")
		if says := g.validated(); g.stands() != "held; acme held 75.00 scrub.diagnosis-code; correct-claim" {
			t.Errorf("it stands %s, and $validate says %s", g.stands(), says)
		}
		d.loads(codes.ICD10CM, "1", "2025-10-01", "I10,high\n")
		for range 200 { // nobody asks: what holds it goes away
			if g.stands() == "ready; acme ready 75.00" {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if got := g.stands(); got != "ready; acme ready 75.00" {
			t.Errorf("seconds after the release came it stands %s", got)
		}
		d.loads(codes.Places, "1", "2026-01-01", "21,invented ward\n")
		if _, err := g.office.SubmitClaim(context.Background(), g.admin(), billing.Call{}, g.claim().ID); err == nil || !strings.Contains(err.Error(), "scrub.place-of-service") {
			t.Errorf("a claim that a release holds was sent: %v", err)
		}
		d.loads(codes.Places, "1", "2026-01-01", "11,invented office\n")
		g.submit()
		d.clean()
	})
}
