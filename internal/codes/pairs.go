package codes

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/models"
)

// PairEdit says that the code of column 2 is not paid beside that of column 1, done by one provider on one day, while the edit is
// in force. Indicator: 0 never, 1 unless a modifier says why, 9 the edit does not count any more.
// https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits
type PairEdit struct {
	Column1, Column2 string
	Span             models.Span
	Indicator        byte // '0', '1', '9'
	Rationale        string
}

// Pairs is a release of the procedure-to-procedure edits: ten bytes for each.
type Pairs struct {
	Codes      []string // of both columns, sorted
	Rationales []string // sorted
	Start      []uint32 // of each code in the lists below, as column 1; one more than there are codes
	Column2    []uint16 // number of the code, in order within a column 1
	From       []day
	Until      []day
	Indicator  []byte
	Rationale  []uint16
}

// Len is how many edits there are.
func (p *Pairs) Len() int { return len(p.Column2) }

// Between gives the edits with a in column 1 and b in column 2.
func (p *Pairs) Between(a, b string) []PairEdit {
	i, found := slices.BinarySearch(p.Codes, a)
	if !found {
		return nil
	}
	j, found := slices.BinarySearch(p.Codes, b)
	if !found {
		return nil
	}
	row := p.Column2[p.Start[i]:p.Start[i+1]]
	var edits []PairEdit
	k, _ := slices.BinarySearch(row, uint16(j))
	for ; k < len(row) && row[k] == uint16(j); k++ {
		at := int(p.Start[i]) + k
		edits = append(edits, PairEdit{a, b, span(p.From[at], p.Until[at]), p.Indicator[at], p.Rationales[p.Rationale[at]]})
	}
	return edits
}

// PairsBuilder takes edits in any order and gives a release of them.
type PairsBuilder struct {
	codes, rationales map[string]uint32
	rows              []pairRow
}

type pairRow struct {
	column1, column2 uint32 // in the order they came
	from, until      day
	indicator        byte
	rationale        uint32
}

// Add takes an edit. It refuses an indicator that it does not know.
func (b *PairsBuilder) Add(e PairEdit) error {
	if e.Column1 == "" || e.Column2 == "" {
		return fmt.Errorf("a pair names two codes")
	}
	if e.Indicator != '0' && e.Indicator != '1' && e.Indicator != '9' {
		return fmt.Errorf("the modifier indicator is 0, 1 or 9")
	}
	if b.codes == nil {
		b.codes, b.rationales = map[string]uint32{}, map[string]uint32{}
	}
	b.rows = append(b.rows, pairRow{
		intern(b.codes, e.Column1), intern(b.codes, e.Column2), dayOf(e.Span.From), dayOf(e.Span.Until), e.Indicator, intern(b.rationales, e.Rationale),
	})
	return nil
}

// Build gives the release.
func (b *PairsBuilder) Build() (*Pairs, error) {
	const most = 1 << 16
	if len(b.codes) > most || len(b.rationales) > most {
		return nil, fmt.Errorf("the edits name more than %d codes", most)
	}
	p := &Pairs{}
	var code, rationale []uint32
	p.Codes, code = ranked(b.codes)
	p.Rationales, rationale = ranked(b.rationales)
	for i := range b.rows {
		r := &b.rows[i]
		r.column1, r.column2, r.rationale = code[r.column1], code[r.column2], rationale[r.rationale]
	}
	slices.SortFunc(b.rows, func(x, y pairRow) int {
		return cmp.Or(cmp.Compare(x.column1, y.column1), cmp.Compare(x.column2, y.column2), cmp.Compare(x.from, y.from), cmp.Compare(x.until, y.until))
	})
	for i, r := range b.rows {
		for len(p.Start) <= int(r.column1) {
			p.Start = append(p.Start, uint32(i))
		}
		p.Column2, p.From, p.Until = append(p.Column2, uint16(r.column2)), append(p.From, r.from), append(p.Until, r.until)
		p.Indicator, p.Rationale = append(p.Indicator, r.indicator), append(p.Rationale, uint16(r.rationale))
	}
	for len(p.Start) <= len(p.Codes) {
		p.Start = append(p.Start, uint32(len(b.rows)))
	}
	return p, nil
}

// intern gives the number of a text, which it gets when it comes first.
func intern(numbers map[string]uint32, text string) uint32 {
	n, found := numbers[text]
	if !found {
		n = uint32(len(numbers))
		numbers[text] = n
	}
	return n
}

// ranked gives the texts in their order, and for each number that intern gave the place in it.
func ranked(numbers map[string]uint32) (texts []string, place []uint32) {
	for text := range numbers {
		texts = append(texts, text)
	}
	slices.Sort(texts)
	place = make([]uint32, len(texts))
	for i, text := range texts {
		place[numbers[text]] = uint32(i)
	}
	return texts, place
}
