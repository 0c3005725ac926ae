package books

import (
	"slices"
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

// Case gives a case; false where nothing opened it.
func Case(v *store.View, id models.CaseID) (models.Case, bool, error) {
	f, err := fileOf(v, id)
	if err != nil || len(f.cases) == 0 {
		return models.Case{}, false, err
	}
	return f.cases[0], true, nil
}

// SaveCase writes a case.
func SaveCase(tx *store.Tx, c models.Case) error {
	c.TenantID, c.Updated = tx.Tenant(), tx.Now()
	if c.Created == 0 {
		c.Created = tx.Now()
	}
	return store.Upsert(tx, c)
}

// Lock takes the rows on which those who change what a case is made of meet those who plan it: cases and patients, as
// references, "" for none. Whoever holds them has the only say until it commits; the other one starts again and sees what was
// written. They are taken in one order, so that two never wait for each other. Which they are comes out step by step, as what they
// belong to is read, so a transaction that starts again takes with the first of them all that it asked for before.
func Lock(tx *store.Tx, subjects ...string) error {
	if tx.IsEmbedded() {
		return nil // there is one writer at a time
	}
	held := store.Local[locks](tx.View)
	if *held == nil {
		subjects = append(tx.Met(caseLock), subjects...)
	}
	subjects = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(subjects))), func(s string) bool { return s == "" || (*held)[s] })
	if len(subjects) == 0 {
		return nil
	}
	tx.Meets(caseLock, subjects...)
	rows := make([][]any, len(subjects))
	for i, s := range subjects {
		rows[i] = []any{s, tx.Now()}
	}
	if err := tx.InsertRows("case_locks", "subject, taken", rows, " ON CONFLICT (tenant_id, subject) DO UPDATE SET taken = excluded.taken"); err != nil {
		return err
	}
	hold(tx, subjects...)
	return nil
}

// hold notes which locks the transaction has.
func hold(tx *store.Tx, subjects ...string) {
	held := store.Local[locks](tx.View)
	if *held == nil {
		*held = locks{}
	}
	for _, s := range subjects {
		(*held)[s] = true
	}
}

const caseLock = "case"

// locks are those that a transaction holds.
type locks map[string]bool

// Diagnoses gives a case's diagnoses in order.
func Diagnoses(v *store.View, id models.CaseID) ([]models.Diagnosis, error) {
	rows, err := diagnosisRows(v, id)
	list := make([]models.Diagnosis, len(rows))
	for i, r := range rows {
		list[i] = models.Diagnosis{Sequence: r.Sequence, Code: r.Code, InHospital: r.InHospital}
	}
	return list, err
}

func diagnosisRows(v *store.View, id models.CaseID) ([]models.CaseDiagnosis, error) {
	f, err := fileOf(v, id)
	if err != nil {
		return nil, err
	}
	return sorted(f.diagnoses, func(models.CaseDiagnosis) bool { return true }, sequenceOf), nil
}

func sequenceOf(d models.CaseDiagnosis) int { return d.Sequence }

// SaveDiagnoses replaces a case's diagnoses where they are others.
func SaveDiagnoses(tx *store.Tx, id models.CaseID, list []models.Diagnosis) error {
	before, err := diagnosisRows(tx.View, id)
	if err != nil {
		return err
	}
	rows := make([]models.CaseDiagnosis, len(list))
	for i, d := range list {
		rows[i] = models.CaseDiagnosis{TenantID: tx.Tenant(), CaseID: id, Sequence: d.Sequence, Code: d.Code, InHospital: d.InHospital}
	}
	return replace(tx, before, rows, sequenceOf)
}

// CasesOfPatients gives the cases of patients, by id.
func CasesOfPatients(v *store.View, ids []models.PatientID) ([]models.Case, error) {
	return store.All[models.Case](v, "id", "patient_id IN ?", ids)
}

// CasesOfVisits gives those visits' cases that are open, by id.
func CasesOfVisits(v *store.View, visits []models.VisitID) ([]models.Case, error) {
	ids := make([]models.CaseID, len(visits))
	for i, visit := range visits {
		ids[i] = models.CaseOf(visit)
	}
	return CasesByID(v, ids)
}

// isUnsent is written out, not arguments: the index of unsent claims is chosen by it.
const isUnsent = "state IN ('draft', 'held', 'ready', 'rejected-syntax', 'rejected')"

// UnsentCasesNaming gives the cases whose unsent claims name an Organization or Practitioner, and those that wait for it to be
// known who pays or to be coded: a record that comes may be the one that is missing.
func UnsentCasesNaming(v *store.View, ref models.Ref) ([]models.Case, error) {
	columns := map[string][]string{"Organization": {"insurer_id", "billing_id"}, "Practitioner": {"rendering_id"}}[ref.Type]
	var arms []string
	var args []any
	for _, column := range columns {
		arms = append(arms, "SELECT case_id FROM claims WHERE tenant_id = ? AND "+isUnsent+" AND "+column+" = ?")
		args = append(args, v.Tenant(), ref.ID)
	}
	if ref.Type == "Practitioner" {
		arms = append(arms, "SELECT c.case_id FROM claim_lines l JOIN claims c ON c.tenant_id = l.tenant_id AND c.id = l.claim_id"+
			" WHERE l.tenant_id = ? AND l.rendering_id = ? AND c."+isUnsent)
		args = append(args, v.Tenant(), ref.ID)
	}
	arms = append(arms, "SELECT case_id FROM work_items WHERE tenant_id = ? AND "+isOpen+" AND kind IN (?, ?) AND case_id <> ''")
	args = append(args, v.Tenant(), models.WorkCoverage, models.WorkClaim)
	ids, err := store.Column[models.CaseID](v, strings.Join(arms, " UNION "), args...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return store.All[models.Case](v, "id", "id IN ?", ids)
}

// isUnsentCharge is written out, not arguments: the indexes of unsent charges are chosen by it.
const isUnsentCharge = "state IN ('planned', 'billable', 'posted') AND case_id <> ''"

// UnsentCasesPriced gives the cases with charges of these codes, or of these revenue codes, that nobody was asked for yet.
func UnsentCasesPriced(v *store.View, codes []string) ([]models.Case, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	ids, err := store.Column[models.CaseID](v, "SELECT case_id FROM charges WHERE tenant_id = ? AND code IN ? AND "+isUnsentCharge+
		" UNION SELECT case_id FROM charges WHERE tenant_id = ? AND revenue IN ? AND revenue <> '' AND "+isUnsentCharge, v.Tenant(), codes, v.Tenant(), codes)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return store.All[models.Case](v, "id", "id IN ?", ids)
}

// CasesOfDay gives the cases of a patient whose visit began on a day, in the order in which they came.
func CasesOfDay(v *store.View, id models.PatientID, day models.Date) ([]models.Case, error) {
	return store.All[models.Case](v, "created, id", "patient_id = ? AND service_date = ?", id, day)
}
