package auth_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"medbill/internal/auth"
	"medbill/models/fault"
)

func TestGoodTokenNamesItsPrincipal(t *testing.T) {
	i := newIssuer(t, "a")
	v, _, _ := fileVerifier(t, i)
	claims := with("patient", "zzyzx-canary")
	claims["scope"] = "openid launch/patient patient/*.rs operation/pay"
	claims["aud"] = []string{"another", audience}
	claims["fhirUser"] = "Patient/zzyzx-canary"
	claims["organization"] = "payer-7"
	want := auth.Principal{
		Tenant: "canary-clinic", Issuer: issuerName, Subject: "canary-backend", Scopes: auth.ParseScopes("patient/*.rs operation/pay"),
		Patient: "zzyzx-canary", Organization: "payer-7", FHIRUser: "Patient/zzyzx-canary",
	}
	token := i.sign(t, "a", claims)
	for _, pass := range []string{"checked", "remembered"} {
		got, err := v.Verify(t.Context(), token)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: principal = %+v, %v; want %+v", pass, got, err, want)
		}
	}
}

func TestEveryListedAlgorithmIsAccepted(t *testing.T) {
	i := newIssuer(t, "es256")
	i.keys["es384"] = ecKey(t, elliptic.P384())
	i.keys["rsa"] = rsaKey(t, 2048)
	v, _, _ := fileVerifier(t, i)
	for algorithm, kid := range map[string]string{"ES256": "es256", "ES384": "es384", "RS256": "rsa", "RS384": "rsa"} {
		token := signed(t, jwt.GetSigningMethod(algorithm), map[string]any{"kid": kid}, good(), i.keys[kid])
		if _, err := v.Verify(t.Context(), token); err != nil {
			t.Errorf("%s: %v, want accepted", algorithm, err)
		}
	}
	if got := auth.Algorithms(); len(got) != 4 {
		t.Errorf("Algorithms = %v, want the four of this test", got)
	}
}

func TestTokenThatDoesNotHoldIsRefused(t *testing.T) {
	i := newIssuer(t, "a")
	i.keys["rsa"], i.keys["weak"], i.keys["p384"] = rsaKey(t, 2048), rsaKey(t, 1024), ecKey(t, elliptic.P384())
	foreign := newIssuer(t, "a", "foreign")
	v, _, _ := fileVerifier(t, i)
	public, err := x509.MarshalPKIXPublicKey(i.keys["a"].Public())
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	kid := func(name string) map[string]any { return map[string]any{"kid": name} }
	es := func(header map[string]any, claims jwt.MapClaims) string {
		return signed(t, jwt.SigningMethodES256, header, claims, i.keys["a"])
	}
	raw := func(members string) string { return written(t, i, `{"alg":"ES256","kid":"a"}`, members) }
	header := func(text string) string { return written(t, i, text, `"nonce":"n"`) }
	sound := es(kid("a"), good())
	parts := strings.Split(sound, ".")
	for _, c := range []struct{ name, token, says string }{
		{"nothing", "", "not a signed JWT"},
		{"no JWT", "CANARY-7781", "not a signed JWT"},
		{"too long", strings.Repeat("a", 17<<10), "longer than 16 KiB"},
		{"expired beyond the leeway", es(kid("a"), with("exp", start.Add(-31*time.Second).Unix())), "expired"},
		{"no expiry", es(kid("a"), with("exp", nil)), "lacks iss, aud or exp"},
		{"expiry in words", es(kid("a"), with("exp", "tomorrow")), "claim exp"},
		{"expiry as text", es(kid("a"), with("exp", "1798000000")), "claim exp"},
		{"expiry beyond all days", raw(`"exp":1e400`), "claim exp"},
		{"expiry before 1970", es(kid("a"), with("exp", -1)), "claim exp"},
		{"expiry of null", raw(`"exp":null`), "claim exp"},
		{"expiry in two days", es(kid("a"), with("exp", start.Add(48*time.Hour).Unix())), "expires later"},
		{"issued at a word", es(kid("a"), with("iat", "now")), "claim iat"},
		{"tenant twice", raw(`"tenant":"canary-clinic","tenant":"other"`), "says something twice"},
		{"tenant twice in another spelling", raw(`"tenant":"canary-clinic","\u0074enant":"other"`), "says something twice"},
		{"tenant again in capitals", raw(`"tenant":"canary-clinic","TENANT":"other"`), "in another case"},
		{"patient in capitals", es(kid("a"), with("Patient", "zzyzx")), "in another case"},
		{"scope with a long s", es(kid("a"), with("ſcope", "system/*.cruds")), "in another case"},
		{"unknown claim twice", raw(`"x":1,"x":2`), "says something twice"},
		{"patient that says nothing", es(kid("a"), with("patient", "")), "claim patient"},
		{"organization that says nothing", es(kid("a"), with("organization", "")), "claim organization"},
		{"organization of null", raw(`"organization":null`), "claim organization"},
		{"tenant as a number", es(kid("a"), with("tenant", 7)), "claim tenant"},
		{"subject with a NUL", es(kid("a"), with("sub", "canary\x00")), "claim sub"},
		{"subject with a line", es(kid("a"), with("sub", "canary\ninjected")), "claim sub"},
		{"id token", es(map[string]any{"kid": "a", "typ": "id_token"}, good()), "not an access token"},
		{"type that is a number", es(map[string]any{"kid": "a", "typ": 7}, good()), "not an access token"},
		{"header twice", header(`{"alg":"ES256","alg":"ES256","kid":"a"}`), "says something twice"},
		{"not valid yet beyond the leeway", es(kid("a"), with("nbf", start.Add(31*time.Second).Unix())), "not valid yet"},
		{"another issuer", es(kid("a"), with("iss", issuerName+"/")), "another issuer"},
		{"no issuer", es(kid("a"), with("iss", nil)), "lacks iss"},
		{"another audience", es(kid("a"), with("aud", "another")), "another service"},
		{"no audience", es(kid("a"), with("aud", nil)), "lacks iss, aud"},
		{"no tenant", es(kid("a"), with("tenant", nil)), "claim tenant"},
		{"tenant with a slash", es(kid("a"), with("tenant", "canary/clinic")), "claim tenant"},
		{"tenant of 65", es(kid("a"), with("tenant", strings.Repeat("t", 65))), "claim tenant"},
		{"no subject", es(kid("a"), with("sub", nil)), "claim sub"},
		{"patient by reference", es(kid("a"), with("patient", "Patient/zzyzx")), "claim patient"},
		{"organization by reference", es(kid("a"), with("organization", "Organization/7")), "claim organization"},
		{"scopes as a list", es(kid("a"), with("scope", []string{"system/*.rs"})), "claim scope"},
		{"no kid", es(nil, good()), "names no key"},
		{"kid that is a number", es(map[string]any{"kid": 7}, good()), "names no key"},
		{"unknown kid", es(kid("b"), good()), "does not publish"},
		{"critical header", es(map[string]any{"kid": "a", "crit": []string{"b64"}, "b64": false}, good()), "critical"},
		{"foreign key under a known kid", foreign.sign(t, "a", good()), "signature"},
		{"foreign key under its own kid", foreign.sign(t, "foreign", good()), "does not publish"},
		{"another key of the issuer", signed(t, jwt.SigningMethodES256, kid("rsa"), good(), i.keys["a"]), "does not suit"},
		{"RSA signature, EC key", signed(t, jwt.SigningMethodRS256, kid("a"), good(), i.keys["rsa"]), "does not suit"},
		{"EC algorithm, key of another curve", signed(t, jwt.SigningMethodES256, kid("p384"), good(), i.keys["a"]), "does not suit"},
		{"RSA key of 1024 bits", signed(t, jwt.SigningMethodRS256, kid("weak"), good(), i.keys["weak"]), "does not suit"},
		{"algorithm outside the list", signed(t, jwt.SigningMethodRS512, kid("rsa"), good(), i.keys["rsa"]), "not signed with ES256"},
		{"PSS with a known key", signed(t, jwt.SigningMethodPS256, kid("rsa"), good(), i.keys["rsa"]), "not signed with ES256"},
		{"alg none", signed(t, jwt.SigningMethodNone, kid("a"), good(), jwt.UnsafeAllowNoneSignatureType), "not signed with ES256"},
		{"HS256 with the public key as secret", signed(t, jwt.SigningMethodHS256, kid("a"), good(), publicPEM), "not signed with ES256"},
		{"payload tampered with", parts[0] + "." + tampered(t, parts[1]) + "." + parts[2], "signature"},
		{"signature cut off", parts[0] + "." + parts[1] + ".", "signature"},
		{"padded signature", sound + "==", "not a signed JWT"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, v, c.token, c.says) })
	}
	if _, err := v.Verify(t.Context(), sound); err != nil {
		t.Errorf("the sound token: %v, want accepted after all these", err)
	}
}

// written signs a token whose header is text and whose payload has members as they are written, beside or in place of the
// good ones.
func written(t *testing.T, i *issuer, header, members string) string {
	t.Helper()
	payload := "{" + members
	for name, value := range good() {
		if strings.Contains(members, `"`+name+`"`) {
			continue
		}
		content, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		payload += `,"` + name + `":` + string(content)
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(header)) + "." + encode([]byte(payload+"}"))
	signature, err := jwt.SigningMethodES256.Sign(text, i.keys["a"])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encode(signature)
}

func TestTokenTypesOfAccessTokensAreTaken(t *testing.T) {
	i := newIssuer(t, "a")
	v, _, _ := fileVerifier(t, i)
	for _, typ := range []string{"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"} {
		token := signed(t, jwt.SigningMethodES256, map[string]any{"kid": "a", "typ": typ}, good(), i.keys["a"])
		if _, err := v.Verify(t.Context(), token); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
	}
}

func TestScopeThatLacksItsLimitOpensNothing(t *testing.T) {
	i := newIssuer(t, "a")
	v, _, _ := fileVerifier(t, i)
	for _, c := range []struct {
		scope, limit string
		want         string
	}{
		{"patient/*.rs user/Task.r operation/pay", "", "user/Task.r operation/pay"},
		{"patient/*.rs", "patient", "patient/*.rs"},
		{"patient/*.rs", "organization", ""},
		{"system/Claim.rs system/ClaimResponse.crs", "", ""},
		{"system/Claim.rs system/ClaimResponse.crs", "patient", ""},
		{"system/Claim.rs system/ClaimResponse.crs", "organization", "system/Claim.rs system/ClaimResponse.crs"},
		{"system/Claim.rs system/ClaimResponse.rs", "", "system/Claim.rs system/ClaimResponse.rs"},
		{"system/*.cruds", "", "system/*.cruds"},
		{"system/Claim.rs user/ClaimResponse.cruds", "", "system/Claim.rs user/ClaimResponse.cruds"},
	} {
		claims := with("scope", c.scope)
		if c.limit != "" {
			claims[c.limit] = "zzyzx-1"
		}
		p, err := v.Verify(t.Context(), i.sign(t, "a", claims))
		if err != nil || p.Scopes.String() != c.want {
			t.Errorf("%s limited to %q: grants %q, %v; want %q", c.scope, c.limit, p.Scopes, err, c.want)
		}
	}
}

// FuzzClaimsAreReadAsWritten holds what is read of a payload against Go's own reading of the same names.
func FuzzClaimsAreReadAsWritten(f *testing.F) {
	for _, seed := range []string{
		`{"iss":"i","sub":"s","aud":["a"],"exp":1,"tenant":"t","scope":"system/*.rs"}`, `{"tenant":"a","TENANT":"b"}`,
		`{"exp":1e400}`, `{"sub":"\ud800"}`, `[]`, `{"a":{"a":1,"a":2}}`, `{"aud":[1]}`, `{} {}`, "{\"a\":1,\xff}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) { auth.CheckClaims(t, payload) })
}

// refused wants an Unauthenticated fault whose text says what is wrong and repeats nothing of the token.
func refused(t *testing.T, v *auth.Verifier, token, says string) {
	t.Helper()
	_, err := v.Verify(t.Context(), token)
	var f *fault.Fault
	if !errors.As(err, &f) {
		t.Fatalf("error = %v, want a fault", err)
	}
	text := f.Issues[0].Text
	if f.Kind != fault.Unauthenticated || f.Issues[0].Code != "login" || !strings.Contains(text, says) {
		t.Errorf("fault = %d %s %q, want Unauthenticated login with %q", f.Kind, f.Issues[0].Code, text, says)
	}
	for _, secret := range []string{"canary", "zzyzx", "CANARY", "another/", "foreign"} {
		if strings.Contains(text+f.Error(), secret) {
			t.Errorf("fault %q repeats %q of the token", text+f.Error(), secret)
		}
	}
}

func tampered(t *testing.T, payload string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "canary-clinic", "other-clinic", 1)
	if changed == string(text) {
		t.Fatal("nothing was tampered with")
	}
	return base64.RawURLEncoding.EncodeToString([]byte(changed))
}

func TestLeewayIsThirtySecondsBothWays(t *testing.T) {
	i := newIssuer(t, "a")
	v, _, _ := fileVerifier(t, i)
	for name, claims := range map[string]jwt.MapClaims{
		"just expired":        with("exp", start.Add(-29*time.Second).Unix()),
		"valid in a moment":   with("nbf", start.Add(29*time.Second).Unix()),
		"issued in a moment":  with("iat", start.Add(29*time.Second).Unix()),
		"valid for some time": with("nbf", start.Add(-time.Hour).Unix()),
	} {
		if _, err := v.Verify(t.Context(), i.sign(t, "a", claims)); err != nil {
			t.Errorf("%s: %v, want accepted", name, err)
		}
	}
}

func TestRememberedTokenExpires(t *testing.T) {
	i := newIssuer(t, "a")
	v, hand, _ := fileVerifier(t, i)
	token := i.sign(t, "a", good())
	for _, step := range []struct {
		advance time.Duration
		holds   bool
	}{{0, true}, {time.Hour, true}, {29 * time.Second, true}, {time.Second, false}} {
		hand.Advance(step.advance)
		if _, err := v.Verify(t.Context(), token); (err == nil) != step.holds {
			t.Errorf("after %v: error = %v, want holds = %v", step.advance, err, step.holds)
		}
	}
	refused(t, v, token, "expired")
}

func TestBearerReadsOnlyBearerHeaders(t *testing.T) {
	for header, want := range map[string]string{
		"Bearer abc": "abc", "bearer abc": "abc", "Bearer   abc ": "abc",
		"": "", "Bearer": "", "Bearer ": "", "Basic abc": "", "abc": "",
	} {
		got, err := auth.Bearer(header)
		if got != want || (err == nil) != (want != "") || err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("Bearer(%q) = %q, %v; want %q", header, got, err, want)
		}
	}
}

func TestNewVerifierNeedsIssuerAudienceAndKeys(t *testing.T) {
	sound := auth.Config{Issuer: issuerName, Audience: audience, JWKS: t.TempDir() + "/absent.json"}
	for name, config := range map[string]auth.Config{
		"no issuer":   {Audience: audience, JWKS: sound.JWKS},
		"no audience": {Issuer: issuerName, JWKS: sound.JWKS},
		"no keys":     {Issuer: issuerName, Audience: audience},
		"absent file": sound,
	} {
		if _, err := auth.NewVerifier(t.Context(), config); err == nil {
			t.Errorf("%s: accepted, want refused", name)
		}
	}
}

func TestManyCallersShareOneVerifier(t *testing.T) {
	i := newIssuer(t, "a", "b")
	v, hand, path := fileVerifier(t, i)
	tokens := make([]string, 8)
	for n := range tokens {
		tokens[n] = i.sign(t, []string{"a", "b"}[n%2], with("sub", fmt.Sprint("caller-", n)))
	}
	var callers sync.WaitGroup
	for caller := range 8 {
		callers.Go(func() {
			for n := range 200 {
				number := (caller + n) % len(tokens)
				p, err := v.Verify(t.Context(), tokens[number])
				if err != nil || p.Subject != fmt.Sprint("caller-", number) {
					t.Errorf("caller %d: principal %q, error %v", number, p.Subject, err)
				}
				if n%50 == 0 {
					hand.Advance(2 * time.Second)
					_ = v.Ready(t.Context())
				}
			}
		})
	}
	callers.Go(func() {
		for range 20 {
			i.publish(t, path)
		}
	})
	callers.Wait()
}
