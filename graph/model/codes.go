package model

import (
	"medbill/billing"
	"medbill/internal/codes"
)

// What is found in code systems.
type (
	// CodeList is a page of codes.
	CodeList struct{ found billing.FoundCodes }
	// Code is one of them.
	Code struct {
		facts  codes.Facts
		system string
		row    codes.Concept
	}
)

// CodesOf shows what was found.
func CodesOf(found billing.FoundCodes) *CodeList { return &CodeList{found} }

// Nodes are the codes.
func (l CodeList) Nodes() []Code {
	nodes := make([]Code, len(l.found.Codes))
	for i, row := range l.found.Codes {
		nodes[i] = Code{l.found.Facts, l.found.SystemOf(i), row}
	}
	return nodes
}

// TotalCount is how many there are in all.
func (l CodeList) TotalCount() int { return l.found.Total }

// Release is what the release is called.
func (l CodeList) Release() string { return l.found.Release.Name }

// System is the URL of the code system.
func (c Code) System() string { return c.system }

// Code is written with its dot.
func (c Code) Code() string { return c.facts.Written(c.row.Code) }

// Display is the code itself where its text is not here.
func (c Code) Display() string {
	if c.row.Display == "" {
		return c.Code()
	}
	return c.row.Display
}

// OtherNames are what else the release calls it.
func (c Code) OtherNames() []string { return append([]string{}, c.row.Other...) }

// Billable says whether it may stand on a claim.
func (c Code) Billable() bool { return c.row.Billable }

// From is nil where the release says nothing.
func (c Code) From() *string { return given(c.row.Span.From) }

// Until is nil where the release says nothing.
func (c Code) Until() *string { return given(c.row.Span.Until) }
