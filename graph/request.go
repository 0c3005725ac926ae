package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"

	"medbill/fhir"
	"medbill/internal/turns"
	"medbill/models/fault"
)

var (
	errMedia   = fault.New(fault.UnsupportedMedia, "not-supported", "The body must be application/json.")
	errLong    = fault.New(fault.TooLarge, "too-long", "The body is longer than 1 MiB; ask in several requests.")
	errBroken  = fault.New(fault.Invalid, "invalid", "The body could not be read to its end; send it again.")
	errRequest = fault.New(fault.Invalid, "structure",
		"The body must be one JSON object with query, and variables and operationName where needed; several operations in an array are not taken.")
)

// paramsOf reads the request, or gives the status and fault of one that cannot be read. Its JSON is read as strictly as that of
// a FHIR document: names stand once, as they are written here, and what is escaped is text. Numbers of variables keep their
// digits. https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
func paramsOf(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, int, error) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, http.StatusUnsupportedMediaType, errMedia
	}
	var body []byte
	err := turns.Aside(r.Context(), func() (err error) {
		body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, bodyBytesMax))
		return err
	})
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge, errLong
	case err != nil:
		return nil, http.StatusBadRequest, errBroken
	}
	d, err := fhir.Parse(body)
	if err != nil {
		return nil, http.StatusBadRequest, err
	}
	root := d.Root()
	query, name, variables := root.Get("query"), root.Get("operationName"), root.Get("variables")
	if root.Kind() != fhir.KindObject || !isGiven(query, fhir.KindString) || !isGiven(name, fhir.KindString) || !isGiven(variables, fhir.KindObject) {
		return nil, http.StatusBadRequest, errRequest
	}
	params := &graphql.RawParams{Query: query.Text(), OperationName: name.Text()}
	if variables.Kind() == fhir.KindObject {
		decoder := json.NewDecoder(bytes.NewReader(variables.Raw()))
		decoder.UseNumber()
		if err := decoder.Decode(&params.Variables); err != nil {
			return nil, http.StatusBadRequest, errRequest
		}
	}
	return params, 0, nil
}

// isGiven reports whether n is left out, null, or of the kind that it has to be.
func isGiven(n fhir.Node, kind fhir.Kind) bool {
	return !n.Exists() || n.Kind() == fhir.KindNull || n.Kind() == kind
}

// escape finds each escape of a string of GraphQL. https://spec.graphql.org/October2021/#sec-String-Value
var escape = regexp.MustCompile(`\\(?:u([0-9a-fA-F]{4})|(u\{0+\})|.)`)

// flawIn gives the error of the first string of a query that holds an escape which is no text, nil where there is none: the
// lexer takes them and reads half a surrogate pair as another character.
func flawIn(query string) *gqlerror.Error {
	if !strings.Contains(query, `\u`) {
		return nil
	}
	tokens, text := lexer.New(&ast.Source{Input: query}), []rune(query)
	for token, err := tokens.ReadToken(); err == nil && token.Kind != lexer.EOF; token, err = tokens.ReadToken() {
		if token.Kind != lexer.String {
			continue
		}
		if flaw := flawOf(string(text[token.Pos.Start:token.Pos.End])); flaw != "" {
			told := present(fault.At(fault.Invalid, "value", "query", flaw))
			told.Locations = []gqlerror.Location{{Line: token.Pos.Line, Column: token.Pos.Column}}
			return told
		}
	}
	return nil // what is no GraphQL is the parser's to tell
}

// flawOf tells what is wrong with the escapes of a string as it is written, "" where they are text.
func flawOf(literal string) string {
	half := -1 // where the second half of a pair has to begin
	for _, m := range escape.FindAllStringSubmatchIndex(literal, -1) {
		var r rune
		if m[2] >= 0 {
			code, _ := strconv.ParseUint(literal[m[2]:m[3]], 16, 16)
			r = rune(code)
		}
		switch isSecond := r >= 0xDC00 && r <= 0xDFFF; {
		case m[4] >= 0, m[2] >= 0 && r == 0:
			return fhir.NotACharacter
		case half >= 0 && (half != m[0] || !isSecond), half < 0 && isSecond:
			return fhir.HalfACharacter
		case half >= 0:
			half = -1
		case utf16.IsSurrogate(r):
			half = m[1]
		}
	}
	if half >= 0 {
		return fhir.HalfACharacter
	}
	return ""
}
