package contracts

import (
	"slices"
	"strconv"
	"strings"

	"medbill/models"
	"medbill/models/money"
)

const (
	places        = 4                   // of rates, weights and conversion factors
	valueMax      = 10_000_000 * 1_0000 // dollars
	percentMax    = 1_000 * 1_0000
	toleranceMax  = 100_00 // hundredths of a percent
	disputeMost   = 3660
	serviceLength = 5 // characters of a CPT or HCPCS code
	revenueLength = 4
	drgLength     = 3
)

// options reads what a contract says beside its days.
func options(c *models.Contract, row []string) string {
	c.Lesser, c.Policy, c.DisputeDays = models.Lesser(row[5]), models.PricePolicy(row[6]), models.DisputeDaysUsual
	if c.Lesser == "" {
		c.Lesser = models.LesserLine
	}
	if c.Policy == "" {
		c.Policy = models.PolicyMedicare
	}
	tolerance, isCents := decimal(row[7], 2, valueMax)
	share, isShare := decimal(row[8], 2, toleranceMax)
	conversion, isConversion := decimal(row[12], places, valueMax)
	base, isBase := decimal(row[13], places, valueMax)
	c.Tolerance, c.ToleranceShare, c.Locality, c.Conversion, c.Base = models.Cents(tolerance), int(share), row[10], conversion, base
	isDays := true
	if row[9] != "" {
		n, err := strconv.ParseUint(row[9], 10, 31)
		c.DisputeDays, isDays = int(n), err == nil && n > 0 && n <= disputeMost
	}
	day, _, problem := days(row[11], "")
	c.ScheduleDay = day
	carrier, locality, _ := strings.Cut(c.Locality, "-")
	switch {
	case !slices.Contains([]models.Lesser{models.LesserNever, models.LesserLine, models.LesserClaim}, c.Lesser):
		return "The lesser of charge and rate counts by line or claim, or never; the field must be one of these, or empty for line."
	case c.Policy != models.PolicyMedicare && c.Policy != models.PolicyNone:
		return "The policy must be medicare, by whose rules modifiers and further procedures change a rate, or none."
	case !isCents:
		return "The tolerance must be dollars such as 1.00."
	case !isShare:
		return "The tolerance in percent must be one such as 0.5, at most 100."
	case !isDays:
		return "The days to dispute an answer must be a number from 1 to 3660."
	case c.Locality != "" && (len(carrier) != serviceLength || len(locality) != 2 || !isDigits(carrier+locality)):
		return "The locality must be a carrier and a locality of Medicare such as 13202-01, or empty for the nation."
	case !isConversion:
		return "The conversion factor must be dollars with at most four decimals, or empty for that of the fee schedule."
	case !isBase:
		return "The base must be dollars, or empty."
	}
	return problem
}

// kinds says what each kind of rate looks like: whether its value is a percentage, and of which length its code is, 0 for a service or a revenue code.
var kinds = map[models.RateKind]struct {
	isPercent bool
	code      int
}{
	models.RateFlat: {}, models.RateUnit: {}, models.RateCase: {}, models.RateDay: {},
	models.RateCharge: {isPercent: true}, models.RateMedicare: {isPercent: true}, models.RateModifier: {isPercent: true},
	models.RateDRG: {code: drgLength},
}

// Kinds lists what rates there are.
func Kinds() []models.RateKind {
	var list []models.RateKind
	for k := range kinds {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// checkRate reads the value and the days of a rate, and gives what is wrong with it.
func checkRate(r *models.ContractRate, row []string) string {
	kind, known := kinds[r.Kind]
	if !known {
		list := make([]string, 0, len(kinds))
		for _, k := range Kinds() {
			list = append(list, string(k))
		}
		return "The kind must be one of " + strings.Join(list, ", ") + "."
	}
	most := int64(valueMax)
	if kind.isPercent {
		most = percentMax
	}
	value, isValue := decimal(row[6], places, most)
	r.Value = value
	var problem string
	r.From, r.Until, problem = days(row[7], row[8])
	isModifier := func(m string) bool { return len(m) == 2 && isCapitals(m) }
	switch {
	case kind.code == drgLength && (len(r.Code) != drgLength || !isDigits(r.Code)):
		return "The code of this kind must be a DRG of three digits."
	case kind.code == 0 && !isService(r.Code):
		return "The code must be one of five capital letters and digits or a revenue code of four digits, a range such as 99202-99215, or * for every service."
	case slices.ContainsFunc(r.Modifiers, func(m string) bool { return !isModifier(m) }), twice(r.Modifiers), len(r.Modifiers) > models.LineModifiersMax:
		return "Modifiers are two capital letters or digits each, at most four different ones, separated by blanks."
	case r.Kind == models.RateModifier && len(r.Modifiers) != 1:
		return "The share of a modifier is of one modifier."
	case r.Place != "" && (len(r.Place) != 2 || !isDigits(r.Place)):
		return "The place must be a place of service of two digits."
	case r.Provider != "" && !models.IsID(r.Provider):
		return "The provider must be the id of a Practitioner, or the NPI of one who has no record."
	case row[6] == "" || !isValue:
		if kind.isPercent {
			return "The value must be a percentage with at most four decimals, such as 62.5, and at most 1000."
		}
		return "The value must be a number with at most four decimals, such as 88.95."
	}
	return problem
}

func twice(list []string) bool {
	for i, m := range list {
		if slices.Contains(list[:i], m) {
			return true
		}
	}
	return false
}

// isService reports whether text is "" for every service, a code, or a range of codes.
func isService(text string) bool {
	if from, until, is := rangeOf(text); is {
		return isCode(from) && isCode(until) && from < until
	}
	return text == "" || isCode(text)
}

func isCode(text string) bool {
	return len(text) == serviceLength && isCapitals(text) || len(text) == revenueLength && isDigits(text)
}

func isDigits(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool { return c < '0' || c > '9' })
}

func isCapitals(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') })
}

// decimal reads a number from 0 to most, in units of its last place; "" is 0.
func decimal(text string, places int, most int64) (int64, bool) {
	if text == "" {
		return 0, true
	}
	n, err := money.ParseDecimal(text, places)
	return n, err == nil && n >= 0 && n <= most
}

func days(from, until string) (models.Date, models.Date, string) {
	var both [2]models.Date
	for i, text := range []string{from, until} {
		if text == "" {
			continue
		}
		day, ok := models.ParseDate(text)
		if !ok || len(text) != len(day) {
			return "", "", "A day must be written as 2026-03-02."
		}
		both[i] = day
	}
	if both[1] != "" && both[1] < both[0] {
		return "", "", "The line ends before it begins."
	}
	return both[0], both[1], ""
}
