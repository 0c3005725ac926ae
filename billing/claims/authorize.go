package claims

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/authorization"
	"medbill/billing/rules/claim"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// authorize puts the numbers of authorizations on the planned claims: a claim that goes out with others than it stands with is made anew. What somebody gave for a claim, or for the one that it replaces, stays.
func (p *preparation) authorize() error {
	var err error
	if p.asked, err = books.Authorizations(p.View, p.kase.PatientID); err != nil {
		return err
	}
	for i := range p.moves {
		move := &p.moves[i]
		if move.Kind != claim.Create && move.Kind != claim.Rebuild && move.Kind != claim.Keep || move.Claim.Frequency == models.FrequencyVoid {
			continue
		}
		c := &move.Claim
		stands := slices.IndexFunc(p.existing, func(o models.Claim) bool { return o.ID == c.ID })
		if c.Authorized == nil {
			c.Authorized = p.given(*c, stands)
		}
		c.Authorizations = authorization.Numbers(p.asked, *c)
		if move.Kind == claim.Keep && !slices.Equal(c.Authorizations, p.existing[stands].Authorizations) {
			move.Kind = claim.Rebuild
		}
	}
	return nil
}

// given gives the numbers that somebody gave for a claim as it stands, else for the one that it replaces.
func (p *preparation) given(c models.Claim, stands int) models.Codes {
	if stands >= 0 {
		return p.existing[stands].Authorized
	}
	for _, o := range p.existing {
		if o.ID == c.Replaces {
			return o.Authorized
		}
	}
	return nil
}

// AuthorizationRequest says by which number a payer authorized what a claim asks for; "" takes back what was said.
type AuthorizationRequest struct{ Number string }

var errLate = fault.At(fault.Conflict, "claim.sent", "Claim.status", "The claim went out; what it says of authorizations does not change now.")

// Authorize writes the number on a claim by which its payer authorized all of it, and brings the claim up to that. The same again changes nothing. It refuses (Conflict) a claim that went out and (Invalid) what is
// no number.
func Authorize(s *desk.Sheet, id models.ClaimID, r AuthorizationRequest, replan Rest) (models.Claim, error) {
	c, err := ours(s, id)
	if err != nil {
		return c, err
	}
	if !c.State.Facts().Editable {
		return c, errLate
	}
	var given models.Codes
	if r.Number != "" {
		if err := fault.Under("number", models.CheckLine(r.Number)); err != nil {
			return c, err
		}
		given = models.Codes{r.Number}
	}
	if slices.Equal(c.Authorized, given) {
		return c, nil
	}
	if err := books.Lock(s.Tx, string(c.CaseID)); err != nil {
		return c, err
	}
	c.Authorized = given
	if err := books.SaveClaim(s.Tx, c); err != nil {
		return c, err
	}
	if err := settles(s, c); err != nil {
		return c, err
	}
	if err := planAgain(s, c.CaseID); err != nil {
		return c, err
	}
	if err := replan(s, c.CaseID); err != nil {
		return c, err
	}
	return ours(s, id)
}

// settles closes the work about requests for what a claim has a number for now.
func settles(s *desk.Sheet, c models.Claim) error {
	list, err := books.Authorizations(s.View, c.PatientID)
	if err != nil || len(c.Authorized) == 0 {
		return err
	}
	for _, id := range authorization.About(list, c) {
		if err := s.Item(false, models.WorkItem{Kind: models.WorkAuthorization, Subject: models.Ref{Type: "Claim", ID: string(id)}}); err != nil {
			return err
		}
	}
	return nil
}
