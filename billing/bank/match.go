package bank

import (
	"medbill/billing/desk"
	"medbill/billing/rules/deposit"
	"medbill/billing/rules/ledger"
	"medbill/billing/rules/remit"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// Request says what a deposit pays: payments of payers, each whole, and beside them Card of cards, of which their processor kept Fee, and Till of what lay in the drawer.
type Request struct {
	Remittances     []models.RemittanceID
	Card, Fee, Till models.Cents
}

// Standing gives a deposit as it stands. It refuses (NotFound) one that there is not.
func Standing(id models.DepositID) func(*desk.Sheet) (models.Deposit, error) {
	return func(s *desk.Sheet) (models.Deposit, error) { return Known(s.View, id) }
}

// Match says what a deposit pays. It refuses (Conflict, deposit.matched) one of which that is known, and (BusinessRule) what is not the deposit to the cent: see deposit.Check.
func Match(s *desk.Sheet, id models.DepositID, r Request) (models.Deposit, error) {
	if err := alone(s, id, r.Remittances, atBank); err != nil {
		return models.Deposit{}, err
	}
	d, err := Known(s.View, id)
	if err != nil {
		return d, err
	}
	if d.State == models.DepositMatched {
		return d, fault.At(fault.Conflict, "deposit.matched", "deposit", "It is known what the deposit pays; take that match back first.")
	}
	if r.Card < 0 || r.Fee < 0 || r.Till < 0 || r.Fee > 0 && r.Card == 0 {
		return d, fault.At(fault.Invalid, "value", "card", "Amounts are above 0.00, and a fee goes with what came of cards.")
	}
	of, err := books.RemittancesByID(s.View, r.Remittances)
	if err != nil {
		return d, err
	}
	var matches []models.DepositMatch
	for _, id := range r.Remittances {
		m := models.DepositMatch{Pays: models.PaysRemittance, RemittanceID: id}
		for _, one := range of {
			if one.ID == id {
				m.Amount = one.Amount
			}
		}
		matches = append(matches, m)
	}
	if r.Card > 0 {
		matches = append(matches, models.DepositMatch{Pays: models.PaysCard, Amount: r.Card, Fee: r.Fee})
	}
	if r.Till > 0 {
		matches = append(matches, models.DepositMatch{Pays: models.PaysTill, Amount: r.Till})
	}
	if d, err = pays(s, d, matches...); err != nil || r.Card == 0 {
		return d, err
	}
	return d, namesPayout(s, d, r.Card, r.Fee)
}

// alone has those wait for each other who say what a deposit pays, or what pays one of the payments.
func alone(s *desk.Sheet, id models.DepositID, remittances []models.RemittanceID, more ...string) error {
	subjects := []string{"deposit " + string(id)}
	of, err := books.RemittancesByID(s.View, remittances)
	if err != nil {
		return err
	}
	for _, r := range of {
		subjects = append(subjects, "trace "+r.Trace)
	}
	return books.Lock(s.Tx, append(subjects, more...)...)
}

// pays matches a deposit, and closes what was to be done about it and what it pays.
func pays(s *desk.Sheet, d models.Deposit, matches ...models.DepositMatch) (models.Deposit, error) {
	d.Matches = matches
	of, list, err := paidBy(s, d)
	if err != nil {
		return d, err
	}
	if issues := deposit.Check(d, of); len(issues) > 0 {
		return d, fault.Of(fault.BusinessRule, issues)
	}
	d.State, d.Matchings, d.AskDue = models.DepositMatched, d.Matchings+1, 0
	if err := books.KeepDeposit(s.Tx, d); err != nil {
		return d, err
	}
	if err := books.Pay(s.Tx, d.ID, list...); err != nil {
		return d, err
	}
	if err := s.Post(ledger.Matched(d, of)); err != nil {
		return d, err
	}
	for _, r := range list {
		if err := s.Item(false, missing(r)); err != nil {
			return d, err
		}
	}
	return d, s.Item(false, waiting(d))
}

// paidBy gives the payments that the matches of a deposit name, by id and in order.
func paidBy(s *desk.Sheet, d models.Deposit) (map[models.RemittanceID]models.Remittance, []models.Remittance, error) {
	var ids []models.RemittanceID
	for _, m := range d.Matches {
		if m.Pays == models.PaysRemittance {
			ids = append(ids, m.RemittanceID)
		}
	}
	of := make(map[models.RemittanceID]models.Remittance, len(ids))
	if len(ids) == 0 {
		return of, nil, nil
	}
	list, err := books.RemittancesByID(s.View, ids)
	for _, r := range list {
		of[r.ID] = r
	}
	return of, list, err
}

// Unmatch takes back what a deposit was said to pay: the books are as before, on the same day, and people are asked about it and about what it paid. It refuses (Conflict,
// deposit.unmatched) one of which nothing is known.
func Unmatch(s *desk.Sheet, id models.DepositID) (models.Deposit, error) {
	if err := alone(s, id, nil, atBank); err != nil {
		return models.Deposit{}, err
	}
	d, err := Known(s.View, id)
	if err != nil {
		return d, err
	}
	if d.State == models.DepositUnmatched {
		return d, fault.At(fault.Conflict, "deposit.unmatched", "deposit", "Nobody said yet what the deposit pays; there is nothing to take back.")
	}
	entry, _, err := journal.EntryByCause(s.View, models.CauseOfMatch(d.ID, d.Matchings))
	if err != nil {
		return d, err
	}
	_, list, err := paidBy(s, d)
	if err != nil {
		return d, err
	}
	for i := range list {
		list[i].DepositDue = remit.DepositDueAt(list[i], s.Zone())
	}
	d.State, d.Matches = models.DepositUnmatched, nil
	if err := books.KeepDeposit(s.Tx, d); err != nil {
		return d, err
	}
	if err := books.Pay(s.Tx, "", list...); err != nil {
		return d, err
	}
	if err := s.Post(ledger.Reverse(entry, entry.Effective)); err != nil {
		return d, err
	}
	payouts, err := books.PayoutsOfDeposit(s.View, d.ID)
	if err != nil {
		return d, err
	}
	if err := lieIn(s, "", payouts); err != nil {
		return d, err
	}
	return d, ask(s, d)
}

// Told matches a payment that its payer told with the deposit that came before it, and asks anew about one that names it with another amount.
func Told(s *desk.Sheet, id models.RemittanceID) error {
	r, known, err := books.Remittance(s.View, id)
	if err != nil || !known || !r.AwaitsDeposit() || r.Trace == "" {
		return err
	}
	if err := lock(s, r.Trace); err != nil {
		return err
	}
	before, err := waitingFor(s, r.Trace)
	if err != nil || len(before) == 0 {
		return err
	}
	named, err := books.RemittancesOfTraces(s.View, []string{r.Trace})
	if err != nil {
		return err
	}
	for _, d := range before {
		if one, ok := deposit.Named(d, named); ok && one.ID == r.ID {
			_, err := pays(s, d, models.DepositMatch{Pays: models.PaysRemittance, RemittanceID: r.ID, Amount: r.Amount})
			return err
		}
		if err := ask(s, d); err != nil {
			return err
		}
	}
	return nil
}

// waitingFor gives the deposits that name a payment and of which nobody said yet what they pay, each locked.
func waitingFor(s *desk.Sheet, trace string) ([]models.Deposit, error) {
	list, err := books.WaitingDeposits(s.View, trace)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	subjects := make([]string, len(list))
	for i, d := range list {
		subjects[i] = "deposit " + string(d.ID)
	}
	return list, books.Lock(s.Tx, subjects...)
}
