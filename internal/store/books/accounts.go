package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// Account gives a patient's account; false where nothing was ever posted.
func Account(v *store.View, patient models.PatientID) (models.Account, bool, error) {
	if f, open := openFile(v, func(f *file) bool { return f.patient != "" && f.patient == patient }); open {
		if len(f.accounts) == 0 {
			return models.Account{}, false, nil
		}
		return f.accounts[0], true, nil
	}
	return store.First[models.Account](v, "patient_id = ?", patient)
}

// OpenAccount gives a patient's account and makes it where there is none.
func OpenAccount(tx *store.Tx, patient models.PatientID) (models.Account, error) {
	account, ok, err := Account(tx.View, patient)
	if err != nil || ok {
		return account, err
	}
	account = models.Account{TenantID: tx.Tenant(), ID: models.AccountID(tx.NewID()), PatientID: patient, Created: tx.Now()}
	if err := store.Insert(tx, account); err != nil {
		return account, err
	}
	accounts.note(tx, account)
	return account, nil
}

// AccountsByID gives accounts.
func AccountsByID(v *store.View, ids []models.AccountID) ([]models.Account, error) {
	return store.All[models.Account](v, "id", "id IN ?", ids)
}
