package scrub

import (
	"fmt"
	"slices"
	"strings"

	"medbill/models"
)

const (
	ruleDiagnoses = "scrub.diagnoses"
	rulePointers  = "scrub.pointers"
)

// diagnoses: X12 005010X222A1, HI: at most twelve, each once, numbered without a gap; 005010X223A2, HI: twenty-five, of which what
// brought the patient may be the principal one as well.
func diagnoses(s Subject) []models.Finding {
	var findings []models.Finding
	if most := s.Claim.Type.Facts().DiagnosesMax; len(s.Claim.Diagnoses) > most {
		findings = append(findings, held(ruleDiagnoses, "Claim.diagnosis",
			fmt.Sprintf("The claim has more than %d diagnoses.", most), "Leave out those that no line points to."))
	}
	seen := map[string]bool{}
	for i, d := range s.Claim.Diagnoses {
		code := strings.ToUpper(strings.ReplaceAll(d.Code, ".", ""))
		switch {
		case code == "":
			findings = append(findings, held(ruleDiagnoses, diagnosis(i), "The diagnosis has no code.", "Code the diagnosis in ICD-10-CM."))
		case seen[code] && !isOfArrival(d):
			findings = append(findings, held(ruleDiagnoses, diagnosis(i), "The diagnosis stands on the claim before.", "Leave the repeated diagnosis out."))
		}
		if d.Sequence != i+1 {
			findings = append(findings, held(ruleDiagnoses, diagnosis(i)+".sequence",
				"The diagnoses are not numbered from 1 without a gap.", "Number the diagnoses in their order."))
		}
		seen[code] = true
	}
	return findings
}

// isOfArrival reports whether a diagnosis says alone what a patient came or was admitted with.
func isOfArrival(d models.ClaimDiagnosis) bool {
	return len(d.Roles) > 0 && !slices.ContainsFunc(d.Roles, func(role string) bool {
		return role != models.DiagnosisAdmitting && role != models.DiagnosisReason
	})
}

// pointers: X12 005010X222A1, SV107: one to four a line, each to a diagnosis of the claim. A diagnosis no line points to
// is only noted.
func pointers(s Subject) []models.Finding {
	var findings []models.Finding
	pointed := map[int]bool{}
	for i, line := range s.Claim.Lines {
		path := item(i, "diagnosisSequence")
		switch {
		case len(line.Pointers) == 0:
			findings = append(findings, held(rulePointers, path, "The line points to no diagnosis.", "Name the diagnosis the service was done for."))
		case len(line.Pointers) > models.LinePointersMax:
			findings = append(findings, held(rulePointers, path, "The line points to more than four diagnoses.", "Keep the four that explain the service."))
		}
		for n, p := range line.Pointers {
			at := fmt.Sprintf("%s[%d]", path, n)
			if p < 1 || p > len(s.Claim.Diagnoses) {
				findings = append(findings, held(rulePointers, at,
					"The line points to a diagnosis that is not on the claim.", "Point to a diagnosis of the claim."))
			}
			if slices.Contains(line.Pointers[:n], p) {
				findings = append(findings, held(rulePointers, at, "The line points to this diagnosis before.", "Name each diagnosis once."))
			}
			pointed[p] = true
		}
	}
	for i, d := range s.Claim.Diagnoses {
		if len(s.Claim.Lines) > 0 && !pointed[d.Sequence] {
			findings = append(findings, noted(rulePointers, diagnosis(i),
				"No line points to the diagnosis.", "Point a line to it where it explains the service."))
		}
	}
	return findings
}
