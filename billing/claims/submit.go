package claims

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/ledger"
	"medbill/billing/rules/scrub"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Rest is what the office does around a claim in the same transaction: it plans a case again.
type Rest func(s *desk.Sheet, id models.CaseID) error

// Submit sends a claim to its payer: a FHIR payer finds it by search, so the state transmitted is the sending. Its case is
// planned first, so that what goes out says what the EHR says now. A claim that findings hold is refused with them
// (BusinessRule, and nothing is changed); one that the plan replaced is a Conflict; one that is sent already is given back as
// it is.
func Submit(s *desk.Sheet, id models.ClaimID, replan Rest) (models.Claim, error) {
	c, err := ours(s, id)
	if err == nil && c.State == models.ClaimForwarded {
		err = errForwarded
	}
	if err != nil || c.State.Facts().Sent {
		return c, err
	}
	if err := replan(s, c.CaseID); err != nil {
		return c, err
	}
	if c, err = ours(s, id); err == nil && c.State == models.ClaimForwarded {
		err = errForwarded
	}
	if err != nil || c.State.Facts().Sent {
		return c, err
	}
	if c.State == models.ClaimWithdrawn {
		return c, fault.At(fault.Conflict, "claim.withdrawn", "Claim.status", "The claim was taken back because its visit changed; send the claim that took its place.")
	}
	if c.State != models.ClaimReady {
		found, err := books.FindingsOf(s.View, c)
		if err != nil {
			return c, err
		}
		if issues := issuesOf(found); len(issues) > 0 {
			return c, fault.Of(fault.BusinessRule, issues)
		}
	}
	if err := Send(s, c); err != nil {
		return c, err
	}
	return ours(s, id)
}

// errForwarded refuses to send what a payer has already.
var errForwarded = fault.At(fault.Conflict, "claim.forwarded", "Claim.status",
	"The payer before passed the claim on, so its payer has it; wait for the answer. Where the payer says that it does not have it, enter that as an answer with the outcome error, and send the claim then.")

// ours gives a claim under the locks of its case and patient; one that records billing done elsewhere is a Conflict.
func ours(s *desk.Sheet, id models.ClaimID) (models.Claim, error) {
	c, known, err := books.Claim(s.View, id)
	if err != nil {
		return c, err
	}
	if !known {
		return c, fault.New(fault.Conflict, "claim.external", "The claim records billing done elsewhere and is not ours to work on.")
	}
	return c, books.Lock(s.Tx, string(c.CaseID), models.Ref{Type: "Patient", ID: string(c.PatientID)}.String())
}

// Send gives a ready claim to its payer; from then on its charges are billed. Those that a front end's draft made go into the
// books now.
func Send(s *desk.Sheet, c models.Claim) error {
	next, err := claim.Next(c.State, claim.Transmit)
	if err != nil {
		return err
	}
	if c.Sent = s.Today(); c.IsCorrection() {
		return sendAfter(s, c, next)
	}
	charges, err := books.Charges(s.View, c.CaseID)
	if err != nil {
		return err
	}
	charges = slices.DeleteFunc(charges, func(one models.Charge) bool { return !c.Bills(one.ID) })
	if err := post(s, c, charges); err != nil {
		return err
	}
	for i := range charges {
		charges[i].State = models.ChargeBilled
	}
	if err := books.SaveCharges(s.Tx, charges...); err != nil {
		return err
	}
	return leave(s, c, next)
}

// Resend gives a claim to its payer once more, as it is. It refuses (Conflict) one that the payer judged, turned away or got from another payer.
func Resend(s *desk.Sheet, id models.ClaimID) error {
	c, err := ours(s, id)
	if err != nil {
		return err
	}
	next, err := claim.Next(c.State, claim.Resend)
	if err != nil {
		return err
	}
	return s.MoveClaim(c, next)
}

// leave moves a claim out of the office's hands, to its payer or to nobody. One that its payer turned away waits for nobody then.
func leave(s *desk.Sheet, c models.Claim, next models.ClaimState) error {
	turnedAway := func(w models.WorkItem) bool {
		return w.Kind == models.WorkRejected && w.Subject == models.Ref{Type: "Claim", ID: string(c.ID)}
	}
	if err := s.Done(c.CaseID, turnedAway); err != nil {
		return err
	}
	return s.MoveClaim(c, next)
}

// post puts those of a claim's charges into the books that are not there yet.
func post(s *desk.Sheet, c models.Claim, charges []models.Charge) error {
	kase, _, err := books.Case(s.View, c.CaseID)
	if err != nil {
		return err
	}
	var entries []models.Entry
	for i := range charges {
		one := &charges[i]
		if one.IsPosted() {
			continue
		}
		one.State, one.Posting = models.ChargePosted, one.Posting+1
		if entry, moves := ledger.Charged(kase, *one, s.Today()); moves {
			entries = append(entries, entry)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if _, err := books.OpenAccount(s.Tx, c.PatientID); err != nil {
		return err
	}
	return s.Post(entries...)
}

// issuesOf gives the findings that hold a claim as issues of a refusal.
func issuesOf(findings []models.Finding) []fault.Issue {
	var issues []fault.Issue
	for _, f := range findings {
		if f.Severity == models.SeverityError {
			issues = append(issues, fault.Issue{Code: f.Rule, Path: f.Path, Text: f.Text + " " + f.Remedy})
		}
	}
	return issues
}

// Validate checks a claim and gives what the rules notice. The findings of a claim that is not sent are saved, and it becomes
// ready or held by them, and what a rule lacks is told as not checked; a sent claim only gives what was noticed last.
func Validate(s *desk.Sheet, id models.ClaimID, replan Rest) ([]models.Finding, error) {
	c, err := ours(s, id)
	if err != nil {
		return nil, err
	}
	if c.State.Facts().Editable {
		if err := replan(s, c.CaseID); err != nil {
			return nil, err
		}
	}
	found, err := books.FindingsOf(s.View, c)
	if err != nil || !c.State.Facts().Editable {
		return found, err
	}
	subject := scrub.Subject{Claim: c}
	if subject.Books, err = s.Books(scrub.DaysOf(c), scrub.Tables()...); err != nil {
		return nil, err
	}
	if subject.Expected, err = expected(s, c); err != nil {
		return nil, err
	}
	subject.Payers, err = s.PayerBook()
	return append(found, scrub.NotChecked(subject)...), err
}

// Standing gives a claim as it stands.
func Standing(id models.ClaimID) func(*desk.Sheet) (models.Claim, error) {
	return func(s *desk.Sheet) (models.Claim, error) { return ours(s, id) }
}
