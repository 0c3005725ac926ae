package render

import (
	"encoding/json"

	"medbill/fhir"
	"medbill/models"
)

type payerBundle struct {
	resource
	Identifier fhir.Identifier    `json:"identifier"`
	Type       string             `json:"type"`
	Timestamp  string             `json:"timestamp"`
	Entry      []payerBundleEntry `json:"entry"`
}

type payerBundleEntry struct {
	FullURL  string          `json:"fullUrl"`
	Resource json.RawMessage `json:"resource"`
}

// PayerBundle gives what a payer's Claim/$submit and Claim/$inquire take: a Claim first and then all that it names, under our base URL, made at a moment.
// http://hl7.org/fhir/us/davinci-pas/StructureDefinition-profile-pas-request-bundle.html
func PayerBundle(base string, at models.Instant, documents ...*fhir.Document) []byte {
	b := payerBundle{resource: resource{ResourceType: "Bundle"}, Identifier: fhir.Identifier{System: fhir.SystemAuthorizationRequest, Value: documents[0].ID()}, Type: "collection", Timestamp: at.String()}
	for _, d := range documents {
		b.Entry = append(b.Entry, payerBundleEntry{base + "/" + d.Type() + "/" + d.ID(), d.Bytes()})
	}
	return fhir.Encode(b)
}

// AuthorizationNumber gives the number by which a payer's answers name a request that has none of its own.
func AuthorizationNumber(id models.ClaimID) string {
	return fhir.SystemAuthorizationRequest + "|" + string(id)
}

// NumberedRequest gives a request with its number, where it has none of its own.
func NumberedRequest(a models.Authorization, request *fhir.Document) *fhir.Document {
	if a.Number != AuthorizationNumber(a.ID) {
		return request
	}
	owned, err := fhir.Parse(fhir.Encode(struct {
		resource
		Identifier []fhir.Identifier `json:"identifier"`
	}{resource{"Claim", string(a.ID)}, numbered(fhir.SystemAuthorizationRequest, string(a.ID))}))
	if err != nil {
		return request
	}
	d, err := fhir.Parse(fhir.Overlay(request, owned))
	if err != nil {
		return request
	}
	return d
}

type answering struct {
	resource
	Patient *fhir.Reference `json:"patient"`
	Insurer *fhir.Reference `json:"insurer"`
	Request *fhir.Reference `json:"request"`
}

// Answering gives what is ours of an answer that comes with the addresses of the payer's own server: whom it is about, who gives it and to what. All else is the payer's, as it was sent.
func Answering(id string, request models.ClaimID, patient models.PatientID, payer models.OrganizationID) []byte {
	return fhir.Encode(answering{resource{"ClaimResponse", id}, fhir.To("Patient", patient), fhir.To("Organization", payer), fhir.To("Claim", request)})
}
