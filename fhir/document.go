// Package fhir is FHIR R4 on the wire, without a database: a JSON document as the bytes that were sent plus a flat index
// over them, the definitions of the R4 types, the register of served types, and the data types that documents of our own
// are written with. It decides nothing about billing. https://hl7.org/fhir/R4/json.html
package fhir

import (
	"bytes"
	"unicode/utf8"

	"medbill/models/fault"
)

const (
	// DocumentBytesMax bounds a body; a Bundle may be as large. Offsets in the index are 32 bits.
	DocumentBytesMax = 16 << 20
	// depthMax bounds nesting. The deepest official R4 example has 18 levels.
	depthMax = 100
	// keysLinearMax is how many siblings are compared one by one before a set is worth its memory.
	keysLinearMax = 24
)

// Kind is the JSON kind of a node.
type Kind uint8

// The JSON kinds; KindAbsent is the node that is not there.
const (
	KindAbsent Kind = iota
	KindNull
	KindBool
	KindNumber
	KindString
	KindArray
	KindObject
)

// entry indexes one value of the document: offsets into the bytes, zero copy.
type entry struct {
	start, end       uint32 // the value, quotes included
	keyStart, keyEnd uint32 // the member's name without quotes; equal where the value is not a member
	next             uint32 // index of the entry after this value's last descendant
	kind             Kind
	escaped          bool // the string holds escapes
	keyEscaped       bool
}

// Document is a JSON document as it was sent, and an index over it. It is immutable; its nodes share its bytes.
type Document struct {
	src     []byte
	entries []entry
}

// Parse indexes src, which the document then owns. It refuses (Invalid) what is not JSON as FHIR wants it: broken syntax,
// a byte order mark, duplicate keys, nesting deeper than any R4 document, \u0000, more than one value. Duplicate keys are
// all reported; a syntax error ends the list.
func Parse(src []byte) (*Document, error) {
	if len(src) > DocumentBytesMax {
		return nil, fault.New(fault.TooLarge, "too-long", "The body is larger than 16 MiB; send it in parts.")
	}
	p := parser{src: src, entries: make([]entry, 0, len(src)/16+8)}
	p.space()
	ok := p.value(0, 0, false)
	if ok {
		p.space()
		if p.at != len(src) {
			p.refuse("The body goes on after its JSON value; send exactly one resource.")
		}
	}
	if len(p.issues) > 0 {
		return nil, &fault.Fault{Kind: fault.Invalid, Issues: p.issues}
	}
	return &Document{src: src, entries: p.entries}, nil
}

// Bytes gives the document as it was sent. The caller must not change them.
func (d *Document) Bytes() []byte { return d.src }

// Root gives the outermost value.
func (d *Document) Root() Node { return Node{doc: d} }

// Type gives resourceType, or "" where there is none.
func (d *Document) Type() string { return d.Root().Get("resourceType").Text() }

// ID gives the resource's logical id, or "".
func (d *Document) ID() string { return d.Root().Get("id").Text() }

// parser walks the bytes once and appends entries in document order.
type parser struct {
	src     []byte
	at      int
	depth   int
	entries []entry
	issues  []fault.Issue
}

// refuse records a syntax issue with its line and column, never with what stands there.
func (p *parser) refuse(text string) bool {
	before := p.src[:min(p.at, len(p.src))]
	line := 1 + bytes.Count(before, []byte{'\n'})
	column := len(before) - bytes.LastIndexByte(before, '\n')
	p.issues = append(p.issues, fault.Issue{Code: "structure", Text: "Line " + itoa(line) + ", column " + itoa(column) + ": " + text})
	return false
}

func (p *parser) space() {
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case ' ', '\n', '\t', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) value(keyStart, keyEnd int, keyEscaped bool) bool {
	if p.at >= len(p.src) {
		return p.refuse("The JSON ends too early.")
	}
	index := len(p.entries)
	p.entries = append(p.entries, entry{start: uint32(p.at), keyStart: uint32(keyStart), keyEnd: uint32(keyEnd), keyEscaped: keyEscaped})
	kind, escaped, ok := KindNumber, false, false
	switch p.src[p.at] {
	case '{':
		kind, ok = KindObject, p.nested(index, p.object)
	case '[':
		kind, ok = KindArray, p.nested(index, p.array)
	case '"':
		kind = KindString
		escaped, ok = p.text()
	case 't':
		kind, ok = KindBool, p.literal("true")
	case 'f':
		kind, ok = KindBool, p.literal("false")
	case 'n':
		kind, ok = KindNull, p.literal("null")
	default:
		ok = p.number()
	}
	e := &p.entries[index]
	e.kind, e.escaped, e.end, e.next = kind, escaped, uint32(p.at), uint32(len(p.entries))
	return ok
}

func (p *parser) nested(index int, inside func(int) bool) bool {
	if p.depth++; p.depth > depthMax {
		return p.refuse("The document is nested deeper than 100 levels.")
	}
	p.at++
	p.space()
	ok := inside(index)
	p.depth--
	return ok
}

func (p *parser) object(index int) bool {
	if p.at < len(p.src) && p.src[p.at] == '}' {
		p.at++
		return true
	}
	var seen map[string]struct{}
	for count := 0; ; count++ {
		if p.at >= len(p.src) || p.src[p.at] != '"' {
			return p.refuse("A member's name in double quotes is missing.")
		}
		keyStart := p.at + 1
		escaped, ok := p.text()
		if !ok {
			return false
		}
		keyEnd := p.at - 1
		if count == keysLinearMax {
			seen = p.keysOf(index)
		}
		p.refuseRepeated(index, keyStart, keyEnd, escaped, seen)
		p.space()
		if p.at >= len(p.src) || p.src[p.at] != ':' {
			return p.refuse("A colon after the member's name is missing.")
		}
		p.at++
		p.space()
		if !p.value(keyStart, keyEnd, escaped) {
			return false
		}
		if more, ok := p.separator('}'); !more {
			return ok
		}
	}
}

func (p *parser) array(int) bool {
	if p.at < len(p.src) && p.src[p.at] == ']' {
		p.at++
		return true
	}
	for {
		if !p.value(0, 0, false) {
			return false
		}
		if more, ok := p.separator(']'); !more {
			return ok
		}
	}
}

// separator steps over a comma (more follows) or the closing bracket.
func (p *parser) separator(closing byte) (more, ok bool) {
	p.space()
	if p.at < len(p.src) {
		switch p.src[p.at] {
		case ',':
			p.at++
			p.space()
			return true, true
		case closing:
			p.at++
			return false, true
		}
	}
	return false, p.refuse("A comma or a closing bracket is missing.")
}

// keysOf collects the names of the members read so far, so that a wide object is checked in linear time.
func (p *parser) keysOf(index int) map[string]struct{} {
	seen := make(map[string]struct{}, 4*keysLinearMax)
	for i := index + 1; i < len(p.entries); i = int(p.entries[i].next) {
		seen[p.key(p.entries[i])] = struct{}{}
	}
	return seen
}

func (p *parser) refuseRepeated(index, keyStart, keyEnd int, escaped bool, seen map[string]struct{}) {
	repeated := false
	if seen != nil {
		key := decode(p.src[keyStart:keyEnd], escaped)
		_, repeated = seen[key]
		seen[key] = struct{}{}
	} else {
		for i := index + 1; i < len(p.entries) && !repeated; i = int(p.entries[i].next) {
			repeated = p.sameKey(p.entries[i], keyStart, keyEnd, escaped)
		}
	}
	if repeated && len(p.issues) < issuesMax {
		p.refuse("The member's name stands twice in the same object.")
	}
}

// issuesMax bounds an answer: a client mends a hundred issues before it wants the next.
const issuesMax = 100

func (p *parser) sameKey(e entry, keyStart, keyEnd int, escaped bool) bool {
	if !e.keyEscaped && !escaped {
		return bytes.Equal(p.src[e.keyStart:e.keyEnd], p.src[keyStart:keyEnd])
	}
	return p.key(e) == decode(p.src[keyStart:keyEnd], escaped)
}

func (p *parser) key(e entry) string { return decode(p.src[e.keyStart:e.keyEnd], e.keyEscaped) }

func (p *parser) literal(word string) bool {
	if !bytes.HasPrefix(p.src[p.at:], []byte(word)) {
		return p.refuse("A JSON value is expected.")
	}
	p.at += len(word)
	return true
}

func (p *parser) digits() bool {
	start := p.at
	for p.at < len(p.src) && p.src[p.at] >= '0' && p.src[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}

// number follows RFC 8259 section 6: no leading zeros, no plus, digits on both sides of the point.
func (p *parser) number() bool {
	start := p.at
	if p.src[p.at] == '-' {
		p.at++
	}
	first := p.at
	if !p.digits() {
		p.at = start
		return p.refuse("A JSON value is expected.")
	}
	if p.src[first] == '0' && p.at > first+1 {
		return p.refuse("A number must not start with zeros.")
	}
	if p.at < len(p.src) && p.src[p.at] == '.' {
		p.at++
		if !p.digits() {
			return p.refuse("Digits after the decimal point are missing.")
		}
	}
	if p.at < len(p.src) && (p.src[p.at] == 'e' || p.src[p.at] == 'E') {
		p.at++
		if p.at < len(p.src) && (p.src[p.at] == '+' || p.src[p.at] == '-') {
			p.at++
		}
		if !p.digits() {
			return p.refuse("Digits of the exponent are missing.")
		}
	}
	return true
}

// text steps over a string and reports whether it holds escapes.
func (p *parser) text() (escaped, ok bool) {
	p.at++
	for p.at < len(p.src) {
		switch c := p.src[p.at]; {
		case c == '"':
			p.at++
			return escaped, true
		case c == '\\':
			escaped = true
			if !p.escape() {
				return escaped, false
			}
		case c < 0x20:
			return escaped, p.refuse("A control character stands unescaped in a string.")
		case c < utf8.RuneSelf:
			p.at++
		default:
			r, size := utf8.DecodeRune(p.src[p.at:])
			if r == utf8.RuneError && size == 1 {
				return escaped, p.refuse("The body is not UTF-8.")
			}
			p.at += size
		}
	}
	return escaped, p.refuse("A string is not closed.")
}

func (p *parser) escape() bool {
	if p.at+1 >= len(p.src) {
		return p.refuse("A string is not closed.")
	}
	switch p.src[p.at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.at += 2
		return true
	case 'u':
		code, ok := hex4(p.src[p.at+2:])
		if !ok {
			return p.refuse("An escape needs four hexadecimal digits.")
		}
		if code == 0 {
			return p.refuse("The character \\u0000 is not allowed in FHIR.")
		}
		p.at += 6
		return true
	}
	return p.refuse("An escape is unknown to JSON.")
}
