package documents

import (
	"slices"
	"strconv"

	"medbill/fhir/search"
	"medbill/internal/store"
)

// finder answers one search. Every condition can be asked of a document m, and most can also list the documents that meet it,
// down an index. Which of the two is cheap hangs on how many there are, and no figure of the database's is trusted with that:
// the keys are counted, up to rareMax.
type finder struct {
	v       *store.View
	q       search.Query
	filters []filter
	sets    []set
	rare    *source // all that meets one of the conditions, where that is little
	byID    string  // the direction in which documents with equal keys stand
}

const (
	// rareMax is up to how many keys are read whole and sorted at once: about a millisecond's work.
	rareMax = 500
	// walkFirst is how many documents of a list are looked at before it is counted further.
	walkFirst = 400
)

// gathers is up to how many keys are read whole where that did not fill the page; to count far takes a while too. Above the last one
// in a hundred documents of a type of a million matches, and the page is full after some thousands.
var gathers = []int{3000, 10_000}

// filter holds for the documents m that meet a condition. onRow is the same where m is the row of a document itself.
type filter struct{ holds, onRow condition }

// set is the documents that meet the condition of a filter, as queries k for their ids.
type set struct {
	filter  int         // whose condition it is
	ids     []condition // together all ids, maybe several times
	probes  []condition // of the same shape, and no fewer rows, each by an index alone
	inOrder bool        // the ids come once each, by id
	once    bool        // the ids come once each
	few     bool        // it is known that they are
}

// source is where documents m come from.
type source struct {
	from  condition
	isRow bool // m has the columns id and updated of a document
	set   int  // the filter that needs not be asked again, or -1
}

func newFinder(v *store.View, q search.Query, guard Guard) *finder {
	f := &finder{v: v, q: q}
	if len(q.Sort) > 0 {
		f.byID = f.direction(0)
	}
	for _, c := range q.Clauses {
		f.clause(c)
	}
	guard.narrow(f)
	return f
}

// add takes a condition, and the set of what meets it where it has ids.
func (f *finder) add(c filter, s set) {
	f.filters = append(f.filters, c)
	if s.ids != nil {
		s.filter = len(f.filters) - 1
		f.sets = append(f.sets, s)
	}
}

// always is a filter that is the same for rows.
func always(c condition) filter { return filter{c, c} }

func (f *finder) clause(c search.Clause) {
	if c.Param.IsColumn() && c.Modifier == search.ModifierMissing {
		f.add(always(condition{"1 = ?", []any{map[bool]int{true: 0, false: 1}[c.Missing]}}), set{})
		return
	}
	switch c.Param.Name {
	case "_id":
		f.clauseOfID(c)
		return
	case "_lastUpdated":
		f.clauseOfUpdated(c)
		return
	}
	table, arms := arms(f.v, c)
	holds := condition{table + ofDocument(table), f.keysOf(table, c.KeyParam())}
	if exact := codesOf(c); exact != nil { // the whole key is known, and one step down the index of all keys
		holds = f.keysBy(table, c.KeyParam()).and(text(" AND k.id = m.id"))
	}
	if len(arms) > 0 {
		holds = holds.and(text(" AND ")).and(either(arms))
	}
	isNot := c.Modifier == search.ModifierNot || c.Modifier == search.ModifierMissing && c.Missing
	switch {
	case isNot:
		f.add(always(none(holds)), set{})
	case c.Modifier == search.ModifierMissing:
		f.add(always(some(holds)), set{})
	default:
		f.add(always(some(holds)), f.setOf(c, table, arms))
	}
}

// codesOf gives the codes that a clause asks for, where it asks for whole ones only.
func codesOf(c search.Clause) []search.TokenValue {
	if len(c.Tokens) != 1 || slices.ContainsFunc(c.Tokens, func(t search.TokenValue) bool { return t.Code == "" }) {
		return nil
	}
	return c.Tokens
}

// setOf gives the documents that meet a clause; none where no index leads to them.
func (f *finder) setOf(c search.Clause, table string, arms []condition) set {
	var s set
	keys := text("SELECT k.id FROM ").and(f.keysBy(table, c.KeyParam()))
	isSingle := c.Param.IsSingle && c.KeyParam() == c.Param.Name
	plain := func() {
		for _, arm := range arms {
			s.ids = append(s.ids, keys.and(text(" AND ")).and(arm))
		}
		s.probes = s.ids
	}
	switch table {
	case "token_keys":
		if slices.ContainsFunc(c.Tokens, func(t search.TokenValue) bool { return t.Code == "" }) {
			return s
		}
		plain()
		if s.inOrder = len(c.Tokens) == 1; s.inOrder && !isSingle && !c.Tokens[0].HasSystem {
			s.ids[0] = s.ids[0].and(text(" AND ")).and(none(condition{"token_keys o WHERE o.tenant_id = ? AND o.type = ? AND o.param = ? AND o.code = k.code AND o.id = k.id AND o.system < k.system",
				f.keysOf(table, c.KeyParam())}))
		}
		s.once = s.inOrder
	case "string_keys":
		if c.Modifier == search.ModifierContains || len(c.Strings) > armsMax {
			return s
		}
		plain()
		s.inOrder = c.Modifier == search.ModifierExact && len(c.Strings) == 1
		s.once = s.inOrder || isSingle && len(c.Strings) == 1
	case "date_keys":
		if len(c.Dates) > armsMax {
			return s
		}
		for i, d := range c.Dates {
			spans := indexed(d)
			if spans == nil {
				return set{}
			}
			for _, span := range spans {
				s.probes = append(s.probes, keys.and(span))
				s.ids = append(s.ids, keys.and(span).and(text(" AND ")).and(arms[i]))
			}
		}
		s.once = isSingle && len(c.Dates) == 1
	case "number_keys":
		if len(c.Numbers) > armsMax || slices.ContainsFunc(c.Numbers, func(n search.NumberValue) bool { return !isBounded(n) }) {
			return s
		}
		for i, n := range c.Numbers {
			s.probes = append(s.probes, keys.and(text(" AND ")).and(numberRange(n)))
			s.ids = append(s.ids, keys.and(text(" AND ")).and(arms[i]))
		}
		s.once = isSingle && len(c.Numbers) == 1
	case linkTable:
		plain()
		one := len(c.References) == 1 && len(arms) == 1
		s.inOrder = one && c.References[0].Type != ""
		s.once = s.inOrder
	}
	return s
}

// isBounded reports whether the keys that match a number begin on one side of a bound.
func isBounded(n search.NumberValue) bool {
	switch n.Prefix {
	case search.PrefixEqual, search.PrefixLess, search.PrefixLessOrEqual, search.PrefixStartsAfter:
		return true
	}
	return false
}

func (f *finder) clauseOfID(c search.Clause) {
	found := idCondition(c.Tokens)
	if c.Modifier == search.ModifierNot {
		found.text = "NOT (" + found.text + ")"
		f.add(always(found), set{})
		return
	}
	s := set{few: true, inOrder: true, once: true}
	if ids := idsOf(c.Tokens); len(ids) > 0 {
		s.ids = []condition{f.rows("k.id").and(text(" AND ")).and(isOneOf("k.id", ids))}
	}
	f.add(always(found), s)
}

func (f *finder) clauseOfUpdated(c search.Clause) {
	holds := func(column string) condition {
		return either(each(c.Dates, func(d search.DateValue) condition { return dateCondition(d, updatedDates(column)) }))
	}
	asked := condition{"documents d WHERE d.tenant_id = ? AND d.type = ? AND d.id = m.id AND ", []any{f.v.Tenant(), f.q.Type}}
	onRow := holds("m.updated")
	s := set{once: len(c.Dates) == 1}
	var spans []condition
	for _, d := range c.Dates {
		span := writtenIn(d, "k.updated")
		if span.text == "" {
			spans = nil
			break
		}
		spans = append(spans, span)
	}
	if len(spans) == 1 {
		onRow = onRow.and(text(" AND ")).and(writtenIn(c.Dates[0], "m.updated"))
	}
	if len(spans) <= armsMax {
		for _, span := range spans {
			s.ids = append(s.ids, f.rows("k.id").and(text(" AND ")).and(span))
		}
		s.probes = s.ids
	}
	f.add(filter{some(asked.and(holds("d.updated"))), onRow}, s)
}

// writtenIn says the same of the microsecond in which a document was written as one span of the index; nothing for ne.
func writtenIn(d search.DateValue, column string) condition {
	from := func(at int64) condition { return condition{column + " >= ?", []any{at}} }
	until := func(at int64) condition { return condition{column + " < ?", []any{at}} }
	switch d.Prefix {
	case search.PrefixEqual, search.PrefixApproximately:
		return from(d.Low.At).and(text(" AND ")).and(until(d.High.At))
	case search.PrefixGreater, search.PrefixStartsAfter:
		return from(d.High.At)
	case search.PrefixGreaterOrEqual:
		return from(d.Low.At)
	case search.PrefixLess, search.PrefixEndsBefore:
		return until(d.Low.At)
	case search.PrefixLessOrEqual:
		return until(d.High.At)
	}
	return condition{}
}

// rows selects a column of the documents k of the type. That they stand is written out, no argument: their index is chosen by it.
func (f *finder) rows(columns string) condition {
	return condition{"SELECT " + columns + " FROM documents k WHERE k.tenant_id = ? AND k.type = ? AND k.deleted = FALSE", []any{f.v.Tenant(), f.q.Type}}
}

// documents gives all documents m, with a sort key m.key.
func (f *finder) documents(key string) source {
	return source{from: text("(").and(f.rows("k.id, k.updated, " + key + " AS key")).and(text(") m")), isRow: true, set: -1}
}

// probe finds out whether one of the conditions is met by few, at most a number.
func (f *finder) probe(most int) error {
	if f.rare != nil {
		return nil
	}
	var counts condition
	for i, s := range f.sets {
		if s.few {
			f.rare = s.all()
			return nil
		}
		if i > 0 {
			counts.text += ", "
		}
		counts = counts.and(text("(SELECT count(*) FROM (")).and(union(" UNION ALL ", s.probes)).and(text(" LIMIT " + strconv.Itoa(most+1) + ") p)"))
	}
	if len(f.sets) == 0 || len(f.sets) == 1 && f.isReadAsItIs(f.sets[0]) {
		return nil
	}
	found := make([]int, len(f.sets))
	into := make([]any, len(f.sets))
	for i := range found {
		into[i] = &found[i]
	}
	err := f.v.Rows(func(row store.Row) error { return row.Scan(into...) }, "SELECT "+counts.text, counts.args...)
	if err != nil {
		return err
	}
	if least := slices.Min(found); least <= most {
		f.rare = f.sets[slices.Index(found, least)].all()
	}
	return nil
}

// isReadAsItIs reports whether a set is cheap to read however much there is of it: in the order that is asked for.
func (f *finder) isReadAsItIs(s set) bool {
	return s.inOrder && len(f.q.Sort) == 0 || s.once && f.q.Count == 0
}

func union(by string, queries []condition) condition {
	all := queries[0]
	for _, query := range queries[1:] {
		all = all.and(text(by)).and(query)
	}
	return all
}

// all gives every document of a set, once.
func (s set) all() *source {
	query := union(" UNION ", s.ids)
	if len(s.ids) == 1 && !s.once {
		query = text("SELECT DISTINCT u.id FROM (").and(query).and(text(") u"))
	}
	return &source{from: text("(").and(query).and(text(") m")), set: s.filter}
}

// listed gives a set as it comes out of its index.
func (s set) listed() source {
	return source{from: text("(").and(union(" UNION ALL ", s.ids)).and(text(") m")), set: s.filter}
}

// source gives where documents come from that are sorted by id or counted.
func (f *finder) source() source {
	if f.rare != nil {
		return *f.rare
	}
	for _, s := range f.sets {
		if s.inOrder {
			return s.listed()
		}
	}
	return f.documents("k.id")
}

// counted is source where the order says nothing.
func (f *finder) counted() source {
	if f.rare == nil {
		for _, s := range f.sets {
			if s.once {
				return s.listed()
			}
		}
	}
	return f.source()
}

// left gives the conditions that a source leaves to be asked.
func (f *finder) left(from source) []condition {
	var conditions []condition
	for i, c := range f.filters {
		switch {
		case i == from.set:
		case from.isRow:
			conditions = append(conditions, c.onRow)
		default:
			conditions = append(conditions, c.holds)
		}
	}
	return conditions
}

// arms gives the side table of a clause and the conditions on its keys k, one of which has to hold; no condition is any key.
func arms(v *store.View, c search.Clause) (table string, conditions []condition) {
	switch kind := c.Param.Kind; {
	case kind == search.KindToken, kind == search.KindURI, c.Modifier == search.ModifierIdentifier:
		table, conditions = "token_keys", tokenConditions(c.Tokens)
	case kind == search.KindString:
		table, conditions = "string_keys", each(c.Strings, func(s search.StringValue) condition { return stringCondition(v, c.Modifier, s) })
	case kind == search.KindDate:
		table, conditions = "date_keys", each(c.Dates, func(d search.DateValue) condition { return dateCondition(d, keyDates) })
	case kind == search.KindReference:
		table, conditions = linkTable, referenceConditions(c.References)
	default:
		table, conditions = "number_keys", each(c.Numbers, numberCondition)
	}
	if c.Modifier == search.ModifierMissing {
		return table, nil
	}
	return table, conditions
}
