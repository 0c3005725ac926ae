package models

import "slices"

// IsCorrection reports whether the claim comes after one of the same number, which it replaces or voids.
func (c Claim) IsCorrection() bool { return c.Replaces != "" }

// Follower gives the claim that comes after another one of its number, of those of its case; false where none does.
func Follower(claims []Claim, id ClaimID) (Claim, bool) {
	at := slices.IndexFunc(claims, func(c Claim) bool { return c.Replaces == id && c.State != ClaimWithdrawn })
	if at < 0 {
		return Claim{}, false
	}
	return claims[at], true
}

// Chain gives the claims that stand behind each other under one number to one payer, the first one first; claims are those of the case.
func Chain(claims []Claim, id ClaimID) []Claim {
	known := func(id ClaimID) (Claim, bool) {
		at := slices.IndexFunc(claims, func(c Claim) bool { return c.ID == id })
		if at < 0 {
			return Claim{}, false
		}
		return claims[at], true
	}
	c, found := known(id)
	for before, any := known(c.Replaces); found && any; before, any = known(c.Replaces) {
		c = before
	}
	var chain []Claim
	for ; found; c, found = Follower(claims, c.ID) {
		chain = append(chain, c)
	}
	return chain
}

// Correcting gives what is to come after a claim of its case: a person decided it and the payer did not answer that yet, or turned it
// away. FrequencyFirst where nothing is.
func Correcting(claims []Claim, c Claim) ClaimFrequency {
	switch next, any := Follower(claims, c.ID); {
	case any && (next.State.Facts().Editable || c.State == ClaimReplacing || c.State == ClaimVoiding):
		return next.Frequency
	case any:
		return FrequencyFirst
	case c.State == ClaimReplacing:
		return FrequencyReplace
	case c.State == ClaimVoiding:
		return FrequencyVoid
	}
	return FrequencyFirst
}

// IsOpenCorrection reports whether a claim is to be followed by another one that is not sent yet.
func IsOpenCorrection(claims []Claim, c Claim) bool {
	next, any := Follower(claims, c.ID)
	return Correcting(claims, c) != FrequencyFirst && (!any || next.State.Facts().Editable)
}

// InForce gives those of the claims of a case that were sent and that no sent one came after.
func InForce(claims []Claim) []Claim {
	return slices.DeleteFunc(slices.Clone(claims), func(c Claim) bool {
		next, any := Follower(claims, c.ID)
		return !c.State.Facts().Sent || any && next.State.Facts().Sent
	})
}
