package intake

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// systemNames is the one table of code and identifier systems that billing reads, with the other names under which senders
// know them: the OID, what CMS calls them, what FHIR called them before R4. What a name differs in by keyOf is no other name.
// https://terminology.hl7.org/external_terminologies.html and https://terminology.hl7.org/codesystems-v3.html
var systemNames = map[string][]string{
	models.SystemCPT: {"urn:oid:2.16.840.1.113883.6.12"},
	models.SystemHCPCS: {
		"urn:oid:2.16.840.1.113883.6.285", "urn:oid:2.16.840.1.113883.6.14", "https://bluebutton.cms.gov/resources/codesystem/hcpcs",
		"https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets/Alpha-Numeric-HCPCS",
	},
	models.SystemICD10PCS: {"urn:oid:2.16.840.1.113883.6.4"},
	models.SystemRevenue:  nil,
	models.SystemICD10CM:  {"urn:oid:2.16.840.1.113883.6.90"},
	models.SystemPlaceOfService: {
		"urn:oid:2.16.840.1.113883.6.50", "https://www.cms.gov/Medicare/Coding/place-of-service-codes",
		"https://bluebutton.cms.gov/resources/variables/line_place_of_srvc_cd",
	},
	models.SystemNPI:   {"urn:oid:2.16.840.1.113883.4.6"},
	models.SystemGroup: {"http://www.wpc-edi.com/reference/codelists/healthcare/claim-adjustment-group-codes"},
	models.SystemCARC:  {"http://www.wpc-edi.com/reference/codelists/healthcare/claim-adjustment-reason-codes"},
	models.SystemRARC:  {"http://www.wpc-edi.com/reference/codelists/healthcare/remittance-advice-remark-codes"},

	fhir.SystemActCode:              {"urn:oid:2.16.840.1.113883.5.4", "http://hl7.org/fhir/v3/ActCode"},
	fhir.SystemParticipation:        {"urn:oid:2.16.840.1.113883.5.90", "http://hl7.org/fhir/v3/ParticipationType"},
	fhir.SystemIdentifierType:       {"urn:oid:2.16.840.1.113883.12.203", "http://hl7.org/fhir/v2/0203"},
	fhir.SystemConditionCertainty:   {"http://hl7.org/fhir/condition-ver-status"},
	fhir.SystemAdjudication:         {"http://hl7.org/fhir/adjudication"},
	fhir.SystemC4BBAdjudication:     nil,
	fhir.SystemCareTeamRole:         {"http://hl7.org/fhir/claimcareteamrole"},
	fhir.SystemC4BBCareTeamRole:     {"http://hl7.org/fhir/us/carin/CodeSystem/carin-bb-claimcareteamrole"},
	fhir.SystemBillType:             {"https://www.cms.gov/codes/billtype"},
	fhir.SystemAdmissionType:        nil,
	fhir.SystemPointOfOrigin:        nil,
	fhir.SystemDischargeStatus:      nil,
	fhir.SystemOccurrence:           nil,
	fhir.SystemOccurrenceSpan:       nil,
	fhir.SystemCondition:            nil,
	fhir.SystemValue:                nil,
	fhir.SystemOnAdmission:          nil,
	fhir.SystemDRG:                  nil,
	fhir.SystemC4BBInformation:      nil,
	fhir.SystemC4BBDiagnosisType:    nil,
	fhir.SystemDiagnosisType:        nil,
	fhir.SystemDataAbsent:           nil,
	fhir.SystemActPriority:          {"urn:oid:2.16.840.1.113883.5.7", "http://hl7.org/fhir/v3/ActPriority"},
	fhir.SystemAdmitSource:          {"http://hl7.org/fhir/admit-source"},
	fhir.SystemDischargeDisposition: {"http://hl7.org/fhir/discharge-disposition"},
	fhir.SystemClaimType:            {"http://hl7.org/fhir/ex-claimtype"},
	fhir.SystemServiceType:          {"https://codesystem.x12.org/005010/1365", "http://terminology.hl7.org/CodeSystem/ex-benefitcategory"},
	fhir.SystemReject:               nil,
	fhir.SystemReviewAction:         nil,
	fhir.SystemPriority:             {"http://hl7.org/fhir/processpriority"},
	fhir.SystemBenefitType:          nil,
	fhir.SystemCopayType:            nil,
	fhir.SystemBenefitNetwork:       nil,
	fhir.SystemBenefitUnit:          nil,
	fhir.SystemBenefitTerm:          nil,
}

// systemByKey is systemNames turned round.
var systemByKey = func() map[string]string {
	byKey := map[string]string{}
	for system, names := range systemNames {
		byKey[keyOf(system)] = system
		for _, name := range names {
			byKey[keyOf(name)] = system
		}
	}
	return byKey
}()

// keyOf takes off a system's name what senders write in more than one way: the scheme, www, capitals, what stands behind the
// last name.
func keyOf(system string) string {
	key := strings.ToLower(strings.TrimSpace(system))
	for _, prefix := range []string{"http://", "https://", "urn:oid:", "www."} {
		key = strings.TrimPrefix(key, prefix)
	}
	return strings.TrimSuffix(strings.TrimSuffix(key, "/"), ".html")
}

// systemOf gives the system that n names, as models and fhir call it; one that billing does not know as it was sent.
func systemOf(n fhir.Node) string {
	text := n.Text()
	if system, known := systemByKey[keyOf(text)]; known {
		return system
	}
	return text
}
