package payers

import (
	"io"
	"slices"
	"strings"

	"medbill/internal/forms"
	"medbill/models"
)

const (
	// LinesMax bounds a file: the lists of Medicare's contractors have under 20,000 pairs of service and group of diagnoses.
	LinesMax = 50_000
	valueMax = 20_000 // characters
)

// File is what was read. It replaces what stands of the payers it names: in the directory their entry, else all that is known of
// each pair of payer and subject, or all their enrolments. A pair or a payer may be left with nothing.
type File struct {
	models.PayerData
	Subjects []About                 // facts of these are replaced
	Enrols   []models.OrganizationID // enrolments of these are replaced
	lines    map[models.OrganizationID]int
	hasFacts map[About]bool                 // of Subjects
	hasAny   map[models.OrganizationID]bool // of Enrols
}

// About is a subject of a payer's.
type About struct {
	Payer   models.OrganizationID
	Subject models.PayerSubject
}

var reader = forms.Reader[File]{
	Name: "payers", LinesMax: LinesMax, TooLong: "The file has more than 50000 lines; load it as several files, each with whole subjects of a payer.",
	Forms: []forms.Form[File]{
		{Columns: []string{"payer", "name", "aliases", "identifiers", "transactions"}, Row: forms.Whole((*File).payer)},
		{Columns: []string{"payer", "subject", "code", "value", "from", "until"}, Row: forms.Whole((*File).fact)},
		{Columns: []string{"payer", "npi", "from", "until"}, Row: forms.Whole((*File).enrolment)},
	},
	Clashes: (*File).clashes,
}

// ReadCSV reads a file of the directory, of facts or of enrolments, as its first line says. It refuses (Invalid, every line at once)
// what is none, and lines that contradict or repeat each other.
func ReadCSV(r io.Reader) (File, error) {
	file := File{lines: map[models.OrganizationID]int{}, hasFacts: map[About]bool{}, hasAny: map[models.OrganizationID]bool{}}
	err := reader.Read(r, &file)
	return file, err
}

// LineOf gives the first line that names a payer, as a place.
func (f File) LineOf(payer models.OrganizationID) string { return forms.At(f.lines[payer]) }

// Named gives the payers that a file speaks of, apart from EveryPayer.
func (f File) Named() []models.OrganizationID {
	var list []models.OrganizationID
	for id := range f.lines {
		if id != models.EveryPayer {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// names notes that a line speaks of a payer.
func (f *File) names(payer models.OrganizationID, line int) {
	if _, named := f.lines[payer]; !named {
		f.lines[payer] = line
	}
}

const (
	problemPayer = "The payer must be the id of its Organization."
	problemDay   = "A day must be written as 2026-03-02."
	problemNever = "The line ends before it begins."
)

// transactions of X12 that a payer may take.
var transactions = []string{"270", "275", "276", "278", "835", "837D", "837I", "837P"}

func (f *File) payer(line int, row []string) string {
	p := models.Payer{ID: models.OrganizationID(row[0]), Name: row[1], Aliases: listed(row[2])}
	if row[4] != "" {
		p.Transactions = strings.Fields(row[4])
	}
	if !models.IsID(row[0]) {
		return problemPayer
	}
	if _, twice := f.lines[p.ID]; twice {
		return "An earlier line has the payer already; leave one of them out."
	}
	for _, text := range append([]string{p.Name}, p.Aliases...) {
		if models.CheckLine(text) != nil {
			return "A name must be a text of one line without blanks at its ends; several aliases are separated by semicolons."
		}
	}
	for _, text := range listed(row[3]) {
		system, value, _ := strings.Cut(text, "|")
		if models.CheckLine(system) != nil || models.CheckLine(value) != nil {
			return "An identifier must be system|value; several are separated by semicolons."
		}
		p.Identifiers = append(p.Identifiers, models.Identifier{System: system, Value: value})
	}
	for i, t := range p.Transactions {
		if !slices.Contains(transactions, t) || slices.Contains(p.Transactions[:i], t) {
			return "A transaction must be one of " + strings.Join(transactions, " ") + ", once; several are separated by blanks."
		}
	}
	f.names(p.ID, line)
	f.Payers = append(f.Payers, p)
	return ""
}

// listed reads a list with semicolons.
func listed(text string) []string {
	if text == "" {
		return nil
	}
	list := strings.Split(text, ";")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

func (f *File) fact(line int, row []string) string {
	fact := models.PayerFact{PayerID: models.OrganizationID(row[0]), Subject: models.PayerSubject(row[1]), Sequence: line, Code: strings.TrimPrefix(row[2], "*"), Value: row[3]}
	if fact.PayerID != models.EveryPayer && !models.IsID(row[0]) {
		return "The payer must be the id of its Organization, or * for every payer that has none of its own."
	}
	m, isSubject := meanings[fact.Subject]
	if !isSubject {
		list := make([]string, 0, len(meanings))
		for _, s := range Subjects() {
			list = append(list, string(s))
		}
		return "The subject must be one of " + strings.Join(list, ", ") + "."
	}
	about := About{fact.PayerID, fact.Subject}
	if row[2] == "" && row[3] == "" && row[4] == "" && row[5] == "" {
		return f.nothing(line, about)
	}
	switch {
	case fact.Code != "" && !m.byCode:
		return "The subject is about no service; leave the code empty."
	case !isService(fact.Code):
		return "The code must be one of five capital letters and digits, a range such as 99202-99215, or * for every service."
	case len(fact.Value) > valueMax, !m.is(fact.Value):
		return "The value must be " + m.form + "."
	}
	var problem string
	if fact.From, fact.Until, problem = days(row[4], row[5]); problem != "" {
		return problem
	}
	has, known := f.hasFacts[about]
	if known && !has {
		return problemNothing
	}
	f.names(fact.PayerID, line)
	f.Facts = append(f.Facts, fact)
	if !known {
		f.Subjects = append(f.Subjects, about)
	}
	f.hasFacts[about] = true
	return ""
}

const problemNothing = "A line with nothing behind the subject says that the payer has nothing of it; it must stand alone."

// nothing notes that a payer has nothing of a subject any more.
func (f *File) nothing(line int, about About) string {
	if _, known := f.hasFacts[about]; known {
		return problemNothing
	}
	f.names(about.Payer, line)
	f.Subjects = append(f.Subjects, about)
	f.hasFacts[about] = false
	return ""
}

// isService reports whether text is "" for every service, a code, or a range of codes.
func isService(text string) bool {
	if r, is := rangeOf(text); is {
		return isCapitals(r.From) && isCapitals(r.Until) && r.From < r.Until
	}
	return text == "" || len(text) == serviceLength && isCapitals(text)
}

func (f *File) enrolment(line int, row []string) string {
	e := models.Enrolment{PayerID: models.OrganizationID(row[0]), Sequence: line, NPI: row[1]}
	has, known := f.hasAny[e.PayerID]
	switch {
	case !models.IsID(row[0]):
		return problemPayer
	case !known && row[1] == "" && row[2] == "" && row[3] == "":
		f.names(e.PayerID, line)
		f.Enrols = append(f.Enrols, e.PayerID)
		f.hasAny[e.PayerID] = false
		return ""
	case !models.IsNPI(e.NPI):
		return "The NPI must be ten digits with a right check digit; a line with nothing behind the payer says that nobody is enrolled, and stands alone."
	case known && !has:
		return "An earlier line says that nobody is enrolled with the payer; leave one of them out."
	}
	var problem string
	if e.From, e.Until, problem = days(row[2], row[3]); problem != "" {
		return problem
	}
	f.names(e.PayerID, line)
	f.Enrolments = append(f.Enrolments, e)
	if !known {
		f.Enrols = append(f.Enrols, e.PayerID)
	}
	f.hasAny[e.PayerID] = true
	return ""
}

func days(from, until string) (models.Date, models.Date, string) {
	var both [2]models.Date
	for i, text := range []string{from, until} {
		if text == "" {
			continue
		}
		day, ok := models.ParseDate(text)
		if !ok || len(text) != len(day) {
			return "", "", problemDay
		}
		both[i] = day
	}
	if both[1] != "" && both[1] < both[0] {
		return "", "", problemNever
	}
	return both[0], both[1], ""
}
