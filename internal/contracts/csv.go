package contracts

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"medbill/internal/forms"
	"medbill/models"
	"medbill/models/fault"
)

// LinesMax bounds a file: a payer's whole list of fees has some 15,000 rows.
const LinesMax = 50_000

// File is what was read. A contract in it replaces the one of its name, and leaves its rates as they are; those in Rated have the rates
// of the file and no others; those in Gone go with their rates.
type File struct {
	models.ContractData
	Gone  []models.ContractID
	Rated []models.ContractID
	lines map[models.ContractID]int
	keys  map[rateKey]int
}

// rateKey is what there is one rate for.
type rateKey struct {
	contract                         models.ContractID
	isEffect                         bool // of a modifier
	code, modifiers, place, provider string
	from                             models.Date
}

var reader = forms.Reader[File]{
	Name: "contracts", LinesMax: LinesMax, TooLong: "The file has more than 50000 lines; load it as several files, each with all rates of a contract.",
	Forms: []forms.Form[File]{
		{
			Columns: []string{"contract", "payer", "name", "from", "until", "lesser", "policy", "tolerance", "tolerance-percent", "dispute-days", "locality", "schedule-day", "conversion", "base"},
			Row:     forms.Whole((*File).contract),
		},
		{Columns: []string{"contract", "kind", "code", "modifiers", "place", "provider", "value", "from", "until"}, Row: forms.Whole((*File).rate)},
	},
}

// ReadCSV reads a file of contracts or of their rates, as its first line says. It refuses (Invalid, every line at once) what is none, and
// lines that contradict or repeat each other.
func ReadCSV(r io.Reader) (File, error) {
	file := File{lines: map[models.ContractID]int{}, keys: map[rateKey]int{}}
	err := reader.Read(r, &file)
	return file, err
}

// LineOf gives the first line that names a contract, as a place.
func (f File) LineOf(id models.ContractID) string { return forms.At(f.lines[id]) }

// Named gives the contracts that a file speaks of.
func (f File) Named() []models.ContractID {
	list := make([]models.ContractID, 0, len(f.lines))
	for id := range f.lines {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}

const problemContract = "The contract must have a name of at most 64 letters, digits, hyphens and points."

// isAlone reports whether nothing stands behind the first field.
func isAlone(row []string) bool { return strings.Join(row[1:], "") == "" }

func (f *File) contract(line int, row []string) string {
	c := models.Contract{ID: models.ContractID(row[0]), PayerID: models.OrganizationID(row[1]), Name: row[2]}
	if !models.IsID(row[0]) {
		return problemContract
	}
	if first, twice := f.lines[c.ID]; twice {
		return fmt.Sprintf("Line %d has the contract already; leave one of them out.", first)
	}
	if isAlone(row) {
		f.lines[c.ID] = line
		f.Gone = append(f.Gone, c.ID)
		return ""
	}
	var problem string
	switch {
	case !models.IsID(row[1]):
		return "The payer must be the id of its Organization; a line with nothing behind the contract takes it away."
	case models.CheckLine(c.Name) != nil:
		return "The name must be a text of one line without blanks at its ends."
	}
	if c.From, c.Until, problem = days(row[3], row[4]); problem != "" {
		return problem
	}
	if problem = options(&c, row); problem != "" {
		return problem
	}
	f.lines[c.ID] = line
	f.Contracts = append(f.Contracts, c)
	return ""
}

func (f *File) rate(line int, row []string) string {
	r := models.ContractRate{
		ContractID: models.ContractID(row[0]), Sequence: line, Kind: models.RateKind(row[1]), Code: strings.TrimPrefix(row[2], "*"),
		Place: row[4], Provider: row[5],
	}
	if !models.IsID(row[0]) {
		return problemContract
	}
	if row[3] != "" {
		r.Modifiers = strings.Fields(row[3])
	}
	first, named := f.lines[r.ContractID]
	hasRates := slices.ContainsFunc(f.Rates, func(o models.ContractRate) bool { return o.ContractID == r.ContractID })
	if isAlone(row) || named && !hasRates {
		if named {
			return fmt.Sprintf("A line with nothing behind the contract says that it has no rates; it must stand alone, and line %d has the contract too.", first)
		}
		f.rated(r.ContractID, line)
		return ""
	}
	if problem := checkRate(&r, row); problem != "" {
		return problem
	}
	slices.Sort(r.Modifiers)
	key := rateKey{r.ContractID, r.Kind == models.RateModifier, r.Code, strings.Join(r.Modifiers, " "), r.Place, r.Provider, r.From}
	if r.Kind == models.RateDRG {
		key.code = "DRG " + r.Code
	}
	if other, twice := f.keys[key]; twice {
		return fmt.Sprintf("Line %d is for the same service from the same day on; leave one of them out, or let it begin on another day.", other)
	}
	f.keys[key] = line
	if !named {
		f.rated(r.ContractID, line)
	}
	f.Rates = append(f.Rates, r)
	return ""
}

func (f *File) rated(id models.ContractID, line int) {
	f.lines[id] = line
	f.Rated = append(f.Rated, id)
}

// Onto gives the contracts of a tenant when a file was taken, in one order.
func (f File) Onto(tenant models.TenantID, known models.ContractData) models.ContractData {
	gone, entries, rated := map[models.ContractID]bool{}, map[models.ContractID]bool{}, map[models.ContractID]bool{}
	for _, id := range f.Gone {
		gone[id] = true
	}
	for _, c := range f.Contracts {
		entries[c.ID] = true
	}
	for _, id := range f.Rated {
		rated[id] = true
	}
	var next models.ContractData
	for _, c := range known.Contracts {
		if !gone[c.ID] && !entries[c.ID] {
			next.Contracts = append(next.Contracts, c)
		}
	}
	for _, r := range known.Rates {
		if !gone[r.ContractID] && !rated[r.ContractID] {
			next.Rates = append(next.Rates, r)
		}
	}
	next.Contracts, next.Rates = append(next.Contracts, f.Contracts...), append(next.Rates, f.Rates...)
	for i := range next.Contracts {
		next.Contracts[i].TenantID = tenant
	}
	for i := range next.Rates {
		next.Rates[i].TenantID = tenant
	}
	Sort(next)
	return next
}

// Sort brings rows into one order, that of their keys.
func Sort(d models.ContractData) {
	slices.SortFunc(d.Contracts, func(a, b models.Contract) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(d.Rates, func(a, b models.ContractRate) int {
		return cmp.Or(cmp.Compare(a.ContractID, b.ContractID), cmp.Compare(a.Sequence, b.Sequence))
	})
}

// Check refuses (BusinessRule, with the lines) a file that does not fit what stands then: a payer that is not one of known, rates of no
// contract, and two contracts of one payer that begin on one day.
func (f File) Check(after models.ContractData, known func(models.OrganizationID) bool) error {
	var issues []fault.Issue
	says := func(id models.ContractID, code, text string) {
		issues = append(issues, fault.Issue{Code: code, Path: f.LineOf(id), Text: text})
	}
	stands := map[models.ContractID]bool{}
	type beginning struct {
		payer models.OrganizationID
		from  models.Date
	}
	begins := map[beginning]models.ContractID{}
	for _, c := range after.Contracts {
		stands[c.ID] = true
		at := beginning{c.PayerID, c.From}
		other, twice := begins[at]
		begins[at] = c.ID
		_, isNew := f.lines[c.ID]
		switch {
		case isNew && !known(c.PayerID):
			says(c.ID, "contracts.payer", "The payer is not in the directory; load it with 'medbill payers load' first.")
		case twice:
			if !isNew {
				c.ID = other
			}
			says(c.ID, "contracts.twice", "Another contract with the payer begins on the same day; end it before, or take it away.")
		}
	}
	for _, id := range f.Rated {
		if !stands[id] {
			says(id, "contracts.unknown", "There is no such contract; load a file of contracts that has it first.")
		}
	}
	slices.SortStableFunc(issues, func(a, b fault.Issue) int {
		return cmp.Or(cmp.Compare(len(a.Path), len(b.Path)), cmp.Compare(a.Path, b.Path))
	})
	return fault.Of(fault.BusinessRule, issues[:min(len(issues), forms.IssuesMax)])
}
