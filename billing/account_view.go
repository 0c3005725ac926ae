package billing

import (
	"context"

	"medbill/billing/accounts"
	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/operation"
)

// Overview is how the account of a guarantor stands.
type Overview = accounts.Overview

// GuarantorAccount gives how the account of who answers for a patient stands. It refuses who takes no payments, and a patient's own token where another one answers (Forbidden), and does not find a patient whom they
// may not see.
func (o *Office) GuarantorAccount(ctx context.Context, p auth.Principal, id models.PatientID) (Overview, error) {
	seen, err := lookAtAccount(ctx, o, p, id, accounts.ViewAccount)
	if err != nil {
		return Overview{}, err
	}
	if err := mayRead(p, seen.Guarantor); err != nil {
		return Overview{}, err
	}
	return seen, o.session(p).RecordRead(ctx, models.AuditRead, "Patient", string(id))
}

// lookAtAccount reads about a patient's account for who takes payments.
func lookAtAccount[T any](ctx context.Context, o *Office, p auth.Principal, id models.PatientID, look func(*desk.Sheet, models.PatientID) (T, error)) (T, error) {
	read := func(s *desk.Sheet) (T, error) { return look(s, id) }
	seen, err := desk.Do(ctx, o.db, p, Call{DryRun: true}.command(operation.ScopePay, models.Ref{Type: "Patient", ID: string(id)}, nil), read, read)
	return seen.Result, err
}

// Statements gives at most count letters to guarantors, the latest first, after one of them by id: those of who answers for a patient today, of a guarantor, or with neither of all. A patient's own token is given those to the patient.
// It refuses who takes no payments (Forbidden).
func (o *Office) Statements(ctx context.Context, p auth.Principal, of models.PatientID, guarantor models.Ref, after models.StatementID, count int) ([]models.Statement, error) {
	if _, err := p.RequireOperation(operation.ScopePay, "Patient"); err != nil {
		return nil, err
	}
	if of != "" {
		answers, err := lookAtAccount(ctx, o, p, of, accounts.GuarantorOf)
		if err != nil || guarantor.ID != "" && guarantor != answers {
			return nil, err
		}
		guarantor = answers
	}
	guard, err := records.Guard(p, "Patient", auth.PermissionSearch)
	if err != nil {
		return nil, err
	}
	if own := (models.Ref{Type: "Patient", ID: string(guard.Patient)}); guard.Patient != "" {
		if guarantor.ID != "" && guarantor != own {
			return nil, nil
		}
		guarantor = own
	}
	return readList(ctx, o, p, "Statement", func(v *store.View) ([]models.Statement, error) {
		return books.StatementPage(v, guarantor, after, count)
	})
}

// Payments gives at most count payments that a filter means, by id, the latest first, after one of them. A patient's own token is given the patient's. It refuses who may not read Accounts (Forbidden).
func (o *Office) Payments(ctx context.Context, p auth.Principal, f models.PaymentFilter, after models.PaymentID, count int) ([]models.Payment, error) {
	guard, err := records.Guard(p, "Account", auth.PermissionSearch)
	if err != nil {
		return nil, err
	}
	if guard.Patient != "" {
		if f.PatientID != "" && f.PatientID != guard.Patient {
			return nil, nil
		}
		f.PatientID = guard.Patient
	}
	return readList(ctx, o, p, "PaymentNotice", func(v *store.View) ([]models.Payment, error) { return books.PaymentPage(v, f, after, count) })
}

// Credits gives at most count payments of which something pays nothing, by patient, after one of them, like Payments.
func (o *Office) Credits(ctx context.Context, p auth.Principal, after models.PaymentID, count int) ([]models.Payment, error) {
	guard, err := records.Guard(p, "Account", auth.PermissionSearch)
	if err != nil {
		return nil, err
	}
	return readList(ctx, o, p, "PaymentNotice", func(v *store.View) ([]models.Payment, error) {
		from := models.Payment{}
		if after != "" {
			var known bool
			if from, known, err = books.Payment(v, after); err != nil || !known || guard.Patient != "" && from.PatientID != guard.Patient {
				return nil, orNoPlace(err)
			}
		}
		return books.CreditPage(v, guard.Patient, from, count)
	})
}

// readList reads a list for who may, and keeps in the audit that they did.
func readList[T any](ctx context.Context, o *Office, p auth.Principal, typ string, read func(*store.View) ([]T, error)) (list []T, err error) {
	session := o.session(p)
	if err := session.View(ctx, func(v *store.View) (err error) {
		list, err = read(v)
		return err
	}); err != nil {
		return nil, err
	}
	return list, session.RecordRead(ctx, models.AuditRead, typ, "list")
}
