package search

import (
	"strings"

	"medbill/fhir"
)

// Extract gives the keys of a document, with a reference key CompartmentParam for each patient it belongs to; a Patient
// belongs to itself. The document must carry its id for that. References under one of bases, our own, are to our own
// documents. Contained resources leave no keys. What is not valid R4 leaves none either: refusing is the validator's.
// https://hl7.org/fhir/R4/compartmentdefinition-patient.html
func Extract(d *fhir.Document, bases []string) Keys {
	resourceType := d.Type()
	t := tables()[resourceType]
	if t == nil {
		return Keys{}
	}
	x := &extractor{root: d.Root(), bases: bases}
	x.keys.Tokens = make([]TokenKey, 0, 16)
	x.keys.References = make([]ReferenceKey, 0, 16)
	x.walk(x.root, &t.root)
	if id := d.ID(); resourceType == "Patient" && id != "" {
		x.keys.References = append(x.keys.References, ReferenceKey{Param: CompartmentParam, Type: resourceType, ID: id})
	}
	x.keys.tidy()
	return x.keys
}

// extractor collects keys while it walks a document along the tree of its type's paths.
type extractor struct {
	root  fhir.Node
	bases []string
	keys  Keys
	// fitting, where not nil, takes the types to which logical references of parameters may lead.
	fitting map[fhir.Node][]string
}

// place is a value and what it is read for.
type place struct {
	fhir.Node
	*leaf
}

func (x *extractor) walk(n fhir.Node, at *node) {
	for i := range at.leaves {
		l := &at.leaves[i]
		l.read(x, place{n, l})
	}
	for i := range at.steps {
		s := &at.steps[i]
		child := n.Get(s.member)
		if child.Kind() != fhir.KindArray {
			x.enter(child, s)
			continue
		}
		for element := range child.Children() {
			x.enter(element, s)
		}
	}
}

func (x *extractor) enter(n fhir.Node, s *step) {
	if k := n.Kind(); k == fhir.KindAbsent || k == fhir.KindNull || s.filter != "" && !n.Get(s.filter).Is(s.value) {
		return
	}
	x.walk(n, s.next)
}

// readers says how a datatype is read for a kind of parameter. https://hl7.org/fhir/R4/search.html#token and following
var readers = map[string]func(*extractor, place){
	"token Coding":          (*extractor).coding,
	"token CodeableConcept": (*extractor).concept,
	"token Identifier":      (*extractor).identifier,
	"token ContactPoint":    (*extractor).contact,
	"token code":            (*extractor).code,
	"token boolean":         (*extractor).code,
	"token id":              (*extractor).code,
	"token string":          (*extractor).code,
	"token uri":             (*extractor).code,
	"token present":         (*extractor).present,
	"uri uri":               (*extractor).code,
	"uri url":               (*extractor).code,
	"uri oid":               (*extractor).code,
	"uri canonical":         (*extractor).canonicalToken,
	"string string":         (*extractor).text,
	"string markdown":       (*extractor).text,
	"string HumanName":      (*extractor).name,
	"string Address":        (*extractor).address,
	"date date":             (*extractor).date,
	"date dateTime":         (*extractor).date,
	"date instant":          (*extractor).date,
	"date Period":           (*extractor).period,
	"date Timing":           (*extractor).timing,
	"reference Reference":   (*extractor).reference,
	"reference canonical":   (*extractor).canonical,
	"reference uri":         (*extractor).canonical,
	"reference url":         (*extractor).canonical,
	"number integer":        (*extractor).number,
	"number positiveInt":    (*extractor).number,
	"number unsignedInt":    (*extractor).number,
	"number decimal":        (*extractor).number,
	"quantity Quantity":     (*extractor).quantity,
	"quantity Age":          (*extractor).quantity,
	"quantity Duration":     (*extractor).quantity,
	"quantity Money":        (*extractor).money,
	"quantity Range":        (*extractor).span,
}

func (x *extractor) token(param, system, code string) {
	x.keys.Tokens = append(x.keys.Tokens, TokenKey{param, system, code})
}

func (x *extractor) code(p place) {
	if code := p.Text(); code != "" {
		x.token(p.param, p.system, code)
	}
}

func (x *extractor) contact(p place) { x.token(p.param, "", p.Get("value").Text()) }

func (x *extractor) coding(p place) {
	x.token(p.param, p.Get("system").Text(), p.Get("code").Text())
}

func (x *extractor) identifier(p place) {
	x.token(p.param, p.Get("system").Text(), p.Get("value").Text())
}

func (x *extractor) concept(p place) {
	codings := p.Get("coding")
	for c := range codings.Children() {
		x.coding(place{c, p.leaf})
	}
	if codings.Len() == 0 {
		x.token(p.param, "", "")
	}
}

// present reads "there and not false": true, or false also where nothing is there.
func (x *extractor) present(p place) {
	code := "false"
	for _, member := range p.members {
		if n := p.Get(member); n.Exists() && n.Text() != "false" {
			code = "true"
		}
	}
	x.token(p.param, "", code)
}

func (x *extractor) canonicalToken(p place) {
	text := p.Text()
	x.token(p.param, "", text)
	if url, _, versioned := strings.Cut(text, "|"); versioned {
		x.token(p.param, "", url)
	}
}

func (x *extractor) text(p place) { x.addText(p.param, p.Node) }

// addText adds a string or each of several.
func (x *extractor) addText(param string, n fhir.Node) {
	if n.Kind() == fhir.KindArray {
		for element := range n.Children() {
			x.addText(param, element)
		}
		return
	}
	if exact := cut(n.Text()); exact != "" {
		x.keys.Strings = append(x.keys.Strings, StringKey{param, Fold(exact), exact})
	}
}

func (x *extractor) name(p place) {
	for _, part := range [...]string{"family", "given", "prefix", "suffix", "text"} {
		x.addText(p.param, p.Get(part))
	}
}

func (x *extractor) address(p place) {
	for _, part := range [...]string{"line", "city", "district", "state", "postalCode", "country", "text"} {
		x.addText(p.param, p.Get(part))
	}
}

func (x *extractor) addDate(param string, s dateSpan) {
	x.keys.Dates = append(x.keys.Dates, DateKey{param, s.low, s.high, s.lowDay, s.highDay, s.by, s.by})
}

func (x *extractor) date(p place) {
	if s, ok := parseDate(p.Text()); ok {
		x.addDate(p.param, s)
	}
}

func (x *extractor) period(p place) {
	k := DateKey{p.param, DateMin, DateMax, DateMin, DateMax, ByBoth, ByBoth}
	start, hasStart := parseDate(p.Get("start").Text())
	end, hasEnd := parseDate(p.Get("end").Text())
	if hasStart {
		k.Low, k.LowDay, k.LowBy = start.low, start.lowDay, start.by
	}
	if hasEnd {
		k.High, k.HighDay, k.HighBy = end.high, end.highDay, end.by
	}
	if (hasStart || hasEnd) && k.isSpan() {
		x.keys.Dates = append(x.keys.Dates, k)
	}
}

// timing reads the outer limits of a Timing; how often something happens between them does not count.
func (x *extractor) timing(p place) {
	x.period(place{p.Get("repeat").Get("boundsPeriod"), p.leaf})
	k, found := DateKey{Param: p.param}, false
	for event := range p.Get("event").Children() {
		s, ok := parseDate(event.Text())
		if !ok {
			continue
		}
		if !found || s.low < k.Low {
			k.Low, k.LowDay, k.LowBy = s.low, s.lowDay, s.by
		}
		if !found || s.high > k.High {
			k.High, k.HighDay, k.HighBy = s.high, s.highDay, s.by
		}
		found = true
	}
	if found {
		x.keys.Dates = append(x.keys.Dates, k)
	}
}
