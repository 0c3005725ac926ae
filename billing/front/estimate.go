package front

import (
	"cmp"
	"fmt"

	"medbill/billing/desk"
	"medbill/billing/inquiry"
	"medbill/billing/rules/charge"
	"medbill/billing/rules/coding"
	"medbill/billing/rules/scrub"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Estimate gives what a patient is expected to owe of services that nobody did yet: under the plan that is named, or pays first on their day, else what is charged. It refuses what Priced refuses, and
// (BusinessRule) a plan that is none of the patient's on the day, and a day on which it is unclear who pays. It changes nothing.
func Estimate(s *desk.Sheet, patient models.PatientID, asked models.EstimateRequest) (inquiry.Estimate, error) {
	patient, err := s.Survivor(patient)
	if err != nil {
		return inquiry.Estimate{}, err
	}
	plan, err := planOf(s, patient, asked)
	if err != nil {
		return inquiry.Estimate{}, err
	}
	charges, err := Priced(s, patient, asked, plan.PayerID)
	if err != nil {
		return inquiry.Estimate{}, err
	}
	if plan.ID == "" {
		return inquiry.OfCharges(charges), nil
	}
	c := claimOf(asked, charges)
	c.PatientID, c.CoverageID, c.InsurerID, c.BillingID = patient, plan.ID, plan.PayerID, s.Settings().PracticeID
	return inquiry.OfClaim(s.View, c)
}

// planOf gives the plan that is asked for services; the zero Coverage where no plan is on file.
func planOf(s *desk.Sheet, patient models.PatientID, asked models.EstimateRequest) (models.Coverage, error) {
	payers, err := s.Payers(patient)
	if err != nil {
		return models.Coverage{}, err
	}
	if asked.CoverageID != "" {
		plan, found := payers.Named(asked.CoverageID, asked.Day)
		if !found {
			err = fault.At(fault.BusinessRule, "estimate.coverage", "coverage", "The plan is none of the patient's that is in force on the day and names its payer; name another one, or leave it out.")
		}
		return plan, err
	}
	if unclear := payers.Unclear([]models.Date{asked.Day}); unclear != "" {
		return models.Coverage{}, fault.At(fault.BusinessRule, "estimate.coverage", "coverage", "It is unclear who pays on the day, unless coverage says so. "+unclear)
	}
	if order := payers.Order(asked.Day); len(order) > 0 {
		return order[0], nil
	}
	return models.Coverage{}, nil
}

// Priced gives the charges that services would make for a payer, "" for the patient alone. It refuses (Invalid) what breaks the form, and (BusinessRule) too many services, a code that is none on the day and a
// service without a price, each with its place.
func Priced(s *desk.Sheet, patient models.PatientID, asked models.EstimateRequest, payer models.OrganizationID) ([]models.Charge, error) {
	if err := models.CheckServices(len(asked.Services)); err != nil {
		return nil, fault.Under("service", err)
	}
	if issues := append(asked.Check(), coding.CheckServices(asked.Services)...); len(issues) > 0 {
		return nil, fault.Of(fault.Invalid, issues)
	}
	codes := make([]string, len(asked.Services))
	for i, service := range asked.Services {
		codes[i] = service.Code
	}
	prices, err := books.Prices(s.View, codes)
	if err != nil {
		return nil, err
	}
	issues, err := unknown(s, asked)
	if err != nil {
		return nil, err
	}
	charges := make([]models.Charge, len(asked.Services))
	for i, service := range asked.Services {
		var priced bool
		if charges[i], priced = charge.Of(models.Case{PatientID: patient}, service, i+1, prices, payer); !priced {
			issues = append(issues, fault.Issue{
				Code: "charge.no-price", Path: fmt.Sprintf("service[%d].code", i), Text: "No fee schedule has a price of the service on the day; load one, or state what it costs as charge.",
			})
		}
	}
	if len(issues) > 0 {
		return nil, fault.Of(fault.BusinessRule, issues)
	}
	return charges, nil
}

// unknown gives the services whose codes are none on their day, as far as releases are here.
func unknown(s *desk.Sheet, asked models.EstimateRequest) ([]fault.Issue, error) {
	released, err := s.Books([]models.Date{asked.Day}, scrub.ServiceTables()...)
	if err != nil {
		return nil, err
	}
	var issues []fault.Issue
	for i, service := range asked.Services {
		c := models.Claim{Lines: []models.ClaimLine{{System: service.System, Code: service.Code, ServiceDate: asked.Day}}}
		for _, f := range scrub.ServiceCodes(c, released) {
			if f.Severity == models.SeverityError {
				issues = append(issues, fault.Issue{Code: "code-invalid", Path: fmt.Sprintf("service[%d].code", i), Text: f.Text})
			}
		}
	}
	return issues, nil
}

// claimOf gives the professional claim that charges would make, which is never saved.
func claimOf(asked models.EstimateRequest, charges []models.Charge) models.Claim {
	c := models.Claim{
		Type: models.ClaimProfessional, State: models.ClaimDraft, Position: 1, Part: 1, ServiceFrom: asked.Day, ServiceUntil: asked.Day, PlaceOfService: cmp.Or(asked.Place, models.PlaceOffice), Rendering: models.Performer{ID: asked.Rendering},
	}
	for i, one := range charges {
		c.Billed += one.Billed
		c.Lines = append(c.Lines, models.ClaimLine{
			Sequence: i + 1, System: one.System, Code: one.Code, Modifiers: one.Modifiers, Units: one.Units, ServiceDate: asked.Day, Rendering: c.Rendering, Billed: one.Billed,
		})
	}
	return c
}
