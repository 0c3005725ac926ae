package front

import (
	"medbill/billing/desk"
	"medbill/billing/rules/authorization"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// DecideReview takes what a payer answers to a request for authorization. It refuses an answer in another payer's name (Forbidden), and one to a request that the payer was not asked, or about another patient
// (BusinessRule). What others send is a record of what they were told, and counts where it answers what was asked.
func (Authorizations) DecideReview(tx *store.Tx, a records.Arrival) (records.Fate, error) {
	if a.Principal.Organization == "" {
		return records.FateExternal, nil
	}
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return 0, err
	}
	said, err := intake.Review(d, s.Zone())
	if err != nil {
		return 0, err
	}
	asked, known, err := requested(s, said)
	switch {
	case err != nil:
		return 0, err
	case said.PayerID != a.Principal.Organization:
		return 0, fault.At(fault.Forbidden, "forbidden", "ClaimResponse.insurer", "A payer answers for itself; name the organization of the access token.")
	case !known:
		return 0, fault.At(fault.BusinessRule, "authorization.request", "ClaimResponse.request", "The payer was not asked this; name the request that it answers, or its identifier.")
	case said.PatientID != asked.PatientID:
		return 0, fault.At(fault.BusinessRule, "authorization.patient", "ClaimResponse.patient", "The request is for another patient; answer what was asked.")
	}
	return records.FateExternal, nil
}

// requested gives the request to a payer that an answer names, by its address or by one of its numbers.
func requested(s *desk.Sheet, said models.Review) (models.Authorization, bool, error) {
	asked, known, err := books.Authorization(s.View, said.RequestID)
	if err != nil || known && asked.PayerID == said.PayerID {
		return asked, known, err
	}
	return books.AuthorizationNumbered(s.View, said.PayerID, said.Numbers)
}

// AfterReview takes what a payer says to a request, from whoever of the practice brings it.
func (f Authorizations) AfterReview(tx *store.Tx, a records.Arrival) error {
	if a.Document == nil || a.Principal.Patient != "" {
		return nil
	}
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return err
	}
	said, refused := intake.Review(d, s.Zone())
	if refused != nil {
		return nil //nolint:nilerr // a record of somebody who is not held to our requests
	}
	said.ID = a.Ref.ID
	asked, known, err := requested(s, said)
	if err != nil || !known || said.PatientID != asked.PatientID {
		return err
	}
	return f.reviewed(s, asked, said)
}

// reviewed takes what its payer says to a request: it counts from then on, unless nobody asks any more.
func (f Authorizations) reviewed(s *desk.Sheet, a models.Authorization, said models.Review) error {
	if a.State == models.AuthorizationDropped {
		return nil
	}
	if len(said.Refusals) > 0 {
		a.ResponseID = said.ID
		return f.refused(s, a, said.Refusals)
	}
	return f.stand(s, authorization.Reviewed(a, said))
}

// refused makes a request work that its payer did not take.
func (f Authorizations) refused(s *desk.Sheet, a models.Authorization, refusals []models.EligibilityRefusal) error {
	a.State, a.DueAt = models.AuthorizationRefused, 0
	if err := books.SaveAuthorization(s.Tx, a); err != nil {
		return err
	}
	var reasons []models.WorkReason
	for _, one := range refusals {
		if one.Code != "" {
			reasons = append(reasons, models.WorkReason{Code: "AAA-" + one.Code, Path: "Claim", Text: "The payer refuses the request by AAA03 " + one.Code + "."})
		}
	}
	if err := f.tells(s, a, reasons); err != nil {
		return err
	}
	return ofPatients(s, a.PatientID)
}

// Notified takes answers to requests that a payer's server sends when it decides, with its own addresses, and gives the requests that they are to; payer is who sends them, "" for somebody who brings them. Each is
// kept with our addresses. It refuses all of them where it refuses one.
func (f Authorizations) Notified(s *desk.Sheet, payer models.OrganizationID, notice *fhir.Document) ([]models.ClaimID, error) {
	return eachAnswer(s, payer, notice, f.keep)
}

// Named gives the requests to which answers are that came before.
func (Authorizations) Named(s *desk.Sheet, payer models.OrganizationID, notice *fhir.Document) ([]models.ClaimID, error) {
	return eachAnswer(s, payer, notice, func(*desk.Sheet, models.Authorization, *fhir.Document) error { return nil })
}

func eachAnswer(s *desk.Sheet, payer models.OrganizationID, notice *fhir.Document, do func(*desk.Sheet, models.Authorization, *fhir.Document) error) ([]models.ClaimID, error) {
	var ids []models.ClaimID
	for _, d := range intake.Reviews(notice) {
		asked, known, err := books.AuthorizationNumbered(s.View, payer, intake.RequestNumbers(d))
		if err == nil && !known {
			err = fault.At(fault.BusinessRule, "authorization.request", "ClaimResponse.request.identifier", "The payer was not asked this; name the identifier of the request that it answers.")
		}
		if err == nil {
			err = do(s, asked, d)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, asked.ID)
	}
	if len(ids) == 0 {
		return nil, fault.At(fault.Invalid, "required", notice.Type(), "The notice has no ClaimResponse of use preauthorization.")
	}
	return ids, nil
}
