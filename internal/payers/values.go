// Package payers reads what a practice knows of its payers (a directory, dated facts about what each wants, and who is enrolled with
// whom) and looks it up by payer, service and day. A value is text that its subject gives a meaning.
package payers

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"medbill/internal/codes"
	"medbill/models"
)

// meaning is what the values of a subject look like. A subject is by code where services have each their own.
type meaning struct {
	byCode bool
	is     func(value string) bool
	form   string // how a value is written, for who wrote another
}

// meanings of all subjects.
var meanings = map[models.PayerSubject]meaning{
	models.FilingLimit:          {false, isTerm, formTerm},
	models.CorrectedFilingLimit: {false, isTerm, formTerm},
	models.SecondaryFilingLimit: {false, isTerm, formTerm},
	models.AppealLimit:          {false, isTerm, formTerm},
	models.AnswerDays:           {false, isTerm, formTerm},
	models.TakesReplacement:     {false, isAnswer, formAnswer},
	models.TakesVoid:            {false, isAnswer, formAnswer},
	models.EligibilityChannel:   {false, func(v string) bool { return v == "fhir" || v == No }, "fhir or no"},
	models.EligibilityDays:      {false, isTerm, formTerm},
	models.MemberID:             {false, func(v string) bool { _, ok := Pattern(v); return ok }, "mbi or a regular expression that the whole number matches"},
	models.TaxonomyRequired:     {false, isTaxonomy, "billing, rendering, both separated by a blank, or no"},
	models.AuthorizationWanted:  {true, isAnswer, formAnswer},
	models.Telehealth:           {true, func(v string) bool { _, ok := Pairs(v); return ok }, "pairs of modifier and place such as 95/02 95/10, where - stands for no modifier, or no"},
	models.ModifierRequired:     {true, func(v string) bool { _, ok := Groups(v); return ok }, "modifiers such as GP/GO/GN KX, of which one of those between slashes is wanted, or no"},
	models.DrugRequired:         {true, isAnswer, formAnswer},
	models.CoveredDiagnosis:     {true, func(v string) bool { _, ok := Diagnoses(v); return ok }, "diagnoses or ranges of them, such as E11.0-E11.9 I10; a heading covers what is below it"},
	models.Frequency:            {true, func(v string) bool { _, _, ok := Often(v); return ok }, "how many in how long, such as 1/12m or 2/90"},
	models.Age:                  {true, func(v string) bool { _, ok := AgesOf(v); return ok }, "years such as 65-, 0-17 or 40-49"},
}

const (
	formTerm   = "days such as 90, or months such as 12m"
	formAnswer = "yes or no"
)

// What is answered with yes or no.
const (
	Yes = "yes"
	No  = "no"
)

// Subjects lists what facts may be about.
func Subjects() []models.PayerSubject {
	var list []models.PayerSubject
	for s := range meanings {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

func isAnswer(v string) bool { return v == Yes || v == No }

func isTaxonomy(v string) bool {
	return v == No || !slices.ContainsFunc(strings.Fields(v), func(w string) bool { return w != "billing" && w != "rendering" })
}

// Term is a length of time, in days or in months of the calendar.
type Term struct{ Days, Months int }

const (
	daysMax   = 3660
	monthsMax = 120
)

func isTerm(v string) bool { _, ok := TermOf(v); return ok }

// TermOf reads "90" or "12m".
func TermOf(v string) (Term, bool) {
	if months, is := strings.CutSuffix(v, "m"); is {
		n, ok := number(months, monthsMax)
		return Term{Months: n}, ok && n > 0
	}
	n, ok := number(v, daysMax)
	return Term{Days: n}, ok && n > 0
}

// After gives the last day of the term that begins after a day. A month that has no such day ends it on its last:
// what was done on 29 February is due by 28 February, CMS Pub. 100-04, chapter 1, 70.1.
func (t Term) After(day models.Date) models.Date {
	if t.Months == 0 {
		return day.AddDays(t.Days)
	}
	return addMonths(day, t.Months)
}

// Before gives the last day before the term that ends on a day.
func (t Term) Before(day models.Date) models.Date {
	if t.Months == 0 {
		return day.AddDays(-t.Days)
	}
	return addMonths(day, -t.Months)
}

func addMonths(day models.Date, n int) models.Date {
	at, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return day
	}
	then := at.AddDate(0, n, 0)
	if then.Day() != at.Day() {
		then = then.AddDate(0, 0, -then.Day())
	}
	return models.Date(then.Format(time.DateOnly))
}

func number(text string, most int) (int, bool) {
	n, err := strconv.ParseUint(text, 10, 31)
	return int(n), err == nil && int(n) <= most && strconv.Itoa(int(n)) == text
}

// mbi is the form of a Medicare Beneficiary Identifier. https://www.cms.gov/medicare/new-medicare-card/understanding-new-medicare-beneficiary-identifier-mbi
const mbi = `[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}`

const patternMax = 200

// Pattern gives what a member's whole number matches: a named form or a regular expression.
func Pattern(v string) (*regexp.Regexp, bool) {
	if v == "mbi" {
		v = mbi
	}
	if v == "" || len(v) > patternMax {
		return nil, false
	}
	r, err := regexp.Compile("^(?:" + v + ")$")
	return r, err == nil
}

// Pair is how a service at a distance stands on a claim; without a modifier where Modifier is "".
type Pair struct{ Modifier, Place string }

// Pairs reads "95/02 -/10"; "no" are none.
func Pairs(v string) ([]Pair, bool) {
	if v == No {
		return nil, true
	}
	var list []Pair
	for _, word := range strings.Fields(v) {
		modifier, place, _ := strings.Cut(word, "/")
		if modifier == "-" {
			modifier = ""
		}
		if modifier != "" && !isModifier(modifier) || len(place) != 2 || !isDigits(place) {
			return nil, false
		}
		list = append(list, Pair{modifier, place})
	}
	return list, len(list) > 0
}

// Groups reads "GP/GO/GN KX": of each group one modifier is wanted; "no" are none.
func Groups(v string) ([][]string, bool) {
	if v == No {
		return nil, true
	}
	var list [][]string
	for _, word := range strings.Fields(v) {
		group := strings.Split(word, "/")
		if slices.ContainsFunc(group, func(m string) bool { return !isModifier(m) }) {
			return nil, false
		}
		list = append(list, group)
	}
	return list, len(list) > 0
}

func isModifier(text string) bool { return len(text) == 2 && isCapitals(text) }

func isDigits(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool { return c < '0' || c > '9' })
}

func isCapitals(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') })
}

const (
	diagnosisLeast = 3 // characters of a category
	diagnosisMost  = 7
)

// Diagnoses reads "E11.0-E11.9 I10".
func Diagnoses(v string) ([]codes.CodeRange, bool) {
	facts := codes.ICD10CM.Facts()
	var list []codes.CodeRange
	for _, word := range strings.Fields(v) {
		from, until, isRange := strings.Cut(word, "-")
		if !isRange {
			until = from
		}
		r := codes.CodeRange{From: facts.Bare(from), Until: facts.Bare(until)}
		for _, code := range []string{r.From, r.Until} {
			if len(code) < diagnosisLeast || len(code) > diagnosisMost || !isCapitals(code) || code[0] < 'A' {
				return nil, false
			}
		}
		if r.Until < r.From && !strings.HasPrefix(r.From, r.Until) {
			return nil, false
		}
		list = append(list, r)
	}
	return list, len(list) > 0
}

const oftenMax = 1000

// Often reads "2/12m": at most so many in so long.
func Often(v string) (most int, in Term, ok bool) {
	count, term, _ := strings.Cut(v, "/")
	most, isCount := number(count, oftenMax)
	in, isTerm := TermOf(term)
	return most, in, isCount && isTerm && most > 0
}

// Ages are the years at which a service is covered, both inside.
type Ages struct{ From, Until int }

const ageMax = 150

// AgesOf reads "40-49", "65-" or "0-17".
func AgesOf(v string) (Ages, bool) {
	low, high, isRange := strings.Cut(v, "-")
	a := Ages{Until: ageMax}
	var ok bool
	if a.From, ok = number(low, ageMax); !ok || !isRange {
		return a, false
	}
	if high != "" {
		a.Until, ok = number(high, ageMax)
	}
	return a, ok && a.From <= a.Until
}
