// Package billing is the billing office: it ties the desks together. What a case does by itself is composed here, what arrives
// is led to the desk that it concerns, and each operation is a use case of one desk in the frame that all of them share.
package billing

import (
	"context"
	"log/slog"

	"medbill/billing/accounts"
	"medbill/billing/bank"
	"medbill/billing/claims"
	"medbill/billing/coding"
	"medbill/billing/desk"
	"medbill/billing/front"
	"medbill/billing/remittance"
	"medbill/internal/auth"
	"medbill/internal/partners"
	"medbill/internal/processors"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// Office runs the use cases. It is safe for concurrent use.
type Office struct {
	db         *store.DB
	log        *slog.Logger
	partners   *partners.Book
	processors *processors.Book
}

// New gives the office on db, which calls no payer's server.
func New(db *store.DB, log *slog.Logger) *Office { return &Office{db: db, log: log} }

// Calling gives the office that calls the servers of payers.
func (o *Office) Calling(payers *partners.Book) *Office {
	calling := *o
	calling.partners = payers
	return &calling
}

// Hearing gives the office that hears processors; what they move waits for their word.
func (o *Office) Hearing(book *processors.Book) *Office {
	hearing := *o
	hearing.processors = book
	return &hearing
}

func (o *Office) cashier() accounts.Cashier { return accounts.Cashier{Processors: o.processors} }

func (o *Office) authorizations() front.Authorizations {
	return front.Authorizations{Partners: o.partners}
}

// worker is in whose name a step writes.
const worker = "medbill"

func (o *Office) session(p auth.Principal) *store.Session {
	return o.db.As(models.Actor{Tenant: p.Tenant, Subject: p.Subject})
}

// Behaviours says what the types that billing reads or owns do besides being stored.
func (o *Office) Behaviours() map[string]records.Behaviour {
	ask := o.authorizations()
	return map[string]records.Behaviour{
		"Encounter":                   {After: coding.AfterEncounter},
		"Condition":                   {After: front.ByIdentifier(coding.AfterClinical)},
		"Procedure":                   {After: coding.AfterClinical},
		"Account":                     {Decide: accounts.DecideAccount, Book: accounts.BookAccount},
		"ChargeItem":                  {Decide: coding.DecideChargeItem, Book: coding.BookChargeItem},
		"ChargeItemDefinition":        {After: afterPriceList},
		"Claim":                       byUse(records.Behaviour{Decide: ask.DecideRequest, After: ask.AfterRequest}, records.Behaviour{Decide: claims.DecideClaim, Book: claims.BookDraft(advance), After: coding.AfterExternalBilling}),
		"ExplanationOfBenefit":        {After: coding.AfterExternalBilling},
		"ClaimResponse":               byUse(records.Behaviour{Decide: ask.DecideReview, After: ask.AfterReview}, records.Behaviour{Decide: remittance.DecideAnswer, Book: remittance.BookAnswer}),
		"Appointment":                 {After: front.AfterAppointment},
		"CoverageEligibilityRequest":  {After: front.AfterEligibilityRequest},
		"CoverageEligibilityResponse": {Decide: front.DecideEligibilityResponse, After: front.AfterEligibilityResponse},
		"Task":                        {Decide: remittance.DecideTask, Book: remittance.BookTask},
		"PaymentReconciliation":       {Decide: remittance.DecideRemittance, Book: deposited(remittance.BookRemittance)},
		"PaymentNotice":               {Decide: accounts.DecideNotice, Book: o.cashier().BookNotice(standAll)},
		"Communication":               {After: coding.AfterCommunication},
		"Coverage":                    {After: front.AfterCoverage},
		"Patient":                     {After: both(front.ByIdentifier(front.AfterPatient), both(accounts.AfterMerge, accounts.AfterAnswering))},
		"RelatedPerson":               {After: accounts.AfterAnswering},
		"Organization":                {After: front.ByIdentifier(front.AfterParty)},
		"Practitioner":                {After: front.ByIdentifier(front.AfterParty)},
		"PractitionerRole":            {After: front.ByIdentifier(front.AfterRole)},
		"Location":                    {After: front.ByIdentifier(front.AfterLocation)},
	}
}

// both does what two follow-ups of an arrival do.
func both(first, then func(*store.Tx, records.Arrival) error) func(*store.Tx, records.Arrival) error {
	return func(tx *store.Tx, a records.Arrival) error {
		if err := first(tx, a); err != nil {
			return err
		}
		return then(tx, a)
	}
}

// CodeVisit takes a coder's word for what a visit was. See coding.Code.
func (o *Office) CodeVisit(ctx context.Context, p auth.Principal, c Call, id models.VisitID, said models.Coding) (desk.Done[coding.Coded], error) {
	return desk.Do(ctx, o.db, p, c.command(auth.OperationCode, models.Ref{Type: "Encounter", ID: string(id)}, said),
		func(s *desk.Sheet) (coding.Coded, error) { return coding.Code(s, id, said, "", planned) },
		func(s *desk.Sheet) (coding.Coded, error) { return coding.Standing(s, id) })
}

// HoldVisit keeps a visit from going out until the work that it opens is done. See coding.Hold.
func (o *Office) HoldVisit(ctx context.Context, p auth.Principal, c Call, id models.VisitID, pause Pause) (desk.Done[models.WorkItem], error) {
	return desk.Do(ctx, o.db, p, c.command(auth.OperationCode, models.Ref{Type: "Encounter", ID: string(id)}, pause),
		func(s *desk.Sheet) (models.WorkItem, error) { return coding.Hold(s, id, pause, advance) },
		func(s *desk.Sheet) (models.WorkItem, error) { return coding.Held(s, id, pause.Kind) })
}

// Chart gives what a coder decides on; it changes nothing. See coding.Look.
func (o *Office) Chart(ctx context.Context, p auth.Principal, id models.VisitID) (coding.View, error) {
	look := func(s *desk.Sheet) (coding.View, error) { return coding.Look(s, id) }
	seen, err := desk.Do(ctx, o.db, p, Call{DryRun: true}.command(auth.OperationCode, models.Ref{Type: "Encounter", ID: string(id)}, nil), look, look)
	if err != nil {
		return coding.View{}, err
	}
	return seen.Result, o.session(p).RecordRead(ctx, models.AuditRead, "Encounter", string(id))
}

// SubmitClaim sends a claim to its payer. See claims.Submit.
func (o *Office) SubmitClaim(ctx context.Context, p auth.Principal, c Call, id models.ClaimID) (desk.Done[models.Claim], error) {
	return desk.Do(ctx, o.db, p, c.command(auth.OperationSubmit, models.Ref{Type: "Claim", ID: string(id)}, nil),
		func(s *desk.Sheet) (models.Claim, error) {
			sent, err := claims.Submit(s, id, advance)
			if err != nil {
				return sent, err
			}
			return sent, stand(s, sent.CaseID)
		},
		claims.Standing(id))
}

// VoidClaim has a claim taken back that its payer has. See claims.Correct.
func (o *Office) VoidClaim(ctx context.Context, p auth.Principal, c Call, id models.ClaimID) (desk.Done[models.Claim], error) {
	return desk.Do(ctx, o.db, p, c.command(auth.OperationSubmit, models.Ref{Type: "Claim", ID: string(id)}, nil),
		func(s *desk.Sheet) (models.Claim, error) { return voidClaim(s, id) }, claims.Standing(id))
}

// ValidateClaim checks a claim and gives what the rules notice. See claims.Validate.
func (o *Office) ValidateClaim(ctx context.Context, p auth.Principal, c Call, id models.ClaimID) (desk.Done[[]models.Finding], error) {
	validate := func(s *desk.Sheet) ([]models.Finding, error) { return claims.Validate(s, id, advance) }
	return desk.Do(ctx, o.db, p, c.command(auth.OperationValidate, models.Ref{Type: "Claim", ID: string(id)}, nil), validate, validate)
}

// OverrideFinding says that a finding does not hold its claim. See claims.Override.
func (o *Office) OverrideFinding(ctx context.Context, p auth.Principal, c Call, id models.ClaimID, r OverrideRequest) (desk.Done[[]models.Finding], error) {
	return desk.Do(ctx, o.db, p, c.command(auth.OperationValidate, models.Ref{Type: "Claim", ID: string(id)}, r),
		func(s *desk.Sheet) ([]models.Finding, error) { return claims.Override(s, p, id, r, advance) }, claims.StandingFindings(id))
}

// HearProcessor takes what a processor told, in the name of the processor. See accounts.Cashier.Event.
func (o *Office) HearProcessor(ctx context.Context, p auth.Principal, e models.ProcessorEvent) error {
	return o.session(p).Update(ctx, func(tx *store.Tx) error {
		s := desk.Open(tx)
		_, isKnown, err := books.ProcessorEvent(s.View, e.Processor, e.ID)
		if err != nil {
			return err
		}
		cases, err := o.cashier().Event(s, e)
		if err == nil && e.Type == models.EventPayout && !isKnown {
			err = bank.PaidOut(s, e)
		}
		if err != nil {
			return err
		}
		return standAll(s, cases)
	})
}
