package search

import (
	"slices"
	"strings"
)

// Row is what a query sees of a stored document.
type Row struct {
	ID      string
	Updated int64 // microseconds UTC
	Keys    Keys
}

// Matches reports whether the document of r is found by q. It is the meaning of Query in Go, for subscriptions and as the
// measure of the SQL.
func (q Query) Matches(r Row) bool {
	for _, c := range q.Clauses {
		if !c.matches(r) {
			return false
		}
	}
	return true
}

func (c Clause) matches(r Row) bool {
	param := c.KeyParam()
	switch {
	case c.Modifier == ModifierMissing:
		return c.Missing != r.Keys.has(c.Param)
	case c.Param.Name == "_id":
		return c.tokens([]TokenKey{{param, "", r.ID}}, param)
	case c.Param.Name == "_lastUpdated":
		return c.dates([]DateKey{{Param: param, Low: r.Updated, High: r.Updated + 1, LowBy: ByTime, HighBy: ByTime}}, param)
	}
	switch kind := c.Param.Kind; {
	case kind == KindToken || kind == KindURI || c.Modifier == ModifierIdentifier:
		return c.tokens(r.Keys.Tokens, param)
	case kind == KindString:
		return c.strings(r.Keys.Strings, param)
	case kind == KindDate:
		return c.dates(r.Keys.Dates, param)
	case kind == KindReference:
		return c.references(r.Keys.References, param)
	}
	return c.numbers(r.Keys.Numbers, param)
}

// has reports whether a key of the parameter exists.
func (k Keys) has(p Param) bool {
	switch p.Kind {
	case KindToken, KindURI:
		return slices.ContainsFunc(k.Tokens, func(key TokenKey) bool { return key.Param == p.Name })
	case KindString:
		return slices.ContainsFunc(k.Strings, func(key StringKey) bool { return key.Param == p.Name })
	case KindDate:
		return slices.ContainsFunc(k.Dates, func(key DateKey) bool { return key.Param == p.Name })
	case KindReference:
		return slices.ContainsFunc(k.References, func(key ReferenceKey) bool { return key.Param == p.Name })
	}
	return slices.ContainsFunc(k.Numbers, func(key NumberKey) bool { return key.Param == p.Name })
}

func (c Clause) tokens(keys []TokenKey, param string) bool {
	found := slices.ContainsFunc(keys, func(k TokenKey) bool {
		return k.Param == param && slices.ContainsFunc(c.Tokens, func(v TokenValue) bool {
			return (v.Code == "" || v.Code == k.Code) && (!v.HasSystem || v.System == k.System)
		})
	})
	return found != (c.Modifier == ModifierNot)
}

func (c Clause) strings(keys []StringKey, param string) bool {
	return slices.ContainsFunc(keys, func(k StringKey) bool {
		return k.Param == param && slices.ContainsFunc(c.Strings, func(v StringValue) bool {
			switch c.Modifier {
			case ModifierExact:
				return k.Exact == v.Exact
			case ModifierContains:
				return strings.Contains(k.Value, v.Folded)
			}
			return strings.HasPrefix(k.Value, v.Folded)
		})
	})
}

func (c Clause) references(keys []ReferenceKey, param string) bool {
	return slices.ContainsFunc(keys, func(k ReferenceKey) bool {
		return k.Param == param && slices.ContainsFunc(c.References, func(v ReferenceValue) bool {
			return v.ID != "" && v.ID == k.ID && (v.Type == "" || v.Type == k.Type) || v.URL != "" && v.URL == k.URL
		})
	})
}

func (c Clause) dates(keys []DateKey, param string) bool {
	return slices.ContainsFunc(keys, func(k DateKey) bool {
		return k.Param == param && slices.ContainsFunc(c.Dates, func(v DateValue) bool { return v.matches(k) })
	})
}

func (v DateValue) matches(k DateKey) bool {
	equal := !v.beginsBefore(k, v.Low) && !v.endsAfter(k, v.High)
	switch v.Prefix {
	case PrefixNotEqual:
		return !equal
	case PrefixGreater:
		return v.endsAfter(k, v.High)
	case PrefixLess:
		return v.beginsBefore(k, v.Low)
	case PrefixGreaterOrEqual:
		return equal || v.endsAfter(k, v.High)
	case PrefixLessOrEqual:
		return equal || v.beginsBefore(k, v.Low)
	case PrefixStartsAfter:
		return !v.beginsBefore(k, v.High)
	case PrefixEndsBefore:
		return !v.endsAfter(k, v.Low)
	case PrefixApproximately:
		return v.beginsBefore(k, v.High) && v.endsAfter(k, v.Low)
	}
	return equal
}

// beginsBefore reports whether the key's low end lies before b.
func (v DateValue) beginsBefore(k DateKey, b Bound) bool {
	if v.isByDay(k.LowBy) {
		return k.LowDay < b.LowDay
	}
	return k.Low < b.At
}

// endsAfter reports whether the key's high end lies after b.
func (v DateValue) endsAfter(k DateKey, b Bound) bool {
	if v.isByDay(k.HighBy) {
		return k.HighDay > b.HighDay
	}
	return k.High > b.At
}

// isByDay reports whether an end known by `by` is compared by its day.
func (v DateValue) isByDay(by By) bool { return by == ByDay || by == ByBoth && v.ByDay }

func (c Clause) numbers(keys []NumberKey, param string) bool {
	return slices.ContainsFunc(keys, func(k NumberKey) bool {
		return k.Param == param && slices.ContainsFunc(c.Numbers, func(v NumberValue) bool { return v.unit(k) && v.matches(k) })
	})
}

func (v NumberValue) unit(k NumberKey) bool {
	switch {
	case v.HasSystem:
		return v.System == k.System && (v.Code == "" || v.Code == k.Code)
	case v.Code != "":
		return v.Code == k.Code || v.Code == k.Unit
	}
	return true
}

func (v NumberValue) matches(k NumberKey) bool {
	equal := v.Low <= k.Low && k.Low < v.High && k.High <= v.High
	switch v.Prefix {
	case PrefixNotEqual:
		return !equal
	case PrefixGreater:
		return k.High > v.Low
	case PrefixLess:
		return k.Low < v.High
	case PrefixGreaterOrEqual:
		return k.High >= v.Low
	case PrefixLessOrEqual:
		return k.Low <= v.High
	case PrefixStartsAfter:
		return k.Low > v.Low
	case PrefixEndsBefore:
		return k.High < v.High
	case PrefixApproximately:
		return k.Low <= v.High && k.High >= v.Low
	}
	return equal
}
