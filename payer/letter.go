package payer

import (
	"encoding/json"
	"fmt"
	"time"

	"medbill/models/money"
	"medbill/payer/plan"
)

// State is how far a letter is.
type State string

// The states of a letter.
const (
	Due     State = "due"
	Sent    State = "sent"
	Refused State = "refused" // by the provider's server, which says why
	Dropped State = "dropped" // the claim was voided or replaced before
)

// Letter is one thing that a payer sends about a claim.
type Letter struct {
	Key      string          `json:"key"` // the claim's, and its number among the claim's letters
	Claim    string          `json:"claim"`
	Step     Step            `json:"step"`
	Of       string          `json:"of,omitempty"` // the letter that is taken back
	Due      string          `json:"due"`          // day
	State    State           `json:"state"`
	Day      string          `json:"day,omitempty"` // on which it was written
	Number   string          `json:"number,omitempty"`
	Trace    string          `json:"trace,omitempty"`
	Answer   plan.Judgement  `json:"answer,omitzero"`
	Document json.RawMessage `json:"document,omitempty"`
	ID       string          `json:"id,omitempty"`     // at the provider's server
	Status   int             `json:"status,omitempty"` // HTTP
	Why      string          `json:"why,omitempty"`    // in the server's words

	reversed, remitted, completed bool
}

// pays reports whether the letter says what is paid, or takes it back.
func (l *Letter) pays() bool { return l.Step.Letter == Judgement || l.Step.Letter == Reversal }

// inForce reports whether the letter is an answer that the provider has and that was not taken back.
func (l *Letter) inForce() bool {
	return l.Step.Letter == Judgement && l.State == Sent && !l.reversed
}

// Remittance is what a payer pays at once, and how it comes about.
type Remittance struct {
	Plan         string      `json:"plan"`
	Organization string      `json:"organization,omitempty"`
	Trace        string      `json:"trace"`
	Day          string      `json:"day"`
	Letters      []string    `json:"letters"`
	Parts        []Owed      `json:"parts,omitempty"` // what belongs to no claim
	Amount       money.Cents `json:"amount"`
	Sends        []Send      `json:"sends,omitempty"`
}

// Owed is money beside the claims of a remittance, as a PLB tells it; Amount is what the payment takes of it.
type Owed struct {
	Code      string      `json:"code"`
	Reference string      `json:"reference,omitempty"`
	Amount    money.Cents `json:"amount"`
}

// Send is a document that went to the provider's server, and what came back.
type Send struct {
	Document json.RawMessage `json:"document"`
	State    State           `json:"state"`
	ID       string          `json:"id,omitempty"`
	Status   int             `json:"status,omitempty"`
	Why      string          `json:"why,omitempty"`
}

// schedule puts the letters of a claim on the list that a trigger sets off, counted from a day.
func (s *state) schedule(c *Claim, steps []Step, on Trigger, from time.Time) {
	for _, step := range steps {
		if step.On != on {
			continue
		}
		l := &Letter{Key: fmt.Sprintf("%s/%02d", c.Key, s.count[c.Key]), Claim: c.Key, Step: step, Due: from.AddDate(0, 0, step.After).Format(time.DateOnly), State: Due}
		s.count[c.Key]++
		s.add(l)
	}
}

// write fills in what a letter says on the day on which it goes out. It gives false where there is nothing to say: what it
// would take back is not in force.
func (s *state) write(l *Letter, day string) (Letter, bool) {
	c, letter := s.claims[l.Claim], *l
	letter.Day, letter.Number = day, c.icn()
	switch l.Step.Letter {
	case Judgement:
		letter.Answer = s.judge(c, l)
		if l.Step.Corrects {
			letter.Number += "R"
		}
	case Reversal:
		of := s.reverses(l)
		if of == nil {
			return letter, false
		}
		letter.Of, letter.Number, letter.Answer = of.Key, of.Number, of.Answer.Reversed()
	}
	if l.pays() {
		letter.Trace = s.trace(c, &letter)
	}
	letter.Document = s.document(&letter)
	return letter, true
}

// judge gives what a judgement says: the claim by the terms, as far as the letter goes.
func (s *state) judge(c *Claim, l *Letter) plan.Judgement {
	_, part := rowOf(c.Plan, c.Member)
	terms := part.Terms
	if l.Step.Terms != nil {
		terms = *l.Step.Terms
	}
	answer := plan.Adjudicate(Plans[c.Plan], terms, plan.Claim{
		Lines: c.Lines, Authorized: c.Authorized, Serviced: dayOf(c.Serviced), Received: dayOf(c.Received.Format(time.DateOnly)), Used: s.used(c), Prior: c.Prior,
	})
	switch l.Step.Lines {
	case FirstLine:
		return answer.Only(func(line plan.Judged) bool { return line.Number == c.Lines[0].Number })
	case OtherLine:
		return answer.Only(func(line plan.Judged) bool { return line.Number != c.Lines[0].Number })
	}
	return answer
}

// used gives what the member paid in the year of the claim by other claims that are in force.
func (s *state) used(c *Claim) plan.Used {
	var used plan.Used
	for _, l := range s.letters {
		other := s.claims[l.Claim]
		if l.inForce() && other.Key != c.Key && other.Plan == c.Plan && other.Member == c.Member && dayOf(other.Serviced).Year() == dayOf(c.Serviced).Year() {
			used.Deductible += l.Answer.Of("PR", "1")
			used.OutOfPocket += l.Answer.Of("PR", "1") + l.Answer.Of("PR", "2") + l.Answer.Of("PR", "3")
		}
	}
	return used
}

// reverses gives the answer that a reversal takes back: the one it names, else the first in force of its claim.
func (s *state) reverses(l *Letter) *Letter {
	for _, of := range s.letters {
		if of.inForce() && (of.Key == l.Of || l.Of == "" && of.Claim == l.Claim) {
			return of
		}
	}
	return nil
}

// trace gives the payment by which an answer is paid: the one of the day, or its own.
func (s *state) trace(c *Claim, l *Letter) string {
	about := []string{"trace", s.seed, c.Plan, c.Organization, l.Day}
	if l.Step.Remit.Apart {
		about = append(about, l.Key)
	}
	return c.Plan + "-" + name(about...)
}
