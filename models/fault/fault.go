// Package fault is the one error type of the doors: what kind of refusal it is, where it stands in the input and what to
// do about it. It does not know HTTP, FHIR or GraphQL; api and graph each map it once.
package fault

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// Kind says how a request failed; each door has exactly one answer per kind.
type Kind uint8

// The kinds, in the order of docs/ARCHITECTURE.md's table of faults.
const (
	Internal         Kind = iota // a defect or a broken machine; the text says nothing about it
	Invalid                      // the input itself is wrong
	BusinessRule                 // well-formed input that billing refuses
	Unauthenticated              // no token, or one that does not hold
	Forbidden                    // a good token without the right
	NotFound                     // nothing there, or somebody else's
	Gone                         // deleted
	Conflict                     // contradicts what is in the books
	Stale                        // written against an older version
	Ambiguous                    // a condition matches more than one record
	Unsupported                  // this method is not offered here
	NotAcceptable                // no answer in the wanted format
	UnsupportedMedia             // a body in a format that is not read
	TooLarge                     // over a named limit
	Busy                         // try again later
)

// KindCount is how many kinds there are, for tests that hold a map over all of them.
const KindCount = int(Busy) + 1

// RetryAfterSeconds is when somebody who was told Busy may come again.
const RetryAfterSeconds = "1"

// Issue is one thing wrong. Code is stable and dotted (`ledger.unbalanced`), or a FHIR issue code for structural issues;
// Path is a FHIRPath, an X12 segment or empty; Text is one sentence that never contains a value from the input, because
// values are PHI.
type Issue struct {
	Code string
	Path string
	Text string
}

// Fault is a refusal with everything a client needs to mend its request, and the internal cause for the log.
type Fault struct {
	Kind   Kind
	Issues []Issue
	Err    error
}

// New gives a fault with one issue that has no place in the input.
func New(kind Kind, code, text string) *Fault {
	return &Fault{Kind: kind, Issues: []Issue{{Code: code, Text: text}}}
}

// At gives a fault with one issue at path.
func At(kind Kind, code, path, text string) *Fault {
	return &Fault{Kind: kind, Issues: []Issue{{Code: code, Path: path, Text: text}}}
}

// Of gives a fault with all issues, or nil where there is none.
func Of(kind Kind, issues []Issue) error {
	if len(issues) == 0 {
		return nil
	}
	return &Fault{Kind: kind, Issues: issues}
}

// Error lists codes and paths, never texts of the input.
func (f *Fault) Error() string {
	var b strings.Builder
	for i, issue := range f.Issues {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(issue.Code)
		if issue.Path != "" {
			b.WriteString(" at " + issue.Path)
		}
	}
	if f.Err != nil {
		b.WriteString(": " + f.Err.Error())
	}
	return b.String()
}

// Unwrap gives the internal cause.
func (f *Fault) Unwrap() error { return f.Err }

// IssuesAt gives the issues of a refusal, those without a place of their own at path; none for nil.
func IssuesAt(path string, err error) []Issue {
	if err == nil {
		return nil
	}
	issues := slices.Clone(From(err).Issues)
	for i := range issues {
		issues[i].Path = cmp.Or(issues[i].Path, path)
	}
	return issues
}

// From gives err as a fault: itself where it is one, else Internal around it. Nil stays nil.
func From(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Kind: Internal, Issues: []Issue{{Code: "exception", Text: "The server could not do this; the request id leads to the reason in the log."}}, Err: err}
}

// Is reports whether err is a fault of kind.
func Is(err error, kind Kind) bool {
	var f *Fault
	return errors.As(err, &f) && f.Kind == kind
}

// Under gives err with prefix before each path, for an input that stands inside another (a Bundle entry).
func Under(prefix string, err error) error {
	var f *Fault
	if !errors.As(err, &f) {
		return err
	}
	moved := &Fault{Kind: f.Kind, Err: f.Err, Issues: make([]Issue, len(f.Issues))}
	for i, issue := range f.Issues {
		switch {
		case issue.Path == "":
			issue.Path = prefix
		default:
			issue.Path = prefix + "." + issue.Path
		}
		moved.Issues[i] = issue
	}
	return moved
}
