package intake

import (
	"slices"
	"strings"

	"medbill/fhir"
)

// held is the resources that a document holds itself, by the reference that names them ("#1"). It is read once for each
// document, so that many references into many resources cost no more than both together.
type held map[string]fhir.Node

func heldIn(root fhir.Node) held {
	var h held
	for resource := range root.Get("contained").Children() {
		if h == nil {
			h = held{}
		}
		h["#"+resource.Get("id").Text()] = resource
	}
	return h
}

// of gives the resource of this type that a reference names, or an absent one.
func (h held) of(reference fhir.Node, resourceType string) fhir.Node {
	resource := h[reference.Get("reference").Text()]
	if !resource.Get("resourceType").Is(resourceType) {
		return fhir.Node{}
	}
	return resource
}

// condition gives "Condition/…" or "#…" where a reference names a Condition of the tenant's or of the document's own, or "".
func (h held) condition(reference fhir.Node) string {
	if id := idOf(reference, "Condition"); id != "" {
		return "Condition/" + id
	}
	if h.of(reference, "Condition").Exists() {
		return reference.Get("reference").Text()
	}
	return ""
}

// isOther reports whether a reference says that it names a resource of another type than these.
func isOther(reference fhir.Node, resourceTypes ...string) bool {
	said := reference.Get("type").Text()
	if said == "" {
		text, _, _ := strings.Cut(reference.Get("reference").Text(), "/_history/")
		if parts := strings.Split(text, "/"); len(parts) > 1 {
			said = parts[len(parts)-2]
		}
	}
	_, known := fhir.TypeOf(said)
	return known && !slices.Contains(resourceTypes, said)
}
