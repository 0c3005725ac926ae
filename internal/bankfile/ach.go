package bankfile

import (
	"strconv"
	"strings"

	"medbill/models"
)

// achWidth is how long a record is. NACHA Operating Rules, appendix three: ACH record format specifications.
const achWidth = 94

// ach is a file of the clearing house while it is read: sums of the open batch and of the file.
type ach struct {
	file                 File
	isOpen, isEnded      bool // a batch, the file
	day                  models.Date
	company, description string
	entry                *achEntry
	batch, all           achSums
	batches              int64
}

// achSums are what the control records tell.
type achSums struct {
	count, hash    int64
	debits, credit models.Cents
}

// achEntry is an entry while its addenda are read.
type achEntry struct {
	line    int
	code    string
	amount  models.Cents
	number  string
	follows bool // an addendum is announced
	addenda []string
}

// readACH reads entries with their addenda; its credits are deposits, on the day that the batch states for them.
func readACH(content []byte) (File, error) {
	a := ach{file: File{Kind: models.BankCCD}}
	lines := records(content)
	for i, line := range lines {
		if a.isEnded {
			if strings.Trim(line, "9") != "" {
				return File{}, wrong(i+1, "1", "Something stands behind the record 9; send one file.")
			}
			continue
		}
		if len(line) != achWidth {
			return File{}, wrong(i+1, strconv.Itoa(min(len(line), achWidth)+1), "The record must have 94 characters; the file is cut or changed.")
		}
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
			return File{}, wrong(i+1, "1", "The record has other than printed ASCII.")
		}
		if err := a.record(i+1, line); err != nil {
			return File{}, err
		}
	}
	if !a.isEnded {
		return File{}, wrong(len(lines), "1", "The file is cut off: the record 9 is missing.")
	}
	return a.file, nil
}

// part gives the characters of a record from one place through another, both counted from 1, without blanks around them.
func part(line string, from, through int) string { return strings.TrimSpace(line[from-1 : through]) }

func number(line string, from, through int) (int64, bool) {
	n, err := strconv.ParseUint(line[from-1:through], 10, 62)
	return int64(n), err == nil
}

func (a *ach) record(n int, line string) error {
	if a.entry != nil && line[0] != '7' {
		if err := a.closeEntry(); err != nil {
			return err
		}
	}
	switch line[0] {
	case '1':
		if n != 1 {
			return wrong(n, "1", "The record 1 stands twice; send one file.")
		}
	case '5':
		return a.opens(n, line)
	case '6':
		return a.enters(n, line)
	case '7':
		return a.adds(n, line)
	case '8':
		return a.closes(n, line)
	case '9':
		if a.isOpen {
			return wrong(n, "1", "The batch before it is not closed; the record 8 is missing.")
		}
		a.isEnded = true
		if batches, ok := number(line, 2, 7); !ok || batches != a.batches {
			return wrong(n, "2", "The number of batches is not what stands before it; the file is cut or changed.")
		}
		return holds(n, line, a.all, 14, 21)
	default:
		return wrong(n, "1", "The record is none of 1, 5, 6, 7, 8 and 9.")
	}
	return nil
}

// opens begins a batch.
func (a *ach) opens(n int, line string) error {
	day, ok := shortDay(line[69:75])
	switch {
	case a.isOpen:
		return wrong(n, "1", "The batch before it is not closed; the record 8 is missing.")
	case !ok:
		return wrong(n, "70", "The effective entry date must be YYMMDD.")
	}
	a.isOpen, a.day, a.company, a.description, a.batch = true, day, part(line, 5, 20), part(line, 54, 63), achSums{}
	return nil
}

// enters begins an entry.
func (a *ach) enters(n int, line string) error {
	amount, ok := number(line, 30, 39)
	bank, isNumber := number(line, 4, 11)
	switch {
	case !a.isOpen:
		return wrong(n, "1", "The entry is of no batch; the record 5 before it is missing.")
	case !ok:
		return wrong(n, "30", "The amount must be ten digits, whole cents.")
	case !isNumber:
		return wrong(n, "4", "The receiving bank must be eight digits.")
	}
	a.entry = &achEntry{line: n, code: line[1:3], amount: models.Cents(amount), number: part(line, 80, 94), follows: line[78] == '1'}
	a.batch.count++
	a.batch.hash += bank
	switch {
	case line[2] >= '5':
		a.batch.debits += a.entry.amount
	default:
		a.batch.credit += a.entry.amount
	}
	return nil
}

// adds keeps an addendum.
func (a *ach) adds(n int, line string) error {
	switch {
	case a.entry == nil:
		return wrong(n, "1", "The addendum is of no entry; the record 6 before it is missing.")
	case !a.entry.follows:
		return wrong(n, "1", "The entry before it announces no addendum.")
	}
	a.entry.addenda = append(a.entry.addenda, strings.TrimRight(line[3:83], " "))
	a.batch.count++
	return nil
}

// closeEntry takes an entry that is whole. Transaction codes end in 2 for credits and 7 for debits; the others try an account or move nothing.
func (a *ach) closeEntry() error {
	e := a.entry
	a.entry = nil
	switch {
	case e.follows && len(e.addenda) == 0:
		return wrong(e.line, "79", "The entry announces an addendum, which is missing.")
	case e.code[0] < '2' || e.code[0] > '5' || e.code[1] == '5':
		return wrong(e.line, "2", "The transaction code is unknown.")
	case e.code[1] == '2' && e.amount > 0:
		return a.file.take(e.line, models.Deposit{Day: a.day, Amount: e.amount, Reference: ofDay(a.day, e.number), Text: strings.Join([]string{a.company, a.description, strings.Join(e.addenda, "")}, " ")})
	case e.code[1] == '7':
		a.file.pass(e.line, -e.amount, "The money went out.")
	default:
		a.file.pass(e.line, e.amount, "The entry moves no money in: it returns one, tries an account or tells of a payment of nothing.")
	}
	return nil
}

// closes holds a batch against its control record.
func (a *ach) closes(n int, line string) error {
	if !a.isOpen {
		return wrong(n, "1", "The record closes no batch; the record 5 before it is missing.")
	}
	a.isOpen = false
	a.batches++
	a.all.count += a.batch.count
	a.all.hash += a.batch.hash
	a.all.debits += a.batch.debits
	a.all.credit += a.batch.credit
	return holds(n, line, a.batch, 5, 10)
}

// hashDigits is how much of the sum of banks a control record keeps.
const hashDigits = 10_000_000_000

// holds compares sums with what a control record tells: a count, and behind it the hash, the debits and the credits.
func holds(n int, line string, of achSums, from, through int) error {
	for _, said := range []struct {
		want          int64
		from, through int
		what          string
	}{
		{of.count, from, through, "number of entries and addenda"},
		{of.hash % hashDigits, through + 1, through + 10, "entry hash"},
		{int64(of.debits), through + 11, through + 22, "total of debits"},
		{int64(of.credit), through + 23, through + 34, "total of credits"},
	} {
		if got, ok := number(line, said.from, said.through); !ok || got != said.want {
			return wrong(n, strconv.Itoa(said.from), "The "+said.what+" is not that of what stands before it; the file is cut or changed.")
		}
	}
	return nil
}
