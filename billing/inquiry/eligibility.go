package inquiry

import (
	"context"
	"slices"

	"medbill/billing/rules/eligibility"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
)

const responseType = "CoverageEligibilityResponse"

// Eligibility is what the payer of a plan said of it last for a type of service, and the answer that it stands in.
type Eligibility struct {
	Service    string
	ResponseID string
	eligibility.Summary
}

// Eligibilities gives for plans what their payers said of each type of service that was asked about, the whole plan first; for those who may read the answers. Plans that nobody asked about, or whose payers said
// nothing, have none.
func (b *Books) Eligibilities(ctx context.Context, p auth.Principal, ids []models.CoverageID) (map[models.CoverageID][]Eligibility, error) {
	guard, err := records.Guard(p, responseType, auth.PermissionRead)
	if err != nil {
		return nil, err
	}
	return shown(ctx, b, p, "Coverage", ids, func(v *store.View, ids []models.CoverageID) (map[models.CoverageID][]Eligibility, error) {
		checks, err := books.ChecksOfPlans(v, ids)
		if err != nil {
			return nil, err
		}
		said, err := answersTo(v, guard, checks)
		if err != nil {
			return nil, err
		}
		found := map[models.CoverageID][]Eligibility{}
		for _, c := range checks {
			if e, is := said[c.ResponseID]; is {
				found[c.CoverageID] = append(found[c.CoverageID], Eligibility{c.Service, c.ResponseID, eligibility.Of(e)})
			}
		}
		for _, list := range found {
			slices.SortStableFunc(list, func(a, b Eligibility) int { return rank(a) - rank(b) })
		}
		return found, nil
	})
}

// rank has the whole plan come first.
func rank(e Eligibility) int {
	if e.Service == models.ServiceAny {
		return 0
	}
	return 1
}

// answersTo reads the answers to questions, as far as they are seen.
func answersTo(v *store.View, guard documents.Guard, checks []models.CoverageCheck) (map[string]models.Eligibility, error) {
	refs := make([]models.Ref, len(checks))
	for i, c := range checks {
		refs[i] = models.Ref{Type: responseType, ID: c.ResponseID}
	}
	list, err := documents.Of(v, refs, guard)
	if err != nil {
		return nil, err
	}
	zone, err := documents.Zone(v)
	if err != nil {
		return nil, err
	}
	said := make(map[string]models.Eligibility, len(list))
	for _, one := range list {
		d, err := fhir.Parse(one.Body)
		if err != nil {
			return nil, err
		}
		if e, err := intake.Eligibility(d, zone); err == nil { // it was read when it came
			said[one.ID] = e
		}
	}
	return said, nil
}
