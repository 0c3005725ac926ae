package inquiry

import (
	"slices"

	"medbill/billing/rules/ledger"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// Question is what of a record is to be explained: the amounts of one line, or of all where it is 0, on one account, or on all where it is "".
type Question struct {
	Subject models.Ref // a Claim, an Invoice or an Account
	Line    int
	Account models.LedgerAccount
}

// Explain gives the chain of entries behind what a record shows, within a transaction: of a Claim and of a line what the books hold about it and its charges, of an Invoice what they hold about
// the charges that it bills, of an Account all about the patient. It refuses (Invalid) a line that the record does not have and an account that is not in the chart.
func Explain(v *store.View, q Question) ([]models.Explained, error) {
	if _, known := q.Account.Facts(); q.Account != "" && !known {
		return nil, fault.At(fault.Invalid, "value", "account", "The account is not in the chart of accounts.")
	}
	postings, err := q.postings(v)
	if err != nil {
		return nil, err
	}
	c, err := chainOf(v, postings)
	if err != nil {
		return nil, err
	}
	type place struct {
		entry    models.EntryID
		sequence int
	}
	mine := map[place]bool{}
	for _, p := range postings {
		if q.Account == "" || p.Account == q.Account {
			mine[place{p.EntryID, p.Sequence}] = true
		}
	}
	return ledger.Explain(c, func(p models.Posting) bool { return mine[place{p.EntryID, p.Sequence}] }), nil
}

var errLine = fault.At(fault.Invalid, "value", "line", "The record has no such line.")

// postings gives those that the subject, or its line, shows.
func (q Question) postings(v *store.View) ([]models.Posting, error) {
	switch q.Subject.Type {
	case "Claim":
		return q.ofClaim(v, models.ClaimID(q.Subject.ID))
	case "Invoice":
		i, _, err := books.Invoice(v, models.InvoiceID(q.Subject.ID))
		if err != nil {
			return nil, err
		}
		var charges []models.ChargeID
		for _, l := range i.Lines {
			if q.Line == 0 || l.Sequence == q.Line {
				charges = append(charges, l.ChargeID)
			}
		}
		if q.Line != 0 && len(charges) == 0 {
			return nil, errLine
		}
		return journal.PostingsOfCharges(v, charges)
	}
	if q.Line != 0 {
		return nil, errLine
	}
	accounts, err := books.AccountsByID(v, []models.AccountID{models.AccountID(q.Subject.ID)})
	if err != nil || len(accounts) == 0 {
		return nil, err
	}
	return journal.PostingsOfPatients(v, []models.PatientID{accounts[0].PatientID})
}

func (q Question) ofClaim(v *store.View, id models.ClaimID) ([]models.Posting, error) {
	found, err := journal.PostingsByClaim(v, []models.ClaimID{id})
	if err != nil || q.Line == 0 {
		return found[id], err
	}
	c, _, err := books.Claim(v, id)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(c.Lines, func(l models.ClaimLine) bool { return l.Sequence == q.Line })
	if at < 0 {
		return nil, errLine
	}
	return slices.DeleteFunc(found[id], func(p models.Posting) bool { return p.ChargeID != c.Lines[at].ChargeID }), nil
}

// chainOf reads the entries of postings, those that they mirror, and what these came from.
func chainOf(v *store.View, postings []models.Posting) (c ledger.Chain, err error) {
	if c.Entries, err = entriesOf(v, postings); err != nil {
		return c, err
	}
	answers := ledger.AnswersBehind(c.Entries)
	if c.Answers, err = books.AnswersByID(v, answers); err != nil {
		return c, err
	}
	for _, id := range ledger.AnswersDecided(c.Entries) {
		decided, err := books.DecidedWork(v, models.Ref{Type: "ClaimResponse", ID: string(id)})
		if err != nil {
			return c, err
		}
		c.Decided = append(c.Decided, decided...)
	}
	return c, nil
}

func entriesOf(v *store.View, postings []models.Posting) ([]models.Entry, error) {
	var ids, mirrored []models.EntryID
	for _, p := range postings {
		if !slices.Contains(ids, p.EntryID) {
			ids = append(ids, p.EntryID)
		}
	}
	entries, err := journal.EntriesByID(v, ids)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Reverses != "" && !slices.Contains(ids, e.Reverses) {
			mirrored = append(mirrored, e.Reverses)
		}
	}
	others, err := journal.EntriesByID(v, mirrored)
	return append(entries, others...), err
}
