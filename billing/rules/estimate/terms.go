package estimate

import "medbill/models"

// ServiceOf gives the type of service of a professional claim by its place of service, as X12 005010X279A1 EQ01 codes it: emergency, urgent care, else a visit to a doctor; that of a hospital's is the whole plan.
func ServiceOf(form models.ClaimType, place string) string {
	switch {
	case form != models.ClaimProfessional:
		return models.ServiceAny
	case place == "23":
		return "86"
	case place == "20":
		return "UC"
	}
	return "98"
}

// TermsOf gives what a plan asks of its member for a type of service, by what its payer says: what is said of the type of service counts before what is said of the whole plan, amounts within the network
// before those outside of it.
func TermsOf(benefits []models.Benefit, service string) Terms {
	find := func(kind models.BenefitKind, isFamily bool) (models.Benefit, bool) {
		best, worst := models.Benefit{}, 4
		for _, b := range benefits {
			if b.Kind != kind || b.Code != "" || b.Excluded || (b.Unit == models.UnitFamily) != isFamily || b.Service != service && b.Service != models.ServiceAny && b.Service != "" {
				continue
			}
			rank := 0
			if b.Network == models.NetworkOut {
				rank += 2
			}
			if b.Service != service {
				rank++
			}
			if rank < worst {
				best, worst = b, rank
			}
		}
		return best, worst < 4
	}
	left := func(kind models.BenefitKind, isFamily bool) *models.Cents {
		b, found := find(kind, isFamily)
		if !found {
			return nil
		}
		if left := b.Remaining(); left != nil {
			return left
		}
		return b.Allowed // how much of it is used is not said
	}
	t := Terms{
		DeductibleLeft: left(models.BenefitDeductible, false), FamilyDeductibleLeft: left(models.BenefitDeductible, true),
		MaximumLeft: left(models.BenefitMaximum, false), FamilyMaximumLeft: left(models.BenefitMaximum, true),
	}
	if b, found := find(models.BenefitCopay, false); found {
		t.Copay = b.Allowed
	}
	if b, found := find(models.BenefitCoinsurance, false); found {
		t.Coinsurance = b.Percent
	}
	return t
}
