// Package day plays the day of a practice: visits of every scenario of payers, through the HTTP API of a medbill as its EHR and its
// billing desk would. Weeks pass there and for its payers, and what they pay comes to its bank, until nobody has anything to say. It
// knows what each visit is to end in, and tells what came. Everything may be sent again: who is away for a moment or was killed and
// started again changes nothing.
package day

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Start is where the clocks of the practice and of its payers stand before: the morning after the visits.
var Start = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

// World is where the day is played.
type World struct {
	Practice string            // the practice's server, as http://host:port; its clock stands at Start
	Payer    string            // the own doors of its payers; their clock too
	Tokens   map[string]string // of the practice's server, by role: admin, ehr, biller
	Token    string            // of the payers' own doors
	Times    int               // how often every row is played
	More     int               // how often the usual row is played beside
	Patience time.Duration     // with a server that is away
	Tell     func(Moment)      // is told how far it is; nil for nobody
}

// Moment is how far a day is.
type Moment struct {
	Now      time.Time // by the practice's clock
	What     string
	Done, Of int // of it
}

type player struct {
	world              World
	now                time.Time
	admin, ehr, biller door
	payers             door
}

// Play plays the day and gives what came of it. The tenant is there and sends claims by itself.
func Play(ctx context.Context, w World) (Result, error) {
	p := &player{world: w, now: Start}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: pushersMax}}
	defer client.CloseIdleConnections()
	at := func(base, token string) door { return door{base, token, w.Patience, client} }
	p.admin, p.ehr, p.biller = at(w.Practice, w.Tokens["admin"]), at(w.Practice, w.Tokens["ehr"]), at(w.Practice, w.Tokens["biller"])
	p.payers = at(w.Payer, w.Token)
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"set up the practice", p.setUp}, {"push the visits", p.visits}, {"let days pass", p.passing(answered)},
		{"decide", p.acts}, {"let weeks pass", p.passing(weeks)}, {"close the books", p.closes},
	} {
		if err := step.do(ctx); err != nil {
			return Result{}, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return p.result(ctx)
}

// The days after the start on which the clocks stop: until the payers answered and paid; and until all is said that comes later, with
// the day after each on which something does, when that is paid: what pends is answered after 14 days, who is silent for 30 is
// asked about, what is taken back comes after 87 days, and the last of what depends on it after 94.
var (
	answered = []int{1, 2}
	weeks    = []int{3, 4, 5, 14, 15, 16, 31, 36, 87, 88, 89, 94, 95, 96, 102}
)

func (p *player) setUp(ctx context.Context) error {
	body, err := transaction(setting())
	if err == nil {
		_, err = p.admin.send(ctx, http.MethodPost, "/fhir/R4", body)
	}
	return err
}

// closes closes the books through the day before, in the practice's zone too.
func (p *player) closes(ctx context.Context) error {
	last := p.now.AddDate(0, 0, -1).Format(time.DateOnly)
	_, err := p.admin.send(ctx, http.MethodPost, "/fhir/R4/$settings", `{"resourceType":"Parameters","parameter":[{"name":"closedThrough","valueDate":"`+last+`"}]}`)
	p.tell("the books are closed through "+last, 1, 1)
	return err
}

// push has the EHR send resources.
func (p *player) push(ctx context.Context, resources []string) error {
	body, err := transaction(resources)
	if err == nil {
		_, err = p.ehr.send(ctx, http.MethodPost, "/fhir/R4", body)
	}
	return err
}

const pushersMax = 4 // clients of the EHR at once

// visits has all visits pushed.
func (p *player) visits(ctx context.Context) error {
	pushed := p.world.pushed()
	next, failed := make(chan []string), make(chan error, pushersMax)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range pushersMax {
		go func() {
			for resources := range next {
				if err := p.push(ctx, resources); err != nil {
					cancel()
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	for i, resources := range pushed {
		select {
		case next <- resources:
			p.tell("visits are pushed", i+1, len(pushed))
		case <-ctx.Done():
		}
	}
	close(next)
	var errs []error
	for range pushersMax {
		errs = append(errs, <-failed)
	}
	return errors.Join(append(errs, context.Cause(ctx))...)
}

// pushed gives the resources of every visit, round by round.
func (w World) pushed() (list [][]string) {
	for n := range w.Times {
		for _, row := range Rows {
			for _, v := range row.Visits {
				list = append(list, v.resources(n+1))
			}
		}
	}
	for n := range w.More {
		list = append(list, w.more().resources(w.Times+n+1))
	}
	return list
}

// more is the visit that is played more often than the others.
func (w World) more() Visit {
	for _, row := range Rows {
		if row.ID == usual {
			return row.Visits[0]
		}
	}
	return Visit{}
}

// passing lets time pass, to one day after the start after the other.
func (p *player) passing(days []int) func(context.Context) error {
	return func(ctx context.Context) error {
		for i, day := range days {
			if err := p.rests(ctx); err != nil {
				return err
			}
			p.now = Start.AddDate(0, 0, day)
			p.tell("time passes", i+1, len(days))
			if err := p.rests(ctx); err != nil {
				return err
			}
			if err := p.banks(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}

// roundsMax is how often letters go to and fro on one day: to the first payer, to the second, and what comes of that.
const roundsMax = 3

// rests lets the practice and its payers do all that is due on the day at which the clocks are to stand.
func (p *player) rests(ctx context.Context) error {
	body := fmt.Sprintf(`{"now":%q}`, p.now.Format(time.RFC3339))
	for range roundsMax {
		for _, at := range []door{p.admin, p.payers} {
			if _, err := at.send(ctx, http.MethodPost, "/clock", body); err != nil {
				return err
			}
		}
	}
	_, err := p.admin.send(ctx, http.MethodPost, "/clock", body)
	return err
}

func (p *player) tell(what string, done, of int) {
	if p.world.Tell != nil {
		p.world.Tell(Moment{p.now, what, done, of})
	}
}
