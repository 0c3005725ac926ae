package api

import (
	"net/http"

	"medbill/billing"
	"medbill/fhir/intake"
	"medbill/models"
)

// reversePayment answers PaymentNotice/[id]/$reverse with the payment as it stands then.
func (s *Server) reversePayment(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.Reversal(sent)
	if err != nil {
		return err
	}
	done, err := s.Office.ReversePayment(r.ctx(), r.who, r.call, billing.ReverseRequest{PaymentID: models.PaymentID(r.ref.ID), Reason: asked.Reason, Fee: asked.Fee})
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// movePayment answers PaymentNotice/[id]/$allocate with the payment as it stands then.
func (s *Server) movePayment(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.Move(sent)
	if err != nil {
		return err
	}
	done, err := s.Office.MovePayment(r.ctx(), r.who, r.call, billing.MoveRequest{PaymentID: models.PaymentID(r.ref.ID), From: asked.From, To: asked.To, Amount: asked.Amount})
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// writeOff answers Invoice/[id]/$write-off with the Invoice as it stands then.
func (s *Server) writeOff(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.WriteOff(sent)
	if err != nil {
		return err
	}
	request := billing.WriteOffRequest{InvoiceID: models.InvoiceID(r.ref.ID), Kind: asked.Kind, Amount: asked.Amount, Percent: asked.Percent, Poverty: asked.Poverty, Reason: asked.Reason}
	done, err := s.Office.WriteOffInvoice(r.ctx(), r.who, r.call, request)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// revertWriteOff answers Invoice/[id]/$revert-write-off with the Invoice.
func (s *Server) revertWriteOff(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	done, err := s.Office.RevertWriteOff(r.ctx(), r.who, r.call, models.InvoiceID(r.ref.ID))
	if err != nil {
		return err
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// refund answers Patient/[id]/$refund with what of which payment goes back.
func (s *Server) refund(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.Refund(sent)
	if err != nil {
		return err
	}
	request := billing.RefundRequest{PatientID: models.PatientID(r.ref.ID), PaymentID: asked.PaymentID, Amount: asked.Amount, Reason: asked.Reason, Reference: asked.Reference}
	done, err := s.Office.RefundPatient(r.ctx(), r.who, r.call, request)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.answerRefunds(r, done.Rehearsal, done.Result...)
}

// payRefund answers Patient/[id]/$pay-refund with the refund as it stands then.
func (s *Server) payRefund(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	id, reference, err := intake.PaidRefund(sent)
	if err != nil {
		return err
	}
	done, err := s.Office.PayRefund(r.ctx(), r.who, r.call, models.PatientID(r.ref.ID), id, reference)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.answerRefunds(r, done.Rehearsal, done.Result)
}

func (s *Server) answerRefunds(r run, rehearsed *billing.Rehearsed, refunds ...models.Refund) error {
	return s.answer(r, rehearsed, func() error {
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
	})
}
