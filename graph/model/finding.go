package model

import "medbill/models"

// FindingOverride is a person's word that a finding does not hold its claim.
type FindingOverride struct{ row models.Override }

// OverrideOf shows who overrode a finding; nil where nobody did.
func OverrideOf(o models.Override) *FindingOverride {
	if o.By == "" {
		return nil
	}
	return &FindingOverride{o}
}

// By is who did.
func (o FindingOverride) By() User { return User{o.row.By} }

// At is when.
func (o FindingOverride) At() string { return o.row.At.String() }

// Reason is what the record says.
func (o FindingOverride) Reason() string { return o.row.Reason }
