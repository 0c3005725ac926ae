package bankfile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"medbill/models"
)

// The records of a statement. BAI Cash Management Balance Reporting Specifications, version 2; the same as ANSI X9.121.
const (
	baiFile         = "01"
	baiGroup        = "02"
	baiAccount      = "03"
	baiTransaction  = "16"
	baiContinuation = "88"
	baiAccountEnd   = "49"
	baiGroupEnd     = "98"
	baiFileEnd      = "99"
)

// baiRecord is a record with its continuations: fields behind its code.
type baiRecord struct {
	line, lines int // where it begins, and how many lines it has
	code        string
	fields      []string
}

// baiRecords joins the continuations of a statement. A record ends with a slash; words that go on do without.
func baiRecords(content []byte) ([]baiRecord, error) {
	var list []baiRecord
	isEnded := true
	for i, line := range records(content) {
		line = strings.TrimRight(line, " ")
		code, rest, _ := strings.Cut(line, ",")
		if !utf8.ValidString(line) || strings.ContainsRune(line, 0) {
			return nil, wrong(i+1, "1", "The line is no text.")
		}
		rest, endsHere := strings.CutSuffix(rest, "/")
		if code != baiContinuation {
			list = append(list, baiRecord{line: i + 1, lines: 1, code: code, fields: strings.Split(rest, ",")})
			isEnded = endsHere
			continue
		}
		if len(list) == 0 {
			return nil, wrong(i+1, "1", "The record 88 continues nothing.")
		}
		last := &list[len(list)-1]
		last.lines++
		more := strings.Split(rest, ",")
		if !isEnded { // the words of the last field go on
			last.fields[len(last.fields)-1] += " " + more[0]
			more = more[1:]
		}
		last.fields = append(last.fields, more...)
		isEnded = endsHere
	}
	return list, nil
}

// field gives the n-th field behind the code, from 0; "" where there is none.
func (r baiRecord) field(n int) string {
	if n >= len(r.fields) {
		return ""
	}
	return strings.TrimSpace(r.fields[n])
}

// bai is a statement while it is read: open is the record that is to be closed next, the totals are those of what is open.
type bai struct {
	file                                File
	open                                string // "", or 01, 02, 03
	day                                 models.Date
	currency                            string
	accountSum, groupSum, fileSum       models.Cents
	accountLines, groupLines, fileLines int
	accounts, groups                    int
	fileOpen                            int // its line
}

// readBAI2 reads a statement; its credits (type codes 100 to 399) are deposits.
func readBAI2(content []byte) (File, error) {
	list, err := baiRecords(content)
	if err != nil {
		return File{}, err
	}
	b := bai{file: File{Kind: models.BankBAI2}}
	for i, r := range list {
		b.accountLines, b.groupLines, b.fileLines = b.accountLines+r.lines, b.groupLines+r.lines, b.fileLines+r.lines
		if err := b.record(r); err != nil {
			return File{}, err
		}
		if r.code == baiFileEnd && i < len(list)-1 {
			return File{}, wrong(list[i+1].line, "1", "Something stands behind the record 99; send one statement.")
		}
	}
	if b.fileOpen == 0 || list[len(list)-1].code != baiFileEnd {
		last := list[len(list)-1]
		return File{}, wrong(last.line+last.lines-1, "1", "The file is cut off: the record 99 is missing.")
	}
	return b.file, nil
}

// after says which record is open where each may stand.
var after = map[string]string{
	baiFile: "", baiGroup: baiFile, baiAccount: baiGroup, baiTransaction: baiAccount, baiAccountEnd: baiAccount, baiGroupEnd: baiGroup, baiFileEnd: baiFile,
}

func (b *bai) record(r baiRecord) error {
	open, known := after[r.code]
	switch {
	case !known:
		return wrong(r.line, "1", "The record is none of 01, 02, 03, 16, 49, 88, 98 and 99.")
	case open != b.open:
		return wrong(r.line, "1", "The record does not belong here; a record before it is missing.")
	}
	switch r.code {
	case baiFile:
		b.open, b.fileOpen, b.fileLines = baiFile, r.line, r.lines
	case baiGroup:
		b.open, b.groupLines, b.groupSum, b.accounts = baiGroup, r.lines, 0, 0
		return b.group(r)
	case baiAccount:
		b.open, b.accountLines, b.accountSum = baiAccount, r.lines, 0
		return b.account(r)
	case baiTransaction:
		return b.transaction(r)
	case baiAccountEnd:
		b.open, b.accounts, b.groupSum = baiGroup, b.accounts+1, b.groupSum+b.accountSum
		return ends(r, b.accountSum, b.accountLines)
	case baiGroupEnd:
		b.open, b.groups, b.fileSum = baiFile, b.groups+1, b.fileSum+b.groupSum
		return ends(r, b.groupSum, b.accounts, b.groupLines)
	case baiFileEnd:
		b.open = "closed"
		return ends(r, b.fileSum, b.groups, b.fileLines)
	}
	return nil
}

// ends holds the totals of a record that closes something against what was read: the sum, and then the counts.
func ends(r baiRecord, sum models.Cents, counts ...int) error {
	if said, ok := cents(r.field(0)); !ok || said != sum {
		return wrong(r.line, "2", "The control total is not the sum of the amounts before it; the file is cut or changed.")
	}
	for i, n := range counts {
		if said, ok := cents(r.field(1 + i)); !ok || said != models.Cents(n) {
			return wrong(r.line, []string{"3", "4"}[i], "The number is not what stands before it; the file is cut or changed.")
		}
	}
	return nil
}

func (b *bai) group(r baiRecord) error {
	if status := r.field(2); status != "1" {
		return wrong(r.line, "4", "The group corrects or deletes what was told before, or is a test; send groups of status 1.")
	}
	day, ok := shortDay(r.field(3))
	if !ok {
		return wrong(r.line, "5", "The as-of date must be YYMMDD.")
	}
	b.day, b.currency = day, r.field(5)
	return nil
}

// account reads the balances of an account: each a type code, an amount, a count and a funds type.
func (b *bai) account(r baiRecord) error {
	currency := r.field(1)
	if currency == "" {
		currency = b.currency
	}
	if currency != "" && currency != "USD" {
		return wrong(r.line, "3", "The account is not kept in USD.")
	}
	for at := 2; at < len(r.fields); {
		if r.field(at) == "" && at == len(r.fields)-1 {
			break
		}
		if amount := r.field(at + 1); amount != "" {
			n, ok := cents(amount)
			if !ok {
				return wrong(r.line, column(at+1), "The amount must be whole cents.")
			}
			b.accountSum += n
		}
		at += 4 + funds(r, at+3)
	}
	return nil
}

// funds gives how many fields a funds type has behind it.
func funds(r baiRecord, at int) int {
	switch r.field(at) {
	case "V":
		return 2
	case "S":
		return 3
	case "D":
		n, ok := cents(r.field(at + 1))
		if ok && n >= 0 && n < 100 {
			return 1 + 2*int(n)
		}
		return 1
	}
	return 0
}

// column gives the field of a record as people count it, its code the first.
func column(field int) string { return strconv.Itoa(field + 2) }

// transaction takes one that brings money in, and tells of any other.
func (b *bai) transaction(r baiRecord) error {
	code := r.field(0)
	if len(code) != 3 || strings.Trim(code, "0123456789") != "" {
		return wrong(r.line, "2", "The type code must be three digits.")
	}
	amount, ok := models.Cents(0), true
	if r.field(1) != "" {
		amount, ok = cents(r.field(1))
	}
	if !ok || amount > models.AmountMax || amount < -models.AmountMax {
		return wrong(r.line, "3", "The amount must be whole cents.")
	}
	b.accountSum += amount
	words := 3 + funds(r, 2) + 2 // behind the funds type the bank's reference, the customer's, and the words
	text := ""
	if words < len(r.fields) {
		text = strings.Join(r.fields[words:], ",")
	}
	switch {
	case code >= "400" && code <= "699":
		b.file.pass(r.line, -amount, "The money went out.")
		return nil
	case code < "100" || code > "399":
		b.file.pass(r.line, amount, "The type code is none of a credit.")
		return nil
	}
	if utf8.RuneCountInString(text) > models.TextCharsMax {
		return wrong(r.line, column(words), "The text must have at most 2000 characters.")
	}
	if text == "" {
		text = r.field(words - 2)
	}
	return b.file.take(r.line, models.Deposit{Day: b.day, Amount: amount, Reference: ofDay(b.day, r.field(words-2)), Text: text})
}
