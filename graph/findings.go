package graph

import (
	"context"

	"medbill/billing"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// questionFindings asks what the rules notice about claims.
const questionFindings = "findings"

// overrideFinding says of a finding that it does not hold its claim, or that it does again.
func (r *Resolver) overrideFinding(ctx context.Context, claim string, asked billing.OverrideRequest, how calling) (*model.OverrideFindingPayload, error) {
	_, rehearsal, err := change(ctx, r, how, func(p auth.Principal, c billing.Call) (billing.Done[[]models.Finding], error) {
		return r.office.OverrideFinding(ctx, p, c, models.ClaimID(claim), asked)
	})
	if err != nil {
		return nil, err
	}
	return model.OverriddenFinding(claim, rehearsal), nil
}
