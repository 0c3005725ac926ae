package billing

import (
	"context"
	"time"

	"medbill/billing/claims"
	"medbill/billing/desk"
	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// AuthorizationRequest says by which number a payer authorized what a claim asks for.
type AuthorizationRequest = claims.AuthorizationRequest

// AuthorizeClaim writes the number on a claim by which its payer authorized it. See claims.Authorize.
func (o *Office) AuthorizeClaim(ctx context.Context, p auth.Principal, c Call, id models.ClaimID, r AuthorizationRequest) (desk.Done[models.Claim], error) {
	return desk.Do(ctx, o.db, p, c.command(auth.OperationSubmit, models.Ref{Type: "Claim", ID: string(id)}, r),
		func(s *desk.Sheet) (models.Claim, error) { return claims.Authorize(s, id, r, advance) }, claims.Standing(id))
}

// TakeNotice takes what a payer's server says to requests for authorization, for those who may create a ClaimResponse. See front.Authorizations.Notified.
func (o *Office) TakeNotice(ctx context.Context, p auth.Principal, c Call, notice *fhir.Document) (desk.Done[[]models.ClaimID], error) {
	ask := o.authorizations()
	command := desk.Command{Operation: "notify", Creates: "ClaimResponse", Key: c.Key, DryRun: c.DryRun, Input: string(notice.Bytes())}
	return desk.Do(ctx, o.db, p, command,
		func(s *desk.Sheet) ([]models.ClaimID, error) { return ask.Notified(s, p.Organization, notice) },
		func(s *desk.Sheet) ([]models.ClaimID, error) { return ask.Named(s, p.Organization, notice) })
}

const (
	answerWithin = 20 * time.Second // how long somebody waits for what a payer says about a plan
	answerLook   = 100 * time.Millisecond
)

// AwaitEligibility waits for a payer's answer to a question about a plan, for answerWithin at most, and gives the id of its CoverageEligibilityResponse; "" where none came, or nobody is asked.
func (o *Office) AwaitEligibility(ctx context.Context, p auth.Principal, id models.CoverageCheckID) (response string, err error) {
	until := time.NewTimer(answerWithin)
	defer until.Stop()
	again := time.NewTicker(answerLook)
	defer again.Stop()
	for {
		isAsked := false
		err := o.session(p).View(ctx, func(v *store.View) error {
			check, known, err := books.CoverageCheck(v, id)
			isAsked, response = known && check.State != models.CheckDropped, check.ResponseID
			return err
		})
		if err != nil || response != "" || !isAsked {
			return response, err
		}
		select {
		case <-again.C:
		case <-until.C:
			return "", nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}
