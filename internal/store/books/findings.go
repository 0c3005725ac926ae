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

// FindingsOf gives what the last scrub noticed about a claim, to whoever works on its case.
func FindingsOf(v *store.View, c models.Claim) ([]models.Finding, error) {
	f, err := fileOf(v, c.CaseID)
	if err != nil {
		return nil, err
	}
	var list []models.Finding
	for _, row := range f.findingsOf(c.ID) {
		list = append(list, row.Finding)
	}
	return list, nil
}

func (f *file) findingsOf(id models.ClaimID) []models.ClaimFinding {
	return sorted(f.findings, func(n models.ClaimFinding) bool { return n.ClaimID == id }, findingNumber)
}

func findingNumber(n models.ClaimFinding) int { return n.Sequence }

// SaveFindings replaces what is noticed about a claim.
func SaveFindings(tx *store.Tx, c models.Claim, findings []models.Finding) error {
	f, err := fileOf(tx.View, c.CaseID)
	if err != nil {
		return err
	}
	before := f.findingsOf(c.ID)
	rows := make([]models.ClaimFinding, len(findings))
	for i, f := range findings {
		rows[i] = models.ClaimFinding{TenantID: tx.Tenant(), ClaimID: c.ID, Sequence: i + 1, Finding: f}
	}
	return replace(tx, before, rows, findingNumber)
}
