package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"medbill/fhir/render"
	"medbill/models"
)

// mine gives gorm on the actor's tenant: no query of a booked table is written without it.
func (v *View) mine() *gorm.DB { return v.conn.Where("tenant_id = ?", v.actor.Tenant) }

// first gives one row of the tenant by a condition; false where there is none.
func first[Row any](v *View, query string, args ...any) (Row, bool, error) {
	var rows []Row
	err := v.mine().Where(query, args...).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		var none Row
		return none, false, err
	}
	return rows[0], true, nil
}

// all gives the rows of the tenant by a condition, in the given order.
func all[Row any](v *View, order, query string, args ...any) ([]Row, error) {
	var rows []Row
	err := v.mine().Where(query, args...).Order(order).Find(&rows).Error
	return rows, err
}

// upsert writes rows over those with the same primary key.
func upsert[Row any](tx *Tx, rows ...Row) error {
	if len(rows) == 0 {
		return nil
	}
	return tx.conn.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(&rows, 100).Error
}

// insert writes new rows; a taken key starts the transaction again.
func insert[Row any](tx *Tx, rows ...Row) error {
	if len(rows) == 0 {
		return nil
	}
	return tx.conn.CreateInBatches(&rows, 100).Error
}

// drop deletes rows of the tenant by a condition.
func drop[Row any](tx *Tx, query string, args ...any) error {
	var row Row
	return tx.mine().Where(query, args...).Delete(&row).Error
}

// Visit gives a billing case; false where the Encounter has none.
func (v *View) Visit(id models.VisitID) (models.Visit, bool, error) {
	return first[models.Visit](v, "id = ?", id)
}

// SaveVisit writes a billing case.
func (tx *Tx) SaveVisit(visit models.Visit) error {
	visit.TenantID, visit.Updated = tx.actor.Tenant, tx.now
	if visit.Created == 0 {
		visit.Created = tx.now
	}
	return upsert(tx, visit)
}

// Diagnoses gives a visit's diagnoses in order.
func (v *View) Diagnoses(id models.VisitID) ([]models.Diagnosis, error) {
	rows, err := all[models.VisitDiagnosis](v, "sequence", "visit_id = ?", id)
	list := make([]models.Diagnosis, len(rows))
	for i, r := range rows {
		list[i] = models.Diagnosis{Sequence: r.Sequence, Code: r.Code}
	}
	return list, err
}

// SaveDiagnoses replaces a visit's diagnoses.
func (tx *Tx) SaveDiagnoses(id models.VisitID, list []models.Diagnosis) error {
	if err := drop[models.VisitDiagnosis](tx, "visit_id = ?", id); err != nil {
		return err
	}
	rows := make([]models.VisitDiagnosis, len(list))
	for i, d := range list {
		rows[i] = models.VisitDiagnosis{TenantID: tx.actor.Tenant, VisitID: id, Sequence: d.Sequence, Code: d.Code}
	}
	return insert(tx, rows...)
}

// Charges gives a visit's charges in order, aborted ones too.
func (v *View) Charges(id models.VisitID) ([]models.Charge, error) {
	return all[models.Charge](v, "sequence, created, id", "visit_id = ?", id)
}

// Charge gives one charge; false where there is none.
func (v *View) Charge(id models.ChargeID) (models.Charge, bool, error) {
	return first[models.Charge](v, "id = ?", id)
}

// ChargesByID gives charges in the order of a visit.
func (v *View) ChargesByID(ids []models.ChargeID) ([]models.Charge, error) {
	return all[models.Charge](v, "sequence, created, id", "id IN ?", ids)
}

// SaveCharges writes charges and publishes their ChargeItems.
func (tx *Tx) SaveCharges(charges ...models.Charge) error {
	publications := make([]publication, len(charges))
	for i := range charges {
		c := &charges[i]
		c.TenantID, c.Updated = tx.actor.Tenant, tx.now
		if c.Created == 0 {
			c.Created = tx.now
		}
		publications[i] = publication{models.Ref{Type: "ChargeItem", ID: string(c.ID)}, render.ChargeItem(*c)}
	}
	if err := upsert(tx, charges...); err != nil {
		return err
	}
	return tx.publish(publications...)
}

// SavePrices replaces what a fee schedule entry says.
func (tx *Tx) SavePrices(definitionID string, prices []models.Price) error {
	if err := drop[models.Price](tx, "definition_id = ?", definitionID); err != nil {
		return err
	}
	for i := range prices {
		prices[i].TenantID, prices[i].DefinitionID, prices[i].Sequence = tx.actor.Tenant, definitionID, i+1
	}
	return insert(tx, prices...)
}

// Prices gives what the fee schedules say about the codes, in a stable order.
func (v *View) Prices(codes []string) ([]models.Price, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	return all[models.Price](v, "definition_id, sequence", "code IN ?", codes)
}

// Account gives a patient's account; false where nothing was ever posted.
func (v *View) Account(patient models.PatientID) (models.Account, bool, error) {
	return first[models.Account](v, "patient_id = ?", patient)
}

// AccountByID gives one account; false where there is none.
func (v *View) AccountByID(id models.AccountID) (models.Account, bool, error) {
	return first[models.Account](v, "id = ?", id)
}

// OpenAccount gives a patient's account and makes it where there is none.
func (tx *Tx) OpenAccount(patient models.PatientID) (models.Account, error) {
	account, ok, err := tx.Account(patient)
	if err != nil || ok {
		return account, err
	}
	account = models.Account{TenantID: tx.actor.Tenant, ID: models.AccountID(tx.NewID()), PatientID: patient, Created: tx.now}
	if err := insert(tx, account); err != nil {
		return account, err
	}
	return account, tx.publish(publication{models.Ref{Type: "Account", ID: string(account.ID)}, render.Account(account)})
}

// Settings gives the tenant's settings; false where the tenant is unknown.
func (v *View) Settings() (models.Settings, bool, error) {
	return first[models.Settings](v, "1 = 1")
}

// SaveSettings writes the tenant's settings and so makes the tenant.
func (tx *Tx) SaveSettings(s models.Settings) error {
	s.TenantID = tx.actor.Tenant
	if s.Created == 0 {
		s.Created = tx.now
	}
	return upsert(tx, s)
}
