package render

import (
	"slices"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/fault"
)

type operationOutcome struct {
	resource
	Issue []issue `json:"issue"`
}

type issue struct {
	Extension   []fhir.Extension      `json:"extension,omitempty"`
	Severity    string                `json:"severity"`
	Code        string                `json:"code"`
	Details     *fhir.CodeableConcept `json:"details,omitempty"`
	Diagnostics string                `json:"diagnostics,omitempty"`
	Expression  []string              `json:"expression,omitempty"`
}

// Outcome gives a refusal as an OperationOutcome: per issue our code in details, the text in diagnostics and the place in
// expression. The code of HL7 is the issue's own where it is one, else that of the fault's kind. The internal cause is
// not shown. https://hl7.org/fhir/R4/operationoutcome.html
func Outcome(f *fault.Fault) []byte {
	d := operationOutcome{resource: resource{ResourceType: "OperationOutcome"}}
	for _, i := range f.Issues {
		d.Issue = append(d.Issue, newIssue("error", issueCode(f.Kind, i.Code), fhir.SystemFault, i.Code, i.Text, i.Path))
	}
	if len(d.Issue) == 0 {
		d.Issue = []issue{{Severity: "error", Code: kindCode(f.Kind)}}
	}
	return fhir.Encode(d)
}

// Findings gives what the scrubber noticed as an OperationOutcome; where it noticed nothing, the first issue, of severity information,
// says so. Rules that could not be checked are issues of severity information as well.
func Findings(findings []models.Finding) []byte {
	d := operationOutcome{resource: resource{ResourceType: "OperationOutcome"}}
	if !slices.ContainsFunc(findings, func(f models.Finding) bool { return f.Severity != models.SeverityInformation }) {
		d.Issue = []issue{{Severity: "information", Code: "informational", Diagnostics: "Nothing was found that holds the claim."}}
	}
	for _, f := range findings {
		text, code := f.Text, "business-rule"
		if f.Remedy != "" {
			text += " " + f.Remedy
		}
		if f.Source != "" {
			text += " (" + f.Source + ")"
		}
		if f.Severity == models.SeverityInformation {
			code = "incomplete"
		}
		one := newIssue(string(f.Severity), code, fhir.SystemFinding, f.Rule, text, f.Path)
		if f.Override.Role != "" {
			one.Extension = []fhir.Extension{{URL: fhir.ExtensionFinding, ValueString: f.Mark}, {URL: fhir.ExtensionOverrideRole, ValueCode: string(f.Override.Role)}}
		}
		if f.Override.By != "" {
			one.Extension = append(one.Extension, fhir.Extension{URL: fhir.ExtensionOverriddenBy, ValueString: f.Override.By})
		}
		d.Issue = append(d.Issue, one)
	}
	return fhir.Encode(d)
}

func newIssue(severity, code, system, own, text, path string) issue {
	i := issue{Severity: severity, Code: code, Diagnostics: text}
	if own != "" {
		details := fhir.Concept(system, own)
		i.Details = &details
	}
	if path != "" {
		i.Expression = []string{path}
	}
	return i
}

// issueTypes are the codes of OperationOutcome.issue.code. https://hl7.org/fhir/R4/codesystem-issue-type.html
var issueTypes = []string{
	"invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired", "forbidden", "suppressed",
	"processing", "not-supported", "duplicate", "multiple-matches", "not-found", "deleted", "too-long", "code-invalid", "extension",
	"too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store", "exception", "timeout", "incomplete",
	"throttled", "informational",
}

func issueCode(kind fault.Kind, code string) string {
	if slices.Contains(issueTypes, code) {
		return code
	}
	return kindCode(kind)
}

// kindCode gives HL7's issue type for a kind of fault; docs/ARCHITECTURE.md has the table.
func kindCode(kind fault.Kind) string {
	switch kind {
	case fault.Invalid:
		return "invalid"
	case fault.BusinessRule:
		return "business-rule"
	case fault.Unauthenticated:
		return "login"
	case fault.Forbidden:
		return "forbidden"
	case fault.NotFound:
		return "not-found"
	case fault.Gone:
		return "deleted"
	case fault.Conflict, fault.Stale:
		return "conflict"
	case fault.Ambiguous:
		return "multiple-matches"
	case fault.Unsupported, fault.NotAcceptable, fault.UnsupportedMedia:
		return "not-supported"
	case fault.TooLarge:
		return "too-long"
	case fault.Busy:
		return "transient"
	}
	return "exception"
}
