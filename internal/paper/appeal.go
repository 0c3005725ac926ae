package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"medbill/models"
)

// Appeal is a letter by which a practice asks a payer to judge again what it refused. What is "" is not known.
type Appeal struct {
	Practice    Practice
	Payer       models.Contact
	Number      string // that of the claim, which is ours
	PayerNumber string // that by which the payer knows it
	Patient     string
	Born        models.Date
	Member      string // the number of the member
	Provider    Provider
	From, Until models.Date // of the services
	Sent        models.Date
	Judged      models.Date // day of the answer that is appealed
	Level       int
	Lines       []AppealLine
}

// AppealLine is a service, and what the payer said of it.
type AppealLine struct {
	Day     models.Date
	Service string
	Charged models.Cents
	Paid    models.Cents
	Refused models.Cents
	Codes   []string // group and reason of each part that is refused, and remarks
}

// Add adds codes that are not among the others.
func (l *AppealLine) Add(codes ...string) {
	for _, code := range codes {
		if code != "" && !slices.Contains(l.Codes, code) {
			l.Codes = append(l.Codes, code)
		}
	}
}

// Refused is what the payer is asked to judge again.
func (a Appeal) Refused() (sum models.Cents) {
	for _, l := range a.Lines {
		sum += l.Refused
	}
	return sum
}

// PDF sets the letter.
func (a Appeal) PDF() ([]byte, error) {
	p := begin(a.Number, a.Sent, "Appeal of claim "+a.Number)
	period := dayOf(a.From)
	if a.Until != a.From && a.Until != "" {
		period += " to " + dayOf(a.Until)
	}
	p.letterhead(a.Practice, "Appeal", []fact{
		{"Date", dayOf(a.Sent)}, {"Level", fmt.Sprint(a.Level)}, {"Our claim", a.Number}, {"Your number", a.PayerNumber},
	}, nil, a.Payer)
	p.paragraph(strong, "We appeal your decision about the claim below, and ask you to judge it again.")
	for _, f := range []fact{
		{"Patient", a.Patient}, {"Born", dayOf(a.Born)}, {"Member number", cmp.Or(a.Member, "not on file")}, {"Services", period},
		{"Provider", named(a.Provider)}, {"Billed by", fmt.Sprintf("%s, NPI %s, tax number %s", a.Practice.Name, cmp.Or(a.Practice.NPI, "not on file"), cmp.Or(a.Practice.TaxID, "not on file"))},
		{"Your decision of", dayOf(a.Judged)},
	} {
		if f.text == "" {
			continue
		}
		p.room(plain.lead())
		p.write(left, p.y+plain.size, small, f.label)
		p.y += p.block(left+110, p.y+plain.size, right-left-110, plain, f.text) + 1
	}
	p.y += 10
	var rows []row
	var charged, paid models.Cents
	for _, l := range a.Lines {
		rows = append(rows, row{cells: []string{shortDay(l.Day), l.Service, dollars(l.Charged), dollars(l.Paid), dollars(l.Refused), "", strings.Join(l.Codes, ", ")}})
		charged, paid = charged+l.Charged, paid+l.Paid
	}
	rows = append(rows, row{cells: []string{"Total", "", dollars(charged), dollars(paid), dollars(a.Refused()), "", ""}, sum: true})
	p.table([]column{{"Date", 66, false}, {"Service code", 96, false}, {"Charged", 74, true}, {"Paid", 74, true}, {"Refused", 74, true}, {"", 16, false}, {"Your reasons", 104, false}}, rows)
	p.paragraph(plain, fmt.Sprintf("You refused $%s for the reasons given by their codes in the last column. We ask you to review them against the record of the visit and your own policy, to pay what is payable, and to send a corrected remittance. "+
		"If you uphold the decision, please name the policy that you went by, the clinical criteria where there are any, who reviewed it, and how it can be appealed further.", dollars(a.Refused())))
	p.paragraph(plain, "Why we disagree:")
	p.blank(4)
	p.room(80)
	p.y += 30
	p.write(left, p.y, plain, "Signed")
	p.pdf.Line(left+40, p.y+2, 330, p.y+2)
	p.write(350, p.y, plain, "Date")
	p.pdf.Line(380, p.y+2, right, p.y+2)
	p.y += 24
	p.contact(a.Practice, "Questions about this appeal?")
	return p.end()
}

// blank leaves lines to write on.
func (p *sheets) blank(count int) {
	for range count {
		p.room(20)
		p.y += 18
		p.line(p.y)
	}
	p.y += 8
}

func named(by Provider) string {
	if by.NPI == "" {
		return by.Name
	}
	return strings.TrimPrefix(by.Name+", NPI "+by.NPI, ", ")
}
