package claim

import (
	"slices"

	"medbill/models"
)

// after gives what follows from the answers to claims that were sent: the claims to next payers, and where a person decides.
func (in Input) after() []Move {
	var moves []Move
	open := slices.DeleteFunc(slices.Clone(in.Existing), func(c models.Claim) bool {
		return !c.State.Facts().Editable || c.Position == 1 || c.IsDrafted() || c.Frequency == models.FrequencyVoid
	})
	for _, c := range in.Existing {
		if c.State != models.ClaimAdjudicated {
			continue
		}
		moved, left := in.left(c.ID)
		next, isNext := After(in.Payers(c.ServiceFrom), c)
		switch isPassed, isUnplaced := in.passed(c); {
		case isUnplaced: // a person says who has it
		case isPassed:
			moves = append(moves, in.forwarded(in.nextOf(c, next), &open)...)
		case !left, moved == "" && !isNext:
		case moved == "":
			moves = append(moves, Move{Kind: NextPayer, Claim: c, Reason: "Another plan pays before the patient; send the claim there with this payer's answer."})
		case !isNext || next.PayerID != moved:
			moves = append(moves, Move{Kind: NextPayer, Claim: c, Reason: "The next payer owes what this one left, and its plan does not come next any more; decide who is asked."})
		default:
			moves = append(moves, in.toNext(in.nextOf(c, next), &open)...)
		}
	}
	for _, c := range open {
		moves = append(moves, Move{Kind: Withdraw, Claim: c})
	}
	return moves
}

// nextOf gives what the plan that comes after that of an adjudicated claim is asked for, without id and cause.
func (in Input) nextOf(c models.Claim, next models.Coverage) models.Claim {
	wanted := c
	wanted.CoverageID, wanted.InsurerID, wanted.Position, wanted.State = next.ID, next.PayerID, c.Position+1, models.ClaimDraft
	wanted.Sent, wanted.KnownAs, wanted.Created, wanted.Updated = "", "", 0, 0
	wanted = in.instead(wanted, "", models.FrequencyFirst)
	if c.IsCorrection() && in.Case.Stay.BillType != "" {
		wanted.Stay.BillType = in.Case.Stay.BillType
	}
	wanted.Lines = slices.Clone(c.Coded().Lines)
	wanted.Prior = slices.Clone(c.Prior)
	for _, a := range in.Answers {
		if a.ClaimID == c.ID && a.Judges() {
			wanted.Prior = append(wanted.Prior, models.Prior{CoverageID: c.CoverageID, AnswerID: a.ID})
		}
	}
	return wanted
}

// isFor reports whether a claim asks in the place of a wanted one.
func isFor(wanted models.Claim) func(models.Claim) bool {
	return func(other models.Claim) bool {
		return isSamePlace(other, wanted) && other.State.IsLive() && other.Frequency != models.FrequencyVoid
	}
}

// isLeaving reports whether the claim that stands for a wanted one is being taken back: it is asked for again once it is void.
func (in Input) isLeaving(wanted models.Claim) bool {
	return slices.ContainsFunc(in.Existing, func(other models.Claim) bool { return isSamePlace(other, wanted) && other.State == models.ClaimVoiding })
}

// made gives a wanted claim to a next payer as a new one.
func (in Input) made(wanted models.Claim) models.Claim {
	wanted.ID = in.NewID()
	wanted.Cause = models.CauseOfClaim(wanted.CaseID, wanted.Type, wanted.Position, wanted.CoverageID, wanted.Part, 1+in.madeBefore(wanted))
	return wanted
}

// toNext gives the move to a claim to a next payer as it is wanted, and takes the one that stands for it out of open.
func (in Input) toNext(wanted models.Claim, open *[]models.Claim) []Move {
	if in.isLeaving(wanted) {
		return nil
	}
	if at := slices.IndexFunc(*open, isFor(wanted)); at >= 0 {
		before := (*open)[at]
		*open = slices.Delete(*open, at, at+1)
		wanted = in.instead(wanted, before.Replaces, before.Frequency)
		wanted.ID, wanted.Cause, wanted.Created, wanted.State = before.ID, before.Cause, before.Created, before.State
		kind := Rebuild
		if says(before.Coded(), wanted) {
			kind = Keep
		}
		return []Move{{Kind: kind, Claim: wanted}}
	}
	inForce := models.InForce(in.Existing)
	if at := slices.IndexFunc(inForce, isFor(wanted)); at >= 0 {
		asked := inForce[at]
		if models.IsOpenCorrection(in.Existing, asked) {
			return in.follow(asked, wanted)
		}
		if in.isOverdue(asked, wanted.Prior) {
			return []Move{{Kind: NextPayer, Claim: asked, Reason: "A payer before corrected its answer after this claim went out; send the payer a corrected claim."}}
		}
		return nil
	}
	return []Move{{Kind: Create, Claim: in.made(wanted)}}
}

// isOverdue reports whether answers before say otherwise than a claim does that went out, and its payer has not judged by them since.
func (in Input) isOverdue(asked models.Claim, prior []models.Prior) bool {
	return !slices.Equal(asked.Prior, prior) && (!in.isAnsweredSince(asked.ID, prior) || in.isMissing(asked, prior))
}

// isAnsweredSince reports whether the payer of a claim judged it after the last of the answers before.
func (in Input) isAnsweredSince(id models.ClaimID, prior []models.Prior) bool {
	var own, others models.Instant
	for _, a := range in.Answers {
		switch {
		case a.ClaimID == id && a.Judges():
			own = max(own, a.Created)
		case slices.ContainsFunc(prior, func(p models.Prior) bool { return p.AnswerID == a.ID }):
			others = max(others, a.Created)
		}
	}
	return own > others
}

// isMissing reports whether answers before left a part of a charge that the claim does not ask for: its payer cannot have judged that.
func (in Input) isMissing(asked models.Claim, prior []models.Prior) bool {
	return slices.ContainsFunc(in.Answers, func(a models.Answer) bool {
		isPrior := slices.ContainsFunc(prior, func(p models.Prior) bool { return p.AnswerID == a.ID })
		return isPrior && slices.ContainsFunc(a.Lines, func(l models.AnswerLine) bool {
			return !asked.Bills(l.ChargeID) && slices.ContainsFunc(a.Adjustments, func(one models.Adjustment) bool {
				return one.LineSequence == l.LineSequence && one.GroupCode == groupPatient && one.Amount != 0
			})
		})
	})
}

// left reports whether the answers to a claim left something that the patient or the next payer owes, and to whom it went.
func (in Input) left(id models.ClaimID) (to models.OrganizationID, left bool) {
	for _, a := range in.Answers {
		if a.ClaimID != id || !a.Judges() {
			continue
		}
		if a.NextPayer != "" {
			return a.NextPayer, true
		}
		left = left || slices.ContainsFunc(a.Adjustments, func(one models.Adjustment) bool { return one.GroupCode == groupPatient && one.Amount != 0 })
	}
	return "", left
}

// groupPatient is the group code of patient responsibility. X12 CAS01.
const groupPatient = "PR"

// After gives the plan that comes after that of a claim in the order of those that pay; false where the claim's own is not in its place any
// more, or is the last.
func After(order []models.Coverage, c models.Claim) (models.Coverage, bool) {
	if len(order) <= c.Position || order[c.Position-1].ID != c.CoverageID {
		return models.Coverage{}, false
	}
	return order[c.Position], true
}
