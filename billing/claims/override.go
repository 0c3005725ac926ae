package claims

import (
	"slices"

	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// OverrideRequest says of one finding of a claim, by its mark, that it does not hold the claim, and why; Undo takes that back.
type OverrideRequest struct {
	Mark   string
	Reason string
	Undo   bool
}

var (
	errNoFinding = fault.At(fault.Conflict, "finding.none", "finding", "The claim has no such finding now; check it again.")
	errFixed     = fault.At(fault.Conflict, "finding.fixed", "finding", "Nobody may override this; do what its remedy says.")
	errSent      = fault.At(fault.Conflict, "claim.sent", "Claim.status", "The claim went out with its findings; nothing of them changes now.")
)

// Override says that a finding does not hold a claim, and brings the claim up to that; the history of its work says who and why. It
// refuses what the claim's rules do not find now, what nobody may override, a claim that went out (each Conflict), and who is not of the role that may (Forbidden). The same again changes nothing.
func Override(s *desk.Sheet, p auth.Principal, id models.ClaimID, r OverrideRequest, replan Rest) ([]models.Finding, error) {
	c, err := ours(s, id)
	if err != nil {
		return nil, err
	}
	if !c.State.Facts().Editable {
		return nil, errSent
	}
	if !r.Undo {
		if err := fault.Under("reason", models.CheckText(r.Reason)); err != nil {
			return nil, err
		}
	}
	findings, err := books.FindingsOf(s.View, c)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(findings, func(f models.Finding) bool { return f.Mark == r.Mark })
	if at < 0 {
		return nil, errNoFinding
	}
	f := &findings[at]
	if f.Override.Role == "" {
		return nil, errFixed
	}
	if _, err := p.RequireOperation(f.Override.Role.Scope(), "Claim"); err != nil {
		return nil, err
	}
	before := f.Override
	f.Override = models.Override{Role: before.Role}
	said := "no more: " + f.Rule
	if !r.Undo {
		f.Override.By, f.Override.At, f.Override.Reason = s.Subject(), s.Now(), r.Reason
		said = f.Rule + ": " + r.Reason
	}
	if before.Reason == f.Override.Reason {
		return findings, nil
	}
	if err := books.SaveFindings(s.Tx, c, findings); err != nil {
		return nil, err
	}
	noted, err := noteOverride(s, c, said)
	if err != nil {
		return nil, err
	}
	if err := replan(s, c.CaseID); err != nil {
		return nil, err
	}
	if !noted {
		if _, err := noteOverride(s, c, said); err != nil {
			return nil, err
		}
	}
	return books.FindingsOf(s.View, c)
}

// noteOverride writes what somebody said of a finding into the history of the work on its claim; false where none is open.
func noteOverride(s *desk.Sheet, c models.Claim, said string) (bool, error) {
	w, isOpen, err := books.OpenItem(s.View, models.WorkClaim, models.Ref{Type: "Claim", ID: string(c.ID)})
	if err != nil || !isOpen {
		return false, err
	}
	_, err = books.SaveWork(s.Tx, w, w, models.WorkOverrode, said)
	return true, err
}

// StandingFindings gives what the last check noticed about a claim.
func StandingFindings(id models.ClaimID) func(*desk.Sheet) ([]models.Finding, error) {
	return func(s *desk.Sheet) ([]models.Finding, error) {
		c, err := ours(s, id)
		if err != nil {
			return nil, err
		}
		return books.FindingsOf(s.View, c)
	}
}
