package intake

import (
	"cmp"
	"slices"
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// service is a coded service as the documents write it.
type service struct {
	system    string // models.SystemCPT, models.SystemHCPCS, or where there is neither, models.SystemRevenue
	code      string // "" where there is none of them
	revenue   string // a house's
	modifiers models.Codes
}

// serviceOf reads a CodeableConcept: the first CPT or HCPCS coding is the service, the first revenue code stands beside it, or for it. Modifiers are its codings of two
// characters and what stands after a hyphen in the code or the text, which is how some EHRs send them ("99214-25").
func serviceOf(concept fhir.Node) service {
	var s service
	for coding := range concept.Get("coding").Children() {
		system, code := serviceSystem(coding.Get("system")), coding.Get("code").Text()
		switch {
		case systemOf(coding.Get("system")) == models.SystemRevenue:
			s.revenue = cmp.Or(s.revenue, code)
		case isModifier(code) && (system != "" || !coding.Get("system").Exists()):
			s.modifiers = withModifier(s.modifiers, code)
		case system != "" && s.code == "" && code != "":
			base, modifiers := splitModifiers(code)
			s.system, s.code = levelOf(system, base), base
			for _, m := range modifiers {
				s.modifiers = withModifier(s.modifiers, m)
			}
		}
	}
	if base, modifiers := splitModifiers(concept.Get("text").Text()); s.code != "" && base == s.code {
		for _, m := range modifiers {
			s.modifiers = withModifier(s.modifiers, m)
		}
	}
	return s.ofHouse()
}

// ofHouse gives a service that has no code but its revenue code that as its code.
func (s service) ofHouse() service {
	if s.code == "" && s.revenue != "" {
		s.system, s.code = models.SystemRevenue, s.revenue
	}
	return s
}

// serviceIn reads the code of a resource together with the modifier extensions on the resource and on its code.
func serviceIn(resource fhir.Node) service {
	concept := resource.Get("code")
	s := serviceOf(concept)
	for _, owner := range []fhir.Node{resource, concept} {
		for e := range owner.Get("extension").Children() {
			if !e.Get("url").Is(fhir.ExtensionModifier) {
				continue
			}
			code := e.Get("valueCode").Text()
			if code == "" {
				code = e.In("valueCoding", "code").Text()
			}
			if code != "" { // of whatever form: a service never loses a modifier in silence
				s.modifiers = withModifier(s.modifiers, code)
			}
		}
	}
	return s
}

// serviceSystem gives CPT or HCPCS, or "" for another system.
func serviceSystem(system fhir.Node) string {
	switch name := systemOf(system); name {
	case models.SystemCPT, models.SystemHCPCS:
		return name
	}
	return ""
}

// levelOf gives the system a code of CPT or HCPCS belongs to by its form, because CPT is level I of HCPCS and senders name
// either for both; a code of neither form stays where it was sent.
// https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system
func levelOf(system, code string) string {
	switch {
	case len(code) != 5 || strings.Trim(code[1:4], digits) != "":
		return system
	case strings.ContainsRune(digits, rune(code[0])):
		return models.SystemCPT
	case strings.ContainsRune(digits, rune(code[4])):
		return models.SystemHCPCS
	}
	return system
}

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// isModifier reports whether code has the form of a CPT or HCPCS modifier: two capital letters or digits.
func isModifier(code string) bool { return len(code) == 2 && strings.Trim(code, letters+digits) == "" }

// modifiersMax bounds what one service may bring; a service with more than four waits for a person anyway.
const modifiersMax = 100

func withModifier(have models.Codes, code string) models.Codes {
	if slices.Contains(have, code) || len(have) == modifiersMax {
		return have
	}
	return append(have, code)
}

// splitModifiers takes modifiers off a code ("99214-25,59"); text that is not a code with modifiers stays whole.
func splitModifiers(text string) (code string, modifiers []string) {
	base, rest, ok := strings.Cut(text, "-")
	if !ok || base == "" {
		return text, nil
	}
	modifiers = strings.FieldsFunc(rest, func(c rune) bool { return c == '-' || c == ',' || c == ' ' })
	if len(modifiers) == 0 || slices.ContainsFunc(modifiers, func(m string) bool { return !isModifier(m) }) {
		return text, nil
	}
	return base, modifiers
}

// diagnosisCode gives the first ICD-10-CM code of a CodeableConcept, or "".
func diagnosisCode(concept fhir.Node) string {
	for coding := range concept.Get("coding").Children() {
		if code := coding.Get("code").Text(); code != "" && isICD10CM(coding.Get("system")) {
			return code
		}
	}
	return ""
}

func isICD10CM(system fhir.Node) bool { return systemOf(system) == models.SystemICD10CM }

// diagnosisCodes gives the ICD-10-CM codes of a list of CodeableConcepts.
func diagnosisCodes(concepts fhir.Node) []string {
	var codes []string
	for concept := range concepts.Children() {
		if code := diagnosisCode(concept); code != "" {
			codes = append(codes, code)
		}
	}
	return codes
}

// codeIn gives the first code of a CodeableConcept in one of systems, or "".
func codeIn(concept fhir.Node, systems ...string) string {
	for coding := range concept.Get("coding").Children() {
		if slices.Contains(systems, systemOf(coding.Get("system"))) {
			return coding.Get("code").Text()
		}
	}
	return ""
}

// hasCode reports whether a CodeableConcept holds code in system.
func hasCode(concept fhir.Node, system, code string) bool {
	for coding := range concept.Get("coding").Children() {
		if systemOf(coding.Get("system")) == system && coding.Get("code").Is(code) {
			return true
		}
	}
	return false
}
