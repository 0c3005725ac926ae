package billing

import (
	"context"

	"medbill/billing/bank"
	"medbill/billing/desk"
	"medbill/billing/rules/deposit"
	"medbill/internal/auth"
	"medbill/internal/bankfile"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// What the doors hand over and get back about deposits, under the office's name.
type (
	// DepositMatch says what a deposit pays.
	DepositMatch = bank.Request
	// TakenDeposits is what came of a file of the bank.
	TakenDeposits = bank.Taken
	// DepositProposal is what a deposit may pay.
	DepositProposal = deposit.Proposal
	// DepositBook is what was read of deposits and of what they pay.
	DepositBook = bank.Book
)

// AboutDeposits is the type of the records that deposits are about.
const AboutDeposits = "PaymentReconciliation"

// deposited has a payment that its payer told matched with the deposit that came before it.
func deposited(book func(*store.Tx, records.Arrival) (string, error)) func(*store.Tx, records.Arrival) (string, error) {
	return func(tx *store.Tx, a records.Arrival) (string, error) {
		id, err := book(tx, a)
		if err != nil {
			return id, err
		}
		return id, bank.Told(desk.Open(tx), models.RemittanceID(id))
	}
}

// TakeDeposits takes a file of the bank. See bank.Take. Under the same key it gives nothing new, as every deposit stands here then.
func (o *Office) TakeDeposits(ctx context.Context, p auth.Principal, c Call, f bankfile.File) (desk.Done[TakenDeposits], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeDeposits, AboutDeposits, f),
		inTenant(func(s *desk.Sheet) (TakenDeposits, error) { return bank.Take(s, f) }),
		func(*desk.Sheet) (TakenDeposits, error) {
			return TakenDeposits{Known: len(f.Lines), NotTaken: f.NotTaken}, nil
		})
}

// MatchDeposit says what a deposit pays. See bank.Match.
func (o *Office) MatchDeposit(ctx context.Context, p auth.Principal, c Call, id models.DepositID, r DepositMatch) (desk.Done[models.Deposit], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeDeposits, AboutDeposits, []any{"match", id, r}),
		inTenant(func(s *desk.Sheet) (models.Deposit, error) { return bank.Match(s, id, r) }), bank.Standing(id))
}

// UnmatchDeposit takes back what a deposit was said to pay. See bank.Unmatch.
func (o *Office) UnmatchDeposit(ctx context.Context, p auth.Principal, c Call, id models.DepositID) (desk.Done[models.Deposit], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeDeposits, AboutDeposits, []any{"unmatch", id}),
		inTenant(func(s *desk.Sheet) (models.Deposit, error) { return bank.Unmatch(s, id) }), bank.Standing(id))
}

// Deposits gives at most count deposits that a filter means, the latest day first, after one of them by its id, with what hangs on them. It refuses (Invalid) a place that is none.
func (o *Office) Deposits(ctx context.Context, p auth.Principal, f models.DepositFilter, after models.DepositID, count int) (list []models.DepositID, found DepositBook, err error) {
	err = o.lookAtBank(ctx, p, func(v *store.View) error {
		from := models.Deposit{}
		if after != "" {
			var known bool
			if from, known, err = books.Deposit(v, after); err != nil || !known {
				return orNoPlace(err)
			}
		}
		page, err := books.Deposits(v, f, from, count)
		if err != nil {
			return err
		}
		for _, d := range page {
			list = append(list, d.ID)
		}
		found, err = bank.BookOf(v, page, nil)
		return err
	})
	return list, found, err
}

// Deposit gives one deposit with what hangs on it.
func (o *Office) Deposit(ctx context.Context, p auth.Principal, id models.DepositID) (found DepositBook, err error) {
	err = o.lookAtBank(ctx, p, func(v *store.View) error {
		d, err := bank.Known(v, id)
		if err == nil {
			found, err = bank.BookOf(v, []models.Deposit{d}, nil)
		}
		return err
	})
	return found, err
}

// BesideDeposit gives what hangs on a deposit as it came of a change.
func (o *Office) BesideDeposit(ctx context.Context, p auth.Principal, d models.Deposit) (found DepositBook, err error) {
	err = o.lookAtBank(ctx, p, func(v *store.View) error {
		found, err = bank.BookOf(v, []models.Deposit{d}, nil)
		return err
	})
	return found, err
}

// DepositProposals gives what a deposit may pay; nothing of one of which that is known.
func (o *Office) DepositProposals(ctx context.Context, p auth.Principal, id models.DepositID) (list []DepositProposal, found DepositBook, err error) {
	err = o.lookAtBank(ctx, p, func(v *store.View) error {
		d, err := bank.Known(v, id)
		if err != nil || d.State == models.DepositMatched {
			return err
		}
		if list, err = bank.Proposals(v, d); err != nil {
			return err
		}
		var proposed []models.Remittance
		for _, one := range list {
			proposed = append(proposed, one.Remittances...)
		}
		found, err = bank.BookOf(v, nil, proposed)
		return err
	})
	return list, found, err
}

// Remittances gives at most count payments of payers that a filter means, like Deposits.
func (o *Office) Remittances(ctx context.Context, p auth.Principal, f models.RemittanceFilter, after models.RemittanceID, count int) (list []models.RemittanceID, found DepositBook, err error) {
	err = o.lookAtBank(ctx, p, func(v *store.View) error {
		from := models.Remittance{}
		if after != "" {
			var known bool
			if from, known, err = books.Remittance(v, after); err != nil || !known {
				return orNoPlace(err)
			}
		}
		page, err := books.Remittances(v, f, from, count)
		if err != nil {
			return err
		}
		for _, r := range page {
			list = append(list, r.ID)
		}
		found, err = bank.BookOf(v, nil, page)
		return err
	})
	return list, found, err
}

// Remittance gives one payment with what hangs on it.
func (o *Office) Remittance(ctx context.Context, p auth.Principal, id models.RemittanceID) (found DepositBook, err error) {
	err = o.lookAtBank(ctx, p, func(v *store.View) error {
		found, err = bank.BookOf(v, nil, []models.Remittance{{ID: id}})
		if _, known := found.Remittances[id]; err == nil && !known {
			err = fault.At(fault.NotFound, "not-found", "id", "There is no such payment of a payer.")
		}
		return err
	})
	return found, err
}

func orNoPlace(err error) error {
	if err == nil {
		err = fault.At(fault.Invalid, "value", "after", "The place is none of this list; begin without it.")
	}
	return err
}

// lookAtBank reads for who may take deposits, and keeps in the audit that it did.
func (o *Office) lookAtBank(ctx context.Context, p auth.Principal, read func(*store.View) error) error {
	if err := p.RequireTenantOperation(operation.ScopeDeposits, AboutDeposits); err != nil {
		return err
	}
	err := o.session(p).View(ctx, func(v *store.View) error {
		if err := isTenant(v); err != nil {
			return err
		}
		return read(v)
	})
	if err != nil {
		return err
	}
	return o.session(p).RecordRead(ctx, models.AuditRead, "Deposit", "list")
}
