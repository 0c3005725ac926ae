package fhir

// The canonical URLs under which medbill publishes what R4 has no place for. They are constants: stored documents carry
// them for life.
const (
	canonicalBase = "https://medbill.dev/fhir/"

	// ExtensionBase precedes the name of every extension of ours.
	ExtensionBase = canonicalBase + "StructureDefinition/"
	// ExtensionClaimState (valueCode, on Claim) is the lifecycle that Claim.status is too coarse for.
	ExtensionClaimState = ExtensionBase + "claim-state"
	// ExtensionClaimFrequency (valueCode, on Claim) is X12 CLM05-3: 7 where it replaces the related claim before it, 8 where it voids that.
	ExtensionClaimFrequency = ExtensionBase + "claim-frequency"
	// ExtensionSent (valueDateTime, on Claim) is the day on which it was first given to its payer.
	ExtensionSent = ExtensionBase + "sent"
	// ExtensionPayerClaimNumber (valueIdentifier, on Claim) is the payer's number of it, of the latest judgement. X12 CLP07.
	ExtensionPayerClaimNumber = ExtensionBase + "payer-claim-number"
	// ExtensionLineControlNumber (valueString, on Claim.item) is what comes back in REF*6R of an 835.
	ExtensionLineControlNumber = ExtensionBase + "line-control-number"
	// ExtensionCharge (valueReference to a ChargeItem, on Claim.item) is the charge that the line bills.
	ExtensionCharge = ExtensionBase + "charge"
	// ExtensionModifier (valueCode or valueCoding, on Procedure, ChargeItem, ChargeItemDefinition or their code) is one
	// CPT or HCPCS modifier; it repeats.
	ExtensionModifier = ExtensionBase + "procedure-modifier"
	// ExtensionDiagnosisPointer (valuePositiveInt, on ChargeItem) is the sequence of a diagnosis of the visit; it repeats.
	ExtensionDiagnosisPointer = ExtensionBase + "diagnosis-pointer"
	// ExtensionDrugQuantity (valueQuantity, on ChargeItem) is how much was given of the drug that productCodeableConcept names.
	ExtensionDrugQuantity = ExtensionBase + "drug-quantity"
	// ExtensionUnitPrice (valueMoney, on ChargeItem) is the price of one unit; priceOverride is the price of all.
	ExtensionUnitPrice = ExtensionBase + "unit-price"
	// ExtensionResponsible (valueCode patient, on ChargeItem) marks a charge that no payer is asked for.
	ExtensionResponsible = ExtensionBase + "responsible-party"
	// ExtensionPayer (valueReference to an Organization) limits prices to one payer, on ChargeItemDefinition, where it repeats; on
	// Task it is the payer whom the work is about.
	ExtensionPayer = ExtensionBase + "payer"
	// ExtensionDueDate (valueDate, on Invoice) is the day until which it is to be paid.
	ExtensionDueDate = ExtensionBase + "due-date"
	// ExtensionAmountDue (valueMoney, on Invoice) is what is open of it now; totalNet is what was asked when it was issued.
	ExtensionAmountDue = ExtensionBase + "amount-due"
	// ExtensionClaimPaymentStatus (valueCode, on ClaimResponse) is X12 CLP02.
	ExtensionClaimPaymentStatus = ExtensionBase + "clp-status"
	// ExtensionClaimStatus (valueCodeableConcept, on ClaimResponse) is the claim status category and code of an acknowledgement. X12 STC01.
	ExtensionClaimStatus = ExtensionBase + "claim-status"
	// ExtensionAnswerKind (valueCode, on ClaimResponse) is what the answer is to the books.
	ExtensionAnswerKind = ExtensionBase + "answer-kind"
	// ExtensionReverses and ExtensionReversedBy (valueReference to a ClaimResponse, on ClaimResponse) tie an answer to the one that takes it back.
	ExtensionReverses   = ExtensionBase + "reverses"
	ExtensionReversedBy = ExtensionBase + "reversed-by"
	// ExtensionRemarkCode (valueCoding, on ClaimResponse.processNote) is the RARC of the note.
	ExtensionRemarkCode = ExtensionBase + "remark-code"
	// ExtensionCrossoverCarrier names the payer to which the one that answers passed a claim on. X12 005010X221A1, NM1*TT.
	ExtensionCrossoverCarrier = ExtensionBase + "crossover-carrier"
	// ExtensionEncounter (valueReference to an Encounter, on Invoice) is the visit it bills.
	ExtensionEncounter = ExtensionBase + "encounter"

	// ExtensionAppointment (valueReference to an Appointment, on Claim) is what a good faith estimate was made for.
	ExtensionAppointment = ExtensionBase + "appointment"
	// ExtensionPrepayment (valueMoney, on Claim) is what a patient is asked to pay before the services of a good faith estimate. It is not owed.
	ExtensionPrepayment = ExtensionBase + "prepayment"
	// ExtensionGFEDisclaimer (valueString, on Claim) is what a patient is to know of a good faith estimate. https://hl7.org/fhir/us/davinci-pct/
	ExtensionGFEDisclaimer = "http://hl7.org/fhir/us/davinci-pct/StructureDefinition/gfeDisclaimer"

	// ExtensionWorkAmount (valueMoney, on Task) is what is at stake in it.
	ExtensionWorkAmount = ExtensionBase + "work-amount"
	// ExtensionWorkTakenBy (valueString, on Task) is the user who works on it until ExtensionWorkTakenUntil (valueInstant).
	ExtensionWorkTakenBy = ExtensionBase + "work-taken-by"
	// ExtensionWorkTakenUntil (valueInstant, on Task) is when it is free again.
	ExtensionWorkTakenUntil = ExtensionBase + "work-taken-until"
	// ExtensionWorkSnoozedUntil (valueInstant, on Task) is until when it is put off.
	ExtensionWorkSnoozedUntil = ExtensionBase + "work-snoozed-until"
	// ExtensionFinding (valueString, on OperationOutcome.issue) is the mark by which $override names a finding.
	ExtensionFinding = ExtensionBase + "finding"
	// ExtensionOverrideRole (valueCode, on OperationOutcome.issue) is who may override a finding: coder, biller or manager.
	ExtensionOverrideRole = ExtensionBase + "override-role"
	// ExtensionOverriddenBy (valueString, on OperationOutcome.issue) is the user who overrode a finding.
	ExtensionOverriddenBy = ExtensionBase + "overridden-by"
	// ExtensionSource (valueCode, on ClaimResponse and PaymentReconciliation) is the door that it came by: fhir where it is absent, file, or paper where a
	// person entered it.
	ExtensionSource = ExtensionBase + "source"
	// ExtensionPaymentMethod (valueCode, on PaymentReconciliation) is how a payer pays: ACH, CHK, FWT, BOP or NON. X12 BPR04. On a PaymentNotice, and
	// the receipt of one, it is how a patient paid: card, ach, cash, check or other.
	ExtensionPaymentMethod = ExtensionBase + "payment-method"
	// ExtensionTill (valueString, on PaymentNotice) is the till that cash, a check or the like is in.
	ExtensionTill = ExtensionBase + "till"
	// ExtensionPatient (valueReference, on PaymentNotice and the PaymentReconciliation of a receipt) is the patient whose money it is.
	ExtensionPatient = ExtensionBase + "patient"
	// ExtensionPayerOfRecord (valueReference, on the PaymentReconciliation of a receipt) is the person who paid; paymentIssuer can only be an
	// Organization.
	ExtensionPayerOfRecord = ExtensionBase + "payer-of-record"
	// ExtensionWorkLabel (valueString, on Task) is a label that somebody put on it; it repeats.
	ExtensionWorkLabel = ExtensionBase + "work-label"

	// SystemFault holds the codes of refusals, in OperationOutcome.issue.details.
	SystemFault = canonicalBase + "CodeSystem/fault"
	// SystemFinding holds the rules of the scrubber, in OperationOutcome.issue.details.
	SystemFinding = canonicalBase + "CodeSystem/finding"
	// SystemOrigin says where a document comes from, in meta.tag.
	SystemOrigin = canonicalBase + "CodeSystem/origin"
	// SystemPriceComponent names the parts of an Invoice line.
	SystemPriceComponent = canonicalBase + "CodeSystem/price-component"
	// SystemCoding says how a word on what a visit was came about: coded, agreed or recoded.
	SystemCoding = canonicalBase + "CodeSystem/coding"
	// SystemWorkKind says what a Task asks for.
	SystemWorkKind = canonicalBase + "CodeSystem/work-kind"
	// SystemWorkCategory tells Tasks of one kind from each other.
	SystemWorkCategory = canonicalBase + "CodeSystem/work-category"
	// SystemWorkReason says what a Task was opened for, finer than its kind.
	SystemWorkReason = canonicalBase + "CodeSystem/work-reason"
	// SystemWorkRole says whose work it is.
	SystemWorkRole = canonicalBase + "CodeSystem/work-role"
	// SystemWorkDecision says what was decided.
	SystemWorkDecision = canonicalBase + "CodeSystem/work-decision"

	// SystemClaimNumber holds our claim numbers, the patient control number of X12 CLM01.
	SystemClaimNumber = canonicalBase + "NamingSystem/claim-number"
	// SystemEstimateNumber holds our numbers of good faith estimates.
	SystemEstimateNumber = canonicalBase + "NamingSystem/estimate-number"
	// SystemReceipt holds the numbers of receipts that no processor numbered.
	SystemReceipt = canonicalBase + "NamingSystem/receipt"
	// SystemInvoiceNumber holds our invoice numbers.
	SystemInvoiceNumber = canonicalBase + "NamingSystem/invoice-number"
	// SystemUser names users as their tokens do.
	SystemUser = canonicalBase + "NamingSystem/user"
	// SystemDeposit names deposits by their ids: FHIR has no resource for them.
	SystemDeposit = canonicalBase + "NamingSystem/deposit"
)

// Codes of SystemPaymentStatus: a patient's payment that is to come, and one that is in the books.
const (
	PaymentPaid    = "paid"
	PaymentCleared = "cleared"
)

// Codes of SystemPaymentType: what a part of a payment is.
const (
	PaymentOfClaim    = "payment"
	PaymentAdjustment = "adjustment"
	PaymentAdvance    = "advance"
)

// OriginExternal tags a document that records billing done elsewhere.
var OriginExternal = Coding{System: SystemOrigin, Code: "external"}

// OriginOpening tags a claim that another system sent before the practice moved in.
var OriginOpening = Coding{System: SystemOrigin, Code: "opening"}

// OriginBilling tags a document of a kept type that billing wrote itself and nobody else changes.
var OriginBilling = Coding{System: SystemOrigin, Code: "billing"}

// CodePatientAccount is what a patient's billing account is called in SystemActCode.
const CodePatientAccount = "PBILLACCT"

// Code systems of HL7 that billing documents use. https://hl7.org/fhir/R4/terminologies-systems.html
const (
	SystemActCode            = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
	SystemAdjudication       = "http://terminology.hl7.org/CodeSystem/adjudication"
	SystemC4BBAdjudication   = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication"
	SystemC4BBCareTeamRole   = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBClaimCareTeamRole"
	SystemCareTeamRole       = "http://terminology.hl7.org/CodeSystem/claimcareteamrole"
	SystemClaimType          = "http://terminology.hl7.org/CodeSystem/claim-type"
	SystemPaymentStatus      = "http://terminology.hl7.org/CodeSystem/paymentstatus"
	SystemPaymentType        = "http://terminology.hl7.org/CodeSystem/payment-type"
	SystemConditionCertainty = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
	SystemIdentifierType     = "http://terminology.hl7.org/CodeSystem/v2-0203"
	SystemParticipation      = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
	SystemRelatedClaim       = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
	SystemPriority           = "http://terminology.hl7.org/CodeSystem/processpriority"
)
