package search

import (
	"strings"
	"time"
	"unicode/utf8"

	"medbill/fhir"
	"medbill/models/fault"
)

// Options says how a query is read.
type Options struct {
	// Lenient ignores parameters that are not known (`Prefer: handling=lenient`), which then are not in Query.Applied. The
	// default refuses them, because a filter that is ignored answers another question.
	Lenient bool
	// Bases are this server's own base URLs, https://host/fhir/R4: references under them are to our own documents.
	Bases []string
	// Zone gives the time zone in which days are taken; it is asked once, and only by a query that names a date. Without
	// it they are taken in UTC.
	Zone func() (*time.Location, error)
}

// Parse reads a search over resourceType, whose name the caller has found in the register. The caller merges the body of a
// POST _search into pairs, and takes out what is its own, such as the cursor of a page.
//
// It refuses (Invalid, every issue with the parameter's name as path): parameters it does not know, unless Lenient; always
// modifiers and values it cannot honour, chains, _has, and more than the limits. An empty value is ignored.
func Parse(resourceType string, pairs []Pair, o Options) (Query, error) {
	p := parser{options: o, query: Query{Type: resourceType, Count: CountDefault}, seen: map[string]bool{}}
	if lengthOf(pairs) > textBytesMax {
		return Query{}, fault.New(fault.Invalid, "too-costly", "The parameters of the search are longer than 128 KiB; search in parts.")
	}
	for _, pair := range pairs {
		p.name = pair.Name
		switch {
		case pair.Value == "":
		case !utf8.ValidString(pair.Name) || !utf8.ValidString(pair.Value) || strings.ContainsRune(pair.Value, 0):
			p.refuse("invalid", "The parameter's value is not text in UTF-8; encode it again.")
		default:
			p.pair(pair)
		}
	}
	if p.query.Summary == SummaryCount {
		p.query.Count = 0
	}
	if p.query.Summary == SummaryText && len(p.query.Includes)+len(p.query.RevIncludes) > 0 {
		p.name = "_summary"
		p.refuse("not-supported", "The summary text cannot be combined with included resources; leave one of them out.")
	}
	if p.failed != nil {
		return Query{}, p.failed
	}
	if len(p.issues) > 0 {
		return Query{}, fault.Of(fault.Invalid, p.issues)
	}
	return p.query, nil
}

func lengthOf(pairs []Pair) int {
	length := 0
	for _, pair := range pairs {
		length += len(pair.Name) + len(pair.Value)
	}
	return length
}

// parser collects a query and everything wrong with it.
type parser struct {
	options      Options
	query        Query
	alternatives int // of all clauses so far
	ranges       int // those among them that are ranges
	issues       []fault.Issue
	name         string          // of the parameter being read, modifier included
	seen         map[string]bool // the result parameters read so far
	zone         *time.Location  // nil until a date is read
	failed       error           // of asking for the zone
}

// calendar gives that of the query's time zone.
func (p *parser) calendar() calendar {
	if p.zone == nil && p.options.Zone != nil {
		p.zone, p.failed = p.options.Zone()
	}
	if p.zone == nil {
		p.zone = time.UTC
	}
	return calendar{p.zone}
}

// issuesMax bounds an answer: a client mends a hundred issues before it wants the next.
const issuesMax = 100

// refuse notes an issue. A name that does not look like a parameter may hold anything, so it is not repeated.
func (p *parser) refuse(code, text string) {
	if len(p.issues) < issuesMax {
		path := p.name
		if !isName(path) {
			path = ""
		}
		p.issues = append(p.issues, fault.Issue{Code: code, Path: path, Text: text})
	}
}

func isName(text string) bool {
	for _, c := range []byte(text) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("_-:.", c) >= 0) {
			return false
		}
	}
	return len(text) <= 64
}

// unknown refuses what is not known, or passes over it where the client asked for that.
func (p *parser) unknown(text string) {
	if !p.options.Lenient {
		p.refuse("not-supported", text)
	}
}

func (p *parser) pair(pair Pair) {
	name, modifier, hasModifier := strings.Cut(pair.Name, ":")
	switch {
	case hasModifier && modifier == "":
		p.refuse("not-supported", "The modifier after the colon is missing; leave the colon out.")
		return
	case name == "_has":
		p.refuse("not-supported", "Reverse chains with _has are not supported; search the other type and follow its references.")
		return
	case name == "_query":
		p.refuse("not-supported", "Named queries are not supported; use the parameters of the type.")
		return
	case strings.Contains(pair.Name, "."):
		p.refuse("not-supported", "Chained parameters are not supported; search the referenced type first and use its ids.")
		return
	}
	if read := resultParams[name]; read != nil {
		if modifier != "" {
			p.refuse("not-supported", "The parameter takes no modifier here; leave it out.")
			return
		}
		read(p, pair)
		return
	}
	param, found := Lookup(p.query.Type, name)
	if !found {
		p.unknown("The parameter is not known for this resource type; the CapabilityStatement lists those that are.")
		return
	}
	p.clause(param, modifier, pair)
}

// applied notes that the pair counted.
func (p *parser) applied(pair Pair) { p.query.Applied = append(p.query.Applied, pair) }

func (p *parser) clause(param Param, modifier string, pair Pair) {
	if len(p.query.Clauses) == ClausesMax {
		p.refuse("too-costly", "The search has more than 20 conditions; send fewer.")
		return
	}
	c := Clause{Param: param}
	var onlyType string
	if _, isType := fhir.TypeOf(modifier); isType && param.Kind == KindReference {
		if !param.LeadsTo(modifier) {
			p.refuse("not-supported", "The parameter cannot refer to the type named as modifier; leave it out or name another.")
			return
		}
		onlyType = modifier
	} else if c.Modifier = modifierOf(param, modifier); modifier != "" && c.Modifier == ModifierNone {
		p.refuse("not-supported", "The modifier is not supported for this parameter; leave it out or use another.")
		return
	}
	if c.Modifier == ModifierMissing {
		if pair.Value != "true" && pair.Value != "false" {
			p.refuse("value", "The modifier missing takes true or false.")
			return
		}
		c.Missing = pair.Value == "true"
		p.query.Clauses = append(p.query.Clauses, c)
		p.applied(pair)
		return
	}
	before := len(p.issues)
	earlier := p.alternatives
	for _, value := range splitEscaped(pair.Value, ',') {
		if value == "" {
			continue
		}
		if p.alternatives == AlternativesMax {
			p.refuse("too-costly", "The search has more than 500 alternatives, those of all its conditions together; search in parts.")
			return
		}
		if c.IsRange() && p.ranges == RangesMax {
			p.refuse("too-costly", "The search has more than 50 dates, numbers and parts of texts, those of all its conditions together; search in parts.")
			return
		}
		p.alternatives++
		if c.IsRange() {
			p.ranges++
		}
		p.alternative(&c, value, onlyType)
	}
	if p.alternatives > earlier && len(p.issues) == before {
		p.query.Clauses = append(p.query.Clauses, c)
		p.applied(pair)
	}
}

// modifierOf gives the modifier of that name if the parameter takes it.
func modifierOf(param Param, name string) Modifier {
	switch {
	case name == "missing" && !param.IsColumn():
		return ModifierMissing
	case name == "exact" && param.Kind == KindString:
		return ModifierExact
	case name == "contains" && param.Kind == KindString:
		return ModifierContains
	case name == "not" && param.Kind == KindToken:
		return ModifierNot
	case name == "identifier" && param.Kind == KindReference:
		return ModifierIdentifier
	}
	return ModifierNone
}
