package records

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/fhir/validate"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// Outcome is what a write did.
type Outcome struct {
	Document models.Document
	// Created is false where a condition matched, the same was sent before, or a version was replaced.
	Created bool
	// Rehearsed says that nothing is kept: the document is what would be stored.
	Rehearsed bool
}

// parse reads one resource of typ and refuses everything that is not R4, all issues at once.
func parse(typ string, body []byte) (*fhir.Document, error) {
	document, err := fhir.Parse(body)
	if err != nil {
		return nil, err
	}
	if issues := validate.Resource(document); len(issues) > 0 {
		return nil, fault.Of(fault.Invalid, issues)
	}
	if document.Type() != typ {
		return nil, fault.At(fault.Invalid, "invalid", "resourceType", "The resource is of another type than the address says.")
	}
	return document, nil
}

// Create stores a new document, or gives the one that ifNoneExist finds. ifNoneExist is a search on the same type, "" for
// none; more than one match is Ambiguous.
func (r *Records) Create(ctx context.Context, p auth.Principal, typ string, body []byte, ifNoneExist string) (Outcome, error) {
	if err := r.mayWrite(p, typ, auth.PermissionCreate); err != nil {
		return Outcome{}, err
	}
	document, err := parse(typ, body)
	if err != nil {
		return Outcome{}, err
	}
	return r.update(ctx, r.request(p, "POST", models.Ref{Type: typ}, ifNoneExist, 0, body), func(tx *store.Tx) (Outcome, error) {
		if ifNoneExist != "" {
			matches, err := r.condition(tx, p, typ, ifNoneExist)
			if err != nil {
				return Outcome{}, err
			}
			if len(matches) > 0 {
				tx.RecordRead(models.AuditRead, typ, matches[0].ID) // the answer shows it
				return Outcome{Document: matches[0]}, nil
			}
		}
		linked, err := r.linker(tx, p).linked(document)
		if err != nil {
			return Outcome{}, err
		}
		return r.write(tx, Arrival{Principal: p, Ref: models.Ref{Type: typ, ID: tx.NewID()}, Document: linked})
	})
}

// Update stores the next version of a document, or makes it under the client's id. ifMatch is the version the client has
// seen, 0 for none and AnyVersion for any; another current version is Stale. The same content again makes no version.
func (r *Records) Update(ctx context.Context, p auth.Principal, ref models.Ref, body []byte, ifMatch int64) (Outcome, error) {
	if err := r.mayWrite(p, ref.Type, auth.PermissionUpdate); err != nil {
		return Outcome{}, err
	}
	document, err := parse(ref.Type, body)
	if err != nil {
		return Outcome{}, err
	}
	if document.ID() != ref.ID {
		return Outcome{}, fault.At(fault.Invalid, "invalid", ref.Type+".id", "The resource's id must be there and be the one in the address.")
	}
	return r.update(ctx, r.request(p, "PUT", ref, "", ifMatch, body), func(tx *store.Tx) (Outcome, error) {
		return r.replace(tx, p, ref, document, ifMatch)
	})
}

// UpdateWhere updates the one document that query finds, or makes one where it finds none.
// https://hl7.org/fhir/R4/http.html#cond-update
func (r *Records) UpdateWhere(ctx context.Context, p auth.Principal, typ, query string, body []byte) (Outcome, error) {
	if err := r.mayWrite(p, typ, auth.PermissionUpdate); err != nil {
		return Outcome{}, err
	}
	document, err := parse(typ, body)
	if err != nil {
		return Outcome{}, err
	}
	return r.update(ctx, r.request(p, "PUT", models.Ref{Type: typ}, query, 0, body), func(tx *store.Tx) (Outcome, error) {
		matches, err := r.condition(tx, p, typ, query)
		if err != nil {
			return Outcome{}, err
		}
		ref, err := targetOf(typ, document, matches, tx.NewID)
		if err != nil {
			return Outcome{}, err
		}
		return r.replace(tx, p, ref, document, 0)
	})
}

// targetOf says which document a conditional update writes.
func targetOf(typ string, document *fhir.Document, matches []models.Document, newID func() string) (models.Ref, error) {
	id := document.ID()
	switch {
	case len(matches) == 0 && id == "":
		return models.Ref{Type: typ, ID: newID()}, nil
	case len(matches) == 0:
		return models.Ref{Type: typ, ID: id}, nil
	case id != "" && id != matches[0].ID:
		return models.Ref{}, fault.At(fault.Invalid, "invalid", typ+".id", "The resource's id is another one than that of the record the condition finds.")
	}
	return models.Ref{Type: typ, ID: matches[0].ID}, nil
}

// Delete ends a document; its history stays. One that is not there, or is deleted already, is no error.
func (r *Records) Delete(ctx context.Context, p auth.Principal, ref models.Ref, ifMatch int64) error {
	if err := r.mayWrite(p, ref.Type, auth.PermissionDelete); err != nil {
		return err
	}
	_, err := r.update(ctx, r.request(p, "DELETE", ref, "", ifMatch, nil), func(tx *store.Tx) (Outcome, error) {
		return Outcome{}, r.remove(tx, p, ref, ifMatch)
	})
	return err
}

// DeleteWhere deletes the one document that query finds; none is no error, more than one Ambiguous.
func (r *Records) DeleteWhere(ctx context.Context, p auth.Principal, typ, query string) error {
	if err := r.mayWrite(p, typ, auth.PermissionDelete); err != nil {
		return err
	}
	_, err := r.update(ctx, r.request(p, "DELETE", models.Ref{Type: typ}, query, 0, nil), func(tx *store.Tx) (Outcome, error) {
		matches, err := r.condition(tx, p, typ, query)
		if err != nil || len(matches) == 0 {
			return Outcome{}, err
		}
		return Outcome{}, r.remove(tx, p, models.Ref{Type: typ, ID: matches[0].ID}, 0)
	})
	return err
}

func (r *Records) remove(tx *store.Tx, p auth.Principal, ref models.Ref, ifMatch int64) error {
	gone, err := r.removal(tx, p, ref, ifMatch)
	if err != nil || gone.Before.Version == 0 {
		return err
	}
	if err := documents.Put(tx, deletion(tx, gone)); err != nil {
		return err
	}
	gone.Alike = []string{ref.ID}
	return r.removed(tx, gone)
}

// removal gives what is to be deleted as an arrival of nothing; its Before has no version where nothing stands.
func (r *Records) removal(tx *store.Tx, p auth.Principal, ref models.Ref, ifMatch int64) (Arrival, error) {
	guard, err := Guard(p, ref.Type, auth.PermissionDelete)
	if err != nil {
		return Arrival{}, err
	}
	before, found, err := documents.Get(tx.View, ref, guard)
	if err != nil || !found || before.Deleted {
		return Arrival{}, err
	}
	if !matches(before, ifMatch) {
		return Arrival{}, errStale
	}
	row, _ := fhir.TypeOf(ref.Type)
	if row.Owner == fhir.Booked && !before.External {
		return Arrival{}, fault.New(fault.Unsupported, "not-supported", "What is in the books is not deleted but reversed.")
	}
	if err := notOurs(row, before); err != nil {
		return Arrival{}, err
	}
	return Arrival{Principal: p, Ref: ref, Before: before}, nil
}

// deletion is the version with which a record ends.
func deletion(tx *store.Tx, gone Arrival) documents.Indexed {
	return documents.Indexed{Document: models.Document{
		Type: gone.Ref.Type, ID: gone.Ref.ID, Version: gone.Before.Version + 1, Updated: tx.Now(), Deleted: true, External: gone.Before.External,
	}, Before: gone.Before}
}

// removed runs what follows from a deletion.
func (r *Records) removed(tx *store.Tx, gone Arrival) error {
	if after := r.behaviours[gone.Ref.Type].After; after != nil {
		return after(tx, gone)
	}
	return nil
}

// AnyVersion is an If-Match that asks for a record that stands, in whatever version.
const AnyVersion int64 = -1

// matches reports whether what stands is what the client has seen; 0 is a client that names no version.
func matches(before models.Document, ifMatch int64) bool {
	if ifMatch == AnyVersion {
		return before.Version > 0 && !before.Deleted
	}
	return ifMatch == 0 || before.Version == ifMatch
}

var errStale = fault.New(fault.Stale, "conflict", "The record has a newer version than If-Match names; read it and try again.")

// replace writes document over what stands at ref, or makes it.
func (r *Records) replace(tx *store.Tx, p auth.Principal, ref models.Ref, document *fhir.Document, ifMatch int64) (Outcome, error) {
	before, _, err := documents.Get(tx.View, ref, documents.Guard{})
	if err != nil {
		return Outcome{}, err
	}
	if err := r.mayReplace(tx, p, ref, before, ifMatch); err != nil {
		return Outcome{}, err
	}
	linked, err := r.linker(tx, p).linked(document)
	if err != nil {
		return Outcome{}, err
	}
	return r.write(tx, Arrival{Principal: p, Ref: ref, Document: linked, Before: before})
}

// mayReplace decides whether p may write over what stands at ref; where nothing stands any more it needs the right to create.
func (r *Records) mayReplace(tx *store.Tx, p auth.Principal, ref models.Ref, before models.Document, ifMatch int64) error {
	var err error
	if before.Version == 0 || before.Deleted {
		err = r.mayWrite(p, ref.Type, auth.PermissionCreate)
	} else {
		err = r.visibleForUpdate(tx, p, ref)
	}
	if err == nil && !matches(before, ifMatch) {
		err = errStale
	}
	return err
}

func (r *Records) visibleForUpdate(tx *store.Tx, p auth.Principal, ref models.Ref) error {
	guard, err := Guard(p, ref.Type, auth.PermissionUpdate)
	if err != nil || guard == (documents.Guard{}) {
		return err
	}
	_, visible, err := documents.Get(tx.View, ref, guard)
	if err == nil && !visible {
		return errNotFound
	}
	return err
}

// write is the one way of a document into the database: its fate, its bytes or its rows, and what follows from it.
func (r *Records) write(tx *store.Tx, a Arrival) (Outcome, error) {
	prepared, err := r.prepare(tx, a)
	if err != nil {
		return Outcome{}, err
	}
	if prepared.fate != FateBooked && !prepared.unchanged {
		if err := documents.Put(tx, prepared.put); err != nil {
			return Outcome{}, err
		}
	}
	a.Alike = []string{a.Ref.ID}
	return r.complete(tx, a, prepared)
}

// prepared is a document ready to be written: many of a Bundle go into one statement.
type prepared struct {
	fate      Fate
	put       documents.Indexed
	unchanged bool
}

func (r *Records) prepare(tx *store.Tx, a Arrival) (prepared, error) {
	if err := ownOnly(tx, a); err != nil {
		return prepared{}, err
	}
	fate, err := r.fate(tx, a)
	if err != nil || fate == FateBooked {
		return prepared{fate: fate}, err
	}
	identity := func(version int64, updated models.Instant) fhir.Identity {
		i := fhir.Identity{ID: a.Ref.ID, Version: version, Updated: updated.String()}
		if fate == FateExternal {
			i.Tags = []fhir.Coding{fhir.OriginExternal}
		}
		return i
	}
	if a.Before.Version > 0 && !a.Before.Deleted && bytes.Equal(a.Before.Body, a.Document.WithIdentity(identity(a.Before.Version, a.Before.Updated))) {
		return prepared{fate: fate, put: documents.Indexed{Document: a.Before}, unchanged: true}, nil
	}
	next := models.Document{Type: a.Ref.Type, ID: a.Ref.ID, Version: a.Before.Version + 1, Updated: tx.Now(), External: fate == FateExternal}
	next.Body = a.Document.WithIdentity(identity(next.Version, next.Updated))
	stored, err := fhir.Parse(next.Body)
	if err != nil {
		return prepared{}, err
	}
	bases, err := documents.OwnBases(tx.View)
	if err != nil {
		return prepared{}, err
	}
	put := documents.Indexed{Document: next, Keys: search.Extract(stored, bases), Before: a.Before}
	return prepared{fate: fate, put: put}, nil
}

// ownOnly refuses a patient's own token what belongs to somebody else or leads to somebody else's records, whatever becomes of
// the document: a charge for another's visit, a claim on another's coverage.
func ownOnly(tx *store.Tx, a Arrival) error {
	if level, _ := a.Principal.Allows(a.Ref.Type, a.Permission()); level != auth.LevelPatient {
		return nil
	}
	patient := a.Principal.Patient
	belongs := a.Ref.Type == "Patient" && a.Ref.ID == string(patient)
	var err error
	if !belongs {
		belongs, err = documents.InCompartment(tx.View, a.Document, patient)
	}
	leads := false
	if belongs {
		leads, err = documents.LeadsToOthers(tx.View, a.Document, patient)
	}
	if err == nil && (!belongs || leads) {
		err = fault.New(fault.Forbidden, "forbidden", "The resource, and every record that it names, must belong to the patient of the access token.")
	}
	return err
}

// Permission is what writing a takes: where nothing stands, the right to create.
func (a Arrival) Permission() auth.Permission {
	if a.Before.Version > 0 && !a.Before.Deleted {
		return auth.PermissionUpdate
	}
	return auth.PermissionCreate
}

func (r *Records) fate(tx *store.Tx, a Arrival) (Fate, error) {
	row, err := Type(a.Ref.Type)
	if err != nil {
		return 0, err
	}
	if a.Before.Version > 0 && !a.Before.Deleted {
		switch {
		case a.Before.External:
			return FateExternal, nil
		case row.Owner == fhir.Booked:
			return FateBooked, nil
		}
		if err := notOurs(row, a.Before); err != nil {
			return 0, err
		}
		return FateKept, nil
	}
	if decide := r.behaviours[a.Ref.Type].Decide; decide != nil {
		return decide(tx, a)
	}
	if row.Owner == fhir.Booked {
		return FateExternal, nil
	}
	return FateKept, nil
}

// complete runs what follows from a document, and gives it as it stands now.
func (r *Records) complete(tx *store.Tx, a Arrival, p prepared) (Outcome, error) {
	behaviour := r.behaviours[a.Ref.Type]
	if p.fate == FateBooked {
		if behaviour.Book == nil {
			return Outcome{}, errOurs
		}
		id, err := behaviour.Book(tx, a)
		if err != nil {
			return Outcome{}, err
		}
		document, found, err := documents.Get(tx.View, models.Ref{Type: a.Ref.Type, ID: id}, documents.Guard{})
		if err == nil && !found {
			err = errNotFound
		}
		isNew := id == a.Ref.ID || documents.IsFirstSent(tx, models.Ref{Type: a.Ref.Type, ID: id})
		return Outcome{Document: document, Created: isNew && a.Before.Version == 0}, err
	}
	if behaviour.After != nil && !p.unchanged {
		if err := behaviour.After(tx, a); err != nil {
			return Outcome{}, err
		}
	}
	return Outcome{Document: p.put.Document, Created: a.Before.Version == 0 || a.Before.Deleted}, nil
}

func (r *Records) mayWrite(p auth.Principal, typ string, permission auth.Permission) error {
	row, err := Type(typ)
	if err != nil {
		return err
	}
	if row.CreateOnly && permission != auth.PermissionCreate {
		return fault.New(fault.Unsupported, "not-supported", "Who sends this type does not change it; its operations are how it goes on.")
	}
	_, err = Guard(p, typ, permission)
	return err
}

// request tells one write from another one under the same key.
func (r *Records) request(p auth.Principal, method string, ref models.Ref, condition string, ifMatch int64, body []byte) Request {
	return Request{Call: r.call, Who: p, Operation: method, Subject: ref, Terms: fmt.Sprintf("%q %d", condition, ifMatch), Input: body, entry: r.entry}
}

// update does a write of one record in one transaction.
func (r *Records) update(ctx context.Context, request Request, do func(*store.Tx) (Outcome, error)) (Outcome, error) {
	outcome, err := once(ctx, r, request, Work[Outcome]{
		Do: func(tx *store.Tx) (Outcome, error) {
			outcome, err := do(tx)
			outcome.Rehearsed = request.DryRun
			return outcome, err
		},
		Did: func(o Outcome) []models.UsedKey { return []models.UsedKey{didEntry(entryOf(o))} },
		Again: func(tx *store.Tx, did models.UsedKey) (Outcome, error) {
			e, err := entryAgain(tx, did)
			return Outcome{Document: e.Document, Created: e.Status == 201}, err
		},
	})
	if err != nil || !outcome.Rehearsed || outcome.Document.Version == 0 {
		return outcome, err
	}
	return outcome, RecordShown(ctx, r.db, request.Who, []models.Document{outcome.Document})
}

// once is Once in a tenant that must exist.
func once[T any](ctx context.Context, r *Records, request Request, w Work[T]) (T, error) {
	do := w.Do
	w.Do = func(tx *store.Tx) (T, error) {
		if err := r.Admit(tx); err != nil {
			var none T
			return none, err
		}
		return do(tx)
	}
	return Once(ctx, r.db, request, w)
}

// Enter admits p's tenant for a use case that writes no record of its own.
func (r *Records) Enter(ctx context.Context, p auth.Principal) error {
	if _, known := r.known.Load(p.Tenant); known {
		return nil
	}
	return r.Session(p).Update(ctx, r.Admit)
}

// Admit refuses a write for a tenant that nobody has made; in development it makes the tenant.
func (r *Records) Admit(tx *store.Tx) error {
	if _, known := r.known.Load(tx.Tenant()); known {
		return nil
	}
	_, known, err := books.Settings(tx.View)
	if err != nil {
		return err
	}
	if known {
		r.known.Store(tx.Tenant(), true) // a tenant is never taken away
		return nil
	}
	if !r.provision {
		return fault.New(fault.Forbidden, "forbidden", "The tenant of the access token is unknown here; an operator has to make it first.")
	}
	return books.SaveSettings(tx, models.DevelopmentSettings)
}

// ParseVersion reads the ETag of an If-Match: W/"3", or "3" as HAPI's clients write it, since our tags name a version
// either way; * is AnyVersion and "" is 0. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
func ParseVersion(etag string) (int64, error) {
	switch etag = strings.TrimSpace(etag); etag {
	case "":
		return 0, nil
	case "*":
		return AnyVersion, nil
	}
	text, quoted := strings.CutPrefix(strings.TrimPrefix(etag, "W/"), `"`)
	text, closed := strings.CutSuffix(text, `"`)
	version, err := strconv.ParseInt(text, 10, 64)
	if !quoted || !closed || err != nil || version <= 0 {
		return 0, fault.At(fault.Invalid, "value", "If-Match", `The version must be written as W/"1", or as * for any.`)
	}
	return version, nil
}
