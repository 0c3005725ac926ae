package documents

import (
	"slices"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// Resolve gives documents as whoever follows their references wants them: a reference under our own base is relative, and
// one that names its record by an identifier, or through a contained resource that has one, leads to the one record of a
// fitting type that has it. Where none or several have it, the reference stays as it is. A document of which nothing
// changes is the one that was given. The identifiers of all documents are looked up together.
func Resolve(v *store.View, list ...*fhir.Document) ([]*fhir.Document, error) {
	bases, err := OwnBases(v)
	if err != nil {
		return nil, err
	}
	return resolve(v, list, bases)
}

// IsResolved reports whether Resolve would give documents as they are, where that can be told without the database: they name
// none of our own bases and nobody by an identifier, as most do.
func IsResolved(db *store.DB, list ...*fhir.Document) bool {
	bases := store.Shared[basesRead](db).Load()
	return bases != nil && !slices.ContainsFunc(list, func(d *fhir.Document) bool {
		return fhir.Localize(d, *bases) != d || len(fhir.Logicals(d)) > 0
	})
}

func resolve(v *store.View, list []*fhir.Document, bases []string) ([]*fhir.Document, error) {
	resolved := make([]*fhir.Document, len(list))
	logicals := make([][]search.Logical, len(list))
	for i, d := range list {
		resolved[i] = fhir.Localize(d, bases)
		logicals[i] = search.Logicals(resolved[i])
	}
	known, err := findHolders(v, logicals)
	if err != nil || len(known) == 0 {
		return resolved, err
	}
	for i, d := range resolved {
		if resolved[i], err = search.Resolve(d, logicals[i], known.only); err != nil {
			return nil, err
		}
	}
	return resolved, nil
}

// holder is a type of record and an identifier that one of it has.
type holder struct{ typ, system, value string }

// holders gives the id of the one record of each holder; "" says that several have the identifier.
type holders map[holder]string

// only gives the one record that a reference can mean.
func (h holders) only(l search.Logical) (string, bool) {
	found := models.Ref{}
	for _, typ := range l.Types {
		for _, i := range l.Identifiers {
			id, known := h[holder{typ, i.System, i.Value}]
			ref := models.Ref{Type: typ, ID: id}
			if known && (id == "" || found.ID != "" && found != ref) {
				return "", false
			}
			if known {
				found = ref
			}
		}
	}
	return found.String(), found.ID != ""
}

// Holder gives the id of the one record of a type that has an identifier; "" where none has it, or several have.
func Holder(v *store.View, typ string, i models.Identifier) (string, error) {
	found, err := findHolders(v, [][]search.Logical{{{Logical: fhir.Logical{Identifiers: []fhir.Identifier{{System: i.System, Value: i.Value}}}, Types: []string{typ}}}})
	return found[holder{typ, i.System, i.Value}], err
}

const identifiersMax = 200 // in one statement

// findHolders looks up who has the identifiers of logical references.
func findHolders(v *store.View, logicals [][]search.Logical) (holders, error) {
	seenTypes, seen := map[string]bool{}, map[[2]string]bool{}
	var types []string
	var identifiers [][2]string
	for _, ofDocument := range logicals {
		for _, l := range ofDocument {
			for _, typ := range l.Types {
				if !seenTypes[typ] {
					seenTypes[typ] = true
					types = append(types, typ)
				}
			}
			for _, i := range l.Identifiers {
				pair := [2]string{i.Value, i.System}
				if !seen[pair] && len(i.Value) <= keyBytesMax && len(i.System) <= keyBytesMax {
					seen[pair] = true
					identifiers = append(identifiers, pair)
				}
			}
		}
	}
	found := holders{}
	for start := 0; start < len(identifiers) && len(types) > 0; start += identifiersMax {
		if err := addHolders(v, found, types, identifiers[start:min(start+identifiersMax, len(identifiers))]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func addHolders(v *store.View, found holders, types []string, identifiers [][2]string) error {
	query, args := holdersQuery(v, types, identifiers)
	return v.Rows(func(row store.Row) error {
		var h holder
		var first, last string
		err := row.Scan(&h.typ, &h.value, &h.system, &first, &last)
		if first != last {
			first = ""
		}
		found[h] = first
		return err
	}, query, args...)
}

// holdersQuery asks for the first and the last record of each type that has one of the identifiers (value, system).
func holdersQuery(v *store.View, types []string, identifiers [][2]string) (string, []any) {
	ofTypes, named := isOneOf("k.type", types), areOneOf("k.code", "k.system", identifiers)
	args := append(append([]any{v.Tenant()}, ofTypes.args...), search.IdentifierParam)
	return "SELECT k.type, k.code, k.system, min(k.id), max(k.id) FROM token_keys k WHERE k.tenant_id = ? AND " + ofTypes.text + " AND k.param = ? AND " + named.text +
		" GROUP BY k.type, k.code, k.system", append(args, named.args...)
}

// putResolved adds the keys of references by identifier, once all documents are written, so that those written together
// find each other. They are what the identifiers meant at this moment; a later holder of one changes nothing.
func putResolved(tx *store.Tx, puts []Indexed, bases []string) error {
	var named []Indexed
	var parsed []*fhir.Document
	for _, p := range puts {
		if p.Document.Deleted || !p.Keys.HasLogicals {
			continue
		}
		d, err := fhir.Parse(p.Document.Body)
		if err != nil {
			return err
		}
		named, parsed = append(named, p), append(parsed, d)
	}
	if len(named) == 0 {
		return nil
	}
	resolved, err := resolve(tx.View, parsed, bases)
	if err != nil {
		return err
	}
	var rows [][]any
	for i, p := range named {
		if resolved[i] != parsed[i] {
			rows = append(rows, referenceRows(p.Document, p.Keys.Resolved(search.Extract(resolved[i], bases)), true)...)
		}
	}
	return insertReferences(tx, rows)
}

func referenceRows(d models.Document, keys []search.ReferenceKey, resolved bool) [][]any {
	var rows [][]any
	for _, l := range search.Links(keys) {
		rows = append(rows, append(linkRow(d, l), resolved))
	}
	return rows
}

func insertReferences(tx *store.Tx, rows [][]any) error {
	return tx.InsertRows("reference_keys", "type, params, target_type, target_id, url, id, resolved", rows, " ON CONFLICT DO NOTHING")
}
