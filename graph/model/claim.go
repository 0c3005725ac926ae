package model

import "medbill/fhir"

// A claim and its parts.
type (
	// Claim is FHIR Claim.
	Claim struct{ resource }
	// ClaimCareTeam is who did it.
	ClaimCareTeam struct{ node }
	// ClaimDiagnosis is one diagnosis.
	ClaimDiagnosis struct{ node }
	// ClaimInsurance is the plan.
	ClaimInsurance struct{ node }
	// ClaimItem is one line.
	ClaimItem struct{ node }
	// ClaimItemDetail is the drug of a line, or what a front end says more of it.
	ClaimItemDetail struct{ node }
)

// IsWorkSubject says that a claim may wait for a person.
func (Claim) IsWorkSubject() {}

// Identifier gives the business identifiers, our claim number among them.
func (c Claim) Identifier() []Identifier { return list[Identifier](c.get("identifier")) }

// Status is draft, active, cancelled or entered-in-error.
func (c Claim) Status() *string { return text(c.get("status")) }

// State is how far our claim has come; a client's extension on a claim of billing done elsewhere says nothing.
func (c Claim) State() *string { return text(c.at("Claim.state")) }

// Frequency is 7 where it replaces the claim before it, 8 where it voids that.
func (c Claim) Frequency() *string { return text(c.at("Claim.frequency")) }

// Sent is the day on which the payer first got it.
func (c Claim) Sent() *string { return text(c.at("Claim.sent")) }

// PayerClaimNumber is the payer's number of it.
func (c Claim) PayerClaimNumber() *Identifier { return one[Identifier](c.at("Claim.payerClaimNumber")) }

// Before is the reference to the claim before one that replaces or voids it.
func (c Claim) Before() string {
	return c.fhir.Get("related").At(0).In("claim", "reference").Text()
}

// Type is professional, institutional and the like.
func (c Claim) Type() *CodeableConcept { return one[CodeableConcept](c.get("type")) }

// Use is claim, preauthorization or predetermination.
func (c Claim) Use() *string { return text(c.get("use")) }

// BillablePeriod is when the services were.
func (c Claim) BillablePeriod() *Period { return one[Period](c.get("billablePeriod")) }

// Created is when it was made.
func (c Claim) Created() *string { return text(c.get("created")) }

// CareTeam gives who did it.
func (c Claim) CareTeam() []ClaimCareTeam { return list[ClaimCareTeam](c.get("careTeam")) }

// Diagnosis gives the diagnoses in order.
func (c Claim) Diagnosis() []ClaimDiagnosis { return list[ClaimDiagnosis](c.get("diagnosis")) }

// Insurance gives the plans.
func (c Claim) Insurance() []ClaimInsurance { return list[ClaimInsurance](c.get("insurance")) }

// Item gives the lines.
func (c Claim) Item() []ClaimItem { return list[ClaimItem](c.get("item")) }

// Total is what is billed.
func (c Claim) Total() *Money { return amount(c.get("total")) }

// Sequence is the number by which lines name the member.
func (c ClaimCareTeam) Sequence() *int { return integer(c.get("sequence")) }

// NPI is of a provider who is named without a record.
func (c ClaimCareTeam) NPI() *string { return text(c.at("ClaimCareTeam.npi")) }

// Role is primary, supervisor and the like.
func (c ClaimCareTeam) Role() *CodeableConcept { return one[CodeableConcept](c.get("role")) }

// Sequence is the number by which lines point at the diagnosis.
func (d ClaimDiagnosis) Sequence() *int { return integer(d.get("sequence")) }

// DiagnosisCodeableConcept is the diagnosis.
func (d ClaimDiagnosis) DiagnosisCodeableConcept() *CodeableConcept {
	return one[CodeableConcept](d.get("diagnosisCodeableConcept"))
}

// Sequence is the order of the plans.
func (i ClaimInsurance) Sequence() *int { return integer(i.get("sequence")) }

// Focal says whether this plan is asked.
func (i ClaimInsurance) Focal() *bool { return boolean(i.get("focal")) }

// PreAuthRef are the numbers by which the payer authorized what is claimed.
func (i ClaimInsurance) PreAuthRef() []string { return texts(i.get("preAuthRef")) }

// Sequence is the number of the line.
func (i ClaimItem) Sequence() *int { return integer(i.get("sequence")) }

// Rendering is who did it: the first of the care team that the line names.
func (i ClaimItem) Rendering() *ClaimCareTeam {
	return one[ClaimCareTeam](i.at("ClaimItem.rendering"))
}

// DiagnosisSequence gives the diagnoses the line points at.
func (i ClaimItem) DiagnosisSequence() []int { return integers(i.get("diagnosisSequence")) }

// ProductOrService is the service.
func (i ClaimItem) ProductOrService() *CodeableConcept {
	return one[CodeableConcept](i.get("productOrService"))
}

// Modifier gives the modifiers of the service.
func (i ClaimItem) Modifier() []CodeableConcept { return list[CodeableConcept](i.get("modifier")) }

// ServicedDate is the day of service.
func (i ClaimItem) ServicedDate() *string { return text(i.get("servicedDate")) }

// ServicedPeriod is from when until when the service was.
func (i ClaimItem) ServicedPeriod() *Period { return one[Period](i.get("servicedPeriod")) }

// LocationCodeableConcept is the place of service.
func (i ClaimItem) LocationCodeableConcept() *CodeableConcept {
	return one[CodeableConcept](i.get("locationCodeableConcept"))
}

// Quantity is how many units.
func (i ClaimItem) Quantity() *Quantity { return one[Quantity](i.get("quantity")) }

// Detail gives the drug that was given, and what a front end says more.
func (i ClaimItem) Detail() []ClaimItemDetail { return list[ClaimItemDetail](i.get("detail")) }

// Sequence is the number of the detail.
func (d ClaimItemDetail) Sequence() *int { return integer(d.get("sequence")) }

// ProductOrService is the drug.
func (d ClaimItemDetail) ProductOrService() *CodeableConcept {
	return one[CodeableConcept](d.get("productOrService"))
}

// Quantity is how much of it.
func (d ClaimItemDetail) Quantity() *Quantity { return one[Quantity](d.get("quantity")) }

// UnitPrice is the price of one unit.
func (i ClaimItem) UnitPrice() *Money { return amount(i.get("unitPrice")) }

// Net is what the line bills.
func (i ClaimItem) Net() *Money { return amount(i.get("net")) }

// ChargeReference names the charge that the line bills, or is "".
func (i ClaimItem) ChargeReference() string {
	return extension(i.fhir, fhir.ExtensionCharge).In("valueReference", "reference").Text()
}
