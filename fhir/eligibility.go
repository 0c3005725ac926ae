package fhir

// Code systems of questions about coverage and of what payers say to them.
const (
	SystemServiceType    = "https://x12.org/codes/service-type-codes"
	SystemReject         = "https://codesystem.x12.org/005010/901" // X12 AAA03
	SystemFollowUp       = "https://codesystem.x12.org/005010/889" // X12 AAA04
	SystemBenefitType    = "http://terminology.hl7.org/CodeSystem/benefit-type"
	SystemCopayType      = "http://terminology.hl7.org/CodeSystem/coverage-copay-type"
	SystemBenefitNetwork = "http://terminology.hl7.org/CodeSystem/benefit-network"
	SystemBenefitUnit    = "http://terminology.hl7.org/CodeSystem/benefit-unit"
	SystemBenefitTerm    = "http://terminology.hl7.org/CodeSystem/benefit-term"

	// ExtensionOtherPayer (complex, on CoverageEligibilityResponse.insurance) is another payer that the asked one knows of: payer (Reference or Identifier), order and member. X12 EB*R.
	ExtensionOtherPayer = ExtensionBase + "other-payer"
	// ExtensionFollowUp (valueCoding, on CoverageEligibilityResponse.error) is what to do about a refusal. X12 AAA04.
	ExtensionFollowUp = ExtensionBase + "follow-up"
)
