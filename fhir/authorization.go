package fhir

// Code systems and extensions of requests for authorization. http://hl7.org/fhir/us/davinci-pas
const (
	SystemReviewAction = "https://codesystem.x12.org/005010/306"
	SystemReviewReason = "https://codesystem.x12.org/external/886"

	// SystemAuthorizationRequest numbers requests that have no number of their own.
	SystemAuthorizationRequest = canonicalBase + "NamingSystem/authorization-request"

	pasExtension = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-"
	// ExtensionReviewAction (complex, on ClaimResponse.item.adjudication, in older guides on item) is what a payer says of a service: its code, number and reasonCode.
	ExtensionReviewAction = pasExtension + "reviewAction"
	// ExtensionReviewActionCode (valueCodeableConcept, in ExtensionReviewAction) is the code of X12 306.
	ExtensionReviewActionCode = pasExtension + "reviewActionCode"
	// ExtensionAuthorizedDays (valuePeriod, on ClaimResponse.item) is when the service may be done.
	ExtensionAuthorizedDays = pasExtension + "itemPreAuthPeriod"
	// ExtensionAuthorizedDetail (complex, on ClaimResponse.item) is what is allowed where that is something else than what was asked for: productOrServiceCode and quantity.
	ExtensionAuthorizedDetail = pasExtension + "itemAuthorizedDetail"
)
