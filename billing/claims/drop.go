package claims

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/claim"
	"medbill/models"
	"medbill/models/fault"
)

var errGone = fault.At(fault.Conflict, "claim.sent", "decision", "There is no corrected claim that did not go out yet; void or replace the one that its payer has.")

// Drop decides that what was decided with some work does not happen: a claim which its payer has is not to be replaced or voided after all, or where it names none every first payer's claim of a case. What was
// to come after it is withdrawn, and it stands as before. It gives these claims, and refuses (Conflict) where nothing that was decided so is still to go out.
func Drop(s *desk.Sheet, kase models.Case, id models.ClaimID, work models.Ref) ([]models.Claim, error) {
	in, err := inputOf(s, kase)
	if err != nil {
		return nil, err
	}
	resumed := slices.DeleteFunc(slices.Clone(in.Existing), func(c models.Claim) bool {
		isIt := slices.ContainsFunc(models.Chain(in.Existing, c.ID), func(o models.Claim) bool { return o.ID == id })
		return !models.IsOpenCorrection(in.Existing, c) || id != "" && !isIt || id == "" && c.Position != 1 || decidedBy(c) != work
	})
	if len(resumed) == 0 {
		return nil, errGone
	}
	for _, c := range resumed {
		if next, any := models.Follower(in.Existing, c.ID); any {
			state, err := claim.Next(next.State, claim.TakeBack)
			if err != nil {
				return nil, err
			}
			if err := leave(s, next, state); err != nil {
				return nil, err
			}
		}
		if c.State != models.ClaimReplacing && c.State != models.ClaimVoiding {
			continue // its payer turned the corrected one away
		}
		if err := s.MoveClaim(c, in.Resumed(c)); err != nil {
			return nil, err
		}
	}
	return resumed, nil
}

// decidedBy gives the work with which it was last decided that a claim is to be replaced or voided.
func decidedBy(c models.Claim) models.Ref {
	for _, m := range slices.Backward(c.Moves) {
		if m.State == models.ClaimReplacing || m.State == models.ClaimVoiding {
			return m.From
		}
	}
	return models.Ref{}
}
