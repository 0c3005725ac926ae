package claim

import (
	"maps"

	"medbill/models"
	"medbill/models/fault"
)

// Event is what happens to a claim.
type Event string

// The events.
const (
	ScrubbedClean Event = "scrubbed-clean" // no finding holds it
	FoundErrors   Event = "found-errors"   // a finding holds it
	Transmit      Event = "transmit"       // the payer gets it
	Receive       Event = "receive"        // the payer says that it has it
	Accept        Event = "accept"         // the payer says that it will judge it
	Pend          Event = "pend"           // the payer says that it works on it
	AskFor        Event = "ask-for"        // the payer waits for documents
	Lose          Event = "lose"           // the payer does not find it
	Finalize      Event = "finalize"       // the payer says that it answered
	Resend        Event = "resend"         // the payer gets it once more
	Reject        Event = "reject"         // the payer turns it away at the door
	RejectSyntax  Event = "reject-syntax"  // the payer cannot read it
	JudgePart     Event = "judge-part"     // some lines are judged
	Adjudicate    Event = "adjudicate"     // the payer's balanced answer is in the books
	TakeBack      Event = "take-back"      // it was made by mistake and never sent
	Reverse       Event = "reverse"        // the payer takes its answer back
	Replace       Event = "replace"        // a corrected claim is to come in its place
	Void          Event = "void"           // it is to be taken back
	Confirm       Event = "confirm"        // the payer answered the claim that comes after it
	Refuse        Event = "refuse"         // the payer turned that one away
)

// row is what may happen to a claim in one state, and which state it comes to.
type row = map[Event]models.ClaimState

// moves is the whole lifecycle; what is not in it is refused. An adjudicated claim takes no second judgement, because its charges are
// posted: the payer takes back the one that stands first.
var moves = map[models.ClaimState]row{
	models.ClaimDraft:       unsent,
	models.ClaimHeld:        unsent,
	models.ClaimReady:       with(unsent, row{Transmit: models.ClaimTransmitted}),
	models.ClaimSyntax:      with(unsent, row{Reject: models.ClaimRejected, RejectSyntax: models.ClaimSyntax}),
	models.ClaimRejected:    with(unsent, row{Reject: models.ClaimRejected, RejectSyntax: models.ClaimRejected}),
	models.ClaimTransmitted: with(sent, row{Receive: models.ClaimReceived}),
	models.ClaimReceived:    sent,
	models.ClaimAccepted:    sent,
	models.ClaimPending:     sent,
	models.ClaimAsked:       with(sent, row{Receive: models.ClaimAsked}),
	models.ClaimLost:        with(sent, row{Receive: models.ClaimReceived}),
	models.ClaimFinalized:   with(sent, row{Receive: models.ClaimFinalized}),
	models.ClaimForwarded:   with(asked, row{Receive: models.ClaimForwarded, Lose: models.ClaimForwarded}),
	models.ClaimPartly:      with(heard(models.ClaimPartly), again, row{Adjudicate: models.ClaimAdjudicated}),
	models.ClaimAdjudicated: again,
	models.ClaimReversed:    with(heard(models.ClaimReversed), again, row{JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated}),
	models.ClaimReplacing:   with(following(models.ClaimReplacing, models.ClaimReplaced), row{Replace: models.ClaimReplacing}),
	models.ClaimVoiding:     with(following(models.ClaimVoiding, models.ClaimVoided), row{Void: models.ClaimVoiding}),
}

// unsent is what may happen to a claim that is still made from its case.
var unsent = row{ScrubbedClean: models.ClaimReady, FoundErrors: models.ClaimHeld, TakeBack: models.ClaimWithdrawn}

// asked is what may happen to a claim that its payer has and did not judge, sent to one that was sent by us.
var (
	asked = row{
		Receive: models.ClaimPending, Accept: models.ClaimAccepted, Pend: models.ClaimPending, AskFor: models.ClaimAsked, Lose: models.ClaimLost, Finalize: models.ClaimFinalized,
		Reject: models.ClaimRejected, RejectSyntax: models.ClaimSyntax, JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated,
		Replace: models.ClaimReplacing, Void: models.ClaimVoiding,
	}
	sent = with(asked, row{Resend: models.ClaimTransmitted})
)

// again is what may happen to a claim of which something is judged.
var again = row{Reverse: models.ClaimReversed, Replace: models.ClaimReplacing, Void: models.ClaimVoiding}

// heard is that what a payer says of a claim short of judging it changes nothing.
func heard(state models.ClaimState) row {
	return row{Receive: state, Accept: state, Pend: state, AskFor: state, Lose: state, Finalize: state, JudgePart: state}
}

// following is what may happen to a claim after which another one is to come: what its payer says of it changes nothing, until that answers
// the other one. One that it turns away needs no other.
func following(state, confirmed models.ClaimState) row {
	return with(heard(state), row{
		Adjudicate: state, Reverse: state, Reject: models.ClaimRejected, RejectSyntax: models.ClaimSyntax, Confirm: confirmed, Refuse: models.ClaimAdjudicated,
	})
}

// with gives the rows as one; what a later one says counts.
func with(first row, more ...row) row {
	all := maps.Clone(first)
	for _, one := range more {
		maps.Copy(all, one)
	}
	return all
}

// Next gives the state after event. It refuses a move that is not in the table (Conflict, claim.state).
func Next(from models.ClaimState, event Event) (models.ClaimState, error) {
	next, ok := moves[from][event]
	if !ok {
		return from, fault.At(fault.Conflict, "claim.state", "Claim.status",
			"The claim is in a state that does not allow this; read it again and see what it waits for.")
	}
	return next, nil
}
