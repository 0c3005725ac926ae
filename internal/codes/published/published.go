// Package published reads code systems, edits and fee schedules as their publishers give them out: a file is known by its content
// first and by its name second, and is read whole or not at all. It keeps nothing.
package published

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"medbill/internal/codes"
	"medbill/models"
	"medbill/models/fault"
)

// Options say what a file does not: each is "" where the file or its name tells.
type Options struct {
	Table       codes.Table
	Name        string // of the release
	From, Until models.Date
}

// Read gives what a file holds; a ZIP and a .gz are opened. It refuses (Invalid), with the line counted from 1, what is broken, and
// what nobody knows. told, where it is not nil, hears how many bytes of how many are read.
func Read(name string, file io.ReaderAt, size int64, o Options, told func(done, of int64)) ([]codes.Edition, error) {
	parts, err := unpack(filepath.Base(name), file, size, told)
	if err != nil {
		return nil, err
	}
	var editions []codes.Edition
	for _, p := range parts {
		found, err := p.read(o)
		if (errors.Is(err, errUnknown) || errors.Is(err, errEmpty)) && len(parts) > 1 {
			continue // what else lies in a ZIP: the record layout, the readme
		}
		if err != nil {
			return nil, refuse(p.name, err)
		}
		editions = append(editions, found...)
	}
	if len(editions) == 0 {
		return nil, refuse(filepath.Base(name), errUnknown)
	}
	for i := range editions {
		editions[i].Release.Source = filepath.Base(name)
	}
	return editions, nil
}

// errUnknown is a file that no format is like.
var errUnknown = errors.New("it is none of the files that are known: ICD-10-CM or PCS order file, tabular XML, POA exempt list, HCPCS ANWEB or csv, " +
	"NCCI PTP, MUE or add-on codes, MPFS RVU, GPCI, anaesthesia, localities or ZIP, CPT consolidated code list, FHIR CodeSystem or ValueSet, " +
	"or a csv of code,display, of which --table says the table")

var errEmpty = errors.New("it is empty")

// lineError says in which line something is wrong.
type lineError struct {
	line int
	text string
}

func (e lineError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text) }

// refuse makes a fault of what is wrong with a file. Its texts hold no line of it.
func refuse(name string, err error) error {
	return fault.At(fault.Invalid, "codes.file", name, "The file was not loaded: "+err.Error()+".")
}

// format is one kind of file: is says by its first lines and its name whether it is one, read reads it.
type format struct {
	name string
	is   func(name string, head []string) bool
	read func(in *lines, o Options) ([]codes.Edition, error)
}

// formats are asked in this order.
var formats = []format{
	{"FHIR", isFHIR, readFHIR},
	{"ICD-10-CM tabular", isTabular, readTabular},
	{"order file", isOrder, readOrder},
	{"POA exempt list", isExempt, readExempt},
	{"HCPCS ANWEB", isANWEB, readANWEB},
	{"ZIP codes", isZIPs, readZIPs},
	{"a table with a header", isTable, readTable},
}

// headLines is how many lines a format is known by.
const headLines = 15

// read finds the format of one file and reads it.
func (p part) read(o Options) ([]codes.Edition, error) {
	body, err := p.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }() // it is only read
	in := newLines(p.name, body)
	head, err := in.peek(headLines)
	if err != nil {
		return nil, err
	}
	if len(head) == 0 {
		return nil, errEmpty
	}
	for _, f := range formats {
		if f.is(strings.ToLower(p.name), head) {
			editions, err := f.read(in, o)
			if err == nil && len(editions) == 0 {
				err = errors.New("it has no row")
			}
			if err == nil && slices.ContainsFunc(editions, func(e codes.Edition) bool { return codes.KindOf(e.Content) != e.Release.Kind }) {
				err = errors.New("its rows are others than those of the table; leave --table out, or name another")
			}
			if err != nil {
				return nil, err
			}
			return editions, nil
		}
	}
	return nil, errUnknown
}

// The longest line that is read, and the most lines: four times those of the largest table there is.
const (
	lineBytesMax = 1 << 20
	linesMax     = 10_000_000
)

// lines reads a text line by line: UTF-8 or Windows-1252, with or without a byte order mark, ended as anybody ends lines.
type lines struct {
	name string
	in   *bufio.Reader
	at   int      // the number of the last line that was given
	kept []string // read ahead
}

func newLines(name string, body io.Reader) *lines {
	return &lines{name: name, in: bufio.NewReaderSize(body, 1<<16)}
}

// peek gives the first n lines without taking them.
func (l *lines) peek(n int) ([]string, error) {
	for len(l.kept) < n {
		line, err := l.fetch()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		l.kept = append(l.kept, line)
	}
	return l.kept, nil
}

// next gives the next line, io.EOF after the last one.
func (l *lines) next() (string, error) {
	if len(l.kept) > 0 {
		line := l.kept[0]
		l.kept = l.kept[1:]
		l.at++
		return line, nil
	}
	if l.at >= linesMax {
		return "", l.wrong("the file has more lines than any table; load it in parts")
	}
	line, err := l.fetch()
	if err == nil {
		l.at++
	}
	return line, err
}

func (l *lines) fetch() (string, error) {
	var line []byte
	for {
		piece, err := l.in.ReadSlice('\n')
		line = append(line, piece...)
		if len(line) > lineBytesMax {
			return "", l.wrongAfter("a line is longer than a megabyte")
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) && len(line) > 0 {
			err = nil
		}
		if errors.Is(err, errTooLarge) {
			return "", l.wrongAfter(err.Error())
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", l.wrongAfter("the file breaks off, or is damaged, there; fetch it again")
		}
		return decoded(strings.TrimRight(string(line), "\r\n"), l.at == 0 && len(l.kept) == 0), err
	}
}

// broken gives the refusal of a line where err is one, as it comes through a decoder, else refuses the line that was given last.
func (l *lines) broken(err error, text string) error {
	var e lineError
	if errors.As(err, &e) {
		return e
	}
	return l.wrong("%s", text)
}

// wrong refuses the line that was given last.
func (l *lines) wrong(format string, args ...any) error {
	return lineError{l.at, fmt.Sprintf(format, args...)}
}

func (l *lines) wrongAfter(text string) error { return lineError{l.at + len(l.kept) + 1, text} }

// each gives every line that is left to fn.
func (l *lines) each(fn func(line string) error) error {
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = fn(line)
		}
		if err != nil {
			return err
		}
	}
}
