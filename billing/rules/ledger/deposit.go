package ledger

import "medbill/models"

// Deposited puts money that came to the bank into the books, on the bank's day: nobody knows yet what it is for. Both postings name the deposit as
// their reference.
func Deposited(d models.Deposit) models.Entry {
	e := book{of: models.Dimensions{PayerID: d.PayerID, RemittanceID: string(d.ID)}}
	e.post(models.AccountBank, d.Amount)
	e.post(models.AccountReceipts, -d.Amount)
	return models.Entry{Kind: models.EntryDeposit, Cause: models.CauseOfDeposit(d.ID), Effective: d.Day, Postings: e.postings}
}

// Matched says what a deposit pays: payers' payments, each by its payer and trace number, cards of which the processor kept a fee, or what lay in the till. It counts for the
// day on which both the money and what it pays were there. of are the payments that the matches name, by id.
func Matched(d models.Deposit, of map[models.RemittanceID]models.Remittance) models.Entry {
	e, day := book{of: models.Dimensions{PayerID: d.PayerID, RemittanceID: string(d.ID)}}, d.Day
	e.post(models.AccountReceipts, d.Amount)
	for _, m := range d.Matches {
		e.of = models.Dimensions{}
		switch m.Pays {
		case models.PaysRemittance:
			r := of[m.RemittanceID]
			e.of = models.Dimensions{PayerID: r.PayerID, RemittanceID: r.Trace}
			e.post(models.AccountClearing, -m.Amount)
			day = max(day, r.Day)
		case models.PaysCard:
			e.post(models.AccountProcessorFees, m.Fee)
			e.post(models.AccountCardClearing, -m.Amount-m.Fee)
		case models.PaysTill:
			e.post(models.AccountDrawer, -m.Amount)
		}
	}
	return models.Entry{Kind: models.EntryMatch, Cause: models.CauseOfMatch(d.ID, d.Matchings), Effective: day, Postings: e.postings}
}
