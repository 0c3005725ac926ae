package payer

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// submit takes a claim or a request for authorization (Da Vinci PAS Claim/$submit).
func (p *Payer) submit(w http.ResponseWriter, r *http.Request) {
	came, ok := receive(w, r, "Claim")
	if !ok {
		return
	}
	var d claimDocument
	if json.Unmarshal(came.text, &d) != nil {
		refuse(w, http.StatusUnprocessableEntity, "structure", "The Claim cannot be read.")
		return
	}
	c, err := d.read()
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, "invalid", "The Claim cannot be judged: every item needs a net amount in cents, and there must be one.")
		return
	}
	play := p.playOf(d.Insurer)
	c.Plan, c.Organization, c.Member = play.Plan, play.Organization, came.coverage(d.focal().Coverage).member()
	if c.Member == "" {
		refuse(w, http.StatusUnprocessableEntity, "required", noMember)
		return
	}
	p.round.Lock()
	defer p.round.Unlock()
	if d.Use == "preauthorization" {
		p.authorize(w, c, d, came.name)
		return
	}
	if !p.has(c) {
		err = p.take(c)
	}
	if err == nil {
		err = p.settle(r.Context())
	}
	if err != nil {
		p.log.Warn("payer took a claim and could not answer it", "error", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	write(w, http.StatusOK, fhirJSON, p.state.standing(p.state.arrived[c.arrival()]))
}

// authorize answers a request for authorization as it stands.
func (p *Payer) authorize(w http.ResponseWriter, c *Claim, d claimDocument, reference string) {
	request := p.requested(c, d)
	if request == nil {
		request = p.request(c, d, reference)
		if err := p.note(event{Kind: requestCame, Request: request}); err != nil {
			refuse(w, http.StatusInternalServerError, "exception", "The request could not be kept; send it again.")
			return
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	write(w, http.StatusOK, fhirJSON, p.state.authorized(request, p.now()))
}

// requested gives the request of the member that came before under the same number; nil where none did.
func (p *Payer) requested(c *Claim, d claimDocument) *Preauthorization {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, known := range p.state.requests {
		if known.Member == c.Member && known.isAbout(d) {
			return known
		}
	}
	return nil
}

// request is one that comes now.
func (p *Payer) request(c *Claim, d claimDocument, reference string) *Preauthorization {
	p.mu.Lock()
	defer p.mu.Unlock()
	same := 0
	for _, other := range p.state.requests {
		if other.Member == c.Member && other.Serviced == c.Serviced {
			same++
		}
	}
	key := p.state.seed + "|" + c.Member + "|" + c.Serviced + "|" + strconv.Itoa(same)
	return &Preauthorization{Key: key, Plan: c.Plan, Member: c.Member, Serviced: c.Serviced, Came: p.now(), Document: d, Reference: reference}
}

// isAbout reports whether a document is or asks about the request: it has the same number.
func (r *Preauthorization) isAbout(d claimDocument) bool {
	for _, mine := range r.Document.Identifier {
		for _, other := range d.Identifier {
			if mine.Value != "" && mine.Value == other.Value {
				return true
			}
		}
	}
	return false
}

// inquire tells how a claim or a request stands that looks like the one that is sent (Da Vinci PAS Claim/$inquire).
func (p *Payer) inquire(w http.ResponseWriter, r *http.Request) {
	came, ok := receive(w, r, "Claim")
	if !ok {
		return
	}
	var d claimDocument
	if json.Unmarshal(came.text, &d) != nil {
		refuse(w, http.StatusUnprocessableEntity, "structure", "The Claim cannot be read.")
		return
	}
	member := came.coverage(d.focal().Coverage).member()
	p.mu.Lock()
	defer p.mu.Unlock()
	if d.Use == "preauthorization" {
		for _, known := range p.state.requests {
			if known.isAbout(d) || len(d.Identifier) == 0 && known.Member == member {
				write(w, http.StatusOK, fhirJSON, p.state.authorized(known, p.now()))
				return
			}
		}
	}
	entries := []object{}
	if c := p.state.like(d, member); c != nil {
		entries = append(entries, object{"resource": p.state.standing(c)})
	}
	write(w, http.StatusOK, fhirJSON, object{"resourceType": "Bundle", "type": "collection", "entry": entries})
}

// like gives the latest claim that a query by example is about: by its id or number, else by the member and the day.
func (s *state) like(d claimDocument, member string) *Claim {
	query := Claim{ID: d.ID}
	if len(d.Identifier) > 0 {
		query.Number = d.Identifier[0]
	}
	if len(d.Item) > 0 {
		query.Serviced = d.Item[0].ServicedDate
	}
	var found *Claim
	for _, c := range s.claims {
		byName := query.ID != "" && c.ID == query.ID || query.Number.Value != "" && c.Number.Value == query.Number.Value
		byDay := query.ID == "" && query.Number.Value == "" && c.Member == member && (query.Serviced == "" || c.Serviced == query.Serviced)
		if (byName || byDay) && (found == nil || c.Received.After(found.Received) || c.Received.Equal(found.Received) && c.Key > found.Key) {
			found = c
		}
	}
	return found
}

// standing gives what a payer says of a claim now: what its scenario tells who asks, else its last answer, else that it came.
func (s *state) standing(c *Claim) json.RawMessage {
	says := Step{Letter: Acknowledgement, Category: "A2", Status: "20", Text: "The claim was accepted."}
	for _, step := range s.script(c) {
		if step.On == OnInquiry {
			says = step
		}
	}
	document := json.RawMessage(nil)
	for _, l := range s.letters {
		if l.Claim == c.Key && l.State != Due && l.State != Dropped && l.Step.Letter != Documents {
			document = l.Document
		}
	}
	if document == nil {
		document = s.document(&Letter{Claim: c.Key, Step: says, Day: c.Received.Format("2006-01-02"), Number: c.icn()})
	}
	return document
}

// ask answers a question about eligibility at the payer's own door.
func (p *Payer) ask(w http.ResponseWriter, r *http.Request) {
	came, ok := receive(w, r, "CoverageEligibilityRequest")
	if !ok {
		return
	}
	var d questionDocument
	if json.Unmarshal(came.text, &d) != nil {
		refuse(w, http.StatusUnprocessableEntity, "structure", "The CoverageEligibilityRequest cannot be read.")
		return
	}
	coverage := came.coverage(d.coverage())
	if coverage.member() == "" {
		refuse(w, http.StatusUnprocessableEntity, "required", noMember)
		return
	}
	q := d.read("", p.playOf(d.Insurer).Plan, coverage)
	p.round.Lock()
	defer p.round.Unlock()
	q.Document = p.respond(q, d)
	if err := p.note(event{Kind: questionCame, Question: q}); err != nil {
		refuse(w, http.StatusInternalServerError, "exception", "The question could not be kept; send it again.")
		return
	}
	write(w, http.StatusOK, fhirJSON, q.Document)
}
