package charge

import (
	"fmt"

	"medbill/models"
	"medbill/models/fault"
)

// Versions is what loading a version does to those of its name: which are to end, and when it ends itself.
type Versions struct {
	Version models.FeeSchedule
	Before  models.FeeSchedule // ends the day before the version begins; without an id there is none
}

// Place puts a version among those of its name, which come in the order of their days. One that begins on the same day is
// replaced, the one before ends, and the version itself ends where the next begins. It refuses (Conflict) a version for
// another payer than the others', and one that is said to go on when the next has begun.
func Place(version models.FeeSchedule, versions []models.FeeSchedule) (Versions, error) {
	placed := Versions{Version: version}
	for _, other := range versions {
		if other.PayerID != version.PayerID {
			return placed, fault.At(fault.Conflict, "fees.payer", "payer", "The schedule of this name is for another payer; choose another name.")
		}
		switch {
		case other.From == version.From:
			placed.Version.ID, placed.Version.Created = other.ID, other.Created
		case other.From < version.From:
			placed.Before = models.FeeSchedule{}
			if other.Until == "" || other.Until >= version.From {
				placed.Before = other
			}
		default:
			last := other.From.AddDays(-1)
			if version.Until > last {
				return placed, fault.At(fault.Conflict, "fees.days", "until", "The next version of the schedule begins before this one ends; state an earlier end.")
			}
			placed.Version.Until = earliest(version.Until, last)
			return placed, nil
		}
	}
	return placed, nil
}

// Within gives the lines of a file as they hold in a version: on its days, for its payer. It refuses (Invalid, every line at
// once) lines for another payer and lines that never hold.
func Within(version models.FeeSchedule, lines []models.Price) ([]models.Price, error) {
	var issues []fault.Issue
	prices := make([]models.Price, len(lines))
	for i, p := range lines {
		if version.PayerID != "" && p.PayerID != "" && p.PayerID != version.PayerID {
			issues = append(issues, lineIssue(p.Sequence, "The line is for another payer than the schedule."))
		}
		if version.PayerID != "" {
			p.PayerID = version.PayerID
		}
		p.From, p.Until = max(p.From, version.From), earliest(p.Until, version.Until)
		if isNever(models.Span{From: p.From, Until: p.Until}) {
			issues = append(issues, lineIssue(p.Sequence, "The days of the line lie outside of the schedule's."))
		}
		prices[i] = p
	}
	return prices, refused(issues)
}

// Untied refuses (BusinessRule, every line at once) prices that tie with those of other schedules.
func Untied(prices, others []models.Price) error {
	var issues []fault.Issue
	for _, i := range Ties(prices, others) {
		issues = append(issues, fault.Issue{
			Code: "fees.tie", Path: lineAt(prices[i].Sequence),
			Text: "Another schedule prices the same code, modifiers and payer from the same day on; end it first, or begin on another day.",
		})
	}
	return fault.Of(fault.BusinessRule, firstIssues(issues))
}

// issuesMax bounds a refusal: nobody mends more lines before trying again.
const issuesMax = 100

func firstIssues(issues []fault.Issue) []fault.Issue { return issues[:min(len(issues), issuesMax)] }

func refused(issues []fault.Issue) error { return fault.Of(fault.Invalid, firstIssues(issues)) }

func lineAt(line int) string { return fmt.Sprintf("line %d", line) }

func lineIssue(line int, text string) fault.Issue {
	return fault.Issue{Code: "fees.line", Path: lineAt(line), Text: text}
}
