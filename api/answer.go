package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"medbill/internal/records"
	"medbill/models"
)

// write sends a JSON body in the media type that was negotiated. Answers hold PHI, so nobody on the way keeps them.
func (s *Server) write(c *gin.Context, status int, body []byte) {
	if c.GetBool(keyPretty) {
		var indented bytes.Buffer
		if json.Indent(&indented, body, "", "  ") == nil {
			body = indented.Bytes()
		}
	}
	s.head(c)
	c.Header("Content-Length", strconv.Itoa(len(body)))
	c.Status(status)
	if c.Request.Method != http.MethodHead {
		_, _ = c.Writer.Write(body) // a client that went away is no error of ours
		return
	}
	c.Writer.WriteHeaderNow()
}

// head sets what every answer with a body says about it.
func (s *Server) head(c *gin.Context) {
	media := c.GetString(keyMedia)
	if media == "" {
		media = mediaFHIR
	}
	h := c.Writer.Header()
	h.Set("Content-Type", media)
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
}

// etag is the version of a document as an entity tag. https://hl7.org/fhir/R4/http.html#versioning
func etag(d models.Document) string { return `W/"` + strconv.FormatInt(d.Version, 10) + `"` }

// versionHeaders says which version an answer is about.
func versionHeaders(c *gin.Context, d models.Document) {
	h := c.Writer.Header()
	h.Set("ETag", etag(d))
	h.Set("Last-Modified", d.Updated.Time().Format(http.TimeFormat))
}

// versionPath is the address of a version below the base.
func versionPath(d models.Document) string {
	return d.Type + "/" + d.ID + "/_history/" + strconv.FormatInt(d.Version, 10)
}

// writeWritten answers a write: where the version stands, and of its content what the client prefers. A rehearsal stands nowhere
// and is answered with what would be stored.
func (s *Server) writeWritten(c *gin.Context, o records.Outcome, located bool) {
	if o.Rehearsed {
		markRehearsal(c, true)
		s.write(c, http.StatusOK, o.Document.Body)
		return
	}
	status := http.StatusOK
	if o.Created {
		status = http.StatusCreated
	}
	versionHeaders(c, o.Document)
	if located {
		c.Header("Location", s.Records.BaseURL()+"/"+versionPath(o.Document))
	}
	switch prefers(c, "return") {
	case preferMinimal:
		c.Status(status)
		c.Writer.WriteHeaderNow()
	case preferOutcome:
		s.write(c, status, done)
	default:
		s.write(c, status, o.Document.Body)
	}
}

// isUnchanged reports whether the client has this version already: by its tag, else by its time.
// https://hl7.org/fhir/R4/http.html#cread
func isUnchanged(c *gin.Context, tag string, updated time.Time) bool {
	if header := c.GetHeader("If-None-Match"); header != "" {
		return matchesTag(header, tag)
	}
	since, err := http.ParseTime(c.GetHeader("If-Modified-Since"))
	return err == nil && !updated.Truncate(time.Second).After(since)
}

// segmentID gives the id in the address, NotFound where no record can have it.
func segmentID(c *gin.Context) (string, error) {
	id := c.Param("id")
	return id, models.CheckAddress(id)
}
