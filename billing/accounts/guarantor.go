package accounts

import (
	"medbill/billing/desk"
	"medbill/models"
)

// household is a guarantor with the patients that it answers for.
type household struct {
	guarantor models.Ref
	patients  []models.PatientID
}

// householdsOf says who answers for patients, each for itself, and for whom those answer.
func householdsOf(_ *desk.Sheet, patients ...models.PatientID) ([]household, error) {
	houses := make([]household, len(patients))
	for i, id := range patients {
		houses[i] = household{patientOf(id), []models.PatientID{id}}
	}
	return houses, nil
}

// householdOf gives the household of a patient.
func householdOf(s *desk.Sheet, patient models.PatientID) (household, error) {
	houses, err := householdsOf(s, patient)
	if err != nil || len(houses) == 0 {
		return household{}, err
	}
	return houses[0], nil
}
