// Package money is exact United States money: whole cents in int64, decimal text at the edges, and the only
// functions that may round. It knows no currency conversion and no float.
package money

import (
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Cents is an amount of US cents. Positive is a debit where it stands in a posting.
type Cents int64

// centsMax keeps sums of any realistic book far from overflow: ten trillion dollars.
const centsMax = 1_000_000_000_000_000

// Refusals of Parse.
var (
	ErrSyntax    = errors.New("not a decimal number")
	ErrPrecision = errors.New("more decimal places than there are")
	ErrRange     = errors.New("amount out of range")
)

// Parse reads decimal text as FHIR and X12 write it ("74", "74.0", "-0.05", "7.4e1"). It refuses fractions of a cent
// rather than round them.
func Parse(text string) (Cents, error) {
	n, err := ParseDecimal(text, 2)
	return Cents(n), err
}

// ParseDecimal reads decimal text as a count of its last place: 2.5 with three places is 2500. It refuses more places
// (ErrPrecision) rather than round them.
func ParseDecimal(text string, places int) (int64, error) {
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(text), "e")
	shift := 0
	if hasExponent {
		n, err := strconv.Atoi(exponent)
		if err != nil || n > 20 || n < -20 {
			return 0, ErrSyntax
		}
		shift = n
	}
	negative := strings.HasPrefix(mantissa, "-")
	whole, fraction, hasPoint := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	if whole == "" || hasPoint && fraction == "" {
		return 0, ErrSyntax
	}
	digits := whole + fraction
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0, ErrSyntax
		}
	}
	return fromDigits(negative, digits, shift-len(fraction)+places)
}

// fromDigits gives digits × 10^power.
func fromDigits(negative bool, digits string, power int) (int64, error) {
	for ; power < 0; power++ {
		last := len(digits) - 1
		if last < 0 {
			break
		}
		if digits[last] != '0' {
			return 0, ErrPrecision
		}
		digits = digits[:last]
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return 0, nil
	}
	if len(digits)+power > 16 {
		return 0, ErrRange
	}
	n, err := strconv.ParseInt(digits+strings.Repeat("0", power), 10, 64)
	if err != nil || n > centsMax {
		return 0, ErrRange
	}
	if negative {
		n = -n
	}
	return n, nil
}

// String gives decimal text with two places: "-1234.05".
func (c Cents) String() string {
	sign, n := "", uint64(c)
	if c < 0 {
		sign, n = "-", uint64(-c)
	}
	cents := strconv.FormatUint(n%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return sign + strconv.FormatUint(n/100, 10) + "." + cents
}

// Sum adds amounts.
func Sum(amounts ...Cents) Cents {
	var total Cents
	for _, a := range amounts {
		total += a
	}
	return total
}

// Scale gives c × numerator / denominator rounded half away from zero. It panics if denominator is not positive.
func Scale(c Cents, numerator, denominator int64) Cents {
	if denominator <= 0 {
		panic("money: denominator is not positive")
	}
	product := new(big.Int).Mul(big.NewInt(int64(c)), big.NewInt(numerator))
	twice := new(big.Int).Mul(product, big.NewInt(2))
	half := big.NewInt(denominator)
	if product.Sign() < 0 {
		half.Neg(half)
	}
	twice.Add(twice, half)
	return Cents(twice.Quo(twice, big.NewInt(2*denominator)).Int64())
}

// Nearest gives an exact amount of cents as whole ones, rounded half away from zero: what many factors come to is rounded once.
func Nearest(cents *big.Rat) Cents {
	twice := new(big.Int).Mul(cents.Num(), big.NewInt(2))
	half := new(big.Int).Set(cents.Denom())
	if cents.Sign() < 0 {
		half.Neg(half)
	}
	twice.Add(twice, half)
	return Cents(twice.Quo(twice, new(big.Int).Mul(cents.Denom(), big.NewInt(2))).Int64())
}

// Split shares c by weights; the shares add up to c exactly. Leftover cents go to the largest remainders, earlier first.
// It panics if a weight is negative or none is positive.
func Split(c Cents, weights []int64) []Cents {
	total := big.NewInt(0)
	for _, w := range weights {
		if w < 0 {
			panic("money: negative weight")
		}
		total.Add(total, big.NewInt(w))
	}
	if total.Sign() == 0 {
		panic("money: no positive weight")
	}
	sign := Cents(1)
	if c < 0 {
		sign, c = -1, -c
	}
	shares := make([]Cents, len(weights))
	remainders := make([]*big.Int, len(weights))
	left := c
	for i, w := range weights {
		share, remainder := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(int64(c)), big.NewInt(w)), total, new(big.Int))
		shares[i], remainders[i] = Cents(share.Int64()), remainder
		left -= shares[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	for i := range order[:left] {
		shares[order[i]]++
	}
	for i := range shares {
		shares[i] *= sign
	}
	return shares
}
