package store

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// shape is how the rows of one type stand in their table. What gorm knows of a type, and the statements that it makes, are asked
// for once: to make a statement costs more than to run it.
type shape struct {
	table   string
	columns []*schema.Field
	keys    []*schema.Field
	names   string   // of the columns, with commas
	texts   sync.Map // of statements that write so many rows, by shapeKey
}

type shapeKey struct {
	rows int
	over bool // rows of the same key
}

// shapes are those of one database, by type.
type shapes struct{ known sync.Map }

// shapeOf gives the shape of a type of row.
func shapeOf[Row any](v *View) (*shape, error) {
	known := &Shared[shapes](v.db).known
	if found, ok := known.Load(reflect.TypeFor[Row]()); ok {
		return found.(*shape), nil
	}
	var row Row
	statement := gorm.Statement{DB: v.db.orm}
	if err := statement.Parse(&row); err != nil {
		return nil, err
	}
	s := &shape{table: statement.Schema.Table, names: strings.Join(statement.Schema.DBNames, ", ")}
	for _, name := range statement.Schema.DBNames {
		column := statement.Schema.FieldsByDBName[name]
		s.columns = append(s.columns, column)
		if column.PrimaryKey {
			s.keys = append(s.keys, column)
		}
	}
	found, _ := known.LoadOrStore(reflect.TypeFor[Row](), s)
	return found.(*shape), nil
}

// writing gives the statement that inserts rows, in the database's own placeholders; over says that rows of the same key are
// written over.
func writing[Row any](v *View, s *shape, rows []Row, over bool) (string, error) {
	key := shapeKey{len(rows), over}
	if text, ok := s.texts.Load(key); ok {
		return text.(string), nil
	}
	dry := v.db.orm.Session(&gorm.Session{DryRun: true, NewDB: true})
	if over {
		dry = dry.Clauses(clause.OnConflict{UpdateAll: true})
	}
	blank := make([]Row, len(rows))
	made := dry.Create(&blank).Statement
	if made.Error != nil {
		return "", made.Error
	}
	if len(made.Vars) != len(rows)*len(s.columns) {
		return "", fmt.Errorf("a row of %s is written in %d columns and not %d", s.table, len(made.Vars)/len(rows), len(s.columns))
	}
	text := made.SQL.String()
	s.texts.Store(key, text)
	return text, nil
}

// values gives what stands in the columns of rows, one after the other.
func values[Row any](ctx context.Context, columns []*schema.Field, rows []Row) []any {
	args := make([]any, 0, len(rows)*len(columns))
	for i := range rows {
		row := reflect.ValueOf(&rows[i]).Elem()
		for _, c := range columns {
			value, _ := c.ValueOf(ctx, row)
			args = append(args, value)
		}
	}
	return args
}

// targets gives pointers to the columns of a row, to scan into.
func (s *shape) targets(ctx context.Context, row reflect.Value) []any {
	list := make([]any, len(s.columns))
	for i, c := range s.columns {
		list[i] = c.ReflectValueOf(ctx, row).Addr().Interface()
	}
	return list
}
