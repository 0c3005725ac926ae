package inquiry

import (
	"context"
	"slices"

	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/estimate"
	"medbill/internal/auth"
	"medbill/internal/contracts"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/operation"
)

// Estimate is what a patient is expected to owe of a visit under the plan that pays first, or of what no plan pays.
type Estimate struct {
	estimate.Estimate
	CoverageID models.CoverageID // "" where no plan pays
	ResponseID string            // the CoverageEligibilityResponse that it goes by; "" where the payer said nothing of the plan
	Checked    models.Date
	Charges    []models.ChargeID // of the lines, in their order; "" where nobody did the service yet
	IsKnown    bool              // the payer said what the plan asks for, and a contract what it allows of each service
	Actual     *models.Cents     // what the payer left to others; nil until it judged all of it
}

// Estimates gives for visits what their patients are expected to owe, by plan; for who takes patients' payments, and for patients of their own. A visit whose claims are not made yet, and that is not the patient's, has none.
func (b *Books) Estimates(ctx context.Context, p auth.Principal, ids []models.VisitID) (map[models.VisitID][]Estimate, error) {
	if _, err := p.RequireOperation(operation.ScopePay, "Encounter"); err != nil {
		return nil, err
	}
	return shown(ctx, b, p, "Encounter", ids, EstimatesOf)
}

// GoodFaithEstimates gives for patients what they were told that services will be charged, by day; for who takes patients' payments, and for patients of their own.
func (b *Books) GoodFaithEstimates(ctx context.Context, p auth.Principal, ids []models.PatientID) (map[models.PatientID][]models.GoodFaithEstimate, error) {
	if _, err := p.RequireOperation(operation.ScopePay, "Patient"); err != nil {
		return nil, err
	}
	return shown(ctx, b, p, "Patient", ids, func(v *store.View, ids []models.PatientID) (map[models.PatientID][]models.GoodFaithEstimate, error) {
		made, err := books.EstimatesOfPatients(v, ids)
		found := map[models.PatientID][]models.GoodFaithEstimate{}
		for _, e := range made {
			found[e.PatientID] = append(found[e.PatientID], e)
		}
		return found, err
	})
}

// EstimatesOf gives them within a transaction.
func EstimatesOf(v *store.View, ids []models.VisitID) (map[models.VisitID][]Estimate, error) {
	book, err := ContractBook(v)
	if err != nil {
		return nil, err
	}
	found := make(map[models.VisitID][]Estimate, len(ids))
	for _, id := range ids {
		if found[id], err = estimatesOf(v, book, models.CaseOf(id)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func estimatesOf(v *store.View, book *contracts.Book, id models.CaseID) ([]Estimate, error) {
	kase, known, err := books.Case(v, id)
	if err != nil || !known || kase.State == models.CaseNotOurs || kase.State == models.CaseVoided {
		return nil, err
	}
	claims, err := books.ClaimsOfCase(v, id)
	if err != nil {
		return nil, err
	}
	claims = slices.DeleteFunc(claims, func(c models.Claim) bool {
		_, isFollowed := models.Follower(claims, c.ID)
		return c.Position != 1 || !c.State.IsLive() || isFollowed
	})
	switch {
	case len(claims) > 0:
	case kase.State == models.CasePatient, kase.State == models.CaseClosed:
		return ofNobody(v, id)
	default:
		return nil, nil // nobody knows yet who pays
	}
	answers, err := books.AnswersOfCase(v, id)
	if err != nil {
		return nil, err
	}
	var list []Estimate
	for len(claims) > 0 {
		plan := claims[0].CoverageID
		isOther := func(c models.Claim) bool { return c.CoverageID != plan }
		one, err := ofPlan(v, book, slices.DeleteFunc(slices.Clone(claims), isOther), answers)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
		claims = slices.DeleteFunc(claims, func(c models.Claim) bool { return !isOther(c) })
	}
	return list, nil
}

// OfClaim estimates what a claim that is not made yet leaves to the patient, by what its payer said last.
func OfClaim(v *store.View, c models.Claim) (Estimate, error) {
	book, err := ContractBook(v)
	if err != nil {
		return Estimate{}, err
	}
	return ofPlan(v, book, []models.Claim{c}, nil)
}

// OfCharges estimates what charges that no claim asks for leave to the patient.
func OfCharges(charges []models.Charge) Estimate {
	one, lines := Estimate{IsKnown: true}, []estimate.Line{}
	for _, c := range charges {
		lines = append(lines, estimate.Line{Sequence: len(lines) + 1, Charge: c.Billed})
		one.Charges = append(one.Charges, c.ID)
	}
	one.Estimate = estimate.OfNobody(lines)
	return one
}

// ofNobody estimates what is charged where no claim asks for it.
func ofNobody(v *store.View, id models.CaseID) ([]Estimate, error) {
	charges, err := books.Charges(v, id)
	charges = slices.DeleteFunc(charges, func(c models.Charge) bool {
		facts := c.State.Facts()
		return !facts.InBooks && !facts.Waits
	})
	if err != nil || len(charges) == 0 {
		return nil, err
	}
	return []Estimate{OfCharges(charges)}, nil
}

// ofPlan estimates what claims under one plan leave to the patient, by what its payer had said when they went out.
func ofPlan(v *store.View, book *contracts.Book, claims []models.Claim, answers []models.Answer) (Estimate, error) {
	one, lines, isAllowed := Estimate{CoverageID: claims[0].CoverageID}, []estimate.Line{}, true
	for _, c := range claims {
		expected, err := ExpectedBy(v, book, c)
		if err != nil {
			return one, err
		}
		for _, l := range expected.Lines {
			line := estimate.Line{Sequence: len(lines) + 1, Charge: l.Billed}
			if isAllowed = isAllowed && l.IsKnown; l.IsKnown {
				line.Allowed = &l.Allowed
			}
			lines, one.Charges = append(lines, line), append(one.Charges, l.ChargeID)
		}
	}
	said, err := heard(v, one.CoverageID, sentAt(claims))
	if err != nil {
		return one, err
	}
	terms := estimate.TermsOf(said.Benefits, estimate.ServiceOf(claims[0].Type, claims[0].PlaceOfService))
	one.Estimate, one.ResponseID, one.Checked = estimate.Of(lines, terms), said.ID, said.Checked
	one.IsKnown, one.Actual = isAllowed && said.ID != "", left(claims, answers)
	return one, nil
}

// sentAt gives when the first of claims went out, 0 where none did.
func sentAt(claims []models.Claim) (first models.Instant) {
	for _, c := range claims {
		for _, m := range c.Moves {
			if m.State == models.ClaimTransmitted && (first == 0 || m.At < first) {
				first = m.At
			}
		}
	}
	return first
}

// heard gives what the payer of a plan said last of it before a moment, or at all where that is 0.
func heard(v *store.View, plan models.CoverageID, before models.Instant) (models.Eligibility, error) {
	checks, err := books.AnsweredChecks(v, plan)
	if err != nil {
		return models.Eligibility{}, err
	}
	var last models.CoverageCheck
	for _, c := range checks {
		if (before == 0 || c.Created <= before) && c.Created >= last.Created {
			last = c
		}
	}
	if last.ResponseID == "" {
		return models.Eligibility{}, nil
	}
	said, err := answersTo(v, documents.Guard{}, []models.CoverageCheck{last})
	return said[last.ResponseID], err
}

// left gives what a payer left to others of claims; nil until it judged all of them.
func left(claims []models.Claim, answers []models.Answer) *models.Cents {
	var sum models.Cents
	for _, c := range claims {
		if c.State != models.ClaimAdjudicated {
			return nil
		}
		for _, a := range answers {
			if a.ClaimID != c.ID || !a.Judges() {
				continue
			}
			for _, l := range adjudication.Apply(c, a) {
				sum += l.Responsibility()
			}
		}
	}
	return &sum
}
