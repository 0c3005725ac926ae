package render

import (
	"medbill/fhir"
	"medbill/models"
)

type eligibilityRequest struct {
	written
	Status       string                 `json:"status"`
	Purpose      []string               `json:"purpose"`
	Patient      *fhir.Reference        `json:"patient"`
	ServicedDate string                 `json:"servicedDate,omitempty"`
	Created      string                 `json:"created"`
	Provider     *fhir.Reference        `json:"provider,omitempty"`
	Insurer      *fhir.Reference        `json:"insurer"`
	Insurance    []eligibilityInsurance `json:"insurance"`
	Item         []eligibilityItem      `json:"item"`
}

type eligibilityInsurance struct {
	Focal    bool            `json:"focal"`
	Coverage *fhir.Reference `json:"coverage"`
}

type eligibilityItem struct {
	Category fhir.CodeableConcept `json:"category"`
}

// EligibilityRequest gives a question about a plan that billing asks a payer by itself, for the practice. https://hl7.org/fhir/R4/coverageeligibilityrequest.html
func EligibilityRequest(c models.CoverageCheck, practice models.OrganizationID) []byte {
	return fhir.Encode(eligibilityRequest{
		written: ours("CoverageEligibilityRequest", string(c.ID)), Status: "active", Purpose: []string{"validation", "benefits"},
		Patient: fhir.To("Patient", c.PatientID), ServicedDate: string(c.Day), Created: string(c.Asked), Provider: fhir.To("Organization", practice), Insurer: fhir.To("Organization", c.PayerID),
		Insurance: []eligibilityInsurance{{true, fhir.To("Coverage", c.CoverageID)}}, Item: []eligibilityItem{{fhir.Concept(fhir.SystemServiceType, c.Service)}},
	})
}
