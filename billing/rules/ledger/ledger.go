// Package ledger makes journal entries of what happened: a charge, a payer's answer, what moves to the patient, a payment,
// and the reversal of each. Entries are immutable and sum to zero; tenant, id and time are the store's to set. It decides
// nothing about an answer (adjudication) and reads no balances.
package ledger

import (
	"cmp"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// Check refuses an entry that does not sum to zero (BusinessRule, ledger.unbalanced), has no postings (ledger.empty) or one
// of nothing (ledger.zero-posting).
func Check(e models.Entry) error {
	if len(e.Postings) == 0 {
		return fault.New(fault.BusinessRule, "ledger.empty", "The journal entry has no postings.")
	}
	var total models.Cents
	for _, p := range e.Postings {
		if p.Amount == 0 {
			return fault.New(fault.BusinessRule, "ledger.zero-posting", "The journal entry has a posting without an amount; leave it out.")
		}
		total += p.Amount
	}
	if total != 0 {
		return fault.New(fault.BusinessRule, "ledger.unbalanced", "The journal entry does not sum to zero.")
	}
	return nil
}

// Sum gives the balance per account; accounts that come to nothing are absent.
func Sum(postings []models.Posting) models.Balances {
	balances := models.Balances{}
	for _, p := range postings {
		balances[p.Account] += p.Amount
		if balances[p.Account] == 0 {
			delete(balances, p.Account)
		}
	}
	return balances
}

// Charged puts a charge in the books: payer owes it, or the patient where payer is "" or the charge is self-pay.
func Charged(c models.Charge, payer models.OrganizationID) models.Entry {
	receivable := models.AccountARInsurance
	if payer == "" || c.SelfPay {
		receivable, payer = models.AccountARPatient, ""
	}
	e := book{of: models.Posting{PatientID: c.PatientID, VisitID: c.VisitID, ChargeID: c.ID, PayerID: payer}}
	e.post(receivable, c.Billed)
	e.post(models.AccountRevenue, -c.Billed)
	return models.Entry{Kind: models.EntryCharge, Cause: "charge/" + string(c.ID), Postings: e.postings}
}

// Answered posts what the payer paid and what the line gives up against AR:Insurance, per line. What the patient owes and
// what waits for review stays there. False where nothing is posted: a denial is no write-off.
func Answered(c models.Claim, a models.Answer, lines []models.Adjudication) (models.Entry, bool) {
	var e book
	for _, line := range lines {
		e.of = dimensions(c, a, line)
		e.post(models.AccountClearing, line.Paid)
		accounts := make([]models.LedgerAccount, 0, len(line.Contra))
		for account := range line.Contra {
			accounts = append(accounts, account)
		}
		slices.Sort(accounts)
		for _, account := range accounts {
			e.post(account, line.Contra[account])
		}
		e.post(models.AccountARInsurance, -line.Paid-line.Adjusted())
	}
	entry := models.Entry{Kind: models.EntryAnswer, Cause: "answer/" + string(a.ID), Postings: e.postings}
	return entry, len(e.postings) > 0
}

// Responsibility moves deductible, coinsurance and copay from AR:Insurance to AR:Patient, per line. False where the
// patient owes nothing.
func Responsibility(c models.Claim, a models.Answer, lines []models.Adjudication) (models.Entry, bool) {
	var e book
	for _, line := range lines {
		e.of = dimensions(c, a, line)
		e.post(models.AccountARPatient, line.Responsibility())
		e.post(models.AccountARInsurance, -line.Responsibility())
	}
	entry := models.Entry{Kind: models.EntryResponsibility, Cause: "responsibility/" + string(a.ID), Postings: e.postings}
	return entry, len(e.postings) > 0
}

// Reverse mirrors e, posting by posting; both together leave every balance as it was.
func Reverse(e models.Entry) models.Entry {
	mirror := models.Entry{Kind: models.EntryReversal, Cause: "reversal/" + string(e.ID), Reverses: e.ID}
	for _, p := range e.Postings {
		p.TenantID, p.EntryID, p.Amount = "", "", -p.Amount
		mirror.Postings = append(mirror.Postings, p)
	}
	return mirror
}

// dimensions says whose money a line's postings are.
func dimensions(c models.Claim, a models.Answer, line models.Adjudication) models.Posting {
	return models.Posting{
		PatientID: c.PatientID,
		VisitID:   c.VisitID,
		ChargeID:  line.ChargeID,
		ClaimID:   c.ID,
		PayerID:   cmp.Or(a.PayerID, c.InsurerID),
		AnswerID:  a.ID,
	}
}

// book collects postings; of holds the dimensions of the next ones.
type book struct {
	of       models.Posting
	postings []models.Posting
}

// post adds a posting of amount; nothing for 0.
func (b *book) post(account models.LedgerAccount, amount models.Cents) {
	if amount == 0 {
		return
	}
	p := b.of
	p.Sequence, p.Account, p.Amount = len(b.postings)+1, account, amount
	b.postings = append(b.postings, p)
}
