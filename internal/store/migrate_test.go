package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// foreign are the tables of the job queue and of the migrations, which are not ours to shape.
func isForeign(table string) bool {
	return strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "goose_") || strings.HasPrefix(table, "sqlite_")
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	for _, name := range storetest.Databases {
		t.Run(name, func(t *testing.T) {
			url := storetest.BareURL(t, name)
			db := storetest.Open(t, url)
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			save(t, session(db), put(t, 1, patient("p", "Zzyzx")))
			before := schema(t, name, url)
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if after := schema(t, name, url); !slices.Equal(before, after) || len(after) < 20 {
				t.Errorf("the schema changed:\n%v\n%v", before, after)
			}
			if got := ids(t, session(db), store.Guard{}, "Patient", ""); got != "p" {
				t.Errorf("%q is left", got)
			}
		})
	}
}

func TestManyProcessesMigrateAtOnce(t *testing.T) {
	url := storetest.BareURL(t, "postgres")
	errs := together(3, func(int) error {
		db, err := store.Open(t.Context(), store.Config{URL: url, Connections: 4})
		if err != nil {
			return err
		}
		return errors.Join(db.Migrate(t.Context()), db.Close())
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	save(t, session(storetest.Open(t, url)), put(t, 1, patient("p", "Zzyzx")))
}

// schema lists the tables of a database with their columns in order.
func schema(t *testing.T, name, url string) []string {
	t.Helper()
	hand := storetest.ByHand(t, url)
	list := `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	columns := `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'TABLE' ORDER BY ordinal_position`
	if name == "sqlite" {
		list, columns = `SELECT name FROM sqlite_master WHERE type = 'table'`, `SELECT name FROM pragma_table_info('TABLE') ORDER BY cid`
	}
	var tables []string
	for _, table := range hand.Texts(list) {
		if !isForeign(table) {
			tables = append(tables, table+"("+strings.Join(hand.Texts(strings.ReplaceAll(columns, "TABLE", table)), ", ")+")")
		}
	}
	slices.Sort(tables)
	return tables
}

func TestBothDatabasesHaveTheSameTables(t *testing.T) {
	sqlite, postgres := schema(t, "sqlite", storetest.URL(t, "sqlite")), schema(t, "postgres", storetest.URL(t, "postgres"))
	if !slices.Equal(sqlite, postgres) {
		t.Errorf("SQLite has\n %s\nPostgreSQL has\n %s", strings.Join(sqlite, "\n "), strings.Join(postgres, "\n "))
	}
}

// Isolation and distribution both hang on it.
func TestTenantLeadsEveryKey(t *testing.T) {
	hand := storetest.ByHand(t, storetest.URL(t, "postgres"))
	for _, index := range hand.Texts("SELECT tablename || ': ' || indexdef FROM pg_indexes WHERE schemaname = 'public'") {
		table, definition, _ := strings.Cut(index, ": ")
		if !isForeign(table) && !strings.Contains(definition, "(tenant_id") {
			t.Errorf("%s does not begin with tenant_id", definition)
		}
	}
	for _, reference := range hand.Texts("SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'") {
		if table, definition, _ := strings.Cut(reference, ": "); !isForeign(table) && !strings.HasPrefix(definition, "FOREIGN KEY (tenant_id,") {
			t.Errorf("%s: %s does not begin with tenant_id", table, definition)
		}
	}
}

// The order of texts is that of their code points on both databases, whatever the locale of the cluster.
func TestTextsSortByCodePoint(t *testing.T) {
	hand := storetest.ByHand(t, storetest.URL(t, "postgres"))
	for _, column := range hand.Texts(`SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`) {
		if table, _, _ := strings.Cut(column, "."); !isForeign(table) {
			t.Errorf("%s sorts by the locale", column)
		}
	}
}
