package money_test

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"medbill/models/money"
)

func TestParseKeepsEveryCentAndRefusesFractions(t *testing.T) {
	for _, row := range []struct {
		text string
		want money.Cents
		err  error
	}{
		{"74", 7400, nil}, {"74.0", 7400, nil}, {"74.00", 7400, nil}, {"-0.05", -5, nil}, {"7.4e1", 7400, nil},
		{"0", 0, nil}, {"0.000", 0, nil}, {"1E+2", 10000, nil}, {"150.10", 15010, nil}, {"100e-2", 100, nil},
		{"0.001", 0, money.ErrPrecision}, {"1e-3", 0, money.ErrPrecision}, {"", 0, money.ErrSyntax}, {"12,5", 0, money.ErrSyntax},
		{".5", 0, money.ErrSyntax}, {"5.", 0, money.ErrSyntax}, {"--5", 0, money.ErrSyntax}, {"NaN", 0, money.ErrSyntax},
		{"99999999999999999999", 0, money.ErrRange}, {"1e20", 0, money.ErrRange},
	} {
		got, err := money.Parse(row.text)
		if got != row.want || !errors.Is(err, row.err) {
			t.Errorf("Parse(%q) = %d, %v; want %d, %v", row.text, got, err, row.want, row.err)
		}
	}
}

func TestTextAndCentsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(-1_000_000_000_000_000, 1_000_000_000_000_000).Draw(t, "cents"))
		got, err := money.Parse(c.String())
		if err != nil || got != c {
			t.Fatalf("Parse(%q) = %d, %v; want %d", c.String(), got, err, c)
		}
	})
}

func TestSharesAddUpToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "cents"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1000), 1, 12).Filter(func(ws []int64) bool {
			for _, w := range ws {
				if w > 0 {
					return true
				}
			}
			return false
		}).Draw(t, "weights")
		shares := money.Split(c, weights)
		if got := money.Sum(shares...); got != c {
			t.Fatalf("Split(%d, %v) = %v adds up to %d", c, weights, shares, got)
		}
		for i, w := range weights {
			if w == 0 && shares[i] != 0 && shares[i] != 1 && shares[i] != -1 {
				t.Fatalf("weight 0 got %d of %d", shares[i], c)
			}
		}
	})
}

func TestScaleRoundsHalfAwayFromZero(t *testing.T) {
	for _, row := range []struct {
		c        money.Cents
		num, den int64
		want     money.Cents
	}{{100, 1, 3, 33}, {5, 1, 2, 3}, {-5, 1, 2, -3}, {1000, 98, 100, 980}, {25, 1, 10, 3}, {-25, 1, 10, -3}, {24, 1, 10, 2}} {
		if got := money.Scale(row.c, row.num, row.den); got != row.want {
			t.Errorf("Scale(%d, %d, %d) = %d, want %d", row.c, row.num, row.den, got, row.want)
		}
		exact := new(big.Rat).Mul(big.NewRat(int64(row.c), 1), big.NewRat(row.num, row.den))
		if got := money.Nearest(exact); got != row.want {
			t.Errorf("Nearest(%s) = %d, want %d", exact, got, row.want)
		}
	}
}
