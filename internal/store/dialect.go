package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is everything in which the two databases differ, apart from the schema and the bulk insert of documents.
type dialect struct {
	name     string
	embedded bool
	contains string // condition that a column holds a text; two placeholders: column stands in the text
	array    string // function that gives its arguments as a JSON array
	within   string // condition that a column holds what a query gives, which is answered first
	lookedUp string // joins a table, under a name, by a condition that is asked for each row before it
	probe    string // writes nothing that anybody reads, and fails where the database cannot write
}

var sqliteDialect = dialect{
	name:     "sqlite",
	embedded: true,
	contains: "instr(%s, ?) > 0",
	array:    "json_array",
	within:   "%s IN (%s)",
	lookedUp: "JOIN %[1]s %[2]s ON %[3]s",
	probe:    "PRAGMA user_version = 0; INSERT INTO audit_events SELECT * FROM audit_events WHERE FALSE",
}

var postgresDialect = dialect{
	name:     "postgres",
	contains: "strpos(%s, ?) > 0",
	array:    "json_build_array",
	within:   "%s = ANY(ARRAY(%s))",                                                       // IN may be planned as a join that reads all rows of a tenant
	lookedUp: "CROSS JOIN LATERAL (SELECT * FROM %[1]s %[2]s WHERE %[3]s OFFSET 0) %[2]s", // any other join may be planned as that too
	probe:    "INSERT INTO audit_events SELECT * FROM audit_events WHERE FALSE",
}

// Containing gives the condition that a column holds a text, which stands for its ?: LIKE knows wildcards, this does not.
func (v *View) Containing(column string) string { return fmt.Sprintf(v.db.dialect.contains, column) }

// Within gives the condition that a column holds one of the values that a query gives. The query is answered first, and its few
// values are looked up.
func (v *View) Within(column, query string) string {
	return fmt.Sprintf(v.db.dialect.within, column, query)
}

// LookedUp joins a table, under a name, with what stands before it, by a condition that is asked for each row of that.
func (v *View) LookedUp(table, name, condition string) string {
	return fmt.Sprintf(v.db.dialect.lookedUp, table, name, condition)
}

// https://www.postgresql.org/docs/15/errcodes-appendix.html
const (
	postgresSerialization = "40001"
	postgresDeadlock      = "40P01"
	postgresUnique        = "23505"
	postgresLock          = "55P03"
)

// isRetryable reports whether the same work may succeed when it starts again and sees what the other one wrote.
func (d dialect) isRetryable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == postgresSerialization || pg.Code == postgresDeadlock || pg.Code == postgresLock || pg.Code == postgresUnique
	}
	if result, ok := resultOf(err); ok && result == sqlite3.SQLITE_BUSY {
		return true
	}
	return errors.Is(err, ErrRaced) || d.isDuplicate(err)
}

// ErrRaced says that a version moved between reading and writing it; the transaction starts again.
var ErrRaced = errors.New("a concurrent change came first")

func (d dialect) isDuplicate(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == postgresUnique
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
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
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return "no connection"
	}
	if state, ok := errors.AsType[replicaState](err); ok {
		return string(state)
	}
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, ErrRaced) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, sql.ErrTxDone) {
		return err.Error()
	}
	root := err
	for inner := errors.Unwrap(root); inner != nil; inner = errors.Unwrap(root) {
		root = inner
	}
	return fmt.Sprintf("%T", root) // its text may quote anything
}

// bind turns ? into the database's own placeholders, and a list of texts after IN into what the database has for it: one array on
// PostgreSQL, so that the statement's text is the same for every length, a list of placeholders on SQLite.
func (d dialect) bind(query string, args []any) (string, []any) {
	lists := make([][]string, len(args))
	isPlain := d.embedded
	for i, arg := range args {
		lists[i] = listOf(arg)
		isPlain = isPlain && lists[i] == nil
	}
	if isPlain || !strings.Contains(query, "?") {
		return query, args
	}
	var text strings.Builder
	text.Grow(len(query) + 2*len(args))
	bound := make([]any, 0, len(args))
	for i, rest := 0, query; ; i++ {
		before, after, found := strings.Cut(rest, "?")
		if !found {
			text.WriteString(rest)
			return text.String(), bound
		}
		rest = after
		list := lists[i]
		switch {
		case !d.embedded && list != nil:
			text.WriteString(strings.TrimSuffix(before, "IN ") + "= ANY($" + strconv.Itoa(i+1) + ")")
			bound = append(bound, list)
		case !d.embedded:
			text.WriteString(before + "$" + strconv.Itoa(i+1))
			bound = append(bound, args[i])
		case list != nil:
			text.WriteString(before + Placeholders(1, len(list)))
			for _, element := range list {
				bound = append(bound, element)
			}
		default:
			text.WriteString(before + "?")
			bound = append(bound, args[i])
		}
	}
}

// listOf gives a list of texts, of whatever type they are; nil where an argument is none. A type that stands in one column is no
// list.
func listOf(arg any) []string {
	switch arg := arg.(type) {
	case nil, string, int, int64, bool, driver.Valuer:
		return nil
	case []string:
		return append([]string{}, arg...)
	}
	value := reflect.ValueOf(arg)
	if value.Kind() != reflect.Slice || value.Type().Elem().Kind() != reflect.String {
		return nil
	}
	list := make([]string, value.Len())
	for i := range list {
		list[i] = value.Index(i).String()
	}
	return list
}

// Placeholders gives "(?,?,?),(?,?,?)" for rows of width columns.
func Placeholders(rows, width int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + ")"
	return strings.TrimSuffix(strings.Repeat(row+",", rows), ",")
}
