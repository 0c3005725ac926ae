package models

import (
	"database/sql/driver"
	"strings"
)

// Document is one version of a FHIR resource as it is stored: Body is the bytes that were sent or rendered, with id and
// meta set. A deleted one has no body. External marks billing done elsewhere, which the books never see.
type Document struct {
	Type     string
	ID       string
	Version  int64
	Updated  Instant
	Deleted  bool
	External bool
	Digest   string // SHA-256 of Body in hexadecimal, set by the store
	Body     []byte
}

// Ref names a document.
type Ref struct{ Type, ID string }

// String gives "Patient/1", "" for the zero Ref.
func (r Ref) String() string {
	if r == (Ref{}) {
		return ""
	}
	return r.Type + "/" + r.ID
}

// RefOf reads "Type/id"; the zero Ref where the text is none.
func RefOf(text string) Ref {
	typ, id, ok := strings.Cut(text, "/")
	if !ok || typ == "" || id == "" {
		return Ref{}
	}
	return Ref{typ, id}
}

// Value writes the reference as its text.
func (r Ref) Value() (driver.Value, error) { return r.String(), nil }

// Scan reads what Value wrote.
func (r *Ref) Scan(src any) error {
	text, err := scannedText(src)
	*r = RefOf(text)
	return err
}

// Actor is on whose behalf the store works: the tenant whose data is seen, and who is written into the audit.
type Actor struct {
	Tenant  TenantID
	Subject string
}

// AuditAction says what was done to a record.
type AuditAction string

// The actions of an audit event.
const (
	AuditCreate  AuditAction = "create"
	AuditRead    AuditAction = "read"
	AuditUpdate  AuditAction = "update"
	AuditDelete  AuditAction = "delete"
	AuditSearch  AuditAction = "search"
	AuditHistory AuditAction = "history"
)
