package payer

import (
	"strings"

	"medbill/models/money"
	"medbill/payer/plan"
)

// Row is a scenario: which members it is about, what is to be expected, and what the payer sends. All of it is data.
type Row struct {
	ID     string // as the list of scenarios numbers it
	Prefix string // of the member's number; the longest counts
	Plan   string // of which payer
	Expect string
	Parts  []Part // one for every member that plays in it; told apart by what follows the prefix

	Eligibility   *Eligibility
	Authorization []Decision // in turn, by day
}

// Part is what one member of a scenario gets.
type Part struct {
	Suffix string // of the member's number, after its first hyphen; empty: every member
	Terms  plan.Terms
	First  []Step // when a claim comes
	Again  []Step // when it comes again; nil: as First
	Later  []Step // after the answer to the first claim, on the payer's own accord
}

// Kind is what a letter is.
type Kind string

// The letters of a payer.
const (
	Acknowledgement Kind = "acknowledgement"
	Rejection       Kind = "rejection"
	Judgement       Kind = "judgement"
	Reversal        Kind = "reversal"
	Voided          Kind = "voided"    // nothing was paid of what is voided
	Documents       Kind = "documents" // a Task
)

// Trigger is what a letter waits for.
type Trigger string

// What sets a letter off, with its days counted from there.
const (
	OnClaim     Trigger = ""
	OnDocuments Trigger = "documents"
	OnInquiry   Trigger = "inquiry" // told where it is asked for, never sent
)

// Step is one letter of a scenario.
type Step struct {
	On        Trigger     `json:"on,omitempty"`
	After     int         `json:"after,omitempty"` // days
	Letter    Kind        `json:"letter"`
	Terms     *plan.Terms `json:"terms,omitempty"`     // in place of the member's
	Category  string      `json:"category,omitempty"`  // STC01-1
	Status    string      `json:"status,omitempty"`    // STC01-2
	Text      string      `json:"text,omitempty"`      // for people
	CLP       string      `json:"clp,omitempty"`       // CLP02; empty: by the place of the payer
	Crossover string      `json:"crossover,omitempty"` // the plan that the claim is passed on to
	Lines     Lines       `json:"lines,omitempty"`
	Corrects  bool        `json:"corrects,omitempty"` // has a number of its own
	Mangled   bool        `json:"mangled,omitempty"`  // names the claim by a number that nobody knows
	Interest  money.Cents `json:"interest,omitempty"`
	Owed      string      `json:"owed,omitempty"` // the code under which what this takes back is owed: WO
	Remit     Remit       `json:"remit,omitzero"`
}

// Lines says which lines an answer has.
type Lines string

// All lines, the first one, or those after it.
const (
	AllLines  Lines = ""
	FirstLine Lines = "first"
	OtherLine Lines = "others"
)

// Remit is how the money of an answer is told, where that is not with all others of the day.
type Remit struct {
	Apart       bool        `json:"apart,omitempty"`       // on a trace of its own
	Off         money.Cents `json:"off,omitempty"`         // by which the payment is not the sum
	Twice       bool        `json:"twice,omitempty"`       // sent again as it was
	Contradicts bool        `json:"contradicts,omitempty"` // then with other content
	Silent      bool        `json:"silent,omitempty"`      // neither answer nor remittance are sent
}

// rowOf gives the scenario of a member at a plan, and the member's part in it.
func rowOf(planName, member string) (Row, Part) {
	var found Row
	for _, r := range Rows {
		if r.Plan == planName && len(r.Parts) > 0 && strings.HasPrefix(strings.ToUpper(member), r.Prefix) && len(r.Prefix) > len(found.Prefix) {
			found = r
		}
	}
	_, suffix, _ := strings.Cut(strings.ToUpper(member), "-")
	for _, p := range found.Parts {
		if strings.HasPrefix(suffix, p.Suffix) {
			return found, p
		}
	}
	return Row{}, Part{Terms: Plans[planName].Terms, First: answered}
}
