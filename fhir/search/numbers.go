package search

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"medbill/fhir"
)

const (
	// microDigits is how many decimals a number key holds.
	microDigits = 6
	// numberBytesMax bounds a number in a query; FHIR asks servers for 18 significant digits.
	numberBytesMax = 40
	// currencySystem is ISO 4217. https://hl7.org/fhir/R4/datatypes.html#Money
	currencySystem = "urn:iso:std:iso:4217"
)

// decimal is a number by its digits: digits times ten to the exponent. It never passes through a float.
type decimal struct {
	negative   bool
	digits     string // without leading zeros; empty is zero
	exponent   int
	scientific bool // written with an exponent
}

// parseDecimal reads a JSON number, and what a query may write instead: a plus sign, leading zeros.
func parseDecimal(text string) (decimal, bool) {
	var d decimal
	mantissa, exponent := text, ""
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		mantissa, exponent, d.scientific = text[:at], text[at+1:], true
		n, err := strconv.ParseInt(exponent, 10, 32)
		if err != nil {
			return d, false
		}
		d.exponent = int(min(max(n, -10_000), 10_000))
	}
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		d.negative = mantissa[0] == '-'
		mantissa = mantissa[1:]
	}
	whole, fraction, point := strings.Cut(mantissa, ".")
	if whole == "" || point && fraction == "" || !allDigits(whole) || !allDigits(fraction) {
		return d, false
	}
	d.digits = strings.TrimLeft(whole+fraction, "0")
	d.exponent -= len(fraction)
	return d, true
}

func allDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// micros gives the millionths below and above d, equal where d has at most six decimals.
func (d decimal) micros() (low, high int64) {
	kept, rest, shift := d.digits, "", d.exponent+microDigits
	if shift < 0 {
		at := max(len(kept)+shift, 0)
		kept, rest, shift = kept[:at], kept[at:], 0
	}
	low = scaled(kept, shift)
	high = low
	if strings.Trim(rest, "0") != "" && low < math.MaxInt64 {
		high++
	}
	if d.negative {
		return -high, -low
	}
	return low, high
}

// scaled gives digits followed by zeros as an integer, MaxInt64 where it does not fit.
func scaled(digits string, zeros int) int64 {
	switch {
	case digits == "":
		return 0
	case len(digits)+zeros > 19:
		return math.MaxInt64
	}
	n, err := strconv.ParseInt(digits+strings.Repeat("0", zeros), 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// bigMicros gives the millionths below and above n times ten to the exponent, held at the bounds.
func bigMicros(n *big.Int, exponent int) (low, high int64) {
	digits := new(big.Int).Abs(n).String()
	return decimal{negative: n.Sign() < 0, digits: strings.TrimLeft(digits, "0"), exponent: exponent}.micros()
}

func (d decimal) integer() *big.Int {
	n, _ := new(big.Int).SetString("0"+d.digits, 10)
	if d.negative {
		n.Neg(n)
	}
	return n
}

// precision gives the range [low, high) of numbers that d may stand for: half of its last digit's unit to each side, so
// 100 is [99.5, 100.5). Where an exponent is written R4 counts one digit more: 1e2 is [95, 105).
// https://hl7.org/fhir/R4/search.html#number
func (d decimal) precision() (low, high int64) {
	factor, places := int64(10), 1
	if d.scientific {
		factor, places = 100, 2
	}
	n := d.integer()
	n.Mul(n, big.NewInt(factor))
	low, _ = bigMicros(new(big.Int).Sub(n, big.NewInt(5)), d.exponent-places)
	_, high = bigMicros(new(big.Int).Add(n, big.NewInt(5)), d.exponent-places)
	return low, high
}

// around gives a tenth of d to each side, which is what R4 recommends for ap.
func (d decimal) around() (low, high int64) {
	n := d.integer()
	tenth := new(big.Int).Abs(n)
	n.Mul(n, big.NewInt(10))
	low, _ = bigMicros(new(big.Int).Sub(n, tenth), d.exponent-1)
	_, high = bigMicros(new(big.Int).Add(n, tenth), d.exponent-1)
	return low, high
}

func (x *extractor) number(p place) {
	if d, ok := parseDecimal(p.Text()); ok {
		low, high := d.micros()
		x.keys.Numbers = append(x.keys.Numbers, NumberKey{Param: p.param, Low: low, High: high})
	}
}

func (x *extractor) money(p place) {
	if d, ok := parseDecimal(p.Get("value").Text()); ok {
		low, high := d.micros()
		x.keys.Numbers = append(x.keys.Numbers, NumberKey{p.param, currencySystem, p.Get("currency").Text(), "", low, high})
	}
}

// quantity reads a Quantity and its kin; a comparator opens the end it points to.
func (x *extractor) quantity(p place) {
	d, ok := parseDecimal(p.Get("value").Text())
	if !ok {
		return
	}
	low, high := d.micros()
	switch comparator := p.Get("comparator"); {
	case comparator.Is("<"), comparator.Is("<="):
		low = NumberMin
	case comparator.Is(">"), comparator.Is(">="):
		high = NumberMax
	}
	x.addQuantity(p.param, p.Node, low, high)
}

func (x *extractor) addQuantity(param string, unit fhir.Node, low, high int64) {
	x.keys.Numbers = append(x.keys.Numbers, NumberKey{
		Param: param, System: unit.Get("system").Text(), Code: unit.Get("code").Text(), Unit: unit.Get("unit").Text(), Low: low, High: high,
	})
}

// span reads a Range; an end that is not given is open.
func (x *extractor) span(p place) {
	from, to := p.Get("low"), p.Get("high")
	low, high := NumberMin, NumberMax
	d, hasLow := parseDecimal(from.Get("value").Text())
	if hasLow {
		low, _ = d.micros()
	}
	e, hasHigh := parseDecimal(to.Get("value").Text())
	if hasHigh {
		_, high = e.micros()
	}
	switch {
	case low > high:
	case hasLow:
		x.addQuantity(p.param, from, low, high)
	case hasHigh:
		x.addQuantity(p.param, to, low, high)
	}
}
