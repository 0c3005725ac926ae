package model

import (
	"slices"

	"medbill/billing"
	"medbill/models"
)

// The bank's side of payers' payments.
type (
	// Deposit is money that the bank says came in.
	Deposit struct {
		row  models.Deposit
		book *billing.DepositBook
	}
	// DepositMatch is a part of one and what it pays.
	DepositMatch struct {
		row  models.DepositMatch
		book *billing.DepositBook
	}
	// DepositProposal is what one may pay.
	DepositProposal struct {
		row  billing.DepositProposal
		book *billing.DepositBook
	}
	// Remittance is a payment of a payer.
	Remittance struct {
		row  models.Remittance
		book *billing.DepositBook
	}
	// RemittancePayment is what it has for one answer.
	RemittancePayment struct {
		row  models.RemittanceDetail
		book *billing.DepositBook
	}
	// RemittanceAdjustment is what it has about no claim.
	RemittanceAdjustment struct{ row models.RemittanceDetail }
	// DepositPayload is what came of a mutation.
	DepositPayload struct {
		Deposit   *Deposit
		Rehearsal *Rehearsal
	}
	// DepositConnection is a page of deposits.
	DepositConnection = Connection[Deposit]
	// DepositEdge is a deposit on a page.
	DepositEdge = Edge[Deposit]
	// RemittanceConnection is a page of payments.
	RemittanceConnection = Connection[Remittance]
	// RemittanceEdge is a payment on a page.
	RemittanceEdge = Edge[Remittance]
)

// DepositOf shows a deposit of a book; nil where it is not in it.
func DepositOf(book *billing.DepositBook, id models.DepositID) *Deposit {
	row, known := book.Deposits[id]
	if !known {
		return nil
	}
	return &Deposit{row, book}
}

// RemittanceOf shows a payment of a book; nil where it is not in it.
func RemittanceOf(book *billing.DepositBook, id models.RemittanceID) *Remittance {
	row, known := book.Remittances[id]
	if !known {
		return nil
	}
	return &Remittance{row, book}
}

// DepositProposalsOf shows proposals, whose payments stand in a book.
func DepositProposalsOf(book *billing.DepositBook, rows []billing.DepositProposal) []DepositProposal {
	list := make([]DepositProposal, len(rows))
	for i, row := range rows {
		list[i] = DepositProposal{row, book}
	}
	return list
}

// ID names the deposit.
func (d Deposit) ID() string { return string(d.row.ID) }

// Date is the bank's day.
func (d Deposit) Date() string { return string(d.row.Day) }

// Amount is what came in.
func (d Deposit) Amount() Money { return USD(d.row.Amount) }

// State says whether it is known what it pays.
func (d Deposit) State() models.DepositState { return d.row.State }

// Trace is the payer's number; nil where the bank does not tell it.
func (d Deposit) Trace() *string { return given(d.row.Trace) }

// Reference is the bank's number; nil where it gives none.
func (d Deposit) Reference() *string { return given(d.row.Reference) }

// PayerID names whose payment it is said to be.
func (d Deposit) PayerID() models.OrganizationID { return d.row.PayerID }

// Text is nil where the bank says nothing.
func (d Deposit) Text() *string { return given(d.row.Text) }

// Pays are its parts.
func (d Deposit) Pays() []DepositMatch {
	list := make([]DepositMatch, len(d.row.Matches))
	for i, row := range d.row.Matches {
		list[i] = DepositMatch{row, d.book}
	}
	return list
}

// Beside names the records of all that was read with it.
func (d Deposit) Beside() []models.Ref { return d.book.Refs() }

// Kind is what the part pays.
func (m DepositMatch) Kind() models.DepositPays { return m.row.Pays }

// Remittance is nil where it is no payer's payment.
func (m DepositMatch) Remittance() *Remittance { return RemittanceOf(m.book, m.row.RemittanceID) }

// Amount is the part.
func (m DepositMatch) Amount() Money { return USD(m.row.Amount) }

// Fee is a card processor's.
func (m DepositMatch) Fee() Money { return USD(m.row.Fee) }

// Remittances are one payment or two.
func (p DepositProposal) Remittances() []Remittance {
	var list []Remittance
	for _, row := range p.row.Remittances {
		if shown := RemittanceOf(p.book, row.ID); shown != nil {
			list = append(list, *shown)
		}
	}
	return list
}

// Difference is what the deposit is more than they are.
func (p DepositProposal) Difference() Money { return USD(p.row.Difference) }

// Score is of 100.
func (p DepositProposal) Score() int { return p.row.Score }

// ID names the payment.
func (r Remittance) ID() string { return string(r.row.ID) }

// Date is its day.
func (r Remittance) Date() string { return string(r.row.Day) }

// PayerID names the payer.
func (r Remittance) PayerID() models.OrganizationID { return r.row.PayerID }

// Trace is the payer's number of it.
func (r Remittance) Trace() string { return r.row.Trace }

// Status says whether the payer told it.
func (r Remittance) Status() models.RemittanceOutcome { return r.row.Outcome }

// Amount is what reaches the bank.
func (r Remittance) Amount() Money { return USD(r.row.Amount) }

// Method is nil where the payer does not say.
func (r Remittance) Method() *string { return given(r.row.Method) }

// Payments are its parts about claims.
func (r Remittance) Payments() []RemittancePayment {
	list := []RemittancePayment{}
	for _, row := range r.row.Details {
		if row.IsClaim() {
			list = append(list, RemittancePayment{row, r.book})
		}
	}
	return list
}

// ClaimIDs names the claims that it is for, each once.
func (r Remittance) ClaimIDs() []models.ClaimID {
	var ids []models.ClaimID
	for _, row := range r.row.Details {
		if row.IsClaim() && !slices.Contains(ids, row.ClaimID) {
			ids = append(ids, row.ClaimID)
		}
	}
	return ids
}

// Plb are its parts about no claim.
func (r Remittance) Plb() []RemittanceAdjustment {
	list := []RemittanceAdjustment{}
	for _, row := range r.row.Details {
		if !row.IsClaim() {
			list = append(list, RemittanceAdjustment{row})
		}
	}
	return list
}

// Balance is what no deposit pays of it.
func (r Remittance) Balance() Money { return USD(r.row.Open()) }

// Deposit is nil where none pays it.
func (r Remittance) Deposit() *Deposit { return DepositOf(r.book, r.row.DepositID) }

// Beside names the records of all that was read with it.
func (r Remittance) Beside() []models.Ref { return r.book.Refs() }

// Sequence is its place.
func (p RemittancePayment) Sequence() int { return p.row.Sequence }

// ClaimID names the claim.
func (p RemittancePayment) ClaimID() models.ClaimID { return p.row.ClaimID }

// AnswerID names the answer.
func (p RemittancePayment) AnswerID() models.AnswerID { return p.row.AnswerID }

// Amount is below zero where it takes money back.
func (p RemittancePayment) Amount() Money { return USD(p.row.Amount) }

// Beside names the records of all that was read with it.
func (p RemittancePayment) Beside() []models.Ref { return p.book.Refs() }

// Code is X12's.
func (a RemittanceAdjustment) Code() string { return a.row.Code }

// Reference is nil where the payer gives none.
func (a RemittanceAdjustment) Reference() *string { return given(a.row.Reference) }

// Amount is below zero where it is taken.
func (a RemittanceAdjustment) Amount() Money { return USD(a.row.Amount) }
