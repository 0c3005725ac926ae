package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"medbill/fhir"
	"medbill/internal/clock"
	"medbill/models/fault"
)

// standing is where the business clock of a development server stands.
type standing struct {
	Now time.Time `json:"now"`
}

// tellClock tells where the business clock stands.
func (s *Server) tellClock(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	now, err := s.Passing.Now(p)
	if err != nil {
		return err
	}
	c.Set(keyMedia, mediaJSON)
	s.write(c, http.StatusOK, fhir.Encode(standing{now}))
	return nil
}

// moveClock moves the business clock forward, and answers when what is due until then was done.
func (s *Server) moveClock(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	text, err := body(c)
	if err != nil {
		return err
	}
	var to standing
	if json.Unmarshal(text, &to) != nil || to.Now.IsZero() {
		return fault.New(fault.Invalid, "clock.unreadable", `The body is not {"now": "2026-03-02T09:00:00Z"}; write the moment to which the clock is to be moved.`)
	}
	err = s.Passing.Until(c.Request.Context(), p, to.Now)
	if errors.Is(err, clock.ErrBack) {
		return fault.New(fault.Conflict, "clock.back", "The clock moves forward only; name a later moment.")
	}
	if err != nil {
		return err
	}
	return s.tellClock(c)
}
