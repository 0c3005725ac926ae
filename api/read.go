package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"medbill/fhir/search"
	"medbill/models"
	"medbill/models/fault"
)

// read answers GET [type]/[id].
func (s *Server) read(c *gin.Context, typ string) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id, err := segmentID(c)
	if err != nil {
		return err
	}
	part, err := partOf(c, typ)
	if err != nil {
		return err
	}
	d, err := s.Records.Read(c.Request.Context(), p, models.Ref{Type: typ, ID: id})
	if err != nil {
		return err
	}
	return s.writeRead(c, d, part)
}

// readVersion answers GET [type]/[id]/_history/[vid].
func (s *Server) readVersion(c *gin.Context, typ string) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id, err := segmentID(c)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(c.Param("vid"), 10, 64)
	if err != nil || version <= 0 {
		return fault.New(fault.NotFound, "not-found", "There is no such version; versions are numbered from 1.")
	}
	part, err := partOf(c, typ)
	if err != nil {
		return err
	}
	d, err := s.Records.ReadVersion(c.Request.Context(), p, models.Ref{Type: typ, ID: id}, version)
	if err != nil {
		return err
	}
	return s.writeRead(c, d, part)
}

func (s *Server) writeRead(c *gin.Context, d models.Document, part subset) error {
	versionHeaders(c, d)
	if isUnchanged(c, etag(d), d.Updated.Time()) {
		notModified(c)
		return nil
	}
	body, err := part.of(d)
	if err != nil {
		return err
	}
	s.write(c, http.StatusOK, body)
	return nil
}

func notModified(c *gin.Context) {
	c.Status(http.StatusNotModified)
	c.Writer.WriteHeaderNow()
}

// matchesTag compares an If-None-Match header with a tag, weakly. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
func matchesTag(header, tag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// partOf reads which part of a document a read asks for.
func partOf(c *gin.Context, typ string) (subset, error) {
	pairs, err := search.Pairs(c.Request.URL.RawQuery)
	if err != nil {
		return subset{}, err
	}
	var wanted []search.Pair
	for _, p := range pairs {
		if p.Name == "_summary" || p.Name == "_elements" {
			wanted = append(wanted, p)
		}
	}
	if len(wanted) == 0 {
		return subset{}, nil
	}
	if err := refuseSummary(wanted); err != nil {
		return subset{}, err
	}
	q, err := search.Parse(typ, wanted, search.Options{})
	if err != nil {
		return subset{}, err
	}
	if q.Summary == search.SummaryCount {
		return subset{}, fault.At(fault.Invalid, "not-supported", "_summary", "The summary count is for searches; a read takes text, data or false.")
	}
	return subset{summary: q.Summary, elements: q.Elements}, nil
}
