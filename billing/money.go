package billing

import (
	"context"

	"medbill/billing/accounts"
	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// Pay puts a patient's payment in the books. See accounts.Pay.
func (o *Office) Pay(ctx context.Context, p auth.Principal, c Call, request accounts.PaymentRequest) (desk.Done[models.Invoice], error) {
	request.Key = c.Key
	if err := request.Check(); err != nil {
		return desk.Done[models.Invoice]{}, err
	}
	return desk.Do(ctx, o.db, p, c.command(auth.OperationPay, invoiceOf(request.InvoiceID), request.Text()),
		goingOn(func(s *desk.Sheet) (models.Invoice, []models.CaseID, error) { return o.cashier().Pay(s, p, request) }), accounts.Standing(request.InvoiceID))
}

// Collect puts money of a patient in the books, with or without a bill. See accounts.Collect.
func (o *Office) Collect(ctx context.Context, p auth.Principal, c Call, request accounts.CollectRequest) (desk.Done[models.Payment], error) {
	request.Key = c.Key
	if err := request.Check(); err != nil {
		return desk.Done[models.Payment]{}, err
	}
	return desk.Do(ctx, o.db, p, c.command(auth.OperationPay, models.Ref{Type: "Patient", ID: string(request.PatientID)}, request.Text()),
		goingOn(func(s *desk.Sheet) (models.Payment, []models.CaseID, error) {
			return o.cashier().Collect(s, p, request)
		}), accounts.StandingPayment(p.Caller(), c.Key))
}

// ReversePayment takes a payment back whose money is not there after all. See accounts.Reverse.
func (o *Office) ReversePayment(ctx context.Context, p auth.Principal, c Call, request ReverseRequest) (desk.Done[models.Payment], error) {
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeAdjust, noticeOf(request.PaymentID), request),
		goingOn(func(s *desk.Sheet) (models.Payment, []models.CaseID, error) { return accounts.Reverse(s, request) }), accounts.StandingNotice(request.PaymentID))
}

// MovePayment has a payment pay another invoice than it does. See accounts.Move.
func (o *Office) MovePayment(ctx context.Context, p auth.Principal, c Call, request MoveRequest) (desk.Done[models.Payment], error) {
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeAdjust, noticeOf(request.PaymentID), request),
		goingOn(func(s *desk.Sheet) (models.Payment, []models.CaseID, error) { return accounts.Move(s, request) }), accounts.StandingNotice(request.PaymentID))
}

// WriteOffInvoice has the practice ask a patient for less. See accounts.WriteOff.
func (o *Office) WriteOffInvoice(ctx context.Context, p auth.Principal, c Call, request WriteOffRequest) (desk.Done[models.Invoice], error) {
	if err := request.Check(); err != nil {
		return desk.Done[models.Invoice]{}, err
	}
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeAdjust, invoiceOf(request.InvoiceID), request),
		goingOn(func(s *desk.Sheet) (models.Invoice, []models.CaseID, error) {
			i, err := accounts.WriteOff(s, p, request)
			return i, []models.CaseID{i.CaseID}, err
		}), accounts.Standing(request.InvoiceID))
}

// WriteOffBalance has the practice ask a patient for less of a balance from before. See accounts.WriteOffBalance.
func (o *Office) WriteOffBalance(ctx context.Context, p auth.Principal, c Call, request WriteOffRequest) (desk.Done[models.Opening], error) {
	if err := request.Check(); err != nil {
		return desk.Done[models.Opening]{}, err
	}
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeAdjust, chargeItemOf(request.ChargeID), request),
		goingOn(func(s *desk.Sheet) (models.Opening, []models.CaseID, error) {
			off, err := accounts.WriteOffBalance(s, p, request)
			return off, []models.CaseID{off.CaseID()}, err
		}), accounts.StandingBalance(request.ChargeID))
}

// RevertBalance has a patient owe a balance from before again. See accounts.RevertBalance.
func (o *Office) RevertBalance(ctx context.Context, p auth.Principal, c Call, id models.ChargeID) (desk.Done[models.Opening], error) {
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeAdjust, chargeItemOf(id), "revert"),
		goingOn(func(s *desk.Sheet) (models.Opening, []models.CaseID, error) { return accounts.RevertBalance(s, id) }), accounts.StandingBalance(id))
}

func chargeItemOf(id models.ChargeID) models.Ref {
	return models.Ref{Type: "ChargeItem", ID: string(id)}
}

// RevertWriteOff has a patient asked again for what was written off. See accounts.Revert.
func (o *Office) RevertWriteOff(ctx context.Context, p auth.Principal, c Call, id models.InvoiceID) (desk.Done[models.Invoice], error) {
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeAdjust, invoiceOf(id), "revert"),
		func(s *desk.Sheet) (models.Invoice, error) { return accounts.Revert(s, id) }, accounts.Standing(id))
}

// RefundPatient gives a patient money back that pays nothing. See accounts.Refund.
func (o *Office) RefundPatient(ctx context.Context, p auth.Principal, c Call, request RefundRequest) (desk.Done[[]models.Refund], error) {
	request.Key = c.Key
	if err := request.Check(); err != nil {
		return desk.Done[[]models.Refund]{}, err
	}
	refund := func(s *desk.Sheet) ([]models.Refund, error) { return accounts.Refund(s, p, request) }
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeRefund, models.Ref{Type: "Patient", ID: string(request.PatientID)}, request), refund, accounts.RefundsUnder(p, request.PatientID, c.Key))
}

// PayRefund says that a refund went to the patient. See accounts.PayRefund.
func (o *Office) PayRefund(ctx context.Context, p auth.Principal, c Call, patient models.PatientID, id models.RefundID, how Payout) (desk.Done[models.Refund], error) {
	if err := how.Check(); err != nil {
		return desk.Done[models.Refund]{}, err
	}
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeAdjust, models.Ref{Type: "Patient", ID: string(patient)}, []any{id, how}),
		func(s *desk.Sheet) (models.Refund, error) { return accounts.PayRefund(s, patient, id, how) }, accounts.StandingRefund(patient, id))
}

// CancelRefund has money not go back that was approved to. See accounts.CancelRefund.
func (o *Office) CancelRefund(ctx context.Context, p auth.Principal, c Call, patient models.PatientID, id models.RefundID, reason string) (desk.Done[models.Refund], error) {
	if err := fault.Under("reason", models.CheckLine(reason)); err != nil {
		return desk.Done[models.Refund]{}, err
	}
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeRefund, models.Ref{Type: "Patient", ID: string(patient)}, []any{"cancel", id, reason}),
		goingOn(func(s *desk.Sheet) (models.Refund, []models.CaseID, error) {
			return accounts.CancelRefund(s, p, patient, id, reason)
		}), accounts.StandingRefund(patient, id))
}

// goingOn gives a use case of the patients' money with what follows: the cases that it is about stand as it says.
func goingOn[T any](do func(*desk.Sheet) (T, []models.CaseID, error)) func(*desk.Sheet) (T, error) {
	return func(s *desk.Sheet) (T, error) {
		made, cases, err := do(s)
		if err != nil {
			return made, err
		}
		return made, standAll(s, cases)
	}
}

func invoiceOf(id models.InvoiceID) models.Ref { return models.Ref{Type: "Invoice", ID: string(id)} }

func noticeOf(id models.PaymentID) models.Ref {
	return models.Ref{Type: "PaymentNotice", ID: string(id)}
}

// refundIt approves that all that is a patient's goes back.
func refundIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	_, err := accounts.Refund(s, v.by, RefundRequest{PatientID: w.PatientID, Reason: v.Reason})
	return err
}

// revertIt asks a patient again for what was written off.
func revertIt(s *desk.Sheet, w models.WorkItem, _ Verdict) error {
	cases, err := accounts.RevertAll(s, w.PatientID)
	if err != nil {
		return err
	}
	return standAll(s, cases)
}

// winIt has a payment stand again that a bank took back.
func winIt(s *desk.Sheet, w models.WorkItem, _ Verdict) error {
	_, cases, err := accounts.Win(s, models.PaymentID(w.Subject.ID))
	if err != nil {
		return err
	}
	return standAll(s, cases)
}

// loseIt leaves it taken back, and charges the patient for that.
func loseIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	cases, err := accounts.Lose(s, models.PaymentID(w.Subject.ID), v.Fee)
	if err != nil {
		return err
	}
	return standAll(s, cases)
}
