package published

import (
	"strings"
	"unicode/utf8"
)

// windows1252 are the characters that it has between 0x80 and 0x9f. https://encoding.spec.whatwg.org/#windows-1252
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

// decoded gives a line as UTF-8; one that is none is read as Windows-1252.
func decoded(line string, isFirst bool) string {
	if isFirst {
		line = strings.TrimPrefix(line, "\ufeff")
	}
	if utf8.ValidString(line) {
		return line
	}
	var b strings.Builder
	for _, c := range []byte(line) {
		switch {
		case 0x80 <= c && c <= 0x9f:
			b.WriteRune(windows1252[c-0x80])
		default:
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// clean takes what is more than one blank, and what stands around, out of a text.
func clean(text string) string { return strings.Join(strings.Fields(text), " ") }

// cut gives the characters of a line from one column until another, as far as it has them.
func cut(line string, from, until int) string {
	if utf8.RuneCountInString(line) == len(line) {
		return line[min(from, len(line)):min(until, len(line))]
	}
	all := []rune(line)
	return string(all[min(from, len(all)):min(until, len(all))])
}

// toEnd is a column after all others.
const toEnd = lineBytesMax
