package journal

import (
	"medbill/internal/store"
	"medbill/models"
)

// PostingsOfCharges gives every posting about the charges, in the order of the journal.
func PostingsOfCharges(v *store.View, ids []models.ChargeID) ([]models.Posting, error) {
	return store.All[models.Posting](v, "entry_id, sequence", "charge_id IN ?", ids)
}

// PostingsByClaim gives for each claim every posting about it or about a charge on its lines, in the order of the journal:
// the charge and the patient's payments name no claim. A charge on two claims stands under both.
func PostingsByClaim(v *store.View, ids []models.ClaimID) (map[models.ClaimID][]models.Posting, error) {
	lines, err := store.All[models.ClaimLine](v, "claim_id, sequence", "claim_id IN ? AND charge_id <> ''", ids)
	if err != nil {
		return nil, err
	}
	claims := make(map[models.ChargeID][]models.ClaimID, len(lines))
	charges := make([]models.ChargeID, 0, len(lines))
	for _, l := range lines {
		charges = append(charges, l.ChargeID)
		claims[l.ChargeID] = append(claims[l.ChargeID], l.ClaimID)
	}
	postings, err := store.All[models.Posting](v, "entry_id, sequence", "(charge_id IN ? OR claim_id IN ? AND charge_id = '')", charges, ids)
	byClaim := make(map[models.ClaimID][]models.Posting, len(ids))
	for _, p := range postings {
		about := claims[p.ChargeID]
		if p.ChargeID == "" {
			about = []models.ClaimID{p.ClaimID}
		}
		for _, id := range about {
			byClaim[id] = append(byClaim[id], p)
		}
	}
	return byClaim, err
}

// PostingsOfPatients gives every posting about the patients, in the order of the journal.
func PostingsOfPatients(v *store.View, ids []models.PatientID) ([]models.Posting, error) {
	return store.All[models.Posting](v, "entry_id, sequence", "patient_id IN ?", ids)
}
