package store_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/migrations"
)

// foreign are the tables of the job queue and of the migrations, which are not ours to shape.
func isForeign(table string) bool {
	return strings.HasPrefix(table, "goose_") || strings.HasPrefix(table, "sqlite_") || table == "migration_files"
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	for _, name := range storetest.Databases {
		t.Run(name, func(t *testing.T) {
			url := storetest.BareURL(t, name)
			db := storetest.Open(t, url)
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			storetest.Save(t, storetest.Session(db), storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
			before := schema(t, name, url)
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if after := schema(t, name, url); !slices.Equal(before, after) || len(after) < 20 {
				t.Errorf("the schema changed:\n%v\n%v", before, after)
			}
			if got := storetest.Found(t, storetest.Session(db), documents.Guard{}, "Patient", ""); got != "p" {
				t.Errorf("%q is left", got)
			}
		})
	}
}

func TestManyProcessesMigrateAtOnce(t *testing.T) {
	url := storetest.BareURL(t, "postgres")
	errs := storetest.Together(3, func(int) error {
		db, err := store.Open(t.Context(), store.Config{URL: url, Connections: 4})
		if err != nil {
			return err
		}
		return errors.Join(db.Migrate(t.Context()), db.Close())
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	storetest.Save(t, storetest.Session(storetest.Open(t, url)), storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
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
	url := storetest.URL(t, "sqlite")
	sqlite := append(schema(t, "sqlite", url), schema(t, "sqlite", strings.TrimSuffix(url, ".db")+"-codes.db")...)
	slices.Sort(sqlite)
	postgres := schema(t, "postgres", storetest.URL(t, "postgres"))
	if !slices.Equal(sqlite, postgres) {
		t.Errorf("SQLite has\n %s\nPostgreSQL has\n %s", strings.Join(sqlite, "\n "), strings.Join(postgres, "\n "))
	}
}

// everybodys are the indexes of what goes over all tenants at once, and what that is.
var everybodys = map[string]string{
	"own_bases_pkey":           "the addresses of the server",
	"code_releases_pkey":       "what everybody looks up",
	"code_parts_pkey":          "what everybody looks up",
	"cases_due":                "who looks for what is due",
	"claims_silent":            "the search for claims whose payers are silent",
	"remittances_due":          "the search for payments that nobody told",
	"remittances_undeposited":  "the search for payments that no deposit pays",
	"deposits_asks":            "the search for deposits about which payers are asked",
	"authorizations_due":       "the search for requests for authorization that are due",
	"coverage_checks_due":      "the search for questions about plans that are due",
	"charges_waiting":          "the search for charges whose visit never came",
	"idempotency_keys_created": "the pruning",
}

// Isolation and distribution both hang on it.
func TestTenantLeadsEveryKey(t *testing.T) {
	hand := storetest.ByHand(t, storetest.URL(t, "postgres"))
	for _, index := range hand.Texts("SELECT tablename || ': ' || indexname || ': ' || indexdef FROM pg_indexes WHERE schemaname = 'public'") {
		parts := strings.SplitN(index, ": ", 3)
		table, name, definition := parts[0], parts[1], parts[2]
		isForAll := everybodys[name] != "" && (slices.Contains([]string{"own_bases", "code_releases", "code_parts"}, table) || !strings.Contains(definition, "UNIQUE"))
		if !isForeign(table) && !isForAll && !strings.Contains(definition, "(tenant_id") {
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

// A number alone would let a database of another text pass, and its first statement fail somewhere.
func TestDatabaseOfAnotherTextIsRefused(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := storetest.ByHand(t, url)
		for what, harm := range map[string][2]string{
			"another text":   {"UPDATE migration_files SET digest = 'x' || digest", "UPDATE migration_files SET digest = substr(digest, 2)"},
			"no text at all": {"ALTER TABLE migration_files RENAME TO gone", "ALTER TABLE gone RENAME TO migration_files"},
		} {
			hand.Do(harm[0])
			db, err := store.Open(t.Context(), store.Config{URL: url})
			if err == nil {
				_ = db.Close()
			}
			if err == nil || !strings.Contains(err.Error(), "start with an empty data folder or an empty database") {
				t.Errorf("a database of %s gives %v", what, err)
			}
			hand.Do(harm[1])
		}
		storetest.Open(t, url)
	})
}

// A later text of a migration that was not applied yet is no other text.
func TestUnappliedMigrationMayChange(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := storetest.ByHand(t, url)
		hand.Do("INSERT INTO migration_files (file, digest) VALUES ('00099_later.sql', 'x')")
		if err := storetest.Open(t, url).Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// Every condition of the schema has a name, and the same one on both databases: it is what a refused write tells.
func TestConditionsHaveTheSameNames(t *testing.T) {
	named := func(folder string) (names []string) {
		files, err := fs.Glob(migrations.Files(), folder+"/00001_*.sql")
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		text, err := fs.ReadFile(migrations.Files(), files[0])
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			for rest := line; strings.Contains(rest, "CHECK ("); {
				before, after, _ := strings.Cut(rest, "CHECK (")
				_, name, found := strings.Cut(before, "CONSTRAINT ")
				if !found {
					t.Errorf("%s: a condition without a name: %s", folder, line)
				}
				names, rest = append(names, strings.TrimSpace(name)), after
			}
		}
		return names
	}
	sqlite, postgres := slices.Concat(named("sqlite"), named("sqlite_codes")), named("postgres")
	slices.Sort(sqlite)
	slices.Sort(postgres)
	if !slices.Equal(sqlite, postgres) || len(sqlite) < 20 {
		t.Errorf("SQLite names %v, PostgreSQL %v", sqlite, postgres)
	}
}
