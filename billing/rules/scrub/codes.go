package scrub

import (
	"cmp"
	"fmt"
	"strings"

	"medbill/internal/codes"
	"medbill/models"
)

const (
	ruleDiagnosisCode = "scrub.diagnosis-code"
	ruleExcludes      = "scrub.excludes"
	ruleServiceCode   = "scrub.service-code"
	ruleStatus        = "scrub.fee-status"
	rulePlace         = "scrub.place-of-service"
)

// choicesMax is how many codes are named in place of a heading.
const choicesMax = 5

// diagnosisCodes: a diagnosis is a code of the release in force on each day of service, down to its last character.
func diagnosisCodes(s Subject) []models.Finding {
	var findings []models.Finding
	facts := codes.ICD10CM.Facts()
	lapsed := false
	for i, d := range s.Claim.Diagnoses {
		for _, day := range s.days() {
			content, r, standing := codes.Look[*codes.Concepts](s.Books, codes.ICD10CM, day)
			if content == nil || d.Code == "" {
				continue
			}
			add := func(text, remedy string) {
				findings = append(findings, by(r, held(ruleDiagnosisCode, diagnosis(i), text, remedy)))
			}
			one, found := content.Find(facts.Bare(d.Code))
			lapsed = lapsed || standing == codes.Lapsed
			switch {
			case standing == codes.Before && r.Complete:
				add("The first release of ICD-10-CM that is here begins after the day of service, so nothing says that the code was valid then.",
					"Load the release of that fiscal year.")
			case standing == codes.Lapsed || !found && !r.Complete:
			case !found:
				add("The diagnosis is no code of ICD-10-CM on the day of service.", "Code it anew from the release of that day.")
			case !one.Billable:
				add("The diagnosis is a heading and not specific enough to be billed.", "Code it to its last character"+choices(facts, content.Under(one.Code, choicesMax))+".")
			case !one.Span.Contains(day):
				add("The diagnosis is not in force on the day of service.", "Code it anew from the release of that day.")
			default:
				continue
			}
			break
		}
	}
	if lapsed {
		findings = append(findings, noted(ruleDiagnosisCode, "Claim.diagnosis",
			"The day of service lies after the last release of ICD-10-CM that is here, so the diagnoses were not checked.", "Load the release of that fiscal year."))
	}
	return findings
}

// choices names what may stand in place of a heading.
func choices(f codes.Facts, list []codes.Concept) string {
	if len(list) == 0 {
		return ""
	}
	written := make([]string, len(list))
	for i, c := range list {
		written[i] = f.Written(c.Code)
	}
	return ", such as " + strings.Join(written, ", ")
}

// excludes: two diagnoses that exclude each other. The tabular list of another year than the codes' only warns.
func excludes(s Subject) []models.Finding {
	var findings []models.Finding
	facts := codes.ICD10CM.Facts()
	days := s.days()
	if len(days) == 0 {
		return nil
	}
	notes, r, ok := look[*codes.Notes](s, codes.Tabular, days[0])
	if !ok {
		return nil
	}
	say := noted
	if _, list, found := look[*codes.Concepts](s, codes.ICD10CM, days[0]); found && list.Name == r.Name {
		say = held
	}
	for i, d := range s.Claim.Diagnoses {
		for n := range i {
			if notes.Exclude(facts.Bare(s.Claim.Diagnoses[n].Code), facts.Bare(d.Code)) {
				findings = append(findings, by(r, unless(models.ForCoder, say(ruleExcludes, diagnosis(i),
					fmt.Sprintf("The diagnosis and number %d exclude each other (Excludes1).", n+1), "Keep the one that the record supports, or override this where the two have nothing to do with each other."))))
			}
		}
	}
	return findings
}

// ServiceCodes gives what is wrong with the codes of a claim's services on their days, as far as releases of ServiceTables are here; for a claim that is not made yet.
func ServiceCodes(c models.Claim, books codes.Books) []models.Finding {
	return serviceCodes(Subject{Claim: c, Books: books})
}

// ServiceTables are the tables that ServiceCodes looks at.
func ServiceTables() []codes.Table { return []codes.Table{codes.HCPCS, codes.CPT} }

// serviceCodes: a service is a code of its code system on its day.
func serviceCodes(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		table := codes.TableOf(line.System)
		day := cmp.Or(line.ServiceDate, s.lastDay())
		content, r, ok := look[*codes.Concepts](s, table, day)
		if !ok || table != codes.HCPCS && table != codes.CPT || table == codes.HCPCS && isLevelOne(line.Code) {
			continue
		}
		one, found := content.Find(table.Facts().Bare(line.Code))
		path := item(i, "productOrService")
		switch {
		case !found && r.Complete:
			findings = append(findings, by(r, held(ruleServiceCode, path, "The service is no code of "+table.Facts().Title+".", "Code it anew from the release of that day.")))
		case found && !one.Span.Contains(day):
			findings = append(findings, by(r, held(ruleServiceCode, path, "The code of the service is not in force on its day.", "Code it anew from the release of that day.")))
		}
	}
	return findings
}

// isLevelOne reports whether a HCPCS code is one of CPT, which is its first level.
func isLevelOne(code string) bool { return code != "" && '0' <= code[0] && code[0] <= '9' }

// statuses are those of the Medicare fee schedule under which a service is not paid as it stands. Other payers may; so they only warn.
var statuses = map[byte]string{
	'B': "Medicare pays it within another service and not by itself.",
	'I': "Medicare takes another code for it.",
	'N': "Medicare does not cover it.",
	'D': "It was deleted from Medicare's physician fee schedule.",
	'F': "It was deleted from Medicare's physician fee schedule.",
	'P': "Medicare pays it within the service it belongs to.",
	'T': "Medicare pays it only where nothing else is paid on that day.",
}

func feeStatus(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		fees, r, ok := look[*codes.Schedule](s, codes.Fees, line.ServiceDate)
		if !ok {
			continue
		}
		if fee, found := fees.Of(line.Code, line.Modifiers); found && statuses[fee.Status] != "" {
			findings = append(findings, by(r, noted(ruleStatus, item(i, "productOrService"), statuses[fee.Status], "See what the payer takes.")))
		}
	}
	return findings
}

// places: the place of service is one of the set.
func places(s Subject) []models.Finding {
	days := s.days()
	if len(days) == 0 || s.Claim.PlaceOfService == "" {
		return nil
	}
	content, r, ok := look[*codes.Concepts](s, codes.Places, days[0])
	if !ok || !r.Complete {
		return nil
	}
	if _, found := content.Find(s.Claim.PlaceOfService); found {
		return nil
	}
	return []models.Finding{by(r, held(rulePlace, "Claim.facility", "The place of service is no code of the set.", "Correct the place of service of the Location."))}
}
