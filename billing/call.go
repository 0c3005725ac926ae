package billing

import (
	"encoding/json"

	"medbill/billing/accounts"
	"medbill/billing/claims"
	"medbill/billing/coding"
	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/models"
)

// Call is how somebody wants an operation done: once under a key of their own, for rehearsal only, or only if the record is
// still in the version that it was decided on (of a visit, its case's). The zero Call does it in earnest, as often as it is
// called and whatever changed.
type Call struct {
	Key       string
	DryRun    bool
	IfVersion int64
}

// command gives the call as a command; input tells the same call from another one under the same key.
func (c Call) command(operation auth.Operation, subject models.Ref, input any) desk.Command {
	return desk.Command{Operation: operation, Subject: subject, Key: c.Key, Version: c.IfVersion, DryRun: c.DryRun, Input: textOf(input)}
}

// tenantCommand gives the call as a command of the tenant's own, which is about records of a type.
func (c Call) tenantCommand(operation auth.Operation, about string, input any) desk.Command {
	return desk.Command{Operation: operation, About: about, Key: c.Key, DryRun: c.DryRun, Input: textOf(input)}
}

func textOf(input any) string {
	text, err := json.Marshal(input)
	if err != nil {
		panic("billing: " + err.Error()) // inputs are plain structs
	}
	return string(text)
}

// What the doors hand over and get back, under the office's name.
type (
	// PaymentRequest is money a patient gives for an invoice.
	PaymentRequest = accounts.PaymentRequest
	// CollectRequest is money a patient gives, with or without a bill.
	CollectRequest = accounts.CollectRequest
	// ReverseRequest takes a payment back.
	ReverseRequest = accounts.ReverseRequest
	// MoveRequest has a payment pay another invoice.
	MoveRequest = accounts.MoveRequest
	// WriteOffRequest asks a patient for less.
	WriteOffRequest = accounts.WriteOffRequest
	// RefundRequest gives a patient money back.
	RefundRequest = accounts.RefundRequest
	// Payout is how a refund goes.
	Payout = accounts.Payout
	// HoldRequest is why a guarantor is to be sent no statements.
	HoldRequest = accounts.HoldRequest
	// DisputeRequest is what is wrong with an invoice.
	DisputeRequest = accounts.DisputeRequest
	// PlanRequest is what a guarantor agreed to pay in parts.
	PlanRequest = accounts.PlanRequest
	// StatementRun is what came of sending statements.
	StatementRun = accounts.StatementRun
	// Coded is what coding a visit led to.
	Coded = coding.Coded
	// OverrideRequest says of a finding that it does not hold its claim.
	OverrideRequest = claims.OverrideRequest
	// Chart is what a coder decides on.
	Chart = coding.View
	// Pause is why somebody keeps a visit from going out.
	Pause = coding.Pause
	// Rehearsed is what a dry run would have done.
	Rehearsed = desk.Rehearsed
	// Done is what came of a use case, or of its rehearsal.
	Done[T any] = desk.Done[T]
)
