package store

import (
	"database/sql"
	"strconv"
	"strings"
	"unicode/utf8"

	"medbill/fhir/search"
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
// nothing: the guard stands inside the query.
func (v *View) Search(q search.Query, guard Guard, after *Place) (Page, error) {
	var page Page
	where, args := v.where(q, guard)
	if q.Total != search.TotalNone || q.Count == 0 {
		total, err := v.count(where, args)
		if err != nil {
			return page, err
		}
		page.Total = &total
	}
	if q.Count == 0 {
		return page, nil
	}
	query, args := v.page(q, where, args, after)
	err := v.rows(func(rows *sql.Rows) error {
		keys := make([]sql.NullString, len(q.Sort))
		more := make([]any, len(keys))
		for i := range keys {
			more[i] = &keys[i]
		}
		document, err := scanDocument(rows, more...)
		if err != nil {
			return err
		}
		page.Documents = append(page.Documents, document)
		page.Places = append(page.Places, placeOf(document.ID, keys))
		return nil
	}, query, args...)
	if len(page.Documents) > q.Count {
		page.Documents, page.Places = page.Documents[:q.Count], page.Places[:q.Count]
		page.Next = &page.Places[q.Count-1]
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

func (v *View) count(where string, args []any) (int64, error) {
	var total int64
	err := v.rows(func(rows *sql.Rows) error { return rows.Scan(&total) }, "SELECT count(*) FROM documents d WHERE "+where, args...)
	return total, err
}

// page wraps the matches in a query that carries their sort keys, so that the place after which to go on can be compared
// with them. https://use-the-index-luke.com/no-offset
func (v *View) page(q search.Query, where string, args []any, after *Place) (string, []any) {
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
		expression, args := v.sortKey(s)
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
func (v *View) sortKey(s search.Sort) (string, []any) {
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

// where gives the condition on documents d with its arguments.
func (v *View) where(q search.Query, guard Guard) (string, []any) {
	where := "d.tenant_id = ? AND d.type = ? AND d.deleted = ?"
	args := []any{v.actor.Tenant, q.Type, false}
	for _, c := range q.Clauses {
		condition, more := v.clause(q.Type, c)
		where += " AND " + condition
		args = append(args, more...)
	}
	hidden, more := guard.condition(v.actor.Tenant, q.Type, "d.id")
	return where + hidden, append(args, more...)
}

func (v *View) clause(typ string, c search.Clause) (string, []any) {
	if c.Param.IsColumn() && c.Modifier == search.ModifierMissing {
		return "1 = ?", []any{map[bool]int{true: 0, false: 1}[c.Missing]}
	}
	switch c.Param.Name {
	case "_id":
		condition, args := alternatives(c.Tokens, idCondition)
		return negated(c, condition), args
	case "_lastUpdated":
		return alternatives(c.Dates, func(d search.DateValue) (string, []any) { return dateCondition(d, "d.updated", "(d.updated + 1)") })
	}
	table, condition, args := v.keyCondition(c)
	in := "IN"
	if c.Modifier == search.ModifierNot || c.Modifier == search.ModifierMissing && c.Missing {
		in = "NOT IN"
	}
	query := "d.id " + in + " (SELECT k.id FROM " + table + " k WHERE k.tenant_id = ? AND k.type = ? AND k.param = ?"
	all := append([]any{v.actor.Tenant, typ, c.KeyParam()}, args...)
	if condition != "" {
		query += " AND " + condition
	}
	return query + ")", all
}

// idCondition holds an id against a token: an id has no system.
func idCondition(t search.TokenValue) (string, []any) {
	if t.System != "" || t.Code == "" {
		return "1 = 0", nil
	}
	return "d.id = ?", []any{t.Code}
}

func negated(c search.Clause, condition string) string {
	if c.Modifier == search.ModifierNot {
		return "NOT " + condition
	}
	return condition
}

// keyCondition gives the side table of a clause and the condition on its key k.
func (v *View) keyCondition(c search.Clause) (table, condition string, args []any) {
	missing := c.Modifier == search.ModifierMissing
	switch kind := c.Param.Kind; {
	case kind == search.KindToken, kind == search.KindURI, c.Modifier == search.ModifierIdentifier:
		table = "token_keys"
		if !missing {
			condition, args = alternatives(c.Tokens, tokenCondition)
		}
	case kind == search.KindString:
		table = "string_keys"
		if !missing {
			condition, args = alternatives(c.Strings, func(s search.StringValue) (string, []any) { return v.stringCondition(c.Modifier, s) })
		}
	case kind == search.KindDate:
		table = "date_keys"
		if !missing {
			condition, args = alternatives(c.Dates, func(d search.DateValue) (string, []any) { return dateCondition(d, "k.low", "k.high") })
		}
	case kind == search.KindReference:
		table = "reference_keys"
		if !missing {
			condition, args = alternatives(c.References, referenceCondition)
		}
	default:
		table = "number_keys"
		if !missing {
			condition, args = alternatives(c.Numbers, numberCondition)
		}
	}
	return table, condition, args
}

// alternatives joins the conditions of values with OR.
func alternatives[V any](values []V, one func(V) (string, []any)) (string, []any) {
	conditions := make([]string, len(values))
	var args []any
	for i, value := range values {
		condition, more := one(value)
		conditions[i] = condition
		args = append(args, more...)
	}
	return "(" + strings.Join(conditions, " OR ") + ")", args
}

func tokenCondition(t search.TokenValue) (string, []any) {
	switch {
	case t.Code != "" && t.HasSystem:
		return "(k.code = ? AND k.system = ?)", []any{clip(t.Code), clip(t.System)}
	case t.HasSystem:
		return "k.system = ?", []any{clip(t.System)}
	}
	return "k.code = ?", []any{clip(t.Code)}
}

func (v *View) stringCondition(modifier search.Modifier, s search.StringValue) (string, []any) {
	switch modifier {
	case search.ModifierExact:
		return "k.exact = ?", []any{clip(s.Exact)}
	case search.ModifierContains:
		return v.db.dialect.containing("k.value"), []any{clip(s.Folded)}
	}
	beginning := clip(s.Folded)
	end, bounded := afterBeginning(beginning)
	if !bounded {
		return "k.value >= ?", []any{beginning}
	}
	return "(k.value >= ? AND k.value < ?)", []any{beginning, end}
}

// afterBeginning gives the least text that sorts after every text with the beginning, by the order of the databases, which
// is that of code points; false where there is none.
func afterBeginning(beginning string) (string, bool) {
	for beginning != "" {
		last, size := utf8.DecodeLastRuneInString(beginning)
		beginning = beginning[:len(beginning)-size]
		switch {
		case last == utf8.MaxRune:
			continue
		case last == beforeSurrogates:
			return beginning + string(afterSurrogates), true
		}
		return beginning + string(last+1), true
	}
	return "", false
}

// What lies between them is no character.
const (
	beforeSurrogates = '\uD7FF'
	afterSurrogates  = '\uE000'
)

func referenceCondition(r search.ReferenceValue) (string, []any) {
	var conditions []string
	var args []any
	if r.ID != "" && r.Type != "" {
		conditions, args = append(conditions, "(k.target_id = ? AND k.target_type = ?)"), append(args, clip(r.ID), r.Type)
	} else if r.ID != "" {
		conditions, args = append(conditions, "k.target_id = ?"), append(args, clip(r.ID))
	}
	if r.URL != "" {
		// An absolute reference has no target, and the index begins with it.
		conditions, args = append(conditions, "(k.target_id = '' AND k.url = ?)"), append(args, clip(r.URL))
	}
	if len(conditions) == 0 {
		return "1 = 0", nil
	}
	return "(" + strings.Join(conditions, " OR ") + ")", args
}

// dateCondition is the table at search.Prefix; the bound on low that eq implies lets an index be used.
func dateCondition(d search.DateValue, low, high string) (string, []any) {
	equal := "(" + low + " >= ? AND " + low + " <= ? AND " + high + " <= ?)"
	equalArgs := []any{d.Low, d.High, d.High}
	switch d.Prefix {
	case search.PrefixNotEqual:
		return "NOT " + equal, equalArgs
	case search.PrefixGreater:
		return high + " > ?", []any{d.High}
	case search.PrefixLess:
		return low + " < ?", []any{d.Low}
	case search.PrefixGreaterOrEqual:
		return "(" + high + " > ? OR " + equal + ")", append([]any{d.High}, equalArgs...)
	case search.PrefixLessOrEqual:
		return "(" + low + " < ? OR " + equal + ")", append([]any{d.Low}, equalArgs...)
	case search.PrefixStartsAfter:
		return low + " >= ?", []any{d.High}
	case search.PrefixEndsBefore:
		return high + " <= ?", []any{d.Low}
	case search.PrefixApproximately:
		return "(" + low + " < ? AND " + high + " > ?)", []any{d.High, d.Low}
	}
	return equal, equalArgs
}

func numberCondition(n search.NumberValue) (string, []any) {
	condition, args := numberRange(n)
	switch {
	case n.HasSystem && n.Code != "":
		return "(" + condition + " AND k.system = ? AND k.code = ?)", append(args, clip(n.System), clip(n.Code))
	case n.HasSystem:
		return "(" + condition + " AND k.system = ?)", append(args, clip(n.System))
	case n.Code != "":
		return "(" + condition + " AND (k.code = ? OR k.unit = ?))", append(args, clip(n.Code), clip(n.Code))
	}
	return condition, args
}

func numberRange(n search.NumberValue) (string, []any) {
	const equal = "(k.low >= ? AND k.low < ? AND k.high <= ?)"
	switch n.Prefix {
	case search.PrefixNotEqual:
		return "NOT " + equal, []any{n.Low, n.High, n.High}
	case search.PrefixGreater:
		return "k.high > ?", []any{n.Low}
	case search.PrefixLess:
		return "k.low < ?", []any{n.High}
	case search.PrefixGreaterOrEqual:
		return "k.high >= ?", []any{n.Low}
	case search.PrefixLessOrEqual:
		return "k.low <= ?", []any{n.High}
	case search.PrefixStartsAfter:
		return "k.low > ?", []any{n.Low}
	case search.PrefixEndsBefore:
		return "k.high < ?", []any{n.High}
	case search.PrefixApproximately:
		return "(k.low <= ? AND k.high >= ?)", []any{n.High, n.Low}
	}
	return equal, []any{n.Low, n.High, n.High}
}
