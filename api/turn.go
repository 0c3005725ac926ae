package api

import (
	"github.com/gin-gonic/gin"

	"medbill/internal/turns"
)

// What is large, and how many of them are in memory at a time.
const (
	largeBodyBytes = 1 << 20
	largeBodies    = 8
)

// turn lets a request in when it is its turn at the processors, so that one tenant's work leaves the others theirs. It covers
// what the process does itself: what waits for the client, another process or the audit steps aside.
func (s *Server) turn(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	who := turns.Who{Tenant: string(p.Tenant), Client: p.Subject}
	ctx := c.Request.Context()
	if announced := c.Request.ContentLength; announced > largeBodyBytes || announced < 0 {
		leave, err := s.bodies.Enter(ctx, who)
		if err != nil {
			return err
		}
		defer leave()
	}
	inside, leave, err := s.work.Take(ctx, who)
	if err != nil {
		return err
	}
	defer leave()
	c.Request = c.Request.WithContext(inside)
	c.Next()
	return nil
}
