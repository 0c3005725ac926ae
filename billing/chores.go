package billing

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"medbill/billing/coding"
	"medbill/billing/desk"
	"medbill/billing/front"
	"medbill/billing/remittance"
	"medbill/internal/partners"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

const (
	talliesEvery = time.Minute
	orphansEvery = 30 * time.Second
	orphansMax   = 1000 // at a time
	checksEvery  = 5 * time.Second

	callsAtOnce = 16 // of payers' servers: one that is slow holds up itself alone
	callsMax    = 20 // of one payer at a time
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

// AskForAnswers asks people about the claims of which their payers said nothing for too long.
func (o *Office) AskForAnswers(ctx context.Context) error {
	var silent []books.Silent
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		silent, err = books.SilentEverywhere(v, o.db.Now(), orphansMax)
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range silent {
		err := o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
			s := desk.Open(tx)
			if err := lockWithPatient(s, one.CaseID); err != nil {
				return err
			}
			if err := remittance.AskForAnswer(s, one.ID); err != nil {
				return err
			}
			return stand(s, one.CaseID)
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

// CallPayers sends requests for authorization to the servers of their payers, and asks how those stand that are not decided. A payer is asked one thing after the other, several payers at once.
func (o *Office) CallPayers(ctx context.Context) error {
	if o.partners == nil {
		return nil
	}
	var due []books.DueAuthorization
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		due, err = books.AuthorizationsDueEverywhere(v, o.db.Now(), orphansMax)
		return err
	})
	if err != nil {
		return err
	}
	byPartner := map[partners.Partner][]models.ClaimID{}
	for _, one := range due {
		who := partners.Partner{Tenant: one.Tenant, Payer: one.PayerID}
		if len(byPartner[who]) < callsMax {
			byPartner[who] = append(byPartner[who], one.ID)
		}
	}
	calls, ctx := errgroup.WithContext(ctx)
	calls.SetLimit(callsAtOnce)
	for who, ids := range byPartner {
		calls.Go(func() error {
			for _, id := range ids {
				if err := o.callAbout(ctx, who, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return calls.Wait()
}

// callAbout tells a payer about one request what it is to be told, outside of any transaction.
func (o *Office) callAbout(ctx context.Context, who partners.Partner, id models.ClaimID) error {
	session, ask := o.db.As(models.Actor{Tenant: who.Tenant, Subject: worker}), o.authorizations()
	var call *front.Call
	err := session.Update(ctx, func(tx *store.Tx) (err error) {
		call, err = ask.Next(desk.Open(tx), id)
		return err
	})
	if err != nil || call == nil {
		return err
	}
	reply, failed := o.partners.Post(ctx, who, call.Place, call.Body)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed != nil {
		o.log.Warn("a payer's server was called in vain", "tenant", who.Tenant, "payer", who.Payer, "error", failed)
	}
	return session.Update(ctx, func(tx *store.Tx) error { return ask.Came(desk.Open(tx), id, reply, failed) })
}
