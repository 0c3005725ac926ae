package model

import (
	"strconv"

	"medbill/models"
)

// Case is what is billed together.
type Case struct{ row *models.Case }

// CaseOf shows a case. Views of the same row are of the same reading.
func CaseOf(row *models.Case) *Case { return &Case{row} }

// The cases.
type (
	// CaseConnection is a page of cases.
	CaseConnection = Connection[Case]
	// CaseEdge is a case on a page.
	CaseEdge = Edge[Case]
)

// CaseOrigin is what opened a case.
type CaseOrigin interface{ IsCaseOrigin() }

// IsCaseOrigin says that a visit opens a case.
func (Encounter) IsCaseOrigin() {}

// IsCaseOrigin says that a front end's draft opens a case.
func (Claim) IsCaseOrigin() {}

// Source gives the row as what the view was read with.
func (c Case) Source() any { return c.row }

// ID names what opened it.
func (c Case) ID() string { return string(c.row.ID) }

// OriginRef names what opened it.
func (c Case) OriginRef() models.Ref { return c.row.ID.Origin() }

// PatientRef names the patient.
func (c Case) PatientRef() models.Ref {
	return models.Ref{Type: "Patient", ID: string(c.row.PatientID)}
}

// Version changes with every word about the case.
func (c Case) Version() string { return strconv.FormatInt(c.row.Version(), 10) }

// State says how far it has come.
func (c Case) State() models.CaseState { return c.row.State }

// Turn says who moves it on.
func (c Case) Turn() models.Turn { return c.row.State.Turn() }

// Reason is nil where nothing is in the way.
func (c Case) Reason() *string { return given(c.row.Reason) }

// Due is nil where the turn is somebody else's.
func (c Case) Due() *models.CaseStep {
	if c.row.Due == models.StepNone {
		return nil
	}
	return &c.row.Due
}

// DueAt is when the step is due; nil where none is.
func (c Case) DueAt() *string {
	if c.row.Due == models.StepNone {
		return nil
	}
	return given(c.row.DueAt.String())
}

// ServiceDate is the first day of service.
func (c Case) ServiceDate() *string { return given(c.row.ServiceDate) }
