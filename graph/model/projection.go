package model

import (
	"bytes"
	"cmp"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"medbill/fhir"
)

// Projection is what a query selects of a part of a document, made once and written for as many documents as there are. What
// it writes is what the views of this package give, read by the same rules: the types are FHIR's, element by element, so the type of a
// field in the schema says how the value is read, and the field's name, or else places, where it stands. Nothing of it can fail.
type Projection struct {
	Shape    Shape
	List     bool     // every element that stands there, in order
	NonNull  bool     // what is absent is written as empty, not as null
	Typename string   // what TypenameShape tells
	Members  []Member // of an object
}

// Member is a member of an object of the answer.
type Member struct {
	Name  string // in the answer
	Place Place
	Projection
}

// Place finds where the value of a field stands in what the field is of.
type Place func(fhir.Node) fhir.Node

// Shape says how a value is read and written.
type Shape uint8

// The shapes of values.
const (
	TextShape     Shape = iota + 1 // a string, or a number with its digits, as a string
	IntegerShape                   // a whole number
	BooleanShape                   // true or false
	ObjectShape                    // an object, with some members
	MoneyShape                     // an object of FHIR's Money, null without a value
	CurrencyShape                  // the currency of a Money, XXX where it names none
	TypenameShape                  // the name of the type
)

// PlaceOf gives where a field of a type stands; false where that is no single place of the document.
func PlaceOf(typ, field string) (Place, bool) {
	place, listed := places[typ+"."+field]
	if !listed {
		return func(n fhir.Node) fhir.Node { return n.Get(field) }, true
	}
	return place, place != nil
}

// Append appends to dst what p selects of n, as JSON. told is asked with the bytes of each text before it is written; where
// it says no, Append ends and gives false.
func (p *Projection) Append(dst []byte, n fhir.Node, told func(bytes int) bool) ([]byte, bool) {
	w := &writer{dst, told}
	ok := w.value(p, n)
	return w.out, ok
}

type writer struct {
	out  []byte
	told func(bytes int) bool
}

func (w *writer) value(p *Projection, n fhir.Node) bool {
	if !p.List {
		return w.one(p, n)
	}
	w.out = append(w.out, '[')
	first := len(w.out)
	for element := range n.Each() {
		if p.Shape != ObjectShape && isNull(p.Shape, element) {
			continue
		}
		if len(w.out) > first {
			w.out = append(w.out, ',')
		}
		if !w.one(p, element) {
			return false
		}
	}
	w.out = append(w.out, ']')
	return true
}

// isNull reports whether a value is none of its shape.
func isNull(s Shape, n fhir.Node) bool {
	switch s {
	case TextShape:
		return !isText(n)
	case IntegerShape:
		return integer(node{fhir: n}) == nil
	case BooleanShape:
		return boolean(node{fhir: n}) == nil
	case MoneyShape:
		return !isText(n.Get("value"))
	case ObjectShape:
		return !n.Exists()
	}
	return false
}

func (w *writer) one(p *Projection, n fhir.Node) bool {
	if !p.NonNull && isNull(p.Shape, n) {
		w.out = append(w.out, "null"...)
		return true
	}
	switch p.Shape {
	case TypenameShape:
		w.out = strconv.AppendQuote(w.out, p.Typename)
	case IntegerShape:
		w.out = strconv.AppendInt(w.out, int64(*integer(node{fhir: n})), 10)
	case BooleanShape:
		w.out = append(w.out, n.Raw()...)
	case TextShape:
		return w.text(n)
	case CurrencyShape:
		return w.string(cmp.Or(n.Text(), noCurrency))
	case ObjectShape, MoneyShape:
		return w.object(p.Members, n)
	}
	return true
}

func (w *writer) object(members []Member, n fhir.Node) bool {
	w.out = append(w.out, '{')
	for i := range members {
		m := &members[i]
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.out = append(append(append(w.out, '"'), m.Name...), `":`...)
		if !w.value(&m.Projection, m.Place(n)) {
			return false
		}
	}
	w.out = append(w.out, '}')
	return true
}

// text writes what stands in n without taking it apart, where it is written as the answer writes it.
func (w *writer) text(n fhir.Node) bool {
	text, escaped := n.RawText()
	if n.Kind() != fhir.KindString || escaped {
		return w.string(n.Text())
	}
	if !w.told(len(text)) {
		return false
	}
	w.out = append(w.out, n.Raw()...)
	return true
}

func (w *writer) string(text string) bool {
	if !w.told(len(text)) {
		return false
	}
	var quoted bytes.Buffer
	graphql.MarshalString(text).MarshalGQL(&quoted)
	w.out = append(w.out, quoted.Bytes()...)
	return true
}
