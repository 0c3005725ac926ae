package models

// Expected is what a payer is expected to allow of a claim, a line at a time. IsKnown says whether all lines are known, and Allowed is their sum
// then.
type Expected struct {
	ClaimID ClaimID
	Billed  Cents
	Allowed Cents
	IsKnown bool
	Lines   []ExpectedLine
}

// ExpectedLine is what a payer is expected to allow of one line, with how it comes about: the last step has the amount. ContractID is ""
// where no contract holds on its day. Where IsKnown is false nothing says what is allowed, and the last step why.
type ExpectedLine struct {
	Sequence   int
	ChargeID   ChargeID
	ContractID ContractID
	Billed     Cents
	Allowed    Cents
	Agreed     Cents // the same before the charge counts where it is less
	IsKnown    bool
	OfClaim    bool // a rate of the whole claim: the line is to be compared with the others only
	Steps      []PriceStep
}

// PriceStep is one step of how an amount comes about: what was applied, from which rate or release, and the amount after it.
type PriceStep struct {
	Text   string
	Source string // "contract acme-2026, line 3", "mpfs 2025-10"; "" for the claim itself
	Amount *Cents // nil where nothing is known yet
}

// Last is what the steps come to.
func (l ExpectedLine) Last() *Cents {
	if len(l.Steps) == 0 {
		return nil
	}
	return l.Steps[len(l.Steps)-1].Amount
}
