package models

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"medbill/models/money"
)

// Units counts service units in thousandths, because an X12 line holds up to three decimals (SV104): 1500 is 1.5 units.
type Units int64

// OneUnit is what a service without a stated quantity counts as.
const OneUnit Units = 1000

// unitsPlaces is how many decimals a Units keeps.
const unitsPlaces = 3

// UnitsOf gives a whole count.
func UnitsOf(whole int) Units { return Units(whole) * OneUnit }

// UnitsMax is what SV104 holds before its point: eight digits. X12 005010X222A1, SV104.
const UnitsMax = 99_999_999 * OneUnit

// Why a text is no count of units.
var (
	ErrUnitsForm  = errors.New("not a decimal number of units")
	ErrUnitsRange = errors.New("not a number of units above 0 with at most three decimals")
)

// ParseUnits reads a decimal above 0 with at most three decimals that are not 0, at most UnitsMax.
func ParseUnits(text string) (Units, error) {
	n, err := money.ParseDecimal(text, unitsPlaces)
	switch {
	case errors.Is(err, money.ErrSyntax):
		return 0, ErrUnitsForm
	case err != nil || n <= 0 || Units(n) > UnitsMax:
		return 0, ErrUnitsRange
	}
	return Units(n), nil
}

// IsWhole reports whether u has no fraction.
func (u Units) IsWhole() bool { return u%OneUnit == 0 }

// String writes u with as many decimals as it needs: "1", "2.5".
func (u Units) String() string {
	text := strconv.FormatInt(int64(u/OneUnit), 10)
	if rest := int64(u % OneUnit); rest != 0 {
		text += "." + strings.TrimRight(strconv.FormatInt(1000+rest, 10)[1:], "0")
	}
	return text
}

// Each gives the price of one unit of total, and false where no whole cents multiply back to it exactly.
func (u Units) Each(total Cents) (Cents, bool) {
	thousandfold := total * Cents(OneUnit)
	if u <= 0 || thousandfold%Cents(u) != 0 {
		return 0, false
	}
	return thousandfold / Cents(u), true
}

// Times gives price × u to the nearest cent, halves away from zero.
func (u Units) Times(price Cents) Cents { return money.Scale(price, int64(u), int64(OneUnit)) }

// mileage are the services that are counted in tenths of a mile. CMS Pub. 100-04, chapter 15, 30.1.2.
var mileage = []string{"A0380", "A0390", "A0425", "A0435", "A0436", "A0888"}

// CountsWhole reports whether u is a count that a service may have: whole units, or of an ambulance's miles tenths.
func (u Units) CountsWhole(system, code string) bool {
	return u.IsWhole() || system == SystemHCPCS && slices.Contains(mileage, code) && u%(OneUnit/10) == 0
}
