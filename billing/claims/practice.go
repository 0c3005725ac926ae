package claims

import (
	"slices"

	"medbill/billing/rules/claim"
	"medbill/billing/rules/scrub"
	"medbill/models"
)

// byPractice has the practice's rules look at the planned claims before anybody else does: a claim that they change is made anew, so
// that the others of the case are checked against what goes out.
func (p *preparation) byPractice() error {
	var err error
	if p.practice, err = p.PracticeBook(); err != nil {
		return err
	}
	p.subjects = map[models.ClaimID]scrub.Subject{}
	for i := range p.moves {
		move := &p.moves[i]
		if move.Kind != claim.Create && move.Kind != claim.Rebuild && move.Kind != claim.Keep || move.Claim.Frequency == models.FrequencyVoid {
			continue
		}
		subject, err := p.subjectOf(move.Claim)
		if err != nil {
			return err
		}
		subject = scrub.Practiced(subject)
		p.subjects[move.Claim.ID], move.Claim = subject, subject.Claim
		if move.Kind == claim.Keep && p.isOther(move.Claim) {
			move.Kind = claim.Rebuild
		}
	}
	return nil
}

// isOther reports whether a claim stands with other modifiers than it is to go out with.
func (p *preparation) isOther(c models.Claim) bool {
	at := slices.IndexFunc(p.existing, func(e models.Claim) bool { return e.ID == c.ID })
	return at >= 0 && !slices.EqualFunc(p.existing[at].Lines, c.Lines, func(a, b models.ClaimLine) bool {
		return slices.Equal(a.Modifiers, b.Modifiers) && slices.Equal(a.Added, b.Added)
	})
}
