package payer

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// event is a line of the journal: what came in, or what went out with what came back.
type event struct {
	Kind       string            `json:"kind"`
	At         time.Time         `json:"at"`
	Claim      *Claim            `json:"claim,omitempty"`
	Letter     *Letter           `json:"letter,omitempty"`
	Remittance *Remittance       `json:"remittance,omitempty"`
	Key        string            `json:"key,omitempty"`
	Question   *Question         `json:"question,omitempty"`
	Request    *Preauthorization `json:"request,omitempty"`
}

// The kinds of events.
const (
	clockMoved    = "clock"
	claimCame     = "claim"
	documentsCame = "documents"
	letterWent    = "letter"
	moneyWent     = "remittance"
	questionCame  = "question"
	requestCame   = "request"
)

// state is what follows from the journal, and from nothing else.
type state struct {
	seed          string
	organizations map[string]string // at the provider, by plan
	moved         time.Time         // to where the clock was moved
	claims        map[string]*Claim
	arrived       map[string]*Claim // by arrival
	letters       []*Letter
	byKey         map[string]*Letter
	count         map[string]int // letters by claim
	remittances   []*Remittance
	owed          map[string][]Owed // by payer: what is to be kept from later payments
	closed        map[string]string // by payer: the last day that was remitted
	questions     []*Question
	requests      []*Preauthorization
}

func newState(seed string) *state {
	return &state{organizations: map[string]string{},
		seed: seed, claims: map[string]*Claim{}, arrived: map[string]*Claim{}, byKey: map[string]*Letter{}, count: map[string]int{}, owed: map[string][]Owed{}, closed: map[string]string{},
	}
}

func (s *state) add(l *Letter) {
	s.letters = append(s.letters, l)
	s.byKey[l.Key] = l
}

// apply changes the state by an event.
func (s *state) apply(e event) {
	switch e.Kind {
	case clockMoved:
		s.moved = e.At
	case claimCame:
		s.takes(e.Claim)
	case documentsCame:
		l := s.byKey[e.Key]
		l.completed = true
		c := s.claims[l.Claim]
		s.schedule(c, s.script(c), OnDocuments, e.At)
	case letterWent:
		s.went(e.Letter)
	case moneyWent:
		s.paid(e.Remittance)
	case questionCame:
		s.questions = append(s.questions, e.Question)
	case requestCame:
		s.requests = append(s.requests, e.Request)
	}
}

// identify gives a claim that arrives its key and its place among those of the member and day.
func (s *state) identify(c *Claim) {
	same := 0
	for _, other := range s.claims {
		if other.Plan == c.Plan && other.Member == c.Member && other.Serviced == c.Serviced {
			if other.Frequency == c.Frequency {
				same++
			}
			if other.Frequency != frequencyVoid {
				c.Attempt++
			}
		}
	}
	c.Key = strings.Join([]string{s.seed, c.Plan, c.Member, c.Serviced, c.Frequency, fmt.Sprintf("%03d", same)}, "|")
}

// rejected reports whether a claim was turned away at the door.
func (s *state) rejected(c *Claim) bool {
	return slices.ContainsFunc(s.letters, func(l *Letter) bool { return l.Claim == c.Key && l.Step.Letter == Rejection && l.State == Sent })
}

const (
	frequencyReplacement = "7"
	frequencyVoid        = "8"
)

// script gives what is sent when a claim comes.
func (s *state) script(c *Claim) []Step {
	_, part := rowOf(c.Plan, c.Member)
	if c.Attempt > 0 && part.Again != nil {
		return part.Again
	}
	return part.First
}

// takes schedules the answers to a claim. One that voids or replaces another undoes what is in force of that first.
func (s *state) takes(c *Claim) {
	s.claims[c.Key], s.arrived[c.arrival()] = c, c
	undone := 0
	if prior := s.prior(c); prior != nil {
		undone = s.undoes(prior, c.Received)
	}
	switch {
	case c.Frequency != frequencyVoid:
		s.schedule(c, s.script(c), OnClaim, c.Received)
	case undone == 0:
		s.schedule(c, []Step{{Letter: Voided}}, OnClaim, c.Received)
	}
}

// undoes drops what was still to be said of a claim, and schedules the reversal of what was.
func (s *state) undoes(prior *Claim, at time.Time) int {
	undone := 0
	for _, l := range slices.Clone(s.letters) {
		if l.Claim != prior.Key {
			continue
		}
		if l.State == Due {
			l.State = Dropped
		}
		if l.inForce() {
			s.schedule(prior, []Step{{Letter: Reversal}}, OnClaim, at)
			s.letters[len(s.letters)-1].Of = l.Key
			undone++
		}
	}
	return undone
}

// prior gives the claim that another voids or replaces: by its id, else by the payer's number.
func (s *state) prior(c *Claim) *Claim {
	if c.Frequency != frequencyReplacement && c.Frequency != frequencyVoid {
		return nil
	}
	var found *Claim
	for _, l := range s.letters { // in their order: the latest that was answered
		other := s.claims[l.Claim]
		if other.Plan == c.Plan && other.Key != c.Key && (c.PriorID != "" && other.ID == c.PriorID || c.PriorNumber != "" && l.Number == c.PriorNumber) {
			found = other
		}
	}
	return found
}

// went keeps what came of a letter.
func (s *state) went(l *Letter) {
	known := s.byKey[l.Key]
	*known = *l
	if l.State != Sent {
		return
	}
	if of := s.byKey[l.Of]; of != nil && l.Step.Letter == Reversal {
		of.reversed = true
	}
	c := s.claims[l.Claim]
	_, part := rowOf(c.Plan, c.Member)
	if l.Step.Letter == Judgement && !l.Step.Corrects && c.Frequency == "1" {
		s.schedule(c, part.Later, OnClaim, dayOf(l.Day))
	}
}
