package graph

import (
	"context"
	"fmt"

	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// estimateOf asks what a patient will owe of services that nobody did yet.
func (r *Resolver) estimateOf(ctx context.Context, input model.EstimateInput) (*model.Estimate, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	asked := models.EstimateRequest{
		Day: models.Date(input.On), Place: input.Place, Rendering: models.PractitionerID(deref(input.Practitioner)), CoverageID: models.CoverageID(deref(input.Coverage)),
	}
	if asked.Services, err = planned(input.Service, asked.Day); err != nil {
		return nil, err
	}
	expected, err := r.office.EstimateServices(ctx, p, models.PatientID(input.Patient), asked)
	if err != nil {
		return nil, fault.Under("input", err)
	}
	return model.EstimateOf(expected), nil
}

// planned reads services that nobody did yet.
func planned(list []model.EstimateServiceInput, day models.Date) ([]models.Service, error) {
	services := make([]models.Service, len(list))
	for i, one := range list {
		path := fmt.Sprintf("input.service[%d]", i)
		count, err := models.ReadUnits(one.Units)
		if err != nil {
			return nil, fault.Under(path+".units", err)
		}
		services[i] = models.Service{System: serviceSystems[one.System], Code: one.Code, Modifiers: one.Modifier, Units: count, ServiceDate: day}
		if one.Charge == nil {
			continue
		}
		charge, err := amount(path+".charge", one.Charge)
		if err != nil {
			return nil, err
		}
		services[i].Stated = &charge
	}
	return services, nil
}
