// Package bank is the bank desk: it takes what the bank says came in, puts it into the books on the bank's day, and matches it with what payers say they paid. What a file of a bank
// says is bankfile's, and which payments a deposit may pay is billing/rules/deposit's to say.
package bank

import (
	"slices"
	"strings"

	"medbill/billing/desk"
	"medbill/billing/rules/deposit"
	"medbill/billing/rules/ledger"
	"medbill/billing/rules/remit"
	"medbill/internal/bankfile"
	"medbill/internal/forms"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Taken is what came of a file of the bank: the deposits that are new, as they stand then, and how many lines stood here already.
type Taken struct {
	Deposits []models.Deposit
	Known    int
	Amount   models.Cents // of those that are new
	NotTaken []bankfile.NotTaken
}

// askedAtOnce bounds how many records one statement asks for.
const askedAtOnce = 500

// aheadMax is how many days a bank tells of money before it comes: an entry of the clearing house is given a day at most before its own, and weekends lie between.
const aheadMax = 7

// Take takes a file of the bank, all of it or nothing. Each deposit is in the books from its day on, is matched where it names its payment by itself, and is work where it does not. It
// refuses (BusinessRule, with the lines and columns) a payer that nobody knows and a day far to come, and (Conflict) a reference of the bank's under which something else stands. The same
// line again changes nothing.
func Take(s *desk.Sheet, f bankfile.File) (Taken, error) {
	done := Taken{NotTaken: f.NotTaken}
	if err := books.Lock(s.Tx, atBank); err != nil { // files of one tenant wait for each other
		return done, err
	}
	fresh, err := unknown(s, f.Lines)
	if err != nil {
		return done, err
	}
	done.Known = len(f.Lines) - len(fresh)
	if err := check(s, fresh); err != nil {
		return done, err
	}
	if err := unclaimed(s, fresh); err != nil {
		return done, err
	}
	list, entries := make([]models.Deposit, len(fresh)), make([]models.Entry, len(fresh))
	for i, l := range fresh {
		list[i] = l.Deposit
		list[i].TenantID, list[i].ID = s.Tenant(), models.DepositID(s.NewID())
		if l.PayerID != "" && l.Trace != "" {
			list[i].AskDue = remit.AskDueAt(l.Day, s.Zone())
		}
		entries[i] = ledger.Deposited(list[i])
		done.Amount += l.Amount
	}
	if len(list) == 0 {
		return done, nil
	}
	traces := tracesOf(list)
	if err := lock(s, traces...); err != nil {
		return done, err
	}
	if err := books.AddDeposits(s.Tx, list...); err != nil {
		return done, err
	}
	if err := s.Post(entries...); err != nil {
		return done, err
	}
	done.Deposits, err = settle(s, list, traces)
	return done, err
}

// unknown gives the lines that are not in the books.
func unknown(s *desk.Sheet, lines []bankfile.Line) ([]bankfile.Line, error) {
	known := map[string]bool{}
	for part := range slices.Chunk(lines, askedAtOnce) {
		keys := make([]string, len(part))
		for i, l := range part {
			keys[i] = l.LineKey
		}
		before, err := books.DepositsByKey(s.View, keys)
		if err != nil {
			return nil, err
		}
		for _, d := range before {
			known[d.LineKey] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(lines), func(l bankfile.Line) bool { return known[l.LineKey] }), nil
}

// unclaimed refuses new lines whose reference another line has, before or in the same file.
func unclaimed(s *desk.Sheet, fresh []bankfile.Line) error {
	isTaken := map[string]bool{}
	var references []string
	for _, l := range fresh {
		if l.Reference != "" {
			references = append(references, l.Reference)
		}
	}
	for part := range slices.Chunk(references, askedAtOnce) {
		before, err := books.DepositsByReference(s.View, part)
		if err != nil {
			return err
		}
		for _, d := range before {
			isTaken[d.Reference] = true
		}
	}
	var problems []forms.Problem
	for _, l := range fresh {
		if isTaken[l.Reference] {
			problems = append(problems, forms.Problem{Line: l.Line, Column: "reference", Text: "Another deposit has the reference and says something else; ask the bank which one holds, or give this one a reference of its own."})
		}
		isTaken[l.Reference] = l.Reference != ""
	}
	return bankfile.Refuse(fault.Conflict, problems)
}

// check holds lines against the day and the payers that there are.
func check(s *desk.Sheet, lines []bankfile.Line) error {
	isThere := map[models.OrganizationID]bool{}
	var refs []models.Ref
	for _, l := range lines {
		if _, asked := isThere[l.PayerID]; l.PayerID != "" && !asked {
			isThere[l.PayerID] = false
			refs = append(refs, models.Ref{Type: "Organization", ID: string(l.PayerID)})
		}
	}
	for part := range slices.Chunk(refs, askedAtOnce) {
		found, err := s.Documents(part...)
		if err != nil {
			return err
		}
		for _, d := range found {
			isThere[models.OrganizationID(d.ID())] = true
		}
	}
	var problems []forms.Problem
	latest := s.Today().AddDays(aheadMax)
	for _, l := range lines {
		if l.Day > latest {
			problems = append(problems, forms.Problem{Line: l.Line, Column: "date", Text: "The day is more than a week to come."})
		}
		if l.PayerID != "" && !isThere[l.PayerID] {
			problems = append(problems, forms.Problem{Line: l.Line, Column: "payer", Text: "There is no such Organization; name the payer as its claims do, or leave it out."})
		}
	}
	return bankfile.Refuse(fault.BusinessRule, problems)
}

func tracesOf(list []models.Deposit) []string {
	var traces []string
	for _, d := range list {
		if d.Trace != "" {
			traces = append(traces, d.Trace)
		}
	}
	slices.Sort(traces)
	return slices.Compact(traces)
}

// lock has those wait for each other who bring the money and the word of one payment, so that the second one finds the first.
func lock(s *desk.Sheet, traces ...string) error {
	subjects := make([]string, len(traces))
	for i, trace := range traces {
		subjects[i] = "trace " + trace
	}
	return books.Lock(s.Tx, subjects...)
}

// settle matches new deposits that name their payment, or the payout of a processor, and makes work of the others.
func settle(s *desk.Sheet, list []models.Deposit, traces []string) ([]models.Deposit, error) {
	named := map[string][]models.Remittance{}
	for part := range slices.Chunk(traces, askedAtOnce) {
		found, err := books.RemittancesOfTraces(s.View, part)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			named[r.Trace] = append(named[r.Trace], r)
		}
	}
	payouts, err := payoutsSince(s, slices.MinFunc(list, func(a, b models.Deposit) int { return strings.Compare(string(a.Day), string(b.Day)) }).Day)
	if err != nil {
		return nil, err
	}
	isTaken := map[models.RemittanceID]bool{}
	for i, d := range list {
		free := slices.DeleteFunc(slices.Clone(named[d.Trace]), func(r models.Remittance) bool { return isTaken[r.ID] })
		if r, ok := deposit.Named(d, free); ok {
			isTaken[r.ID] = true
			list[i], err = pays(s, d, models.DepositMatch{Pays: models.PaysRemittance, RemittanceID: r.ID, Amount: r.Amount})
		} else if e, ok := deposit.Settled(d, payouts, s.Zone()); ok {
			payouts = slices.DeleteFunc(payouts, func(o models.ProcessorEvent) bool { return o.Processor == e.Processor && o.Reference == e.Reference })
			list[i], err = settled(s, d, e)
		} else {
			err = ask(s, d)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}
