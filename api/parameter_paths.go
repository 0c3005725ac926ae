package api

import (
	"errors"
	"strconv"
	"strings"

	"medbill/fhir"
	"medbill/models/fault"
	"medbill/models/operation"
)

// atParameters gives a refusal with paths into the Parameters that were sent to an operation: a use case names what it was given
// (`timeZone`, `connection[1].kind`), and a client knows its parameters by their places. What is no parameter, such as a line of
// a csv or a header, keeps its place.
func atParameters(err error, o operation.Operation, sent *fhir.Document) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	moved := &fault.Fault{Kind: f.Kind, Err: f.Err}
	for _, issue := range f.Issues {
		first, _, _ := strings.Cut(issue.Path, ".")
		if name, _ := indexed(first); o.Takes(name) {
			issue.Path = placeOf(sent, issue.Path)
		}
		moved.Issues = append(moved.Issues, issue)
	}
	return moved
}

// placeOf gives the FHIRPath of `name`, `name[n]` or `name[n].part`; what was not sent is missing among the parameters.
func placeOf(sent *fhir.Document, path string) string {
	first, rest, _ := strings.Cut(path, ".")
	name, n := indexed(first)
	at, parameter := nth(sent.Root().Get("parameter"), name, max(n, 0))
	if at < 0 {
		return "Parameters.parameter"
	}
	place := "Parameters.parameter[" + strconv.Itoa(at) + "]"
	if rest == "" {
		return place + ".value"
	}
	if at, _ := nth(parameter.Get("part"), rest, 0); at >= 0 {
		return place + ".part[" + strconv.Itoa(at) + "].value"
	}
	return place
}
