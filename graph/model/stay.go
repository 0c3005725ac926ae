package model

// What a claim of a hospital says in its head.
type (
	// ClaimInformation is what the UB-04 tells beside diagnoses and services.
	ClaimInformation struct{ node }
	// ClaimProcedure is one ICD-10-PCS procedure.
	ClaimProcedure struct{ node }
)

// SubType is the type of bill.
func (c Claim) SubType() *CodeableConcept { return one[CodeableConcept](c.get("subType")) }

// SupportingInfo gives admission, status and the NUBC's codes.
func (c Claim) SupportingInfo() []ClaimInformation {
	return list[ClaimInformation](c.get("supportingInfo"))
}

// Procedure gives what was done, the principal one first.
func (c Claim) Procedure() []ClaimProcedure { return list[ClaimProcedure](c.get("procedure")) }

// Type is what a diagnosis is to the stay.
func (d ClaimDiagnosis) Type() []CodeableConcept { return list[CodeableConcept](d.get("type")) }

// OnAdmission says whether the patient came with it.
func (d ClaimDiagnosis) OnAdmission() *CodeableConcept {
	return one[CodeableConcept](d.get("onAdmission"))
}

// PackageCode is the DRG.
func (d ClaimDiagnosis) PackageCode() *CodeableConcept {
	return one[CodeableConcept](d.get("packageCode"))
}

// Revenue says where in the house a service was given.
func (i ClaimItem) Revenue() *CodeableConcept { return one[CodeableConcept](i.get("revenue")) }

// Sequence is the number of the information.
func (i ClaimInformation) Sequence() *int { return integer(i.get("sequence")) }

// Category is what it tells.
func (i ClaimInformation) Category() *CodeableConcept {
	return one[CodeableConcept](i.get("category"))
}

// Code is what it says.
func (i ClaimInformation) Code() *CodeableConcept { return one[CodeableConcept](i.get("code")) }

// TimingDate is its day.
func (i ClaimInformation) TimingDate() *string { return text(i.get("timingDate")) }

// TimingPeriod is from when until when.
func (i ClaimInformation) TimingPeriod() *Period { return one[Period](i.get("timingPeriod")) }

// ValueQuantity is a number, or dollars.
func (i ClaimInformation) ValueQuantity() *Quantity { return one[Quantity](i.get("valueQuantity")) }

// Sequence is the number of the procedure.
func (p ClaimProcedure) Sequence() *int { return integer(p.get("sequence")) }

// Type is primary or secondary.
func (p ClaimProcedure) Type() []CodeableConcept { return list[CodeableConcept](p.get("type")) }

// Date is its day.
func (p ClaimProcedure) Date() *string { return text(p.get("date")) }

// ProcedureCodeableConcept is what was done.
func (p ClaimProcedure) ProcedureCodeableConcept() *CodeableConcept {
	return one[CodeableConcept](p.get("procedureCodeableConcept"))
}
