package intake

import (
	"cmp"
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// Contact reads how somebody is written to and called: a Patient, a RelatedPerson, a Practitioner or an Organization.
func Contact(d *fhir.Document) models.Contact {
	root := d.Root()
	c := models.Contact{Name: root.Get("name").Text(), Address: mailAddress(root.Get("address")), Phone: phone(root.Get("telecom"))}
	if root.Get("name").Kind() == fhir.KindArray {
		c.Name = wholeName(preferredName(root.Get("name")))
	}
	return c
}

// wholeName gives a name as it is said, else as it is written down in one piece.
func wholeName(name fhir.Node) string {
	var parts []string
	for _, element := range []string{"given", "family", "suffix"} {
		node := name.Get(element)
		if node.Kind() != fhir.KindArray {
			parts = append(parts, node.Text())
		}
		for part := range node.Children() {
			parts = append(parts, part.Text())
		}
	}
	return cmp.Or(strings.Join(strings.Fields(strings.Join(parts, " ")), " "), name.Get("text").Text())
}

// mailAddress gives the address that takes mail: one for bills before one for mail, that before any other, one that can only be gone to last; none that is no longer used.
func mailAddress(addresses fhir.Node) models.Address {
	var chosen models.Address
	best := 0
	for a := range addresses.Children() {
		rank := 2
		switch {
		case a.Get("use").Is("old"):
			continue
		case a.Get("use").Is("billing"):
			rank = 4
		case a.Get("type").Is("postal"):
			rank = 3
		case a.Get("type").Is("physical"):
			rank = 1
		}
		if rank > best {
			best, chosen = rank, writtenAddress(a)
		}
	}
	return chosen
}

// writtenAddress gives an address; one that is only written down in one piece is all street.
func writtenAddress(a fhir.Node) models.Address {
	read := addressOf(a)
	if read.Street == "" && read.City == "" {
		read.Street = a.Get("text").Text()
	}
	return read
}

// phone gives the first number to call that is in use.
func phone(telecoms fhir.Node) string {
	for t := range telecoms.Children() {
		if t.Get("system").Is("phone") && !t.Get("use").Is("old") {
			return t.Get("value").Text()
		}
	}
	return ""
}
