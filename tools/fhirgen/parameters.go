package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
)

// searchParameter is what a line needs of a SearchParameter. https://hl7.org/fhir/R4/searchparameter.html
type searchParameter struct {
	ID         string   `json:"id"`
	Code       string   `json:"code"`
	Base       []string `json:"base"`
	Type       string   `json:"type"`
	Expression string   `json:"expression"`
}

// parametersLeftOut names the search parameters that get no line, and why. What is not on this list must compile, so
// that a new shape in a later package is seen here and not missed in a search.
var parametersLeftOut = map[string]string{
	"example":                        "an example of a SearchParameter, not a parameter of R4",
	"example-extension":              "an example of a SearchParameter, not a parameter of R4",
	"example-reference":              "an example of a SearchParameter, not a parameter of R4",
	"DomainResource-text":            "full text search is not offered",
	"Resource-content":               "full text search is not offered",
	"Resource-query":                 "named queries are not offered",
	"Resource-id":                    "_id is a column of the document; the server's own line says so",
	"Resource-lastUpdated":           "_lastUpdated is a column of the document; the server's own line says so",
	"individual-phonetic":            "no phonetic algorithm; a plain search under that name would mislead",
	"Organization-phonetic":          "no phonetic algorithm; a plain search under that name would mislead",
	"InsurancePlan-phonetic":         "no phonetic algorithm; a plain search under that name would mislead",
	"Person-phonetic":                "no phonetic algorithm; a plain search under that name would mislead",
	"patient-extensions-Patient-age": "R4 gives no expression, and an age depends on the day",
	"Bundle-composition":             "the resource inside a Bundle is not a reference",
	"Bundle-message":                 "the resource inside a Bundle is not a reference",
	"device-extensions-Device-din":   "its expression names a search parameter, not an extension",
	"questionnaireresponse-extensions-QuestionnaireResponse-item-subject": "hasExtension is no FHIRPath of R4",
	"observation-genetic-Observation-amino-acid-change":                   "its extension is not defined in R4",
	"observation-genetic-Observation-dna-variant":                         "its extension is not defined in R4",
	"observation-genetic-Observation-gene-amino-acid-change":              "its extension is not defined in R4",
	"observation-genetic-Observation-gene-dnavariant":                     "its extension is not defined in R4",
	"patient-extensions-Patient-birthOrderBoolean":                        "R4 gives no expression",
	"patient-extensions-Patient-mothersMaidenName":                        "its expression names no extension that R4 defines",
}

// kindsRead lists, per kind of parameter, the datatypes that give keys. A path must end at one of them; an alternative
// of a choice element that does not is left out.
var kindsRead = map[string][]string{
	"token":     {"Coding", "CodeableConcept", "Identifier", "ContactPoint", "code", "boolean", "id", "uri", "string"},
	"string":    {"string", "markdown", "HumanName", "Address"},
	"date":      {"date", "dateTime", "instant", "Period", "Timing"},
	"reference": {"Reference", "canonical", "uri", "url"},
	"number":    {"integer", "positiveInt", "unsignedInt", "decimal"},
	"quantity":  {"Quantity", "Age", "Duration", "Money", "Range"},
	"uri":       {"uri", "url", "canonical", "oid"},
}

// ownParameters are the lines that R4 does not have: what the server keeps beside the document, the state of a claim in the
// books and its payer's number of it, and what a charge was made for.
var ownParameters = []string{
	"Resource _id token -",
	"Resource _lastUpdated date -",
	"Claim claim-state token - extension[url=https://medbill.dev/fhir/StructureDefinition/claim-state].valueCode:code",
	"Claim payer-claim-number token - extension[url=https://medbill.dev/fhir/StructureDefinition/payer-claim-number].valueIdentifier:Identifier",
	"ChargeItem supporting-information reference * supportingInformation:Reference",
	"CoverageEligibilityRequest insurer reference Organization insurer:Reference",
	"Task given reference DocumentReference output.valueReference:Reference",
}

const parametersHead = `# Written by tools/fhirgen from hl7.fhir.r4.examples 4.0.1 (CC0); do not edit.
# type parameter kind targets paths...    targets: resource types, * for any, - for none
# path: member[member=value].member:datatype, then ?Type where only references to that type count, then =system of a code
# compartment Patient type parameters...  a resource belongs to the patients these parameters name
`

// parameters compiles the search parameters of all R4 resource types into the lines that package search reads. It fails
// on an expression it does not understand, so that nothing is left out in silence.
func parameters(pkg fs.FS) ([]byte, error) {
	table, err := readPathTable(pkg)
	if err != nil {
		return nil, err
	}
	lines := slices.Clone(ownParameters)
	names, err := fs.Glob(pkg, "SearchParameter-*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var p searchParameter
		if err := readJSON(pkg, name, &p); err != nil {
			return nil, err
		}
		if _, out := parametersLeftOut[p.ID]; out || kindsRead[p.Type] == nil {
			continue
		}
		for _, base := range p.Base {
			line, err := parameterLine(table, p, base)
			if err != nil {
				return nil, fmt.Errorf("%s of %s: %w", p.ID, base, err)
			}
			lines = append(lines, line)
		}
	}
	if err := refuseRepeatedLines(lines); err != nil {
		return nil, err
	}
	sort.Slice(lines, func(i, j int) bool { return lineOrder(lines[i]) < lineOrder(lines[j]) })
	members, err := compartmentLines(pkg)
	if err != nil {
		return nil, err
	}
	return []byte(parametersHead + strings.Join(append(lines, members...), "\n") + "\n"), nil
}

// parameterLine compiles one parameter for one of its types.
func parameterLine(table *pathTable, p searchParameter, base string) (string, error) {
	if p.Expression == "" {
		return "", fmt.Errorf("no expression")
	}
	if members, ok := presence(p.Expression); ok {
		return strings.Join([]string{base, p.Code, p.Type, "-", ":present=" + table.choiceMembers(base, members)}, " "), nil
	}
	ends, err := table.compile(base, p.Expression)
	if err != nil {
		return "", err
	}
	var paths, targets []string
	for _, end := range ends {
		if !slices.Contains(kindsRead[p.Type], end.datatype) {
			if end.choice {
				continue
			}
			return "", fmt.Errorf("%s cannot be read as %s", end.datatype, p.Type)
		}
		if path := end.String(); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
		for _, target := range end.targets {
			if !slices.Contains(targets, target) {
				targets = append(targets, target)
			}
		}
	}
	if len(paths) == 0 {
		return "", fmt.Errorf("no path of %q gives a %s", p.Expression, p.Type)
	}
	return strings.Join(append([]string{base, p.Code, p.Type, targetList(p.Type, targets)}, paths...), " "), nil
}

func targetList(kind string, targets []string) string {
	switch {
	case kind != "reference":
		return "-"
	case len(targets) == 0 || slices.Contains(targets, "Resource"):
		return "*"
	}
	slices.Sort(targets)
	return strings.Join(targets, ",")
}

// lineOrder sorts lines by type and parameter; the types common to all stand first.
func lineOrder(line string) string {
	words := strings.Fields(line)
	rank := "1"
	if words[0] == "Resource" {
		rank = "0"
	}
	return rank + words[0] + " " + words[1]
}

func refuseRepeatedLines(lines []string) error {
	seen := map[string]bool{}
	for _, line := range lines {
		if key := lineOrder(line); seen[key] {
			return fmt.Errorf("%q is defined twice", key[1:])
		} else {
			seen[key] = true
		}
	}
	return nil
}

// compartmentLines gives who belongs to a patient. https://hl7.org/fhir/R4/compartmentdefinition-patient.html
func compartmentLines(pkg fs.FS) ([]string, error) {
	var definition struct {
		Resource []struct {
			Code  string   `json:"code"`
			Param []string `json:"param"`
		} `json:"resource"`
	}
	if err := readJSON(pkg, "CompartmentDefinition-patient.json", &definition); err != nil {
		return nil, err
	}
	var lines []string
	for _, r := range definition.Resource {
		if len(r.Param) > 0 {
			lines = append(lines, "compartment Patient "+r.Code+" "+strings.Join(r.Param, " "))
		}
	}
	slices.Sort(lines)
	return lines, nil
}

func readJSON(pkg fs.FS, name string, into any) error {
	text, err := fs.ReadFile(pkg, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
