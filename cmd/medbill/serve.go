package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"medbill/api"
	"medbill/billing"
	"medbill/graph"
	"medbill/internal/build"
	"medbill/internal/config"
	"medbill/internal/processors"
	"medbill/internal/records"
)

// serveCommand is `medbill serve`.
type serveCommand struct {
	place
	keep
	calls
	ReadDatabase string        `help:"URL of a streaming replica of the database, at which searches and reads run (PostgreSQL only)." placeholder:"URL"`
	Addr         string        `help:"Address of the API." default:"127.0.0.1:8080"`
	MetricsAddr  string        `help:"Address of its own for the metrics, which anybody may read there." placeholder:"HOST:PORT"`
	Metrics      bool          `help:"Offer the metrics at /metrics of the API as well, to anybody; --dev always does."`
	BaseURL      []string      `help:"Addresses clients see, where a proxy stands in front: the first is the one we write, references under any of them are ours." placeholder:"URL"`
	Processors   string        `help:"CSV file of the processors that move patients' payments: processor,tenant,secret_file." placeholder:"FILE"`
	Dev          bool          `help:"Development: make keys in DIR/dev and take tokens signed with them, make tenants at their first write, serve the playground."`
	Clock        time.Time     `help:"Where business time stands until POST /clock moves it, such as 2026-03-02T09:00:00Z (development only); the machine's clock without it." placeholder:"TIME"`
	Issuer       string        `help:"Issuer (iss) of the access tokens." placeholder:"URL"`
	Audience     string        `help:"Audience (aud) of the access tokens." placeholder:"TEXT"`
	JWKS         string        `name:"jwks" help:"The issuer's key set: a file or an https URL." placeholder:"FILE|URL"`
	TokenLife    time.Duration `help:"How far ahead an access token may expire." default:"24h" placeholder:"DURATION"`
	CORS         []string      `name:"cors" help:"Origins of browsers that may call." placeholder:"ORIGIN"`
	CursorKey    string        `help:"32 bytes in hexadecimal that encrypt page links, the same on every node. Without it, a key kept in the data folder." placeholder:"HEX"`
	NoMigrate    bool          `help:"Leave the schema as it is."`
	Profiles     string        `hidden:"" help:"Offer the runtime's profiles at this socket, for a benchmark." placeholder:"SOCKET"`
	NoWork       bool          `help:"Leave the steps between requests to 'medbill work'."`
}

// Run serves until ctx ends, then lets requests and jobs finish.
func (c serveCommand) Run(ctx context.Context, out streams) error {
	level := new(slog.LevelVar)
	if out.isWatched() {
		level.Set(slog.LevelWarn) // the steps are told in words
	}
	log := logger(out, level)
	s, err := c.start(ctx, out, log)
	if err != nil {
		return err
	}
	level.Set(slog.LevelInfo)
	if c.Dev && out.isWatched() {
		fmt.Fprintf(out.err, "medbill %s serves at %s, for development: whoever can read %s can sign tokens\n", build.Version(), s.base, absolute(c.Data))
		printDoors(out.err, s.base)
		printFirstSteps(out.err, s.base, c.Data)
	} else {
		log.Info("serving", "version", build.Version(), "base", s.base, "dev", c.Dev, "work", !c.NoWork)
	}
	return s.until(ctx)
}

func (c serveCommand) settings() config.Settings {
	s := c.into(c.place.settings())
	s.Addr, s.MetricsAddr, s.BaseURLs, s.Dev = c.Addr, c.MetricsAddr, c.BaseURL, c.Dev
	s.Issuer, s.Audience, s.JWKS, s.CORS, s.CursorKey = c.Issuer, c.Audience, c.JWKS, c.CORS, c.CursorKey
	s.TokenLife, s.ReadDatabase = c.TokenLife, c.ReadDatabase
	s.Clock, s.NoWork = c.Clock, c.NoWork
	return s
}

// start opens, migrates, and serves. What can be wrong outside of the data is looked at before the data is touched; everything
// wrong with the settings themselves is said at once.
func (c serveCommand) start(ctx context.Context, out streams, log *slog.Logger) (*server, error) {
	if err := c.settings().Check(); err != nil {
		return nil, err
	}
	payers, err := c.book()
	if err != nil {
		return nil, err
	}
	movers, err := c.processors()
	if err != nil {
		return nil, err
	}
	out.tell("taking the addresses and the keys of the tokens")
	e, err := c.enter(ctx, log)
	if err != nil {
		return nil, err
	}
	hand, err := c.hand()
	if err != nil {
		e.close()
		return nil, err
	}
	db, err := c.openWith(ctx, out, !c.NoMigrate, opening{replica: c.ReadDatabase, hand: hand})
	if err != nil {
		e.close()
		return nil, err
	}
	s := &server{log: log, db: db, keys: e.keys, office: billing.New(db, log).Calling(payers).Hearing(movers), movers: movers, failed: make(chan error, 2)}
	if hand != nil {
		s.passing = billing.NewPassing(s.office, hand)
	}
	out.tell("opening the doors")
	if err := c.assemble(ctx, s, e); err != nil {
		e.close()
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// processors gives those whose events are heard; nil for none.
func (c serveCommand) processors() (*processors.Book, error) {
	if c.Processors == "" {
		return nil, nil
	}
	return processors.Read(c.Processors)
}

// assemble is the one place where the rooms are put together.
func (c serveCommand) assemble(ctx context.Context, s *server, e entrance) error {
	cursorKey, err := c.cursorKey()
	if err != nil {
		return err
	}
	own := c.BaseURL
	if len(own) == 0 {
		own = []string{"http://" + e.listener.Addr().String()}
	}
	bases := make([]string, len(own))
	for i, base := range own {
		bases[i] = strings.TrimSuffix(base, "/") + api.Path
	}
	s.base = strings.TrimSuffix(bases[0], api.Path)
	machine, err := records.New(s.db, records.Config{
		Behaviours: s.office.Behaviours(), BaseURL: bases[0], OtherBases: bases[1:], CursorKey: cursorKey, Provision: c.Dev,
	})
	if err != nil {
		return err
	}
	doors := api.Config{
		Records: machine, Office: s.office, DB: s.db, Verifier: e.verifier, Log: s.log, CORS: c.CORS, Dev: c.Dev,
		GraphQL: graph.NewHandler(graph.Config{Records: machine, Office: s.office, Log: s.log, Dev: c.Dev}),
		Issuer:  e.issuer, Metrics: c.Dev || c.Metrics, Passing: s.passing, Processors: s.movers,
	}
	if c.Dev {
		doors.Playground = graph.Playground("/graphql")
	}
	door := api.New(doors)
	if !c.NoWork {
		stop, err := s.db.Work(ctx, c.shift(s.office), s.log)
		if err != nil {
			return err
		}
		s.ends = append(s.ends, stop)
	}
	s.listen(e.listener, door)
	if e.metrics != nil {
		s.listen(e.metrics, door.Metrics())
	}
	if e.profiles != nil {
		s.listen(e.profiles, profiles())
	}
	return nil
}
