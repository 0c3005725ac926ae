package practice

import (
	"fmt"
	"strings"

	"medbill/models"
)

// Document gives what a practice's rules say and do for people, in Markdown: the last version of each and the one that is on, by name.
func Document(list []models.PracticeRule) string {
	var b strings.Builder
	b.WriteString("# Rules of the practice\n")
	last := map[models.RuleID]int{}
	for _, r := range list {
		last[r.ID] = max(last[r.ID], r.Version)
	}
	for _, r := range list {
		if r.Version != last[r.ID] && r.State != models.RuleOn {
			continue
		}
		fmt.Fprintf(&b, "\n## %s, version %d (%s)\n\n%s\n\n%s\n\n", r.ID, r.Version, r.State, r.Title, r.Text)
		of := "the claim"
		if r.EachLine {
			of = "each line"
		}
		fmt.Fprintf(&b, "Asked of %s%s:\n\n```cel\n%s\n```\n\nThen: %s\n\nWritten by %s, %s.\n", of, days(r), r.Condition, strings.TrimSpace(string(r.Action)+" "+r.Value), r.Who, r.At)
		for _, e := range r.Examples {
			found := "finds nothing"
			if len(e.Finds) > 0 {
				found = "finds " + strings.Trim(fmt.Sprint(e.Finds), "[]")
			}
			fmt.Fprintf(&b, "\n- %s: %s\n", e.Name, found)
		}
	}
	return b.String()
}

func days(r models.PracticeRule) string {
	text := ""
	if r.ValidFrom != "" {
		text += " from " + string(r.ValidFrom)
	}
	if r.ValidUntil != "" {
		text += " until " + string(r.ValidUntil)
	}
	return text
}
