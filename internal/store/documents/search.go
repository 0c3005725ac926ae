package documents

import (
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// Place is where a page ended: the sort keys of its last document and its id. It holds values of people; whoever gives it
// out encrypts it.
type Place struct {
	Keys []*string `json:"k,omitempty"` // nil where the document has no such key; numbers as decimal text
	ID   string    `json:"i"`
}

// Page is one page of a search with the place of each document; Next is nil at the end. Total is counted only where the
// query asks for it.
type Page struct {
	Documents []models.Document
	Places    []Place
	Next      *Place
	Total     *int64
}

// Search gives the page of q after a place, nil for the first, of what the guard lets through. Hidden documents count for
// nothing: the guard stands inside the query. Documents are read one by one, and no more than the page holds.
func Search(v *store.View, q search.Query, guard Guard, after *Place) (Page, error) {
	var page Page
	if err := settle(v, guard, q.Type); err != nil {
		return page, err
	}
	where, args := matching(v, q, guard)
	if q.Total != search.TotalNone || q.Count == 0 {
		total, err := countOf(v, where, args)
		if err != nil {
			return page, err
		}
		page.Total = &total
	}
	if q.Count == 0 {
		return page, nil
	}
	query, args := pageQuery(v, q, where, args, after)
	room := room{bytesMax: q.BytesMax}
	err := v.Rows(func(row store.Row) error {
		keys := make([]sql.NullString, len(q.Sort))
		more := make([]any, len(keys))
		for i := range keys {
			more[i] = &keys[i]
		}
		document, err := scanDocument(row, more...)
		if err != nil {
			return err
		}
		if len(page.Documents) == q.Count || !room.takes(document) {
			page.Next = &page.Places[len(page.Places)-1]
			return errFull
		}
		page.Documents = append(page.Documents, document)
		page.Places = append(page.Places, placeOf(document.ID, keys))
		return nil
	}, query, args...)
	if errors.Is(err, errFull) {
		err = nil
	}
	return page, err
}

func placeOf(id string, keys []sql.NullString) Place {
	place := Place{ID: id}
	for _, k := range keys {
		if k.Valid {
			text := k.String
			place.Keys = append(place.Keys, &text)
		} else {
			place.Keys = append(place.Keys, nil)
		}
	}
	return place
}

func countOf(v *store.View, where string, args []any) (int64, error) {
	var total int64
	err := v.Rows(func(row store.Row) error { return row.Scan(&total) }, "SELECT count(*) FROM documents d WHERE "+where, args...)
	return total, err
}

// pageQuery wraps the matches in a query that carries their sort keys, so that the place after which to go on can be compared
// with them. https://use-the-index-luke.com/no-offset
func pageQuery(v *store.View, q search.Query, where string, args []any, after *Place) (string, []any) {
	const columns = "d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body"
	if len(q.Sort) == 0 {
		if after != nil {
			where += " AND d.id > ?"
			args = append(args, after.ID)
		}
		return "SELECT " + columns + " FROM documents d WHERE " + where + " ORDER BY d.id LIMIT ?", append(args, q.Count+1)
	}
	var keys, order strings.Builder
	var keyArgs []any
	for i, s := range q.Sort {
		name := "s" + strconv.Itoa(i)
		expression, args := sortKey(v, s)
		keys.WriteString(", " + expression + " AS " + name)
		keyArgs = append(keyArgs, args...)
		order.WriteString("CASE WHEN " + name + " IS NULL THEN 1 ELSE 0 END, " + name)
		if s.Descending {
			order.WriteString(" DESC")
		}
		order.WriteString(", ")
	}
	args = append(keyArgs, args...)
	query := "SELECT * FROM (SELECT " + columns + keys.String() + " FROM documents d WHERE " + where + ") x"
	if after != nil && len(after.Keys) == len(q.Sort) {
		condition, placeArgs := afterPlace(q.Sort, *after, 0)
		query += " WHERE " + condition
		args = append(args, placeArgs...)
	}
	return query + " ORDER BY " + order.String() + "id LIMIT ?", append(args, q.Count+1)
}

// afterPlace says lexicographically that a row comes after the place, documents without a key last.
func afterPlace(sorts []search.Sort, place Place, i int) (string, []any) {
	if i == len(sorts) {
		return "id > ?", []any{place.ID}
	}
	name := "s" + strconv.Itoa(i)
	rest, restArgs := afterPlace(sorts, place, i+1)
	if place.Keys[i] == nil {
		return "(" + name + " IS NULL AND " + rest + ")", restArgs
	}
	operator := " > ?"
	if sorts[i].Descending {
		operator = " < ?"
	}
	value := bindKey(sorts[i], *place.Keys[i])
	return "(" + name + operator + " OR " + name + " IS NULL OR (" + name + " = ? AND " + rest + "))", append([]any{value, value}, restArgs...)
}

func bindKey(s search.Sort, text string) any {
	if isNumeric(s.Param) {
		n, _ := strconv.ParseInt(text, 10, 64)
		return n
	}
	return text
}

func isNumeric(p search.Param) bool {
	return p.Kind == search.KindDate || p.Kind == search.KindNumber || p.Kind == search.KindQuantity || p.Name == "_lastUpdated"
}

// sortKey gives the least key of a document ascending and the greatest descending.
func sortKey(v *store.View, s search.Sort) (string, []any) {
	switch s.Param.Name {
	case "_id":
		return "d.id", nil
	case "_lastUpdated":
		return "d.updated", nil
	}
	table, column := "string_keys", "k.value"
	switch s.Param.Kind {
	case search.KindToken, search.KindURI:
		table, column = "token_keys", "k.code"
	case search.KindDate:
		table, column = "date_keys", "k.low"
		if s.Descending {
			column = "k.high"
		}
	case search.KindNumber, search.KindQuantity:
		table, column = "number_keys", "k.low"
		if s.Descending {
			column = "k.high"
		}
	case search.KindReference:
		table, column = "reference_keys", "k.target_type || '/' || k.target_id"
	}
	extreme := "min("
	if s.Descending {
		extreme = "max("
	}
	return "(SELECT " + extreme + column + ") FROM " + table + " k WHERE k.tenant_id = d.tenant_id AND k.type = d.type AND k.id = d.id AND k.param = ?)", []any{s.Param.Name}
}

// matching gives the condition on documents d with its arguments.
func matching(v *store.View, q search.Query, guard Guard) (string, []any) {
	where := "d.tenant_id = ? AND d.type = ? AND d.deleted = ?"
	args := []any{v.Tenant(), q.Type, false}
	var joins joinable
	for _, c := range q.Clauses {
		found := clause(v, q.Type, c)
		if !joins.take(c) {
			found.text = "(" + found.text + ") IS TRUE"
		}
		where += " AND " + found.text
		args = append(args, found.args...)
	}
	hidden, more := guard.condition(v.Tenant(), q.Type, "d.id")
	return where + hidden, append(args, more...)
}

// joinable counts the conditions that the database may plan as joins; what comes after them it is made to answer once each and to
// remember. PostgreSQL expects every join to leave next to nothing, and where several leave much, it reads all keys of one for
// every key of the other: 20 ranges over 3000 documents took it 70 seconds.
type joinable struct{ joins, ranges int }

const joinsMax = 3

// take reports whether c may be a join: few alternatives, few joins before it, and no range beside another, as the first and
// the last day of a span are.
func (j *joinable) take(c search.Clause) bool {
	if c.IsRange() {
		j.ranges++
	}
	if c.Len() > armsMax || j.joins == joinsMax || c.IsRange() && j.ranges > 1 {
		return false
	}
	j.joins++
	return true
}

func clause(v *store.View, typ string, c search.Clause) condition {
	if c.Param.IsColumn() && c.Modifier == search.ModifierMissing {
		return condition{"1 = ?", []any{map[bool]int{true: 0, false: 1}[c.Missing]}}
	}
	switch c.Param.Name {
	case "_id":
		found := idCondition(c.Tokens)
		if c.Modifier == search.ModifierNot {
			found.text = "NOT (" + found.text + ")"
		}
		return found
	case "_lastUpdated":
		return either(each(c.Dates, func(d search.DateValue) condition { return dateCondition(d, updatedDates) }))
	}
	table, arms := arms(v, c)
	found := condition{text: "d.id IN ("}
	if c.Modifier == search.ModifierNot || c.Modifier == search.ModifierMissing && c.Missing {
		found.text = "d.id NOT IN ("
	}
	for i, arm := range arms {
		if i > 0 {
			found.text += " UNION ALL "
		}
		found.text += "SELECT k.id FROM " + table + " k WHERE k.tenant_id = ? AND k.type = ? AND k.param = ?" + arm.text
		found.args = append(append(found.args, v.Tenant(), typ, c.KeyParam()), arm.args...)
	}
	found.text += ")"
	return found
}

// arms gives the side table of a clause and the conditions on its keys k, one of which has to hold. They stand in selects of
// their own, because SQLite does not use an index across an OR.
func arms(v *store.View, c search.Clause) (table string, arms []condition) {
	var conditions []condition
	switch kind := c.Param.Kind; {
	case kind == search.KindToken, kind == search.KindURI, c.Modifier == search.ModifierIdentifier:
		table, conditions = "token_keys", tokenConditions(c.Tokens)
	case kind == search.KindString:
		table, conditions = "string_keys", few(each(c.Strings, func(s search.StringValue) condition { return stringCondition(v, c.Modifier, s) }))
	case kind == search.KindDate:
		table, conditions = "date_keys", few(each(c.Dates, func(d search.DateValue) condition { return dateCondition(d, keyDates) }))
	case kind == search.KindReference:
		table, conditions = "reference_keys", referenceConditions(c.References)
	default:
		table, conditions = "number_keys", few(each(c.Numbers, numberCondition))
	}
	if c.Modifier == search.ModifierMissing {
		return table, []condition{{}}
	}
	for i := range conditions {
		conditions[i].text = " AND " + conditions[i].text
	}
	return table, conditions
}
