// Package payer is a payer to practise against: it takes claims from the server of a practice as a real payer would, and
// answers them by the member's number as the scenarios say, with letters, remittances and deposits, day by day on a clock of
// its own. It owns what payers know and do. It has nothing of billing: it knows medbill by its doors alone.
package payer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"medbill/internal/clock"
)

// Config says whom a payer plays and where.
type Config struct {
	Seed     string        // what the numbers of letters and payments are derived from
	Data     string        // folder of the journal; empty: in memory
	Provider string        // the practice's server, as http://host:port; empty: only its own doors are open
	Plays    []Play        // who it is there
	Start    time.Time     // where its clock stands until it is moved; zero: the machine's clock
	Clock    clock.Clock   // the machine's
	Poll     time.Duration // between two looks for claims
	Token    string        // that opens its own doors
	HTTP     *http.Client
	Log      *slog.Logger
}

// Play is one payer: its organization and token at the practice's server, and which plan it has.
type Play struct{ Organization, Token, Plan string }

// Payer is one that runs. Its state is a fold over its journal.
type Payer struct {
	config  Config
	log     *slog.Logger
	round   sync.Mutex // one round at a time: what is sent follows from what was answered
	mu      sync.Mutex // of state
	state   *state
	journal *journal
	unasked sync.Once // it was told that a server knows no questions
}

// New gives a payer that goes on where its journal ends.
func New(config Config) (*Payer, error) {
	if config.HTTP == nil {
		config.HTTP = http.DefaultClient
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Poll <= 0 {
		config.Poll = time.Second
	}
	config.Provider = strings.TrimSuffix(strings.TrimSuffix(config.Provider, "/"), fhirPath)
	p := &Payer{config: config, log: config.Log, state: newState(config.Seed)}
	for _, play := range config.Plays {
		if _, found := Plans[play.Plan]; !found {
			return nil, fmt.Errorf("there is no plan of this name; choose one of %s, %s", ACME, BETA)
		}
		p.state.organizations[play.Plan] = play.Organization
	}
	var err error
	p.journal, err = openJournal(config.Data, p.state.apply)
	return p, err
}

// Close closes the journal.
func (p *Payer) Close() error { return p.journal.close() }

// Run looks for claims and sends what is due until ctx ends.
func (p *Payer) Run(ctx context.Context) error {
	tick := time.NewTicker(p.config.Poll)
	defer tick.Stop()
	for {
		if err := p.Round(ctx); err != nil && ctx.Err() == nil {
			p.log.Warn("payer's round ended early", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Round looks once for what came, and sends what is due.
func (p *Payer) Round(ctx context.Context) error {
	p.round.Lock()
	defer p.round.Unlock()
	return errors.Join(p.collect(ctx), p.settle(ctx))
}

// Now is the payer's time: the machine's or where its clock stands, moved forward as it was told.
func (p *Payer) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now()
}

func (p *Payer) now() time.Time {
	now := p.config.Start.UTC()
	if now.IsZero() {
		now = p.config.Clock.Now()
	}
	if p.state.moved.After(now) {
		now = p.state.moved
	}
	return now.Truncate(time.Second)
}

// Move moves the clock forward, and sends what is due then. It refuses to go back.
func (p *Payer) Move(ctx context.Context, to time.Time) error {
	p.round.Lock()
	defer p.round.Unlock()
	if to.Before(p.Now()) {
		return errBack
	}
	if err := errors.Join(p.collect(ctx), p.settle(ctx)); err != nil {
		return err
	}
	if err := p.note(event{Kind: clockMoved, At: to.UTC()}); err != nil {
		return err
	}
	return p.settle(ctx)
}

var errBack = errors.New("the clock moves forward only")

// note writes what happened into the journal and lets it take effect.
func (p *Payer) note(e event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.At.IsZero() {
		e.At = p.now()
	}
	if err := p.journal.write(e); err != nil {
		return err
	}
	p.state.apply(e)
	return nil
}

// at gives the server of the practice as a payer sees it, by the payer's organization there; false where that is not played.
func (p *Payer) at(organization string) (provider, bool) {
	for _, play := range p.config.Plays {
		if play.Organization == organization {
			return p.as(play), true
		}
	}
	return provider{}, false
}

func (p *Payer) as(play Play) provider { return provider{p.config.Provider, play.Token, p.config.HTTP} }
