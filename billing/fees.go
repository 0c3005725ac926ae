package billing

import (
	"context"

	"medbill/billing/desk"
	"medbill/billing/rules/charge"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// FeeLoad is a version of a fee schedule as it is loaded. A version of the same name that begins on the same day is replaced;
// the one before ends where this one begins.
type FeeLoad struct {
	Name        string
	PayerID     models.OrganizationID // whose patients it is for; "" for everyone's
	From, Until models.Date           // "" is open
	Lines       []models.Price        // their sequences are the lines of the file
}

// FeeSchedules gives every version of every schedule that was loaded by name. It refuses (Forbidden) a tenant that nobody has made.
func (o *Office) FeeSchedules(ctx context.Context, p auth.Principal) ([]models.FeeSchedule, error) {
	if err := mayFees(p); err != nil {
		return nil, err
	}
	var schedules []models.FeeSchedule
	err := o.session(p).View(ctx, func(v *store.View) error {
		if err := isTenant(v); err != nil {
			return err
		}
		var err error
		schedules, err = books.FeeSchedules(v)
		return err
	})
	return schedules, err
}

// LoadFees takes a version of a fee schedule in one transaction and gives it as it stands then.
func (o *Office) LoadFees(ctx context.Context, p auth.Principal, c Call, load FeeLoad) (desk.Done[models.FeeSchedule], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeFees, aboutFees, load),
		inTenant(func(s *desk.Sheet) (models.FeeSchedule, error) { return loadFees(s.Tx, load) }),
		func(s *desk.Sheet) (models.FeeSchedule, error) { return loadedFees(s.View, load) })
}

// EndFees lets a version hold until a day and no longer.
func (o *Office) EndFees(ctx context.Context, p auth.Principal, c Call, id models.FeeScheduleID, until models.Date) (desk.Done[models.FeeSchedule], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeFees, aboutFees, []string{string(id), string(until)}),
		inTenant(func(s *desk.Sheet) (models.FeeSchedule, error) { return endFees(s.Tx, id, until) }),
		func(s *desk.Sheet) (models.FeeSchedule, error) {
			ended, _, err := books.FeeSchedule(s.View, id)
			return ended, err
		})
}

// aboutFees is the type of the records that fee schedules are about.
const aboutFees = "ChargeItemDefinition"

func mayFees(p auth.Principal) error {
	return p.RequireTenantOperation(operation.ScopeFees, aboutFees)
}

// loadedFees gives the version that a load made.
func loadedFees(v *store.View, load FeeLoad) (models.FeeSchedule, error) {
	versions, err := books.FeeVersions(v, load.Name)
	for _, version := range versions {
		if version.From == load.From {
			return version, err
		}
	}
	return models.FeeSchedule{}, err
}

// loadFees refuses a load without a name, a line or sound days (Invalid), what charge.Place and charge.Within refuse, and
// lines that tie with another schedule's (BusinessRule).
func loadFees(tx *store.Tx, load FeeLoad) (models.FeeSchedule, error) {
	none := models.FeeSchedule{}
	if err := fault.Of(fault.Invalid, checkLoad(load)); err != nil {
		return none, err
	}
	versions, err := books.FeeVersions(tx.View, load.Name)
	if err != nil {
		return none, err
	}
	placed, err := charge.Place(models.FeeSchedule{
		ID: models.FeeScheduleID(tx.NewID()), Name: load.Name, PayerID: load.PayerID, From: load.From, Until: load.Until, Prices: len(load.Lines),
	}, versions)
	if err != nil {
		return none, err
	}
	prices, err := charge.Within(placed.Version, load.Lines)
	if err != nil {
		return none, err
	}
	mine := []models.FeeScheduleID{placed.Version.ID, placed.Before.ID}
	others, err := otherPrices(tx.View, prices, mine...)
	if err != nil {
		return none, err
	}
	if err := charge.Untied(prices, others); err != nil {
		return none, err
	}
	var ended []models.Price
	if placed.Before.ID != "" {
		if ended, err = books.PricesOf(tx.View, placed.Before.ID); err != nil {
			return none, err
		}
		if err := books.EndFeeSchedule(tx, placed.Before, placed.Version.From.AddDays(-1)); err != nil {
			return none, err
		}
	}
	if err := saveFees(tx, placed.Version, prices); err != nil {
		return none, err
	}
	return placed.Version, reprice(tx, ended...)
}

func saveFees(tx *store.Tx, version models.FeeSchedule, prices []models.Price) error {
	if err := books.SaveFeeSchedule(tx, version); err != nil {
		return err
	}
	before, err := books.PricesOf(tx.View, version.ID)
	if err != nil {
		return err
	}
	if err := books.SavePrices(tx, version.ID, prices); err != nil {
		return err
	}
	return reprice(tx, append(before, prices...)...)
}

func checkLoad(load FeeLoad) []fault.Issue {
	var issues []fault.Issue
	add := func(code, path, text string) {
		issues = append(issues, fault.Issue{Code: code, Path: path, Text: text})
	}
	issues = append(issues, fault.IssuesAt("name", models.CheckLine(load.Name))...)
	if load.PayerID != "" {
		issues = append(issues, fault.IssuesAt("payer", models.CheckID(string(load.PayerID)))...)
	}
	if len(load.Lines) == 0 {
		add("required", "csv", "The fee schedule has no line; send at least one price.")
	}
	if !isDay(load.From) {
		add("value", "from", "The first day must be written as 2026-03-02.")
	}
	if !isDay(load.Until) || load.Until != "" && load.Until < load.From {
		add("value", "until", "The last day must be written as 2026-03-02 and not come before the first.")
	}
	return issues
}

// isDay reports whether a day that came from outside is one, or open.
func isDay(d models.Date) bool {
	parsed, ok := models.ParseDate(string(d))
	return d == "" || ok && parsed == d
}

// endFees refuses a version that is not there (NotFound), a day that is none or before its first (Invalid), and one after
// its last (Conflict): what has ended is loaded again, not stretched.
func endFees(tx *store.Tx, id models.FeeScheduleID, until models.Date) (models.FeeSchedule, error) {
	s, ok, err := books.FeeSchedule(tx.View, id)
	switch {
	case err != nil:
		return s, err
	case !ok:
		return s, fault.At(fault.NotFound, "not-found", "schedule", "There is no such version of a fee schedule.")
	case until == "" || !isDay(until) || until < s.From:
		return s, fault.At(fault.Invalid, "value", "until", "The last day must be written as 2026-03-02 and not come before the first.")
	case s.Until != "" && s.Until < until:
		return s, fault.At(fault.Conflict, "fees.ended", "until", "The version ends before that day already; load a version that goes on.")
	}
	prices, err := books.PricesOf(tx.View, s.ID)
	if err != nil {
		return s, err
	}
	if err := books.EndFeeSchedule(tx, s, until); err != nil {
		return s, err
	}
	s.Until = until
	return s, reprice(tx, prices...)
}
