package desk

import (
	"context"
	"slices"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// Command is what somebody asks for: an operation on a record, and how it is to be done. One without a Subject is the tenant's
// own, and About is the type of the records that it is about. Key is the client's own name for this one call, "" for none;
// Input tells the same call from another one under the same key. Version is the one of the subject that the client decided
// on, 0 where it does not matter. A DryRun does everything and keeps nothing.
type Command struct {
	Operation auth.Operation
	Creates   string // the type that it makes records of, where the right to that is the right to run it
	Subject   models.Ref
	About     string
	Key       string
	Version   int64
	DryRun    bool
	Input     string
}

// Rehearsed is what a dry run would have done, as far as who asked may read it: the documents as they would stand, and for the
// office the journal entries and what the rules notice about the claims among them.
type Rehearsed struct {
	Entries   []models.Entry
	Documents []models.Document
	Findings  map[models.ClaimID][]models.Finding
}

// Done is what came of a command. Rehearsal is set for a dry run only.
type Done[T any] struct {
	Result    T
	Rehearsal *Rehearsed
}

var (
	errNotFound = fault.New(fault.NotFound, "not-found", "There is no such record, or it is not yours to see.")
	errStale    = fault.New(fault.Stale, "conflict", "The record changed since it was read; read it again and decide on what it says now.")
)

// Do runs a use case for who, once under a key: the right is asked for, on a record that who may see. A key that was used for the
// same call gives what that call made, read again by again; else do runs in one transaction that may start again from its
// beginning, unless the record is another than the client decided on (Stale). A dry run takes the same path and is rolled back;
// it tells what who may read, and that this was read is in the audit.
func Do[T any](ctx context.Context, db *store.DB, who auth.Principal, c Command, do, again func(*Sheet) (T, error)) (Done[T], error) {
	done, err := records.Once(ctx, db, c.request(who), records.Work[Done[T]]{
		Do: func(tx *store.Tx) (done Done[T], err error) {
			s, err := c.open(tx, who)
			if err != nil {
				return done, err
			}
			if err := c.unchanged(s); err != nil {
				return done, err
			}
			if done.Result, err = do(s); err == nil && c.DryRun {
				done.Rehearsal, err = rehearse(tx, who)
			}
			return done, err
		},
		Did: func(Done[T]) []models.UsedKey { return []models.UsedKey{{Type: c.Subject.Type, Record: c.Subject.ID}} },
		Again: func(tx *store.Tx, _ models.UsedKey) (done Done[T], err error) {
			s, err := c.open(tx, who)
			if err != nil {
				return done, err
			}
			done.Result, err = again(s)
			return done, err
		},
	})
	if err != nil || done.Rehearsal == nil {
		return done, err
	}
	return done, records.RecordShown(ctx, db, who, done.Rehearsal.Documents)
}

func (c Command) request(who auth.Principal) records.Request {
	return records.Request{
		Call: records.Call{Key: c.Key, DryRun: c.DryRun}, Who: who, Operation: string(c.Operation), Subject: c.Subject, Input: []byte(c.Input),
	}
}

// open gives the sheet to who may run the operation.
func (c Command) open(tx *store.Tx, who auth.Principal) (*Sheet, error) {
	if err := c.require(tx.View, who); err != nil {
		return nil, err
	}
	return Open(tx), nil
}

// require finds whether who may run the operation on its subject, and refuses as if it were not there where it may not be seen.
func (c Command) require(v *store.View, who auth.Principal) error {
	if c.Creates != "" {
		guard, err := records.Guard(who, c.Creates, auth.PermissionCreate)
		if err == nil && guard.Patient != "" {
			err = fault.New(fault.Forbidden, "forbidden", "This is for the practice and its payers; the access token is limited to one patient.")
		}
		return err
	}
	if c.Subject == (models.Ref{}) {
		return who.RequireTenantOperation(c.Operation, c.About)
	}
	if _, err := who.RequireOperation(c.Operation, c.Subject.Type); err != nil {
		return err
	}
	guard, err := records.Guard(who, c.Subject.Type, auth.PermissionRead)
	if err != nil {
		return err
	}
	if err := models.CheckAddress(c.Subject.ID); err != nil {
		return err
	}
	if guard == (documents.Guard{}) {
		if stands, err := books.Stands(v, c.Subject); err != nil || stands {
			return err
		}
	}
	d, ok, err := documents.Get(v, c.Subject, guard)
	if err == nil && (!ok || d.Deleted) {
		return errNotFound
	}
	return err
}

// unchanged refuses a call that was decided on another version of its subject.
func (c Command) unchanged(s *Sheet) error {
	if c.Version == 0 {
		return nil
	}
	now, err := versionOf(s.View, c.Subject)
	if err == nil && now != c.Version {
		err = errStale
	}
	return err
}

// versionOf gives the version of a record. That of a visit is its case's, which moves with every word about the visit, the
// EHR's and a coder's; the Encounter itself does not know of the coder's.
func versionOf(v *store.View, ref models.Ref) (int64, error) {
	if ref.Type == models.OriginVisit {
		c, _, err := books.Case(v, models.CaseOf(models.VisitID(ref.ID)))
		return c.Version(), err
	}
	d, _, err := documents.Get(v, ref, documents.Guard{})
	return d.Version, err
}

// rehearse finishes the transaction as a commit would and tells who what is in it.
func rehearse(tx *store.Tx, who auth.Principal) (*Rehearsed, error) {
	if err := tx.Finish(); err != nil {
		return nil, err
	}
	written, err := documents.Written(tx)
	if err != nil {
		return nil, err
	}
	told := &Rehearsed{}
	if records.Office(who, "Account") == nil {
		told.Entries = journal.Posted(tx)
	}
	if told.Documents, err = readable(tx.View, who, written); err != nil || records.Office(who, "Claim") != nil {
		return told, err
	}
	var claims []models.ClaimID
	for _, d := range told.Documents {
		if d.Type == "Claim" {
			claims = append(claims, models.ClaimID(d.ID))
		}
	}
	if len(claims) > 0 {
		told.Findings, err = books.Findings(tx.View, claims)
	}
	return told, err
}

// readable gives those of documents that who may read, by the guards that a read after the commit would have.
func readable(v *store.View, who auth.Principal, list []models.Document) ([]models.Document, error) {
	isMine := map[models.Ref]bool{}
	guarded := map[documents.Guard][]models.Ref{}
	for _, d := range list {
		ref := models.Ref{Type: d.Type, ID: d.ID}
		switch guard, err := records.Guard(who, d.Type, auth.PermissionRead); {
		case err != nil: // what may not be read is left out, as in a page of a search
		case guard == documents.Guard{}:
			isMine[ref] = true
		default:
			guarded[guard] = append(guarded[guard], ref)
		}
	}
	for guard, refs := range guarded {
		seen, err := documents.Of(v, refs, guard)
		if err != nil {
			return nil, err
		}
		for _, d := range seen {
			isMine[models.Ref{Type: d.Type, ID: d.ID}] = true
		}
	}
	return slices.DeleteFunc(list, func(d models.Document) bool { return !isMine[models.Ref{Type: d.Type, ID: d.ID}] }), nil
}
