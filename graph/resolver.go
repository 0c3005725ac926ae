// Package graph is the GraphQL door: the records of FHIR and the books of billing in one graph, for the office. It decides
// nothing: what may be seen is decided by internal/records and billing/inquiry, what may be done by billing. Types are FHIR's, element by
// element, with references resolved and what the books know beside them.
//
// Who sees what beyond the right to read a type: findings, postings, balances, cases and work items are the office's, so a
// patient's or a payer's token is refused (FORBIDDEN) however it reads the record itself; postings, balances and payments
// also need the right to read Account, which a coder does not have. A reference to a record that may not be seen is null,
// as if the record were not there; a list of records that refer back is an error without the right to search their type.
// What a dry run would have done is cut by the same rules.
package graph

import (
	"medbill/billing"
	"medbill/billing/inquiry"
	"medbill/internal/records"
)

//go:generate sh -c "cd .. && go run github.com/99designs/gqlgen generate"

// Resolver answers the fields that a document alone does not.
type Resolver struct {
	records *records.Records
	books   *inquiry.Books
	office  *billing.Office
}
