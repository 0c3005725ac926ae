package paper

import "medbill/models"

// Statement is where the accounts stand that somebody answers for: of himself, and of others.
type Statement struct {
	Practice  Practice
	Recipient models.Contact // the guarantor
	Account   string
	Number    string
	Date      models.Date
	DueDate   models.Date
	Patients  []StatementPatient
	Payments  []StatementPayment // since the last statement
	Credit    models.Cents       // paid and not used yet
}

// StatementPatient is one patient with the visits on which something is open.
type StatementPatient struct {
	Name   string
	Visits []StatementVisit
}

// StatementVisit is what is open of a visit. Since is the day on which it was first asked for.
type StatementVisit struct {
	Day     models.Date
	Invoice string
	Since   models.Date
	Asked   models.Cents
	Open    models.Cents
}

// StatementPayment is what was paid since the last statement.
type StatementPayment struct {
	Day    models.Date
	Text   string
	Amount models.Cents
}

// ages are how many days something was asked for at most, by column; the last one has no end.
var ages = []struct {
	head string
	most int
}{{"Up to 30 days", 30}, {"31 to 60", 60}, {"61 to 90", 90}, {"91 to 120", 120}, {"More than 120", 1 << 30}}

// Open is what is open on all visits.
func (s Statement) Open() (sum models.Cents) {
	for _, p := range s.Patients {
		for _, v := range p.Visits {
			sum += v.Open
		}
	}
	return sum
}

// Total is what is to be paid.
func (s Statement) Total() models.Cents { return max(0, s.Open()-s.Credit) }

// Aging gives what is open by how long it has been asked for.
func (s Statement) Aging() []models.Cents {
	sums := make([]models.Cents, len(ages))
	for _, p := range s.Patients {
		for _, v := range p.Visits {
			at := 0
			for v.Since.DaysUntil(s.Date) > ages[at].most {
				at++
			}
			sums[at] += v.Open
		}
	}
	return sums
}

// PDF sets the statement.
func (s Statement) PDF() ([]byte, error) {
	p := begin(s.Number, s.Date, "Statement "+s.Number+" · "+s.Recipient.Name)
	below := "by " + dayOf(s.DueDate)
	if s.Total() == 0 {
		below = "Nothing is due."
	}
	p.letterhead(s.Practice, "Statement", []fact{{"Statement", s.Number}, {"Date", dayOf(s.Date)}, {"Account", s.Account}}, &box{"Please pay", s.Total(), below}, s.Recipient)
	p.paragraph(plain, "This is what is open on your account, by patient and visit. All amounts are in US dollars.")
	visits := []column{{"Visit", 120, false}, {"Invoice", 144, false}, {"Asked on", 90, false}, {"Asked", 75, true}, {"Open", 75, true}}
	for _, one := range s.Patients {
		p.heading(one.Name)
		var rows []row
		var open models.Cents
		for _, v := range one.Visits {
			rows = append(rows, row{cells: []string{shortDay(v.Day), v.Invoice, shortDay(v.Since), dollars(v.Asked), dollars(v.Open)}})
			open += v.Open
		}
		p.table(visits, append(rows, row{cells: []string{"Open", "", "", "", dollars(open)}, sum: true}))
	}
	p.statementPayments(s)
	p.heading("How long it has been open")
	var columns []column
	for _, a := range ages {
		columns = append(columns, column{a.head, (right - left) / float64(len(ages)), true})
	}
	p.table(columns, []row{{cells: amounts(s.Aging()...)}})
	list := []total{{"Open on all visits", s.Open(), false}}
	if s.Credit != 0 {
		list = append(list, total{"Your credit", -s.Credit, false})
	}
	p.totals(append(list, total{"Please pay", s.Total(), true})...)
	if s.Total() > 0 {
		p.paragraph(plain, "By check: "+s.Practice.check(s.Number))
	}
	p.contact(s.Practice, questions(s.Total()))
	return p.end()
}

func (p *sheets) statementPayments(s Statement) {
	if len(s.Payments) == 0 {
		return
	}
	p.heading("Received since your last statement")
	var rows []row
	var sum models.Cents
	for _, one := range s.Payments {
		rows = append(rows, row{cells: []string{shortDay(one.Day), one.Text, dollars(one.Amount)}})
		sum += one.Amount
	}
	p.table([]column{{"Day", 120, false}, {"Payment", 264, false}, {"Amount", 120, true}}, append(rows, row{cells: []string{"Received", "", dollars(sum)}, sum: true}))
}
