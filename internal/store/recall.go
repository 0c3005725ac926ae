package store

import (
	"reflect"
	"strings"

	"gorm.io/gorm/schema"
)

// memory is what a transaction has read, by table and question. Within a transaction the database answers a question the same
// way until the transaction itself writes to the table, so it is asked once.
type memory map[string]map[string]any

// Recall gives what read gives. In a transaction a question about a table is asked once, until something is written to the
// table; question has to tell each answer from every other. What it gives is shared and must not be changed.
func Recall[T any](v *View, table, question string, read func() (T, error)) (T, error) {
	if !v.recalls {
		return read()
	}
	known := *Local[memory](v)
	if answer, ok := known[table][question]; ok {
		return answer.(T), nil
	}
	answer, err := read()
	if err != nil {
		return answer, err
	}
	if known = *Local[memory](v); known == nil {
		known = memory{}
		*Local[memory](v) = known
	}
	if known[table] == nil {
		known[table] = map[string]any{}
	}
	known[table][question] = answer
	return answer, nil
}

// Forget drops what was read of tables that are about to be written.
func (tx *Tx) Forget(tables ...string) {
	known := *Local[memory](tx.View)
	for _, table := range tables {
		delete(known, table)
	}
}

// forgetIn drops what was read of the tables that a statement names.
func (tx *Tx) forgetIn(query string) {
	known := *Local[memory](tx.View)
	for table := range known {
		if strings.Contains(query, table) {
			delete(known, table)
		}
	}
}

// tableOf gives the table of a row's type.
func tableOf[Row any](v *View) string {
	var row Row
	if named, ok := any(row).(schema.Tabler); ok {
		return named.TableName()
	}
	return v.conn.NamingStrategy.TableName(reflect.TypeFor[Row]().Name())
}
