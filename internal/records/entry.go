package records

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// action is one entry of a Bundle, read and checked as far as it can be without the database.
type action struct {
	index       int
	fullURL     string
	method      string
	typ         string
	id          string
	query       string // search or condition
	ifNoneExist string
	ifMatch     int64
	sent        *fhir.Document
	target      target
}

// target is what an action is about in one try of the transaction; another try may give it another id.
type target struct {
	ref      models.Ref
	document *fhir.Document   // as sent, with its references resolved
	exists   *models.Document // a create whose condition found this
}

func (a *action) reads() bool { return a.method == "GET" || a.method == "HEAD" }

// methodOrder is the order in which a transaction works, whatever the order of its entries.
// https://hl7.org/fhir/R4/http.html#trules
var methodOrder = map[string]int{"DELETE": 0, "POST": 1, "PUT": 2, "GET": 3, "HEAD": 3}

// plan reads every entry and reports everything that is wrong with any of them.
func (r *Records) plan(p auth.Principal, bundle fhir.Bundle) ([]*action, error) {
	var issues []fault.Issue
	var refused *fault.Fault
	actions := make([]*action, 0, len(bundle.Entries))
	for i, entry := range bundle.Entries {
		a, err := r.action(p, i, entry)
		if err == nil {
			actions = append(actions, a)
			continue
		}
		f := fault.From(fault.Under(entryPath(i), err))
		if refused == nil {
			refused = f
		}
		issues = append(issues, f.Issues...)
	}
	if refused != nil {
		return nil, &fault.Fault{Kind: refused.Kind, Issues: issues, Err: refused.Err}
	}
	return actions, nil
}

func entryPath(i int) string { return fmt.Sprintf("Bundle.entry[%d]", i) }

// underResource gives err with its paths inside the resource of entry i; a path that begins with the resource's type names
// the resource itself.
func underResource(i int, typ string, err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	inside := &fault.Fault{Kind: f.Kind, Err: f.Err, Issues: slices.Clone(f.Issues)}
	for n := range inside.Issues {
		issue := &inside.Issues[n]
		if path, named := strings.CutPrefix(issue.Path, typ); named && (path == "" || path[0] == '.') {
			issue.Path = strings.TrimPrefix(path, ".")
		}
	}
	return fault.Under(entryPath(i)+".resource", inside)
}

func (r *Records) action(p auth.Principal, i int, entry fhir.BundleEntry) (*action, error) {
	a := &action{index: i, fullURL: entry.FullURL, method: entry.Method, ifNoneExist: entry.IfNoneExist}
	path, query, hasQuery := strings.Cut(r.relative(entry.URL), "?")
	a.query = query
	parts := strings.Split(path, "/")
	a.typ = parts[0]
	if len(parts) > 1 {
		a.id = parts[1]
	}
	if _, err := Type(a.typ); err != nil {
		return nil, fault.At(fault.Invalid, "not-supported", "request.url", "The address names no served resource type.")
	}
	if _, known := methodOrder[a.method]; !known {
		return nil, fault.At(fault.Unsupported, "not-supported", "request.method", "The method is not offered in a Bundle; use GET, HEAD, POST, PUT or DELETE.")
	}
	if len(parts) > 2 || a.id != "" && hasQuery || a.id == "" && !hasQuery && (a.method == "PUT" || a.method == "DELETE") || a.method == "POST" && (a.id != "" || hasQuery) {
		return nil, fault.At(fault.Invalid, "not-supported", "request.url", "The address fits no interaction that an entry of a Bundle can ask for.")
	}
	var err error
	if a.ifMatch, err = ParseVersion(entry.IfMatch); err != nil {
		return nil, fault.At(fault.Invalid, "value", "request.ifMatch", `The version must be written as W/"1", or as * for any.`)
	}
	permission := map[string]auth.Permission{"DELETE": auth.PermissionDelete, "POST": auth.PermissionCreate, "PUT": auth.PermissionUpdate}[a.method]
	if permission == 0 {
		return a, nil // reads are judged when they run
	}
	if err := r.mayWrite(p, a.typ, permission); err != nil {
		return nil, err
	}
	if a.method != "DELETE" {
		a.sent = entry.Resource.Detach()
		if a.sent.Type() != a.typ {
			return nil, fault.At(fault.Invalid, "invalid", "resource.resourceType", "The resource is of another type than the address says.")
		}
		if a.method == "PUT" && a.id != "" && a.sent.ID() != a.id {
			return nil, fault.At(fault.Invalid, "invalid", "resource.id", "The resource's id must be there and be the one in the address.")
		}
	}
	return a, nil
}
