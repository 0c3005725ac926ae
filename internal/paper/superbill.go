package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"medbill/models"
)

// Superbill is what a visit was, in the codes that a plan asks for, so that a patient can send it to one.
type Superbill struct {
	Practice  Practice
	Patient   models.Contact
	Born      models.Date
	Number    string // that of the visit
	Visit     models.Date
	Place     string // place of service, two digits
	Providers []Provider
	Diagnoses []string // codes in order; lines point to them from 1
	Lines     []SuperbillLine
	Adjusted  models.Cents
	ByPlans   models.Cents // paid
	ByPatient models.Cents // paid
}

// SuperbillLine is a service as it is charged.
type SuperbillLine struct {
	Day      models.Date
	Service  string
	Pointers models.Numbers
	Units    string
	Charged  models.Cents
}

// Charged is what all services are charged at.
func (s Superbill) Charged() (sum models.Cents) {
	for _, l := range s.Lines {
		sum += l.Charged
	}
	return sum
}

// Open is what is not paid and not taken off.
func (s Superbill) Open() models.Cents { return s.Charged() - s.Adjusted - s.ByPlans - s.ByPatient }

// PDF sets the superbill.
func (s Superbill) PDF() ([]byte, error) {
	p := begin(s.Number, s.Visit, "Superbill · "+s.Patient.Name+" · visit of "+dayOf(s.Visit))
	p.letterhead(s.Practice, "Superbill", []fact{
		{"Visit", dayOf(s.Visit)}, {"Number", s.Number}, {"Patient", s.Patient.Name}, {"Born", dayOf(s.Born)}, {"Place", placeOf(s.Place)},
	}, nil, s.Patient)
	p.paragraph(plain, "What was done at this visit, in the codes that health plans ask for. It is no bill. All amounts are in US dollars.")
	p.provider("Billed by", s.Practice, Provider{})
	for _, by := range s.Providers {
		p.paragraph(plain, fmt.Sprintf("Done by %s, NPI %s.", cmp.Or(by.Name, "a provider without a name on file"), cmp.Or(by.NPI, "not on file")))
	}
	p.heading("Diagnoses (ICD-10-CM)")
	var codes []string
	for i, code := range s.Diagnoses {
		codes = append(codes, letter(i+1)+": "+code)
	}
	p.paragraph(plain, cmp.Or(strings.Join(codes, ", "), "None on file."))
	p.heading("Services")
	var rows []row
	for _, l := range s.Lines {
		var pointers []string
		for _, n := range l.Pointers {
			pointers = append(pointers, letter(n))
		}
		rows = append(rows, row{cells: []string{shortDay(l.Day), l.Service, strings.Join(pointers, " "), l.Units, dollars(l.Charged)}})
	}
	rows = append(rows, row{cells: []string{"Total", "", "", "", dollars(s.Charged())}, sum: true})
	p.table([]column{{"Date", 80, false}, {"Service code", 184, false}, {"Diagnoses", 80, false}, {"Units", 60, true}, {"Charged", 100, true}}, rows)
	p.totals(total{"Charged", s.Charged(), false}, total{"Adjusted", -s.Adjusted, false}, total{"Paid by plans", -s.ByPlans, false}, total{"Paid by the patient", -s.ByPatient, false}, total{"Open", s.Open(), true})
	p.contact(s.Practice, "Questions from you or your plan?")
	return p.end()
}

// letter names a diagnosis as claims do. X12 005010X222A1, SV107; CMS-1500 box 21
func letter(n int) string {
	if n < 1 || n > 26 {
		return fmt.Sprint(n)
	}
	return string(rune('A' + n - 1))
}

// Add adds a provider where he is not among the others.
func (s *Superbill) Add(by Provider) {
	if by != (Provider{}) && !slices.Contains(s.Providers, by) {
		s.Providers = append(s.Providers, by)
	}
}
