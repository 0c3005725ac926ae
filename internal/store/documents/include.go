package documents

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// References gives what documents of one type refer to by a parameter ("*" is any), without duplicates and at most limit.
func References(v *store.View, typ string, ids []string, param, target string, limit int) ([]models.Ref, error) {
	if err := settle(v, Guard{}, typ); err != nil {
		return nil, err
	}
	query := "SELECT DISTINCT r.target_type, r.target_id FROM reference_keys r WHERE r.tenant_id = ? AND r.type = ? AND r.id IN ? AND r.target_id <> '' AND r.params <> ?"
	args := []any{v.Tenant(), typ, ids, search.OnlyBelongs}
	if param != "*" {
		query, args = query+" AND r.params LIKE ?", append(args, search.LinkedBy(param))
	}
	if target != "" {
		query, args = query+" AND r.target_type = ?", append(args, target)
	}
	return fetchRefs(v, query+" ORDER BY r.target_type, r.target_id LIMIT ?", append(args, limit)...)
}

// Referrers gives the documents of type source that refer by a parameter ("*" is any) to documents of one type, without
// duplicates and at most limit.
func Referrers(v *store.View, source, param, typ string, ids []string, limit int) ([]models.Ref, error) {
	if err := settle(v, Guard{}, source); err != nil {
		return nil, err
	}
	query := "SELECT DISTINCT r.type, r.id FROM reference_keys r WHERE r.tenant_id = ? AND r.target_id IN ? AND r.target_type = ? AND r.type = ? AND r.params <> ?"
	args := []any{v.Tenant(), ids, typ, source, search.OnlyBelongs}
	if param != "*" {
		query, args = query+" AND r.params LIKE ?", append(args, search.LinkedBy(param))
	}
	query, args = query+" ORDER BY r.type, r.id LIMIT ?", append(args, limit)
	return recall(v, query, args, func() ([]models.Ref, error) { return fetchRefs(v, query, args...) })
}

// Reverse is a question for the documents of a type that refer to a target by a search parameter.
type Reverse struct {
	Type, Param string
	Target      models.Ref
	External    bool // only those that record billing done elsewhere
}

// answered is what a transaction was told since it last wrote a document.
type answered map[Reverse][]models.Document

// Referring gives the documents that answer any of several questions, those of a question by id and at most limit, in one
// statement. A transaction asks each question once.
func Referring(v *store.View, limit int, questions ...Reverse) ([]models.Document, error) {
	types := make([]string, len(questions))
	for i, q := range questions {
		types[i] = q.Type
	}
	if err := settle(v, Guard{}, types...); err != nil {
		return nil, err
	}
	known := answered{}
	if v.Remembers() {
		if kept := store.Local[answered](v); *kept == nil {
			*kept = known
		} else {
			known = *kept
		}
	}
	if err := known.ask(v, limit, questions); err != nil {
		return nil, err
	}
	var found []models.Document
	told := map[models.Ref]bool{}
	for _, q := range questions {
		for _, d := range known[q] {
			if !told[refOf(d)] {
				found, told[refOf(d)] = append(found, d), true
			}
		}
	}
	slices.SortStableFunc(found, func(a, b models.Document) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
	return found, nil
}

// ask asks those of questions that are not answered yet.
func (known answered) ask(v *store.View, limit int, questions []Reverse) error {
	var asked []Reverse
	var arms []string
	var args []any
	for _, q := range questions {
		if _, isKnown := known[q]; isKnown {
			continue
		}
		arm := "SELECT d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body, " + strconv.Itoa(len(asked)) + " FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.deleted = ? AND " +
			v.Within("d.id", "SELECT r.id FROM reference_keys r WHERE r.tenant_id = ? AND r.target_id = ? AND r.type = ? AND r.params LIKE ? AND r.target_type = ? ORDER BY r.id LIMIT ?")
		if q.External {
			arm += " AND d.external"
		}
		known[q], asked, arms = nil, append(asked, q), append(arms, arm)
		args = append(args, v.Tenant(), q.Type, false, v.Tenant(), q.Target.ID, q.Type, search.LinkedBy(q.Param), q.Target.Type, limit)
	}
	if len(asked) == 0 {
		return nil
	}
	err := v.Rows(func(row store.Row) error {
		var of int
		d, err := scanDocument(row, &of)
		if err == nil {
			known[asked[of]] = append(known[asked[of]], d)
		}
		return err
	}, strings.Join(arms, " UNION ALL "), args...)
	if err != nil {
		clear(known)
	}
	return err
}

// VisitsNaming gives the Encounters of which a document names one of the records of a type, by whatever parameter: the Encounter
// itself, or a Procedure or ChargeItem of it.
func VisitsNaming(v *store.View, typ string, ids []string) ([]models.VisitID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if err := settle(v, Guard{}, "Encounter", "Procedure", "ChargeItem"); err != nil {
		return nil, err
	}
	const naming = " WHERE r.tenant_id = ? AND r.target_id IN ? AND r.target_type = ? AND r.type IN "
	args := []any{v.Tenant(), ids, typ}
	return store.Column[models.VisitID](v, "SELECT r.id FROM reference_keys r"+naming+"('Encounter')"+
		" UNION SELECT o.target_id FROM reference_keys r JOIN reference_keys o ON o.tenant_id = r.tenant_id AND o.id = r.id AND o.type = r.type"+
		" AND (o.params LIKE '%|encounter|%' OR o.params LIKE '%|context|%') AND o.target_type = 'Encounter'"+naming+"('Procedure', 'ChargeItem') ORDER BY 1", append(args, args...)...)
}

// NamingByIdentifier gives the documents of some types that name somebody, by one of their reference parameters, by one of these
// identifiers in place of an address, its own or that of a contained resource; by type and id, in one statement.
func NamingByIdentifier(v *store.View, types []string, identifiers []models.Identifier) ([]models.Ref, error) {
	if err := settle(v, Guard{}, types...); err != nil {
		return nil, err
	}
	pairs := make([][2]string, len(identifiers))
	for i, one := range identifiers {
		pairs[i] = [2]string{one.Value, one.System}
	}
	named := areOneOf("k.code", "k.system", pairs)
	arms := make([]condition, len(types))
	for i, typ := range types {
		var params []string
		for _, p := range search.Params(typ) {
			if p.Kind == search.KindReference {
				params = append(params, p.Name+search.IdentifierSuffix, p.Name+search.ContainedSuffix)
			}
		}
		arms[i] = condition{"SELECT k.type, k.id FROM token_keys k WHERE k.tenant_id = ? AND k.type = ? AND ", []any{v.Tenant(), typ}}.
			and(isOneOf("k.param", params)).and(text(" AND ")).and(named)
	}
	found := union(" UNION ", arms)
	return fetchRefs(v, found.text+" ORDER BY 1, 2", found.args...)
}

func fetchRefs(v *store.View, query string, args ...any) ([]models.Ref, error) {
	var refs []models.Ref
	err := v.Rows(func(row store.Row) error {
		var r models.Ref
		err := row.Scan(&r.Type, &r.ID)
		refs = append(refs, r)
		return err
	}, query, args...)
	return refs, err
}

// ReferrersByTarget gives for each id the documents of type source that refer to it by param, by id and at most limit in
// all; for a door that resolves many reverse references at once.
func ReferrersByTarget(v *store.View, source, param, typ string, ids []string, limit int) (map[string][]models.Ref, error) {
	if err := settle(v, Guard{}, source); err != nil {
		return nil, err
	}
	byTarget := make(map[string][]models.Ref, len(ids))
	err := v.Rows(func(row store.Row) error {
		var target string
		ref := models.Ref{Type: source}
		err := row.Scan(&target, &ref.ID)
		byTarget[target] = append(byTarget[target], ref)
		return err
	}, "SELECT DISTINCT r.target_id, r.id FROM reference_keys r WHERE r.tenant_id = ? AND r.target_id IN ? AND r.target_type = ? AND r.type = ? AND r.params LIKE ? ORDER BY r.target_id, r.id LIMIT ?",
		v.Tenant(), ids, typ, source, search.LinkedBy(param), limit)
	return byTarget, err
}
