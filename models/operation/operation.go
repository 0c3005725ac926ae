// Package operation is the table of medbill's own FHIR operations: what each is called, on what it stands, who may run it,
// what it takes and gives. The routes, the CapabilityStatement, the OperationDefinitions, the scopes that are offered and
// those of the roles are read from it; the code that runs one is bound to its row by api. It runs nothing itself.
//
// A new operation is two places: its row in table.go and its handler in api (with the use case that it calls, where that is
// new); a scope that no other operation has is a constant here as well.
package operation

import (
	"net/http"
	"slices"
	"strings"
)

// Scope is the right to run an operation, for which SMART has no word: a token holds it as operation/<name>. Operations on
// the same thing share one.
type Scope string

// The scopes. operation/* grants them all.
const (
	ScopeCode     Scope = "code"      // say what a visit was
	ScopeValidate Scope = "validate"  // check a claim
	ScopeSubmit   Scope = "submit"    // send a claim
	ScopePay      Scope = "pay"       // take a patient's payment
	ScopeAdjust   Scope = "adjust"    // take back and move what patients paid, write off what they owe
	ScopeRefund   Scope = "refund"    // give patients their money back
	ScopeSettings Scope = "settings"  // the tenant's settings
	ScopeFees     Scope = "fees"      // the tenant's fee schedules
	ScopePayers   Scope = "payers"    // what the tenant knows of its payers
	ScopeRules    Scope = "rules"     // the rules that the tenant writes: save them, switch them
	ScopeTryRules Scope = "try-rules" // read them, and try them on claims that there are
	ScopeRetry    Scope = "retry"     // a step that failed for good
	ScopeWork     Scope = "work"      // what waits for a person: take it, pass it on, put it off, decide it
	ScopeReports  Scope = "reports"   // what the tenant's books add up to
	ScopeCodes    Scope = "codes"     // releases of code systems, which are everybody's

	ScopeContracts Scope = "contracts" // what payers agreed to allow
	ScopeOpenings  Scope = "openings"  // what was due before the practice moved in
	ScopeDeposits  Scope = "deposits"  // what the bank says came in, and what it pays

	ScopeStatements Scope = "statements" // what guarantors are sent: the run, holds, payment plans
)

// String gives the scope as a token holds it.
func (s Scope) String() string { return "operation/" + string(s) }

// Operation is one row of the table. https://hl7.org/fhir/R4/operations.html
type Operation struct {
	Code string // what stands after the $
	// Types are the resource types on whose records it runs: [type]/[id]/$[code]. Without one it is the system's own:
	// [base]/$[code], for tokens that are limited to nobody.
	Types   []string
	OnType  bool     // it runs on the type as a whole: [type]/$[code]
	Methods []string // POST, and GET where asking changes nothing
	Scope   Scope    // "" for whoever has a token, or by reading or creating
	// ByReading are types: it is for those who may read the record and records of these, and needs no scope of its own.
	ByReading []string
	OfOffice  bool // of them for those alone who see the whole tenant
	// ByCreating says that it is for those who may create records of the type, and needs no scope of its own.
	ByCreating bool
	// NeedsKey says that the header Idempotency-Key must name the request, so that sending it again does nothing twice.
	NeedsKey     bool
	AffectsState bool
	Media        []string // what a body may be beside FHIR's own JSON
	Gives        string   // what the answer is where a client does not ask for FHIR's own JSON; "" where it always is that
	Name         string   // of the OperationDefinition, as code generators like it
	Title        string
	Text         string
	Parameters   []Parameter
}

// Parameter is one thing that an operation takes or gives.
type Parameter struct {
	Name string
	Out  bool
	Min  int
	Max  string // a number or *
	Type string // "" where it has parts
	Text string
	Part []Parameter
}

// ID names the operation among all: Claim-submit, settings. Its OperationDefinition is served under it.
func (o Operation) ID() string {
	return strings.Join(append(slices.Clone(o.Types), o.Code), "-")
}

// IsSystem reports whether it stands at the base and not on a type or a record.
func (o Operation) IsSystem() bool { return len(o.Types) == 0 }

// IsInstance reports whether it stands on a record.
func (o Operation) IsInstance() bool { return len(o.Types) > 0 && !o.OnType }

// Has reports whether it is run by an HTTP method.
func (o Operation) Has(method string) bool { return slices.Contains(o.Methods, method) }

// Takes reports whether name is one of the parameters that it takes.
func (o Operation) Takes(name string) bool {
	return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return !p.Out && p.Name == name })
}

// All gives the table.
func All() []Operation { return slices.Clone(table) }

// beside are the scopes of what is no operation of FHIR: reports have an address of their own.
var beside = []Scope{ScopeReports}

// Scopes gives the scope of every operation once, in the order of the table, and then those beside.
func Scopes() []Scope {
	var scopes []Scope
	for _, o := range table {
		if o.Scope != "" && !slices.Contains(scopes, o.Scope) {
			scopes = append(scopes, o.Scope)
		}
	}
	return append(scopes, beside...)
}

// Offers reports whether any operation has the code.
func Offers(code string) bool {
	return slices.ContainsFunc(table, func(o Operation) bool { return o.Code == code })
}

// GivenBy gives what operations with the code answer where that is not FHIR's own JSON, else "".
func GivenBy(code string) string {
	at := slices.IndexFunc(table, func(o Operation) bool { return o.Code == code })
	if at < 0 {
		return ""
	}
	return table[at].Gives
}

var (
	posted      = []string{http.MethodPost}
	askedPosted = []string{http.MethodGet, http.MethodPost}
	asked       = []string{http.MethodGet}
)
