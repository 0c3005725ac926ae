package claim

import (
	"slices"

	"medbill/models"
)

// PassedTo gives the plan whose payer got a claim from the payer before, of those that pay in their order: the next one. Where that is not who carrier is, or the answer names nobody and
// several plans are left, it gives why a person has to say so.
func PassedTo(order []models.Coverage, c models.Claim, carrier models.OrganizationID) (next models.Coverage, unclear string) {
	next, isNext := After(order, c)
	isTheirs := func(other models.Coverage) bool { return other.PayerID == carrier }
	switch {
	case !isNext:
		return next, "The payer passed the claim on, and no plan on file comes after its own; say which plan that is, or that there is none."
	case carrier == "" && len(order) > c.Position+1:
		return next, "The payer passed the claim on without saying to whom, and several plans come after its own; say which plans are in force."
	case carrier == "" || isTheirs(next):
		return next, ""
	case slices.ContainsFunc(order, isTheirs):
		return next, "The payer passed the claim on to one whose plan does not come next; give the plans the order in which they pay."
	}
	return next, "The payer passed the claim on to one with whom the patient has no plan on file for the day; say which plan that is."
}

// passed reports whether the payer of a claim passed it on to the plan that comes next, and whether it is not known to whom it did.
func (in Input) passed(c models.Claim) (isPassed, isUnplaced bool) {
	for _, a := range in.Answers {
		if a.ClaimID != c.ID || !a.Judges() || !a.PassedOn {
			continue
		}
		_, unclear := PassedTo(in.Payers(c.ServiceFrom), c, a.Carrier)
		isPassed, isUnplaced = isPassed || unclear == "", isUnplaced || a.Unplaced
	}
	return isPassed, isUnplaced
}

// forwarded gives the move to a claim that the payer before passed on: nobody sends it, and one that was not sent yet stands for it. One that its payer turned away is sent like any other.
// What we sent before is not doubled, and one that was passed on follows the answers before it until its own comes.
func (in Input) forwarded(wanted models.Claim, open *[]models.Claim) []Move {
	was := func(c models.Claim) bool {
		return slices.ContainsFunc(c.Moves, func(m models.ClaimMove) bool { return m.State == models.ClaimForwarded })
	}
	if in.isLeaving(wanted) {
		return nil
	}
	if at := slices.IndexFunc(*open, isFor(wanted)); at >= 0 {
		before := (*open)[at]
		if was(before) || before.State.Facts().IsTurnedAway() || before.IsCorrection() {
			return in.toNext(wanted, open)
		}
		*open = slices.Delete(*open, at, at+1)
		wanted.ID, wanted.Cause, wanted.Created = before.ID, before.Cause, before.Created
		return []Move{{Kind: Forward, Claim: wanted}}
	}
	inForce := models.InForce(in.Existing)
	at := slices.IndexFunc(inForce, isFor(wanted))
	if at < 0 {
		return []Move{{Kind: Forward, Claim: in.made(wanted)}}
	}
	asked := inForce[at]
	switch {
	case models.IsOpenCorrection(in.Existing, asked):
		return in.follow(asked, wanted)
	case asked.State == models.ClaimForwarded:
		wanted.ID, wanted.Cause, wanted.Created = asked.ID, asked.Cause, asked.Created
		if says(asked, wanted) {
			return nil
		}
		return []Move{{Kind: Forward, Claim: wanted}}
	case !asked.State.Facts().Awaited && in.isOverdue(asked, wanted.Prior):
		return []Move{{Kind: NextPayer, Claim: asked, Reason: "A payer before corrected its answer and passed that on to this one, whose corrected answer is awaited; ask it, or send it a corrected claim."}}
	}
	return nil
}
