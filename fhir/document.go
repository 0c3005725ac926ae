// Package fhir is FHIR R4 on the wire, without a database: a JSON document as the bytes that were sent plus a flat index
// over them, the definitions of the R4 types, the register of served types, and the data types that documents of our own
// are written with. It decides nothing about billing. https://hl7.org/fhir/R4/json.html
package fhir

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"

	"medbill/models/fault"
)

const (
	// DocumentBytesMax bounds a body; a Bundle may be as large. Offsets in the index are 32 bits.
	DocumentBytesMax = 16 << 20
	// depthMax bounds nesting. The deepest official R4 example has 18 levels.
	depthMax = 100
	// valuesMax bounds the index, which is larger than a body of many tiny values. Real Bundles hold one value in 12 bytes.
	valuesMax = 2_000_000
	// keysLinearMax is how many siblings are compared one by one before a set is worth its memory.
	keysLinearMax = 24
)

// What is said of escapes that stand for no text, whatever they are escaped in: databases keep neither.
const (
	NotACharacter  = "The text holds the character \\u0000, which no record can hold; leave it out."
	HalfACharacter = "The text holds half a surrogate pair (\\ud800 to \\udfff), which is no character; send both halves, or the character itself."
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

// Parse indexes src, which the document then owns. It refuses (TooLarge) more than DocumentBytesMax and (Invalid) what is not
// JSON as FHIR wants it: broken syntax, a byte order mark, duplicate keys, nesting deeper than any R4 document, more than one
// value, and escapes that stand for no text: \u0000 and half a surrogate pair. Duplicate keys and such escapes are all
// reported, these with their FHIRPath; a syntax error ends the list. https://www.rfc-editor.org/rfc/rfc7493#section-2.1
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
	if len(p.entries) > valuesMax {
		return nil, fault.New(fault.TooLarge, "too-long", "The body holds more than two million values; send it in parts.")
	}
	if issues := append(p.flawed(), p.issues...); len(issues) > 0 {
		return nil, &fault.Fault{Kind: fault.Invalid, Issues: issues[:min(len(issues), issuesMax)]}
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
	flaws   []flaw
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
	if p.at < len(p.src) && p.src[p.at] <= ' ' {
		p.skipSpace()
	}
}

func (p *parser) skipSpace() {
	src, at := p.src, p.at
	for at < len(src) && (src[at] == ' ' || src[at] == '\n' || src[at] == '\t' || src[at] == '\r') {
		at++
		for at+8 <= len(src) && binary.LittleEndian.Uint64(src[at:]) == eachByte*' ' {
			at += 8
		}
	}
	p.at = at
}

func (p *parser) value(keyStart, keyEnd int, keyEscaped bool) bool {
	if p.at >= len(p.src) {
		return p.refuse("The JSON ends too early.")
	}
	index := len(p.entries)
	if index > valuesMax {
		return false
	}
	p.entries = append(p.entries, entry{start: uint32(p.at), keyStart: uint32(keyStart), keyEnd: uint32(keyEnd), keyEscaped: keyEscaped})
	kind, escaped, ok := KindNumber, false, false
	switch p.src[p.at] {
	case '{':
		kind, ok = KindObject, p.enter() && p.object(index)
		p.depth--
	case '[':
		kind, ok = KindArray, p.enter() && p.array()
		p.depth--
	case '"':
		kind = KindString
		escaped, ok = p.text(index)
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

// enter steps into an object or array.
func (p *parser) enter() bool {
	if p.depth++; p.depth > depthMax {
		return p.refuse("The document is nested deeper than 100 levels.")
	}
	p.at++
	p.space()
	return true
}

func (p *parser) object(index int) bool {
	if p.at < len(p.src) && p.src[p.at] == '}' {
		p.at++
		return true
	}
	var names nameSet
	for {
		if p.at >= len(p.src) || p.src[p.at] != '"' {
			return p.refuse("A member's name in double quotes is missing.")
		}
		keyStart := p.at + 1
		escaped, ok := p.text(index)
		if !ok {
			return false
		}
		keyEnd := p.at - 1
		if p.isRepeated(&names, index, keyStart, keyEnd, escaped) && len(p.issues) < issuesMax {
			p.refuse("The member's name stands twice in the same object.")
		}
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

func (p *parser) array() bool {
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

// issuesMax bounds an answer: a client mends a hundred issues before it wants the next.
const issuesMax = 100

// nameSet remembers the names of an object's members: a filter that most names pass and, for a wide object, a hash table
// of indexes into the entries that keeps the check linear.
type nameSet struct {
	filter uint64
	count  int
	table  []uint32 // open addressing; 0 is free, because entry 0 is never a member
}

// nameSeed is secret, so that nobody can send names that fall on one place.
var nameSeed = maphash.MakeSeed()

// isRepeated reports whether a member of the object at index has the name already, and adds it as that of the entry that
// follows. Names are compared decoded.
func (p *parser) isRepeated(names *nameSet, index, keyStart, keyEnd int, escaped bool) bool {
	if names.count++; names.count >= keysLinearMax {
		return p.isInTable(names, index, keyStart, keyEnd, escaped)
	}
	if escaped {
		names.filter = ^uint64(0)
	} else if keyEnd > keyStart {
		bit := uint64(1) << ((p.src[keyStart]*5 + p.src[keyEnd-1]*3 + byte(keyEnd-keyStart)) & 63)
		if names.filter&bit == 0 {
			names.filter |= bit
			return false
		}
	}
	for i := index + 1; i < len(p.entries); i = int(p.entries[i].next) {
		if p.sameKey(&p.entries[i], keyStart, keyEnd, escaped) {
			return true
		}
	}
	return false
}

func (p *parser) isInTable(names *nameSet, index, keyStart, keyEnd int, escaped bool) bool {
	if 2*names.count > len(names.table) {
		names.table = make([]uint32, 8*names.count)
		for i := index + 1; i < len(p.entries); i = int(p.entries[i].next) {
			e := &p.entries[i]
			*p.slot(names.table, int(e.keyStart), int(e.keyEnd), e.keyEscaped) = uint32(i)
		}
	}
	slot := p.slot(names.table, keyStart, keyEnd, escaped)
	if *slot != 0 {
		return true
	}
	*slot = uint32(len(p.entries))
	return false
}

// slot gives the place of a name in the table: it holds the name's entry or is free.
func (p *parser) slot(table []uint32, keyStart, keyEnd int, escaped bool) *uint32 {
	key := p.src[keyStart:keyEnd]
	if escaped {
		key = []byte(decode(key, true))
	}
	at := maphash.Bytes(nameSeed, key) % uint64(len(table))
	for table[at] != 0 && !p.sameKey(&p.entries[table[at]], keyStart, keyEnd, escaped) {
		at = (at + 1) % uint64(len(table))
	}
	return &table[at]
}

func (p *parser) sameKey(e *entry, keyStart, keyEnd int, escaped bool) bool {
	if !e.keyEscaped && !escaped {
		return bytes.Equal(p.src[e.keyStart:e.keyEnd], p.src[keyStart:keyEnd])
	}
	return decode(p.src[e.keyStart:e.keyEnd], e.keyEscaped) == decode(p.src[keyStart:keyEnd], escaped)
}

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

// text steps over a string, that of the entry at index or a name of its members, and reports whether it holds escapes.
func (p *parser) text(index int) (escaped, ok bool) {
	p.at++
	for {
		p.plain()
		if p.at >= len(p.src) {
			return escaped, p.refuse("A string is not closed.")
		}
		switch c := p.src[p.at]; {
		case c == '"':
			p.at++
			return escaped, true
		case c == '\\':
			escaped = true
			if !p.escape(index) {
				return escaped, false
			}
		case c < 0x20:
			return escaped, p.refuse("A control character stands unescaped in a string.")
		default:
			r, size := utf8.DecodeRune(p.src[p.at:])
			if r == utf8.RuneError && size == 1 {
				return escaped, p.refuse("The body is not UTF-8.")
			}
			p.at += size
		}
	}
}

// eachByte times a byte is that byte eight times.
const eachByte = 0x0101010101010101

// plain steps over ASCII that stands for itself, eight bytes at a time: in a byte of stop the high bit is set where the
// byte of w is a quote, a backslash, a control character or not ASCII. A borrow can only reach bytes after the first stop.
func (p *parser) plain() {
	src, at := p.src, p.at
	for at+8 <= len(src) {
		w := binary.LittleEndian.Uint64(src[at:])
		quote, backslash := w^eachByte*'"', w^eachByte*'\\'
		stop := (w | (w - eachByte*0x20) | (quote - eachByte) | (backslash - eachByte)) & (eachByte * 0x80)
		if stop != 0 {
			p.at = at + bits.TrailingZeros64(stop)/8
			return
		}
		at += 8
	}
	for at < len(src) && src[at] >= 0x20 && src[at] < utf8.RuneSelf && src[at] != '"' && src[at] != '\\' {
		at++
	}
	p.at = at
}

func (p *parser) escape(index int) bool {
	if p.at+1 >= len(p.src) {
		return p.refuse("A string is not closed.")
	}
	switch p.src[p.at+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.at += 2
		return true
	case 'u':
		if _, ok := hex4(p.src[p.at+2:]); !ok {
			return p.refuse("An escape needs four hexadecimal digits.")
		}
		r, size := decodeHex(p.src[p.at:])
		switch {
		case r == 0:
			p.flaw(index, NotACharacter)
		case utf16.IsSurrogate(r):
			p.flaw(index, HalfACharacter)
		}
		p.at += size
		return true
	}
	return p.refuse("An escape is unknown to JSON.")
}

// flaw is a string that is JSON and no text: that of an entry, or the name of one of its members.
type flaw struct {
	index int
	text  string
}

func (p *parser) flaw(index int, text string) {
	if len(p.flaws) < issuesMax {
		p.flaws = append(p.flaws, flaw{index, text})
	}
}

// flawed gives the issues of the flaws, each at its FHIRPath. It ends what a syntax error left open.
func (p *parser) flawed() []fault.Issue {
	if len(p.flaws) == 0 {
		return nil
	}
	for i := range p.entries {
		if e := &p.entries[i]; e.next == 0 {
			e.end, e.next, e.kind = uint32(p.at), uint32(len(p.entries)), KindObject
			if p.src[e.start] == '[' {
				e.kind = KindArray
			}
		}
	}
	d := &Document{src: p.src, entries: p.entries}
	issues := make([]fault.Issue, len(p.flaws))
	for i, f := range p.flaws {
		issues[i] = fault.Issue{Code: "value", Path: Node{d, uint32(f.index)}.Path(), Text: f.text}
	}
	return issues
}
