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

// keyTable is a table of keys.
type keyTable struct {
	name    string
	columns string
	numbers []bool // which of them are numbers
	isRow   string // condition for all of them
	// resolved says that its rows tell whether they are in the document itself.
	resolved bool
}

// linkTable holds a row for each place that a document refers to, however many parameters find it there.
const linkTable = "reference_keys"

var keyTables = []keyTable{
	newKeyTable("token_keys", "type, param, code, system, id", false),
	newKeyTable("string_keys", "type, param, value, exact, id", false),
	newKeyTable("date_keys", "type, param, low, high, low_day, high_day, low_by, high_by, id", false),
	newKeyTable("number_keys", "type, param, low, high, system, code, unit, id", false),
	newKeyTable(linkTable, "type, params, target_type, target_id, url, id", true),
}

func newKeyTable(name, columns string, resolved bool) keyTable {
	t := keyTable{name: name, columns: columns, resolved: resolved}
	for column := range strings.SplitSeq(columns, ", ") {
		t.isRow += " AND " + column + " = ?"
		t.numbers = append(t.numbers, slices.Contains([]string{"low", "high", "low_day", "high_day"}, column))
	}
	return t
}

// keyRows gives the rows of a document's keys, one list for each of keyTables, no row twice.
func keyRows(d models.Document, k search.Keys) [][][]any {
	rows := make([][][]any, len(keyTables))
	for _, t := range k.Tokens {
		rows[0] = append(rows[0], []any{d.Type, t.Param, clip(t.Code), clip(t.System), d.ID})
	}
	for _, s := range k.Strings {
		rows[1] = append(rows[1], []any{d.Type, s.Param, clip(s.Value), clip(s.Exact), d.ID})
	}
	for _, t := range k.Dates {
		rows[2] = append(rows[2], []any{d.Type, t.Param, t.Low, t.High, t.LowDay, t.HighDay, string(t.LowBy), string(t.HighBy), d.ID})
	}
	for _, n := range k.Numbers {
		rows[3] = append(rows[3], []any{d.Type, n.Param, n.Low, n.High, clip(n.System), clip(n.Code), clip(n.Unit), d.ID})
	}
	for _, l := range search.Links(k.References) {
		rows[4] = append(rows[4], linkRow(d, l))
	}
	for i, list := range rows {
		seen := make(map[string]bool, len(list))
		rows[i] = slices.DeleteFunc(list, func(row []any) bool { // what is cut may be the same then
			text := rowText(row)
			defer func() { seen[text] = true }()
			return seen[text]
		})
	}
	return rows
}

func linkRow(d models.Document, l search.Link) []any {
	return []any{d.Type, l.Params, l.Type, clip(l.ID), clip(l.URL), d.ID}
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
	for i, t := range keyTables {
		missing := map[string]models.Ref{}
		for _, p := range puts {
			for _, row := range keyRows(p.Document, p.Keys)[i] {
				missing[rowText(row)] = rowRef(row)
			}
		}
		err := t.each(v, ids, func(ref models.Ref, text string, resolved bool) {
			if _, expected := missing[text]; expected && !resolved {
				delete(missing, text)
				return
			}
			if about[ref] && !(resolved && logical[ref]) {
				wrong[ref] = true
			}
		})
		if err != nil {
			return nil, err
		}
		for _, ref := range missing {
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

// each reads the rows of documents and what each says; resolved are those that no document tells by itself.
func (t keyTable) each(v *store.View, ids []string, found func(ref models.Ref, text string, resolved bool)) error {
	targets := make([]any, len(t.numbers), len(t.numbers)+1)
	for i, number := range t.numbers {
		if number {
			targets[i] = new(int64)
		} else {
			targets[i] = new(string)
		}
	}
	var resolved bool
	query := t.columns
	if t.resolved {
		query, targets = query+", resolved", append(targets, &resolved)
	}
	row := make([]any, len(t.numbers))
	return v.Rows(func(from store.Row) error {
		if err := from.Scan(targets...); err != nil {
			return err
		}
		for i := range row {
			if number, ok := targets[i].(*int64); ok {
				row[i] = *number
			} else {
				row[i] = *targets[i].(*string)
			}
		}
		found(rowRef(row), rowText(row), resolved)
		return nil
	}, "SELECT "+query+" FROM "+t.name+" WHERE tenant_id = ? AND id IN ?", v.Tenant(), ids)
}
