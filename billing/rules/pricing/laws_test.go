package pricing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/pricing"
	"medbill/models"
	"medbill/models/money"
)

var (
	someCodes     = []string{"11111", "22222", "33333", "43235", "43239", "43251", "70001", "70002", "97110", "97140", "93001", "93002", "92001", "92002", "99213", "99000", "36415", "45378", "44444"}
	someModifiers = []string{"", "", "", "50", "51", "52", "53", "54", "55", "62", "66", "78", "80", "AS", "26", "TC", "59"}
)

// drawn draws a claim of up to eight lines and a contract of several rates.
func drawn(t *rapid.T) (lines []string, one priced) {
	for range rapid.IntRange(1, 8).Draw(t, "lines") {
		text := rapid.SampledFrom(someCodes).Draw(t, "code")
		if m := rapid.SampledFrom(someModifiers).Draw(t, "modifier"); m != "" {
			text += "-" + m
		}
		lines = append(lines, fmt.Sprintf("%s x%s %s", text, rapid.SampledFrom([]string{"1", "1", "2", "3", "0.5"}).Draw(t, "units"), models.Cents(rapid.Int64Range(0, 300_00).Draw(t, "billed"))))
	}
	one.contract = "acme-2026,acme,ACME,2026-01-01,," + rapid.SampledFrom([]string{"line", "claim", "never"}).Draw(t, "lesser") + "," +
		rapid.SampledFrom([]string{"medicare", "none"}).Draw(t, "policy") + ",,,," + rapid.SampledFrom([]string{"", "13202-01"}).Draw(t, "locality") + ",,,"
	rates := []string{fmt.Sprintf("percent-of-medicare,,,,,%d.%04d,,", rapid.IntRange(0, 300).Draw(t, "percent"), rapid.IntRange(0, 9999).Draw(t, "part")), "percent-of-charge,36400-36420,,,,33.3333,,"}
	for _, code := range someCodes {
		switch rapid.IntRange(0, 5).Draw(t, "rate") {
		case 0:
			rates = append(rates, fmt.Sprintf("flat,%s,,,,%s,,", code, models.Cents(rapid.Int64Range(0, 200_00).Draw(t, "flat"))))
		case 1:
			rates = append(rates, "percent-of-charge,"+code+",,,,57.5,,")
		case 2:
			if rapid.IntRange(0, 3).Draw(t, "case") == 0 {
				rates = append(rates, "case,"+code+",,,,150,,")
			}
		}
	}
	one.lines, one.rates = strings.Join(lines, ", "), strings.Join(rates, "; ")
	return lines, one
}

// TestLawsOfATrace: the last step has the result, whatever was priced, a known line has an amount after each step that changes it, and what is known
// adds up.
func TestLawsOfATrace(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		_, one := drawn(r)
		e := pricing.Expect(one.input(t))
		var total models.Cents
		for _, l := range e.Lines {
			last := l.Last()
			if l.IsKnown != (last != nil) || last != nil && *last != l.Allowed || len(l.Steps) == 0 {
				r.Fatalf("the trace ends elsewhere:\n%s%+v", traced(l), l)
			}
			if l.Allowed < 0 {
				r.Fatalf("less than nothing is allowed:\n%s", traced(l))
			}
			total += l.Allowed
		}
		if e.IsKnown && total != e.Allowed {
			r.Fatalf("%s add up to %s", said(e), total)
		}
	})
}

// TestLesserIsNeverAboveTheCharge: of a line or of the claim, as the contract says.
func TestLesserIsNeverAboveTheCharge(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		_, one := drawn(r)
		in := one.input(t)
		e := pricing.Expect(in)
		switch in.Contracts.Data().Contracts[0].Lesser {
		case models.LesserLine:
			for _, l := range e.Lines {
				if l.IsKnown && !l.OfClaim && l.Allowed > l.Billed {
					r.Fatalf("more than the charge:\n%s", traced(l))
				}
			}
			fallthrough
		case models.LesserClaim:
			if e.IsKnown && e.Allowed > e.Billed {
				r.Fatalf("%s is more than the charge of %s", said(e), e.Billed)
			}
		}
	})
}

// TestTheOrderOfLinesChangesNothing: neither the total, nor what is known.
func TestTheOrderOfLinesChangesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		lines, one := drawn(r)
		before := pricing.Expect(one.input(t))
		other := one
		other.lines = strings.Join(rapid.Permutation(lines).Draw(r, "order"), ", ")
		after := pricing.Expect(other.input(t))
		list := func(e models.Expected) (amounts []models.Cents) {
			for _, l := range e.Lines {
				amounts = append(amounts, l.Allowed)
			}
			slices.Sort(amounts)
			return amounts
		}
		if before.Allowed != after.Allowed || before.IsKnown != after.IsKnown || !slices.Equal(list(before), list(after)) {
			r.Fatalf("%s\nbecomes %s\nby %s", said(before), said(after), other.lines)
		}
	})
}

// TestAllOfMedicareIsItsFee: 100 % is the fee of the formula, computed here in whole numbers.
func TestAllOfMedicareIsItsFee(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cf := rapid.Int64Range(1, 1_000_000).Draw(r, "conversion factor")
		in := priced{contract: fmt.Sprintf("acme-2026,acme,ACME,2026-01-01,,never,medicare,,,,13202-01,,%d.%04d,", cf/10_000, cf%10_000), rates: "percent-of-medicare,,,,,100,,", lines: "99213"}.input(t)
		const tenths = 1_30*15 + 1_35*20 + 10*5 // hundredths of units × tenths of indices
		if want, e := money.Scale(models.Cents(cf), tenths, 100_000), pricing.Expect(in); e.Allowed != want {
			r.Fatalf("got %s, want %s\n%s", e.Allowed, want, traced(e.Lines[0]))
		}
	})
}
