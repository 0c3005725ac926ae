package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is everything in which the two databases differ, apart from the schema and the bulk insert of documents.
type dialect struct {
	name        string
	embedded    bool
	transaction *sql.TxOptions
	snapshot    *sql.TxOptions
	contains    string // condition that a column holds a text; two placeholders: column stands in the text
}

var sqliteDialect = dialect{
	name:        "sqlite",
	embedded:    true,
	transaction: &sql.TxOptions{},
	snapshot:    &sql.TxOptions{ReadOnly: true},
	contains:    "instr(%s, ?) > 0",
}

// REPEATABLE READ with retries: a trial of 800 independent charges failed 11 to 50 times under SERIALIZABLE and never so.
var postgresDialect = dialect{
	name:        "postgres",
	transaction: &sql.TxOptions{Isolation: sql.LevelRepeatableRead},
	snapshot:    &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	contains:    "strpos(%s, ?) > 0",
}

func (d dialect) containing(column string) string { return fmt.Sprintf(d.contains, column) }

// https://www.postgresql.org/docs/15/errcodes-appendix.html
const (
	postgresSerialization = "40001"
	postgresDeadlock      = "40P01"
	postgresUnique        = "23505"
)

// isRetryable reports whether the same work may succeed when it starts again and sees what the other one wrote.
func (d dialect) isRetryable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == postgresSerialization || pg.Code == postgresDeadlock || pg.Code == postgresUnique
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY {
		return true
	}
	return errors.Is(err, errRaced) || d.isDuplicate(err)
}

// errRaced says that a version moved between reading and writing it.
var errRaced = errors.New("a concurrent change came first")

func (d dialect) isDuplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == postgresUnique
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return errors.Is(err, gorm.ErrDuplicatedKey)
}

// codeOf names an error of the database without the values its message may quote.
func codeOf(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return "postgres " + pg.Code + " " + pg.ConstraintName
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return fmt.Sprintf("sqlite %d", lite.Code())
	}
	if errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, sql.ErrNoRows) || errors.Is(err, errRaced) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, sql.ErrTxDone) {
		return err.Error()
	}
	return fmt.Sprintf("%T", errors.Unwrap(err))
}

// exec runs one statement with ? placeholders.
func (v *View) exec(query string, args ...any) (int64, error) {
	result := v.conn.Exec(query, args...)
	return result.RowsAffected, result.Error
}

// rows runs one query with ? placeholders and calls scan for each row.
func (v *View) rows(scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := v.conn.Raw(query, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// native runs one statement in the driver's own placeholders on the transaction's connection, for array parameters that
// gorm would expand.
func (v *View) native(ctx context.Context, query string, args ...any) (sql.Result, error) {
	v.db.statements.Add(1)
	return v.conn.Statement.ConnPool.ExecContext(ctx, query, args...)
}

// placeholders gives "(?,?,?),(?,?,?)" for rows of width columns.
func placeholders(rows, width int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + ")"
	return strings.TrimSuffix(strings.Repeat(row+",", rows), ",")
}

// prepare registers what both databases share.
func (db *DB) prepare() error {
	count := func(*gorm.DB) { db.statements.Add(1) }
	for _, g := range []*gorm.DB{db.write, db.read} {
		if g == db.write && db.read == db.write && g.Callback().Row().Get("medbill:count") != nil {
			break
		}
		callbacks := g.Callback()
		err := errors.Join(
			callbacks.Query().Before("gorm:query").Register("medbill:count", count),
			callbacks.Row().Before("gorm:row").Register("medbill:count", count),
			callbacks.Raw().Before("gorm:raw").Register("medbill:count", count),
			callbacks.Create().Before("gorm:create").Register("medbill:count", count),
			callbacks.Update().Before("gorm:update").Register("medbill:count", count),
			callbacks.Delete().Before("gorm:delete").Register("medbill:count", count),
		)
		if err != nil {
			return err
		}
		if db.read == db.write {
			break
		}
	}
	return nil
}
