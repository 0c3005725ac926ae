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
	Pend          Event = "pend"           // the payer says that it works on it
	Reject        Event = "reject"         // the payer turns it away at the door
	JudgePart     Event = "judge-part"     // some lines are judged
	Adjudicate    Event = "adjudicate"     // the payer's balanced answer is in the books
	TakeBack      Event = "take-back"      // it was made by mistake and never sent
	Reverse       Event = "reverse"        // the payer takes its answer back
	Replace       Event = "replace"        // a corrected claim is to come in its place
	Void          Event = "void"           // it is to be taken back
	Confirm       Event = "confirm"        // the payer answered the claim that comes after it
	Refuse        Event = "refuse"         // the payer turned that one away
)

// moves is the whole lifecycle; what is not in it is refused. An adjudicated claim takes no second judgement, because its charges are
// posted: the payer takes back the one that stands first.
var moves = map[models.ClaimState]map[Event]models.ClaimState{
	models.ClaimDraft:       unsent,
	models.ClaimHeld:        unsent,
	models.ClaimReady:       with(unsent, Transmit, models.ClaimTransmitted),
	models.ClaimRejected:    with(unsent, Reject, models.ClaimRejected),
	models.ClaimTransmitted: with(asked, Receive, models.ClaimReceived),
	models.ClaimReceived:    asked,
	models.ClaimPending:     asked,
	models.ClaimForwarded:   with(asked, Receive, models.ClaimForwarded),
	models.ClaimPartly: {
		Receive: models.ClaimPartly, Pend: models.ClaimPartly, JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated, Reverse: models.ClaimReversed,
		Replace: models.ClaimReplacing, Void: models.ClaimVoiding,
	},
	models.ClaimAdjudicated: {Reverse: models.ClaimReversed, Replace: models.ClaimReplacing, Void: models.ClaimVoiding},
	models.ClaimReversed: {
		Receive: models.ClaimReversed, Pend: models.ClaimReversed, JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated, Reverse: models.ClaimReversed,
		Replace: models.ClaimReplacing, Void: models.ClaimVoiding,
	},
	models.ClaimReplacing: with(following(models.ClaimReplacing, models.ClaimReplaced), Replace, models.ClaimReplacing),
	models.ClaimVoiding:   with(following(models.ClaimVoiding, models.ClaimVoided), Void, models.ClaimVoiding),
}

// asked is what may happen to a claim that its payer has and did not judge.
var asked = map[Event]models.ClaimState{
	Receive: models.ClaimPending, Pend: models.ClaimPending, Reject: models.ClaimRejected, JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated,
	Replace: models.ClaimReplacing, Void: models.ClaimVoiding,
}

// following is what may happen to a claim after which another one is to come: what its payer says of it changes nothing, until that answers
// the other one. One that it turns away needs no other.
func following(state, confirmed models.ClaimState) map[Event]models.ClaimState {
	return map[Event]models.ClaimState{
		Receive: state, Pend: state, JudgePart: state, Adjudicate: state, Reverse: state, Reject: models.ClaimRejected, Confirm: confirmed, Refuse: models.ClaimAdjudicated,
	}
}

// unsent is what may happen to a claim that is still made from its case.
var unsent = map[Event]models.ClaimState{
	ScrubbedClean: models.ClaimReady,
	FoundErrors:   models.ClaimHeld,
	TakeBack:      models.ClaimWithdrawn,
}

func with(row map[Event]models.ClaimState, event Event, state models.ClaimState) map[Event]models.ClaimState {
	more := maps.Clone(row)
	more[event] = state
	return more
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
