package main

import "errors"

// entry is a journal entry with its postings.
type entry struct {
	fact
	postings []fact
}

// parent is a record with its lines: an answer, a remittance, a deposit or an invoice. adjustments are an answer's.
type parent struct {
	fact
	lines, adjustments []fact
}

// books are all facts of a proof, by their ids where others name them, and in the order of the file.
type books struct {
	tenant, closedThrough        string
	closedAt, lines              int64
	cases, charges, openings     map[string]fact
	entries                      map[string]*entry
	answers, remittances         map[string]*parent
	deposits                     map[string]*parent
	invoices                     map[string]*parent
	payments, allocations        []fact
	refunds, writeOffs           []fact
	order                        []*entry
	answered, remitted, invoiced []*parent
	deposited                    []*parent
	charged, totals              []fact
	said                         map[string]int64
}

func newBooks() *books {
	return &books{cases: map[string]fact{}, charges: map[string]fact{}, openings: map[string]fact{}, entries: map[string]*entry{}, answers: map[string]*parent{},
		remittances: map[string]*parent{}, deposits: map[string]*parent{}, invoices: map[string]*parent{}, said: map[string]int64{}}
}

// take keeps a fact. It refuses one of a kind that no proof has, and a line of something that does not stand before it.
func (b *books) take(f fact) error {
	add := func(of map[string]*parent, list *[]*parent) {
		p := &parent{fact: f}
		of[f.ID] = p
		*list = append(*list, p)
	}
	line := func(p *parent) error {
		if p == nil {
			return errors.New("belongs to nothing before it")
		}
		p.lines = append(p.lines, f)
		return nil
	}
	switch f.Kind {
	case "proof":
		b.tenant = f.Tenant
	case "books":
		b.closedThrough, b.closedAt = f.ClosedThrough, f.ClosedAt
	case "case":
		b.cases[f.ID] = f
	case "charge":
		b.charges[f.ID] = f
		b.charged = append(b.charged, f)
	case "opening":
		b.openings[f.Charge] = f
	case "entry":
		e := &entry{fact: f}
		b.entries[f.ID] = e
		b.order = append(b.order, e)
	case "posting":
		e := b.entries[f.Entry]
		if e == nil {
			return errors.New("belongs to nothing before it")
		}
		e.postings = append(e.postings, f)
	case "answer":
		add(b.answers, &b.answered)
	case "answer-line":
		return line(b.answers[f.Answer])
	case "adjustment":
		if b.answers[f.Answer] == nil {
			return errors.New("belongs to nothing before it")
		}
		b.answers[f.Answer].adjustments = append(b.answers[f.Answer].adjustments, f)
	case "remittance":
		add(b.remittances, &b.remitted)
	case "remittance-detail":
		return line(b.remittances[f.Remittance])
	case "deposit":
		add(b.deposits, &b.deposited)
	case "deposit-match":
		return line(b.deposits[f.Deposit])
	case "invoice":
		add(b.invoices, &b.invoiced)
	case "invoice-line":
		return line(b.invoices[f.Invoice])
	case "payment":
		b.payments = append(b.payments, f)
	case "allocation":
		b.allocations = append(b.allocations, f)
	case "refund":
		b.refunds = append(b.refunds, f)
	case "write-off":
		b.writeOffs = append(b.writeOffs, f)
	case "total":
		b.totals = append(b.totals, f)
	case "law":
		b.said[f.Law] = f.Broken
	default:
		return errors.New("is of no kind that a proof has")
	}
	return nil
}

// postings calls fn for every posting.
func (b *books) postings(fn func(e *entry, p fact)) {
	for _, e := range b.order {
		for _, p := range e.postings {
			fn(e, p)
		}
	}
}

// event gives what an entry records, or of a reversal what it takes back.
func (b *books) event(e *entry) string {
	if of := b.entries[e.Reverses]; of != nil {
		return of.Event
	}
	return e.Event
}
