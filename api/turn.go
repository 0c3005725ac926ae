package api

import (
	"runtime"

	"github.com/gin-gonic/gin"

	"medbill/internal/turns"
)

// What is large, and how many of them are in memory at a time.
const (
	largeBodyBytes = 1 << 20
	largeBodies    = 8
)

// workers is how many requests are worked on at a time. With the database in this process that is the work of its processors;
// with one beside it most of the time is the database's.
func workers(embedded bool) int {
	if embedded {
		return runtime.GOMAXPROCS(0) + 1
	}
	return 4*runtime.GOMAXPROCS(0) - 1
}

// turn lets a request in when it is its turn at the processors, so that one tenant's work leaves the others theirs. What waits,
// for the client, for its turn at the database or for the audit, steps aside.
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
