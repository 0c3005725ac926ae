package auth

import (
	"encoding/json"
	"strings"
	"testing"
)

// CheckClaims reads a payload, and fails where it is taken although a name of ours stands twice or in another case, or where
// what was read is not what stands there.
func CheckClaims(t *testing.T, payload []byte) {
	var claims wireClaims
	if claims.UnmarshalJSON(payload) != nil {
		return
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(payload, &members); err != nil {
		t.Fatalf("%q is taken and is no object: %v", payload, err)
	}
	for name := range members {
		for _, own := range claimNames {
			if strings.EqualFold(name, own) && name != own {
				t.Errorf("%q is taken with the name %q", payload, name)
			}
		}
	}
	for name, read := range map[string]string{
		"iss": claims.Issuer, "sub": claims.Subject, "scope": claims.Scope, "tenant": string(claims.Tenant),
		"patient": string(claims.Patient), "organization": string(claims.Organization), "fhirUser": claims.FHIRUser,
	} {
		var written string
		_ = json.Unmarshal(members[name], &written)
		if read != written {
			t.Errorf("%q: %s is read as %q", payload, name, read)
		}
	}
	if (members["exp"] != nil) != (claims.ExpiresAt != nil) {
		t.Errorf("%q: exp is read as %v", payload, claims.ExpiresAt)
	}
}
