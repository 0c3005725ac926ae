package documents

import (
	"strings"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// Guard narrows what is seen to one patient's compartment, to one payer's claims, or to what is in both. The zero Guard sees
// the whole tenant.
// It is part of the query, so that a hidden record and no record look the same and no page can leak one.
type Guard struct {
	Patient models.PatientID
	Payer   models.OrganizationID
}

// surroundings are the types outside of any compartment that a patient may still see where its compartment names them.
var surroundings = map[string]bool{"Organization": true, "Practitioner": true, "PractitionerRole": true, "Location": true}

// Surrounds reports whether a patient reads records of a type because its own name them, and not because they belong to it.
func Surrounds(typ string) bool { return surroundings[typ] }

// payerSees says what of its claims c leads a payer to records of a type; the subscriber that a claim's Coverage names may be a
// Patient or a RelatedPerson.
var payerSees = map[string][]string{
	"Claim":        {"c.id FROM claims c"},
	"Patient":      {"c.patient_id FROM claims c", subscriber("Patient")},
	"Coverage":     {"c.coverage_id FROM claims c", "b.coverage_id FROM claims c " + priorClaims},
	"Organization": {"c.billing_id FROM claims c", "c.insurer_id FROM claims c", "b.insurer_id FROM claims c " + priorClaims},
	"Practitioner": {
		"c.rendering_id FROM claims c",
		"l.rendering_id FROM claims c JOIN claim_lines l ON l.tenant_id = c.tenant_id AND l.claim_id = c.id",
	},
	"RelatedPerson":     {subscriber("RelatedPerson")},
	"DocumentReference": {givenDocuments},
	"Encounter":         {"CASE WHEN c.case_id LIKE 'Encounter/%' THEN substr(c.case_id, 11) ELSE '' END FROM claims c"},
}

// priorClaims leads from a claim c to those to payers before whose plans it names.
const priorClaims = "JOIN claims b ON b.tenant_id = c.tenant_id AND b.case_id = c.case_id AND b.position < c.position AND c.prior LIKE '%\"' || b.coverage_id || '\"%'"

// priorAnswers leads from a claim c to the answers of payers before that it names.
const priorAnswers = "a.id FROM claims c JOIN answers a ON a.tenant_id = c.tenant_id AND a.case_id = c.case_id AND c.position > 1 AND c.prior LIKE '%\"' || a.id || '\"%'"

// givenDocuments leads from a claim c to the documents that its payer was given about it.
const givenDocuments = "r.target_id FROM claims c JOIN work_items w ON w.tenant_id = c.tenant_id AND w.payer_id = c.insurer_id AND w.claim_id = c.id AND w.category = 'documents'" +
	" JOIN reference_keys r ON r.tenant_id = w.tenant_id AND r.type = 'Task' AND r.id = w.id AND r.target_type = 'DocumentReference' AND r.params LIKE '%|given|%'"

// subscriber leads from a claim c to whoever holds its plan.
func subscriber(typ string) string {
	return "r.target_id FROM claims c JOIN reference_keys r ON r.tenant_id = c.tenant_id AND r.id = c.coverage_id" +
		" AND r.type = 'Coverage' AND r.params LIKE '%|subscriber|%' AND r.target_type = '" + typ + "'"
}

// PayerSees reports whether a payer may see records of a type at all where its claims name them.
func PayerSees(typ string) bool {
	_, ok := payerSees[typ]
	return ok
}

// seen are the states in which a claim's payer may see it.
var seen = models.ClaimStatesWhere(func(f models.ClaimFacts) bool { return f.PayerSees })

// condition gives " AND …" on the column that holds the id of a document of type typ, with its arguments.
func (g Guard) condition(tenant models.TenantID, typ, column string) (string, []any) {
	text, args := "", []any(nil)
	if g.Patient != "" {
		text, args = ofPatient(tenant, g.Patient, typ, column)
	}
	if g.Payer != "" {
		more, values := ofPayer(tenant, g.Payer, typ, column)
		text, args = text+more, append(args, values...)
	}
	return text, args
}

// narrow adds the guard to the conditions of a search. What surrounds a patient, and most of what surrounds a payer's claims, is
// found by reading those.
func (g Guard) narrow(f *finder) {
	tenant, typ := f.v.Tenant(), f.q.Type
	if g.Patient != "" && surroundings[typ] {
		found, args := ofPatient(tenant, g.Patient, typ, "m.id")
		f.add(within(found, args), set{few: true, once: true, ids: f.listed(found, args)})
	} else if g.Patient != "" {
		keys := condition{"k.tenant_id = ? AND k.target_id = ? AND k.type = ? AND k.params LIKE ? AND k.target_type = 'Patient'", []any{tenant, g.Patient, typ, search.LinkedBy(search.CompartmentParam)}}
		ids := []condition{text("SELECT k.id FROM reference_keys k WHERE ").and(keys)}
		f.add(always(some(text("reference_keys k WHERE ").and(keys).and(text(" AND k.id = m.id")))),
			set{ids: ids, probes: ids, inOrder: true, once: true})
	}
	if g.Payer == "" {
		return
	}
	switch typ {
	case "Claim":
		f.add(ownRow("claims", condition{"k.tenant_id = ? AND k.insurer_id = ? AND k.state IN ?", []any{tenant, g.Payer, store.Texts(seen)}}, false))
	case "PaymentReconciliation":
		f.add(ownRow("remittances", condition{"k.tenant_id = ? AND k.payer_id = ?", []any{tenant, g.Payer}}, false))
	case "ClaimResponse":
		f.add(ownRow("answers", condition{"k.tenant_id = ? AND k.payer_id = ?", []any{tenant, g.Payer}}, true))
	default:
		found, args := ofPayer(tenant, g.Payer, typ, "m.id")
		f.add(within(found, args), set{ids: f.listed(found, args), probes: f.probed(found, args), once: true})
	}
}

// within asks a condition " AND m.id IN (…)" of each document, and has the list read once.
func within(found string, args []any) filter {
	return always(condition{"(" + strings.TrimPrefix(found, " AND ") + ") IS TRUE", args})
}

// probed gives the query in such a condition; none where nothing meets it.
func (f *finder) probed(found string, args []any) []condition {
	query, ok := strings.CutPrefix(found, " AND m.id IN (")
	if !ok {
		return nil
	}
	return []condition{{strings.TrimSuffix(query, ")"), args}}
}

// listed gives those of its records that are there.
func (f *finder) listed(found string, args []any) []condition {
	queries := f.probed(found, args)
	for i, query := range queries {
		queries[i] = f.rows("k.id").and(condition{" AND " + f.v.Within("k.id", query.text), query.args})
	}
	return queries
}

// ownRow is a condition on the booked row k of a document m.
func ownRow(table string, holds condition, inOrder bool) (filter, set) {
	ids := []condition{text("SELECT k.id FROM " + table + " k WHERE ").and(holds)}
	return always(some(text(table + " k WHERE ").and(holds).and(text(" AND k.id = m.id")))),
		set{ids: ids, probes: ids, inOrder: inOrder, once: true}
}

func ofPatient(tenant models.TenantID, patient models.PatientID, typ, column string) (string, []any) {
	if surroundings[typ] {
		return " AND " + column + " IN (SELECT r.target_id FROM reference_keys c JOIN reference_keys r ON r.tenant_id = c.tenant_id AND r.type = c.type AND r.id = c.id" +
			" WHERE c.tenant_id = ? AND c.target_id = ? AND c.params LIKE ? AND r.target_type = ?)", []any{tenant, patient, search.LinkedBy(search.CompartmentParam), typ}
	}
	return " AND " + column + " IN (SELECT c.id FROM reference_keys c WHERE c.tenant_id = ? AND c.target_id = ? AND c.type = ? AND c.params LIKE ?)",
		[]any{tenant, patient, typ, search.LinkedBy(search.CompartmentParam)}
}

func ofPayer(tenant models.TenantID, payer models.OrganizationID, typ, column string) (string, []any) {
	const claims = " WHERE c.tenant_id = ? AND c.insurer_id = ? AND c.state IN ?"
	if typ == "ClaimResponse" {
		return " AND " + column + " IN (SELECT a.id FROM answers a WHERE a.tenant_id = ? AND a.payer_id = ?" +
				" UNION ALL SELECT u.id FROM unmatched_answers u WHERE u.tenant_id = ? AND u.payer_id = ? UNION ALL SELECT " + priorAnswers + claims + ")",
			[]any{tenant, payer, tenant, payer, tenant, payer, store.Texts(seen)}
	}
	if typ == "PaymentReconciliation" {
		return " AND " + column + " IN (SELECT r.id FROM remittances r WHERE r.tenant_id = ? AND r.payer_id = ?)", []any{tenant, payer}
	}
	if typ == "Task" {
		return " AND " + column + " IN (SELECT w.id FROM work_items w WHERE w.tenant_id = ? AND w.payer_id = ? AND w.category = 'documents')", []any{tenant, payer}
	}
	if asksPlans[typ] {
		return " AND " + column + " IN (SELECT r.id FROM reference_keys r WHERE r.tenant_id = ? AND r.target_id = ? AND r.target_type = 'Organization' AND r.type = ? AND r.params LIKE '%|insurer|%')",
			[]any{tenant, payer, typ}
	}
	columns, ok := payerSees[typ]
	if !ok {
		return " AND 1 = 0", nil
	}
	var selects []string
	var args []any
	for _, c := range columns {
		selects = append(selects, "SELECT "+c+claims)
		args = append(args, tenant, payer, store.Texts(seen))
	}
	if asked, is := asksOf[typ]; is {
		selects = append(selects, "SELECT "+asked+" WHERE k.tenant_id = ? AND k.payer_id = ?")
		args = append(args, tenant, payer)
	}
	return " AND " + column + " IN (" + strings.Join(selects, " UNION ALL ") + ")", args
}

// asksPlans are the types by which payers are asked about plans, and answer: each names its payer.
var asksPlans = map[string]bool{"CoverageEligibilityRequest": true, "CoverageEligibilityResponse": true}

// asksOf leads a payer from what it is asked about plans to what the questions name.
var asksOf = map[string]string{
	"Coverage":      "k.coverage_id FROM coverage_checks k",
	"Patient":       "k.patient_id FROM coverage_checks k",
	"RelatedPerson": planHolder("RelatedPerson"),
}

// planHolder leads from a question k to whoever holds the plan.
func planHolder(typ string) string {
	return "r.target_id FROM coverage_checks k JOIN reference_keys r ON r.tenant_id = k.tenant_id AND r.id = k.coverage_id" +
		" AND r.type = 'Coverage' AND r.params LIKE '%|subscriber|%' AND r.target_type = '" + typ + "'"
}

// showsPast reports whether an older version passes the guard. The keys in the database are those of the current version,
// so an older one is judged by its own bytes: what was first filed under the wrong patient must not show that patient to
// the right one. A payer sees what stands now.
func showsPast(v *store.View, g Guard, d models.Document) (bool, error) {
	switch {
	case g == (Guard{}):
		return true, nil
	case g.Payer != "":
		return false, nil
	case d.Deleted || surroundings[d.Type]:
		return true, nil
	}
	document, err := fhir.Parse(d.Body)
	if err != nil {
		return false, err
	}
	return InCompartment(v, document, g.Patient)
}
