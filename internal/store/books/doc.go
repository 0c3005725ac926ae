// Package books is the room of the booked rows with their children, a file for each noun, and of their publishing: a row
// that was saved is rendered and put as a document once, before the transaction commits. The rows are the truth, the document
// says the same in FHIR. What a row may say is decided elsewhere.
package books
