package billing

import (
	"context"
	"time"

	"medbill/billing/desk"
	"medbill/billing/rules/reports"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/operation"
)

// aboutReports is the type of the records that reports are about.
const aboutReports = "Account"

// Report gives a report of the tenant's books as of a day, read at one moment; without a day as of today. It refuses (Forbidden) who does
// not see the whole tenant, and (TooLarge) what has more than reports.RowsMax rows. That it was read is in the audit.
func (o *Office) Report(ctx context.Context, p auth.Principal, ask reports.Ask) (reports.Table, error) {
	if err := p.RequireTenantOperation(operation.ScopeReports, aboutReports); err != nil {
		return reports.Table{}, err
	}
	var table reports.Table
	err := o.session(p).Snapshot(ctx, func(v *store.View) error { // one moment for all of it, and the time that it needs
		if err := isTenant(v); err != nil {
			return err
		}
		if ask.AsOf == "" {
			_, zone, err := desk.Settings(v)
			if err != nil {
				return err
			}
			ask.AsOf = models.Date(v.DB().Now().Time().In(zone).Format(time.DateOnly))
		}
		var err error
		table, err = report(v, ask)
		return err
	})
	if err != nil {
		return table, err
	}
	return table, o.session(p).RecordRead(ctx, models.AuditRead, "Report", ask.Name)
}

// report reads what a report is made of.
func report(v *store.View, ask reports.Ask) (reports.Table, error) {
	switch ask.Name {
	case reports.TrialBalance:
		sums, err := sumsOf(v, journal.SumQuery{Days: models.Span{Until: ask.AsOf}, By: ask.By, Open: true})
		return ask.OfBalances(sums), err
	case reports.Ledger:
		sums, err := sumsOf(v, journal.SumQuery{Days: models.Span{From: ask.From, Until: ask.Until}, By: reports.LedgerBy})
		return ask.OfMonths(sums), err
	case reports.Aging:
		aged, err := age(v, ask)
		if err != nil {
			return reports.Table{}, err
		}
		return aged.Table(), nil
	case reports.Denials:
		return denials(v, ask)
	}
	return figures(v, ask)
}

func sumsOf(v *store.View, q journal.SumQuery) ([]models.LedgerSum, error) {
	q.Limit = reports.RowsMax + 1
	sums, err := journal.Sums(v, q)
	if err == nil && len(sums) > reports.RowsMax {
		err = reports.TooLong()
	}
	return sums, err
}

func age(v *store.View, ask reports.Ask) (*reports.Ager, error) {
	aged := ask.Ager()
	if ask.Since == models.SinceResponsible { // which only the days of each charge tell
		return aged, journal.EachReceivable(v, ask.AsOf, ask.Of, aged.Add)
	}
	return aged, journal.EachAged(v, journal.ReceivableQuery{AsOf: ask.AsOf, Of: ask.Of, Since: ask.Since, By: ask.By}, aged.AddSum)
}

func figures(v *store.View, ask reports.Ask) (reports.Table, error) {
	var f reports.Figures
	var err error
	byAccount := []models.Dimension{models.DimensionAccount}
	if f.Balances, err = sumsOf(v, journal.SumQuery{Days: models.Span{Until: ask.AsOf}, By: byAccount}); err != nil {
		return reports.Table{}, err
	}
	if f.Charged, err = sumsOf(v, journal.SumQuery{Days: models.Span{Until: ask.AsOf}, By: byAccount, Charged: true}); err != nil {
		return reports.Table{}, err
	}
	if f.Window, err = sumsOf(v, journal.SumQuery{Days: ask.Window(), By: byAccount, Charged: true}); err != nil {
		return reports.Table{}, err
	}
	if f.Aging, err = age(v, ask); err != nil {
		return reports.Table{}, err
	}
	if f.Claims, err = books.Figures(v, ask.Window()); err != nil {
		return reports.Table{}, err
	}
	return ask.OfFigures(f), nil
}
