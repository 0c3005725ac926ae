package graph

import (
	"context"

	"medbill/billing"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// movedMoney runs a use case of patients' money and gives the payload of the patient whose money it was.
func movedMoney[T any](ctx context.Context, r *Resolver, how calling, place func(string) string, do func(auth.Principal, billing.Call) (billing.Done[T], error), whose func(T) models.PatientID) (*model.MoneyPayload, error) {
	moved, rehearsal, err := change(ctx, r, how, func(p auth.Principal, c billing.Call) (billing.Done[T], error) {
		done, err := do(p, c)
		return done, placed(err, place)
	})
	if err != nil {
		return nil, err
	}
	return model.MovedMoney(string(whose(moved)), rehearsal), nil
}

func paidBy(p models.Payment) models.PatientID   { return p.PatientID }
func invoiced(i models.Invoice) models.PatientID { return i.PatientID }

// some reads an amount above zero; 0 where none is given.
func some(path string, m *model.MoneyInput) (models.Cents, error) {
	if m == nil {
		return 0, nil
	}
	cents, err := amount(path, m)
	if err == nil {
		err = fault.Under(path+".value", models.CheckPaid(cents))
	}
	return cents, err
}

func (r *Resolver) collectPayment(ctx context.Context, input model.CollectPaymentInput, how calling) (*model.MoneyPayload, error) {
	paid, err := some("input.amount", input.Amount)
	if err == nil && input.Reference != nil {
		err = fault.Under("input.reference", models.CheckLine(*input.Reference))
	}
	if err != nil {
		return nil, err
	}
	request := billing.CollectRequest{
		PatientID: models.PatientID(input.Patient), For: models.RefOf(deref(input.For)), Amount: paid, Method: input.Method, Reference: deref(input.Reference), Processor: deref(input.Processor), Till: deref(input.Till),
	}
	if input.For != nil && request.For == (models.Ref{}) {
		return nil, fault.At(fault.Invalid, "value", "input.for", "What it is for is written as Type/id, such as Encounter/1.")
	}
	return movedMoney(ctx, r, how, inputPlace, func(p auth.Principal, c billing.Call) (billing.Done[models.Payment], error) {
		return r.office.Collect(ctx, p, c, request)
	}, paidBy)
}

func (r *Resolver) reversePayment(ctx context.Context, input model.ReversePaymentInput, how calling) (*model.MoneyPayload, error) {
	fee, err := some("input.fee", input.Fee)
	if err != nil {
		return nil, err
	}
	return movedMoney(ctx, r, how, inputPlace, func(p auth.Principal, c billing.Call) (billing.Done[models.Payment], error) {
		return r.office.ReversePayment(ctx, p, c, billing.ReverseRequest{PaymentID: models.PaymentID(input.Payment), Reason: input.Reason, Fee: fee})
	}, paidBy)
}

func (r *Resolver) allocatePayment(ctx context.Context, input model.AllocatePaymentInput, how calling) (*model.MoneyPayload, error) {
	share, err := some("input.amount", input.Amount)
	if err != nil {
		return nil, err
	}
	request := billing.MoveRequest{PaymentID: models.PaymentID(input.Payment), From: models.InvoiceID(deref(input.From)), To: models.InvoiceID(input.To), Amount: share}
	return movedMoney(ctx, r, how, inputPlace, func(p auth.Principal, c billing.Call) (billing.Done[models.Payment], error) {
		return r.office.MovePayment(ctx, p, c, request)
	}, paidBy)
}

func (r *Resolver) refundPayment(ctx context.Context, input model.RefundPaymentInput, how calling) (*model.MoneyPayload, error) {
	back, err := some("input.amount", input.Amount)
	if err != nil {
		return nil, err
	}
	request := billing.RefundRequest{PatientID: models.PatientID(input.Patient), PaymentID: models.PaymentID(deref(input.Payment)), Amount: back, Reason: input.Reason, Reference: deref(input.Reference), Till: deref(input.Till)}
	return movedMoney(ctx, r, how, inputPlace, func(p auth.Principal, c billing.Call) (billing.Done[[]models.Refund], error) {
		return r.office.RefundPatient(ctx, p, c, request)
	}, func([]models.Refund) models.PatientID { return request.PatientID })
}

func (r *Resolver) writeOff(ctx context.Context, input model.WriteOffInput, how calling) (*model.MoneyPayload, error) {
	off, err := some("input.amount", input.Amount)
	if err != nil {
		return nil, err
	}
	if err := oneNamed("input.", input.Invoice, input.ChargeItem); err != nil {
		return nil, err
	}
	request := billing.WriteOffRequest{
		InvoiceID: models.InvoiceID(deref(input.Invoice)), ChargeID: models.ChargeID(deref(input.ChargeItem)), Kind: input.Kind, Amount: off, Percent: deref(input.Percent), Poverty: input.Poverty, Reason: input.Reason,
	}
	if input.Invoice == nil {
		return movedMoney(ctx, r, how, inputPlace, func(p auth.Principal, c billing.Call) (billing.Done[models.Opening], error) {
			return r.office.WriteOffBalance(ctx, p, c, request)
		}, balanceOf)
	}
	return movedMoney(ctx, r, how, inputPlace, func(p auth.Principal, c billing.Call) (billing.Done[models.Invoice], error) {
		return r.office.WriteOffInvoice(ctx, p, c, request)
	}, invoiced)
}

func (r *Resolver) revertWriteOff(ctx context.Context, invoice, chargeItem *string, how calling) (*model.MoneyPayload, error) {
	if err := oneNamed("", invoice, chargeItem); err != nil {
		return nil, err
	}
	if invoice == nil {
		return movedMoney(ctx, r, how, argumentPlace, func(p auth.Principal, c billing.Call) (billing.Done[models.Opening], error) {
			return r.office.RevertBalance(ctx, p, c, models.ChargeID(*chargeItem))
		}, balanceOf)
	}
	return movedMoney(ctx, r, how, argumentPlace, func(p auth.Principal, c billing.Call) (billing.Done[models.Invoice], error) {
		return r.office.RevertWriteOff(ctx, p, c, models.InvoiceID(*invoice))
	}, invoiced)
}

func balanceOf(o models.Opening) models.PatientID { return o.PatientID }

// oneNamed refuses a write-off that names no invoice and no balance from before, or both.
func oneNamed(under string, invoice, chargeItem *string) error {
	if (invoice == nil) == (chargeItem == nil) {
		return fault.At(fault.Invalid, "required", under+"invoice", "Name either the invoice or the chargeItem of a balance from before.")
	}
	return nil
}
