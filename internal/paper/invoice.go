package paper

import (
	"fmt"
	"slices"

	"medbill/models"
)

// Invoice is what a patient is asked to pay for a visit, and why. Charged less Adjusted, Paid and Elsewhere is Share on every line;
// the sum of the shares less Settled is Due.
type Invoice struct {
	Practice  Practice
	Recipient models.Contact
	Patient   string
	Account   string
	Number    string
	Visit     models.Date
	Issued    models.Date
	DueDate   models.Date
	Status    models.InvoiceStatus
	Lines     []InvoiceLine
	Payers    []PayerShare
	Settled   models.Cents // paid, from credit too, or not owed any more
	Due       models.Cents
	Earlier   models.Cents // open of earlier visits, and fees
	Fees      models.Cents // of that, what is charged for payments that were taken back
}

// InvoiceLine is one service: what became of its charge, and why the rest is the patient's.
type InvoiceLine struct {
	Day       models.Date
	Service   string // its code
	Charged   models.Cents
	Adjusted  models.Cents
	Paid      models.Cents // by plans
	Elsewhere models.Cents // asked for on another invoice, or still open with a plan
	Share     models.Cents
	Why       []Reason
}

// Reason is a part of a patient's share: a name for it, and the same in a sentence.
type Reason struct {
	Label  string
	Text   string
	Amount models.Cents
}

// PayerShare is what a plan's payer paid of an invoice, where that is known.
type PayerShare struct {
	Name    string
	Paid    models.Cents
	IsKnown bool
}

// Share is what the patient was asked for.
func (i Invoice) Share() (sum models.Cents) {
	for _, l := range i.Lines {
		sum += l.Share
	}
	return sum
}

// PDF sets the invoice.
func (i Invoice) PDF() ([]byte, error) {
	p := begin(i.Number, i.Issued, "Invoice "+i.Number+" · "+i.Patient)
	p.letterhead(i.Practice, "Invoice", []fact{
		{"Invoice", i.Number}, {"Date", dayOf(i.Issued)}, {"Patient", i.Patient}, {"Account", i.Account}, {"Visit", dayOf(i.Visit)},
	}, &box{"Please pay", i.Due, i.terms()}, i.Recipient)
	p.paragraph(plain, i.opening())
	p.invoiceLines(i)
	p.invoiceTotals(i)
	p.reasons(i)
	p.invoiceEnd(i)
	return p.end()
}

// terms say until when what is due is due.
func (i Invoice) terms() string {
	switch {
	case i.Status == models.InvoiceCancelled:
		return "Cancelled: nothing is due."
	case i.Due == 0:
		return "Nothing is due."
	}
	return "by " + dayOf(i.DueDate)
}

func (i Invoice) opening() string {
	if i.Status == models.InvoiceCancelled {
		return "This invoice was taken back. You do not owe anything on it."
	}
	return "For your visit on " + dayOf(i.Visit) + ". The table shows what was charged for each service, what came off by agreement (adjusted), what was paid, and what is left for you. All amounts are in US dollars."
}

func (p *sheets) invoiceLines(i Invoice) {
	isElsewhere := slices.ContainsFunc(i.Lines, func(l InvoiceLine) bool { return l.Elsewhere != 0 })
	columns := []column{{"Date", 64, false}, {"Service code", 100, false}, {"Charged", 80, true}, {"Adjusted", 80, true}, {"Paid by plans", 94, true}, {"Your share", 86, true}}
	if isElsewhere {
		columns = []column{{"Date", 64, false}, {"Service code", 80, false}, {"Charged", 70, true}, {"Adjusted", 70, true}, {"Paid by plans", 76, true}, {"Asked elsewhere", 70, true}, {"Your share", 74, true}}
	}
	cells := func(l InvoiceLine) []string {
		if isElsewhere {
			return amounts(l.Charged, l.Adjusted, l.Paid, l.Elsewhere, l.Share)
		}
		return amounts(l.Charged, l.Adjusted, l.Paid, l.Share)
	}
	var rows []row
	var sum InvoiceLine
	for _, l := range i.Lines {
		r := row{cells: append([]string{shortDay(l.Day), l.Service}, cells(l)...)}
		for _, why := range l.Why {
			r.notes = append(r.notes, note{why.Label, dollars(why.Amount)})
		}
		rows = append(rows, r)
		sum.Charged, sum.Adjusted, sum.Paid, sum.Elsewhere, sum.Share = sum.Charged+l.Charged, sum.Adjusted+l.Adjusted, sum.Paid+l.Paid, sum.Elsewhere+l.Elsewhere, sum.Share+l.Share
	}
	p.table(columns, append(rows, row{cells: append([]string{"Total", ""}, cells(sum)...), sum: true}))
}

func (p *sheets) invoiceTotals(i Invoice) {
	list := []total{{"Your share of this visit", i.Share(), false}}
	if i.Settled != 0 {
		list = append(list, total{"Paid, or no longer owed", -i.Settled, false})
	}
	p.totals(append(list, total{"Due now", i.Due, true})...)
	if earlier := i.Earlier - i.Fees; earlier != 0 {
		p.paragraph(plain, fmt.Sprintf("Besides this invoice, $%s is open from earlier visits. It is not part of the amount above; other invoices ask for it.", dollars(earlier)))
	}
	if i.Fees != 0 {
		p.paragraph(plain, fmt.Sprintf("Besides this invoice, a returned payment fee of $%s is due, because a payment was returned or taken back. It is not part of the amount above, and no other invoice asks for it: pay it with this one, or ask us about it.", dollars(i.Fees)))
	}
}

// why says in whole sentences why amounts are somebody's to pay, each reason once.
func (p *sheets) why(all []Reason) {
	var list []Reason
	for _, why := range all {
		if !slices.ContainsFunc(list, func(r Reason) bool { return r.Label == why.Label }) {
			list = append(list, why)
		}
	}
	if len(list) > 0 {
		p.heading("Why this is yours to pay")
	}
	for _, why := range list {
		p.paragraph(plain, why.Label+": "+why.Text)
	}
}

// reasons says why the shares are the patient's, and who was asked before.
func (p *sheets) reasons(i Invoice) {
	var all []Reason
	for _, l := range i.Lines {
		all = append(all, l.Why...)
	}
	p.why(all)
	if len(i.Payers) == 0 {
		return
	}
	p.heading("Who was asked before you")
	for _, payer := range i.Payers {
		if payer.IsKnown {
			p.paragraph(plain, fmt.Sprintf("%s paid $%s of these services.", payer.Name, dollars(payer.Paid)))
		} else {
			p.paragraph(plain, payer.Name+" was asked for these services.")
		}
	}
}

// questions are what somebody may call about who is to pay an amount.
func questions(due models.Cents) string {
	if due == 0 {
		return "Questions?"
	}
	return "Questions, or trouble paying this by the due date?"
}

// howToPay says by what ways what a document with a number asks is paid.
func (p *sheets) howToPay(from Practice, number string) {
	p.heading("How to pay")
	p.paragraph(plain, fmt.Sprintf("By check: %s At the front desk: by check, card or cash. By card or bank transfer: in the patient portal, where the practice offers one.", from.check(number)))
}

func (p *sheets) invoiceEnd(i Invoice) {
	if i.Due > 0 && i.Status == models.InvoiceIssued {
		p.howToPay(i.Practice, i.Number)
	}
	p.contact(i.Practice, questions(i.Due))
}
