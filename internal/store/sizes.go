package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"medbill/models"
)

// Size is how much of the disk a table with its indexes takes, or a file, and about how many rows it has; -1 is unknown.
type Size struct {
	Name        string
	Bytes, Rows int64
}

// Sizes are the tables' and, of SQLite, which knows no table's without reading it, the files' instead.
type Sizes struct{ Tables, Files []Size }

const (
	tableSizes = "SELECT t.relname, pg_total_relation_size(t.oid), t.reltuples::bigint FROM pg_class t" +
		" WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname"
	// On Citus a table is a shell whose rows lie elsewhere. Each machine is asked once; how many rows there are none of them tells.
	citusSizes = "SELECT t.relname, coalesce(s.bytes, pg_total_relation_size(t.oid))::bigint, CASE WHEN s.bytes IS NULL THEN t.reltuples::bigint ELSE -1 END" +
		" FROM pg_class t LEFT JOIN (SELECT table_name, sum(shard_size) AS bytes FROM citus_shards GROUP BY table_name) s ON s.table_name = t.oid::regclass" +
		" WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname"
	sqliteFileSize = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
	sqliteNumbered = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql NOT LIKE '%WITHOUT ROWID%' ORDER BY name"
)

// Sizes tells how large the database has grown, by what it keeps about its tables: no row is counted, however many there are.
func (db *DB) Sizes(ctx context.Context) (Sizes, error) {
	if db.dialect.embedded {
		return db.sqliteSizes(ctx)
	}
	citus, err := db.count(ctx, hasCitus)
	if err != nil {
		return Sizes{}, err
	}
	query := tableSizes
	if citus > 0 {
		query = citusSizes
	}
	tables, err := ask(ctx, db, func(v *View) (tables []Size, err error) {
		err = v.Rows(func(row Row) error {
			var s Size
			err := row.Scan(&s.Name, &s.Bytes, &s.Rows)
			tables = append(tables, s)
			return err
		}, query)
		return tables, err
	})
	return Sizes{Tables: tables}, err
}

// sqliteSizes tells the sizes of the two files, and of the tables that number their rows about how many there are.
func (db *DB) sqliteSizes(ctx context.Context) (sizes Sizes, err error) {
	rows := map[string]int64{}
	look := func(file string) func(*View) error {
		return func(v *View) error {
			bytes, err := Column[int64](v, sqliteFileSize)
			if err != nil {
				return err
			}
			sizes.Files = append(sizes.Files, Size{file, bytes[0], -1})
			tables, err := Column[string](v, sqliteNumbered)
			if err != nil || len(tables) == 0 {
				return err
			}
			return v.Rows(func(row Row) error {
				var table string
				var n int64
				err := row.Scan(&table, &n)
				rows[table] += n // the audit is in both files
				return err
			}, spansOf(tables))
		}
	}
	if err = db.Everywhere(ctx, look("books")); err == nil {
		err = db.As(models.Actor{}).AuditFile(ctx, look("reads"))
	}
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		sizes.Tables = append(sizes.Tables, Size{table, -1, rows[table]})
	}
	return sizes, err
}

// spansOf asks for each table from which number to which its rows go. Those that went from between are counted too.
func spansOf(tables []string) string {
	spans := make([]string, len(tables))
	for i, t := range tables {
		spans[i] = "SELECT '" + t + "', coalesce((SELECT max(rowid) FROM " + t + ") - (SELECT min(rowid) FROM " + t + ") + 1, 0)"
	}
	return strings.Join(spans, " UNION ALL ")
}
