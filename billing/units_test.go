package billing_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

func override(amount string) fields { return fields{"priceOverride": usd(amount)} }

// TestAChargeIsBilledAsItWasSent holds that no quantity is rounded and no price replaced in silence, and that nothing is a price.
func TestAChargeIsBilledAsItWasSent(t *testing.T) {
	quantity := func(n string) fields { return fields{"quantity": fields{"value": number(n)}} }
	rows := []struct {
		name   string
		charge func(g guest) fields
		want   string
	}{
		{"one", func(g guest) fields { return g.charge("c", "36415").with(quantity("1")) }, "ready; acme ready 15.00"},
		{"one and nothing", func(g guest) fields { return g.charge("c", "36415").with(quantity("1.0")) }, "ready; acme ready 15.00"},
		{"three", func(g guest) fields { return g.charge("c", "36415").with(quantity("3")) }, "ready; acme ready 45.00"},
		{"none said", func(g guest) fields { return g.charge("c", "36415").with(fields{"quantity": nil}) }, "ready; acme ready 15.00"},
		{"two and a half", func(g guest) fields { return g.charge("c", "36415").with(quantity("2.5")) }, "held; code-visit"},
		{"a half", func(g guest) fields { return g.charge("c", "36415").with(quantity("0.5")) }, "held; code-visit"},
		{"hardly anything", func(g guest) fields { return g.charge("c", "36415").with(quantity("0.0001")) }, "held; code-visit"},
		{"nothing", func(g guest) fields { return g.charge("c", "36415").with(quantity("0")) }, "held; code-visit"},
		{"one taken back", func(g guest) fields { return g.charge("c", "36415").with(quantity("-1")) }, "held; code-visit"},
		{"the most", func(g guest) fields { return g.charge("c", "36415").with(quantity("9999")) }, "ready; acme ready 149985.00"},
		{"twelve thousand", func(g guest) fields { return g.charge("c", "36415").with(quantity("12000")) }, "held; code-visit"},
		{"too many to count", func(g guest) fields { return g.charge("c", "36415").with(quantity("1e30")) }, "held; code-visit"},
		{"the schedule's price", func(g guest) fields { return g.charge("c", "36415").with(override("15.00")) }, "ready; acme ready 15.00"},
		{"another price than the schedule's", func(g guest) fields { return g.charge("c", "36415").with(override("17.50")) }, "ready; acme ready 15.00"},
		{"a price where the schedule has none", func(g guest) fields { return g.charge("c", "85025").with(override("17.50")) }, "ready; acme ready 17.50"},
		{"nothing, where the schedule has none", func(g guest) fields { return g.charge("c", "85025").with(override("0.00")) }, "ready; acme ready 0.00"},
		{"nothing, by the schedule", func(g guest) fields { return g.charge("c", "0518F") }, "ready; acme ready 0.00"},
		{"no price at all", func(g guest) fields { return g.charge("c", "85025") }, "held; price-service"},
		{"a code of the house", func(g guest) fields {
			return g.charge("c", "").with(fields{"code": conceptOf("urn:canary:house", "DRAW")})
		}, "held; code-visit"},
		{"words", func(g guest) fields { return g.charge("c", "").with(fields{"code": fields{"text": "blood draw"}}) }, "held; code-visit"},
		{"by its visit's whole address", func(g guest) fields {
			return g.charge("c", "36415").with(fields{"context": ref("http://test/fhir/R4/Encounter/" + g.named("visit"))})
		}, "ready; acme ready 15.00"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("0518F", "0.00")
		for i, row := range rows {
			g := d.guest(i, "units")
			g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), row.charge(g))
		}
		d.quiet()
		for i, row := range rows {
			if got := d.guest(i, "units").stands(); got != row.want {
				t.Errorf("%s: the visit stands: %s; want: %s", row.name, got, row.want)
			}
		}
		for i, row := range rows {
			g := d.guest(i, "units")
			if warned := g.isTold("scrub.stated-price"); warned != (row.name == "another price than the schedule's") {
				t.Errorf("%s: that the price differs is told: %t", row.name, warned)
			}
		}
	})
}

// TestACoderMayChooseWhatCostsNothing holds that a service of 0.00 is on the claim like any other.
func TestACoderMayChooseWhatCostsNothing(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("0518F", "0.00")
		g := d.guest(0, "free")
		g.send(g.ecg()...)
		d.quiet()
		both := coded
		both.Services = append([]models.Service{{System: cpt, Code: "0518F", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}}, coded.Services...)
		if err := d.code(models.VisitID(g.named("visit")), both); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		if got, want := g.stands(), "ready; acme ready 60.00"; got != want || len(g.claim().Lines) != 2 {
			t.Errorf("the visit stands: %s; want: %s, on two lines", got, want)
		}
	})
}

// isTold reports whether a rule notices something of the guest's claims.
func (g guest) isTold(rule string) (told bool) {
	g.t.Helper()
	_, claims := g.kase("visit")
	g.view(func(v *store.View) error {
		for _, c := range claims {
			findings, err := books.Findings(v, []models.ClaimID{c.ID})
			if err != nil {
				return err
			}
			told = told || slices.ContainsFunc(findings[c.ID], func(f models.Finding) bool { return f.Rule == rule })
		}
		return nil
	})
	return told
}

// TestWhyACoderIsAskedIsTold holds that what keeps a charge from being billed is named at its place, and never as a missing code.
func TestWhyACoderIsAskedIsTold(t *testing.T) {
	rows := map[string]fields{
		"a fraction": {"quantity": fields{"value": number("2.5")}}, "9999": {"quantity": fields{"value": number("12000")}},
		"above 0": {"quantity": fields{"value": number("0")}}, "HCPCS or revenue code": {"code": conceptOf("urn:canary:house", "DRAW")},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for tells, what := range rows {
			g := guest{d, strings.ReplaceAll(strings.ToLower(tells), " ", "-")}
			g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.charge("c", "36415").with(what))
		}
		d.quiet()
		for _, task := range d.search("Task", "code=code-visit&status=requested", len(rows)) {
			tells := 0
			for text := range rows {
				if strings.Contains(string(task.Body), text) {
					tells++
				}
			}
			if tells != 1 {
				t.Errorf("a coder is not told why: %s", task.Body)
			}
		}
	})
}

// TestNoPriceIsShownThatDoesNotMultiplyBack holds that three for 100.00 are not 33.33 each.
func TestNoPriceIsShownThatDoesNotMultiplyBack(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			net  string
			each string
		}{{"100.00", ""}, {"99.00", "33.00"}} {
			g := d.guest(i, "each")
			g.send(g.patient(), g.plan("plan"))
			g.send(g.draft(fields{"quantity": fields{"value": 3}, "net": usd(row.net)}))
			if _, err := d.office.SubmitClaim(t.Context(), d.admin(), billing.Call{}, g.drafted().ID); err != nil {
				t.Fatal(err)
			}
			item := string(d.search("ChargeItem", "subject=Patient/"+g.id, 1)[0].Body)
			if strings.Contains(item, "33.33") || row.each != "" && !strings.Contains(item, row.each) || !strings.Contains(item, row.net) {
				t.Errorf("three for %s: %s", row.net, item)
			}
		}
	})
}
