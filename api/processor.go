package api

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"medbill/internal/auth"
	"medbill/internal/processors"
	"medbill/models"
	"medbill/models/fault"
)

const keyEvent = "event"

// signed lets through an event that its processor signed: the signature is the right, and the tenant is the one of the operator's file. What it says is read here, so that nothing else
// sees a body that nobody signed.
func (s *Server) signed(c *gin.Context) error {
	if err := requireMedia(c, mediaFHIR, mediaJSON); err != nil {
		return err
	}
	var body bytes.Buffer
	if _, err := body.ReadFrom(io.LimitReader(c.Request.Body, processors.EventBytesMax+1)); err != nil {
		return fault.New(fault.Invalid, "invalid", "The body could not be read to its end; send it again.")
	}
	if body.Len() > processors.EventBytesMax {
		return fault.New(fault.TooLarge, "too-long", "The event is larger than 64 KiB; an event has a few lines.")
	}
	headers := c.Request.Header.Values(processors.Header)
	if len(headers) != 1 {
		headers = []string{""}
	}
	p, err := s.Processors.Verify(c.Param("processor"), headers[0], body.Bytes(), s.Clock.Now())
	if err != nil {
		c.Header("WWW-Authenticate", processors.Header)
		return err
	}
	event, err := p.ReadEvent(body.Bytes())
	if err != nil {
		return err
	}
	c.Set(keyEvent, event)
	c.Request = c.Request.WithContext(auth.With(c.Request.Context(), auth.Principal{Tenant: p.Tenant, Subject: "processor/" + p.Name}))
	return nil
}

// processorEvent answers an event that was heard, now or before, with its number.
func (s *Server) processorEvent(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	event, _ := c.MustGet(keyEvent).(models.ProcessorEvent)
	if err := s.Records.Enter(c.Request.Context(), p); err != nil {
		return err
	}
	if err := s.Office.HearProcessor(c.Request.Context(), p, event); err != nil {
		return err
	}
	body, err := json.Marshal(struct {
		ID string `json:"id"`
	}{event.ID})
	if err != nil {
		return err
	}
	c.Set(keyMedia, mediaJSON)
	s.write(c, http.StatusOK, body)
	return nil
}
