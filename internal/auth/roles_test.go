package auth_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/internal/auth"
)

func in(typ, types string) bool { return slices.Contains(strings.Fields(types), typ) }

// The types by whose they are, written here by hand so that a change of a list is noticed.
const (
	billingOwns = "Account ChargeItem Claim ClaimResponse ExplanationOfBenefit Invoice PaymentNotice PaymentReconciliation Task"
	coderSeesNo = "Account Appointment ChargeItemDefinition ClaimResponse Contract Coverage CoverageEligibilityRequest CoverageEligibilityResponse " +
		"ExplanationOfBenefit HealthcareService InsurancePlan Invoice PaymentNotice PaymentReconciliation SupplyDelivery"
	deskAsksFor = "Account Appointment Coverage CoverageEligibilityRequest CoverageEligibilityResponse Encounter HealthcareService InsurancePlan Invoice Location " +
		"Organization Patient Practitioner PractitionerRole RelatedPerson Task"
)

// mayDo says what each role may do to a type, by the letter of SMART.
var mayDo = map[auth.Role]func(typ, letter string) bool{
	auth.RoleAdmin: func(string, string) bool { return true },
	auth.RoleEHR: func(typ, letter string) bool {
		return typ == "Account" && in(letter, "c u") || !in(typ, billingOwns) || in(typ, "ChargeItem Claim ClaimResponse ExplanationOfBenefit Invoice")
	},
	auth.RoleFrontDesk: func(typ, letter string) bool {
		return in(letter, "r s") && in(typ, deskAsksFor) || in(letter, "c u") && in(typ, "Account Appointment Patient Coverage CoverageEligibilityRequest RelatedPerson") ||
			in(letter, "c r s") && typ == "PaymentNotice"
	},
	auth.RoleCoder:   func(typ, letter string) bool { return in(letter, "r s") && !in(typ, coderSeesNo) },
	auth.RoleBiller:  mayBill,
	auth.RoleManager: mayBill,
	auth.RolePayer: func(typ, letter string) bool {
		return in(letter, "r s") && in(typ, "Claim ClaimResponse CoverageEligibilityRequest CoverageEligibilityResponse PaymentReconciliation Task") ||
			letter == "c" && in(typ, "ClaimResponse CoverageEligibilityResponse PaymentReconciliation Task")
	},
	auth.RolePatient: func(_, letter string) bool { return in(letter, "r s") },
}

func mayBill(typ, letter string) bool {
	return in(letter, "r s") || in(letter, "c u") && in(typ, "Claim Coverage CoverageEligibilityRequest") || letter == "c" && in(typ, "ClaimResponse PaymentNotice PaymentReconciliation")
}

// mayRun says which operations each role may run.
var mayRun = map[auth.Role]string{
	auth.RoleAdmin:     "code validate submit pay adjust refund retry settings fees payers contracts openings deposits rules try-rules codes work reports statements",
	auth.RoleEHR:       "",
	auth.RoleFrontDesk: "pay work",
	auth.RoleCoder:     "code validate work",
	auth.RoleBiller:    "code validate submit pay adjust deposits try-rules work reports statements",
	auth.RoleManager:   "code validate submit pay adjust refund retry settings fees payers contracts openings deposits rules try-rules work reports statements",
	auth.RolePayer:     "",
	auth.RolePatient:   "pay",
}

func scopesOf(t *testing.T, role auth.Role) auth.Scopes {
	t.Helper()
	text, err := auth.RoleScopes(role)
	if err != nil {
		t.Fatal(err)
	}
	return auth.ParseScopes(text)
}

func TestRoleMayDoExactlyThis(t *testing.T) {
	for _, role := range auth.Roles() {
		scopes := scopesOf(t, role)
		for _, row := range fhir.Types() {
			for i, permission := range letters {
				letter := "cruds"[i : i+1]
				if _, got := scopes.Allows(row.Name, permission); got != mayDo[role](row.Name, letter) {
					t.Errorf("%s may %s.%s: %v", role, row.Name, letter, got)
				}
			}
		}
		for _, o := range auth.Operations() {
			if got := scopes.AllowsOperation(o); got != in(string(o), mayRun[role]) {
				t.Errorf("%s may run %s: %v", role, o, got)
			}
		}
	}
}

// A role that named a type which nobody serves would promise what no request can keep.
func TestRolesNameServedTypesOnly(t *testing.T) {
	for _, role := range auth.Roles() {
		text, err := auth.RoleScopes(role)
		if err != nil {
			t.Fatal(err)
		}
		for _, scope := range strings.Fields(text) {
			context, rest, _ := strings.Cut(scope, "/")
			typ, _, _ := strings.Cut(rest, ".")
			if _, served := fhir.TypeOf(typ); !served && typ != "*" && context != "operation" {
				t.Errorf("%s names %s, which is not served", role, typ)
			}
		}
	}
}

// Whose word a ClaimResponse is hangs on the level: the system's is the payer's, and an EHR is no payer.
func TestEHRAnswersNoClaims(t *testing.T) {
	if level, _ := scopesOf(t, auth.RoleEHR).Allows("ClaimResponse", auth.PermissionCreate); level != auth.LevelUser {
		t.Errorf("an EHR writes ClaimResponses at the level %s", level)
	}
}

func TestEveryRoleHasScopesThatAreUnderstood(t *testing.T) {
	for _, role := range auth.Roles() {
		text, err := auth.RoleScopes(role)
		if err != nil || text == "" {
			t.Errorf("%s: %q, %v; want scopes", role, text, err)
		}
		read := strings.Fields(auth.ParseScopes(text).String())
		if slices.Contains(read, "operation/*") != (role == auth.RoleAdmin) || len(read) != len(strings.Fields(text)) {
			t.Errorf("%s: %q is read as %q", role, text, read)
		}
	}
	if _, err := auth.RoleScopes("root"); err == nil || !strings.Contains(err.Error(), "biller") {
		t.Errorf("an unknown role: %v, want an error that lists the roles", err)
	}
}

func TestLimitedRoleNeedsWhatItIsLimitedTo(t *testing.T) {
	who := auth.Claims{Tenant: "canary", Subject: "zzyzx"}
	if _, err := auth.RoleClaims(auth.RolePayer, who); err == nil {
		t.Error("a payer without an organization is accepted: it would see every claim of the tenant")
	}
	if _, err := auth.RoleClaims(auth.RolePatient, who); err == nil {
		t.Error("a patient without a patient is accepted")
	}
	who.Organization, who.Patient = "payer-7", "zzyzx-canary"
	for _, role := range auth.Roles() {
		if got, err := auth.RoleClaims(role, who); err != nil || got.Scope == "" || got.Tenant != "canary" {
			t.Errorf("%s: %+v, %v; want the claims with scopes", role, got, err)
		}
	}
}
