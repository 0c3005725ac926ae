package models

// JobKind names what a worker does after the transaction that asked for it.
type JobKind string

// The jobs. What is due stands in the rows of the cases; a job only wakes a worker for it.
const (
	JobCase JobKind = "work-case" // do what is due of one case; subject: its id
)

// Job is one thing to do.
type Job struct {
	Kind    JobKind
	Tenant  TenantID
	Subject string
}
