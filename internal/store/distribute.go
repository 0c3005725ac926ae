package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"

	"medbill/models/fault"
)

// On Citus a database lies on many machines: what names a tenant is distributed by it, with all of one tenant in the same place, and
// what belongs to nobody stands on every machine, or on the one that leads.
// https://docs.citusdata.com/en/stable/develop/api_udf.html

// spread is how Citus keeps a table.
type spread string

const (
	spreadDistributed spread = "distributed" // by its tenant
	spreadReference   spread = "reference"   // whole on every machine
	spreadLocal       spread = "local"       // on the machine that leads alone
)

// tenantless are the tables without a tenant, and how they are spread. What names a tenant is distributed.
var tenantless = map[string]spread{
	"own_bases":        spreadReference, // read with what is distributed, and written when a server starts
	"code_releases":    spreadReference, // looked up by whoever bills, of whichever tenant
	"code_parts":       spreadReference,
	"goose_db_version": spreadLocal, // the schema is changed where it leads, and the others follow
	"migration_files":  spreadLocal,
}

// firstSpread is distributed before all others, which are put where its rows are.
const firstSpread = "tenants"

// spreadOf says how a table is to be spread; false where nobody said.
func spreadOf(t Table) (spread, bool) {
	if slices.ContainsFunc(t.Columns, func(c TableColumn) bool { return c.Name == "tenant_id" }) {
		return spreadDistributed, true
	}
	how, ok := tenantless[t.Name]
	return how, ok
}

// distribution gives the statements that are still to be run, in their order: a table comes after those to which its foreign keys
// lead. It refuses a table of which nobody said how it is spread, and one that is spread in another way.
func distribution(tables []Table, done map[string]spread) (statements []string, err error) {
	seen := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == name })
		if seen[name] || i < 0 {
			return nil
		}
		seen[name] = true
		how, known := spreadOf(tables[i])
		if !known {
			return fmt.Errorf("nobody said how the table %s is spread", name)
		}
		if is, isDone := done[name]; isDone && is != how {
			return fmt.Errorf("the table %s was spread by somebody else, and not as %s; undo that with undistribute_table", name, how)
		} else if isDone {
			return nil
		}
		for _, parent := range tables[i].Parents {
			if err := add(parent); err != nil {
				return err
			}
		}
		switch {
		case how == spreadReference:
			statements = append(statements, "SELECT create_reference_table('"+name+"')")
		case how == spreadDistributed && name == firstSpread:
			statements = append(statements, "SELECT create_distributed_table('"+name+"', 'tenant_id', colocate_with => 'none')")
		case how == spreadDistributed:
			statements = append(statements, "SELECT create_distributed_table('"+name+"', 'tenant_id', colocate_with => '"+firstSpread+"')")
		}
		return nil
	}
	names := []string{firstSpread}
	for _, t := range tables {
		names = append(names, t.Name)
	}
	for _, name := range names {
		if err := add(name); err != nil {
			return nil, err
		}
	}
	return statements, nil
}

const (
	hasCitus = "SELECT count(*) FROM pg_extension WHERE extname = 'citus'"
	// spreads says how tables are spread that are not local.
	spreads = "SELECT t.relname, CASE" +
		" WHEN p.partmethod = 'h' AND column_to_column_name(p.logicalrelid, p.partkey) = 'tenant_id'" +
		" AND p.colocationid = (SELECT colocationid FROM pg_dist_partition WHERE logicalrelid = '" + firstSpread + "'::regclass) THEN 'distributed'" +
		" WHEN p.partmethod = 'n' AND p.repmodel = 't' THEN 'reference' ELSE 'otherwise' END" +
		" FROM pg_dist_partition p JOIN pg_class t ON t.oid = p.logicalrelid WHERE t.relnamespace = current_schema()::regnamespace"
	// Citus is wary of triggers, which may reach for what lies on another machine. Those of the journal refuse and do nothing else, and
	// it puts them on every part of a table, wherever that goes. It asks for this only where a table is distributed, so the
	// setting is this connection's and nobody else's.
	allowTriggers = "SET citus.enable_unsafe_triggers = on"
)

// errNoCitus is the refusal of Distribute.
var errNoCitus = fault.New(fault.Unsupported, "distribute",
	"The database does not have the Citus extension; CREATE EXTENSION citus in it on every machine, and add the machines with citus_add_node.")

// Distribute brings the schema to this binary's version and spreads its tables over the machines of a Citus cluster, by tenant. Each
// table is a transaction of its own, so it may be broken off and called again, and again when there are new tables. It refuses a
// database without the extension, before anything is changed.
func (db *DB) Distribute(ctx context.Context) error {
	if db.dialect.embedded {
		return errNoCitus
	}
	if n, err := db.count(ctx, hasCitus); err != nil {
		return err
	} else if n == 0 {
		return errNoCitus
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return db.migrating(ctx, func(pool *sql.DB) error {
		conn, err := pool.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }() // the pool goes with it
		statements, err := ask(ctx, db, undistributed)
		if err != nil {
			return err
		}
		for _, statement := range append([]string{allowTriggers}, statements...) {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		slog.Info("distributed", "tables", len(statements))
		return nil
	})
}

// undistributed gives the statements that distribute what is not distributed yet.
func undistributed(v *View) ([]string, error) {
	tables, err := Tables(v)
	if err != nil {
		return nil, err
	}
	done := map[string]spread{}
	err = v.Rows(func(row Row) error {
		var name string
		var how spread
		err := row.Scan(&name, &how)
		done[name] = how
		return err
	}, spreads)
	if err != nil {
		return nil, err
	}
	return distribution(tables, done)
}
