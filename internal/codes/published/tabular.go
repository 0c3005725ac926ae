package published

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"

	"medbill/internal/codes"
)

func isTabular(_ string, head []string) bool {
	return strings.Contains(strings.Join(head, "\n"), "<ICD10CM.tabular>")
}

// tabularNode is a chapter, a section or a code of the tabular list with what it says about everything below.
// https://www.cdc.gov/nchs/icd/icd-10-cm/files.html
type tabularNode struct {
	ID         string        `xml:"id,attr"` // of a section
	Name       string        `xml:"name"`    // of a code
	Title      string        `xml:"desc"`
	Excludes1  tabularNotes  `xml:"excludes1"`
	Excludes2  tabularNotes  `xml:"excludes2"`
	CodeFirst  tabularNotes  `xml:"codeFirst"`
	Additional tabularNotes  `xml:"useAdditionalCode"`
	Includes   tabularNotes  `xml:"includes"`
	Terms      tabularNotes  `xml:"inclusionTerm"`
	Sections   []tabularNode `xml:"section"`
	Codes      []tabularNode `xml:"diag"`
}

type tabularNotes []struct {
	Notes []string `xml:"note"`
}

func (t tabularNotes) all() (list []string) {
	for _, one := range t {
		list = append(list, one.Notes...)
	}
	return list
}

// readTabular reads the notes of the tabular list, chapter by chapter.
func readTabular(in *lines, o Options) ([]codes.Edition, error) {
	release, err := in.release(codes.Tabular, o)
	if err != nil {
		return nil, err
	}
	var list []codes.Note
	decoder := xml.NewDecoder(&reader{in: in})
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // lines are UTF-8
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return edition(release, codes.NewNotes(list)), nil
		}
		if err != nil {
			return nil, in.broken(err, "the XML is damaged")
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "chapter" {
			continue
		}
		var chapter tabularNode
		if err := decoder.DecodeElement(&chapter, &start); err != nil {
			return nil, in.broken(err, "the XML is damaged")
		}
		list = append(list, notesOf(chapter)...)
	}
}

// notesOf gives the notes of a node and of those below it.
func notesOf(n tabularNode) []codes.Note {
	var list []codes.Note
	if at, ok := placeOf(n); ok {
		note := codes.Note{
			At: at, Excludes1: rangesIn(n.Excludes1.all()), Excludes2: rangesIn(n.Excludes2.all()), CodeFirst: rangesIn(n.CodeFirst.all()),
			Additional: rangesIn(n.Additional.all()), Other: append(n.Includes.all(), n.Terms.all()...),
			IsManifests: manifests.MatchString(n.Title),
		}
		if len(note.Excludes1)+len(note.Excludes2)+len(note.CodeFirst)+len(note.Additional)+len(note.Other) > 0 || note.IsManifests {
			list = append(list, note)
		}
	}
	for _, below := range append(n.Sections, n.Codes...) {
		list = append(list, notesOf(below)...)
	}
	return list
}

// manifests is how titles of manifestations end: "in diseases classified elsewhere", in other ones, in infectious and parasitic ones.
// What is "the cause of diseases classified elsewhere" is none.
var manifests = regexp.MustCompile(`(?i)\bin (?:\w+ ){0,4}(?:diseases?|conditions|reactions) classified elsewhere`)

var spanInTitle = regexp.MustCompile(`\(([A-Z][0-9][0-9A-Z])-([A-Z][0-9][0-9A-Z])\)\s*$`)

// placeOf says where a node stands: a code has a name, a section the range as its id, a chapter has it in its title.
func placeOf(n tabularNode) (codes.CodeRange, bool) {
	if m := spanInTitle.FindStringSubmatch(clean(n.Title)); m != nil && (n.ID != "" || isDigits(n.Name)) {
		return codes.CodeRange{From: m[1], Until: m[2]}, true
	}
	switch name := codes.ICD10CM.Facts().Bare(n.Name); {
	case name != "" && !isDigits(name):
		return codes.CodeRange{From: name, Until: name}, true
	case n.ID != "":
		first, last, isRange := strings.Cut(n.ID, "-")
		if !isRange {
			last = first
		}
		return codes.CodeRange{From: first, Until: last}, true
	}
	return codes.CodeRange{}, false
}

var (
	inBrackets = regexp.MustCompile(`\(([^()]*)\)|\[([^\[\]]*)\]`)
	codeInNote = regexp.MustCompile(`^([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4})?)-*(?:-([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4})?)-*)?$`)
)

// rangesIn gives the codes that notes name in brackets: (E08.-), (N18.1-N18.6), (A18.-, B20). What has a condition in words, such as
// "with fifth character 5", is left out rather than taken too wide.
func rangesIn(notes []string) []codes.CodeRange {
	var list []codes.CodeRange
	bare := codes.ICD10CM.Facts().Bare
	for _, note := range notes {
		for _, m := range inBrackets.FindAllStringSubmatch(note, -1) {
			for _, one := range strings.Split(m[1]+m[2], ",") {
				c := codeInNote.FindStringSubmatch(strings.TrimSpace(one))
				if c == nil {
					continue
				}
				r := codes.CodeRange{From: bare(c[1]), Until: bare(c[1])}
				if c[2] != "" {
					r.Until = bare(c[2])
				}
				list = append(list, r)
			}
		}
	}
	return list
}

// reader gives lines as a stream.
type reader struct {
	in   *lines
	rest string
}

func (r *reader) Read(p []byte) (int, error) {
	if r.rest == "" {
		line, err := r.in.next()
		if err != nil {
			return 0, err
		}
		r.rest = line + "\n"
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
