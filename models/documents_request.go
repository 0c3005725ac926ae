package models

// DocumentsRequest is what a payer wants to see before it judges a claim. It is read from a Task of the payer. Da Vinci CDex, attachment request.
type DocumentsRequest struct {
	PayerID OrganizationID
	ClaimID ClaimID
	Number  string // the payer's control number, as system|value; "" where it has none
	Due     Date
	Wanted  []WantedDocument
}

// WantedDocument is a document by its code, LOINC mostly.
type WantedDocument struct{ System, Code string }
