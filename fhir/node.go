package fhir

import (
	"iter"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Node is one value of a document. The zero Node is absent: every method works on it and gives nothing, so a view can
// step through optional elements without asking at each step.
type Node struct {
	doc   *Document
	index uint32
}

func (n Node) entry() *entry { return &n.doc.entries[n.index] }

// Root gives the outermost value of the document that the value is in.
func (n Node) Root() Node { return Node{doc: n.doc} }

// Exists reports whether the value is in the document.
func (n Node) Exists() bool { return n.doc != nil }

// Kind gives the JSON kind.
func (n Node) Kind() Kind {
	if n.doc == nil {
		return KindAbsent
	}
	return n.entry().kind
}

// Raw gives the value as it was sent, quotes included. The caller must not change it.
func (n Node) Raw() []byte {
	if n.doc == nil {
		return nil
	}
	e := n.entry()
	return n.doc.src[e.start:e.end]
}

// Text gives a string decoded, a number or boolean as sent, and "" for everything else. The result is a copy.
func (n Node) Text() string {
	switch n.Kind() {
	case KindString:
		e := n.entry()
		return decode(n.doc.src[e.start+1:e.end-1], e.escaped)
	case KindNumber, KindBool:
		return string(n.Raw())
	}
	return ""
}

// Is reports whether the value is the string text, without copying.
func (n Node) Is(text string) bool {
	if n.Kind() != KindString {
		return false
	}
	e := n.entry()
	if e.escaped {
		return n.Text() == text
	}
	return string(n.doc.src[e.start+1:e.end-1]) == text
}

// Key gives the member's name under which the value stands, or "".
func (n Node) Key() string {
	if n.doc == nil {
		return ""
	}
	e := n.entry()
	return decode(n.doc.src[e.keyStart:e.keyEnd], e.keyEscaped)
}

// RawKey gives the member's name as it was sent, without quotes, and whether it holds escapes. The caller must not change it.
func (n Node) RawKey() (key []byte, escaped bool) {
	if n.doc == nil {
		return nil, false
	}
	e := n.entry()
	return n.doc.src[e.keyStart:e.keyEnd], e.keyEscaped
}

// RawText gives a string as it was sent, without quotes, and whether it holds escapes. The caller must not change it.
func (n Node) RawText() (text []byte, escaped bool) {
	if n.Kind() != KindString {
		return nil, false
	}
	e := n.entry()
	return n.doc.src[e.start+1 : e.end-1], e.escaped
}

// AppendText appends to dst what Text gives, so that a caller can use one buffer for many strings.
func (n Node) AppendText(dst []byte) []byte {
	text, escaped := n.RawText()
	if !escaped {
		return append(dst, text...)
	}
	return appendDecoded(slices.Grow(dst, len(text)), text)
}

// Get gives the member called key of an object.
func (n Node) Get(key string) Node {
	if n.Kind() != KindObject {
		return Node{}
	}
	e := n.entry()
	for i := n.index + 1; i < e.next; i = n.doc.entries[i].next {
		m := &n.doc.entries[i]
		raw := n.doc.src[m.keyStart:m.keyEnd]
		if !m.keyEscaped && string(raw) == key || m.keyEscaped && decode(raw, true) == key {
			return Node{n.doc, i}
		}
	}
	return Node{}
}

// In gives the value reached through keys; an array on the way is entered at its first element.
func (n Node) In(keys ...string) Node {
	for _, key := range keys {
		if n.Kind() == KindArray {
			n = n.At(0)
		}
		n = n.Get(key)
	}
	return n
}

// Children gives the elements of an array or the values of an object, in document order.
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if k := n.Kind(); k != KindArray && k != KindObject {
			return
		}
		for i := n.index + 1; i < n.entry().next; i = n.doc.entries[i].next {
			if !yield(Node{n.doc, i}) {
				return
			}
		}
	}
}

// First gives the first element of an array or the first member's value of an object.
func (n Node) First() Node {
	if k := n.Kind(); k != KindArray && k != KindObject || n.entry().next == n.index+1 {
		return Node{}
	}
	return Node{n.doc, n.index + 1}
}

// NextIn gives the value after n among the children of parent, which n must be one of.
func (n Node) NextIn(parent Node) Node {
	if n.doc == nil || n.entry().next >= parent.entry().next {
		return Node{}
	}
	return Node{n.doc, n.entry().next}
}

// Each gives the elements of an array, or the value itself where it is not an array; nothing where it is absent.
func (n Node) Each() iter.Seq[Node] {
	if n.Kind() == KindArray {
		return n.Children()
	}
	return func(yield func(Node) bool) {
		if n.Exists() {
			yield(n)
		}
	}
}

// Len counts the elements of an array or the members of an object.
func (n Node) Len() int {
	count := 0
	for range n.Children() {
		count++
	}
	return count
}

// At gives the i-th element of an array.
func (n Node) At(i int) Node {
	if n.Kind() != KindArray {
		return Node{}
	}
	for child := range n.Children() {
		if i == 0 {
			return child
		}
		i--
	}
	return Node{}
}

// Span gives the value's place in Document.Bytes.
func (n Node) Span() (start, end int) {
	if n.doc == nil {
		return 0, 0
	}
	e := n.entry()
	return int(e.start), int(e.end)
}

// Detach gives the value as a document of its own, with its own copy of the bytes.
func (n Node) Detach() *Document {
	if n.doc == nil {
		return nil
	}
	e := n.entry()
	base, origin := e.start, n.index
	src := append([]byte(nil), n.doc.src[e.start:e.end]...)
	entries := append([]entry(nil), n.doc.entries[n.index:e.next]...)
	for i := range entries {
		c := &entries[i]
		c.start, c.end, c.next = c.start-base, c.end-base, c.next-origin
		if i > 0 && c.keyEnd > 0 {
			c.keyStart, c.keyEnd = c.keyStart-base, c.keyEnd-base
		}
	}
	entries[0].keyStart, entries[0].keyEnd, entries[0].keyEscaped = 0, 0, false
	return &Document{src: src, entries: entries}
}

func itoa(n int) string { return strconv.Itoa(n) }

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[:4]), 16, 16)
	return rune(n), err == nil && b[0] != '+' && b[0] != '-'
}

// decode gives the text of a string's inside; the parser has checked its escapes.
func decode(raw []byte, escaped bool) string {
	if !escaped {
		return string(raw)
	}
	return string(appendDecoded(make([]byte, 0, len(raw)), raw))
}

func appendDecoded(dst, raw []byte) []byte {
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			dst = append(dst, raw[i])
			i++
			continue
		}
		if raw[i+1] != 'u' {
			dst = append(dst, unescaped[raw[i+1]])
			i += 2
			continue
		}
		r, size := decodeHex(raw[i:])
		dst = utf8.AppendRune(dst, r)
		i += size
	}
	return dst
}

// decodeHex gives the character of a \uXXXX escape, or of two that are a surrogate pair. A surrogate on its own has no
// character and becomes U+FFFD.
func decodeHex(raw []byte) (r rune, size int) {
	r, _ = hex4(raw[2:])
	if utf16.IsSurrogate(r) && len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
		if low, ok := hex4(raw[8:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			return utf16.DecodeRune(r, low), 12
		}
	}
	return r, 6
}

var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
