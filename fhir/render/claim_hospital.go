package render

import (
	"medbill/fhir"
	"medbill/models"
)

type supportingInfo struct {
	Sequence      int                   `json:"sequence"`
	Category      fhir.CodeableConcept  `json:"category"`
	Code          *fhir.CodeableConcept `json:"code,omitempty"`
	TimingDate    models.Date           `json:"timingDate,omitempty"`
	TimingPeriod  *fhir.Period          `json:"timingPeriod,omitempty"`
	ValueQuantity *valueQuantity        `json:"valueQuantity,omitempty"`
}

// valueQuantity is a Quantity that may be money, for which supportingInfo has no type of its own in R4.
type valueQuantity struct {
	Value  fhir.Decimal `json:"value"`
	System string       `json:"system,omitempty"`
	Code   string       `json:"code,omitempty"`
}

type claimProcedure struct {
	Sequence                 int                    `json:"sequence"`
	Type                     []fhir.CodeableConcept `json:"type"`
	Date                     models.Date            `json:"date,omitempty"`
	ProcedureCodeableConcept fhir.CodeableConcept   `json:"procedureCodeableConcept"`
}

// hospital adds what an institutional claim says of the stay. What a front end wrote of it stays as it wrote it.
func (d *claim) hospital(c models.Claim) {
	if c.Stay.BillType != "" {
		concept := fhir.Concept(fhir.SystemBillType, c.Stay.BillType)
		d.SubType = &concept
	}
	if c.IsDrafted() {
		return
	}
	for i, p := range c.Stay.Providers {
		d.CareTeam = append(d.CareTeam, careTeamMember{i + 1, performer(p.Who), fhir.Concept(fhir.SystemC4BBCareTeamRole, string(p.Role))})
	}
	d.stay(c.Stay)
	for _, information := range c.Stay.Information {
		d.inform(informed(information))
	}
	for i, p := range c.Stay.Procedures {
		kind := "secondary"
		if i == 0 {
			kind = "primary"
		}
		d.Procedure = append(d.Procedure, claimProcedure{
			i + 1, []fhir.CodeableConcept{fhir.Concept(fhir.SystemProcedureType, kind)}, p.Day, fhir.Concept(models.SystemICD10PCS, p.Code),
		})
	}
}

// stay adds when the patient was in the house, how he came and how he left.
func (d *claim) stay(s models.Stay) {
	if s.Admitted != "" || s.Discharged != "" {
		d.inform(supportingInfo{
			Category: fhir.Concept(fhir.SystemC4BBInformation, "admissionperiod"), TimingPeriod: &fhir.Period{Start: s.Admitted, End: s.Discharged},
		})
	}
	for _, one := range []struct{ category, system, code string }{
		{"admtype", fhir.SystemAdmissionType, s.Priority},
		{"pointoforigin", fhir.SystemPointOfOrigin, s.PointOfOrigin},
		{"discharge-status", fhir.SystemDischargeStatus, s.DischargeStatus},
	} {
		if one.code != "" {
			code := fhir.Concept(one.system, one.code)
			d.inform(supportingInfo{Category: fhir.Concept(fhir.SystemC4BBInformation, one.category), Code: &code})
		}
	}
}

func (d *claim) inform(info supportingInfo) {
	info.Sequence = len(d.SupportingInfo) + 1
	d.SupportingInfo = append(d.SupportingInfo, info)
}

// informed gives an occurrence, occurrence span, condition or value code.
func informed(one models.StayInformation) supportingInfo {
	code := fhir.Concept(fhir.InformationSystems[string(one.Kind)], one.Code)
	info := supportingInfo{Category: fhir.Concept(fhir.SystemClaimInformation, string(one.Kind)), Code: &code}
	switch {
	case one.Kind == models.InformationSpan:
		info.TimingPeriod = period(one.From, one.Until)
	case one.From != "":
		info.TimingDate = one.From
	}
	switch {
	case one.Amount != nil:
		info.ValueQuantity = &valueQuantity{Value: fhir.Decimal(one.Amount.String()), System: fhir.SystemCurrency, Code: "USD"}
	case one.Number != nil:
		info.ValueQuantity = &valueQuantity{Value: fhir.Decimal(one.Number.String())}
	}
	return info
}

// inHospital adds what a hospital says of a diagnosis.
func (d *claimDiagnosis) inHospital(said models.InHospital) {
	for _, role := range said.Roles {
		d.Type = append(d.Type, fhir.Concept(fhir.DiagnosisTypes[role], role))
	}
	if said.OnAdmission != "" {
		concept := fhir.Concept(fhir.SystemOnAdmission, said.OnAdmission)
		d.OnAdmission = &concept
	}
	if said.Package != "" {
		concept := fhir.Concept(fhir.SystemDRG, said.Package)
		d.PackageCode = &concept
	}
}
