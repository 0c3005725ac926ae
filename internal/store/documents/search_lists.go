package documents

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"medbill/fhir/search"
	"medbill/internal/store"
)

// list is a part of what a search finds that is read in its order: from the index of a sort key, or sorted where what it comes
// from is small. The parts follow one another.
type list struct {
	source
	keys  []string // the expressions of the sort keys on m, "" where no document of the list has it
	args  [][]any  // of the expressions
	walk  int      // the sort key in whose order the source comes; -1: none, or by id where there is no sort key
	where []condition
	most  int // how many documents of the source are looked at; 0: all
	few   int // how many documents the list has at most, where that is known
}

// lists gives the parts of what is found that come after a place. Few documents are all read and sorted. Else the keys of the
// first sort are walked in the order of their index, then, among the documents without such a key, those of the second, and at
// the end the documents without any.
func (f *finder) lists(after *Place) []list {
	if f.rare != nil || len(f.q.Sort) == 0 {
		return []list{f.sorted(f.source(), 0)}
	}
	var lists []list
	for i, s := range f.q.Sort {
		if s.Param.Kind == search.KindReference { // no index has them in order
			return append(lists, f.sorted(f.documents("k.id"), i))
		}
		for _, source := range f.walks(s) {
			if after == nil || isAfter(*after, i) {
				l := f.sorted(source, i)
				l.walk, l.keys[i], l.args[i] = i, "m.key", nil
				lists = append(lists, l)
			}
		}
		if s.Param.IsColumn() || slices.ContainsFunc(f.q.Clauses, func(c search.Clause) bool { return c.Param.Name == s.Param.Name && needsKey(c) }) {
			return lists
		}
	}
	return append(lists, f.sorted(f.documents("k.id"), len(f.q.Sort)))
}

// isAfter reports whether documents come after the place that have the sort key i and none before it.
func isAfter(after Place, i int) bool {
	first := slices.IndexFunc(after.Keys, func(k *string) bool { return k != nil })
	return 0 <= first && first <= i
}

// needsKey reports whether only documents with a key of its parameter match c.
func needsKey(c search.Clause) bool {
	return c.Modifier != search.ModifierNot && c.Modifier != search.ModifierIdentifier && (c.Modifier != search.ModifierMissing || !c.Missing)
}

// sorted is the list of what comes from a source and has none of the sort keys before i.
func (f *finder) sorted(from source, i int) list {
	l := list{source: from, walk: -1, keys: make([]string, len(f.q.Sort)), args: make([][]any, len(f.q.Sort)), where: f.left(from)}
	for j, s := range f.q.Sort {
		if j >= i {
			l.keys[j], l.args[j] = f.extreme(s)
		} else {
			l.where = append(l.where, f.lacks(s.Param))
		}
	}
	return l
}

// extreme gives the least key of document m, or the greatest, as an expression. The empty addition keeps the database from looking
// for it along the index of all keys.
func (f *finder) extreme(s search.Sort) (string, []any) {
	switch s.Param.Name {
	case "_id":
		return "m.id", nil
	case "_lastUpdated":
		return "(SELECT d.updated FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.id = m.id)", []any{f.v.Tenant(), f.q.Type}
	}
	table, column := sortColumn(s.Param)
	switch {
	case isNumeric(s.Param):
		column += " + 0"
	default:
		column += " || ''"
	}
	extreme := "min("
	if s.Descending {
		extreme = "max("
	}
	return "(SELECT " + extreme + column + ") FROM " + table + ofDocument(table) + ")", f.keysOf(table, s.Param.Name)
}

// ofDocument leads to the keys of document m of one parameter, by the index that begins with the document.
func ofDocument(table string) string {
	return " k WHERE k.tenant_id = ? AND k.id = m.id AND k.type || '' = ? AND " + ofParam(table, "k.", " || ''")
}

// ofParam holds for the keys of one parameter; beside is put behind the column to keep it from leading down an index.
func ofParam(table, key, beside string) string {
	if table == linkTable {
		return key + "params LIKE ?"
	}
	return key + "param" + beside + " = ?"
}

// keysOf gives what tells the keys of one parameter: the arguments of the tenant, the type and ofParam.
func (f *finder) keysOf(table, param string) []any {
	if table == linkTable {
		param = search.LinkedBy(param)
	}
	return []any{f.v.Tenant(), f.q.Type, param}
}

// keysBy gives the keys k of one parameter.
func (f *finder) keysBy(table, param string) condition {
	return condition{table + " k WHERE k.tenant_id = ? AND k.type = ? AND " + ofParam(table, "k.", ""), f.keysOf(table, param)}
}

// lacks holds for a document m that has no key of a parameter.
func (f *finder) lacks(p search.Param) condition {
	table, _ := sortColumn(p)
	return none(condition{table + ofDocument(table), f.keysOf(table, p.Name)})
}

func sortColumn(p search.Param) (table, column string) {
	switch p.Kind {
	case search.KindToken, search.KindURI:
		return "token_keys", "k.code"
	case search.KindDate:
		return "date_keys", "k.low"
	case search.KindNumber, search.KindQuantity:
		return "number_keys", "k.low"
	case search.KindReference:
		return linkTable, "k.target_type || '/' || k.target_id"
	}
	return "string_keys", "k.value"
}

func isNumeric(p search.Param) bool {
	return p.Kind == search.KindDate || p.Kind == search.KindNumber || p.Kind == search.KindQuantity || p.Name == "_lastUpdated"
}

// walks gives the documents m that have a sort key, m.key, by it and then by id. A condition on a parameter of which a document
// has one key bounds the walk.
func (f *finder) walks(s search.Sort) []source {
	switch s.Param.Name {
	case "_id":
		return []source{f.documents("k.id")}
	case "_lastUpdated":
		return []source{f.documents("k.updated")}
	}
	table, column := sortColumn(s.Param)
	keys := text("(SELECT k.id, " + column + " AS key FROM ").and(f.keysBy(table, s.Param.Name))
	if !s.Param.IsSingle {
		keys = keys.and(f.isExtreme(s, table))
		return []source{{from: keys.and(text(") m")), set: -1}}
	}
	spans := []condition{{}}
	for _, c := range f.q.Clauses {
		if c.Param.Name == s.Param.Name && c.Param.Kind == search.KindDate && c.Modifier == search.ModifierNone && len(c.Dates) == 1 {
			if bounds := indexed(c.Dates[0]); bounds != nil {
				spans = bounds
				break
			}
		}
	}
	if s.Descending {
		slices.Reverse(spans)
	}
	sources := make([]source, len(spans))
	for i, span := range spans {
		sources[i] = source{from: keys.and(span).and(text(") m")), set: -1}
	}
	return sources
}

// isExtreme leaves of several keys of a document the one by which it is sorted: no other comes before it in the index.
func (f *finder) isExtreme(s search.Sort, table string) condition {
	operator := " < "
	if s.Descending {
		operator = " > "
	}
	mine := strings.ReplaceAll(tieColumns[table], "k.", "o.")
	return text(" AND ").and(none(condition{table + " o WHERE o.tenant_id = ? AND o.id = k.id AND o.type || '' = ? AND " + ofParam(table, "o.", " || ''") + " AND (" +
		mine + ")" + operator + "(" + tieColumns[table] + ")", f.keysOf(table, s.Param.Name)}))
}

// tieColumns tell the keys of one parameter of one document apart, the sort key first.
var tieColumns = map[string]string{
	"token_keys":  "k.code, k.system",
	"string_keys": "k.value, k.exact",
	"date_keys":   "k.low, k.high, k.low_day, k.high_day, k.low_by, k.high_by",
	"number_keys": "k.low, k.high, k.system, k.code, k.unit",
}

// listQuery gives the query of a list: at most count documents after a place.
func (f *finder) listQuery(l list, after *Place, count int) condition {
	order := f.order(l)
	query := text("SELECT d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body")
	for i := range l.keys {
		query.text += ", p.s" + strconv.Itoa(i)
	}
	query = query.and(text(" FROM (")).and(f.window(l, after)).and(text(" ORDER BY " + order + " LIMIT " + strconv.Itoa(count) + ") p "))
	query = query.and(condition{f.v.LookedUp("documents", "d", "d.tenant_id = ? AND d.type = ? AND d.id = p.id"), []any{f.v.Tenant(), f.q.Type}})
	return query.and(text(" ORDER BY " + strings.ReplaceAll(order, "x.", "p.")))
}

// window selects the ids and sort keys x of a list that come after a place.
func (f *finder) window(l list, after *Place) condition {
	query := text("SELECT m.id")
	for i, key := range l.keys {
		if key == "" {
			key = "NULL"
		}
		query = query.and(condition{", " + key + " AS s" + strconv.Itoa(i), l.args[i]})
	}
	bounds, rest := l.where, condition{}
	if after != nil && len(after.Keys) == len(l.keys) && !isPast(l, *after) {
		if step, ok := f.step(l, *after); ok {
			bounds = append([]condition{step}, bounds...)
		} else {
			rest = f.afterPlace(l, *after, 0)
		}
	}
	query = text("SELECT * FROM (").and(query).and(text(" FROM ")).and(l.cut(f, bounds)).and(text(") x"))
	if rest.text != "" {
		query = query.and(text(" WHERE ")).and(rest)
	}
	return query
}

// cut gives the source of a list with its conditions. Where not all is looked at, the first condition is the place.
func (l list) cut(f *finder, bounds []condition) condition {
	if l.few > 0 { // cut in the order of the walk, and sorted then
		direction := f.direction(l.walk)
		return text("(SELECT * FROM ").and(l.from).and(where(bounds)).and(text(" ORDER BY m.key" + direction + ", m.id" + direction + " LIMIT " + strconv.Itoa(l.few) + ") m"))
	}
	if l.most == 0 {
		return l.from.and(where(bounds))
	}
	place := bounds[:len(bounds)-len(l.where)]
	order := " ORDER BY m.id" + f.byID
	if l.walk >= 0 {
		order = " ORDER BY m.key" + f.direction(l.walk) + ", m.id" + f.byID
	}
	return text("(SELECT * FROM ").and(l.from).and(where(place)).and(text(order + " LIMIT " + strconv.Itoa(l.most) + ") m")).and(where(l.where))
}

// isPast reports whether all of a list comes after a place: the document there has a key that those of the list lack.
func isPast(l list, after Place) bool {
	for i, key := range l.keys {
		if key == "" && after.Keys[i] != nil {
			return true
		}
	}
	return false
}

// step says that m comes after a place as one step along the index; false where the list has another order.
func (f *finder) step(l list, after Place) (condition, bool) {
	operator := " > "
	if f.byID != "" {
		operator = " < "
	}
	last := len(l.keys) - 1
	switch {
	case l.walk < 0 && !slices.ContainsFunc(l.keys, func(key string) bool { return key != "" }):
		return condition{"m.id" + operator + "?", []any{after.ID}}, true
	case l.walk >= 0 && !f.isGrouped(l):
		return condition{"(m.key, m.id)" + operator + "(?, ?)", []any{bindKey(f.q.Sort[last], *after.Keys[last]), after.ID}}, true
	}
	return condition{}, false
}

// isGrouped reports whether a list comes from an index that has the first of its keys in order and not what follows it.
func (f *finder) isGrouped(l list) bool {
	return l.walk >= 0 && (l.walk < len(l.keys)-1 || f.direction(l.walk) != f.byID)
}

// readGroups gives the documents of a list of which only the first sort key is in order: those with one value of it are a search of their own
// by the keys behind it, unless they are fewer than the page holds.
func (f *finder) readGroups(l list, after *Place, p *pager) error {
	var bounds []condition
	if after != nil && len(after.Keys) == len(l.keys) && !isPast(l, *after) {
		value := *after.Keys[l.walk]
		if err := f.group(l, value).find(&Place{Keys: after.Keys[l.walk+1:], ID: after.ID}, p.within(l.walk, value)); err != nil {
			return err
		}
		bounds = append(bounds, f.beyond(l.walk, value, false))
	}
	l.where = slices.Concat(bounds, l.where)
	end, found, err := f.valueAt(l, p.left())
	if err != nil {
		return err
	}
	if !found {
		l.few = p.left()
		return f.read(l, nil, p)
	}
	before := l
	before.few = p.left()
	before.where = append([]condition{f.beyond(l.walk, end, true)}, l.where...)
	if err := f.read(before, nil, p); err != nil {
		return err
	}
	return f.group(l, end).find(nil, p.within(l.walk, end))
}

// within gives the pager for the documents that have none of the first sort keys and a value of the one after them.
func (p *pager) within(i int, value string) *pager {
	inner := *p
	inner.keys = slices.Concat(p.keys, make([]*string, i), []*string{&value})
	return &inner
}

// group is the search for those documents of a list that have one value of its sort key.
func (f *finder) group(l list, value string) *finder {
	s := f.q.Sort[l.walk]
	inner := &finder{v: f.v, q: f.q, byID: f.byID, filters: slices.Clone(f.filters), sets: slices.Clone(f.sets)}
	inner.q.Sort = f.q.Sort[l.walk+1:]
	for _, lacked := range f.q.Sort[:l.walk] {
		inner.add(always(f.lacks(lacked.Param)), set{})
	}
	bound := bindKey(s, value)
	if s.Param.IsColumn() {
		column := "updated"
		if s.Param.Name == "_id" {
			column = "id"
		}
		extreme, args := f.extreme(s)
		inner.add(filter{condition{extreme + " = ?", append(args, bound)}, condition{"m." + column + " = ?", []any{bound}}}, set{few: true, once: true, inOrder: true,
			ids: []condition{f.rows("k.id").and(condition{" AND k." + column + " = ?", []any{bound}})}})
		return inner
	}
	table, column := sortColumn(s.Param)
	extreme, args := f.extreme(s)
	keys := text("SELECT k.id FROM ").and(f.keysBy(table, s.Param.Name)).and(condition{" AND " + column + " = ?", []any{bound}})
	probes := []condition{keys}
	if !s.Param.IsSingle {
		keys = keys.and(f.isExtreme(s, table))
	}
	inner.add(always(condition{extreme + " = ?", append(args, bound)}), set{ids: []condition{keys}, probes: probes, once: true, inOrder: true})
	return inner
}

// valueAt gives the sort key of the count-th document of a list; false where there are fewer.
func (f *finder) valueAt(l list, count int) (string, bool, error) {
	direction := f.direction(l.walk)
	query := text("SELECT m.key FROM ").and(l.from).and(where(l.where)).and(text(" ORDER BY m.key" + direction + ", m.id" + direction + " LIMIT 1 OFFSET " + strconv.Itoa(count-1)))
	var value sql.NullString
	err := f.v.Rows(func(row store.Row) error { return row.Scan(&value) }, query.text, query.args...)
	return value.String, value.Valid, err
}

// beyond holds for m that comes after a value of a sort key, or before it.
func (f *finder) beyond(i int, value string, before bool) condition {
	operator := " > ?"
	if before != f.q.Sort[i].Descending {
		operator = " < ?"
	}
	return condition{"m.key" + operator, []any{bindKey(f.q.Sort[i], value)}}
}

// order gives the order of x within a list.
func (f *finder) order(l list) string {
	var order strings.Builder
	for i, key := range l.keys {
		if key == "" {
			continue
		}
		order.WriteString("x.s" + strconv.Itoa(i) + f.direction(i))
		if i != l.walk {
			order.WriteString(" NULLS LAST")
		}
		order.WriteString(", ")
	}
	return order.String() + "x.id" + f.byID
}

func (f *finder) direction(i int) string {
	if f.q.Sort[i].Descending {
		return " DESC"
	}
	return ""
}

// afterPlace says lexicographically that x comes after the place, documents without a key last.
func (f *finder) afterPlace(l list, place Place, i int) condition {
	if i == len(l.keys) {
		if f.byID == "" {
			return condition{"x.id > ?", []any{place.ID}}
		}
		return condition{"x.id < ?", []any{place.ID}}
	}
	rest := f.afterPlace(l, place, i+1)
	if l.keys[i] == "" {
		return rest
	}
	name, operator := "x.s"+strconv.Itoa(i), " > "
	if f.q.Sort[i].Descending {
		operator = " < "
	}
	if place.Keys[i] == nil {
		return text("(" + name + " IS NULL AND ").and(rest).and(text(")"))
	}
	value := bindKey(f.q.Sort[i], *place.Keys[i])
	return condition{"(" + name + operator + "? OR " + name + " IS NULL OR (" + name + " = ? AND ", []any{value, value}}.and(rest).and(text("))"))
}

func bindKey(s search.Sort, text string) any {
	if isNumeric(s.Param) {
		n, _ := strconv.ParseInt(text, 10, 64)
		return n
	}
	return text
}
