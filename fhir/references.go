package fhir

import (
	"bytes"
	"slices"
	"strings"
)

// Relative gives a reference under one of bases, such as https://host/fhir/R4, as it is written without the base:
// Patient/1, with its version where it has one, or Patient?identifier=…. Every other text it gives as it is.
// https://hl7.org/fhir/R4/references.html#literal
func Relative(reference string, bases []string) string {
	if !strings.Contains(reference, "://") {
		return reference
	}
	for _, base := range bases {
		rest, under := strings.CutPrefix(reference, strings.TrimSuffix(base, "/")+"/")
		if !under {
			continue
		}
		if _, _, ok := Local(rest); ok {
			return rest
		}
		if typ, _, conditional := strings.Cut(rest, "?"); conditional && DefineResource([]byte(typ)) != nil {
			return rest
		}
	}
	return reference
}

// Local takes a relative reference apart, leaving out the version it may name; false where reference is no such one.
func Local(reference string) (typ, id string, ok bool) {
	typ, id, _ = strings.Cut(reference, "/")
	id, _, _ = strings.Cut(id, "/_history/")
	if id == "" || strings.ContainsAny(id, "/?#") || DefineResource([]byte(typ)) == nil {
		return "", "", false
	}
	return typ, id, true
}

// Localize gives d with its references under one of bases relative, everything else byte for byte; d itself where there
// are none. Whoever asks what a document refers to asks the localized one; what is stored stays as it was sent.
func Localize(d *Document, bases []string) *Document {
	if !mayName(d, bases) {
		return d
	}
	return d.edited(RewriteReferences(d, func(_ Node, reference string) (string, bool) {
		relative := Relative(reference, bases)
		return relative, relative != reference
	}))
}

// mayName reports whether the bytes of d can hold one of bases, at the cost of a search instead of a walk.
func mayName(d *Document, bases []string) bool {
	isEscaped := bytes.IndexByte(d.src, '\\') >= 0
	return slices.ContainsFunc(bases, func(base string) bool { return isEscaped || bytes.Contains(d.src, []byte(base)) })
}

// RewriteReferences gives the edits that put another text wherever rewrite answers true, in Reference.reference alone;
// those of contained resources and extensions included. n is where the text stands.
func RewriteReferences(d *Document, rewrite func(n Node, reference string) (string, bool)) []Edit {
	var edits []Edit
	for n, text := range References(d) {
		if other, ok := rewrite(n, text); ok {
			edits = append(edits, replace(n, quote(other)))
		}
	}
	return edits
}

// Logical is a Reference that has no address of its own: it has an identifier, or it leads to a contained resource that
// has some.
type Logical struct {
	// Holder is the Reference itself.
	Holder Node
	// Identifiers are what the record that is meant is known by.
	Identifiers []Identifier
	// Type is the type that is meant where the document says it, or "".
	Type string
}

// Logicals gives the logical references of a document that name a system and a value, in document order; those of
// contained resources and extensions included. An identifier without a system is one in nobody's namespace and names no
// record. https://hl7.org/fhir/R4/references.html#logical
func Logicals(d *Document) []Logical {
	if !d.identifiesOthers() {
		return nil
	}
	var found []Logical
	w := walker{object: func(n Node, t *TypeDefinition) {
		if t.Name != "Reference" {
			return
		}
		if l := LogicalOf(n); len(l.Identifiers) > 0 {
			found = append(found, l)
		}
	}}
	w.walk(d.Root(), nil)
	return found
}

// identifiesOthers reports whether anything in d but d itself may have an identifier: most documents refer by address alone.
func (d *Document) identifiesOthers() bool {
	own := d.Root().Get("identifier").index
	return slices.ContainsFunc(d.named("identifier"), func(at uint32) bool { return at != own })
}

// LogicalOf reads one Reference; it has no Identifiers where the reference is not a logical one.
func LogicalOf(reference Node) Logical {
	l := Logical{Holder: reference, Type: reference.Get("type").Text()}
	target := reference
	if literal := reference.Get("reference"); literal.Exists() {
		if target = reference.doc.contained(literal); !target.Exists() {
			return l
		}
		l.Type = target.Get("resourceType").Text()
	}
	for n := range target.Get("identifier").Each() {
		i := Identifier{System: n.Get("system").Text(), Value: n.Get("value").Text()}
		if i.System != "" && i.Value != "" {
			l.Identifiers = append(l.Identifiers, i)
		}
	}
	return l
}

// contained gives the contained resource that a reference #id names.
func (d *Document) contained(literal Node) Node {
	raw, _ := literal.RawText()
	if len(raw) < 2 || raw[0] != '#' {
		return Node{}
	}
	id := literal.Text()[1:]
	for r := range d.Root().Get("contained").Children() {
		if r.Get("id").Is(id) {
			return r
		}
	}
	return Node{}
}

// PointTo gives the edit that makes a Reference lead to address, whatever it says beside that.
func PointTo(reference Node, address string) Edit {
	if literal := reference.Get("reference"); literal.Exists() {
		return replace(literal, quote(address))
	}
	start, _ := reference.Span()
	text := join(`"reference":`, quote(address))
	if reference.Len() > 0 {
		text = append(text, ',')
	}
	return Edit{start + 1, start + 1, text}
}

// Edited gives the document with edits made, or the document itself where there are none.
func (d *Document) Edited(edits []Edit) (*Document, error) {
	if len(edits) == 0 {
		return d, nil
	}
	return Parse(Splice(d.src, edits))
}

// edited is Edited with edits that leave a document what it is.
func (d *Document) edited(edits []Edit) *Document {
	edited, err := d.Edited(edits)
	if err != nil {
		panic("fhir: an edited document cannot be read: " + err.Error())
	}
	return edited
}
