// Package intake reads FHIR documents into models. Its input has passed structural validation; what billing cannot take
// is refused with all issues at once, each at its FHIRPath and none with a value from the input. The views of kept types
// (Patient, Encounter, Condition …) refuse nothing: what they cannot read is empty. It stores and renders nothing.
//
// Two kinds of refusal: Invalid, where something that billing needs is missing or is not what it has to be, and
// BusinessRule, where valid R4 says something that the books do not take (another currency, a fraction of a cent). A
// document with both is Invalid.
package intake

import (
	"iter"
	"strconv"
	"strings"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

const (
	// issuesMax bounds a refusal: a client mends a hundred issues before it wants the next.
	issuesMax = 100
	// entriesMax bounds the diagnoses of a claim and the lines of an answer, as models.CaseServicesMax those of a claim. What a
	// professional claim holds is for the scrubber.
	entriesMax = 999
	// positiveMax is what a sequence or a pointer may be: eight digits.
	positiveMax = 99_999_999
)

// spot is a value and where it stands, so that a refusal can name the place: indexes in brackets, a choice without its
// type, as FHIRPath writes them.
type spot struct {
	fhir.Node
	path string
}

func rootOf(d *fhir.Document, resourceType string) spot { return spot{d.Root(), resourceType} }

func (s spot) get(key string) spot { return spot{s.Get(key), s.path + "." + key} }

// choice gives the value of an element [x] when it has the data type; Claim.item.servicedDate stands at Claim.item.serviced.
func (s spot) choice(name, dataType string) spot {
	return spot{s.Get(name + dataType), s.path + "." + name}
}

// oneOf gives the value of an element [x] in the first of these data types that it has.
func (s spot) oneOf(name string, dataTypes ...string) spot {
	for _, dataType := range dataTypes {
		if value := s.choice(name, dataType); value.Exists() {
			return value
		}
	}
	return spot{path: s.path + "." + name}
}

// each gives the elements of a list with their indexes in the path.
func (s spot) each(key string) iter.Seq[spot] {
	return func(yield func(spot) bool) {
		i := 0
		for n := range s.Get(key).Children() {
			if !yield(spot{n, s.path + "." + key + "[" + strconv.Itoa(i) + "]"}) {
				return
			}
			i++
		}
	}
}

// refusals gathers what is wrong with one document.
type refusals struct {
	issues    []fault.Issue
	malformed bool // one of them is Invalid
}

func (r *refusals) invalid(code, path, text string) {
	r.malformed = true
	r.add(code, path, text)
}

func (r *refusals) rule(code, path, text string) { r.add(code, path, text) }

func (r *refusals) add(code, path, text string) {
	if len(r.issues) < issuesMax {
		r.issues = append(r.issues, fault.Issue{Code: code, Path: path, Text: text})
	}
}

// check adds what a check of a value refuses, and reports whether that is nothing.
func (r *refusals) check(path string, err error) bool {
	r.malformed = r.malformed || fault.Is(err, fault.Invalid)
	for _, issue := range fault.IssuesAt(path, err) {
		r.add(issue.Code, issue.Path, issue.Text)
	}
	return err == nil
}

func (r *refusals) err() error {
	if r.malformed {
		return fault.Of(fault.Invalid, r.issues)
	}
	return fault.Of(fault.BusinessRule, r.issues)
}

// entries gives a list of at most entriesMax; a longer one is refused whole (claim.too-many).
func (r *refusals) entries(s spot, key string) iter.Seq[spot] {
	if s.Get(key).Len() <= entriesMax {
		return s.each(key)
	}
	r.rule("claim.too-many", s.path+"."+key, "The list has more than 999 entries; no claim holds as many.")
	return func(func(spot) bool) {}
}

// amount reads Money that enters the books. It refuses a missing amount, value or currency (required), another currency
// than USD (money.currency), a fraction of a cent (money.fraction) and more than ten digits (money.too-large).
func (r *refusals) amount(m spot) (money.Cents, bool) {
	if !m.Exists() {
		r.invalid("required", m.path, "The amount is missing; state it in USD.")
		return 0, false
	}
	var ok bool
	switch currency := m.get("currency"); {
	case !currency.Exists():
		r.invalid("required", currency.path, "The currency is missing; amounts that enter the books are in USD.")
	default:
		ok = r.check(currency.path, models.CheckCurrency(currency.Text()))
	}
	value := m.get("value")
	if !value.Exists() {
		r.invalid("required", value.path, "The amount has no value; state it as a decimal number.")
		return 0, false
	}
	cents, err := models.ReadAmount(value.Text())
	return cents, r.check(value.path, err) && ok
}

// positive reads a positiveInt that is needed.
func (r *refusals) positive(n spot) (int, bool) {
	if !n.Exists() {
		r.invalid("required", n.path, "The number is missing; state it as a positive integer.")
		return 0, false
	}
	number, ok := positiveOf(n.Node)
	if !ok {
		r.invalid("value", n.path, "The number must be a positive integer of at most eight digits.")
	}
	return number, ok
}

func positiveOf(n fhir.Node) (int, bool) {
	number, err := strconv.Atoi(n.Text())
	if err != nil || n.Kind() != fhir.KindNumber || number < 1 || number > positiveMax {
		return 0, false
	}
	return number, true
}

// idOf gives the id of a relative reference to resourceType, or "". References to other servers and into contained
// resources name nothing that billing knows.
func idOf(reference fhir.Node, resourceType string) string {
	text, _, _ := strings.Cut(reference.Get("reference").Text(), "/_history/")
	id, ok := strings.CutPrefix(text, resourceType+"/")
	if !ok || !models.IsID(id) {
		return ""
	}
	return id
}
