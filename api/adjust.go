package api

import (
	"net/http"

	"medbill/billing"
	"medbill/fhir/intake"
	"medbill/models"
)

// reversePayment answers PaymentNotice/[id]/$reverse with the payment as it stands then.
func (s *Server) reversePayment(r run) error {
	return carryOut(s, r, intake.Reversal, func(asked intake.Reversed) (billing.Done[models.Payment], error) {
		return s.Office.ReversePayment(r.ctx(), r.who, r.call, billing.ReverseRequest{PaymentID: models.PaymentID(r.ref.ID), Reason: asked.Reason, Fee: asked.Fee})
	}, itself[models.Payment](s, r))
}

// movePayment answers PaymentNotice/[id]/$allocate with the payment as it stands then.
func (s *Server) movePayment(r run) error {
	return carryOut(s, r, intake.Move, func(asked intake.Moved) (billing.Done[models.Payment], error) {
		return s.Office.MovePayment(r.ctx(), r.who, r.call, billing.MoveRequest{PaymentID: models.PaymentID(r.ref.ID), From: asked.From, To: asked.To, Amount: asked.Amount})
	}, itself[models.Payment](s, r))
}

// writeOff answers Invoice/[id]/$write-off with the Invoice as it stands then.
func (s *Server) writeOff(r run) error {
	return carryOut(s, r, intake.WriteOff, func(asked intake.WrittenOff) (billing.Done[models.Invoice], error) {
		return s.Office.WriteOffInvoice(r.ctx(), r.who, r.call, billing.WriteOffRequest{
			InvoiceID: models.InvoiceID(r.ref.ID), Kind: asked.Kind, Amount: asked.Amount, Percent: asked.Percent, Poverty: asked.Poverty, Reason: asked.Reason,
		})
	}, itself[models.Invoice](s, r))
}

// revertWriteOff answers Invoice/[id]/$revert-write-off with the Invoice.
func (s *Server) revertWriteOff(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	made, err := s.Office.RevertWriteOff(r.ctx(), r.who, r.call, models.InvoiceID(r.ref.ID))
	if err != nil {
		return err
	}
	return s.answer(r, made.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// writeOffBalance answers ChargeItem/[id]/$write-off with the ChargeItem.
func (s *Server) writeOffBalance(r run) error {
	return carryOut(s, r, intake.WriteOff, func(asked intake.WrittenOff) (billing.Done[models.Opening], error) {
		return s.Office.WriteOffBalance(r.ctx(), r.who, r.call, billing.WriteOffRequest{
			ChargeID: models.ChargeID(r.ref.ID), Kind: asked.Kind, Amount: asked.Amount, Percent: asked.Percent, Poverty: asked.Poverty, Reason: asked.Reason,
		})
	}, itself[models.Opening](s, r))
}

// revertBalance answers ChargeItem/[id]/$revert-write-off with the ChargeItem.
func (s *Server) revertBalance(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	made, err := s.Office.RevertBalance(r.ctx(), r.who, r.call, models.ChargeID(r.ref.ID))
	if err != nil {
		return err
	}
	return s.answer(r, made.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// refund answers Patient/[id]/$refund with what of which payment goes back.
func (s *Server) refund(r run) error {
	return carryOut(s, r, intake.Refund, func(asked intake.GivenBack) (billing.Done[[]models.Refund], error) {
		return s.Office.RefundPatient(r.ctx(), r.who, r.call, billing.RefundRequest{PatientID: models.PatientID(r.ref.ID), PaymentID: asked.PaymentID, Amount: asked.Amount, Reason: asked.Reason, Reference: asked.Reference, Till: asked.Till})
	}, func(refunds []models.Refund) error { return s.writeRefunds(r, refunds...) })
}

// payRefund answers Patient/[id]/$pay-refund with the refund as it stands then.
func (s *Server) payRefund(r run) error {
	return carryOut(s, r, intake.PaidRefund, func(asked intake.Paid) (billing.Done[models.Refund], error) {
		return s.Office.PayRefund(r.ctx(), r.who, r.call, models.PatientID(r.ref.ID), asked.RefundID, billing.Payout{Reference: asked.Reference, Till: asked.Till})
	}, func(refund models.Refund) error { return s.writeRefunds(r, refund) })
}

// cancelRefund answers Patient/[id]/$cancel-refund with the refund as it stands then.
func (s *Server) cancelRefund(r run) error {
	return carryOut(s, r, intake.CancelledRefund, func(asked intake.Cancelled) (billing.Done[models.Refund], error) {
		return s.Office.CancelRefund(r.ctx(), r.who, r.call, models.PatientID(r.ref.ID), asked.RefundID, asked.Reason)
	}, func(refund models.Refund) error { return s.writeRefunds(r, refund) })
}

func (s *Server) writeRefunds(r run, refunds ...models.Refund) error {
	list := parameterList{}
	for _, one := range refunds {
		part := parameterList{}
		part.text("id", string(one.ID))
		part.record("payment", models.Ref{Type: "PaymentNotice", ID: string(one.PaymentID)})
		part.money("amount", &one.Amount)
		part.code("state", string(one.State))
		list.parts("refund", part)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}
