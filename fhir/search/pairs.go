package search

import (
	"strings"

	"medbill/models/fault"
)

// Pair is one name=value of a query, decoded. Order matters for links, and names repeat.
type Pair struct{ Name, Value string }

// Pairs decodes a query string or a form body, in order. It refuses (Invalid) a broken percent escape.
func Pairs(raw string) ([]Pair, error) {
	var pairs []Pair
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(part, "=")
		name, nameOK := unescapeQuery(rawName)
		value, valueOK := unescapeQuery(rawValue)
		if !nameOK || !valueOK {
			return nil, fault.New(fault.Invalid, "invalid", "The query holds a percent sign without two hexadecimal digits; encode it as %25.")
		}
		pairs = append(pairs, Pair{name, value})
	}
	return pairs, nil
}

// Encode gives the query string of pairs; Pairs reads it back.
func Encode(pairs []Pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		escapeQuery(&b, p.Name)
		b.WriteByte('=')
		escapeQuery(&b, p.Value)
	}
	return b.String()
}

const upperHex = "0123456789ABCDEF"

// escapeQuery writes text with everything encoded that RFC 3986 does not allow plainly in a query, or forms read otherwise.
func escapeQuery(b *strings.Builder, text string) {
	for _, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~:/,$*@", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
}

func unescapeQuery(text string) (string, bool) {
	if !strings.ContainsAny(text, "%+") {
		return text, true
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '+':
			b.WriteByte(' ')
		case '%':
			if i+2 >= len(text) {
				return "", false
			}
			high, low := nibble(text[i+1]), nibble(text[i+2])
			if high < 0 || low < 0 {
				return "", false
			}
			b.WriteByte(byte(high<<4 | low))
			i += 2
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), true
}

func nibble(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
