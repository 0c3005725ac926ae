package model

import "medbill/billing/rules/reports"

// Report is a report of the books.
type Report struct{ table reports.Table }

// ReportOf shows a report.
func ReportOf(table reports.Table) *Report { return &Report{table} }

// Name is the report's.
func (r Report) Name() string { return r.table.Name }

// Title is what it is called.
func (r Report) Title() string { return r.table.Title }

// AsOf is nil where the report has no last day.
func (r Report) AsOf() *string { return given(r.table.AsOf) }

// Explanation says how it is counted.
func (r Report) Explanation() string { return r.table.Explanation }

// Columns say what stands in the rows.
func (r Report) Columns() []reports.Column { return r.table.Columns }

// Rows have a text for each column.
func (r Report) Rows() [][]string {
	rows := make([][]string, len(r.table.Rows))
	for i, row := range r.table.Rows {
		rows[i] = reports.Texts(row)
	}
	return rows
}
