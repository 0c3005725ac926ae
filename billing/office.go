// Package billing is the billing office: the use cases that turn a finished visit into charges, a claim, the payer's answer
// in the books and the patient's invoice. Each use case is one file and one transaction; between two of them stands a job,
// so that a crash resumes and nothing is done twice. What is right is decided by the pure rules below it; this package only
// fetches, asks them and saves.
package billing

import (
	"context"
	"log/slog"
	"time"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// Office runs the use cases. It is safe for concurrent use.
type Office struct {
	db  *store.DB
	log *slog.Logger
}

// New gives the office on db.
func New(db *store.DB, log *slog.Logger) *Office { return &Office{db: db, log: log} }

// worker is in whose name a step between use cases writes.
const worker = "medbill"

func (o *Office) session(p auth.Principal) *store.Session {
	return o.db.As(models.Actor{Tenant: p.Tenant, Subject: p.Subject})
}

// Steps binds the jobs to their use cases.
func (o *Office) Steps() store.Steps {
	step := func(do func(*store.Tx, string) error) func(context.Context, models.Job) error {
		return func(ctx context.Context, job models.Job) error {
			return o.db.As(models.Actor{Tenant: job.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
				return do(tx, job.Subject)
			})
		}
	}
	return store.Steps{
		models.JobCapture: step(func(tx *store.Tx, id string) error { return captureCharges(tx, models.VisitID(id)) }),
		models.JobPrepare: step(func(tx *store.Tx, id string) error { return prepareClaims(tx, models.VisitID(id)) }),
		models.JobSubmit:  step(func(tx *store.Tx, id string) error { return submitAutomatically(tx, models.ClaimID(id)) }),
		models.JobInvoice: step(issueInvoice),
	}
}

// Behaviours says what the types that billing reads or owns do besides being stored.
func (o *Office) Behaviours() map[string]records.Behaviour {
	return map[string]records.Behaviour{
		"Encounter":            {After: afterEncounter},
		"Condition":            {After: afterClinical(encounterOfCondition)},
		"Procedure":            {After: afterClinical(encounterOfProcedure)},
		"ChargeItem":           {Decide: decideChargeItem, Book: bookChargeItem},
		"ChargeItemDefinition": {After: afterPriceList},
		"Claim":                {Decide: decideClaim, Book: bookDraftClaim, After: afterExternalBilling},
		"ExplanationOfBenefit": {After: afterExternalBilling},
		"ClaimResponse":        {Decide: decideAnswer, Book: bookAnswer},
		"Coverage":             {After: afterCoverage},
		"Patient":              {After: afterParty},
		"Organization":         {After: afterParty},
		"Practitioner":         {After: afterParty},
	}
}

// document gives a kept document by id, parsed; nil where it is missing or deleted. Billing sees the whole tenant: whether
// the asker may is decided before.
func document(v *store.View, typ, id string) (*fhir.Document, error) {
	if id == "" {
		return nil, nil
	}
	found, ok, err := v.Document(models.Ref{Type: typ, ID: id}, store.Guard{})
	if err != nil || !ok || found.Deleted {
		return nil, err
	}
	return fhir.Parse(found.Body)
}

// referring gives the documents of type typ that refer to target by a search parameter, parsed.
func referring(v *store.View, typ, param string, target models.Ref) ([]*fhir.Document, error) {
	refs, err := v.Referrers(typ, param, target.Type, []string{target.ID}, referringMax)
	if err != nil || len(refs) == 0 {
		return nil, err
	}
	return parsed(v, refs)
}

// referringMax bounds what one visit reads: the largest Synthea patient has some two thousand Observations, no visit comes
// near in Conditions or Procedures.
const referringMax = 2000

func parsed(v *store.View, refs []models.Ref) ([]*fhir.Document, error) {
	found, err := v.Documents(refs, store.Guard{})
	if err != nil {
		return nil, err
	}
	documents := make([]*fhir.Document, 0, len(found))
	for _, d := range found {
		document, err := fhir.Parse(d.Body)
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return documents, nil
}

// settings gives the tenant's settings and its time zone; days are taken in it.
func settings(v *store.View) (models.Settings, *time.Location, error) {
	s, ok, err := v.Settings()
	if err != nil {
		return s, nil, err
	}
	if !ok {
		s = models.DefaultSettings
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return s, zone, nil
}

// today is the practice's day at the transaction's moment.
func today(tx *store.Tx, zone *time.Location) models.Date {
	return models.Date(tx.Now().Time().In(zone).Format(time.DateOnly))
}

// party reads who a claim names; an absent document is an empty Party, which the scrubber finds.
func party(v *store.View, typ, id string) (models.Party, error) {
	d, err := document(v, typ, id)
	if err != nil || d == nil {
		return models.Party{}, err
	}
	return intake.Party(d), nil
}

var errNotFound = fault.New(fault.NotFound, "not-found", "There is no such record, or it is not yours to see.")

// require finds whether the asker may run an operation on a record, and refuses as if it were not there where it may not
// be seen.
func require(v *store.View, p auth.Principal, operation auth.Operation, ref models.Ref) error {
	if _, err := p.RequireOperation(operation, ref.Type); err != nil {
		return err
	}
	guard, err := records.Guard(p, ref.Type, auth.PermissionRead)
	if err != nil {
		return err
	}
	d, ok, err := v.Document(ref, guard)
	if err == nil && (!ok || d.Deleted) {
		return errNotFound
	}
	return err
}
