package records

import (
	"context"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/fhir/validate"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// EntryOutcome is what one entry of a Bundle did, in the order of the request.
type EntryOutcome struct {
	Status   int // HTTP status of the entry
	Document models.Document
	// IsRead says that the document was asked for and not written.
	IsRead bool
	// Found is the answer to a search entry.
	Found *Found
	// Fault is why an entry of a batch was refused.
	Fault *fault.Fault
}

// Bundle runs a transaction, in which all entries succeed or nothing is changed, or a batch, in which each entry stands for
// itself. Structural issues of all entries are reported together before anything is written.
func (r *Records) Bundle(ctx context.Context, p auth.Principal, body []byte) (kind string, outcomes []EntryOutcome, err error) {
	document, err := fhir.Parse(body)
	if err != nil {
		return "", nil, err
	}
	bundle, err := fhir.BundleOf(document)
	if err != nil {
		return "", nil, err
	}
	if bundle.Type == "batch" {
		inside, record := store.Gather(ctx)
		outcomes := r.batch(inside, p, bundle)
		if err := record(); err != nil {
			return bundle.Type, nil, err
		}
		return bundle.Type, outcomes, nil
	}
	if issues := validate.Resource(document); len(issues) > 0 {
		return bundle.Type, nil, fault.Of(fault.Invalid, issues)
	}
	actions, err := r.plan(p, bundle)
	if err != nil {
		return bundle.Type, nil, err
	}
	outcomes, err = r.transact(ctx, p, actions)
	return bundle.Type, outcomes, err
}

// batch runs each entry for itself; what one does is not seen by those before it in the order of a batch.
func (r *Records) batch(ctx context.Context, p auth.Principal, bundle fhir.Bundle) []EntryOutcome {
	outcomes := make([]EntryOutcome, len(bundle.Entries))
	for i, entry := range bundle.Entries {
		a, err := r.action(p, i, entry)
		if err != nil {
			outcomes[i] = EntryOutcome{Fault: fault.From(err)}
			continue
		}
		outcomes[i] = r.entry(ctx, p, a)
	}
	return outcomes
}

// entry runs one action outside of a transaction Bundle.
func (r *Records) entry(ctx context.Context, p auth.Principal, a *action) EntryOutcome {
	var outcome Outcome
	var err error
	ref := models.Ref{Type: a.typ, ID: a.id}
	switch {
	case a.method == "POST":
		outcome, err = r.Create(ctx, p, a.typ, a.sent.Bytes(), a.ifNoneExist)
	case a.method == "PUT" && a.id != "":
		outcome, err = r.Update(ctx, p, ref, a.sent.Bytes(), a.ifMatch)
	case a.method == "PUT":
		outcome, err = r.UpdateWhere(ctx, p, a.typ, a.query, a.sent.Bytes())
	case a.method == "DELETE" && a.id != "":
		err = r.Delete(ctx, p, ref, a.ifMatch)
	case a.method == "DELETE":
		err = r.DeleteWhere(ctx, p, a.typ, a.query)
	case a.id != "":
		outcome.Document, err = r.Read(ctx, p, ref)
	default:
		return r.searchEntry(ctx, p, a)
	}
	switch {
	case err != nil:
		return EntryOutcome{Fault: fault.From(err)}
	case a.method == "DELETE":
		return EntryOutcome{Status: 204}
	case outcome.Created:
		return EntryOutcome{Status: 201, Document: outcome.Document}
	}
	return EntryOutcome{Status: 200, Document: outcome.Document, IsRead: a.method == "GET"}
}

func (r *Records) searchEntry(ctx context.Context, p auth.Principal, a *action) EntryOutcome {
	pairs, err := search.Pairs(a.query)
	if err != nil {
		return EntryOutcome{Fault: fault.From(err)}
	}
	found, err := r.Search(ctx, p, a.typ, pairs, false)
	if err != nil {
		return EntryOutcome{Fault: fault.From(err)}
	}
	return EntryOutcome{Status: 200, Found: &found}
}
