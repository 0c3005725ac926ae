package graph

import (
	"context"

	"medbill/billing"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// listed is a view whose records were named with those of all that was read with it.
type listed interface{ Beside() []models.Ref }

// besides gives a record that a view names, read with those of the views beside it; nil where it may not be seen.
func besides[T model.Resource](ctx context.Context, of listed, ref models.Ref) (*T, error) {
	if ref.ID == "" {
		return nil, nil
	}
	l := loadersOf(ctx)
	if err := l.fetch(of.Beside()); err != nil {
		return nil, err
	}
	return viewOf[T](l.document(ref)), nil
}

// payerBeside gives the payer that a view names.
func payerBeside(ctx context.Context, of listed, id models.OrganizationID) (*model.Organization, error) {
	return besides[model.Organization](ctx, of, models.Ref{Type: "Organization", ID: string(id)})
}

// claimsBeside gives the claims that a payment is for, without those that may not be seen.
func claimsBeside(ctx context.Context, r *model.Remittance) ([]model.Claim, error) {
	list := []model.Claim{}
	for _, id := range r.ClaimIDs() {
		one, err := besides[model.Claim](ctx, r, models.Ref{Type: "Claim", ID: string(id)})
		if err != nil {
			return nil, err
		}
		if one != nil {
			list = append(list, *one)
		}
	}
	return list, nil
}

// amountIfAny reads an amount of an input that may be left out.
func amountIfAny(path string, m *model.MoneyInput) (*models.Cents, error) {
	if m == nil {
		return nil, nil
	}
	cents, err := amount(path, m)
	return &cents, err
}

// daysOf reads the days of a filter.
func daysOf(path string, r *model.DateRange) (models.Span, error) {
	if r == nil {
		return models.Span{}, nil
	}
	span := models.Span{From: models.Date(deref(r.From)), Until: models.Date(deref(r.Until))}
	for name, day := range map[string]models.Date{"from": span.From, "until": span.Until} {
		if parsed, ok := models.ParseDate(string(day)); day != "" && (!ok || parsed != day) {
			return span, fault.At(fault.Invalid, "value", path+"."+name, "The day must be written as 2026-03-02.")
		}
	}
	return span, nil
}

func depositFilter(f *model.DepositFilter) (filter models.DepositFilter, err error) {
	if f == nil {
		return filter, nil
	}
	filter = models.DepositFilter{State: deref(f.State), PayerID: models.OrganizationID(deref(f.Payer)), Trace: deref(f.Trace)}
	if filter.Days, err = daysOf("filter.date", f.Date); err == nil {
		filter.Amount, err = amountIfAny("filter.amount", f.Amount)
	}
	return filter, err
}

func remittanceFilter(f *model.RemittanceFilter) (filter models.RemittanceFilter, err error) {
	if f == nil {
		return filter, nil
	}
	filter = models.RemittanceFilter{Outcome: deref(f.Status), PayerID: models.OrganizationID(deref(f.Payer)), Trace: deref(f.Trace), Deposited: f.Deposited}
	if filter.Days, err = daysOf("filter.date", f.Date); err == nil {
		filter.Amount, err = amountIfAny("filter.amount", f.Amount)
	}
	return filter, err
}

// depositPage gives one page of deposits.
func (r *Resolver) depositPage(ctx context.Context, first *int, after *string, f *model.DepositFilter) (*model.DepositConnection, error) {
	filter, err := depositFilter(f)
	if err != nil {
		return nil, err
	}
	return keyedPage(ctx, first, after, func(p auth.Principal, from string, count int) ([]model.Deposit, error) {
		ids, book, err := r.office.Deposits(ctx, p, filter, models.DepositID(from), count)
		var list []model.Deposit
		for _, id := range ids {
			list = append(list, *model.DepositOf(&book, id))
		}
		return list, err
	})
}

// remittancePage gives one page of payments.
func (r *Resolver) remittancePage(ctx context.Context, first *int, after *string, f *model.RemittanceFilter) (*model.RemittanceConnection, error) {
	filter, err := remittanceFilter(f)
	if err != nil {
		return nil, err
	}
	return keyedPage(ctx, first, after, func(p auth.Principal, from string, count int) ([]model.Remittance, error) {
		ids, book, err := r.office.Remittances(ctx, p, filter, models.RemittanceID(from), count)
		var list []model.Remittance
		for _, id := range ids {
			list = append(list, *model.RemittanceOf(&book, id))
		}
		return list, err
	})
}

// matchRequest reads what a deposit pays.
func matchRequest(input model.MatchDepositInput) (billing.DepositMatch, error) {
	m := billing.DepositMatch{}
	for _, id := range input.Remittance {
		m.Remittances = append(m.Remittances, models.RemittanceID(id))
	}
	for _, one := range []struct {
		path string
		from *model.MoneyInput
		into *models.Cents
	}{{"input.card", input.Card, &m.Card}, {"input.fee", input.Fee, &m.Fee}, {"input.till", input.Till, &m.Till}} {
		cents, err := amountIfAny(one.path, one.from)
		if err != nil {
			return m, err
		}
		*one.into = deref(cents)
	}
	return m, nil
}

// depositChanged gives what came of a mutation about a deposit.
func depositChanged(ctx context.Context, r *Resolver, how calling, do func(auth.Principal, billing.Call) (billing.Done[models.Deposit], error)) (*model.DepositPayload, error) {
	done, rehearsal, err := change(ctx, r, how, func(p auth.Principal, c billing.Call) (billing.Done[models.Deposit], error) {
		done, err := do(p, c)
		return done, placed(err, inputPlace)
	})
	if err != nil {
		return nil, err
	}
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	book, err := r.office.BesideDeposit(ctx, p, done)
	if err != nil {
		return nil, err
	}
	return &model.DepositPayload{Deposit: model.DepositOf(&book, done.ID), Rehearsal: rehearsal}, nil
}

// depositOf gives one deposit.
func (r *Resolver) depositOf(ctx context.Context, id string) (*model.Deposit, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	book, err := r.office.Deposit(ctx, p, models.DepositID(id))
	if err != nil {
		return nil, err
	}
	return model.DepositOf(&book, models.DepositID(id)), nil
}

// proposalsOf gives what a deposit may pay.
func (r *Resolver) proposalsOf(ctx context.Context, id string) ([]model.DepositProposal, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, book, err := r.office.DepositProposals(ctx, p, models.DepositID(id))
	if err != nil {
		return nil, err
	}
	return model.DepositProposalsOf(&book, list), nil
}

// remittanceOf gives one payment.
func (r *Resolver) remittanceOf(ctx context.Context, id string) (*model.Remittance, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	book, err := r.office.Remittance(ctx, p, models.RemittanceID(id))
	if err != nil {
		return nil, err
	}
	return model.RemittanceOf(&book, models.RemittanceID(id)), nil
}
