package models

// Law is an invariant of the books, by the number under which `medbill verify` and a proof name it; "" is what is no law of money.
type Law string

// The laws. docs/proof.md says each in full.
const (
	LawBalanced   Law = "I1"  // an entry adds up to zero
	LawImmutable  Law = "I2"  // an entry is as it was posted, and is taken back once at most, by another one
	LawCharge     Law = "I3"  // billed = payments + contra + what is open, of each charge
	LawAnswer     Law = "I4"  // billed = paid + adjustments, of each answer
	LawRemittance Law = "I5"  // the clearing of a payment is what the payer pays
	LawPatient    Law = "I6"  // what patients owe is what they are asked for
	LawInvoice    Law = "I7"  // the lines make the invoice, and balanced means that nothing is due
	LawCredit     Law = "I8"  // nobody owes less than nothing
	LawOnce       Law = "I9"  // what happened once is posted once
	LawMirror     Law = "I10" // an entry and its reversal are nothing together
	LawControl    Law = "I11" // what the dimensions add up to is what the accounts hold
	LawNextPayer  Law = "I12" // no later payer owes less than nothing
	LawClosed     Law = "I13" // nothing is posted to a closed day
	LawDeposit    Law = "I14" // the bank's account has what the bank said, and what is not known of it waits in one account
	LawRefund     Law = "I15" // what is to go back to patients, and went, is what the refunds say
	LawWriteOff   Law = "I16" // what patients are not asked for is what the write-offs say
)

// Laws lists them in order.
var Laws = []Law{
	LawBalanced, LawImmutable, LawCharge, LawAnswer, LawRemittance, LawPatient, LawInvoice, LawCredit, LawOnce, LawMirror, LawControl, LawNextPayer, LawClosed, LawDeposit, LawRefund, LawWriteOff,
}
