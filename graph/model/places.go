package model

import (
	"medbill/fhir"
	"medbill/models"
)

// places says where the fields stand that are not under their own name; nil where that is in several places, or not told as it stands.
var places = map[string]Place{
	"Claim.state":                 ours(extended(fhir.ExtensionClaimState, "valueCode")),
	"Claim.frequency":             ours(extended(fhir.ExtensionClaimFrequency, "valueCode")),
	"Claim.sent":                  ours(extended(fhir.ExtensionSent, "valueDateTime")),
	"Claim.payerClaimNumber":      ours(extended(fhir.ExtensionPayerClaimNumber, "valueIdentifier")),
	"Claim.pdf":                   nil,
	"ClaimCareTeam.npi":           npiOfMember,
	"ClaimItem.rendering":         renderingOfLine,
	"ChargeItem.modifier":         nil,
	"ChargeItem.unitPrice":        ours(extended(fhir.ExtensionUnitPrice, "valueMoney")),
	"Communication.payload":       nil,
	"Condition.isEstablished":     nil,
	"DocumentContent.contentType": inside("attachment", "contentType"),
	"DocumentContent.title":       inside("attachment", "title"),
	"DocumentContent.url":         inside("attachment", "url"),
	"DocumentContent.size":        inside("attachment", "size"),
	"DocumentContent.creation":    inside("attachment", "creation"),
	"DocumentContent.text":        nil,
	"Encounter.superbill":         nil,
	"Invoice.pdf":                 nil,
	"Invoice.dueDate":             extended(fhir.ExtensionDueDate, "valueDate"),
	"Invoice.due":                 ours(extended(fhir.ExtensionAmountDue, "valueMoney")),
	"WorkItem.kind":               inside("code", "coding", "code"),
	"WorkItem.category":           inside("businessStatus", "coding", "code"),
	"WorkItem.role":               inside("performerType", "coding", "code"),
	"WorkItem.dueOn":              inside("restriction", "period", "end"),
	"WorkItem.deposit":            nil,
	"WorkItem.amount":             nil,
	"WorkItem.assignee":           nil,
	"WorkItem.snoozedUntil":       extended(fhir.ExtensionWorkSnoozedUntil, "valueInstant"),
	"WorkItem.labels":             nil,
	"WorkItem.reasons":            inside("input"),
	"WorkItem.decisions":          nil,
	"WorkItem.notes":              inside("note"),
	"Reason.code":                 inside("type", "coding", "code"),
	"Reason.path":                 inside("type", "text"),
	"Reason.text":                 inside("valueString"),
	"Note.by":                     inside("authorString"),
	"Note.at":                     inside("time"),
}

// inside is the value at the end of a path.
func inside(path ...string) Place { return func(n fhir.Node) fhir.Node { return n.In(path...) } }

// at gives the node at the place of a field that has one.
func (n node) at(field string) node { return node{places[field](n.fhir), n.of} }

// extended is the value of an extension.
func extended(url, key string) Place {
	return func(n fhir.Node) fhir.Node { return extension(n, url).Get(key) }
}

// ours is a place in records of billing done here: what a record of billing done elsewhere says of our extensions a client has
// made up.
func ours(place Place) Place {
	return func(n fhir.Node) fhir.Node {
		for tag := range n.Get("meta").Get("tag").Each() {
			if tag.Get("system").Is(fhir.SystemOrigin) && !tag.Get("code").Is(fhir.OriginOpening.Code) {
				return fhir.Node{}
			}
		}
		return place(n)
	}
}

// extension gives the first extension called url.
func extension(n fhir.Node, url string) fhir.Node {
	for e := range n.Get("extension").Each() {
		if e.Get("url").Is(url) {
			return e
		}
	}
	return fhir.Node{}
}

// npiOfMember is the number of a provider who is named without a record.
func npiOfMember(n fhir.Node) fhir.Node {
	who := n.Get("provider")
	if who.Get("reference").Exists() || !who.Get("identifier").Get("system").Is(models.SystemNPI) {
		return fhir.Node{}
	}
	return who.Get("identifier").Get("value")
}

// renderingOfLine is the first of the claim's care team that the line names.
func renderingOfLine(n fhir.Node) fhir.Node {
	for _, sequence := range integers(node{fhir: n.Get("careTeamSequence")}) {
		for member := range n.Root().Get("careTeam").Each() {
			if at := integer(node{fhir: member.Get("sequence")}); at != nil && *at == sequence {
				return member
			}
		}
	}
	return fhir.Node{}
}
