package inquiry

import (
	"slices"

	"medbill/internal/paper"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// PaperVisit reads a visit as it is printed for a plan that the patient asks himself. It refuses (Conflict, visit.uncharged) one of which nothing is in the books.
func PaperVisit(v *store.View, id models.VisitID) (paper.Superbill, error) {
	kase, _, err := books.Case(v, models.CaseOf(id))
	if err != nil {
		return paper.Superbill{}, err
	}
	charges, err := books.Charges(v, kase.ID)
	charges = slices.DeleteFunc(charges, func(c models.Charge) bool { return !c.IsPosted() })
	if err == nil && len(charges) == 0 {
		err = fault.New(fault.Conflict, "visit.uncharged", "Nothing is charged for the visit here; code it first, or ask whoever bills it.")
	}
	if err != nil {
		return paper.Superbill{}, err
	}
	refs := []models.Ref{patientRef(kase.PatientID), organizationRef(kase.BillingID), practitionerRef(kase.Rendering.ID)}
	ids := make([]models.ChargeID, len(charges))
	for i, c := range charges {
		ids[i] = c.ID
		refs = append(refs, practitionerRef(c.Rendering.ID))
	}
	w, err := people(v, refs...)
	if err != nil {
		return paper.Superbill{}, err
	}
	s := paper.Superbill{
		Practice: w.practice(kase.BillingID), Patient: w.contact(patientRef(kase.PatientID)), Born: w.born(kase.PatientID), Number: string(id), Visit: kase.ServiceDate, Place: kase.PlaceOfService,
	}
	s.Add(w.provider(kase.Rendering))
	for _, c := range charges {
		s.Add(w.provider(c.Rendering))
		s.Lines = append(s.Lines, paper.SuperbillLine{Day: c.ServiceDate, Service: serviceText(c.Code, c.Revenue, c.Modifiers), Pointers: c.Pointers, Units: c.Units.String(), Charged: c.Billed})
	}
	diagnoses, err := books.Diagnoses(v, kase.ID)
	if err != nil {
		return s, err
	}
	for _, d := range diagnoses {
		s.Diagnoses = append(s.Diagnoses, d.Code)
	}
	return s, paidOf(v, &s, ids)
}

// paidOf adds what the books say of charges: what is neither taken off nor paid by plans nor open was paid by the patient.
func paidOf(v *store.View, s *paper.Superbill, ids []models.ChargeID) error {
	postings, err := journal.PostingsOfCharges(v, ids)
	s.ByPatient = s.Charged()
	for _, p := range postings {
		switch facts, _ := p.Account.Facts(); {
		case facts.Role == models.RoleAdjusted:
			s.Adjusted += p.Amount
		case facts.Role == models.RolePayerPaid:
			s.ByPlans += p.Amount
		case facts.Role == models.RoleOpen, p.Account == models.AccountARInsurance:
		default:
			continue
		}
		s.ByPatient -= p.Amount
	}
	return err
}
