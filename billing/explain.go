package billing

import (
	"context"

	"medbill/billing/desk"
	"medbill/billing/inquiry"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/operation"
)

// Timeline gives every state that a claim came to, the first one first. It refuses whoever may not check claims, or sees a part of the tenant (Forbidden), and does not
// find a claim that they may not see.
func (o *Office) Timeline(ctx context.Context, p auth.Principal, id models.ClaimID) ([]models.ClaimMove, error) {
	return told(ctx, o, p, operation.ScopeValidate, "Claim", id, inquiry.TimelineOf)
}

// told answers a question of the office's about one record that who asks sees; that it was read is in the audit.
func told[K ~string, V any](ctx context.Context, o *Office, p auth.Principal, scope operation.Scope, typ string, id K, ask func(*store.View, []K) (map[K]V, error)) (V, error) {
	look := func(s *desk.Sheet) (V, error) {
		var none V
		if err := records.Office(p, typ); err != nil {
			return none, err
		}
		found, err := ask(s.View, []K{id})
		return found[id], err
	}
	seen, err := desk.Do(ctx, o.db, p, Call{DryRun: true}.command(scope, models.Ref{Type: typ, ID: string(id)}, nil), look, look)
	if err != nil {
		return seen.Result, err
	}
	return seen.Result, o.session(p).RecordRead(ctx, models.AuditRead, typ, string(id))
}

// Explain gives the chain of entries behind what a Claim, an Invoice or an Account shows. It refuses whoever may not read the tenant's Accounts (Forbidden), does not find a
// record that they may not see.
func (o *Office) Explain(ctx context.Context, p auth.Principal, q Question) ([]models.Explained, error) {
	for _, typ := range []string{"Account", q.Subject.Type} {
		if err := records.Office(p, typ); err != nil {
			return nil, err
		}
	}
	var list []models.Explained
	session := o.session(p)
	err := session.View(ctx, func(v *store.View) error {
		d, ok, err := documents.Get(v, q.Subject, documents.Guard{})
		if err != nil {
			return err
		}
		if !ok || d.Deleted {
			return errUnseen
		}
		list, err = inquiry.Explain(v, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, session.RecordRead(ctx, models.AuditRead, q.Subject.Type, q.Subject.ID)
}

// Question is what of a record is to be explained.
type Question = inquiry.Question
