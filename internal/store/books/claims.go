package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// Claim gives one claim with lines and diagnoses; false where it is not ours.
func Claim(v *store.View, id models.ClaimID) (models.Claim, bool, error) {
	claims, err := Claims(v, []models.ClaimID{id})
	if err != nil || len(claims) == 0 {
		return models.Claim{}, false, err
	}
	return claims[0], true, nil
}

// Claims gives claims with lines and diagnoses in three statements, in the order of their ids.
func Claims(v *store.View, ids []models.ClaimID) ([]models.Claim, error) {
	claims, err := store.All[models.Claim](v, "id", "id IN ?", ids)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	return claims, fill(v, claims)
}

// ClaimsOfCase gives the claims of a case, withdrawn ones too, by payer and part.
func ClaimsOfCase(v *store.View, id models.CaseID) ([]models.Claim, error) {
	claims, err := store.All[models.Claim](v, "position, part, created, id", "case_id = ?", id)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	return claims, fill(v, claims)
}

// LiveClaims gives a patient's claims whose services touch the days from until, apart from those that ask for nothing any more.
func LiveClaims(v *store.View, patient models.PatientID, from, until models.Date) ([]models.Claim, error) {
	claims, err := store.All[models.Claim](v, "id", "patient_id = ? AND service_from <= ? AND service_until >= ? AND state NOT IN ?", patient, until, from, dead)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	return claims, fill(v, claims)
}

// dead are the states of claims that ask for nothing any more.
var dead = models.ClaimStatesWhere(func(f models.ClaimFacts) bool { return !f.State.IsLive() })

func fill(v *store.View, claims []models.Claim) error {
	at := make(map[models.ClaimID]int, len(claims))
	ids := make([]models.ClaimID, len(claims))
	for i, c := range claims {
		at[c.ID], ids[i] = i, c.ID
	}
	lines, err := store.All[models.ClaimLine](v, "claim_id, sequence", "claim_id IN ?", ids)
	if err != nil {
		return err
	}
	for _, l := range lines {
		c := &claims[at[l.ClaimID]]
		c.Lines = append(c.Lines, l)
	}
	diagnoses, err := store.All[models.ClaimDiagnosis](v, "claim_id, sequence", "claim_id IN ?", ids)
	if err != nil {
		return err
	}
	for _, d := range diagnoses {
		c := &claims[at[d.ClaimID]]
		c.Diagnoses = append(c.Diagnoses, d)
	}
	return nil
}

// SaveClaim writes a claim with its lines and diagnoses.
func SaveClaim(tx *store.Tx, c models.Claim) error {
	c.TenantID, c.Updated = tx.Tenant(), tx.Now()
	if c.Created == 0 {
		c.Created = tx.Now()
	}
	if err := store.Upsert(tx, c); err != nil {
		return err
	}
	c.Lines, c.Diagnoses = slices.Clone(c.Lines), slices.Clone(c.Diagnoses)
	for i := range c.Lines {
		c.Lines[i].TenantID, c.Lines[i].ClaimID = tx.Tenant(), c.ID
	}
	for i := range c.Diagnoses {
		c.Diagnoses[i].TenantID, c.Diagnoses[i].ClaimID = tx.Tenant(), c.ID
	}
	if err := replace(tx, "claim_id", string(c.ID), c.Lines); err != nil {
		return err
	}
	if err := replace(tx, "claim_id", string(c.ID), c.Diagnoses); err != nil {
		return err
	}
	claims.note(tx, c)
	return nil
}

// MoveClaim changes a claim's state alone. What it is published as comes from the rows: the caller's claim may be older.
func MoveClaim(tx *store.Tx, c models.Claim, state models.ClaimState) error {
	_, err := tx.Exec("UPDATE claims SET state = ?, updated = ? WHERE tenant_id = ? AND id = ?", state, tx.Now(), tx.Tenant(), c.ID)
	if err == nil {
		Changed(tx, models.Ref{Type: "Claim", ID: string(c.ID)})
	}
	return err
}
