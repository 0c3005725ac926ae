package front

import (
	"slices"

	"medbill/billing/desk"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// ByIdentifier replans, besides what after does, the cases of what names somebody by an identifier that a record got or lost: a
// reference by an identifier leads to the one record that has it, and to nobody where several have.
func ByIdentifier(after func(*store.Tx, records.Arrival) error) func(*store.Tx, records.Arrival) error {
	return func(tx *store.Tx, a records.Arrival) error {
		s, versions, err := desk.Compare(tx, a)
		if err != nil {
			return err
		}
		if changed := otherIdentifiers(versions); len(changed) > 0 {
			if err := ofNaming(s, changed); err != nil {
				return err
			}
		}
		return after(tx, a)
	}
}

// otherIdentifiers gives the identifiers that not all versions have.
func otherIdentifiers(versions []*fhir.Document) []models.Identifier {
	var all, others []models.Identifier
	has := make([][]models.Identifier, 2) // before the first version and after the last there is none
	for i, d := range versions {
		has[i] = intake.Identifiers(d)
		all = append(all, has[i]...)
	}
	for _, one := range all {
		if slices.Contains(has[0], one) != slices.Contains(has[1], one) && !slices.Contains(others, one) {
			others = append(others, one)
		}
	}
	return others
}

// ofNaming replans the cases of visits of which a document names somebody by one of these identifiers, and of whom a plan covers
// that names its payer so.
func ofNaming(s *desk.Sheet, identifiers []models.Identifier) error {
	naming := []struct{ typ, param, target string }{
		{"Encounter", "", ""}, {"Procedure", "encounter", "Encounter"}, {"ChargeItem", "context", "Encounter"}, {"PractitionerRole", "", ""}, {"Coverage", "beneficiary", "Patient"},
	}
	types := make([]string, len(naming))
	for i, from := range naming {
		types[i] = from.typ
	}
	found, err := documents.NamingByIdentifier(s.View, types, identifiers)
	if err != nil {
		return err
	}
	var visits []models.VisitID
	for _, from := range naming {
		refs := slices.DeleteFunc(slices.Clone(found), func(ref models.Ref) bool { return ref.Type != from.typ })
		for some := range slices.Chunk(refs, visitsAtOnce) {
			ids := make([]string, len(some))
			for i, ref := range some {
				ids[i] = ref.ID
			}
			if from.param != "" {
				if some, err = documents.References(s.View, from.typ, ids, from.param, from.target, 2*visitsAtOnce); err != nil {
					return err
				}
			}
			switch {
			case from.target == "Patient":
				err = ofPatients(s, idsOf[models.PatientID](some)...)
			case from.typ == "PractitionerRole":
				err = ofVisitsNaming(s, from.typ, ids...)
			default:
				visits = append(visits, idsOf[models.VisitID](some)...)
			}
			if err != nil {
				return err
			}
		}
	}
	return ofVisits(s, slices.Compact(slices.Sorted(slices.Values(visits))))
}

func idsOf[ID ~string](refs []models.Ref) []ID {
	ids := make([]ID, len(refs))
	for i, ref := range refs {
		ids[i] = ID(ref.ID)
	}
	return ids
}
