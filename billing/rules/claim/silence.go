package claim

import (
	"time"

	"medbill/models"
)

// waiting are the states in which it is the payer's turn to say something of a claim.
var waiting = map[models.ClaimState]bool{
	models.ClaimTransmitted: true, models.ClaimReceived: true, models.ClaimAccepted: true, models.ClaimPending: true, models.ClaimForwarded: true,
	models.ClaimPartly: true, models.ClaimReversed: true,
}

// Waits reports whether a claim in a state waits for its payer, and for nobody else.
func Waits(state models.ClaimState) bool { return waiting[state] }

// AnswerDue gives when the silence of the payer of a claim, which comes to a state now, becomes work: with the day on which the payer should have said something; 0 where it is not the payer's
// turn. A claim after which another one is to come waits as it did.
func AnswerDue(c models.Claim, state models.ClaimState, day models.Date, zone *time.Location) models.Instant {
	switch {
	case state == models.ClaimReplacing, state == models.ClaimVoiding:
		return c.AnswerDue
	case !Waits(state):
		return 0
	}
	return day.Start(zone)
}
