package scrub

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"medbill/models"
)

// unless lets a role override a finding that holds: what it asks for, the record may answer.
func unless(role models.WorkRole, f models.Finding) models.Finding {
	if f.Severity == models.SeverityError {
		f.Override.Role = role
	}
	return f
}

// Overridden gives findings as they count where a person overrode some of those from before: these only tell. An override stands as
// long as its rule says the same of the same line, wherever that stands now; what was changed is looked at again.
func Overridden(findings, before []models.Finding) []models.Finding {
	counted := slices.Clone(findings)
	for i := range counted {
		f := &counted[i]
		at := slices.IndexFunc(before, func(b models.Finding) bool { return b.Mark == f.Mark && b.Override.By != "" })
		if at >= 0 && f.Override.Role != "" {
			f.Override, f.Severity = before[at].Override, models.SeverityWarning
		}
	}
	return counted
}

// marked gives findings with their marks, each its own: two that say the same of lines that are alike are told by their order.
func marked(c models.Claim, findings []models.Finding) []models.Finding {
	times := map[string]int{}
	for i := range findings {
		m := mark(c, findings[i])
		if times[m]++; times[m] > 1 {
			m += fmt.Sprint("-", times[m])
		}
		findings[i].Mark = m
	}
	return findings
}

// mark tells a finding from others of the claim: by its rule and the release or version of it, what it says and what it says it of.
func mark(c models.Claim, f models.Finding) string {
	sum := sha256.Sum256([]byte(f.Rule + "\n" + f.Source + "\n" + f.Text + "\n" + culprit(c, f.Path)))
	return hex.EncodeToString(sum[:markBytes])
}

// markBytes are enough to tell the findings of one claim from each other.
const markBytes = 8

// culprit is what stands at a path: of a line what it asks for, whatever its number; else all that the claim asks for.
func culprit(c models.Claim, path string) string {
	n := 0
	if read, _ := fmt.Sscanf(path, "Claim.item[%d]", &n); read == 1 && n < len(c.Lines) {
		_, element, _ := strings.Cut(path, "]")
		return element + said(c, c.Lines[n])
	}
	all := path
	for _, line := range c.Lines {
		all += said(c, line)
	}
	return all
}

// said is what a line asks for, whatever its number.
func said(c models.Claim, line models.ClaimLine) string {
	text := fmt.Sprint(line.System, line.Code, line.Revenue, line.Modifiers, line.Units, line.Measure, line.Drug, line.ServiceDate, line.Rendering, line.Billed)
	for _, p := range line.Pointers {
		for _, d := range c.Diagnoses {
			if d.Sequence == p {
				text += d.Code
			}
		}
	}
	return text
}
