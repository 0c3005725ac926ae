package models

import (
	"slices"
	"strings"
)

// Dimension is what the postings of a report are grouped by.
type Dimension string

// The dimensions of the journal. A month is that of the effective day, "2026-03".
const (
	DimensionMonth      Dimension = "month"
	DimensionAccount    Dimension = "account"
	DimensionPayer      Dimension = "payer"
	DimensionClaim      Dimension = "claim"
	DimensionPatient    Dimension = "patient"
	DimensionRemittance Dimension = "remittance"
	DimensionProvider   Dimension = "provider"
	DimensionLocation   Dimension = "location"
)

// LedgerSum is what was posted under the same values of the dimensions that were asked for, which stand in By in that order. Both
// sides are positive.
type LedgerSum struct {
	By      []string
	Debits  Cents
	Credits Cents
}

// Balance is what is left, positive for a debit.
func (s LedgerSum) Balance() Cents { return s.Debits - s.Credits }

// Debtor is who owes a receivable.
type Debtor string

// The debtors.
const (
	DebtorInsurance Debtor = "insurance"
	DebtorPatient   Debtor = "patient"
)

// ReceivableSince is the day from which a receivable ages.
type ReceivableSince string

// The days.
const (
	SinceService     ReceivableSince = "service"     // of the service
	SinceBill        ReceivableSince = "first-bill"  // on which a claim with the charge was first sent, or an invoice issued
	SinceResponsible ReceivableSince = "responsible" // on which the money came to that party
)

// Receivable is what is open of one charge at one party, or where it ages since the money moved, what one day added to that. Day is ""
// where there is no such day. What stands on no charge is that of its case.
type Receivable struct {
	Debtor     Debtor
	PayerID    OrganizationID // "" of a patient's
	PatientID  PatientID
	ProviderID PractitionerID
	ChargeID   ChargeID
	CaseID     CaseID
	Day        Date
	Amount     Cents
}

// AgedSum is what is open of charges that have a day in common, and what else they are told apart by.
type AgedSum struct {
	Debtor     Debtor
	PayerID    OrganizationID // "" where payers are not told apart, as those of the others
	PatientID  PatientID
	ProviderID PractitionerID
	Day        Date // "" where they have none
	Amount     Cents
	Overpaid   Cents // of it what is open below 0.00, charge by charge
	Charges    int64 // that are not even
}

// ReceivableAccounts gives the accounts of the chart on which a debtor owes: "" gives those of both.
func ReceivableAccounts(of Debtor) []LedgerAccount {
	var accounts []LedgerAccount
	for _, facts := range ChartOfAccounts {
		isPatient := facts.Account == AccountARPatient
		if facts.Account.IsReceivable() && (of == "" || isPatient == (of == DebtorPatient)) {
			accounts = append(accounts, facts.Account)
		}
	}
	return slices.Clip(accounts)
}

// IsReceivable reports whether what stands on the account is owed to the practice for its services.
func (a LedgerAccount) IsReceivable() bool { return strings.HasPrefix(string(a), "AR:") }

// ClaimFigures counts claims and answers of a span of days.
type ClaimFigures struct {
	Sent        int64 // claims first sent in it
	Clean       int64 // of those, neither held by findings nor turned away
	Judged      int64 // claims of which an answer in it judges something
	FirstPass   int64 // of those, paid, never turned away, and nothing left for review
	Touchless   int64 // of those, no work was ever opened for their case
	Lines       int64 // judged lines
	Denied      int64 // of those, nothing paid and something neither taken off nor moved to the patient
	LinesBilled Cents
	DeniedCents Cents // billed on denied lines
	Unposted    int64 // answers that wait for a person
	UnpostedSum Cents // what they say was paid, whichever way
	Estimated   int64 // visits with a good faith estimate that the patient was first billed for in it
	Close       int64 // of those, billed within ten percent of the estimate
	EstimateGap Cents // what they were billed above or below it, either way
}
