package store

import (
	"database/sql"
	"fmt"

	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// Post appends an entry to the journal, which only ever grows. It refuses an unbalanced entry (BusinessRule,
// ledger.unbalanced); a cause that is in the books already starts the transaction again, which then finds it there.
func (tx *Tx) Post(e models.Entry) error {
	if err := balanced(e.Postings); err != nil {
		return err
	}
	e.TenantID, e.Posted = tx.actor.Tenant, tx.now
	if e.ID == "" {
		e.ID = models.EntryID(tx.NewID())
	}
	for i := range e.Postings {
		e.Postings[i].TenantID, e.Postings[i].EntryID, e.Postings[i].Sequence = tx.actor.Tenant, e.ID, i+1
	}
	e.Digest = EntryDigest(e)
	if err := insert(tx, e); err != nil {
		return err
	}
	return insert(tx, e.Postings...)
}

func balanced(postings []models.Posting) error {
	var sum money.Cents
	for _, p := range postings {
		sum += p.Amount
	}
	if sum != 0 || len(postings) < 2 {
		return fault.New(fault.BusinessRule, "ledger.unbalanced", "The postings of a journal entry must add up to zero.")
	}
	return nil
}

// EntryDigest is over everything an entry says, so that a posting changed by hand is found.
func EntryDigest(e models.Entry) string {
	text := fmt.Appendf(nil, "%q %q %q %q %q %d\n", e.TenantID, e.ID, e.Kind, e.Cause, e.Reverses, e.Posted)
	for _, p := range e.Postings {
		text = fmt.Appendf(text, "%d %q %d %q %q %q %q %q %q %q\n", p.Sequence, p.Account, p.Amount, p.PatientID, p.VisitID, p.ChargeID, p.ClaimID, p.PayerID, p.AnswerID, p.PaymentID)
	}
	return Digest(text)
}

// EntryByCause gives the entry an event made; false where it has not happened.
func (v *View) EntryByCause(cause string) (models.Entry, bool, error) {
	e, ok, err := first[models.Entry](v, "cause = ?", cause)
	if err != nil || !ok {
		return e, ok, err
	}
	e.Postings, err = all[models.Posting](v, "sequence", "entry_id = ?", e.ID)
	return e, true, err
}

// EachEntry calls fn for every entry of the tenant with its postings, by id.
func (v *View) EachEntry(fn func(models.Entry) error) error {
	return v.EachEntryPage(func(page []models.Entry) error {
		for _, e := range page {
			if err := fn(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// EachEntryPage calls fn for the entries of the tenant with their postings, some hundreds at a time, by id.
func (v *View) EachEntryPage(fn func([]models.Entry) error) error {
	last := models.EntryID("")
	for {
		var entries []models.Entry
		if err := v.mine().Where("id > ?", last).Order("id").Limit(eachPageMax).Find(&entries).Error; err != nil || len(entries) == 0 {
			return err
		}
		if err := v.fillEntries(entries); err != nil {
			return err
		}
		if err := fn(entries); err != nil {
			return err
		}
		last = entries[len(entries)-1].ID
	}
}

func (v *View) fillEntries(entries []models.Entry) error {
	ids := make([]models.EntryID, len(entries))
	at := make(map[models.EntryID]int, len(entries))
	for i, e := range entries {
		ids[i], at[e.ID] = e.ID, i
	}
	postings, err := all[models.Posting](v, "entry_id, sequence", "entry_id IN ?", ids)
	for _, p := range postings {
		e := &entries[at[p.EntryID]]
		e.Postings = append(e.Postings, p)
	}
	return err
}

// PostingsOfCharges gives every posting about the charges, in the order of the journal.
func (v *View) PostingsOfCharges(ids []models.ChargeID) ([]models.Posting, error) {
	return all[models.Posting](v, "entry_id, sequence", "charge_id IN ?", ids)
}

// PostingsOfPatient gives every posting about a patient, in the order of the journal.
func (v *View) PostingsOfPatient(id models.PatientID) ([]models.Posting, error) {
	return all[models.Posting](v, "entry_id, sequence", "patient_id = ?", id)
}

// PostingsOfClaims gives every posting about the claims, in the order of the journal.
func (v *View) PostingsOfClaims(ids []models.ClaimID) ([]models.Posting, error) {
	return all[models.Posting](v, "entry_id, sequence", "claim_id IN ?", ids)
}

// PostingsByClaim gives for each claim every posting about it or about a charge on its lines, in the order of the journal:
// the charge and the patient's payments name no claim. A charge on two claims stands under both.
func (v *View) PostingsByClaim(ids []models.ClaimID) (map[models.ClaimID][]models.Posting, error) {
	lines, err := all[models.ClaimLine](v, "claim_id, sequence", "claim_id IN ? AND charge_id <> ''", ids)
	if err != nil {
		return nil, err
	}
	claims := make(map[models.ChargeID][]models.ClaimID, len(lines))
	charges := make([]models.ChargeID, 0, len(lines))
	for _, l := range lines {
		charges = append(charges, l.ChargeID)
		claims[l.ChargeID] = append(claims[l.ChargeID], l.ClaimID)
	}
	postings, err := all[models.Posting](v, "entry_id, sequence", "(charge_id IN ? OR claim_id IN ? AND charge_id = '')", charges, ids)
	byClaim := make(map[models.ClaimID][]models.Posting, len(ids))
	for _, p := range postings {
		about := claims[p.ChargeID]
		if p.ChargeID == "" {
			about = []models.ClaimID{p.ClaimID}
		}
		for _, id := range about {
			byClaim[id] = append(byClaim[id], p)
		}
	}
	return byClaim, err
}

// BalancesOfPatients sums the postings about each patient per account.
func (v *View) BalancesOfPatients(ids []models.PatientID) (map[models.PatientID]models.Balances, error) {
	byPatient := make(map[models.PatientID]models.Balances, len(ids))
	err := v.rows(func(rows *sql.Rows) error {
		var patient models.PatientID
		var account models.LedgerAccount
		var amount money.Cents
		err := rows.Scan(&patient, &account, &amount)
		if byPatient[patient] == nil {
			byPatient[patient] = models.Balances{}
		}
		byPatient[patient][account] = amount
		return err
	}, "SELECT patient_id, account, CAST(sum(amount) AS BIGINT) FROM postings WHERE tenant_id = ? AND patient_id IN ? GROUP BY patient_id, account", v.actor.Tenant, texts(ids))
	return byPatient, err
}

// Balances sums the whole journal of the tenant per account; accounts that are even stand with zero.
func (v *View) Balances() (models.Balances, error) {
	balances := models.Balances{}
	err := v.rows(func(rows *sql.Rows) error {
		var account models.LedgerAccount
		var amount money.Cents
		err := rows.Scan(&account, &amount)
		balances[account] = amount
		return err
	}, "SELECT account, CAST(sum(amount) AS BIGINT) FROM postings WHERE tenant_id = ? GROUP BY account", v.actor.Tenant)
	return balances, err
}
