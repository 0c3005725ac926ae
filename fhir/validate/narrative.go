package validate

import (
	"bytes"
	"html"
	"strings"

	"medbill/fhir"
)

// What a narrative may be made of: HTML 4.0 chapters 7 to 11 (without forms, frames and scripts) and 15, links and images.
// https://hl7.org/fhir/R4/narrative.html#xhtml
var (
	narrativeTags = setOf(`a abbr acronym address b bdo big blockquote br caption center cite code col colgroup dd del dfn div dl
		dt em font h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th
		thead tr tt u ul var kbd`)
	narrativeAttributes = setOf(`xmlns xml:lang xml:space abbr accesskey align alt axis bgcolor border cellpadding cellspacing char
		charoff charset cite class clear color colspan compact coords datetime dir face frame headers height href hreflang hspace
		id lang longdesc name noshade nowrap rel rev rowspan rules scope shape size span src start style summary tabindex title
		type usemap valign value vspace width`)
)

const xhtmlNamespace = "http://www.w3.org/1999/xhtml"

func setOf(words string) map[string]struct{} {
	set := map[string]struct{}{}
	for _, word := range strings.Fields(words) {
		set[word] = struct{}{}
	}
	return set
}

// narrative holds invariant txt-1: formatting, links and images only, so that it is safe to show.
func (c *checker) narrative(m fhir.Node, div []byte) {
	forbidden := false
	wellFormed := fhir.ScanNarrative(div, func(tag, attribute []byte, start, end int) bool {
		if len(attribute) == 0 {
			_, ok := narrativeTags[string(tag)]
			forbidden = !ok
		} else {
			_, ok := narrativeAttributes[string(attribute)]
			forbidden = !ok || !isHarmless(attribute, div[start:end])
		}
		return !forbidden
	})
	switch {
	case forbidden:
		c.report(m, codeInvalid, "holds more than formatting, links and images; leave out scripts, handlers, forms and frames")
	case !wellFormed:
		c.report(m, codeInvalid, "is not one well-formed XHTML div")
	}
}

func isHarmless(attribute, value []byte) bool {
	switch string(attribute) {
	case "href", "src", "cite", "longdesc", "usemap":
		return !isScript(value)
	case "xmlns":
		return string(value) == xhtmlNamespace
	}
	return true
}

// isScript reports whether a link may run in the page that shows it: a script, or data other than an image. It looks
// through entities, white space and case, as a browser does.
func isScript(link []byte) bool {
	if bytes.IndexByte(link, '&') >= 0 {
		link = []byte(html.UnescapeString(string(link)))
	}
	start := make([]byte, 0, 16)
	for _, b := range link {
		if b > ' ' && len(start) < cap(start) {
			start = append(start, b)
		}
	}
	start = bytes.ToLower(start)
	return bytes.HasPrefix(start, []byte("javascript:")) || bytes.HasPrefix(start, []byte("vbscript:")) ||
		bytes.HasPrefix(start, []byte("data:")) && !bytes.HasPrefix(start, []byte("data:image/"))
}
