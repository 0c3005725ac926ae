// Package plan is what a payer of the simulation covers, and how it judges a claim by that: pure arithmetic over cents and
// dates. It knows no document, no clock and nothing of medbill's own billing, so that the two can be held against each other.
package plan

import (
	"time"

	"medbill/models/money"
)

// Plan is what a payer covers: what it allows for each code, and the terms of a member of whom nothing else is said.
type Plan struct {
	Name    string
	Title   string
	Carrier string // who offers it, as it stands in identifiers
	Allowed map[string]money.Cents
	Bundled map[string]bool // paid with another service
	Other   int64           // percent of the charge that is allowed for codes without an amount
	Terms   Terms
}

// Terms are a member's: what is left to pay of its own, and what the payer does not cover.
type Terms struct {
	Allowed       map[string]money.Cents // in place of the plan's
	Deductible    money.Cents            // of a year
	OutOfPocket   money.Cents            // of a year; 0: no limit
	Coinsurance   int64                  // percent
	Copay         money.Cents            // of a claim
	Sequestration int64                  // percent that is kept of each payment
	InFull        bool                   // charges are allowed as they are
	FilingDays    int                    // from service to receipt; 0: no limit
	Authorization bool                   // nothing is paid without one
	Refused       Reason                 // of the whole claim
	RefusedLines  map[string]Reason      // by code
	Remarks       []string               // of the claim
	Misreports    bool                   // as a second payer, tells what others did as its own contract
}

// Reason is why an amount is not paid: a group and a CARC.
type Reason struct{ Group, Code string }

// Claim is what is judged.
type Claim struct {
	Lines      []Line
	Authorized bool
	Serviced   time.Time // midnight of the day, as Received
	Received   time.Time
	Used       Used
	Prior      map[int]Prior // what the payers before left, by line; nil for the first payer
}

// Line is one service; Charge is that of all its units.
type Line struct {
	Number int         `json:"number"`
	Code   string      `json:"code"`
	Units  int64       `json:"units"`
	Charge money.Cents `json:"charge"`
}

// Used is what the member has paid already in the year.
type Used struct{ Deductible, OutOfPocket money.Cents }

// Prior is what an earlier payer paid on a line and left to the patient.
type Prior struct {
	Paid    money.Cents `json:"paid"`
	Patient money.Cents `json:"patient"`
}

// Judgement is what a payer makes of a claim.
type Judgement struct {
	Lines   []Judged `json:"lines"`
	Remarks []string `json:"remarks,omitempty"`
}

// Judged is a line: its charge is what is paid and the adjustments.
type Judged struct {
	Number      int          `json:"number"`
	Charge      money.Cents  `json:"charge"`
	Allowed     money.Cents  `json:"allowed"`
	Paid        money.Cents  `json:"paid"`
	Adjustments []Adjustment `json:"adjustments,omitempty"`
}

// Adjustment is an amount that is not paid, and why: a CAS triplet.
type Adjustment struct {
	Group  string      `json:"group"`
	Code   string      `json:"code"`
	Amount money.Cents `json:"amount"`
}

// Charge gives what was billed on all lines.
func (j Judgement) Charge() money.Cents {
	var total money.Cents
	for _, l := range j.Lines {
		total += l.Charge
	}
	return total
}

// Paid gives what is paid on all lines.
func (j Judgement) Paid() money.Cents {
	var total money.Cents
	for _, l := range j.Lines {
		total += l.Paid
	}
	return total
}

// Of gives the sum of the adjustments of a group, of one code where that is given.
func (j Judgement) Of(group, code string) money.Cents {
	var total money.Cents
	for _, l := range j.Lines {
		for _, a := range l.Adjustments {
			if a.Group == group && (code == "" || a.Code == code) {
				total += a.Amount
			}
		}
	}
	return total
}

// Reversed gives the mirror: every amount with its sign turned.
func (j Judgement) Reversed() Judgement {
	mirror := Judgement{}
	for _, l := range j.Lines {
		turned := Judged{Number: l.Number, Charge: -l.Charge, Allowed: -l.Allowed, Paid: -l.Paid}
		for _, a := range l.Adjustments {
			turned.Adjustments = append(turned.Adjustments, Adjustment{a.Group, a.Code, -a.Amount})
		}
		mirror.Lines = append(mirror.Lines, turned)
	}
	return mirror
}

// Only gives the judgement of some of the lines: the first ones, or those after them.
func (j Judgement) Only(keep func(Judged) bool) Judgement {
	part := Judgement{Remarks: j.Remarks}
	for _, l := range j.Lines {
		if keep(l) {
			part.Lines = append(part.Lines, l)
		}
	}
	return part
}
