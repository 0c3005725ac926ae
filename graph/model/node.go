// Package model holds what the GraphQL types show: views of FHIR documents and of rows of the books, one method per
// element. A view reads an element when it is asked for; it follows no reference and touches no database. Inputs and
// payloads are written by gqlgen from the schema.
package model

import (
	"strconv"

	"medbill/fhir"
)

// node is one object of a document.
type node struct{ n fhir.Node }

// Element is every type that shows an object inside a document.
type Element interface{ ~struct{ node } }

// Reference gives the text of the Reference under key, or "".
func (n node) Reference(key string) string { return n.n.In(key, "reference").Text() }

// References gives the texts of the References under key.
func (n node) References(key string) []string {
	var references []string
	for r := range n.n.Get(key).Each() {
		if text := r.Get("reference").Text(); text != "" {
			references = append(references, text)
		}
	}
	return references
}

func (n node) get(key string) fhir.Node { return n.n.Get(key) }

// extension gives the first extension called url.
func (n node) extension(url string) fhir.Node {
	for e := range n.get("extension").Each() {
		if e.Get("url").Is(url) {
			return e
		}
	}
	return fhir.Node{}
}

// resource is a whole document.
type resource struct{ node }

// Resource is every type that shows a document.
type Resource interface{ ~struct{ resource } }

// Of gives a document as a view.
func Of[T Resource](d *fhir.Document) T { return T(struct{ resource }{resource{node{d.Root()}}}) }

// ID gives the logical id.
func (r resource) ID() string { return r.get("id").Text() }

// Meta gives what the server says about the document.
func (r resource) Meta() Meta { return Meta{node{r.get("meta")}} }

// Meta is what the server says about a document.
type Meta struct{ node }

// VersionID counts the versions.
func (m Meta) VersionID() *string { return text(m.get("versionId")) }

// LastUpdated is when this version was written.
func (m Meta) LastUpdated() *string { return text(m.get("lastUpdated")) }

// text gives a string, or a number with its digits; nil where there is none.
func text(n fhir.Node) *string {
	if k := n.Kind(); k != fhir.KindString && k != fhir.KindNumber {
		return nil
	}
	t := n.Text()
	return &t
}

func texts(n fhir.Node) []string {
	list := []string{}
	for child := range n.Each() {
		if t := text(child); t != nil {
			list = append(list, *t)
		}
	}
	return list
}

func integer(n fhir.Node) *int {
	i, err := strconv.Atoi(n.Text())
	if err != nil {
		return nil
	}
	return &i
}

func integers(n fhir.Node) []int {
	list := []int{}
	for child := range n.Each() {
		if i := integer(child); i != nil {
			list = append(list, *i)
		}
	}
	return list
}

func boolean(n fhir.Node) *bool {
	if n.Kind() != fhir.KindBool {
		return nil
	}
	b := n.Text() == "true"
	return &b
}

// one gives an object as a view, nil where there is none.
func one[T Element](n fhir.Node) *T {
	if !n.Exists() {
		return nil
	}
	t := T(struct{ node }{node{n}})
	return &t
}

func list[T Element](n fhir.Node) []T {
	views := []T{}
	for child := range n.Each() {
		views = append(views, T(struct{ node }{node{child}}))
	}
	return views
}
