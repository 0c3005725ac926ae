package bank

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/deposit"
	"medbill/internal/store/books"
	"medbill/models"
)

// Files of the bank and payouts wait for each other, so that one of the two finds the other.
const atBank = "deposits"

// payoutDays is how far before the day of a deposit payouts are looked for, and the other way round; which of them are near enough is the rule's to say.
const payoutDays = 5

// payoutsSince gives the payouts that may be deposits of a day and later.
func payoutsSince(s *desk.Sheet, day models.Date) ([]models.ProcessorEvent, error) {
	return books.OpenPayouts(s.View, day.AddDays(-payoutDays).Start(s.Zone()))
}

// PaidOut matches a payout that a processor told with the deposit that came before it. What is told again is the deposit that it was.
func PaidOut(s *desk.Sheet, e models.ProcessorEvent) error {
	if err := books.Lock(s.Tx, atBank); err != nil {
		return err
	}
	told, err := books.EventsOfReference(s.View, e.Processor, e.Reference)
	if err != nil {
		return err
	}
	for _, one := range told {
		if one.DepositID != "" {
			return lieIn(s, one.DepositID, told)
		}
	}
	day := e.Created.Day(s.Zone())
	waiting, err := books.UnmatchedDeposits(s.View, e.Amount, models.Span{From: day.AddDays(-payoutDays), Until: day.AddDays(payoutDays)})
	if err != nil || len(waiting) == 0 {
		return err
	}
	open, err := payoutsSince(s, day.AddDays(-payoutDays))
	if err != nil {
		return err
	}
	for _, d := range waiting {
		if one, ok := deposit.Settled(d, open, s.Zone()); ok && one.Processor == e.Processor && one.Reference == e.Reference {
			_, err := settled(s, d, one)
			return err
		}
		if err := ask(s, d); err != nil {
			return err
		}
	}
	return nil
}

// settled matches a deposit with a payout: all that the processor settled by it is at the bank, less what it kept.
func settled(s *desk.Sheet, d models.Deposit, e models.ProcessorEvent) (models.Deposit, error) {
	d, err := pays(s, d, models.DepositMatch{Pays: models.PaysCard, Amount: e.Amount, Fee: e.Fee})
	if err != nil {
		return d, err
	}
	told, err := books.EventsOfReference(s.View, e.Processor, e.Reference)
	if err != nil {
		return d, err
	}
	return d, lieIn(s, d.ID, told)
}

// lieIn says of the payouts among events which deposit they are, or with "" that nobody knows.
func lieIn(s *desk.Sheet, id models.DepositID, events []models.ProcessorEvent) error {
	payouts := slices.DeleteFunc(slices.Clone(events), func(e models.ProcessorEvent) bool { return e.Type != models.EventPayout })
	for i := range payouts {
		payouts[i].DepositID = id
	}
	return books.SaveEvents(s.Tx, payouts...)
}

// namesPayout says that a deposit of cards is the payout of which it has amount and fee, where there is one such and no more.
func namesPayout(s *desk.Sheet, d models.Deposit, card, fee models.Cents) error {
	open, err := payoutsSince(s, d.Day)
	if err != nil {
		return err
	}
	open = slices.DeleteFunc(open, func(e models.ProcessorEvent) bool {
		return e.Amount != card || e.Fee != fee || !deposit.IsNear(d, e, s.Zone())
	})
	if len(open) == 0 || slices.ContainsFunc(open, func(e models.ProcessorEvent) bool {
		return e.Processor != open[0].Processor || e.Reference != open[0].Reference
	}) {
		return nil
	}
	told, err := books.EventsOfReference(s.View, open[0].Processor, open[0].Reference)
	if err != nil {
		return err
	}
	return lieIn(s, d.ID, told)
}
