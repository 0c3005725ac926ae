package front

import (
	"fmt"
	"time"

	"medbill/billing/desk"
	"medbill/billing/rules/authorization"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/internal/partners"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Authorizations has payers allow services before they are done: those that have a server of their own are asked there, people ask the others.
type Authorizations struct{ Partners *partners.Book }

// requestDays is how old a request may be that comes: an older one is a record of what was asked elsewhere.
const requestDays = 30

// DecideRequest takes a Claim of use preauthorization, which is in no books. It refuses an active one that names not all that a payer has to know (Invalid), and one that says something else once its payer may
// have it (Conflict).
func (Authorizations) DecideRequest(tx *store.Tx, a records.Arrival) (records.Fate, error) {
	if !a.Document.Root().Get("status").Is("active") || a.Principal.Patient != "" {
		return records.FateExternal, nil
	}
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return 0, err
	}
	_, err = intake.AuthorizationRequest(d, s.Zone())
	return records.FateExternal, err
}

// AfterRequest asks the payer of a request that came. One that is not active any more, or went, asks nobody. What its payer may have is not asked again, whatever it says then.
func (f Authorizations) AfterRequest(tx *store.Tx, a records.Arrival) error {
	if a.Principal.Patient != "" {
		return nil // the practice asks, not the patient
	}
	s := desk.Open(tx)
	before, isKnown, err := books.Authorization(s.View, models.ClaimID(a.Ref.ID))
	if err != nil {
		return err
	}
	if a.Document == nil || !a.Document.Root().Get("status").Is("active") {
		if !isKnown || before.State == models.AuthorizationDropped {
			return nil
		}
		before.State = models.AuthorizationDropped
		return f.stand(s, before)
	}
	d, err := s.Resolve(a.Document)
	if err != nil {
		return err
	}
	asked, refused := intake.AuthorizationRequest(d[0], s.Zone())
	switch made := intake.Created(d[0], s.Zone()); {
	case refused != nil:
		return refused
	case isKnown && before.State != models.AuthorizationDropped:
		if isSameRequest(before, asked) {
			return nil
		}
		return fault.At(fault.Conflict, "authorization.asked", "Claim.item", "The payer may have the request already; cancel it, and ask for something else by a new one.")
	case made != "" && made < s.Today().AddDays(-requestDays):
		return nil
	}
	if asked.Number == "" {
		asked.Number = render.AuthorizationNumber(asked.ID)
	}
	asked.State, asked.Decides, asked.Created = models.AuthorizationAsked, authorization.Decides(s.Today(), asked.Urgent), before.Created
	return f.stand(s, asked)
}

// isSameRequest reports whether a request asks for what was asked for.
func isSameRequest(a, b models.Authorization) bool {
	if a.PatientID != b.PatientID || a.PayerID != b.PayerID || a.CoverageID != b.CoverageID {
		return false
	}
	var before []models.AuthorizedService
	for _, s := range a.Services {
		if s.Sequence > 0 { // another one is the payer's
			before = append(before, s)
		}
	}
	if len(before) != len(b.Services) {
		return false
	}
	for i, s := range b.Services {
		if before[i].Sequence != s.Sequence {
			return false
		}
	}
	return true
}

// How long to wait until a payer's server is asked about a request that it has not decided.
var (
	inquiryPause = minutes(4 * 60)
	urgentPause  = minutes(60)
)

func minutes(n int) models.Instant {
	return models.Instant(time.Duration(n) * time.Minute / time.Microsecond)
}

func (f Authorizations) reaches(s *desk.Sheet, a models.Authorization) bool {
	return f.Partners.Has(partners.Partner{Tenant: s.Tenant(), Payer: a.PayerID})
}

// stand writes a request as it stands, says when its payer is asked next, tells people what they have to do about it, and has the patient's cases looked at again.
func (f Authorizations) stand(s *desk.Sheet, a models.Authorization) error {
	a.DueAt, a.Tries = 0, 0
	if f.reaches(s, a) {
		switch {
		case a.State == models.AuthorizationAsked:
			a.DueAt = s.Now()
		case a.State == models.AuthorizationPended && a.Urgent:
			a.DueAt = s.Now() + urgentPause
		case a.State == models.AuthorizationPended:
			a.DueAt = s.Now() + inquiryPause
		}
	}
	if err := books.SaveAuthorization(s.Tx, a); err != nil {
		return err
	}
	if err := f.tells(s, a, nil); err != nil {
		return err
	}
	return ofPatients(s, a.PatientID)
}

// tells opens and closes the work about a request: what its payer does not allow, or did not take, and what it has to decide.
func (f Authorizations) tells(s *desk.Sheet, a models.Authorization, refused []models.WorkReason) error {
	reason, reasons := "", refused
	switch {
	case a.State == models.AuthorizationRefused, len(refused) > 0:
		reason = "The payer did not take the request for authorization; mend what it names and ask again, or ask it by telephone and write the number on the claim."
	case a.State == models.AuthorizationAsked && !f.reaches(s, a):
		reason = "The payer takes no requests for authorization from here; ask it by telephone or at its portal, and write the number on the claim."
	case a.State == models.AuthorizationDenied || a.State == models.AuthorizationPartly || calls(a):
		reason, reasons = "The payer does not allow all that was asked for; see to what it names before the service is done.", reviewReasons(a)
	}
	item := models.WorkItem{Kind: models.WorkAuthorization, Subject: requestRef(a), PatientID: a.PatientID, PayerID: a.PayerID, Reason: reason, Reasons: reasons}
	if err := s.Item(reason != "", item); err != nil {
		return err
	}
	pended := models.WorkItem{
		Kind: models.WorkPended, Subject: requestRef(a), PatientID: a.PatientID, PayerID: a.PayerID, Due: a.Decides,
		Reason: "The payer has to decide on the request for authorization until the day on which this is due; call it where it did not.",
	}
	return s.Item(a.State == models.AuthorizationPended, pended)
}

func requestRef(a models.Authorization) models.Ref {
	return models.Ref{Type: "Claim", ID: string(a.ID)}
}

// calls reports whether the payer wants to be called.
func calls(a models.Authorization) bool {
	for _, s := range a.Services {
		if s.Action == models.ReviewCall {
			return true
		}
	}
	return false
}

// reviewTexts say what a payer says of a service, where that is not that it is allowed.
var reviewTexts = map[models.ReviewAction]string{
	models.ReviewPartly:   "The payer allows a part of the service",
	models.ReviewModified: "The payer allows the service otherwise than it was asked for",
	models.ReviewDenied:   "The payer does not allow the service",
	models.ReviewCall:     "The payer wants to be called about the service",
}

// reviewReasons gives what a payer says of services, by their places in the request.
func reviewReasons(a models.Authorization) []models.WorkReason {
	var reasons []models.WorkReason
	for i, one := range a.Services {
		text, says := reviewTexts[one.Action]
		if !says {
			continue
		}
		if one.Reason != "" {
			text += " (X12 886, " + one.Reason + ")"
		}
		reasons = append(reasons, models.WorkReason{Code: string(one.Action), Path: fmt.Sprintf("Claim.item[%d]", i), Text: text + "."})
	}
	return reasons
}

// RequestAgain has the payer of a request asked anew: for what it did not take in once more, and about what it decided how that stands.
func RequestAgain(s *desk.Sheet, id models.ClaimID) error {
	a, known, err := books.Authorization(s.View, id)
	if err != nil || !known || a.State == models.AuthorizationDropped {
		return err
	}
	if a.DueAt = s.Now(); a.State.IsDecided() {
		a.State = models.AuthorizationPended
	} else {
		a.State = models.AuthorizationAsked
	}
	return books.SaveAuthorization(s.Tx, a)
}
