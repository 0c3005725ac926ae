package paper

import (
	"cmp"
	"fmt"

	"medbill/models"
)

// Estimate is a good faith estimate: what a practice expects to charge somebody who pays for himself. 45 CFR 149.610(c)(1)
type Estimate struct {
	Practice   Practice
	Patient    models.Contact
	Born       models.Date
	Number     string
	Made       models.Date
	Day        models.Date // of the services
	Place      string      // place of service, two digits
	Provider   Provider    // who will do them; the zero Provider where nobody is named
	Lines      []EstimateLine
	Prepayment models.Cents
}

// EstimateLine is a service that is expected.
type EstimateLine struct {
	Service string
	Units   string
	Charge  models.Cents
}

// Total is what all of it is expected to cost.
func (e Estimate) Total() (sum models.Cents) {
	for _, l := range e.Lines {
		sum += l.Charge
	}
	return sum
}

// disputed is by how much a bill may be above an estimate before it can be disputed. 45 CFR 149.620(a)
const disputed = models.Cents(40000)

// PDF sets the estimate.
func (e Estimate) PDF() ([]byte, error) {
	p := begin(e.Number, e.Made, "Good faith estimate "+e.Number+" · "+e.Patient.Name)
	p.letterhead(e.Practice, "Good faith estimate", []fact{
		{"Estimate", e.Number}, {"Made on", dayOf(e.Made)}, {"Patient", e.Patient.Name}, {"Born", dayOf(e.Born)}, {"Services on", dayOf(e.Day)},
	}, &box{"Expected charges", e.Total(), "for " + dayOf(e.Day)}, e.Patient)
	p.paragraph(plain, "This is what we expect to charge you for the services below if you pay for them yourself and no plan is asked. All amounts are in US dollars.")
	var rows []row
	for _, l := range e.Lines {
		rows = append(rows, row{cells: []string{shortDay(e.Day), l.Service, l.Units, dollars(l.Charge)}})
	}
	rows = append(rows, row{cells: []string{"Total", "", "", dollars(e.Total())}, sum: true})
	p.table([]column{{"Date", 90, false}, {"Service code", 214, false}, {"Units", 80, true}, {"Expected charge", 120, true}}, rows)
	if e.Prepayment != 0 {
		p.paragraph(plain, fmt.Sprintf("We ask you to pay $%s before the services. You do not owe it by this estimate.", dollars(e.Prepayment)))
	}
	p.heading("Who does it, and where")
	p.provider("Billed by", e.Practice, e.Provider)
	if e.Place != "" {
		p.paragraph(plain, "Place of service code "+placeOf(e.Place)+". Diagnosis codes are not known before you were seen, so none is given.")
	}
	p.notices(e)
	return p.end()
}

// provider says who bills and who does the services, by name and numbers.
func (p *sheets) provider(how string, practice Practice, by Provider) {
	text := fmt.Sprintf("%s %s, NPI %s, tax number %s", how, practice.Name, cmp.Or(practice.NPI, "not on file"), cmp.Or(practice.TaxID, "not on file"))
	if state := practice.Address.State; state != "" {
		text += ", in " + state
	}
	p.paragraph(plain, text+".")
	if by.Name != "" || by.NPI != "" {
		p.paragraph(plain, fmt.Sprintf("Done by %s, NPI %s.", cmp.Or(by.Name, "a provider without a name on file"), cmp.Or(by.NPI, "not on file")))
	}
}

// placeOf gives a place of service, with the word for the one that everybody knows.
func placeOf(code string) string {
	if code == models.PlaceOffice {
		return code + " (office)"
	}
	return code
}

// notices are what somebody is to know who gets an estimate. 45 CFR 149.610(c)(1)(vi) to (x)
func (p *sheets) notices(e Estimate) {
	p.heading("What you should know")
	for _, text := range []string{
		"This is an estimate of what is expected today. The services you need and what is charged for them may turn out otherwise, and there may be more that we would recommend or that has to be scheduled apart; ask for an estimate of that too.",
		"It covers our own services. Other providers and facilities who take part in your care charge for themselves and give estimates of their own.",
		"It is no contract. You do not have to get these services, and you may get them from somebody else.",
	} {
		p.paragraph(plain, text)
	}
	p.heading("If the bill is $400 or more above this")
	p.paragraph(plain, fmt.Sprintf("If we bill you $%s or more for these services, that is $400 or more above this estimate, you may dispute the bill. You may ask us to lower it to the estimate, to talk about it, or whether there is help with paying. You may also have it decided by the "+
		"federal process between patients and providers, within 120 days of the date on the bill. There is a small fee for it; if it is decided for you, you pay the amount of this estimate, else the higher one. Disputing a bill does not change how you are treated.", dollars(e.Total()+disputed)))
	p.paragraph(plain, "To begin, or to learn more: www.cms.gov/nosurprises or 1-800-985-3059. Keep this estimate; you will need it.")
	p.contact(e.Practice, "Questions about this estimate?")
}
