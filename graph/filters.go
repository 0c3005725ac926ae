package graph

import (
	"strings"

	"medbill/fhir/search"
	"medbill/graph/model"
)

// query gathers the search parameters of a filter; those that are left out say nothing. An empty list matches nothing, and
// so does an empty text: a filter that is not understood as meant must not show everything.
type query struct{ pairs []search.Pair }

const matchesNothing = "-"

func patientQuery(f *model.PatientFilter) []search.Pair {
	if f == nil {
		return nil
	}
	var q query
	q.identifier(f.Identifier)
	q.text("name", f.Name)
	q.text("family", f.Family)
	q.text("given", f.Given)
	q.text("birthdate", f.BirthDate)
	q.text("gender", f.Gender)
	return q.pairs
}

func encounterQuery(f *model.EncounterFilter) []search.Pair {
	if f == nil {
		return nil
	}
	var q query
	q.reference("patient", "Patient", f.Patient)
	q.anyOf("status", f.Status)
	q.days("date", f.Date)
	q.text("class", f.Class)
	q.identifier(f.Identifier)
	return q.pairs
}

func claimQuery(f *model.ClaimFilter) []search.Pair {
	if f == nil {
		return nil
	}
	var q query
	q.reference("patient", "Patient", f.Patient)
	q.anyOf("status", f.Status)
	q.anyOf("claim-state", f.ClaimState)
	q.reference("insurer", "Organization", f.Insurer)
	q.reference("encounter", "Encounter", f.Encounter)
	q.days("created", f.Created)
	q.identifier(f.Identifier)
	return q.pairs
}

func invoiceQuery(f *model.InvoiceFilter) []search.Pair {
	if f == nil {
		return nil
	}
	var q query
	q.reference("patient", "Patient", f.Patient)
	q.anyOf("status", f.Status)
	q.days("date", f.Date)
	q.identifier(f.Identifier)
	return q.pairs
}

func workQuery(kind *string) []search.Pair {
	q := query{[]search.Pair{{Name: "status", Value: "requested"}}}
	q.text("code", kind)
	return q.pairs
}

func (q *query) add(name, value string) {
	if value == "" {
		value = matchesNothing
	}
	q.pairs = append(q.pairs, search.Pair{Name: name, Value: value})
}

func (q *query) text(name string, value *string) {
	if value != nil {
		q.add(name, literal(*value))
	}
}

func (q *query) anyOf(name string, values []string) {
	if values == nil {
		return
	}
	escaped := make([]string, len(values))
	for i, value := range values {
		escaped[i] = literal(value)
	}
	q.add(name, strings.Join(escaped, ","))
}

func (q *query) reference(name, typ string, id *string) {
	if id != nil {
		q.add(name, typ+"/"+literal(*id))
	}
}

// identifier takes a value, or system|value.
func (q *query) identifier(value *string) {
	if value != nil {
		q.add("identifier", strings.ReplaceAll(literal(*value), `\|`, "|"))
	}
}

func (q *query) days(name string, r *model.DateRange) {
	if r == nil {
		return
	}
	if r.From != nil {
		q.add(name, "ge"+literal(*r.From))
	}
	if r.Until != nil {
		q.add(name, "le"+literal(*r.Until))
	}
}

var escapes = strings.NewReplacer(`\`, `\\`, ",", `\,`, "|", `\|`, "$", `\$`)

// literal keeps a value from being read as more than a value. https://hl7.org/fhir/R4/search.html#escaping
func literal(value string) string { return escapes.Replace(value) }
