package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
)

// sqliteDialector is what gorm needs of SQLite where migrations are plain SQL and the driver is modernc.org/sqlite, which
// needs no C compiler.
type sqliteDialector struct{ pool *sql.DB }

// Name is what gorm shows of the dialect.
func (sqliteDialector) Name() string { return "sqlite" }

// Initialize gives gorm its pool and the clauses SQLite understands.
func (d sqliteDialector) Initialize(db *gorm.DB) error {
	db.ConnPool = d.pool
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE", "RETURNING"},
	})
	db.ClauseBuilders["LIMIT"] = writeLimit
	db.ClauseBuilders["FOR"] = func(clause.Clause, clause.Builder) {} // one writer: rows need no locks
	return d.pool.PingContext(context.Background())
}

// writeLimit exists because SQLite knows no OFFSET without LIMIT.
func writeLimit(c clause.Clause, b clause.Builder) {
	limit, ok := c.Expression.(clause.Limit)
	if !ok {
		return
	}
	rows := -1
	if limit.Limit != nil && *limit.Limit >= 0 {
		rows = *limit.Limit
	}
	if rows < 0 && limit.Offset <= 0 {
		return
	}
	_, _ = b.WriteString("LIMIT " + strconv.Itoa(rows))
	if limit.Offset > 0 {
		_, _ = b.WriteString(" OFFSET " + strconv.Itoa(limit.Offset))
	}
}

// Migrator is asked for by gorm; nothing here migrates with it.
func (d sqliteDialector) Migrator(db *gorm.DB) gorm.Migrator {
	return migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d}}
}

// DataTypeOf is asked for by gorm's migrator only.
func (sqliteDialector) DataTypeOf(f *schema.Field) string { return string(f.DataType) }

// DefaultValueOf is asked for by gorm's migrator only.
func (sqliteDialector) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

// BindVarTo writes a placeholder.
func (sqliteDialector) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { _ = w.WriteByte('?') }

// QuoteTo writes a name, or the parts of a dotted name, in double quotes.
func (sqliteDialector) QuoteTo(w clause.Writer, name string) {
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			_ = w.WriteByte('.')
		}
		_, _ = w.WriteString(`"` + strings.ReplaceAll(part, `"`, `""`) + `"`)
	}
}

// Explain would show values, which are PHI; it shows the statement alone.
func (sqliteDialector) Explain(query string, _ ...any) string { return query }
