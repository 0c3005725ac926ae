package published

import (
	"strings"

	"medbill/internal/codes"
)

// The columns of an order file: number, code, whether it may be billed, short and long title.
// https://www.cms.gov/medicare/coding-billing/icd-10-codes (icd10OrderFiles.pdf)
const (
	orderCode  = 6
	orderFlag  = 14
	orderShort = 16
	orderLong  = 77
)

func isOrder(_ string, head []string) bool {
	if len(head) == 0 || len(head[0]) <= orderLong {
		return false
	}
	line := head[0]
	flag := cut(line, orderFlag, orderFlag+1)
	return isDigits(cut(line, 0, 5)) && cut(line, 5, orderCode) == " " && (flag == "0" || flag == "1") && cut(line, orderFlag+1, orderShort) == " "
}

func isDigits(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != ""
}

// readOrder reads an order file. The codes of ICD-10-CM begin with a letter and a digit and are headings of three characters on;
// those of ICD-10-PCS are headings of three characters or have seven, and the first heading is 001.
func readOrder(in *lines, o Options) ([]codes.Edition, error) {
	table := codes.ICD10CM
	if head, err := in.peek(1); err == nil && len(head) > 0 && isDigits(strings.TrimSpace(cut(head[0], orderCode, orderFlag))) {
		table = codes.ICD10PCS
	}
	if o.Table != "" {
		table = o.Table
	}
	release, err := in.release(table, o)
	if err != nil {
		return nil, err
	}
	var list []codes.Concept
	err = in.each(func(line string) error {
		if strings.TrimSpace(line) == "" {
			return nil
		}
		if !isOrder("", []string{line}) {
			return in.wrong("it does not have the columns of an order file")
		}
		one := codes.Concept{
			Code: strings.TrimSpace(cut(line, orderCode, orderFlag)), Display: clean(cut(line, orderLong, toEnd)), Billable: cut(line, orderFlag, orderFlag+1) == "1",
		}
		if one.Code == "" || one.Display == "" {
			return in.wrong("it has no code, or no title")
		}
		if short := clean(cut(line, orderShort, orderLong)); short != one.Display {
			one.Other = []string{short}
		}
		list = append(list, one)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return conceptsOf(release, list)
}

// conceptsOf gives the edition of some concepts.
func conceptsOf(r codes.Release, list []codes.Concept) ([]codes.Edition, error) {
	if len(list) == 0 {
		return nil, nil
	}
	content, err := codes.NewConcepts(list)
	if err != nil {
		return nil, err
	}
	r.Billable = content.BillableCount()
	return edition(r, content), nil
}

// edition gives a release with how many rows its content has.
func edition(r codes.Release, content codes.Content) []codes.Edition {
	r.Rows = content.Len()
	if r.Rows == 0 {
		return nil
	}
	return []codes.Edition{{Release: r, Content: content}}
}

const exemptHeader = "poaexemptcode"

func isExempt(_ string, head []string) bool {
	return len(head) > 0 && strings.Contains(strings.ToLower(head[0]), exemptHeader)
}

// readExempt reads the diagnoses that need no present-on-admission indicator, tab-separated under their header.
func readExempt(in *lines, o Options) ([]codes.Edition, error) {
	release, err := in.release(codes.POAExempt, o)
	if err != nil {
		return nil, err
	}
	header, err := in.next()
	if err != nil {
		return nil, err
	}
	at := -1
	for i, cell := range strings.Split(strings.ToLower(header), "\t") {
		if strings.TrimSpace(cell) == exemptHeader {
			at = i
		}
	}
	var list []string
	err = in.each(func(line string) error {
		cells := strings.Split(line, "\t")
		if strings.TrimSpace(line) == "" {
			return nil
		}
		if at < 0 || len(cells) <= at || strings.TrimSpace(cells[at]) == "" {
			return in.wrong("it has no code")
		}
		list = append(list, codes.POAExempt.Facts().Bare(cells[at]))
		return nil
	})
	return edition(release, codes.NewSet(list)), err
}
