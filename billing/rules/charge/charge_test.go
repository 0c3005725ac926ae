package charge_test

import (
	"fmt"
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
	service := models.Service{System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25", "GT"}, Units: 1, ServiceDate: "2026-03-02"}
	for _, row := range []struct {
		name   string
		prices []models.Price
		want   models.Cents // 0: none
	}{
		{"the only one", []models.Price{base}, 100},
		{"none", nil, 0},
		{"another code's is none", []models.Price{with(7, func(p *models.Price) { p.Code = "99213" })}, 0},
		{"another system's is none", []models.Price{with(7, func(p *models.Price) { p.System = models.SystemHCPCS })}, 0},
		{"not yet in force is none", []models.Price{with(7, func(p *models.Price) { p.From = "2026-03-03" })}, 0},
		{"no longer in force is none", []models.Price{with(7, func(p *models.Price) { p.Until = "2026-03-01" })}, 0},
		{"in force on its last day", []models.Price{with(7, func(p *models.Price) { p.Until = "2026-03-02" })}, 7},
		{"another payer's is none", []models.Price{with(7, func(p *models.Price) { p.PayerID = "beta" })}, 0},
		{"the payer's before the general", []models.Price{base, with(7, func(p *models.Price) { p.PayerID = "acme" })}, 7},
		{"a modifier before the payer", []models.Price{with(8, func(p *models.Price) { p.PayerID = "acme" }), with(7, func(p *models.Price) { p.Modifiers = models.Codes{"25"} })}, 7},
		{"two modifiers before one", []models.Price{with(8, func(p *models.Price) { p.Modifiers = models.Codes{"25"} }), with(7, func(p *models.Price) { p.Modifiers = models.Codes{"GT", "25"} })}, 7},
		{"a modifier the service lacks is none", []models.Price{with(7, func(p *models.Price) { p.Modifiers = models.Codes{"26"} })}, 0},
		{"the latest before the older", []models.Price{with(8, func(p *models.Price) { p.From = "2025-01-01" }), with(7, func(p *models.Price) { p.From = "2026-01-01" }), base}, 7},
	} {
		for _, prices := range [][]models.Price{row.prices, reversed(row.prices)} {
			got, ok := charge.Price(prices, service, "acme")
			if got.Amount != row.want || ok != (row.want != 0) {
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

func TestEveryServiceIsChargedOrUnpriced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var prices []models.Price
		for code := range 4 {
			if rapid.Bool().Draw(t, "priced") {
				prices = append(prices, models.Price{System: models.SystemCPT, Code: fmt.Sprint(99210 + code), Amount: models.Cents(rapid.Int64Range(1, 1_000_000).Draw(t, "amount"))})
			}
		}
		var c models.Coding
		for range rapid.IntRange(0, 10).Draw(t, "services") {
			c.Services = append(c.Services, models.Service{System: models.SystemCPT, Code: fmt.Sprint(99210 + rapid.IntRange(0, 3).Draw(t, "code")), Units: rapid.IntRange(1, 9999).Draw(t, "units"), ServiceDate: "2026-03-02"})
		}
		payer := models.OrganizationID(rapid.SampledFrom([]string{"", "acme"}).Draw(t, "payer"))
		made := 0
		newID := func() models.ChargeID { made++; return models.ChargeID(fmt.Sprint("c", made)) }
		charges, unpriced := charge.Capture(models.Visit{ID: "v", PatientID: "canary", RenderingID: "smith"}, c, prices, payer, newID)
		if len(charges)+len(unpriced) != len(c.Services) || made != len(charges) {
			t.Fatalf("%d charges and %d unpriced of %d services", len(charges), len(unpriced), len(c.Services))
		}
		for _, got := range charges {
			s := c.Services[got.Sequence-1]
			price, ok := charge.Price(prices, s, payer)
			if !ok || got.Code != s.Code || got.UnitPrice != price.Amount || got.Billed != price.Amount*models.Cents(s.Units) || got.SelfPay != (payer == "") || got.Status != models.ChargeBillable || got.RenderingID != "smith" {
				t.Fatalf("%+v is charged as %+v", s, got)
			}
		}
	})
}
