package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"medbill/api"
	"medbill/billing"
	"medbill/graph"
	"medbill/internal/auth"
	"medbill/internal/build"
	"medbill/internal/config"
	"medbill/internal/records"
	"medbill/internal/store"
)

// serveCommand is `medbill serve`.
type serveCommand struct {
	place
	Addr        string   `help:"Address of the API." default:"127.0.0.1:8080"`
	MetricsAddr string   `help:"Address of the metrics, apart from the API; without it they are at /metrics." placeholder:"HOST:PORT"`
	BaseURL     []string `help:"Addresses clients see, where a proxy stands in front: the first is the one we write, references under any of them are ours." placeholder:"URL"`
	Dev         bool     `help:"Development: make keys in DIR/dev and take tokens signed with them, make tenants at their first write, serve the playground."`
	Issuer      string   `help:"Issuer (iss) of the access tokens." placeholder:"URL"`
	Audience    string   `help:"Audience (aud) of the access tokens." placeholder:"TEXT"`
	JWKS        string   `name:"jwks" help:"The issuer's key set: a file or an https URL." placeholder:"FILE|URL"`
	CORS        []string `name:"cors" help:"Origins of browsers that may call." placeholder:"ORIGIN"`
	CursorKey   string   `help:"32 bytes in hexadecimal that encrypt page links, the same on every node. Without it, a key kept in the data folder." placeholder:"HEX"`
	NoMigrate   bool     `help:"Leave the schema as it is."`
	NoWork      bool     `help:"Leave the steps between requests to 'medbill work'."`
}

// Run serves until ctx ends, then lets requests and jobs finish.
func (c serveCommand) Run(ctx context.Context, out streams) error {
	log := logger(out, slog.LevelInfo)
	s, err := c.start(ctx, log)
	if err != nil {
		return err
	}
	log.Info("serving", "version", build.Version(), "base", s.base, "dev", c.Dev, "work", !c.NoWork)
	return s.until(ctx)
}

func (c serveCommand) settings() config.Settings {
	s := c.place.settings()
	s.Addr, s.MetricsAddr, s.BaseURLs, s.Dev = c.Addr, c.MetricsAddr, c.BaseURL, c.Dev
	s.Issuer, s.Audience, s.JWKS, s.CORS = c.Issuer, c.Audience, c.JWKS, c.CORS
	return s
}

// server is a running medbill.
type server struct {
	base   string // http://host:port
	log    *slog.Logger
	db     *store.DB
	office *billing.Office
	keys   auth.DevKeys // of a development server
	failed chan error
	ends   []func(context.Context) error // in the order in which to stop
}

const (
	drainTimeout      = 20 * time.Second
	readHeaderTimeout = 10 * time.Second
	requestTimeout    = 2 * time.Minute // of reading and of answering; what happens between is bounded by api.RequestTimeout
	idleTimeout       = 2 * time.Minute
)

// start opens, migrates, and serves. Everything wrong with the settings is said at once.
func (c serveCommand) start(ctx context.Context, log *slog.Logger) (*server, error) {
	if err := c.settings().Check(); err != nil {
		return nil, err
	}
	db, err := c.open(ctx, !c.NoMigrate)
	if err != nil {
		return nil, err
	}
	s := &server{log: log, db: db, office: billing.New(db, log), failed: make(chan error, 2)}
	if err := c.assemble(ctx, s); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// assemble is the one place where the rooms are put together.
func (c serveCommand) assemble(ctx context.Context, s *server) error {
	cursorKey, err := c.cursorKey()
	if err != nil {
		return err
	}
	tokens := auth.Config{Issuer: c.Issuer, Audience: c.Audience, JWKS: c.JWKS, Log: s.log}
	if c.Dev {
		if s.keys, err = auth.CreateDevKeys(c.Data); err != nil {
			return err
		}
		tokens = s.keys.Config()
		tokens.Log = s.log
	}
	verifier, err := auth.NewVerifier(ctx, tokens)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	own := c.BaseURL
	if len(own) == 0 {
		own = []string{"http://" + listener.Addr().String()}
	}
	bases := make([]string, len(own))
	for i, base := range own {
		bases[i] = strings.TrimSuffix(base, "/") + "/fhir/R4"
	}
	s.base = strings.TrimSuffix(bases[0], "/fhir/R4")
	machine, err := records.New(s.db, records.Config{
		Behaviours: s.office.Behaviours(), BaseURL: bases[0], OtherBases: bases[1:], CursorKey: cursorKey, Provision: c.Dev,
	})
	if err != nil {
		return err
	}
	doors := api.Config{
		Records: machine, Office: s.office, DB: s.db, Verifier: verifier, Log: s.log, CORS: c.CORS, Dev: c.Dev,
		GraphQL: graph.NewHandler(graph.Config{Records: machine, Office: s.office, Log: s.log, Dev: c.Dev}),
		Issuer:  tokens.Issuer, MetricsApart: c.MetricsAddr != "",
	}
	if c.Dev {
		doors.Playground = graph.Playground("/graphql")
	}
	door := api.New(doors)
	if !c.NoWork {
		stop, err := s.db.Work(ctx, s.office.Shift(), s.log)
		if err != nil {
			return err
		}
		s.ends = append(s.ends, stop)
	}
	s.listen(listener, door)
	if c.MetricsAddr == "" {
		return nil
	}
	metrics, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.MetricsAddr)
	if err != nil {
		return fmt.Errorf("listen for metrics: %w", err)
	}
	s.listen(metrics, door.Metrics())
	return nil
}

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

const cursorKeyBytes = 32

// cursorKey gives the setting, else the key of the data folder, which is made once.
func (c serveCommand) cursorKey() ([]byte, error) {
	text := c.CursorKey
	if text == "" {
		kept, err := keptKey(filepath.Join(c.Data, "cursor.key"))
		if err != nil {
			return nil, fmt.Errorf("keep the cursor key: %w", err)
		}
		text = kept
	}
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != cursorKeyBytes {
		return nil, config.Problems{{Setting: "cursor-key", Text: "The key is not 32 bytes in hexadecimal."}}
	}
	return key, nil
}

// keptKey reads a key from a file, which the first process to come makes.
func keptKey(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return string(content), err
	}
	key := make([]byte, cursorKeyBytes)
	_, _ = rand.Read(key)
	fresh := path + "." + hex.EncodeToString(key[:4])
	if err := os.WriteFile(fresh, []byte(hex.EncodeToString(key)), 0o600); err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(fresh) }()
	if err := os.Link(fresh, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	content, err = os.ReadFile(path)
	return string(content), err
}
