package casework

import (
	"slices"

	"medbill/models"
)

// Stakes is what tells what is at stake in the work of a case. Postings are those about its charges.
type Stakes struct {
	Case     models.Case
	Charges  []models.Charge
	Claims   []models.Claim
	Answers  []models.Answer
	Postings []models.Posting
}

// InBooks reports whether the books say what is at stake in work of a kind, so that Stakes needs postings for it.
func InBooks(kind models.WorkKind) bool {
	stake := kind.Facts().Stake
	return stake == models.StakeInsurance || stake == models.StakePatient
}

// Weigh gives the open items of a case, oldest first, with whom they are about and what is at stake in each. What is open in the
// books for one claim, or for the patient, is counted once, on the first item that waits for it.
func (s Stakes) Weigh(items []models.WorkItem) []models.WorkItem {
	items = slices.Clone(items)
	counted := map[string]bool{}
	for i := range items {
		w := &items[i]
		c := s.claimOf(*w)
		w.ClaimID, w.PayerID, w.ProviderID = c.ID, c.InsurerID, s.Case.Rendering.ID
		if c.Rendering.ID != "" {
			w.ProviderID = c.Rendering.ID
		}
		stake := w.Kind.Facts().Stake
		if stake != models.StakeStated {
			w.Amount = s.amount(stake, *w, c)
		}
		if InBooks(w.Kind) {
			of := string(stake) + " " + string(c.ID)
			if stake == models.StakePatient {
				of = string(stake)
			}
			if counted[of] {
				w.Amount = 0
			}
			counted[of] = true
		}
	}
	return items
}

func (s Stakes) amount(stake models.Stake, w models.WorkItem, c models.Claim) models.Cents {
	switch stake {
	case models.StakeClaim:
		return c.Billed
	case models.StakeInsurance:
		return s.open(models.AccountARInsurance, func(p models.Posting) bool { return c.Bills(p.ChargeID) && p.PayerID == c.InsurerID })
	case models.StakePatient:
		return s.open(models.AccountARPatient, func(models.Posting) bool { return true })
	case models.StakeCharge:
		return total(slices.DeleteFunc(slices.Clone(s.Charges), func(one models.Charge) bool { return string(one.ID) != w.Subject.ID }))
	}
	return total(slices.DeleteFunc(slices.Clone(s.Charges), func(one models.Charge) bool {
		facts := one.State.Facts()
		return !facts.InBooks && !facts.Waits
	}))
}

// open sums what stands on an account for some of the charges.
func (s Stakes) open(account models.LedgerAccount, counts func(models.Posting) bool) (sum models.Cents) {
	for _, p := range s.Postings {
		if p.Account == account && counts(p) {
			sum += p.Amount
		}
	}
	return sum
}

// claimOf gives the claim that the subject of work is, or is about: of a visit, the only one that is made for it.
func (s Stakes) claimOf(w models.WorkItem) models.Claim {
	id, subject := models.ClaimID(""), w.Subject
	switch subject.Type {
	case "Task":
		id = w.ClaimID
	case "Claim":
		id = models.ClaimID(subject.ID)
	case "ClaimResponse":
		for _, a := range s.Answers {
			if string(a.ID) == subject.ID {
				id = a.ClaimID
			}
		}
	case "ChargeItem":
		return models.Claim{}
	}
	live := slices.DeleteFunc(slices.Clone(s.Claims), func(c models.Claim) bool {
		if _, isFollowed := models.Follower(s.Claims, c.ID); id == "" && isFollowed {
			return true
		}
		return id != "" && c.ID != id || id == "" && !c.State.IsLive()
	})
	if len(live) != 1 {
		return models.Claim{}
	}
	return live[0]
}
