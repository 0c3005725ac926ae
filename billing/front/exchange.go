package front

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/authorization"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/fhir/validate"
	"medbill/internal/partners"
	"medbill/internal/store/books"
	"medbill/models"
)

// Call is what a payer's server is to be told.
type Call struct {
	Place string // under its base
	Body  []byte
}

// Next gives what the payer of a request is to be told now: the request, or where it has that, the question how it stands. nil where nothing is due. Until the call is over nobody else makes it.
func (f Authorizations) Next(s *desk.Sheet, id models.ClaimID) (*Call, error) {
	a, known, err := books.Authorization(s.View, id)
	if err != nil || !known || a.DueAt == 0 || a.DueAt > s.Now() {
		return nil, err
	}
	if !f.reaches(s, a) {
		return nil, f.stand(s, a) // it was reached from here before
	}
	request, err := s.Document(requestRef(a))
	if err != nil || request == nil {
		return nil, err
	}
	body, err := s.ForPayer(render.NumberedRequest(a, request))
	if err != nil {
		return nil, err
	}
	a.DueAt = s.Now() + partners.Lease
	if err := books.SaveAuthorization(s.Tx, a); err != nil {
		return nil, err
	}
	place := "Claim/$submit"
	if a.State == models.AuthorizationPended {
		place = "Claim/$inquire"
	}
	return &Call{place, body}, nil
}

// Came takes what a payer's server said to a call, and failed where it said nothing that tells. Of a call that failed the same is made again later, and people are told where it keeps failing.
func (f Authorizations) Came(s *desk.Sheet, id models.ClaimID, reply partners.Reply, failed error) error {
	a, known, err := books.Authorization(s.View, id)
	if err != nil || !known || a.State != models.AuthorizationAsked && a.State != models.AuthorizationPended {
		return err // it was decided, or taken back, meanwhile
	}
	if failed != nil || reply.Failed() {
		return f.later(s, a)
	}
	answer, err := fhir.Parse(reply.Body)
	switch {
	case err == nil && reply.Done():
	case a.State == models.AuthorizationPended:
		return f.stand(s, a) // it has the request, and does not tell how it stands
	default:
		return f.refused(s, a, []models.EligibilityRefusal{{}})
	}
	var own *fhir.Document
	list := intake.Reviews(answer)
	for _, d := range list {
		for _, number := range intake.RequestNumbers(d) {
			if number == a.Number {
				own = d
			}
		}
	}
	switch {
	case own != nil:
	case len(list) == 1 && a.State == models.AuthorizationAsked:
		own = list[0] // what answers a request is about it
	case a.State == models.AuthorizationPended:
		return f.stand(s, a) // it has not decided
	default:
		return f.later(s, a)
	}
	return f.keep(s, a, own)
}

// later has a call made again.
func (f Authorizations) later(s *desk.Sheet, a models.Authorization) error {
	a.Tries, a.DueAt = a.Tries+1, s.Now()+partners.Pause(a.Tries)
	if err := books.SaveAuthorization(s.Tx, a); err != nil || a.Tries < partners.TellAfter || a.State != models.AuthorizationAsked {
		return err
	}
	return f.tells(s, a, []models.WorkReason{{Code: "unreachable", Text: "The payer's server does not answer, or with nothing that can be read; it is asked again every hour."}})
}

// keep takes a payer's answer that comes with the addresses of its own server, and keeps it with ours.
func (f Authorizations) keep(s *desk.Sheet, a models.Authorization, answer *fhir.Document) error {
	id := s.NewID()
	owned, err := fhir.Parse(render.Answering(id, a.ID, a.PatientID, a.PayerID))
	if err != nil {
		return err
	}
	d, err := fhir.Parse(fhir.Overlay(answer, owned))
	if err != nil {
		return err
	}
	said, err := intake.Review(d, s.Zone())
	if err != nil || len(validate.Resource(d)) > 0 {
		return f.refused(s, a, []models.EligibilityRefusal{{}})
	}
	if again := authorization.Reviewed(a, said); a.ResponseID != "" && len(said.Refusals) == 0 && again.State == a.State && slices.Equal(again.Services, a.Services) {
		return f.stand(s, a) // it says what it said
	}
	if err := books.PublishExternal(s.Tx, models.Ref{Type: d.Type(), ID: id}, d); err != nil {
		return err
	}
	return f.reviewed(s, a, said)
}
