package model

import "medbill/models"

type (
	// Authorization is a request to a payer to allow services.
	Authorization struct{ asked models.Authorization }
	// AuthorizedService is a service of a request.
	AuthorizedService struct{ said models.AuthorizedService }
)

// AuthorizationsOf shows requests.
func AuthorizationsOf(list []models.Authorization) []Authorization {
	return shownAs(list, func(a models.Authorization) Authorization { return Authorization{a} })
}

// Request is the Claim that asks.
func (a Authorization) Request() string { return string(a.asked.ID) }

// Response is the ClaimResponse that counts.
func (a Authorization) Response() *string { return given(a.asked.ResponseID) }

// State is how far it is.
func (a Authorization) State() string { return string(a.asked.State) }

// PayerID is the Organization that is asked.
func (a Authorization) PayerID() models.OrganizationID { return a.asked.PayerID }

// Urgent is whether it has to be decided in 72 hours.
func (a Authorization) Urgent() bool { return a.asked.Urgent }

// Decides is the day until which it has to be decided.
func (a Authorization) Decides() *string { return given(string(a.asked.Decides)) }

// Services are those that were asked for, and those that the payer added.
func (a Authorization) Services() []AuthorizedService {
	return shownAs(a.asked.Services, func(s models.AuthorizedService) AuthorizedService { return AuthorizedService{s} })
}

// Sequence is its number in the request.
func (s AuthorizedService) Sequence() int { return s.said.Sequence }

// Code is what is done.
func (s AuthorizedService) Code() *string { return given(s.said.Code) }

// Units is how often, or how much of it.
func (s AuthorizedService) Units() *string {
	if s.said.Units == 0 {
		return nil
	}
	return given(s.said.Units.String())
}

// From is the first day on which it may be done.
func (s AuthorizedService) From() *string { return given(string(s.said.Days.From)) }

// Until is the last one.
func (s AuthorizedService) Until() *string { return given(string(s.said.Days.Until)) }

// Action is what the payer says.
func (s AuthorizedService) Action() *string { return given(string(s.said.Action)) }

// Number is by which it is authorized.
func (s AuthorizedService) Number() *string { return given(s.said.Number) }

// Reason is why it is not.
func (s AuthorizedService) Reason() *string { return given(s.said.Reason) }
