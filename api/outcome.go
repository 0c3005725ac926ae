package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"medbill/fhir/render"
	"medbill/models/fault"
	"medbill/models/operation"
)

// statuses has one HTTP status per kind of fault; docs/ARCHITECTURE.md has the table.
var statuses = [fault.KindCount]int{
	fault.Internal:         http.StatusInternalServerError,
	fault.Invalid:          http.StatusBadRequest,
	fault.BusinessRule:     http.StatusUnprocessableEntity,
	fault.Unauthenticated:  http.StatusUnauthorized,
	fault.Forbidden:        http.StatusForbidden,
	fault.NotFound:         http.StatusNotFound,
	fault.Gone:             http.StatusGone,
	fault.Conflict:         http.StatusConflict,
	fault.Stale:            http.StatusPreconditionFailed,
	fault.Ambiguous:        http.StatusPreconditionFailed,
	fault.Unsupported:      http.StatusMethodNotAllowed,
	fault.NotAcceptable:    http.StatusNotAcceptable,
	fault.UnsupportedMedia: http.StatusUnsupportedMediaType,
	fault.TooLarge:         http.StatusRequestEntityTooLarge,
	fault.Busy:             http.StatusServiceUnavailable,
}

// refuse answers with the OperationOutcome of err and ends the request. It is the only way from an error to an answer.
func (s *Server) refuse(c *gin.Context, err error) {
	f := faultOf(err)
	status := statuses[f.Kind]
	h := c.Writer.Header()
	switch status {
	case http.StatusUnauthorized:
		if h.Get("WWW-Authenticate") == "" {
			h.Set("WWW-Authenticate", "Bearer")
		}
	case http.StatusForbidden:
		h.Set("WWW-Authenticate", `Bearer error="insufficient_scope"`)
	case http.StatusMethodNotAllowed:
		if h.Get("Allow") == "" {
			h.Set("Allow", "GET, HEAD") // what is refused record by record can still be read
		}
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", fault.RetryAfterSeconds)
	case http.StatusInternalServerError:
		s.Log.Error("request failed", "request", requestID(c), "route", route(c), "error", err.Error())
	}
	c.Abort()
	s.write(c, status, render.Outcome(f))
}

// faultOf gives err as a fault; what only this door can meet becomes one here.
func faultOf(err error) *fault.Fault {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return errTooLarge
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &fault.Fault{Kind: fault.Busy, Issues: []fault.Issue{{Code: "timeout", Text: "The request ended before its answer was there; try again."}}, Err: err}
	}
	return fault.From(err)
}

// notFound answers for addresses that lead nowhere.
func (s *Server) notFound(c *gin.Context) error {
	if strings.HasPrefix(lastSegment(c), "$") {
		return errUnknownOperation
	}
	return fault.New(fault.NotFound, "not-found", "There is nothing at this address; the CapabilityStatement lists the resource types and what they offer.")
}

var errUnknownOperation = fault.New(fault.NotFound, "not-supported", "The operation is not offered here; the CapabilityStatement lists those that are, and on what.")

// notAllowed answers for addresses that lead somewhere by another method; the router has set Allow.
func (s *Server) notAllowed(c *gin.Context) error {
	if last := lastSegment(c); strings.HasPrefix(last, "$") && !operation.Offers(last[1:]) {
		c.Writer.Header().Del("Allow")
		return errUnknownOperation
	}
	return fault.New(fault.Unsupported, "not-supported", "The method is not offered at this address; the header Allow lists those that are.")
}

func lastSegment(c *gin.Context) string {
	path := c.Request.URL.Path
	return path[strings.LastIndexByte(path, '/')+1:]
}

// done is the OperationOutcome of a success, for clients that prefer one.
var done = []byte(`{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational","diagnostics":"It is done."}]}`)
