package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// Findings gives what the last scrub noticed about each claim.
func Findings(v *store.View, ids []models.ClaimID) (map[models.ClaimID][]models.Finding, error) {
	rows, err := store.All[models.ClaimFinding](v, "claim_id, sequence", "claim_id IN ?", ids)
	found := make(map[models.ClaimID][]models.Finding, len(ids))
	for _, r := range rows {
		found[r.ClaimID] = append(found[r.ClaimID], r.Finding)
	}
	return found, err
}

// SaveFindings replaces what is noticed about a claim.
func SaveFindings(tx *store.Tx, c models.Claim, findings []models.Finding) error {
	f, err := fileOf(tx.View, c.CaseID)
	if err != nil {
		return err
	}
	number := func(n models.ClaimFinding) int { return n.Sequence }
	before := sorted(f.findings, func(n models.ClaimFinding) bool { return n.ClaimID == c.ID }, number)
	rows := make([]models.ClaimFinding, len(findings))
	for i, f := range findings {
		rows[i] = models.ClaimFinding{TenantID: tx.Tenant(), ClaimID: c.ID, Sequence: i + 1, Finding: f}
	}
	return replace(tx, before, rows, number)
}
