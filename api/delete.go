package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"medbill/internal/records"
	"medbill/models"
)

// delete answers DELETE [type]/[id]. One that is not there is deleted already.
// https://hl7.org/fhir/R4/http.html#delete
func (s *Server) delete(c *gin.Context, typ string) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	id, err := segmentID(c)
	if err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	call, err := callOf(c)
	if err != nil {
		return err
	}
	if err := s.Records.Under(call).Delete(c.Request.Context(), p, models.Ref{Type: typ, ID: id}, version); err != nil {
		return err
	}
	s.writeDeleted(c, call)
	return nil
}

// deleteWhere answers DELETE [type]?… for one record at most.
func (s *Server) deleteWhere(c *gin.Context, typ string) error {
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
	if err := s.Records.Under(call).DeleteWhere(c.Request.Context(), p, typ, c.Request.URL.RawQuery); err != nil {
		return err
	}
	s.writeDeleted(c, call)
	return nil
}

func (s *Server) writeDeleted(c *gin.Context, call records.Call) {
	markRehearsal(c, call.DryRun)
	if prefers(c, "return") == preferOutcome {
		s.write(c, http.StatusOK, done)
		return
	}
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
}
