package ledger

import "medbill/models"

// WrittenOff gives up what a patient owes of charges, by the kind of the write-off, or with a sign of -1 has it owed again. False where lines are none.
func WrittenOff(w models.WriteOff, lines []models.WriteOffLine, sign models.Cents, day models.Date) (models.Entry, bool) {
	e := book{}
	for _, l := range lines {
		e.of = models.Dimensions{PatientID: w.PatientID, CaseID: w.CaseID, ChargeID: l.ChargeID, InvoiceID: w.InvoiceID}
		e.post(models.WriteOffAccounts[w.Kind], sign*l.Amount)
		e.post(models.AccountARPatient, -sign*l.Amount)
	}
	kind := models.EntryWriteOff
	if sign < 0 {
		kind = models.EntryWriteOffBack
	}
	return models.Entry{Kind: kind, Cause: models.CauseOfWriteOff(w.ID, w.Moves), Effective: day, Postings: e.postings}, len(e.postings) > 0
}

// Fee charges a patient beside services; it is a balance for which no invoice asks.
func Fee(o models.Opening, c models.Charge, day models.Date) models.Entry {
	e := book{of: models.Dimensions{PatientID: o.PatientID, CaseID: o.CaseID(), ChargeID: c.ID}}
	e.post(models.AccountARPatient, o.Amount)
	e.of = models.Dimensions{CaseID: o.CaseID()}
	e.post(models.AccountFees, -o.Amount)
	return models.Entry{Kind: models.EntryFee, Cause: models.CauseOfCharge(c.ID, c.Posting), Effective: day, Postings: e.postings}
}
