package models

import (
	"fmt"
	"strconv"
	"strings"
)

// Cause is what made an entry, a claim or an invoice, unique in the tenant: a repeated step finds it there and does nothing.
// Every cause is made by one of the constructors of this file.
type Cause string

func caused(by string, id string) Cause { return Cause(by + "/" + id) }

// Parts gives what kind of event a cause is, and the id that it goes by; that of a charge or an adjustment has a number after it, that of a decision, and of what was overpaid once one is undone, is the answer's, and that of an allocation or a return the payment's.
func (c Cause) Parts() (by, id string) {
	by, id, _ = strings.Cut(string(c), "/")
	if by == "decision" || by == "overpaid" || by == "allocation" || by == "returned" || by == "write-off" {
		id, _, _ = strings.Cut(id, "/")
	}
	return by, id
}

// CauseOfCharge is a charge going into the books for the n-th time.
func CauseOfCharge(id ChargeID, n int) Cause {
	return caused("charge", string(id)+"/"+strconv.Itoa(n))
}

// CauseOfAnswer is what a payer paid and took off.
func CauseOfAnswer(id AnswerID) Cause { return caused("answer", string(id)) }

// CauseOfResponsibility is what an answer leaves to the patient.
func CauseOfResponsibility(id AnswerID) Cause { return caused("responsibility", string(id)) }

// CauseOfPayment is money that a patient paid.
func CauseOfPayment(id PaymentID) Cause { return caused("payment", string(id)) }

// CauseOfClose is a till that was counted at the end of a day.
func CauseOfClose(id string) Cause { return caused("till", id) }

// CauseOfReversal is an entry taken back.
func CauseOfReversal(id EntryID) Cause { return caused("reversal", string(id)) }

// CauseOfAllocation is the n-th move of a payment: what it pays, or pays no more.
func CauseOfAllocation(id PaymentID, n int) Cause {
	return caused("allocation", string(id)+"/"+strconv.Itoa(n))
}

// CauseOfReturn is a payment whose money is not there after all, as the n-th move of it.
func CauseOfReturn(id PaymentID, n int) Cause {
	return caused("returned", string(id)+"/"+strconv.Itoa(n))
}

// CauseOfRefund is money that is to go back to a patient.
func CauseOfRefund(id RefundID) Cause { return caused("refund", string(id)) }

// CauseOfPayout is a refund that went to the patient.
func CauseOfPayout(id RefundID) Cause { return caused("payout", string(id)) }

// CauseOfWriteOff is the n-th move of a write-off: what a patient is not asked for any more, or is asked for again.
func CauseOfWriteOff(id WriteOffID, n int) Cause {
	return caused("write-off", string(id)+"/"+strconv.Itoa(n))
}

// CauseOfOverpayment is what a patient paid too much once an answer decided otherwise.
func CauseOfOverpayment(id AnswerID) Cause { return caused("overpaid", string(id)) }

// CauseOfRelief is what a patient paid too much once the n-th decision about an answer was made or taken back.
func CauseOfRelief(id AnswerID, n int) Cause {
	return caused("overpaid", string(id)+"/"+strconv.Itoa(n))
}

// CauseOfDecision is what a person decided about what an answer leaves open, for the n-th time.
func CauseOfDecision(id AnswerID, n int) Cause {
	return caused("decision", string(id)+"/"+strconv.Itoa(n))
}

// DecisionsMax bounds how often what an answer leaves open is decided.
const DecisionsMax = 9

// CausesOfDecisions are all that there may be about an answer.
func CausesOfDecisions(id AnswerID) []Cause {
	causes := make([]Cause, DecisionsMax)
	for i := range causes {
		causes[i] = CauseOfDecision(id, i+1)
	}
	return causes
}

// CauseOfRelease is what went to a next payer and is the patient's after all.
func CauseOfRelease(id AnswerID) Cause { return caused("release", string(id)) }

// CauseOfAdjustment is the n-th part of a payer's payment, about no claim.
func CauseOfAdjustment(id RemittanceID, n int) Cause {
	return caused("adjustment", string(id)+"/"+strconv.Itoa(n))
}

// CauseOfDeposit is money that came to the bank.
func CauseOfDeposit(id DepositID) Cause { return caused("deposit", string(id)) }

// CauseOfMatch is what a deposit pays, said for the n-th time.
func CauseOfMatch(id DepositID, n int) Cause {
	return caused("match", string(id)+"/"+strconv.Itoa(n))
}

// CauseOfClaim is one part of a case's claim of a type to a coverage, made for the n-th time.
func CauseOfClaim(id CaseID, form ClaimType, position int, coverage CoverageID, part, n int) Cause {
	return caused("claim", fmt.Sprintf("%s/%s/%d/%s/%d/%d", id, form, position, coverage, part, n))
}

// CauseOfDraft is a claim that a front end wrote.
func CauseOfDraft(id ClaimID) Cause { return caused("draft", string(id)) }

// CauseOfOpening is a claim that another system sent before the practice moved in.
func CauseOfOpening(id ClaimID) Cause { return caused("opening", string(id)) }

// CauseOfInvoice is the n-th invoice of a case.
func CauseOfInvoice(id CaseID, n int) Cause { return caused("invoice", string(id)+"/"+strconv.Itoa(n)) }

// CauseOfStatement is what a guarantor is asked on a day for all that is due.
func CauseOfStatement(guarantor Ref, day Date) Cause {
	return caused("statement", guarantor.String()+"/"+string(day))
}

// CauseOfPart is a part of a payment plan that falls due.
func CauseOfPart(id PlanID, n int) Cause { return caused("part", string(id)+"/"+strconv.Itoa(n)) }
