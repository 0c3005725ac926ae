package auth

import (
	"regexp"
	"slices"
	"strings"

	"medbill/models/operation"
)

// Permission is one interaction of SMART, or a set of them. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
type Permission uint8

// The permissions, in the order in which SMART writes them.
const (
	PermissionCreate Permission = 1 << iota // c: create
	PermissionRead                          // r: read, vread, history of one record
	PermissionUpdate                        // u: update, patch
	PermissionDelete                        // d: delete
	PermissionSearch                        // s: search, history of a type
)

const (
	permissionLetters = "cruds"
	permissionNone    = Permission(0)
	permissionAll     = PermissionCreate | PermissionRead | PermissionUpdate | PermissionDelete | PermissionSearch
)

// String writes the permissions as a scope does: "r", "cruds".
func (p Permission) String() string {
	var b strings.Builder
	for i, letter := range permissionLetters {
		if p&(1<<i) != 0 {
			b.WriteRune(letter)
		}
	}
	return b.String()
}

// Level says how far a grant reaches. A wider level is a greater number.
type Level uint8

// The levels.
const (
	LevelPatient Level = iota + 1 // the compartment of Principal.Patient
	LevelUser                     // what this user may see
	LevelSystem                   // the tenant
)

// String gives the word a scope begins with.
func (l Level) String() string {
	switch l {
	case LevelPatient:
		return "patient"
	case LevelUser:
		return "user"
	case LevelSystem:
		return "system"
	}
	return ""
}

// Operation is the right to run an operation of the table in models/operation, under the name by which use cases ask for it.
type Operation = operation.Scope

// The operations on records. The scope operation/* grants every one of the table.
const (
	OperationCode     = operation.ScopeCode
	OperationValidate = operation.ScopeValidate
	OperationSubmit   = operation.ScopeSubmit
	OperationPay      = operation.ScopePay
	OperationRetry    = operation.ScopeRetry
)

const operationAny Operation = "*"

// byName is granted by its name alone: what it changes is not the tenant's but everybody's.
const byName = operation.ScopeCodes

// Operations gives the rights that there are, for the SMART configuration and for tests over all of them.
func Operations() []Operation { return operation.Scopes() }

// Scopes is what a token grants. The zero Scopes grant nothing.
type Scopes struct {
	grants     []grant
	operations []Operation
}

type grant struct {
	level       Level
	resource    string // "*" is every type
	permissions Permission
}

const resourceAny = "*"

var resourcePattern = regexp.MustCompile(`^[A-Z][A-Za-z]{0,63}$`)

// ParseScopes reads the scope claim: SMART v2 (system/Claim.cruds), SMART v1 (patient/Observation.read, .write, .*) and
// operation/<name>, separated by blanks. A scope it cannot honour exactly grants nothing: one with a query after ?, letters
// out of order, or an unknown word (openid, launch, offline_access).
func ParseScopes(text string) Scopes {
	var s Scopes
	for _, scope := range strings.Fields(text) {
		if name, found := strings.CutPrefix(scope, "operation/"); found {
			operation := Operation(name)
			if operation == operationAny || slices.Contains(Operations(), operation) {
				s.operations = append(s.operations, operation)
			}
			continue
		}
		if g, ok := parseGrant(scope); ok {
			s.grants = append(s.grants, g)
		}
	}
	return s
}

func parseGrant(scope string) (grant, bool) {
	context, rest, found := strings.Cut(scope, "/")
	if !found {
		return grant{}, false
	}
	resource, letters, found := strings.Cut(rest, ".")
	if !found || resource != resourceAny && !resourcePattern.MatchString(resource) {
		return grant{}, false
	}
	g := grant{resource: resource, permissions: parsePermissions(letters)}
	switch context {
	case "patient":
		g.level = LevelPatient
	case "user":
		g.level = LevelUser
	case "system":
		g.level = LevelSystem
	default:
		return grant{}, false
	}
	return g, g.permissions != permissionNone
}

// parsePermissions gives the permissions of a scope's suffix, none where it is not exactly one of v2's ordered letters or
// v1's words. A query makes it none: honouring the scope without its filter would grant more than was meant.
func parsePermissions(suffix string) Permission {
	switch suffix {
	case "read":
		return PermissionRead | PermissionSearch
	case "write":
		return PermissionCreate | PermissionUpdate | PermissionDelete
	case "*":
		return permissionAll
	}
	permissions, next := permissionNone, 0
	for _, letter := range suffix {
		i := strings.IndexRune(permissionLetters[next:], letter)
		if i < 0 {
			return permissionNone
		}
		permissions |= 1 << (next + i)
		next += i + 1
	}
	return permissions
}

// Allows gives the widest level at which all of permission is granted on resourceType, or false. The permissions of one
// level add up over its scopes; those of different levels do not.
func (s Scopes) Allows(resourceType string, permission Permission) (Level, bool) {
	var granted [LevelSystem + 1]Permission
	for _, g := range s.grants {
		if g.resource == resourceType || g.resource == resourceAny {
			granted[g.level] |= g.permissions
		}
	}
	for level := LevelSystem; level >= LevelPatient; level-- {
		if permission != permissionNone && granted[level]&permission == permission {
			return level, true
		}
	}
	return 0, false
}

// AllowsOperation reports whether operation is granted. Use Principal.RequireOperation, which also asks for the record.
func (s Scopes) AllowsOperation(operation Operation) bool {
	any := operation != byName && slices.Contains(s.operations, operationAny)
	return operation != "" && (any || slices.Contains(s.operations, operation))
}

// without drops what the scopes of a level grant: they need a limit that the token does not name.
func (s Scopes) without(level Level) Scopes {
	kept := Scopes{operations: s.operations}
	for _, g := range s.grants {
		if g.level != level {
			kept.grants = append(kept.grants, g)
		}
	}
	return kept
}

// answersClaims reports whether the scopes are a payer's: system/ClaimResponse.c or system/PaymentReconciliation.c, by its name, is the right to answer claims, and
// every system/ scope beside it is meant for the claims of one payer. What a client records of answers it got elsewhere has the
// user's level, and an administrator's system/* is limited to nobody.
func (s Scopes) answersClaims() bool {
	return slices.ContainsFunc(s.grants, func(g grant) bool {
		return g.level == LevelSystem && (g.resource == "ClaimResponse" || g.resource == "PaymentReconciliation") && g.permissions&PermissionCreate != 0
	})
}

// String writes what is granted in SMART v2 syntax, in the order it was given.
func (s Scopes) String() string {
	words := make([]string, 0, len(s.grants)+len(s.operations))
	for _, g := range s.grants {
		words = append(words, g.level.String()+"/"+g.resource+"."+g.permissions.String())
	}
	for _, o := range s.operations {
		words = append(words, o.String())
	}
	return strings.Join(words, " ")
}
