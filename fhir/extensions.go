package fhir

// ExtensionFacts is what there is to know about an extension of ours: where it stands and what it holds.
type ExtensionFacts struct {
	URL     string
	Name    string
	Text    string
	Types   []string // of its value
	On      []string // elements and types that have it
	Targets []string // types that a reference may name
}

// Extensions is every extension that is written or read here; each is served as a StructureDefinition.
var Extensions = []ExtensionFacts{
	{ExtensionClaimState, "ClaimState", "How far a claim is on its way; Claim.status is too coarse for it.", []string{"code"}, []string{"Claim"}, nil},
	{ExtensionClaimFrequency, "ClaimFrequency", "What a claim is to the one before it that related names: 7 replaces it, 8 voids it; 1, or none, is a first claim.", []string{"code"}, []string{"Claim"}, nil},
	{ExtensionSent, "Sent", "The day on which a claim was first given to its payer.", []string{"dateTime"}, []string{"Claim"}, nil},
	{ExtensionPayerClaimNumber, "PayerClaimNumber", "The payer's number of a claim, of the latest answer that judges it.", []string{"Identifier"}, []string{"Claim"}, nil},
	{ExtensionLineControlNumber, "LineControlNumber", "The number of a line that comes back in a remittance.", []string{"string"}, []string{"Claim.item"}, nil},
	{ExtensionCharge, "Charge", "The charge that a line bills.", []string{"Reference"}, []string{"Claim.item"}, []string{"ChargeItem"}},
	{ExtensionModifier, "ProcedureModifier", "A CPT or HCPCS modifier, as code or Coding.", []string{"code", "Coding"}, []string{"Procedure", "ChargeItem", "ChargeItemDefinition", "CodeableConcept"}, nil},
	{ExtensionDiagnosisPointer, "DiagnosisPointer", "The number of a diagnosis of the visit, for which a charge was made.", []string{"positiveInt"}, []string{"ChargeItem"}, nil},
	{ExtensionDrugQuantity, "DrugQuantity", "How much was given of the drug that productCodeableConcept names.", []string{"Quantity"}, []string{"ChargeItem"}, nil},
	{ExtensionUnitPrice, "UnitPrice", "The price of one unit; priceOverride is the price of all.", []string{"Money"}, []string{"ChargeItem"}, nil},
	{ExtensionResponsible, "ResponsibleParty", "Marks a charge that no payer is asked for, with the code patient.", []string{"code"}, []string{"ChargeItem"}, nil},
	{ExtensionPayer, "Payer", "Limits prices to one payer, or says whom work is about.", []string{"Reference"}, []string{"ChargeItemDefinition", "Task"}, []string{"Organization"}},
	{ExtensionDueDate, "DueDate", "The day until which an invoice is to be paid.", []string{"date"}, []string{"Invoice"}, nil},
	{ExtensionAmountDue, "AmountDue", "What is open of an invoice now; totalNet is what was asked when it was issued.", []string{"Money"}, []string{"Invoice"}, nil},
	{ExtensionEncounter, "InvoiceEncounter", "The visit that an invoice bills.", []string{"Reference"}, []string{"Invoice"}, []string{"Encounter"}},
	{ExtensionAppointment, "Appointment", "The appointment that a good faith estimate was made for.", []string{"Reference"}, []string{"Claim"}, []string{"Appointment"}},
	{ExtensionPrepayment, "Prepayment", "What a patient is asked to pay before the services of a good faith estimate; it is not owed.", []string{"Money"}, []string{"Claim"}, nil},
	{ExtensionClaimPaymentStatus, "ClaimPaymentStatus", "What an answer is, as X12 CLP02 says it: 22 takes an earlier answer back.", []string{"code"}, []string{"ClaimResponse"}, nil},
	{ExtensionClaimStatus, "ClaimStatus", "The claim status category of an acknowledgement, and its code.", []string{"CodeableConcept"}, []string{"ClaimResponse"}, nil},
	{ExtensionAnswerKind, "AnswerKind", "What an answer is to the books: original, interim, acknowledgement, reversal or correction.", []string{"code"}, []string{"ClaimResponse"}, nil},
	{ExtensionReverses, "Reverses", "The answer that this one takes back.", []string{"Reference"}, []string{"ClaimResponse"}, []string{"ClaimResponse"}},
	{ExtensionReversedBy, "ReversedBy", "The answer that took this one back.", []string{"Reference"}, []string{"ClaimResponse"}, []string{"ClaimResponse"}},
	{ExtensionRemarkCode, "RemarkCode", "The remittance advice remark code of a note.", []string{"Coding"}, []string{"ClaimResponse.processNote"}, nil},
	{ExtensionCrossoverCarrier, "CrossoverCarrier", "To which payer the one that answers passed the claim on.", []string{"Reference", "Identifier"}, []string{"ClaimResponse"}, []string{"Organization"}},
	{ExtensionSource, "Source", "The door that an answer or a payment came by: file, or paper where a person entered it; fhir where it is absent.", []string{"code"}, []string{"ClaimResponse", "PaymentReconciliation"}, nil},
	{ExtensionPaymentMethod, "PaymentMethod", "How a payer pays, as X12 BPR04 says it: ACH, CHK, FWT, BOP or NON; how a patient paid: card, ach, cash, check or other.", []string{"code"}, []string{"PaymentReconciliation", "PaymentNotice"}, nil},
	{ExtensionPatient, "PaymentPatient", "The patient whose money a payment is.", []string{"Reference"}, []string{"PaymentNotice", "PaymentReconciliation"}, []string{"Patient"}},
	{ExtensionTill, "Till", "The till that cash, a check or the like is in; a desk with one till names none.", []string{"string"}, []string{"PaymentNotice"}, nil},
	{ExtensionPayerOfRecord, "PayerOfRecord", "The person who paid; paymentIssuer can only be an Organization.", []string{"Reference"}, []string{"PaymentReconciliation"}, []string{"Patient", "RelatedPerson"}},
	{ExtensionFinding, "Finding", "The mark by which Claim/$override names a finding.", []string{"string"}, []string{"OperationOutcome.issue"}, nil},
	{ExtensionOverrideRole, "OverrideRole", "Who may override a finding: coder, biller or manager.", []string{"code"}, []string{"OperationOutcome.issue"}, nil},
	{ExtensionOverriddenBy, "OverriddenBy", "The user who overrode a finding.", []string{"string"}, []string{"OperationOutcome.issue"}, nil},
	{ExtensionWorkAmount, "WorkAmount", "What is at stake in work that waits for a person.", []string{"Money"}, []string{"Task"}, nil},
	{ExtensionWorkTakenBy, "WorkTakenBy", "The user who works on it, until it is free again.", []string{"string"}, []string{"Task"}, nil},
	{ExtensionWorkTakenUntil, "WorkTakenUntil", "When taken work is free again.", []string{"instant"}, []string{"Task"}, nil},
	{ExtensionWorkSnoozedUntil, "WorkSnoozedUntil", "Until when work is put off.", []string{"instant"}, []string{"Task"}, nil},
	{ExtensionWorkLabel, "WorkLabel", "A label that somebody put on work.", []string{"string"}, []string{"Task"}, nil},
}
