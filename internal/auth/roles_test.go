package auth_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/internal/auth"
)

var kept = []string{"Patient", "Encounter", "Coverage"}

// TestRoleMayDoExactlyThis is the table of roles, one line per right that matters.
func TestRoleMayDoExactlyThis(t *testing.T) {
	types := []string{"Patient", "Encounter", "Coverage", "ChargeItem", "Claim", "ClaimResponse", "Invoice", "PaymentNotice", "Task"}
	for role, want := range map[auth.Role]string{
		auth.RoleAdmin: "system Patient.cruds Encounter.cruds Coverage.cruds ChargeItem.cruds Claim.cruds ClaimResponse.cruds Invoice.cruds PaymentNotice.cruds Task.cruds + code validate submit pay invoice",
		auth.RoleEHR:   "system Patient.cruds Encounter.cruds Coverage.cruds ChargeItem.cruds Claim.cruds Invoice.rs +",
		auth.RoleCoder: "user Patient.rs Encounter.rs ChargeItem.rs Claim.rs Task.rs + code validate",
		auth.RoleBiller: "user Patient.rs Encounter.rs Coverage.rs ChargeItem.rs Claim.crus ClaimResponse.rs Invoice.rs PaymentNotice.rs Task.rs " +
			"+ code validate submit pay invoice",
		auth.RolePayer:   "system Claim.rs ClaimResponse.crs +",
		auth.RolePatient: "patient Patient.rs Encounter.rs Coverage.rs ChargeItem.rs Claim.rs ClaimResponse.rs Invoice.rs PaymentNotice.rs Task.rs + pay",
	} {
		text, err := auth.RoleScopes(role, kept)
		if err != nil {
			t.Fatal(err)
		}
		scopes := auth.ParseScopes(text)
		level, _ := scopes.Allows("Claim", auth.PermissionRead)
		words := []string{level.String()}
		for _, name := range types {
			if p := granted(scopes, name); p != "" {
				words = append(words, name+"."+p)
			}
		}
		words = append(words, "+")
		for _, o := range auth.Operations() {
			if scopes.AllowsOperation(o) {
				words = append(words, string(o))
			}
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%s may\n%s, want\n%s", role, got, want)
		}
	}
}

func TestEveryRoleHasScopesThatAreUnderstood(t *testing.T) {
	for _, role := range auth.Roles() {
		text, err := auth.RoleScopes(role, kept)
		if err != nil || text == "" {
			t.Errorf("%s: %q, %v; want scopes", role, text, err)
		}
		read := strings.Fields(auth.ParseScopes(text).String())
		if slices.Contains(read, "operation/*") != (role == auth.RoleAdmin) || len(read) != len(strings.Fields(text)) {
			t.Errorf("%s: %q is read as %q", role, text, read)
		}
	}
	if _, err := auth.RoleScopes("root", kept); err == nil || !strings.Contains(err.Error(), "biller") {
		t.Errorf("an unknown role: %v, want an error that lists the roles", err)
	}
}

func TestLimitedRoleNeedsWhatItIsLimitedTo(t *testing.T) {
	who := auth.Claims{Tenant: "canary", Subject: "zzyzx"}
	if _, err := auth.RoleClaims(auth.RolePayer, kept, who); err == nil {
		t.Error("a payer without an organization is accepted: it would see every claim of the tenant")
	}
	if _, err := auth.RoleClaims(auth.RolePatient, kept, who); err == nil {
		t.Error("a patient without a patient is accepted")
	}
	who.Organization, who.Patient = "payer-7", "zzyzx-canary"
	for _, role := range auth.Roles() {
		if got, err := auth.RoleClaims(role, kept, who); err != nil || got.Scope == "" || got.Tenant != "canary" {
			t.Errorf("%s: %+v, %v; want the claims with scopes", role, got, err)
		}
	}
}
