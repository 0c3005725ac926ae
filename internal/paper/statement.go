package paper

import (
	"fmt"
	"strings"

	"medbill/models"
)

// Statement is a letter to who answers for patients: what is due of each visit that was billed, or of a payment plan. It is as it was when it was sent.
type Statement struct {
	Practice  Practice
	Recipient models.Contact // the guarantor
	Account   string
	Number    string
	Date      models.Date
	DueDate   models.Date
	Step      models.StatementStep
	Patients  []StatementPatient
	Parts     []StatementPart // of a payment plan, and then there are no patients
}

// StatementPatient is one patient with what is due.
type StatementPatient struct {
	Name   string
	Visits []StatementVisit
}

// StatementVisit is what is due of a visit, or of something else that is named as its Invoice. Day is that of the visit, Since the day on which it was first asked for, and Why what of Asked is due for which reason.
type StatementVisit struct {
	Day     models.Date
	Invoice string
	Since   models.Date
	Asked   models.Cents
	Open    models.Cents
	Why     []Reason
}

// StatementPart is a part of a payment plan.
type StatementPart struct {
	Number int
	Day    models.Date
	Open   models.Cents
}

// ages are how many days something was asked for at most, by column; the last one has no end.
var ages = []struct {
	head string
	most int
}{{"Up to 30 days", 30}, {"31 to 60", 60}, {"61 to 90", 90}, {"91 to 120", 120}, {"More than 120", 1 << 30}}

// Open is what is to be paid.
func (s Statement) Open() (sum models.Cents) {
	for _, p := range s.Patients {
		for _, v := range p.Visits {
			sum += v.Open
		}
	}
	for _, part := range s.Parts {
		sum += part.Open
	}
	return sum
}

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

// notices say how often the letter asks, by its step.
var notices = map[models.StatementStep]struct{ name, text string }{
	models.StatementFirst:  {"", "This is what is open on your account, by patient and visit."},
	models.StatementSecond: {"Reminder", "This is a reminder of what is open on your account, by patient and visit. If you paid in the last days, thank you; this letter crossed your payment."},
	models.StatementThird:  {"Second reminder", "This is our second reminder of what is open on your account, by patient and visit. If something keeps you from paying, call us: we can agree on smaller payments."},
	models.StatementFinal: {"Last reminder", "This is our last reminder of what has been open on your account for so long. Please pay it, or call us: we can agree on smaller payments, and if you think that something is wrong we look at it. " +
		"We decide in 30 days what we do about what is open then."},
	models.StatementOfPlan: {"Payment plan", "This is what falls due of the payment plan that you agreed on with us."},
}

// PDF sets the statement.
func (s Statement) PDF() ([]byte, error) {
	p := begin(s.Number, s.Date, "Statement "+s.Number+" · "+s.Recipient.Name)
	below := "by " + dayOf(s.DueDate)
	if s.Open() == 0 {
		below = "Nothing is due."
	}
	notice := notices[s.Step]
	p.letterhead(s.Practice, "Statement", []fact{{"Statement", s.Number}, {"Date", dayOf(s.Date)}, {"Account", s.Account}, {"Notice", notice.name}}, &box{"Please pay", s.Open(), below}, s.Recipient)
	p.paragraph(plain, strings.TrimSpace(notice.text+" All amounts are in US dollars."))
	p.statementParts(s)
	p.statementVisits(s)
	p.totals(total{"Please pay", s.Open(), true})
	var all []Reason
	for _, one := range s.Patients {
		for _, v := range one.Visits {
			all = append(all, v.Why...)
		}
	}
	if s.Open() > 0 {
		p.howToPay(s.Practice, s.Number)
	}
	p.why(all)
	p.contact(s.Practice, questions(s.Open()))
	return p.end()
}

// statementVisits sets a table for each patient, and how long what is in them has been open.
func (p *sheets) statementVisits(s Statement) {
	columns := []column{{"Visit", 84, false}, {"Invoice", 180, false}, {"Asked on", 84, false}, {"Asked", 78, true}, {"Still open", 78, true}}
	for _, one := range s.Patients {
		p.heading(one.Name)
		var rows []row
		var asked, open models.Cents
		for _, v := range one.Visits {
			rows = append(rows, row{cells: []string{shortDay(v.Day), v.Invoice, shortDay(v.Since), dollars(v.Asked), dollars(v.Open)}, notes: v.notes()})
			asked, open = asked+v.Asked, open+v.Open
		}
		p.table(columns, append(rows, row{cells: []string{"Total", "", "", dollars(asked), dollars(open)}, sum: true}))
	}
	if len(s.Patients) == 0 {
		return
	}
	p.heading("How long it has been open")
	var ageing []column
	for _, a := range ages {
		ageing = append(ageing, column{a.head, (right - left) / float64(len(ages)), true})
	}
	p.table(ageing, []row{{cells: amounts(s.Aging()...)}})
}

// notes say what of a visit was asked for for which reason.
func (v StatementVisit) notes() []note {
	var parts []string
	for _, why := range v.Why {
		parts = append(parts, why.Label+" "+dollars(why.Amount))
	}
	if len(parts) == 0 {
		return nil
	}
	return []note{{strings.Join(parts, ", "), ""}}
}

func (p *sheets) statementParts(s Statement) {
	if len(s.Parts) == 0 {
		return
	}
	var rows []row
	for _, one := range s.Parts {
		rows = append(rows, row{cells: []string{fmt.Sprintf("Payment %d", one.Number), shortDay(one.Day), dollars(one.Open)}})
	}
	p.table([]column{{"Of your plan", 204, false}, {"Due on", 180, false}, {"Open", 120, true}}, append(rows, row{cells: []string{"Total", "", dollars(s.Open())}, sum: true}))
}
