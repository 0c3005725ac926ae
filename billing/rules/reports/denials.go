package reports

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"medbill/models"
)

// byCategory is what denials are grouped by, beside payer and provider.
const byCategory models.Dimension = "category"

// JudgedLine is a line of a claim that a payer judged for the first time. Denied is what it refused of it, and Category for what first; Still what it refuses by its last judgement, where it decided
// on what was appealed.
type JudgedLine struct {
	PayerID    models.OrganizationID
	ProviderID models.PractitionerID
	Category   models.DenialCategory // "" where nothing was refused
	Billed     models.Cents
	Denied     models.Cents
	Still      models.Cents
	IsAppealed bool
	IsDecided  bool
}

// denialSums is what the lines of one group come to.
type denialSums struct {
	lines, denied, appealed, decided, overturned int64
	billed, refused, of, won                     models.Cents
}

// Denier adds up denials while lines come.
type Denier struct {
	ask    Ask
	groups map[string]*denialSums // by the values of what it is grouped by
	wholes map[string]*denialSums // the same without the category: what rates divide by
}

// Denier begins the report of denials.
func (a Ask) Denier() *Denier {
	return &Denier{ask: a, groups: map[string]*denialSums{}, wholes: map[string]*denialSums{}}
}

// Add counts a line.
func (d *Denier) Add(l JudgedLine) {
	whole := sumsOf(d.wholes, d.key(l, false))
	whole.lines++
	whole.billed += l.Billed
	if l.Category == "" && d.isByCategory() {
		return
	}
	group := sumsOf(d.groups, d.key(l, true))
	if l.Category == "" {
		return
	}
	group.denied++
	group.refused += l.Denied
	if !l.IsAppealed {
		return
	}
	group.appealed++
	if !l.IsDecided {
		return
	}
	group.decided++
	group.of += l.Denied
	group.won += max(0, l.Denied-l.Still)
	if l.Still <= 0 {
		group.overturned++
	}
}

func (d *Denier) isByCategory() bool { return slices.Contains(d.ask.By, byCategory) }

func sumsOf(groups map[string]*denialSums, key string) *denialSums {
	if groups[key] == nil {
		groups[key] = &denialSums{}
	}
	return groups[key]
}

// key gives the values that a line is grouped by, a category only where that is asked for.
func (d *Denier) key(l JudgedLine, withCategory bool) string {
	values := make([]string, len(d.ask.By))
	for i, by := range d.ask.By {
		switch {
		case by == models.DimensionPayer:
			values[i] = string(l.PayerID)
		case by == models.DimensionProvider:
			values[i] = string(l.ProviderID)
		case withCategory:
			values[i] = string(l.Category)
		}
	}
	return strings.Join(values, keySeparator)
}

// keySeparator stands in no id and no word.
const keySeparator = "\x00"

// Table gives the groups in their order.
func (d *Denier) Table() Table {
	t := d.ask.table(append(d.ask.groupColumns(), Column{"denied-lines", KindCount}, Column{"judged-lines", KindCount}, Column{"rate-lines", KindNumber}, Column{"denied", KindMoney}, Column{"judged", KindMoney},
		Column{"rate-dollars", KindNumber}, Column{"appealed-lines", KindCount}, Column{"decided-lines", KindCount}, Column{"overturned-lines", KindCount}, Column{"overturned", KindMoney}, Column{"decided", KindMoney},
		Column{"overturn-dollars", KindNumber})...)
	for _, key := range slices.SortedFunc(maps.Keys(d.groups), cmp.Compare[string]) {
		g, values := d.groups[key], strings.Split(key, keySeparator)
		var row []Cell
		for i, by := range d.ask.By {
			row = append(row, words(values[i]))
			if by == byCategory {
				values[i] = ""
			}
		}
		whole := d.wholes[strings.Join(values, keySeparator)]
		t.Rows = append(t.Rows, append(row, count(g.denied), count(whole.lines), ratio(g.denied, whole.lines, 100), cents(g.refused), cents(whole.billed), ratio(int64(g.refused), int64(whole.billed), 100),
			count(g.appealed), count(g.decided), count(g.overturned), cents(g.won), cents(g.of), ratio(int64(g.won), int64(g.of), 100)))
	}
	return t
}
