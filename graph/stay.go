package graph

import (
	"fmt"

	"medbill/graph/model"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// stay adds what a coder says for a hospital, as the parameter stay of $code does.
func stay(input *model.StayInput, c *models.Coding) error {
	if input == nil {
		return nil
	}
	c.Stay = models.Stay{
		BillType: models.BillType(deref(input.TypeOfBill)), Admitted: deref(input.Admitted), Discharged: deref(input.Discharged),
		Priority: deref(input.Priority), PointOfOrigin: deref(input.PointOfOrigin), DischargeStatus: deref(input.DischargeStatus),
	}
	for i, d := range input.Diagnosis {
		if d.Sequence < 1 || d.Sequence > len(c.Diagnoses) {
			return fault.At(fault.Invalid, "value", fmt.Sprintf("input.stay.diagnosis[%d].sequence", i), "The number names no diagnosis; diagnoses are numbered from 1 in their order.")
		}
		c.Diagnoses[d.Sequence-1].InHospital = models.InHospital{Roles: d.Role, OnAdmission: deref(d.OnAdmission), Package: deref(d.Package)}
	}
	for _, p := range input.Provider {
		who := models.StayProvider{Role: models.ProviderRole(p.Role), Who: models.Performer{ID: models.PractitionerID(p.Practitioner)}}
		c.Stay.Providers = append(c.Stay.Providers, who)
	}
	for _, p := range input.Procedure {
		c.Stay.Procedures = append(c.Stay.Procedures, models.StayProcedure{Code: p.Code, Day: models.Date(deref(p.Date))})
	}
	for i, one := range input.Information {
		told, err := told(one)
		if err != nil {
			return fault.Under(fmt.Sprintf("input.stay.information[%d]", i), err)
		}
		c.Stay.Information = append(c.Stay.Information, told)
	}
	return nil
}

func told(input model.StayInformationInput) (models.StayInformation, error) {
	one := models.StayInformation{Kind: input.Kind, Code: input.Code, From: models.Date(deref(input.Date)), Until: models.Date(deref(input.Until))}
	if input.Amount != nil {
		cents, err := models.ReadAmount(input.Amount.Value)
		if err == nil {
			err = models.CheckCurrency(input.Amount.Currency)
		}
		if err != nil {
			return one, fault.Under("amount", err)
		}
		one.Amount = &cents
	}
	if input.Number != nil {
		thousandths, err := money.ParseDecimal(*input.Number, 3)
		if err != nil || thousandths < 0 {
			return one, fault.At(fault.Invalid, "value", "number", "The value must be a number of at most three decimals.")
		}
		number := models.Units(thousandths)
		one.Number = &number
	}
	return one, nil
}
