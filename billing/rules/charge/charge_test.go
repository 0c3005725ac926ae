package charge_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/charge"
	"medbill/models"
)

func TestMostSpecificPriceWins(t *testing.T) {
	base := models.Price{System: models.SystemCPT, Code: "99214", Amount: 100}
	with := func(amount models.Cents, change func(p *models.Price)) models.Price {
		p := base
		p.Amount = amount
		change(&p)
		return p
	}
	const none = -1
	service := models.Service{System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25", "GT"}, Units: 1, ServiceDate: "2026-03-02"}
	for _, row := range []struct {
		name   string
		prices []models.Price
		want   models.Cents // or none
	}{
		{"the only one", []models.Price{base}, 100},
		{"none", nil, none},
		{"another code's is none", []models.Price{with(7, func(p *models.Price) { p.Code = "99213" })}, none},
		{"another system's is none", []models.Price{with(7, func(p *models.Price) { p.System = models.SystemHCPCS })}, none},
		{"not yet in force is none", []models.Price{with(7, func(p *models.Price) { p.From = "2026-03-03" })}, none},
		{"no longer in force is none", []models.Price{with(7, func(p *models.Price) { p.Until = "2026-03-01" })}, none},
		{"in force on its last day", []models.Price{with(7, func(p *models.Price) { p.Until = "2026-03-02" })}, 7},
		{"another payer's is none", []models.Price{with(7, func(p *models.Price) { p.PayerID = "beta" })}, none},
		{"the payer's before the general", []models.Price{base, with(7, func(p *models.Price) { p.PayerID = "acme" })}, 7},
		{"a modifier before the payer", []models.Price{with(8, func(p *models.Price) { p.PayerID = "acme" }), with(7, func(p *models.Price) { p.Modifiers = models.Codes{"25"} })}, 7},
		{"two modifiers before one", []models.Price{with(8, func(p *models.Price) { p.Modifiers = models.Codes{"25"} }), with(7, func(p *models.Price) { p.Modifiers = models.Codes{"GT", "25"} })}, 7},
		{"a modifier the service lacks is none", []models.Price{with(7, func(p *models.Price) { p.Modifiers = models.Codes{"26"} })}, none},
		{"nothing is a price too", []models.Price{with(0, func(*models.Price) {})}, 0},
		{"of two that tie none", []models.Price{base, with(7, func(*models.Price) {})}, none},
		{"of two that tie on modifiers none", []models.Price{with(8, func(p *models.Price) { p.Modifiers = models.Codes{"GT"} }), with(7, func(p *models.Price) { p.Modifiers = models.Codes{"25"} })}, none},
		{"of two that say the same either", []models.Price{base, with(100, func(p *models.Price) { p.ScheduleID = "other" })}, 100},
		{"a tie below the best does not matter", []models.Price{base, with(8, func(*models.Price) {}), with(7, func(p *models.Price) { p.PayerID = "acme" })}, 7},
		{"the latest before the older", []models.Price{with(8, func(p *models.Price) { p.From = "2025-01-01" }), with(7, func(p *models.Price) { p.From = "2026-01-01" }), base}, 7},
	} {
		for _, prices := range [][]models.Price{row.prices, reversed(row.prices)} {
			got, ok := charge.Price(prices, service, "acme")
			if ok != (row.want != none) || ok && got.Amount != row.want {
				t.Errorf("%s: got %d, %v; want %d", row.name, got.Amount, ok, row.want)
			}
		}
	}
}

func reversed(prices []models.Price) []models.Price {
	var turned []models.Price
	for i := range prices {
		turned = append(turned, prices[len(prices)-1-i])
	}
	return turned
}

// A service is charged what the schedule says, else what its sender stated, else not at all; and never an amount of its own.
func TestServiceIsChargedByScheduleThenByItsSender(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var prices []models.Price
		for code := range 4 {
			if rapid.Bool().Draw(t, "priced") {
				prices = append(prices, models.Price{System: models.SystemCPT, Code: fmt.Sprint(99210 + code), Amount: models.Cents(rapid.Int64Range(0, 1_000_000).Draw(t, "amount"))})
			}
		}
		s := models.Service{
			System: models.SystemCPT, Code: fmt.Sprint(99210 + rapid.IntRange(0, 3).Draw(t, "code")), ServiceDate: "2026-03-02", Source: "Procedure/x",
			Units: models.Units(rapid.IntRange(1, 9_999_000).Draw(t, "units")), Rendering: rapid.SampledFrom([]models.Performer{{}, {ID: "jones"}}).Draw(t, "rendering"),
		}
		if rapid.Bool().Draw(t, "stated") {
			stated := models.Cents(rapid.Int64Range(0, 1_000_000).Draw(t, "stated amount"))
			s.Stated = &stated
		}
		payer := models.OrganizationID(rapid.SampledFrom([]string{"", "acme"}).Draw(t, "payer"))
		got, ok := charge.Of(models.Case{ID: "Encounter/v", PatientID: "canary", Rendering: models.Performer{ID: "smith"}}, s, 3, prices, payer)
		price, priced := charge.Price(prices, s, payer)
		if ok != (priced || s.Stated != nil) {
			t.Fatalf("%+v is charged: %v", s, ok)
		}
		if got.State != models.ChargePlanned || got.Posting != 0 || got.CaseID != "Encounter/v" || got.PatientID != "canary" || got.Sequence != 3 || got.PayerID != payer || got.Code != s.Code || got.Source != s.Source {
			t.Fatalf("%+v is charged as %+v", s, got)
		}
		if want := map[models.Performer]models.PractitionerID{{}: "smith", {ID: "jones"}: "jones"}[s.Rendering]; got.Rendering.ID != want {
			t.Fatalf("%+v was done by %+v", s, got.Rendering)
		}
		switch {
		case priced && (got.Billed != s.Units.Times(price.Amount) || *got.UnitPrice != price.Amount):
			t.Fatalf("%+v is charged as %+v", s, got)
		case !priced && ok && got.Billed != *s.Stated:
			t.Fatalf("%+v is charged as %+v", s, got)
		case got.UnitPrice != nil && s.Units.Times(*got.UnitPrice) != got.Billed:
			t.Fatalf("%s a unit makes no %s", *got.UnitPrice, got.Billed)
		}
	})
}

func TestFrontEndsLineBecomesAChargeAsItIs(t *testing.T) {
	each := models.Cents(12500)
	c := models.Claim{Type: models.ClaimProfessional, ID: "draft", CaseID: "Claim/draft", PatientID: "canary", InsurerID: "acme", Rendering: models.Performer{ID: "smith"}}
	line := models.ClaimLine{
		Sequence: 2, System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: 2 * models.OneUnit, Pointers: models.Numbers{1},
		ServiceDate: "2026-03-02", Billed: 25000,
	}
	want := models.Charge{
		CaseID: "Claim/draft", PatientID: "canary", Sequence: 2, State: models.ChargePlanned, System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"},
		Units: 2 * models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02", Rendering: models.Performer{ID: "smith"}, Source: "Claim/draft",
		UnitPrice: &each, Billed: 25000, PayerID: "acme",
	}
	if got := charge.OfLine(c, line); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	line.Rendering, line.Units = models.Performer{NPI: "1999999984"}, 3*models.OneUnit
	if got := charge.OfLine(c, line); got.Rendering != line.Rendering || got.UnitPrice != nil || got.Billed != 25000 {
		t.Errorf("got %+v", got)
	}
}

func TestARevenueCodeIsPricedWhereItsServiceIsNot(t *testing.T) {
	price := func(system, code string, amount models.Cents) models.Price {
		return models.Price{System: system, Code: code, Amount: amount}
	}
	house, code := price(models.SystemRevenue, "0450", 31000), price(models.SystemCPT, "99284", 40000)
	both := models.Service{System: models.SystemCPT, Code: "99284", Revenue: "0450", ServiceDate: "2026-03-02"}
	alone := models.Service{System: models.SystemRevenue, Code: "0450", Revenue: "0450", ServiceDate: "2026-03-02"}
	somebodys := models.Service{System: models.SystemCPT, Code: "99284", ServiceDate: "2026-03-02"}
	for _, row := range []struct {
		name    string
		service models.Service
		prices  []models.Price
		want    models.Cents
	}{
		{"the service's own price goes first", both, []models.Price{house, code}, 40000},
		{"its revenue code's is next", both, []models.Price{house}, 31000},
		{"a line without a code", alone, []models.Price{house, code}, 31000},
		{"what somebody did has no price of a house", somebodys, []models.Price{house}, 0},
	} {
		for _, list := range [][]models.Price{row.prices, reversed(row.prices)} {
			if got, ok := charge.Price(list, row.service, "acme"); got.Amount != row.want || ok != (row.want > 0) {
				t.Errorf("%s: got %s, %v, want %s", row.name, got.Amount, ok, row.want)
			}
		}
	}
	read, err := charge.ReadCSV(strings.NewReader("code,system,modifiers,payer,from,until,amount\n0120,,,,,,900.00\n0450,revenue,,,,,310.00\n"))
	if err != nil || len(read) != 2 || read[0].System != models.SystemRevenue || read[1].System != models.SystemRevenue {
		t.Errorf("a file of revenue codes gives %+v, %v", read, err)
	}
	if _, err := charge.ReadCSV(strings.NewReader("code,system,modifiers,payer,from,until,amount\n0120,cpt,,,,,900.00\n")); err == nil {
		t.Error("a revenue code as one of CPT is read")
	}
}
