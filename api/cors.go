package api

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
)

// What a browser of an allowed origin may send and read. https://fetch.spec.whatwg.org/#http-cors-protocol
const (
	corsMethods = "GET, HEAD, POST, PUT, DELETE"
	corsHeaders = "Authorization, Content-Type, Accept, Prefer, If-Match, If-None-Match, If-Modified-Since, If-None-Exist, Idempotency-Key, Medbill-Dry-Run, X-Request-Id"
	corsExposed = "ETag, Location, Content-Location, Last-Modified, Medbill-Dry-Run, X-Request-Id, X-Correlation-Id"
	corsSeconds = "600"
)

// origin lets browsers of allowed origins call. It answers a preflight itself, since a browser sends none of its headers
// with one; to any other origin it gives nothing, and its browser refuses.
func (s *Server) origin(c *gin.Context) error {
	h := c.Writer.Header()
	if len(s.CORS) > 0 {
		h.Add("Vary", "Origin")
	}
	from := c.GetHeader("Origin")
	allowed := from != "" && slices.Contains(s.CORS, from)
	if allowed {
		h.Set("Access-Control-Allow-Origin", from)
		h.Set("Access-Control-Expose-Headers", corsExposed)
	}
	if c.Request.Method != http.MethodOptions || from == "" || c.GetHeader("Access-Control-Request-Method") == "" {
		return nil
	}
	if allowed {
		h.Set("Access-Control-Allow-Methods", corsMethods)
		h.Set("Access-Control-Allow-Headers", corsHeaders)
		h.Set("Access-Control-Max-Age", corsSeconds)
	}
	c.Abort()
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
	return nil
}
