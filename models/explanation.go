package models

// Explained is a posting of a journal entry that an amount is made of, with what it came from.
type Explained struct {
	Entry    EntryID
	Kind     EntryKind
	Day      Date
	Cause    Cause
	Reverses EntryID // the entry that it mirrors, "" where it does not
	Account  LedgerAccount
	Amount   Cents // positive for a debit
	ChargeID ChargeID
	From     Ref    // the document that it came from
	Path     string // FHIRPath of the element there
}
