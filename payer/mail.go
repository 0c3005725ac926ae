package payer

import (
	"cmp"
	"encoding/json"
	"net/http"

	"medbill/models/money"
)

// Mail is a letter, a payment or an answer to a question as the payer lists it, with what the practice's server said to it.
type Mail struct {
	Plan      string          `json:"plan"`
	Scenario  string          `json:"scenario,omitempty"`
	Member    string          `json:"member,omitempty"`
	Claim     string          `json:"claim,omitempty"`
	Frequency string          `json:"frequency,omitempty"`
	Letter    string          `json:"letter"`
	Due       string          `json:"due,omitempty"`
	Day       string          `json:"day,omitempty"`
	State     State           `json:"state"`
	Number    string          `json:"number,omitempty"`
	Trace     string          `json:"trace,omitempty"`
	Paid      string          `json:"paid,omitempty"`
	ID        string          `json:"id,omitempty"`
	Status    int             `json:"status,omitempty"`
	Why       string          `json:"why,omitempty"`
	Document  json.RawMessage `json:"document,omitempty"`
}

// Letters lists all that the payers sent and will send.
func (p *Payer) Letters() []Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []Mail{}
	for _, l := range p.state.letters {
		c := p.state.claims[l.Claim]
		row, _ := rowOf(c.Plan, c.Member)
		list = append(list, Mail{
			Plan: c.Plan, Scenario: cmp.Or(row.ID, "plan"), Member: c.Member, Claim: c.ID, Frequency: c.Frequency, Letter: string(l.Step.Letter), Due: l.Due, Day: l.Day, State: l.State,
			Number: l.Number, Trace: l.Trace, Paid: l.Answer.Paid().String(), ID: l.ID, Status: l.Status, Why: l.Why, Document: l.Document,
		})
	}
	for _, r := range p.state.remittances {
		for _, sent := range r.Sends {
			list = append(list, Mail{
				Plan: r.Plan, Letter: "remittance", Day: r.Day, State: sent.State, Trace: r.Trace, Paid: r.Amount.String(), ID: sent.ID, Status: sent.Status, Why: sent.Why, Document: sent.Document,
			})
		}
	}
	for _, q := range p.state.questions {
		mail := Mail{Plan: q.Plan, Letter: "eligibility", Member: q.Member, State: Sent, Status: q.Status, Why: q.Why, Document: q.Document}
		if q.Why != "" {
			mail.State = Refused
		}
		list = append(list, mail)
	}
	return list
}

func (p *Payer) listLetters(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, plainJSON, object{"letters": p.Letters()})
}

// Deposit is money that came to the practice's bank.
type Deposit struct {
	Day    string `json:"day"`
	Amount string `json:"amount"`
	Trace  string `json:"trace"`
	Payer  string `json:"payer"`

	Organization string `json:"organization,omitempty"` // the payer at the practice's server
}

// Deposits gives what came to the bank: every payment above zero.
func (p *Payer) Deposits() []Deposit {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []Deposit{}
	for _, r := range p.state.remittances {
		if r.Amount > 0 {
			list = append(list, Deposit{r.Day, r.deposit(p.state).String(), r.Trace, Plans[r.Plan].Title, r.Organization})
		}
	}
	return list
}

// deposit gives what really came: where a remittance is off, the money is not.
func (r *Remittance) deposit(s *state) money.Cents {
	return r.Amount - s.byKey[r.Letters[0]].Step.Remit.Off
}

func (p *Payer) listDeposits(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, plainJSON, object{"deposits": p.Deposits()})
}
