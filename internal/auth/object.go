package auth

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// object is the header or the payload of a token: members by their names as written, each of which stands once. The names
// of JSON objects in Go's own decoder match in any case, and of two the last one wins; both would let a caller say one thing
// to the issuer and another to this server. https://www.rfc-editor.org/rfc/rfc8725#section-2.4
type object map[string]json.RawMessage

// parseObject reads text, which must be one JSON object in UTF-8. It refuses (Unauthenticated) a name that stands twice.
func parseObject(text []byte) (object, error) {
	if !utf8.Valid(text) {
		return nil, errNotJWT
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('{') {
		return nil, errNotJWT
	}
	members := object{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, errNotJWT
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, errNotJWT
		}
		if _, twice := members[name.(string)]; twice {
			return nil, refusal("The access token says something twice; ask the issuer to write each header and claim once.")
		}
		members[name.(string)] = value
	}
	if _, err := decoder.Token(); err != nil { // the closing brace
		return nil, errNotJWT
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errNotJWT
	}
	return members, nil
}

var errNotJWT = refusal("The access token is not a signed JWT; send the one the issuer gave, unchanged.")

// reader takes claims of their one type out of an object; the first that is of another type fails all.
type reader struct {
	members object
	failed  error
}

// exactly refuses names that differ from one of ours only in case: whoever wrote them meant ours, or wants to be read so.
func (r *reader) exactly(names ...string) {
	for name := range r.members {
		for _, own := range names {
			if name != own && strings.EqualFold(name, own) {
				r.fail("The access token has the claim " + own + " in another case; ask the issuer to write it as here.")
			}
		}
	}
}

func (r *reader) fail(text string) {
	if r.failed == nil {
		r.failed = refusal(text)
	}
}

// text gives a claim that is a string, "" where it is absent. One that is there says something.
func (r *reader) text(name string) string {
	value, found := r.members[name]
	if !found {
		return ""
	}
	text, ok := stringOf(value)
	if !ok || text == "" {
		r.fail("The claim " + name + " of the access token is not a text that says something; ask the issuer to leave it out or to write one.")
	}
	return text
}

// texts gives a claim that is a string or an array of strings. https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3
func (r *reader) texts(name string) []string {
	value, found := r.members[name]
	if !found {
		return nil
	}
	if text, ok := stringOf(value); ok {
		return []string{text}
	}
	var elements []json.RawMessage
	if value[0] != '[' || json.Unmarshal(value, &elements) != nil {
		r.fail("The claim " + name + " of the access token is neither a text nor a list of texts; ask the issuer to write it so.")
		return nil
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		var ok bool
		if texts[i], ok = stringOf(element); !ok {
			r.fail("The claim " + name + " of the access token lists something that is no text; ask the issuer to write it so.")
		}
	}
	return texts
}

func stringOf(value json.RawMessage) (string, bool) {
	var text string
	if value[0] != '"' || json.Unmarshal(value, &text) != nil {
		return "", false
	}
	return text, true
}

// secondsMax is the year 9999; a number beyond it is no time.
const secondsMax = 253402300799

// time gives a claim that is a number of seconds since 1970, zero where it is absent.
// https://www.rfc-editor.org/rfc/rfc7519#section-2
func (r *reader) time(name string) time.Time {
	value, found := r.members[name]
	if !found {
		return time.Time{}
	}
	var seconds float64
	if first := value[0]; first != '-' && (first < '0' || first > '9') || json.Unmarshal(value, &seconds) != nil || seconds < 0 || seconds > secondsMax {
		r.fail("The claim " + name + " of the access token is not a number of seconds since 1970; ask the issuer to write it so.")
		return time.Time{}
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9))
}
