package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"medbill/models"
)

// What the rooms write their queries with. Whoever calls Rows or Exec puts the tenant into the query; the functions on rows
// do it themselves.

// Rows runs one query with ? placeholders and calls scan for each row. A list of strings stands for IN ?. It goes past gorm,
// whose building of statements costs more than these do. A query in the database's own placeholders is left as it is.
func (v *View) Rows(scan func(*sql.Rows) error, query string, args ...any) error {
	query, args = v.db.dialect.bind(query, args)
	v.count()
	rows, err := v.pool().QueryContext(v.context(), query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Exec runs one statement, written like those of Rows, and gives how many rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	tx.forgetIn(query)
	query, args = tx.db.dialect.bind(query, args)
	tx.count()
	result, err := tx.pool().ExecContext(tx.context(), query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// count leaves out the relay and what is nobody's, which come by the clock and not by what anybody asked.
func (v *View) count() {
	if v.actor.Subject != relaySubject && v.actor != (models.Actor{}) {
		v.db.statements.Add(1)
	}
}

// pool is the transaction's connection, or the database's where there is no transaction.
func (v *View) pool() gorm.ConnPool { return v.conn.Statement.ConnPool }

func (v *View) context() context.Context { return v.conn.Statement.Context }

// mine gives gorm on the actor's tenant: no query of a booked table is written without it.
func (v *View) mine() *gorm.DB { return v.conn.Where("tenant_id = ?", v.actor.Tenant) }

// First gives one row of the tenant by a condition; false where there is none.
func First[Row any](v *View, query string, args ...any) (Row, bool, error) {
	rows, err := Some[Row](v, 1, "", query, args...)
	if err != nil || len(rows) == 0 {
		var none Row
		return none, false, err
	}
	return rows[0], true, nil
}

// All gives the rows of the tenant by a condition, in the given order.
func All[Row any](v *View, order, query string, args ...any) ([]Row, error) {
	return Some[Row](v, -1, order, query, args...)
}

// Some gives at most count rows of the tenant by a condition, in the given order.
func Some[Row any](v *View, count int, order, query string, args ...any) ([]Row, error) {
	question := fmt.Sprintf("%d %s %s %#v", count, order, query, args)
	rows, err := Recall(v, tableOf[Row](v), question, func() ([]Row, error) {
		var rows []Row
		err := v.mine().Where(query, args...).Order(order).Limit(count).Find(&rows).Error
		return rows, err
	})
	return slices.Clone(rows), err
}

// Column gives the one column of a query written like those of Rows.
func Column[Value any](v *View, query string, args ...any) ([]Value, error) {
	var values []Value
	err := v.Rows(func(rows *sql.Rows) error {
		var value Value
		err := rows.Scan(&value)
		values = append(values, value)
		return err
	}, query, args...)
	return values, err
}

// Upsert writes rows over those with the same primary key. Each row names its tenant.
func Upsert[Row any](tx *Tx, rows ...Row) error {
	if len(rows) == 0 {
		return nil
	}
	if err := tx.conn.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(&rows, 100).Error; err != nil {
		return err
	}
	return saved(tx, rows, false)
}

// Insert writes new rows, each of which names its tenant; a taken key starts the transaction again.
func Insert[Row any](tx *Tx, rows ...Row) error {
	if len(rows) == 0 {
		return nil
	}
	if err := tx.conn.CreateInBatches(&rows, 100).Error; err != nil {
		return err
	}
	return saved(tx, rows, false)
}

// Delete deletes rows by their primary keys.
func Delete[Row any](tx *Tx, rows ...Row) error {
	if len(rows) == 0 {
		return nil
	}
	if err := tx.mine().Delete(&rows).Error; err != nil {
		return err
	}
	return saved(tx, rows, true)
}

// Drop deletes rows of the tenant by a condition.
func Drop[Row any](tx *Tx, query string, args ...any) error {
	var row Row
	tx.Forget(tableOf[Row](tx.View))
	return tx.mine().Where(query, args...).Delete(&row).Error
}

// Texts gives named ids as the plain strings that stand for a list.
func Texts[ID ~string](ids []ID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return list
}
