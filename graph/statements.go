package graph

import (
	"context"

	"medbill/billing"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/models"
	"medbill/models/fault"
)

// partyBeside gives a guarantor that a view names.
func partyBeside(ctx context.Context, of listed, who models.Ref) (model.BilledParty, error) {
	switch who.Type {
	case "Patient":
		return party[model.Patient](besides[model.Patient](ctx, of, who))
	case "RelatedPerson":
		return party[model.RelatedPerson](besides[model.RelatedPerson](ctx, of, who))
	case "Organization":
		return party[model.Organization](besides[model.Organization](ctx, of, who))
	}
	return nil, nil
}

// guarantorAccount gives how the account of who answers for a patient stands.
func (r *Resolver) guarantorAccount(ctx context.Context, patient models.PatientID) (*model.GuarantorAccount, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := r.office.GuarantorAccount(ctx, p, patient)
	if err != nil {
		return nil, err
	}
	return model.GuarantorAccountOf(seen, isOffice(p)), nil
}

// patientsOf gives those for whom something is due, without those who may not be seen.
func (r *Resolver) patientsOf(ctx context.Context, a *model.GuarantorAccount) ([]model.Patient, error) {
	refs := make([]models.Ref, len(a.PatientIDs()))
	for i, id := range a.PatientIDs() {
		refs[i] = models.Ref{Type: "Patient", ID: string(id)}
	}
	return fetchAll[model.Patient](ctx, refs)
}

// accountThen gives the account that a mutation changed, as it stands; nil for a rehearsal.
func (r *Resolver) accountThen(ctx context.Context, payload *model.StatementsPayload) (*model.GuarantorAccount, error) {
	if payload.Of == "" {
		return nil, nil
	}
	return r.guarantorAccount(ctx, payload.Of)
}

// isOffice reports whether somebody sees all patients.
func isOffice(p auth.Principal) bool { return records.Office(p, "Patient") == nil }

// statementPage gives one page of letters.
func (r *Resolver) statementPage(ctx context.Context, first *int, after *string, f *model.StatementFilter) (*model.StatementConnection, error) {
	var patient models.PatientID
	var guarantor models.Ref
	if f != nil {
		patient = models.PatientID(deref(f.Patient))
		if guarantor = models.RefOf(deref(f.Guarantor)); f.Guarantor != nil && guarantor == (models.Ref{}) {
			return nil, fault.At(fault.Invalid, "value", "filter.guarantor", "A guarantor is written as Type/id, such as Patient/1.")
		}
	}
	return keyedPage(ctx, first, after, func(p auth.Principal, from string, count int) ([]model.Statement, error) {
		list, err := r.office.Statements(ctx, p, patient, guarantor, models.StatementID(from), count)
		return model.StatementsOf(list), err
	})
}

// paymentPage gives one page of payments.
func (r *Resolver) paymentPage(ctx context.Context, first *int, after *string, f *model.PaymentFilter) (*model.PaymentConnection, error) {
	filter := models.PaymentFilter{}
	if f != nil {
		filter = models.PaymentFilter{PatientID: models.PatientID(deref(f.Patient)), State: deref(f.State), Method: deref(f.Method)}
	}
	return keyedPage(ctx, first, after, func(p auth.Principal, from string, count int) ([]model.Payment, error) {
		list, err := r.office.Payments(ctx, p, filter, models.PaymentID(from), count)
		return model.PaymentsOf(list), err
	})
}

// creditPage gives one page of payments of which something pays nothing.
func (r *Resolver) creditPage(ctx context.Context, first *int, after *string) (*model.PaymentConnection, error) {
	return keyedPage(ctx, first, after, func(p auth.Principal, from string, count int) ([]model.Payment, error) {
		list, err := r.office.Credits(ctx, p, models.PaymentID(from), count)
		return model.PaymentsOf(list), err
	})
}

// tillCloses gives the closes of a till.
func (r *Resolver) tillCloses(ctx context.Context, till string, date *model.DateRange) ([]model.TillClose, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	days, err := daysOf("date", date)
	if err != nil {
		return nil, err
	}
	list, err := r.office.TillCloses(ctx, p, till, days)
	return model.TillClosesOf(list), err
}

// runStatements sends what is due today.
func (r *Resolver) runStatements(ctx context.Context, dryRun *bool) (*model.StatementRun, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	run, err := r.office.RunStatements(ctx, p, billing.Call{DryRun: deref(dryRun)}, nil)
	forget(ctx)
	if err != nil {
		return nil, err
	}
	return model.StatementRunOf(run), nil
}

// aboutLetters runs a use case about the letters to who answers for a patient.
func aboutLetters[T any](ctx context.Context, r *Resolver, how calling, place func(string) string, of models.PatientID, do func(auth.Principal, billing.Call) (billing.Done[T], error), show func(*model.StatementsPayload, T)) (*model.StatementsPayload, error) {
	done, rehearsal, err := change(ctx, r, how, func(p auth.Principal, c billing.Call) (billing.Done[T], error) {
		done, err := do(p, c)
		return done, placed(err, place)
	})
	if err != nil {
		return nil, err
	}
	payload := &model.StatementsPayload{Of: of, Rehearsal: rehearsal}
	if rehearsal != nil {
		payload.Of = ""
	}
	show(payload, done)
	return payload, nil
}

func (r *Resolver) holdStatements(ctx context.Context, input model.HoldStatementsInput, how calling) (*model.StatementsPayload, error) {
	until, err := someDay("input.until", input.Until)
	if err != nil {
		return nil, err
	}
	request := billing.HoldRequest{PatientID: models.PatientID(input.Patient), Kind: input.Kind, Until: until, Reason: input.Reason}
	return aboutLetters(ctx, r, how, inputPlace, request.PatientID, func(p auth.Principal, c billing.Call) (billing.Done[models.StatementHold], error) {
		return r.office.HoldStatements(ctx, p, c, request)
	}, func(payload *model.StatementsPayload, h models.StatementHold) {
		payload.Holds = model.HoldsOf([]models.StatementHold{h}, true)
	})
}

func (r *Resolver) releaseStatements(ctx context.Context, patient models.PatientID, kind models.HoldKind, how calling) (*model.StatementsPayload, error) {
	return aboutLetters(ctx, r, how, argumentPlace, patient, func(p auth.Principal, c billing.Call) (billing.Done[[]models.StatementHold], error) {
		return r.office.ReleaseStatements(ctx, p, c, patient, kind)
	}, func(payload *model.StatementsPayload, list []models.StatementHold) {
		payload.Holds = model.HoldsOf(list, true)
	})
}

func (r *Resolver) agreePaymentPlan(ctx context.Context, input model.PaymentPlanInput, how calling) (*model.StatementsPayload, error) {
	all, err := some("input.amount", input.Amount)
	if err != nil {
		return nil, err
	}
	first, err := someDay("input.first", input.First)
	if err != nil {
		return nil, err
	}
	request := billing.PlanRequest{PatientID: models.PatientID(input.Patient), Amount: all, Parts: input.Parts, First: first}
	return aboutLetters(ctx, r, how, inputPlace, request.PatientID, func(p auth.Principal, c billing.Call) (billing.Done[models.PaymentPlan], error) {
		return r.office.MakePlan(ctx, p, c, request)
	}, func(payload *model.StatementsPayload, plan models.PaymentPlan) { payload.Plan = model.PlanOf(plan) })
}

func (r *Resolver) endPaymentPlan(ctx context.Context, patient models.PatientID, how calling) (*model.StatementsPayload, error) {
	return aboutLetters(ctx, r, how, argumentPlace, patient, func(p auth.Principal, c billing.Call) (billing.Done[models.PaymentPlan], error) {
		return r.office.EndPlan(ctx, p, c, patient)
	}, func(payload *model.StatementsPayload, plan models.PaymentPlan) { payload.Plan = model.PlanOf(plan) })
}

func (r *Resolver) disputeInvoice(ctx context.Context, request billing.DisputeRequest, how calling) (*model.DisputePayload, error) {
	hold, rehearsal, err := change(ctx, r, how, func(p auth.Principal, c billing.Call) (billing.Done[models.StatementHold], error) {
		return r.office.Dispute(ctx, p, c, request)
	})
	if err != nil {
		return nil, err
	}
	return model.DisputedInvoice(string(request.InvoiceID), model.HoldsOf([]models.StatementHold{hold}, isOffice(loadersOf(ctx).principal))[0], rehearsal), nil
}

func (r *Resolver) closeTill(ctx context.Context, input model.CloseTillInput, how calling) (*model.TillPayload, error) {
	count := billing.TillCount{Till: deref(input.Till)}
	var err error
	if count.Day, err = someDay("input.day", input.Day); err != nil {
		return nil, err
	}
	for _, one := range []struct {
		path string
		from *model.MoneyInput
		into *models.Cents
	}{{"input.cash", input.Cash, &count.Cash}, {"input.checks", input.Checks, &count.Checks}, {"input.other", input.Other, &count.Other}} {
		cents, err := amountIfAny(one.path, one.from)
		if err != nil {
			return nil, err
		}
		*one.into = deref(cents)
	}
	closed, rehearsal, err := change(ctx, r, how, func(p auth.Principal, c billing.Call) (billing.Done[models.TillClose], error) {
		done, err := r.office.CloseTill(ctx, p, c, count)
		return done, placed(err, inputPlace)
	})
	if err != nil {
		return nil, err
	}
	return &model.TillPayload{Close: &model.TillClosesOf([]models.TillClose{closed})[0], Rehearsal: rehearsal}, nil
}

// someDay reads a day that may be left out.
func someDay(path string, day *string) (models.Date, error) {
	if day == nil {
		return "", nil
	}
	return models.Date(*day), fault.Under(path, models.CheckDay(models.Date(*day)))
}
