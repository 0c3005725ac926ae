package claim

import (
	"cmp"
	"slices"

	"medbill/models"
)

// build gives the claims that the charges make as they stand, without ids, numbers and causes. Every charge stands on exactly
// one line of a claim to who pays first on its day; what the patient owes from the start is asked of nobody else. A new part
// begins where fifty lines or the diagnoses pointed to would not fit. A claim may have several rendering providers: the case's
// stands in its head where he did one of the lines, else the first line's.
func (in Input) build() []models.Claim {
	var claims []models.Claim
	parts := map[models.CoverageID]int{}
	for _, deal := range in.deals() {
		parts[deal.coverage.ID]++
		claims = append(claims, in.claim(deal, parts[deal.coverage.ID]))
	}
	return claims
}

// deal is the charges of one claim.
type deal struct {
	coverage models.Coverage
	charges  []models.Charge
}

// deals deals the charges out in the order of the case.
func (in Input) deals() []deal {
	charges := slices.DeleteFunc(slices.Clone(in.Charges), func(c models.Charge) bool { return !c.IsPosted() || c.IsSelfPay() })
	slices.SortStableFunc(charges, func(a, b models.Charge) int { return cmp.Compare(a.Sequence, b.Sequence) })
	var dealt []deal
	current := map[models.CoverageID]int{}
	for _, c := range charges {
		order := in.Payers(c.ServiceDate)
		if len(order) == 0 {
			continue // the patient pays alone
		}
		at, begun := current[order[0].ID]
		if !begun || len(dealt[at].charges) == models.ClaimLinesMax ||
			len(in.pointed(append(slices.Clone(dealt[at].charges), c))) > models.ClaimDiagnosesMax {
			at = len(dealt)
			dealt, current[order[0].ID] = append(dealt, deal{coverage: order[0]}), at
		}
		dealt[at].charges = append(dealt[at].charges, c)
	}
	return dealt
}

// pointers gives the diagnoses that c names and the case has, at most four.
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

// pointed gives the case's numbers of the diagnoses these charges name.
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

// diagnoses gives at most twelve of the case's diagnoses in its order: all that are pointed to, then the first others.
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

func (in Input) claim(d deal, part int) models.Claim {
	c := models.Claim{
		TenantID: in.Case.TenantID, CaseID: in.Case.ID, PatientID: in.Case.PatientID, CoverageID: d.coverage.ID, InsurerID: d.coverage.PayerID,
		BillingID: in.Case.BillingID, Rendering: in.head(d.charges), State: models.ClaimDraft, Position: 1, Part: part, PlaceOfService: in.Case.PlaceOfService,
	}
	renumbered := map[int]int{}
	for i, diagnosis := range in.diagnoses(d.charges) {
		renumbered[diagnosis.Sequence] = i + 1
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: i + 1, Code: diagnosis.Code})
	}
	for i, charge := range d.charges {
		line := models.ClaimLine{
			Sequence: i + 1, ChargeID: charge.ID, System: charge.System, Code: charge.Code, Modifiers: charge.Modifiers, Units: charge.Units,
			ServiceDate: charge.ServiceDate, Rendering: in.rendering(charge), Billed: charge.Billed,
		}
		for _, p := range in.pointers(charge) {
			line.Pointers = append(line.Pointers, renumbered[p])
		}
		c.Lines = append(c.Lines, line)
		c.Billed += charge.Billed
	}
	c.ServiceFrom, c.ServiceUntil = days(d.charges)
	return c
}

func (in Input) rendering(c models.Charge) models.Performer {
	return cmp.Or(c.Rendering, in.Case.Rendering)
}

// head gives who stands as the claim's provider.
func (in Input) head(charges []models.Charge) models.Performer {
	for _, c := range charges {
		if in.rendering(c) == in.Case.Rendering {
			return in.Case.Rendering
		}
	}
	return in.rendering(charges[0])
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
