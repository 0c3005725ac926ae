package claim

import (
	"cmp"
	"slices"

	"medbill/models"
)

// build gives the claims that the charges make as they stand, without ids, numbers and causes. Every charge stands on exactly
// one line of a claim to who pays first on its day, of the type that its revenue code says; what the patient owes from the start is
// asked of nobody else. A new part begins where the lines or the diagnoses pointed to would not fit. A claim may have several rendering providers: the case's
// stands in its head where he did one of the lines, else the first line's.
func (in Input) build() []models.Claim {
	var claims []models.Claim
	parts := map[pile]int{}
	for _, deal := range in.deals() {
		on := pile{deal.coverage.ID, deal.form.Type}
		parts[on]++
		claims = append(claims, in.claim(deal, parts[on]))
	}
	return claims
}

// deal is the charges of one claim.
type deal struct {
	coverage models.Coverage
	form     models.ClaimTypeFacts
	charges  []models.Charge
}

// pile is what claims are counted by.
type pile struct {
	coverage models.CoverageID
	form     models.ClaimType
}

// deals deals the charges out in the order of the case.
func (in Input) deals() []deal {
	charges := slices.DeleteFunc(slices.Clone(in.Charges), func(c models.Charge) bool { return !c.IsPosted() || c.IsSelfPay() })
	slices.SortStableFunc(charges, func(a, b models.Charge) int { return cmp.Compare(a.Sequence, b.Sequence) })
	var dealt []deal
	current := map[pile]int{}
	for _, c := range charges {
		order := in.Payers(c.ServiceDate)
		if len(order) == 0 {
			continue // the patient pays alone
		}
		form, on := c.ClaimType().Facts(), pile{order[0].ID, c.ClaimType()}
		at, begun := current[on]
		if !begun || len(dealt[at].charges) == form.LinesMax || form.HasPointers &&
			len(in.pointed(append(slices.Clone(dealt[at].charges), c))) > form.DiagnosesMax {
			at = len(dealt)
			dealt, current[on] = append(dealt, deal{coverage: order[0], form: form}), at
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

// diagnoses gives as many of the case's diagnoses as fit, in its order: all that are pointed to, then the first others.
func (in Input) diagnoses(dealt deal) []models.Diagnosis {
	var kept models.Numbers
	if dealt.form.HasPointers {
		kept = in.pointed(dealt.charges)
	}
	sorted := slices.Clone(in.Diagnoses)
	slices.SortStableFunc(sorted, func(a, b models.Diagnosis) int { return cmp.Compare(a.Sequence, b.Sequence) })
	for _, d := range sorted {
		if len(kept) < dealt.form.DiagnosesMax && !slices.Contains(kept, d.Sequence) {
			kept = append(kept, d.Sequence)
		}
	}
	return slices.DeleteFunc(sorted, func(d models.Diagnosis) bool { return !slices.Contains(kept, d.Sequence) })
}

func (in Input) claim(d deal, part int) models.Claim {
	c := models.Claim{
		TenantID: in.Case.TenantID, CaseID: in.Case.ID, PatientID: in.Case.PatientID, CoverageID: d.coverage.ID, InsurerID: d.coverage.PayerID,
		BillingID: in.Case.BillingID, Type: d.form.Type, State: models.ClaimDraft, Position: 1, Part: part,
	}
	for _, charge := range d.charges {
		c.Billed += charge.Billed
	}
	c.ServiceFrom, c.ServiceUntil = days(d.charges)
	if d.form.Type == models.ClaimInstitutional {
		return in.institutional(c, d)
	}
	return in.professional(c, d)
}

// professional gives the lines of those who did something, at the place where they did it, each with its reasons.
func (in Input) professional(c models.Claim, d deal) models.Claim {
	c.Rendering, c.PlaceOfService = in.head(d.charges), in.Case.PlaceOfService
	renumbered := map[int]int{}
	for i, diagnosis := range in.diagnoses(d) {
		renumbered[diagnosis.Sequence] = i + 1
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: i + 1, Code: diagnosis.Code})
	}
	for i, charge := range d.charges {
		line := models.ClaimLine{
			Sequence: i + 1, ChargeID: charge.ID, System: charge.System, Code: charge.Code, Modifiers: charge.Modifiers, Units: charge.Units, Measure: charge.Measure, Drug: charge.Drug,
			ServiceDate: charge.ServiceDate, Rendering: in.rendering(charge), Billed: charge.Billed,
		}
		for _, p := range in.pointers(charge) {
			line.Pointers = append(line.Pointers, renumbered[p])
		}
		c.Lines = append(c.Lines, line)
	}
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
