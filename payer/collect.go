package payer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"medbill/models/money"
	"medbill/payer/plan"
)

// collect takes what waits at the practice's server: claims, documents that were asked for, questions.
func (p *Payer) collect(ctx context.Context) error {
	if p.config.Provider == "" {
		return nil
	}
	var failures error
	for _, play := range p.config.Plays {
		at := p.as(play)
		failures = errors.Join(failures, p.claims(ctx, at, play), p.questions(ctx, at, play))
	}
	return errors.Join(failures, p.documents(ctx))
}

// claims takes the claims that were transmitted or passed on to a payer.
func (p *Payer) claims(ctx context.Context, at provider, play Play) error {
	var found []claimDocument
	err := at.search(ctx, "Claim", url.Values{"insurer": {"Organization/" + play.Organization}, "claim-state": {"transmitted,forwarded"}}, func(text json.RawMessage) error {
		var d claimDocument
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("a claim cannot be read")
		}
		if d.ResourceType == "Claim" && d.Use == "claim" {
			found = append(found, d)
		}
		return nil
	})
	for _, d := range found { // one that cannot be taken does not keep the others
		err = errors.Join(err, p.claim(ctx, at, play, d))
	}
	return err
}

// claim takes one claim, once for every time it was sent.
func (p *Payer) claim(ctx context.Context, at provider, play Play, d claimDocument) error {
	c, err := d.read()
	if err != nil {
		return err
	}
	c.Plan, c.Organization = play.Plan, play.Organization
	if p.has(c) {
		return nil
	}
	var coverage coverageDocument
	if err := at.read(ctx, d.focal().Coverage.Reference, &coverage); err != nil {
		return err
	}
	c.Member = coverage.member()
	if c.Prior, err = priorAnswers(ctx, at, d); err != nil {
		return err
	}
	return p.take(c)
}

// has reports whether a claim arrived before. One that was rejected and waits again was sent again, be it on the same day.
func (p *Payer) has(c *Claim) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.state.arrived[c.arrival()]
	return known != nil && !p.state.rejected(known)
}

// take lets a claim arrive.
func (p *Payer) take(c *Claim) error {
	p.mu.Lock()
	c.Received = p.now()
	p.state.identify(c)
	p.mu.Unlock()
	p.log.Info("claim came to the payer", "plan", c.Plan, "frequency", c.Frequency)
	return p.note(event{Kind: claimCame, Claim: c})
}

// priorAnswers reads what the payers before paid, and what the last of them left to the patient.
func priorAnswers(ctx context.Context, at provider, d claimDocument) (map[int]plan.Prior, error) {
	var prior map[int]plan.Prior
	for _, i := range d.Insurance {
		if i.Focal || i.ClaimResponse.Reference == "" {
			continue
		}
		var answer answerDocument
		if err := at.read(ctx, i.ClaimResponse.Reference, &answer); err != nil {
			return nil, err
		}
		if prior == nil {
			prior = map[int]plan.Prior{}
		}
		for _, item := range answer.Item {
			paid, patient, err := item.read()
			if err != nil {
				return nil, err
			}
			prior[item.Sequence] = plan.Prior{Paid: prior[item.Sequence].Paid + paid, Patient: patient}
		}
	}
	return prior, nil
}

// answerDocument is a ClaimResponse as the next payer reads it.
type answerDocument struct {
	Item []answerItem `json:"item"`
}

type answerItem struct {
	Sequence     int `json:"itemSequence"`
	Adjudication []struct {
		Category concept `json:"category"`
		Amount   amount  `json:"amount"`
	} `json:"adjudication"`
}

// read gives what was paid on a line, and what was left to the patient.
func (i answerItem) read() (paid, patient money.Cents, err error) {
	for _, a := range i.Adjudication {
		cents, err := money.Parse(a.Amount.Value.String())
		if err != nil {
			return 0, 0, fmt.Errorf("an amount of the answer before is no amount of cents")
		}
		for _, c := range a.Category.Coding {
			switch {
			case c.Code == "benefit":
				paid += cents
			case c.System == codesOfGroups && c.Code == "PR":
				patient += cents
			}
		}
	}
	return paid, patient, nil
}

// documents asks whether the Tasks that wait for documents are done.
func (p *Payer) documents(ctx context.Context) error {
	var waiting []Letter
	p.mu.Lock()
	for _, l := range p.state.letters {
		if l.Step.Letter == Documents && l.State == Sent && !l.completed && l.ID != "" {
			waiting = append(waiting, *l)
		}
	}
	p.mu.Unlock()
	for _, l := range waiting {
		var task struct {
			Status string `json:"status"`
		}
		at, found := p.at(p.organization(l))
		if !found {
			return errNobody
		}
		if err := at.read(ctx, "Task/"+l.ID, &task); err != nil {
			return err
		}
		if task.Status != "completed" {
			continue
		}
		if err := p.note(event{Kind: documentsCame, Key: l.Key}); err != nil {
			return err
		}
	}
	return nil
}

func (p *Payer) organization(l Letter) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state.claims[l.Claim].Organization
}

// questions answers what is asked about eligibility. A server that knows no such questions has none.
func (p *Payer) questions(ctx context.Context, at provider, play Play) error {
	var found []questionDocument
	err := at.search(ctx, "CoverageEligibilityRequest", url.Values{"insurer": {"Organization/" + play.Organization}, "status": {"active"}}, func(text json.RawMessage) error {
		var d questionDocument
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("a question cannot be read")
		}
		if d.ResourceType == "CoverageEligibilityRequest" {
			found = append(found, d)
		}
		return nil
	})
	var refused refusal
	if errors.As(err, &refused) && refused.status >= http.StatusBadRequest && refused.status < http.StatusInternalServerError && !refused.passing() {
		p.unasked.Do(func() {
			p.log.Info("the practice's server lets payers see no questions about eligibility", "status", refused.status)
		})
		return nil
	}
	for _, d := range found {
		err = errors.Join(err, p.question(ctx, at, play, d))
	}
	return err
}

// question answers one that was not answered yet.
func (p *Payer) question(ctx context.Context, at provider, play Play, d questionDocument) error {
	arrival := play.Organization + "|" + d.ID
	if d.ID == "" || p.asked(arrival, d.Meta.VersionID) {
		return nil
	}
	var coverage coverageDocument
	if err := at.read(ctx, d.coverage().Reference, &coverage); err != nil {
		return err
	}
	q := d.read(arrival, play.Plan, coverage)
	body := p.respond(q, d)
	r, err := at.send(ctx, http.MethodPost, "CoverageEligibilityResponse", body)
	if err != nil || r.passing() {
		return errors.Join(err, passes("CoverageEligibilityResponse", r))
	}
	q.Status, q.Document = r.status, body
	if !r.ok() {
		q.Why = r.why()
	}
	return p.note(event{Kind: questionCame, Question: q})
}

// passes gives an answer that is none for now as an error.
func passes(what string, r reply) error {
	if r.passing() {
		return refusal{"POST " + what, r}
	}
	return nil
}
