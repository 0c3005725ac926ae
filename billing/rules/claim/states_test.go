package claim_test

import (
	"testing"

	"medbill/billing/rules/claim"
	"medbill/models"
	"medbill/models/fault"
)

var (
	states = []models.ClaimState{models.ClaimDraft, models.ClaimHeld, models.ClaimReady, models.ClaimTransmitted, models.ClaimAdjudicated, models.ClaimVoided, "unknown"}
	events = []claim.Event{claim.ScrubbedClean, claim.FoundErrors, claim.Corrected, claim.Transmit, claim.Adjudicate, claim.Void, "unknown"}
)

func TestOnlyTheTablesMovesAreMade(t *testing.T) {
	type move struct {
		from  models.ClaimState
		event claim.Event
	}
	allowed := map[move]models.ClaimState{
		{models.ClaimDraft, claim.ScrubbedClean}:    models.ClaimReady,
		{models.ClaimDraft, claim.FoundErrors}:      models.ClaimHeld,
		{models.ClaimHeld, claim.Corrected}:         models.ClaimDraft,
		{models.ClaimReady, claim.Transmit}:         models.ClaimTransmitted,
		{models.ClaimTransmitted, claim.Adjudicate}: models.ClaimAdjudicated,
		{models.ClaimDraft, claim.Void}:             models.ClaimVoided,
		{models.ClaimHeld, claim.Void}:              models.ClaimVoided,
		{models.ClaimReady, claim.Void}:             models.ClaimVoided,
	}
	for _, from := range states {
		for _, event := range events {
			got, err := claim.Next(from, event)
			want, ok := allowed[move{from, event}]
			switch {
			case ok && (err != nil || got != want):
				t.Errorf("%s on %s gives %s, %v; want %s", from, event, got, err, want)
			case !ok && (!fault.Is(err, fault.Conflict) || got != from):
				t.Errorf("%s on %s gives %s, %v; want a Conflict", from, event, got, err)
			}
		}
	}
}

func TestSentClaimIsNeverVoidedAsAMistake(t *testing.T) {
	for _, from := range states {
		if _, err := claim.Next(from, claim.Void); from.IsSent() && err == nil {
			t.Errorf("%s was voided", from)
		}
	}
}

func TestStatusShowsTheState(t *testing.T) {
	for state, want := range map[models.ClaimState]string{
		models.ClaimDraft: "draft", models.ClaimHeld: "draft", models.ClaimReady: "draft",
		models.ClaimTransmitted: "active", models.ClaimAdjudicated: "active", models.ClaimVoided: "entered-in-error",
	} {
		if got := claim.Status(state); got != want || state.IsSent() != (want == "active") {
			t.Errorf("Status(%s) = %s, want %s", state, got, want)
		}
	}
}
