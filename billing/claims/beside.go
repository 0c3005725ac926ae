package claims

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/scrub"
	"medbill/internal/store/books"
	"medbill/models"
)

// others gives the patient's other claims on the days that the rules look at for a planned one: those of its own case as they are planned, not as they
// were. Where the plan changes the claim, the cases of the others are planned again.
func (p *preparation) others(move claim.Move) ([]models.Claim, error) {
	others, err := liveOn(p.Sheet, move.Claim)
	if err != nil {
		return nil, err
	}
	if err := p.noteBeside(move, others); err != nil {
		return nil, err
	}
	return p.asPlanned(move, others), nil
}

// earlier gives the patient's other claims from a day on until the planned one ends, those of its own case as they are planned.
func (p *preparation) earlier(move claim.Move, from models.Date) ([]models.Claim, error) {
	found, err := books.LiveClaims(p.View, move.Claim.PatientID, from, cmp.Or(move.Claim.ServiceUntil, move.Claim.ServiceFrom))
	return p.asPlanned(move, found), err
}

// asPlanned gives others with those of the case as they are planned.
func (p *preparation) asPlanned(move claim.Move, others []models.Claim) []models.Claim {
	corrected := models.Chain(p.existing, move.Claim.Replaces) // it comes in their place
	others = slices.DeleteFunc(others, func(c models.Claim) bool {
		return c.CaseID == p.kase.ID && c.State.Facts().Editable || c.Frequency == models.FrequencyVoid ||
			slices.ContainsFunc(corrected, func(before models.Claim) bool { return before.ID == c.ID })
	})
	for _, sibling := range p.moves {
		if sibling.Kind != claim.Withdraw && sibling.Claim.ID != move.Claim.ID && sibling.Claim.State.Facts().Editable {
			others = append(others, sibling.Claim)
		}
	}
	return others
}

// liveOn gives the claims of c's patient on the days that the rules look at for c.
func liveOn(s *desk.Sheet, c models.Claim) ([]models.Claim, error) {
	days := scrub.Window(c)
	return books.LiveClaims(s.View, c.PatientID, days.From, days.Until)
}

// touching gives those of the claims that lie on c's own days. What lies further off only warns, and is looked at again before it is sent.
func touching(c models.Claim, claims []models.Claim) []models.Claim {
	var list []models.Claim
	for _, other := range claims {
		if other.ServiceFrom <= cmp.Or(c.ServiceUntil, c.ServiceFrom) && other.ServiceUntil >= c.ServiceFrom {
			list = append(list, other)
		}
	}
	return list
}

// noteBeside notes the cases of unsent claims beside one that is made, rebuilt or taken back; they may lie on its old days too.
func (p *preparation) noteBeside(move claim.Move, others []models.Claim) error {
	if move.Kind == claim.Keep {
		return nil
	}
	others = touching(move.Claim, others)
	at := slices.IndexFunc(p.existing, func(c models.Claim) bool { return c.ID == move.Claim.ID })
	if at >= 0 && (p.existing[at].ServiceFrom != move.Claim.ServiceFrom || p.existing[at].ServiceUntil != move.Claim.ServiceUntil) {
		before, err := liveOn(p.Sheet, p.existing[at])
		if err != nil {
			return err
		}
		others = slices.Concat(others, touching(p.existing[at], before))
	}
	p.beside = unsentBeside(p.kase.ID, others, p.beside)
	return nil
}

// unsentBeside adds to ids the cases of those claims that are not sent and not of the case itself.
func unsentBeside(own models.CaseID, claims []models.Claim, ids []string) []string {
	for _, c := range claims {
		if id := string(c.CaseID); c.CaseID != own && c.State.Facts().Editable && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// replanBesideDraft asks for a plan of the cases whose claims lie on the days of a draft, as it was or as it is.
func replanBesideDraft(s *desk.Sheet, versions ...models.Claim) error {
	var ids []string
	for _, c := range versions {
		claims, err := liveOn(s, c)
		if err != nil {
			return err
		}
		ids = unsentBeside(c.CaseID, touching(c, claims), ids)
	}
	return replanBeside(s, ids)
}

// replanBeside asks for a plan of cases whose claims were checked against one that is another one now.
func replanBeside(s *desk.Sheet, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := books.Lock(s.Tx, ids...); err != nil {
		return err
	}
	for _, id := range ids {
		c, _, err := books.Case(s.View, models.CaseID(id))
		if err == nil {
			err = s.Due(c, models.StepPlan)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
