package claim

import (
	"slices"

	"medbill/models"
)

// Resumed gives the state in which a claim stands that was to be replaced or voided and is not any more: what its payer judged of it meanwhile, or where it was before.
func (in Input) Resumed(c models.Claim) models.ClaimState {
	judged, isAnswered := map[int]bool{}, false
	for _, a := range in.Answers {
		if a.ClaimID != c.ID {
			continue
		}
		isAnswered = isAnswered || a.Posted
		for _, l := range a.Lines {
			judged[l.LineSequence] = judged[l.LineSequence] || a.Judges()
		}
	}
	isJudged := func(l models.ClaimLine) bool { return judged[l.Sequence] }
	switch {
	case !slices.ContainsFunc(c.Lines, func(l models.ClaimLine) bool { return !isJudged(l) }):
		return models.ClaimAdjudicated
	case slices.ContainsFunc(c.Lines, isJudged):
		return models.ClaimPartly
	case isAnswered:
		return models.ClaimReversed
	}
	for _, m := range slices.Backward(c.Moves) {
		if m.State != models.ClaimReplacing && m.State != models.ClaimVoiding {
			return m.State
		}
	}
	return models.ClaimTransmitted // what another system sent
}
