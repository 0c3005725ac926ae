package front

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/eligibility"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

const responseType = "CoverageEligibilityResponse"

// DecideEligibilityResponse takes what a payer answers to a question that it was asked. It refuses (Forbidden) an answer in another payer's name, and (BusinessRule) one to a question that it was not asked, about
// another patient or another plan. What others send is a record of what they were told, and counts where it answers what was asked.
func DecideEligibilityResponse(tx *store.Tx, a records.Arrival) (records.Fate, error) {
	if a.Principal.Organization == "" {
		return records.FateKept, nil
	}
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return 0, err
	}
	said, err := intake.Eligibility(d, s.Zone())
	if err != nil {
		return 0, err
	}
	check, known, err := books.CoverageCheck(s.View, models.CoverageCheckID(said.RequestID))
	switch {
	case err != nil:
		return 0, err
	case said.PayerID != a.Principal.Organization:
		return 0, fault.At(fault.Forbidden, "forbidden", responseType+".insurer", "A payer answers for itself; name the organization of the access token.")
	case !known || check.PayerID != said.PayerID:
		return 0, fault.At(fault.BusinessRule, "eligibility.request", responseType+".request", "The payer was not asked this; name the question that it answers.")
	case said.PatientID != check.PatientID:
		return 0, fault.At(fault.BusinessRule, "eligibility.patient", responseType+".patient", "The question is about another patient; answer what was asked.")
	case said.CoverageID != "" && said.CoverageID != check.CoverageID:
		return 0, fault.At(fault.BusinessRule, "eligibility.coverage", responseType+".insurance[0].coverage", "The question is about another plan; answer what was asked.")
	}
	return records.FateKept, nil
}

// AfterEligibilityResponse takes what a payer says about a plan: it counts from then on, and the patient's cases are looked at again. What cannot be read so is a record of somebody who is not held to our
// questions.
func AfterEligibilityResponse(tx *store.Tx, a records.Arrival) error {
	if a.Document == nil || a.Principal.Patient != "" { // what a patient says is a record
		return nil
	}
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return err
	}
	said, refused := intake.Eligibility(d, s.Zone())
	check, known, err := books.CoverageCheck(s.View, models.CoverageCheckID(said.RequestID))
	if err != nil || refused != nil || !known || check.PayerID != said.PayerID || check.PatientID != said.PatientID || said.CoverageID != "" && said.CoverageID != check.CoverageID {
		return err
	}
	check.ResponseID = a.Ref.ID
	if len(said.Refusals) > 0 {
		return refuse(s, check, said.Refusals)
	}
	check.State, check.DueAt, check.Latest = models.CheckAnswered, 0, true
	check.InForce, check.PeriodFrom, check.PeriodTo, check.Others = models.TristateOf(said.InForce), said.Period.From, said.Period.Until, said.Others
	if err := counts(s, check); err != nil {
		return err
	}
	if err := s.Item(false, models.WorkItem{Kind: models.WorkEligibility, Subject: coverageOf(check)}); err != nil {
		return err
	}
	return ofPatients(s, check.PatientID)
}

// counts writes a question that is answered, in place of what counted of its plan and type of service before.
func counts(s *desk.Sheet, check models.CoverageCheck) error {
	before, err := books.ChecksOfPlans(s.View, []models.CoverageID{check.CoverageID})
	if err != nil {
		return err
	}
	before = slices.DeleteFunc(before, func(c models.CoverageCheck) bool { return c.ID == check.ID || c.Service != check.Service })
	for i := range before {
		before[i].Latest = false
	}
	return books.SaveChecks(s.Tx, append(before, check)...)
}

// refuse has a question asked again later where the payer cannot answer now, else makes it work of who can see to it.
func refuse(s *desk.Sheet, check models.CoverageCheck, refusals []models.EligibilityRefusal) error {
	remedy := eligibility.RemedyOf(refusals[0].Code)
	if remedy == eligibility.AskAgain && check.Tries < len(eligibility.Pauses) {
		check.State, check.DueAt = models.CheckDelayed, s.Now()+eligibility.Pauses[check.Tries]
		check.Tries++
		return books.SaveChecks(s.Tx, check)
	}
	check.State, check.DueAt = models.CheckRefused, 0
	if err := books.SaveChecks(s.Tx, check); err != nil {
		return err
	}
	reasons := make([]models.WorkReason, len(refusals))
	for i, one := range refusals {
		reasons[i] = models.WorkReason{Code: "AAA-" + one.Code, Path: responseType + ".error", Text: "The payer refuses to answer by AAA03 " + one.Code + "."}
	}
	if err := fails(s, check, roleOf[remedy], reasons...); err != nil {
		return err
	}
	return ofPatients(s, check.PatientID) // whose claims wait for it
}
