package bank

import (
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Book is what was read of deposits and of payments, with their details: whatever one of them names stands in it too.
type Book struct {
	Deposits    map[models.DepositID]models.Deposit
	Remittances map[models.RemittanceID]models.Remittance
}

// BookOf reads what hangs together with deposits, which have their matches, and payments.
func BookOf(v *store.View, deposits []models.Deposit, remittances []models.Remittance) (Book, error) {
	b := Book{map[models.DepositID]models.Deposit{}, map[models.RemittanceID]models.Remittance{}}
	b.add(deposits)
	if err := b.read(v, remittances); err != nil {
		return b, err
	}
	var paying []models.DepositID
	for _, r := range b.Remittances {
		if _, known := b.Deposits[r.DepositID]; r.DepositID != "" && !known {
			paying = append(paying, r.DepositID)
		}
	}
	if len(paying) > 0 {
		found, err := books.DepositsByID(v, paying)
		if err != nil {
			return b, err
		}
		b.add(found)
	}
	var beside []models.Remittance
	for _, d := range b.Deposits {
		for _, m := range d.Matches {
			if _, known := b.Remittances[m.RemittanceID]; m.RemittanceID != "" && !known {
				beside = append(beside, models.Remittance{ID: m.RemittanceID})
			}
		}
	}
	return b, b.read(v, beside)
}

func (b Book) add(list []models.Deposit) {
	for _, d := range list {
		b.Deposits[d.ID] = d
	}
}

// read adds payments, by their ids, with their details.
func (b Book) read(v *store.View, list []models.Remittance) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]models.RemittanceID, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	found, err := books.RemittancesByID(v, ids)
	for _, r := range found {
		b.Remittances[r.ID] = r
	}
	return err
}

// Refs names the records that the payments and deposits are about.
func (b Book) Refs() []models.Ref {
	var refs []models.Ref
	payer := func(id models.OrganizationID) {
		if id != "" {
			refs = append(refs, models.Ref{Type: "Organization", ID: string(id)})
		}
	}
	for _, d := range b.Deposits {
		payer(d.PayerID)
	}
	for _, r := range b.Remittances {
		payer(r.PayerID)
		for _, d := range r.Details {
			if d.IsClaim() {
				refs = append(refs, models.Ref{Type: "Claim", ID: string(d.ClaimID)}, models.Ref{Type: "ClaimResponse", ID: string(d.AnswerID)})
			}
		}
	}
	return refs
}

// Known gives a deposit. It refuses (NotFound) one that there is not.
func Known(v *store.View, id models.DepositID) (models.Deposit, error) {
	d, known, err := books.Deposit(v, id)
	if err == nil && !known {
		err = fault.At(fault.NotFound, "not-found", "deposit", "There is no such deposit.")
	}
	return d, err
}
