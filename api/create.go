package api

import (
	"strings"

	"github.com/gin-gonic/gin"

	"medbill/models/fault"
)

// create answers POST [type], under a condition where If-None-Exist names one.
// https://hl7.org/fhir/R4/http.html#create
func (s *Server) create(c *gin.Context, typ string) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	condition, err := ifNoneExist(c, typ)
	if err != nil {
		return err
	}
	call, err := callOf(c)
	if err != nil {
		return err
	}
	content, err := body(c)
	if err != nil {
		return err
	}
	outcome, err := s.Records.Under(call).Create(c.Request.Context(), p, typ, content, condition)
	if err != nil {
		return err
	}
	s.writeWritten(c, outcome, true)
	return nil
}

// ifNoneExist gives the condition of a create, "" where there is none. A header that says nothing is refused: it would
// match everything, or nothing.
func ifNoneExist(c *gin.Context, typ string) (string, error) {
	values := c.Request.Header.Values("If-None-Exist")
	if len(values) == 0 {
		return "", nil
	}
	condition := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(values[0]), typ), "?")
	if len(values) > 1 || condition == "" {
		return "", fault.At(fault.Invalid, "invalid", "If-None-Exist", "The condition is empty or stands twice; write it as in identifier=system|value, or leave the header out.")
	}
	return condition, nil
}
