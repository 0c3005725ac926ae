package records

import (
	"context"
	"iter"

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
	// Withheld says that the body of a document that was written is left out, because the answer is as large as it may be.
	Withheld bool
	// Found is the answer to a search entry.
	Found *Found
	// Fault is why an entry of a batch was refused.
	Fault *fault.Fault
}

// Outcomes are those of a Bundle's entries in the order of the request, some at a time. What the entries of a part read is in the
// audit when it is given; an error instead of a part is the last.
type Outcomes = iter.Seq2[[]EntryOutcome, error]

// Bundle runs a transaction, in which all entries succeed or nothing is changed, or a batch, in which each entry stands for
// itself and is run when its outcome is asked for. Structural issues of all entries are reported together before anything is
// written. A transaction that reads more than AnswerBytesMax is refused (TooLarge), and so is each read of a batch after that.
func (r *Records) Bundle(ctx context.Context, p auth.Principal, body []byte) (kind string, outcomes Outcomes, err error) {
	document, err := fhir.Parse(body)
	if err != nil {
		return "", nil, err
	}
	bundle, err := fhir.BundleOf(document)
	if err != nil {
		return "", nil, err
	}
	if bundle.Type == "batch" {
		if err := r.claim(ctx, p, body); err != nil {
			return bundle.Type, nil, err
		}
		return bundle.Type, r.Within(NewBudget()).batch(ctx, p, bundle), nil
	}
	if issues := validate.Resource(document); len(issues) > 0 {
		return bundle.Type, nil, fault.Of(fault.Invalid, issues)
	}
	actions, err := r.plan(p, bundle)
	if err != nil {
		return bundle.Type, nil, err
	}
	all, err := r.transact(ctx, p, body, actions)
	if err != nil {
		return bundle.Type, nil, err
	}
	return bundle.Type, func(yield func([]EntryOutcome, error) bool) { yield(all, nil) }, nil
}

// claim takes the key of a batch for this batch and no other. Its entries stand under the key each for itself, so that sent again
// it does those that failed and answers for the others.
func (r *Records) claim(ctx context.Context, p auth.Principal, body []byte) error {
	if r.call.Key == "" || r.call.DryRun {
		return nil
	}
	nothing := struct{}{}
	_, err := once(ctx, r, Request{Call: r.call, Who: p, Operation: "batch", Input: body}, Work[struct{}]{
		Do:    func(*store.Tx) (struct{}, error) { return nothing, nil },
		Did:   func(struct{}) []models.UsedKey { return []models.UsedKey{{Status: 200, Type: "Bundle"}} },
		Again: func(*store.Tx, models.UsedKey) (struct{}, error) { return nothing, nil },
	})
	return err
}

// What a part of a batch holds at most; its last entry may go beyond.
const (
	partEntriesMax = 200
	partBytesMax   = 1 << 20
)

// batch runs each entry for itself; what one does is not seen by those before it in the order of a batch.
func (r *Records) batch(ctx context.Context, p auth.Principal, bundle fhir.Bundle) Outcomes {
	return func(yield func([]EntryOutcome, error) bool) {
		for next := 0; next < len(bundle.Entries); {
			inside, record := store.Gather(ctx)
			var part []EntryOutcome
			for bytes := 0; next < len(bundle.Entries) && len(part) < partEntriesMax && bytes < partBytesMax; next++ {
				o := r.batchEntry(inside, p, next, bundle.Entries[next])
				part = append(part, o)
				bytes += bytesOf(shown([]EntryOutcome{o}))
			}
			if err := record(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(part, nil) {
				return
			}
		}
	}
}

func (r *Records) batchEntry(ctx context.Context, p auth.Principal, i int, entry fhir.BundleEntry) EntryOutcome {
	a, err := r.action(p, i, entry)
	if err != nil {
		return EntryOutcome{Fault: fault.From(err)}
	}
	each := *r
	each.entry = i + 1
	return each.one(ctx, p, a)
}

// one runs one action outside of a transaction Bundle.
func (r *Records) one(ctx context.Context, p auth.Principal, a *action) EntryOutcome {
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
	if err != nil {
		return EntryOutcome{Fault: fault.From(err)}
	}
	done := entryOf(outcome)
	done.IsRead = a.method == "GET"
	if !a.reads() {
		r.withhold(&done)
	}
	return done
}

// withhold leaves the body of what was written out where the answer has no room for it.
func (r *Records) withhold(o *EntryOutcome) {
	err := r.budget.spend(func(int) (int, error) { return len(o.Document.Body), nil })
	if err != nil && o.Document.Body != nil {
		o.Document.Body, o.Withheld = nil, true
	}
}

// entryOf gives what a write did as an entry tells it; without a document it deleted one.
func entryOf(o Outcome) EntryOutcome {
	switch {
	case o.Document.Version == 0:
		return EntryOutcome{Status: 204}
	case o.Created:
		return EntryOutcome{Status: 201, Document: o.Document}
	}
	return EntryOutcome{Status: 200, Document: o.Document}
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
