package fhir

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:generate go run -C ../tools ./fhirgen

// definitionsText is HL7's StructureDefinitions boiled down; its head explains its lines.
//
//go:embed definitions.txt
var definitionsText string

// Primitive says which primitive type a TypeDefinition is; each has its own format.
// https://hl7.org/fhir/R4/datatypes.html#primitive
type Primitive uint8

// The primitive types; NotPrimitive is every other type.
const (
	NotPrimitive Primitive = iota
	PrimitiveBase64Binary
	PrimitiveBoolean
	PrimitiveCanonical
	PrimitiveCode
	PrimitiveDate
	PrimitiveDateTime
	PrimitiveDecimal
	PrimitiveID
	PrimitiveInstant
	PrimitiveInteger
	PrimitiveMarkdown
	PrimitiveOID
	PrimitivePositiveInt
	PrimitiveString
	PrimitiveTime
	PrimitiveUnsignedInt
	PrimitiveURI
	PrimitiveURL
	PrimitiveUUID
	PrimitiveXHTML
)

var primitives = map[string]Primitive{
	"base64Binary": PrimitiveBase64Binary, "boolean": PrimitiveBoolean, "canonical": PrimitiveCanonical, "code": PrimitiveCode,
	"date": PrimitiveDate, "dateTime": PrimitiveDateTime, "decimal": PrimitiveDecimal, "id": PrimitiveID, "instant": PrimitiveInstant,
	"integer": PrimitiveInteger, "markdown": PrimitiveMarkdown, "oid": PrimitiveOID, "positiveInt": PrimitivePositiveInt,
	"string": PrimitiveString, "time": PrimitiveTime, "unsignedInt": PrimitiveUnsignedInt, "uri": PrimitiveURI, "url": PrimitiveURL,
	"uuid": PrimitiveUUID, "xhtml": PrimitiveXHTML,
}

// slotsMax is how many elements a type may have, so that a set of them fits one word.
const slotsMax = 64

// TypeDefinition is what R4 says about one type: a primitive, a data type, a backbone element (named by its path,
// `Claim.item`) or a resource. Definitions are shared and never change.
type TypeDefinition struct {
	Name      string
	Base      *TypeDefinition
	Primitive Primitive
	Elements  []*ElementDefinition // inherited ones first; a choice stands once per type it may hold
	Required  uint64               // the slots of elements with a minimum of one
	byKey     map[string]*ElementDefinition
}

// ElementDefinition is one member that objects of a type may have.
type ElementDefinition struct {
	Key      string // the member's name in JSON: valueString
	Name     string // the element's name in FHIRPath: value
	Type     *TypeDefinition
	Codes    *CodeList // the codes it is bound to, or nil
	Slot     uint8     // its bit in sets of elements; all types of a choice share one
	IsList   bool
	IsChoice bool
}

// CodeList is the codes of a value set that an element must take its code from.
type CodeList struct {
	Name  string
	codes map[string]struct{}
}

// Contains reports whether code is in the list.
func (l *CodeList) Contains(code []byte) bool {
	_, ok := l.codes[string(code)]
	return ok
}

// Define gives the definition of an R4 type, or nil where R4 has none of that name.
func Define(name string) *TypeDefinition { return definitions()[name] }

// DefineResource gives the definition of a resource type that can be sent, or nil.
func DefineResource(name []byte) *TypeDefinition {
	if t := definitions()[string(name)]; t != nil && t.IsResource() {
		return t
	}
	return nil
}

// IsResource reports whether the type is a concrete resource: `Claim`, but not `DomainResource`.
func (t *TypeDefinition) IsResource() bool {
	return t.Base != nil && t.Name != "DomainResource" && (t.Base.Name == "DomainResource" || t.Base.Name == "Resource")
}

// IsAnyResource reports whether the element holds a resource of any type, as Bundle.entry.resource does.
func (t *TypeDefinition) IsAnyResource() bool { return t.Name == "Resource" }

// Element gives the element that stands under a member's name, or nil. A leading underscore is the caller's to cut.
func (t *TypeDefinition) Element(key []byte) *ElementDefinition { return t.byKey[string(key)] }

var definitions = sync.OnceValue(func() map[string]*TypeDefinition {
	types, err := parseDefinitions(definitionsText)
	if err != nil {
		panic("fhir: definitions.txt: " + err.Error())
	}
	return types
})

// definitionsParser keeps what the lines before have defined. Types are met before they are defined.
type definitionsParser struct {
	types   map[string]*TypeDefinition
	lists   map[string]*CodeList
	defined []*TypeDefinition
}

func parseDefinitions(text string) (map[string]*TypeDefinition, error) {
	p := definitionsParser{types: make(map[string]*TypeDefinition, 1024), lists: make(map[string]*CodeList, 256)}
	for line := range strings.Lines(text) {
		if err := p.line(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, err
		}
	}
	for _, t := range p.defined {
		if err := t.inherit(); err != nil {
			return nil, err
		}
	}
	return p.types, nil
}

func (p *definitionsParser) line(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	if element, ok := strings.CutPrefix(word, "\t"); ok && len(p.defined) > 0 {
		return p.element(p.defined[len(p.defined)-1], element, rest)
	}
	switch word {
	case "codes":
		name, codes, _ := strings.Cut(rest, " ")
		list := &CodeList{Name: name, codes: make(map[string]struct{}, 1+strings.Count(codes, " "))}
		for code := range strings.SplitSeq(codes, " ") {
			list.codes[code] = struct{}{}
		}
		p.lists[name] = list
	case "primitive":
		t := p.named(rest)
		if t.Primitive = primitives[rest]; t.Primitive == NotPrimitive {
			return fmt.Errorf("primitive %s is unknown", rest)
		}
		t.Base = p.named("Element")
		p.defined = append(p.defined, t)
	case "type":
		name, base, _ := strings.Cut(rest, " ")
		t := p.named(name)
		if base != "-" {
			t.Base = p.named(base)
		}
		p.defined = append(p.defined, t)
	default:
		if !strings.HasPrefix(line, "#") {
			return fmt.Errorf("line %q is unknown", line)
		}
	}
	return nil
}

func (p *definitionsParser) named(name string) *TypeDefinition {
	t, ok := p.types[name]
	if !ok {
		t = &TypeDefinition{Name: name}
		p.types[name] = t
	}
	return t
}

// element adds one element line; its slot counts within the type until inherit shifts it behind the base's.
func (p *definitionsParser) element(t *TypeDefinition, name, rest string) error {
	cardinality, types, ok := strings.Cut(rest, " ")
	if !ok || len(cardinality) != 4 {
		return fmt.Errorf("%s.%s has no cardinality or type", t.Name, name)
	}
	e := ElementDefinition{IsList: cardinality[3] == '*'}
	e.Name, e.IsChoice = strings.CutSuffix(name, "[x]")
	if n := len(t.Elements); n > 0 {
		e.Slot = t.Elements[n-1].Slot + 1
	}
	if cardinality[0] == '1' {
		t.Required |= 1 << e.Slot
	}
	types, list, _ := strings.Cut(types, " =")
	for word := range strings.SplitSeq(types, " ") {
		one := e
		one.Type, one.Key = p.named(word), e.Name
		if word == "code" {
			one.Codes = p.lists[list]
		}
		if e.IsChoice {
			one.Key += strings.ToUpper(word[:1]) + word[1:]
		}
		t.Elements = append(t.Elements, &one)
	}
	return nil
}

// inherit puts the base's elements before the type's own and builds the index. A type that is done keeps its index.
func (t *TypeDefinition) inherit() error {
	if t.byKey != nil {
		return nil
	}
	if t.Base != nil {
		if err := t.Base.inherit(); err != nil {
			return err
		}
		t.prepend(t.Base)
	}
	t.byKey = make(map[string]*ElementDefinition, len(t.Elements))
	for _, e := range t.Elements {
		if e.Slot >= slotsMax {
			return fmt.Errorf("%s has more than %d elements", t.Name, slotsMax)
		}
		if t.byKey[e.Key] != nil {
			return fmt.Errorf("%s has two elements called %s", t.Name, e.Key)
		}
		t.byKey[e.Key] = e
	}
	return nil
}

func (t *TypeDefinition) prepend(base *TypeDefinition) {
	if len(base.Elements) == 0 {
		return
	}
	shift := base.Elements[len(base.Elements)-1].Slot + 1
	for _, e := range t.Elements {
		e.Slot += shift
	}
	t.Elements = slices.Concat(base.Elements, t.Elements)
	t.Required = base.Required | t.Required<<shift
}
