package api

import (
	"github.com/gin-gonic/gin"

	"medbill/internal/records"
	"medbill/models"
	"medbill/models/fault"
)

// update answers PUT [type]/[id]; where there is no such record, it makes one under the client's id.
// https://hl7.org/fhir/R4/http.html#update
func (s *Server) update(c *gin.Context, typ string) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	if err := models.CheckID(id); err != nil {
		return fault.Under(typ+".id", err)
	}
	version, err := ifMatch(c)
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
	outcome, err := s.Records.Under(call).Update(c.Request.Context(), p, models.Ref{Type: typ, ID: id}, content, version)
	if err != nil {
		return err
	}
	s.writeWritten(c, outcome, outcome.Created)
	return nil
}

// updateWhere answers PUT [type]?… . https://hl7.org/fhir/R4/http.html#cond-update
func (s *Server) updateWhere(c *gin.Context, typ string) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	if err := refuseIfMatch(c); err != nil {
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
	outcome, err := s.Records.Under(call).UpdateWhere(c.Request.Context(), p, typ, c.Request.URL.RawQuery, content)
	if err != nil {
		return err
	}
	s.writeWritten(c, outcome, outcome.Created)
	return nil
}

// ifMatch gives the version that the client has seen, 0 where it names none.
func ifMatch(c *gin.Context) (int64, error) {
	values := c.Request.Header.Values("If-Match")
	switch {
	case len(values) == 0:
		return 0, nil
	case len(values) > 1 || values[0] == "":
		return 0, fault.At(fault.Invalid, "value", "If-Match", `The header must name one version, written as W/"1".`)
	}
	return records.ParseVersion(values[0])
}

// refuseIfMatch keeps a version from being ignored where a condition finds the record.
func refuseIfMatch(c *gin.Context) error {
	if len(c.Request.Header.Values("If-Match")) > 0 {
		return fault.At(fault.Invalid, "not-supported", "If-Match", "A version cannot be combined with a condition; address the record by its id.")
	}
	return nil
}
