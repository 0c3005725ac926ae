package store

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"medbill/models"
)

// What the rooms write their queries with. Whoever calls Rows, Write or Exec puts the tenant into the query; the functions on
// rows do it themselves.

// Rows runs one query with ? placeholders and calls scan for each row, within which no other statement runs. A list of texts stands
// for IN ?. A query in the database's own placeholders is left as it is.
func (v *View) Rows(scan func(Row) error, query string, args ...any) error {
	query, args = v.db.dialect.bind(query, args)
	v.count()
	return v.line.rows(v.ctx, scan, query, args)
}

// InOrder runs fn, within a Snapshot, with queries that PostgreSQL reads in the order of indexes which have it: nothing is sorted, and what is joined is merged. It
// is for sums over all that a tenant has, which its guesses at sizes would have it sort on the disk. SQLite reads so of itself.
func (v *View) InOrder(fn func() error) error {
	if v.db.dialect.embedded {
		return fn()
	}
	set := func(value string) error {
		for _, of := range []string{"enable_sort", "enable_hashjoin"} {
			if err := v.line.later(v.ctx, "SET LOCAL "+of+" TO "+value, nil, nil); err != nil {
				return err
			}
		}
		return nil
	}
	if err := set("off"); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	return set("DEFAULT")
}

// Exec runs one statement, written like those of Rows, and gives how many rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	tx.forgetIn(query)
	query, args = tx.db.dialect.bind(query, args)
	tx.count()
	return tx.line.exec(tx.ctx, query, args)
}

// Write runs one statement, written like those of Rows, whose answer nobody waits for: it may be sent with the next query, and at
// the latest with the commit, which then gives its error.
func (tx *Tx) Write(query string, args ...any) error { return tx.WriteJudged(nil, query, args...) }

// WriteJudged is Write of a statement of which judge says whether it touched as many rows as it should have.
func (tx *Tx) WriteJudged(judge func(touched int64) error, query string, args ...any) error {
	tx.forgetIn(query)
	query, args = tx.db.dialect.bind(query, args)
	return tx.later(judge, query, args)
}

func (tx *Tx) later(judge func(int64) error, query string, args []any) error {
	tx.count()
	return tx.line.later(tx.ctx, query, args, judge)
}

// count leaves out the relay and what is nobody's, which come by the clock and not by what anybody asked.
func (v *View) count() {
	if v.actor.Subject != relaySubject && v.actor != (models.Actor{}) {
		v.db.statements.Add(1)
	}
}

// First gives one row of the tenant by a condition; false where there is none.
func First[R any](v *View, query string, args ...any) (R, bool, error) {
	rows, err := Some[R](v, 1, "", query, args...)
	if err != nil || len(rows) == 0 {
		var none R
		return none, false, err
	}
	return rows[0], true, nil
}

// All gives the rows of the tenant by a condition, in the given order.
func All[R any](v *View, order, query string, args ...any) ([]R, error) {
	return Some[R](v, -1, order, query, args...)
}

// Some gives at most count rows of the tenant by a condition, in the given order.
func Some[R any](v *View, count int, order, query string, args ...any) ([]R, error) {
	s, err := shapeOf[R](v)
	if err != nil {
		return nil, err
	}
	text := "SELECT " + s.names + " FROM " + s.table + " WHERE tenant_id = ? AND (" + query + ")"
	args = append([]any{v.Tenant()}, args...)
	if order != "" {
		text += " ORDER BY " + order
	}
	if count >= 0 {
		text, args = text+" LIMIT ?", append(args, count)
	}
	rows, err := Recall(v, s.table, fmt.Sprintf("%s %#v", text, args), func() ([]R, error) {
		var rows []R
		err := v.Rows(func(row Row) error {
			var one R
			err := row.Scan(s.targets(v.ctx, reflect.ValueOf(&one).Elem())...)
			rows = append(rows, one)
			return err
		}, text, args...)
		return rows, err
	})
	return slices.Clone(rows), err
}

// Column gives the one column of a query written like those of Rows.
func Column[Value any](v *View, query string, args ...any) ([]Value, error) {
	var values []Value
	err := v.Rows(func(row Row) error {
		var value Value
		err := row.Scan(&value)
		values = append(values, value)
		return err
	}, query, args...)
	return values, err
}

const rowsMax = 100 // in one statement

// Upsert writes rows over those with the same primary key. Each row names its tenant.
func Upsert[R any](tx *Tx, rows ...R) error { return write(tx, rows, true) }

// Insert writes new rows, each of which names its tenant; a taken key starts the transaction again.
func Insert[R any](tx *Tx, rows ...R) error { return write(tx, rows, false) }

func write[R any](tx *Tx, rows []R, over bool) error {
	if len(rows) == 0 {
		return nil
	}
	s, err := shapeOf[R](tx.View)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(rows, rowsMax) {
		text, err := writing(tx.View, s, part, over)
		if err != nil {
			return err
		}
		if err := tx.later(nil, text, values(tx.ctx, s.columns, part)); err != nil {
			return err
		}
	}
	return saved(tx, rows, false)
}

// Delete deletes rows by their primary keys.
func Delete[R any](tx *Tx, rows ...R) error {
	if len(rows) == 0 {
		return nil
	}
	s, err := shapeOf[R](tx.View)
	if err != nil {
		return err
	}
	names := make([]string, len(s.keys))
	for i, key := range s.keys {
		names[i] = key.DBName + " = ?"
	}
	for _, row := range rows {
		query, args := tx.db.dialect.bind("DELETE FROM "+s.table+" WHERE "+strings.Join(names, " AND "), values(tx.ctx, s.keys, []R{row}))
		if err := tx.later(nil, query, args); err != nil {
			return err
		}
	}
	return saved(tx, rows, true)
}

// Drop deletes rows of the tenant by a condition.
func Drop[R any](tx *Tx, query string, args ...any) error {
	s, err := shapeOf[R](tx.View)
	if err != nil {
		return err
	}
	return tx.Write("DELETE FROM "+s.table+" WHERE tenant_id = ? AND ("+query+")", append([]any{tx.Tenant()}, args...)...)
}

// Texts gives named ids as the plain strings that stand for a list.
func Texts[ID ~string](ids []ID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return list
}
