package billing

import (
	"context"

	"golang.org/x/sync/errgroup"

	"medbill/billing/desk"
	"medbill/billing/front"
	"medbill/billing/remittance"
	"medbill/fhir"
	"medbill/internal/partners"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

const (
	callsAtOnce = 16 // of payers' servers: one that is slow holds up itself alone
	callsMax    = 20 // of one payer at a time
)

// eachPartner does what is to be done with payers' servers: with one payer one thing after the other, with several payers at once.
func eachPartner[T any](ctx context.Context, due []T, who func(T) partners.Partner, do func(context.Context, T) error) error {
	byPartner := map[partners.Partner][]T{}
	for _, one := range due {
		if p := who(one); len(byPartner[p]) < callsMax {
			byPartner[p] = append(byPartner[p], one)
		}
	}
	calls, ctx := errgroup.WithContext(ctx)
	calls.SetLimit(callsAtOnce)
	for _, list := range byPartner {
		calls.Go(func() error {
			for _, one := range list {
				if err := do(ctx, one); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return calls.Wait()
}

// call tells a payer's server something, outside of any transaction.
func (o *Office) call(ctx context.Context, who partners.Partner, place string, body []byte) (partners.Reply, error) {
	reply, err := o.partners.Post(ctx, who, place, body)
	if err != nil {
		o.log.Warn("a payer's server was called in vain", "tenant", who.Tenant, "payer", who.Payer, "error", err)
	}
	return reply, err
}

// CallPayers sends requests for authorization to the servers of their payers, and asks how those stand that are not decided.
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
	return eachPartner(ctx, due, func(one books.DueAuthorization) partners.Partner {
		return partners.Partner{Tenant: one.Tenant, Payer: one.PayerID}
	}, o.callAbout)
}

// callAbout tells a payer about one request what it is to be told.
func (o *Office) callAbout(ctx context.Context, one books.DueAuthorization) error {
	session, ask := o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}), o.authorizations()
	var next *front.Call
	err := session.Update(ctx, func(tx *store.Tx) (err error) {
		next, err = ask.Next(desk.Open(tx), one.ID)
		return err
	})
	if err != nil || next == nil {
		return err
	}
	reply, failed := o.call(ctx, partners.Partner{Tenant: one.Tenant, Payer: one.PayerID}, next.Place, next.Body)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return session.Update(ctx, func(tx *store.Tx) error { return ask.Came(desk.Open(tx), one.ID, reply, failed) })
}

// AskForAnswers asks about the claims of which their payers said nothing for too long: payers that have a server of their own, and people where that judges nothing.
func (o *Office) AskForAnswers(ctx context.Context) error {
	var silent, called []books.Silent
	err := o.db.Everywhere(ctx, func(v *store.View) error {
		all, err := books.SilentEverywhere(v, o.db.Now(), orphansMax)
		for _, one := range all {
			if o.partners.Has(ofSilent(one)) {
				called = append(called, one)
			} else {
				silent = append(silent, one)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range silent {
		if err := o.askPeople(ctx, one, false); err != nil {
			return err
		}
	}
	return eachPartner(ctx, called, ofSilent, o.inquire)
}

func ofSilent(one books.Silent) partners.Partner {
	return partners.Partner{Tenant: one.Tenant, Payer: one.PayerID}
}

// ofSilentCase does something with the case of a silent claim.
func (o *Office) ofSilentCase(ctx context.Context, one books.Silent, do func(*desk.Sheet) error) error {
	return o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
		s := desk.Open(tx)
		if err := lockWithPatient(s, one.CaseID); err != nil {
			return err
		}
		return do(s)
	})
}

func (o *Office) askPeople(ctx context.Context, one books.Silent, wasAsked bool) error {
	return o.ofSilentCase(ctx, one, func(s *desk.Sheet) error {
		if err := remittance.AskForAnswer(s, one.ID, wasAsked); err != nil {
			return err
		}
		return stand(s, one.CaseID)
	})
}

// inquire asks a payer's server how a claim stands, and people where it has not judged it.
func (o *Office) inquire(ctx context.Context, one books.Silent) error {
	var body []byte
	err := o.ofSilentCase(ctx, one, func(s *desk.Sheet) (err error) {
		body, err = remittance.Inquiry(s, one.ID)
		return err
	})
	if err != nil || body == nil {
		return err
	}
	reply, failed := o.call(ctx, ofSilent(one), "Claim/$inquire", body)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if said, broken := fhir.Parse(reply.Body); failed == nil && broken == nil && reply.Done() {
		err := o.ofSilentCase(ctx, one, func(s *desk.Sheet) error { return remittance.Inquired(s, one.ID, said) })
		if err != nil && fault.From(err).Kind == fault.Internal {
			return err
		}
		if err != nil { // it says what it may not, or what it said before
			o.log.Warn("what a payer's server says of a claim is not taken", "tenant", one.Tenant, "payer", one.PayerID, "code", fault.From(err).Issues[0].Code)
		}
	}
	return o.askPeople(ctx, one, true)
}
