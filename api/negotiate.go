package api

import (
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"medbill/fhir/search"
	"medbill/models/fault"
	"medbill/models/operation"
)

// The media types that are spoken. https://hl7.org/fhir/R4/http.html#mime-type
const (
	mediaFHIR  = "application/fhir+json"
	mediaPDF   = operation.MediaPDF
	mediaJSON  = "application/json"
	mediaForm  = "application/x-www-form-urlencoded"
	keyMedia   = "media"
	keyPretty  = "pretty"
	keyGiven   = "given" // the client takes what the operation gives instead of FHIR
	fhirMinor  = "4.0"
	formatJSON = "json"
)

// negotiate chooses the media type of the answer before anything is done: _format overrides Accept.
func (s *Server) negotiate(c *gin.Context) error {
	pairs, err := search.Pairs(c.Request.URL.RawQuery)
	if err != nil {
		return err
	}
	accept := strings.Join(c.Request.Header.Values("Accept"), ",")
	for _, p := range pairs {
		switch p.Name {
		case "_format":
			accept = formatOf(p.Value)
		case "_pretty":
			c.Set(keyPretty, p.Value == "true")
		}
	}
	media, ok := acceptable(accept, mediaFHIR, mediaJSON)
	if given := operation.GivenBy(strings.TrimPrefix(lastSegment(c), "$")); given != "" {
		media, ok = acceptable(accept, given, mediaFHIR, mediaJSON)
		c.Set(keyGiven, media == given)
		if media == given {
			media = mediaFHIR // of a refusal
		}
	}
	if !ok {
		return fault.New(fault.NotAcceptable, "not-supported", "Answers are given as application/fhir+json of FHIR 4.0 only, documents on paper as application/pdf too; ask for that in Accept or _format.")
	}
	c.Set(keyMedia, media)
	return nil
}

// formatOf gives the media type that a value of _format means. A plus that was not escaped arrives as a blank.
func formatOf(value string) string {
	if value == formatJSON {
		return mediaFHIR
	}
	return strings.Replace(value, "application/fhir json", mediaFHIR, 1)
}

// acceptable gives the media type of those offered that an Accept header likes best, the first where it takes any, or false where it takes none.
// https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
func acceptable(header string, offered ...string) (string, bool) {
	if strings.TrimSpace(header) == "" {
		return offered[0], true
	}
	best, bestQuality := "", 0.0
	for part := range strings.SplitSeq(header, ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil || !isFHIRVersion(params) {
			continue
		}
		switch {
		case media == "*/*", media == "application/*":
			media = offered[0]
		case !slices.Contains(offered, media):
			continue
		}
		quality := 1.0
		if q, given := params["q"]; given {
			if quality, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		if quality > bestQuality {
			best, bestQuality = media, quality
		}
	}
	return best, best != ""
}

// isFHIRVersion reports whether a media type asks for this version of FHIR, or for none in particular.
func isFHIRVersion(params map[string]string) bool {
	version, given := params["fhirversion"]
	return !given || version == fhirMinor || strings.HasPrefix(version, fhirMinor+".")
}

// requireMedia refuses a body that is not in one of the media types, or not in UTF-8, or compressed, or of another version.
func requireMedia(c *gin.Context, allowed ...string) error {
	refused := fault.New(fault.UnsupportedMedia, "not-supported", "The body must be sent as "+strings.Join(allowed, " or ")+" in UTF-8; set Content-Type to it.")
	if encoding := c.GetHeader("Content-Encoding"); encoding != "" && encoding != "identity" {
		return fault.New(fault.UnsupportedMedia, "not-supported", "Compressed bodies are not read; send the body plain.")
	}
	media, params, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || !isFHIRVersion(params) {
		return refused
	}
	if charset, given := params["charset"]; given && !strings.EqualFold(charset, "utf-8") {
		return refused
	}
	for _, one := range allowed {
		if media == one {
			return nil
		}
	}
	return refused
}

// The values of Prefer that are honoured. https://hl7.org/fhir/R4/http.html#ops
const (
	preferMinimal        = "minimal"
	preferRepresentation = "representation"
	preferOutcome        = "OperationOutcome"
	preferLenient        = "lenient"
)

// prefers gives the value of one preference of the header Prefer, "" where the client has none.
// https://www.rfc-editor.org/rfc/rfc7240
func prefers(c *gin.Context, name string) string {
	for _, header := range c.Request.Header.Values("Prefer") {
		for preference := range strings.FieldsFuncSeq(header, func(r rune) bool { return r == ',' || r == ';' }) {
			key, value, _ := strings.Cut(strings.TrimSpace(preference), "=")
			if strings.EqualFold(strings.TrimSpace(key), name) {
				return strings.Trim(strings.TrimSpace(value), `"`)
			}
		}
	}
	return ""
}

// isLenient reports whether parameters that are not known are to be passed over. Strict is the default: a filter that is
// ignored answers another question.
func isLenient(c *gin.Context) bool { return prefers(c, "handling") == preferLenient }
