package documents

import (
	"cmp"
	"slices"
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

// Referring gives the documents that answer any of several questions, those of a question by id and at most limit, in one
// statement.
func Referring(v *store.View, limit int, questions ...Reverse) ([]models.Document, error) {
	arms := make([]string, len(questions))
	types := make([]string, len(questions))
	var args []any
	for i, q := range questions {
		arms[i] = "SELECT d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.deleted = ? AND " +
			v.Within("d.id", "SELECT r.id FROM reference_keys r WHERE r.tenant_id = ? AND r.target_id = ? AND r.type = ? AND r.params LIKE ? AND r.target_type = ? ORDER BY r.id LIMIT ?")
		if q.External {
			arms[i] += " AND d.external"
		}
		types[i] = q.Type
		args = append(args, v.Tenant(), q.Type, false, v.Tenant(), q.Target.ID, q.Type, search.LinkedBy(q.Param), q.Target.Type, limit)
	}
	if err := settle(v, Guard{}, types...); err != nil {
		return nil, err
	}
	found, err := Guard{}.recall(v, strings.Join(arms, " UNION ALL "), args)
	slices.SortStableFunc(found, func(a, b models.Document) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
	return found, err
}

// VisitsNaming gives the Encounters of which a document names one of the records of a type, by whatever parameter: the Encounter
// itself, or a Procedure or ChargeItem of it.
func VisitsNaming(v *store.View, typ string, ids []string) ([]models.VisitID, error) {
	if err := settle(v, Guard{}, "Encounter", "Procedure", "ChargeItem"); err != nil {
		return nil, err
	}
	const naming = " WHERE r.tenant_id = ? AND r.target_id IN ? AND r.target_type = ? AND r.type IN "
	args := []any{v.Tenant(), ids, typ}
	return store.Column[models.VisitID](v, "SELECT r.id FROM reference_keys r"+naming+"('Encounter')"+
		" UNION SELECT o.target_id FROM reference_keys r JOIN reference_keys o ON o.tenant_id = r.tenant_id AND o.id = r.id AND o.type = r.type"+
		" AND (o.params LIKE '%|encounter|%' OR o.params LIKE '%|context|%') AND o.target_type = 'Encounter'"+naming+"('Procedure', 'ChargeItem') ORDER BY 1", append(args, args...)...)
}

// NamingByIdentifier gives the documents of a type that name somebody, by one of their reference parameters, by one of these
// identifiers in place of an address, its own or that of a contained resource.
func NamingByIdentifier(v *store.View, typ string, identifiers []models.Identifier) ([]models.Ref, error) {
	if err := settle(v, Guard{}, typ); err != nil {
		return nil, err
	}
	var params []string
	for _, p := range search.Params(typ) {
		if p.Kind == search.KindReference {
			params = append(params, p.Name+search.IdentifierSuffix, p.Name+search.ContainedSuffix)
		}
	}
	pairs := make([][2]string, len(identifiers))
	for i, one := range identifiers {
		pairs[i] = [2]string{one.Value, one.System}
	}
	ofParams, named := isOneOf("k.param", params), areOneOf("k.code", "k.system", pairs)
	args := append(append([]any{v.Tenant(), typ}, ofParams.args...), named.args...)
	return fetchRefs(v, "SELECT DISTINCT k.type, k.id FROM token_keys k WHERE k.tenant_id = ? AND k.type = ? AND "+ofParams.text+" AND "+named.text+" ORDER BY k.id", args...)
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
