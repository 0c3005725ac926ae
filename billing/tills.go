package billing

import (
	"context"

	"medbill/billing/accounts"
	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// TillCount is what was counted in a till.
type TillCount = accounts.TillCount

// aboutTills is the type of the records that tills are about.
const aboutTills = "PaymentNotice"

// tillClosesMax bounds a list of closes: those of a year.
const tillClosesMax = 366

// CloseTill closes a till for a day. See accounts.CloseTill.
func (o *Office) CloseTill(ctx context.Context, p auth.Principal, c Call, count TillCount) (desk.Done[models.TillClose], error) {
	if err := count.Check(); err != nil {
		return desk.Done[models.TillClose]{}, err
	}
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopePay, aboutTills, count),
		inTenant(func(s *desk.Sheet) (models.TillClose, error) { return accounts.CloseTill(s, count) }), accounts.StandingClose(count))
}

// TillCloses gives the closes of a till of some days, the latest first, at most a year's.
func (o *Office) TillCloses(ctx context.Context, p auth.Principal, till string, days models.Span) ([]models.TillClose, error) {
	if err := p.RequireTenantOperation(operation.ScopePay, aboutTills); err != nil {
		return nil, err
	}
	if err := fault.Under("till", models.CheckReference(till)); err != nil {
		return nil, err
	}
	var list []models.TillClose
	err := o.session(p).View(ctx, func(v *store.View) (err error) {
		if err := isTenant(v); err != nil {
			return err
		}
		list, err = books.TillClosesWithin(v, till, days, tillClosesMax)
		return err
	})
	return list, err
}
