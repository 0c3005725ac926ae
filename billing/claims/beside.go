package claims

import (
	"cmp"
	"slices"

	"medbill/billing/rules/claim"
	"medbill/internal/store/books"
	"medbill/models"
)

// others gives the patient's other claims of the days of a planned one: those of its own case as they are planned, not as they
// were. Where the plan changes the claim, the cases of the others are planned again.
func (p *preparation) others(move claim.Move) ([]models.Claim, error) {
	others, err := p.liveOn(move.Claim)
	if err != nil {
		return nil, err
	}
	if err := p.noteBeside(move, others); err != nil {
		return nil, err
	}
	others = slices.DeleteFunc(others, func(c models.Claim) bool { return c.CaseID == p.kase.ID && c.State.Facts().Editable })
	for _, sibling := range p.moves {
		if sibling.Kind != claim.Withdraw && sibling.Claim.ID != move.Claim.ID && sibling.Claim.State.Facts().Editable {
			others = append(others, sibling.Claim)
		}
	}
	return others, nil
}

// liveOn gives the claims of c's patient and days.
func (p *preparation) liveOn(c models.Claim) ([]models.Claim, error) {
	return books.LiveClaims(p.View, c.PatientID, c.ServiceFrom, cmp.Or(c.ServiceUntil, c.ServiceFrom))
}

// noteBeside notes the cases of unsent claims beside one that is made, rebuilt or taken back; they may lie on its old days too.
func (p *preparation) noteBeside(move claim.Move, others []models.Claim) error {
	if move.Kind == claim.Keep {
		return nil
	}
	at := slices.IndexFunc(p.existing, func(c models.Claim) bool { return c.ID == move.Claim.ID })
	if at >= 0 && (p.existing[at].ServiceFrom != move.Claim.ServiceFrom || p.existing[at].ServiceUntil != move.Claim.ServiceUntil) {
		before, err := p.liveOn(p.existing[at])
		if err != nil {
			return err
		}
		others = slices.Concat(others, before)
	}
	for _, c := range others {
		if id := string(c.CaseID); c.CaseID != p.kase.ID && c.State.Facts().Editable && !slices.Contains(p.beside, id) {
			p.beside = append(p.beside, id)
		}
	}
	return nil
}

// replanBeside asks for a plan of the cases that were noted: their claims were checked against one that is another one now.
func (p *preparation) replanBeside() error {
	if len(p.beside) == 0 {
		return nil
	}
	if err := books.Lock(p.Tx, p.beside...); err != nil {
		return err
	}
	for _, id := range p.beside {
		c, _, err := books.Case(p.View, models.CaseID(id))
		if err == nil {
			err = p.Due(c, models.StepPlan)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
