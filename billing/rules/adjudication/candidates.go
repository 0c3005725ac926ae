package adjudication

import (
	"cmp"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// Candidate is a claim that an answer which names none may be to, and what speaks for it. Score adds up what does: 4 for the number, 3 for the amount, 2 for
// the patient, 1 each for as many lines and for a claim that is still to be answered.
type Candidate struct {
	Claim models.Claim
	Score int
	Alike []string
}

const candidatesMax = 5

// Candidates gives the claims to the payer of an answer that it may be to, the likeliest first. Number is what the answer calls the claim.
func Candidates(a models.Answer, number string, claims []models.Claim) []Candidate {
	var list []Candidate
	for _, c := range claims {
		if c.InsurerID != a.PayerID || !c.State.Facts().PayerSees || slices.ContainsFunc(list, func(other Candidate) bool { return other.Claim.ID == c.ID }) {
			continue
		}
		one := Candidate{Claim: c}
		is := func(holds bool, score int, text string) {
			if holds {
				one.Score += score
				one.Alike = append(one.Alike, text)
			}
		}
		is(number != "" && c.Number == number, 4, "number")
		is(a.Billed != 0 && abs(a.Billed) == c.Billed, 3, "amount")
		is(a.PatientID != "" && c.PatientID == a.PatientID, 2, "patient")
		is(len(a.Lines) == len(c.Lines), 1, "lines")
		is(c.State.Facts().Awaited, 1, "awaited")
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(x, y Candidate) int {
		return cmp.Or(-cmp.Compare(x.Score, y.Score), cmp.Compare(x.Claim.ID, y.Claim.ID))
	})
	return list[:min(len(list), candidatesMax)]
}

func abs(amount models.Cents) models.Cents { return max(amount, -amount) }

// CheckAlone gives what does not hold of an answer whatever claim it is to: its lines balance, each is named once, and totals are their sums.
func CheckAlone(a models.Answer) []fault.Issue {
	var c models.Claim
	for _, l := range a.Lines {
		if !slices.ContainsFunc(c.Lines, func(other models.ClaimLine) bool { return other.Sequence == l.LineSequence }) {
			c.Lines = append(c.Lines, models.ClaimLine{Sequence: l.LineSequence, Billed: l.Billed})
		}
	}
	k := checker{claim: c, answer: a}
	k.named()
	k.balanced()
	k.totals()
	return k.issues
}
