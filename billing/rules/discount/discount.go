// Package discount says how much of a bill a patient is not asked for by rules that hold for everybody alike.
package discount

import "medbill/models"

// scale gives by the income of a household, in percent of the federal poverty guideline, the most that a step reaches to and what of a bill is charity then. 26 CFR 1.501(r)-4 has a
// hospital publish its own.
var scale = []struct{ Until, Percent int }{{200, 100}, {250, 75}, {300, 50}, {400, 25}}

// Charity gives the percentage of a bill that is charity where the income of the household is poverty percent of the federal poverty guideline.
func Charity(poverty int) int {
	for _, step := range scale {
		if poverty <= step.Until {
			return step.Percent
		}
	}
	return 0
}

// Share gives a percentage of an amount, half a cent rounded up.
func Share(amount models.Cents, percent int) models.Cents {
	return (amount*models.Cents(percent) + 50) / 100
}
