// Package search is FHIR search without a database: which parameters a type has, which keys a document leaves in the five
// side tables, and what a query asks of those tables. It owns the meaning of both sides, so that they cannot drift; it
// knows no SQL. https://hl7.org/fhir/R4/search.html
package search

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"medbill/fhir"
)

// Kind is the type of a search parameter. https://hl7.org/fhir/R4/search.html#ptypes
type Kind uint8

// The kinds. Composite and special parameters are not offered.
const (
	KindToken Kind = iota
	KindString
	KindDate
	KindReference
	KindNumber
	KindQuantity
	KindURI
)

var kindNames = [...]string{"token", "string", "date", "reference", "number", "quantity", "uri"}

// String gives FHIR's word for the kind, as a CapabilityStatement wants it.
func (k Kind) String() string { return kindNames[k] }

// Param is a search parameter of one type.
type Param struct {
	Name string
	Kind Kind
	// Targets are the types a reference may lead to, sorted; empty where it may lead anywhere. Other kinds have none.
	Targets []string
	// IsSingle says that a document leaves one key of it at most: R4 has one such value in a resource, and reads one key off it.
	IsSingle bool
}

// LeadsTo reports whether a reference of p may lead to resourceType.
func (p Param) LeadsTo(resourceType string) bool {
	return p.Kind == KindReference && (len(p.Targets) == 0 || slices.Contains(p.Targets, resourceType))
}

// IsColumn reports whether p is answered by the document's own row and has no keys: `_id` by its id, `_lastUpdated` by
// the instant it was written.
func (p Param) IsColumn() bool { return p.Name == "_id" || p.Name == "_lastUpdated" }

var (
	//go:embed parameters.txt
	parametersText string
	//go:embed own.txt
	ownText string
)

// table is what is known of one resource type.
type table struct {
	params []Param // sorted by name, with those common to all types
	root   node    // where their values stand
}

// tables holds every resource type of R4, read once at first use.
var tables = sync.OnceValue(func() map[string]*table { return readTables(parametersText + ownText) })

// Params gives the parameters of a resource type, sorted by name; those common to all types are among them. A type that
// R4 does not know has none.
func Params(resourceType string) []Param {
	t := tables()[resourceType]
	if t == nil {
		return nil
	}
	return slices.Clone(t.params)
}

// Lookup gives one parameter of a resource type by its name without modifier.
func Lookup(resourceType, name string) (Param, bool) {
	t := tables()[resourceType]
	if t == nil {
		return Param{}, false
	}
	i, found := slices.BinarySearchFunc(t.params, name, func(p Param, name string) int { return strings.Compare(p.Name, name) })
	if !found {
		return Param{}, false
	}
	return t.params[i], true
}

// readTables reads the lines that tools/fhirgen writes; their form is described at the head of the file. A line it does
// not understand is a defect of the generator, so it panics.
func readTables(text string) map[string]*table {
	out := map[string]*table{}
	var common [][]string
	lines := map[string][][]string{}
	members := map[string][]string{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case words[0] == "#":
		case words[0] == "compartment":
			members[words[2]] = words[3:]
		case words[0] == "Resource":
			common = append(common, words)
		default:
			lines[words[0]] = append(lines[words[0]], words)
		}
	}
	for resourceType, own := range lines {
		t := &table{}
		for _, words := range slices.Concat(common, own) {
			t.add(words, slices.Contains(members[resourceType], words[1]))
		}
		slices.SortFunc(t.params, func(a, b Param) int { return strings.Compare(a.Name, b.Name) })
		out[resourceType] = t
	}
	return out
}

// add reads one line: type parameter kind targets paths.
func (t *table) add(words []string, member bool) {
	p := Param{Name: words[1], Kind: Kind(slices.Index(kindNames[:], words[2]))}
	if targets := words[3]; targets != "-" && targets != "*" {
		p.Targets = strings.Split(targets, ",")
	}
	p.IsSingle = isSingle(fhir.Define(words[0]), words[4:])
	t.params = append(t.params, p)
	for _, path := range words[4:] {
		t.root.add(path, leaf{param: p.Name, targets: p.Targets, member: member}, words[2])
	}
}

// one are the data types that leave one key; the others leave one for each of their parts.
var one = []string{"code", "boolean", "id", "string", "uri", "Coding", "Identifier", "ContactPoint", "markdown", "date", "dateTime", "instant",
	"Period", "integer", "positiveInt", "unsignedInt", "decimal", "Quantity", "Age", "Duration", "Money", "Range"}

// isSingle reports whether all paths lead to one and the same element, the types of a choice being one, and none through a list.
func isSingle(t *fhir.TypeDefinition, paths []string) bool {
	var element *fhir.ElementDefinition
	for _, path := range paths {
		path, datatype, _ := strings.Cut(path, ":")
		if path == "" || strings.Contains(path, ".") || !slices.Contains(one, strings.FieldsFunc(datatype, isArgument)[0]) {
			return false
		}
		e := t.Element([]byte(path))
		if e == nil || e.IsList || element != nil && element.Slot != e.Slot {
			return false
		}
		element = e
	}
	return element != nil
}

func isArgument(r rune) bool { return r == '?' || r == '=' }

// node is a place in a document where values of parameters stand, or below which they stand. The nodes of a type form a
// tree of all its paths, so that a document is walked once.
type node struct {
	leaves []leaf
	steps  []step
}

// step leads to the member of an object; where filter is set, only to elements whose member of that name equals value.
type step struct {
	member, filter, value string
	next                  *node
}

// leaf says how to read the value at a node, and for which parameter.
type leaf struct {
	param   string
	read    func(*extractor, place)
	targets []string // of the parameter
	only    string   // the one target type that counts, or ""
	system  string   // implied by the value set a code is bound to
	members []string // of a presence test
	member  bool     // a Patient that this parameter names has the document in its compartment
}

// add hangs a path below n, making the nodes on the way.
func (n *node) add(path string, l leaf, kind string) {
	for path[0] != ':' {
		end := strings.IndexAny(path, ".:[")
		s := step{member: path[:end]}
		path = path[end:]
		if path[0] == '[' {
			end = strings.IndexByte(path, ']')
			s.filter, s.value, _ = strings.Cut(path[1:end], "=")
			path = path[end+1:]
		}
		path = strings.TrimPrefix(path, ".")
		n = n.step(s)
	}
	datatype, argument := path[1:], ""
	if at := strings.IndexAny(datatype, "?="); at >= 0 {
		datatype, argument = datatype[:at], datatype[at:]
	}
	switch {
	case datatype == "present":
		l.members = strings.Split(argument[1:], ",")
	case strings.HasPrefix(argument, "?"):
		l.only = argument[1:]
	case argument != "":
		l.system = argument[1:]
	}
	if l.read = readers[kind+" "+datatype]; l.read == nil {
		panic("search: no reader for a " + kind + " in a " + datatype)
	}
	n.leaves = append(n.leaves, l)
}

func (n *node) step(want step) *node {
	for i := range n.steps {
		if s := &n.steps[i]; s.member == want.member && s.filter == want.filter && s.value == want.value {
			return s.next
		}
	}
	want.next = &node{}
	n.steps = append(n.steps, want)
	return want.next
}
