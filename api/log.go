package api

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"medbill/internal/auth"
)

const keyRequestID = "request"

// observe gives each request an id and writes one access line and the metrics when it is answered. The line holds the
// route's template, ids and counts: no query, body or name. https://hl7.org/fhir/R4/http.html#custom
func (s *Server) observe(c *gin.Context) {
	start := s.Clock.Now()
	id := uuid.NewString()
	c.Set(keyRequestID, id)
	c.Header("X-Request-Id", id)
	if theirs := c.GetHeader("X-Request-Id"); isCorrelationID(theirs) {
		c.Header("X-Correlation-Id", theirs)
	}
	c.Next()
	took, status := s.Clock.Since(start), c.Writer.Status()
	s.metrics.observe(c.Request.Method, route(c), status, took)
	tenant := ""
	if p, err := auth.From(c.Request.Context()); err == nil {
		tenant = string(p.Tenant)
	}
	s.Log.Info("request", "method", methodLabel(c.Request.Method), "route", route(c), "status", status, "duration", took,
		"bytes", max(c.Writer.Size(), 0), "request", id, "tenant", tenant)
}

// route is the template of the address, so that neither log nor metrics hold what stands in it.
func route(c *gin.Context) string {
	if path := c.FullPath(); path != "" {
		return path
	}
	return "none"
}

func requestID(c *gin.Context) string { return c.GetString(keyRequestID) }

const correlationBytesMax = 128

// isCorrelationID keeps a client from writing anything it likes into our headers.
func isCorrelationID(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return text != "" && len(text) <= correlationBytesMax
}

// recover turns a panic into a 500. The log gets the type of the value and the functions under way: the value itself may
// hold anything.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(value)
		}
		s.Log.Error("request panicked", "request", requestID(c), "route", route(c), "type", fmt.Sprintf("%T", value), "stack", stack())
		if c.Writer.Written() {
			c.Abort()
			return
		}
		s.refuse(c, errPanicked)
	}()
	c.Next()
}

var errPanicked = errors.New("panic")

const stackFramesMax = 32

// stack names the functions above a panic with their lines, without their arguments.
func stack() string {
	callers := make([]uintptr, stackFramesMax)
	frames := runtime.CallersFrames(callers[:runtime.Callers(4, callers)])
	var b strings.Builder
	for {
		frame, more := frames.Next()
		fmt.Fprintf(&b, "%s:%d ", frame.Function, frame.Line)
		if !more {
			return strings.TrimSpace(b.String())
		}
	}
}
