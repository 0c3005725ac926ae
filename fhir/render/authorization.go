package render

import (
	"encoding/json"

	"medbill/fhir"
	"medbill/models"
)

type authorizationBundle struct {
	resource
	Identifier fhir.Identifier      `json:"identifier"`
	Type       string               `json:"type"`
	Timestamp  string               `json:"timestamp"`
	Entry      []authorizationEntry `json:"entry"`
}

type authorizationEntry struct {
	FullURL  string   `json:"fullUrl"`
	Resource json.RawMessage `json:"resource"`
}

// AuthorizationBundle gives what a payer's Claim/$submit and Claim/$inquire take: the request first and then all that it names, under our base URL, made at a moment. A request without a number of its own
// has its id as one. http://hl7.org/fhir/us/davinci-pas/StructureDefinition-profile-pas-request-bundle.html
func AuthorizationBundle(a models.Authorization, base string, at models.Instant, request *fhir.Document, named ...*fhir.Document) []byte {
	if a.Number == AuthorizationNumber(a.ID) {
		request = numberedRequest(a, request)
	}
	b := authorizationBundle{
		resource: resource{ResourceType: "Bundle"}, Identifier: fhir.Identifier{System: fhir.SystemAuthorizationRequest, Value: string(a.ID)}, Type: "collection", Timestamp: at.String(),
	}
	for _, d := range append([]*fhir.Document{request}, named...) {
		b.Entry = append(b.Entry, authorizationEntry{base + "/" + d.Type() + "/" + d.ID(), d.Bytes()})
	}
	return fhir.Encode(b)
}

// AuthorizationNumber gives the number by which a payer's answers name a request that has none of its own.
func AuthorizationNumber(id models.ClaimID) string {
	return fhir.SystemAuthorizationRequest + "|" + string(id)
}

func numberedRequest(a models.Authorization, request *fhir.Document) *fhir.Document {
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

type review struct {
	resource
	Patient *fhir.Reference `json:"patient"`
	Insurer *fhir.Reference `json:"insurer"`
	Request *fhir.Reference `json:"request"`
}

// Review gives what is ours of a payer's answer to a request: whom it is about, who gives it and to what, by our addresses. All else is the payer's, as it was sent.
func Review(a models.Authorization, id string) []byte {
	return fhir.Encode(review{resource{"ClaimResponse", id}, fhir.To("Patient", a.PatientID), fhir.To("Organization", a.PayerID), fhir.To("Claim", a.ID)})
}
