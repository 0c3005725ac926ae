package fhir

import "bytes"

// narrativeDepthMax bounds how deep elements of a narrative nest.
const narrativeDepthMax = 128

// ScanNarrative walks the XHTML of a Narrative.div and calls visit for each start tag (attribute empty) and then for each of
// its attributes, whose value is div[start:end], entities not replaced. It reports whether div is one well-formed <div>
// without declarations, processing instructions or CDATA, and it stops early where visit does.
// https://hl7.org/fhir/R4/narrative.html#xhtml
func ScanNarrative(div []byte, visit func(tag, attribute []byte, start, end int) bool) bool {
	s := narrativeScanner{src: div, visit: visit}
	s.space()
	if !bytes.HasPrefix(div[s.at:], []byte("<div")) {
		return false
	}
	for s.element() {
		if s.depth == 0 {
			s.space()
			return s.at == len(div)
		}
		if !s.text() {
			return false
		}
	}
	return false
}

type narrativeScanner struct {
	src   []byte
	at    int
	visit func(tag, attribute []byte, start, end int) bool
	open  [narrativeDepthMax][2]int // where the names of the open elements stand
	depth int
}

// text steps over character data to the next tag.
func (s *narrativeScanner) text() bool {
	next := bytes.IndexByte(s.src[s.at:], '<')
	if next < 0 {
		return false
	}
	s.at += next
	return true
}

// element steps over one start tag, end tag or comment.
func (s *narrativeScanner) element() bool {
	rest := s.src[s.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.comment()
	case bytes.HasPrefix(rest, []byte("</")):
		s.at += 2
		start, end := s.name()
		if s.depth--; s.depth < 0 || !bytes.Equal(s.src[start:end], s.src[s.open[s.depth][0]:s.open[s.depth][1]]) {
			return false
		}
		s.space()
		return s.take('>')
	}
	s.at++
	start, end := s.name()
	tag := s.src[start:end]
	if start == end || s.depth == narrativeDepthMax || !s.visit(tag, nil, 0, 0) {
		return false
	}
	s.open[s.depth] = [2]int{start, end}
	s.depth++
	return s.attributes(tag)
}

// comment steps over a comment. Browsers end `<!-->`, `<!--->` and `--!>` earlier than XML does, so these are refused.
func (s *narrativeScanner) comment() bool {
	text := s.src[s.at+len("<!--"):]
	end := bytes.Index(text, []byte("--"))
	if end < 0 || bytes.HasPrefix(text, []byte(">")) || bytes.HasPrefix(text, []byte("->")) {
		return false
	}
	s.at += len("<!--") + end + len("--")
	return s.take('>')
}

func (s *narrativeScanner) attributes(tag []byte) bool {
	for {
		before := s.at
		s.space()
		if s.take('>') {
			return true
		}
		if s.take('/') {
			s.depth--
			return s.take('>')
		}
		start, end := s.name()
		if start == end || before == start {
			return false
		}
		s.space()
		if !s.take('=') {
			return false
		}
		s.space()
		if s.at >= len(s.src) || s.src[s.at] != '"' && s.src[s.at] != '\'' {
			return false
		}
		length := bytes.IndexByte(s.src[s.at+1:], s.src[s.at])
		if length < 0 || bytes.IndexByte(s.src[s.at+1:s.at+1+length], '<') >= 0 {
			return false
		}
		value := s.at + 1
		s.at = value + length + 1
		if !s.visit(tag, s.src[start:end], value, value+length) {
			return false
		}
	}
}

func (s *narrativeScanner) name() (start, end int) {
	start = s.at
	for s.at < len(s.src) {
		c := s.src[s.at]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80
		if !letter && (s.at == start || (c < '0' || c > '9') && c != '-' && c != '.' && c != ':') {
			break
		}
		s.at++
	}
	return start, s.at
}

func (s *narrativeScanner) space() {
	for s.at < len(s.src) && (s.src[s.at] == ' ' || s.src[s.at] == '\n' || s.src[s.at] == '\t' || s.src[s.at] == '\r') {
		s.at++
	}
}

func (s *narrativeScanner) take(c byte) bool {
	if s.at < len(s.src) && s.src[s.at] == c {
		s.at++
		return true
	}
	return false
}
