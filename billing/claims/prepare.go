// Package claims is the claims desk: it makes the claims of a case and checks them, takes drafts of front ends, and sends what
// is ready. What claims there should be is decided by the plan of the rules below it.
package claims

import (
	"slices"
	"time"

	"medbill/billing/desk"
	"medbill/billing/inquiry"
	"medbill/billing/rules/casework"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/scrub"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/practice"
	"medbill/internal/store/books"
	"medbill/models"
)

// Prepare brings the claims of a case up to its charges and checks those that are not sent: each is ready to go or held for a
// person. hold keeps all of them back, "" for nothing. Where the practice wants it so, what is ready goes out.
func Prepare(s *desk.Sheet, c models.Case, hold string) error {
	in, err := inputOf(s, c)
	if err != nil {
		return err
	}
	p := &preparation{Sheet: s, kase: c, charges: in.Charges, existing: in.Existing, answers: in.Answers, hold: hold, moves: claim.Plan(in)}
	if err := p.authorize(); err != nil {
		return err
	}
	if err := p.byPractice(); err != nil {
		return err
	}
	var wanted []models.WorkItem
	for _, move := range p.moves {
		work, err := p.carryOut(move)
		if err != nil {
			return err
		}
		wanted = append(wanted, work...)
	}
	if err := replanBeside(p.Sheet, p.beside); err != nil {
		return err
	}
	return s.Work(c, models.OwnerScrub, wanted...)
}

// inputOf reads what the claims of a case are made of.
func inputOf(s *desk.Sheet, c models.Case) (claim.Input, error) {
	in := claim.Input{
		Case:      c,
		NewID:     func() models.ClaimID { return models.ClaimID(s.NewID()) },
		NewNumber: func() string { return claim.Number(s.NewNumber()) },
	}
	var err error
	if in.Existing, err = books.ClaimsOfCase(s.View, c.ID); err != nil {
		return in, err
	}
	if in.Charges, err = books.Charges(s.View, c.ID); err != nil {
		return in, err
	}
	if in.Diagnoses, err = books.Diagnoses(s.View, c.ID); err != nil {
		return in, err
	}
	payers, err := s.Payers(c.PatientID)
	if err != nil {
		return in, err
	}
	in.Payers = payers.Order
	in.Answers, err = books.AnswersOfCase(s.View, c.ID)
	return in, err
}

// preparation is one plan of claims while it is carried out.
type preparation struct {
	*desk.Sheet
	kase     models.Case
	charges  []models.Charge
	existing []models.Claim
	answers  []models.Answer
	hold     string
	moves    []claim.Move
	beside   []string // other cases whose claims were checked against one that is another one now
	practice *practice.Book
	subjects map[models.ClaimID]scrub.Subject // of the moves, where the practice's rules were asked already
	asked    []models.Authorization           // for the patient
}

// carryOut does one move and gives the work that comes of it.
func (p *preparation) carryOut(move claim.Move) ([]models.WorkItem, error) {
	switch move.Kind {
	case claim.Create, claim.Rebuild, claim.Keep:
		checked, err := p.check(move)
		if err != nil {
			return nil, err
		}
		if p.hold != "" {
			return nil, nil // the open item of the case says why; what else holds the claim is asked for after it
		}
		if checked.State == models.ClaimHeld {
			return p.held(checked)
		}
		if p.goesByItself(checked) || p.isDecided(checked) {
			return nil, Send(p.Sheet, checked)
		}
	case claim.Forward:
		move.Claim.State = models.ClaimForwarded
		return nil, p.forward(move.Claim)
	case claim.Withdraw:
		next, err := claim.Next(move.Claim.State, claim.TakeBack)
		if err != nil {
			return nil, err
		}
		if _, err := p.others(move); err != nil {
			return nil, err
		}
		return nil, leave(p.Sheet, move.Claim, next)
	}
	return nil, nil
}

// forward writes a claim that the payer before gave to its payer: nobody here sends it, so nothing of it is checked.
func (p *preparation) forward(c models.Claim) error {
	var err error
	if c.AnswerDue, err = p.AnswerDue(c, c.State); err != nil {
		return err
	}
	if err := books.SaveClaim(p.Tx, c); err != nil {
		return err
	}
	return books.SaveFindings(p.Tx, c, nil)
}

// goesByItself reports whether a claim is sent as soon as nothing holds it: where the practice wants that, but for one that its payer turned away, which somebody mends first.
func (p *preparation) goesByItself(c models.Claim) bool {
	return p.Settings().AutoSubmit && !slices.ContainsFunc(p.existing, func(o models.Claim) bool { return o.ID == c.ID && o.IsTurnedAway() })
}

// isDecided reports whether somebody decided already that a claim goes out: one that replaces or voids another, and that its payer did not
// turn away.
func (p *preparation) isDecided(c models.Claim) bool {
	return slices.ContainsFunc(p.existing, func(first models.Claim) bool {
		return first.ID == c.Replaces && (first.State == models.ClaimReplacing || first.State == models.ClaimVoiding)
	})
}

// held gives the work of a claim that its findings hold.
func (p *preparation) held(c models.Claim) ([]models.WorkItem, error) {
	found, err := books.FindingsOf(p.View, c)
	if err != nil {
		return nil, err
	}
	holding := slices.DeleteFunc(found, func(f models.Finding) bool { return f.Severity != models.SeverityError })
	item := models.WorkItem{
		Kind: models.WorkClaim, Subject: models.Ref{Type: "Claim", ID: string(c.ID)}, PatientID: c.PatientID,
		Reason: "Findings hold the claim; correct what they name.", Reasons: casework.Reasons(holding),
	}
	item.Role, item.Labels = scrub.Queues(p.practice, holding)
	if len(holding) > 0 {
		item.Category = holding[0].Rule
	}
	return []models.WorkItem{item}, nil
}

// check scrubs an unsent claim and saves it with its findings as ready or held.
func (p *preparation) check(move claim.Move) (models.Claim, error) {
	c := move.Claim
	findings, err := p.findingsOf(move)
	if err != nil {
		return c, err
	}
	before, err := books.FindingsOf(p.View, c)
	if err != nil {
		return c, err
	}
	findings = scrub.Overridden(findings, before)
	event := claim.ScrubbedClean
	if scrub.Holds(findings) {
		event = claim.FoundErrors
	}
	if c.State, err = claim.Next(c.State, event); err != nil {
		return c, err
	}
	if move.Kind != claim.Keep || c.State != move.Claim.State {
		if err := books.SaveClaim(p.Tx, c); err != nil {
			return c, err
		}
	}
	return c, books.SaveFindings(p.Tx, c, findings)
}

// findingsOf reads what a claim names and lets the rules look at it.
func (p *preparation) findingsOf(move claim.Move) ([]models.Finding, error) {
	if move.Claim.Frequency == models.FrequencyVoid {
		book, err := p.PayerBook()
		return scrub.Void(scrub.Subject{Claim: move.Claim, Today: p.Today(), Payers: book}), err // it says what the payer has
	}
	subject, err := p.subjectOf(move.Claim)
	if err != nil {
		return nil, err
	}
	if subject.Books, err = p.Books(scrub.DaysOf(move.Claim), scrub.Tables()...); err != nil {
		return nil, err
	}
	if subject.Others, err = p.others(move); err != nil {
		return nil, err
	}
	if subject.Payers, err = p.PayerBook(); err != nil {
		return nil, err
	}
	if subject.Expected, err = expected(p.Sheet, move.Claim); err != nil {
		return nil, err
	}
	if first := scrub.LooksBack(subject); first != "" {
		subject.Earlier, err = p.earlier(move, first)
	}
	return scrub.Run(subject), err
}

// expected gives what the payer of a claim is expected to allow by its contract, where there is one.
func expected(s *desk.Sheet, c models.Claim) (models.Expected, error) {
	book, err := inquiry.ContractBook(s.View)
	if err != nil || book == nil {
		return models.Expected{}, err
	}
	return inquiry.ExpectedBy(s.View, book, c)
}

// subjectOf gives a planned claim with its charges and with whom it names.
func (p *preparation) subjectOf(c models.Claim) (scrub.Subject, error) {
	if known, found := p.subjects[c.ID]; found {
		return known, nil
	}
	subject := scrub.Subject{Claim: c, Hold: p.hold, Today: p.Today(), Practice: p.practice, Authorizations: p.asked, Charges: map[models.ChargeID]models.Charge{}, Answers: map[models.AnswerID]models.Answer{}}
	for _, one := range p.charges {
		subject.Charges[one.ID] = one
	}
	for _, a := range p.answers {
		if slices.ContainsFunc(c.Prior, func(named models.Prior) bool { return named.AnswerID == a.ID }) {
			subject.Answers[a.ID] = a
		}
	}
	if err := parties(p.Sheet, &subject); err != nil {
		return subject, err
	}
	plan := []models.Coverage{subject.Coverage}
	err := p.Said(plan, p.kase.PatientID)
	subject.Coverage = plan[0]
	return subject, err
}

// parties reads everybody a claim names, a type at a time.
func parties(s *desk.Sheet, subject *scrub.Subject) error {
	found, err := s.Documents(named(subject.Claim)...)
	if err != nil {
		return err
	}
	fill(subject, found, s.Zone())
	isOne, err := isOnePatient(s, subject.Coverage.PatientID, subject.Claim.PatientID)
	if err == nil && isOne {
		subject.Coverage.PatientID = subject.Claim.PatientID
	}
	return err
}

// named are the records that a claim names.
func named(c models.Claim) []models.Ref {
	refs := []models.Ref{
		{Type: "Patient", ID: string(c.PatientID)}, {Type: "Coverage", ID: string(c.CoverageID)},
		{Type: "Organization", ID: string(c.InsurerID)}, {Type: "Organization", ID: string(c.BillingID)},
	}
	for _, who := range renderers(c) {
		refs = append(refs, models.Ref{Type: "Practitioner", ID: string(who.ID)})
	}
	return slices.DeleteFunc(refs, func(r models.Ref) bool { return r.ID == "" })
}

// fill tells a subject what the records say that its claim names.
func fill(subject *scrub.Subject, found []*fhir.Document, zone *time.Location) {
	c := subject.Claim
	subject.Renderers = map[models.Performer]models.Party{}
	for _, who := range renderers(c) {
		subject.Renderers[who] = models.Party{NPI: who.NPI}
	}
	for _, d := range found {
		switch d.Type() {
		case "Patient":
			subject.Patient = intake.Patient(d, zone)
		case "Coverage":
			subject.Coverage = intake.Coverage(d, zone)
		case "Practitioner":
			subject.Renderers[models.Performer{ID: models.PractitionerID(d.ID())}] = intake.Party(d)
		case "Organization":
			party := intake.Party(d)
			if party.ID == string(c.InsurerID) {
				subject.Insurer = party
			}
			if party.ID == string(c.BillingID) {
				subject.Billing = party
			}
		}
	}
}

// isOnePatient reports whether two records are of one patient: a record that was merged is the one that stands for it.
func isOnePatient(s *desk.Sheet, a, b models.PatientID) (bool, error) {
	if a == b {
		return true, nil
	}
	first, err := s.Survivor(a)
	if err != nil {
		return false, err
	}
	second, err := s.Survivor(b)
	return first == second, err
}

// renderers gives who did something on a claim, each once.
func renderers(c models.Claim) []models.Performer {
	list := []models.Performer{c.Rendering}
	for _, p := range c.Stay.Providers {
		if !slices.Contains(list, p.Who) {
			list = append(list, p.Who)
		}
	}
	for _, line := range c.Lines {
		if line.Rendering != (models.Performer{}) && !slices.Contains(list, line.Rendering) {
			list = append(list, line.Rendering)
		}
	}
	return list
}
