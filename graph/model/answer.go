package model

import (
	"medbill/models"
)

// A payer's answer, as it was sent and as it was posted.
type (
	// ClaimResponse is FHIR ClaimResponse.
	ClaimResponse struct{ resource }
	// ClaimResponseItem is the answer to one line.
	ClaimResponseItem struct{ node }
	// Adjudication is one amount and what it stands for.
	Adjudication struct{ node }
	// ClaimResponseTotal is a sum as the payer states it.
	ClaimResponseTotal struct{ node }
	// ClaimResponsePayment is the payment as the payer states it.
	ClaimResponsePayment struct{ node }

	// Answer is the answer in the books.
	Answer struct{ row models.Answer }
	// AnswerLine is the answer to one line in the books.
	AnswerLine struct {
		row         models.AnswerLine
		adjustments []Adjustment
	}
	// Adjustment is a group code, a reason and an amount.
	Adjustment struct{ row models.Adjustment }
)

// IsWorkSubject says that an answer may wait for a person.
func (ClaimResponse) IsWorkSubject() {}

// Identifier gives the payer's identifiers.
func (c ClaimResponse) Identifier() []Identifier { return list[Identifier](c.get("identifier")) }

// Status is active, cancelled, draft or entered-in-error.
func (c ClaimResponse) Status() *string { return text(c.get("status")) }

// Created is when it was made.
func (c ClaimResponse) Created() *string { return text(c.get("created")) }

// Outcome is queued, complete, error or partial.
func (c ClaimResponse) Outcome() *string { return text(c.get("outcome")) }

// Disposition is the outcome in words.
func (c ClaimResponse) Disposition() *string { return text(c.get("disposition")) }

// Item gives the answers per line.
func (c ClaimResponse) Item() []ClaimResponseItem { return list[ClaimResponseItem](c.get("item")) }

// Adjudication gives the amounts of the claim as a whole.
func (c ClaimResponse) Adjudication() []Adjudication {
	return list[Adjudication](c.get("adjudication"))
}

// Total gives the sums as the payer states them.
func (c ClaimResponse) Total() []ClaimResponseTotal { return list[ClaimResponseTotal](c.get("total")) }

// Payment is the payment as the payer states it.
func (c ClaimResponse) Payment() *ClaimResponsePayment {
	return one[ClaimResponsePayment](c.get("payment"))
}

// ItemSequence names the line.
func (i ClaimResponseItem) ItemSequence() *int { return integer(i.get("itemSequence")) }

// Adjudication gives the amounts of the line.
func (i ClaimResponseItem) Adjudication() []Adjudication {
	return list[Adjudication](i.get("adjudication"))
}

// Category is submitted, benefit, a group code and the like.
func (a Adjudication) Category() *CodeableConcept { return one[CodeableConcept](a.get("category")) }

// Reason is the claim adjustment reason code.
func (a Adjudication) Reason() *CodeableConcept { return one[CodeableConcept](a.get("reason")) }

// Amount is the amount.
func (a Adjudication) Amount() *Money { return amount(a.get("amount")) }

// Category is what is summed.
func (t ClaimResponseTotal) Category() *CodeableConcept {
	return one[CodeableConcept](t.get("category"))
}

// Amount is the sum.
func (t ClaimResponseTotal) Amount() *Money { return amount(t.get("amount")) }

// Type is complete or partial.
func (p ClaimResponsePayment) Type() *CodeableConcept { return one[CodeableConcept](p.get("type")) }

// Date is the day of the payment.
func (p ClaimResponsePayment) Date() *string { return text(p.get("date")) }

// Amount is what is paid.
func (p ClaimResponsePayment) Amount() *Money { return amount(p.get("amount")) }

// AnswerOf gives a row of the books as a view.
func AnswerOf(row models.Answer) *Answer { return &Answer{row} }

// Billed is what was asked.
func (a Answer) Billed() Money { return USD(a.row.Billed) }

// Paid is what the payer pays.
func (a Answer) Paid() Money { return USD(a.row.Paid) }

// Review says whether an adjustment waits for a person.
func (a Answer) Review() bool { return a.row.Review }

// Lines gives the answers per line.
func (a Answer) Lines() []AnswerLine {
	lines := make([]AnswerLine, len(a.row.Lines))
	for i, l := range a.row.Lines {
		lines[i] = AnswerLine{l, a.adjustmentsOf(l.LineSequence)}
	}
	return lines
}

// Adjustments gives those of the claim as a whole, which stand on no line.
func (a Answer) Adjustments() []Adjustment { return a.adjustmentsOf(0) }

// Remarks gives the remark codes of the claim as a whole.
func (a Answer) Remarks() []string { return append([]string{}, a.row.Remarks...) }

func (a Answer) adjustmentsOf(line int) []Adjustment {
	adjustments := []Adjustment{}
	for _, row := range a.row.Adjustments {
		if row.LineSequence == line {
			adjustments = append(adjustments, Adjustment{row})
		}
	}
	return adjustments
}

// Sequence is the number of the claim's line.
func (l AnswerLine) Sequence() int { return l.row.LineSequence }

// Billed is what was asked.
func (l AnswerLine) Billed() Money { return USD(l.row.Billed) }

// Allowed is the contract amount, where the payer states it.
func (l AnswerLine) Allowed() *Money {
	if l.row.Allowed == nil {
		return nil
	}
	allowed := USD(*l.row.Allowed)
	return &allowed
}

// Paid is what the payer pays.
func (l AnswerLine) Paid() Money { return USD(l.row.Paid) }

// Adjustments is what was taken off, and why.
func (l AnswerLine) Adjustments() []Adjustment { return l.adjustments }

// Remarks gives the remark codes of the line.
func (l AnswerLine) Remarks() []string { return append([]string{}, l.row.Remarks...) }

// GroupCode is CO, PR, OA or PI.
func (a Adjustment) GroupCode() string { return a.row.GroupCode }

// ReasonCode is the claim adjustment reason code.
func (a Adjustment) ReasonCode() string { return a.row.ReasonCode }

// RemarkCode is the remark code beside the reason, where there is one.
func (a Adjustment) RemarkCode() *string {
	if a.row.RemarkCode == "" {
		return nil
	}
	return &a.row.RemarkCode
}

// Amount is what is taken off.
func (a Adjustment) Amount() Money { return USD(a.row.Amount) }
