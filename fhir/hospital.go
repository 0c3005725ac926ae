package fhir

// Code systems of hospital claims: the NUBC's, as THO and CARIN name them, and those that sort them on a Claim.
// https://hl7.org/fhir/us/carin-bb/StructureDefinition-C4BB-ExplanationOfBenefit-Inpatient-Institutional.html
const (
	SystemBillType        = "https://www.nubc.org/CodeSystem/TypeOfBill"
	SystemAdmissionType   = "https://www.nubc.org/CodeSystem/PriorityTypeOfAdmitOrVisit"
	SystemPointOfOrigin   = "https://www.nubc.org/CodeSystem/PointOfOrigin"
	SystemDischargeStatus = "https://www.nubc.org/CodeSystem/PatDischargeStatus"
	SystemOccurrence      = "https://www.nubc.org/CodeSystem/OccurrenceCodes"
	SystemOccurrenceSpan  = "https://www.nubc.org/CodeSystem/OccurrenceSpanCodes"
	SystemCondition       = "https://www.nubc.org/CodeSystem/ConditionCodes"
	SystemValue           = "https://www.nubc.org/CodeSystem/ValueCodes"
	SystemOnAdmission     = "https://www.nubc.org/CodeSystem/PresentOnAdmissionIndicator"
	SystemDRG             = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software"

	SystemC4BBInformation   = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType"
	SystemC4BBDiagnosisType = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimDiagnosisType"
	SystemDiagnosisType     = "http://terminology.hl7.org/CodeSystem/ex-diagnosistype"
	SystemProcedureType     = "http://terminology.hl7.org/CodeSystem/ex-procedure-type"
	SystemDataAbsent        = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
	// SystemClaimInformation names the kinds of information of a claim for which CARIN has no code.
	SystemClaimInformation = canonicalBase + "CodeSystem/claim-information"

	SystemActPriority          = "http://terminology.hl7.org/CodeSystem/v3-ActPriority"
	SystemAdmitSource          = "http://terminology.hl7.org/CodeSystem/admit-source"
	SystemDischargeDisposition = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
	SystemCurrency             = "urn:iso:std:iso:4217"
)

// NotApplicable stands where a line has no HCPCS code.
var NotApplicable = Concept(SystemDataAbsent, "not-applicable")

// InformationSystems is the table of what a UB-04 tells in codes: which system the codes of a kind are of.
var InformationSystems = map[string]string{
	"occurrence": SystemOccurrence, "occurrence-span": SystemOccurrenceSpan, "condition": SystemCondition, "value": SystemValue,
}

// DiagnosisTypes is the table of what a diagnosis is to a visit: which system the role is of.
var DiagnosisTypes = map[string]string{
	"principal": SystemDiagnosisType, "admitting": SystemDiagnosisType, "patientreasonforvisit": SystemC4BBDiagnosisType,
	"externalcauseofinjury": SystemC4BBDiagnosisType, "other": SystemC4BBDiagnosisType,
}
