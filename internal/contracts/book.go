// Package contracts reads what payers agreed to allow (contracts, and the rates of each) and looks it up by payer, day and service.
// What an amount comes to is billing/rules/pricing's.
package contracts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"medbill/models"
)

// Book is the contracts of a practice, for looking up. It does not change, and a nil one has none.
type Book struct {
	data    models.ContractData
	byPayer map[models.OrganizationID][]*Terms
	byID    map[models.ContractID]*Terms
}

// Terms are a contract with its rates.
type Terms struct {
	models.Contract
	exact  map[string][]models.ContractRate // by code, "" for every service
	ranges []models.ContractRate
}

// NewBook gives the book of what was loaded.
func NewBook(data models.ContractData) *Book {
	b := &Book{data: data, byPayer: map[models.OrganizationID][]*Terms{}, byID: map[models.ContractID]*Terms{}}
	for _, c := range data.Contracts {
		t := &Terms{Contract: c, exact: map[string][]models.ContractRate{}}
		b.byPayer[c.PayerID], b.byID[c.ID] = append(b.byPayer[c.PayerID], t), t
	}
	for _, r := range data.Rates {
		t, found := b.byID[r.ContractID]
		if !found {
			continue // SaveContracts lets no rate stand without its contract
		}
		if _, _, is := rangeOf(r.Code); is {
			t.ranges = append(t.ranges, r)
			continue
		}
		t.exact[r.Code] = append(t.exact[r.Code], r)
	}
	return b
}

// Data gives all of it.
func (b *Book) Data() models.ContractData {
	if b == nil {
		return models.ContractData{}
	}
	return b.data
}

// On gives what a payer agreed to for a day of service: of several contracts the one that began last. False where there is none.
func (b *Book) On(payer models.OrganizationID, day models.Date) (*Terms, bool) {
	if b == nil {
		return nil, false
	}
	var best *Terms
	for _, t := range b.byPayer[payer] {
		if t.Span().Contains(day) && (best == nil || t.From > best.From) {
			best = t
		}
	}
	return best, best != nil
}

// Of gives a contract; false where there is none.
func (b *Book) Of(id models.ContractID) (*Terms, bool) {
	if b == nil {
		return nil, false
	}
	t, found := b.byID[id]
	return t, found
}

// Rates gives how many rates a contract has.
func (t *Terms) Rates() int {
	n := len(t.ranges)
	for _, list := range t.exact {
		n += len(list)
	}
	return n
}

// Service is what a rate is looked for: Codes are the service's own and then what stands for it, such as a revenue code.
type Service struct {
	Codes     []string
	Modifiers []string
	Place     string
	Providers []string // how who did it is called
	Day       models.Date
}

// Ranked is a rate that fits a service. Of two that fit, the one with the higher Rank goes before; two of one rank are a tie.
type Ranked struct {
	models.ContractRate
	Rank Rank
}

// Rank orders rates: how a code is named, how many modifiers, whether a provider and a place, and the first day.
type Rank struct {
	Named                      Named
	Modifiers, Provider, Place int
	From                       models.Date
}

// Named says how a rate names a code.
type Named int

// How a rate names a code.
const (
	NamesEvery Named = iota
	NamesRange
	NamesCode
)

// Compare is positive where r goes before other.
func (r Rank) Compare(other Rank) int {
	return cmp.Or(cmp.Compare(r.Named, other.Named), cmp.Compare(r.Modifiers, other.Modifiers), cmp.Compare(r.Provider, other.Provider),
		cmp.Compare(r.Place, other.Place), cmp.Compare(r.From, other.From))
}

// Fitting gives the rates that fit a service, the first of them first. They are those for which every modifier stands on the line, the place
// and the provider are the line's, and the day is one of theirs.
func (t *Terms) Fitting(s Service) []Ranked {
	var list []Ranked
	add := func(r models.ContractRate, named Named) {
		if fits(r, s) {
			list = append(list, Ranked{r, Rank{named, len(r.Modifiers), one(r.Provider), one(r.Place), r.From}})
		}
	}
	for _, code := range s.Codes {
		for _, r := range t.exact[code] {
			if code != "" {
				add(r, NamesCode)
			}
		}
	}
	for _, r := range t.ranges {
		from, until, _ := rangeOf(r.Code)
		if slices.ContainsFunc(s.Codes, func(code string) bool { return len(code) == len(from) && from <= code && code <= until }) {
			add(r, NamesRange)
		}
	}
	for _, r := range t.exact[""] {
		add(r, NamesEvery)
	}
	slices.SortStableFunc(list, func(a, b Ranked) int { return cmp.Or(b.Rank.Compare(a.Rank), cmp.Compare(a.Sequence, b.Sequence)) })
	return list
}

func one(text string) int {
	if text == "" {
		return 0
	}
	return 1
}

func fits(r models.ContractRate, s Service) bool {
	switch {
	case !r.Span().Contains(s.Day), r.Place != "" && r.Place != s.Place, r.Provider != "" && !slices.Contains(s.Providers, r.Provider):
		return false
	}
	return !slices.ContainsFunc(r.Modifiers, func(m string) bool { return !slices.Contains(s.Modifiers, m) })
}

// rangeOf reads "99202-99215".
func rangeOf(code string) (from, until string, is bool) {
	from, until, is = strings.Cut(code, "-")
	return from, until, is && len(from) == len(until)
}

// On gives the rates that hold on a day, every day where it is "", as the file had them.
func (t *Terms) On(day models.Date) []models.ContractRate {
	list := slices.Clone(t.ranges)
	for _, rates := range t.exact {
		list = append(list, rates...)
	}
	list = slices.DeleteFunc(list, func(r models.ContractRate) bool { return day != "" && !r.Span().Contains(day) })
	slices.SortFunc(list, func(a, b models.ContractRate) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return list
}

// Decimal writes a value in ten thousandths with as many places as it needs, and at least so many: "88.95", "32.3465".
func Decimal(value int64, least int) string {
	text := fmt.Sprintf("%d.%04d", value/tenThousand, value%tenThousand)
	for strings.HasSuffix(text, "0") && len(text)-strings.Index(text, ".")-1 > least {
		text = text[:len(text)-1]
	}
	return strings.TrimSuffix(text, ".")
}

const tenThousand = 10_000
