package auth_test

import (
	"testing"

	"pgregory.net/rapid"

	"medbill/internal/auth"
	"medbill/models/fault"
)

// letters are the permissions by the letter of SMART v2.
var letters = []auth.Permission{
	auth.PermissionCreate, auth.PermissionRead, auth.PermissionUpdate, auth.PermissionDelete, auth.PermissionSearch,
}

// granted writes what scopes allow on resourceType at any level, as SMART letters.
func granted(scopes auth.Scopes, resourceType string) string {
	var all auth.Permission
	for _, p := range letters {
		if _, ok := scopes.Allows(resourceType, p); ok {
			all |= p
		}
	}
	return all.String()
}

func TestScopeGrantsExactlyWhatItSays(t *testing.T) {
	for _, c := range []struct{ scope, resourceType, want string }{
		{"system/*.cruds", "Claim", "cruds"},
		{"user/Claim.rs", "Claim", "rs"},
		{"user/Claim.rs", "ClaimResponse", ""},
		{"user/Claim.cu", "Claim", "cu"},
		{"patient/Observation.read", "Observation", "rs"},
		{"patient/Observation.write", "Observation", "cud"},
		{"patient/Observation.*", "Observation", "cruds"},
		{"system/*.*", "Invoice", "cruds"},
		{"user/*.s", "Task", "s"},
		{"user/Claim.r user/Claim.s", "Claim", "rs"},
		{"openid fhirUser launch/patient offline_access user/Claim.r", "Claim", "r"},
		// What cannot be honoured exactly grants nothing.
		{"patient/Observation.rs?category=laboratory", "Observation", ""},
		{"user/Claim.rs?", "Claim", ""},
		{"user/Claim.sr", "Claim", ""},
		{"user/Claim.rr", "Claim", ""},
		{"user/Claim.cruds*", "Claim", ""},
		{"user/Claim.Read", "Claim", ""},
		{"user/Claim.", "Claim", ""},
		{"user/Claim", "Claim", ""},
		{"user/.rs", "", ""},
		{"user/claim.rs", "claim", ""},
		{"user/Cla*.rs", "Claim", ""},
		{"User/Claim.rs", "Claim", ""},
		{"tenant/Claim.rs", "Claim", ""},
		{"/Claim.rs", "Claim", ""},
		{"user//Claim.rs", "Claim", ""},
		{"user/Claim.rs,user/Task.rs", "Claim", ""},
		{"operation/submit", "submit", ""},
		{"", "Claim", ""},
	} {
		if got := granted(auth.ParseScopes(c.scope), c.resourceType); got != c.want {
			t.Errorf("%q on %q grants %q, want %q", c.scope, c.resourceType, got, c.want)
		}
	}
}

func TestWidestLevelWins(t *testing.T) {
	scopes := auth.ParseScopes("patient/*.cruds user/Claim.rs system/Claim.s")
	for _, c := range []struct {
		resourceType string
		permission   auth.Permission
		want         string
	}{
		{"Claim", auth.PermissionSearch, "system"},
		{"Claim", auth.PermissionRead, "user"},
		{"Claim", auth.PermissionRead | auth.PermissionSearch, "user"},
		{"Claim", auth.PermissionCreate | auth.PermissionSearch, "patient"},
		{"Invoice", auth.PermissionRead, "patient"},
		{"Invoice", 0, ""},
	} {
		level, ok := scopes.Allows(c.resourceType, c.permission)
		if level.String() != c.want || ok != (c.want != "") {
			t.Errorf("%s.%s is granted at %q (%v), want %q", c.resourceType, c.permission, level, ok, c.want)
		}
	}
}

func TestPermissionsOfDifferentLevelsDoNotAddUp(t *testing.T) {
	scopes := auth.ParseScopes("patient/Claim.r system/Claim.s")
	if level, ok := scopes.Allows("Claim", auth.PermissionRead|auth.PermissionSearch); ok {
		t.Errorf("read and search are granted at %s, want not: no level has both", level)
	}
}

// A v2 scope read back from what it grants is the same scope.
func TestScopesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		context := rapid.SampledFrom([]string{"patient", "user", "system"}).Draw(t, "context")
		resource := rapid.SampledFrom([]string{"*", "Claim", "Patient"}).Draw(t, "resource")
		permissions := auth.Permission(rapid.IntRange(1, 31).Draw(t, "permissions"))
		scope := context + "/" + resource + "." + permissions.String()
		scopes := auth.ParseScopes(scope)
		if scopes.String() != scope {
			t.Fatalf("%q is read as %q", scope, scopes)
		}
		if level, ok := scopes.Allows("Claim", permissions); ok != (resource != "Patient") || ok && level.String() != context {
			t.Fatalf("%q allows %s on Claim: %v at %s", scope, permissions, ok, level)
		}
	})
}

func FuzzParseScopes(f *testing.F) {
	f.Add("system/*.cruds user/Claim.rs?_id=1 patient/Observation.read operation/*")
	f.Add("user/Claim.\xff operation/ /.")
	f.Fuzz(func(t *testing.T, text string) {
		once := auth.ParseScopes(text)
		if again := auth.ParseScopes(once.String()); again.String() != once.String() {
			t.Errorf("%q is read as %q and then as %q", text, once, again)
		}
	})
}

func TestPatientScopesNeedThePatientClaim(t *testing.T) {
	i := newIssuer(t, "a")
	v, _, _ := fileVerifier(t, i)
	claims := with("scope", "patient/*.rs user/Task.r operation/pay")
	without, err := v.Verify(t.Context(), i.sign(t, "a", claims))
	if err != nil {
		t.Fatal(err)
	}
	if got := granted(without.Scopes, "Invoice") + granted(without.Scopes, "Task"); got != "r" {
		t.Errorf("without the claim patient the scopes grant %q, want only the user's r", got)
	}
	if _, err := without.RequireOperation(auth.OperationPay, "Invoice"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("$pay without the claim patient: %v, want Forbidden", err)
	}
	claims["patient"] = "zzyzx-canary"
	limited, err := v.Verify(t.Context(), i.sign(t, "a", claims))
	if err != nil {
		t.Fatal(err)
	}
	if level, err := limited.RequireOperation(auth.OperationPay, "Invoice"); err != nil || level != auth.LevelPatient {
		t.Errorf("$pay with the claim patient: level %s, %v; want patient", level, err)
	}
}

func TestOperationNeedsItsScopeAndTheRecord(t *testing.T) {
	for _, c := range []struct {
		scope string
		want  string
	}{
		{"operation/submit user/Claim.r", "user"},
		{"operation/* system/*.cruds", "system"},
		{"operation/submit", ""},
		{"user/Claim.cruds", ""},
		{"operation/code user/Claim.r", ""},
		{"operation/Submit user/Claim.r", ""},
		{"operation/submit.s user/Claim.r", ""},
	} {
		p := auth.Principal{Scopes: auth.ParseScopes(c.scope)}
		level, err := p.RequireOperation(auth.OperationSubmit, "Claim")
		if level.String() != c.want || (err == nil) != (c.want != "") || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%q: $submit at %q, %v; want %q", c.scope, level, err, c.want)
		}
	}
}

func TestTheTenantsOwnOperationIsForNobodyLimited(t *testing.T) {
	for _, c := range []struct {
		scope string
		who   auth.Principal
		want  bool
	}{
		{"system/*.cruds operation/*", auth.Principal{}, true},
		{"user/*.rs operation/settings", auth.Principal{}, true},
		{"user/*.rs operation/pay", auth.Principal{}, false},
		{"operation/settings", auth.Principal{}, false},
		{"system/*.cruds operation/*", auth.Principal{Organization: "acme"}, false},
		{"system/*.cruds operation/*", auth.Principal{Patient: "canary"}, false},
		{"patient/*.rs operation/*", auth.Principal{Patient: "canary"}, false},
	} {
		p := c.who
		p.Scopes = auth.ParseScopes(c.scope)
		if err := p.RequireTenantOperation("settings", "Organization"); (err == nil) != c.want || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%q, patient %q, organization %q: %v", c.scope, p.Patient, p.Organization, err)
		}
	}
}

func TestRefusalNamesAScopeToAskFor(t *testing.T) {
	_, err := auth.Principal{}.Require("Claim", auth.PermissionUpdate)
	want := "The access token may not do this; ask for a scope such as user/Claim.u."
	if f := fault.From(err); f.Kind != fault.Forbidden || f.Issues[0].Text != want {
		t.Errorf("fault = %d %q, want Forbidden %q", f.Kind, f.Issues[0].Text, want)
	}
}

func TestContextWithoutPrincipalIsShut(t *testing.T) {
	if _, err := auth.From(t.Context()); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("From = %v, want Unauthenticated", err)
	}
	p, err := auth.From(auth.With(t.Context(), auth.Principal{Tenant: "canary"}))
	if err != nil || p.Tenant != "canary" {
		t.Errorf("From = %+v, %v; want the principal", p, err)
	}
}
