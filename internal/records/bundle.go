package records

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/fhir/validate"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// EntryOutcome is what one entry of a Bundle did, in the order of the request.
type EntryOutcome struct {
	Status   int // HTTP status of the entry
	Document models.Document
	// IsRead says that the document was asked for and not written.
	IsRead bool
	// Found is the answer to a search entry.
	Found *Found
	// Fault is why an entry of a batch was refused.
	Fault *fault.Fault
}

// action is one entry of a Bundle, read and checked as far as it can be without the database.
type action struct {
	index       int
	fullURL     string
	method      string
	typ         string
	id          string
	query       string // search or condition
	ifNoneExist string
	ifMatch     int64
	document    *fhir.Document
	// Filled inside the transaction.
	ref    models.Ref
	exists *models.Document // a create whose condition found this
}

// methodOrder is the order in which a transaction works, whatever the order of its entries.
// https://hl7.org/fhir/R4/http.html#trules
var methodOrder = map[string]int{"DELETE": 0, "POST": 1, "PUT": 2, "GET": 3, "HEAD": 3}

// Bundle runs a transaction, in which all entries succeed or nothing is changed, or a batch, in which each entry stands for
// itself. Structural issues of all entries are reported together before anything is written.
func (r *Records) Bundle(ctx context.Context, p auth.Principal, body []byte) (kind string, outcomes []EntryOutcome, err error) {
	document, err := fhir.Parse(body)
	if err != nil {
		return "", nil, err
	}
	bundle, err := fhir.BundleOf(document)
	if err != nil {
		return "", nil, err
	}
	if bundle.Type == "batch" {
		return bundle.Type, r.batch(ctx, p, bundle), nil
	}
	if issues := validate.Resource(document); len(issues) > 0 {
		return bundle.Type, nil, fault.Of(fault.Invalid, issues)
	}
	actions, err := r.plan(p, bundle)
	if err != nil {
		return bundle.Type, nil, err
	}
	outcomes, err = r.transact(ctx, p, actions)
	return bundle.Type, outcomes, err
}

// plan reads every entry and reports everything that is wrong with any of them.
func (r *Records) plan(p auth.Principal, bundle fhir.Bundle) ([]*action, error) {
	var issues []fault.Issue
	var refused *fault.Fault
	actions := make([]*action, 0, len(bundle.Entries))
	for i, entry := range bundle.Entries {
		a, err := r.action(p, i, entry)
		if err == nil {
			actions = append(actions, a)
			continue
		}
		f := fault.From(fault.Under(entryPath(i), err))
		if refused == nil {
			refused = f
		}
		issues = append(issues, f.Issues...)
	}
	if refused != nil {
		return nil, &fault.Fault{Kind: refused.Kind, Issues: issues, Err: refused.Err}
	}
	return actions, nil
}

func entryPath(i int) string { return fmt.Sprintf("Bundle.entry[%d]", i) }

func (r *Records) action(p auth.Principal, i int, entry fhir.BundleEntry) (*action, error) {
	a := &action{index: i, fullURL: entry.FullURL, method: entry.Method, ifNoneExist: entry.IfNoneExist}
	path, query, hasQuery := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(entry.URL, r.base), "/"), "?")
	a.query = query
	parts := strings.Split(path, "/")
	a.typ = parts[0]
	if len(parts) > 1 {
		a.id = parts[1]
	}
	if _, err := Type(a.typ); err != nil {
		return nil, fault.At(fault.Invalid, "not-supported", "request.url", "The address names no served resource type.")
	}
	if _, known := methodOrder[a.method]; !known {
		return nil, fault.At(fault.Unsupported, "not-supported", "request.method", "The method is not offered in a Bundle; use GET, HEAD, POST, PUT or DELETE.")
	}
	if len(parts) > 2 || a.id != "" && hasQuery || a.id == "" && !hasQuery && (a.method == "PUT" || a.method == "DELETE") || a.method == "POST" && (a.id != "" || hasQuery) {
		return nil, fault.At(fault.Invalid, "not-supported", "request.url", "The address fits no interaction that an entry of a Bundle can ask for.")
	}
	var err error
	if a.ifMatch, err = ParseVersion(entry.IfMatch); err != nil {
		return nil, err
	}
	permission := map[string]auth.Permission{"DELETE": auth.PermissionDelete, "POST": auth.PermissionCreate, "PUT": auth.PermissionUpdate}[a.method]
	if permission == 0 {
		return a, nil // reads are judged when they run
	}
	if err := r.mayWrite(p, a.typ, permission); err != nil {
		return nil, err
	}
	if a.method != "DELETE" {
		a.document = entry.Resource.Detach()
		if a.document.Type() != a.typ {
			return nil, fault.At(fault.Invalid, "invalid", "resource.resourceType", "The resource is of another type than the address says.")
		}
		if a.method == "PUT" && a.id != "" && a.document.ID() != a.id {
			return nil, fault.At(fault.Invalid, "invalid", "resource.id", "The resource's id must be there and be the one in the address.")
		}
	}
	return a, nil
}

// transact runs all actions in one transaction.
func (r *Records) transact(ctx context.Context, p auth.Principal, actions []*action) ([]EntryOutcome, error) {
	outcomes := make([]EntryOutcome, len(actions))
	ordered := slices.Clone(actions)
	slices.SortStableFunc(ordered, func(a, b *action) int { return methodOrder[a.method] - methodOrder[b.method] })
	_, err := r.update(ctx, p, func(tx *store.Tx) (Outcome, error) {
		if err := r.resolve(tx, p, ordered); err != nil {
			return Outcome{}, err
		}
		if err := r.link(tx, p, ordered); err != nil {
			return Outcome{}, err
		}
		return Outcome{}, r.writeAll(tx, p, ordered, outcomes)
	})
	if err != nil {
		return nil, err
	}
	for _, a := range ordered {
		if a.method == "GET" || a.method == "HEAD" {
			outcomes[a.index] = r.entry(ctx, p, a)
			if f := outcomes[a.index].Fault; f != nil {
				return nil, fault.Under(entryPath(a.index), f)
			}
		}
	}
	return outcomes, nil
}

// resolve finds out which record each action is about: conditions first, then identities, of which none may stand twice.
func (r *Records) resolve(tx *store.Tx, p auth.Principal, actions []*action) error {
	taken := make(map[models.Ref]bool, len(actions))
	for _, a := range actions {
		err := r.resolveOne(tx, p, a)
		if err == nil && a.ref.ID != "" && a.exists == nil {
			if taken[a.ref] {
				err = fault.At(fault.Invalid, "invalid", "request.url", "Another entry of the transaction is about the same record; send it once.")
			}
			taken[a.ref] = true
		}
		if err != nil {
			return fault.Under(entryPath(a.index), err)
		}
	}
	return nil
}

func (r *Records) resolveOne(tx *store.Tx, p auth.Principal, a *action) error {
	a.ref, a.exists = models.Ref{Type: a.typ, ID: a.id}, nil
	conditional := a.query
	if a.method == "POST" {
		conditional = a.ifNoneExist
		a.ref.ID = tx.NewID()
	}
	if conditional == "" || a.method == "GET" || a.method == "HEAD" {
		return nil
	}
	matches, err := r.condition(tx, p, a.typ, conditional)
	if err != nil {
		return err
	}
	switch {
	case a.method == "PUT":
		a.ref, err = targetOf(a.typ, a.document, matches, tx.NewID)
	case len(matches) > 0:
		a.ref.ID = matches[0].ID
		if a.method == "POST" {
			a.exists = &matches[0]
		}
	}
	return err
}

// link rewrites references between the entries: a fullUrl becomes the address under which its resource is stored, and a
// condition (Patient?identifier=…) the one record it finds.
func (r *Records) link(tx *store.Tx, p auth.Principal, actions []*action) error {
	addresses := make(map[string]string, len(actions))
	for _, a := range actions {
		if a.fullURL != "" && a.ref.ID != "" && a.method != "GET" {
			addresses[a.fullURL] = a.ref.String()
		}
	}
	found := map[string]string{}
	for _, a := range actions {
		if a.document == nil || a.exists != nil {
			continue
		}
		var failed error
		edits := fhir.RewriteLinks(a.document, func(link string) (string, bool) {
			if address, ok := addresses[link]; ok {
				return address, true
			}
			typ, query, conditional := strings.Cut(link, "?")
			if _, served := fhir.TypeOf(typ); !conditional || !served || failed != nil {
				return "", false
			}
			address, ok := found[link]
			if !ok {
				address, failed = r.conditionalReference(tx, p, typ, query)
				found[link] = address
			}
			return address, failed == nil
		})
		if failed != nil {
			return fault.Under(entryPath(a.index), failed)
		}
		if len(edits) == 0 {
			continue
		}
		document, err := fhir.Parse(fhir.Splice(a.document.Bytes(), edits))
		if err != nil {
			return err
		}
		a.document = document
	}
	return nil
}

func (r *Records) conditionalReference(tx *store.Tx, p auth.Principal, typ, query string) (string, error) {
	pairs, err := search.Pairs(query)
	if err != nil {
		return "", err
	}
	q, err := search.Parse(typ, pairs, search.Options{Base: r.base})
	if err != nil {
		return "", err
	}
	guard, err := Guard(p, typ, auth.PermissionSearch)
	if err != nil {
		return "", err
	}
	q.Count = conditionMatchesMax
	page, err := tx.Search(q, guard, nil)
	if err != nil {
		return "", err
	}
	if len(page.Documents) != 1 || len(q.Clauses) == 0 {
		return "", fault.New(fault.Ambiguous, "multiple-matches", "A conditional reference must find exactly one record.")
	}
	return typ + "/" + page.Documents[0].ID, nil
}

// writeAll deletes, then stores every kept and external document in as few statements as there are, then lets billing take
// what it books and what follows.
func (r *Records) writeAll(tx *store.Tx, p auth.Principal, actions []*action, outcomes []EntryOutcome) error {
	arrivals := make([]Arrival, len(actions))
	ready := make([]prepared, len(actions))
	var puts []store.Put
	for i, a := range actions {
		err := func() (err error) {
			switch {
			case a.exists != nil:
				outcomes[a.index] = EntryOutcome{Status: 200, Document: *a.exists}
			case a.method == "DELETE":
				outcomes[a.index] = EntryOutcome{Status: 204}
				if a.ref.ID != "" {
					err = r.remove(tx, p, a.ref, a.ifMatch)
				}
			case a.document != nil:
				if arrivals[i], err = r.arrival(tx, p, a); err != nil {
					return err
				}
				if ready[i], err = r.prepare(tx, arrivals[i]); err == nil && ready[i].fate != FateBooked && !ready[i].unchanged {
					puts = append(puts, ready[i].put)
				}
			}
			return err
		}()
		if err != nil {
			return fault.Under(entryPath(a.index), err)
		}
	}
	if err := tx.PutDocuments(puts...); err != nil {
		return err
	}
	for i, a := range actions {
		if a.document == nil || a.exists != nil {
			continue
		}
		outcome, err := r.complete(tx, arrivals[i], ready[i])
		if err != nil {
			return fault.Under(entryPath(a.index)+".resource", err)
		}
		outcomes[a.index] = EntryOutcome{Status: 200, Document: outcome.Document}
		if outcome.Created {
			outcomes[a.index].Status = 201
		}
	}
	return nil
}

// arrival is the document of an action over what stands in its place; a create has nothing in its place.
func (r *Records) arrival(tx *store.Tx, p auth.Principal, a *action) (Arrival, error) {
	arrival := Arrival{Principal: p, Ref: a.ref, Document: a.document}
	if a.method == "POST" {
		return arrival, nil
	}
	before, err := r.before(tx, p, a.ref, a.ifMatch)
	arrival.Before = before
	return arrival, err
}

// batch runs each entry for itself; what one does is not seen by those before it in the order of a batch.
func (r *Records) batch(ctx context.Context, p auth.Principal, bundle fhir.Bundle) []EntryOutcome {
	outcomes := make([]EntryOutcome, len(bundle.Entries))
	for i, entry := range bundle.Entries {
		a, err := r.action(p, i, entry)
		if err != nil {
			outcomes[i] = EntryOutcome{Fault: fault.From(err)}
			continue
		}
		outcomes[i] = r.entry(ctx, p, a)
	}
	return outcomes
}

// entry runs one action outside of a transaction Bundle.
func (r *Records) entry(ctx context.Context, p auth.Principal, a *action) EntryOutcome {
	var outcome Outcome
	var err error
	ref := models.Ref{Type: a.typ, ID: a.id}
	switch {
	case a.method == "POST":
		outcome, err = r.Create(ctx, p, a.typ, a.document.Bytes(), a.ifNoneExist)
	case a.method == "PUT" && a.id != "":
		outcome, err = r.Update(ctx, p, ref, a.document.Bytes(), a.ifMatch)
	case a.method == "PUT":
		outcome, err = r.UpdateWhere(ctx, p, a.typ, a.query, a.document.Bytes())
	case a.method == "DELETE" && a.id != "":
		err = r.Delete(ctx, p, ref, a.ifMatch)
	case a.method == "DELETE":
		err = r.DeleteWhere(ctx, p, a.typ, a.query)
	case a.id != "":
		outcome.Document, err = r.Read(ctx, p, ref)
	default:
		return r.searchEntry(ctx, p, a)
	}
	switch {
	case err != nil:
		return EntryOutcome{Fault: fault.From(err)}
	case a.method == "DELETE":
		return EntryOutcome{Status: 204}
	case outcome.Created:
		return EntryOutcome{Status: 201, Document: outcome.Document}
	}
	return EntryOutcome{Status: 200, Document: outcome.Document, IsRead: a.method == "GET"}
}

func (r *Records) searchEntry(ctx context.Context, p auth.Principal, a *action) EntryOutcome {
	pairs, err := search.Pairs(a.query)
	if err != nil {
		return EntryOutcome{Fault: fault.From(err)}
	}
	found, err := r.Search(ctx, p, a.typ, pairs, false)
	if err != nil {
		return EntryOutcome{Fault: fault.From(err)}
	}
	return EntryOutcome{Status: 200, Found: &found}
}
