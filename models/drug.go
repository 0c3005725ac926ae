package models

import "strings"

// Measure says what the units of a service are.
type Measure string

// The measures. X12 005010X222A1, SV103.
const (
	InUnits   Measure = ""   // of the code
	InMinutes Measure = "MJ" // of anaesthesia
)

// UCUMMinute is how FHIR writes minutes.
const UCUMMinute = "min"

// Drug is what was given for a service: which one and how much of it, apart from the units in which the service is billed. The zero one is
// none. X12 005010X222A1, 2410 LIN and CTP.
type Drug struct {
	NDC      string // eleven digits
	Unit     DrugUnit
	Quantity Units
}

// DrugUnit is what a drug is measured in.
type DrugUnit string

// The units of drugs. X12 005010X222A1, CTP05-1.
const (
	DrugInternationalUnit DrugUnit = "F2"
	DrugGram              DrugUnit = "GR"
	DrugMilligram         DrugUnit = "ME"
	DrugMilliliter        DrugUnit = "ML"
	DrugPiece             DrugUnit = "UN"
)

// DrugUnits lists them.
var DrugUnits = []DrugUnit{DrugInternationalUnit, DrugGram, DrugMilligram, DrugMilliliter, DrugPiece}

// UCUM gives how FHIR writes the unit. https://ucum.org/ucum
func (u DrugUnit) UCUM() string { return ucumOf[u] }

var ucumOf = map[DrugUnit]string{
	DrugInternationalUnit: "[iU]", DrugGram: "g", DrugMilligram: "mg", DrugMilliliter: "mL", DrugPiece: "{unit}",
}

// DrugUnitOf gives the unit of a code of UCUM or X12; false where billing has none for it.
func DrugUnitOf(code string) (DrugUnit, bool) {
	for _, unit := range DrugUnits {
		if code == string(unit) || code == ucumOf[unit] {
			return unit, true
		}
	}
	return "", false
}

// ndcParts are how many digits labeler, product and package have in the number of a claim.
var ndcParts = [...]int{5, 4, 2}

// ParseNDC reads a National Drug Code as claims have it: eleven digits, or labeler, product and package with hyphens between them, of ten or eleven
// digits, of which the short part gets its zero. Ten digits without hyphens do not say which part is short. 21 CFR 207.33.
func ParseNDC(text string) (string, bool) {
	parts := strings.Split(text, "-")
	if len(parts) == 1 {
		return text, len(text) == 11 && isDigits(text)
	}
	if len(parts) != len(ndcParts) || len(text) < 10+2 {
		return "", false
	}
	number := ""
	for i, part := range parts {
		short := ndcParts[i] - len(part)
		if short < 0 || short > 1 || !isDigits(part) {
			return "", false
		}
		number += strings.Repeat("0", short) + part
	}
	return number, true
}

// IsAnaesthesia reports whether a service is an anaesthetist's whose time counts: 01953 and 01996 are counted in units. CMS Pub. 100-04, chapter 12, 50.
func IsAnaesthesia(system, code string) bool {
	return system == SystemCPT && "00100" <= code && code <= "01999" && len(code) == 5 && isDigits(code) && code != "01953" && code != "01996"
}

func isDigits(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return text != ""
}
