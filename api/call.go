package api

import (
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"medbill/internal/records"
	"medbill/models"
	"medbill/models/fault"
)

// What a client says of how a change is to be done. https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
const (
	headerKey    = "Idempotency-Key"
	headerDryRun = "Medbill-Dry-Run"
)

// callOf reads how a request is to be done. A request that changes nothing has neither header.
func callOf(c *gin.Context) (records.Call, error) {
	key, err := idempotencyKey(c)
	if err != nil {
		return records.Call{}, err
	}
	dry, err := dryRun(c)
	return records.Call{Key: key, DryRun: dry}, err
}

// dryRun reports whether a request is for rehearsal: true, or false where the header is not sent.
func dryRun(c *gin.Context) (bool, error) {
	switch c.GetHeader(headerDryRun) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, fault.At(fault.Invalid, "value", headerDryRun, "The header must be true or false; a request that is no rehearsal leaves it out.")
}

// idempotencyKey gives the client's own key of a request; "" where none was sent.
func idempotencyKey(c *gin.Context) (string, error) {
	values := c.Request.Header.Values(headerKey)
	if len(values) == 0 {
		return "", nil
	}
	if len(values) > 1 {
		return "", fault.At(fault.Invalid, "value", headerKey, "The key stands twice; send one.")
	}
	return values[0], fault.Under(headerKey, models.CheckKey(values[0]))
}

// underway are the keys of the requests that this process answers at the moment.
type underway struct{ sync.Map }

// usedBy is a key as its caller's own.
type usedBy struct {
	tenant      models.TenantID
	caller, key string
}

// alone refuses a request whose key is still being worked on (Conflict), so that a client which gave up too early learns that it
// has to wait. Where another process works on it, the request waits in the database and then gets the answer of the first.
func (s *Server) alone(c *gin.Context) error {
	key, err := idempotencyKey(c)
	if err != nil || key == "" || c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
		return err
	}
	who, err := principal(c)
	if err != nil {
		return err
	}
	used := usedBy{who.Tenant, who.Caller(), key}
	if _, busy := s.underway.LoadOrStore(used, true); busy {
		return fault.At(fault.Conflict, "idempotency.underway", headerKey, "The request under this key is still being worked on; send it again a little later to get its answer.")
	}
	defer s.underway.Delete(used)
	c.Next()
	return nil
}
