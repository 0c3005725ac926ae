package claim

import (
	"medbill/models"
	"medbill/models/fault"
)

// Event is what happens to a claim.
type Event string

// The events of the spine.
const (
	ScrubbedClean Event = "scrubbed-clean" // no finding holds it
	FoundErrors   Event = "found-errors"   // a finding holds it
	Corrected     Event = "corrected"      // a person mended what held it
	Transmit      Event = "transmit"       // the payer gets it
	Adjudicate    Event = "adjudicate"     // the payer's balanced answer is in the books
	Void          Event = "void"           // it was made by mistake and never sent
)

// moves is the whole lifecycle; what is not in it is refused. An adjudicated claim takes no second answer, because its
// charges are posted: a correction first reverses the answer that stands.
var moves = map[models.ClaimState]map[Event]models.ClaimState{
	models.ClaimDraft: {
		ScrubbedClean: models.ClaimReady,
		FoundErrors:   models.ClaimHeld,
		Void:          models.ClaimVoided,
	},
	models.ClaimHeld: {
		Corrected: models.ClaimDraft,
		Void:      models.ClaimVoided,
	},
	models.ClaimReady: {
		Transmit: models.ClaimTransmitted,
		Void:     models.ClaimVoided,
	},
	models.ClaimTransmitted: {
		Adjudicate: models.ClaimAdjudicated,
	},
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

// statuses is how the lifecycle looks in FHIR. https://hl7.org/fhir/R4/codesystem-fm-status.html
var statuses = map[models.ClaimState]string{
	models.ClaimDraft:       "draft",
	models.ClaimHeld:        "draft",
	models.ClaimReady:       "draft",
	models.ClaimTransmitted: "active",
	models.ClaimAdjudicated: "active",
	models.ClaimVoided:      "entered-in-error",
}

// Status gives Claim.status for a state; "" for one that does not exist.
func Status(state models.ClaimState) string { return statuses[state] }
