package payer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"medbill/models/money"
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

// account is whose money it is: a payer at one provider.
func (c *Claim) account() string { return c.Plan + "|" + c.Organization }

// paid keeps a remittance, and what it leaves to be kept from later ones.
func (s *state) paid(r *Remittance) {
	s.remittances = append(s.remittances, r)
	for _, key := range r.Letters {
		s.byKey[key].remitted = true
	}
	account := r.Plan + "|" + r.Organization
	s.closed[account] = max(s.closed[account], r.Day)
	for _, part := range r.Parts {
		if part.Code == interest {
			continue
		}
		owed := s.owed[account]
		if at := slices.IndexFunc(owed, func(o Owed) bool { return o.Code == part.Code && o.Reference == part.Reference }); at >= 0 {
			owed[at].Amount += part.Amount
		} else {
			owed = append(owed, part)
		}
		s.owed[account] = slices.DeleteFunc(owed, func(o Owed) bool { return o.Amount == 0 })
	}
}

// The codes of a remittance's own money (PLB03-1).
const (
	interest       = "L6"
	forwardBalance = "FB"
)

// closes makes the remittance of a payment whose day is over.
func (s *state) closes(letters []*Letter) *Remittance {
	c := s.claims[letters[0].Claim]
	r := &Remittance{Plan: c.Plan, Organization: c.Organization, Trace: letters[0].Trace, Day: letters[0].Day}
	sum := money.Cents(0)
	part := func(code, reference string, amount money.Cents) {
		r.Parts = append(r.Parts, Owed{code, reference, amount})
		sum += amount
	}
	for _, l := range letters {
		r.Letters = append(r.Letters, l.Key)
		sum += l.Answer.Paid()
	}
	for _, l := range letters {
		if l.Step.Interest != 0 {
			part(interest, "", l.Step.Interest)
		}
		if l.Step.Owed != "" {
			part(l.Step.Owed, l.Number, s.lessThan(letters, l))
		}
	}
	for _, o := range s.owed[c.account()] {
		if kept := min(o.Amount, sum); kept > 0 {
			part(o.Code, o.Reference, -kept)
		}
	}
	if sum < 0 {
		part(forwardBalance, r.Trace, -sum)
	}
	r.Amount = sum + letters[0].Step.Remit.Off
	return r
}

// lessThan gives by how much a correction pays less than what it corrects.
func (s *state) lessThan(letters []*Letter, correction *Letter) money.Cents {
	less := money.Cents(0)
	for _, l := range letters {
		if l.Claim == correction.Claim {
			less -= l.Answer.Paid()
		}
	}
	return less
}

// work is the next thing to do: a letter to send on a day, or answers whose payment is to be told.
type work struct {
	letter *Letter
	day    string
	pay    []*Letter
}

// next gives what is to be done until a day, earliest first; false where nothing is.
func (s *state) next(today string) (work, bool) {
	first := work{day: today}
	found := false
	for _, l := range s.letters {
		if l.State != Due {
			continue
		}
		day := s.dayFor(l)
		if day < first.day || day == first.day && (!found || l.Key < first.letter.Key) {
			first, found = work{letter: l, day: day}, true
		}
	}
	traces := map[string][]*Letter{}
	oldest := ""
	for _, l := range s.letters {
		if l.State == Sent && l.pays() && !l.remitted && l.Day < first.day {
			traces[l.Trace] = append(traces[l.Trace], l)
			if oldest == "" || l.Day+l.Trace < traces[oldest][0].Day+oldest {
				oldest = l.Trace
			}
		}
	}
	if oldest != "" {
		return work{pay: traces[oldest]}, true
	}
	return first, found
}

// dayFor gives the day on which a letter is written: when it is due, and after what was remitted already.
func (s *state) dayFor(l *Letter) string {
	closed := s.closed[s.claims[l.Claim].account()]
	if !l.pays() || l.Due > closed {
		return l.Due
	}
	return dayOf(closed).AddDate(0, 0, 1).Format(time.DateOnly)
}
