package practice

import (
	"fmt"
	"strings"

	"medbill/models"
)

// Document tells people what the rules of a practice do, in Markdown: those that are on, then those that are not.
func Document(rules []models.PracticeRule) string {
	var b strings.Builder
	b.WriteString("# Rules of the practice\n")
	parts := []struct {
		title string
		on    bool
	}{{"On", true}, {"Not on", false}}
	for _, part := range parts {
		wrote := false
		for _, r := range rules {
			if (r.State == models.RuleOn) != part.on {
				continue
			}
			if !wrote {
				fmt.Fprintf(&b, "\n## %s\n", part.title)
				wrote = true
			}
			describe(&b, r)
		}
	}
	if len(rules) == 0 {
		b.WriteString("\nThe practice has written none.\n")
	}
	return b.String()
}

// DocumentOf tells people what one version of a rule does, in Markdown.
func DocumentOf(r models.PracticeRule) string {
	var b strings.Builder
	describe(&b, r)
	return strings.TrimLeft(b.String(), "\n")
}

func describe(b *strings.Builder, r models.PracticeRule) {
	fmt.Fprintf(b, "\n### %s, version %d (%s)\n\n**%s**\n\n%s\n\n", r.ID, r.Version, r.State, plain(r.Title), plain(r.Text))
	fmt.Fprintf(b, "It looks at each %s%s and %s where\n\n%s\n", r.Each, inForce(r.Span()), does(r), fenced(r.When))
	fmt.Fprintf(b, "Saved by %s at %s", plain(r.SavedBy), r.Saved)
	if r.Switched != 0 {
		fmt.Fprintf(b, ", switched %s by %s at %s", r.State, plain(r.SwitchedBy), r.Switched)
	}
	b.WriteString(".\n")
	if len(r.Examples) == 0 {
		return
	}
	b.WriteString("\n| example | it acts on |\n|---|---|\n")
	for _, e := range r.Examples {
		fmt.Fprintf(b, "| %s | %s |\n", plain(e.Title), list(e.Acts))
	}
}

// does says what comes of a rule.
func does(r models.PracticeRule) string {
	switch r.Action {
	case models.RuleError:
		return "holds the claim until it is corrected"
	case models.RuleHold:
		return "holds the claim until a person lets it go"
	case models.RuleWarning:
		return "warns"
	case models.RuleModifier:
		return "sets the modifier " + r.Argument
	}
	return "holds the claim for " + r.Argument
}

func inForce(days models.Span) string {
	switch {
	case days.From != "" && days.Until != "":
		return fmt.Sprintf(" of services from %s until %s", days.From, days.Until)
	case days.From != "":
		return fmt.Sprintf(" of services from %s on", days.From)
	case days.Until != "":
		return fmt.Sprintf(" of services until %s", days.Until)
	}
	return ""
}

// fenced gives a condition as code, whatever it holds.
func fenced(condition string) string {
	fence := "```"
	for strings.Contains(condition, fence) {
		fence += "`"
	}
	return fence + "\n" + strings.TrimSpace(condition) + "\n" + fence + "\n"
}

// plain gives a text that stays text in Markdown and in a table.
func plain(text string) string {
	return strings.NewReplacer("\r", "", "\n", " ", "|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "#", `\#`).Replace(text)
}
