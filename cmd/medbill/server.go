package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/processors"
	"medbill/internal/store"
)

// server is a running medbill.
type server struct {
	base    string // http://host:port
	log     *slog.Logger
	db      *store.DB
	office  *billing.Office
	passing *billing.Passing // of a development server whose clock stands
	movers  *processors.Book // of patients' payments, whose events are heard; nil for none
	keys    auth.DevKeys     // of a development server
	failed  chan error
	ends    []func(context.Context) error // in the order in which to stop
}

const (
	drainTimeout      = 20 * time.Second
	readHeaderTimeout = 10 * time.Second
	requestTimeout    = 2 * time.Minute // of reading and of answering; what happens between is bounded by api.RequestTimeout
	idleTimeout       = 2 * time.Minute
)

// listen serves handler in the background; requests are let finish before the workers and the database go.
func (s *server) listen(listener net.Listener, handler http.Handler) {
	h := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: requestTimeout, WriteTimeout: requestTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	s.ends = append([]func(context.Context) error{h.Shutdown}, s.ends...)
	go func() {
		if err := h.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
}

// until serves until ctx ends or a listener fails, then stops.
func (s *server) until(ctx context.Context) error {
	select {
	case <-ctx.Done():
		s.log.Info("stopping")
		return s.stop()
	case err := <-s.failed:
		return errors.Join(err, s.stop())
	}
}

// stop lets requests and then jobs finish, and closes the database.
func (s *server) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	var errs []error
	for _, end := range s.ends {
		errs = append(errs, end(ctx))
	}
	return errors.Join(append(errs, s.db.Close())...)
}
