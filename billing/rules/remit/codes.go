package remit

import "medbill/models"

// Code is a provider-level adjustment: the account on which its money stands. Joins says that a later one with the same reference takes away what
// this one gave; Asks, that a person is asked what the money is.
type Code struct {
	Code    string
	Account models.LedgerAccount
	Joins   bool
	Asks    bool
	Text    string
}

// Codes is the table of provider-level adjustments; one that is not in it stands in suspense. X12 PLB03-1, code source 426, https://x12.org/codes.
var Codes = []Code{
	{"50", models.AccountPenalties, false, false, "late charge"},
	{"51", models.AccountPenalties, false, false, "interest penalty charge"},
	{"72", models.AccountPayerRefunds, true, false, "authorized return"},
	{"90", models.AccountSuspense, false, true, "early payment allowance"},
	{"AM", models.AccountSuspense, false, true, "applied to borrower's account"},
	{"AP", models.AccountSuspense, false, true, "acceleration of benefits"},
	{"B2", models.AccountPayerRefunds, true, false, "rebate"},
	{"BN", models.AccountIncentive, false, false, "bonus"},
	{"CS", models.AccountSuspense, false, true, "adjustment"},
	{"CT", models.AccountSuspense, false, true, "capitation payment"},
	{"CV", models.AccountSuspense, false, true, "capital passthru"},
	{"E3", models.AccountSuspense, false, true, "withholding"},
	{"FB", models.AccountForward, true, false, "forwarding balance"},
	{"IP", models.AccountIncentive, false, false, "incentive premium payment"},
	{"IR", models.AccountSuspense, false, true, "withholding of the tax office"},
	{"IS", models.AccountSuspense, false, true, "interim settlement"},
	{"J1", models.AccountSuspense, false, true, "nonreimbursable"},
	{"L3", models.AccountPenalties, false, false, "penalty"},
	{"L6", models.AccountInterest, false, false, "interest owed"},
	{"LE", models.AccountSuspense, false, true, "levy"},
	{"OB", models.AccountSuspense, false, true, "offset for affiliated providers"},
	{"PI", models.AccountSuspense, false, true, "periodic interim payment"},
	{"PL", models.AccountSuspense, false, true, "final payment"},
	{"SL", models.AccountSuspense, false, true, "student loan repayment"},
	{"TL", models.AccountSuspense, false, true, "third party liability"},
	{"WO", models.AccountPayerOverpaid, true, false, "overpayment recovery"},
}

// CodeOf gives the row of a code; one that nobody knows asks a person.
func CodeOf(code string) Code {
	for _, row := range Codes {
		if row.Code == code {
			return row
		}
	}
	return Code{Code: code, Account: models.AccountSuspense, Asks: true, Text: "an adjustment that is not in the table"}
}

// JoinedBy gives the codes whose money stands on an account until a later one takes it away.
func JoinedBy(account models.LedgerAccount) []string {
	var codes []string
	for _, other := range Codes {
		if other.Joins && other.Account == account {
			codes = append(codes, other.Code)
		}
	}
	return codes
}
