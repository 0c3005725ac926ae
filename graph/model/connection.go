package model

// Connection is a page of a list. https://relay.dev/graphql/connections.htm
type Connection[N any] struct {
	Edges      []Edge[N]
	Nodes      []N
	PageInfo   PageInfo
	TotalCount *int
}

// Edge is one node of a page with the cursor of what follows it.
type Edge[N any] struct {
	Cursor string
	Node   N
}

// The lists.
type (
	// PatientConnection is a page of patients.
	PatientConnection = Connection[Patient]
	// PatientEdge is a patient on a page.
	PatientEdge = Edge[Patient]
	// EncounterConnection is a page of visits.
	EncounterConnection = Connection[Encounter]
	// EncounterEdge is a visit on a page.
	EncounterEdge = Edge[Encounter]
	// ClaimConnection is a page of claims.
	ClaimConnection = Connection[Claim]
	// ClaimEdge is a claim on a page.
	ClaimEdge = Edge[Claim]
	// InvoiceConnection is a page of invoices.
	InvoiceConnection = Connection[Invoice]
	// InvoiceEdge is an invoice on a page.
	InvoiceEdge = Edge[Invoice]
)

// PageInfo says where a page lies in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}
