package store

import (
	"slices"
	"strings"
	"testing"
)

// tableOf gives a table with a tenant, or with bare: none, that refers to others.
func tableOf(name, key string, parents ...string) Table {
	return Table{Name: name, Columns: []TableColumn{{Name: key}, {Name: "id"}}, Key: []string{key, "id"}, Parents: parents}
}

func TestTablesAreDistributedAfterThoseTheyReferTo(t *testing.T) {
	tables := []Table{
		tableOf("answer_lines", "tenant_id", "answers"), tableOf("answers", "tenant_id", "claims"), tableOf("claims", "tenant_id"),
		tableOf("goose_db_version", "id"), tableOf("own_bases", "base"), tableOf("tenants", "tenant_id"),
	}
	const with = "', 'tenant_id', colocate_with => 'tenants')"
	all := []string{
		"SELECT create_distributed_table('tenants', 'tenant_id', colocate_with => 'none')",
		"SELECT create_distributed_table('claims" + with, "SELECT create_distributed_table('answers" + with, "SELECT create_distributed_table('answer_lines" + with,
		"SELECT create_reference_table('own_bases')",
	}
	got, err := distribution(tables, nil)
	if err != nil || !slices.Equal(got, all) {
		t.Fatalf("%v\n%s", err, strings.Join(got, "\n"))
	}
	// Broken off after each statement, it goes on from there.
	done := map[string]spread{}
	for i, name := range []string{"tenants", "claims", "answers", "answer_lines", "own_bases"} {
		done[name] = spreadDistributed
		if name == "own_bases" {
			done[name] = spreadReference
		}
		if got, err := distribution(tables, done); err != nil || !slices.Equal(got, all[i+1:]) {
			t.Errorf("after %s: %v\n%s", name, err, strings.Join(got, "\n"))
		}
	}
}

func TestWhatSomebodyElseSpreadIsRefused(t *testing.T) {
	tables := []Table{tableOf("claims", "tenant_id"), tableOf("goose_db_version", "id"), tableOf("tenants", "tenant_id")}
	for _, row := range []struct {
		name   string
		tables []Table
		done   map[string]spread
	}{
		{"a table that is distributed otherwise", tables, map[string]spread{"claims": "otherwise"}},
		{"a table with a tenant on every machine", tables, map[string]spread{"claims": spreadReference}},
		{"a local table on every machine", tables, map[string]spread{"goose_db_version": spreadReference}},
		{"a table of which nobody said it", append(tables, tableOf("codes", "code")), nil},
	} {
		if got, err := distribution(row.tables, row.done); err == nil || got != nil {
			t.Errorf("%s: %v, %v", row.name, got, err)
		}
	}
}
