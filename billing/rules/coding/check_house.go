package coding

import (
	"fmt"
	"regexp"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// Shapes of what a UB-04 says in codes.
var (
	shapeRevenue     = regexp.MustCompile(`^[0-9]{4}$`)
	shapeBillType    = regexp.MustCompile(`^[1-9][0-9][0-9A-Z]$`)
	shapeInformation = regexp.MustCompile(`^[0-9A-Z]{2}$`)
	shapeOneTwo      = regexp.MustCompile(`^[0-9A-Z]{1,2}$`)
	shapePCS         = regexp.MustCompile(`^[0-9A-HJ-NP-Z]{7}$`)
	shapeDRG         = regexp.MustCompile(`^[0-9]{3}$`)
	shapePresent     = regexp.MustCompile(`^[YNUW1]$`)
)

// house looks at what is said of the stay and of diagnoses in it. Nothing may be said where the house bills no service: it would be
// lost.
func (k *checker) house() {
	c := k.coding
	isSaid := func(d models.Diagnosis) bool { return !d.InHospital.Equal(models.InHospital{}) }
	if !isOfHouse(c) && (!c.Stay.IsEmpty() || slices.ContainsFunc(c.Diagnoses, isSaid)) {
		k.add("coding.stay", "stay", "A stay is said of a visit of which no service has a revenue code; add the code, or leave the stay out.")
	}
	for i, d := range c.Diagnoses {
		k.inHospital(fmt.Sprintf("diagnosis[%d]", i), d.InHospital)
	}
	for _, one := range []struct {
		value, name, text string
		shape             *regexp.Regexp
	}{
		{c.Stay.BillType, "typeOfBill", "The type of bill must have three digits, of which the last may be a letter.", shapeBillType},
		{c.Stay.Priority, "priority", "The priority of the admission must have one or two characters, digits or capital letters.", shapeOneTwo},
		{c.Stay.PointOfOrigin, "pointOfOrigin", "The point of origin must have one or two characters, digits or capital letters.", shapeOneTwo},
		{c.Stay.DischargeStatus, "dischargeStatus", "The discharge status must have two digits.", shapeInformation},
	} {
		if one.value != "" && !one.shape.MatchString(one.value) {
			k.add("coding.stay-shape", "stay."+one.name, one.text)
		}
	}
	for i, p := range c.Stay.Providers {
		if c.Stay.Provider(p.Role) != p.Who {
			k.add("coding.provider-role", fmt.Sprintf("stay.provider[%d]", i), "The role stands twice; a claim has one provider in each.")
		}
		if !slices.Contains(models.ProviderRoles, p.Role) {
			k.add("coding.provider-role", fmt.Sprintf("stay.provider[%d]", i), "A provider is attending, operating, otheroperating, referring or rendering.")
		}
	}
	for i, p := range c.Stay.Procedures {
		if !shapePCS.MatchString(p.Code) {
			k.add("coding.procedure-shape", fmt.Sprintf("stay.procedure[%d]", i), "The procedure is not written as an ICD-10-PCS code; send seven characters, none of them I or O.")
		}
		if p.Day != "" {
			k.issues = append(k.issues, fault.IssuesAt(fmt.Sprintf("stay.procedure[%d].date", i), models.CheckDay(p.Day))...)
		}
	}
	for i, one := range c.Stay.Information {
		if one.Amount != nil && one.Number != nil {
			k.add("coding.information-value", fmt.Sprintf("stay.information[%d]", i), "The value is stated in dollars and as a number; state one of them.")
		}
		if !shapeInformation.MatchString(one.Code) {
			k.add("coding.information-shape", fmt.Sprintf("stay.information[%d]", i), "Occurrence, condition and value codes have two characters, digits or capital letters.")
		}
	}
}

func (k *checker) inHospital(path string, said models.InHospital) {
	for _, role := range said.Roles {
		if !slices.Contains(models.DiagnosisRoles, role) {
			k.add("coding.diagnosis-role", path, "A diagnosis is principal, admitting, patientreasonforvisit, externalcauseofinjury or other.")
		}
	}
	if said.OnAdmission != "" && !shapePresent.MatchString(said.OnAdmission) {
		k.add("coding.on-admission", path, "Present on admission is Y, N, U, W or 1.")
	}
	if said.Package != "" && !shapeDRG.MatchString(said.Package) {
		k.add("coding.package", path, "The DRG must have three digits.")
	}
}
