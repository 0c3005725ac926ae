package graph

import (
	"errors"
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
		date, err := day(fmt.Sprintf("input.charge[%d].serviceDate", i), charge.ServiceDate)
		if err != nil {
			return c, err
		}
		s := models.Service{
			System: serviceSystems[charge.System], Code: charge.Code, Modifiers: charge.Modifier, Units: charge.Units,
			Pointers: charge.DiagnosisSequence, ServiceDate: date,
		}
		if charge.DiagnosisSequence == nil {
			for n := range min(len(c.Diagnoses), models.LinePointersMax) {
				s.Pointers = append(s.Pointers, n+1)
			}
		}
		c.Services = append(c.Services, s)
	}
	return c, nil
}

// atInput names the places of issues as the input does: billing calls a charge without a price a service.
func atInput(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	named := &fault.Fault{Kind: f.Kind, Err: f.Err}
	for _, issue := range f.Issues {
		if part, ok := strings.CutPrefix(issue.Path, "service"); ok {
			issue.Path = "input.charge" + part
		} else if strings.HasPrefix(issue.Path, "diagnosis") {
			issue.Path = "input." + issue.Path
		}
		named.Issues = append(named.Issues, issue)
	}
	return named
}
