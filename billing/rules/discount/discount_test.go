package discount_test

import (
	"testing"

	"medbill/billing/rules/discount"
	"medbill/models"
)

func TestCharitySlidesWithIncome(t *testing.T) {
	last := 100
	for poverty := 0; poverty <= 500; poverty++ {
		percent := discount.Charity(poverty)
		if percent > last {
			t.Errorf("at %d %% of the guideline %d %% are charity, more than below", poverty, percent)
		}
		last = percent
	}
	for poverty, want := range map[int]int{0: 100, 200: 100, 201: 75, 250: 75, 300: 50, 301: 25, 400: 25, 401: 0} {
		if got := discount.Charity(poverty); got != want {
			t.Errorf("at %d %% of the guideline %d %% are charity, want %d", poverty, got, want)
		}
	}
}

func TestShareIsRoundedHalfUp(t *testing.T) {
	for _, row := range []struct {
		amount  models.Cents
		percent int
		want    models.Cents
	}{{7400, 50, 3700}, {1, 50, 1}, {1, 49, 0}, {999, 25, 250}, {7400, 100, 7400}, {7400, 0, 0}} {
		if got := discount.Share(row.amount, row.percent); got != row.want {
			t.Errorf("%d %% of %s are %s, want %s", row.percent, row.amount, got, row.want)
		}
	}
}
