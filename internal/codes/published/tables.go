package published

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"medbill/internal/codes"
)

var (
	errNoCode = errors.New("it has no code")
	errNoDay  = errors.New("a day in it is none")
)

// layout is a table by its header: has are words that must all stand in cells of it, take reads its rows.
type layout struct {
	has   []string
	table func(name string, o Options) (codes.Table, error)
	take  func(rows *rows, r codes.Release) (codes.Content, error)
}

// layouts are asked in this order: those that ask for more come first.
var layouts = []layout{
	{[]string{"column_1", "column_2", "modifier"}, pairsTable, takePairs},
	{[]string{"column 1", "column 2", "modifier"}, pairsTable, takePairs},
	{[]string{"mue_units", "mue_mai"}, unitsTable, takeUnits},
	{[]string{"mue values", "adjudication"}, unitsTable, takeUnits},
	{[]string{"primary", "add", "edit"}, always(codes.AddOns), takeAddOns},
	{[]string{"hcpcs", "mod", "pctc ind"}, always(codes.Fees), takeFees},
	{[]string{"hcpcs", "mod", "description"}, always(codes.Fees), takeFees},
	{[]string{"pw gpci", "pe gpci"}, always(codes.FeeLocalities), takeRecords},
	{[]string{"contractor", "locality", "anes cf"}, always(codes.FeeAnaesthesia), takeRecords},
	{[]string{"locality number", "counties"}, always(codes.FeeCounties), takeRecords},
	{[]string{"hcpcs_code", "date_term", "date_added"}, always(codes.HCPCS), takeHCPCS},
	{[]string{"mod_code", "mod_description"}, always(codes.Modifiers), takeConcepts("mod_code", "mod_description")},
	{[]string{"cpt code", "long", "medium"}, always(codes.CPT), takeConsolidated},
	{[]string{"code", "short", "long"}, stated, takeShortLong},
	{[]string{"code", "display"}, stated, takeConcepts("code", "display")},
}

// rows are those of a table under its header.
type rows struct {
	in     *lines
	csv    *csv.Reader
	header []string // in small letters
	first  int      // the line of the header
}

// isTable reports whether a file has a header that is known.
func isTable(_ string, head []string) bool {
	at, _ := headerIn(head)
	return at >= 0
}

// headerIn gives the line of the header and the layout, -1 where none is known.
func headerIn(head []string) (int, layout) {
	for i, line := range head {
		cells := cellsOf(line)
		for _, l := range layouts {
			if len(cells) > 1 && !slices.ContainsFunc(l.has, func(word string) bool {
				return !slices.ContainsFunc(cells, func(cell string) bool { return strings.Contains(cell, word) })
			}) {
				return i, l
			}
		}
	}
	return -1, layout{}
}

// cellsOf reads one line of a header.
func cellsOf(line string) []string {
	r := csv.NewReader(strings.NewReader(line))
	r.Comma, r.LazyQuotes = separator(line), true
	cells, err := r.Read()
	if err != nil {
		return nil
	}
	for i, cell := range cells {
		cells[i] = strings.ToLower(clean(cell))
	}
	return cells
}

func separator(header string) rune {
	if strings.Count(header, "\t") > strings.Count(header, ",") {
		return '\t'
	}
	return ','
}

// readTable reads a table by its header, which preambles may stand before.
func readTable(in *lines, o Options) ([]codes.Edition, error) {
	head, err := in.peek(headLines)
	if err != nil {
		return nil, err
	}
	at, l := headerIn(head)
	header := head[at]
	for range at + 1 {
		if _, err := in.next(); err != nil {
			return nil, err
		}
	}
	table, err := l.table(strings.ToLower(in.name), o)
	if err != nil {
		return nil, err
	}
	release, err := in.release(table, o)
	if err != nil {
		return nil, err
	}
	r := &rows{in: in, csv: csv.NewReader(&reader{in: in}), header: cellsOf(header), first: in.at}
	r.csv.Comma, r.csv.LazyQuotes, r.csv.FieldsPerRecord, r.csv.ReuseRecord = separator(header), true, -1, true
	content, err := l.take(r, release)
	if err != nil {
		return nil, err
	}
	if c, ok := content.(*codes.Concepts); ok {
		release.Billable = c.BillableCount()
	}
	return edition(release, content), nil
}

// at gives the column whose header has a word, -1 where none has.
func (r *rows) at(words ...string) int {
	for _, word := range words {
		if i := slices.IndexFunc(r.header, func(cell string) bool { return strings.Contains(cell, word) }); i >= 0 {
			return i
		}
	}
	return -1
}

// cellLinesMax is the most line ends in one cell: more is a quotation mark that takes the rows below it away.
const cellLinesMax = 10

// each gives every row that is not empty to fn, whose error is told with the line. cell gives a column of it, "" where it has none.
func (r *rows) each(fn func(cell func(column int) string) error) error {
	for {
		row, err := r.csv.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var parse *csv.ParseError
		switch {
		case errors.As(err, &parse):
			return lineError{r.first + parse.Line, "its cells cannot be told apart"}
		case err != nil:
			return err
		case !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" }):
			continue
		}
		line, _ := r.csv.FieldPos(0)
		line += r.first
		if slices.ContainsFunc(row, func(cell string) bool { return strings.Count(cell, "\n") > cellLinesMax }) {
			return lineError{line, "a quotation mark opens a cell and is not closed"}
		}
		err = fn(func(column int) string {
			if column < 0 || column >= len(row) {
				return ""
			}
			return strings.TrimSpace(row[column])
		})
		if err != nil {
			return lineError{line, err.Error()}
		}
	}
}

func always(t codes.Table) func(string, Options) (codes.Table, error) {
	return func(string, Options) (codes.Table, error) { return t, nil }
}

// named are tables whose files are told by their names alone.
var named = []struct {
	word  string
	table codes.Table
}{
	{"cms_pos", codes.Places}, {"place-of-service", codes.Places}, {"place_of_service", codes.Places},
	{"ansi-rsn-cd", codes.CARC}, {"carc", codes.CARC}, {"rarc", codes.RARC}, {"clm-rev-cntr-cd", codes.Revenue},
	{"clm-bill-freq-cd", codes.BillTypes}, {"bene-ptnt-stus-cd", codes.Discharges},
}

// stated gives the table that the options say, or the name of the file.
func stated(name string, o Options) (codes.Table, error) {
	if o.Table != "" {
		return o.Table, nil
	}
	for _, n := range named {
		if strings.Contains(name, n.word) {
			return n.table, nil
		}
	}
	return "", errors.New("a list of codes does not say what it is of; name the table with --table, or the URL of the code system")
}

// takeConcepts reads a list of codes with a text each.
func takeConcepts(code, display string) func(*rows, codes.Release) (codes.Content, error) {
	return func(r *rows, release codes.Release) (codes.Content, error) {
		var list []codes.Concept
		facts := release.Table.Facts()
		atCode, atDisplay := r.at(code), r.at(display)
		stands := map[string]int{} // a code that stands in two categories is one code
		err := r.each(func(cell func(int) string) error {
			one := codes.Concept{Code: facts.Bare(cell(atCode)), Display: clean(cell(atDisplay)), Billable: true}
			if one.Code == "" {
				return errNoCode
			}
			if i, twice := stands[one.Code]; !twice {
				stands[one.Code] = len(list)
				list = append(list, one)
			} else if list[i].Display != one.Display {
				list[i].Other = append(list[i].Other, one.Display)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		return codes.NewConcepts(list)
	}
}

// takeShortLong reads what a licensee has of a code system: code,short,long and maybe from and until.
func takeShortLong(r *rows, release codes.Release) (codes.Content, error) {
	return r.shortLong(release, r.at("code"), r.at("long"), r.at("short"), r.at("medium"))
}

// takeConsolidated reads the consolidated list of CPT, which its licensee has.
func takeConsolidated(r *rows, release codes.Release) (codes.Content, error) {
	return r.shortLong(release, r.at("cpt code"), r.at("long"), r.at("medium"), r.at("short"), r.at("consumer"))
}

func (r *rows) shortLong(release codes.Release, code, long int, others ...int) (codes.Content, error) {
	var list []codes.Concept
	from, until := slices.Index(r.header, "from"), slices.Index(r.header, "until")
	facts := release.Table.Facts()
	err := r.each(func(cell func(int) string) error {
		one := codes.Concept{Code: facts.Bare(cell(code)), Display: clean(cell(long)), Billable: true}
		if one.Code == "" {
			return errNoCode
		}
		for _, other := range others {
			if text := clean(cell(other)); text != "" && text != one.Display {
				one.Other = append(one.Other, text)
			}
		}
		var begins, ends bool
		one.Span.From, begins = compactDay(cell(from))
		if one.Span.Until, ends = compactDay(cell(until)); !begins || !ends {
			return errNoDay
		}
		list = append(list, one)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return codes.NewConcepts(list)
}

// takeHCPCS reads the HCPCS of a quarter as a csv.
func takeHCPCS(r *rows, _ codes.Release) (codes.Content, error) {
	var list []codes.Concept
	code, added, ended, long, short := r.at("hcpcs_code"), r.at("date_added"), r.at("date_term"), r.at("long_description"), r.at("short_description")
	err := r.each(func(cell func(int) string) error {
		one := codes.Concept{Code: cell(code), Display: clean(cell(long)), Billable: true}
		if one.Code == "" {
			return errNoCode
		}
		if other := clean(cell(short)); other != "" && other != one.Display {
			one.Other = []string{other}
		}
		var begins, ends bool
		one.Span.From, begins = compactDay(cell(added))
		if one.Span.Until, ends = compactDay(cell(ended)); !begins || !ends {
			return errNoDay
		}
		list = append(list, one)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return codes.NewConcepts(withoutCPT(list))
}

// takeRecords keeps rows as they are.
func takeRecords(r *rows, _ codes.Release) (codes.Content, error) {
	var list [][]string
	err := r.each(func(cell func(int) string) error {
		if cell(len(r.header)) != "" {
			return errors.New("it has more cells than the header")
		}
		if strings.HasPrefix(cell(0), "*") && cell(1) == "" {
			return nil // a remark under the table
		}
		row := make([]string, len(r.header))
		for i := range row {
			row[i] = cell(i)
		}
		list = append(list, row)
		return nil
	})
	return codes.NewRecords(r.header, list), err
}
