package validate

import (
	"strconv"

	"medbill/fhir"
	"medbill/models/fault"
)

// nameBytesMax bounds the names of unknown members that are repeated to the client: longer ones may be somebody's data.
const nameBytesMax = 40

// report notes what is wrong with the value n; text goes on after the path and holds no value.
func (c *checker) report(n fhir.Node, code, text string) { c.issue(c.path(n), code, text) }

// reportMissing notes what n lacks.
func (c *checker) reportMissing(n fhir.Node, name, text string) {
	c.issue(under(c.path(n), name), codeRequired, text)
}

// reportUnknown notes a member of n that R4 does not have. Its name is repeated only if it looks like an element's.
func (c *checker) reportUnknown(n fhir.Node, key []byte) {
	path := c.path(n)
	if isName(key) {
		c.issue(under(path, string(key)), codeStructure, "is not an element of R4; leave it out")
		return
	}
	c.issue(path, codeStructure, "has a member that R4 does not have; leave it out")
}

func (c *checker) issue(path, code, text string) {
	if c.isFull() {
		return
	}
	subject := path
	if subject == "" {
		subject = "The body"
	}
	c.issues = append(c.issues, fault.Issue{Code: code, Path: path, Text: subject + " " + text + "."})
}

// path finds target again from the root and gives its FHIRPath: choices without their type, and the extensions beside a
// primitive as its children.
func (c *checker) path(target fhir.Node) string {
	n, t := c.root, resourceOf(c.root)
	path := []byte(c.rootPath)
	if len(path) == 0 && t != nil {
		path = append(path, t.Name...)
	}
	start, end := target.Span()
	for {
		if s, e := n.Span(); s == start && e == end {
			return string(path)
		}
		child, index := childAt(n, start)
		if !child.Exists() {
			return string(path)
		}
		if n.Kind() == fhir.KindArray {
			path = append(strconv.AppendInt(append(path, '['), int64(index), 10), ']')
			if t != nil && t.IsAnyResource() {
				t = resourceOf(child)
			}
			n = child
			continue
		}
		name, next := step(t, child)
		if len(path) > 0 {
			path = append(path, '.')
		}
		path = append(path, name...)
		n, t = child, next
	}
}

// step gives the FHIRPath name of a member of an object of type t, and the member's type.
func step(t *fhir.TypeDefinition, child fhir.Node) (string, *fhir.TypeDefinition) {
	key := child.Key()
	if t == nil {
		return key, nil
	}
	if e := t.Element([]byte(key)); e != nil {
		if e.Type.IsAnyResource() && child.Kind() == fhir.KindObject {
			return e.Name, resourceOf(child)
		}
		return e.Name, e.Type
	}
	if e, ok := besideElement(t, []byte(key)); ok {
		return e.Name, knownTypes().element
	}
	return key, nil
}

func resourceOf(n fhir.Node) *fhir.TypeDefinition {
	return fhir.DefineResource([]byte(n.Get("resourceType").Text()))
}

// childAt gives the child of n that holds the byte at, and its number.
func childAt(n fhir.Node, at int) (fhir.Node, int) {
	index := 0
	for child := range n.Children() {
		if start, end := child.Span(); start <= at && at < end {
			return child, index
		}
		index++
	}
	return fhir.Node{}, 0
}

func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func isName(key []byte) bool {
	if len(key) == 0 || len(key) > nameBytesMax {
		return false
	}
	for i, b := range key {
		letter := b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_'
		if !letter && (i == 0 || b < '0' || b > '9') {
			return false
		}
	}
	return true
}
