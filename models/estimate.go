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
