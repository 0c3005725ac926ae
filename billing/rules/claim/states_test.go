package claim_test

import (
	"maps"
	"testing"

	"medbill/billing/rules/claim"
	"medbill/models"
	"medbill/models/fault"
)

var events = []claim.Event{
	claim.ScrubbedClean, claim.FoundErrors, claim.Transmit, claim.Receive, claim.Accept, claim.Pend, claim.AskFor, claim.Lose, claim.Finalize, claim.Resend, claim.Reject, claim.RejectSyntax, claim.JudgePart, claim.Adjudicate, claim.TakeBack, claim.Reverse,
	claim.Replace, claim.Void, claim.Confirm, claim.Refuse, "unknown",
}

// states are all there are, and one there is not.
func states() []models.ClaimState {
	return append(models.ClaimStatesWhere(func(models.ClaimFacts) bool { return true }), "unknown")
}

func TestOnlyTheTablesMovesAreMade(t *testing.T) {
	type row map[claim.Event]models.ClaimState
	const (
		pending, received, accepted, asked, lost, finalized = models.ClaimPending, models.ClaimReceived, models.ClaimAccepted, models.ClaimAsked, models.ClaimLost, models.ClaimFinalized
		rejected, syntax, partly, judged, reversed          = models.ClaimRejected, models.ClaimSyntax, models.ClaimPartly, models.ClaimAdjudicated, models.ClaimReversed
		replacing, voiding, forwarded                       = models.ClaimReplacing, models.ClaimVoiding, models.ClaimForwarded
	)
	unsent := func(more row) row {
		all := row{claim.ScrubbedClean: models.ClaimReady, claim.FoundErrors: models.ClaimHeld, claim.TakeBack: models.ClaimWithdrawn}
		maps.Copy(all, more)
		return all
	}
	sent := func(received, lost models.ClaimState, more row) row {
		all := row{
			claim.Receive: received, claim.Accept: accepted, claim.Pend: pending, claim.AskFor: asked, claim.Lose: lost, claim.Finalize: finalized, claim.Reject: rejected, claim.RejectSyntax: syntax,
			claim.JudgePart: partly, claim.Adjudicate: judged, claim.Replace: replacing, claim.Void: voiding,
		}
		maps.Copy(all, more)
		return all
	}
	resent := row{claim.Resend: models.ClaimTransmitted}
	stays := func(state models.ClaimState, more row) row {
		all := row{claim.Receive: state, claim.Accept: state, claim.Pend: state, claim.AskFor: state, claim.Lose: state, claim.Finalize: state, claim.JudgePart: state}
		maps.Copy(all, more)
		return all
	}
	allowed := map[models.ClaimState]row{
		models.ClaimDraft:       unsent(nil),
		models.ClaimHeld:        unsent(nil),
		models.ClaimReady:       unsent(row{claim.Transmit: models.ClaimTransmitted}),
		syntax:                  unsent(row{claim.Reject: rejected, claim.RejectSyntax: syntax}),
		rejected:                unsent(row{claim.Reject: rejected, claim.RejectSyntax: rejected}),
		models.ClaimTransmitted: sent(received, lost, resent),
		received:                sent(pending, lost, resent),
		accepted:                sent(pending, lost, resent),
		pending:                 sent(pending, lost, resent),
		asked:                   sent(asked, lost, resent),
		lost:                    sent(received, lost, resent),
		finalized:               sent(finalized, lost, resent),
		forwarded:               sent(forwarded, forwarded, nil),
		partly:                  stays(partly, row{claim.Adjudicate: judged, claim.Reverse: reversed, claim.Replace: replacing, claim.Void: voiding}),
		judged:                  {claim.Reverse: reversed, claim.Replace: replacing, claim.Void: voiding},
		reversed:                stays(reversed, row{claim.JudgePart: partly, claim.Adjudicate: judged, claim.Reverse: reversed, claim.Replace: replacing, claim.Void: voiding}),
		replacing: stays(replacing, row{
			claim.Adjudicate: replacing, claim.Reverse: replacing, claim.Replace: replacing, claim.Reject: rejected, claim.RejectSyntax: syntax, claim.Confirm: models.ClaimReplaced, claim.Refuse: judged,
		}),
		voiding: stays(voiding, row{
			claim.Adjudicate: voiding, claim.Reverse: voiding, claim.Void: voiding, claim.Reject: rejected, claim.RejectSyntax: syntax, claim.Confirm: models.ClaimVoided, claim.Refuse: judged,
		}),
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
