package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// Part is the rows of one table among those that Collect reads.
type Part interface {
	table(v *View) string
	arm(v *View) (columns []*schema.Field, query string, args []any, err error)
	take(ctx context.Context, columns []*schema.Field, values []any) error
}

// Take reads those rows of the tenant into a list, in no order, that a condition gives; a list of strings stands for IN ?. belongs
// says the same of a row in Go, for those that are saved later; nil where that cannot be told, so that all is read again.
func Take[Row any](into *[]Row, belongs func(Row) bool, query string, args ...any) Part {
	return &part[Row]{into, belongs, query, args}
}

type part[Row any] struct {
	into    *[]Row
	belongs func(Row) bool
	query   string
	args    []any
}

func (p *part[Row]) table(v *View) string { return tableOf[Row](v) }

func (p *part[Row]) arm(v *View) ([]*schema.Field, string, []any, error) {
	columns, err := columnsOf[Row](v)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.DBName
	}
	return columns, v.db.dialect.array + "(" + strings.Join(names, ", ") + ") FROM " + p.table(v) + " WHERE tenant_id = ? AND " + p.query,
		append([]any{v.Tenant()}, p.args...), err
}

func (p *part[Row]) take(ctx context.Context, columns []*schema.Field, values []any) error {
	var row Row
	into := reflect.ValueOf(&row).Elem()
	for i, c := range columns {
		if err := c.Set(ctx, into, values[i]); err != nil {
			return err
		}
	}
	*p.into = append(*p.into, row)
	return nil
}

// columnsOf gives the columns of a row's type.
func columnsOf[Row any](v *View) ([]*schema.Field, error) {
	var row Row
	statement := gorm.Statement{DB: v.conn}
	if err := statement.Parse(&row); err != nil {
		return nil, err
	}
	columns := make([]*schema.Field, 0, len(statement.Schema.DBNames))
	for _, name := range statement.Schema.DBNames {
		columns = append(columns, statement.Schema.FieldsByDBName[name])
	}
	return columns, nil
}

// Collect reads rows of several tables in one statement.
func Collect(v *View, parts ...Part) error {
	arms := make([]string, len(parts))
	columns := make([][]*schema.Field, len(parts))
	var args []any
	for i, p := range parts {
		fields, query, bound, err := p.arm(v)
		if err != nil {
			return err
		}
		arms[i], columns[i], args = "SELECT "+strconv.Itoa(i)+", "+query, fields, append(args, bound...)
	}
	return v.Rows(func(rows *sql.Rows) error {
		var at int
		var body []byte
		if err := rows.Scan(&at, &body); err != nil {
			return err
		}
		values, err := valuesOf(body)
		if err != nil {
			return fmt.Errorf("read a row of %s: %w", parts[at].table(v), err)
		}
		return parts[at].take(v.context(), columns[at], values)
	}, strings.Join(arms, " UNION ALL "), args...)
}

// valuesOf gives the values of a row that the database wrote as an array.
func valuesOf(body []byte) ([]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var values []any
	if err := decoder.Decode(&values); err != nil {
		return nil, err
	}
	for i, value := range values {
		if number, ok := value.(json.Number); ok {
			whole, err := number.Int64()
			if err != nil {
				return nil, err
			}
			values[i] = whole
		}
	}
	return values, nil
}
