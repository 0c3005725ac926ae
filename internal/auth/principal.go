// Package auth turns a bearer token into a Principal: who asks, for which tenant, and what SMART scopes allow. It owns token
// verification, scopes, the roles of `medbill token` and the development keys. It does not know HTTP routes, resource types
// or compartments: the decision about one record is made in internal/records and billing, from what stands here.
package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"medbill/models"
	"medbill/models/fault"
)

// Principal is who asks, taken from a verified token and from nothing else in the request.
type Principal struct {
	Tenant  models.TenantID
	Issuer  string // iss: who vouches for it
	Subject string // sub: the client or user, for the audit
	Scopes  Scopes
	// Patient is the record that patient/ scopes are limited to; "" where the token has none.
	Patient models.PatientID
	// Organization, where set, is the payer this token acts for: it narrows every level to claims transmitted to that
	// payer and what those reference.
	Organization models.OrganizationID
	FHIRUser     string // fhirUser: the reference to the user's own record, "" for a backend
}

// Allows gives the widest level at which p may do permission on resourceType, or false.
func (p Principal) Allows(resourceType string, permission Permission) (Level, bool) {
	return p.Scopes.Allows(resourceType, permission)
}

// Require is Allows as a Forbidden fault. resourceType is a name of the register, never text of the request.
func (p Principal) Require(resourceType string, permission Permission) (Level, error) {
	level, ok := p.Scopes.Allows(resourceType, permission)
	if !ok {
		return 0, fault.New(fault.Forbidden, "forbidden",
			"The access token may not do this; ask for a scope such as user/"+resourceType+"."+permission.String()+".")
	}
	return level, nil
}

// RequireOperation gives the level at which p may run operation on a record of resourceType, or a Forbidden fault. An
// operation needs its own scope and the right to read what it acts on; its level is that of reading. None is for a payer.
func (p Principal) RequireOperation(operation Operation, resourceType string) (Level, error) {
	if p.Organization != "" {
		return 0, errPayer
	}
	if !p.Scopes.AllowsOperation(operation) {
		return 0, fault.New(fault.Forbidden, "forbidden",
			"The access token may not run this operation; ask for the scope "+operation.String()+".")
	}
	return p.Require(resourceType, PermissionRead)
}

// RequireReading gives nil where p may run what is for those who read records of types, or a Forbidden fault. None is for a payer.
func (p Principal) RequireReading(types ...string) error {
	if p.Organization != "" {
		return errPayer
	}
	for _, typ := range types {
		if _, err := p.Require(typ, PermissionRead); err != nil {
			return err
		}
	}
	return nil
}

var errPayer = fault.New(fault.Forbidden, "forbidden", "The access token is limited to one payer, who answers claims and runs no operation.")

// RequireTenantOperation gives nil where p may run an operation of the tenant itself, whose records are of resourceType, or a
// Forbidden fault. The token needs the operation's scope and the right to read resourceType, and must be limited neither to
// a patient nor to a payer: what it changes is everybody's.
func (p Principal) RequireTenantOperation(operation Operation, resourceType string) error {
	level, err := p.RequireOperation(operation, resourceType)
	if err == nil && (level == LevelPatient || p.Patient != "") {
		err = fault.New(fault.Forbidden, "forbidden", "This is for the practice as a whole; the access token is limited to one patient or one payer.")
	}
	return err
}

// Caller names who calls, for keys that are theirs: nobody's key says anything about another's.
func (p Principal) Caller() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", p.Issuer, p.Subject, p.Patient, p.Organization))
	return hex.EncodeToString(sum[:])
}

type contextKey struct{}

// With gives a context that carries p from the door's middleware to its handlers and resolvers.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From gives the Principal that With put into ctx. Without one it is an Unauthenticated fault, so that a handler which is
// mounted without the middleware stays shut.
func From(ctx context.Context) (Principal, error) {
	p, ok := ctx.Value(contextKey{}).(Principal)
	if !ok {
		return Principal{}, refusal("An access token is missing; send it in the header Authorization as Bearer.")
	}
	return p, nil
}

// refusal is the one shape in which this package refuses a caller. text carries nothing of the token.
func refusal(text string) *fault.Fault { return fault.New(fault.Unauthenticated, "login", text) }
