package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm/schema"
)

// Part is the rows of one table among those that Collect reads.
type Part interface {
	shape(v *View) (*shape, error)
	arm(v *View, s *shape) (query string, args []any)
	take(ctx context.Context, columns []*schema.Field, values []any) error
}

// Take reads those rows of the tenant into a list, in no order, that a condition gives; a list of strings stands for IN ?. belongs
// says the same of a row in Go, for those that are saved later; nil where that cannot be told, so that all is read again.
func Take[R any](into *[]R, belongs func(R) bool, query string, args ...any) Part {
	return &part[R]{into, belongs, query, args}
}

type part[R any] struct {
	into    *[]R
	belongs func(R) bool
	query   string
	args    []any
}

func (p *part[R]) shape(v *View) (*shape, error) { return shapeOf[R](v) }

func (p *part[R]) arm(v *View, s *shape) (string, []any) {
	return v.db.dialect.array + "(" + s.names + ") FROM " + s.table + " WHERE tenant_id = ? AND " + p.query, append([]any{v.Tenant()}, p.args...)
}

func (p *part[R]) take(ctx context.Context, columns []*schema.Field, values []any) error {
	var row R
	into := reflect.ValueOf(&row).Elem()
	for i, c := range columns {
		if err := c.Set(ctx, into, values[i]); err != nil {
			return err
		}
	}
	*p.into = append(*p.into, row)
	return nil
}

// Asked is a query that is run once and that the conditions of parts may read from by its name. The zero Asked is none.
type Asked struct {
	Name, Query string
	Args        []any
}

// Collect reads rows of several tables in one statement.
func Collect(v *View, parts ...Part) error { return collect(v, Asked{}, parts) }

func collect(v *View, first Asked, parts []Part) error {
	arms := make([]string, len(parts))
	of := make([]*shape, len(parts))
	before, args := "", []any(nil)
	if first.Name != "" {
		before, args = "WITH "+first.Name+" AS MATERIALIZED ("+first.Query+") ", slices.Clone(first.Args)
	}
	for i, p := range parts {
		var err error
		if of[i], err = p.shape(v); err != nil {
			return err
		}
		query, bound := p.arm(v, of[i])
		arms[i], args = "SELECT "+strconv.Itoa(i)+", "+query, append(args, bound...)
	}
	return v.Rows(func(row Row) error {
		var at int
		var body []byte
		if err := row.Scan(&at, &body); err != nil {
			return err
		}
		values, err := valuesOf(body)
		if err != nil {
			return fmt.Errorf("read a row of %s: %w", of[at].table, err)
		}
		return parts[at].take(v.ctx, of[at].columns, values)
	}, before+strings.Join(arms, " UNION ALL "), args...)
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
