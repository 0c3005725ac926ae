package api

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"medbill/fhir/search"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
)

// search answers GET [type]?… .
func (s *Server) search(c *gin.Context, typ string) error {
	pairs, err := search.Pairs(c.Request.URL.RawQuery)
	if err != nil {
		return err
	}
	return s.find(c, typ, pairs)
}

// searchPosted answers POST [type]/_search: the parameters of the form count beside those of the address.
// https://hl7.org/fhir/R4/http.html#search
func (s *Server) searchPosted(c *gin.Context, typ string) error {
	pairs, err := search.Pairs(c.Request.URL.RawQuery)
	if err != nil {
		return err
	}
	if c.Request.ContentLength != 0 {
		if err := requireMedia(c, mediaForm); err != nil {
			return err
		}
		form, err := readAll(c)
		if err != nil {
			return err
		}
		more, err := search.Pairs(string(form))
		if err != nil {
			return err
		}
		pairs = append(pairs, more...)
	}
	return s.find(c, typ, pairs)
}

func (s *Server) find(c *gin.Context, typ string, pairs []search.Pair) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	if err := refuseSummary(pairs); err != nil {
		return err
	}
	found, err := s.Records.Search(c.Request.Context(), p, typ, pairs, isLenient(c))
	if err != nil {
		return err
	}
	body, err := s.searchset(found)
	if err != nil {
		return err
	}
	s.write(c, http.StatusOK, body)
	return nil
}

// truncated says, as an entry of search.mode outcome, that a page is not all there is beside its matches.
var truncated = []byte(`{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"incomplete","diagnostics":"More resources are included than one page holds; ask for fewer with _count, or search the included type itself."}]}`)

// uncounted says likewise that there is no total though one was asked for.
var uncounted = []byte(fmt.Sprintf(`{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"too-costly","diagnostics":"More than %d resources match; they are counted up to that number. Narrow the search, or follow the next links."}]}`, store.TotalMax))

// searchset gives a page of a search as a Bundle; the links say what was searched for and nothing else.
// https://hl7.org/fhir/R4/search.html#return
func (s *Server) searchset(found records.Found) ([]byte, error) {
	base := s.Records.BaseURL()
	address := base + "/" + found.Query.Type
	applied := search.Encode(found.Query.Applied)
	b := newBundle("searchset", sizeOf(found.Matches, found.Included))
	b.total(found.Total)
	b.link("self", withQuery(address, applied))
	if found.Next != "" {
		cursor := search.Encode([]search.Pair{{Name: records.CursorParam, Value: found.Next}})
		if applied != "" {
			cursor = applied + "&" + cursor
		}
		b.link("next", withQuery(address, cursor))
	}
	whole := subset{summary: found.Query.Summary}
	part := subset{summary: found.Query.Summary, elements: found.Query.Elements}
	for _, list := range []struct {
		documents []models.Document
		part      subset
		mode      string
	}{{found.Matches, part, "match"}, {found.Included, whole, "include"}} {
		for _, d := range list.documents {
			body, err := list.part.of(d)
			if err != nil {
				return nil, err
			}
			b.found(base+"/"+d.Type+"/"+d.ID, body, list.mode)
		}
	}
	if found.Truncated {
		b.found("", truncated, "outcome")
	}
	if found.Total == nil && (found.Query.Total != search.TotalNone || found.Query.Count == 0) {
		b.found("", uncounted, "outcome")
	}
	return b.close(), nil
}

func withQuery(address, query string) string {
	if query == "" {
		return address
	}
	return address + "?" + query
}

func sizeOf(lists ...[]models.Document) int {
	size := 0
	for _, list := range lists {
		for _, d := range list {
			size += len(d.Body)
		}
	}
	return size
}
