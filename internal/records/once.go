package records

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Call is how somebody wants something done: once under a key of their own, for rehearsal only, which does everything and keeps
// nothing, or, of an operation, only if the record is still in the version that it was decided on (of a visit, its case's). The
// zero Call does it in earnest, as often as it is called and whatever changed.
type Call struct {
	Key       string
	DryRun    bool
	IfVersion int64
}

// Request is one call by somebody. Operation, Subject, Terms and Input tell it from another one under the same key.
type Request struct {
	Call
	Who       auth.Principal
	Operation string
	Subject   models.Ref
	Terms     string // under which it is to be done: a condition, a version
	Input     []byte
	entry     int // of a batch, counted from 1; each is done for itself
}

// Work is how a request is done: Do does it, Did gives the answer as it is remembered, and Again gives the same answer without
// doing anything. What Did gives beyond its first row is remembered with it; the request's own row is what Again is handed.
type Work[T any] struct {
	Do    func(tx *store.Tx) (T, error)
	Did   func(done T) []models.UsedKey
	Again func(tx *store.Tx, did models.UsedKey) (T, error)
}

var errKeyUsed = fault.At(fault.BusinessRule, "idempotency.key", "Idempotency-Key", "The key was used for another call; use a new one.")

// Once does a request in one transaction that may start again from its beginning. What was done under the same key before is
// answered from memory, another request under it is refused (BusinessRule, idempotency.key). Of two at the same time one waits
// on the key's row and then finds the answer of the other. Only what succeeds is remembered, in the transaction that did it;
// a rehearsal is rolled back and remembers nothing.
func Once[T any](ctx context.Context, db *store.DB, r Request, w Work[T]) (T, error) {
	var done T
	err := db.As(models.Actor{Tenant: r.Who.Tenant, Subject: r.Who.Subject}).Update(ctx, func(tx *store.Tx) error {
		before, repeated, err := r.before(tx.View)
		if err != nil {
			return err
		}
		if repeated {
			done, err = w.Again(tx, before)
			return err
		}
		if done, err = w.Do(tx); err != nil {
			return err
		}
		if r.DryRun {
			tx.Rehearse()
			return nil
		}
		return r.remember(tx, w.Did(done))
	})
	if err != nil {
		var none T
		return none, err
	}
	return done, nil
}

// before gives what the same request did under its key, and refuses another one.
func (r Request) before(v *store.View) (models.UsedKey, bool, error) {
	if r.Key == "" {
		return models.UsedKey{}, false, nil
	}
	before, found, err := books.KeyUsed(v, r.Who.Caller(), r.Key, r.entry)
	if err == nil && found && before.InputHash != r.hash() {
		err = errKeyUsed
	}
	return before, found, err
}

func (r Request) remember(tx *store.Tx, did []models.UsedKey) error {
	if r.Key == "" {
		return nil
	}
	for i := range did {
		did[i].Caller, did[i].Key, did[i].Entry = r.Who.Caller(), r.Key, r.entry+i
		did[i].Operation, did[i].InputHash = r.Operation, r.hash()
	}
	return books.UseKey(tx, did...)
}

func (r Request) hash() string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q %q ", r.Operation, r.Subject, r.Terms)
	sum.Write(r.Input)
	return hex.EncodeToString(sum.Sum(nil))
}

// RecordShown writes into the audit that a rehearsal showed documents: what its own transaction had written there was rolled back.
func RecordShown(ctx context.Context, db *store.DB, who auth.Principal, shown []models.Document) error {
	refs := make([]models.Ref, len(shown))
	for i, d := range shown {
		refs[i] = models.Ref{Type: d.Type, ID: d.ID}
	}
	return db.As(models.Actor{Tenant: who.Tenant, Subject: who.Subject}).RecordReads(ctx, models.AuditRead, refs)
}
