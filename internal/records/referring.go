package records

import (
	"context"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// referrersMax bounds the records that refer to one batch of records; more are refused, never cut in silence.
const referrersMax = 5000

// Referring gives which records of type source refer by a search parameter to each of the records of type typ; for a door
// that resolves many reverse references at once. It refuses whoever may not search for source (Forbidden). Which of the
// records may be seen is for Documents to say.
func (r *Records) Referring(ctx context.Context, p auth.Principal, source, param, typ string, ids []string) (map[string][]models.Ref, error) {
	if _, err := Guard(p, source, auth.PermissionSearch); err != nil {
		return nil, err
	}
	var byTarget map[string][]models.Ref
	err := r.Session(p).View(ctx, func(v *store.View) (err error) {
		byTarget, err = documents.ReferrersByTarget(v, source, param, typ, ids, referrersMax+1)
		return err
	})
	all := 0
	for _, refs := range byTarget {
		all += len(refs)
	}
	if err == nil && all > referrersMax {
		err = fault.New(fault.TooLarge, "too-costly", "More than 5000 records refer to those of the page; ask for a smaller page.")
	}
	return byTarget, err
}

// Gather gives a context in which reads are only noted, and record, which writes all of them into the audit in one commit;
// for a door whose one answer takes many reads. The answer must not leave before record has given nil.
func Gather(ctx context.Context) (inside context.Context, record func() error) {
	return store.Gather(ctx)
}
