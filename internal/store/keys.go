package store

import (
	"database/sql"
	"fmt"
	"reflect"
	"unicode/utf8"

	"medbill/fhir/search"
	"medbill/models"
)

// keyBytesMax keeps a key within what an index of PostgreSQL can hold. Keys and questions are cut alike, so a longer value
// is still found.
const keyBytesMax = 500

func clip(text string) string {
	if len(text) <= keyBytesMax {
		return text
	}
	cut := keyBytesMax
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// table gathers rows of one table, column by column for PostgreSQL's arrays or row by row for SQLite.
type table struct {
	name    string
	columns string
	rows    [][]any
}

func keyRows(puts []Put) []table {
	tables := []table{
		{name: "token_keys", columns: "type, param, code, system, id"},
		{name: "string_keys", columns: "type, param, value, exact, id"},
		{name: "date_keys", columns: "type, param, low, high, id"},
		{name: "number_keys", columns: "type, param, low, high, system, code, unit, id"},
		{name: "reference_keys", columns: "type, param, target_type, target_id, url, id"},
	}
	for _, p := range puts {
		typ, id := p.Document.Type, p.Document.ID
		for _, k := range p.Keys.Tokens {
			tables[0].rows = append(tables[0].rows, []any{typ, k.Param, clip(k.Code), clip(k.System), id})
		}
		for _, k := range p.Keys.Strings {
			tables[1].rows = append(tables[1].rows, []any{typ, k.Param, clip(k.Value), clip(k.Exact), id})
		}
		for _, k := range p.Keys.Dates {
			tables[2].rows = append(tables[2].rows, []any{typ, k.Param, k.Low, k.High, id})
		}
		for _, k := range p.Keys.Numbers {
			tables[3].rows = append(tables[3].rows, []any{typ, k.Param, k.Low, k.High, clip(k.System), clip(k.Code), clip(k.Unit), id})
		}
		for _, k := range p.Keys.References {
			tables[4].rows = append(tables[4].rows, []any{typ, k.Param, k.Type, clip(k.ID), clip(k.URL), id})
		}
	}
	return tables
}

// HasKeys reports whether a document is found by exactly these keys.
func (v *View) HasKeys(ref models.Ref, keys search.Keys) (bool, error) {
	for _, t := range keyRows([]Put{{Document: models.Document{Type: ref.Type, ID: ref.ID}, Keys: keys}}) {
		want := map[string]int{}
		for _, row := range t.rows {
			want[fmt.Sprintf("%q", row)] = 1
		}
		numbers := keyWidths[t.name]
		err := v.rows(func(rows *sql.Rows) error {
			row, targets := make([]any, len(numbers)), make([]any, len(numbers))
			for i, number := range numbers {
				if number {
					targets[i] = new(int64)
				} else {
					targets[i] = new(string)
				}
			}
			if err := rows.Scan(targets...); err != nil {
				return err
			}
			for i, target := range targets {
				row[i] = reflect.ValueOf(target).Elem().Interface()
			}
			want[fmt.Sprintf("%q", row)]--
			return nil
		}, "SELECT "+t.columns+" FROM "+t.name+" WHERE tenant_id = ? AND type = ? AND id = ?", v.actor.Tenant, ref.Type, ref.ID)
		if err != nil {
			return false, err
		}
		for _, left := range want {
			if left != 0 {
				return false, nil
			}
		}
	}
	return true, nil
}
