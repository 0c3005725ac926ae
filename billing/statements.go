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
	"medbill/models/fault"
	"medbill/models/operation"
)

// aboutStatements is the type of the records that statements are about.
const aboutStatements = "Invoice"

// RunStatements sends all guarantors of the tenant the statements that are due today, page by page, each in a transaction of its own: what was sent stays sent, and the same day again sends nothing. told is told how many
// guarantors that owe something were looked at, of how many; nil for nobody. A dry run says what would be sent. It refuses (Forbidden) who does not see the whole tenant.
func (o *Office) RunStatements(ctx context.Context, p auth.Principal, c Call, told func(done, of int)) (accounts.StatementRun, error) {
	var run accounts.StatementRun
	if err := p.RequireTenantOperation(operation.ScopeStatements, aboutStatements); err != nil {
		return run, err
	}
	session, all, done := o.session(p), 0, 0
	err := session.View(ctx, func(v *store.View) (err error) {
		if err = isTenant(v); err == nil {
			all, err = books.CountOwing(v)
		}
		return err
	})
	after := models.Ref{}
	for err == nil {
		var page accounts.StatementRun
		var last models.Ref
		err = session.Update(ctx, func(tx *store.Tx) (err error) {
			page, last, err = accounts.SendPage(desk.Open(tx), after, !c.DryRun)
			return err
		})
		if err != nil {
			break
		}
		if run.Add(page); last == (models.Ref{}) {
			break
		}
		after, done = last, done+page.Guarantors
		if told != nil {
			told(min(done, all), all)
		}
	}
	return run, err
}

// Statement gives what the guarantor of a patient was sent last, and what it would be sent today. It refuses whoever takes no payments, and a patient for whom another one answers (Forbidden), and does not find a patient whom they may not see.
func (o *Office) Statement(ctx context.Context, p auth.Principal, id models.PatientID) (accounts.StatementView, error) {
	look := func(s *desk.Sheet) (accounts.StatementView, error) { return accounts.ViewStatement(s, id) }
	seen, err := desk.Do(ctx, o.db, p, Call{DryRun: true}.command(operation.ScopePay, models.Ref{Type: "Patient", ID: string(id)}, nil), look, look)
	if err != nil {
		return accounts.StatementView{}, err
	}
	if err := mayRead(p, seen.Result.Guarantor); err != nil {
		return accounts.StatementView{}, err
	}
	return seen.Result, o.session(p).RecordRead(ctx, models.AuditRead, "Patient", string(id))
}

// mayRead refuses (Forbidden) a patient's own token what somebody else is sent.
func mayRead(p auth.Principal, guarantor models.Ref) error {
	guard, err := records.Guard(p, "Patient", auth.PermissionRead)
	if err == nil && guard.Patient != "" && guarantor != (models.Ref{Type: "Patient", ID: string(guard.Patient)}) {
		err = fault.New(fault.Forbidden, "forbidden", "What is due for the patient is asked of another person, who alone reads what is sent; the access token is limited to one patient.")
	}
	return err
}

// HoldStatements keeps statements from the guarantor of a patient. See accounts.HoldStatements.
func (o *Office) HoldStatements(ctx context.Context, p auth.Principal, c Call, r accounts.HoldRequest) (Done[models.StatementHold], error) {
	return ofPatient(ctx, o, p, c, r.PatientID, r,
		func(s *desk.Sheet) (models.StatementHold, error) { return accounts.HoldStatements(s, r) },
		func(s *desk.Sheet) (models.StatementHold, error) { return accounts.StandingHold(s, r.PatientID) })
}

// ReleaseStatements lifts holds, and gives how many. See accounts.ReleaseStatements.
func (o *Office) ReleaseStatements(ctx context.Context, p auth.Principal, c Call, id models.PatientID, kind models.HoldKind) (Done[[]models.StatementHold], error) {
	return ofPatient(ctx, o, p, c, id, kind,
		func(s *desk.Sheet) ([]models.StatementHold, error) { return accounts.ReleaseStatements(s, id, kind) },
		func(*desk.Sheet) ([]models.StatementHold, error) { return nil, nil })
}

// MakePlan keeps a payment plan. See accounts.MakePlan.
func (o *Office) MakePlan(ctx context.Context, p auth.Principal, c Call, r accounts.PlanRequest) (Done[models.PaymentPlan], error) {
	return ofPatient(ctx, o, p, c, r.PatientID, r,
		func(s *desk.Sheet) (models.PaymentPlan, error) { return accounts.MakePlan(s, r) },
		func(s *desk.Sheet) (models.PaymentPlan, error) { return accounts.StandingPlan(s, r.PatientID) })
}

// EndPlan ends the payment plan of the guarantor of a patient. See accounts.EndPlan.
func (o *Office) EndPlan(ctx context.Context, p auth.Principal, c Call, id models.PatientID) (Done[models.PaymentPlan], error) {
	return ofPatient(ctx, o, p, c, id, "end plan",
		func(s *desk.Sheet) (models.PaymentPlan, error) { return accounts.EndPlan(s, id) },
		func(s *desk.Sheet) (models.PaymentPlan, error) { return accounts.StandingPlan(s, id) })
}

// ofPatient runs a use case about the statements of a patient's guarantor; a token that sees only a part of the tenant is refused (Forbidden).
func ofPatient[T any](ctx context.Context, o *Office, p auth.Principal, c Call, id models.PatientID, input any, do, again func(*desk.Sheet) (T, error)) (Done[T], error) {
	if err := records.Office(p, "Patient"); err != nil {
		return Done[T]{}, err
	}
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeStatements, models.Ref{Type: "Patient", ID: string(id)}, input), do, again)
}

// Dispute keeps that an invoice is disputed, by the patient or for one. See accounts.Dispute.
func (o *Office) Dispute(ctx context.Context, p auth.Principal, c Call, r accounts.DisputeRequest) (Done[models.StatementHold], error) {
	return desk.Do(ctx, o.db, p, c.command(operation.ScopePay, models.Ref{Type: "Invoice", ID: string(r.InvoiceID)}, r),
		func(s *desk.Sheet) (models.StatementHold, error) { return accounts.Dispute(s, r) },
		func(s *desk.Sheet) (models.StatementHold, error) { return accounts.StandingDispute(s, r.InvoiceID) })
}
