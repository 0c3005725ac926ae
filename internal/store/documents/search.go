package documents

import (
	"database/sql"
	"errors"
	"slices"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// Place is where a page ended: the sort keys of its last document and its id. It holds values of people; whoever gives it
// out encrypts it.
type Place struct {
	Keys []*string `json:"k,omitempty"` // nil where the document has no such key; numbers as decimal text
	ID   string    `json:"i"`
}

// Page is one page of a search with the place of each document; Next is nil at the end. Total is counted only where the
// query asks for it, and is nil where there are more than store.TotalMax.
type Page struct {
	Documents []models.Document
	Places    []Place
	Next      *Place
	Total     *int64
}

// Search gives the page of q after a place, nil for the first, of what the guard lets through. Hidden documents count for
// nothing: the guard stands inside the query. Documents are read one by one, and no more than the page holds.
func Search(v *store.View, q search.Query, guard Guard, after *Place) (Page, error) {
	var page Page
	if err := settle(v, guard, q.Type); err != nil {
		return page, err
	}
	f := newFinder(v, q, guard)
	if q.Total != search.TotalNone || q.Count == 0 {
		total, err := f.total()
		if err != nil {
			return page, err
		}
		page.Total = total
	}
	if q.Count == 0 {
		return page, nil
	}
	p := pager{page: &page, count: q.Count, room: room{bytesMax: q.BytesMax}}
	if err := f.find(after, &p); err != nil && !errors.Is(err, errFull) {
		return page, err
	}
	return page, nil
}

// pager fills a page.
type pager struct {
	page  *Page
	count int
	room  room
	keys  []*string // that stand before those of a list in its places
}

// left is how many documents a list is asked for: one more than fit tells that there is a next page.
func (p *pager) left() int { return p.count + 1 - len(p.page.Documents) }

// take gives errFull when the page is.
func (p *pager) take(document models.Document, place Place) error {
	if len(p.page.Documents) == p.count || !p.room.takes(document) {
		p.page.Next = &p.page.Places[len(p.page.Places)-1]
		return errFull
	}
	place.Keys = slices.Concat(p.keys, place.Keys)
	p.page.Documents = append(p.page.Documents, document)
	p.page.Places = append(p.page.Places, place)
	return nil
}

// total counts what is found.
func (f *finder) total() (*int64, error) {
	if err := f.probe(rareMax); err != nil {
		return nil, err
	}
	from := f.counted()
	query := text("SELECT 1 FROM ").and(from.from).and(where(f.left(from)))
	return store.Total(f.v, query.text, query.args...)
}

// find gives what is found after a place. What meets one of the conditions is read whole and sorted where it is little. Else the
// list is walked in its order, a little way at first: where that does not fill the page, what matches is not frequent, and more
// is worth reading whole.
func (f *finder) find(after *Place, p *pager) error {
	if err := f.probe(rareMax); err != nil {
		return err
	}
	if lists := f.lists(after); len(lists) > 0 && f.rare == nil && len(f.sets) > 0 && len(lists[0].where) > 0 && len(f.q.Sort) <= 1 {
		lists[0].most = walkFirst
		start := *p.page
		if err := f.read(lists[0], after, p); err != nil {
			return err
		}
		*p.page = start
		p.room = room{bytesMax: p.room.bytesMax}
		for _, d := range start.Documents {
			p.room.takes(d)
		}
		for _, most := range gathers {
			if err := f.probe(most); err != nil {
				return err
			}
		}
	}
	for _, l := range f.lists(after) {
		if f.isGrouped(l) {
			if err := f.readGroups(l, after, p); err != nil {
				return err
			}
		} else if err := f.read(l, after, p); err != nil {
			return err
		}
	}
	return nil
}

// read gives the documents of a list. The list is cut before they are looked up.
func (f *finder) read(l list, after *Place, p *pager) error {
	query := f.listQuery(l, after, p.left())
	keys := make([]sql.NullString, len(f.q.Sort))
	more := make([]any, len(keys))
	for i := range keys {
		more[i] = &keys[i]
	}
	return f.v.Rows(func(row store.Row) error {
		document, err := scanDocument(row, more...)
		if err != nil {
			return err
		}
		return p.take(document, placeOf(document.ID, keys))
	}, query.text, query.args...)
}

func placeOf(id string, keys []sql.NullString) Place {
	place := Place{ID: id}
	for _, k := range keys {
		if k.Valid {
			text := k.String
			place.Keys = append(place.Keys, &text)
		} else {
			place.Keys = append(place.Keys, nil)
		}
	}
	return place
}
