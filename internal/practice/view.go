// Package practice judges claims by the rules that a practice wrote: conditions in CEL over a small view of a claim, tried on examples
// before they are kept. It reads nothing and changes nothing.
package practice

// View is a claim as a condition sees it.
type View struct {
	Claim   Claim   `json:"claim"`
	Patient Patient `json:"patient"`
}

// Claim is the variable claim. Amounts are cents, days are written as 2026-03-02.
type Claim struct {
	Type      string   `cel:"type" json:"type"`           // professional or institutional
	Payer     string   `cel:"payer" json:"payer"`         // id of the Organization
	Provider  string   `cel:"provider" json:"provider"`   // id of who bills
	Place     string   `cel:"place" json:"place"`         // place of service, two digits
	BillType  string   `cel:"bill_type" json:"bill_type"` // of a hospital's claim
	From      string   `cel:"from" json:"from"`           // first day of service
	Until     string   `cel:"until" json:"until"`         //
	Billed    int64    `cel:"billed" json:"billed"`       //
	Diagnoses []string `cel:"diagnoses" json:"diagnoses"` // ICD-10-CM codes in order, without the point
	Lines     []Line   `cel:"lines" json:"lines"`
}

// Line is the variable line of a rule that is asked of each.
type Line struct {
	Number    int64    `cel:"number" json:"number"`
	System    string   `cel:"system" json:"system"` // CPT, HCPCS or revenue
	Code      string   `cel:"code" json:"code"`
	Revenue   string   `cel:"revenue" json:"revenue"`
	Modifiers []string `cel:"modifiers" json:"modifiers"`
	Units     float64  `cel:"units" json:"units"`
	Day       string   `cel:"day" json:"day"`
	Billed    int64    `cel:"billed" json:"billed"`
	Provider  string   `cel:"provider" json:"provider"`   // id of who did it
	Diagnoses []string `cel:"diagnoses" json:"diagnoses"` // those it points to
}

// Patient is the variable patient.
type Patient struct {
	Age int64  `cel:"age" json:"age"` // in years on the first day of service; -1 where it is unknown
	Sex string `cel:"sex" json:"sex"` // male, female, other or unknown; "" where nobody said
}
