// Package ledger makes journal entries of what happened: a charge, a balance from before, a payer's answer, what moves to the patient, a payment, a
// credit used, and the reversal of each. Entries are immutable and sum to zero; tenant, id and time are the store's to set. It decides
// nothing about an answer (adjudication) and reads no balances.
package ledger

import (
	"cmp"
	"maps"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// Check refuses an entry that does not sum to zero (BusinessRule, ledger.unbalanced), has no postings (ledger.empty), one
// of nothing (ledger.zero-posting) or one on an account that is not in the chart (ledger.account).
func Check(e models.Entry) error {
	if len(e.Postings) == 0 {
		return fault.New(fault.BusinessRule, "ledger.empty", "The journal entry has no postings.")
	}
	var total models.Cents
	for _, p := range e.Postings {
		if p.Amount == 0 {
			return fault.New(fault.BusinessRule, "ledger.zero-posting", "The journal entry has a posting without an amount; leave it out.")
		}
		if _, known := p.Account.Facts(); !known {
			return fault.New(fault.BusinessRule, "ledger.account", "The journal entry has a posting on an account that is not in the chart of accounts.")
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

// Charged puts a charge in the books: its payer owes it, or the patient where it has none. False for a charge of 0.00, which
// moves nothing.
func Charged(kase models.Case, c models.Charge, day models.Date) (models.Entry, bool) {
	receivable := models.AccountARInsurance
	if c.PayerID == "" {
		receivable = models.AccountARPatient
	}
	e := book{of: models.Dimensions{
		PatientID: c.PatientID, CaseID: c.CaseID, ChargeID: c.ID, PayerID: c.PayerID, RenderingID: c.Rendering.ID, LocationID: kase.LocationID,
	}}
	e.post(receivable, c.Billed)
	e.post(models.AccountRevenue, -c.Billed)
	return models.Entry{Kind: models.EntryCharge, Cause: models.CauseOfCharge(c.ID, c.Posting), Effective: day, Postings: e.postings}, len(e.postings) > 0
}

// Opened puts a balance from before into the books: its payer owes it, or the patient where it has none, and no revenue is earned by it. claim is the one
// that asks for it, "" where none does.
func Opened(o models.Opening, c models.Charge, claim models.ClaimID, day models.Date) models.Entry {
	receivable := models.AccountARInsurance
	if o.PayerID == "" {
		receivable = models.AccountARPatient
	}
	e := book{of: models.Dimensions{PatientID: o.PatientID, CaseID: o.CaseID(), ChargeID: c.ID, ClaimID: claim, PayerID: o.PayerID}}
	e.post(receivable, o.Amount)
	e.of = models.Dimensions{CaseID: o.CaseID()} // what was earned elsewhere is nobody's here
	e.post(models.AccountOpening, -o.Amount)
	return models.Entry{Kind: models.EntryOpening, Cause: models.CauseOfCharge(c.ID, c.Posting), Effective: day, Postings: e.postings}
}

// Answered posts what the payer paid and what the line gives up against AR:Insurance, per line, on the answer's effective day.
// What the patient owes and what waits for review stays there. False where nothing is posted: a denial is no write-off.
func Answered(kase models.Case, c models.Claim, a models.Answer, lines []models.Adjudication) (models.Entry, bool) {
	var e book
	for _, line := range lines {
		e.of = dimensions(kase, c, a, line)
		e.of.RemittanceID = a.Trace
		e.post(models.AccountClearing, line.Paid)
		e.of.RemittanceID = ""
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
	entry := models.Entry{Kind: models.EntryAnswer, Cause: models.CauseOfAnswer(a.ID), Effective: a.Effective, Postings: e.postings}
	return entry, len(e.postings) > 0
}

// Responsibility moves deductible, coinsurance and copay from AR:Insurance to the next payer's, or where there is none to AR:Patient, per
// line. False where that is nothing.
func Responsibility(kase models.Case, c models.Claim, a models.Answer, lines []models.Adjudication) (models.Entry, bool) {
	var e book
	for _, line := range lines {
		e.of = dimensions(kase, c, a, line)
		if a.NextPayer != "" {
			e.of.PayerID = a.NextPayer
			e.post(models.AccountARInsurance, line.Responsibility())
		} else {
			e.of.PayerID = "" // who owes it is the patient
			e.post(models.AccountARPatient, line.Responsibility())
		}
		e.of.PayerID = cmp.Or(a.PayerID, c.InsurerID)
		e.post(models.AccountARInsurance, -line.Responsibility())
	}
	entry := models.Entry{Kind: models.EntryResponsibility, Cause: models.CauseOfResponsibility(a.ID), Effective: a.Effective, Postings: e.postings}
	return entry, len(e.postings) > 0
}

// Reverse mirrors e, posting by posting; both together leave every balance as it was. It stands no earlier than e does, whatever the clock says of who posts it.
func Reverse(e models.Entry, day models.Date) models.Entry {
	mirror := models.Entry{Kind: models.EntryReversal, Cause: models.CauseOfReversal(e.ID), Reverses: e.ID, Effective: day, Posted: e.Posted}
	for _, p := range e.Postings {
		p.TenantID, p.EntryID, p.Amount = "", "", -p.Amount
		mirror.Postings = append(mirror.Postings, p)
	}
	return mirror
}

// TakeBack mirrors an entry that a payer's answer made, on the day and with the payment of the answer that takes it back.
func TakeBack(e models.Entry, by models.Answer) models.Entry {
	mirror := Reverse(e, by.Effective)
	for i := range mirror.Postings {
		p := &mirror.Postings[i]
		if p.AnswerID = by.ID; p.Account == models.AccountClearing {
			p.RemittanceID = by.Trace
		}
	}
	return mirror
}

// Decided takes what a payer owes of charges, above zero, off its account: a write-off to a contra account, a transfer to the patient's. False
// where that is nothing.
func Decided(kind models.EntryKind, kase models.Case, c models.Claim, payer models.OrganizationID, cause models.Cause, to models.LedgerAccount, open map[models.ChargeID]models.Cents, day models.Date) (models.Entry, bool) {
	e := book{}
	for _, id := range slices.Sorted(maps.Keys(open)) {
		e.of = models.Dimensions{PatientID: c.PatientID, CaseID: kase.ID, ChargeID: id, ClaimID: c.ID, PayerID: payer, RenderingID: c.Rendering.ID, LocationID: kase.LocationID}
		e.post(models.AccountARInsurance, -open[id])
		if to == models.AccountARPatient {
			e.of.PayerID = ""
		}
		e.post(to, open[id])
	}
	return models.Entry{Kind: kind, Cause: cause, Effective: day, Postings: e.postings}, len(e.postings) > 0
}

// Left is what a payer left to others of a charge by who owes it: another payer, "" the patient.
type Left map[models.OrganizationID]models.Cents

// Sum gives what all of them owe together.
func (l Left) Sum() (sum models.Cents) {
	for _, amount := range l {
		sum += amount
	}
	return sum
}

// Excess is what a payer's account is below nothing by of a charge: what the payer paid too much, what it left to others, and what it took off, by account.
type Excess struct {
	Paid models.Cents
	Left Left
	Off  models.Balances
}

// ExcessOf takes apart what a payer did more about a charge than it owed: over, above zero, of what it paid, left to others and took off. What was taken off counts first and what was paid last:
// nobody is asked for what the payer did not owe, the patient least of all, and nothing is given back to it that it did.
func ExcessOf(over models.Cents, left Left, off models.Balances) Excess {
	e := Excess{Left: Left{}, Off: models.Balances{}}
	for _, account := range slices.Sorted(maps.Keys(off)) {
		if part := min(over, off[account]); part > 0 {
			e.Off[account], over = part, over-part
		}
	}
	for _, who := range slices.Sorted(maps.Keys(left)) { // the patient, who has no id here, first
		if part := min(over, left[who]); part > 0 {
			e.Left[who], over = part, over-part
		}
	}
	e.Paid = over
	return e
}

// GivenBack keeps what a payer paid too much of charges as a liability to it under its number of the claim, and takes back what it took off and left to others
// too much. False where that is nothing.
func GivenBack(kase models.Case, c models.Claim, cause models.Cause, number string, of map[models.ChargeID]Excess, day models.Date) (models.Entry, bool) {
	e := book{}
	for _, id := range slices.Sorted(maps.Keys(of)) {
		one := of[id]
		dimensions := models.Dimensions{PatientID: c.PatientID, CaseID: kase.ID, ChargeID: id, ClaimID: c.ID, PayerID: c.InsurerID, RenderingID: c.Rendering.ID, LocationID: kase.LocationID}
		e.of = dimensions
		for _, account := range slices.Sorted(maps.Keys(one.Off)) {
			e.post(models.AccountARInsurance, one.Off[account])
			e.post(account, -one.Off[account])
		}
		e.post(models.AccountARInsurance, one.Paid+one.Left.Sum())
		e.of.RemittanceID = number
		e.post(models.AccountPayerOverpaid, -one.Paid)
		e.of = dimensions
		for _, who := range slices.Sorted(maps.Keys(one.Left)) {
			account := models.AccountARInsurance
			if who == "" {
				account = models.AccountARPatient
			}
			e.of.PayerID = who
			e.post(account, -one.Left[who])
		}
	}
	return models.Entry{Kind: models.EntryTransfer, Cause: cause, Effective: day, Postings: e.postings}, len(e.postings) > 0
}

// Adjusted posts what a payer adds to a payment that belongs to no claim, or takes where the amount is below zero: the payment's clearing takes it, and
// account stands against it under the reference that later joins it.
func Adjusted(r models.Remittance, d models.RemittanceDetail, account models.LedgerAccount) models.Entry {
	e := book{of: models.Dimensions{PayerID: r.PayerID, RemittanceID: r.Trace}}
	e.post(models.AccountClearing, d.Amount)
	e.of.RemittanceID = d.Reference
	e.post(account, -d.Amount)
	return models.Entry{Kind: models.EntryAdjustment, Cause: models.CauseOfAdjustment(r.ID, d.Sequence), Effective: r.Day, Postings: e.postings}
}

// dimensions says whose money a line's postings are.
func dimensions(kase models.Case, c models.Claim, a models.Answer, line models.Adjudication) models.Dimensions {
	return models.Dimensions{
		PatientID: c.PatientID, CaseID: c.CaseID, ChargeID: line.ChargeID, ClaimID: c.ID, PayerID: cmp.Or(a.PayerID, c.InsurerID), AnswerID: a.ID,
		RenderingID: cmp.Or(line.Rendering, c.Rendering).ID, LocationID: kase.LocationID,
	}
}

// book collects postings; of holds the dimensions of the next ones.
type book struct {
	of       models.Dimensions
	postings []models.Posting
}

// post adds a posting of amount; nothing for 0.
func (b *book) post(account models.LedgerAccount, amount models.Cents) {
	if amount == 0 {
		return
	}
	b.postings = append(b.postings, models.Posting{Sequence: len(b.postings) + 1, Account: account, Amount: amount, Dimensions: b.of})
}
