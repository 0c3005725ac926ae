package store

import (
	"medbill/fhir/render"
	"medbill/models"
)

// Claim gives one claim with lines and diagnoses; false where it is not ours.
func (v *View) Claim(id models.ClaimID) (models.Claim, bool, error) {
	claims, err := v.Claims([]models.ClaimID{id})
	if err != nil || len(claims) == 0 {
		return models.Claim{}, false, err
	}
	return claims[0], true, nil
}

// Claims gives claims with lines and diagnoses in three statements, in the order of their ids.
func (v *View) Claims(ids []models.ClaimID) ([]models.Claim, error) {
	claims, err := all[models.Claim](v, "id", "id IN ?", ids)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	return claims, v.fill(claims)
}

// ClaimsOfVisit gives the claims of a visit, by payer and part.
func (v *View) ClaimsOfVisit(id models.VisitID) ([]models.Claim, error) {
	claims, err := all[models.Claim](v, "position, part, created, id", "visit_id = ?", id)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	return claims, v.fill(claims)
}

// LiveClaims gives a patient's claims whose services touch the days from until, apart from those made by mistake.
func (v *View) LiveClaims(patient models.PatientID, from, until models.Date) ([]models.Claim, error) {
	claims, err := all[models.Claim](v, "id", "patient_id = ? AND service_from <= ? AND service_until >= ? AND state <> ?", patient, until, from, models.ClaimVoided)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	return claims, v.fill(claims)
}

func (v *View) fill(claims []models.Claim) error {
	at := make(map[models.ClaimID]int, len(claims))
	ids := make([]models.ClaimID, len(claims))
	for i, c := range claims {
		at[c.ID], ids[i] = i, c.ID
	}
	lines, err := all[models.ClaimLine](v, "claim_id, sequence", "claim_id IN ?", ids)
	if err != nil {
		return err
	}
	for _, l := range lines {
		c := &claims[at[l.ClaimID]]
		c.Lines = append(c.Lines, l)
	}
	diagnoses, err := all[models.ClaimDiagnosis](v, "claim_id, sequence", "claim_id IN ?", ids)
	if err != nil {
		return err
	}
	for _, d := range diagnoses {
		c := &claims[at[d.ClaimID]]
		c.Diagnoses = append(c.Diagnoses, d)
	}
	return nil
}

// SaveClaim writes a claim with its lines and diagnoses and publishes it.
func (tx *Tx) SaveClaim(c models.Claim) error {
	c.TenantID, c.Updated = tx.actor.Tenant, tx.now
	if c.Created == 0 {
		c.Created = tx.now
	}
	if err := upsert(tx, c); err != nil {
		return err
	}
	if err := drop[models.ClaimLine](tx, "claim_id = ?", c.ID); err != nil {
		return err
	}
	for i := range c.Lines {
		c.Lines[i].TenantID, c.Lines[i].ClaimID = tx.actor.Tenant, c.ID
	}
	if err := insert(tx, c.Lines...); err != nil {
		return err
	}
	if err := drop[models.ClaimDiagnosis](tx, "claim_id = ?", c.ID); err != nil {
		return err
	}
	for i := range c.Diagnoses {
		c.Diagnoses[i].TenantID, c.Diagnoses[i].ClaimID = tx.actor.Tenant, c.ID
	}
	if err := insert(tx, c.Diagnoses...); err != nil {
		return err
	}
	return tx.publish(publication{models.Ref{Type: "Claim", ID: string(c.ID)}, render.Claim(c)})
}

// MoveClaim changes a claim's state alone and publishes it.
func (tx *Tx) MoveClaim(c models.Claim, state models.ClaimState) error {
	c.State = state
	_, err := tx.exec("UPDATE claims SET state = ?, updated = ? WHERE tenant_id = ? AND id = ?", state, tx.now, tx.actor.Tenant, c.ID)
	if err != nil {
		return err
	}
	return tx.publish(publication{models.Ref{Type: "Claim", ID: string(c.ID)}, render.Claim(c)})
}

// heldBy are the columns by which HeldVisits may ask.
var heldBy = map[string]bool{"patient_id": true, "rendering_id": true, "insurer_id": true, "billing_id": true}

// isHeld is written out, not an argument: the index of held claims is chosen by it.
const isHeld = "state = '" + string(models.ClaimHeld) + "'"

// HeldVisits gives the visits whose claims are held and name id in a column of the claim.
func (v *View) HeldVisits(column, id string) ([]models.VisitID, error) {
	if !heldBy[column] {
		panic("store: held claims are not asked by " + column)
	}
	var visits []models.VisitID
	err := v.mine().Model(&models.Claim{}).Where(isHeld+" AND visit_id <> '' AND "+column+" = ?", id).Distinct().Order("visit_id").Pluck("visit_id", &visits).Error
	return visits, err
}

// Findings gives what the last scrub noticed about each claim.
func (v *View) Findings(ids []models.ClaimID) (map[models.ClaimID][]models.Finding, error) {
	rows, err := all[models.ClaimFinding](v, "claim_id, sequence", "claim_id IN ?", ids)
	found := make(map[models.ClaimID][]models.Finding, len(ids))
	for _, r := range rows {
		found[r.ClaimID] = append(found[r.ClaimID], r.Finding)
	}
	return found, err
}

// SaveFindings replaces what is noticed about a claim.
func (tx *Tx) SaveFindings(id models.ClaimID, findings []models.Finding) error {
	if err := drop[models.ClaimFinding](tx, "claim_id = ?", id); err != nil {
		return err
	}
	rows := make([]models.ClaimFinding, len(findings))
	for i, f := range findings {
		rows[i] = models.ClaimFinding{TenantID: tx.actor.Tenant, ClaimID: id, Sequence: i + 1, Finding: f}
	}
	return insert(tx, rows...)
}

// AnswerByKey gives the answer a payer has sent under the same key before; false where it has not.
func (v *View) AnswerByKey(claim models.ClaimID, payer models.OrganizationID, key string) (models.Answer, bool, error) {
	return first[models.Answer](v, "claim_id = ? AND payer_id = ? AND answer_key = ?", claim, payer, key)
}

// Answer gives one answer with lines and adjustments; false where there is none.
func (v *View) Answer(id models.AnswerID) (models.Answer, bool, error) {
	answers, err := v.AnswersByID([]models.AnswerID{id})
	if err != nil || len(answers) == 0 {
		return models.Answer{}, false, err
	}
	return answers[0], true, nil
}

// Answers gives the answers to claims with lines and adjustments in three statements, oldest first.
func (v *View) Answers(claims []models.ClaimID) ([]models.Answer, error) {
	answers, err := all[models.Answer](v, "created, id", "claim_id IN ?", claims)
	if err != nil || len(answers) == 0 {
		return nil, err
	}
	return answers, v.fillAnswers(answers)
}

func (v *View) fillAnswers(answers []models.Answer) error {
	at := make(map[models.AnswerID]int, len(answers))
	ids := make([]models.AnswerID, len(answers))
	for i, a := range answers {
		at[a.ID], ids[i] = i, a.ID
	}
	lines, err := all[models.AnswerLine](v, "answer_id, line_sequence", "answer_id IN ?", ids)
	if err != nil {
		return err
	}
	for _, l := range lines {
		a := &answers[at[l.AnswerID]]
		a.Lines = append(a.Lines, l)
	}
	adjustments, err := all[models.Adjustment](v, "answer_id, sequence", "answer_id IN ?", ids)
	if err != nil {
		return err
	}
	for _, adjustment := range adjustments {
		a := &answers[at[adjustment.AnswerID]]
		a.Adjustments = append(a.Adjustments, adjustment)
	}
	return nil
}

// SaveAnswer writes a payer's answer to claim c and publishes it.
func (tx *Tx) SaveAnswer(a models.Answer, c models.Claim) error {
	a.TenantID, a.Created = tx.actor.Tenant, tx.now
	if err := insert(tx, a); err != nil {
		return err
	}
	for i := range a.Lines {
		a.Lines[i].TenantID, a.Lines[i].AnswerID = tx.actor.Tenant, a.ID
	}
	if err := insert(tx, a.Lines...); err != nil {
		return err
	}
	for i := range a.Adjustments {
		a.Adjustments[i].TenantID, a.Adjustments[i].AnswerID = tx.actor.Tenant, a.ID
	}
	if err := insert(tx, a.Adjustments...); err != nil {
		return err
	}
	return tx.publish(publication{models.Ref{Type: "ClaimResponse", ID: string(a.ID)}, render.Answer(a, c)})
}
