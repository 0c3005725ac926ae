package graph

import (
	"fmt"
	"strings"

	"medbill/graph/model"
	"medbill/models"
	"medbill/models/fault"
)

var serviceSystems = map[model.ServiceSystem]string{
	model.ServiceSystemCPT:   models.SystemCPT,
	model.ServiceSystemHCPCS: models.SystemHCPCS,
}

// coding reads what a coder says, as $code does: a service that names no diagnosis points at the first four diagnoses.
func coding(input model.CodeEncounterInput) (models.Coding, error) {
	var c models.Coding
	for i, code := range input.Diagnosis {
		c.Diagnoses = append(c.Diagnoses, models.Diagnosis{Sequence: i + 1, Code: code})
	}
	for i, charge := range input.Charge {
		count, err := models.ReadUnits(charge.Units)
		if err != nil {
			return c, fault.Under(fmt.Sprintf("input.charge[%d].units", i), err)
		}
		s := models.Service{
			System: serviceSystems[charge.System], Code: deref(charge.Code), Revenue: deref(charge.Revenue), Modifiers: charge.Modifier, Units: count,
			Pointers: charge.DiagnosisSequence, ServiceDate: models.Date(charge.ServiceDate),
		}
		if err := counted(&s, charge, fmt.Sprintf("input.charge[%d]", i)); err != nil {
			return c, err
		}
		if s.Code == "" && s.Revenue != "" {
			s.System, s.Code = models.SystemRevenue, s.Revenue
		}
		if charge.DiagnosisSequence == nil && s.Revenue == "" {
			for n := range min(len(c.Diagnoses), models.LinePointersMax) {
				s.Pointers = append(s.Pointers, n+1)
			}
		}
		c.Services = append(c.Services, s)
	}
	return c, stay(input.Stay, &c)
}

// counted reads the minutes and the drug of a service.
func counted(s *models.Service, charge model.ChargeInput, path string) error {
	if charge.Minutes != nil {
		if *charge.Minutes < 1 {
			return fault.At(fault.Invalid, "value", path+".minutes", "The number must be 1 or more.")
		}
		s.Units, s.Measure = models.UnitsOf(*charge.Minutes), models.InMinutes
	}
	if charge.Drug == nil {
		return nil
	}
	number, ok := models.ParseNDC(charge.Drug.Ndc)
	if !ok {
		return fault.At(fault.Invalid, "code-invalid", path+".drug.ndc", "The drug must have a National Drug Code of eleven digits, or with its two hyphens.")
	}
	quantity, err := models.ReadUnits(charge.Drug.Quantity)
	if err != nil {
		return fault.Under(path+".drug.quantity", err)
	}
	s.Drug = models.Drug{NDC: number, Unit: models.DrugUnit(charge.Drug.Unit), Quantity: quantity}
	return nil
}

// codingPlace names a place as the input does: billing calls a charge without a price a service.
func codingPlace(path string) string {
	if part, ok := strings.CutPrefix(path, "service"); ok {
		return "input.charge" + part
	}
	if strings.HasPrefix(path, "diagnosis") || strings.HasPrefix(path, "stay") {
		return "input." + path
	}
	return path
}
