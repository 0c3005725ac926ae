package books_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestAFeeScheduleEndsWithItsPrices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		version := models.FeeSchedule{ID: "v1", Name: "standard", From: "2026-01-01", Prices: 3}
		price := func(line int, from, until models.Date) models.Price {
			return models.Price{Sequence: line, System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, From: from, Until: until, Amount: models.Cents(line)}
		}
		storetest.Update(t, s, func(tx *store.Tx) error {
			return errors.Join(books.SaveFeeSchedule(tx, version),
				books.SavePrices(tx, "v1", []models.Price{price(2, "2026-01-01", ""), price(3, "2026-01-01", "2026-03-31"), price(5, "2026-01-01", "2026-12-31")}),
				books.SavePrices(tx, "other", []models.Price{price(2, "2026-01-01", "")}))
		})
		storetest.Update(t, s, func(tx *store.Tx) error { return books.EndFeeSchedule(tx, version, "2026-06-30") })
		storetest.View(t, s, func(v *store.View) error {
			prices, err := books.Prices(v, []string{"99214"})
			var got []string
			for _, p := range prices {
				got = append(got, fmt.Sprintf("%s/%d until %s", p.ScheduleID, p.Sequence, p.Until))
			}
			if want := "other/2 until , v1/2 until 2026-06-30, v1/3 until 2026-03-31, v1/5 until 2026-06-30"; strings.Join(got, ", ") != want {
				t.Errorf("%v, want %s", got, want)
			}
			ended, _, err2 := books.FeeSchedule(v, "v1")
			if ended.Until != "2026-06-30" {
				t.Errorf("the version ends on %q", ended.Until)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestMoreCodesThanADatabaseTakesAreRead(t *testing.T) {
	const codes, each = 70_000, 700
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		list := make([]string, codes)
		var prices []models.Price
		for i := range codes {
			list[i] = fmt.Sprintf("%05d", i)
			if i%each == each-1 {
				prices = append(prices, models.Price{Sequence: i, System: models.SystemCPT, Code: list[i]})
			}
		}
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error { return books.SavePrices(tx, "all", prices) })
		storetest.View(t, s, func(v *store.View) error {
			found, err := books.Prices(v, list)
			if len(found) != codes/each {
				t.Errorf("%d prices are found", len(found))
			}
			return err
		})
	})
}
