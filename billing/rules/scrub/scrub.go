// Package scrub checks a claim before it is sent. Each rule looks at one thing and gives findings; it changes nothing and
// looks nothing up: what it needs stands in the Subject, the releases of the days of service and what is known of payers too.
package scrub

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/internal/codes"
	"medbill/internal/payers"
	"medbill/internal/practice"
	"medbill/models"
)

// Subject is a claim with what it names. Hold is why its case keeps it back, "" where it does not; Charges are those of its
// lines; Renderers are those who did them; Others are the patient's other claims on the days of Window; Today is the practice's day; Books are the releases that hold on
// the days of service, opened for Tables; Payers is what the practice knows of its payers; Earlier are the patient's other claims from the
// day on that LooksBack gives, where it gives one.
type Subject struct {
	Claim     models.Claim
	Hold      string
	Charges   map[models.ChargeID]models.Charge
	Answers   map[models.AnswerID]models.Answer // of the payers before, as far as the claim names them
	Patient   models.Patient
	Coverage  models.Coverage
	Insurer   models.Party
	Billing   models.Party
	Renderers map[models.Performer]models.Party
	Others    []models.Claim
	Today     models.Date
	Books     codes.Books
	Payers    *payers.Book
	Expected  models.Expected // by the contract with the payer, as far as there is one
	Earlier   []models.Claim
	Practice  *practice.Book // the rules that the practice wrote

	Authorizations []models.Authorization // that were asked for the patient

	isPracticed bool
	practiced   []models.Finding // that Practice comes to
}

// renderer gives who did a line, and whether he is another than the claim's provider, who stands for himself.
func (s Subject) renderer(line models.ClaimLine) (_ models.Party, isAnother bool) {
	who := cmp.Or(line.Rendering, s.Claim.Rendering)
	return s.Renderers[who], who != s.Claim.Rendering
}

// Run gives everything the rules notice, those of the practice too; the texts hold no value of the claim.
func Run(s Subject) []models.Finding {
	s = Practiced(s)
	var findings []models.Finding
	for _, r := range rules {
		if r.looksAt(s) {
			findings = append(findings, r.check(s)...)
		}
	}
	return marked(s.Claim, findings)
}

// Holds reports whether any of the findings keeps the claim from being sent.
func Holds(findings []models.Finding) bool {
	return slices.ContainsFunc(findings, func(f models.Finding) bool { return f.Severity == models.SeverityError })
}

// held is a finding that holds the claim.
func held(rule, path, text, remedy string) models.Finding {
	return models.Finding{Rule: rule, Severity: models.SeverityError, Path: path, Text: text, Remedy: remedy}
}

// noted is a finding that only tells.
func noted(rule, path, text, remedy string) models.Finding {
	return models.Finding{Rule: rule, Severity: models.SeverityWarning, Path: path, Text: text, Remedy: remedy}
}

// item is the FHIRPath of an element of the i-th line, counted from 0.
func item(i int, element string) string { return fmt.Sprintf("Claim.item[%d].%s", i, element) }

// diagnosis is the FHIRPath of the i-th diagnosis, counted from 0.
func diagnosis(i int) string { return fmt.Sprintf("Claim.diagnosis[%d]", i) }
