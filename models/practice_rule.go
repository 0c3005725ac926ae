package models

import (
	"encoding/json"
	"reflect"
)

// RuleID names a rule that a practice wrote, in small letters, digits and hyphens.
type RuleID string

// RuleAction is what a rule does where it holds.
type RuleAction string

// The actions.
const (
	RuleError       RuleAction = "error"        // holds the claim; a biller may override it
	RuleWarning     RuleAction = "warning"      // tells
	RuleHold        RuleAction = "hold"         // holds the claim; a manager may override it
	RuleSetModifier RuleAction = "set-modifier" // puts the modifier Value on the line
	RuleRoute       RuleAction = "route"        // holds the claim in the queue Value, a category of correct-claim, until a biller overrides it
)

// RuleState says whether a version of a rule acts.
type RuleState string

// The states. One version of a rule is on at most.
const (
	RuleDraft RuleState = "draft"
	RuleOn    RuleState = "on"
	RuleOff   RuleState = "off"
)

// PracticeRule is one version of a rule that a practice wrote. It is never changed but for its state; another word is another version.
type PracticeRule struct {
	TenantID              TenantID `gorm:"primaryKey"`
	ID                    RuleID   `gorm:"primaryKey"`
	Version               int      `gorm:"primaryKey"`
	State                 RuleState
	Title                 string
	Text                  string // what it says where it holds, without values of the claim
	EachLine              bool   // whether it is asked of each line, or once of the claim
	Condition             string // CEL over what internal/practice shows of a claim
	Action                RuleAction
	Value                 string // the modifier or queue; "" for the other actions
	ValidFrom, ValidUntil Date   // by the first day of service; "" is open
	Examples              List[RuleExample]
	Who                   string // who wrote it
	At                    Instant
}

// SaysLike reports whether two versions say the same, whoever wrote them when.
func (r PracticeRule) SaysLike(other PracticeRule) bool {
	other.TenantID, other.Version, other.State, other.Who, other.At = r.TenantID, r.Version, r.State, r.Who, r.At
	return reflect.DeepEqual(r, other)
}

// RuleExample is a claim with what the rule is to find on it: the numbers of the lines, or of a rule of claims 0 where it holds.
type RuleExample struct {
	Name  string          `json:"name"`
	Claim json.RawMessage `json:"claim"` // as internal/practice shows it
	Finds []int           `json:"finds"`
}
