package records

import (
	"context"
	"errors"
	"slices"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// transact runs all actions in one transaction: deletes, creates, updates, and then the reads, which see what was written.
func (r *Records) transact(ctx context.Context, p auth.Principal, body []byte, actions []*action) ([]EntryOutcome, error) {
	ordered := slices.Clone(actions)
	slices.SortStableFunc(ordered, func(a, b *action) int { return methodOrder[a.method] - methodOrder[b.method] })
	outcomes, err := once(ctx, r, Request{Call: r.call, Who: p, Operation: "transaction", Input: body}, Work[[]EntryOutcome]{
		Do: func(tx *store.Tx) ([]EntryOutcome, error) {
			r := r.Within(NewBudget())
			outcomes := make([]EntryOutcome, len(actions))
			for _, step := range []func(*store.Tx, auth.Principal, []*action) error{r.resolve, r.link} {
				if err := step(tx, p, ordered); err != nil {
					return nil, err
				}
			}
			if err := r.writeAll(tx, p, ordered, outcomes); err != nil {
				return nil, err
			}
			return outcomes, r.readAll(tx, p, ordered, outcomes)
		},
		Did: didAll,
		Again: func(tx *store.Tx, did models.UsedKey) ([]EntryOutcome, error) {
			outcomes, err := allAgain(tx, did)
			if err != nil {
				return nil, err
			}
			r := r.Within(NewBudget())
			return outcomes, r.readAgain(tx, p, ordered, outcomes)
		},
	})
	if err != nil || !r.call.DryRun {
		return outcomes, err
	}
	return outcomes, RecordShown(ctx, r.db, p, shown(outcomes))
}

// resolve finds out which record each action is about: conditions first, whose locks are taken together, then identities, of which
// none may stand twice.
func (r *Records) resolve(tx *store.Tx, p auth.Principal, actions []*action) error {
	var unmet []documents.Condition
	for _, a := range actions {
		if a.reads() {
			continue
		}
		open, err := r.resolveOne(tx, p, a)
		if err != nil {
			return fault.Under(entryPath(a.index), err)
		}
		unmet = append(unmet, open...)
	}
	if err := documents.Lock(tx, unmet...); err != nil {
		return err
	}
	return distinct(actions)
}

// distinct refuses two actions about the same record.
func distinct(actions []*action) error {
	taken := make(map[models.Ref]*action, len(actions))
	asked := map[string]bool{}
	for _, a := range actions {
		if a.reads() {
			continue
		}
		var err error
		if a.ifNoneExist != "" && a.target.exists == nil {
			// Neither would find what the other makes.
			condition := a.typ + "?" + a.ifNoneExist
			if asked[condition] {
				err = fault.At(fault.Invalid, "invalid", "request.ifNoneExist", "Another entry of the transaction has the same condition; send it once.")
			}
			asked[condition] = true
		}
		if ref := a.target.ref; err == nil && ref.ID != "" {
			// A create that found its record may name it again, unless the transaction deletes it.
			if other := taken[ref]; other != nil && (a.target.exists == nil || other.method == "DELETE") {
				err = fault.At(fault.Invalid, "invalid", "request.url", "Another entry of the transaction is about the same record; send it once.")
			}
			if a.target.exists == nil {
				taken[ref] = a
			}
		}
		if err != nil {
			return fault.Under(entryPath(a.index), err)
		}
	}
	return nil
}

// resolveOne gives the condition of an action where it finds nothing.
func (r *Records) resolveOne(tx *store.Tx, p auth.Principal, a *action) ([]documents.Condition, error) {
	a.target = target{ref: models.Ref{Type: a.typ, ID: a.id}, document: a.sent}
	conditional := a.query
	if a.method == "POST" {
		conditional = a.ifNoneExist
		a.target.ref.ID = tx.NewID()
	}
	if conditional == "" {
		return nil, nil
	}
	var matches []models.Document
	var unmet []documents.Condition
	err := r.budget.spend(func(int) (int, error) {
		var err error
		matches, unmet, err = r.sought(tx, p, a.typ, conditional)
		return bytesOf(matches), err
	})
	if err != nil {
		return nil, err
	}
	switch {
	case a.method == "PUT":
		a.target.ref, err = targetOf(a.typ, a.sent, matches, tx.NewID)
	case len(matches) > 0:
		a.target.ref.ID = matches[0].ID
		if a.method == "POST" {
			a.target.exists = &matches[0]
		}
	}
	return unmet, err
}

// link rewrites references between the entries: a fullUrl becomes the address under which its resource is stored, and a
// condition (Patient?identifier=…) the one record it finds.
func (r *Records) link(tx *store.Tx, p auth.Principal, actions []*action) error {
	l := r.linker(tx, p)
	for _, a := range actions {
		if a.fullURL != "" && a.target.ref.ID != "" && !a.reads() {
			l.addresses[a.fullURL] = a.target.ref.String()
		}
	}
	for _, a := range actions {
		if a.sent == nil || a.target.exists != nil {
			continue
		}
		var err error
		if a.target.document, err = l.linked(a.sent); err != nil {
			return underResource(a.index, a.typ, err)
		}
	}
	return nil
}

// writeAll ends and stores every kept and external document together, in as few statements as there are and in one order, then
// lets billing take what it books and what follows: whoever writes holds its documents before it locks a case.
func (r *Records) writeAll(tx *store.Tx, p auth.Principal, actions []*action, outcomes []EntryOutcome) error {
	before, err := standingBefore(tx, actions)
	if err != nil {
		return err
	}
	arrivals := make([]Arrival, len(actions))
	ready := make([]prepared, len(actions))
	var puts []documents.Indexed
	for i, a := range actions {
		switch {
		case a.reads():
			continue
		case a.target.exists != nil:
			tx.RecordRead(models.AuditRead, a.typ, a.target.exists.ID)
			outcomes[a.index] = EntryOutcome{Status: 200, Document: *a.target.exists}
			continue
		case a.method == "DELETE":
			outcomes[a.index] = EntryOutcome{Status: 204}
			if a.target.ref.ID == "" {
				continue
			}
			if arrivals[i], err = r.removal(tx, p, a.target.ref, a.ifMatch); err != nil {
				return fault.Under(entryPath(a.index), err)
			}
			if arrivals[i].Before.Version > 0 {
				puts = append(puts, deletion(tx, arrivals[i]))
			}
			continue
		}
		arrivals[i] = Arrival{Principal: p, Ref: a.target.ref, Document: a.target.document, Before: before[a.target.ref]}
		if a.method == "PUT" {
			if err := r.mayReplace(tx, p, a.target.ref, before[a.target.ref], a.ifMatch); err != nil {
				return fault.Under(entryPath(a.index), err)
			}
		}
		if ready[i], err = r.prepare(tx, arrivals[i]); err != nil {
			return underResource(a.index, a.typ, err)
		}
		if ready[i].fate != FateBooked && !ready[i].unchanged {
			puts = append(puts, ready[i].put)
		}
	}
	if err := documents.Put(tx, puts...); err != nil {
		return err
	}
	return r.completeAll(tx, actions, arrivals, ready, outcomes)
}

// standingBefore gives what updates replace; a create has nothing in its place.
func standingBefore(tx *store.Tx, actions []*action) (map[models.Ref]models.Document, error) {
	var refs []models.Ref
	for _, a := range actions {
		if a.method == "PUT" {
			refs = append(refs, a.target.ref)
		}
	}
	return documents.Current(tx, refs)
}

// completeAll has billing take what it books and what follows, in order. Where it had a document before, under another id, what comes after names that one.
func (r *Records) completeAll(tx *store.Tx, actions []*action, arrivals []Arrival, ready []prepared, outcomes []EntryOutcome) error {
	giveAlike(arrivals, ready)
	stands := map[string]string{} // where what was sent again is, by the address that this transaction meant for it
	for i, a := range actions {
		if arrivals[i].Document == nil {
			if err := r.removed(tx, arrivals[i]); err != nil {
				return fault.Under(entryPath(a.index), err)
			}
			continue
		}
		if len(stands) > 0 && ready[i].fate == FateBooked {
			document, err := arrivals[i].Document.Edited(fhir.RewriteReferences(arrivals[i].Document, func(_ fhir.Node, reference string) (string, bool) {
				address, isElsewhere := stands[reference]
				return address, isElsewhere
			}))
			if err != nil {
				return underResource(a.index, a.typ, err)
			}
			arrivals[i].Document = document
		}
		outcome, err := r.complete(tx, arrivals[i], ready[i])
		if err != nil {
			return underResource(a.index, a.typ, err)
		}
		if id := outcome.Document.ID; id != arrivals[i].Ref.ID {
			stands[arrivals[i].Ref.String()] = models.Ref{Type: a.typ, ID: id}.String()
		}
		outcomes[a.index] = EntryOutcome{Status: 200, Document: outcome.Document}
		if outcome.Created {
			outcomes[a.index].Status = 201
		}
	}
	return nil
}

// giveAlike gives the first arrival of each type, of those from which anything follows, the ids of them all.
func giveAlike(arrivals []Arrival, ready []prepared) {
	first := map[string]*Arrival{}
	for i := range arrivals {
		a := &arrivals[i]
		if a.Ref.ID == "" || a.Document != nil && (ready[i].unchanged || ready[i].fate == FateBooked) {
			continue
		}
		if first[a.Ref.Type] == nil {
			first[a.Ref.Type] = a
		}
		first[a.Ref.Type].Alike = append(first[a.Ref.Type].Alike, a.Ref.ID)
	}
}

// readAll answers the reads of a transaction within it: one that fails undoes the writes, and its audit is theirs.
func (r *Records) readAll(tx *store.Tx, p auth.Principal, actions []*action, outcomes []EntryOutcome) error {
	for _, a := range actions {
		if !a.reads() {
			continue
		}
		outcome, err := r.readOne(tx, p, a)
		if err != nil {
			return fault.Under(entryPath(a.index), err)
		}
		outcomes[a.index] = outcome
	}
	return nil
}

// readAgain answers the reads of a transaction that was done before: one that fails now undoes nothing and says so in its place.
func (r *Records) readAgain(tx *store.Tx, p auth.Principal, actions []*action, outcomes []EntryOutcome) error {
	for _, a := range actions {
		if !a.reads() {
			continue
		}
		outcome, err := r.readOne(tx, p, a)
		var refused *fault.Fault
		if errors.As(err, &refused) && refused.Kind != fault.Internal {
			outcome, err = EntryOutcome{Fault: refused}, nil
		}
		if err != nil {
			return err
		}
		outcomes[a.index] = outcome
	}
	return nil
}

func (r *Records) readOne(tx *store.Tx, p auth.Principal, a *action) (EntryOutcome, error) {
	if a.id != "" {
		tx.RecordRead(models.AuditRead, a.typ, a.id)
		var document models.Document
		err := r.budget.spend(func(int) (int, error) {
			var err error
			document, err = find(tx.View, p, models.Ref{Type: a.typ, ID: a.id})
			return len(document.Body), err
		})
		return EntryOutcome{Status: 200, Document: document, IsRead: a.method == "GET"}, err
	}
	pairs, err := search.Pairs(a.query)
	if err != nil {
		return EntryOutcome{}, err
	}
	tx.RecordRead(models.AuditSearch, a.typ, "")
	found, err := r.search(tx.View, p, a.typ, pairs, false)
	return EntryOutcome{Status: 200, Found: &found}, err
}
