// Package models holds the nouns of billing: what the rules compute on, the store keeps in tables and render shows as
// FHIR. It knows neither FHIR nor a database; its tags only name columns.
package models

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Ids are FHIR logical ids of their resource type (at most 64 of A-Z a-z 0-9 - .), named so that two cannot be swapped.
type (
	// TenantID names a tenant; it comes from the token and leads every key.
	TenantID string
	// PatientID is a Patient.
	PatientID string
	// VisitID is an Encounter, as billing reads it.
	VisitID string
	// CoverageID is a Coverage.
	CoverageID string
	// OrganizationID is an Organization: a payer or a practice.
	OrganizationID string
	// PractitionerID is a Practitioner.
	PractitionerID string
	// ChargeID is a ChargeItem.
	ChargeID string
	// ClaimID is a Claim of ours.
	ClaimID string
	// AnswerID is a payer's ClaimResponse to a claim of ours.
	AnswerID string
	// InvoiceID is an Invoice.
	InvoiceID string
	// AccountID is a patient's Account.
	AccountID string
	// WorkItemID is a Task.
	WorkItemID string
	// EntryID is a journal entry.
	EntryID string
	// PaymentID is a payment by a patient.
	PaymentID string
)

// Date is a civil day as ISO 8601 text, "2026-03-02"; "" is unknown. Dates compare as text.
type Date string

// ParseDate reads the day of a FHIR date or dateTime; text that does not reach the day gives "" and false.
func ParseDate(text string) (Date, bool) {
	if len(text) < 10 {
		return "", false
	}
	if _, err := time.Parse(time.DateOnly, text[:10]); err != nil {
		return "", false
	}
	return Date(text[:10]), true
}

// AddDays gives the day n days later.
func (d Date) AddDays(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// Span is a range of days, both ends inside; an empty end is open.
type Span struct{ From, Until Date }

// Contains reports whether d lies in the span. An unknown day lies in no span that has an end.
func (s Span) Contains(d Date) bool {
	if d == "" {
		return s.From == "" && s.Until == ""
	}
	return (s.From == "" || s.From <= d) && (s.Until == "" || d <= s.Until)
}

// Instant is a moment in microseconds since 1970 UTC, the same number in both databases.
type Instant int64

// InstantOf gives t as an Instant.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

// String gives a FHIR instant with microseconds.
func (i Instant) String() string {
	return time.UnixMicro(int64(i)).UTC().Format("2006-01-02T15:04:05.000000Z")
}

// Time gives the moment as a time in UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// Codes is a short list of codes kept in one column, in order.
type Codes []string

// Value writes the codes separated by blanks.
func (c Codes) Value() (driver.Value, error) { return strings.Join(c, " "), nil }

// Scan reads what Value wrote.
func (c *Codes) Scan(src any) error {
	text, err := scannedText(src)
	*c = strings.Fields(text)
	return err
}

// Numbers is a short list of positive numbers kept in one column, in order: diagnosis pointers.
type Numbers []int

// Value writes the numbers separated by blanks.
func (n Numbers) Value() (driver.Value, error) {
	words := make([]string, len(n))
	for i, v := range n {
		words[i] = strconv.Itoa(v)
	}
	return strings.Join(words, " "), nil
}

// Scan reads what Value wrote.
func (n *Numbers) Scan(src any) error {
	text, err := scannedText(src)
	if err != nil {
		return err
	}
	words := strings.Fields(text)
	*n = make(Numbers, len(words))
	for i, w := range words {
		if (*n)[i], err = strconv.Atoi(w); err != nil {
			return fmt.Errorf("a list of numbers holds %d characters that are none", len(w))
		}
	}
	return nil
}

func scannedText(src any) (string, error) {
	switch v := src.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("a list column holds %T", src)
}
