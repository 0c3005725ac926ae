package statement

import "medbill/models"

// ageEnds are how many days something was asked for at most, by age; the last one has no end.
var ageEnds = []int{30, 60, 90, 120}

// Age is what has been asked for for From to Until days; Until is 0 for the oldest, which has no end.
type Age struct {
	From   int
	Until  int
	Amount models.Cents
}

// Aging gives lines by how long they have been asked for on a day. Together that is their sum.
func Aging(lines []models.StatementLine, day models.Date) []Age {
	ages := make([]Age, len(ageEnds)+1)
	for i, end := range ageEnds {
		ages[i].Until, ages[i+1].From = end, end+1
	}
	for _, l := range lines {
		at := 0
		for at < len(ageEnds) && l.Day.DaysUntil(day) > ageEnds[at] {
			at++
		}
		ages[at].Amount += l.Amount
	}
	return ages
}
