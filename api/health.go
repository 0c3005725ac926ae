package api

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"medbill/fhir"
	"medbill/internal/store"
	"medbill/models/fault"
)

// readyTimeout is how long a probe waits for the database.
const readyTimeout = 2 * time.Second

// health is what a probe reads; what does not hold is false.
type health struct {
	Database bool `json:"database"` // answers and writes
	Schema   bool `json:"schema"`   // is this program's
	Keys     bool `json:"keys"`     // of the issuer are known
}

// healthy says that the process runs.
func (s *Server) healthy(c *gin.Context) error {
	c.Set(keyMedia, mediaJSON)
	s.write(c, http.StatusOK, []byte(`{"status":"ok"}`))
	return nil
}

// ready says whether the process can serve.
func (s *Server) ready(c *gin.Context) error {
	ctx, cancel := context.WithTimeout(c.Request.Context(), readyTimeout)
	defer cancel()
	h := health{Database: s.DB.Ping(ctx) == nil, Keys: s.Verifier.Ready(ctx) == nil}
	h.Schema = h.Database && s.schema.isCurrent(ctx, s.DB)
	status := http.StatusOK
	if h != (health{true, true, true}) {
		status = http.StatusServiceUnavailable
		c.Header("Retry-After", fault.RetryAfterSeconds)
	}
	c.Set(keyMedia, mediaJSON)
	s.write(c, status, fhir.Encode(h))
	return nil
}

// schemaCheck remembers that the migrations have run: they go forward only.
type schemaCheck struct{ done atomic.Bool }

func (k *schemaCheck) isCurrent(ctx context.Context, db *store.DB) bool {
	if k.done.Load() {
		return true
	}
	pending, err := db.IsMigrationPending(ctx)
	if err != nil || pending {
		return false
	}
	k.done.Store(true)
	return true
}
