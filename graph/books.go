package graph

import (
	"context"

	"medbill/fhir"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// booked gives what the books say about the record or case of w. The question is asked once for all that were read with it;
// its name tells it from others about the same.
func booked[K ~string, V any](ctx context.Context, w whole, question string, ask func(context.Context, auth.Principal, []K) (map[K]V, error)) (V, error) {
	b, l := about(ctx, w), loadersOf(ctx)
	found, err := once(b, question, func() (map[K]V, error) { return ask(l.ctx, l.principal, idsOf[K](b)) })
	return found[K(w.ID())], err
}

// balances sums what the books hold about an account's patient.
func (r *Resolver) balances(ctx context.Context, a *model.Account) (models.Balances, error) {
	return booked(ctx, a, "balances", r.books.Balances)
}

// postings gives what the books hold about a claim.
func (r *Resolver) postings(ctx context.Context, c *model.Claim) ([]models.Posting, error) {
	return booked(ctx, c, "postings", r.books.Postings)
}

func sum(postings []models.Posting) models.Balances {
	balances := models.Balances{}
	for _, p := range postings {
		balances[p.Account] += p.Amount
	}
	return balances
}

// accountOf finds a patient's account; nil where nothing was posted and nobody registered one, and where it is somebody else's.
func (r *Resolver) accountOf(ctx context.Context, patient string) (*model.Account, error) {
	var q query
	q.reference("patient", "Patient", &patient)
	q.add("type", fhir.SystemActCode+"|"+fhir.CodePatientAccount) // others are kept by somebody else's billing
	one := 1
	found, err := page[model.Account](ctx, r, "Account", &one, nil, q)
	if err != nil || len(found.Nodes) == 0 {
		return nil, err
	}
	return &found.Nodes[0], nil
}

// party gives who is asked for what a patient owes.
func (r *Resolver) party(ctx context.Context, p part, reference string) (model.BilledParty, error) {
	who, _ := r.local(reference)
	switch who.Type {
	case "Patient":
		return party[model.Patient](follow[model.Patient](ctx, r, p, who.Type, reference))
	case "RelatedPerson":
		return party[model.RelatedPerson](follow[model.RelatedPerson](ctx, r, p, who.Type, reference))
	case "Organization":
		return party[model.Organization](follow[model.Organization](ctx, r, p, who.Type, reference))
	}
	return nil, nil
}

// party keeps a nil of a type from being somebody.
func party[T model.BilledParty](found *T, err error) (model.BilledParty, error) {
	if found == nil {
		return nil, err
	}
	return *found, err
}
