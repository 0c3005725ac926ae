package billing_test

import (
	"os"
	"strings"
	"testing"

	"medbill/billing/rules/scrub"
)

// TestTheTableOfTheScrubberIsTold holds docs/scrubbing.md against the rules: each with its number, its id, its tables and its facts, and no other.
func TestTheTableOfTheScrubberIsTold(t *testing.T) {
	text, err := os.ReadFile("../docs/scrubbing.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, "|"); len(cells) == 7 && strings.Contains(cells[2], "`scrub.") {
			told[strings.Trim(cells[2], " `")] = strings.TrimSpace(cells[1]) + " " + cells[3]
		}
	}
	for _, r := range scrub.Table() {
		row, found := told[r.ID]
		if !found || !strings.HasPrefix(row, r.Number+" ") {
			t.Errorf("%s %s stands as %q", r.Number, r.ID, row)
		}
		for _, table := range r.Tables {
			if !strings.Contains(row, "`"+string(table)+"`") {
				t.Errorf("%s goes by %s, which %q does not say", r.ID, table, row)
			}
		}
		for _, subject := range r.Subjects {
			if !strings.Contains(row, "`"+string(subject)+"`") {
				t.Errorf("%s goes by the payer's %s, which %q does not say", r.ID, subject, row)
			}
		}
	}
	ids := map[string]bool{}
	for _, r := range scrub.Table() {
		ids[r.ID] = true
	}
	for id := range told {
		if !ids[id] {
			t.Errorf("%s is told and is no rule", id)
		}
	}
}
