// Package inquiry answers what the doors ask about the books: many records at a time, and each question under the asker's
// rights, so that no door has to know them. What belongs to a record is shown to whoever sees the record; what the office
// keeps for itself (findings, postings, balances, cases, work) to those who see the whole tenant. It changes nothing, and
// the documents themselves are for internal/records to give.
package inquiry

import (
	"context"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
)

// Books answers questions about the books. It is safe for concurrent use.
type Books struct{ records *records.Records }

// New gives the books that stand beside the documents of r.
func New(r *records.Records) *Books { return &Books{r} }

// office asks a question of the office's about records of type typ.
func office[K ~string, V any](ctx context.Context, b *Books, p auth.Principal, typ string, ids []K, read func(*store.View, []K) (map[K]V, error)) (map[K]V, error) {
	if err := records.Office(p, typ); err != nil {
		return nil, err
	}
	var found map[K]V
	err := b.view(ctx, p, func(v *store.View) (err error) {
		found, err = read(v, ids)
		return err
	})
	return found, err
}

// shown asks a question about those of the records of type typ that p may read.
func shown[K ~string, V any](ctx context.Context, b *Books, p auth.Principal, typ string, ids []K, read func(*store.View, []K) (map[K]V, error)) (map[K]V, error) {
	guard, err := records.Guard(p, typ, auth.PermissionRead)
	if err != nil {
		return nil, err
	}
	var found map[K]V
	err = b.view(ctx, p, func(v *store.View) error {
		seen, err := documents.Seen(v, typ, store.Texts(ids), guard)
		if err != nil || len(seen) == 0 {
			return err
		}
		found, err = read(v, named[K](seen))
		return err
	})
	return found, err
}

func (b *Books) view(ctx context.Context, p auth.Principal, read func(*store.View) error) error {
	return b.records.Session(p).View(ctx, read)
}

func named[K ~string](ids []string) []K {
	list := make([]K, len(ids))
	for i, id := range ids {
		list[i] = K(id)
	}
	return list
}

// by gives rows by what key says of them.
func by[K comparable, Row any](rows []Row, key func(Row) K) map[K]Row {
	found := make(map[K]Row, len(rows))
	for _, row := range rows {
		found[key(row)] = row
	}
	return found
}
