package payer

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// settle sends what is due by the clock, day by day: letters, and at the end of each day what it paid.
func (p *Payer) settle(ctx context.Context) error {
	for ctx.Err() == nil {
		p.mu.Lock()
		next, found := p.state.next(p.now().Format(time.DateOnly))
		p.mu.Unlock()
		switch {
		case !found:
			return nil
		case next.pay != nil:
			if err := p.pay(ctx, next.pay); err != nil {
				return err
			}
		default:
			if err := p.mail(ctx, next.letter, next.day); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// mail sends a letter, then notes it: one that was sent and not noted is sent again as it was, and changes nothing.
func (p *Payer) mail(ctx context.Context, due *Letter, day string) error {
	p.mu.Lock()
	letter, says := p.state.write(due, day)
	organization := p.state.claims[letter.Claim].Organization
	p.mu.Unlock()
	letter.State = Sent
	switch {
	case !says:
		letter.State = Dropped
	case letter.Step.On == OnInquiry || letter.Step.Remit.Silent:
	default:
		resourceType := "ClaimResponse"
		if letter.Step.Letter == Documents {
			resourceType = "Task"
		}
		sent, err := p.deliver(ctx, organization, resourceType, letter.Document)
		if err != nil {
			return err
		}
		letter.State, letter.ID, letter.Status, letter.Why = sent.State, sent.ID, sent.Status, sent.Why
	}
	p.log.Info("payer sent a letter", "letter", letter.Step.Letter, "state", letter.State, "status", letter.Status)
	return p.note(event{Kind: letterWent, Letter: &letter})
}

// pay tells what was paid on a trace, and makes the deposit.
func (p *Payer) pay(ctx context.Context, letters []*Letter) error {
	p.mu.Lock()
	r := p.state.closes(letters)
	documents := p.state.reconciliations(r)
	p.mu.Unlock()
	if letters[0].Step.Remit.Silent {
		documents = nil
	}
	for _, document := range documents {
		sent, err := p.deliver(ctx, r.Organization, "PaymentReconciliation", document)
		if err != nil {
			return err
		}
		r.Sends = append(r.Sends, sent)
	}
	return p.note(event{Kind: moneyWent, Remittance: r})
}

// deliver sends a document to the practice's server. It fails where the server may take it later; a refusal is kept, with
// its reason. What came to the payer's own door is answered there, and goes nowhere.
func (p *Payer) deliver(ctx context.Context, organization, resourceType string, document json.RawMessage) (Send, error) {
	sent := Send{Document: document, State: Sent}
	if organization == "" || p.config.Provider == "" {
		return sent, nil
	}
	at, found := p.at(organization)
	if !found {
		return sent, errNobody
	}
	r, err := at.send(ctx, http.MethodPost, resourceType, document)
	if err := errors.Join(err, passes(resourceType, r)); err != nil {
		return sent, err
	}
	sent.Status = r.status
	if !r.ok() {
		sent.State, sent.Why = Refused, r.why()
		return sent, nil
	}
	var stored struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(r.body, &stored); err != nil {
		return sent, errors.New("the server's answer cannot be read")
	}
	sent.ID = stored.ID
	return sent, nil
}

var errNobody = errors.New("letters are due of a payer that is not played; name its organization and token again")
