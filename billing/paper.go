package billing

import (
	"context"

	"medbill/billing/accounts"
	"medbill/billing/desk"
	"medbill/billing/inquiry"
	"medbill/internal/auth"
	"medbill/internal/paper"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// printed is a document that can be set on paper.
type printed interface{ PDF() ([]byte, error) }

// Print gives a record as it goes by mail, a PDF: what an Invoice asks, the superbill of an Encounter, the receipt of a PaymentNotice, and of a Claim the good faith estimate or the letter of appeal. It refuses (Forbidden) payers and whoever
// may not read such records, their Patients and, of a visit, their Accounts, does not find a record that they may not see, and refuses (Conflict) one that is not set on paper here.
func (o *Office) Print(ctx context.Context, p auth.Principal, of models.Ref) ([]byte, error) {
	types, asDesk := []string{of.Type, "Patient"}, false
	if of.Type == "Encounter" {
		types = append(types, "Account")
	}
	if err := p.RequireReading(types...); err != nil {
		if _, refused := p.RequireOperation(operation.ScopePay, "Patient"); of.Type != "Claim" || refused != nil {
			return nil, err
		}
		asDesk = true
	}
	var document printed
	session := o.session(p)
	err := session.View(ctx, func(v *store.View) (err error) {
		if asDesk {
			document, err = printedForDesk(v, p, models.EstimateID(of.ID))
			return err
		}
		guard, err := records.Guard(p, of.Type, auth.PermissionRead)
		if err != nil {
			return err
		}
		d, ok, err := documents.Get(v, of, guard)
		if err == nil && (!ok || d.Deleted) {
			err = errUnseen
		}
		if err != nil {
			return err
		}
		document, err = printedOf(v, of)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := session.RecordRead(ctx, models.AuditRead, of.Type, of.ID); err != nil {
		return nil, err
	}
	return document.PDF()
}

// PrintStatement gives a letter to who answers for a patient as it goes by mail, a PDF; the last one where id is "". It refuses and finds as Statement does, and a patient's own token is given those to the patient alone.
func (o *Office) PrintStatement(ctx context.Context, p auth.Principal, patient models.PatientID, id models.StatementID) ([]byte, error) {
	document, err := lookAtAccount(ctx, o, p, patient, func(s *desk.Sheet, patient models.PatientID) (paper.Statement, error) {
		letter, err := accounts.FindStatement(s, patient, id)
		if err != nil {
			return paper.Statement{}, err
		}
		if err := mayRead(p, letter.Guarantor); err != nil {
			return paper.Statement{}, err
		}
		return inquiry.PaperStatement(s.View, letter)
	})
	if err != nil {
		return nil, err
	}
	if err := o.session(p).RecordRead(ctx, models.AuditRead, "Patient", string(patient)); err != nil {
		return nil, err
	}
	return document.PDF()
}

var errUnseen = fault.New(fault.NotFound, "not-found", "There is no such record, or it is not yours to see.")

// printedForDesk gives a good faith estimate to those who make them and read no Claims.
func printedForDesk(v *store.View, p auth.Principal, id models.EstimateID) (printed, error) {
	found, err := books.EstimatesByID(v, []models.EstimateID{id})
	if err != nil {
		return nil, err
	}
	guard, err := records.Guard(p, "Patient", auth.PermissionRead)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errUnseen
	}
	seen, err := documents.Seen(v, "Patient", []string{string(found[0].PatientID)}, guard)
	if err == nil && len(seen) == 0 {
		err = errUnseen
	}
	if err != nil {
		return nil, err
	}
	return inquiry.PaperEstimate(v, found[0])
}

func printedOf(v *store.View, of models.Ref) (printed, error) {
	switch of.Type {
	case "Invoice":
		return inquiry.PaperInvoice(v, models.InvoiceID(of.ID))
	case "Encounter":
		return inquiry.PaperVisit(v, models.VisitID(of.ID))
	case "PaymentNotice":
		return inquiry.PaperReceipt(v, models.PaymentID(of.ID))
	}
	found, err := books.EstimatesByID(v, []models.EstimateID{models.EstimateID(of.ID)})
	switch {
	case err != nil:
		return nil, err
	case len(found) > 0:
		return inquiry.PaperEstimate(v, found[0])
	}
	return inquiry.PaperAppeal(v, models.ClaimID(of.ID))
}
