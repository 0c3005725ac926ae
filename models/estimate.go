package models

import (
	"fmt"
	"strings"

	"medbill/models/fault"
)

// EstimateRequest is what somebody wants to know the price of before it is done.
type EstimateRequest struct {
	Day        Date
	Services   []Service      // all on the day; Stated counts where the price list has no price
	Place      string         // place of service, two digits; "" is an office
	Rendering  PractitionerID // "" for nobody
	CoverageID CoverageID     // "" for the plan that pays first
}

// PlaceOffice is the place of service where nobody says another. https://www.cms.gov/medicare/coding-billing/place-of-service-codes
const PlaceOffice = "11"

// Check gives what is wrong with the place and the amounts; what services must be is the rules of coding's to say.
func (e EstimateRequest) Check() []fault.Issue {
	var issues []fault.Issue
	isNoDigit := func(c rune) bool { return c < '0' || c > '9' }
	if e.Place != "" && (len(e.Place) != 2 || strings.ContainsFunc(e.Place, isNoDigit)) {
		issues = append(issues, fault.Issue{Code: "code-invalid", Path: "place", Text: "A place of service has two digits."})
	}
	for i, s := range e.Services {
		if s.Stated != nil && *s.Stated < 0 {
			issues = append(issues, fault.Issue{Code: "value", Path: fmt.Sprintf("service[%d].charge", i), Text: "The charge must not be below 0.00."})
		}
	}
	return issues
}

// EstimatePlan is what a good faith estimate is to be made for, besides its services.
type EstimatePlan struct {
	EstimateRequest
	Appointment string         // "" where it is asked for without one
	Biller      OrganizationID // "" for the practice
	Prepayment  *Cents         // what the patient is asked to pay before; nil for nothing
}

// GoodFaithEstimate is what a practice told a patient who pays for himself that services will be charged, before they are done. 45 CFR 149.610
type GoodFaithEstimate struct {
	TenantID      TenantID   `gorm:"primaryKey"`
	ID            EstimateID `gorm:"primaryKey"`
	Number        string
	PatientID     PatientID
	AppointmentID string // "" where it is for the day alone
	PracticeID    OrganizationID
	RenderingID   PractitionerID
	Place         string
	Day           Date
	Made          Date
	Total         Cents
	Prepayment    Cents // what the patient is asked to pay before, which nobody owes
	Lines         List[EstimateLine]
	CaseID        CaseID // of the visit that was billed and for which it counts; "" until then
	Created       Instant
}

// TableName says what they are.
func (GoodFaithEstimate) TableName() string { return "good_faith_estimates" }

// EstimateLine is a service of a good faith estimate.
type EstimateLine struct {
	Sequence  int    `json:"sequence"`
	System    string `json:"system"`
	Code      string `json:"code"`
	Modifiers Codes  `json:"modifiers,omitempty"`
	Units     Units  `json:"units"`
	Charge    Cents  `json:"charge"`
}
