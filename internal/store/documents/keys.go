package documents

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"medbill/fhir/search"
	"medbill/internal/store"
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
	filter  string // leaves out the rows that no document tells by itself
	rows    [][]any
}

func keyRows(puts []Indexed) []table {
	tables := []table{
		{name: "token_keys", columns: "type, param, code, system, id"},
		{name: "string_keys", columns: "type, param, value, exact, id"},
		{name: "date_keys", columns: "type, param, low, high, low_day, high_day, low_by, high_by, id"},
		{name: "number_keys", columns: "type, param, low, high, system, code, unit, id"},
		{name: "reference_keys", columns: "type, param, target_type, target_id, url, id", filter: " AND resolved = FALSE"},
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
			tables[2].rows = append(tables[2].rows, []any{typ, k.Param, k.Low, k.High, k.LowDay, k.HighDay, string(k.LowBy), string(k.HighBy), id})
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
func HasKeys(v *store.View, ref models.Ref, keys search.Keys) (bool, error) {
	wrong, err := Misindexed(v, []Indexed{{Document: models.Document{Type: ref.Type, ID: ref.ID}, Keys: keys}})
	return len(wrong) == 0, err
}

// Misindexed gives those documents, at most some hundreds, that are not found by exactly the keys given; one statement for
// each table of keys. What an identifier meant when a document was written is not asked again, but a document without a
// reference by identifier has no such key.
func Misindexed(v *store.View, puts []Indexed) ([]models.Ref, error) {
	if err := settle(v, Guard{}); err != nil {
		return nil, err
	}
	wrong := map[models.Ref]bool{}
	about := make(map[models.Ref]bool, len(puts))
	logical := make(map[models.Ref]bool)
	ids := make([]string, len(puts))
	for i, p := range puts {
		ref := models.Ref{Type: p.Document.Type, ID: p.Document.ID}
		ids[i], about[ref], logical[ref] = ref.ID, true, p.Keys.HasLogicals
	}
	for _, t := range keyRows(puts) {
		missing := make(map[string]models.Ref, len(t.rows))
		for _, row := range t.rows {
			missing[rowText(row)] = rowRef(row)
		}
		err := v.Rows(func(row store.Row) error {
			key, err := t.scan(row)
			if err != nil {
				return err
			}
			text, ref := rowText(key), rowRef(key)
			if _, expected := missing[text]; !expected && about[ref] {
				wrong[ref] = true
			}
			delete(missing, text)
			return nil
		}, "SELECT "+t.columns+" FROM "+t.name+" WHERE tenant_id = ? AND id IN ?"+t.filter, v.Tenant(), ids)
		if err != nil {
			return nil, err
		}
		for _, ref := range missing {
			wrong[ref] = true
		}
	}
	resolved, err := fetchRefs(v, "SELECT DISTINCT type, id FROM reference_keys WHERE tenant_id = ? AND id IN ? AND resolved = TRUE", v.Tenant(), ids)
	if err != nil {
		return nil, err
	}
	for _, ref := range resolved {
		if about[ref] && !logical[ref] {
			wrong[ref] = true
		}
	}
	return slices.SortedFunc(maps.Keys(wrong), func(a, b models.Ref) int { return strings.Compare(a.String(), b.String()) }), nil
}

// rowRef gives whose key a row is: its first column and its last.
func rowRef(row []any) models.Ref {
	return models.Ref{Type: row[0].(string), ID: row[len(row)-1].(string)}
}

func rowText(row []any) string {
	var text []byte
	for _, column := range row {
		if number, ok := column.(int64); ok {
			text = strconv.AppendInt(text, number, 10)
		} else {
			text = append(text, column.(string)...)
		}
		text = append(text, 0) // no text of a key holds it
	}
	return string(text)
}

func (t table) scan(from store.Row) ([]any, error) {
	numbers := keyWidths[t.name]
	targets := make([]any, len(numbers))
	for i, number := range numbers {
		if number {
			targets[i] = new(int64)
		} else {
			targets[i] = new(string)
		}
	}
	if err := from.Scan(targets...); err != nil {
		return nil, err
	}
	row := make([]any, len(numbers))
	for i, target := range targets {
		switch value := target.(type) {
		case *int64:
			row[i] = *value
		case *string:
			row[i] = *value
		}
	}
	return row, nil
}
