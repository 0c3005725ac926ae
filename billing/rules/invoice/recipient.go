package invoice

import "medbill/models"

// Recipient gives who is asked on a day for what a patient owes: the one guarantor in force; where there is none, the patient, unless
// he is known to be a child. Where nobody can be asked, who is the zero Ref and why says it. inForce are the guarantors in force on
// the day; one of whom there is no record has no Ref. It goes one step: a guarantor's own guarantor is not asked.
func Recipient(patient models.Person, inForce []models.Person, day models.Date) (who models.Ref, why string) {
	switch {
	case len(inForce) > 1:
		return models.Ref{}, "The patient's Account names several guarantors on one day; end the period of all but one, or put them on hold."
	case len(inForce) == 1 && inForce[0].Ref.ID == "":
		return models.Ref{}, "The guarantor that the patient's Account names has no record here; send it, or name another one."
	case len(inForce) == 1 && inForce[0].IsChild(day):
		return models.Ref{}, "The guarantor that the patient's Account names is under 18; name somebody of age."
	case len(inForce) == 1:
		return inForce[0].Ref, ""
	case patient.IsChild(day):
		return models.Ref{}, "The patient is under 18, and no guarantor is in force; send the patient's Account with who answers for what is due."
	}
	return patient.Ref, ""
}
