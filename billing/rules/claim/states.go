package claim

import (
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
)

// moves is the whole lifecycle; what is not in it is refused. An adjudicated claim takes no second judgement, because its charges are
// posted: the payer takes back the one that stands first.
var moves = map[models.ClaimState]map[Event]models.ClaimState{
	models.ClaimDraft:    unsent,
	models.ClaimHeld:     unsent,
	models.ClaimReady:    with(unsent, Transmit, models.ClaimTransmitted),
	models.ClaimRejected: with(unsent, Reject, models.ClaimRejected),
	models.ClaimTransmitted: {
		Receive: models.ClaimReceived, Pend: models.ClaimPending, Reject: models.ClaimRejected,
		JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated,
	},
	models.ClaimReceived: {
		Receive: models.ClaimPending, Pend: models.ClaimPending, Reject: models.ClaimRejected,
		JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated,
	},
	models.ClaimPending: {
		Receive: models.ClaimPending, Pend: models.ClaimPending, Reject: models.ClaimRejected,
		JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated,
	},
	models.ClaimPartly: {
		Receive: models.ClaimPartly, Pend: models.ClaimPartly, JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated, Reverse: models.ClaimReversed,
	},
	models.ClaimAdjudicated: {Reverse: models.ClaimReversed},
	models.ClaimReversed: {
		Receive: models.ClaimReversed, Pend: models.ClaimReversed, JudgePart: models.ClaimPartly, Adjudicate: models.ClaimAdjudicated, Reverse: models.ClaimReversed,
	},
}

// unsent is what may happen to a claim that is still made from its case.
var unsent = map[Event]models.ClaimState{
	ScrubbedClean: models.ClaimReady,
	FoundErrors:   models.ClaimHeld,
	TakeBack:      models.ClaimWithdrawn,
}

func with(row map[Event]models.ClaimState, event Event, state models.ClaimState) map[Event]models.ClaimState {
	more := map[Event]models.ClaimState{event: state}
	for e, s := range row {
		more[e] = s
	}
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
