package documents

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"medbill/fhir/search"
	"medbill/internal/store"
)

// condition is a piece of SQL with its arguments.
type condition struct {
	text string
	args []any
}

// text is a piece of SQL without arguments.
func text(sql string) condition { return condition{text: sql} }

// and puts another piece behind c.
func (c condition) and(more condition) condition {
	return condition{c.text + more.text, slices.Concat(c.args, more.args)}
}

// some holds where there is a row, and none where there is none. PostgreSQL turns EXISTS into a join that may read all of a tenant;
// this it asks of each row for itself, and takes both for likely.
func some(rows condition) condition {
	return text("(SELECT 1 FROM ").and(rows).and(text(" LIMIT 1) IS NOT NULL"))
}

func none(rows condition) condition {
	return text("coalesce((SELECT 1 FROM ").and(rows).and(text(" LIMIT 1), 0) <> 1"))
}

// where gives a WHERE of conditions that all have to hold; nothing where there are none.
func where(conditions []condition) condition {
	if len(conditions) == 0 {
		return condition{}
	}
	query := text(" WHERE ")
	for i, c := range conditions {
		if i > 0 {
			query = query.and(text(" AND "))
		}
		query = query.and(c)
	}
	return query
}

func each[V any](values []V, one func(V) condition) []condition {
	conditions := make([]condition, len(values))
	for i, value := range values {
		conditions[i] = one(value)
	}
	return conditions
}

// either joins conditions with OR, halves in brackets: SQLite takes expressions up to a depth of 1000, and a chain of them is as
// deep as it is long. https://www.sqlite.org/limits.html#max_expr_depth
func either(conditions []condition) condition {
	if len(conditions) <= 2 {
		return joined(" OR ", conditions...)
	}
	half := len(conditions) / 2
	return joined(" OR ", either(conditions[:half]), either(conditions[half:]))
}

// armsMax is up to how many alternatives of a condition are looked up each for itself. With more it does not list documents.
const armsMax = 10

// isOneOf holds a column against texts.
func isOneOf(column string, texts []string) condition {
	if len(texts) == 1 {
		return condition{column + " = ?", []any{texts[0]}}
	}
	return condition{column + " IN ?", []any{texts}}
}

// areOneOf holds two columns against pairs of texts.
func areOneOf(a, b string, pairs [][2]string) condition {
	if len(pairs) == 1 {
		return condition{"(" + a + " = ? AND " + b + " = ?)", []any{pairs[0][0], pairs[0][1]}}
	}
	args := make([]any, 0, 2*len(pairs))
	for _, p := range pairs {
		args = append(args, p[0], p[1])
	}
	return condition{"(" + a + ", " + b + ") IN (VALUES " + store.Placeholders(len(pairs), 2) + ")", args}
}

// idCondition holds the id of document m against tokens: an id has no system.
func idCondition(tokens []search.TokenValue) condition {
	ids := idsOf(tokens)
	if len(ids) == 0 {
		return condition{"1 = 0", nil}
	}
	return isOneOf("m.id", ids)
}

func idsOf(tokens []search.TokenValue) []string {
	var ids []string
	for _, t := range tokens {
		if t.System == "" && t.Code != "" {
			ids = append(ids, t.Code)
		}
	}
	return ids
}

// tokenConditions gives one condition for each way in which tokens ask.
func tokenConditions(tokens []search.TokenValue) []condition {
	var both [][2]string
	var codes, systems []string
	for _, t := range tokens {
		switch {
		case t.Code != "" && t.HasSystem:
			both = append(both, [2]string{clip(t.Code), clip(t.System)})
		case t.HasSystem:
			systems = append(systems, clip(t.System))
		default:
			codes = append(codes, clip(t.Code))
		}
	}
	var conditions []condition
	if len(both) > 0 {
		conditions = append(conditions, areOneOf("k.code", "k.system", both))
	}
	if len(codes) > 0 {
		conditions = append(conditions, isOneOf("k.code", codes))
	}
	if len(systems) > 0 {
		conditions = append(conditions, isOneOf("k.system", systems))
	}
	return conditions
}

// referenceConditions gives one condition for each way in which references ask. An absolute reference has no target, and
// the index begins with it.
func referenceConditions(references []search.ReferenceValue) []condition {
	var targets [][2]string
	var ids, urls []string
	for _, r := range references {
		switch {
		case r.ID != "" && r.Type != "":
			targets = append(targets, [2]string{clip(r.ID), r.Type})
		case r.ID != "":
			ids = append(ids, clip(r.ID))
		}
		if r.URL != "" {
			urls = append(urls, clip(r.URL))
		}
	}
	var conditions []condition
	if len(targets) > 0 {
		conditions = append(conditions, areOneOf("k.target_id", "k.target_type", targets))
	}
	if len(ids) > 0 {
		conditions = append(conditions, isOneOf("k.target_id", ids))
	}
	if len(urls) > 0 {
		c := isOneOf("k.url", urls)
		c.text = "(k.target_id = '' AND k.target_type = '' AND " + c.text + ")"
		conditions = append(conditions, c)
	}
	if len(conditions) == 0 {
		return []condition{{"1 = 0", nil}}
	}
	return conditions
}

func stringCondition(v *store.View, modifier search.Modifier, s search.StringValue) condition {
	switch modifier {
	case search.ModifierExact:
		return condition{"(k.value = ? AND k.exact = ?)", []any{clip(s.Folded), clip(s.Exact)}}
	case search.ModifierContains:
		return condition{v.Containing("k.value"), []any{clip(s.Folded)}}
	}
	beginning := clip(s.Folded)
	end, bounded := afterBeginning(beginning)
	if !bounded {
		return condition{"k.value >= ?", []any{beginning}}
	}
	return condition{"(k.value >= ? AND k.value < ?)", []any{beginning, end}}
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

// dateColumns are where a span of time stands; without lowBy and highBy it is one of instants. Where both ends stand in one
// column, width is how much later the span ends than that says.
type dateColumns struct {
	low, high, lowDay, highDay, lowBy, highBy string
	width                                     int64
}

var keyDates = dateColumns{low: "k.low", high: "k.high", lowDay: "k.low_day", highDay: "k.high_day", lowBy: "k.low_by", highBy: "k.high_by"}

// updatedDates is the microsecond in which a document was written.
func updatedDates(column string) dateColumns { return dateColumns{low: column, high: column, width: 1} }

// dateCondition is the table at search.Prefix.
func dateCondition(d search.DateValue, columns dateColumns) condition {
	low := func(operator string, b search.Bound) condition {
		return near(columns.low, operator, b, endCondition(d.ByDay, columns.low, columns.lowDay, columns.lowBy, operator, b.At, b.LowDay))
	}
	high := func(operator string, b search.Bound) condition {
		return endCondition(d.ByDay, columns.high, columns.highDay, columns.highBy, operator, b.At-columns.width, b.HighDay)
	}
	// That the key begins before the value ends follows from eq, and lets an index be used.
	begins := near(columns.low, "<", d.High, condition{"1 = 1", nil})
	equal := joined(" AND ", low(">=", d.Low), begins, high("<=", d.High))
	switch d.Prefix {
	case search.PrefixNotEqual:
		equal.text = "NOT " + equal.text
	case search.PrefixGreater:
		return high(">", d.High)
	case search.PrefixLess:
		return low("<", d.Low)
	case search.PrefixGreaterOrEqual:
		return joined(" OR ", high(">", d.High), equal)
	case search.PrefixLessOrEqual:
		return joined(" OR ", low("<", d.Low), equal)
	case search.PrefixStartsAfter:
		return low(">=", d.High)
	case search.PrefixEndsBefore:
		return high("<=", d.Low)
	case search.PrefixApproximately:
		return joined(" AND ", low("<", d.High), high(">", d.Low))
	}
	return equal
}

// endCondition holds one end of a span against a bound: by its day in a search by day, else by its instant; what an end
// does not have, the bound tells in the other one.
func endCondition(byDay bool, instant, day, by, operator string, at, onDay int64) condition {
	switch {
	case by == "":
		return condition{instant + " " + operator + " ?", []any{at}}
	case byDay:
		return condition{"CASE " + by + " WHEN 'time' THEN " + instant + " " + operator + " ? ELSE " + day + " " + operator + " ? END", []any{at, onDay}}
	}
	return condition{"CASE " + by + " WHEN 'day' THEN " + day + " " + operator + " ? ELSE " + instant + " " + operator + " ? END", []any{onDay, at}}
}

// near adds to a condition that the low end lies on the same side of a bound as far as its instant alone tells: no offset
// and no zone moves it farther than two days. An index needs a column that stands by itself.
func near(column, operator string, b search.Bound, c condition) condition {
	at := b.At + nearMicros
	if operator == ">=" {
		at = b.At - nearMicros
	}
	return joined(" AND ", condition{column + " " + operator + " ?", []any{at}}, c)
}

// indexed gives what the keys that match a date have in common, as parts of the index that follow one another and end together
// with it; nil where that is nothing. What begins before a bound and ends after it is a long span or begins shortly before.
func indexed(d search.DateValue) []condition {
	from := func(at int64) condition { return condition{" AND k.low >= ?", []any{at}} }
	until := func(at int64) condition { return condition{" AND k.low < ?", []any{at}} }
	across := func(at int64) []condition {
		at -= longMicros
		return []condition{until(at).and(text(" AND k.high > k.low + " + strconv.FormatInt(longMicros, 10))), from(at)}
	}
	switch d.Prefix {
	case search.PrefixEqual:
		return []condition{from(d.Low.At - nearMicros).and(until(d.High.At + nearMicros))}
	case search.PrefixLess:
		return []condition{until(d.Low.At + nearMicros)}
	case search.PrefixLessOrEqual:
		return []condition{until(d.High.At + nearMicros)}
	case search.PrefixEndsBefore:
		return []condition{until(d.Low.At + 2*nearMicros)}
	case search.PrefixStartsAfter:
		return []condition{from(d.High.At - nearMicros)}
	case search.PrefixGreater, search.PrefixGreaterOrEqual:
		return across(d.Low.At - 2*nearMicros)
	case search.PrefixApproximately:
		spans := across(d.Low.At - 2*nearMicros)
		for i := range spans {
			spans[i] = spans[i].and(until(d.High.At + nearMicros))
		}
		return spans
	}
	return nil
}

// longMicros is how long a span is that stands in the index of the long ones, date_keys_long.
const longMicros = 32 * 24 * int64(time.Hour/time.Microsecond)

const nearMicros = 48 * int64(time.Hour/time.Microsecond)

// joined gives conditions in one pair of brackets.
func joined(operator string, conditions ...condition) condition {
	var texts []string
	var args []any
	for _, c := range conditions {
		texts, args = append(texts, c.text), append(args, c.args...)
	}
	return condition{"(" + strings.Join(texts, operator) + ")", args}
}

func numberCondition(n search.NumberValue) condition {
	found := numberRange(n)
	switch {
	case n.HasSystem && n.Code != "":
		return condition{"(" + found.text + " AND k.system = ? AND k.code = ?)", append(found.args, clip(n.System), clip(n.Code))}
	case n.HasSystem:
		return condition{"(" + found.text + " AND k.system = ?)", append(found.args, clip(n.System))}
	case n.Code != "":
		return condition{"(" + found.text + " AND (k.code = ? OR k.unit = ?))", append(found.args, clip(n.Code), clip(n.Code))}
	}
	return found
}

func numberRange(n search.NumberValue) condition {
	const equal = "(k.low >= ? AND k.low < ? AND k.high <= ?)"
	switch n.Prefix {
	case search.PrefixNotEqual:
		return condition{"NOT " + equal, []any{n.Low, n.High, n.High}}
	case search.PrefixGreater:
		return condition{"k.high > ?", []any{n.Low}}
	case search.PrefixLess:
		return condition{"k.low < ?", []any{n.High}}
	case search.PrefixGreaterOrEqual:
		return condition{"k.high >= ?", []any{n.Low}}
	case search.PrefixLessOrEqual:
		return condition{"k.low <= ?", []any{n.High}}
	case search.PrefixStartsAfter:
		return condition{"k.low > ?", []any{n.Low}}
	case search.PrefixEndsBefore:
		return condition{"k.high < ?", []any{n.High}}
	case search.PrefixApproximately:
		return condition{"(k.low <= ? AND k.high >= ?)", []any{n.High, n.Low}}
	}
	return condition{equal, []any{n.Low, n.High, n.High}}
}
