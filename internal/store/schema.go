package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"medbill/models/fault"
)

// Table is a table as the database itself tells it, for what goes over all of them.
type Table struct {
	Name    string
	Columns []TableColumn
	Key     []string // the columns of the primary key, in its order
	Parents []string // the tables that its foreign keys lead to
}

// TableColumn is a column of a table. What is a truth value in one database is a number to the driver of the other.
type TableColumn struct {
	Name      string
	IsBoolean bool
}

const (
	sqliteColumns = "SELECT m.name, c.name, c.type = 'BOOLEAN', c.pk FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid"
	sqliteParents = "SELECT m.name, f.\"table\" FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'"

	postgresColumns = "SELECT t.relname, c.attname, c.atttypid = 'boolean'::regtype, coalesce(array_position(k.indkey::int2[], c.attnum), -1) + 1 FROM pg_class t" +
		" JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary" +
		" WHERE t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, c.attnum"
	postgresParents = "SELECT t.relname, p.relname FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid" +
		" WHERE f.contype = 'f' AND t.relnamespace = current_schema()::regnamespace"
)

// Tables gives every table of the schema by name, those of the queue and of the migrations too.
func Tables(v *View) ([]Table, error) {
	columns, parents := postgresColumns, postgresParents
	if v.IsEmbedded() {
		columns, parents = sqliteColumns, sqliteParents
	}
	var tables []Table
	at := map[string]int{}
	keys := map[string]map[int]string{}
	err := v.Rows(func(row Row) error {
		var table string
		var column TableColumn
		var place int
		err := row.Scan(&table, &column.Name, &column.IsBoolean, &place)
		if _, known := at[table]; !known {
			at[table], keys[table] = len(tables), map[int]string{}
			tables = append(tables, Table{Name: table})
		}
		t := &tables[at[table]]
		t.Columns = append(t.Columns, column)
		if place > 0 {
			keys[table][place] = column.Name
		}
		return err
	}, columns)
	if err != nil {
		return nil, err
	}
	for i := range tables {
		for place := range len(keys[tables[i].Name]) {
			tables[i].Key = append(tables[i].Key, keys[tables[i].Name][place+1])
		}
	}
	return tables, v.Rows(func(row Row) error {
		var table, parent string
		err := row.Scan(&table, &parent)
		if t := &tables[at[table]]; !slices.Contains(t.Parents, parent) {
			t.Parents = append(t.Parents, parent)
		}
		return err
	}, parents)
}

// AuditFile runs fn with reads of the file in which SQLite keeps the audit of reads, and not at all where that stands with
// everything else.
func (s *Session) AuditFile(ctx context.Context, fn func(*View) error) error {
	if !s.db.dialect.embedded {
		return nil
	}
	return s.db.translate(fn(&View{db: s.db, ctx: ctx, line: &sqlLine{conn: s.db.audit.pool}, actor: s.actor}))
}

var errShared = fault.New(fault.Conflict, "shared", "Other medbill processes are connected to the database; stop its servers and workers first.")

// aloneWait is how long a process that was stopped or killed may still seem to be connected: PostgreSQL notices shortly after.
const aloneWait = 3 * time.Second

// Alone refuses where another medbill process is connected and stays so. A SQLite file that was not opened beside its owner is this
// process's.
func (db *DB) Alone(ctx context.Context) error {
	if db.dialect.embedded {
		return nil
	}
	const step = 100 * time.Millisecond
	for waited := time.Duration(0); ; waited += step {
		err := db.alone(ctx)
		if !errors.Is(err, errShared) || waited >= aloneWait {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(step):
		}
	}
}

func (db *DB) alone(ctx context.Context) error {
	others, err := db.count(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"+
		" AND application_name LIKE 'medbill%' AND application_name <> current_setting('application_name')")
	if err == nil && others > 0 {
		return errShared
	}
	return err
}
