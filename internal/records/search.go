package records

import (
	"context"
	"slices"
	"strings"
	"time"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// CursorParam carries the place of the next page in its link.
const CursorParam = "_cursor"

// IncludesMax bounds what a page brings beside its matches; more is said in the answer, never cut in silence.
const IncludesMax = 2000

// Found is one page of a search.
type Found struct {
	Query    search.Query
	Matches  []models.Document
	Included []models.Document
	// Truncated says that more documents were asked for by include than IncludesMax, or than the bytes of a page.
	Truncated bool
	Total     *int64
	// Next is the cursor of the next page, "" at the end.
	Next string

	places []documents.Place
	seal   func(documents.Place) string
}

// Cursor gives the cursor of the page that begins after Matches[i].
func (f Found) Cursor(i int) string { return f.seal(f.places[i]) }

// Search gives one page of the documents of a type that p may see. pairs are the parameters in order.
func (r *Records) Search(ctx context.Context, p auth.Principal, typ string, pairs []search.Pair, lenient bool) (Found, error) {
	session := r.Session(p)
	var found Found
	err := r.budget.spend(func(int) (int, error) {
		err := session.View(ctx, func(v *store.View) error {
			var err error
			found, err = r.page(v, p, typ, pairs, lenient)
			return err
		})
		return bytesOf(found.Matches) + bytesOf(found.Included), err
	})
	if err != nil {
		return found, err
	}
	return found, session.RecordRead(ctx, models.AuditSearch, typ, "")
}

// search is Search within a transaction, whose own writes it finds; the caller records the audit.
func (r *Records) search(v *store.View, p auth.Principal, typ string, pairs []search.Pair, lenient bool) (Found, error) {
	var found Found
	err := r.budget.spend(func(int) (int, error) {
		var err error
		found, err = r.page(v, p, typ, pairs, lenient)
		return bytesOf(found.Matches) + bytesOf(found.Included), err
	})
	return found, err
}

func (r *Records) page(v *store.View, p auth.Principal, typ string, pairs []search.Pair, lenient bool) (Found, error) {
	if _, err := Type(typ); err != nil {
		return Found{}, err
	}
	guard, err := Guard(p, typ, auth.PermissionSearch)
	if err != nil {
		return Found{}, err
	}
	pairs, cursor := cutCursor(pairs)
	q, err := query(v, typ, pairs, lenient)
	if err != nil {
		return Found{}, err
	}
	q.BytesMax = PageBytesMax
	var after *documents.Place
	list := listOf(typ, q)
	if cursor != "" {
		last, err := r.cursors.open(p.Tenant, list, cursor)
		if err == nil {
			err = v.Since(last.Since)
		}
		if err != nil {
			return Found{}, err
		}
		after = &last.Place
	}
	page, err := documents.Search(v, q, guard, after)
	found := Found{Query: q}
	if err != nil {
		return found, err
	}
	since := v.Position()
	found.seal = func(place documents.Place) string { return r.cursors.seal(p.Tenant, list, bookmark{place, since}) }
	found.Matches, found.Total, found.places = page.Documents, page.Total, page.Places
	if page.Next != nil {
		found.Next = found.seal(*page.Next)
	}
	return found, r.include(v, p, &found)
}

// query reads a search as the tenant of v means it: its time zone, and our own addresses.
func query(v *store.View, typ string, pairs []search.Pair, lenient bool) (search.Query, error) {
	bases, err := documents.OwnBases(v)
	if err != nil {
		return search.Query{}, err
	}
	return search.Parse(typ, pairs, search.Options{Lenient: lenient, Bases: bases, Zone: func() (*time.Location, error) { return documents.Zone(v) }})
}

// display are the parameters that say how a list is shown, not what is in it or in which order.
var display = []string{"_count", "_total", "_summary", "_elements", "_format", "_pretty", "_contained", "_include", "_revinclude"}

// listOf names the list that a cursor is good for: what is asked and how it is sorted. How much of it a page shows may
// change on the way.
func listOf(typ string, q search.Query) string {
	var asked []search.Pair
	for _, pair := range q.Applied {
		name, _, _ := strings.Cut(pair.Name, ":")
		if !slices.Contains(display, name) {
			asked = append(asked, pair)
		}
	}
	return typ + "?" + search.Encode(asked)
}

// cutCursor takes the cursor out of the parameters.
func cutCursor(pairs []search.Pair) ([]search.Pair, string) {
	rest := make([]search.Pair, 0, len(pairs))
	cursor := ""
	for _, p := range pairs {
		if p.Name == CursorParam {
			cursor = p.Value
		} else {
			rest = append(rest, p)
		}
	}
	return rest, cursor
}

// include adds what the page's matches refer to and what refers to them: one statement per include and one per type, each
// type under its own guard, a type that p may not read left out.
func (r *Records) include(v *store.View, p auth.Principal, found *Found) error {
	q := found.Query
	if len(found.Matches) == 0 || len(q.Includes)+len(q.RevIncludes) == 0 {
		return nil
	}
	ids := make([]string, len(found.Matches))
	seen := make(map[models.Ref]bool, len(ids))
	for i, d := range found.Matches {
		ids[i] = d.ID
		seen[models.Ref{Type: d.Type, ID: d.ID}] = true
	}
	var wanted []models.Ref
	add := func(refs []models.Ref, err error) error {
		for _, ref := range refs {
			if !seen[ref] {
				seen[ref] = true
				wanted = append(wanted, ref)
			}
		}
		return err
	}
	for _, i := range q.Includes {
		if err := add(documents.References(v, q.Type, ids, i.Param, i.Target, IncludesMax+1)); err != nil {
			return err
		}
	}
	for _, i := range q.RevIncludes {
		if err := add(documents.Referrers(v, i.Source, i.Param, q.Type, ids, IncludesMax+1)); err != nil {
			return err
		}
	}
	if len(wanted) > IncludesMax {
		wanted, found.Truncated = wanted[:IncludesMax], true
	}
	var whole bool
	var err error
	found.Included, whole, err = visible(v, p, wanted, q.BytesMax-bytesOf(found.Matches))
	found.Truncated = found.Truncated || !whole
	return err
}

// visible gives those of refs that p may read, one statement per type, up to bytesMax bytes; whole says that this is all of them.
func visible(v *store.View, p auth.Principal, refs []models.Ref, bytesMax int) (all []models.Document, whole bool, err error) {
	byType := map[string][]models.Ref{}
	var types []string
	for _, ref := range refs {
		if byType[ref.Type] == nil {
			types = append(types, ref.Type)
		}
		byType[ref.Type] = append(byType[ref.Type], ref)
	}
	for _, typ := range types {
		guard, err := Guard(p, typ, auth.PermissionRead)
		if err != nil {
			continue
		}
		left := bytesMax - bytesOf(all)
		if left <= 0 {
			return all, false, nil
		}
		some, whole, err := documents.Some(v, byType[typ], guard, left)
		all = append(all, some...)
		if err != nil || !whole {
			return all, false, err
		}
	}
	return all, true, nil
}

// Documents gives those of refs that p may read, in no order; for a door that resolves many references at once. Each one
// that is given is in the audit. What does not fit in the budget is refused (TooLarge).
func (r *Records) Documents(ctx context.Context, p auth.Principal, refs []models.Ref) ([]models.Document, error) {
	session := r.Session(p)
	var documents []models.Document
	err := r.budget.spend(func(left int) (int, error) {
		whole := true
		err := session.View(ctx, func(v *store.View) (err error) {
			documents, whole, err = visible(v, p, refs, left)
			return err
		})
		if err == nil && !whole {
			err = errAnswerFull
		}
		return bytesOf(documents), err
	})
	if err != nil {
		return nil, err
	}
	read := make([]models.Ref, len(documents))
	for i, d := range documents {
		read[i] = models.Ref{Type: d.Type, ID: d.ID}
	}
	return documents, session.RecordReads(ctx, models.AuditRead, read)
}

// Resolved gives documents, which p has been given, parsed and with their references resolved, in their order: what
// GraphQL follows is what a search finds.
func (r *Records) Resolved(ctx context.Context, p auth.Principal, list []models.Document) ([]*fhir.Document, error) {
	parsed := make([]*fhir.Document, len(list))
	for i, d := range list {
		var err error
		if parsed[i], err = fhir.Parse(d.Body); err != nil {
			return nil, err
		}
	}
	if documents.IsResolved(r.db, parsed...) {
		return parsed, nil
	}
	var resolved []*fhir.Document
	err := r.Session(p).View(ctx, func(v *store.View) (err error) {
		resolved, err = documents.Resolve(v, parsed...)
		return err
	})
	return resolved, err
}
