package journal

import (
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/money"
)

// BalancesOfPatients sums the postings about each patient per account.
func BalancesOfPatients(v *store.View, ids []models.PatientID) (map[models.PatientID]models.Balances, error) {
	byPatient := make(map[models.PatientID]models.Balances, len(ids))
	err := v.Rows(func(row store.Row) error {
		var patient models.PatientID
		var account models.LedgerAccount
		var amount money.Cents
		err := row.Scan(&patient, &account, &amount)
		if byPatient[patient] == nil {
			byPatient[patient] = models.Balances{}
		}
		byPatient[patient][account] = amount
		return err
	}, "SELECT patient_id, account, CAST(sum(amount) AS BIGINT) FROM postings WHERE tenant_id = ? AND patient_id IN ? GROUP BY patient_id, account", v.Tenant(), store.Texts(ids))
	return byPatient, err
}

// Owed gives what is still owed of each case per account, of the accounts that are named; a case of which nothing is owed is absent.
func Owed(v *store.View, accounts ...models.LedgerAccount) (map[models.CaseID]models.Balances, error) {
	owed := map[models.CaseID]models.Balances{}
	err := v.Rows(func(row store.Row) error {
		var id models.CaseID
		var account models.LedgerAccount
		var amount money.Cents
		err := row.Scan(&id, &account, &amount)
		if owed[id] == nil {
			owed[id] = models.Balances{}
		}
		owed[id][account] = amount
		return err
	}, "SELECT case_id, account, CAST(sum(amount) AS BIGINT) FROM postings WHERE tenant_id = ? AND case_id <> '' AND account IN ? GROUP BY case_id, account HAVING sum(amount) <> 0",
		v.Tenant(), store.Texts(accounts))
	return owed, err
}

// Balances sums the whole journal of the tenant per account; accounts that are even stand with zero.
func Balances(v *store.View) (models.Balances, error) {
	balances := models.Balances{}
	err := v.Rows(func(row store.Row) error {
		var account models.LedgerAccount
		var amount money.Cents
		err := row.Scan(&account, &amount)
		balances[account] = amount
		return err
	}, "SELECT account, CAST(sum(amount) AS BIGINT) FROM postings WHERE tenant_id = ? GROUP BY account", v.Tenant())
	return balances, err
}
