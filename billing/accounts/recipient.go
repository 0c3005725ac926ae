package accounts

import (
	"medbill/billing/desk"
	"medbill/billing/rules/invoice"
	"medbill/fhir/intake"
	"medbill/internal/store/books"
	"medbill/models"
)

// WhoAnswers gives who is asked for what a patient owes, as things stand today, or why nobody can be.
func WhoAnswers(s *desk.Sheet, patient models.PatientID) (who models.Ref, why string, _ error) {
	payers, err := s.Payers(patient)
	if err != nil {
		return models.Ref{}, "", err
	}
	if payers.Patient != nil && intake.ReplacedBy(payers.Patient) != "" {
		survivor, err := s.Survivor(patient)
		if err != nil {
			return models.Ref{}, "", err
		}
		if payers, err = s.Payers(survivor); err != nil {
			return models.Ref{}, "", err
		}
	}
	answering, err := guarantors(s, payers.Records)
	if err != nil {
		return models.Ref{}, "", err
	}
	himself := models.Person{Ref: patientOf(payers.Records[0])}
	if payers.Patient != nil {
		himself = intake.Person(payers.Patient)
	}
	who, why = invoice.Recipient(himself, answering, s.Today())
	return who, why, nil
}

// guarantors gives who answers for a patient today, each once, by the account of the record that stands for him, else by those of the
// records that it replaced.
func guarantors(s *desk.Sheet, of []models.PatientID) ([]models.Person, error) {
	for _, patient := range of {
		named, err := books.GuarantorsOfPatient(s.View, patient)
		if err != nil {
			return nil, err
		}
		var answering []models.Person
		seen := map[models.Ref]bool{}
		for _, g := range named {
			if !g.IsInForce(s.Today()) {
				continue
			}
			ref, one, err := personIn(s, g.Party)
			if err != nil {
				return nil, err
			}
			if !seen[ref] {
				seen[ref], answering = true, append(answering, one)
			}
		}
		if len(answering) > 0 {
			return answering, nil
		}
	}
	return nil, nil
}

// personIn reads a guarantor, with who he is now: a Patient that was merged is the one that stands for it. Of whom there is no record
// the person is the zero one.
func personIn(s *desk.Sheet, who models.Ref) (models.Ref, models.Person, error) {
	if who.Type == "Patient" {
		survivor, err := s.Survivor(models.PatientID(who.ID))
		if err != nil {
			return who, models.Person{}, err
		}
		who = patientOf(survivor)
	}
	d, err := s.Document(who)
	if err != nil || d == nil {
		return who, models.Person{}, err
	}
	return who, intake.Person(d), nil
}

// about gives what work about a bill names.
func (b bill) about() models.Ref {
	if b.kase.ID.IsOpening() {
		return models.Ref{Type: "Claim", ID: string(b.claims[0].ID)}
	}
	return b.kase.ID.Origin()
}

// unanswered gives the work of who finds out who answers for a patient.
func unanswered(about models.Ref, patient models.PatientID, why string) models.WorkItem {
	return models.WorkItem{Kind: models.WorkGuarantor, Subject: about, PatientID: patient, Reason: why}
}
