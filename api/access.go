package api

import (
	"github.com/gin-gonic/gin"

	"medbill/internal/auth"
)

// access lets through who brings a good token, and puts the principal into the request's context. What the principal may
// see and do is decided where the record is known.
func (s *Server) access(c *gin.Context) error {
	token, err := auth.Bearer(c.Request.Header.Values("Authorization")...)
	if err != nil {
		c.Header("WWW-Authenticate", "Bearer")
		return err
	}
	principal, err := s.Verifier.Verify(c.Request.Context(), token)
	if err != nil {
		c.Header("WWW-Authenticate", `Bearer error="invalid_token"`)
		return err
	}
	c.Request = c.Request.WithContext(auth.With(c.Request.Context(), principal))
	return nil
}

// principal gives who asks; a handler that was mounted without access stays shut.
func principal(c *gin.Context) (auth.Principal, error) { return auth.From(c.Request.Context()) }
