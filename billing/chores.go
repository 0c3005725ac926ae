package billing

import (
	"context"
	"time"

	"medbill/billing/bank"
	"medbill/billing/coding"
	"medbill/billing/desk"
	"medbill/billing/front"
	"medbill/billing/remittance"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

const (
	talliesEvery = time.Minute
	orphansEvery = 30 * time.Second
	orphansMax   = 1000 // at a time
	checksEvery  = 5 * time.Second
)

// Orphans asks people for the visits of the charges whose Encounter did not come in time.
func (o *Office) Orphans(ctx context.Context) error {
	var orphans []books.Orphan
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		orphans, err = books.OrphansEverywhere(v, o.db.Now(), orphansMax)
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range orphans {
		err := o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
			s := desk.Open(tx)
			return coding.AskForVisit(s, one.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AskForRemittances asks people about the payments whose answers came and which their payers did not tell in time.
func (o *Office) AskForRemittances(ctx context.Context) error {
	var untold []books.Untold
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		untold, err = books.UntoldEverywhere(v, o.db.Now(), orphansMax)
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range untold {
		err := o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
			return remittance.AskForRemittance(desk.Open(tx), one.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AskForDeposits asks people about the payments that payers told and no deposit pays in time.
func (o *Office) AskForDeposits(ctx context.Context) error {
	var due []books.Untold
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		due, err = books.UndepositedEverywhere(v, o.db.Now(), orphansMax)
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range due {
		err := o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
			return bank.AskForDeposit(desk.Open(tx), one.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// CheckCoverages asks payers about plans where that is due, and people where a payer says nothing.
func (o *Office) CheckCoverages(ctx context.Context) error {
	var due []books.DueCheck
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		due, err = books.ChecksDueEverywhere(v, o.db.Now(), orphansMax)
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range due {
		err := o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
			return front.GoOn(desk.Open(tx), one.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// FoldTallies keeps the sums of the queues quick to add up.
func (o *Office) FoldTallies(ctx context.Context) error {
	var tenants []models.TenantID
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		tenants, err = books.TalliesToFold(v)
		return err
	})
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		if err := o.db.As(models.Actor{Tenant: tenant, Subject: worker}).Update(ctx, books.FoldTallies); err != nil {
			return err
		}
	}
	return nil
}
