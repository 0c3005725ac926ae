package models

import "slices"

// RuleReach says what a practice's rule looks at one by one.
type RuleReach string

// The reaches.
const (
	ReachClaim RuleReach = "claim"
	ReachLine  RuleReach = "line"
)

// RuleReaches lists them.
var RuleReaches = []RuleReach{ReachClaim, ReachLine}

// RuleAction says what comes of a claim or line to which a practice's rule applies.
type RuleAction string

// The actions.
const (
	RuleError    RuleAction = "error"        // the claim is held until it is corrected
	RuleHold     RuleAction = "hold"         // the claim is held until a person looked at it and lets it go
	RuleWarning  RuleAction = "warning"      // whoever works on the claim is told
	RuleModifier RuleAction = "set-modifier" // the line goes out with the modifier
	RuleRoute    RuleAction = "route"        // the claim is held for a queue
)

// RuleActions lists them.
var RuleActions = []RuleAction{RuleError, RuleHold, RuleWarning, RuleModifier, RuleRoute}

// TakesArgument reports whether the action says with what: a modifier, or the queue.
func (a RuleAction) TakesArgument() bool { return a == RuleModifier || a == RuleRoute }

// RuleState says whether a version of a practice's rule acts.
type RuleState string

// The states. Of the versions of one rule one at most is on.
const (
	RuleDraft RuleState = "draft" // saved, and never acted
	RuleOn    RuleState = "on"
	RuleOff   RuleState = "off"
)

// RuleStates lists them.
var RuleStates = []RuleState{RuleDraft, RuleOn, RuleOff}

// RuleExample is a small claim beside a rule, in the words of internal/practice, and where the rule acts on it: "claim", or "line 2" and
// the like; nowhere where that is empty.
type RuleExample struct {
	Title string   `json:"title"`
	View  string   `json:"view"` // JSON
	Acts  []string `json:"acts"`
}

// PracticeRule is one version of a rule that a practice wrote: the condition When in CEL, and what comes of a claim or line for which it is
// true. What a version says never changes, only its State does.
type PracticeRule struct {
	TenantID   TenantID  `gorm:"primaryKey"`
	ID         string    `gorm:"primaryKey"` // the practice's short name for it
	Version    int       `gorm:"primaryKey"` // from 1
	Title      string    // what its finding says
	Text       string    // why, and what to do; the remedy of its finding
	When       string    `gorm:"column:condition"`
	Each       RuleReach `gorm:"column:reach"`
	Action     RuleAction
	Argument   string // of an action that takes one
	From       Date   `gorm:"column:from_date"` // days of service
	Until      Date   `gorm:"column:until_date"`
	Examples   List[RuleExample]
	State      RuleState
	SavedBy    string
	Saved      Instant
	SwitchedBy string
	Switched   Instant
}

// Span is on which days of service the rule is in force.
func (r PracticeRule) Span() Span { return Span{From: r.From, Until: r.Until} }

// Says reports whether two versions say the same.
func (r PracticeRule) Says(other PracticeRule) bool {
	return r.Title == other.Title && r.Text == other.Text && r.When == other.When && r.Each == other.Each && r.Action == other.Action &&
		r.Argument == other.Argument && r.From == other.From && r.Until == other.Until &&
		slices.EqualFunc(r.Examples, other.Examples, func(a, b RuleExample) bool {
			return a.Title == b.Title && a.View == b.View && slices.Equal(a.Acts, b.Acts)
		})
}
