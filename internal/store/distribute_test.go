package store_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models/fault"
)

// What Citus asks of the schema: each table is distributed or said to be not, and in what is distributed the tenant is there always,
// in every key that is unique, and in every foreign key, at the same place on both sides.
// https://docs.citusdata.com/en/stable/develop/reference_workarounds.html
func TestTheSchemaCanBeDistributedByTenant(t *testing.T) {
	url := storetest.URL(t, "postgres")
	hand := storetest.ByHand(t, url)
	var tables []store.Table
	storetest.View(t, storetest.Session(storetest.Open(t, url)), func(v *store.View) (err error) {
		tables, err = store.Tables(v)
		return err
	})
	spreads, said := map[string]string{}, store.Tenantless()
	for _, table := range tables {
		hasTenant := slices.ContainsFunc(table.Columns, func(c store.TableColumn) bool { return c.Name == "tenant_id" })
		how, isSaid := said[table.Name]
		if hasTenant == isSaid {
			t.Errorf("the table %s has a tenant: %t, and is said how to be spread without one: %t", table.Name, hasTenant, isSaid)
		}
		if delete(said, table.Name); hasTenant {
			how = "distributed"
		}
		spreads[table.Name] = how
	}
	if len(said) > 0 || len(tables) < 30 || spreads["tenants"] != "distributed" {
		t.Errorf("said to have no tenant, and not there: %v; of %d tables", said, len(tables))
	}
	for _, law := range []struct{ wrong, query string }{
		{"the tenant may be missing", "SELECT a.attrelid::regclass::text FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid AND t.relkind = 'r'" +
			" WHERE a.attname = 'tenant_id' AND NOT a.attnotnull AND t.relnamespace = 'public'::regnamespace"},
		{"there is no primary key", "SELECT t.relname::text FROM pg_class t WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace" +
			" AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)"},
		{"a unique key leaves the tenant out", "SELECT t.relname || ' ' || i.indexrelid::regclass FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid" +
			" JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id'" +
			" WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace AND NOT a.attnum = ANY (i.indkey)"},
		{"a foreign key leads from one tenant to another", "SELECT f.conrelid::regclass || ' ' || f.conname FROM pg_constraint f" +
			" JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attname = 'tenant_id' JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attname = 'tenant_id'" +
			" WHERE f.contype = 'f' AND array_position(f.conkey, a.attnum) IS DISTINCT FROM array_position(f.confkey, b.attnum)"},
		{"an exclusion leaves the tenant out", "SELECT conname::text FROM pg_constraint WHERE contype = 'x'"},
	} {
		if found := hand.Texts(law.query); len(found) > 0 {
			t.Errorf("%s: %s", law.wrong, strings.Join(found, ", "))
		}
	}
	for _, pair := range hand.Texts("SELECT conrelid::regclass || ' ' || confrelid::regclass FROM pg_constraint WHERE contype = 'f'") {
		from, to, _ := strings.Cut(pair, " ")
		if !slices.Contains([]string{"distributed distributed", "distributed reference", "reference reference", "local local"}, spreads[from]+" "+spreads[to]) {
			t.Errorf("%s (%s) refers to %s (%s), which may lie on another machine", from, spreads[from], to, spreads[to])
		}
	}
}

// Where there is no Citus, distributing says so and changes nothing, the schema neither.
func TestWithoutCitusNothingIsDistributed(t *testing.T) {
	for _, name := range storetest.Databases {
		t.Run(name, func(t *testing.T) {
			url := storetest.BareURL(t, name)
			if err := storetest.Open(t, url).Distribute(t.Context()); !fault.Is(err, fault.Unsupported) {
				t.Errorf("distributing gives %v", err)
			}
			if tables := schema(t, name, url); len(tables) > 0 {
				t.Errorf("there are %v", tables)
			}
		})
	}
}

// Two machines hold the tenants, and each tenant's rows lie in one place; a call that was broken off goes on, and one too many does
// nothing. The journal refuses changes wherever it lies.
func TestTenantsLieWholeOnOneOfManyMachines(t *testing.T) {
	url := storetest.CitusURL(t)
	db, hand := storetest.Open(t, url), storetest.ByHand(t, url)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	hand.Do("SELECT create_distributed_table('tenants', 'tenant_id', colocate_with => 'none')")
	hand.Do("SELECT create_distributed_table('claims', 'tenant_id', colocate_with => 'tenants')")
	for range 2 {
		if err := db.Distribute(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	const spreads = "SELECT citus_table_type || ' ' || count(*) || ' in ' || count(DISTINCT colocation_id) FROM citus_tables GROUP BY citus_table_type ORDER BY 1"
	with := hand.Text("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'")
	if got := strings.Join(hand.Texts(spreads), ", "); got != "distributed "+with+" in 1, reference 1 in 1" {
		t.Errorf("there are %s; %s tables have a tenant", got, with)
	}
	if machines := hand.Text("SELECT count(DISTINCT nodeport) FROM citus_shards WHERE citus_table_type = 'distributed'"); machines != "2" {
		t.Errorf("%s machines hold tenants", machines)
	}
	hand.Do("INSERT INTO audit_events VALUES ('zzyzx', 'a', 1, 'tester', 'read', 'Patient', 'p', 0), ('other', 'a', 1, 'tester', 'read', 'Patient', 'p', 0)")
	hand.Do("INSERT INTO outbox (tenant_id, id, sequence, at, changes) VALUES ('zzyzx', 'a', 1, 1, 'Patient/p/1'), ('zzyzx', 'b', 2, 1, 'Patient/p/2'), ('other', 'a', NULL, 1, 'Patient/p/1')")
	hand.Do("INSERT INTO idempotency_keys (tenant_id, caller, key, operation, input_hash, status, type, record, version, created) VALUES ('zzyzx', 'c', 'k', '', '', 0, '', '', 0, 1)")
	relay(t, db)
	if gone := prune(t, db, store.Keep{AuditDays: 1, OutboxDays: 1}); gone != (store.Pruned{Audit: 2, Outbox: 1, Keys: 1}) {
		t.Errorf("%+v are gone", gone)
	}
	sizes, err := db.Sizes(t.Context())
	i := slices.IndexFunc(sizes.Tables, func(s store.Size) bool { return s.Name == "outbox" })
	if err != nil || i < 0 || sizes.Tables[i].Bytes < 4*8192 || sizes.Tables[i].Rows != -1 {
		t.Errorf("the sizes are %+v, %v", sizes.Tables, err)
	}
	hand.Do("INSERT INTO journal_entries VALUES ('zzyzx', 'e', 'charge', 'c', '', '2026-01-01', 1, 'd')")
	for _, change := range []string{"UPDATE journal_entries SET kind = 'payment' WHERE tenant_id = 'zzyzx'", "DELETE FROM journal_entries", "TRUNCATE journal_entries CASCADE"} {
		if err := hand.Try(change); err == nil || !strings.Contains(err.Error(), "the journal only grows") {
			t.Errorf("%s: %v", change, err)
		}
	}
}
