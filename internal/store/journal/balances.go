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

// Owed is what is still owed of a case per account.
type Owed struct {
	CaseID models.CaseID
	Of     models.Balances
}

// EachOwed calls fn for what is still owed of the tenant's cases, of the accounts that are named, some hundreds of cases at a time and
// by their ids; a case of which nothing is owed is absent. The query is open while fn runs, which asks for more on another view.
func EachOwed(v *store.View, fn func([]Owed) error, accounts ...models.LedgerAccount) error {
	var page []Owed
	err := v.Rows(func(row store.Row) error {
		var id models.CaseID
		var account models.LedgerAccount
		var amount money.Cents
		if err := row.Scan(&id, &account, &amount); err != nil {
			return err
		}
		if last := len(page) - 1; last >= 0 && page[last].CaseID == id {
			page[last].Of[account] = amount
			return nil
		}
		if len(page) == pageMax {
			if err := fn(page); err != nil {
				return err
			}
			page = nil
		}
		page = append(page, Owed{id, models.Balances{account: amount}})
		return nil
	}, "SELECT case_id, account, CAST(sum(amount) AS BIGINT) FROM postings WHERE tenant_id = ? AND case_id <> '' AND account IN ?"+
		" GROUP BY case_id, account HAVING sum(amount) <> 0 ORDER BY case_id", v.Tenant(), store.Texts(accounts))
	if err != nil || len(page) == 0 {
		return err
	}
	return fn(page)
}

// OpeningsAmiss gives at most limit charges of balances from before of which the patient owes another amount than stands in the books.
func OpeningsAmiss(v *store.View, limit int) ([]models.ChargeID, error) {
	return store.Column[models.ChargeID](v, "SELECT o.charge_id FROM openings o WHERE o.tenant_id = ? AND o.payer_id = '' AND o.due <>"+
		" COALESCE((SELECT sum(p.amount) FROM postings p WHERE p.tenant_id = o.tenant_id AND p.charge_id = o.charge_id AND p.account = 'AR:Patient'), 0)"+
		" ORDER BY o.charge_id LIMIT ?", v.Tenant(), limit)
}

// Count gives how many entries the journal of the tenant has.
func Count(v *store.View) (int, error) {
	counts, err := store.Column[int](v, "SELECT count(*) FROM journal_entries WHERE tenant_id = ?", v.Tenant())
	if err != nil {
		return 0, err
	}
	return counts[0], nil
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
