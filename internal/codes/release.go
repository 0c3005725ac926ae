package codes

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/gob"
	"fmt"
	"slices"

	"medbill/models"
)

// Release is one edition of a table: what it is called, for which days it was made and where it came from. A table has one
// release of a name.
type Release struct {
	Table    Table
	Kind     Kind
	Name     string      // "2026", "2024Q3"
	Span     models.Span // the days that it was made for; an open end is "until the next"
	Complete bool        // whether a code that is not in it does not exist; a starter set knows some only
	Rows     int
	Billable int    // of concepts: how many may stand on a claim
	Source   string // the name of the file
	Digest   string // of the content
	Loaded   models.Instant
}

// Edition is a release with what it holds. Its digest and when it was loaded are for who keeps it.
type Edition struct {
	Release Release
	Content Content
}

// Content is what a release holds: *Concepts, *Notes, *Set, *Pairs, *Units, *AddOnEdits, *Schedule or *Records. It is immutable
// and safe for concurrent use.
type Content interface {
	// Len is how many rows it has.
	Len() int
}

// Encode gives a content as bytes, and its digest, which is the same for the same content.
func Encode(c Content) (body []byte, digest string, err error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, "", err
	}
	if err := gob.NewEncoder(w).Encode(c); err != nil {
		return nil, "", err
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), digestOf(c), nil
}

// Decode reads what Encode wrote of a kind of content.
func Decode(kind Kind, body []byte) (Content, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read a release of %s: %w", kind, err)
	}
	c := empty(kind)
	if err := gob.NewDecoder(r).Decode(c); err != nil {
		return nil, fmt.Errorf("read a release of %s: %w", kind, err)
	}
	return c, nil
}

func empty(kind Kind) Content {
	switch kind {
	case KindNotes:
		return &Notes{}
	case KindSet:
		return &Set{}
	case KindPairs:
		return &Pairs{}
	case KindUnits:
		return &Units{}
	case KindAddOns:
		return &AddOnEdits{}
	case KindFees:
		return &Schedule{}
	case KindRecords:
		return &Records{}
	default:
		return &Concepts{}
	}
}

// KindOf gives the kind of a content.
func KindOf(c Content) Kind {
	switch c.(type) {
	case *Notes:
		return KindNotes
	case *Set:
		return KindSet
	case *Pairs:
		return KindPairs
	case *Units:
		return KindUnits
	case *AddOnEdits:
		return KindAddOns
	case *Schedule:
		return KindFees
	case *Records:
		return KindRecords
	default:
		return KindConcepts
	}
}

// Standing is how a release speaks for a day.
type Standing string

// The standings of a release on a day.
const (
	InForce Standing = "in-force"
	Before  Standing = "before"  // the day lies before the first release that is here
	Lapsed  Standing = "lapsed"  // the day lies after the last one, and its table has a new one then
	Missing Standing = "missing" // no release of the table is here
)

// On picks the release of a table that speaks for a day, which is the latest that began by then. Where the day lies before all of
// them it is the first one, where there is none the zero Release. Releases that are not complete give way to those that are.
func On(table Table, releases []Release, day models.Date) (Release, Standing) {
	var own []Release
	for _, r := range releases {
		if r.Table == table {
			own = append(own, r)
		}
	}
	if len(own) == 0 {
		return Release{}, Missing
	}
	slices.SortFunc(own, func(a, b Release) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.Name, b.Name))
	})
	own = slices.DeleteFunc(own, func(r Release) bool { return rank(r) < rank(own[len(own)-1]) })
	days := table.Facts().Days
	at := -1
	for i, r := range own {
		if r.Span.From <= day {
			at = i
		}
	}
	switch {
	case at < 0 && days == DaysOfRows:
		return own[0], InForce
	case at < 0:
		return own[0], Before
	case days == DaysOwn && !own[at].Span.Contains(day):
		return own[at], Lapsed
	}
	return own[at], InForce
}

// rank puts a starter set behind a release that has everything.
func rank(r Release) int {
	if r.Complete {
		return 1
	}
	return 0
}
