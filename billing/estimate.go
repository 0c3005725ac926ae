package billing

import (
	"context"

	"medbill/billing/desk"
	"medbill/billing/front"
	"medbill/billing/inquiry"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/models"
	"medbill/models/operation"
)

// Estimate gives what the patient of a visit is expected to owe, by plan. It refuses whoever takes no payments (Forbidden), and does not find a visit that they may not see.
func (o *Office) Estimate(ctx context.Context, p auth.Principal, id models.VisitID) ([]inquiry.Estimate, error) {
	look := func(s *desk.Sheet) ([]inquiry.Estimate, error) {
		found, err := inquiry.EstimatesOf(s.View, []models.VisitID{id})
		return found[id], err
	}
	seen, err := desk.Do(ctx, o.db, p, Call{DryRun: true}.command(operation.ScopePay, models.Ref{Type: "Encounter", ID: string(id)}, nil), look, look)
	if err != nil {
		return nil, err
	}
	return seen.Result, o.session(p).RecordRead(ctx, models.AuditRead, "Encounter", string(id))
}

// EstimateServices gives what a patient is expected to owe of services that nobody did yet. See front.Estimate. It refuses whoever takes no payments (Forbidden), and does not find a patient whom they may not see.
func (o *Office) EstimateServices(ctx context.Context, p auth.Principal, id models.PatientID, asked models.EstimateRequest) (inquiry.Estimate, error) {
	look := func(s *desk.Sheet) (inquiry.Estimate, error) { return front.Estimate(s, id, asked) }
	seen, err := desk.Do(ctx, o.db, p, Call{DryRun: true}.command(operation.ScopePay, models.Ref{Type: "Patient", ID: string(id)}, nil), look, look)
	if err != nil {
		return inquiry.Estimate{}, err
	}
	return seen.Result, o.session(p).RecordRead(ctx, models.AuditRead, "Patient", string(id))
}

// MakeEstimate makes a good faith estimate for a patient. See front.MakeEstimate. It refuses (Forbidden) who takes no payments, and a token that sees only a part of the tenant.
func (o *Office) MakeEstimate(ctx context.Context, p auth.Principal, c Call, id models.PatientID, plan models.EstimatePlan) (Done[models.GoodFaithEstimate], error) {
	if err := records.Office(p, "Patient"); err != nil {
		return Done[models.GoodFaithEstimate]{}, err
	}
	return desk.Do(ctx, o.db, p, c.command(operation.ScopePay, models.Ref{Type: "Patient", ID: string(id)}, plan),
		func(s *desk.Sheet) (models.GoodFaithEstimate, error) { return front.MakeEstimate(s, id, plan) },
		func(s *desk.Sheet) (models.GoodFaithEstimate, error) { return front.MadeEstimate(s, id, plan) })
}

// AskForEstimate asks the front desk for a good faith estimate, and gives by when it is due. See front.AskForEstimate.
func (o *Office) AskForEstimate(ctx context.Context, p auth.Principal, c Call, id models.PatientID) (Done[models.Date], error) {
	return desk.Do(ctx, o.db, p, c.command(operation.ScopePay, models.Ref{Type: "Patient", ID: string(id)}, nil),
		func(s *desk.Sheet) (models.Date, error) { return front.AskForEstimate(s, id) },
		func(s *desk.Sheet) (models.Date, error) { return front.EstimateDue(s, id) })
}
