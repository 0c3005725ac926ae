package documents_test

import (
	"strings"
	"testing"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// Each way of asking goes down its index; none reads all keys of a type, or of a tenant.
func TestSearchesGoDownAnIndex(t *testing.T) {
	db := storetest.Open(t, storetest.URL(t, "sqlite"))
	anyTarget := "k USING PRIMARY KEY (tenant_id=? AND target_id=? AND type=? AND param=?"
	target := anyTarget + " AND target_type=?"
	code := "k USING PRIMARY KEY (tenant_id=? AND type=? AND param=? AND code=?"
	for _, row := range []struct {
		typ, raw string
		want     []string
	}{
		{"Encounter", "patient=Patient/p", []string{target}},
		{"Encounter", "patient=http://test/fhir/R4/Patient/p", []string{target}},
		{"Encounter", "patient=https://elsewhere.example/Patient/p", []string{target + " AND url=?"}},
		{"Encounter", "patient=Patient/p,Patient/q,Patient/r", []string{anyTarget}},
		{"Encounter", "subject=p", []string{anyTarget}},
		{"Patient", "identifier=urn:mrn|1", []string{code + " AND system=?"}},
		{"Patient", "identifier=urn:mrn|1,urn:mrn|2,urn:ssn|3", []string{code + " AND system=?"}},
		{"Patient", "identifier=1,2", []string{code}},
		{"Patient", "family=zzy,can", []string{"k USING PRIMARY KEY (tenant_id=? AND type=? AND param=? AND value>? AND value<?", "k USING PRIMARY KEY (tenant_id=? AND type=? AND param=? AND value>? AND value<?"}},
		{"Encounter", "date=2024-03-10", []string{"k USING PRIMARY KEY (tenant_id=? AND type=? AND param=? AND low>? AND low<?"}},
		{"Patient", "_id=a,b", []string{"d USING INDEX sqlite_autoindex_documents_1 (tenant_id=? AND type=? AND id=?"}},
		{"Patient", "_sort=family", []string{"k USING COVERING INDEX string_keys_document (tenant_id=? AND id=?"}},
	} {
		pairs, err := search.Pairs(row.raw)
		if err != nil {
			t.Fatal(err)
		}
		q, err := search.Parse(row.typ, pairs, search.Options{Bases: []string{"http://test/fhir/R4"}})
		if err != nil {
			t.Fatal(err)
		}
		session := db.As(models.Actor{Tenant: "zzyzx"})
		var plan string
		err = session.View(t.Context(), func(v *store.View) error {
			query, args := documents.FirstPage(v, q)
			plan = planOf(t, v, query, args)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range row.want {
			if !strings.Contains(plan, want) {
				t.Errorf("%s?%s is answered by\n %s\nwant %s", row.typ, row.raw, plan, want)
				break
			}
		}
		if strings.Contains(plan, "SCAN k") || strings.Contains(plan, "SCAN d") {
			t.Errorf("%s?%s reads everything:\n %s", row.typ, row.raw, plan)
		}
	}
}

// planOf gives how SQLite goes about a query.
func planOf(t *testing.T, v *store.View, query string, args []any) string {
	t.Helper()
	var steps []string
	err := v.Rows(func(row store.Row) error {
		var id, parent, unused int
		var step string
		err := row.Scan(&id, &parent, &unused, &step)
		steps = append(steps, step)
		return err
	}, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(steps, "\n ")
}
