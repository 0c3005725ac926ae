package api

import (
	"slices"
	"strings"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/models"
	"medbill/models/fault"
)

// subset says which part of a document is wanted; the zero subset is all of it.
type subset struct {
	summary  search.Summary
	elements []string
}

// subsetted marks a document that is not whole, so that nobody sends it back as the whole.
// https://hl7.org/fhir/R4/search.html#summary
var subsetted = fhir.Encode(fhir.Coding{
	System: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", Code: "SUBSETTED", Display: "Resource encoded in summary mode",
})

// refuseSummary refuses _summary=true: which elements R4 marks for it is not among our definitions.
func refuseSummary(pairs []search.Pair) error {
	for _, p := range pairs {
		if p.Name == "_summary" && p.Value == "true" {
			return fault.At(fault.Invalid, "not-supported", "_summary", "The summary true is not offered; use _elements, or the summary text, data or count.")
		}
	}
	return nil
}

func (s subset) isWhole() bool {
	return len(s.elements) == 0 && s.summary != search.SummaryText && s.summary != search.SummaryData
}

// of gives the wanted part of a document: elements R4 demands are always in it, and the tag SUBSETTED. The rest stays byte
// for byte.
func (s subset) of(d models.Document) ([]byte, error) {
	if s.isWhole() {
		return d.Body, nil
	}
	document, err := fhir.Parse(d.Body)
	if err != nil {
		return nil, err
	}
	definition := fhir.Define(d.Type)
	out := make([]byte, 0, len(d.Body))
	out = append(out, '{')
	for member := range document.Root().Children() {
		key := member.Key()
		if !s.keeps(definition, key) {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), key...), '"', ':')
		if key == "meta" {
			out = append(out, taggedMeta(member)...)
		} else {
			out = append(out, member.Raw()...)
		}
	}
	return append(out, '}'), nil
}

// keptAlways stands in every part: what identifies the document and what changes its meaning.
var keptAlways = []string{"resourceType", "id", "meta", "implicitRules", "modifierExtension"}

func (s subset) keeps(definition *fhir.TypeDefinition, key string) bool {
	bare := strings.TrimPrefix(key, "_")
	if slices.Contains(keptAlways, bare) {
		return true
	}
	if s.summary == search.SummaryData && bare == "text" || s.summary == search.SummaryText && bare != "text" && !isRequired(definition, bare) {
		return false
	}
	return len(s.elements) == 0 || isRequired(definition, bare) || slices.ContainsFunc(s.elements, func(wanted string) bool {
		e := definition.Element([]byte(bare))
		return wanted == bare || e != nil && wanted == e.Name
	})
}

func isRequired(definition *fhir.TypeDefinition, key string) bool {
	e := definition.Element([]byte(key))
	return e != nil && definition.Required&(1<<e.Slot) != 0
}

// taggedMeta gives meta with the tag SUBSETTED added.
func taggedMeta(meta fhir.Node) []byte {
	raw, tags := meta.Raw(), meta.Get("tag")
	start, end := meta.Span()
	if tags.Len() > 0 {
		_, tagsEnd := tags.Span()
		at := tagsEnd - 1 - start
		return slices.Concat(raw[:at], []byte(","), subsetted, raw[at:])
	}
	return slices.Concat(raw[:end-start-1], []byte(`,"tag":[`), subsetted, []byte("]}"))
}
