package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// AddDeposits writes deposits that the bank tells for the first time.
func AddDeposits(tx *store.Tx, list ...models.Deposit) error {
	list = slices.Clone(list)
	for i := range list {
		list[i].TenantID, list[i].Created, list[i].Updated = tx.Tenant(), tx.Now(), tx.Now()
	}
	return store.Insert(tx, list...)
}

// KeepDeposit writes what became of a deposit: its state, and the matches in place of those that stood.
func KeepDeposit(tx *store.Tx, d models.Deposit) error {
	d.TenantID, d.Updated = tx.Tenant(), tx.Now()
	if err := store.Upsert(tx, d); err != nil {
		return err
	}
	if err := store.Drop[models.DepositMatch](tx, "deposit_id = ?", d.ID); err != nil {
		return err
	}
	matches := slices.Clone(d.Matches)
	for i := range matches {
		matches[i].TenantID, matches[i].DepositID, matches[i].Sequence = d.TenantID, d.ID, i+1
	}
	return store.Insert(tx, matches...)
}

// DepositsByKey gives those deposits that have one of the keys.
func DepositsByKey(v *store.View, keys []string) ([]models.Deposit, error) {
	return store.All[models.Deposit](v, "id", "line_key IN ?", keys)
}

// DepositsByReference gives those deposits that have one of the bank's references.
func DepositsByReference(v *store.View, references []string) ([]models.Deposit, error) {
	return store.All[models.Deposit](v, "id", "reference <> '' AND reference IN ?", references)
}

// DepositsByID gives deposits with their matches.
func DepositsByID(v *store.View, ids []models.DepositID) ([]models.Deposit, error) {
	list, err := store.All[models.Deposit](v, "id", "id IN ?", ids)
	if err != nil {
		return nil, err
	}
	return withMatches(v, list)
}

func withMatches(v *store.View, list []models.Deposit) ([]models.Deposit, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids, at := make([]models.DepositID, len(list)), make(map[models.DepositID]int, len(list))
	for i, d := range list {
		ids[i], at[d.ID] = d.ID, i
	}
	matches, err := store.All[models.DepositMatch](v, "deposit_id, sequence", "deposit_id IN ?", ids)
	for _, m := range matches {
		d := &list[at[m.DepositID]]
		d.Matches = append(d.Matches, m)
	}
	return list, err
}

// Deposit gives one deposit with its matches; false where there is none.
func Deposit(v *store.View, id models.DepositID) (models.Deposit, bool, error) {
	list, err := DepositsByID(v, []models.DepositID{id})
	if err != nil || len(list) == 0 {
		return models.Deposit{}, false, err
	}
	return list[0], true, nil
}

// Deposits gives at most count deposits that a filter means, with their matches, the latest day first, after one of them (the zero one is before all).
func Deposits(v *store.View, f models.DepositFilter, after models.Deposit, count int) ([]models.Deposit, error) {
	c := &conditions{}
	if f.Trace != "" {
		c.add("trace <> '' AND trace = ?", f.Trace)
	}
	if f.State == models.DepositUnmatched {
		c.add("state = 'unmatched'")
	} else if f.State != "" {
		c.look("state = ?", f.State)
	}
	c.within(f.Days)
	if f.PayerID != "" {
		c.look("payer_id = ?", f.PayerID)
	}
	if f.Amount != nil {
		c.look("amount = ?", *f.Amount)
	}
	if after.ID != "" {
		c.add("(day, id) < (?, ?)", after.Day, after.ID)
	}
	list, err := store.Some[models.Deposit](v, count, "day DESC, id DESC", c.text(), c.args...)
	if err != nil {
		return nil, err
	}
	return withMatches(v, list)
}

// within adds that a day lies in a span.
func (c *conditions) within(days models.Span) {
	c.add("day >= ?", days.From)
	if days.Until != "" {
		c.add("day <= ?", days.Until)
	}
}

// Remittances gives at most count payments of payers that a filter means, without details, the latest day first, after one of them (the zero one is before all).
func Remittances(v *store.View, f models.RemittanceFilter, after models.Remittance, count int) ([]models.Remittance, error) {
	c := &conditions{}
	if f.Trace != "" {
		c.add("trace = ?", f.Trace)
	}
	c.within(f.Days)
	if f.PayerID != "" {
		c.look("payer_id = ?", f.PayerID)
	}
	if f.Outcome != "" {
		c.look("outcome = ?", f.Outcome)
	}
	if f.Amount != nil {
		c.look("amount = ?", *f.Amount)
	}
	if f.Deposited != nil {
		c.look("outcome = 'complete' AND amount > 0 AND method <> 'NON' AND (deposit_id <> '') = ?", *f.Deposited)
	}
	if after.ID != "" {
		c.add("(day, id) < (?, ?)", after.Day, after.ID)
	}
	return store.Some[models.Remittance](v, count, "day DESC, id DESC", c.text(), c.args...)
}

// RemittancesOfTraces gives the payments with one of the trace numbers, each one of a payer at most, without details.
func RemittancesOfTraces(v *store.View, traces []string) ([]models.Remittance, error) {
	return store.All[models.Remittance](v, "id", "trace IN ?", traces)
}

// openMax bounds the payments among which a person's choice is sought: a practice has some hundreds of them open.
const openMax = 2000

// OpenRemittances gives payments for which no deposit came yet, of a payer or, where that is "", of every payer, the latest first.
func OpenRemittances(v *store.View, payer models.OrganizationID) ([]models.Remittance, error) {
	c := &conditions{}
	c.add("payer_id > ''")
	if payer != "" {
		c.parts, c.args = []string{"payer_id = ?"}, []any{payer}
	}
	c.add("deposit_id = '' AND outcome = 'complete' AND amount > 0 AND method <> 'NON'")
	return store.Some[models.Remittance](v, openMax, "payer_id, day DESC, id", c.text(), c.args...)
}

// WaitingDeposits gives the deposits with a trace number that nobody knows yet.
func WaitingDeposits(v *store.View, trace string) ([]models.Deposit, error) {
	return store.All[models.Deposit](v, "day, id", "trace <> '' AND trace = ? AND state = ?", trace, models.DepositUnmatched)
}

// UnmatchedDeposits gives the deposits of an amount of some days that nobody knows yet.
func UnmatchedDeposits(v *store.View, amount models.Cents, days models.Span) ([]models.Deposit, error) {
	return store.All[models.Deposit](v, "day, id", "state = 'unmatched' AND amount = ? AND day >= ? AND day <= ?", amount, days.From, days.Until)
}

// Pay says of payments that a deposit pays them, or with "" that none does and from when on a person is asked.
func Pay(tx *store.Tx, by models.DepositID, list ...models.Remittance) error {
	for _, r := range list {
		if by != "" && r.DepositID != "" && r.DepositID != by {
			return fault.New(fault.Internal, "internal", "A payment is paid by another deposit.")
		}
		if r.DepositID = by; by != "" {
			r.DepositDue = 0
		}
		if err := KeepRemittance(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// UndepositedEverywhere gives at most count payments of all tenants about whose money a person is to be asked now.
func UndepositedEverywhere(v *store.View, now models.Instant, count int) ([]Untold, error) {
	var list []Untold
	err := v.Rows(func(row store.Row) error {
		var one Untold
		err := row.Scan(&one.Tenant, &one.ID)
		list = append(list, one)
		return err
	}, "SELECT tenant_id, id FROM remittances WHERE deposit_due > 0 AND deposit_due <= ? ORDER BY deposit_due LIMIT ?", now, count)
	return list, err
}

// DueAsk is a deposit about which its payer is to be asked now.
type DueAsk struct {
	Tenant  models.TenantID
	ID      models.DepositID
	PayerID models.OrganizationID
}

// AsksDueEverywhere gives at most count of all tenants, those that wait the longest first.
func AsksDueEverywhere(v *store.View, now models.Instant, count int) ([]DueAsk, error) {
	var list []DueAsk
	err := v.Rows(func(row store.Row) error {
		var one DueAsk
		err := row.Scan(&one.Tenant, &one.ID, &one.PayerID)
		list = append(list, one)
		return err
	}, "SELECT tenant_id, id, payer_id FROM deposits WHERE ask_due > 0 AND ask_due <= ? ORDER BY ask_due LIMIT ?", now, count)
	return list, err
}
