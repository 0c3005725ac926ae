package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives text as searches compare it: lower case, without accents, white space collapsed to single spaces and gone at
// the ends, cut to StringRunesMax. https://hl7.org/fhir/R4/search.html#string
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	if !isASCII(text) {
		text = norm.NFD.String(text)
	}
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r >= utf8.RuneSelf && unicode.Is(unicode.Mn, r):
			continue
		case space:
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return cut(b.String())
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut keeps the first StringRunesMax characters.
func cut(text string) string {
	if len(text) <= StringRunesMax {
		return text
	}
	count := 0
	for at := range text {
		if count == StringRunesMax {
			return text[:at]
		}
		count++
	}
	return text
}
