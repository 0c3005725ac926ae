package store_test

import (
	"strconv"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// largeTenant tells PostgreSQL that each page of a table holds a million rows: it plans by what is there, and in a test next to
// nothing is. How many values a column has it then takes to be 200, whatever the rows say.
const largeTenant = "UPDATE pg_class SET reltuples = 1000000, relpages = 1 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"

// The same law as TestStatementsOfTheRoomsGoDownAnIndex. The plans are those for any value, and reading a table from end to end
// is forbidden, so that they are the best that the indexes allow.
func TestStatementsOfTheRoomsGoDownAnIndexOnPostgres(t *testing.T) {
	url := storetest.URL(t, "postgres")
	db, err := store.Open(t.Context(), store.Config{URL: url, Connections: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := storetest.Session(db)
	askAll(t, s)
	ask := func(query string) (texts []string) {
		storetest.View(t, s, func(v *store.View) error {
			texts, err = store.Column[string](v, query)
			return err
		})
		return texts
	}
	prepared := ask("SELECT name || ' ' || cardinality(parameter_types) || ' ' || statement FROM pg_prepared_statements WHERE statement NOT LIKE '%pg\\_%' ORDER BY statement")
	if len(prepared) < 150 {
		t.Fatalf("only %d statements were sent", len(prepared))
	}
	storetest.ByHand(t, url).Do(largeTenant)
	ask("SET enable_seqscan = off")
	ask("SET plan_cache_mode = force_generic_plan")
	for _, row := range prepared {
		parts := strings.SplitN(row, " ", 3)
		if !isOfTheRooms(parts[2]) {
			continue
		}
		plan := strings.Join(ask("EXPLAIN EXECUTE "+parts[0]+nulls(t, parts[1])), "\n ")
		if isWideOnPostgres(plan) {
			t.Errorf("%s\n is answered by\n %s", parts[2], plan)
		}
	}
}

// nulls gives that many arguments of a prepared statement.
func nulls(t *testing.T, count string) string {
	n, err := strconv.Atoi(count)
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		return ""
	}
	return "(" + strings.Repeat("NULL, ", n-1) + "NULL)"
}

// isWideOnPostgres reports whether a step of a plan goes over all rows of a table or of a tenant; those of a type are few by
// its figures. What an index is asked for stands in the line below the step.
func isWideOnPostgres(plan string) bool {
	lines := append(strings.Split(plan, "\n"), "")
	for i, step := range lines {
		if strings.Contains(step, "Seq Scan") {
			return true
		}
		isIndexed := strings.Contains(step, "Index Scan ") || strings.Contains(step, "Index Only Scan ")
		if !isIndexed || isNarrow(step) {
			continue
		}
		asked := lines[i+1]
		if !strings.Contains(asked, "Index Cond:") || !strings.Contains(asked, " AND ") {
			return true
		}
	}
	return false
}
