package api

import (
	"strconv"
	"strings"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/fault"
)

// inParameters gives a refusal of a coding with paths into the Parameters that were sent: billing counts diagnoses and
// services, a client knows its parameters.
func inParameters(err error, sent *fhir.Document, said models.Coding) error {
	f := fault.From(err)
	moved := &fault.Fault{Kind: f.Kind, Err: f.Err, Issues: make([]fault.Issue, len(f.Issues))}
	for i, issue := range f.Issues {
		issue.Path = parameterPath(sent, said, issue.Path)
		moved.Issues[i] = issue
	}
	return moved
}

// partOfService says which part of a charge holds a member of a service.
var partOfService = map[string]string{"code": "code", "modifier": "modifier", "units": "units", "serviceDate": "serviceDate", "diagnosisSequence": "pointer"}

// parameterPath turns a path of coding.Check (`service[1].modifier[2]`) into one of the Parameters. What was not sent is
// shown at the parameter it is missing in. Other paths stay.
func parameterPath(sent *fhir.Document, said models.Coding, path string) string {
	first, rest, _ := strings.Cut(path, ".")
	list, index := indexed(first)
	name, known := map[string]string{"diagnosis": "diagnosis", "service": "charge"}[list]
	if !known {
		return path
	}
	at, parameter := nth(sent.Root().Get("parameter"), name, index)
	if index < 0 || at < 0 {
		return "Parameters.parameter"
	}
	place := "Parameters.parameter[" + strconv.Itoa(at) + "]"
	if list == "diagnosis" {
		return place + ".value"
	}
	member, n := indexed(rest)
	part, parts := partOfService[member], parameter.Get("part")
	if n = max(n, 0); member == "modifier" && index < len(said.Services) {
		// Modifiers that came with the code (99214-25) stand before those of the parts.
		if n -= len(said.Services[index].Modifiers) - count(parts, part); n < 0 {
			part, n = "code", 0
		}
	}
	if at, _ := nth(parts, part, n); at >= 0 {
		return place + ".part[" + strconv.Itoa(at) + "].value"
	}
	return place
}

// indexed splits `modifier[2]`; the index is -1 where there is none.
func indexed(text string) (name string, index int) {
	name, number, found := strings.Cut(strings.TrimSuffix(text, "]"), "[")
	if !found {
		return name, -1
	}
	index, err := strconv.Atoi(number)
	if err != nil {
		return name, -1
	}
	return name, index
}

// nth gives the n-th parameter of a name in a list and its place there, -1 where there is none.
func nth(list fhir.Node, name string, n int) (int, fhir.Node) {
	at := 0
	for p := range list.Children() {
		if p.Get("name").Is(name) {
			if n == 0 {
				return at, p
			}
			n--
		}
		at++
	}
	return -1, fhir.Node{}
}

func count(list fhir.Node, name string) int {
	n := 0
	for p := range list.Children() {
		if p.Get("name").Is(name) {
			n++
		}
	}
	return n
}
