package records

import (
	"cmp"
	"slices"
	"strings"

	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

const conditionMatchesMax = 2

// condition is sought of one conditional write, and takes the lock of criteria that find nothing.
func (r *Records) condition(tx *store.Tx, p auth.Principal, typ, criteria string) ([]models.Document, error) {
	matches, unmet, err := r.sought(tx, p, typ, criteria)
	if err != nil {
		return nil, err
	}
	return matches, documents.Lock(tx, unmet...)
}

// sought gives what the criteria of a conditional write find: one document, or nothing and the condition on whose lock of two
// such writes at the same time one sees what the other made; more than one is Ambiguous. Criteria that say nothing are refused,
// because they would match everything.
func (r *Records) sought(tx *store.Tx, p auth.Principal, typ, criteria string) (matches []models.Document, unmet []documents.Condition, _ error) {
	q, matches, err := r.matching(tx, p, typ, criteria)
	switch {
	case err != nil:
		return nil, nil, err
	case len(matches) > 1:
		return nil, nil, fault.New(fault.Ambiguous, "multiple-matches", "The condition matches more than one record; make it narrower.")
	case len(matches) == 0:
		unmet = []documents.Condition{{Type: typ, Criteria: normal(typ, q.Applied)}}
	}
	return matches, unmet, nil
}

// conditionalReference gives the address of the one record that a reference written as a search finds.
// https://hl7.org/fhir/R4/http.html#trules
func (r *Records) conditionalReference(tx *store.Tx, p auth.Principal, typ, criteria string) (string, error) {
	_, matches, err := r.matching(tx, p, typ, criteria)
	if err != nil {
		return "", err
	}
	if len(matches) != 1 {
		return "", fault.New(fault.Ambiguous, "multiple-matches", "A conditional reference must find exactly one record.")
	}
	return typ + "/" + matches[0].ID, nil
}

// matching gives the first two documents that criteria find.
func (r *Records) matching(tx *store.Tx, p auth.Principal, typ, criteria string) (search.Query, []models.Document, error) {
	pairs, err := search.Pairs(criteria)
	if err != nil {
		return search.Query{}, nil, err
	}
	q, err := query(tx.View, typ, pairs, false)
	if err != nil {
		return q, nil, err
	}
	if len(q.Clauses) == 0 {
		return q, nil, fault.New(fault.Invalid, "invalid", "The condition has no search parameter; it would match every record.")
	}
	guard, err := Guard(p, typ, auth.PermissionSearch)
	if err != nil {
		return q, nil, err
	}
	q.Sort, q.Total, q.Count = nil, search.TotalNone, conditionMatchesMax
	page, err := documents.Search(tx.View, q, guard, nil)
	return q, page.Documents, err
}

// normal writes criteria so that the same ones in another order are the same text. What only says how to answer is left out.
func normal(typ string, pairs []search.Pair) string {
	var criteria []search.Pair
	for _, pair := range pairs {
		name, _, _ := strings.Cut(pair.Name, ":")
		if _, isCriterion := search.Lookup(typ, name); isCriterion {
			criteria = append(criteria, pair)
		}
	}
	slices.SortFunc(criteria, func(a, b search.Pair) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	return search.Encode(criteria)
}
