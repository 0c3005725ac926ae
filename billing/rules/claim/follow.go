package claim

import (
	"slices"

	"medbill/models"
)

// corrections gives the claims that come after others of their number, as far as they are not sent: what is to replace a claim says what the case is coded
// as now, what voids one repeats it. One to a next payer follows the answers before it, and is planned with those.
func (in Input) corrections() []Move {
	var moves []Move
	for _, first := range in.Existing {
		if !models.IsOpenCorrection(in.Existing, first) {
			continue
		}
		switch {
		case models.Correcting(in.Existing, first) == models.FrequencyVoid:
			moves = append(moves, in.follow(first, first)...)
		case first.Position == 1:
			if wanted, found := in.Corrected(first); found {
				moves = append(moves, in.follow(first, wanted)...)
			}
		}
	}
	return moves
}

// Corrected gives what the claim that a payer has would say now, without id, cause and whom it replaces; false where nothing is left of it. Charges that come stand
// on it, those that leave do not. All lines are for the payers that were asked: another one is asked by a claim of its own.
func (in Input) Corrected(first models.Claim) (models.Claim, bool) {
	inForce := models.InForce(in.Existing)
	wide := in
	wide.Charges = slices.DeleteFunc(slices.Clone(in.Charges), func(c models.Charge) bool {
		return c.State == models.ChargeLeaving || !c.IsPosted() && c.State != models.ChargeComing
	})
	for i := range wide.Charges {
		wide.Charges[i].State = models.ChargePosted
	}
	wide.Payers = func(day models.Date) []models.Coverage {
		order := in.Payers(day)
		isAsked := func(c models.Claim) bool { return c.Position == 1 && len(order) > 0 && c.CoverageID == order[0].ID }
		if at := slices.IndexFunc(inForce, isAsked); at >= 0 {
			return []models.Coverage{{ID: inForce[at].CoverageID, PayerID: inForce[at].InsurerID}}
		}
		return []models.Coverage{{ID: first.CoverageID, PayerID: first.InsurerID}}
	}
	for _, wanted := range wide.build() {
		if wanted.Type == first.Type && wanted.CoverageID == first.CoverageID && wanted.Part == first.Part {
			wanted.PatientID, wanted.Prior = first.PatientID, first.Prior
			return wanted, true
		}
	}
	return models.Claim{}, false
}

// Differs reports whether a claim would say something else now than its payer has.
func (in Input) Differs(first models.Claim) bool {
	wanted, found := in.Corrected(first)
	return found && !says(first.Coded(), in.instead(wanted, first.Replaces, first.Frequency))
}

// follow gives the move that brings the claim after first up to what it is to say. Until an answer gave the payer's number there is none.
func (in Input) follow(first, wanted models.Claim) []Move {
	if first.KnownAs == "" && !in.isAnswered(first.ID) {
		return nil
	}
	frequency := models.Correcting(in.Existing, first)
	if frequency == models.FrequencyReplace && in.IsUnprocessed(first.ID) {
		frequency = models.FrequencyAnew
	}
	wanted = in.instead(wanted, first.ID, frequency)
	wanted.Lines = slices.Clone(wanted.Lines)
	wanted.Number, wanted.Position, wanted.State, wanted.Sent, wanted.KnownAs, wanted.Created, wanted.Updated = first.Number, first.Position, models.ClaimDraft, "", "", 0, 0
	if before, any := models.Follower(in.Existing, first.ID); any {
		wanted.ID, wanted.Cause, wanted.Created, wanted.State = before.ID, before.Cause, before.Created, before.State
		if says(before.Coded(), wanted) {
			return []Move{{Kind: Keep, Claim: wanted}}
		}
		return []Move{{Kind: Rebuild, Claim: wanted}}
	}
	wanted.ID = in.NewID()
	wanted.Cause = models.CauseOfClaim(wanted.CaseID, wanted.Type, wanted.Position, wanted.CoverageID, wanted.Part, 1+in.madeBefore(wanted))
	return []Move{{Kind: Create, Claim: wanted}}
}

// instead gives a claim as it comes after another one, FrequencyFirst after none. The type of bill of a hospital's says so too.
func (in Input) instead(c models.Claim, replaces models.ClaimID, frequency models.ClaimFrequency) models.Claim {
	c.Replaces, c.Frequency, c.PayerNumber = replaces, frequency, in.numberOf(replaces)
	if frequency == models.FrequencyAnew {
		c.PayerNumber = "" // to its payer it comes after none
	}
	if frequency != models.FrequencyFirst && len(c.Stay.BillType) == 3 {
		c.Stay.BillType = c.Stay.BillType[:2] + string(frequency)
	}
	return c
}

// isAnswered reports whether a payer judged a claim, be it that it took that back.
func (in Input) isAnswered(id models.ClaimID) bool {
	return slices.ContainsFunc(in.Answers, func(a models.Answer) bool { return a.ClaimID == id && a.Posted && a.Kind != models.AnswerReversal })
}

// IsUnprocessed reports whether the payer of a claim says that it could not process it.
func (in Input) IsUnprocessed(id models.ClaimID) bool {
	return slices.ContainsFunc(in.Answers, func(a models.Answer) bool { return a.ClaimID == id && a.Judges() && a.IsUnprocessed() })
}

// numberOf gives the number by which its payer knows a claim, as system|value; "" where it named none.
func (in Input) numberOf(id models.ClaimID) string {
	for _, c := range in.Existing {
		if c.ID == id {
			return c.KnownAs
		}
	}
	return ""
}
