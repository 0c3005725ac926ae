// Package model holds what the GraphQL types show: views of FHIR documents and of rows of the books, one method per
// element. A view reads an element when it is asked for; it follows no reference and touches no database. Inputs and
// payloads are written by gqlgen from the schema.
package model

import (
	"strconv"

	"medbill/fhir"
)

// node is one value of a document.
type node struct {
	fhir fhir.Node
	of   *fhir.Document
}

// Source gives the document as what the view was read with.
func (n node) Source() any { return n.of }

// Node is where the view's part stands in the document.
func (n node) Node() fhir.Node { return n.fhir }

// Element is every type that shows an object inside a document.
type Element interface{ ~struct{ node } }

// Reference gives the text of the Reference under key, or "".
func (n node) Reference(key string) string { return n.fhir.In(key, "reference").Text() }

// References gives the texts of the References under key.
func (n node) References(key string) []string {
	var references []string
	for r := range n.fhir.Get(key).Each() {
		if text := r.Get("reference").Text(); text != "" {
			references = append(references, text)
		}
	}
	return references
}

// get gives the value under key, which may be absent.
func (n node) get(key string) node { return node{n.fhir.Get(key), n.of} }

// resource is a whole document.
type resource struct{ node }

// Resource is every type that shows a document.
type Resource interface{ ~struct{ resource } }

// Of gives a document as a view.
func Of[T Resource](d *fhir.Document) T { return T(struct{ resource }{resource{node{d.Root(), d}}}) }

// ID gives the logical id.
func (r resource) ID() string { return r.get("id").fhir.Text() }

// Meta gives what the server says about the document.
func (r resource) Meta() Meta { return Meta{r.get("meta")} }

// Meta is what the server says about a document.
type Meta struct{ node }

// VersionID counts the versions.
func (m Meta) VersionID() *string { return text(m.get("versionId")) }

// LastUpdated is when this version was written.
func (m Meta) LastUpdated() *string { return text(m.get("lastUpdated")) }

// isText reports whether a value is told as text: numbers are, with their digits.
func isText(n fhir.Node) bool { return n.Kind() == fhir.KindString || n.Kind() == fhir.KindNumber }

// text gives a string, or a number with its digits; nil where there is none.
func text(n node) *string {
	if !isText(n.fhir) {
		return nil
	}
	t := n.fhir.Text()
	return &t
}

func texts(n node) []string {
	list := []string{}
	for child := range n.fhir.Each() {
		if t := text(node{child, n.of}); t != nil {
			list = append(list, *t)
		}
	}
	return list
}

func integer(n node) *int {
	i, err := strconv.Atoi(n.fhir.Text())
	if err != nil {
		return nil
	}
	return &i
}

func integers(n node) []int {
	list := []int{}
	for child := range n.fhir.Each() {
		if i := integer(node{child, n.of}); i != nil {
			list = append(list, *i)
		}
	}
	return list
}

func boolean(n node) *bool {
	if n.fhir.Kind() != fhir.KindBool {
		return nil
	}
	b := n.fhir.Text() == "true"
	return &b
}

// one gives an object as a view, nil where there is none.
func one[T Element](n node) *T {
	if !n.fhir.Exists() {
		return nil
	}
	t := T(struct{ node }{n})
	return &t
}

func list[T Element](n node) []T {
	views := []T{}
	for child := range n.fhir.Each() {
		views = append(views, T(struct{ node }{node{child, n.of}}))
	}
	return views
}
