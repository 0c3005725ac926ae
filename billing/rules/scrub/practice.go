package scrub

import (
	"fmt"
	"slices"

	"medbill/internal/practice"
	"medbill/models"
)

// rulePractice is the row of all rules that the practice wrote; a finding has the rule's own name behind it.
const rulePractice = "scrub.practice"

// PracticeRule gives the name of the rule that a finding is of, "" where the practice did not write it.
func PracticeRule(f models.Finding) models.RuleID {
	const before = rulePractice + "."
	if len(f.Rule) > len(before) && f.Rule[:len(before)] == before {
		return models.RuleID(f.Rule[len(before):])
	}
	return ""
}

// written: what the practice's own rules say. One that cannot be asked, or whose modifier cannot be put on, holds the claim.
func written(s Subject) []models.Finding {
	var findings []models.Finding
	if s.Rules == nil {
		return nil
	}
	findings = append(findings, put(s)...)
	for _, j := range s.Rules.Judge(practice.Show(s.Claim, s.Patient)) {
		say := func(severity models.Severity, path, text, remedy string) {
			findings = append(findings, models.Finding{
				Rule: rulePractice + "." + string(j.ID), Severity: severity, Path: path, Text: text, Remedy: remedy, Source: fmt.Sprintf("rule %s, version %d", j.ID, j.Version),
			})
		}
		if j.Err != nil {
			say(models.SeverityError, "Claim", "A rule of the practice could not be asked of the claim, so nobody knows what it would say.", "Mend the rule, or switch it off.")
			continue
		}
		for _, number := range j.Lines {
			path := "Claim"
			if at := slices.IndexFunc(s.Claim.Lines, func(l models.ClaimLine) bool { return l.Sequence == number }); at >= 0 {
				path = fmt.Sprintf("Claim.item[%d]", at)
				if j.Action == models.RuleSetModifier && slices.Contains(s.Claim.Lines[at].Modifiers, j.Value) {
					continue
				}
			}
			switch j.Action {
			case models.RuleWarning:
				say(models.SeverityWarning, path, j.Text, "")
			case models.RuleSetModifier:
				say(models.SeverityError, path, "A rule of the practice wants the modifier "+j.Value+" on the line and could not put it on: the line has four or one that says the opposite, or a front end wrote the claim.", "Put it on in the place of another, or switch the rule off.")
			case models.RuleError:
				say(models.SeverityError, path, j.Text, "Correct the claim, or override this with what the record says.")
				findings[len(findings)-1].Override.Role = models.ForBiller
			case models.RuleRoute:
				say(models.SeverityError, path, j.Text, "Look at it, correct the claim, or override this with what you saw.")
				findings[len(findings)-1].Override.Role = models.ForBiller
			case models.RuleHold:
				say(models.SeverityError, path, j.Text, "Change what the rule is about; a manager may let it go.")
				findings[len(findings)-1].Override.Role = models.ForManager
			}
		}
	}
	return findings
}

// put tells which modifiers stand on lines because a rule put them there: their charges do not have them.
func put(s Subject) []models.Finding {
	var findings []models.Finding
	for _, r := range s.Rules.Putting() {
		for i, l := range s.Claim.Lines {
			charged, known := s.Charges[l.ChargeID]
			if !known || s.Claim.IsDrafted() || !slices.Contains(l.Modifiers, r.Value) || slices.Contains(charged.Modifiers, r.Value) {
				continue
			}
			f := noted(rulePractice+"."+string(r.ID), item(i, "modifier"), "A rule of the practice put the modifier "+r.Value+" on the line.", "")
			f.Source = fmt.Sprintf("rule %s, version %d", r.ID, r.Version)
			findings = append(findings, f)
		}
	}
	return findings
}
