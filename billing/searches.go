package billing

import (
	"context"
	"errors"
	"net/http"

	"medbill/billing/bank"
	"medbill/billing/desk"
	"medbill/billing/remittance"
	"medbill/billing/rules/deposit"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/internal/partners"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// SearchPayments asks the servers of payers for the remittances of money that came to the bank and that nobody told. Where a payer has none, people ask.
func (o *Office) SearchPayments(ctx context.Context) error {
	var due []books.DueAsk
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		due, err = books.AsksDueEverywhere(v, o.db.Now(), orphansMax)
		return err
	})
	if err != nil {
		return err
	}
	var called []books.DueAsk
	for _, one := range due {
		if o.partners.Has(ofAsk(one)) {
			called = append(called, one)
		} else if _, _, err := o.question(ctx, one, false); err != nil {
			return err
		}
	}
	return eachPartner(ctx, called, ofAsk, o.searchPayment)
}

func ofAsk(one books.DueAsk) partners.Partner {
	return partners.Partner{Tenant: one.Tenant, Payer: one.PayerID}
}

// question gives what a payer is asked about a deposit. See bank.Question.
func (o *Office) question(ctx context.Context, one books.DueAsk, isReached bool) (d models.Deposit, body []byte, err error) {
	err = o.ofAsked(ctx, one, func(s *desk.Sheet) (err error) {
		d, body, err = bank.Question(s, one.ID, isReached)
		return err
	})
	return d, body, err
}

func (o *Office) ofAsked(ctx context.Context, one books.DueAsk, do func(*desk.Sheet) error) error {
	return o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error { return do(desk.Open(tx)) })
}

// searchPayment asks a payer's server for one remittance, and takes it. What is not taken changes nothing but what people are told of it.
func (o *Office) searchPayment(ctx context.Context, one books.DueAsk) error {
	d, body, err := o.question(ctx, one, true)
	if err != nil || body == nil {
		return err
	}
	file, came := o.advice(ctx, ofAsk(one), d, body)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if came == models.AskedTold {
		err := o.ofAsked(ctx, one, func(s *desk.Sheet) error { return searched(s, d, file) })
		switch {
		case err == nil:
			return nil
		case fault.From(err).Kind == fault.Internal, fault.From(err).Kind == fault.Busy:
			return err
		case errors.Is(err, remittance.ErrOther):
			came = models.AskedOther
		default:
			came = models.AskedRefused
		}
		o.log.Warn("the remittance that a payer's server gives is not taken", "tenant", one.Tenant, "payer", one.PayerID, "code", fault.From(err).Issues[0].Code)
	}
	return o.ofAsked(ctx, one, func(s *desk.Sheet) error { return bank.Asked(s, d.ID, came) })
}

// searched takes the remittance of a deposit, and has them matched.
func searched(s *desk.Sheet, d models.Deposit, file intake.Advice) error {
	id, err := remittance.Searched(s, d, file)
	if err != nil {
		return err
	}
	if err := bank.Told(s, id); err != nil {
		return err
	}
	return bank.Asked(s, d.ID, models.AskedTold)
}

// advice gets the file of the payment that a deposit is from its payer's server: which payment that is, then what tells it. It gives AskedTold with the file, else what came of asking.
func (o *Office) advice(ctx context.Context, who partners.Partner, d models.Deposit, question []byte) (intake.Advice, models.DepositAsked) {
	said, came := o.ask(ctx, who, "$searchByPayment", question)
	if said == nil {
		return intake.Advice{}, came
	}
	number, came := deposit.Advice(d, intake.FoundPayments(said))
	if number == "" {
		return intake.Advice{}, came
	}
	if said, came = o.ask(ctx, who, "$downloadRemittance", render.RemittanceDownload(number)); said == nil {
		return intake.Advice{}, came
	}
	file, err := intake.RemittanceAdvice(said)
	if err != nil {
		return file, models.AskedUnreadable
	}
	return file, models.AskedTold
}

// ask gives what a payer's server says; nil with what came of asking where it says nothing that tells.
func (o *Office) ask(ctx context.Context, who partners.Partner, place string, body []byte) (*fhir.Document, models.DepositAsked) {
	reply, failed := o.call(ctx, who, place, body)
	if failed != nil || reply.Failed() {
		return nil, models.AskedAway
	}
	said, err := fhir.Parse(reply.Body)
	switch {
	case reply.Status >= http.StatusBadRequest:
		return nil, models.AskedUnknown
	case err != nil || !reply.Done():
		return nil, models.AskedUnreadable
	}
	return said, models.AskedNothing
}
