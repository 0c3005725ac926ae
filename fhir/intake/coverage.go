package intake

import (
	"strings"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// Coverage reads a Coverage; its days are taken in zone, or as written where zone is nil. The member's number is
// subscriberId, else the identifier of type MB.
func Coverage(d *fhir.Document, zone *time.Location) models.Coverage {
	root := d.Root()
	own := heldIn(root)
	order, _ := positiveOf(root.Get("order"))
	c := models.Coverage{
		ID:           models.CoverageID(d.ID()),
		PatientID:    models.PatientID(idOf(root.Get("beneficiary"), "Patient")),
		SubscriberID: root.Get("subscriberId").Text(),
		Subscriber:   own.named(root.Get("subscriber")),
		Order:        order,
		Active:       root.Get("status").Is("active"),
		Mistaken:     root.Get("status").Is("entered-in-error"),
		Period:       spanIn(root.Get("period"), zone),
	}
	for reference := range root.Get("payor").Children() {
		c.Payors = append(c.Payors, own.payor(reference))
	}
	c.PayerID = payerAmong(c.Payors)
	for identifier := range root.Get("identifier").Children() {
		if c.SubscriberID == "" && hasCode(identifier.Get("type"), fhir.SystemIdentifierType, "MB") {
			c.SubscriberID = identifier.Get("value").Text()
		}
	}
	return c
}

// payerAmong gives the one Organization that pays; a person beside it does not change that, anybody else does.
func payerAmong(payors []models.Payor) models.OrganizationID {
	var payer models.OrganizationID
	for _, p := range payors {
		id := models.OrganizationID(p.Ref.ID)
		switch {
		case p.IsPerson():
		case p.Ref.Type != "Organization" || id == "" || payer != "" && payer != id:
			return ""
		default:
			payer = id
		}
	}
	return payer
}

// payor reads one payor as it is named.
func (h held) payor(reference fhir.Node) models.Payor {
	p := models.Payor{Ref: h.named(reference), Name: reference.Get("display").Text(), Identifiers: identifiersOf(reference.Get("identifier"))}
	if own := h[reference.Get("reference").Text()]; own.Exists() {
		p.Identifiers = append(p.Identifiers, identifiersOf(own.Get("identifier"))...)
		if name := own.Get("name").Text(); name != "" {
			p.Name = name
		}
	}
	return p
}

func identifiersOf(identifiers fhir.Node) []models.Identifier {
	var list []models.Identifier
	for n := range identifiers.Each() {
		if value := n.Get("value").Text(); value != "" {
			list = append(list, models.Identifier{System: systemOf(n.Get("system")), Value: value})
		}
	}
	return list
}

// named gives what a reference names: type and id of a record of this server, the type alone of what the document holds
// itself or only describes.
func (h held) named(reference fhir.Node) models.Ref {
	text := reference.Get("reference").Text()
	if own := h[text]; own.Exists() {
		return models.Ref{Type: own.Get("resourceType").Text()}
	}
	typ, _, _ := strings.Cut(text, "/")
	if id := idOf(reference, typ); id != "" {
		return models.Ref{Type: typ, ID: id}
	}
	return models.Ref{Type: reference.Get("type").Text()}
}
