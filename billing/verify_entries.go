package billing

import (
	"strings"

	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/money"
)

// entries looks at one page of the journal.
func (c *verifier) entries(page []models.Entry) error {
	var ids []models.EntryID
	for _, e := range page {
		if e.Reverses != "" {
			ids = append(ids, e.Reverses)
		}
	}
	originals := map[models.EntryID]models.Entry{}
	if len(ids) > 0 {
		found, err := journal.EntriesByID(c.view, ids)
		if err != nil {
			return err
		}
		for _, e := range found {
			originals[e.ID] = e
		}
	}
	for _, e := range page {
		c.seen.Entries++
		c.entry(e, originals)
	}
	return nil
}

func (c *verifier) entry(e models.Entry, originals map[models.EntryID]models.Entry) {
	subject := "entry " + string(e.ID)
	var sum money.Cents
	for _, p := range e.Postings {
		sum += p.Amount
	}
	if sum != 0 || len(e.Postings) < 2 {
		c.breaks(models.LawBalanced, subject, "the postings do not add up to zero")
	}
	if journal.Digest(e) != e.Digest {
		c.breaks(models.LawImmutable, subject, "the entry is not what was posted: its digest differs")
	}
	if !isCaused(e) {
		c.breaks(models.LawOnce, subject, "the cause of the entry is not what the entry is about, so that the same could be posted again")
	}
	if e.Reverses == "" {
		return
	}
	original, ok := originals[e.Reverses]
	switch {
	case !ok || original.Posted > e.Posted:
		c.breaks(models.LawImmutable, subject, "the entry reverses none that stands before it")
	case !isMirror(e, original):
		c.breaks(models.LawMirror, subject, "the entry does not mirror what it reverses")
	}
}

// isCaused reports whether the cause of an entry is what its postings are about, as far as they tell.
func isCaused(e models.Entry) bool {
	if len(e.Postings) == 0 {
		return true
	}
	of := e.Postings[0].Dimensions
	switch e.Kind {
	case models.EntryCharge, models.EntryOpening:
		return strings.HasPrefix(string(e.Cause), strings.TrimSuffix(string(models.CauseOfCharge(of.ChargeID, 0)), "0"))
	case models.EntryAnswer:
		return e.Cause == models.CauseOfAnswer(of.AnswerID)
	case models.EntryResponsibility:
		return e.Cause == models.CauseOfResponsibility(of.AnswerID)
	case models.EntryPayment:
		return e.Cause == models.CauseOfPayment(of.PaymentID)
	case models.EntryAllocation:
		return strings.HasPrefix(string(e.Cause), strings.TrimSuffix(string(models.CauseOfAllocation(of.PaymentID, 0)), "0"))
	case models.EntryReversal:
		return e.Cause == models.CauseOfReversal(e.Reverses)
	case models.EntryDeposit:
		return e.Cause == models.CauseOfDeposit(models.DepositID(of.RemittanceID))
	case models.EntryMatch:
		return strings.HasPrefix(string(e.Cause), strings.TrimSuffix(string(models.CauseOfMatch(models.DepositID(of.RemittanceID), 0)), "0"))
	case models.EntryReturn:
		return strings.HasPrefix(string(e.Cause), strings.TrimSuffix(string(models.CauseOfReturn(of.PaymentID, 0)), "0"))
	case models.EntryFee:
		return e.Cause == models.CauseOfCharge(of.ChargeID, 1)
	case models.EntryRefund, models.EntryPayout, models.EntryWriteOffBack, models.EntryDeallocation, models.EntryWriteOff, models.EntryTransfer, models.EntryAdjustment, models.EntryOverShort: // of an answer or a payment that no dimension names
	}
	return true
}

// isMirror reports whether an entry and what it reverses are nothing together, in every dimension but the answer and the payment that took
// it back.
func isMirror(e, original models.Entry) bool {
	type side struct {
		account models.LedgerAccount
		of      models.Dimensions
	}
	sums := map[side]models.Cents{}
	for _, p := range append(append([]models.Posting{}, e.Postings...), original.Postings...) {
		p.AnswerID, p.RemittanceID = "", ""
		sums[side{p.Account, p.Dimensions}] += p.Amount
	}
	for _, sum := range sums {
		if sum != 0 {
			return false
		}
	}
	return true
}
