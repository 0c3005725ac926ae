package models

// JobKind names a step that runs on its own after the transaction that asked for it.
type JobKind string

// The steps of a visit between which a crash may fall; each can be repeated without doing anything twice.
const (
	JobCapture JobKind = "capture-charges" // subject: Encounter id
	JobPrepare JobKind = "prepare-claim"   // subject: Encounter id
	JobSubmit  JobKind = "submit-claim"    // subject: Claim id
	JobInvoice JobKind = "issue-invoice"   // subject: "Encounter/…", or "Claim/…" for a draft that a front end wrote
)

// Job is one step to do.
type Job struct {
	Kind    JobKind
	Tenant  TenantID
	Subject string
}
