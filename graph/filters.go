package graph

import (
	"slices"
	"strings"
	"time"

	"medbill/fhir/search"
	"medbill/graph/model"
	"medbill/models"
	"medbill/models/fault"
)

// query gathers the search parameters of a filter; those that are left out say nothing. An empty list matches nothing, and
// so does an empty text: a filter that is not understood as meant must not show everything. issues are what is wrong with it.
type query struct {
	pairs  []search.Pair
	issues []fault.Issue
}

const matchesNothing = "-"

func patientQuery(f *model.PatientFilter) query {
	var q query
	if f == nil {
		return q
	}
	q.identifier(f.Identifier)
	q.text("name", f.Name)
	q.text("family", f.Family)
	q.text("given", f.Given)
	q.day("birthdate", "", "filter.birthDate", f.BirthDate)
	q.text("gender", f.Gender)
	return q
}

func encounterQuery(f *model.EncounterFilter) query {
	var q query
	if f == nil {
		return q
	}
	q.reference("patient", "Patient", f.Patient)
	q.anyOf("status", f.Status)
	q.days("date", "filter.date", f.Date)
	q.text("class", f.Class)
	q.identifier(f.Identifier)
	return q
}

func claimQuery(f *model.ClaimFilter) query {
	var q query
	if f == nil {
		return q
	}
	q.reference("patient", "Patient", f.Patient)
	q.anyOf("status", f.Status)
	q.known("filter.claimState", f.ClaimState, func(state string) bool { return models.ClaimState(state).Facts().State != "" })
	q.anyOf("claim-state", f.ClaimState)
	q.reference("insurer", "Organization", f.Insurer)
	q.reference("encounter", "Encounter", f.Encounter)
	q.days("created", "filter.created", f.Created)
	q.identifier(f.Identifier)
	return q
}

func invoiceQuery(f *model.InvoiceFilter) query {
	var q query
	if f == nil {
		return q
	}
	q.reference("patient", "Patient", f.Patient)
	q.anyOf("status", f.Status)
	q.days("date", "filter.date", f.Date)
	q.identifier(f.Identifier)
	return q
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

// known refuses words of a closed list that are not in it: a slip of the pen must not be answered with nothing.
func (q *query) known(path string, words []string, isKnown func(string) bool) {
	if slices.ContainsFunc(words, func(word string) bool { return !isKnown(word) }) {
		q.issues = append(q.issues, fault.Issue{Code: "code-invalid", Path: path, Text: "There is no such word in this list; the description in the schema names those there are."})
	}
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

func (q *query) days(name, path string, r *model.DateRange) {
	if r == nil {
		return
	}
	q.day(name, "ge", path+".from", r.From)
	q.day(name, "le", path+".until", r.Until)
}

// day takes a civil day, month or year. A search for one compares days as claims state them: a moment counts for the day
// that its own offset says, else for that of the practice's time zone.
func (q *query) day(name, prefix, path string, value *string) {
	switch {
	case value == nil:
	case !isDate(*value):
		q.issues = append(q.issues, fault.Issue{Code: "value", Path: path, Text: "The date must be a day, a month or a year, as in 2026-03-02."})
	default:
		q.add(name, prefix+*value)
	}
}

func isDate(text string) bool {
	return slices.ContainsFunc([]string{time.DateOnly, "2006-01", "2006"}, func(form string) bool {
		_, err := time.Parse(form, text)
		return err == nil && text[:4] != "0000"
	})
}

var escapes = strings.NewReplacer(`\`, `\\`, ",", `\,`, "|", `\|`, "$", `\$`)

// literal keeps a value from being read as more than a value. https://hl7.org/fhir/R4/search.html#escaping
func literal(value string) string { return escapes.Replace(value) }
