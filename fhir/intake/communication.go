package intake

import "medbill/fhir"

// InResponseTo gives the Communications of ours that a Communication answers.
func InResponseTo(d *fhir.Document) []string {
	var ids []string
	for of := range d.Root().Get("inResponseTo").Each() {
		if id := idOf(of, "Communication"); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}
