package move

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"strings"

	"medbill/internal/store"
)

// audit is the table that SQLite has in two files.
const audit = "audit_events"

const (
	pageMax      = 500
	pageBytesMax = 4 << 20
)

// row is a row of a table, its columns in order: string, int64, bool or nil.
type row []any

// table is a table with the places of its key among its columns; the tenant, which leads it, is left out.
type table struct {
	store.Table
	key []int
}

func tableOf(t store.Table) table {
	known := table{Table: t}
	for _, column := range t.Key[1:] {
		known.key = append(known.key, slices.IndexFunc(t.Columns, func(c store.TableColumn) bool { return c.Name == column }))
	}
	return known
}

// columns names them as a statement does.
func (t table) columns() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// compare orders rows by their keys, as both databases do.
func (t table) compare(a, b row) int {
	for _, i := range t.key {
		var order int
		if number, ok := a[i].(int64); ok {
			order = cmp.Compare(number, b[i].(int64))
		} else {
			order = strings.Compare(a[i].(string), b[i].(string))
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// errFull ends a page.
var errFull = errors.New("the page is full")

// page reads the rows after one, by key; nil is before the first.
func (t table) page(v *store.View, after row) (page []row, err error) {
	query, args := "SELECT "+t.columns()+" FROM "+t.Name+" WHERE tenant_id = ?", []any{v.Tenant()}
	if keys := strings.Join(t.Key[1:], ", "); len(t.key) > 0 {
		if after != nil {
			query += " AND (" + keys + ") > " + store.Placeholders(1, len(t.key))
			for _, i := range t.key {
				args = append(args, after[i])
			}
		}
		query += " ORDER BY " + keys
	} else if after != nil {
		return nil, nil // a tenant has one row
	}
	bytes := 0
	err = v.Rows(func(from store.Row) error {
		values := make(row, len(t.Columns))
		targets := make([]any, len(values))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := from.Scan(targets...); err != nil {
			return err
		}
		for i, value := range values {
			switch value := value.(type) {
			case []byte:
				values[i] = string(value)
			case int64:
				if t.Columns[i].IsBoolean {
					values[i] = value != 0
				}
			}
			if text, ok := values[i].(string); ok {
				bytes += len(text)
			}
		}
		if page = append(page, values); bytes > pageBytesMax {
			return errFull
		}
		return nil
	}, query+" LIMIT ?", append(args, pageMax)...)
	if errors.Is(err, errFull) {
		err = nil
	}
	return page, err
}

// all gives the rows of a table in order, page by page; an error is the last.
func (t table) all(read func(after row) ([]row, error)) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		var last row
		for {
			page, err := read(last)
			if err != nil {
				yield(nil, err)
			}
			if err != nil || len(page) == 0 {
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			last = page[len(page)-1]
		}
	}
}

// both gives the rows of two files in one order.
func (t table) both(one, other iter.Seq2[row, error]) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		a, b := begin(one), begin(other)
		defer a.stop()
		defer b.stop()
		for a.ok || b.ok {
			from := a
			if !a.ok || b.ok && b.err == nil && a.err == nil && t.compare(a.row, b.row) > 0 {
				from = b
			}
			if !yield(from.row, from.err) || from.err != nil {
				return
			}
			from.next()
		}
	}
}

// cursor stands on a row.
type cursor struct {
	row  row
	err  error
	ok   bool
	pull func() (row, error, bool)
	stop func()
}

func begin(rows iter.Seq2[row, error]) *cursor {
	c := &cursor{}
	c.pull, c.stop = iter.Pull2(rows)
	c.next()
	return c
}

func (c *cursor) next() { c.row, c.err, c.ok = c.pull() }
