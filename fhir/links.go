package fhir

import (
	"bytes"
	"html"
	"iter"
	"slices"
)

// RewriteLinks gives the edits that put another link wherever rewrite answers true: in Reference.reference, in values of
// type uri, url, oid and uuid, and in href and src of narratives, extensions and contained resources included. Canonicals
// are left alone. https://hl7.org/fhir/R4/http.html#trules
func RewriteLinks(d *Document, rewrite func(link string) (string, bool)) []Edit {
	var edits []Edit
	w := walker{text: func(n Node, owner *TypeDefinition, e *ElementDefinition) bool {
		switch {
		case e.Type.Primitive == PrimitiveXHTML:
			edits = narrativeEdits(edits, n, rewrite)
		case isLink(owner, e):
			if link, ok := rewrite(n.Text()); ok {
				edits = append(edits, replace(n, quote(link)))
			}
		}
		return true
	}}
	w.walk(d.Root(), nil)
	return edits
}

// References gives each Reference.reference of the document, as the node that holds it and its text, in document order;
// those of contained resources, extensions and Bundle entries included.
func References(d *Document) iter.Seq2[Node, string] {
	return func(yield func(Node, string) bool) {
		w := walker{among: d.named("reference"), text: func(n Node, owner *TypeDefinition, e *ElementDefinition) bool {
			return !isReference(owner, e) || yield(n, n.Text())
		}}
		w.walk(d.Root(), nil)
	}
}

func isReference(owner *TypeDefinition, e *ElementDefinition) bool {
	return e.Key == "reference" && owner.Name == "Reference"
}

func isLink(owner *TypeDefinition, e *ElementDefinition) bool {
	switch e.Type.Primitive {
	case PrimitiveURI, PrimitiveURL, PrimitiveOID, PrimitiveUUID:
		return true
	}
	return isReference(owner, e)
}

// walker is told what stands in a document; either function may be nil. owner is the type that has the element e of a
// string, and a string that text answers false to is the last. What R4 does not define is skipped.
type walker struct {
	text   func(n Node, owner *TypeDefinition, e *ElementDefinition) bool
	object func(n Node, t *TypeDefinition)
	// among are the indexes of the only values that matter, in order; nil where all do. What holds none of them is skipped.
	among []uint32
}

// walk visits the object n, which is of type t or, where t is nil, a resource, and all under it.
func (w *walker) walk(n Node, t *TypeDefinition) bool {
	if t == nil {
		if t = DefineResource([]byte(n.Get("resourceType").Text())); t == nil {
			return true
		}
	}
	if w.object != nil {
		w.object(n, t)
	}
	for member := n.First(); member.Exists(); member = member.NextIn(n) {
		if w.skips(member) {
			continue
		}
		key, escaped := member.RawKey()
		if escaped {
			key = []byte(member.Key())
		}
		e, of := t.Element(key), (*TypeDefinition)(nil)
		switch {
		case e != nil && !e.Type.IsAnyResource():
			of = e.Type
		case e == nil && len(key) > 1 && key[0] == '_':
			of = Define("Element")
		case e == nil:
			continue
		}
		if member.Kind() != KindArray {
			if !w.value(member, t, e, of) {
				return false
			}
			continue
		}
		for value := member.First(); value.Exists(); value = value.NextIn(member) {
			if !w.value(value, t, e, of) {
				return false
			}
		}
	}
	return true
}

// value visits one value of the element e of owner; of is its type.
func (w *walker) value(n Node, owner *TypeDefinition, e *ElementDefinition, of *TypeDefinition) bool {
	switch n.Kind() {
	case KindObject:
		return w.walk(n, of)
	case KindString:
		return e == nil || w.text == nil || w.text(n, owner, e)
	}
	return true
}

// skips reports whether nothing that matters stands in n.
func (w *walker) skips(n Node) bool {
	if w.among == nil {
		return false
	}
	at, _ := slices.BinarySearch(w.among, n.index)
	return at == len(w.among) || w.among[at] >= n.entry().next
}

// named gives the indexes of the members of this name wherever they stand, and of those whose names hold escapes.
func (d *Document) named(name string) []uint32 {
	found := []uint32{}
	for i := range d.entries {
		if e := &d.entries[i]; e.keyEscaped || string(d.src[e.keyStart:e.keyEnd]) == name {
			found = append(found, uint32(i))
		}
	}
	return found
}

// narrativeEdits adds the edits of one Narrative.div. Its links stand inside XHTML inside JSON: only their bytes change.
func narrativeEdits(edits []Edit, n Node, rewrite func(link string) (string, bool)) []Edit {
	raw, escaped := n.RawText()
	if !bytes.Contains(raw, []byte("href")) && !bytes.Contains(raw, []byte("src")) {
		return edits
	}
	base, _ := n.Span()
	place := func(at int) int { return base + 1 + at }
	div := raw
	if escaped {
		var places []int
		div, places = decodeWithPlaces(raw)
		place = func(at int) int { return base + 1 + places[at] }
	}
	ScanNarrative(div, func(_, attribute []byte, start, end int) bool {
		if name := string(attribute); name != "href" && name != "src" {
			return true
		}
		if link, ok := rewrite(html.UnescapeString(string(div[start:end]))); ok {
			text := quote(html.EscapeString(link))
			edits = append(edits, Edit{place(start), place(end), text[1 : len(text)-1]})
		}
		return true
	})
	return edits
}

// decodeWithPlaces decodes the inside of a string and gives, for each byte and for the end, where in raw it comes from.
func decodeWithPlaces(raw []byte) (text []byte, places []int) {
	text, places = make([]byte, 0, len(raw)), make([]int, 0, len(raw)+1)
	for i := 0; i < len(raw); {
		size := 1
		if raw[i] == '\\' {
			size = 2
			if raw[i+1] == 'u' {
				_, size = decodeHex(raw[i:])
			}
		}
		text = appendDecoded(text, raw[i:i+size])
		for len(places) < len(text) {
			places = append(places, i)
		}
		i += size
	}
	return text, append(places, len(raw))
}
