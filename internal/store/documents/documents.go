// Package documents is the room of everything that is read and found as FHIR: each document's current version with its
// search keys, the versions behind it, what a client sent of those that billing renders, and the outbox row that tells of a
// change. Whose data it is and who may see it stands inside every query. It knows no booked row; where one waits to be
// rendered in a transaction, that is done before its document could be read.
package documents

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

const documentColumns = "type, id, version, updated, deleted, external, digest, body"

// Get gives the current version, deleted ones too; false where there is none or the guard hides it.
func Get(v *store.View, ref models.Ref, guard Guard) (models.Document, bool, error) {
	if err := settle(v, guard, ref.Type); err != nil {
		return models.Document{}, false, err
	}
	hidden, args := guard.condition(v.Tenant(), ref.Type, "d.id")
	query := "SELECT d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.id = ?" + hidden
	args = append([]any{v.Tenant(), ref.Type, ref.ID}, args...)
	found, err := guard.recall(v, query, args)
	if err != nil || len(found) == 0 {
		return models.Document{}, false, err
	}
	return found[0], true, nil
}

// recall asks a question about documents and their keys once in a transaction, until it writes a document.
func recall[T any](v *store.View, query string, args []any, read func() ([]T, error)) ([]T, error) {
	found, err := store.Recall(v, documentsTable, fmt.Sprintf("%s %#v", query, args), read)
	return slices.Clone(found), err
}

// recall is recall of documents; what a guard lets through hangs on other tables too and is asked each time.
func (g Guard) recall(v *store.View, query string, args []any) ([]models.Document, error) {
	read := func() ([]models.Document, error) { return fetch(v, query, args...) }
	if g != (Guard{}) {
		return read()
	}
	return recall(v, query, args, read)
}

const documentsTable = "documents"

// Version gives one version, the current one or one of the history. Whether a record is seen at all is judged by its
// current version.
func Version(v *store.View, ref models.Ref, version int64, guard Guard) (models.Document, bool, error) {
	current, ok, err := Get(v, ref, guard)
	if err != nil || !ok || current.Version == version {
		return current, ok, err
	}
	past, ok, err := fetchOne(v, "SELECT "+documentColumns+" FROM document_history WHERE tenant_id = ? AND type = ? AND id = ? AND version = ?",
		v.Tenant(), ref.Type, ref.ID, version)
	if err != nil || !ok {
		return models.Document{}, false, err
	}
	if shown, err := showsPast(v, guard, past); err != nil || !shown {
		return models.Document{}, false, err
	}
	return past, true, nil
}

// History gives at most count versions below the version before, newest first, 0 starting at the newest; next is the version below
// which there are more, or 0. Together they hold at most bytesMax bytes, 0 being no bound, but one version is read always.
func History(v *store.View, ref models.Ref, before int64, count, bytesMax int, guard Guard) (list []models.Document, next int64, err error) {
	current, ok, err := Get(v, ref, guard)
	if err != nil || !ok {
		return nil, 0, err
	}
	room := room{bytesMax: bytesMax}
	if before == 0 || current.Version < before {
		room.takes(current)
		list = append(list, current)
		before = current.Version
	}
	for {
		limit := count + 1 - len(list)
		older, err := fetchInto(v, &room, "SELECT "+documentColumns+" FROM document_history WHERE tenant_id = ? AND type = ? AND id = ? AND version < ? ORDER BY version DESC LIMIT ?",
			v.Tenant(), ref.Type, ref.ID, before, limit)
		if err != nil {
			return nil, 0, err
		}
		for _, d := range older {
			shown, err := showsPast(v, guard, d)
			if err != nil {
				return nil, 0, err
			}
			if shown && len(list) == count {
				return list, before, nil
			}
			if shown {
				list = append(list, d)
			}
			before = d.Version
		}
		if room.full {
			return list, before, nil
		}
		if len(older) < limit {
			return list, 0, nil
		}
	}
}

// Current gives the current versions of those refs that exist, deleted ones too and whoever may see them, some hundreds in
// one statement; for writes, which then ask who may.
func Current(tx *store.Tx, refs []models.Ref) (map[models.Ref]models.Document, error) {
	if err := settle(tx.View, Guard{}, typesOf(refs)...); err != nil {
		return nil, err
	}
	found := make(map[models.Ref]models.Document, len(refs))
	for part := range slices.Chunk(refs, pageMax) {
		var arms []string
		var args []any
		for _, group := range byType(part) {
			arms = append(arms, "SELECT "+documentColumns+" FROM documents WHERE tenant_id = ? AND type = ? AND id IN ?")
			args = append(args, tx.Tenant(), group.typ, group.ids)
		}
		list, err := fetch(tx.View, strings.Join(arms, " UNION ALL "), args...)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			found[refOf(d)] = d
		}
	}
	return found, nil
}

type refGroup struct {
	typ string
	ids []string
}

// byType sorts refs by type, the types in the order in which they come first.
func byType(refs []models.Ref) []refGroup {
	at := map[string]int{}
	var groups []refGroup
	for _, r := range refs {
		i, known := at[r.Type]
		if !known {
			i = len(groups)
			at[r.Type] = i
			groups = append(groups, refGroup{typ: r.Type})
		}
		groups[i].ids = append(groups[i].ids, r.ID)
	}
	return groups
}

func typesOf(refs []models.Ref) []string {
	types := make([]string, len(refs))
	for i, r := range refs {
		types[i] = r.Type
	}
	return types
}

// Of gives the current versions of those refs that exist, are not deleted and pass the guard, in no order, in
// one statement.
func Of(v *store.View, refs []models.Ref, guard Guard) ([]models.Document, error) {
	if err := settle(v, guard, typesOf(refs)...); err != nil || len(refs) == 0 {
		return nil, err
	}
	query, args := ofQuery(v, refs, guard)
	return guard.recall(v, query, args)
}

// Some is Of without remembering, up to bytesMax bytes; whole says that this is all of them.
func Some(v *store.View, refs []models.Ref, guard Guard, bytesMax int) (list []models.Document, whole bool, err error) {
	if err := settle(v, guard, typesOf(refs)...); err != nil || len(refs) == 0 {
		return nil, true, err
	}
	query, args := ofQuery(v, refs, guard)
	room := room{bytesMax: bytesMax}
	list, err = fetchInto(v, &room, query, args...)
	return list, !room.full, err
}

func ofQuery(v *store.View, refs []models.Ref, guard Guard) (string, []any) {
	var arms []string
	var all []any
	for _, group := range byType(refs) {
		hidden, args := guard.condition(v.Tenant(), group.typ, "d.id")
		arms = append(arms, "SELECT d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.deleted = ? AND d.id IN ?"+hidden)
		all = append(append(all, v.Tenant(), group.typ, false, group.ids), args...)
	}
	return strings.Join(arms, " UNION ALL "), all
}

func fetchOne(v *store.View, query string, args ...any) (models.Document, bool, error) {
	list, err := fetch(v, query, args...)
	if err != nil || len(list) == 0 {
		return models.Document{}, false, err
	}
	return list[0], true, nil
}

func fetch(v *store.View, query string, args ...any) ([]models.Document, error) {
	return fetchInto(v, &room{}, query, args...)
}

// fetchInto reads documents as long as there is room for them.
func fetchInto(v *store.View, room *room, query string, args ...any) ([]models.Document, error) {
	var list []models.Document
	err := v.Rows(func(row store.Row) error {
		d, err := scanDocument(row)
		if err == nil && !room.takes(d) {
			return errFull
		}
		list = append(list, d)
		return err
	}, query, args...)
	if errors.Is(err, errFull) {
		err = nil
	}
	return list, err
}

// room is what a list of documents may hold: bytesMax bytes, 0 being no bound, and one document always.
type room struct {
	bytesMax, bytes int
	full            bool
}

func (r *room) takes(d models.Document) bool {
	r.full = r.full || r.bytesMax > 0 && r.bytes > 0 && r.bytes+len(d.Body) > r.bytesMax
	r.bytes += len(d.Body)
	return !r.full
}

// errFull ends the reading of rows.
var errFull = errors.New("the list is full")

func scanDocument(row store.Row, more ...any) (models.Document, error) {
	var d models.Document
	err := row.Scan(append([]any{&d.Type, &d.ID, &d.Version, &d.Updated, &d.Deleted, &d.External, &d.Digest, &d.Body}, more...)...)
	return d, err
}
