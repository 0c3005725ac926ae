package auth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
)

const (
	issuerName = "https://issuer.example"
	audience   = "https://medbill.example/fhir/R4"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// issuer is a real one as far as a verifier can tell: it has keys, publishes them and signs.
type issuer struct{ keys map[string]crypto.Signer }

func newIssuer(t testing.TB, kids ...string) *issuer {
	t.Helper()
	i := &issuer{keys: map[string]crypto.Signer{}}
	for _, kid := range kids {
		i.keys[kid] = ecKey(t, elliptic.P256())
	}
	return i
}

func ecKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// jwks is the published key set, written by hand so that the test does not lean on the library it tests.
func (i *issuer) jwks(t testing.TB) []byte {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	keys := []map[string]string{}
	for kid, key := range i.keys {
		switch public := key.Public().(type) {
		case *ecdsa.PublicKey:
			point, err := public.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			half := (len(point) + 1) / 2
			keys = append(keys, map[string]string{
				"kty": "EC", "kid": kid, "crv": public.Params().Name, "x": encode(point[1:half]), "y": encode(point[half:]),
			})
		case *rsa.PublicKey:
			keys = append(keys, map[string]string{"kty": "RSA", "kid": kid, "n": encode(public.N.Bytes()), "e": "AQAB"})
		}
	}
	content, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func (i *issuer) publish(t testing.TB, path string) {
	t.Helper()
	if err := os.WriteFile(path, i.jwks(t), 0o600); err != nil {
		t.Fatal(err)
	}
}

// good is the payload of a token that holds at start.
func good() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": issuerName, "aud": audience, "sub": "canary-backend", "tenant": "canary-clinic",
		"scope": "system/*.rs", "iat": start.Unix(), "exp": start.Add(time.Hour).Unix(),
	}
}

// with gives the good payload with one claim changed; nil takes it out.
func with(claim string, value any) jwt.MapClaims {
	claims := good()
	if value == nil {
		delete(claims, claim)
	} else {
		claims[claim] = value
	}
	return claims
}

func (i *issuer) sign(t testing.TB, kid string, claims jwt.MapClaims) string {
	t.Helper()
	return signed(t, jwt.SigningMethodES256, map[string]any{"kid": kid}, claims, i.keys[kid])
}

func signed(t testing.TB, method jwt.SigningMethod, header map[string]any, claims jwt.MapClaims, key any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	for name, value := range header {
		token.Header[name] = value
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// fileVerifier trusts i through a key file, at a time that stands at start.
func fileVerifier(t testing.TB, i *issuer) (v *auth.Verifier, hand *clocktest.Hand, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "jwks.json")
	i.publish(t, path)
	hand = clocktest.At(start)
	v, err := auth.NewVerifier(t.Context(), auth.Config{Issuer: issuerName, Audience: audience, JWKS: path, Clock: hand.Clock()})
	if err != nil {
		t.Fatal(err)
	}
	return v, hand, path
}
