package billing_test

import (
	"context"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/codes/published"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// schedule is an invented fee schedule: an operation with ninety days, visits with none.
const schedule = "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,PROCEDURES\n" +
	"40090,,,A,,1.30,1.33,,0.55,,0.10,2.73,1.95,0,090,0.00,0.00,0.00,2,1,0,0,0,,33.4009,09\n" +
	"99214,,,A,,1.30,1.33,,0.55,,0.10,2.73,1.95,0,XXX,0.00,0.00,0.00,2,0,0,0,0,,33.4009,09\n"

// TestVisitsOfOtherDaysAreLookedAt holds that the rules see what the provider did for the patient on other visits, as far back as they
// need and no further, and that the order in which the visits come makes no difference once the claim is sent.
func TestVisitsOfOtherDaysAreLookedAt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.price("40090", "900.00")
		d.price("99203", "150.00")
		who := d.admin()
		who.Scopes = auth.ParseScopes("system/*.cruds operation/* operation/codes")
		_, err := d.office.LoadCodes(context.Background(), who, billing.Call{}, billing.CodeLoad{Name: "PPRRVU2026_Jan.csv", Content: []byte(schedule), Options: published.Options{}})
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range []struct {
			name, rule, service string // of the visit on 2026-03-02
			day, other          string
			told                bool
		}{
			{"ninety days after an operation", "scrub.global-period", "99214", "2025-12-02", "40090", true},
			{"ninety-one days after it", "scrub.global-period", "99214", "2025-12-01", "40090", false},
			{"the day before it", "scrub.global-period", "99214", "2026-03-03", "40090", true},
			{"after another visit", "scrub.global-period", "99214", "2026-03-01", "99214", false},
			{"a new patient of three years less a day", "scrub.new-patient", "99203", "2023-03-03", "99214", true},
			{"a new patient of three years", "scrub.new-patient", "99203", "2023-03-02", "99214", false},
			{"a patient who is not new", "scrub.new-patient", "99214", "2023-03-03", "99214", false},
		} {
			for _, comesFirst := range []bool{true, false} {
				kind := "later"
				if comesFirst {
					kind = "sooner"
				}
				g := d.guest(i, kind)
				visit := []fields{g.encounter("visit"), g.condition("dx", "I10"), g.procedure("service", row.service)}
				other := g.another("other", row.day)
				other[2] = other[2].with(fields{"code": conceptOf(cpt, row.other)})
				first, second := visit, other
				if comesFirst {
					first, second = other, visit
				}
				g.send(append([]fields{g.patient(), g.plan("plan")}, first...)...)
				g.quiet()
				g.send(second...)
				g.quiet()
				if told := g.isTold(row.rule); comesFirst && told != row.told {
					t.Errorf("%s: told %v, want %v; it stands %s", row.name, told, row.told, g.stands())
				}
				g.submit()
				if told := g.isTold(row.rule); told != row.told {
					t.Errorf("%s, which came %s, when it is sent: told %v, want %v", row.name, kind, told, row.told)
				}
			}
		}
		d.clean()
	})
}
