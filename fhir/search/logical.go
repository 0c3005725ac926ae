package search

import (
	"slices"

	"medbill/fhir"
)

// IdentifierParam is the parameter under whose token keys a record is known by its business identifiers.
const IdentifierParam = "identifier"

// Logical is a reference by identifiers in place of an address, and the served types that fit it.
type Logical struct {
	fhir.Logical
	Types []string
}

// Logicals gives the logical references of d. Which types fit one its own type says, else the parameter that reads the
// element, else any type does. https://hl7.org/fhir/R4/references.html#logical
func Logicals(d *fhir.Document) []Logical {
	found := fhir.Logicals(d)
	if len(found) == 0 {
		return nil
	}
	x := &extractor{root: d.Root(), fitting: map[fhir.Node][]string{}}
	if t := tables()[d.Type()]; t != nil {
		x.walk(x.root, &t.root)
	}
	logicals := make([]Logical, len(found))
	for i, l := range found {
		logicals[i] = Logical{l, fittingTypes(l.Type, x.fitting[l.Holder])}
	}
	return logicals
}

func fittingTypes(said string, targets []string) []string {
	if said != "" {
		targets = []string{said}
	}
	var types []string
	for _, t := range fhir.Types() {
		if len(targets) == 0 || slices.Contains(targets, t.Name) {
			types = append(types, t.Name)
		}
	}
	return types
}

// Resolve gives d with the addresses that find knows for its logical references; d itself where it knows none.
func Resolve(d *fhir.Document, logicals []Logical, find func(Logical) (address string, ok bool)) (*fhir.Document, error) {
	var edits []fhir.Edit
	for _, l := range logicals {
		if address, ok := find(l); ok {
			edits = append(edits, fhir.PointTo(l.Holder, address))
		}
	}
	return d.Edited(edits)
}

// Resolved gives the reference keys that resolved, a document with addresses in its logical references, leaves beside k,
// which it left without them.
func (k Keys) Resolved(resolved Keys) []ReferenceKey {
	var more []ReferenceKey
	for _, key := range resolved.References {
		if key.ID != "" && !slices.Contains(k.References, key) {
			more = append(more, key)
		}
	}
	return more
}

// BelongsTo reports whether the document is in a patient's compartment.
func (k Keys) BelongsTo(patient string) bool {
	return slices.ContainsFunc(k.References, func(key ReferenceKey) bool {
		return key.Param == CompartmentParam && key.ID == patient
	})
}
