package api

import (
	"bytes"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/bankfile"
	"medbill/models"
	"medbill/models/operation"
)

// mediaPlain is how statements of banks and files of the clearing house come.
const mediaPlain = "text/plain"

// deposits answers POST /deposits, a file of the bank in the form that its media type says, with the deposits that are new.
func (s *Server) deposits(c *gin.Context) error {
	p, err := principal(c)
	if err != nil {
		return err
	}
	if err := p.RequireTenantOperation(operation.ScopeDeposits, billing.AboutDeposits); err != nil {
		return err
	}
	if err := s.Records.Enter(c.Request.Context(), p); err != nil {
		return err
	}
	asked, err := callOf(c)
	if err != nil {
		return err
	}
	file, err := sentDeposits(c)
	if err != nil {
		return err
	}
	done, err := s.Office.TakeDeposits(c.Request.Context(), p, billing.Call{Key: asked.Key, DryRun: asked.DryRun}, file)
	if err != nil {
		return err
	}
	markRehearsal(c, done.Rehearsal != nil)
	c.Set(keyMedia, mediaJSON)
	s.write(c, http.StatusOK, fhir.Encode(takenDepositsOf(done.Result)))
	return nil
}

// sentDeposits reads a file of a bank.
func sentDeposits(c *gin.Context) (bankfile.File, error) {
	if err := requireMedia(c, mediaJSON, operation.MediaCSV, mediaPlain); err != nil {
		return bankfile.File{}, err
	}
	content, err := readAll(c)
	if err != nil {
		return bankfile.File{}, err
	}
	switch media, _, _ := mime.ParseMediaType(c.GetHeader("Content-Type")); media {
	case operation.MediaCSV:
		return bankfile.ReadCSV(bytes.NewReader(content))
	case mediaPlain:
		return bankfile.ReadText(content)
	}
	return bankfile.ReadJSON(bytes.NewReader(content))
}

// takenDeposits is what POST /deposits gives. Amounts are dollars as text.
type takenDeposits struct {
	Taken    int                `json:"taken"`
	Known    int                `json:"known"`
	Amount   string             `json:"amount"`
	Deposits []shownDeposit     `json:"deposits"`
	NotTaken []notTakenDeposits `json:"notTaken"`
}

type notTakenDeposits struct {
	Line   int    `json:"line"`
	Amount string `json:"amount"`
	Why    string `json:"why"`
}

// shownDeposit is a deposit as it stands.
type shownDeposit struct {
	ID        string       `json:"id"`
	Date      string       `json:"date"`
	Amount    string       `json:"amount"`
	State     string       `json:"state"`
	Trace     string       `json:"trace,omitempty"`
	Reference string       `json:"reference,omitempty"`
	Payer     string       `json:"payer,omitempty"`
	Text      string       `json:"text,omitempty"`
	Pays      []shownMatch `json:"pays,omitempty"`
}

type shownMatch struct {
	Kind       string `json:"kind"`
	Remittance string `json:"remittance,omitempty"`
	Amount     string `json:"amount"`
	Fee        string `json:"fee,omitempty"`
}

func takenDepositsOf(t billing.TakenDeposits) takenDeposits {
	shown := takenDeposits{Taken: len(t.Deposits), Known: t.Known, Amount: t.Amount.String(), Deposits: []shownDeposit{}, NotTaken: []notTakenDeposits{}}
	for _, d := range t.Deposits {
		one := shownDeposit{ID: string(d.ID), Date: string(d.Day), Amount: d.Amount.String(), State: string(d.State), Trace: d.Trace, Reference: d.Reference, Payer: string(d.PayerID), Text: d.Text}
		for _, m := range d.Matches {
			match := shownMatch{Kind: string(m.Pays), Remittance: string(m.RemittanceID), Amount: m.Amount.String()}
			if m.Fee != 0 {
				match.Fee = m.Fee.String()
			}
			one.Pays = append(one.Pays, match)
		}
		shown.Deposits = append(shown.Deposits, one)
	}
	for _, n := range t.NotTaken {
		shown.NotTaken = append(shown.NotTaken, notTakenDeposits{Line: n.Line, Amount: n.Amount.String(), Why: n.Why})
	}
	return shown
}

// matchDeposit answers $match-deposit with the deposit as it stands then.
func (s *Server) matchDeposit(r run) error {
	return carryOut(s, r, intake.MatchDeposit, func(asked intake.DepositMatch) (billing.Done[models.Deposit], error) {
		return s.Office.MatchDeposit(r.ctx(), r.who, r.call, asked.Deposit, billing.DepositMatch{Remittances: asked.Remittances, Card: asked.Card, Fee: asked.Fee, Till: asked.Till})
	}, func(d models.Deposit) error { return s.writePart(r, "deposit", depositParts(d)) })
}

// unmatchDeposit answers $unmatch-deposit with the deposit as it stands then.
func (s *Server) unmatchDeposit(r run) error {
	return carryOut(s, r, r.reads(), func(asked map[string]string) (billing.Done[models.Deposit], error) {
		return s.Office.UnmatchDeposit(r.ctx(), r.who, r.call, models.DepositID(asked["deposit"]))
	}, func(d models.Deposit) error { return s.writePart(r, "deposit", depositParts(d)) })
}

func depositParts(d models.Deposit) parameterList {
	part := parameterList{}
	part.text("id", string(d.ID))
	part.date("date", d.Day)
	part.money("amount", &d.Amount)
	part.code("state", string(d.State))
	part.text("trace", d.Trace)
	part.text("reference", d.Reference)
	part.reference("payer", d.PayerID)
	part.text("text", d.Text)
	for _, m := range d.Matches {
		pays := parameterList{}
		pays.code("kind", string(m.Pays))
		pays.record("remittance", models.Ref{Type: "PaymentReconciliation", ID: string(m.RemittanceID)})
		pays.money("amount", &m.Amount)
		if m.Fee != 0 {
			pays.money("fee", &m.Fee)
		}
		part.parts("pays", pays)
	}
	return part
}
