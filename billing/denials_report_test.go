package billing_test

import (
	"testing"

	"medbill/billing"
	"medbill/models"
)

// TestDenialsAreCountedByWhatBecameOfThem holds the report of denials: by category, payer and provider, what was refused first of all that was judged, what was appealed, and what of that the payer decided and pays.
func TestDenialsAreCountedByWhatBecameOfThem(t *testing.T) {
	with := func(ecg line) map[string]line {
		return map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": ecg, "36415": {"0.00", []string{"CO 97 15.00"}}}
	}
	necessity, late := with(line{"0.00", []string{"CO 50 60.00"}}), with(line{"0.00", []string{"CO 29 60.00"}})
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			says    map[string]line
			appeals bool
			then    map[string]line // nil where the payer does not judge again
		}{
			{necessity, true, with(line{"16.00", []string{"CO 45 40.00", "PR 2 4.00"}})},
			{necessity, true, with(line{"20.00", []string{"CO 45 20.00", "CO 50 20.00"}})},
			{necessity, true, nil},
			{necessity, false, with(line{"60.00", nil})}, // corrected without an appeal
			{late, false, nil},
			{asFirst, false, nil},
		} {
			g := d.guest(i, "denied")
			g.three()
			g.must(g.judges("D-"+g.id, false, row.says))
			if row.appeals {
				g.must(d.decide(g.openOf(models.WorkAnswer).ID, billing.Verdict{Decision: models.DecideAppeal, Reason: "The record shows why."}))
			}
			if row.then != nil {
				g.must(g.judges("D-"+g.id, true, row.says))
				g.must(g.judges("R-"+g.id, false, row.then))
			}
		}
		const asOf = "asOf=2026-03-20"
		d.reportSays("medical-necessity,4,18,22.2,240.00,1950.00,12.3,3,2,1,100.00,120.00,83.3; timely-filing,1,18,5.6,60.00,1950.00,3.1,0,0,0,0.00,0.00,", "denials", asOf)
		d.reportSays("acme,5,18,27.8,300.00,1950.00,15.4,3,2,1,100.00,120.00,83.3", "denials", asOf, "by=payer")
		d.reportSays("doc,medical-necessity,4,18,22.2,240.00,1950.00,12.3,3,2,1,100.00,120.00,83.3; doc,timely-filing,1,18,5.6,60.00,1950.00,3.1,0,0,0,0.00,0.00,", "denials", asOf, "by=provider,category")
		d.reportSays("", "denials", "asOf=2026-03-19")
	})
}
