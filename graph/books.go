package graph

import (
	"context"

	"medbill/graph/model"
	"medbill/models"
)

// balances sums what the books hold about an account's patient.
func (r *Resolver) balances(ctx context.Context, a *model.Account) (models.Balances, error) {
	patient, ok := r.local(a.Reference("subject"))
	if !ok {
		return nil, nil
	}
	balances, err := about(ctx, a).balances()
	return balances[models.PatientID(patient.ID)], err
}

// postings gives what the books hold about a claim.
func (r *Resolver) postings(ctx context.Context, c *model.Claim) ([]models.Posting, error) {
	if err := officeOnly(ctx, "Account"); err != nil {
		return nil, err
	}
	postings, err := about(ctx, c).postings()
	return postings[models.ClaimID(c.ID())], err
}

func sum(postings []models.Posting) models.Balances {
	balances := models.Balances{}
	for _, p := range postings {
		balances[p.Account] += p.Amount
	}
	return balances
}

// answer gives the row of an answer to a claim of ours, nil for any other.
func (r *Resolver) answer(ctx context.Context, c *model.ClaimResponse) (*model.Answer, error) {
	claim, ok := r.local(c.Reference("request"))
	if !ok {
		return nil, nil
	}
	answers, err := about(ctx, c).answers()
	for _, a := range answers[models.ClaimID(claim.ID)] {
		if string(a.ID) == c.ID() {
			return model.AnswerOf(a), err
		}
	}
	return nil, err
}

// accountOf finds a patient's account; nil where nothing was posted, and where it is somebody else's.
func (r *Resolver) accountOf(ctx context.Context, patient string) (*model.Account, error) {
	var q query
	q.reference("patient", "Patient", &patient)
	one := 1
	found, err := page[model.Account](ctx, r, "Account", &one, nil, q.pairs)
	if err != nil || len(found.Nodes) == 0 {
		return nil, err
	}
	return &found.Nodes[0], nil
}
