package claim

import (
	"slices"

	"medbill/models"
)

// MoveKind says what is to become of a claim.
type MoveKind string

// The moves.
const (
	Create    MoveKind = "create"
	Keep      MoveKind = "keep"
	Rebuild   MoveKind = "rebuild"    // the same claim says something else now
	Withdraw  MoveKind = "withdraw"   // it was never sent and asks for nothing any more
	Forward   MoveKind = "forward"    // the payer before gave it to its payer
	NextPayer MoveKind = "next-payer" // a person decides what the next payer is told; Reason says why
)

// Move is one decision about one claim, as it is to be afterwards.
type Move struct {
	Kind   MoveKind
	Claim  models.Claim
	Reason string
}

// Input is what the claims of a case are made of. Payers gives who pays for a day of service, first payer first.
type Input struct {
	Case      models.Case
	Charges   []models.Charge // in the books
	Diagnoses []models.Diagnosis
	Payers    func(models.Date) []models.Coverage
	Answers   []models.Answer
	Existing  []models.Claim // withdrawn ones too: their causes are taken
	NewID     func() models.ClaimID
	NewNumber func() string
}

// Plan gives what is to become of a case's claims. Claims that a payer has stand: what differs from them is work for a person,
// and here only says whose turn it is next. Of the others there is one of each type for every coverage that pays first on some day, part
// by part; one that says so already is kept, one in the same place is rebuilt under its number, every other is withdrawn. What an answer
// left to the next payer is that one's claim, with the answers before it. A front end's draft stands in the place of the claims that would
// be made, and what another system sent before the practice moved in is never made anew. What moves hold is as it was coded, without what rules of the practice set.
func Plan(in Input) []Move {
	if in.Case.ID.IsOpening() || slices.ContainsFunc(in.Existing, func(c models.Claim) bool { return c.State.Facts().Sent }) {
		return append(in.corrections(), in.after()...)
	}
	var moves []Move
	open := slices.DeleteFunc(slices.Clone(in.Existing), func(c models.Claim) bool { return !c.State.Facts().Editable })
	if slices.ContainsFunc(open, models.Claim.IsDrafted) {
		return in.drafted(open)
	}
	for _, wanted := range in.build() {
		at := slices.IndexFunc(open, func(c models.Claim) bool { return isSamePlace(c, wanted) })
		if at < 0 {
			wanted.ID, wanted.Number = in.NewID(), in.NewNumber()
			wanted.Cause = models.CauseOfClaim(wanted.CaseID, wanted.Type, wanted.Position, wanted.CoverageID, wanted.Part, 1+in.madeBefore(wanted))
			moves = append(moves, Move{Kind: Create, Claim: wanted})
			continue
		}
		before := open[at]
		open = slices.Delete(open, at, at+1)
		wanted.ID, wanted.Number, wanted.Cause, wanted.Created, wanted.State = before.ID, before.Number, before.Cause, before.Created, before.State
		kind := Rebuild
		if says(before.Coded(), wanted) {
			kind = Keep
		}
		moves = append(moves, Move{Kind: kind, Claim: wanted})
	}
	for _, c := range open {
		moves = append(moves, Move{Kind: Withdraw, Claim: c})
	}
	return moves
}

// drafted keeps the draft and takes back what it replaces.
func (in Input) drafted(open []models.Claim) []Move {
	var moves []Move
	for _, c := range open {
		kind := Withdraw
		if c.IsDrafted() {
			kind, c = Keep, c.Coded()
		}
		moves = append(moves, Move{Kind: kind, Claim: c})
	}
	return moves
}

// isSamePlace reports whether two claims of one type ask the same payer for the same patient under the same coverage, part for part.
func isSamePlace(a, b models.Claim) bool {
	return a.Type == b.Type && a.CoverageID == b.CoverageID && a.Position == b.Position && a.Part == b.Part && a.PatientID == b.PatientID
}

// madeBefore counts the claims of the same place that were withdrawn, whose causes are taken.
func (in Input) madeBefore(wanted models.Claim) int {
	count := 0
	for _, c := range in.Existing {
		if c.Type == wanted.Type && c.CoverageID == wanted.CoverageID && c.Position == wanted.Position && c.Part == wanted.Part {
			count++
		}
	}
	return count
}

// says reports whether a claim says already what is wanted; ids, numbers, states and times apart.
func says(have, want models.Claim) bool {
	return have.InsurerID == want.InsurerID && have.BillingID == want.BillingID && have.Rendering == want.Rendering &&
		have.ServiceFrom == want.ServiceFrom && have.ServiceUntil == want.ServiceUntil && have.PlaceOfService == want.PlaceOfService &&
		have.Type == want.Type && have.Replaces == want.Replaces && have.Frequency == want.Frequency && have.PayerNumber == want.PayerNumber && slices.Equal(have.Prior, want.Prior) && have.Stay.Equal(want.Stay) && have.Billed == want.Billed &&
		slices.EqualFunc(have.Lines, want.Lines, func(a, b models.ClaimLine) bool {
			return a.Sequence == b.Sequence && a.ChargeID == b.ChargeID && a.System == b.System && a.Code == b.Code && a.Revenue == b.Revenue &&
				slices.Equal(a.Modifiers, b.Modifiers) && a.Units == b.Units && a.Measure == b.Measure && a.Drug == b.Drug && slices.Equal(a.Pointers, b.Pointers) &&
				a.ServiceDate == b.ServiceDate && a.Rendering == b.Rendering && a.Billed == b.Billed
		}) &&
		slices.EqualFunc(have.Diagnoses, want.Diagnoses, func(a, b models.ClaimDiagnosis) bool {
			return a.Sequence == b.Sequence && a.Code == b.Code && a.InHospital.Equal(b.InHospital)
		})
}
