package payers

import (
	"cmp"
	"slices"

	"medbill/internal/codes"
	"medbill/models"
)

// Book is what a practice knows of its payers, for looking up. It does not change, and a nil one knows nothing.
type Book struct {
	data       models.PayerData
	exact      map[key][]models.PayerFact // by code, "" for every service
	ranges     map[key][]ranged           // under the code ""
	all        map[key][]models.PayerFact // under the code ""
	enrolments map[models.OrganizationID][]models.Enrolment
}

type key struct {
	payer   models.OrganizationID
	subject models.PayerSubject
	code    string
}

type ranged struct {
	codes.CodeRange
	models.PayerFact
}

// NewBook gives the book of what was loaded.
func NewBook(data models.PayerData) *Book {
	b := &Book{
		data: data, exact: map[key][]models.PayerFact{}, ranges: map[key][]ranged{}, all: map[key][]models.PayerFact{},
		enrolments: map[models.OrganizationID][]models.Enrolment{},
	}
	for _, f := range data.Facts {
		at := key{f.PayerID, f.Subject, ""}
		b.all[at] = append(b.all[at], f)
		at.code = f.Code
		if r, is := rangeOf(f.Code); is {
			at.code = ""
			b.ranges[at] = append(b.ranges[at], ranged{r, f})
			continue
		}
		b.exact[at] = append(b.exact[at], f)
	}
	for _, e := range data.Enrolments {
		b.enrolments[e.PayerID] = append(b.enrolments[e.PayerID], e)
	}
	return b
}

// Data gives all of it.
func (b *Book) Data() models.PayerData {
	if b == nil {
		return models.PayerData{}
	}
	return b.data
}

// Fact gives what holds at a payer for a service ("" for what is about none) on a day. What the payer has of its own goes before
// what holds for every payer, then the code before a range and a range before every service, then the latest.
func (b *Book) Fact(payer models.OrganizationID, subject models.PayerSubject, code string, day models.Date) (models.PayerFact, bool) {
	if b == nil {
		return models.PayerFact{}, false
	}
	for _, id := range []models.OrganizationID{payer, models.EveryPayer} {
		at := key{id, subject, code}
		if f, found := latest(b.exact[at], day); found {
			return f, true
		}
		at.code = ""
		var within []models.PayerFact
		for _, r := range b.ranges[at] {
			if len(code) == serviceLength && r.Contains(code) {
				within = append(within, r.PayerFact)
			}
		}
		if f, found := latest(within, day); found {
			return f, true
		}
		if f, found := latest(b.exact[at], day); found {
			return f, true
		}
	}
	return models.PayerFact{}, false
}

// latest gives the one that began last of those that hold on a day.
func latest(facts []models.PayerFact, day models.Date) (best models.PayerFact, found bool) {
	for _, f := range facts {
		if f.Span().Contains(day) && (!found || f.From > best.From) {
			best, found = f, true
		}
	}
	return best, found
}

// Speaks reports whether anything is known about a subject for a payer on a day, of whatever service.
func (b *Book) Speaks(payer models.OrganizationID, subject models.PayerSubject, day models.Date) bool {
	if b == nil {
		return false
	}
	holds := func(f models.PayerFact) bool { return f.Span().Contains(day) }
	return slices.ContainsFunc(b.all[key{payer, subject, ""}], holds) || slices.ContainsFunc(b.all[key{models.EveryPayer, subject, ""}], holds)
}

// Enrols reports whether anybody is known to be enrolled with a payer, on whatever day.
func (b *Book) Enrols(payer models.OrganizationID) bool {
	return b != nil && len(b.enrolments[payer]) > 0
}

// Enrolled reports whether a provider is enrolled with a payer on a day.
func (b *Book) Enrolled(npi string, payer models.OrganizationID, day models.Date) bool {
	return b != nil && slices.ContainsFunc(b.enrolments[payer], func(e models.Enrolment) bool { return e.NPI == npi && e.Span().Contains(day) })
}

// On gives the facts that were written for a payer and hold on a day, every day where it is "", by subject and code; what holds for
// every payer stands under EveryPayer.
func (b *Book) On(payer models.OrganizationID, day models.Date) []models.PayerFact {
	var list []models.PayerFact
	for _, f := range b.Data().Facts {
		if f.PayerID == payer && (day == "" || f.Span().Contains(day)) {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(x, y models.PayerFact) int {
		return cmp.Or(cmp.Compare(x.Subject, y.Subject), cmp.Compare(x.Code, y.Code), cmp.Compare(x.From, y.From))
	})
	return list
}

// EnrolmentsWith gives who is enrolled with a payer on a day, every day where it is "".
func (b *Book) EnrolmentsWith(payer models.OrganizationID, day models.Date) []models.Enrolment {
	if b == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(b.enrolments[payer]), func(e models.Enrolment) bool { return day != "" && !e.Span().Contains(day) })
}

// rangeOf reads "99202-99215".
func rangeOf(code string) (codes.CodeRange, bool) {
	if len(code) != 2*serviceLength+1 || code[serviceLength] != '-' {
		return codes.CodeRange{}, false
	}
	return codes.CodeRange{From: code[:serviceLength], Until: code[serviceLength+1:]}, true
}

const serviceLength = 5 // characters of a CPT or HCPCS code
