package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

const (
	// CompartmentParam is the parameter of the reference keys that say to which patients a document belongs. It is not a
	// search parameter: a client cannot ask for it, and the wildcard of an include does not follow it.
	CompartmentParam = ":patient"
	// IdentifierSuffix follows a reference parameter's name in the token keys of its references' identifiers.
	IdentifierSuffix = ":identifier"
	// ContainedSuffix follows it in those of the identifiers of a contained resource that is referred to. A client cannot ask for
	// it either: FHIR's own modifier looks at the reference alone.
	ContainedSuffix = ":contained"
	// StringRunesMax is how much of a string is kept, so that an index entry stays small. A longer value is found by its
	// beginning, and :exact and :contains look no further.
	StringRunesMax = 200
)

// The ends of a range that has none.
const (
	DateMin   int64 = math.MinInt64
	DateMax   int64 = math.MaxInt64
	NumberMin int64 = math.MinInt64
	NumberMax int64 = math.MaxInt64
)

// Keys is what a document leaves in the side tables, one slice per table, each sorted and without duplicates.
//
// A value that is there but holds nothing to search for (a concept in words only, a reference with a display only) leaves
// a key with empty content: it answers :missing, and no query asks for empty content.
type Keys struct {
	Tokens     []TokenKey
	Strings    []StringKey
	Dates      []DateKey
	Numbers    []NumberKey
	References []ReferenceKey
	// HasLogicals says that a reference names its record by identifiers alone: what Resolve makes of the document may leave
	// more keys.
	HasLogicals bool
}

// TokenKey is a code in a system; both compare byte for byte. Booleans, plain strings and contact points have no system.
// A primitive code has the system of the value set it is bound to. Parameters of kind uri are here too, the URI as Code;
// a canonical with a version leaves one key with and one without it.
type TokenKey struct{ Param, System, Code string }

// StringKey is a text: Value folded by Fold for the plain search and :contains, Exact as it was sent for :exact; both cut
// to StringRunesMax. A name or an address leaves one key for each of its parts.
type StringKey struct{ Param, Value, Exact string }

// DateKey is a span of time: instants [Low, High) in microseconds since 1970 UTC, and civil days [LowDay, HighDay) counted
// from 1970-01-01. An instant spans its last digit, a month or a year its days. LowBy and HighBy say which of the two each
// end has of itself; the other follows from the time zone of whoever asks, so that a key depends on its document alone. An
// end without a time still has the instant of its day in UTC, for sorting, and one without a day has day 0. An open end of
// a Period is DateMin or DateMax in both.
type DateKey struct {
	Param           string
	Low, High       int64
	LowDay, HighDay int64
	LowBy, HighBy   By
}

// By says what an end of a DateKey is known by.
type By string

// The ways in which an end is known.
const (
	ByBoth By = "both" // a time with a numeric offset, which stands on the day it writes
	ByTime By = "time" // an instant in Z, which does not say where it is
	ByDay  By = "day"  // a date without a time
)

// isSpan reports whether the key begins before it ends: by its days where both ends have one, else by its instants, which
// no offset and no zone moves by more than zoneMicros.
func (k DateKey) isSpan() bool {
	switch {
	case k.LowBy != ByTime && k.HighBy != ByTime:
		return k.LowDay < k.HighDay && (k.LowBy == ByDay || k.HighBy == ByDay || k.Low < k.High)
	case k.LowBy == ByDay:
		return k.Low-zoneMicros < k.High
	case k.HighBy == ByDay:
		return k.Low < k.High+zoneMicros
	}
	return k.Low < k.High
}

// zoneMicros is more than a clock anywhere was ever away from UTC.
const zoneMicros = 16 * int64(60*60*1e6)

// NumberKey is a number or a quantity in millionths of its unit. Low and High are equal where the value has at most six
// decimals; else they are the millionths below and above it. The ends of a Range may be NumberMin or NumberMax, and a
// value beyond nine trillion is held at those bounds. Money has System urn:iso:std:iso:4217 and the currency as Code;
// Unit is the unit in words.
type NumberKey struct {
	Param, System, Code, Unit string
	Low, High                 int64
}

// ReferenceKey is a reference. A relative one, or one under our own base, has Type and ID; another absolute, a urn and a
// #contained one have URL only, as sent; the version a reference names is left out. A canonical has URL, with a version
// once with and once without it.
type ReferenceKey struct{ Param, Type, ID, URL string }

// tidy sorts the keys and drops duplicates.
func (k *Keys) tidy() {
	k.Tokens = tidy(k.Tokens, func(a, b TokenKey) int {
		return cmp.Or(strings.Compare(a.Param, b.Param), strings.Compare(a.System, b.System), strings.Compare(a.Code, b.Code))
	})
	k.Strings = tidy(k.Strings, func(a, b StringKey) int {
		return cmp.Or(strings.Compare(a.Param, b.Param), strings.Compare(a.Value, b.Value), strings.Compare(a.Exact, b.Exact))
	})
	k.Dates = tidy(k.Dates, func(a, b DateKey) int {
		return cmp.Or(strings.Compare(a.Param, b.Param), cmp.Compare(a.Low, b.Low), cmp.Compare(a.High, b.High),
			cmp.Compare(a.LowDay, b.LowDay), cmp.Compare(a.HighDay, b.HighDay), cmp.Compare(a.LowBy, b.LowBy), cmp.Compare(a.HighBy, b.HighBy))
	})
	k.Numbers = tidy(k.Numbers, func(a, b NumberKey) int {
		return cmp.Or(strings.Compare(a.Param, b.Param), strings.Compare(a.System, b.System), strings.Compare(a.Code, b.Code),
			strings.Compare(a.Unit, b.Unit), cmp.Compare(a.Low, b.Low), cmp.Compare(a.High, b.High))
	})
	k.References = tidy(k.References, func(a, b ReferenceKey) int {
		return cmp.Or(strings.Compare(a.Param, b.Param), strings.Compare(a.Type, b.Type), strings.Compare(a.ID, b.ID),
			strings.Compare(a.URL, b.URL))
	})
}

func tidy[K comparable](keys []K, compare func(a, b K) int) []K {
	slices.SortFunc(keys, compare)
	return slices.Compact(keys)
}
