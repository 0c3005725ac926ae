// Package validate checks a document against the R4 definitions in one pass and finds every issue, each with its FHIRPath.
// It knows structure, cardinality, formats, required codes and what keeps a stored document safe to show; it does not know
// profiles, billing rules, whether references lead anywhere, nor required bindings of CodeableConcepts.
// https://hl7.org/fhir/R4/validation.html
package validate

import (
	"sync"

	"medbill/fhir"
	"medbill/models/fault"
)

// issuesMax bounds an answer: a client mends a hundred issues before it wants the next.
const issuesMax = 100

// FHIR issue types. https://hl7.org/fhir/R4/valueset-issue-type.html
const (
	codeStructure   = "structure"
	codeRequired    = "required"
	codeValue       = "value"
	codeCodeInvalid = "code-invalid"
	codeInvalid     = "invalid"
)

// Resource gives everything wrong with the document, or nothing; a hundred issues at most.
func Resource(d *fhir.Document) []fault.Issue { return Node(d.Root(), "") }

// Node gives everything wrong with a resource that stands inside a document; path is where it stands
// (`Bundle.entry[3].resource`) and may be empty for the outermost. A hundred issues at most.
func Node(n fhir.Node, path string) []fault.Issue {
	c := checker{root: n, rootPath: path, types: knownTypes()}
	c.resource(n, false)
	return c.issues
}

// types are the definitions whose instances obey more than their tables say.
type types struct {
	element, extension, reference *fhir.TypeDefinition
	// The slots of Extension's elements that exclude each other.
	nested, value uint64
}

var knownTypes = sync.OnceValue(func() *types {
	k := &types{element: fhir.Define("Element"), extension: fhir.Define("Extension"), reference: fhir.Define("Reference")}
	k.nested = 1 << k.extension.Element([]byte("extension")).Slot
	k.value = 1 << k.extension.Element([]byte("valueString")).Slot
	return k
})

// checker walks one resource. Nothing is built for a document without issues: paths are found again from the root.
type checker struct {
	root     fhir.Node
	rootPath string
	types    *types
	issues   []fault.Issue
	scratch  []byte
	// container is the resource whose contained resources `#id` means here; ids are read at the first such reference.
	container fhir.Node
	ids       map[string]struct{}
}

func (c *checker) isFull() bool { return len(c.issues) >= issuesMax }

func (c *checker) resource(n fhir.Node, isContained bool) {
	if n.Kind() != fhir.KindObject {
		c.report(n, codeStructure, "is not an object; send a resource")
		return
	}
	name := n.Get("resourceType")
	if name.Kind() != fhir.KindString {
		c.reportMissing(n, "resourceType", "is missing; name the type of the resource")
		return
	}
	t := fhir.DefineResource(c.text(name))
	if t == nil {
		c.report(name, codeStructure, "is not a resource type of R4")
		return
	}
	if isContained {
		if inner := n.Get("contained"); inner.Exists() {
			c.report(inner, codeInvalid, "stands in a contained resource; contain it in the outer resource instead")
		}
		c.object(n, t, true)
		return
	}
	container, ids := c.container, c.ids
	c.container, c.ids = n, nil
	c.object(n, t, true)
	c.container, c.ids = container, ids
}

// object checks the members of n against t and that none is missing.
func (c *checker) object(n fhir.Node, t *fhir.TypeDefinition, isResource bool) {
	var seen uint64
	isEmpty := true
	for m := range n.Children() {
		if c.isFull() {
			return
		}
		isEmpty = false
		key, escaped := m.RawKey()
		if escaped {
			key = []byte(m.Key())
		}
		e := t.Element(key)
		beside := false
		if e == nil {
			if isResource && string(key) == "resourceType" {
				continue
			}
			if e = t.Beside(key); e == nil {
				c.reportUnknown(n, key)
				continue
			}
			beside = true
		}
		slot := uint64(1) << e.Slot
		if seen&slot != 0 && e.IsChoice {
			c.choice(n, m, t, e)
		}
		seen |= slot
		switch {
		case beside:
			c.beside(n, m, e)
		case e.IsList:
			c.list(n, m, e)
		default:
			c.single(m, e)
		}
		if t == c.types.reference && e.Key == "reference" {
			c.reference(m)
		}
	}
	if isEmpty {
		c.report(n, codeStructure, "is an empty object; leave it out")
		return
	}
	if missing := t.Required &^ seen; missing != 0 {
		c.required(n, t, missing)
	}
	if t == c.types.extension && (seen&c.types.nested == 0) == (seen&c.types.value == 0) {
		c.report(n, codeInvalid, "must hold either a value or extensions")
	}
}

func (c *checker) required(n fhir.Node, t *fhir.TypeDefinition, missing uint64) {
	for _, e := range t.Elements {
		if bit := uint64(1) << e.Slot; missing&bit != 0 {
			c.reportMissing(n, e.Name, "is missing")
			missing &^= bit
		}
	}
}

// choice refuses a second type of a choice; `valueString` and `_valueString` are one.
func (c *checker) choice(n, m fhir.Node, t *fhir.TypeDefinition, e *fhir.ElementDefinition) {
	for other := range n.Children() {
		if other == m {
			return
		}
		key := other.Key()
		if len(key) > 1 && key[0] == '_' {
			key = key[1:]
		}
		if o := t.Element([]byte(key)); o != nil && o.Slot == e.Slot && o != e {
			c.report(m, codeStructure, "has values of more than one type; send one of them")
			return
		}
	}
}

// list checks an element that repeats: always an array, with nulls only where an id or extension stands beside.
func (c *checker) list(n, m fhir.Node, e *fhir.ElementDefinition) {
	if m.Kind() != fhir.KindArray {
		c.report(m, codeStructure, "repeats; send an array")
		if m.Kind() != fhir.KindNull {
			c.item(m, e)
		}
		return
	}
	isEmpty, beside, isAlone := true, fhir.Node{}, false
	for item := range m.Children() {
		if c.isFull() {
			return
		}
		isEmpty = false
		if item.Kind() == fhir.KindNull && e.Type.Primitive != fhir.NotPrimitive {
			if !beside.Exists() && !isAlone {
				beside = n.Get("_" + e.Key)
				isAlone = !beside.Exists()
			}
			if isAlone {
				c.report(item, codeStructure, "is null without an extension beside it; leave it out")
			}
			continue
		}
		c.item(item, e)
	}
	if isEmpty {
		c.report(m, codeStructure, "is an empty array; leave it out")
	}
}

func (c *checker) single(m fhir.Node, e *fhir.ElementDefinition) {
	if m.Kind() != fhir.KindArray {
		c.item(m, e)
		return
	}
	c.report(m, codeStructure, "does not repeat; send one value without an array")
	for item := range m.Children() {
		if c.isFull() {
			return
		}
		c.item(item, e)
	}
}

// item checks one value of an element.
func (c *checker) item(m fhir.Node, e *fhir.ElementDefinition) {
	kind := m.Kind()
	switch {
	case kind == fhir.KindNull:
		c.report(m, codeStructure, "is null; leave it out")
	case e.Type.Primitive != fhir.NotPrimitive:
		c.primitive(m, e)
	case kind != fhir.KindObject:
		c.report(m, codeStructure, "is not an object")
	case e.Type.IsAnyResource():
		c.resource(m, e.Key == "contained")
	default:
		c.object(m, e.Type, false)
	}
}

// beside checks the ids and extensions of a primitive element, and that each in an array has its value's place.
func (c *checker) beside(n, m fhir.Node, e *fhir.ElementDefinition) {
	if !e.IsList {
		c.besideItem(m)
		return
	}
	if m.Kind() != fhir.KindArray {
		c.report(m, codeStructure, "repeats; send an array beside it too")
		return
	}
	values := n.Get(e.Key)
	value, isEmpty := values.First(), true
	for item := range m.Children() {
		if c.isFull() {
			return
		}
		isEmpty = false
		if item.Kind() != fhir.KindNull {
			c.besideItem(item)
		} else if k := value.Kind(); k == fhir.KindNull || k == fhir.KindAbsent && !values.Exists() {
			c.report(item, codeStructure, "has neither a value nor an extension; leave it out")
		}
		if values.Kind() == fhir.KindArray && !value.Exists() {
			c.report(m, codeStructure, "has more extensions beside it than values; fill the shorter array with null")
			return
		}
		value = value.NextIn(values)
	}
	switch {
	case isEmpty:
		c.report(m, codeStructure, "has an empty array beside it; leave it out")
	case value.Exists():
		c.report(m, codeStructure, "has fewer extensions beside it than values; fill the shorter array with null")
	}
}

func (c *checker) besideItem(m fhir.Node) {
	if m.Kind() != fhir.KindObject {
		c.report(m, codeStructure, "has something else than an object beside it; send an id or extensions there")
		return
	}
	c.object(m, c.types.element, false)
}

// reference refuses `#id` where the container has no such contained resource.
// https://hl7.org/fhir/R4/references.html#contained
func (c *checker) reference(m fhir.Node) {
	text := c.text(m)
	if len(text) < 2 || text[0] != '#' {
		return
	}
	if c.ids == nil {
		c.ids = make(map[string]struct{}, 4)
		for contained := range c.container.Get("contained").Children() {
			c.ids[contained.Get("id").Text()] = struct{}{}
		}
	}
	if _, ok := c.ids[string(text[1:])]; !ok {
		c.report(m, codeInvalid, "names a contained resource that is not there")
	}
}

// text gives a string decoded; it holds until the next call.
func (c *checker) text(n fhir.Node) []byte {
	text, escaped := n.RawText()
	if escaped {
		c.scratch = n.AppendText(c.scratch[:0])
		return c.scratch
	}
	return text
}
