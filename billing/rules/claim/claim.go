// Package claim makes the claims of a visit and knows their lifecycle. It does not judge a claim (scrub) nor price it
// (charge).
package claim

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/models"
)

// numberPrefix marks a claim's number among the numbers a payer sends back.
const numberPrefix = "C"

// Number gives the patient control number for the tenant's seq-th claim: at most twenty characters, nothing about the
// patient in it. X12 005010X222A1, CLM01.
func Number(seq int64) string { return models.NumberOf(numberPrefix, seq) }

// Input is what one payer's claims for a visit are made of. Position is the payer's place in the coverage order, from 1;
// Version counts how often this payer's claims for the visit were made, from 1: voided ones keep their causes.
type Input struct {
	Visit     models.Visit
	Charges   []models.Charge
	Diagnoses []models.Diagnosis
	Coverage  models.Coverage
	Position  int
	Version   int
	NewID     func() models.ClaimID
}

// Build gives the drafts for one payer; their numbers are the caller's to set. Every charge that is in the books stands on
// exactly one line. A new part begins where fifty lines or the diagnoses pointed to would not fit, and for another rendering
// provider, because a claim names one.
func Build(in Input) []models.Claim {
	var claims []models.Claim
	for i, part := range parts(in) {
		claims = append(claims, in.claim(i+1, part))
	}
	return claims
}

// parts deals the charges out, each provider's in the order of the visit.
func parts(in Input) [][]models.Charge {
	charges := slices.DeleteFunc(slices.Clone(in.Charges), func(c models.Charge) bool {
		return c.Status == models.ChargeAborted || c.Status == models.ChargePlanned
	})
	slices.SortStableFunc(charges, func(a, b models.Charge) int { return cmp.Compare(a.Sequence, b.Sequence) })
	var dealt [][]models.Charge
	current := map[models.PractitionerID]int{}
	for _, c := range charges {
		rendering := in.rendering(c)
		at, begun := current[rendering]
		if !begun || len(dealt[at]) == models.ClaimLinesMax || len(in.pointed(append(slices.Clone(dealt[at]), c))) > models.ClaimDiagnosesMax {
			at = len(dealt)
			dealt, current[rendering] = append(dealt, nil), at
		}
		dealt[at] = append(dealt[at], c)
	}
	return dealt
}

func (in Input) rendering(c models.Charge) models.PractitionerID {
	return cmp.Or(c.RenderingID, in.Visit.RenderingID)
}

// pointers gives the diagnoses that c names and the visit has, at most four.
func (in Input) pointers(c models.Charge) models.Numbers {
	var kept models.Numbers
	for _, p := range c.Pointers {
		known := slices.ContainsFunc(in.Diagnoses, func(d models.Diagnosis) bool { return d.Sequence == p })
		if known && !slices.Contains(kept, p) && len(kept) < models.LinePointersMax {
			kept = append(kept, p)
		}
	}
	return kept
}

// pointed gives the visit's numbers of the diagnoses these charges name.
func (in Input) pointed(charges []models.Charge) models.Numbers {
	var all models.Numbers
	for _, c := range charges {
		for _, p := range in.pointers(c) {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// diagnoses gives at most twelve of the visit's diagnoses in its order: all that are pointed to, then the first others.
func (in Input) diagnoses(charges []models.Charge) []models.Diagnosis {
	kept := in.pointed(charges)
	sorted := slices.Clone(in.Diagnoses)
	slices.SortStableFunc(sorted, func(a, b models.Diagnosis) int { return cmp.Compare(a.Sequence, b.Sequence) })
	for _, d := range sorted {
		if len(kept) < models.ClaimDiagnosesMax && !slices.Contains(kept, d.Sequence) {
			kept = append(kept, d.Sequence)
		}
	}
	return slices.DeleteFunc(sorted, func(d models.Diagnosis) bool { return !slices.Contains(kept, d.Sequence) })
}

func (in Input) claim(part int, charges []models.Charge) models.Claim {
	v := in.Visit
	c := models.Claim{
		TenantID:       v.TenantID,
		ID:             in.NewID(),
		VisitID:        v.ID,
		PatientID:      v.PatientID,
		CoverageID:     in.Coverage.ID,
		InsurerID:      in.Coverage.PayerID,
		BillingID:      v.BillingID,
		RenderingID:    in.rendering(charges[0]),
		State:          models.ClaimDraft,
		Position:       in.Position,
		Part:           part,
		PlaceOfService: v.PlaceOfService,
		Cause:          fmt.Sprintf("visit/%s/payer/%d/part/%d/%d", v.ID, in.Position, part, in.Version),
	}
	renumbered := map[int]int{}
	for i, d := range in.diagnoses(charges) {
		renumbered[d.Sequence] = i + 1
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{TenantID: c.TenantID, ClaimID: c.ID, Sequence: i + 1, Code: d.Code})
	}
	for i, charge := range charges {
		line := models.ClaimLine{
			TenantID:    c.TenantID,
			ClaimID:     c.ID,
			Sequence:    i + 1,
			ChargeID:    charge.ID,
			System:      charge.System,
			Code:        charge.Code,
			Modifiers:   charge.Modifiers,
			Units:       charge.Units,
			ServiceDate: charge.ServiceDate,
			Billed:      charge.Billed,
		}
		for _, p := range in.pointers(charge) {
			line.Pointers = append(line.Pointers, renumbered[p])
		}
		c.Lines = append(c.Lines, line)
		c.Billed += charge.Billed
	}
	c.ServiceFrom, c.ServiceUntil = days(charges)
	return c
}

// days gives the first and the last day of service; unknown days do not count.
func days(charges []models.Charge) (first, last models.Date) {
	for _, c := range charges {
		last = max(last, c.ServiceDate)
		if first == "" || c.ServiceDate != "" && c.ServiceDate < first {
			first = c.ServiceDate
		}
	}
	return first, last
}
