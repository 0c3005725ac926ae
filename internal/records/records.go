// Package records is the FHIR machine on top of the store: read, search, create, update, delete, conditions and Bundles,
// the same for every served type. It makes the decision who may see and write what, so that every door passes one guard.
// What a document means for billing it asks the table of behaviours it is given; it holds no billing rule itself.
package records

import (
	"context"
	"fmt"
	"sync"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// Fate is what an arriving document becomes, decided at create and for life.
type Fate uint8

// The fates.
const (
	FateKept     Fate = iota // the EHR's: stored as sent
	FateExternal             // billing done elsewhere: stored as sent with the origin tag, never in the books
	FateBooked               // ours: rows are written and the document is rendered from them
)

// Arrival is a document that is about to be written in the transaction.
type Arrival struct {
	Principal auth.Principal
	Ref       models.Ref
	Document  *fhir.Document
	// Before is the version that is replaced; its Version is 0 at create.
	Before models.Document
	// Alike are the ids of all records of the type that came in the transaction, given with the first of them and with no other:
	// for a question that is asked once about all.
	Alike []string
}

// Behaviour is what one type does besides being stored. Every function may be nil.
type Behaviour struct {
	// Decide gives the fate of a new document; without it, a kept type's documents are kept.
	Decide func(tx *store.Tx, a Arrival) (Fate, error)
	// Book writes the rows of a document whose fate is FateBooked and publishes it. It gives the id under which the books
	// hold it: another one than a.Ref.ID where the same was sent before.
	Book func(tx *store.Tx, a Arrival) (id string, err error)
	// After runs when a kept or external document is stored, and when one is deleted (a.Document is nil then).
	After func(tx *store.Tx, a Arrival) error
}

// Records serves documents. It is safe for concurrent use.
type Records struct {
	db         *store.DB
	behaviours map[string]Behaviour
	cursors    *cursors
	bases      []string
	provision  bool
	known      *sync.Map // tenants that are in the database

	call   Call // how writes are done
	entry  int  // of a batch that is done under a key
	budget *Budget
}

// Under gives the machine for one call: its writes are done once under the call's key, or for rehearsal.
func (r *Records) Under(c Call) *Records {
	under := *r
	under.call = c
	return &under
}

// Config says how to serve.
type Config struct {
	// Behaviours by resource type.
	Behaviours map[string]Behaviour
	// BaseURL is the server's own address as clients write it, without a slash at the end: http://host/fhir/R4.
	BaseURL string
	// OtherBases are more addresses of the server, written as BaseURL is: references under them are to its own records.
	OtherBases []string
	// CursorKey encrypts page cursors: 32 bytes, the same on every node.
	CursorKey []byte
	// Provision makes an unknown tenant at its first write; for development only.
	Provision bool
}

// New gives the machine on db, in which it keeps its addresses.
func New(db *store.DB, c Config) (*Records, error) {
	cursors, err := newCursors(c.CursorKey)
	if err != nil {
		return nil, err
	}
	bases := append([]string{c.BaseURL}, c.OtherBases...)
	if err := documents.AdoptBases(context.Background(), db, bases...); err != nil {
		return nil, fmt.Errorf("keep the base URLs: %w", err)
	}
	return &Records{db: db, behaviours: c.Behaviours, cursors: cursors, bases: bases, provision: c.Provision, known: new(sync.Map)}, nil
}

// BaseURL is the server's own address as clients write it.
func (r *Records) BaseURL() string { return r.bases[0] }

// Session gives the database as p's tenant sees it.
func (r *Records) Session(p auth.Principal) *store.Session {
	return r.db.As(models.Actor{Tenant: p.Tenant, Subject: p.Subject})
}

var errNotFound = fault.New(fault.NotFound, "not-found", "There is no such record, or it is not yours to see.")

// Type gives the register's row of a served type, or NotFound.
func Type(name string) (fhir.Type, error) {
	t, ok := fhir.TypeOf(name)
	if !ok {
		return t, fault.New(fault.NotFound, "not-supported", "This resource type is not served; the CapabilityStatement lists those that are.")
	}
	return t, nil
}

// Guard decides whether p may do permission on a type, and on which of its records. Each limit of a token holds: that of a
// patient where the scope has the patient's level, that of a payer at every level.
func Guard(p auth.Principal, typ string, permission auth.Permission) (documents.Guard, error) {
	guard := documents.Guard{Payer: p.Organization}
	level, err := p.Require(typ, permission)
	if guard.Payer != "" {
		level, err = payerLevel(p, typ, permission)
	}
	if level == auth.LevelPatient {
		guard.Patient = p.Patient
		if permission&^reading != 0 && documents.Surrounds(typ) {
			err = fault.New(fault.Forbidden, "forbidden", "The access token is limited to one patient, to whom no record of this type belongs; it reads those that the patient's own name.")
		}
	}
	return guard, err
}

const reading = auth.PermissionRead | auth.PermissionSearch

// payerWrites are the types that a payer sends: what it says of claims and payments, and a request for documents.
var payerWrites = map[string]bool{"ClaimResponse": true, "PaymentReconciliation": true, "Task": true, "CoverageEligibilityResponse": true}

// payerLevel is the level at which a payer does something: it reads what its claims name by the right to read them, the store
// says which types those are, and it writes nothing but what payerWrites has.
func payerLevel(p auth.Principal, typ string, permission auth.Permission) (auth.Level, error) {
	reads := permission&^reading == 0
	if !reads && (!payerWrites[typ] || permission == auth.PermissionDelete) {
		return 0, fault.New(fault.Forbidden, "forbidden", "The access token is limited to one payer, who answers claims, tells payments, asks for documents and writes nothing else.")
	}
	if level, claims := p.Allows("Claim", permission); reads && claims && documents.PayerSees(typ) {
		return level, nil
	}
	return p.Require(typ, permission)
}

// Office refuses whoever sees only a part of the tenant (Forbidden): what belongs to a record of type typ but is no part of it
// is shown to those who may read every record of the type.
func Office(p auth.Principal, typ string) error {
	guard, err := Guard(p, typ, auth.PermissionRead)
	if err == nil && guard != (documents.Guard{}) {
		err = fault.New(fault.Forbidden, "forbidden", "This is the office's own; the access token sees only a part of the tenant.")
	}
	return err
}

// Read gives the current version. A deleted one is Gone, a hidden one NotFound.
func (r *Records) Read(ctx context.Context, p auth.Principal, ref models.Ref) (models.Document, error) {
	return r.read(ctx, p, ref, func(v *store.View) (models.Document, error) {
		return find(v, p, ref)
	})
}

// ReadVersion gives one version; the version that is the deletion is Gone.
func (r *Records) ReadVersion(ctx context.Context, p auth.Principal, ref models.Ref, version int64) (models.Document, error) {
	return r.read(ctx, p, ref, func(v *store.View) (models.Document, error) {
		guard, err := Guard(p, ref.Type, auth.PermissionRead)
		if err != nil {
			return models.Document{}, err
		}
		return standing(documents.Version(v, ref, version, guard))
	})
}

// find gives the current version of a record that p may read.
func find(v *store.View, p auth.Principal, ref models.Ref) (models.Document, error) {
	guard, err := Guard(p, ref.Type, auth.PermissionRead)
	if err == nil {
		err = models.CheckAddress(ref.ID)
	}
	if err != nil {
		return models.Document{}, err
	}
	return standing(documents.Get(v, ref, guard))
}

// standing refuses what is not there and what is deleted.
func standing(d models.Document, found bool, err error) (models.Document, error) {
	switch {
	case err != nil:
		return d, err
	case !found:
		return d, errNotFound
	case d.Deleted:
		return d, fault.New(fault.Gone, "deleted", "The record is deleted; its history tells when.")
	}
	return d, nil
}

func (r *Records) read(ctx context.Context, p auth.Principal, ref models.Ref, get func(*store.View) (models.Document, error)) (models.Document, error) {
	session := r.Session(p)
	var document models.Document
	err := r.budget.spend(func(int) (int, error) {
		err := session.View(ctx, func(v *store.View) error {
			var err error
			document, err = get(v)
			return err
		})
		return len(document.Body), err
	})
	if err != nil {
		return document, err
	}
	return document, session.RecordRead(ctx, models.AuditRead, ref.Type, ref.ID)
}

// History is a page of versions, newest first; Next is the version to go on below, or 0.
type History struct {
	Versions []models.Document
	Next     int64
}

// HistoryCountMax bounds a page of versions.
const HistoryCountMax = 200

// History gives at most count versions below before (0 is the newest), and fewer where they are more than PageBytesMax.
func (r *Records) History(ctx context.Context, p auth.Principal, ref models.Ref, before int64, count int) (History, error) {
	guard, err := Guard(p, ref.Type, auth.PermissionRead)
	if err != nil {
		return History{}, err
	}
	session := r.Session(p)
	count = min(max(count, 1), HistoryCountMax)
	var page History
	err = session.View(ctx, func(v *store.View) error {
		page.Versions, page.Next, err = documents.History(v, ref, before, count, PageBytesMax, guard)
		return err
	})
	if err != nil {
		return page, err
	}
	if len(page.Versions) == 0 && before == 0 {
		return page, errNotFound
	}
	return page, session.RecordRead(ctx, models.AuditHistory, ref.Type, ref.ID)
}
