package claim_test

import (
	"testing"

	"medbill/billing/rules/claim"
	"medbill/models"
	"medbill/models/fault"
)

var events = []claim.Event{
	claim.ScrubbedClean, claim.FoundErrors, claim.Transmit, claim.Receive, claim.Pend, claim.Reject, claim.JudgePart, claim.Adjudicate, claim.TakeBack, claim.Reverse,
	claim.Replace, claim.Void, claim.Confirm, claim.Refuse, "unknown",
}

// states are all there are, and one there is not.
func states() []models.ClaimState {
	return append(models.ClaimStatesWhere(func(models.ClaimFacts) bool { return true }), "unknown")
}

func TestOnlyTheTablesMovesAreMade(t *testing.T) {
	type row map[claim.Event]models.ClaimState
	unsent := row{claim.ScrubbedClean: models.ClaimReady, claim.FoundErrors: models.ClaimHeld, claim.TakeBack: models.ClaimWithdrawn}
	allowed := map[models.ClaimState]row{
		models.ClaimDraft: unsent,
		models.ClaimHeld:  unsent,
		models.ClaimReady: {claim.ScrubbedClean: models.ClaimReady, claim.FoundErrors: models.ClaimHeld, claim.TakeBack: models.ClaimWithdrawn, claim.Transmit: models.ClaimTransmitted},
		models.ClaimRejected: {
			claim.ScrubbedClean: models.ClaimReady, claim.FoundErrors: models.ClaimHeld, claim.TakeBack: models.ClaimWithdrawn, claim.Reject: models.ClaimRejected,
		},
		models.ClaimTransmitted: {claim.Receive: models.ClaimReceived, claim.Pend: models.ClaimPending, claim.Reject: models.ClaimRejected, claim.JudgePart: models.ClaimPartly, claim.Adjudicate: models.ClaimAdjudicated, claim.Replace: models.ClaimReplacing, claim.Void: models.ClaimVoiding},
		models.ClaimReceived:    {claim.Receive: models.ClaimPending, claim.Pend: models.ClaimPending, claim.Reject: models.ClaimRejected, claim.JudgePart: models.ClaimPartly, claim.Adjudicate: models.ClaimAdjudicated, claim.Replace: models.ClaimReplacing, claim.Void: models.ClaimVoiding},
		models.ClaimPending:     {claim.Receive: models.ClaimPending, claim.Pend: models.ClaimPending, claim.Reject: models.ClaimRejected, claim.JudgePart: models.ClaimPartly, claim.Adjudicate: models.ClaimAdjudicated, claim.Replace: models.ClaimReplacing, claim.Void: models.ClaimVoiding},
		models.ClaimForwarded:   {claim.Receive: models.ClaimForwarded, claim.Pend: models.ClaimPending, claim.Reject: models.ClaimRejected, claim.JudgePart: models.ClaimPartly, claim.Adjudicate: models.ClaimAdjudicated, claim.Replace: models.ClaimReplacing, claim.Void: models.ClaimVoiding},
		models.ClaimPartly:      {claim.Receive: models.ClaimPartly, claim.Pend: models.ClaimPartly, claim.JudgePart: models.ClaimPartly, claim.Adjudicate: models.ClaimAdjudicated, claim.Reverse: models.ClaimReversed, claim.Replace: models.ClaimReplacing, claim.Void: models.ClaimVoiding},
		models.ClaimAdjudicated: {claim.Reverse: models.ClaimReversed, claim.Replace: models.ClaimReplacing, claim.Void: models.ClaimVoiding},
		models.ClaimReversed:    {claim.Receive: models.ClaimReversed, claim.Pend: models.ClaimReversed, claim.JudgePart: models.ClaimPartly, claim.Adjudicate: models.ClaimAdjudicated, claim.Reverse: models.ClaimReversed, claim.Replace: models.ClaimReplacing, claim.Void: models.ClaimVoiding},
		models.ClaimReplacing: {
			claim.Receive: models.ClaimReplacing, claim.Pend: models.ClaimReplacing, claim.JudgePart: models.ClaimReplacing, claim.Adjudicate: models.ClaimReplacing, claim.Reverse: models.ClaimReplacing,
			claim.Replace: models.ClaimReplacing, claim.Reject: models.ClaimRejected, claim.Confirm: models.ClaimReplaced, claim.Refuse: models.ClaimAdjudicated,
		},
		models.ClaimVoiding: {
			claim.Receive: models.ClaimVoiding, claim.Pend: models.ClaimVoiding, claim.JudgePart: models.ClaimVoiding, claim.Adjudicate: models.ClaimVoiding, claim.Reverse: models.ClaimVoiding,
			claim.Void: models.ClaimVoiding, claim.Reject: models.ClaimRejected, claim.Confirm: models.ClaimVoided, claim.Refuse: models.ClaimAdjudicated,
		},
	}
	for _, from := range states() {
		for _, event := range events {
			got, err := claim.Next(from, event)
			want, ok := allowed[from][event]
			switch {
			case ok && (err != nil || got != want):
				t.Errorf("%s on %s gives %s, %v; want %s", from, event, got, err, want)
			case !ok && (!fault.Is(err, fault.Conflict) || got != from):
				t.Errorf("%s on %s gives %s, %v; want a Conflict", from, event, got, err)
			}
		}
	}
}

// Only what no payer has can be taken back as a mistake, made anew or held; only what a payer has can be judged.
func TestFactsOfAStateAllowItsMoves(t *testing.T) {
	ours := map[claim.Event]bool{claim.ScrubbedClean: true, claim.FoundErrors: true, claim.TakeBack: true}
	for _, from := range states() {
		facts := from.Facts()
		for _, event := range events {
			_, err := claim.Next(from, event)
			switch {
			case ours[event] && facts.Editable != (err == nil):
				t.Errorf("%s on %s gives %v, editable is %v", from, event, err, facts.Editable)
			case event == claim.Transmit && err == nil != (from == models.ClaimReady):
				t.Errorf("%s can be sent: %v", from, err)
			case (event == claim.JudgePart || event == claim.Adjudicate) && err == nil && !facts.Awaited:
				t.Errorf("%s can be judged, and nobody waits for it", from)
			}
		}
	}
}

// What happens to a claim never takes it back to where its payer may not see what he was sent.
func TestPayerKeepsSeeingWhatHeWasSent(t *testing.T) {
	for _, from := range states() {
		for _, event := range events {
			if to, err := claim.Next(from, event); err == nil && from.Facts().Sent && !to.Facts().PayerSees {
				t.Errorf("%s on %s gives %s, which its payer does not see", from, event, to)
			}
		}
	}
}
