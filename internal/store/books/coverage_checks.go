package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// CoverageCheck gives a question about a plan; false where there is none.
func CoverageCheck(v *store.View, id models.CoverageCheckID) (models.CoverageCheck, bool, error) {
	return store.First[models.CoverageCheck](v, "id = ?", id)
}

// ChecksOfCoverage gives the questions about a plan for a type of service and a day of service, the first one first.
func ChecksOfCoverage(v *store.View, id models.CoverageID, service string, day models.Date) ([]models.CoverageCheck, error) {
	return store.All[models.CoverageCheck](v, "id", "coverage_id = ? AND service = ? AND day = ?", id, service, day)
}

// ChecksOfPlans gives what counts of all questions about plans.
func ChecksOfPlans(v *store.View, ids []models.CoverageID) ([]models.CoverageCheck, error) {
	return store.All[models.CoverageCheck](v, "coverage_id, service, id", "coverage_id IN ? AND latest = ?", ids, true) // an argument, so that the index of patients is none
}

// AnsweredChecks gives the questions about a plan that its payer answered.
func AnsweredChecks(v *store.View, id models.CoverageID) ([]models.CoverageCheck, error) {
	return store.All[models.CoverageCheck](v, "created, id", "coverage_id = ? AND state = ?", id, models.CheckAnswered)
}

// LatestChecks gives what counts of the questions about the plans of a patient.
func LatestChecks(v *store.View, id models.PatientID) ([]models.CoverageCheck, error) {
	if f, open := openFile(v, func(f *file) bool { return f.patient == id }); open {
		return f.checks, nil
	}
	return store.All[models.CoverageCheck](v, "id", "patient_id = ? AND "+isLatest, id)
}

// isLatest is written out, not an argument: the index is chosen by it.
const isLatest = "latest = TRUE"

// SaveChecks writes questions about plans, new or not.
func SaveChecks(tx *store.Tx, checks ...models.CoverageCheck) error {
	for i := range checks {
		c := &checks[i]
		if c.TenantID, c.Updated = tx.Tenant(), tx.Now(); c.Created == 0 {
			c.Created = tx.Now()
		}
	}
	return store.Upsert(tx, checks...)
}

// DueCheck is a question about a plan with which something is to be done now.
type DueCheck struct {
	Tenant models.TenantID
	ID     models.CoverageCheckID
}

// ChecksDueEverywhere gives at most count of all tenants.
func ChecksDueEverywhere(v *store.View, now models.Instant, count int) ([]DueCheck, error) {
	var list []DueCheck
	err := v.Rows(func(row store.Row) error {
		var one DueCheck
		err := row.Scan(&one.Tenant, &one.ID)
		list = append(list, one)
		return err
	}, "SELECT tenant_id, id FROM coverage_checks WHERE due_at > 0 AND due_at <= ? ORDER BY due_at LIMIT ?", now, count)
	return list, err
}
