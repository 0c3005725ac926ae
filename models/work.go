package models

import (
	"slices"

	"medbill/models/operation"
)

// WorkKind says what a person has to do; it is the code of its Task.
type WorkKind string

// The kinds of work.
const (
	WorkCode            WorkKind = "code-visit"                 // choose diagnoses and services
	WorkPrice           WorkKind = "price-service"              // add a price to the fee schedule
	WorkCoverage        WorkKind = "clarify-coverage"           // say who pays
	WorkDuplicate       WorkKind = "duplicate-visit"            // the same visit came before under another id
	WorkUnfinished      WorkKind = "unfinished-visit"           // a finished Encounter went back to another status
	WorkPatient         WorkKind = "clarify-patient"            // what belongs to the visit names another patient
	WorkChangedCoding   WorkKind = "changed-after-coding"       // the EHR changed the chart after a person coded it
	WorkLateCharge      WorkKind = "late-charge"                // a service came after the claim was sent
	WorkChangedSent     WorkKind = "changed-after-sent"         // something else changed after it was sent
	WorkCoverageChanged WorkKind = "coverage-changed"           // another plan pays than the one that was asked
	WorkCancelled       WorkKind = "cancelled-visit"            // a visit was cancelled after its claim went out
	WorkClaim           WorkKind = "correct-claim"              // findings hold the claim
	WorkRejected        WorkKind = "rejected-claim"             // the payer turned the claim away
	WorkAnswer          WorkKind = "review-answer"              // an answer, or a part of it, is not posted by itself
	WorkNoAnswer        WorkKind = "no-answer"                  // the payer is silent for too long, or does not find the claim
	WorkInfo            WorkKind = "info-requested"             // the payer waits for documents before it judges
	WorkAppeal          WorkKind = "appeal"                     // the payer decides on what was appealed
	WorkUnderpaid       WorkKind = "underpaid"                  // the payer allowed less than its contract says
	WorkEligibility     WorkKind = "eligibility-failed"         // the payer did not say what a plan covers
	WorkAuthorization   WorkKind = "authorization-needed"       // the payer does not allow a service, or did not take the request
	WorkPended          WorkKind = "authorization-pended"       // the payer has to decide whether it allows services
	WorkEstimate        WorkKind = "estimate-due"               // a good faith estimate is to be made
	WorkCredit          WorkKind = "credit-balance"             // a patient paid more than is due
	WorkGuarantor       WorkKind = "clarify-guarantor"          // nobody of age is known who answers for what a child owes
	WorkOverEstimate    WorkKind = "over-estimate"              // the patient would be billed far more than a good faith estimate said
	WorkOverpayment     WorkKind = "overpayment-to-payer"       // the payer paid more of the claim than it owed
	WorkUnmatched       WorkKind = "unmatched-answer"           // an answer of a payer is to no claim that it has of us
	WorkRemittance      WorkKind = "unbalanced-remittance"      // the payer does not tell what its payment is for
	WorkAdjustment      WorkKind = "review-adjustment"          // money of a payment about no claim that nobody knows
	WorkDeposit         WorkKind = "deposit-without-remittance" // money came to the bank and nobody knows what for
	WorkUndeposited     WorkKind = "remittance-without-deposit" // a payer says that it paid, and the bank has nothing of it
	WorkPassedOn        WorkKind = "passed-on"                  // the payer gave the claim to one whose plan does not come next
	WorkNextPayer       WorkKind = "next-payer"                 // another plan comes before the patient
	WorkHardship        WorkKind = "protected-patient"          // the payer says that the patient must not be billed
	WorkCharge          WorkKind = "place-charge"               // a ChargeItem has no visit to be billed with
	WorkStep            WorkKind = "failed-step"                // a step failed for good and can be run again
	WorkQuery           WorkKind = "coder-query"                // a coder asked whoever did the visit
	WorkHold            WorkKind = "on-hold"                    // somebody holds the visit back
	WorkDispute         WorkKind = "patient-dispute"            // a patient disputes a bill
	WorkBrokenPlan      WorkKind = "broken-plan"                // a part of a payment plan was not paid in time
	WorkCollections     WorkKind = "collections"                // all letters were sent and something is due still
	WorkMail            WorkKind = "returned-mail"              // mail to a guarantor came back
	WorkReview          WorkKind = "second-review"              // a second coder looks the coding over
	WorkUnmatchedPay    WorkKind = "unmatched-payment"          // a processor has money of a patient that no payment says, or another amount
	WorkDisputed        WorkKind = "payment-disputed"           // a bank took a patient's payment back
)

// WorkOwner says which part of the office opens and closes a kind by itself: it names all that is to be open, and what it does
// not name is closed.
type WorkOwner string

// The owners.
const (
	OwnerPlan    WorkOwner = "plan"
	OwnerScrub   WorkOwner = "scrub"
	OwnerAnswer  WorkOwner = "answer"
	OwnerBill    WorkOwner = "bill"
	OwnerMachine WorkOwner = "machine"
	OwnerPeople  WorkOwner = "people" // nothing opens or closes by itself
)

// WorkRole says whose work a kind is; the words are those of the roles of a token.
type WorkRole string

// The roles.
const (
	ForCoder     WorkRole = "coder"
	ForBiller    WorkRole = "biller"
	ForFrontDesk WorkRole = "frontdesk"
	ForManager   WorkRole = "manager"
	ForEHR       WorkRole = "ehr" // whoever did the visit, through the EHR
)

// Scope is what a token has that works in a role, and others have not: what a person may override goes by it. "" for a role that
// overrides nothing.
func (r WorkRole) Scope() operation.Scope {
	switch r {
	case ForCoder:
		return operation.ScopeCode
	case ForBiller:
		return operation.ScopeSubmit
	case ForManager:
		return operation.ScopeSettings
	case ForFrontDesk, ForEHR:
	}
	return ""
}

// WorkStart says from which day the days are counted until work is due.
type WorkStart string

// The days. The day of service is the earlier one, so work on an old visit may be overdue when it is opened.
const (
	FromOpening WorkStart = "opening"
	FromService WorkStart = "service"
)

// Stake says which money waits for the work to be done.
type Stake string

// The stakes. What is open in the books stands for one claim or case once, on the oldest of its items: sums over a queue do not
// count it twice.
const (
	StakeCase      Stake = "case"      // what its charges come to
	StakeClaim     Stake = "claim"     // what the claim asks for
	StakeCharge    Stake = "charge"    // the one charge
	StakeInsurance Stake = "insurance" // what the payer of the claim still owes, by the books
	StakePatient   Stake = "patient"   // what the patient owes for the case, by the books
	StakeStated    Stake = "stated"    // whoever opens the item says it
)

// WorkPriority is how a queue is worked when nobody says otherwise, most pressing first.
type WorkPriority int

// The priorities, as Task.priority has them. https://hl7.org/fhir/R4/valueset-request-priority.html
const (
	PriorityAsap    WorkPriority = 1 // money is lost by waiting
	PriorityUrgent  WorkPriority = 2 // nothing can go out
	PriorityRoutine WorkPriority = 3
)

// filingDays is how long a claim may be filed where nobody knows its payer's own limit: the shortest that is usual.
const filingDays = 90

// CodeAppealed is the reason that an appeal leaves in its work, one a level.
const CodeAppealed = "appealed"

// appealDays is how long a payer takes to decide on an appeal. 42 CFR 405.950.
const appealDays = 60

// repayDays is how long there is to report and return what a payer paid too much, once that is known. 42 CFR 401.305(b).
const repayDays = 60

// disputeDays is how long there is to answer a bank that takes a patient's payment back; card networks give ten days or more.
const disputeDays = 7

// WorkFacts is what there is to know about a kind of work.
type WorkFacts struct {
	Kind     WorkKind
	Owner    WorkOwner
	Role     WorkRole
	Days     int // until it is due
	From     WorkStart
	Stake    Stake
	Priority WorkPriority
	Holds    string // why it holds the claims of its case back, and nothing else about it does; "" where it does not
}

// WorkKinds is the table of kinds.
var WorkKinds = []WorkFacts{
	{WorkCode, OwnerPlan, ForCoder, 3, FromService, StakeCase, PriorityUrgent, ""},
	{WorkPrice, OwnerPlan, ForManager, 1, FromOpening, StakeCase, PriorityUrgent, ""},
	{WorkCoverage, OwnerPlan, ForFrontDesk, 1, FromOpening, StakeCase, PriorityUrgent, ""},
	{WorkDuplicate, OwnerPlan, ForFrontDesk, 1, FromOpening, StakeCase, PriorityUrgent, ""},
	{WorkUnfinished, OwnerPlan, ForCoder, 3, FromOpening, StakeCase, PriorityUrgent, ""},
	{WorkPatient, OwnerPlan, ForFrontDesk, 1, FromOpening, StakeCase, PriorityUrgent, ""},
	{WorkChangedCoding, OwnerPlan, ForCoder, 3, FromOpening, StakeCase, PriorityUrgent, ""},
	{WorkLateCharge, OwnerPlan, ForCoder, filingDays, FromService, StakeStated, PriorityRoutine, ""},
	{WorkChangedSent, OwnerPlan, ForCoder, filingDays, FromService, StakeCase, PriorityRoutine, ""},
	{WorkCoverageChanged, OwnerPlan, ForBiller, filingDays, FromService, StakeCase, PriorityRoutine, ""},
	{WorkCancelled, OwnerPlan, ForBiller, 2, FromOpening, StakeCase, PriorityAsap, ""},
	{WorkClaim, OwnerScrub, ForBiller, 2, FromOpening, StakeClaim, PriorityUrgent, ""},
	{WorkRejected, OwnerAnswer, ForBiller, filingDays, FromService, StakeInsurance, PriorityAsap, ""},
	{WorkAnswer, OwnerAnswer, ForBiller, 5, FromOpening, StakeInsurance, PriorityRoutine, ""},
	{WorkNoAnswer, OwnerAnswer, ForBiller, 2, FromOpening, StakeInsurance, PriorityAsap, ""},
	{WorkInfo, OwnerAnswer, ForBiller, 7, FromOpening, StakeInsurance, PriorityAsap, ""},
	{WorkAppeal, OwnerAnswer, ForBiller, appealDays, FromOpening, StakeInsurance, PriorityRoutine, ""},
	{WorkUnderpaid, OwnerAnswer, ForBiller, DisputeDaysUsual, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkPassedOn, OwnerAnswer, ForFrontDesk, 3, FromOpening, StakeInsurance, PriorityRoutine, ""},
	{WorkOverpayment, OwnerAnswer, ForBiller, repayDays, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkEligibility, OwnerMachine, ForFrontDesk, 1, FromOpening, StakeStated, PriorityUrgent, ""},
	{WorkAuthorization, OwnerMachine, ForFrontDesk, 1, FromOpening, StakeStated, PriorityUrgent, ""},
	{WorkPended, OwnerMachine, ForFrontDesk, 7, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkEstimate, OwnerMachine, ForFrontDesk, 1, FromOpening, StakeStated, PriorityUrgent, ""},
	{WorkCredit, OwnerMachine, ForFrontDesk, 30, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkUnmatched, OwnerMachine, ForBiller, 3, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkRemittance, OwnerMachine, ForBiller, 3, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkAdjustment, OwnerMachine, ForBiller, 3, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkDeposit, OwnerMachine, ForBiller, 3, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkUndeposited, OwnerMachine, ForBiller, 3, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkUnmatchedPay, OwnerMachine, ForFrontDesk, 1, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkDisputed, OwnerMachine, ForBiller, disputeDays, FromOpening, StakeStated, PriorityAsap, ""},
	{WorkNextPayer, OwnerBill, ForBiller, 5, FromOpening, StakePatient, PriorityRoutine, ""},
	{WorkGuarantor, OwnerBill, ForFrontDesk, 1, FromOpening, StakePatient, PriorityUrgent, ""},
	{WorkOverEstimate, OwnerBill, ForBiller, 5, FromOpening, StakePatient, PriorityRoutine, ""},
	{WorkHardship, OwnerBill, ForBiller, 5, FromOpening, StakeInsurance, PriorityRoutine, ""},
	{WorkCharge, OwnerMachine, ForBiller, 2, FromOpening, StakeCharge, PriorityUrgent, ""},
	{WorkDispute, OwnerMachine, ForManager, 30, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkBrokenPlan, OwnerMachine, ForBiller, 5, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkCollections, OwnerMachine, ForManager, 30, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkMail, OwnerMachine, ForFrontDesk, 5, FromOpening, StakeStated, PriorityRoutine, ""},
	{WorkStep, OwnerMachine, ForManager, 1, FromOpening, StakeCase, PriorityAsap, ""},
	{WorkQuery, OwnerPeople, ForEHR, 2, FromOpening, StakeCase, PriorityUrgent, "A coder asked whoever did the visit; the answer is awaited."},
	{WorkHold, OwnerPeople, ForCoder, 7, FromOpening, StakeCase, PriorityUrgent, "Somebody holds the visit back; the note says why."},
	{WorkReview, OwnerPeople, ForCoder, 2, FromOpening, StakeCase, PriorityUrgent, "A second coder looks the coding over."},
}

// Facts gives the row of the table; the zero row for an unknown kind.
func (k WorkKind) Facts() WorkFacts {
	for _, facts := range WorkKinds {
		if facts.Kind == k {
			return facts
		}
	}
	return WorkFacts{}
}

// aside are the kinds that nothing else of a case waits for: the patient is asked, and the case ends.
var aside = []WorkKind{WorkUnderpaid}

// Waits reports whether a case waits for work of this kind.
func (k WorkKind) Waits() bool { return !slices.Contains(aside, k) }

// Due gives the day until which work of this kind is to be done, which was opened on a day and is about a service of another one;
// "" where that is unknown.
func (f WorkFacts) Due(opened, service Date) Date {
	from := opened
	if f.From == FromService && service != "" {
		from = service
	}
	return from.AddDays(f.Days)
}
