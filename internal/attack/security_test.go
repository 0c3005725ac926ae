package attack_test

import (
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/models/operation"
)

var update = flag.Bool("update", false, "write the tables of docs/security.md anew")

const securityPage = "../../docs/security.md"

//go:generate go test -run TestSecurityTable -update

// TestSecurityTable holds the tables of docs/security.md to what the guard of every door says of every role.
func TestSecurityTable(t *testing.T) {
	content, err := os.ReadFile(securityPage)
	if err != nil {
		t.Fatal(err)
	}
	page := string(content)
	for name, table := range map[string]string{"types": typesTable(t), "operations": operationsTable(t)} {
		begin, end := "<!-- "+name+": written by go generate ./internal/attack -->\n", "<!-- end of "+name+" -->"
		before, rest, begun := strings.Cut(page, begin)
		_, after, ended := strings.Cut(rest, end)
		if !begun || !ended {
			t.Fatalf("%s has no place for the table of %s", securityPage, name)
		}
		page = before + begin + "\n" + table + "\n" + end + after
	}
	switch {
	case page == string(content):
	case *update:
		if err := os.WriteFile(securityPage, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s says something else than the roles; run go generate ./internal/attack and look at what changed", securityPage)
	}
}

// principal gives who a token of a role speaks for.
func principal(t *testing.T, role auth.Role) auth.Principal {
	t.Helper()
	scopes, err := auth.RoleScopes(role)
	if err != nil {
		t.Fatal(err)
	}
	p := auth.Principal{Tenant: ours, Subject: string(role), Scopes: auth.ParseScopes(scopes)}
	switch role {
	case auth.RolePatient:
		p.Patient = "ann"
	case auth.RolePayer:
		p.Organization = "acme"
	}
	return p
}

// head begins a table with a column for each role.
func head(first string) string {
	names, lines := []string{first}, []string{"---"}
	for _, role := range auth.Roles() {
		names, lines = append(names, "`"+string(role)+"`"), append(lines, "---")
	}
	return row(names) + row(lines)
}

func row(cells []string) string {
	line := "|"
	for _, cell := range cells {
		line += strings.TrimRight(" "+cell, " ") + " |"
	}
	return line + "\n"
}

// typesTable tells for each type what each role may do with it; types of which all roles may the same share a line.
func typesTable(t *testing.T) string {
	t.Helper()
	var order []string
	types := map[string][]string{}
	for _, typ := range fhir.Types() {
		var cells []string
		for _, role := range auth.Roles() {
			cells = append(cells, allowed(principal(t, role), typ))
		}
		line := row(append([]string{"TYPES"}, cells...))
		if types[line] == nil {
			order = append(order, line)
		}
		types[line] = append(types[line], typ.Name)
	}
	table := head("type")
	for _, line := range order {
		table += strings.Replace(line, "TYPES", strings.Join(types[line], ", "), 1)
	}
	return table
}

// allowed gives the letters of what the guard lets somebody do with a type.
func allowed(p auth.Principal, typ fhir.Type) string {
	var letters strings.Builder
	for _, permission := range []auth.Permission{auth.PermissionCreate, auth.PermissionRead, auth.PermissionUpdate, auth.PermissionDelete, auth.PermissionSearch} {
		isRead := permission == auth.PermissionRead || permission == auth.PermissionSearch
		if _, err := records.Guard(p, typ.Name, permission); err == nil && (isRead || !isShut(typ, permission.String())) {
			letters.WriteString(permission.String())
		}
	}
	return letters.String()
}

// operationsTable tells for each operation which role may run it.
func operationsTable(t *testing.T) string {
	t.Helper()
	table := head("operation")
	for _, o := range operation.All() {
		types := o.Types
		if o.IsSystem() {
			types = []string{""}
		}
		for _, typ := range types {
			name := "`" + typ + "/[id]/$" + o.Code + "`"
			switch {
			case o.IsSystem():
				name = "`$" + o.Code + "`"
			case o.OnType:
				name = "`" + typ + "/$" + o.Code + "`"
			}
			cells := []string{name}
			for _, role := range auth.Roles() {
				cells = append(cells, mayRun(principal(t, role), o, typ))
			}
			table += row(cells)
		}
	}
	cells := []string{"`/reports/[name].csv`"}
	for _, role := range auth.Roles() {
		cells = append(cells, mayRun(principal(t, role), operation.Operation{Scope: operation.ScopeReports}, ""))
	}
	table += row(cells)
	cells = []string{"`/deposits`"}
	for _, role := range auth.Roles() {
		cells = append(cells, mayRun(principal(t, role), operation.Operation{Scope: operation.ScopeDeposits}, ""))
	}
	return table + row(cells)
}

func mayRun(p auth.Principal, o operation.Operation, typ string) string {
	var err error
	switch {
	case o.IsSystem():
		err = p.RequireTenantOperation(o.Scope, "Task")
	case o.OfOffice:
		for _, read := range append(slices.Clone(o.ByReading), typ) {
			err = errors.Join(err, records.Office(p, read))
		}
	case o.ByReading != nil:
		err = p.RequireReading(append(slices.Clone(o.ByReading), typ)...)
	case o.ByCreating:
		_, err = records.Guard(p, typ, auth.PermissionCreate)
	case o.Scope != "":
		_, err = p.RequireOperation(o.Scope, typ)
	}
	if err != nil {
		return ""
	}
	return "yes"
}
