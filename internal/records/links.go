package records

import (
	"strings"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// relative gives the address of a request to this server without its base and without a leading slash.
func (r *Records) relative(address string) string {
	for _, base := range r.bases {
		if rest, under := strings.CutPrefix(address, base+"/"); under {
			return rest
		}
	}
	return strings.TrimPrefix(address, "/")
}

// Local reads a reference to a record of this server, relative or under one of its bases, of a version or not.
func (r *Records) Local(reference string) (models.Ref, bool) {
	typ, id, ok := fhir.Local(fhir.Relative(reference, r.bases))
	if _, served := fhir.TypeOf(typ); !ok || !served {
		return models.Ref{}, false
	}
	return models.Ref{Type: typ, ID: id}, true
}

// linker replaces what a client cannot know yet by the addresses of records, in one transaction.
type linker struct {
	records   *Records
	tx        *store.Tx
	principal auth.Principal
	addresses map[string]string // by fullUrl
	found     map[string]string // by condition
}

func (r *Records) linker(tx *store.Tx, p auth.Principal) *linker {
	return &linker{r, tx, p, map[string]string{}, map[string]string{}}
}

// linked gives document with its links to other entries and its references by condition replaced; document itself where it
// has none. A condition that finds none or several records is Ambiguous, and a reference to an entry that is not there is
// Invalid: outside of its Bundle a urn:uuid: or urn:oid: leads nowhere, and nothing that comes later can mend that.
// https://hl7.org/fhir/R4/http.html#trules
func (l *linker) linked(document *fhir.Document) (*fhir.Document, error) {
	edits := fhir.RewriteLinks(document, func(link string) (string, bool) {
		address, ok := l.addresses[link]
		return address, ok
	})
	var failed error
	edits = append(edits, fhir.RewriteReferences(document, func(n fhir.Node, reference string) (string, bool) {
		if _, linked := l.addresses[reference]; linked || failed != nil {
			return "", false
		}
		address, err := l.conditional(reference)
		if err == nil && isOfEntry(reference) {
			err = errDangling
		}
		if err != nil {
			failed = fault.Under(n.Path(), err)
		}
		return address, err == nil && address != ""
	})...)
	if failed != nil {
		return nil, failed
	}
	return document.Edited(edits)
}

// isOfEntry reports whether a reference leads to an entry of its own Bundle or nowhere.
// https://hl7.org/fhir/R4/bundle.html#references
func isOfEntry(reference string) bool {
	return strings.HasPrefix(reference, "urn:uuid:") || strings.HasPrefix(reference, "urn:oid:")
}

var errDangling = fault.New(fault.Invalid, "invalid", "The reference leads to no entry of the same transaction; send what it names along, or refer to a record.")

// conditional gives the address of the one record that a reference written as a search finds, "" for any other reference. A
// search of something that is no served type is refused (Invalid): as a literal it would lead nowhere for ever.
func (l *linker) conditional(reference string) (string, error) {
	typ, criteria, isSearch := strings.Cut(fhir.Relative(reference, l.records.bases), "?")
	if !isSearch || strings.ContainsAny(typ, ":#") { // the search is another server's, or none
		return "", nil
	}
	if _, served := fhir.TypeOf(typ); !served {
		return "", fault.New(fault.Invalid, "not-supported", "The conditional reference names no served resource type; write it as in Patient?identifier=system|value.")
	}
	if address, known := l.found[reference]; known {
		return address, nil
	}
	address, err := l.records.conditionalReference(l.tx, l.principal, typ, criteria)
	l.found[reference] = address
	return address, err
}
