package models

import (
	"slices"

	"medbill/models/operation"
)

// Decision is what a person decides about a work item.
type Decision string

// The decisions.
const (
	Undecided     Decision = ""
	DecideCode    Decision = "code"    // say what the visit was
	DecidePrice   Decision = "price"   // load the prices that are missing
	DecideRecheck Decision = "recheck" // look again: what was in the way is put right
	DecideResend  Decision = "resend"  // send the claim that was turned away again
	DecideAttach  Decision = "attach"  // give the payer the documents that it asked for
	DecideAccept  Decision = "accept"  // leave the answer and the books as they are
	DecideIgnore  Decision = "ignore"  // leave what was asked for as it is, although something differs
	DecideRelease Decision = "release" // ask the patient nevertheless
	DecideRetry   Decision = "retry"   // run the step again
	DecideAnswer  Decision = "answer"  // tell the coder what was asked
	DecideAgree   Decision = "agree"   // the coding is right

	DecideMatch       Decision = "match"        // say which claim an answer is to
	DecideAppeal      Decision = "appeal"       // have the payer judge again what it refused
	DecideWriteOff    Decision = "write-off"    // give up what the payer still owes
	DecideUndo        Decision = "undo"         // take back what was decided
	DecideBillPatient Decision = "bill-patient" // ask the patient for it

	DecideRefund Decision = "refund" // give a patient back what is paid too much
	DecideRevert Decision = "revert" // ask a patient again for what was written off

	DecideWon  Decision = "won"  // the bank gives back what it took of a patient's payment
	DecideLost Decision = "lost" // it does not

	DecideGiveBack Decision = "give-back" // owe the payer what it paid too much

	DecideReplace Decision = "replace" // send a claim in the place of the one that the payer has
	DecideVoid    Decision = "void"    // take the claim back that the payer has
)

// DecisionFacts is what there is to know about a decision. Whoever makes it needs its Scope beside the one of work.
type DecisionFacts struct {
	Decision    Decision
	Kinds       []WorkKind
	Scope       operation.Scope
	NeedsReason bool
	Closes      bool     // by itself; of the others the use case takes away what the work is about
	Leaves      bool     // closes, and the same cause opens nothing again
	Undoes      Decision // that closed the work, which is open again then; "" for what is decided about open work
	Text        string
}

// Decisions is the table of decisions. It has a row for each kind that a decision says something else about.
var Decisions = []DecisionFacts{
	{
		Decision: DecideCode, Kinds: []WorkKind{WorkCode, WorkChangedCoding, WorkReview}, Scope: operation.ScopeCode,
		Text: "Say what the visit was: diagnoses and services.",
	},
	{
		Decision: DecidePrice, Kinds: []WorkKind{WorkPrice}, Scope: operation.ScopeFees,
		Text: "Load the prices that are missing.",
	},
	{
		Decision: DecideRecheck, Scope: operation.ScopeWork,
		Kinds: []WorkKind{WorkCode, WorkPrice, WorkCoverage, WorkDuplicate, WorkUnfinished, WorkPatient, WorkChangedCoding, WorkClaim, WorkPassedOn, WorkGuarantor},
		Text:  "Look again now; refused where the reason still stands.",
	},
	{
		Decision: DecideResend, Kinds: []WorkKind{WorkRejected}, Scope: operation.ScopeSubmit,
		Text: "Send the claim again.",
	},
	{
		Decision: DecideRecheck, Kinds: []WorkKind{WorkEligibility, WorkAuthorization, WorkPended}, Scope: operation.ScopeWork, Closes: true,
		Text: "Ask the payer again.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkEligibility}, Scope: operation.ScopeWork, NeedsReason: true, Closes: true,
		Text: "Go on without the payer's word; the reason says what is known of the plan.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkAuthorization, WorkPended}, Scope: operation.ScopeWork, NeedsReason: true, Closes: true,
		Text: "Go on by what is known; the reason says what the payer said, or why nothing is to be done.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkEstimate}, Scope: operation.ScopeWork, NeedsReason: true, Closes: true,
		Text: "Make no estimate; the reason says why none is due.",
	},
	{
		Decision: DecideResend, Kinds: []WorkKind{WorkNoAnswer}, Scope: operation.ScopeSubmit, Closes: true,
		Text: "Give the payer the claim once more, as it is; its silence is work again after the payer's days.",
	},
	{
		Decision: DecideRecheck, Kinds: []WorkKind{WorkNoAnswer}, Scope: operation.ScopeWork, Closes: true,
		Text: "Have the payer asked how the claim stands, where it has a server that is called; where it has not judged it, this is work again.",
	},
	{
		Decision: DecideRecheck, Kinds: []WorkKind{WorkDeposit}, Scope: operation.ScopeWork, Closes: true,
		Text: "Have the payer asked for the remittance, where it has a server that is called; where that does not tell it, this is work again.",
	},
	{
		Decision: DecideAttach, Kinds: []WorkKind{WorkInfo}, Scope: operation.ScopeSubmit, Closes: true,
		Text: "Give the payer documents of the patient that it asked for; it reads them, and judges the claim then.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkAnswer, WorkAppeal}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Leave the answer and the books as they are; refused while the payer owes anything of the claim.",
	},
	{
		Decision: DecideAppeal, Kinds: []WorkKind{WorkAnswer, WorkAppeal}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Keep that what the payer refuses is appealed, at the next level where it was before; other work waits for the payer's answer.",
	},
	{
		Decision: DecideWriteOff, Kinds: []WorkKind{WorkAnswer, WorkAppeal, WorkHardship}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Give up what the payer still owes of the claim; a biller up to what the practice allows, a manager any amount.",
	},
	{
		Decision: DecideUndo, Kinds: []WorkKind{WorkAnswer, WorkAppeal, WorkHardship}, Scope: operation.ScopeSubmit, NeedsReason: true, Undoes: DecideWriteOff,
		Text: "Take a write-off back: the payer owes it again, and the work is open as before.",
	},
	{
		Decision: DecideUndo, Kinds: []WorkKind{WorkAnswer, WorkAppeal}, Scope: operation.ScopeSubmit, NeedsReason: true, Undoes: DecideBillPatient,
		Text: "Ask the patient no more: the payer owes it again, what the patient paid of it is the patient's credit, and the work is open as before.",
	},
	{
		Decision: DecideUndo, Kinds: []WorkKind{WorkLateCharge, WorkChangedSent}, Scope: operation.ScopeCode, NeedsReason: true, Undoes: DecideReplace,
		Text: "Send no corrected claim, as far as it did not go out; the first one stands as before, and the work is open again where something differs.",
	},
	{
		Decision: DecideUndo, Kinds: []WorkKind{WorkAnswer, WorkUnderpaid, WorkOverpayment, WorkNextPayer}, Scope: operation.ScopeSubmit, NeedsReason: true, Undoes: DecideReplace,
		Text: "Send no corrected claim, as far as it did not go out; the first one stands as before.",
	},
	{
		Decision: DecideUndo, Kinds: []WorkKind{WorkAnswer, WorkNoAnswer, WorkInfo, WorkUnderpaid, WorkNextPayer}, Scope: operation.ScopeSubmit, NeedsReason: true, Undoes: DecideVoid,
		Text: "Do not take the claim back, as far as nothing went out; it stands as before.",
	},
	{
		Decision: DecideUndo, Kinds: []WorkKind{WorkOverpayment}, Scope: operation.ScopeSubmit, NeedsReason: true, Undoes: DecideGiveBack,
		Text: "Owe the payer no more what it paid too much; the work is open as before.",
	},
	{
		Decision: DecideBillPatient, Kinds: []WorkKind{WorkAnswer, WorkAppeal}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Ask the patient for what the payer refused; only where the reason lets the patient be asked.",
	},
	{
		Decision: DecideGiveBack, Kinds: []WorkKind{WorkOverpayment}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Keep what the payer paid too much as owed to it, under its number of the claim, until it takes that from a later payment, and ask nobody for what it left too much.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkUnderpaid}, Scope: operation.ScopeSubmit, NeedsReason: true, Leaves: true,
		Text: "Take what the payer allowed; another answer asks again. To dispute it, put the work off with the reason.",
	},
	{
		Decision: DecideRefund, Kinds: []WorkKind{WorkCredit}, Scope: operation.ScopeRefund, NeedsReason: true,
		Text: "Approve that all that is the patient's goes back.",
	},
	{
		Decision: DecideRevert, Kinds: []WorkKind{WorkCredit}, Scope: operation.ScopeAdjust, NeedsReason: true, Closes: true,
		Text: "Ask the patient again for what was written off, which the credit pays then.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkCredit}, Scope: operation.ScopeWork, NeedsReason: true, Closes: true,
		Text: "Leave the credit for what comes.",
	},
	{
		Decision: DecideWon, Kinds: []WorkKind{WorkDisputed}, Scope: operation.ScopeAdjust, NeedsReason: true,
		Text: "The bank gave the money back: the payment stands again, and pays what is due.",
	},
	{
		Decision: DecideLost, Kinds: []WorkKind{WorkDisputed}, Scope: operation.ScopeAdjust, NeedsReason: true, Closes: true,
		Text: "The money does not come back; the patient is charged a fee where one is given.",
	},
	{
		Decision: DecideMatch, Kinds: []WorkKind{WorkUnmatched}, Scope: operation.ScopeSubmit, Closes: true,
		Text: "Say which claim the answer is to; it is posted as one to that.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkUnmatched}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Leave the answer as it is: it is to no claim of ours. It posts nothing.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkRemittance}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Leave the payment as its answers tell it; it is asked for no more.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkAdjustment}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Leave the money where the books have it; the reason says what it is.",
	},
	{
		Decision: DecideIgnore, Kinds: []WorkKind{WorkLateCharge, WorkChangedSent}, Scope: operation.ScopeCode, NeedsReason: true, Leaves: true,
		Text: "Leave the claim or invoice as it is; another change asks again.",
	},
	{
		Decision: DecideIgnore, Kinds: []WorkKind{WorkCoverageChanged, WorkCancelled}, Scope: operation.ScopeSubmit, NeedsReason: true, Leaves: true,
		Text: "Leave the claim or invoice as it is; another change asks again.",
	},
	{
		Decision: DecideIgnore, Kinds: []WorkKind{WorkPassedOn}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "The plans on file are right: go on as if the payer had not passed the claim on.",
	},
	{
		Decision: DecideReplace, Kinds: []WorkKind{WorkLateCharge, WorkChangedSent}, Scope: operation.ScopeCode, Closes: true,
		Text: "Send a corrected claim that says what the visit says now, or what goes with the decision: diagnoses and services.",
	},
	{
		Decision: DecideReplace, Kinds: []WorkKind{WorkAnswer, WorkUnderpaid, WorkOverpayment, WorkNextPayer}, Scope: operation.ScopeSubmit, Closes: true,
		Text: "Send the payer a corrected claim, which says what the visit and the answers before it say now.",
	},
	{
		Decision: DecideVoid, Kinds: []WorkKind{WorkLateCharge, WorkChangedSent}, Scope: operation.ScopeCode, NeedsReason: true, Leaves: true,
		Text: "Take the claim back.",
	},
	{
		Decision: DecideVoid, Kinds: []WorkKind{WorkCoverageChanged, WorkCancelled}, Scope: operation.ScopeSubmit, NeedsReason: true, Leaves: true,
		Text: "Take the claim back.",
	},
	{
		Decision: DecideVoid, Kinds: []WorkKind{WorkAnswer, WorkNoAnswer, WorkInfo, WorkUnderpaid, WorkNextPayer}, Scope: operation.ScopeSubmit, NeedsReason: true, Closes: true,
		Text: "Take the claim back.",
	},
	{
		Decision: DecideRelease, Kinds: []WorkKind{WorkNextPayer, WorkHardship, WorkOverEstimate}, Scope: operation.ScopeSubmit, NeedsReason: true, Leaves: true,
		Text: "Ask the patient nevertheless.",
	},
	{
		Decision: DecideRelease, Kinds: []WorkKind{WorkDispute, WorkCollections}, Scope: operation.ScopeStatements, NeedsReason: true, Closes: true,
		Text: "Send statements again: the reason says what was found of the dispute, or why the letters begin again.",
	},
	{
		Decision: DecideRelease, Kinds: []WorkKind{WorkMail}, Scope: operation.ScopeWork, NeedsReason: true, Closes: true,
		Text: "The address is right again; send statements.",
	},
	{
		Decision: DecideAccept, Kinds: []WorkKind{WorkBrokenPlan, WorkCollections}, Scope: operation.ScopeStatements, NeedsReason: true, Closes: true,
		Text: "Leave it: who broke a plan is asked for all that is due, and who is with collections is sent nothing. The reason says what was agreed.",
	},
	{
		Decision: DecideRelease, Kinds: []WorkKind{WorkHold}, Scope: operation.ScopeCode, NeedsReason: true, Closes: true,
		Text: "Go on with the visit.",
	},
	{
		Decision: DecideAnswer, Kinds: []WorkKind{WorkQuery}, Scope: operation.ScopeWork, NeedsReason: true, Closes: true,
		Text: "Answer what the coder asked; the reason is the answer.",
	},
	{
		Decision: DecideAgree, Kinds: []WorkKind{WorkReview}, Scope: operation.ScopeCode, Closes: true,
		Text: "The coding is right; whoever coded the visit cannot say so.",
	},
	{
		Decision: DecideRetry, Kinds: []WorkKind{WorkStep}, Scope: operation.ScopeRetry, Closes: true,
		Text: "Run the step again; it asks again if it fails again.",
	},
}

// Decisions gives what may be decided about open work of a kind.
func (k WorkKind) Decisions() []DecisionFacts {
	var mine []DecisionFacts
	for _, d := range Decisions {
		if slices.Contains(d.Kinds, k) && d.Undoes == "" {
			mine = append(mine, d)
		}
	}
	return mine
}

// Undoing gives what takes the decision back that closed an item; false where nothing does.
func (w WorkItem) Undoing() (DecisionFacts, bool) {
	for _, d := range Decisions {
		if d.Undoes != "" && w.Status == WorkCompleted && d.Undoes == w.Decision && slices.Contains(d.Kinds, w.Kind) {
			return d, true
		}
	}
	return DecisionFacts{}, false
}

// Decides gives what there is to know about a decision on work of a kind; false where it cannot be made.
func (k WorkKind) Decides(d Decision) (DecisionFacts, bool) {
	for _, facts := range k.Decisions() {
		if facts.Decision == d {
			return facts, true
		}
	}
	return DecisionFacts{}, false
}
