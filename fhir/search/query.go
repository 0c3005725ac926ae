package search

// The limits of one query; each is more than a client needs and less than would hurt.
const (
	// CountDefault is the page size where the client names none.
	CountDefault = 50
	// CountMax is the largest page; a client that asks for more gets this many, and the self link says so.
	CountMax = 1000
	// ClausesMax bounds the conditions of a query.
	ClausesMax = 20
	// AlternativesMax bounds the alternatives of all its conditions together: what each of them costs adds up.
	AlternativesMax = 500
	// RangesMax bounds those among them that are not looked up but compared with the keys of every document: dates, numbers and
	// parts of a text.
	RangesMax    = 50
	sortsMax     = 5
	includesMax  = 20
	elementsMax  = 100
	textBytesMax = 128 << 10 // names and values; the links of every page repeat them
)

// Query is a search over one resource type. A document matches if it matches every clause.
//
// Order: by Sort and last by id, in the direction of the first sort, so that equal keys keep their place from page to page. The
// sort value of a document is the least key of the parameter ascending and the greatest descending: StringKey.Value, DateKey.Low
// and NumberKey.Low (a span comes where it begins), TokenKey.Code, ReferenceKey.Type then ID; documents without a key come last.
// A parameter that IsColumn sorts by the document's own row.
type Query struct {
	Type    string
	Clauses []Clause
	Sort    []Sort
	// Count is the page size; 0 asks for the total only, as `_summary=count` does.
	Count int
	// BytesMax is how many bytes the documents of a page hold together, one document always; 0 is no bound. It is for who
	// answers to say, not for the client.
	BytesMax    int
	Total       Total
	Summary     Summary
	Elements    []string
	Includes    []Include
	RevIncludes []Include
	// Applied are the parameters that were understood, in their order and as sent, for the link to this very search: read
	// again they give the same Query.
	Applied []Pair
}

// Clause is one parameter of a query; a document matches if any of its alternatives does. Only the slice of the
// parameter's kind is filled, and all of its keys are those named KeyParam. What "a key exists" means per slice is said at
// the value types. A parameter that IsColumn is asked of the document's own row instead: `_id` compares the code with its
// id, `_lastUpdated` the span with the microsecond in which it was written.
type Clause struct {
	Param    Param
	Modifier Modifier
	// Missing is the answer to :missing: true matches documents without any key of the parameter, false those with one.
	Missing    bool
	Tokens     []TokenValue     // KindToken, KindURI, and KindReference with ModifierIdentifier
	Strings    []StringValue    // KindString
	Dates      []DateValue      // KindDate
	Numbers    []NumberValue    // KindNumber, KindQuantity
	References []ReferenceValue // KindReference
}

// KeyParam is the Param of the keys that answer c.
func (c Clause) KeyParam() string {
	if c.Modifier == ModifierIdentifier {
		return c.Param.Name + IdentifierSuffix
	}
	return c.Param.Name
}

// Len is the number of alternatives.
func (c Clause) Len() int {
	return len(c.Tokens) + len(c.Strings) + len(c.Dates) + len(c.Numbers) + len(c.References)
}

// IsRange reports whether the alternatives of c are compared with the keys of every document.
func (c Clause) IsRange() bool {
	switch c.Param.Kind {
	case KindDate, KindNumber, KindQuantity:
		return true
	}
	return c.Modifier == ModifierContains
}

// Modifier changes what a clause asks.
type Modifier uint8

// The modifiers. Of a reference, `subject:Patient=1` is read as `subject=Patient/1` and leaves no modifier.
const (
	ModifierNone       Modifier = iota
	ModifierMissing             // any kind: Clause.Missing
	ModifierExact               // strings: the key's Exact equals
	ModifierContains            // strings: the key's Value contains Folded
	ModifierNot                 // tokens: no key matches any alternative; documents without a key match
	ModifierIdentifier          // references: by the identifier, in the token keys KeyParam
)

// TokenValue matches a token key: Code equal unless it is empty, System equal if HasSystem. So `c` is any system, `s|c`
// one, `|c` none, and `s|` any code of s.
type TokenValue struct {
	System    string
	HasSystem bool
	Code      string
}

// StringValue matches a string key whose Value begins with Folded; with ModifierExact whose Exact equals Exact; with
// ModifierContains whose Value contains Folded. Both are cut as the keys are.
type StringValue struct{ Folded, Exact string }

// Prefix compares a range of values with the key's. https://hl7.org/fhir/R4/search.html#prefix
type Prefix uint8

// The prefixes. With v = [Low, High) the value's and k = [Low, High) the key's range, a date key matches
//
//	eq  v.Low <= k.Low  AND k.High <= v.High
//	ne  NOT eq
//	gt  k.High > v.High
//	lt  k.Low < v.Low
//	ge  gt OR eq
//	le  lt OR eq
//	sa  k.Low >= v.High
//	eb  k.High <= v.Low
//	ap  k.Low < v.High  AND k.High > v.Low
//
// and a number key, whose ranges for eq and ne are [Low, High) by the digits written, and for the rest [Low, High] with
// Low and High equal where the number has at most six decimals:
//
//	eq  v.Low <= k.Low  AND k.Low < v.High AND k.High <= v.High
//	ne  NOT eq
//	gt  k.High > v.Low
//	lt  k.Low < v.High
//	ge  k.High >= v.Low
//	le  k.Low <= v.High
//	sa  k.Low > v.Low
//	eb  k.High < v.High
//	ap  k.Low <= v.High AND k.High >= v.Low
const (
	PrefixEqual Prefix = iota
	PrefixNotEqual
	PrefixGreater
	PrefixLess
	PrefixGreaterOrEqual
	PrefixLessOrEqual
	PrefixStartsAfter
	PrefixEndsBefore
	PrefixApproximately
)

var prefixNames = [...]string{"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"}

// String gives the two letters.
func (p Prefix) String() string { return prefixNames[p] }

// DateValue compares the span [Low, High) with a date key: by civil days where the value has no time (ByDay), by instants
// where it has one. An end of a key that does not have the one has it in the zone of the query: by days an end ByTime is
// held against Bound.At, and by instants an end ByDay against Bound.LowDay or HighDay. For ap it is widened to each side
// by its own length, at least a day: R4 leaves the measure to the server, and one that moves with the clock would make a
// page differ from the next.
type DateValue struct {
	Prefix    Prefix
	ByDay     bool
	Low, High Bound
}

// NumberValue compares a range in millionths with a number key. For a quantity, System must equal if HasSystem; Code, where
// not empty, must equal the key's Code, or without HasSystem its Code or its Unit. Values are not converted between units.
type NumberValue struct {
	Prefix    Prefix
	Low, High int64
	System    string
	HasSystem bool
	Code      string
}

// ReferenceValue matches a reference key with this ID, and this Type unless it is empty; or with this URL.
type ReferenceValue struct{ Type, ID, URL string }

// Sort is one sort key.
type Sort struct {
	Param      Param
	Descending bool
}

// Total says whether the Bundle tells how many documents match.
type Total uint8

// The totals; none is the default, since counting costs more than a page.
const (
	TotalNone Total = iota
	TotalAccurate
	TotalEstimate
)

// Summary says which part of each document is wanted. https://hl7.org/fhir/R4/search.html#summary
type Summary uint8

// The summaries.
const (
	SummaryFalse Summary = iota
	SummaryTrue
	SummaryText
	SummaryData
	SummaryCount
)

// Include asks for more documents beside the matches. In Query.Includes: those that a match, of type Source, refers to by
// Param. In Query.RevIncludes: those of type Source that refer to a match by Param. Param "*" is every parameter but
// CompartmentParam. Target, where set, is the one type that counts. A reference that leads nowhere adds nothing.
type Include struct{ Source, Param, Target string }
