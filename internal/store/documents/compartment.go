package documents

import (
	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// InCompartment reports whether a document belongs to a patient.
func InCompartment(v *store.View, d *fhir.Document, patient models.PatientID) (bool, error) {
	bases, err := OwnBases(v)
	if err != nil {
		return false, err
	}
	keys := search.Extract(d, bases)
	if !keys.HasLogicals || keys.BelongsTo(string(patient)) {
		return keys.BelongsTo(string(patient)), nil
	}
	resolved, err := Resolve(v, d)
	if err != nil {
		return false, err
	}
	return search.Extract(resolved[0], bases).BelongsTo(string(patient)), nil
}

// LeadsToOthers reports whether a reference anywhere in a document leads to another patient than its own: to the Patient, or to
// a record that is in others' compartments and not in the patient's. A record that belongs to nobody, or is not there, leads to
// nobody.
func LeadsToOthers(v *store.View, d *fhir.Document, patient models.PatientID) (bool, error) {
	resolved, err := Resolve(v, d)
	if err != nil {
		return false, err
	}
	var named [][2]string
	for _, reference := range fhir.References(resolved[0]) {
		typ, id, isLocal := fhir.Local(reference)
		switch {
		case !isLocal:
		case typ == "Patient" && id != string(patient):
			return true, nil
		case typ != "Patient":
			named = append(named, [2]string{typ, id})
		}
	}
	if len(named) == 0 {
		return false, nil
	}
	others := areOneOf("k.type", "k.id", named)
	found, err := store.Column[string](v, "SELECT k.id FROM reference_keys k WHERE k.tenant_id = ? AND k.params LIKE ? AND "+others.text+
		" GROUP BY k.type, k.id HAVING max(CASE WHEN k.target_id = ? THEN 1 ELSE 0 END) = 0",
		append(append([]any{v.Tenant(), search.LinkedBy(search.CompartmentParam)}, others.args...), patient)...)
	return len(found) > 0, err
}
