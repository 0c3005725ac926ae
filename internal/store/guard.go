package store

import (
	"slices"
	"strings"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/models"
)

// Guard narrows what is seen to one patient's compartment or to one payer's claims. The zero Guard sees the whole tenant.
// It is part of the query, so that a hidden record and no record look the same and no page can leak one.
type Guard struct {
	Patient models.PatientID
	Payer   models.OrganizationID
}

// surroundings are the types outside of any compartment that a patient may still see where its compartment names them.
var surroundings = map[string]bool{"Organization": true, "Practitioner": true, "PractitionerRole": true, "Location": true}

// payerSees says through which column of its claims a payer sees a type.
var payerSees = map[string][]string{
	"Claim":        {"id"},
	"Patient":      {"patient_id"},
	"Coverage":     {"coverage_id"},
	"Organization": {"billing_id", "insurer_id"},
	"Practitioner": {"rendering_id"},
	"Encounter":    {"visit_id"},
}

// condition gives " AND …" on the column that holds the id of a document of type typ, with its arguments.
func (g Guard) condition(tenant models.TenantID, typ, column string) (string, []any) {
	switch {
	case g.Patient != "" && surroundings[typ]:
		return " AND " + column + " IN (SELECT r.target_id FROM reference_keys c JOIN reference_keys r ON r.tenant_id = c.tenant_id AND r.type = c.type AND r.id = c.id" +
			" WHERE c.tenant_id = ? AND c.target_id = ? AND c.param = ? AND r.target_type = ?)", []any{tenant, g.Patient, search.CompartmentParam, typ}
	case g.Patient != "":
		return " AND " + column + " IN (SELECT c.id FROM reference_keys c WHERE c.tenant_id = ? AND c.target_id = ? AND c.type = ? AND c.param = ?)",
			[]any{tenant, g.Patient, typ, search.CompartmentParam}
	case g.Payer != "" && typ == "ClaimResponse":
		return " AND " + column + " IN (SELECT a.id FROM answers a WHERE a.tenant_id = ? AND a.payer_id = ?)", []any{tenant, g.Payer}
	case g.Payer != "":
		columns, ok := payerSees[typ]
		if !ok {
			return " AND 1 = 0", nil
		}
		var selects []string
		var args []any
		for _, c := range columns {
			selects = append(selects, "SELECT c."+c+" FROM claims c WHERE c.tenant_id = ? AND c.insurer_id = ? AND c.state IN (?, ?)")
			args = append(args, tenant, g.Payer, models.ClaimTransmitted, models.ClaimAdjudicated)
		}
		return " AND " + column + " IN (" + strings.Join(selects, " UNION ALL ") + ")", args
	}
	return "", nil
}

// showsPast reports whether an older version passes the guard. The keys in the database are those of the current version,
// so an older one is judged by its own bytes: what was first filed under the wrong patient must not show that patient to
// the right one. A payer sees what stands now.
func (g Guard) showsPast(d models.Document) bool {
	switch {
	case g == (Guard{}):
		return true
	case g.Payer != "":
		return false
	case d.Deleted || surroundings[d.Type]:
		return true
	}
	document, err := fhir.Parse(d.Body)
	return err == nil && slices.ContainsFunc(search.Extract(document).References, func(k search.ReferenceKey) bool {
		return k.Param == search.CompartmentParam && k.ID == string(g.Patient)
	})
}
