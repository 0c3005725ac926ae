package scrub

import (
	"slices"
	"strings"

	"medbill/internal/payers"
	"medbill/models"
)

const (
	ruleMemberID = "scrub.member-id"
	ruleTaxID    = "scrub.tax-id"
	ruleTaxonomy = "scrub.taxonomy"
)

// memberID: the member's number looks as the payer gives them out, and is not the patient's social security number.
func memberID(s Subject) []models.Finding {
	const path = "Claim.insurance[0].coverage"
	number := s.Coverage.SubscriberID
	if number == "" {
		return nil // for the required data
	}
	var findings []models.Finding
	for _, day := range s.days() {
		f, found := s.Payers.Fact(s.Claim.InsurerID, models.MemberID, "", day)
		pattern, ok := payers.Pattern(f.Value)
		if found && ok && !pattern.MatchString(number) {
			findings = append(findings, from(f, held(ruleMemberID, path, "The member's number does not look as those of the payer do.", "Compare it with the card and correct Coverage.subscriberId; blanks and hyphens are left out.")))
			break
		}
	}
	if ssn := digits(s.Patient.SSN); len(ssn) == ssnLength && digits(number) == ssn {
		findings = append(findings, noted(ruleMemberID, path, "The member's number is the patient's social security number.", "Ask for the card; payers give out numbers of their own."))
	}
	return findings
}

const (
	ssnLength = 9
	tinLength = 9
)

// digits leaves out blanks and hyphens.
func digits(text string) string { return strings.NewReplacer("-", "", " ", "").Replace(text) }

// taxIDs: a tax number that is known has nine digits.
func taxIDs(s Subject) []models.Finding {
	number := digits(s.Billing.TaxID)
	if s.Billing.TaxID == "" || len(number) == tinLength && !strings.ContainsFunc(number, func(c rune) bool { return c < '0' || c > '9' }) {
		return nil
	}
	return []models.Finding{held(ruleTaxID, "Claim.provider", "The billing provider's tax number does not have nine digits.", "Correct the identifier of its Organization.")}
}

// taxonomies: one that is known has the form of the NUCC's, and one that the payer wants is known.
func taxonomies(s Subject) []models.Finding {
	var findings []models.Finding
	var wanted []string
	var fact models.PayerFact
	for _, day := range s.days() {
		if f, found := s.Payers.Fact(s.Claim.InsurerID, models.TaxonomyRequired, "", day); found && f.Value != payers.No {
			wanted, fact = append(wanted, strings.Fields(f.Value)...), f
		}
	}
	look := func(who models.Party, as, path string) {
		switch {
		case who.Taxonomy == "" && slices.Contains(wanted, as):
			findings = append(findings, from(fact, held(ruleTaxonomy, path, "The payer wants the taxonomy of the "+as+" provider, and none is known.", "Add the code of http://nucc.org/provider-taxonomy to the provider's record.")))
		case who.Taxonomy != "" && !isTaxonomy(who.Taxonomy):
			findings = append(findings, held(ruleTaxonomy, path, "The taxonomy of the "+as+" provider is none: it has ten characters, the last an X.", "Correct the code in the provider's record."))
		}
	}
	look(s.Billing, "billing", "Claim.provider")
	look(s.Renderers[s.Claim.Rendering], "rendering", "Claim.careTeam[0].provider")
	for i, line := range s.Claim.Lines {
		if who, isAnother := s.renderer(line); isAnother {
			look(who, "rendering", item(i, "careTeamSequence"))
		}
	}
	return findings
}

const taxonomyLength = 10

// isTaxonomy reports whether text has the form of a taxonomy code: ten characters, an X last. https://taxonomy.nucc.org
func isTaxonomy(text string) bool {
	isOther := func(c rune) bool { return (c < '0' || c > '9') && (c < 'A' || c > 'Z') }
	return len(text) == taxonomyLength && text[taxonomyLength-1] == 'X' && !strings.ContainsFunc(text, isOther)
}
