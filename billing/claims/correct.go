package claims

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/claim"
	"medbill/internal/payers"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

var (
	errSame      = fault.At(fault.Conflict, "claim.same", "decision", "A corrected claim would say what the payer has already; ignore the difference with a reason, or void the claim.")
	errUnplaced  = fault.At(fault.Conflict, "claim.unplaced", "decision", "A service that came later stands on no claim that was sent, because it is of another form or does not fit; it cannot be added to one.")
	errNoClaim   = fault.At(fault.Conflict, "claim.none", "decision", "No claim of the visit was sent that could be corrected.")
	errTakesNone = fault.At(fault.Conflict, "claim.not-taken", "decision", "The payer takes no claim of that frequency (its fact takes-replacement or takes-void); appeal, or ask it to reopen the claim.")
	errNextPaid  = fault.At(fault.Conflict, "claim.next-payer", "decision", "A claim to the next payer goes by this one; void that one first.")
)

// Correct decides that a claim which its payer has is to be replaced or voided, or where it names none every first payer's claim of a case: to be replaced, as far as
// they would say something else now. The claim that does it is planned then, and goes out once an answer gave the payer's number. It
// refuses (Conflict) what no sent claim is there for, a frequency that the payer does not take, a replacement that says the same, one that has no place for a service that came later, a void
// of what a next payer's claim goes by, and a claim in a state that does not allow it.
func Correct(s *desk.Sheet, kase models.Case, id models.ClaimID, frequency models.ClaimFrequency) error {
	in, err := inputOf(s, kase)
	if err != nil {
		return err
	}
	asked := slices.DeleteFunc(models.InForce(in.Existing), func(c models.Claim) bool {
		isIt := slices.ContainsFunc(models.Chain(in.Existing, c.ID), func(o models.Claim) bool { return o.ID == id })
		return c.Frequency == models.FrequencyVoid || id != "" && !isIt || id == "" && c.Position != 1
	})
	if len(asked) == 0 {
		return errNoClaim
	}
	event := claim.Void
	if frequency == models.FrequencyReplace {
		event = claim.Replace
		if !placesAll(in, asked) {
			return errUnplaced
		}
		if id == "" {
			asked = slices.DeleteFunc(asked, func(c models.Claim) bool { return !in.Differs(c) })
		}
		if len(asked) == 0 {
			return errSame
		}
	}
	for _, c := range asked {
		isNext := func(o models.Claim) bool {
			return o.Position > c.Position && o.Part == c.Part && o.Type == c.Type && o.Frequency != models.FrequencyVoid
		}
		if event == claim.Void && slices.ContainsFunc(models.InForce(in.Existing), func(o models.Claim) bool { return isNext(o) && o.State.IsLive() }) {
			return errNextPaid
		}
		if err := isTaken(s, in, c, event); err != nil {
			return err
		}
		if err := correct(s, c, event); err != nil {
			return err
		}
	}
	return nil
}

// isTaken refuses a claim of a frequency that its payer does not take. What it did not process is sent as a new one, which is none.
func isTaken(s *desk.Sheet, in claim.Input, c models.Claim, event claim.Event) error {
	subject := models.TakesVoid
	if event == claim.Replace {
		subject = models.TakesReplacement
		if in.IsUnprocessed(c.ID) {
			return nil
		}
	}
	book, err := s.PayerBook()
	if err != nil {
		return err
	}
	if fact, found := book.Fact(c.InsurerID, subject, "", c.ServiceFrom); found && fact.Value == payers.No {
		return errTakesNone
	}
	return nil
}

// correct moves a claim to where another one is to come after it.
func correct(s *desk.Sheet, c models.Claim, event claim.Event) error {
	next, err := claim.Next(c.State, event)
	if err != nil {
		return err
	}
	return s.MoveClaim(c, next)
}

// placesAll reports whether every charge that comes stands on one of the corrected claims.
func placesAll(in claim.Input, asked []models.Claim) bool {
	for _, one := range in.Charges {
		isOn := func(c models.Claim) bool {
			wanted, found := in.Corrected(c)
			return found && wanted.Bills(one.ID)
		}
		if one.State == models.ChargeComing && !slices.ContainsFunc(asked, isOn) && asked[0].Position == 1 {
			return false
		}
	}
	return true
}

// sendAfter gives a claim to its payer that replaces or voids another one. Its charges stay where they are until it is answered.
func sendAfter(s *desk.Sheet, c models.Claim, next models.ClaimState) error {
	first, _, err := books.Claim(s.View, c.Replaces)
	if err != nil {
		return err
	}
	event := claim.Replace
	if c.Frequency == models.FrequencyVoid {
		event = claim.Void
	}
	if err := correct(s, first, event); err != nil {
		return err
	}
	return leave(s, c, next)
}
