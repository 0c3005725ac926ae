package paper

import (
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// missing stands where neither font has a sign, so that it is seen that something is there.
const missing = "□"

// faces are the fonts as they are asked what they have.
var faces = sync.OnceValue(func() []*sfnt.Font {
	var list []*sfnt.Font
	for _, file := range [][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		face, err := sfnt.Parse(file)
		if err != nil {
			panic("paper: a font that is built in cannot be read: " + err.Error())
		}
		list = append(list, face)
	}
	return list
})

// has reports whether every font has a sign for r, and lines run its way.
func has(r rune, room *sfnt.Buffer) bool {
	if unicode.Is(unicode.Hebrew, r) {
		return false // it would be read backwards
	}
	for _, face := range faces() {
		if glyph, err := face.GlyphIndex(room, r); err != nil || glyph == 0 {
			return false
		}
	}
	return true
}

// shown gives text in one line as it can be shown: in composed letters, blanks of any kind as one, and what they lack in its
// plain form where there is one, else as a box.
func shown(text string) string {
	isOther := func(r rune) bool { return r < ' ' || r > '~' }
	if !strings.ContainsFunc(text, isOther) && !strings.Contains(text, "  ") {
		return strings.TrimSpace(text)
	}
	var room sfnt.Buffer
	var out strings.Builder
	for _, r := range norm.NFC.String(strings.Join(strings.Fields(text), " ")) {
		switch {
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		case has(r, &room):
			out.WriteRune(r)
		default:
			out.WriteString(instead(r, &room))
		}
	}
	return out.String()
}

// instead gives what a letter that the fonts lack is made of, as far as they have that.
func instead(r rune, room *sfnt.Buffer) string {
	var out strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		if has(part, room) {
			out.WriteRune(part)
		}
	}
	if out.Len() == 0 {
		return missing
	}
	return out.String()
}

// wrap breaks text into lines no wider than width, at blanks and at line ends, and in a word that is wider.
func (p *sheets) wrap(s style, width float64, text string) []string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, word := range strings.Fields(shown(part)) {
			for _, piece := range p.pieces(s, width, word) {
				switch {
				case line == "":
					line = piece
				case p.width(s, line+" "+piece) <= width:
					line += " " + piece
				default:
					lines, line = append(lines, line), piece
				}
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// pieces breaks a word that is wider than width, behind a hyphen where one is.
func (p *sheets) pieces(s style, width float64, word string) []string {
	var list []string
	for p.width(s, word) > width {
		letters := []rune(word)
		n := len(letters) - 1
		for n > 1 && p.width(s, string(letters[:n])) > width {
			n--
		}
		if n < 1 {
			break
		}
		if hyphen := strings.LastIndexByte(string(letters[:n]), '-'); hyphen > 0 {
			n = len([]rune(string(letters[:n])[:hyphen+1]))
		}
		list, word = append(list, string(letters[:n])), string(letters[n:])
	}
	return append(list, word)
}
