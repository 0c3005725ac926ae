package documents_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
)

// costly are values of each kind of parameter, %d a number that makes each alternative another one.
var costly = []struct{ typ, name, value string }{
	{"Patient", "_id", "nobody-%d"},
	{"Patient", "_id:not", "nobody-%d"},
	{"Patient", "gender", "male-%d"},
	{"Patient", "gender:not", "male-%d"},
	{"Patient", "identifier", "urn:mrn|%d"},
	{"Patient", "identifier", "urn:mrn-%d|"},
	{"Patient", "identifier:not", "urn:mrn|%d"},
	{"Patient", "name", "zzyzx %d"},
	{"Patient", "name:exact", "Zzyzx %d"},
	{"Patient", "name:contains", "zyzx %d"},
	{"Patient", "general-practitioner", "Practitioner/d%d"},
	{"Patient", "general-practitioner", "d%d"},
	{"Patient", "general-practitioner", "https://other.example/fhir/Practitioner/d%d"},
	{"Patient", "organization:identifier", "naic|%d"},
}

// prefixed are those that take a prefix.
var prefixed = []struct{ typ, name, value string }{
	{"Patient", "birthdate", "1980-02-29T10:00:%02d"},
	{"Patient", "birthdate", "19%02d"},
	{"Patient", "_lastUpdated", "20%02d"},
	{"Invoice", "totalnet", "48.%d"},
	{"Invoice", "totalnet", "48.%d|urn:iso:std:iso:4217|USD"},
}

// limitQueries gives queries of one kind that ask for as much as a query may: all alternatives in one condition, and as many
// conditions as there may be.
func limitQueries(t *testing.T) map[string]search.Query {
	t.Helper()
	all := slices.Clone(costly)
	for _, one := range prefixed {
		for _, prefix := range []string{"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"} {
			all = append(all, struct{ typ, name, value string }{one.typ, one.name, prefix + one.value})
		}
	}
	queries := map[string]search.Query{}
	for _, one := range all {
		for _, clauses := range []int{1, search.ClausesMax} {
			each := alternativesOf(t, one.typ, one.name, fmt.Sprintf(one.value, 10)) / clauses
			pairs := []search.Pair{{Name: "_total", Value: "accurate"}, {Name: "_count", Value: "1000"}}
			for c := range clauses {
				values := make([]string, each)
				for i := range values {
					values[i] = fmt.Sprintf(one.value, (c*each+i)%60)
				}
				pairs = append(pairs, search.Pair{Name: one.name, Value: strings.Join(values, ",")})
			}
			q, err := search.Parse(one.typ, pairs, search.Options{})
			if err != nil {
				t.Fatal(err)
			}
			queries[fmt.Sprintf("%s?%s=%s, %d conditions", one.typ, one.name, one.value, clauses)] = q
		}
	}
	return queries
}

// alternativesOf says how many alternatives of its kind a query may have.
func alternativesOf(t *testing.T, typ, name, value string) int {
	t.Helper()
	q, err := search.Parse(typ, []search.Pair{{Name: name, Value: value}}, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if q.Clauses[0].IsRange() {
		return search.RangesMax
	}
	return search.AlternativesMax
}

// TestEveryQueryAtTheLimitsIsAnswered asks for as much as a query may, of every kind and in every shape.
func TestEveryQueryAtTheLimitsIsAnswered(t *testing.T) {
	queries := limitQueries(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error {
			puts := make([]documents.Indexed, 0, 2*limitDocuments)
			for i := range limitDocuments {
				puts = append(puts,
					storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Patient","id":"p%d","gender":"male","birthDate":"19%02d-02-03","name":[{"family":"Zzyzx %d","given":["Canary","Rose"]}],`+
						`"identifier":[{"system":"urn:mrn","value":"%d"}],"generalPractitioner":[{"reference":"Practitioner/d%d"}],"managingOrganization":{"identifier":{"system":"naic","value":"%d"}}}`, i, i%90, i, i, i%60, i%60)),
					storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Invoice","id":"i%d","status":"issued","totalNet":{"value":%d.%02d,"currency":"USD"}}`, i, i%100, i%100)))
			}
			return documents.Put(tx, puts...)
		})
		if !db.IsEmbedded() { // as it does by itself once there are documents
			storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error {
				_, err := tx.Exec("ANALYZE")
				return err
			})
		}
		var worst time.Duration
		var which string
		for name, q := range queries {
			start := time.Now()
			err := storetest.Session(db).View(context.Background(), func(v *store.View) error {
				_, err := documents.Search(v, q, documents.Guard{}, nil)
				return err
			})
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if took := time.Since(start); took > worst {
				worst, which = took, name
			}
		}
		t.Logf("the worst of %d queries on %d documents took %v: %s", len(queries), 2*limitDocuments, worst.Round(time.Millisecond), which)
	})
}
