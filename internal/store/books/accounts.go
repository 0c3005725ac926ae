package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// Account gives a patient's account; false where nothing was ever posted and nobody registered one.
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

// AccountsOfPatients gives the accounts of patients, by id.
func AccountsOfPatients(v *store.View, ids []models.PatientID) ([]models.Account, error) {
	return store.All[models.Account](v, "id", "patient_id IN ?", ids)
}

// SaveAccount writes an account, new or not, with who answers for it in place of who did.
func SaveAccount(tx *store.Tx, account models.Account, answering ...models.Guarantor) error {
	account.TenantID = tx.Tenant()
	if account.Created == 0 {
		account.Created = tx.Now()
	}
	for n := range answering {
		g := &answering[n]
		g.TenantID, g.AccountID, g.Sequence = tx.Tenant(), account.ID, n+1
	}
	before, err := Guarantors(tx.View, []models.AccountID{account.ID})
	if err != nil {
		return err
	}
	if err := store.Upsert(tx, account); err != nil {
		return err
	}
	accounts.note(tx, account)
	return replace(tx, before, answering, func(g models.Guarantor) int { return g.Sequence })
}

// GuarantorsOfPatient gives who answers for a patient, on whatever days, in the order of the account.
func GuarantorsOfPatient(v *store.View, patient models.PatientID) ([]models.Guarantor, error) {
	if f, open := openFile(v, func(f *file) bool { return f.patient != "" && f.patient == patient }); open {
		return sorted(f.answering, func(models.Guarantor) bool { return true }, func(g models.Guarantor) int { return g.Sequence }), nil
	}
	return store.All[models.Guarantor](v, "account_id, sequence", "account_id IN (SELECT id FROM accounts WHERE tenant_id = ? AND patient_id = ?)", v.Tenant(), patient)
}

// Guarantors gives who answers for accounts, in the order of each.
func Guarantors(v *store.View, ids []models.AccountID) ([]models.Guarantor, error) {
	return store.All[models.Guarantor](v, "account_id, sequence", "account_id IN ?", ids)
}

// OpenWorkOfParty gives the open work items of a kind about patients whose account names a party, on whatever days, oldest first.
func OpenWorkOfParty(v *store.View, kind models.WorkKind, party models.Ref) ([]models.WorkItem, error) {
	return store.All[models.WorkItem](v, "id", "kind = ? AND patient_id IN (SELECT a.patient_id FROM guarantors g JOIN accounts a ON a.tenant_id = g.tenant_id AND a.id = g.account_id WHERE g.tenant_id = ? AND g.party = ?) AND patient_id <> '' AND "+isOpen,
		kind, v.Tenant(), party)
}
