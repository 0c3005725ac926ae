package billing_test

import (
	"context"
	"fmt"
	"strings"

	"medbill/billing"
	"medbill/internal/bankfile"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// deposit is what a payer sent as it came to the bank: as the payer told it or will tell it, a cent off, or without a word of what it is.
func (w *world) deposit() bool {
	w.t.Helper()
	var open []models.Remittance
	payer := some(w, models.OrganizationID("acme"), "beta")
	w.view(func(v *store.View) (err error) {
		open, err = books.OpenRemittances(v, payer)
		return err
	})
	amount, trace := models.Cents(1000+w.random.IntN(9000)), w.paying(payer).trace
	if len(open) > 0 && w.random.IntN(4) > 0 {
		one := some(w, open...)
		amount, trace = one.Amount, one.Trace
	}
	switch w.random.IntN(5) {
	case 0:
		amount++
	case 1:
		trace = ""
	}
	if amount <= 0 {
		return false
	}
	line := fmt.Sprintf("date,amount,trace,payer,text,reference\n%s,%s,%s,%s,,%s\n", w.day(), amount, trace, payer, w.name("bank"))
	if !w.banks(line) {
		return false
	}
	w.lines = append(w.lines, line)
	return true
}

// depositAgain is a file of the bank that is sent again.
func (w *world) depositAgain() bool { return len(w.lines) > 0 && w.banks(some(w, w.lines...)) }

func (w *world) banks(text string) bool {
	w.t.Helper()
	file, err := bankfile.ReadCSV(strings.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	done, err := w.office.TakeDeposits(context.Background(), w.admin(), billing.Call{}, file)
	if w.banked += done.Result.Amount; err == nil && done.Result.Amount != 0 && done.Result.Amount != file.Lines[0].Amount {
		w.t.Errorf("seed %d: of %q %s is taken", w.seed, text, done.Result.Amount)
	}
	return w.accepted("deposit "+text[strings.Index(text, "\n")+1:], err)
}

// matchDeposit is a person who says what a deposit pays, by what is proposed or without it.
func (w *world) matchDeposit() bool {
	w.t.Helper()
	d := w.anyDeposit(models.DepositUnmatched)
	if d.ID == "" {
		return false
	}
	proposals, _, err := w.office.DepositProposals(context.Background(), w.admin(), d.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(proposals) == 0 {
		return false
	}
	var r billing.DepositMatch
	for _, one := range some(w, proposals...).Remittances {
		r.Remittances = append(r.Remittances, one.ID)
	}
	_, err = w.office.MatchDeposit(context.Background(), w.admin(), billing.Call{}, d.ID, r)
	return w.accepted(fmt.Sprintf("deposit %s said to pay %v", d.ID, r.Remittances), err)
}

// unmatchDeposit is a person who takes that back.
func (w *world) unmatchDeposit() bool {
	w.t.Helper()
	d := w.anyDeposit(models.DepositMatched)
	if d.ID == "" {
		return false
	}
	_, err := w.office.UnmatchDeposit(context.Background(), w.admin(), billing.Call{}, d.ID)
	return w.accepted("what deposit "+string(d.ID)+" pays taken back", err)
}

func (w *world) anyDeposit(state models.DepositState) (found models.Deposit) {
	w.t.Helper()
	w.view(func(v *store.View) error {
		list, err := books.Deposits(v, models.DepositFilter{State: state}, models.Deposit{}, 50)
		if len(list) > 0 {
			found = some(w, list...)
		}
		return err
	})
	return found
}

// isBanked holds that what came to the bank stands in the bank's account once.
func (w *world) isBanked() {
	w.t.Helper()
	sum := models.Cents(0)
	w.view(func(v *store.View) error {
		amounts, err := store.Column[models.Cents](v, "SELECT amount FROM postings WHERE tenant_id = ? AND account = ?", w.tenant, models.AccountBank)
		for _, amount := range amounts {
			sum += amount
		}
		return err
	})
	if sum != w.banked {
		w.t.Errorf("seed %d: %s came to the bank, in the books are %s", w.seed, w.banked, sum)
	}
}
