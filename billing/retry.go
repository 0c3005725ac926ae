package billing

import (
	"context"
	"strconv"

	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// RetryCase asks again for the step that failed for good in the case of an Encounter or a Claim, and gives 1. It refuses one in
// which no step failed (Conflict, step.none).
func (o *Office) RetryCase(ctx context.Context, p auth.Principal, c Call, ref models.Ref) (desk.Done[int], error) {
	return desk.Do(ctx, o.db, p, c.command(auth.OperationRetry, ref, nil),
		func(s *desk.Sheet) (int, error) {
			id, err := caseOf(s.View, ref)
			if err != nil {
				return 0, err
			}
			if err := books.Lock(s.Tx, string(id)); err != nil {
				return 0, err
			}
			_, failed, err := books.OpenItem(s.View, models.WorkStep, id.Origin())
			if err != nil {
				return 0, err
			}
			if !failed {
				return 0, fault.New(fault.Conflict, "step.none", "No step of this case failed, so there is nothing to run again.")
			}
			k, _, err := books.Case(s.View, id)
			if err != nil {
				return 0, err
			}
			return 1, s.Due(k, models.StepPlan)
		},
		func(*desk.Sheet) (int, error) { return 1, nil }) // only what went well is remembered
}

// caseOf gives the case of an Encounter or Claim; "" where a Claim has none.
func caseOf(v *store.View, ref models.Ref) (models.CaseID, error) {
	if ref.Type == models.OriginVisit {
		return models.CaseOf(models.VisitID(ref.ID)), nil
	}
	c, _, err := books.Claim(v, models.ClaimID(ref.ID))
	return c.CaseID, err
}

// retryMax bounds how many cases one call asks for: each is locked until it is through.
const retryMax = 1000

// Retry asks again for the failed steps of the practice, of at most retryMax cases, and gives of how many. What is remembered under
// a key is that number.
func (o *Office) Retry(ctx context.Context, p auth.Principal, c Call) (int, error) {
	if err := p.RequireTenantOperation(auth.OperationRetry, "Task"); err != nil {
		return 0, err
	}
	request := records.Request{Call: records.Call{Key: c.Key, DryRun: c.DryRun}, Who: p, Operation: string(auth.OperationRetry)}
	return records.Once(ctx, o.db, request, records.Work[int]{
		Do: func(tx *store.Tx) (int, error) {
			s := desk.Open(tx)
			return inTenant(retryAll)(s)
		},
		Did:   func(n int) []models.UsedKey { return []models.UsedKey{{Record: strconv.Itoa(n)}} },
		Again: func(_ *store.Tx, did models.UsedKey) (int, error) { return strconv.Atoi(did.Record) },
	})
}

func retryAll(s *desk.Sheet) (int, error) {
	failed, err := books.FailedCases(s.View, retryMax)
	if err != nil {
		return 0, err
	}
	ids := make([]string, len(failed))
	for i, c := range failed {
		ids[i] = string(c.ID)
	}
	if err := books.Lock(s.Tx, ids...); err != nil {
		return 0, err
	}
	for _, c := range failed {
		if err := s.Due(c, models.StepPlan); err != nil {
			return 0, err
		}
	}
	return len(failed), nil
}
