package payer

import (
	"cmp"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"medbill/models/money"
)

// Handler gives the payer's own doors: what it is and what it can to everybody, all else to who has its token.
func (p *Payer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.welcome)
	mux.HandleFunc("GET "+fhirPath+"/metadata", p.metadata)
	for pattern, door := range map[string]http.HandlerFunc{
		"GET /letters":                         p.listLetters,
		"GET /deposits":                        p.listDeposits,
		"GET /clock":                           p.tellClock,
		"POST /clock":                          p.moveClock,
		"POST " + fhirPath + "/Claim/$submit":  p.submit,
		"POST " + fhirPath + "/Claim/$inquire": p.inquire,
		"POST " + fhirPath + "/CoverageEligibilityRequest":         p.ask,
		"POST " + fhirPath + "/CoverageEligibilityRequest/$submit": p.ask,
		"POST " + fhirPath + "/$searchByPayment":                   p.searchByPayment,
		"POST " + fhirPath + "/$downloadRemittance":                p.downloadRemittance,
	} {
		mux.HandleFunc(pattern, p.guarded(door))
	}
	return mux
}

// guarded lets in who has the payer's token.
func (p *Payer) guarded(door http.HandlerFunc) http.HandlerFunc {
	want := []byte("Bearer " + p.config.Token)
	return func(w http.ResponseWriter, r *http.Request) {
		if p.config.Token == "" || subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, http.StatusUnauthorized, "login", "This door wants the payer's own token, as Authorization: Bearer.")
			return
		}
		door(w, r)
	}
}

// write gives a document.
func write(w http.ResponseWriter, status int, contentType string, document any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(encode(document), '\n')) // who went away needs no answer
}

// refuse says what is wrong with a request (FHIR R4 OperationOutcome).
func refuse(w http.ResponseWriter, status int, code, text string) {
	write(w, status, fhirJSON, object{"resourceType": "OperationOutcome", "issue": []object{{"severity": "error", "code": code, "diagnostics": text}}})
}

// into reads a body; it answers itself where that cannot be read.
func into(w http.ResponseWriter, r *http.Request, what any) bool {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyBytesMax))
	if err == nil {
		err = json.Unmarshal(text, what)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "structure", "The body is no JSON of the form that is asked for here.")
		return false
	}
	return true
}

const plainJSON = "application/json"

func (p *Payer) welcome(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, plainJSON, object{
		"name": "A payer to practise against", "says": "No real payer: it answers claims by the member's number, as the scenarios of 'medbill payer --list' say.",
		"now": p.Now().Format(time.RFC3339), "doors": []string{"/clock", "/letters", "/deposits", fhirPath + "/metadata"},
	})
}

func (p *Payer) tellClock(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, plainJSON, object{"now": p.Now().Format(time.RFC3339)})
}

// moveClock moves the clock forward, and answers when what is due then was sent.
func (p *Payer) moveClock(w http.ResponseWriter, r *http.Request) {
	var to struct {
		Now time.Time `json:"now"`
	}
	if !into(w, r, &to) {
		return
	}
	switch err := p.Move(r.Context(), to.Now); {
	case errors.Is(err, errBack):
		refuse(w, http.StatusConflict, "business-rule", "The clock moves forward only; name a later moment.")
	case err != nil:
		p.log.Warn("payer could not send all that is due", "error", err)
		refuse(w, http.StatusServiceUnavailable, "transient", "Not all that is due could be sent to the practice's server; GET /letters says what waits.")
	default:
		p.tellClock(w, r)
	}
}

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
}

// Deposits gives what came to the bank: every payment above zero.
func (p *Payer) Deposits() []Deposit {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := []Deposit{}
	for _, r := range p.state.remittances {
		if r.Amount > 0 {
			list = append(list, Deposit{r.Day, r.deposit(p.state).String(), r.Trace, Plans[r.Plan].Title})
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

// metadata is what the FHIR door can (FHIR R4 CapabilityStatement).
func (p *Payer) metadata(w http.ResponseWriter, _ *http.Request) {
	operation := func(name, of string) object { return object{"name": name, "definition": of} }
	const pas, pr = "http://hl7.org/fhir/us/davinci-pas/OperationDefinition/", "http://hl7.org/fhir/us/davinci-pr/OperationDefinition/"
	write(w, http.StatusOK, fhirJSON, object{
		"resourceType": "CapabilityStatement", "status": "active", "date": p.Now().Format(time.DateOnly), "kind": "instance", "fhirVersion": "4.0.1", "format": []string{fhirJSON},
		"implementation": object{"description": "A payer to practise against"},
		"rest": []object{{
			"mode": "server",
			"resource": []object{
				{"type": "Claim", "operation": []object{operation("submit", pas+"Claim-submit"), operation("inquire", pas+"Claim-inquiry")}},
				{"type": "CoverageEligibilityRequest", "interaction": []object{{"code": "create"}}, "operation": []object{operation("submit", "http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit")}},
			},
			"operation": []object{operation("searchByPayment", pr+"SearchByPayment"), operation("downloadRemittance", pr+"DownloadRemittance")},
		}},
	})
}

// sent is what comes to a FHIR door: a document, with those it names where it came in a Bundle.
type sent struct {
	text    json.RawMessage
	name    string // as the Bundle names it
	entries []bundleEntry
}

type bundleEntry struct {
	FullURL  string          `json:"fullUrl"`
	Resource json.RawMessage `json:"resource"`
}

// receive reads a document or a Bundle with one first.
func receive(w http.ResponseWriter, r *http.Request, resourceType string) (sent, bool) {
	var body struct {
		ResourceType string            `json:"resourceType"`
		ID           string            `json:"id"`
		Entry        []bundleEntry     `json:"entry"`
		Contained    []json.RawMessage `json:"contained"`
	}
	var text json.RawMessage
	if !into(w, r, &text) || json.Unmarshal(text, &body) != nil {
		return sent{}, false
	}
	came := sent{text: text, name: resourceType + "/" + body.ID, entries: body.Entry}
	if body.ResourceType == "Bundle" && len(body.Entry) > 0 {
		came.text, came.name = body.Entry[0].Resource, body.Entry[0].FullURL
		body.ResourceType, body.ID = "", ""
		_ = json.Unmarshal(came.text, &body) // what it is not is refused below
	}
	if came.name == "" {
		came.name = resourceType + "/" + body.ID
	}
	for _, c := range body.Contained {
		came.entries = append(came.entries, bundleEntry{Resource: c})
	}
	if body.ResourceType != resourceType {
		refuse(w, http.StatusUnprocessableEntity, "structure", "Send a "+resourceType+", or a Bundle with a "+resourceType+" as its first entry.")
		return sent{}, false
	}
	return came, true
}

// coverage finds a Coverage that came along; one that did not is known by its identifier alone.
func (s sent) coverage(ref reference) coverageDocument {
	for _, entry := range s.entries {
		var c coverageDocument
		if json.Unmarshal(entry.Resource, &c) != nil || c.ResourceType != "Coverage" {
			continue
		}
		if entry.FullURL != "" && entry.FullURL == ref.Reference || c.ID != "" && tail(strings.TrimPrefix(ref.Reference, "#")) == c.ID {
			return c
		}
	}
	if ref.Identifier != nil {
		return coverageDocument{SubscriberID: ref.Identifier.Value}
	}
	return coverageDocument{}
}

// playOf gives which payer a document is for: by its organization at the practice's server, by the plan's name, else the first.
func (p *Payer) playOf(insurer reference) Play {
	for _, play := range p.config.Plays {
		if play.Organization == tail(insurer.Reference) {
			return play
		}
	}
	if insurer.Identifier != nil && Plans[insurer.Identifier.Value].Name != "" {
		return Play{Plan: insurer.Identifier.Value}
	}
	if i := slices.IndexFunc(p.config.Plays, func(play Play) bool { return play.Plan == ACME }); i < 0 && len(p.config.Plays) > 0 {
		return Play{Plan: p.config.Plays[0].Plan}
	}
	return Play{Plan: ACME}
}

const noMember = "The member is not told: send the Coverage that insurance names in the Bundle, or its number as insurance.coverage.identifier."
