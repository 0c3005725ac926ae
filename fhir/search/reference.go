package search

import (
	"strings"

	"medbill/fhir"
)

// target is a reference taken apart. Type and ID are set for a relative one, URL for every other; kind is the type it
// leads to as far as its text tells.
type target struct{ Type, ID, URL, kind string }

// parseTarget takes a literal reference apart; the version it names is left out.
// https://hl7.org/fhir/R4/references.html#literal
func parseTarget(text string) target {
	if strings.HasPrefix(text, "urn:") || strings.HasPrefix(text, "#") {
		return target{URL: text}
	}
	if at := strings.LastIndex(text, "/_history/"); at > 0 {
		text = text[:at]
	}
	at := strings.LastIndexByte(text, '/')
	if at <= 0 {
		return target{URL: text}
	}
	before, id := text[:at], text[at+1:]
	if strings.Contains(text, "://") {
		return target{URL: text, kind: before[strings.LastIndexByte(before, '/')+1:]}
	}
	if strings.IndexByte(before, '/') >= 0 || strings.IndexByte(text, '?') >= 0 || id == "" {
		return target{URL: text}
	}
	return target{Type: before, ID: id, kind: before}
}

// reference reads a Reference: its literal, and the business identifier that may stand beside or instead of it.
func (x *extractor) reference(p place) {
	to := parseTarget(fhir.Relative(p.Get("reference").Text(), x.bases))
	isContained := strings.HasPrefix(to.URL, "#")
	if to.ID == "" && (to.URL == "" || isContained) {
		x.logical(p)
	}
	if p.only != "" && x.kindOf(to, p.Node) != p.only {
		return
	}
	x.keys.References = append(x.keys.References, ReferenceKey{Param: p.param, Type: to.Type, ID: to.ID, URL: to.URL})
	if p.member && to.Type == "Patient" {
		x.keys.References = append(x.keys.References, ReferenceKey{Param: CompartmentParam, Type: to.Type, ID: to.ID})
	}
	if i := p.Get("identifier"); i.Exists() {
		x.token(p.param+IdentifierSuffix, i.Get("system").Text(), i.Get("value").Text())
	}
	if isContained {
		for _, i := range fhir.LogicalOf(p.Node).Identifiers {
			x.token(p.param+ContainedSuffix, i.System, i.Value)
		}
	}
}

// logical notes a reference that has identifiers in place of an address, and where it may lead.
func (x *extractor) logical(p place) {
	if len(fhir.LogicalOf(p.Node).Identifiers) == 0 {
		return
	}
	x.keys.HasLogicals = true
	if x.fitting != nil {
		x.fitting[p.Node] = append(x.fitting[p.Node], p.targets...)
	}
}

// kindOf gives the type a reference leads to: from its text, the contained resource it names, or Reference.type.
func (x *extractor) kindOf(to target, reference fhir.Node) string {
	if to.kind != "" {
		return to.kind
	}
	if id, contained := strings.CutPrefix(to.URL, "#"); contained {
		for r := range x.root.Get("contained").Children() {
			if r.Get("id").Is(id) {
				return r.Get("resourceType").Text()
			}
		}
	}
	return reference.Get("type").Text()
}

func (x *extractor) canonical(p place) {
	text := p.Text()
	x.keys.References = append(x.keys.References, ReferenceKey{Param: p.param, URL: text})
	if url, _, versioned := strings.Cut(text, "|"); versioned {
		x.keys.References = append(x.keys.References, ReferenceKey{Param: p.param, URL: url})
	}
}
